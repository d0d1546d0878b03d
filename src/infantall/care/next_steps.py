"""What to find out next: which open fact changes an answer, what each result would mean, and by when it is needed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

from infantall.facts.values import Choice, Interval, Value, bounds, is_known
from infantall.facts.vocabulary import FactDefinition
from infantall.knowledge.library import NO_GROUP, Knowledge, Statement
from infantall.record.derive import AsOf, Reading
from infantall.rules.diagram import Cell, Diagram
from infantall.rules.english import say_cell
from infantall.rules.interpret import verdict
from infantall.rules.ordered import open_facts, possible_outcomes

from .result import AnswerMeaning, NextStep, ProtocolResult

WORK_UP = ("all_established", "lineage", "leukaemia_class", "cns_status")
"""Judgements that a complete diagnosis answers, beside the groups."""


def next_steps(
    results: Sequence[ProtocolResult],
    readings: Mapping[str, Reading],
    values: Mapping[str, Value],
    knowledge: Knowledge,
    induction_start: int | None,
    as_of: AsOf,
) -> tuple[NextStep, ...]:
    """Open facts, those that settle most first.

    First come facts that can change a risk group, then those that the diagnosis or eligibility still waits for.
    """
    finder = _Finder(results, values, knowledge, induction_start, as_of)
    open_results = [r for r in results if finder.group_facts[r.protocol.id]]
    steps: dict[str, NextStep] = {}
    for result in open_results:
        for fact in finder.group_facts[result.protocol.id]:
            if fact not in steps:
                steps[fact] = finder.step(fact, open_results)
    asked = {name for step in steps.values() for name in (step.fact, *step.ask)}
    for fact in finder.unanswered():
        if fact not in asked:
            steps[fact] = finder.step(fact, [])
            asked.update((fact, *steps[fact].ask))
    return tuple(sorted(steps.values(), key=_urgency))


def _urgency(step: NextStep) -> tuple[int, int, int]:
    return (-len(step.settles), -len(step.matters_for), -len(step.opens))


class _Finder:
    def __init__(
        self,
        results: Sequence[ProtocolResult],
        values: Mapping[str, Value],
        knowledge: Knowledge,
        induction_start: int | None,
        as_of: AsOf,
    ) -> None:
        self.results = results
        self.values = values
        self.knowledge = knowledge
        self.induction_start = induction_start
        self.as_of = as_of
        self.behind: dict[str, list[str]] = {}
        self.group_facts = {r.protocol.id: self.open_for_group(r) for r in results}
        self.entry_facts = {r.protocol.id: self.open_for_entry(r) for r in results}
        self.due = [s for s in knowledge.topics.get("due", ()) if s.rule and verdict(s.rule, values) is not False]

    def definition(self, fact: str) -> FactDefinition:
        return self.knowledge.vocabulary.facts[fact]

    def open_for_group(self, result: ProtocolResult) -> tuple[str, ...]:
        """Open facts that can change the group; none where the group is settled or the child is not eligible."""
        if result.eligible == "no" or len(result.possible) + len(result.without_group) < 2:
            return ()
        return open_facts(result.protocol.group_diagram, self.values)

    def open_for_entry(self, result: ProtocolResult) -> dict[str, None]:
        """Open facts and findings that eligibility waits for, in the order of the criteria."""
        if result.eligible != "undetermined":
            return {}
        facts = open_facts(result.protocol.eligibility_diagram, self.values)
        return dict.fromkeys(name for fact in facts for name in (fact, *self.findings_behind(fact)))

    def unanswered(self) -> list[str]:
        """Open facts behind the work-up and behind eligibility, in the order of the rules."""
        found: dict[str, None] = {}
        for name in WORK_UP:
            if not is_known(self.values.get(name)):
                found.update(dict.fromkeys(self.findings_behind(name)))
        for facts in self.entry_facts.values():
            found.update(dict.fromkeys(name for name in facts if self.findings_behind(name) == [name]))
        return list(found)

    def findings_behind(self, fact: str) -> list[str]:
        """The open findings that a judgement rests on; the fact itself where there are none."""
        if fact not in self.behind:
            judgement = self.knowledge.judgement_of.get(fact)
            found: dict[str, None] = {}
            for name in open_facts(judgement.diagram, self.values) if judgement else ():
                found.update(dict.fromkeys(self.findings_behind(name)))
            self.behind[fact] = list(found) or [fact]
        return self.behind[fact]

    def step(self, fact: str, open_results: Sequence[ProtocolResult]) -> NextStep:
        definition = self.definition(fact)
        ask = tuple(self.findings_behind(fact))
        due = tuple(s for s in self.due if s.fact == fact or s.fact in ask)
        due_on, overdue = self.due_day(due)
        concerned = [r for r in open_results if fact in self.group_facts[r.protocol.id]]
        opens = self.opens((fact, *ask))
        return NextStep(
            fact=fact,
            label=definition.label,
            ask=ask,
            ask_labels=tuple(self.definition(name).label for name in ask),
            settles=tuple(r.protocol.title for r in concerned if (fact,) in r.would_settle),
            matters_for=tuple(r.protocol.title for r in concerned),
            opens=opens,
            answers=self.answers(fact, concerned),
            due=due,
            due_on=due_on,
            overdue=overdue,
            why=self.why(concerned, opens),
        )

    def why(self, concerned: Sequence[ProtocolResult], opens: Sequence[str]) -> str:
        parts = []
        if concerned:
            parts.append("the risk group under " + _listed([r.protocol.title for r in concerned]))
        if opens:
            parts.append(_listed(opens))
        return "; ".join(parts)

    def opens(self, facts: Iterable[str]) -> tuple[str, ...]:
        """The other questions that wait for one of these facts."""
        names = set(facts)
        found = []
        for name in WORK_UP:
            if not is_known(self.values.get(name)) and names & set(self.findings_behind(name)):
                found.append(self.definition(name).label)
        entered = [r.protocol.title for r in self.results if names & self.entry_facts[r.protocol.id].keys()]
        if entered:
            found.append("eligibility for " + _listed(entered))
        return tuple(found)

    def answers(self, fact: str, concerned: Sequence[ProtocolResult]) -> tuple[AnswerMeaning, ...]:
        """What each result would mean for each protocol whose group it can change."""
        definition = self.definition(fact)
        cells = _cells(fact, [r.protocol.group_diagram for r in concerned], self.values, definition)
        meanings = []
        for cell in cells:
            values = {**self.values, fact: _value_of(cell)}
            said = tuple((r.protocol.title, _outcome(r, values)) for r in concerned)
            meanings.append(AnswerMeaning(say_cell(cell, definition), said))
        return tuple(meanings)

    def due_day(self, due: Sequence[Statement]) -> tuple[str, bool]:
        """The day on which the first of these falls due: protocol day N is the start of the induction + N - 1."""
        days = [s.day for s in due if s.day is not None]
        if not days:
            return "", False
        day = (self.induction_start or 0) + min(days) - 1
        overdue = self.as_of.day is not None and self.as_of.day > day
        if self.as_of.on is not None and self.as_of.day is not None:
            return (self.as_of.on + dt.timedelta(days=day - self.as_of.day)).isoformat(), overdue
        return f"day {day} from diagnosis", overdue


def _outcome(result: ProtocolResult, values: Mapping[str, Value]) -> str:
    """The groups that would remain, in words."""
    if possible_outcomes(result.protocol.eligibility_diagram, values) == ("no",):
        return "not eligible"
    outcomes = possible_outcomes(result.protocol.group_diagram, values)
    words = {"not_covered": "not covered", "off_study": "off study"}
    said = [words[o] if o in NO_GROUP else o for o in outcomes]
    return " or ".join(said)


def _cells(fact: str, diagrams: Sequence[Diagram], values: Mapping[str, Value], definition: FactDefinition) -> list[Cell]:
    """The answers that any of the protocols tells apart, within what is still possible."""
    variables = [v for d in diagrams for v in d.variables if v.kind != "test" and v.fact == fact]
    if not variables:
        return []
    if definition.type == "category":
        value = values.get(fact)
        words = [w for w in definition.values if not isinstance(value, Choice) or w in value.values]
        return [(word,) for word in words]
    low, high = bounds(values.get(fact))
    starts = sorted({float(cell[0]) for v in variables for cell in v.cells if not isinstance(cell, bool)})
    ends = [float(e) for e in _ends(starts)]
    return [(max(a, low), min(b, high)) for a, b in zip(starts, ends, strict=True) if a <= high and low <= b]


def _ends(starts: Sequence[float]) -> list[float]:
    import math

    return [math.nextafter(start, -math.inf) for start in starts[1:]] + [math.inf]


def _value_of(cell: Cell) -> Value:
    assert not isinstance(cell, bool)
    if isinstance(cell[0], str):
        return cell[0] if len(cell) == 1 else Choice(frozenset(map(str, cell)))
    return Interval(float(cell[0]), float(cell[1]))


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
