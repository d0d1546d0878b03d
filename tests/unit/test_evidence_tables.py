"""The tables of the evidence dossier against the knowledge: every record is held or said not to be, number by number."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from helpers.children import judged_values
from infantall.knowledge.compiler import CORE_PACK
from infantall.knowledge.evidence import Factor, Outcome, Timing
from infantall.knowledge.library import Knowledge
from infantall.rules import tree
from infantall.rules.interpret import verdict
from infantall.text.yaml_places import read_yaml

DOSSIER = Path(__file__).parents[3] / "shared" / "evidence"
TABLES = {"outcomes": "outcomes", "hazard_ratios": "factors", "timing": "timing"}  # the table, and the folder that holds it
RECALLED = re.compile(r"\brecalled\b")

beside_the_dossier = pytest.mark.skipif(not DOSSIER.exists(), reason="the evidence dossier is not beside this checkout")


def records(table: str) -> dict[int, dict[str, str]]:
    """The records of a table of the dossier by their number, from 1."""
    with (DOSSIER / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return dict(enumerate(csv.DictReader(file), 1))


def held(folder: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every row of the knowledge files of a folder, with its name."""
    for path in sorted((CORE_PACK / folder).glob("*.yaml")):
        value, _ = read_yaml(path.read_text(encoding="utf-8"))
        for row in value[folder]:
            yield f"{path.stem}.{row['id']}", row


def not_loaded(table: str) -> list[int]:
    value, _ = read_yaml((CORE_PACK / "gaps.yaml").read_text(encoding="utf-8"))
    return [n for entry in value.get("not_loaded", []) if entry["table"] == table for n in entry["rows"]]


def number(text: str) -> float | None:
    return float(text) if text.strip() else None


def with_records(table: str) -> list[tuple[str, dict[str, Any], int, dict[str, str]]]:
    """Every held row with each record that it carries over."""
    known = records(table)
    return [(name, row, n, known[n]) for name, row in held(TABLES[table]) for n in row.get("rows", [])]


def differ(row: dict[str, Any]) -> bool:
    """Whether a row that merges records says that they are not the same."""
    return len(row.get("rows", [])) > 1 and "differ" in row.get("note", "")


@beside_the_dossier
@pytest.mark.parametrize("table", TABLES)
def test_every_record_is_held_or_said_not_to_be(table: str) -> None:
    loaded = {n for _, row in held(TABLES[table]) for n in row.get("rows", [])}
    left = not_loaded(table)
    assert loaded | set(left) == set(records(table))
    assert not loaded & set(left)
    assert [n for n, times in Counter(left).items() if times > 1] == []


@beside_the_dossier
def test_a_published_outcome_carries_the_numbers_of_its_record() -> None:
    wrong = []
    for name, row, n, record in with_records("outcomes"):
        pairs = [("estimate_pct", row["estimate_pct"], number(record["estimate_pct"]))]
        if record["time_years"] or "within" not in record["endpoint"]:  # a share of relapses within a time has it in its name
            pairs.append(("time_years", row.get("time_years"), number(record["time_years"])))
        spread = row.get("uncertainty", {})
        low, high = number(record["ci_low"]), number(record["ci_high"])
        if low is not None and high is not None:
            pairs += [("ci", value, printed) for value, printed in zip(spread.get("ci", (None, None)), (low, high), strict=True)]
        elif record["se_pct"]:
            printed = next((spread[kind] for kind in ("se", "plus_minus", "sd") if kind in spread), None)
            pairs.append(("spread", printed, number(record["se_pct"])))
        if row.get("n") is not None and record["n"]:
            pairs.append(("n", row["n"], number(record["n"])))
        wrong += [(name, n, what, ours, theirs) for what, ours, theirs in pairs if ours != theirs and not differ(row)]
    assert wrong == []


@beside_the_dossier
def test_a_prognostic_factor_carries_the_ratio_of_its_record() -> None:
    for name, row, n, record in with_records("hazard_ratios"):
        assert row.get("hr") == number(record["hr"]), (name, n)
        assert row.get("ci", [None, None]) == [number(record["ci_low"]), number(record["ci_high"])], (name, n)
        assert row.get("ci_level", 95) == (99 if "99%" in record["notes"] else 95), (name, n)
        if RECALLED.search(record["p"]):
            assert "p" not in row, (name, n)
        assert "CI IS 99%" not in record["notes"] or "99%" in row["caution"]


@beside_the_dossier
def test_a_time_carries_the_value_of_its_record() -> None:
    for name, row, n, record in with_records("timing"):
        try:
            printed = number(record["value"])
        except ValueError:  # a range or a word: no number of ours
            assert row.get("value") is None, (name, n)
            assert record["value"] in row["printed"], (name, n)
        else:
            assert row["value"] == printed, (name, n)


@beside_the_dossier
@pytest.mark.parametrize("table", TABLES)
def test_what_was_kept_from_memory_is_marked_and_nothing_else_is(table: str) -> None:
    for name, row, n, record in with_records(table):
        recalled = RECALLED.search(record["seen"]) is not None
        assert (row["confidence"] == "unverified") == recalled, (name, n)


@beside_the_dossier
def test_a_record_that_counts_no_infants_is_only_a_comparator() -> None:
    for table in ("outcomes", "hazard_ratios"):
        for name, row, n, record in with_records(table):
            if "COMPARATOR" in record.get("subgroup", "") + record["notes"]:
                assert row.get("population") == "comparator", (name, n)


def test_a_number_kept_from_memory_is_no_published_outcome(knowledge: Knowledge) -> None:
    assert knowledge.outcomes
    assert all(outcome.statement.confidence != "unverified" for outcome in knowledge.outcomes)
    left_out = {o.statement.id for o in knowledge.evidence.outcomes} - {o.statement.id for o in knowledge.outcomes}
    assert all(o.statement.confidence == "unverified" for o in knowledge.evidence.outcomes if o.statement.id in left_out)


def test_comparators_are_true_of_no_infant(knowledge: Knowledge) -> None:
    shown: list[Outcome | Factor | Timing] = [*knowledge.evidence.outcomes, *knowledge.evidence.factors]
    comparators = [item for item in [*shown, *knowledge.evidence.timing] if item.population == "comparator"]
    assert comparators
    infant = judged_values({"age_days_at_diagnosis": 200, "age_months_at_diagnosis": 6}, knowledge)
    for item in comparators:
        assert item.statement.rule is not None
        assert verdict(item.statement.rule, infant) is False, item.statement.id


def test_the_side_of_a_factor_is_open_while_its_facts_are(knowledge: Knowledge) -> None:
    empty = judged_values({}, knowledge)
    for factor in knowledge.evidence.factors:
        assert factor.statement.rule is not None
        assert verdict(factor.statement.rule, empty) is not True, factor.statement.id
        if factor.level_statement is not None:
            assert factor.level_statement.rule is not None
            assert verdict(factor.level_statement.rule, empty) is None, factor.level_statement.id


@pytest.mark.parametrize("fact", ["kmt2a_status", "cd10", "prednisone_response"])
def test_a_result_that_was_not_evaluable_is_on_no_side_of_a_factor(fact: str, knowledge: Knowledge) -> None:
    child = {"age_days_at_diagnosis": 150, "age_months_at_diagnosis": 4, "lineage": "B", "relapse_recorded": "yes"}
    judged = judged_values({**child, "kmt2a_status": "rearranged", fact: "not_evaluable"}, knowledge)
    asked = 0
    for factor in knowledge.evidence.factors:
        level = factor.level_statement
        if level is None or level.rule is None or factor.statement.rule is None or fact not in tree.facts_of(level.rule):
            continue
        asked += 1
        assert verdict(factor.statement.rule, judged) is False, factor.statement.id
    assert asked
