"""One child's part of the HTML page: what to find out next, then each answer with its reasons."""

from __future__ import annotations

from collections.abc import Sequence

from infantall.care.classify import systems
from infantall.care.outlook import outlook
from infantall.care.result import Assessment, NextStep
from infantall.care.side_by_side import side_by_side
from infantall.care.therapies import therapies
from infantall.care.trials import trials

from . import decisions, questions, words, workup
from .citing import Sources, conflicts_about
from .explanations import Explainer
from .markup import Content, Safe, details, items, join, pairs, table, tag
from .outlook.html import outlook_sections
from .protocols import protocols_section
from .side_by_side import side_by_side_html
from .therapies import therapies_section
from .timeline import timeline
from .trials import trials_section

TITLES = {
    "next": "What to find out next",
    "established": "1. Is ALL established?",
    "type": "2. Lineage, type and CNS status",
    "groups": "3. Risk group under each protocol",
    "response": "4. Early response",
    "side": "5. How each group would treat this child, side by side",
    "therapies": "6. Newer therapies",
    "trials": "7. Trials",
    "outlook": "8. What published groups saw",
    "timeline": "Timeline",
    "notices": "Other notices",
    "conflicts": "Where sources differ",
}


class Child:
    """The sections of one child.

    Args:
        prefix: begins every id of this child, so that several fit on one page.
        level: the level of the section headings.
        with_outlook: also published outcomes, which are survival figures.
    """

    def __init__(self, assessment: Assessment, sources: Sources, prefix: str, level: int, with_outlook: bool = False) -> None:
        self.a = assessment
        self.with_outlook = with_outlook
        self.prefix = prefix
        self.level = level
        self.explainer = Explainer(assessment, sources, prefix)

    def contents(self) -> list[tuple[str, str]]:
        """Anchor and title of the sections that are always there."""
        outlook = ("outlook",) if self.with_outlook else ()
        named = ("next", "established", "type", "groups", "response", "side", "therapies", "trials", *outlook, "timeline")
        return [*((self.prefix + name, TITLES[name]) for name in named), ("sources", "Sources")]

    def sections(self) -> Safe:
        """All sections, in the order of the page. Conflicts come last: the others say which are needed."""
        return join(
            self.header(),
            self.section("next", *self.next()),
            self.section("established", *self.established()),
            self.section("type", *self.type_and_cns()),
            self.section("groups", protocols_section(self.explainer, self.level)),
            self.section("response", *self.response()),
            self.section("side", side_by_side_html(side_by_side(self.a), self.explainer, self.level)),
            self.section("therapies", self.therapies()),
            self.section("trials", self.trials()),
            self.section("outlook", outlook_sections(outlook(self.a), self.explainer, self.level)) if self.with_outlook else None,
            self.section("timeline", timeline(self.a, self.prefix)),
            self.notices(),
            self.conflicts(),
        )

    def section(self, name: str, *parts: Content) -> Safe:
        heading = tag(f"h{self.level}", TITLES[name], id=self.prefix + name)
        return tag("section", heading, *parts, aria_labelledby=None if self.prefix else name)

    def heading(self, text: str, below: int = 1) -> Safe:
        return tag(f"h{min(self.level + below, 6)}", text)

    def header(self) -> Safe:
        first = words.first_notices(self.a)
        alert = tag("div", *(tag("p", notice) for notice in first), class_="alert") if first else None
        return join(pairs(*words.header(self.a)), alert)

    # -- what to find out next -------------------------------------------------------------------------------------------

    def next(self) -> list[Content]:
        asked = questions.questions(self.a)
        parts: list[Content] = []
        if not any(step.matters_for for step in self.a.next_steps):
            later = decisions.later_results(self.a)
            also = f" Later results can still move the child: {words.listed(later)}; see section 3." if later else ""
            parts.append(tag("p", words.NOTHING_OPEN + also))
        parts += [self.card(number, question) for number, question in enumerate(asked.full, 1)]
        parts.append(self.missing("Also missing for the diagnosis", asked.for_diagnosis))
        parts.append(self.missing("Also missing for eligibility", asked.for_eligibility))
        return parts

    def card(self, number: int, question: questions.Question) -> Safe:
        rows: list[tuple[str, Content]] = []
        if question.behind:
            rows.append(("From", "; ".join(question.behind)))
        if question.due:
            due = tag("span", "; ".join(question.due), class_="overdue" if question.overdue else None)
            cites = [join(" ", self.explainer.meta(s)) for s in question.statements]
            rows.append(("By when", join(due, *cites)))
        if question.together:
            rows.append(("Alone", question.together))
        if question.waits:
            rows.append(("Needed also for", "; ".join(question.waits)))
        answers = None
        if question.meanings:
            titles = tuple(title for title, _ in question.meanings[0].meanings)
            body = [(m.answers, *(said for _, said in m.meanings)) for m in question.meanings]
            answers = table(f"What each answer would mean: {question.title}", ("If it is", *titles), *body)
        heading = self.heading(f"{number}. {words.sentence(question.title)}")
        return tag("article", heading, pairs(*rows) if rows else None, answers, class_="card")

    def missing(self, label: str, steps: Sequence[NextStep]) -> Safe:
        if not steps:
            return Safe("")
        return join(
            self.heading(label), items("ul", *(f"{words.sentence(s.label)}: {'; '.join(questions.waits(s))}" for s in steps))
        )

    # -- the answers -----------------------------------------------------------------------------------------------------

    def established(self) -> list[Content]:
        answer = {"yes": "Yes.", "no": "No, not by what is recorded.", "undetermined": "Open."}[self.a.established]
        reason = decisions.applied(self.a.established_reasons)
        said = self.explainer.statement(reason.statement) if reason else None
        rules = [self.explainer.why(r, r.statement.says) for r in self.a.established_reasons]
        rows = [
            (
                words.sentence(questions.short(test.label)),
                test.result or tag("strong", "not recorded"),
                test.when,
                test.entered,
            )
            for _, tests in workup.tests(self.a)
            for test in tests
        ]
        head = ("Test", "Result", "When, how", "As entered")
        return [
            tag("p", tag("strong", answer), " ", said or decisions.waits_for(self.a, self.a.established_reasons)),
            self.explainer.differ(conflicts_about(self.a.knowledge, [r.statement for r in self.a.established_reasons])),
            details("The rules and why each applies or not", *rules),
            table("The work-up, test by test", head, *rows),
            self.said("diagnosis"),
        ]

    def said(self, topic: str, title: str = "") -> Safe:
        parts: list[Content] = []
        for heading, reasons in workup.said_by_kind(self.a.said.get(topic, ())):
            rows = [join(self.explainer.statement(r.statement), self.explainer.because(r)) for r in reasons]
            self.explainer.differ(conflicts_about(self.a.knowledge, [r.statement for r in reasons]))
            parts += [self.heading(f"{title}{heading}"), items("ul", *rows)]
        return join(*parts)

    def type_and_cns(self) -> list[Content]:
        rows: list[tuple[str, Content]] = [
            ("Lineage", self.judged("lineage")),
            ("Class", self.judged("leukaemia_class", self.a.possible_classes)),
            *((system, self.judged(fact)) for fact, system in systems(self.a).items()),
        ]
        rows += [(words.sentence(self.a.label(n)), words.known(self.a, n)) for n in ("kmt2a_status", "kmt2a_partner")]
        rows.append(("CNS status", self.judged("cns_status")))
        return [pairs(*rows), self.said("cns"), self.said("presentation", "At presentation: ")]

    def judged(self, fact: str, possible: Sequence[str] = ()) -> Safe:
        """A judgement, the statement that gave it, and its tree; where open, the rules still in play."""
        value, reading = self.a.values.get(fact), self.a.readings[fact]
        if isinstance(value, str) and not reading.judged:
            return join(tag("strong", words.known(self.a, fact)), ", as recorded")
        said = tag("strong", words.judged_words(self.a, fact, possible))
        reason = decisions.applied(self.a.judgements[fact])
        if reason is not None:
            self.explainer.differ(conflicts_about(self.a.knowledge, [reason.statement]))
            return join(said, ". ", self.explainer.statement(reason.statement), self.explainer.because(reason))
        waiting = [s.reason for s in decisions.standings(self.a.judgements[fact]) if s.word == decisions.OPEN]
        trees = [
            self.explainer.why(r, f"{words.sentence(words.category(r.statement.gives))}: {r.statement.says}") for r in waiting
        ]
        return join(said, details("What each value waits for", *trees) if trees else None)

    def response(self) -> list[Content]:
        rows: list[tuple[str, Content]] = [(label, self.judged_response(fact)) for fact, label in workup.RESPONSE]
        points = [
            (
                words.sentence(p.timepoint),
                p.said,
                p.when,
                p.method or "not recorded",
                f"{p.sensitivity:g}" if p.sensitivity is not None else "not recorded",
            )
            for p in self.a.mrd
        ]
        head = ("Time point", "MRD", "When", "Method", "Sensitivity")
        meant = [(r.protocol.title, reason) for r in self.a.protocols if r.eligible != "no" for reason in r.response]
        each = [
            join(tag("strong", title), ": ", self.explainer.statement(reason.statement), self.explainer.because(reason))
            for title, reason in meant
        ]
        return [
            pairs(*rows),
            table("Minimal residual disease (MRD)", head, *points) if points else tag("p", "No MRD is recorded."),
            self.said("response"),
            join(self.heading("Under each protocol"), items("ul", *each)) if each else None,
        ]

    def judged_response(self, fact: str) -> Safe:
        return self.judged(fact) if self.a.values.get(fact) is not None else Safe("not known")

    def therapies(self) -> Safe:
        return therapies_section(therapies(self.a.values, self.a.knowledge), self.explainer, self.level, self.with_outlook)

    def trials(self) -> Safe:
        return trials_section(trials(self.a.values, self.a.knowledge), self.explainer, self.level)

    # -- the rest --------------------------------------------------------------------------------------------------------

    def notices(self) -> Safe:
        notices = words.other_notices(self.a)
        return self.section("notices", items("ul", *notices)) if notices else Safe("")

    def conflicts(self) -> Safe:
        """Every conflict of sources named above, with both sides."""
        if not self.explainer.conflicts:
            return Safe("")
        shown = []
        for conflict in self.explainer.conflicts.values():
            sides = [join(side.says, " ", self.explainer.cite(side.citations)) for side in conflict.sides]
            heading = tag(f"h{min(self.level + 1, 6)}", conflict.title)
            choice = tag("p", tag("strong", "Used here: "), f"{conflict.choice} {conflict.because}")
            confirm = tag("p", f"To confirm: {conflict.confirm}", class_="meta")
            anchor = f"{self.prefix}conflict-{conflict.id}"
            shown.append(tag("div", heading, items("ul", *sides), choice, confirm, id=anchor, class_="conflict"))
        return self.section("conflicts", *shown)
