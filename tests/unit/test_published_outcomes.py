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


def test_an_empty_record_belongs_to_no_published_group(knowledge: Knowledge) -> None:
    assert all(holds(outcome, {}, knowledge) is not True for outcome in knowledge.outcomes)


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
