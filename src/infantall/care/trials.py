"""Trials: each with its criteria one by one, and what would tell. Whether a place is open is never judged here."""

from __future__ import annotations

from dataclasses import dataclass

from infantall.knowledge.evidence import Trial
from infantall.knowledge.library import Knowledge
from infantall.rules import tree
from infantall.rules.interpret import Values, all_of, explain, negated, verdict

from .criteria import all_met, criterion, open_facts
from .result import CriterionResult, say_verdict

FEWEST = 2
"""With fewer criteria read than this, a child who meets them is still open."""
AFTER_RELAPSE = "a relapse is recorded, and this is a trial of first treatment"
OPEN_STATUS = ("recruiting", "not_yet_recruiting", "not_stated")


@dataclass(frozen=True, slots=True)
class TrialResult:
    """A trial and this child.

    Attributes:
        criteria: each met, not met, unknown, or (administrative) the team's to confirm.
        too_late: why a trial of first treatment is past for this child; empty otherwise.
        may_enter: ``yes``, ``no`` or ``undetermined``, by what a record can show and nothing else.
        would_tell: the open facts of criteria that are unknown.
    """

    trial: Trial
    criteria: tuple[CriterionResult, ...]
    too_late: str
    may_enter: str
    would_tell: tuple[str, ...]

    @property
    def is_open(self) -> bool:
        """Whether the page read left it possible that the trial takes children."""
        return self.trial.status in OPEN_STATUS


def trials(values: Values, knowledge: Knowledge) -> tuple[TrialResult, ...]:
    """Every trial known: those that may take children first, then by fit."""
    found = [_result(trial, values) for trial in knowledge.evidence.trials if trial.statement.confidence != "unverified"]
    return tuple(sorted(found, key=lambda r: (not r.is_open, _FIT.index(r.may_enter), r.trial.id)))


_FIT = ("yes", "undetermined", "no")
_RELAPSED = tree.IsOneOf(tree.Fact("relapse_recorded"), ("yes",))


def _result(trial: Trial, values: Values) -> TrialResult:
    criteria = tuple(criterion(statement, values) for statement in trial.criteria)
    relapsed = verdict(_RELAPSED, values) if trial.line == "first" else False
    reasons = [c.reason.explanation for c in criteria if c.reason is not None]
    if relapsed is None:
        reasons.append(explain(_RELAPSED, values))
    would_tell = dict.fromkeys(name for reason in reasons for name in open_facts(reason, values))
    met = all_of([negated(relapsed), all_met(criteria)])
    may_enter = say_verdict(met) if met is False or _was_read(criteria) else "undetermined"
    return TrialResult(trial, criteria, AFTER_RELAPSE if relapsed else "", may_enter, tuple(would_tell))


def _was_read(criteria: tuple[CriterionResult, ...]) -> bool:
    """Whether enough criteria were read: with fewer, meeting them says nothing."""
    return sum(1 for c in criteria if c.reason is not None) >= FEWEST
