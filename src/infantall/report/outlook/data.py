"""An outlook as plain data, for ``--format json``: every number as printed, and the words the other forms show for it."""

from __future__ import annotations

from typing import Any

from infantall.care.as_json import JsonWriter
from infantall.care.outlook import FactorMatch, OutcomeMatch, Outlook, TimingMatch
from infantall.care.result import NOT_A_DEVICE, say_verdict
from infantall.knowledge.evidence import Gap
from infantall.knowledge.library import Conflict, Statement

from . import words


def outlook_data(outlook: Outlook) -> dict[str, Any]:
    """The outlook as the contract's JSON object."""
    assessment = outlook.assessment
    writer = _Writer(JsonWriter(assessment))
    return {
        "id": assessment.record.id,
        "as_of": str(assessment.as_of),
        "notices": list(outlook.notices),
        "rows": [writer.row(match) for match in outlook.rows],
        "other_series": [writer.row(match) for match in outlook.other_series],
        "factors": [writer.factor(match) for match in outlook.factors],
        "transplant": [writer.factor(match) for match in outlook.transplant],
        "timing": [writer.timing(match) for match in outlook.timing],
        "not_known": [writer.gap(found) for found in outlook.not_known],
        "conflicts": [writer.conflict(found) for found in outlook.conflicts],
        "left_out": [{"reason": reason, "number": number} for reason, number in words.left_out(outlook)],
        "knowledge": writer.json.knowledge(),
        "sources": writer.json.bibliography(),
        "disclaimer": NOT_A_DEVICE,
    }


class _Writer:
    def __init__(self, writer: JsonWriter) -> None:
        self.json = writer

    def row(self, match: OutcomeMatch) -> dict[str, Any]:
        outcome = match.outcome
        because = self.json.reason(match.reason)
        if match.as_count:
            because["says"] = f"{outcome.title}: {outcome.subgroup}: {words.endpoint(outcome)}, {words.result(match)}"
        return {
            **self.cited(outcome.statement),
            "study": outcome.study,
            "title": outcome.title,
            "subgroup": outcome.subgroup,
            "definition": outcome.statement.in_words,
            "applies": say_verdict(match.verdict),
            "waits_for": list(match.waits_for),
            "if_kmt2a": match.world or None,
            "asks": list(match.asks),
            "n": outcome.n,
            "count": match.count,
            "endpoint": outcome.endpoint,
            "endpoint_in_words": words.endpoint(outcome),
            "section": outcome.section,
            "clock": outcome.clock,
            "time_years": outcome.time_years,
            "estimate_pct": outcome.estimate_pct,
            "uncertainty": outcome.printed or None,
            "se_pct": outcome.se_pct,
            "ci_pct": list(outcome.ci_pct) if outcome.ci_pct else None,
            "as_count": match.as_count,
            "shown_as": words.result(match),
            "frequency": words.frequency(match) or None,
            "era": outcome.era,
            "countries": outcome.countries,
            "treatment": outcome.treatment,
            "blinatumomab": outcome.blinatumomab,
            "population": outcome.population,
            "beyond": outcome.beyond or None,
            "note": " ".join(words.full_stop(n) for n in (outcome.statement.note, outcome.note) if n) or None,
            "because": because,
        }

    def factor(self, match: FactorMatch) -> dict[str, Any]:
        factor = match.factor
        return {
            **self.cited(factor.statement),
            "study": factor.study_facts.id,
            "title": factor.study_facts.title,
            "factor": factor.factor,
            "level": factor.level,
            "reference": factor.reference,
            "direction": factor.direction,
            "outcome": factor.outcome,
            "model": factor.model,
            "hr": factor.hr,
            "ci": list(factor.ci) if factor.ci else None,
            "ci_level": factor.ci_level if factor.ci else None,
            "p": factor.p or None,
            "n": factor.n,
            "says": factor.statement.says,
            "caution": factor.caution or None,
            "side": match.side or None,
            "applies": say_verdict(match.reason.verdict),
            "waits_for": list(match.waits_for),
            "era": factor.study_facts.era,
            "countries": factor.study_facts.countries,
            "treatment": factor.study_facts.treatment,
            "blinatumomab": factor.study_facts.blinatumomab,
            "population": factor.population,
            "beyond": factor.beyond or None,
            "note": factor.study_facts.note or None,
            "because": self.json.reason(match.reason),
        }

    def timing(self, match: TimingMatch) -> dict[str, Any]:
        timing = match.timing
        return {
            **self.cited(timing.statement),
            "topic": timing.statement.topic,
            "study": timing.study,
            "group": timing.group,
            "quantity": timing.quantity,
            "printed": timing.printed,
            "value": timing.value,
            "unit": timing.unit or None,
            "says": timing.statement.says,
            "applies": say_verdict(match.reason.verdict),
            "waits_for": list(match.waits_for),
            "population": timing.population,
            "beyond": timing.beyond or None,
            "because": self.json.reason(match.reason),
        }

    def gap(self, gap: Gap) -> dict[str, Any]:
        return {
            "id": gap.id,
            "title": gap.title,
            "kind": gap.kind,
            "topic": gap.topic,
            "says": gap.statement.says,
            "would_help": gap.would_help,
            "sources": self.json.sources(gap.statement.citations),
        }

    def conflict(self, conflict: Conflict) -> dict[str, Any]:
        return {
            "id": conflict.id,
            "title": conflict.title,
            "sides": [{"says": side.says, "sources": self.json.sources(side.citations)} for side in conflict.sides],
            "used": conflict.choice,
            "because": conflict.because,
            "confirm": conflict.confirm,
        }

    def cited(self, statement: Statement) -> dict[str, Any]:
        return {
            "id": statement.id,
            "sources": self.json.sources(statement.citations),
            "confidence": statement.confidence,
            "reviewed": bool(statement.review),
        }
