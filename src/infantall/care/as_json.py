"""The assessment as the JSON of the contract (docs/reference/assessment-json.md), and the parts other JSON is made of."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from infantall.facts.values import Choice, Interval, Value
from infantall.facts.vocabulary import FactDefinition
from infantall.knowledge.library import Citation, Conflict, Statement
from infantall.rules import english, tree
from infantall.rules.interpret import Explanation

from .classify import Classified, classify
from .judge import possible_words
from .result import (
    NOT_A_DEVICE,
    Assessment,
    CriterionResult,
    NextStep,
    ProtocolResult,
    Reason,
    TimePointMrd,
    ordered_verdicts,
    say_verdict,
)
from .side_by_side import Column, Line, side_by_side


def to_json(assessment: Assessment) -> dict[str, Any]:
    """The assessment as the contract's JSON object."""
    writer = JsonWriter(assessment)
    return {
        "id": assessment.record.id,
        "as_of": str(assessment.as_of),
        "file": assessment.record.file or None,
        "next_steps": [writer.step(step) for step in assessment.next_steps],
        "facts": {name: plain(value) for name, value in assessment.values.items()},
        "fact_details": writer.details(),
        "diagnosis": {
            "established": assessment.established,
            "missing": list(assessment.missing),
            "because": writer.reasons(assessment.established_reasons),
            "statements": [
                writer.reason(r) for topic in ("diagnosis", "cns", "presentation") for r in assessment.said.get(topic, ())
            ],
        },
        "classification": {
            "lineage": plain(assessment.values.get("lineage")),
            "class": assessment.leukaemia_class,
            "possible": list(assessment.possible_classes),
            "possible_lineages": list(possible_words("lineage", assessment.values, assessment.knowledge)),
            "cns_status": plain(assessment.values.get("cns_status")),
            "possible_cns_status": list(possible_words("cns_status", assessment.values, assessment.knowledge)),
            "systems": [writer.classified(c) for c in classify(assessment)],
            "because": [
                reason
                for name in ("lineage", "leukaemia_class", "cns_status")
                for reason in writer.reasons(assessment.judgements[name])
            ],
        },
        "protocols": [writer.protocol(result) for result in assessment.protocols],
        "side_by_side": [writer.column(column) for column in side_by_side(assessment).columns],
        "response": {
            "prednisone_response": plain(assessment.values.get("prednisone_response")),
            "marrow_end_of_induction": plain(assessment.values.get("marrow_end_of_induction")),
            "remission_end_of_induction": plain(assessment.values.get("remission_end_of_induction")),
            "mrd": [writer.mrd(point) for point in assessment.mrd],
            "because": [
                reason
                for name in ("prednisone_response", "marrow_end_of_induction", "remission_end_of_induction")
                for reason in writer.reasons(assessment.judgements[name])
            ],
            "statements": [writer.reason(r) for r in assessment.said.get("response", ())],
        },
        "notices": list(assessment.notices),
        "knowledge": writer.knowledge(),
        "sources": writer.bibliography(),
        "disclaimer": NOT_A_DEVICE,
    }


def plain(value: Value) -> Any:
    """A value as JSON holds it: null where it is not fully known."""
    if value is None or isinstance(value, Interval | Choice):
        return None
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return int(value)
    return value


class JsonWriter:
    """Reasons, criteria and statements of one child as JSON holds them; remembers which sources it named."""

    def __init__(self, assessment: Assessment) -> None:
        self.assessment = assessment
        self.vocabulary = assessment.knowledge.vocabulary
        self.cited: dict[str, None] = {}

    def fact(self, name: str) -> FactDefinition:
        return self.vocabulary.facts[name]

    def details(self) -> dict[str, Any]:
        """For each fact of which anything is known or noticed: in words, bounds, possible values, evidence."""
        found = {}
        for name, reading in self.assessment.readings.items():
            value = self.assessment.values[name]
            if value is None and not reading.notices and not reading.findings:
                continue
            definition = self.fact(name)
            detail: dict[str, Any] = {"label": definition.label, "said": english.say_value(value, definition)}
            if definition.unit:
                detail["unit"] = definition.unit
            if isinstance(value, Interval):
                detail["low"] = value.low if math.isfinite(value.low) else None
                detail["high"] = value.high if math.isfinite(value.high) else None
            if isinstance(value, Choice):
                detail["possible"] = [word for word in definition.values if word in value.values]
            detail["judged"] = reading.judged
            detail["from"] = [
                {
                    "what": f.what,
                    "printed": f.printed,
                    "when": str(f.when),
                    "method": f.extra.get("method"),
                    "place": f.place,
                }
                for f in reading.findings
            ]
            detail["notices"] = list(reading.notices)
            found[name] = detail
        return found

    def sources(self, citations: Sequence[Citation]) -> list[str]:
        names = [citation.source for citation in citations]
        self.cited.update(dict.fromkeys(names))
        return names

    def statement(self, statement: Statement) -> dict[str, Any]:
        return {
            "id": statement.id,
            "says": statement.says,
            "rule": statement.in_words or None,
            "rule_text": statement.rule_text or None,
            "confidence": statement.confidence,
            "review": statement.review or None,
            "sources": self.sources(statement.citations),
            "note": statement.note or None,
            "clarification": statement.clarification or None,
            "conflicts": [c.id for c in self.conflicts(statement)],
        }

    def conflicts(self, statement: Statement) -> tuple[Conflict, ...]:
        return self.assessment.knowledge.conflicts_by_statement.get(statement.id, ())

    def reason(self, reason: Reason) -> dict[str, Any]:
        return {
            **self.statement(reason.statement),
            "gives": reason.statement.gives or None,
            "verdict": say_verdict(reason.verdict),
            "explanation": self.explanation(reason.explanation),
        }

    def reasons(self, reasons: Sequence[Reason]) -> list[dict[str, Any]]:
        """The rules of an ordered set: ``verdict`` takes the earlier rules into account, the explanation is the rule's own."""
        return [
            {**self.reason(reason), "verdict": say_verdict(verdict)}
            for reason, verdict in zip(reasons, ordered_verdicts(reasons), strict=True)
        ]

    def explanation(self, explanation: Explanation) -> dict[str, Any]:
        node: dict[str, Any] = {"kind": explanation.kind, "verdict": say_verdict(explanation.verdict)}
        if explanation.leaf is not None:
            node["test"] = english.sentence(explanation.leaf, self.vocabulary)
            node["facts"] = [self.leaf_fact(name) for name in explanation.facts]
            threshold = _threshold(explanation.leaf)
            if threshold is not None:
                node["threshold"] = threshold
        if explanation.parts:
            node["parts"] = [self.explanation(part) for part in explanation.parts]
        return node

    def leaf_fact(self, name: str) -> dict[str, Any]:
        definition, value = self.fact(name), self.assessment.values.get(name)
        reading = self.assessment.readings[name]
        return {
            "fact": name,
            "value": plain(value),
            "unit": definition.unit or None,
            "said": english.say_value(value, definition),
            "on": [str(f.when) for f in reading.findings] or None,
        }

    def step(self, step: NextStep) -> dict[str, Any]:
        return {
            "fact": step.fact,
            "label": step.label,
            "ask": list(step.ask),
            "settles": list(step.settles),
            "matters_for": list(step.matters_for),
            "opens": list(step.opens),
            "why": step.why,
            "by": [due.by for due in step.due],
            "due_on": step.due_on or None,
            "overdue": step.overdue,
            "answers": [{"answer": a.answer, "means": dict(a.meanings)} for a in step.answers],
            "sources": [s for due in step.due for s in self.sources(due.citations)],
        }

    def protocol(self, result: ProtocolResult) -> dict[str, Any]:
        protocol = result.protocol
        return {
            "protocol": protocol.id,
            "title": protocol.title,
            "registry": list(protocol.registry),
            "eligible": result.eligible,
            "eligibility": [self.criterion(criterion) for criterion in result.criteria],
            "stratified": protocol.stratified,
            "risk_group": result.group,
            "possible": list(result.possible),
            "because": self.reasons(result.reasons),
            "would_settle": [list(facts) for facts in result.would_settle],
            "reallocation": [
                {
                    **self.reason(move.reason),
                    "to": move.reason.statement.gives,
                    "verdict": say_verdict(move.verdict),
                    "when": move.reason.statement.in_words,
                }
                for move in result.moves
            ],
            "response": [self.reason(reason) for reason in result.response],
            "notices": list(result.notices),
            "sources": self.sources(protocol.citations),
        }

    def criterion(self, criterion: CriterionResult) -> dict[str, Any]:
        item = {
            **self.statement(criterion.statement),
            "label": criterion.statement.label,
            "kind": criterion.statement.effect or "administrative",
            "met": say_verdict(criterion.met) if criterion.reason else "not judged",
        }
        if criterion.reason:
            item["explanation"] = self.explanation(criterion.reason.explanation)
        return item

    def classified(self, c: Classified) -> dict[str, Any]:
        return {
            "system": c.system,
            "fact": c.fact,
            "class": c.value,
            "possible": list(c.possible),
            "because": self.reason(c.decided_by) if c.decided_by else None,
        }

    def column(self, c: Column) -> dict[str, Any]:
        """One protocol beside the others; a thing of which nothing was read is an empty list."""
        return {
            "protocol": c.result.protocol.id,
            "eligible": c.result.eligible,
            "group": c.result.group,
            "possible": list(c.result.possible),
            "excluded_by": c.excluded_by.statement.label if c.excluded_by else None,
            **{what: [self.line(line) for line in lines] for what, lines in c.cells.items()},
            "t_lineage": [self.line(line) for line in c.t_lineage],
        }

    def line(self, line: Line) -> dict[str, Any]:
        said = self.statement(line.reason.statement)
        return {**said, "only_for": list(line.only_for), "applies": say_verdict(line.reason.verdict)}

    def mrd(self, point: TimePointMrd) -> dict[str, Any]:
        return {
            "timepoint": point.timepoint,
            "fact": point.fact,
            "value": plain(point.value),
            "low": point.value.low if isinstance(point.value, Interval) else None,
            "high": point.value.high if isinstance(point.value, Interval) else None,
            "said": point.said,
            "on": point.when,
            "method": point.method or None,
            "sensitivity": point.sensitivity,
            "reported_as": point.word or None,
        }

    def knowledge(self) -> dict[str, Any]:
        """Which knowledge was used, exactly."""
        known = self.assessment.knowledge
        return {"packs": [dict(pack) for pack in known.packs], "fingerprint": known.fingerprint}

    def bibliography(self) -> dict[str, Any]:
        """Every source named so far."""
        known = self.assessment.knowledge.sources
        return {
            name: {"text": known[name].text, "read": known[name].read, "links": list(known[name].links)}
            for name in sorted(self.cited)
        }


def _threshold(leaf: tree.Leaf) -> Any:
    match leaf:
        case tree.Compare(op, tree.Fact(), tree.Number(value)):
            return {"op": op, "value": plain(value)}
        case tree.IsOneOf(_, words):
            return {"op": "in", "value": list(words)}
    return None
