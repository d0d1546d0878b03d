"""Published results as knowledge: as printed, defined by rules, and apart where a study divides its infants."""

from __future__ import annotations

import itertools
from collections import defaultdict
from typing import Any

import pytest

from helpers.children import judged_values
from infantall.knowledge.evidence import Outcome
from infantall.knowledge.evidence_compiler import outcome_sentence
from infantall.knowledge.library import Knowledge
from infantall.knowledge.schema import OutcomeRow, PrintedUncertainty
from infantall.rules.interpret import verdict


def holds(outcome: Outcome, facts: dict[str, Any], knowledge: Knowledge) -> bool | None:
    assert outcome.statement.rule is not None
    return verdict(outcome.statement.rule, judged_values(facts, knowledge))


def by_id(knowledge: Knowledge, identifier: str) -> Outcome:
    return next(o for o in knowledge.outcomes if o.statement.id == f"outcome.{identifier}")


def test_an_empty_record_belongs_to_no_published_group(knowledge: Knowledge) -> None:
    assert all(holds(outcome, {}, knowledge) is not True for outcome in knowledge.outcomes)


@pytest.mark.parametrize(
    ("identifier", "facts", "expected"),
    [
        ("mll-10.ir.efs-3y", {"kmt2a_status": "rearranged", "age_days_at_diagnosis": 180, "cns_disease": "no"}, True),
        ("mll-10.ir.efs-3y", {"kmt2a_status": "rearranged", "age_days_at_diagnosis": 179, "cns_disease": "no"}, False),
        ("mll-10.hr.efs-3y", {"kmt2a_status": "rearranged", "age_days_at_diagnosis": 179}, True),
        ("mll-10.hr.efs-3y", {"kmt2a_status": "rearranged", "age_days_at_diagnosis": 180}, None),
        ("interfant-99.congenital.efs-2y", {"age_months_at_diagnosis": 0}, True),
        ("interfant-99.congenital.efs-2y", {"age_months_at_diagnosis": 1}, False),
        ("p9407.to-90-days.efs-5y", {"age_days_at_diagnosis": 90}, True),
        ("p9407.to-90-days.efs-5y", {"age_days_at_diagnosis": 91}, False),
        ("p9407.over-90-days-germline.efs-5y", {"age_days_at_diagnosis": 91, "kmt2a_status": "germline"}, True),
        ("p9407.over-90-days-germline.efs-5y", {"age_days_at_diagnosis": 91, "kmt2a_status": "not_evaluable"}, False),
        ("interfant-06.hr.efs-6y", {"kmt2a_status": "rearranged", "age_months_at_diagnosis": 5, "wbc_at_diagnosis": 300}, True),
        ("interfant-06.hr.efs-6y", {"kmt2a_status": "rearranged", "age_months_at_diagnosis": 6, "wbc_at_diagnosis": 300}, False),
        ("interfant-06.hr.efs-6y", {"kmt2a_status": "rearranged", "age_months_at_diagnosis": 5, "wbc_at_diagnosis": 299}, None),
        ("bfm-83-86-90.poor-response.efs-6y", {"day8_blasts": 1000}, True),
        ("bfm-83-86-90.poor-response.efs-6y", {"day8_blasts": 999}, False),
    ],
)
def test_definitions_at_their_edges(identifier: str, facts: dict[str, Any], expected: bool | None, knowledge: Knowledge) -> None:
    assert holds(by_id(knowledge, identifier), facts, knowledge) is expected


def test_the_parts_of_a_study_do_not_overlap(knowledge: Knowledge) -> None:
    parts: dict[tuple[str, str, float], list[Outcome]] = defaultdict(list)
    for outcome in knowledge.outcomes:
        if outcome.part_of:
            parts[outcome.part_of, outcome.endpoint, outcome.time_years].append(outcome)
    assert parts
    for days, kmt2a, cns in itertools.product(
        (0, 89, 90, 91, 179, 180, 200, 365), ("rearranged", "germline", "not_evaluable"), ("yes", "no")
    ):
        facts = {"age_days_at_diagnosis": days, "kmt2a_status": kmt2a, "cns_disease": cns}
        for together in parts.values():
            assert len(together) > 1
            assert sum(holds(outcome, facts, knowledge) is True for outcome in together) <= 1


@pytest.mark.parametrize("wrong", [{}, {"se": 1, "sd": 1}, {"ci": [50, 40]}, {"ci": [50]}, {"se": -1}])
def test_a_spread_is_one_thing_as_printed(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        PrintedUncertainty(**wrong)


def test_an_estimate_is_said_as_it_was_printed() -> None:
    row = OutcomeRow(
        id="x", when="TRUE", subgroup="Everybody", endpoint="EFS", clock="not_stated", time_years=3, estimate_pct=66.2,
        n=75, uncertainty=PrintedUncertainty(plus_minus=5.6), sources=["a"], confidence="seen",
    )  # fmt: skip
    assert outcome_sentence(row) == "Everybody: EFS 66.2% at 3 years (± 5.6 (kind not stated)), 75 infants"
