"""An outlook as HTML: sections to stand inside a child's page, and a page of its own. Every figure is followed by its table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from infantall.care.outlook import FactorMatch, OutcomeMatch, Outlook
from infantall.knowledge.evidence import SECTIONS
from infantall.knowledge.library import Statement

from ..citing import Sources
from ..explanations import Explainer, verdict
from ..figures.drawing import Figure
from ..markup import Content, Safe, details, items, join, pairs, table, tag
from ..shell import page
from ..words import count, first_notices, sentence
from . import words
from .figures import section_figures

_ROWS = ("Study and group", "Result", "What, when", "Studied", "Years, countries", "Treatment", "Sources, and why this group")
_FINDINGS = ("Study", "Finding", "Numbers", "This child", "Caution", "Sources")
_TIMES = ("Study and group", "What", "As printed", "In words", "Sources")


def outlook_html(outlooks: Sequence[Outlook]) -> str:
    """One page for one child or several.

    Raises:
        ValueError: without an outlook.
    """
    if not outlooks:
        raise ValueError("a report needs at least one outlook")
    knowledge = outlooks[0].assessment.knowledge
    sources = Sources(knowledge)
    alone = len(outlooks) == 1
    title = f"{words.TITLE}: {outlooks[0].assessment.record.id}" if alone else f"{words.TITLE}: {len(outlooks)} children"
    body, contents = [], []
    for i, outlook in enumerate(outlooks, 1):
        explainer = Explainer(outlook.assessment, sources, "" if alone else f"c{i}-")
        level = 1 if alone else 2
        first = [tag("p", notice) for notice in first_notices(outlook.assessment)]
        child = join(
            pairs(*words.about(outlook.assessment)),
            tag("div", *first, class_="alert") if first else None,
            outlook_sections(outlook, explainer, level),
            _conflicts(explainer, level + 1),
        )
        name = outlook.assessment.record.id
        anchor = f"{explainer.prefix}child"
        if alone:
            body.append(child)
            contents = [tag("a", said, href=f"#{anchor}") for anchor, said in outlook_contents(outlook, "")]
        else:
            heading = tag("h2", name, id=anchor)
            body.append(tag("section", heading, child, class_="child", aria_labelledby=anchor))
            contents.append(tag("a", name, href=f"#{anchor}"))
    contents.append(tag("a", "Sources", href="#sources"))
    return page(title, items("ul", *contents), body, sources, knowledge)


def outlook_contents(outlook: Outlook, prefix: str) -> list[tuple[str, str]]:
    """Anchor and title of every section of a child's outlook."""
    return [(f"{prefix}outlook-{name}", title) for name, title in _titles().items()]


def _titles() -> dict[str, str]:
    return {
        **{name.replace("_", "-"): title for name, title in SECTIONS.items()},
        "other": words.OTHER_TITLE,
        "factors": words.FACTORS_TITLE,
        "transplant": words.TRANSPLANT_TITLE,
        "timing": words.TIMING_TITLE,
        "not-known": words.NOT_KNOWN_TITLE,
        "studies": words.STUDIES_TITLE,
        "left-out": words.LEFT_OUT_TITLE,
    }


def outlook_sections(outlook: Outlook, explainer: Explainer, level: int) -> Safe:
    """All sections of a child's outlook.

    Where sources disagree the explainer is told, so that the page can show both sides
    (:attr:`~infantall.report.explanations.Explainer.conflicts`).

    Args:
        explainer: the child's, of the page the sections stand in.
        level: the level of the heading that they stand under.
    """
    return _Sections(outlook, explainer, level).sections()


class _Sections:
    def __init__(self, outlook: Outlook, explainer: Explainer, level: int) -> None:
        self.outlook = outlook
        self.a = outlook.assessment
        self.explainer = explainer
        self.level = level

    def sections(self) -> Safe:
        o = self.outlook
        return join(
            items("ul", *o.notices),
            *(self.section(name.replace("_", "-"), *self.results(name)) for name in SECTIONS),
            self.section("other", *self.others()),
            self.section("factors", *self.factors(words.FACTORS_LEAD, o.factors)),
            self.section("transplant", *self.factors(words.TRANSPLANT_LEAD, o.transplant)),
            self.section("timing", *self.timing()),
            self.section("not-known", *self.not_known()),
            self.section("studies", *self.studies()),
            self.section("left-out", items("ul", *(f"{sentence(r)}: {count(n, 'row')}." for r, n in words.left_out(o)))),
        )

    def section(self, name: str, *parts: Content) -> Safe:
        anchor = f"{self.explainer.prefix}outlook-{name}"
        heading = tag(f"h{min(self.level + 1, 6)}", _titles()[name], id=anchor)
        return tag("section", heading, *parts, aria_labelledby=None if self.explainer.prefix else anchor)

    def heading(self, text: str, below: int) -> Safe:
        return tag(f"h{min(self.level + below, 6)}", text)

    # -- published rows --------------------------------------------------------------------------------------------------

    def results(self, name: str) -> list[Content]:
        """One kind of result: each world of KMT2A with its figure, then its rows block by block."""
        rows = [m for m in self.outlook.rows if m.outcome.section == name]
        if not rows:
            return [tag("p", words.NOTHING)]
        figures = section_figures(self.outlook, name)
        parts: list[Content] = []
        seen: set[str] = set()
        for block in words.blocks(rows, self.a):
            if block.world not in seen:
                seen.add(block.world)
                parts.append(self.heading(words.world_title(block.world), 2) if block.world else None)
                if block.world in figures:
                    parts.append(self.figure(figures[block.world]))
            parts += self.block(block, SECTIONS[name])
        return parts

    def block(self, block: words.Block, title: str) -> list[Content]:
        """How far the rows of a block lie apart, and their table; closed until opened where more would have to be known."""
        world = f"{words.world_title(block.world)}. " if block.world else ""
        rows = table(f"{world}{block.label}. {title}", _ROWS, *(self.row(m) for m in block.rows))
        said: list[Content] = [*(tag("p", said) for said in words.span(block.rows)), tag("div", rows, class_="rows results")]
        if block.waits:
            return [details(f"{block.label} ({count(len(block.rows), 'row')})", *said)]
        return [self.heading(block.label, 3 if block.world else 2), *said]

    def figure(self, figure: Figure) -> Safe:
        """A figure, with names that are its own on a page of several children; wide ones scroll within their frame."""
        drawn = replace(figure, name=f"{self.explainer.prefix}{figure.name}")
        label = f"{self.a.record.id}: {figure.title}" if self.explainer.prefix else figure.title
        frame = tag("div", drawn.inline(), class_="wide", tabindex="0", role="region", aria_label=label)
        return tag("figure", frame, tag("figcaption", figure.title), class_="chart")

    def row(self, match: OutcomeMatch) -> tuple[Content, ...]:
        outcome = match.outcome
        remark, frequency = words.remark(match), words.frequency(match)
        what = [sentence(words.endpoint(outcome)), words.time(outcome), words.clock(outcome)]
        return (
            join(outcome.title, ": ", outcome.subgroup, tag("span", f" {remark}", class_="meta") if remark else None),
            join(tag("strong", words.result(match)), tag("span", f" {frequency}", class_="meta") if frequency else None),
            ", ".join(part for part in what if part),
            words.number(outcome),
            f"{words.years(outcome.era)}; {words.places(outcome.countries)}",
            words.treatment(outcome),
            join(self.explainer.meta(outcome.statement), self.why(match)),
        )

    def why(self, match: OutcomeMatch) -> Safe:
        """Why the child belongs or may belong, condition by condition; closed until it is opened."""
        statement = match.outcome.statement
        rule = tag("p", "The rule in words: ", statement.in_words, ".", class_="meta")
        tree = tag("ul", self.explainer.node(match.reason.explanation, statement), class_="tree")
        return details(join("Why: ", verdict(match.verdict, words.standing(match))), rule, tree, class_="why")

    def others(self) -> list[Content]:
        if not self.outlook.other_series:
            return [tag("p", words.NOTHING_ELSE)]
        parts: list[Content] = [tag("p", words.OTHER_LEAD)]
        for block in words.blocks(self.outlook.other_series, self.a):
            world = f"{words.world_title(block.world)}. " if block.world else ""
            said = f"{world}{block.label}"
            parts.append(self.heading(said, 2))
            rows = (self.row(m) for m in block.rows)
            parts.append(tag("div", table(f"{words.OTHER_TITLE}. {said}", _ROWS, *rows), class_="rows results"))
        return parts

    # -- what else was found ---------------------------------------------------------------------------------------------

    def factors(self, lead: str, matches: Sequence[FactorMatch]) -> list[Content]:
        if not matches:
            return [tag("p", words.NOTHING_ELSE)]
        parts: list[Content] = [tag("p", lead)]
        for name, found in words.by_factor(matches).items():
            parts.append(self.heading(name, 2))
            parts += [tag("p", tag("strong", said)) for said in words.disagreement(found)]
            rows = (self.finding(match) for match in found)
            parts.append(tag("div", table(name, _FINDINGS, *rows), class_="rows findings"))
        return parts

    def finding(self, match: FactorMatch) -> tuple[Content, ...]:
        factor = match.factor
        level = factor.level_statement
        first = f"The first side: {level.in_words}." if level is not None else ""
        return (
            f"{factor.study_facts.title} ({words.years(factor.study_facts.era)})",
            f"{words.finding(factor)}.",
            words.numbers(factor) or "not printed",
            " ".join(part for part in (words.side(match), first, words.whether(match, self.a)) if part),
            words.full_stop(factor.caution) or "none noted",
            self.explainer.meta(factor.statement),
        )

    def timing(self) -> list[Content]:
        if not self.outlook.timing:
            return [tag("p", words.NOTHING_ELSE)]
        parts: list[Content] = []
        for title, found in words.by_topic(self.outlook).items():
            rows = [
                (
                    f"{m.timing.study}: {m.timing.group}",
                    m.timing.quantity,
                    m.timing.printed,
                    " ".join(part for part in (words.full_stop(m.timing.statement.says), words.whether(m, self.a)) if part),
                    self.explainer.meta(m.timing.statement),
                )
                for m in found
            ]
            parts += [self.heading(title, 2), tag("div", table(title, _TIMES, *rows), class_="rows")]
        return parts

    def not_known(self) -> list[Content]:
        if not self.outlook.not_known:
            return [tag("p", words.NOTHING_ELSE)]
        rows = [join(words.gap(found), " ", self.cited(found.statement)) for found in self.outlook.not_known]
        return [tag("p", words.NOT_KNOWN_LEAD), items("ul", *rows)]

    def cited(self, statement: Statement) -> Safe:
        """The sources of a statement that may have none: something not found has none."""
        return self.explainer.cite(statement.citations) if statement.citations else Safe("")

    def studies(self) -> list[Content]:
        o = self.outlook
        notes = words.study_notes([*o.rows, *o.other_series, *o.factors, *o.transplant])
        told = items("ul", *(join(tag("strong", title), ": ", note) for title, note in notes.items()))
        return [told or tag("p", words.NOTHING_ELSE), self.explainer.differ(o.conflicts)]


def _conflicts(explainer: Explainer, level: int) -> Safe:
    """Every conflict of sources named above, with both sides."""
    if not explainer.conflicts:
        return Safe("")
    anchor = f"{explainer.prefix}outlook-conflicts"
    parts = []
    for conflict in explainer.conflicts.values():
        sides = [join(side.says, " ", explainer.cite(side.citations)) for side in conflict.sides]
        heading = tag(f"h{min(level + 1, 6)}", conflict.title)
        used = tag("p", words.conflict_use(conflict))
        parts.append(
            tag("div", heading, items("ul", *sides), used, id=f"{explainer.prefix}conflict-{conflict.id}", class_="conflict")
        )
    return tag("section", tag(f"h{level}", words.CONFLICTS_TITLE, id=anchor), *parts)
