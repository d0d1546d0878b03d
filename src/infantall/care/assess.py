"""One child's record to an assessment: what is established, which group under every protocol and why, what to find out next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence

from infantall.facts.values import Interval, Value, is_known
from infantall.facts.vocabulary import FactDefinition
from infantall.knowledge.library import (
    NO_GROUP,
    NOT_COVERED,
    OFF_STUDY,
    UNDEFINED,
    Knowledge,
    Protocol,
    Statement,
)
from infantall.record.derive import AsOf, Reading, derive_facts, latest_day, record_notices
from infantall.record.model import Record
from infantall.rules import tree
from infantall.rules.diagram import Diagram
from infantall.rules.english import say_value
from infantall.rules.interpret import explain, verdict
from infantall.rules.ordered import open_facts, possible_outcomes, settling_sets

from .criteria import criterion
from .judge import judge, possible_words
from .next_steps import next_steps
from .result import Assessment, Move, ProtocolResult, Reason, TimePointMrd

INFANT_DAYS = 365  # every definition read: diagnosed at 365 days or less (under 366)


def assess(record: Record, knowledge: Knowledge, as_of: AsOf | None = None, protocols: Sequence[str] | None = None) -> Assessment:
    """The assessment of a record as it stood on a day (by default its latest date).

    Args:
        record: the child's record.
        knowledge: the merged packs.
        as_of: the day of assessment; entries after it are not used.
        protocols: only these protocols, by id; by default every known one.
    """
    day = as_of or latest_day(record)
    readings = derive_facts(record, knowledge.vocabulary, day)
    return assess_facts(record, readings, knowledge, day, protocols, record_notices(record, day))


def assess_facts(
    record: Record,
    readings: Mapping[str, Reading],
    knowledge: Knowledge,
    as_of: AsOf,
    protocols: Sequence[str] | None = None,
    notices: Sequence[str] = (),
) -> Assessment:
    """The assessment of facts that are already derived: a row of a table, or a record."""
    judged = judge(readings, knowledge)
    values = {name: reading.value for name, reading in judged.items()}
    wanted = [knowledge.protocols[name] for name in protocols] if protocols else list(knowledge.protocols.values())
    settling = _Settling(values, knowledge)
    results = tuple(_protocol(protocol, values, settling) for protocol in wanted)
    said = {
        topic: tuple(reason for s in statements if (reason := _said(s, values)))
        for topic, statements in knowledge.topics.items()
        if topic != "due"
    }
    established, classes = values.get("all_established"), possible_words("leukaemia_class", values, knowledge)
    return Assessment(
        record=record,
        as_of=as_of,
        readings=judged,
        values=values,
        next_steps=next_steps(results, judged, values, knowledge, _induction_start(record), as_of),
        established=established if isinstance(established, str) else "undetermined",
        established_reasons=_reasons(knowledge.judgement_of["all_established"].statements, values),
        missing=_missing(said, values),
        judgements=_Judgements(knowledge, values),
        leukaemia_class=classes[0] if len(classes) == 1 and is_known(values.get("leukaemia_class")) else None,
        possible_classes=classes,
        protocols=results,
        mrd=_mrd(judged, knowledge),
        said=said,
        notices=tuple(
            dict.fromkeys(
                [
                    *_age_notices(values),
                    *notices,
                    *_reading_notices(judged),
                    *_implausible(judged, knowledge),
                    *_cns_notice(values),
                    *_silence(judged, knowledge),
                ]
            )
        ),
        knowledge=knowledge,
    )


class _Judgements(Mapping[str, tuple[Reason, ...]]):
    """The reasons of every judgement, explained when they are first asked for: few readers ask for all hundred rules."""

    def __init__(self, knowledge: Knowledge, values: Mapping[str, Value]) -> None:
        self._knowledge = knowledge
        self._values = values
        self._explained: dict[str, tuple[Reason, ...]] = {}

    def __getitem__(self, fact: str) -> tuple[Reason, ...]:
        if fact not in self._explained:
            self._explained[fact] = _reasons(self._knowledge.judgement_of[fact].statements, self._values)
        return self._explained[fact]

    def __contains__(self, fact: object) -> bool:
        return fact in self._knowledge.judgement_of

    def __iter__(self) -> Iterator[str]:
        return iter(self._knowledge.judgement_of)

    def __len__(self) -> int:
        return len(self._knowledge.judgement_of)


# -- protocols -----------------------------------------------------------------------------------------------------------


def _protocol(protocol: Protocol, values: Mapping[str, Value], settling: _Settling) -> ProtocolResult:
    eligible = _eligible(protocol, values)
    outcomes = possible_outcomes(protocol.group_diagram, values) if protocol.stratified else ()
    possible = tuple(outcome for outcome in outcomes if outcome not in NO_GROUP)
    without = tuple(outcome for outcome in outcomes if outcome in NO_GROUP)
    settle: tuple[tuple[str, ...], ...] = ()
    if eligible == "no":
        possible = ()
    elif protocol.stratified:
        settle = settling.sets(protocol.group_diagram)
    group = possible[0] if len(outcomes) == 1 and possible else None
    return ProtocolResult(
        protocol=protocol,
        eligible=eligible,
        criteria=tuple(criterion(statement, values) for statement in protocol.eligibility),
        group=group,
        possible=possible,
        without_group=without if eligible != "no" else (),
        reasons=_reasons(protocol.groups, values),
        would_settle=settle,
        moves=tuple(_move(statement, values, possible) for statement in protocol.reallocation),
        response=tuple(reason for s in protocol.response if (reason := _said(s, values))),
        notices=tuple(_group_notices(protocol, eligible, outcomes)),
    )


def _eligible(protocol: Protocol, values: Mapping[str, Value]) -> str:
    outcomes = possible_outcomes(protocol.eligibility_diagram, values)
    return outcomes[0] if len(outcomes) == 1 else "undetermined"


def _move(statement: Statement, values: Mapping[str, Value], possible: Sequence[str]) -> Move:
    """A re-allocation applies only to a child that is, or may be, in a group it names."""
    assert statement.rule is not None
    reason = Reason(statement, explain(statement.rule, values))
    applies = reason.verdict
    if statement.applies_to:
        concerned = [group in statement.applies_to for group in possible]
        if not any(concerned):
            applies = False
        elif not all(concerned) and applies:
            applies = None
    return Move(reason, applies)


def _group_notices(protocol: Protocol, eligible: str, outcomes: Sequence[str]) -> list[str]:
    notices = []
    if eligible == "no":
        return [f"{protocol.title}: not eligible, so no group is given."]
    if NOT_COVERED in outcomes:
        only = len(outcomes) == 1
        text = "does not cover a child with these results" if only else "does not cover every result that is still possible"
        notices.append(f"{protocol.title}: the source {text} (not_covered).")
    if OFF_STUDY in outcomes:
        only = len(outcomes) == 1
        text = (
            "takes a child with these results off study"
            if only
            else "takes a child off study for a result that is still possible"
        )
        notices.append(f"{protocol.title}: {text} (off_study).")
    return notices


class _Settling:
    """What would settle a group: facts, and the findings behind facts that are judgements, each worked out once a child."""

    def __init__(self, values: Mapping[str, Value], knowledge: Knowledge) -> None:
        self.values = values
        self.knowledge = knowledge
        self.known_ways: dict[str, list[tuple[str, ...]]] = {}

    def sets(self, diagram: Diagram) -> tuple[tuple[str, ...], ...]:
        """Settling sets in the rules' own facts, and, where findings settle a judgement, in those findings too."""
        sets = settling_sets(diagram, self.values)
        found: dict[tuple[str, ...], None] = dict.fromkeys(sets)
        for facts in sets:
            expanded: list[tuple[str, ...]] = [()]
            for fact in facts:
                ways = [(fact,), *self.ways(fact)]
                expanded = [(*left, *way) for left in expanded for way in ways][:24]
            found.update(dict.fromkeys(tuple(dict.fromkeys(names)) for names in expanded))
        return tuple(found)

    def ways(self, fact: str) -> list[tuple[str, ...]]:
        """Sets of findings that surely settle a judgement, whatever they turn out to be."""
        if fact not in self.known_ways:
            self.known_ways[fact] = self.ways_to_judge(fact)
        return self.known_ways[fact]

    def ways_to_judge(self, fact: str) -> list[tuple[str, ...]]:
        judgement = self.knowledge.judgement_of.get(fact)
        if judgement is None:
            return []
        outcomes = possible_outcomes(judgement.diagram, self.values)
        if NOT_COVERED in outcomes or UNDEFINED in outcomes:
            return []
        ways = []
        for facts in settling_sets(judgement.diagram, self.values):
            base: list[str] = []
            for name in facts:
                deeper = self.ways(name)
                if name in self.knowledge.judgement_of and not deeper:
                    break
                base.extend(deeper[0] if deeper else (name,))
            else:
                ways.append(tuple(dict.fromkeys(base)))
        return ways


# -- everything else -----------------------------------------------------------------------------------------------------


def _reasons(statements: Sequence[Statement], values: Mapping[str, Value]) -> tuple[Reason, ...]:
    return tuple(Reason(s, explain(s.rule, values)) for s in statements if s.rule is not None)


def _said(statement: Statement, values: Mapping[str, Value]) -> Reason | None:
    """The statement with its reason, where it applies."""
    if not statement.computed or statement.rule is None or verdict(statement.rule, values) is not True:
        return None
    return Reason(statement, explain(statement.rule, values))


def _missing(said: Mapping[str, tuple[Reason, ...]], values: Mapping[str, Value]) -> tuple[str, ...]:
    """Facts whose absence the statements on the work-up complain of."""
    names: dict[str, None] = {}
    for topic in ("diagnosis", "cns"):
        for reason in said.get(topic, ()):
            if reason.statement.kind == "missing" and reason.statement.rule is not None:
                for leaf in tree.leaves(reason.statement.rule):
                    if isinstance(leaf, tree.IsMissing) and not is_known(values.get(leaf.fact.name)):
                        names[leaf.fact.name] = None
    return tuple(names)


def _mrd(readings: Mapping[str, Reading], knowledge: Knowledge) -> tuple[TimePointMrd, ...]:
    points = []
    for name, definition in knowledge.vocabulary.facts.items():
        if definition.read.get("by") != "at_timepoint" or definition.read.get("finding") != "mrd":
            continue
        reading = readings[name]
        for finding in reading.findings:
            points.append(
                TimePointMrd(
                    fact=name,
                    timepoint=knowledge.vocabulary.timepoints[finding.timepoint],
                    value=finding.value,
                    said=_say_mrd(finding.value, finding.word, definition),
                    when=str(finding.when),
                    method=str(finding.extra.get("method") or ""),
                    sensitivity=finding.extra.get("sensitivity"),
                    word=finding.word,
                )
            )
    return tuple(points)


def _say_mrd(value: Value, word: str, definition: FactDefinition) -> str:
    said = "" if value is None else say_value(value, definition)
    if not word:
        return said
    words = word.replace("_", " ")
    return f"{words} ({said})" if said else f"{words}, how low is not stated"


def _induction_start(record: Record) -> int | None:
    """Day (from diagnosis) on which the prophase or induction started; the day of diagnosis where none is recorded."""
    days = [t.when.day for t in record.treatment if t.course in ("prophase", "induction") and t.when.day is not None]
    return min(days, default=None)


def _age_notices(values: Mapping[str, Value]) -> list[str]:
    age = values.get("age_days_at_diagnosis")
    low = age.low if isinstance(age, Interval) else age
    high = age.high if isinstance(age, Interval) else age
    if isinstance(low, int | float) and low > INFANT_DAYS:
        return [
            f"Not infant ALL by these definitions: {say_days(low)} old at diagnosis, and infants are 365 days or younger. "
            "What the record shows is still listed; the infant protocols do not apply."
        ]
    if isinstance(high, int | float) and high > INFANT_DAYS:
        return ["Whether this is infant ALL is open: the age as recorded reaches over 365 days."]
    if age is None:
        return ["Age at diagnosis is not known, so whether this is infant ALL is open."]
    return []


def say_days(days: float) -> str:
    """A number of days, in words."""
    return f"{int(days):,} days"


def _cns_notice(values: Mapping[str, Value]) -> list[str]:
    if is_known(values.get("cns_status")) and values.get("cns_signs") is None and values.get("cns_signs_recorded") == "no":
        return [
            "Clinical signs of CNS disease are neither recorded as present nor as absent: the CNS class is that of the spinal "
            "fluid, and CNS3c is not excluded."
        ]
    return []


def _silence(readings: Mapping[str, Reading], knowledge: Knowledge) -> list[str]:
    """Judgements that would be another if something the record is silent about were recorded: said each time."""
    facts = knowledge.vocabulary.facts
    values = {name: reading.value for name, reading in readings.items()}
    notices = []
    for judgement in knowledge.judgements:
        reading = readings[judgement.fact]
        if judgement.fact == "cns_status" or not reading.judged or not is_known(reading.value):
            continue
        for name in judgement.diagram.facts:
            finding = str(facts[name].read.get("finding"))
            silent = facts[name].read.get("by") == "recorded" and values.get(name) == "no"
            if not silent or facts[name].read.get("timepoint") or is_known(values.get(finding)):
                continue
            if possible_outcomes(judgement.diagram, {**values, name: "yes"}) != (reading.value,):
                label = facts[judgement.fact].label
                notices.append(
                    f"{label[:1].upper()}{label[1:]} rests on a silent record: {facts[finding].label} is not recorded. "
                    f"If it were recorded as {facts[name].read['value']}, the answer could be another."
                )
    return notices


def _implausible(readings: Mapping[str, Reading], knowledge: Knowledge) -> list[str]:
    """Numbers that are possible but unusual: worth a second look at the entry."""
    notices = []
    for name, definition in knowledge.vocabulary.facts.items():
        value = readings[name].value
        if definition.plausible and isinstance(value, int | float) and definition.read.get("by") != "age":
            low, high = definition.plausible
            if not low <= value <= high:
                said = say_value(value, definition)
                notices.append(
                    f"{definition.label[:1].upper()}{definition.label[1:]} of {said} is unusual: check the value and its unit."
                )
    return notices


def _reading_notices(readings: Mapping[str, Reading]) -> list[str]:
    return [notice for reading in readings.values() for notice in reading.notices]


def as_of_date(record: Record, day: dt.date | int | None) -> AsOf | None:
    """The day of assessment from a date or, for a record without dates, a day counted from diagnosis.

    Raises:
        ValueError: a date for a record without dates, or a day for one with.
    """
    if day is None:
        return None
    if isinstance(day, int):
        if record.diagnosed is None:
            return AsOf(None, day)
        return AsOf(record.diagnosed + dt.timedelta(days=day), day)
    if record.diagnosed is None:
        if any(f.when.on is not None for f in record.findings):
            return AsOf(day, None)
        raise ValueError("a date for a record without dates")
    return AsOf(day, (day - record.diagnosed).days)


__all__ = ["as_of_date", "assess", "assess_facts", "open_facts"]
