"""The assessment as objects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from infantall.facts.values import Value
from infantall.knowledge.library import Knowledge, Protocol, Statement
from infantall.record.derive import AsOf, Reading
from infantall.record.model import Record
from infantall.rules import english
from infantall.rules.interpret import Explanation, Verdict, all_of, any_of, negated

NOT_A_DEVICE = (
    "InfantALL is decision support and education for people who remain responsible. It is not a medical device and gives no "
    "dose. No clinician has reviewed this knowledge unless a statement says so."
)


@dataclass(frozen=True, slots=True)
class Reason:
    """A statement, its verdict for this child, and why."""

    statement: Statement
    explanation: Explanation

    @property
    def verdict(self) -> Verdict:
        return self.explanation.verdict


@dataclass(frozen=True, slots=True)
class CriterionResult:
    """An eligibility criterion: met, not met, unknown; None in ``reason`` where it is administrative."""

    statement: Statement
    reason: Reason | None
    met: Verdict


@dataclass(frozen=True, slots=True)
class Move:
    """A later re-allocation, apart from the group as allocated."""

    reason: Reason
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class ProtocolResult:
    """One protocol's view of the child."""

    protocol: Protocol
    eligible: str
    criteria: tuple[CriterionResult, ...]
    group: str | None
    possible: tuple[str, ...]
    without_group: tuple[str, ...]
    reasons: tuple[Reason, ...]
    would_settle: tuple[tuple[str, ...], ...]
    moves: tuple[Move, ...]
    response: tuple[Reason, ...]
    notices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AnswerMeaning:
    """What one answer to an open question would mean, protocol by protocol."""

    answer: str
    meanings: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class NextStep:
    """Something to find out: what it would change, what each answer would mean, and by when.

    Attributes:
        fact: the open fact.
        ask: the open findings behind a judgement (``day8_blasts`` for the prednisone response).
        settles: titles of the protocols whose group it would settle alone.
        matters_for: titles of the protocols whose group it can change.
        opens: other questions it would answer (``lineage``).
        due: due statements that apply, for by when.
        due_on: the date or day it falls due, where the source gives a protocol day.
        overdue: whether that day has passed on the day of assessment.
    """

    fact: str
    label: str
    ask: tuple[str, ...]
    ask_labels: tuple[str, ...]
    settles: tuple[str, ...]
    matters_for: tuple[str, ...]
    opens: tuple[str, ...]
    answers: tuple[AnswerMeaning, ...]
    due: tuple[Statement, ...]
    due_on: str = ""
    overdue: bool = False
    why: str = ""


@dataclass(frozen=True, slots=True)
class TimePointMrd:
    """Minimal residual disease at one time point, as reported."""

    fact: str
    timepoint: str
    value: Value
    said: str
    when: str
    method: str
    sensitivity: float | None
    word: str


@dataclass(frozen=True)
class Assessment:
    """Everything InfantALL can say about one child on one day."""

    record: Record
    as_of: AsOf
    readings: Mapping[str, Reading]
    values: Mapping[str, Value]
    next_steps: tuple[NextStep, ...]
    established: str
    established_reasons: tuple[Reason, ...]
    missing: tuple[str, ...]
    judgements: Mapping[str, tuple[Reason, ...]]
    leukaemia_class: str | None
    possible_classes: tuple[str, ...]
    protocols: tuple[ProtocolResult, ...]
    mrd: tuple[TimePointMrd, ...]
    said: Mapping[str, tuple[Reason, ...]]
    notices: tuple[str, ...]
    knowledge: Knowledge

    def label(self, fact: str) -> str:
        """The fact's label in words."""
        return self.knowledge.vocabulary.facts[fact].label

    def say(self, fact: str) -> str:
        """What is known of a fact, in words."""
        return english.say_value(self.values.get(fact), self.knowledge.vocabulary.facts[fact])


def say_verdict(verdict: Verdict) -> str:
    """yes, no or undetermined."""
    return "undetermined" if verdict is None else "yes" if verdict else "no"


def ordered_verdicts(reasons: Sequence[Reason]) -> list[Verdict]:
    """Whether each rule of an ordered set gives the outcome: TRUE only where it is TRUE and every earlier rule is FALSE."""
    verdicts: list[Verdict] = []
    earlier: Verdict = False
    for reason in reasons:
        verdicts.append(all_of([negated(earlier), reason.verdict]))
        earlier = any_of([earlier, reason.verdict])
    return verdicts
