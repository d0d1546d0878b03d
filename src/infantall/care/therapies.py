"""Newer therapies: what is known of each, and which of it is about a child like this one."""

from __future__ import annotations

from dataclasses import dataclass

from infantall.knowledge.evidence import Therapy, TherapyPart
from infantall.knowledge.library import Knowledge
from infantall.rules.interpret import Values, Verdict, explain

from .criteria import never_sure, open_facts
from .result import Reason

PARTS = ("what", "evidence", "label", "standing", "harm", "unknown")


@dataclass(frozen=True, slots=True)
class PartResult:
    """One thing known about a therapy, and whether it is about this child: TRUE, FALSE, or None with what would tell."""

    part: TherapyPart
    reason: Reason
    waits_for: tuple[str, ...]

    @property
    def verdict(self) -> Verdict:
        return self.reason.verdict


@dataclass(frozen=True, slots=True)
class TherapyResult:
    """A therapy with all its parts, in the order of :data:`PARTS`."""

    therapy: Therapy
    parts: tuple[PartResult, ...]

    def of(self, part: str) -> tuple[PartResult, ...]:
        """The parts of one sort."""
        return tuple(p for p in self.parts if p.part.part == part)


def therapies(values: Values, knowledge: Knowledge) -> tuple[TherapyResult, ...]:
    """Every therapy known, whether it fits or not. Unverified parts are left out."""
    return tuple(TherapyResult(therapy, _parts(therapy, values)) for therapy in knowledge.evidence.therapies)


def _parts(therapy: Therapy, values: Values) -> tuple[PartResult, ...]:
    found = []
    for part in sorted(therapy.parts, key=lambda p: PARTS.index(p.part)):
        rule = part.statement.rule
        if rule is None or not part.statement.computed:
            continue
        explanation = explain(rule, values)
        explanation = explanation._replace(verdict=never_sure(explanation.verdict, part.beyond))
        found.append(PartResult(part, Reason(part.statement, explanation), open_facts(explanation, values)))
    return tuple(found)
