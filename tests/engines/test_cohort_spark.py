"""Spark says what DuckDB and the interpreter say, and no table leaves it."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from engines.test_stratification_equals_assessment import EVERY_COLUMN, NUMBERS, TABLES, assessed, random_rows
from helpers.rules import CATEGORIES as RULE_CATEGORIES
from helpers.rules import NUMBERS as RULE_NUMBERS
from helpers.rules import OTHERWISE, Source, random_row, random_rule
from helpers.spark import spark  # noqa: F401
from infantall.cohort.counting import life_table_of
from infantall.cohort.stratify import stratify, with_groups, write_stratified
from infantall.cohort.stratify_sql import stratification
from infantall.cohort.tables import open_table
from infantall.knowledge.library import Knowledge
from infantall.rules import sql
from infantall.rules.diagram import build
from infantall.rules.interpret import verdict
from infantall.rules.ordered import possible_outcomes

pytestmark = pytest.mark.spark
RULES, ROWS = 24, 40
NAMES = (*RULE_NUMBERS, *RULE_CATEGORIES)
COLUMNS = {name: sql.quoted(name) for name in NAMES}


def as_view(engine: Any, rows: list[dict[str, Any]], numbers: Any, folder: Path) -> str:
    """The rows in Spark, numbered ``n``: through a Parquet file, so that no number changes on the way."""
    names = list(rows[0])
    columns = {"n": pa.array(range(len(rows)), pa.int64())}
    for name in names:
        columns[name] = pa.array([row[name] for row in rows], pa.float64() if name in numbers else pa.string())
    pq.write_table(pa.table(columns), folder / "rows.parquet")
    view = engine.new_name("rows")
    engine.session.read.parquet(str(folder / "rows.parquet")).createOrReplaceTempView(view)
    return str(view)


def test_any_rule_any_row(spark: Any, tmp_path: Path) -> None:  # noqa: F811
    source = Source(source=random.Random(2026))
    rules = [random_rule(source, 3) for _ in range(RULES)]
    sets = [[(label, random_rule(source, 2)) for label in ("LR", "HR", "MR")[: source.number(1, 3)]] for _ in range(RULES // 4)]
    diagrams = [build(ordered, RULE_CATEGORIES, OTHERWISE) for ordered in sets]
    rows = [random_row(source, missing=i % 11) for i in range(ROWS)]
    view = as_view(spark, rows, RULE_NUMBERS, tmp_path)
    asked = [*(sql.condition(rule, COLUMNS) for rule in rules), *(sql.outcome_mask(d, COLUMNS) for d in diagrams)]
    given = ", ".join(f"{text} AS a{i}" for i, text in enumerate(asked))
    answers = spark.rows(f"SELECT {given} FROM {view} ORDER BY n")
    for row, found in zip(rows, answers, strict=True):
        for rule, answer in zip(rules, found[:RULES], strict=True):
            assert answer is verdict(rule, row), (rule, row)
        for diagram, mask in zip(diagrams, found[RULES:], strict=True):
            possible = tuple(outcome for i, outcome in enumerate(diagram.outcomes) if mask >> i & 1)
            assert possible == possible_outcomes(diagram, row), row


@pytest.mark.parametrize("name", ["every column", "findings only"])
def test_a_table_gets_what_each_child_gets(name: str, spark: Any, knowledge: Knowledge, tmp_path: Path) -> None:  # noqa: F811
    columns, missing = TABLES[name]
    rows = random_rows(columns, missing, 60, knowledge, seed=7)
    query = stratification(knowledge, as_view(spark, rows, NUMBERS, tmp_path), columns, keep=["n"], engine="spark")
    found = spark.rows(f"{query.sql} ORDER BY n")
    for row, answer in zip(rows, found, strict=True):
        ours = [(p.id, *query.decode(p, answer[1 + 2 * i], answer[2 + 2 * i])) for i, p in enumerate(query.protocols)]
        assert ours == assessed(row, knowledge), {key: value for key, value in row.items() if value is not None}


def messy_csv(number: int, knowledge: Knowledge, folder: Path) -> Path:
    """A table as people keep them: spaces, sentinels, other spellings, mistakes, blank lines."""
    source = random.Random(4)
    rows = random_rows(EVERY_COLUMN, 0.3, number, knowledge, seed=4)
    columns = [*EVERY_COLUMN[:5], *EVERY_COLUMN[14:22]]  # numbers and categories; more would only make Spark compile longer
    lines = [",".join(["id", *columns, "efs_days", "efs_event", "site"])]
    for i, row in enumerate(rows):
        cells = ["" if i % 9 == 0 else f"infant-{i}"]
        for name in columns:
            value = "" if row[name] is None else str(row[name])
            spoilt = source.random()
            cells.append(
                "NA"
                if spoilt < 0.02
                else f" {value.upper()} "
                if spoilt < 0.1
                else "-9"
                if spoilt < 0.12 and name in NUMBERS
                else value
            )
        if i % 20 == 7:
            cells[5] = "oops"
        cells += [str(source.randint(1, 40) * 30), str(source.randint(0, 2)), source.choice(["A", "B", ""])]
        lines.append(",".join(cells))
        lines += ["", ","] if i % 25 == 3 else []
    path = folder / "messy.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_both_engines_give_the_same_of_one_file(spark: Any, knowledge: Knowledge, tmp_path: Path) -> None:  # noqa: F811
    path = messy_csv(200, knowledge, tmp_path)
    here, there = open_table(str(path), knowledge), open_table(str(path), knowledge, "spark")
    assert (here.rows, here.columns, here.simulated) == (there.rows, there.columns, there.simulated)
    assert here.findings == there.findings
    wanted = ", ".join(sql.quoted(name) for name in ("_row", "_refused", *here.columns))
    ours, theirs = (t.engine.rows(f"SELECT {wanted} FROM {t.relation} ORDER BY _row") for t in (here, there))
    assert ours == theirs
    before = there.engine.fetched
    results = [stratify(t, knowledge) for t in (here, there)]
    assert results[0].protocols == results[1].protocols and results[0].crosses == results[1].crosses
    grouped = [with_groups(t, knowledge, "interfant-06", "mll-10") for t in (here, there)]
    lives = [life_table_of(t.engine, t.relation, "efs_days", "efs_event", "interfant-06", "site") for t in grouped]
    assert (lives[0].times == lives[1].times).all() and (lives[0].events == lives[1].events).all()
    assert (lives[0].n == lives[1].n).all() and lives[0].groups == lives[1].groups
    write_stratified(here, knowledge, str(tmp_path / "here.parquet"))
    write_stratified(there, knowledge, str(tmp_path / "there.parquet"))
    read = [pq.read_table(tmp_path / name).sort_by("_row").to_pylist() for name in ("here.parquet", "there.parquet")]
    assert read[0] == read[1] and len(read[0]) == here.rows
    assert there.engine.fetched > before


def test_no_table_leaves_spark(spark: Any, knowledge: Knowledge, tmp_path: Path) -> None:  # noqa: F811
    rows, kinds = 30_000, 4
    columns = {
        "kmt2a_status": ["rearranged", "germline", None, "not_evaluable"] * (rows // kinds),
        "age_days_at_diagnosis": [30.0, 200.0, 300.0, None] * (rows // kinds),
    }
    pq.write_table(pa.table(columns), tmp_path / "many.parquet")
    table = open_table(str(tmp_path / "many.parquet"), knowledge, "spark")
    result = stratify(table, knowledge)
    write_stratified(table, knowledge, str(tmp_path / "out.parquet"))
    assert result.n == rows and pq.read_table(tmp_path / "out.parquet").num_rows == rows
    assert table.engine.fetched < 200


def test_a_database_reaches_spark(spark: Any, knowledge: Knowledge, tmp_path: Path) -> None:  # noqa: F811
    with duckdb.connect(str(tmp_path / "registry.duckdb")) as file:
        file.execute("CREATE TABLE infants AS SELECT 'a' AS id, 'pos' AS cd19, 4 AS wbc_at_diagnosis")
    table = open_table(str(tmp_path / "registry.duckdb"), knowledge, "spark")
    assert table.engine.rows(f"SELECT _row, cd19, wbc_at_diagnosis FROM {table.relation}") == [("a", "positive", 4.0)]
