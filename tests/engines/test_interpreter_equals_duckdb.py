"""Any rule, any row, any share of missing values: the interpreter and DuckDB say the same.

10,000 and more generated rule-and-row cases, 200 rules a query. ``INFANTALL_LONG=1`` runs twenty times as many.
"""

from __future__ import annotations

import os
import random

import duckdb
import pytest

from helpers.rules import CATEGORIES, NUMBERS, OTHERWISE, Source, random_row, random_rule
from infantall.rules import sql
from infantall.rules.diagram import build
from infantall.rules.interpret import verdict
from infantall.rules.ordered import possible_outcomes

RULES, ROWS = 200, 40
BATCHES = 40 if os.environ.get("INFANTALL_LONG") else 4
NAMES = (*NUMBERS, *CATEGORIES)
COLUMNS = {name: sql.quoted(name) for name in NAMES}


def table(rows: list[dict[str, object]]) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    kinds = ", ".join(f'"{name}" {"DOUBLE" if name in NUMBERS else "VARCHAR"}' for name in NAMES)
    connection.execute(f"CREATE TABLE infants (n INTEGER, {kinds})")
    marks = ", ".join("?" for _ in range(len(NAMES) + 1))
    connection.executemany(f"INSERT INTO infants VALUES ({marks})", [[i, *row.values()] for i, row in enumerate(rows)])
    return connection


@pytest.mark.parametrize("seed", range(BATCHES))
def test_one_rule_at_a_time(seed: int) -> None:
    source = Source(source=random.Random(seed))
    rules = [random_rule(source, 3) for _ in range(RULES)]
    rows = [random_row(source, missing=i % 11) for i in range(ROWS)]
    conditions = ", ".join(sql.condition(rule, COLUMNS) for rule in rules)
    answers = table(rows).execute(f"SELECT {conditions} FROM infants ORDER BY n").fetchall()
    for row, found in zip(rows, answers, strict=True):
        for rule, answer in zip(rules, found, strict=True):
            assert answer is verdict(rule, row), (rule, row)


@pytest.mark.parametrize("seed", range(BATCHES))
def test_ordered_sets(seed: int) -> None:
    source = Source(source=random.Random(1_000 + seed))
    sets = [
        [(label, random_rule(source, 2)) for label in ("LR", "HR", "MR", "LR")[: source.number(1, 4)]] for _ in range(RULES // 5)
    ]
    diagrams = [build(ordered, CATEGORIES, OTHERWISE) for ordered in sets]
    rows = [random_row(source, missing=i % 11) for i in range(ROWS)]
    masks = ", ".join(sql.outcome_mask(diagram, COLUMNS) for diagram in diagrams)
    answers = table(rows).execute(f"SELECT {masks} FROM infants ORDER BY n").fetchall()
    for row, found in zip(rows, answers, strict=True):
        for diagram, mask in zip(diagrams, found, strict=True):
            possible = tuple(outcome for i, outcome in enumerate(diagram.outcomes) if mask >> i & 1)
            assert possible == possible_outcomes(diagram, row), row


def test_a_table_without_some_columns_leaves_them_unknown() -> None:
    source = Source(source=random.Random(7))
    diagrams = [build([("HR", random_rule(source, 2)), ("LR", random_rule(source, 2))], CATEGORIES, OTHERWISE) for _ in range(60)]
    rows = [random_row(source, missing=2) for _ in range(ROWS)]
    kept = {name: COLUMNS[name] for name in ("age", "kind")}
    masks = ", ".join(sql.outcome_mask(diagram, kept) for diagram in diagrams)
    answers = table(rows).execute(f"SELECT {masks} FROM infants ORDER BY n").fetchall()
    for row, found in zip(rows, answers, strict=True):
        known = {name: row[name] for name in kept}
        for diagram, mask in zip(diagrams, found, strict=True):
            possible = tuple(outcome for i, outcome in enumerate(diagram.outcomes) if mask >> i & 1)
            assert possible == possible_outcomes(diagram, known)


@pytest.mark.parametrize("dialect", ["spark", "postgres"])
def test_the_sql_can_be_said_in_other_dialects(dialect: str) -> None:
    source = Source(source=random.Random(11))
    for _ in range(50):
        assert sql.transpile(f"SELECT {sql.condition(random_rule(source, 3), COLUMNS)} FROM infants", dialect)
