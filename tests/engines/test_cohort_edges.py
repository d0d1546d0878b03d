"""Thresholds at the edges of what a number can be, and ages beyond any infant's: SQL says what the interpreter says."""

from __future__ import annotations

import math
import sys

import duckdb
import pytest

from infantall.cohort.profile_sql import WORD_BITS, category_part, number_part, packed
from infantall.cohort.stratify_sql import stratification
from infantall.facts.ages import days_from_months, months_from_days
from infantall.knowledge.library import Knowledge
from infantall.rules import sql, tree
from infantall.rules.diagram import build
from infantall.rules.ordered import possible_outcomes

DAYS, MONTHS = "age_days_at_diagnosis", "age_months_at_diagnosis"


@pytest.mark.parametrize("threshold", [-1e308, -5.0, 0.0, 0.5, 6.0, 60.0, 61.0, 100.0, 1e9])
def test_months_from_days_alone(threshold: float) -> None:
    diagram = build([("under", tree.Compare("<", tree.Fact(MONTHS), tree.Number(threshold)))], {}, "over")
    mask = sql.outcome_mask(diagram, {DAYS: "days"})
    for days in (0, 30, 31, 181, 183, 184, 365, 1825, 1826, 1827, 1857, 3000, 9999):
        ((found,),) = duckdb.execute(f"SELECT {mask} FROM (SELECT {days}e0 AS days)").fetchall()
        possible = possible_outcomes(diagram, {MONTHS: months_from_days(days)})
        assert tuple(o for i, o in enumerate(diagram.outcomes) if found >> i & 1) == possible, days


@pytest.mark.parametrize("threshold", [-5.0, 0.0, 30.0, 181.0, 184.0, 366.5, 2000.0, 5000.0, 1e9])
def test_days_from_months_alone(threshold: float) -> None:
    diagram = build([("under", tree.Compare("<", tree.Fact(DAYS), tree.Number(threshold)))], {}, "over")
    mask = sql.outcome_mask(diagram, {MONTHS: "months"})
    for months in (0, 1, 5, 6, 12, 58, 59, 60, 61, 100, 300):
        ((found,),) = duckdb.execute(f"SELECT {mask} FROM (SELECT {months}e0 AS months)").fetchall()
        possible = possible_outcomes(diagram, {DAYS: days_from_months(months)})
        assert tuple(o for i, o in enumerate(diagram.outcomes) if found >> i & 1) == possible, months


@pytest.mark.parametrize("threshold", [-sys.float_info.max, sys.float_info.max, 5e-324, -5e-324])
@pytest.mark.parametrize("op", ["<", "<=", ">", ">="])
def test_thresholds_at_the_ends_of_the_numbers(threshold: float, op: str) -> None:
    diagram = build([("yes", tree.Compare(op, tree.Fact("x"), tree.Number(threshold)))], {}, "no")
    mask = sql.outcome_mask(diagram, {"x": "x"})
    for value in (-sys.float_info.max, -1.0, -5e-324, 0.0, 5e-324, 1.0, sys.float_info.max):
        ((found,),) = duckdb.execute(f"SELECT {mask} FROM (SELECT CAST(? AS DOUBLE) AS x)", [value]).fetchall()
        possible = possible_outcomes(diagram, {"x": value})
        assert tuple(o for i, o in enumerate(diagram.outcomes) if found >> i & 1) == possible, value


def test_infinity_is_a_number_every_engine_reads() -> None:
    assert duckdb.execute(f"SELECT {sql.literal(-math.inf)}, {sql.literal(math.inf)}").fetchall() == [(-math.inf, math.inf)]


def test_a_profile_of_many_columns_is_several_numbers(knowledge: Knowledge) -> None:
    parts = [number_part(f"x{i}", [1.0, 2.0]) for i in range(40)]
    words = packed(parts)
    assert len(words) == 2 and all(word.bits <= WORD_BITS for word in words)
    assert [part.name for word in words for part, _ in word.parts] == [part.name for part in parts]
    definition = knowledge.vocabulary.facts["kmt2a_status"]
    part = category_part("kmt2a_status", definition, is_enum=False)
    codes = [
        duckdb.execute(f"SELECT {part.code(8, 'INTEGER')} FROM (SELECT ? AS kmt2a_status)", [w]).fetchone()
        for w in (*definition.values, None)
    ]
    assert codes == [(8 * i,) for i in range(part.size)]


def test_the_text_stays_short_however_much_a_table_holds(knowledge: Knowledge) -> None:
    query = stratification(knowledge, "infants", knowledge.vocabulary.facts)
    assert len(query.sql) < 200_000  # with every branch written out it would be millions
