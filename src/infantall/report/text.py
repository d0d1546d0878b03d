"""An assessment as plain text: what to find out next comes first, then each answer with its reasons and sources."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from infantall.care.classify import systems
from infantall.care.result import NOT_A_DEVICE, Assessment, NextStep, ProtocolResult, Reason
from infantall.care.side_by_side import side_by_side
from infantall.knowledge.library import Conflict, Statement

from . import decisions, questions, words, workup
from .citing import Sources, conflict_reference, reference, remarks
from .layout import Page
from .side_by_side import side_by_side_text


def assessment_text(assessment: Assessment, width: int = 80) -> str:
    """The report as plain text without colours, no line longer than ``width`` (40 at least), ending with a newline."""
    return _Text(assessment, width).text()


class TextReport:
    """A text report about one child: its page, what it cited, and the list of sources at its end."""

    def __init__(self, assessment: Assessment, width: int = 80) -> None:
        self.a = assessment
        self.page = Page(width)
        self.sources = Sources(assessment.knowledge)
        self.shown: list[Statement] = []

    def opening(self, title: str, lead: str) -> None:
        """How a report of its own begins: its title, the child, what this is not, and a lead."""
        self.page.title(f"{title}: {self.a.record.id}")
        self.page.pairs(words.header(self.a))
        self.page.para(words.SHORT_DISCLAIMER)
        self.page.gap()
        self.page.para(lead)

    def ref(self, statement: Statement) -> str:
        """The bracket of a statement's sources and marks."""
        self.shown.append(statement)
        return reference(statement, self.sources)

    def cited(self, statement: Statement) -> str:
        """What a statement says, with its sources."""
        return f"{statement.says} {self.ref(statement)}"

    def source_list(self) -> None:
        """Every source named, how far it was read, and what the marks mean."""
        self.page.heading("Sources, and how far each was read")
        for number, source in self.sources.listed():
            self.page.item(f"{source.text} ({source.id}; read: {source.read})", mark=f"[{number}]")
        self.page.gap()
        marks = [f"{mark}: {words.CONFIDENCE_MEANS[name]}" for name, mark in words.CONFIDENCE.items() if mark]
        used = {statement.confidence for statement in self.shown}
        marks = [m for m, name in zip(marks, (n for n, w in words.CONFIDENCE.items() if w), strict=True) if name in used]
        if marks:
            self.page.para(f"A number without a mark was read in that source. {'; '.join(marks)}.".replace(". s", ". S"))
        reviewed = any(statement.review for statement in self.shown)
        self.page.para("Statements are not reviewed unless marked 'reviewed'." if reviewed else words.NOT_REVIEWED)
        self.page.gap()
        self.page.para(NOT_A_DEVICE)


class _Text(TextReport):
    def __init__(self, assessment: Assessment, width: int) -> None:
        super().__init__(assessment, width)
        self.conflicts: dict[str, Conflict] = {}

    def text(self) -> str:
        self.header()
        self.next()
        self.established()
        self.type_and_cns()
        self.protocols()
        self.response()
        self.side_by_side()
        self.notices()
        self.differences()
        self.source_list()
        return self.page.text()

    def noted(self, conflicts: Iterable[Conflict], indent: int = 0) -> None:
        """That sources differ, and what is used here. Both sides stand in full in a section of their own."""
        for conflict in conflicts:
            self.conflicts[conflict.id] = conflict
            self.page.para(f"Sources differ: {conflict.title} Used here: {conflict.choice}", indent, 2)

    # -- sections --------------------------------------------------------------------------------------------------------

    def header(self) -> None:
        self.page.title(f"Infant ALL assessment: {self.a.record.id}")
        self.page.pairs(words.header(self.a))
        self.page.para(words.SHORT_DISCLAIMER)
        for notice in words.first_notices(self.a):
            self.page.gap()
            self.page.item(notice, mark="!")

    def next(self) -> None:
        self.page.heading("What to find out next")
        asked = questions.questions(self.a)
        if not any(step.matters_for for step in self.a.next_steps):
            self.page.para(words.NOTHING_OPEN)
            later = decisions.later_results(self.a)
            if later:
                self.page.para(f"Later results can still move the child: {words.listed(later)}. See section 3.")
        for number, question in enumerate(asked.full, 1):
            if number > 1:
                self.page.gap()
            self.question(number, question)
        self.missing("Also missing for the diagnosis", asked.for_diagnosis)
        self.missing("Also missing for eligibility", asked.for_eligibility)

    def question(self, number: int, question: questions.Question) -> None:
        self.page.item(words.sentence(question.title), mark=f"{number}.")
        rows: list[tuple[str, str]] = []
        if question.behind:
            rows.append(("From", "; ".join(question.behind)))
        if question.due:
            rows.append(("By", f"{'; '.join(question.due)} {self.refs(question.statements)}"))
        for meaning in question.meanings:
            means = "; ".join(f"{title} {said}" for title, said in meaning.meanings)
            rows.append((f"If {meaning.answers}", means))
        if question.together:
            rows.append(("Alone", question.together))
        if question.waits:
            rows.append(("Also for", "; ".join(question.waits)))
        self.page.pairs(rows, indent=3, widest=30)

    def missing(self, label: str, steps: Sequence[NextStep]) -> None:
        if steps:
            self.page.gap()
            self.page.para(f"{label}: {'; '.join(step.label for step in steps)}.", hang=2)

    def established(self) -> None:
        self.page.heading("1  Is ALL established?")
        answer = {"yes": "Yes.", "no": "No, not by what is recorded.", "undetermined": "Open."}[self.a.established]
        reason = decisions.applied(self.a.established_reasons)
        self.page.para(
            f"{answer} {self.cited(reason.statement) if reason else decisions.waits_for(self.a, self.a.established_reasons)}"
        )
        if reason:
            facts = decisions.deciding_facts(reason.explanation)
            self.page.para(f"Decided by {decisions.facts_said(self.a, facts)}.", 2, 2)
        self.noted(workup.blast_conflict(self.a))
        self.page.gap()
        self.page.pairs(self.tests(), widest=22)
        self.said("diagnosis")

    def tests(self) -> list[tuple[str, str]]:
        """One line a group of tests; results of one day and method share their bracket."""
        rows = []
        for title, tests in workup.tests(self.a):
            by_when: dict[str, list[str]] = {}
            for test in tests:
                if test.result and test.fact not in workup.METHODS:
                    by_when.setdefault(test.when, []).append(f"{questions.short(test.label)} {test.result}")
            done = [f"{', '.join(items)}{f' ({when})' if when else ''}" for when, items in by_when.items()]
            absent = [questions.short(test.label) for test in tests if not test.result]
            said = "; ".join(done) + "." if done else ""
            rows.append((title, f"{said} Not recorded: {', '.join(absent)}.".strip() if absent else said))
        return rows

    def said(self, topic: str, prefix: str = "") -> None:
        for heading, reasons in workup.said_by_kind(self.a.said.get(topic, ())):
            self.page.gap()
            self.page.para(f"{prefix}{heading}:")
            for reason in reasons:
                self.page.item(self.cited(reason.statement))

    def type_and_cns(self) -> None:
        self.page.heading("2  Lineage, type and CNS status")
        rows = [
            ("Lineage", self.judged("lineage")),
            ("Class", self.judged("leukaemia_class", self.a.possible_classes)),
            *((system, self.judged(fact)) for fact, system in systems(self.a).items()),
            *((words.sentence(self.a.label(n)), words.known(self.a, n)) for n in ("kmt2a_status", "kmt2a_partner")),
            ("CNS status", self.judged("cns_status")),
        ]
        self.page.pairs(rows, widest=18)
        self.said("cns")
        self.said("presentation", "At presentation. ")

    def judged(self, fact: str, possible: Sequence[str] = ()) -> str:
        said = words.judged_words(self.a, fact, possible)
        reason = decisions.applied(self.a.judgements[fact])
        if isinstance(self.a.values.get(fact), str) and not self.a.readings[fact].judged:
            return f"{words.known(self.a, fact)}, as recorded"
        return f"{said}. {self.cited(reason.statement)}" if reason else said

    def protocols(self) -> None:
        self.page.heading("3  Risk group under each protocol")
        groups = [r for r in self.a.protocols if r.protocol.stratified]
        rows = [
            (r.protocol.title, words.ANSWER[r.eligible], decisions.group_words(r), decisions.why_words(self.a, r)) for r in groups
        ]
        if rows:
            self.page.table(("Protocol", "Eligible", "Group", "Why"), rows, (14, 8, 16))
            self.page.gap()
        self.page.para(
            "Eligible 'yes' covers only the criteria that a record can show; those named 'to confirm' below are the team's."
        )
        for result in groups:
            self.protocol(result)
        plain = [r for r in self.a.protocols if not r.protocol.stratified]
        if plain:
            self.page.gap()
            self.page.para("Protocols that assign no groups; eligible?")
            self.page.pairs([(r.protocol.title, self.plain_protocol(r)) for r in plain], widest=12)

    def plain_protocol(self, result: ProtocolResult) -> str:
        why = decisions.why_words(self.a, result)
        refs = self.criteria_refs(result)
        moves = [m.reason for m in result.moves if m.verdict is True and result.eligible != "no"]
        said = [f"{words.ANSWER[result.eligible]}{f': {why}' if why else ''} {refs}"]
        return " ".join([*said, *(self.cited(reason.statement) for reason in moves)])

    def criteria_refs(self, result: ProtocolResult) -> str:
        judged = [c.statement for c in result.criteria if c.reason is not None]
        return self.refs(judged)

    def refs(self, statements: Sequence[Statement]) -> str:
        """One bracket for several statements; a mark that only some carry says so."""
        self.shown += statements
        numbers = ", ".join(str(n) for n, _ in self.sources.numbers(c for s in statements for c in s.citations))
        marks: dict[str, int] = {}
        for statement in statements:
            for mark in remarks(statement):
                marks[mark] = marks.get(mark, 0) + 1
        said = [mark if number == len(statements) else f"some {mark}" for mark, number in marks.items()]
        return f"[{'; '.join([numbers, *said])}]"

    def protocol(self, result: ProtocolResult) -> None:
        page, title = self.page, result.protocol.title
        page.gap()
        if result.eligible == "no":
            page.para(f"{title}: not eligible")
            for statement in decisions.failed(result):
                page.item(f"not met: {statement.label} {self.ref(statement)}", 2)
            return
        page.para(f"{title}: {decisions.group_words(result)}")
        self.criteria(result)
        for standing in decisions.standings(result.reasons):
            self.rule(standing)
        moves = [m for m in result.moves if m.verdict is not False]
        if moves:
            page.para("Later moves, apart from the group:", 2)
        for move in moves:
            word = "applies" if move.verdict else "not known yet"
            page.item(f"to {move.reason.statement.gives}, {word}: {self.cited(move.reason.statement)}", 4)
        self.noted(decisions.relevant_conflicts(self.a, result), 2)

    def criteria(self, result: ProtocolResult) -> None:
        judged = [c for c in result.criteria if c.reason is not None]
        met = sum(1 for c in judged if c.met)
        said = (
            f"Eligible: {words.ANSWER[result.eligible]}; {met} of {count_criteria(len(judged))} met {self.criteria_refs(result)}"
        )
        waiting = decisions.open_criteria_facts(result)
        if waiting:
            said += f"; not known: {', '.join(self.a.label(f) for f in waiting)}"
        confirm = [c.statement.label for c in result.criteria if c.reason is None]
        if confirm:
            said += f". To confirm: {'; '.join(confirm)}"
        self.page.para(said + ".", 2, 2)

    def rule(self, standing: decisions.Standing) -> None:
        page, statement, explanation = self.page, standing.reason.statement, standing.reason.explanation
        label = words.outcome(standing.gives)
        if standing.word == decisions.PASSED:
            page.para(f"{label}: {standing.word}. {self.ref(statement)}", 2, 2)
            return
        page.para(f"{label}: {standing.word}. {self.cited(statement)}", 2, 2)
        facts = decisions.deciding_facts(explanation)
        if standing.word == decisions.NOT:
            missed = decisions.nearest_miss(explanation)
            said = "; ".join(
                f"{decisions.leaf_words(self.a, leaf)} (here {', '.join(words.known(self.a, f) for f in leaf.facts)})"
                for leaf in missed
            )
            page.para(f"It would need: {said}.", 4, 2)
        elif standing.word == decisions.OPEN:
            page.para(f"Waits for {words.listed([self.a.label(f) for f in facts])}.", 4, 2)
        elif said := decisions.facts_said(self.a, facts):
            page.para(f"Decided by {said}.", 4, 2)

    def response(self) -> None:
        self.page.heading("4  Early response")
        rows = [(label, self.response_value(fact)) for fact, label in workup.RESPONSE]
        for point in self.a.mrd:
            sensitivity = f", sensitivity {point.sensitivity:g}" if point.sensitivity is not None else ""
            method = point.method or "method not recorded"
            rows.append((f"MRD, {point.timepoint}", f"{point.said} ({point.when}, {method}{sensitivity})"))
        if not self.a.mrd:
            rows.append(("MRD", "not recorded at any time point"))
        self.page.pairs(rows, widest=28)
        self.said("response")
        meant = [(r.protocol.title, reason) for r in self.a.protocols if r.eligible != "no" for reason in r.response]
        if meant:
            self.page.gap()
            self.page.para("Under each protocol:")
        for title, reason in meant:
            self.page.item(f"{title}: {self.cited(reason.statement)}")

    def response_value(self, fact: str) -> str:
        reason: Reason | None = decisions.applied(self.a.judgements[fact])
        if self.a.values.get(fact) is None:
            return "not known"
        if reason is None or not self.a.readings[fact].judged:
            return words.known(self.a, fact)
        facts = [n for n in decisions.deciding_facts(reason.explanation) if n != fact]
        behind = f" from {decisions.facts_said(self.a, facts)}" if facts else ""
        return f"{words.judged_words(self.a, fact)}{behind} {self.ref(reason.statement)}"

    def side_by_side(self) -> None:
        self.page.heading("5  How each group would treat this child, side by side")
        side_by_side_text(side_by_side(self.a), self.page, self.cited)
        self.page.gap()
        self.page.para("Newer therapies, trials and published outcomes: infantall therapies, trials, outlook.")

    def notices(self) -> None:
        notices = words.other_notices(self.a)
        if notices:
            self.page.heading("Other notices")
        for notice in notices:
            self.page.item(notice)

    def differences(self) -> None:
        if self.conflicts:
            self.page.heading("Where sources differ")
        for conflict in self.conflicts.values():
            sides = " / ".join(side.says for side in conflict.sides)
            self.page.item(f"{conflict.title} {sides} {conflict_reference(conflict, self.sources)}")
            self.page.para(f"Used here: {conflict.choice} {conflict.because} To confirm: {conflict.confirm}.", 2)


def count_criteria(number: int) -> str:
    """``5 criteria``."""
    return words.count(number, "criterion", "criteria")
