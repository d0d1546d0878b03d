"""Tables as people and spreadsheets save them."""

from __future__ import annotations

import math
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from infantall.facts.values import Interval
from infantall.facts.vocabulary import Vocabulary
from infantall.record.table import Table, read_table
from infantall.text.problems import InputError

TABLES = Path(__file__).parents[2] / "examples" / "tables"


def table(tmp_path: Path, text: str, vocabulary: Vocabulary) -> Table:
    path = tmp_path / "infants.csv"
    path.write_text(text, encoding="utf-8")
    return read_table(path, vocabulary)


def values(found: Table) -> list[dict[str, object]]:
    return [{name: r.value for name, r in row.readings.items() if r.value is not None} for row in found.rows]


def test_excel_saves_the_same_infants(vocabulary: Vocabulary) -> None:
    plain = read_table(TABLES / "infants.csv", vocabulary)
    excel = read_table(TABLES / "infants-excel.csv", vocabulary)
    assert values(plain) == values(excel)
    assert [row.record.id for row in plain.rows] == [row.record.id for row in excel.rows]
    assert not plain.refused and not excel.refused


@pytest.mark.parametrize("cell", ["", "NA", "n/a", "NaN", "nan", "inf", "-9", "9999", "unknown", "."])
def test_empty_and_sentinel_cells_are_unknown(cell: str, tmp_path: Path, vocabulary: Vocabulary) -> None:
    found = table(tmp_path, f"id,wbc_at_diagnosis,kmt2a_status\n1,{cell},germline\n", vocabulary)
    assert found.rows[0].readings["wbc_at_diagnosis"].value is None
    assert found.rows[0].readings["kmt2a_status"].value == "germline"


def test_an_impossible_number_is_said(tmp_path: Path, vocabulary: Vocabulary) -> None:
    found = table(tmp_path, "id,wbc_at_diagnosis\n1,-9\n", vocabulary)
    assert "not possible" in found.rows[0].notices[0]


def test_an_unknown_category_is_a_problem_of_its_row_alone(tmp_path: Path, vocabulary: Vocabulary) -> None:
    found = table(tmp_path, "id,kmt2a_status\na,rearanged\nb,germline\n", vocabulary)
    assert [row.record.id for row in found.rows] == ["b"]
    (name, (problem,)) = found.refused[0]
    assert name == "a" and "line 2, column kmt2a_status" in problem.place and "rearranged" in problem.expected


def test_a_column_that_names_no_fact_is_said(tmp_path: Path, vocabulary: Vocabulary) -> None:
    found = table(tmp_path, "id,kmt2a_status,wbc_at_diagnoses\n1,germline,4\n", vocabulary)
    assert found.unused == ("wbc_at_diagnoses",) and "wbc_at_diagnosis" in found.notices[0]


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", "id,kmt2a_status,kmt2a_status\n1,germline,germline\n"])
def test_what_is_no_table_of_infants_is_refused(text: str, tmp_path: Path, vocabulary: Vocabulary) -> None:
    with pytest.raises(InputError):
        table(tmp_path, text, vocabulary)


def test_an_age_in_months_leaves_the_days_open(tmp_path: Path, vocabulary: Vocabulary) -> None:
    found = table(tmp_path, "id,age_months_at_diagnosis\n1,5\n", vocabulary)
    assert found.rows[0].readings["age_days_at_diagnosis"].value == Interval(150, 183)


def test_parquet_with_nan(tmp_path: Path, vocabulary: Vocabulary) -> None:
    path = tmp_path / "infants.parquet"
    columns = {"id": ["a", "b"], "wbc_at_diagnosis": [math.nan, 300.0], "kmt2a_status": ["rearranged", None]}
    pq.write_table(pa.table(columns), path)
    found = read_table(path, vocabulary)
    assert found.rows[0].readings["wbc_at_diagnosis"].value is None
    assert found.rows[1].readings["wbc_at_diagnosis"].value == 300
    assert found.rows[1].readings["kmt2a_status"].value is None


@pytest.mark.parametrize("content", [b"\xff\xfe\x00a", b"PAR1 nothing", b"id,wbc_at_diagnosis\n\xe9,1\n"])
@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_damaged_files_are_refused_with_a_message(content: bytes, suffix: str, tmp_path: Path, vocabulary: Vocabulary) -> None:
    path = tmp_path / f"infants{suffix}"
    path.write_bytes(content)
    with pytest.raises(InputError):
        read_table(path, vocabulary)


def test_a_simulated_infant_is_said_to_be_one(tmp_path: Path, vocabulary: Vocabulary) -> None:
    path = tmp_path / "table.csv"
    path.write_text("id,simulated,kmt2a_status\na,true,germline\nb,false,germline\n", encoding="utf-8")
    table = read_table(path, vocabulary)
    assert [any("SIMULATED" in notice for notice in row.notices) for row in table.rows] == [True, False]
    assert table.notices == ()
