"""An outlook as plain text: each published row by itself, sure groups before possible ones, and what is not known in full."""

from __future__ import annotations

from collections.abc import Sequence

from infantall.care.outlook import FactorMatch, OutcomeMatch, Outlook
from infantall.knowledge.evidence import SECTIONS
from infantall.knowledge.library import Statement

from ..citing import conflict_reference
from ..text import TextReport
from ..words import SHORT_DISCLAIMER, count, first_notices, sentence
from . import words

_HEAD = ("As printed", "n", "When", "Study, years, and group")
_WIDEST = (17, 4, 11)
_KEY = "n ?: how many was not read. A start of the clock that is not named was not stated."


def outlook_text(outlook: Outlook, width: int = 80) -> str:
    """The outlook as plain text, no line longer than ``width`` (40 at least), ending with a newline."""
    return _Text(outlook, width).text()


class _Text(TextReport):
    def __init__(self, outlook: Outlook, width: int) -> None:
        super().__init__(outlook.assessment, width)
        self.outlook = outlook

    def text(self) -> str:
        self.header()
        for name, title in SECTIONS.items():
            self.section(name, title)
        self.others()
        self.factors(words.FACTORS_TITLE, words.FACTORS_LEAD, self.outlook.factors)
        self.factors(words.TRANSPLANT_TITLE, words.TRANSPLANT_LEAD, self.outlook.transplant)
        self.timing()
        self.not_known()
        self.differences()
        self.studies()
        self.left_out()
        self.source_list()
        return self.page.text()

    def header(self) -> None:
        self.page.title(f"{words.TITLE}: {self.a.record.id}")
        self.page.pairs(words.about(self.a))
        self.page.para(SHORT_DISCLAIMER)
        self.page.gap()
        for notice in (*first_notices(self.a), *self.outlook.notices):
            self.page.item(notice, mark="!")
        if self.outlook.rows:
            self.page.gap()
            self.page.para(_KEY)

    # -- published rows --------------------------------------------------------------------------------------------------

    def section(self, name: str, title: str) -> None:
        """One kind of result: what the child belongs to, what it may belong to, and the two worlds of KMT2A apart."""
        self.page.heading(title)
        rows = [m for m in self.outlook.rows if m.outcome.section == name]
        if not rows:
            self.page.para(words.NOTHING)
        world = ""
        for block in words.blocks(rows, self.a):
            if block.world != world:
                world = block.world
                self.page.gap()
                self.page.para(f"*** {words.world_title(world)} ***")
            self.page.gap()
            self.page.para(f"{block.label}:")
            for said in words.span(block.rows):
                self.page.para(said)
            self.rows(block.rows)

    def rows(self, rows: Sequence[OutcomeMatch]) -> None:
        """A table of rows; what their studies gave and what to know of them stands once, below."""
        self.page.table(_HEAD, [self.row(match) for match in rows], _WIDEST)

    def row(self, match: OutcomeMatch) -> tuple[str, str, str, str]:
        outcome = match.outcome
        tenths = words.tenths(match)
        asks = f" The group also asks: {outcome.beyond}." if outcome.beyond else ""
        study = f"{outcome.title} ({words.years(outcome.era)}): {words.full_stop(outcome.subgroup)}{asks}"
        given = words.treatment(outcome)
        return (
            f"{words.result(match)}{f'; {tenths}' if tenths else ''}",
            str(outcome.n) if outcome.n is not None else "?",
            f"{words.short_endpoint(outcome)}{words.short_when(outcome)}",
            f"{study} {given}. {self.ref(outcome.statement)}",
        )

    def others(self) -> None:
        self.page.heading(words.OTHER_TITLE)
        if not self.outlook.other_series:
            self.page.para(words.NOTHING_ELSE)
            return
        self.page.para(words.OTHER_LEAD)
        for block in words.blocks(self.outlook.other_series, self.a):
            self.page.gap()
            world = f"{words.world_title(block.world)}. " if block.world else ""
            self.page.para(f"{world}{block.label}:")
            self.rows(block.rows)

    # -- what else was found ---------------------------------------------------------------------------------------------

    def factors(self, title: str, lead: str, matches: Sequence[FactorMatch]) -> None:
        self.page.heading(title)
        if not matches:
            self.page.para(words.NOTHING_ELSE)
            return
        self.page.para(lead)
        for name, found in words.by_factor(matches).items():
            self.page.gap()
            self.page.para(f"{name}:")
            for said in words.disagreement(found):
                self.page.para(said)
            for together in words.findings(found, self.a):
                self.findings(together)

    def findings(self, together: Sequence[FactorMatch]) -> None:
        """What one study found, with what holds for all of it said once."""
        factor = together[0].factor
        said = [f"{factor.study_facts.title} ({words.years(factor.study_facts.era)}):"]
        for match in together:
            told = words.numbers(match.factor)
            said.append(f"{words.finding(match.factor)}{f'; {told}' if told else ''}. {words.side(match)}")
        said += [
            words.whether(together[0], self.a),
            f"Caution: {words.full_stop(factor.caution)}" if factor.caution else "",
            self.ref(factor.statement),
        ]
        self.page.item(" ".join(part for part in said if part))

    def timing(self) -> None:
        self.page.heading(words.TIMING_TITLE)
        if not self.outlook.timing:
            self.page.para(words.NOTHING_ELSE)
        for title, found in words.by_topic(self.outlook).items():
            self.page.gap()
            self.page.para(f"{title}:")
            for match in found:
                said = [words.timing_said(match), words.whether(match, self.a), self.ref(match.timing.statement)]
                self.page.item(" ".join(part for part in said if part))

    def not_known(self) -> None:
        self.page.heading(words.NOT_KNOWN_TITLE)
        if not self.outlook.not_known:
            self.page.para(words.NOTHING_ELSE)
            return
        self.page.para(words.NOT_KNOWN_LEAD)
        for found in self.outlook.not_known:
            self.page.item(f"{words.gap(found)} {self.cited_by(found.statement)}".strip())

    def cited_by(self, statement: Statement) -> str:
        """The bracket of a statement that may have no source: something not found has none."""
        return self.ref(statement) if statement.citations else ""

    # -- around them -----------------------------------------------------------------------------------------------------

    def differences(self) -> None:
        if not self.outlook.conflicts:
            return
        self.page.heading(words.CONFLICTS_TITLE)
        for conflict in self.outlook.conflicts:
            sides = " / ".join(side.says for side in conflict.sides)
            self.page.item(f"{conflict.title} {sides} {conflict_reference(conflict, self.sources)}")
            self.page.para(words.conflict_use(conflict), 2)

    def studies(self) -> None:
        o = self.outlook
        notes = words.study_notes([*o.rows, *o.other_series, *o.factors, *o.transplant])
        places = {m.outcome.title: words.places(m.outcome.countries) for m in (*o.rows, *o.other_series)}
        if notes or places:
            self.page.heading(words.STUDIES_TITLE)
        for title in dict.fromkeys((*places, *notes)):
            said = [f"{places[title]}." if title in places else "", notes.get(title, "")]
            self.page.item(f"{title}: {' '.join(part for part in said if part)}")

    def left_out(self) -> None:
        self.page.heading(words.LEFT_OUT_TITLE)
        found = words.left_out(self.outlook)
        for reason, number in found:
            self.page.item(f"{sentence(reason)}: {count(number, 'row')}.")
        if not found:
            self.page.para("Nothing.")
