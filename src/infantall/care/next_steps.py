"""What to find out next: which open fact changes an answer, what each result would mean, and by when it is needed."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from infantall.facts.ages import days_in_months, months_from_days
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
    return tuple(sorted(_one_age(steps, finder), key=finder.urgency))


def _one_age(steps: dict[str, NextStep], finder: _Finder) -> list[NextStep]:
    """Age in days and in completed months are one question to a person."""
    days, months = steps.get(_DAYS), steps.get(_MONTHS)
    if days is None or months is None:
        return list(steps.values())
    both = replace(
        days,
        label="age at diagnosis (dates of birth and diagnosis)",
        settles=_merged(days.settles, months.settles),
        matters_for=_merged(days.matters_for, months.matters_for),
        opens=finder.opens((_DAYS, _MONTHS)),
        answers=finder.age_answers(),
    )
    return [both, *(step for step in steps.values() if step not in (days, months))]


def _merged(first: tuple[str, ...], second: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys([*first, *second]))


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
        self.due = [s for s in knowledge.topics.get("due", ()) if s.computed and s.rule and verdict(s.rule, values) is not False]

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

    def urgency(self, step: NextStep) -> tuple[bool, int, int, int, int]:
        """First what changes a group; within that what can be known soonest; within that what settles most."""
        soonest = min((_earliest(self.definition(name)) for name in (step.fact, *step.ask)), default=0)
        return (not step.matters_for, soonest, -len(step.settles), -len(step.matters_for), -len(step.opens))

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
            said = tuple((r.protocol.title, _outcome(r, values, (fact,))) for r in concerned)
            meanings.append(AnswerMeaning(say_cell(cell, definition), said))
        return tuple(meanings)

    def age_answers(self) -> tuple[AnswerMeaning, ...]:
        """What an age would mean, cut wherever a protocol cuts it: in days, or in completed months."""
        concerned = [r for r in self.results if {_DAYS, _MONTHS} & set(self.group_facts[r.protocol.id])]
        edges = sorted(_age_edges([r.protocol.group_diagram for r in concerned]))
        meanings = []
        for lower, upper in zip([None, *edges], [*edges, None], strict=True):
            values = {**self.values, **_age_between(lower, upper)}
            meanings.append(
                AnswerMeaning(
                    _say_age(lower, upper), tuple((r.protocol.title, _outcome(r, values, (_DAYS, _MONTHS))) for r in concerned)
                )
            )
        return tuple(meanings)

    def due_day(self, due: Sequence[Statement]) -> tuple[str, bool]:
        """The day on which the first of these falls due: protocol day N is the start of the induction + N - 1.

        A day without a date, or past the last one of the calendar, is said by its number.
        """
        days = [s.day for s in due if s.day is not None]
        if not days:
            return "", False
        day = (self.induction_start or 0) + min(days) - 1
        overdue = self.as_of.day is not None and self.as_of.day > day
        if self.as_of.on is not None and self.as_of.day is not None:
            with suppress(OverflowError):
                return (self.as_of.on + dt.timedelta(days=day - self.as_of.day)).isoformat(), overdue
        return f"day {day} from diagnosis", overdue


@dataclass(frozen=True, slots=True, order=True)
class _AgeEdge:
    """A threshold of age: ``fewest`` days it can be, and how a protocol says it."""

    fewest: int
    most: int
    number: int
    months: bool

    def __str__(self) -> str:
        return f"{self.number} completed months" if self.months else f"{self.number} days"


def _age_edges(diagrams: Sequence[Diagram]) -> set[_AgeEdge]:
    edges = set()
    for variable in (v for d in diagrams for v in d.variables if v.kind == "number" and v.fact in (_DAYS, _MONTHS)):
        for cell in variable.cells[1:]:
            number = math.ceil(float(cell[0]))  # type: ignore[index]
            fewest, most = days_in_months(number) if variable.fact == _MONTHS else (number, number)
            edges.add(_AgeEdge(fewest, most, number, variable.fact == _MONTHS))
    return edges


def _age_between(lower: _AgeEdge | None, upper: _AgeEdge | None) -> dict[str, Value]:
    """Both forms of an age from one threshold up to under the next, as far as they are certain."""
    days = Interval(lower.fewest if lower else 0, upper.most - 1 if upper else math.inf)
    low = lower.number if lower and lower.months else _low(months_from_days(int(days.low)))
    high = upper.number - 1 if upper and upper.months else _high(months_from_days(int(days.high))) if upper else math.inf
    return {_DAYS: days, _MONTHS: Interval(low, max(low, high))}


def _low(months: int | Interval) -> float:
    return months.low if isinstance(months, Interval) else months


def _high(months: int | Interval) -> float:
    return months.high if isinstance(months, Interval) else months


def _say_age(lower: _AgeEdge | None, upper: _AgeEdge | None) -> str:
    if lower is None:
        return f"under {upper}"
    return f"{lower} to under {upper}" if upper else f"{lower} or more"


_DAYS, _MONTHS = "age_days_at_diagnosis", "age_months_at_diagnosis"
_TIMEPOINT_DAYS = {"diagnosis": 0, "day_8": 8, "day_15": 15, "end_of_induction": 33}


def _earliest(definition: FactDefinition) -> int:
    """About when a fact can first be known, in days: 0 at diagnosis, 8, 33, or later."""
    if definition.read.get("by") == "day8_blasts" or definition.name == "prednisone_response":
        return 8
    timepoint = definition.read.get("timepoint")
    return _TIMEPOINT_DAYS.get(str(timepoint), 99) if timepoint else 0


def _outcome(result: ProtocolResult, values: Mapping[str, Value], answered: Sequence[str]) -> str:
    """The groups that would remain once these facts are answered, in words."""
    entry = result.protocol.eligibility_diagram
    if any(fact in entry.facts for fact in answered) and possible_outcomes(entry, values) == ("no",):
        return "not eligible"
    outcomes = possible_outcomes(result.protocol.group_diagram, values)
    words = {"not_covered": "not covered", "off_study": "off study"}
    said = [o for o in outcomes if o not in NO_GROUP] + [words[o] for o in outcomes if o in NO_GROUP]
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
    return [math.nextafter(start, -math.inf) for start in starts[1:]] + [math.inf]


def _value_of(cell: Cell) -> Value:
    assert not isinstance(cell, bool)
    if isinstance(cell[0], str):
        return cell[0] if len(cell) == 1 else Choice(frozenset(map(str, cell)))
    return Interval(float(cell[0]), float(cell[1]))


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
