"""The leukaemia named by each classification, in that system's own order of decisions."""

from __future__ import annotations

from dataclasses import dataclass

from infantall.facts.values import is_known

from .judge import possible_words
from .result import Assessment, Reason, ordered_verdicts

SYSTEMS = {
    "who_haem5_class": "WHO-HAEM5 (2022)",
    "icc_2022_class": "ICC 2022",
    "egil_stage": "EGIL, B lineage",
    "egil_t_stage": "EGIL, T lineage",
}


@dataclass(frozen=True, slots=True)
class Classified:
    """What one system says. ``value`` is None while open; then ``possible`` holds what could still be.

    ``decided_by`` is the rule that surely decides: one that gives the value, or one that says no source covers the child.
    """

    fact: str
    system: str
    value: str | None
    possible: tuple[str, ...]
    decided_by: Reason | None


def systems(assessment: Assessment) -> dict[str, str]:
    """The systems that can say something of this child, by fact: no B stages for T lineage, no T stages for B."""
    other = {"B": "egil_t_stage", "T": "egil_stage"}.get(str(assessment.values.get("lineage")))
    return {fact: system for fact, system in SYSTEMS.items() if fact in assessment.judgements and fact != other}


def classify(assessment: Assessment) -> tuple[Classified, ...]:
    """Every such system for one child."""
    return tuple(_classified(fact, system, assessment) for fact, system in systems(assessment).items())


def _classified(fact: str, system: str, assessment: Assessment) -> Classified:
    value = assessment.values.get(fact)
    reasons = assessment.judgements[fact]
    verdicts = ordered_verdicts(reasons)
    decided = next((r for r, v in zip(reasons, verdicts, strict=True) if v), None)
    possible = possible_words(fact, assessment.values, assessment.knowledge)
    return Classified(fact, system, str(value) if is_known(value) else None, possible, decided)
