"""The project's most important test: a table stratified in DuckDB gets, row by row, what each child gets when it is explained.

Real knowledge, every protocol, random tables: other columns, other shares of missing values, thresholds hit exactly, judgements
recorded, computed, or both.
"""

from __future__ import annotations

import random
from typing import Any

import duckdb
import pytest

from infantall.care.assess import assess_facts
from infantall.cohort.stratify_sql import stratification
from infantall.knowledge.library import Knowledge
from infantall.record.derive import AsOf, Reading
from infantall.record.model import Record
from infantall.record.table import complete_ages, recorded_in_table

NUMBERS: dict[str, list[float]] = {
    "age_days_at_diagnosis": [0, 30, 31, 89, 90, 91, 179, 180, 181, 183, 184, 200, 364, 365, 366],
    "age_months_at_diagnosis": [0, 2, 5, 6, 11, 12],
    "wbc_at_diagnosis": [10, 299.9, 300, 412],
    "day8_blasts": [0, 999, 1000, 5000],
    "mrd_end_of_induction": [0, 0.0001, 0.0004, 0.0005, 0.01],
    "mrd_after_blinatumomab_1": [0, 0.0001, 0.001],
    "csf_wbc": [0, 4, 5, 20],
    "csf_rbc": [0, 9, 10, 5000],
    "blood_rbc_at_diagnosis": [2.4, 3.1],
    "marrow_blasts_at_diagnosis": [3, 19.9, 20, 25, 96],
    "marrow_blasts_end_of_induction": [1, 5, 25],
    "blood_blasts_at_diagnosis": [0, 5000],
    "blood_blasts_percent_at_diagnosis": [0, 50],
    "gestational_age": [35, 36, 40],
}
CATEGORIES = [
    "kmt2a_status", "kmt2a_partner", "prednisone_response", "cns_status", "cns_disease", "lineage", "cd19", "cd3_cytoplasmic", "mpo",
    "csf_blasts", "cns_signs", "surface_immunoglobulin", "t_8_14", "bcr_abl1", "previous_leukaemia_treatment",
    "steroids_in_previous_4_weeks", "steroids_over_one_week_in_previous_4_weeks", "down_syndrome", "secondary_leukaemia",
    "all_established", "leukaemia_class", "marrow_dry_tap", "remission_end_of_induction", "marrow_end_of_induction",
]  # fmt: skip
EVERY_COLUMN = [*NUMBERS, *CATEGORIES]
TABLES = {
    "every column": (EVERY_COLUMN, 0.4),
    "every column, mostly missing": (EVERY_COLUMN, 0.8),
    "judgements recorded": (["age_days_at_diagnosis", "wbc_at_diagnosis", "kmt2a_status", "prednisone_response", "cns_status"], 0.3),
    "findings only": (
        ["age_days_at_diagnosis", "wbc_at_diagnosis", "kmt2a_status", "day8_blasts", "csf_wbc", "csf_rbc", "csf_blasts",
         "blood_rbc_at_diagnosis", "cns_signs", "cd19", "cd3_cytoplasmic", "mpo"], 0.2,
    ),
    "age in months only": (["age_months_at_diagnosis", "kmt2a_status", "wbc_at_diagnosis", "cns_disease"], 0.2),
    "nothing known": (["age_days_at_diagnosis", "kmt2a_status"], 1.0),
    "nothing missing": (["age_days_at_diagnosis", "kmt2a_status", "wbc_at_diagnosis", "prednisone_response", "cns_disease"], 0.0),
}  # fmt: skip


def random_rows(columns: list[str], missing: float, number: int, knowledge: Knowledge, seed: int) -> list[dict[str, Any]]:
    source = random.Random(seed)
    facts = knowledge.vocabulary.facts

    def cell(name: str) -> Any:
        if source.random() < missing:
            return None
        return source.choice(NUMBERS[name]) if name in NUMBERS else source.choice(facts[name].values)

    return [{name: cell(name) for name in columns} for _ in range(number)]


def assessed(row: dict[str, Any], knowledge: Knowledge) -> list[tuple[Any, ...]]:
    """What one child gets: eligibility, group and possible groups under every protocol."""
    values = dict(row)
    complete_ages(values)
    readings = {name: Reading(values.get(name)) for name in knowledge.vocabulary.facts}
    for name, definition in knowledge.vocabulary.facts.items():
        if values.get(name) is None:
            readings[name] = Reading(recorded_in_table(definition, values))
    result = assess_facts(Record("row"), readings, knowledge, AsOf(None, None))
    return [(p.protocol.id, p.eligible, p.group, p.possible) for p in result.protocols]


def stratified(columns: list[str], rows: list[dict[str, Any]], knowledge: Knowledge) -> list[list[tuple[Any, ...]]]:
    connection = duckdb.connect()
    kinds = ", ".join(f'"{name}" {"DOUBLE" if name in NUMBERS else "VARCHAR"}' for name in columns)
    connection.execute(f"CREATE TABLE infants (n INTEGER, {kinds})")
    marks = ", ".join("?" for _ in range(len(columns) + 1))
    connection.executemany(f"INSERT INTO infants VALUES ({marks})", [[i, *row.values()] for i, row in enumerate(rows)])
    query = stratification(knowledge, "infants", columns, keep=["n"])
    found = connection.execute(f"{query.sql} ORDER BY n").fetchall()
    return [[(p.id, *query.decode(p, row[1 + 2 * i], row[2 + 2 * i])) for i, p in enumerate(query.protocols)] for row in found]


@pytest.mark.parametrize("name", TABLES)
def test_a_table_gets_what_each_child_gets(name: str, knowledge: Knowledge) -> None:
    columns, missing = TABLES[name]
    rows = random_rows(columns, missing, 120, knowledge, seed=2026)
    for row, ours in zip(rows, stratified(columns, rows, knowledge), strict=True):
        assert ours == assessed(row, knowledge), {key: value for key, value in row.items() if value is not None}


@pytest.mark.parametrize("seed", range(8))
def test_any_columns(seed: int, knowledge: Knowledge) -> None:
    source = random.Random(seed)
    columns = source.sample(EVERY_COLUMN, source.randint(2, 20))
    rows = random_rows(columns, source.choice([0.1, 0.3, 0.6]), 60, knowledge, seed)
    for row, ours in zip(rows, stratified(columns, rows, knowledge), strict=True):
        assert ours == assessed(row, knowledge), {key: value for key, value in row.items() if value is not None}


def test_counts_are_those_of_the_rows(knowledge: Knowledge) -> None:
    columns = TABLES["judgements recorded"][0]
    rows = random_rows(columns, 0.3, 500, knowledge, seed=1)
    connection = duckdb.connect()
    kinds = ", ".join(f'"{name}" {"DOUBLE" if name in NUMBERS else "VARCHAR"}' for name in columns)
    connection.execute(f"CREATE TABLE infants ({kinds})")
    connection.executemany(
        f"INSERT INTO infants VALUES ({', '.join('?' for _ in columns)})", [list(row.values()) for row in rows]
    )
    query = stratification(knowledge, "infants", columns)
    by_rows = connection.execute(f"SELECT *, count(*) FROM ({query.sql}) GROUP BY ALL ORDER BY ALL").fetchall()
    assert by_rows == connection.execute(f"SELECT * FROM ({query.counts_sql}) ORDER BY ALL").fetchall()


def test_dictionary_columns_give_the_same_answer_as_text(knowledge: Knowledge) -> None:
    columns = ["kmt2a_status", "age_days_at_diagnosis"]
    rows = random_rows(columns, 0.3, 200, knowledge, seed=3)
    connection = duckdb.connect()
    words = ", ".join(f"'{word}'" for word in knowledge.vocabulary.facts["kmt2a_status"].values)
    connection.execute("CREATE TABLE plain (kmt2a_status VARCHAR, age_days_at_diagnosis DOUBLE)")
    connection.executemany("INSERT INTO plain VALUES (?, ?)", [list(row.values()) for row in rows])
    connection.execute(
        f"CREATE TABLE coded AS SELECT kmt2a_status::ENUM({words}) AS kmt2a_status, age_days_at_diagnosis FROM plain"
    )
    text = stratification(knowledge, "plain", columns).counts_sql
    enum = stratification(knowledge, "coded", columns, enums=["kmt2a_status"]).counts_sql
    assert connection.execute(f"{text} ORDER BY ALL").fetchall() == connection.execute(f"{enum} ORDER BY ALL").fetchall()


def test_packed_answers_are_the_rows(knowledge: Knowledge) -> None:
    columns = TABLES["findings only"][0]
    rows = random_rows(columns, 0.3, 200, knowledge, seed=5)
    connection = duckdb.connect()
    kinds = ", ".join(f'"{name}" {"DOUBLE" if name in NUMBERS else "VARCHAR"}' for name in columns)
    connection.execute(f"CREATE TABLE infants (n INTEGER, {kinds})")
    marks = ", ".join("?" for _ in range(len(columns) + 1))
    connection.executemany(f"INSERT INTO infants VALUES ({marks})", [[i, *row.values()] for i, row in enumerate(rows)])
    query = stratification(knowledge, "infants", columns, keep=["n"])
    connection.execute(f"CREATE TABLE packed AS {query.packed_sql}")
    found = connection.execute(f"SELECT n, {', '.join(query.unpacked.values())} FROM packed ORDER BY n").fetchall()
    assert found == connection.execute(f"{query.sql} ORDER BY n").fetchall()
