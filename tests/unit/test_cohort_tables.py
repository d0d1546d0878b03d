"""Opening a cohort's table: files as people save them, names, messages, what was noticed."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from infantall.cohort.results import Finding
from infantall.cohort.tables import CohortTable, open_table
from infantall.knowledge.library import Knowledge
from infantall.text.problems import InputError

TABLES = Path(__file__).parents[2] / "examples" / "tables"


def opened(tmp_path: Path, text: str, knowledge: Knowledge, name: str = "infants.csv") -> CohortTable:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return open_table(str(path), knowledge)


def column(table: CohortTable, name: str) -> list[object]:
    return [value for (value,) in table.engine.rows(f'SELECT "{name}" FROM {table.relation} ORDER BY _row')]


def finding(table: CohortTable, check: str) -> Finding:
    (found,) = [f for f in table.findings if f.check == check]
    return found


def refused(source: str, knowledge: Knowledge) -> str:
    with pytest.raises(InputError) as caught:
        open_table(source, knowledge)
    return str(caught.value)


def test_excel_saves_the_same_infants(knowledge: Knowledge) -> None:
    plain, excel = (open_table(str(TABLES / name), knowledge) for name in ("infants.csv", "infants-excel.csv"))
    rows = [t.engine.rows(f"SELECT {', '.join(t.columns)}, _row FROM {t.relation} ORDER BY _row") for t in (plain, excel)]
    assert rows[0] == rows[1] and len(rows[0]) == plain.rows == 12


def test_columns_that_name_no_fact_are_numbers_or_text(tmp_path: Path, knowledge: Knowledge) -> None:
    table = opened(tmp_path, "t,arm,gone,mixed\n1,A,,1\n2.5,NA,,x\n NA ,B,,3\n", knowledge)
    assert {name: c.kind for name, c in table.columns.items()} == {
        "t": "number",
        "arm": "text",
        "gone": "number",
        "mixed": "text",
    }
    assert column(table, "t") == [1.0, 2.5, None]
    assert column(table, "arm") == ["A", None, "B"]
    assert "gone" in finding(table, "blank_column").says


def test_unknown_stays_a_level_of_a_column_that_names_no_fact(tmp_path: Path, knowledge: Knowledge) -> None:
    table = opened(tmp_path, "first_event\nnone\nunknown\nrelapse\n", knowledge)
    assert column(table, "first_event") == ["none", "unknown", "relapse"]


def test_a_text_among_many_numbers_is_said(tmp_path: Path, knowledge: Knowledge) -> None:
    table = opened(tmp_path, "efs_days\n" + "".join(f"{i}\n" for i in range(30)) + "12 days\n", knowledge)
    found = finding(table, "text_among_numbers")
    assert (
        table.columns["efs_days"].kind == "text" and found.rows == 1 and found.examples == ("row-32",) and "12 days" in found.says
    )


def test_a_cell_that_cannot_be_read_marks_its_row(tmp_path: Path, knowledge: Knowledge) -> None:
    table = opened(tmp_path, "id,kmt2a_status,wbc_at_diagnosis\na,rearanged,4\nb,germline,many\nc,germline,5\n", knowledge)
    assert column(table, "_refused") == [True, True, False]
    assert column(table, "kmt2a_status") == [None, "germline", "germline"]
    errors = {f.says.split(":")[0]: f for f in table.findings if f.check == "refused_value"}
    assert errors["kmt2a_status"].examples == ("a",) and "Did you mean rearranged" in errors["kmt2a_status"].says
    assert errors["wbc_at_diagnosis"].examples == ("b",) and errors["wbc_at_diagnosis"].severity == "error"


def test_a_sentinel_is_missing_and_said(tmp_path: Path, knowledge: Knowledge) -> None:
    table = opened(tmp_path, "id,wbc_at_diagnosis\na,-9\nb,9999\nc,300\n", knowledge)
    assert column(table, "wbc_at_diagnosis") == [None, None, 300.0]
    assert finding(table, "impossible_number").examples == ("a", "b")


def test_a_near_miss_of_a_name_is_said(tmp_path: Path, knowledge: Knowledge) -> None:
    table = opened(tmp_path, "id,wbc_at_diagnoses\n1,4\n", knowledge)
    assert "did you mean wbc_at_diagnosis" in finding(table, "unknown_column").says


def test_cells_beyond_the_header_mark_the_row(tmp_path: Path, knowledge: Knowledge) -> None:
    table = opened(tmp_path, "kmt2a_status,wbc_at_diagnosis\ngermline,4,\ngermline,4,oops\ngermline\n", knowledge)
    assert column(table, "_refused") == [False, True, False]
    assert finding(table, "too_many_cells").examples == ("row-3",)


def test_blank_lines_are_no_infants(tmp_path: Path, knowledge: Knowledge) -> None:
    table = opened(tmp_path, "kmt2a_status,x\ngermline,1\n\n , \ngermline,2\n", knowledge)
    assert table.rows == 2 and column(table, "x") == [1.0, 2.0]


def test_quoted_line_breaks_and_separators(tmp_path: Path, knowledge: Knowledge) -> None:
    table = opened(tmp_path, 'id,note,x\na,"one\ntwo, three",1\nb,"he said ""no""",2\n', knowledge)
    assert column(table, "note") == ["one\ntwo, three", 'he said "no"'] and column(table, "x") == [1.0, 2.0]


def test_excels_own_separator_line(tmp_path: Path, knowledge: Knowledge) -> None:
    table = opened(tmp_path, "sep=;\nmrd_end_of_induction;x\n0,0004;1\n", knowledge)
    assert column(table, "mrd_end_of_induction") == [0.0004] and column(table, "_row") == ["row-3"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "nothing"),
        ("a,b\n", "no row"),
        ("a,b,a\n1,2,3\n", "the column 'a' twice"),
        ("a,A\n1,2\n", "differ only in upper and lower case"),
        ("_refused,a\n1,2\n", "keeps for itself"),
        (",,\n1,2,3\n", "no column with a name"),
        ("id\n1\n", "no column beside"),
    ],
)
def test_what_is_no_table_is_refused(text: str, says: str, tmp_path: Path, knowledge: Knowledge) -> None:
    (tmp_path / "t.csv").write_text(text)
    assert says in refused(str(tmp_path / "t.csv"), knowledge)


@pytest.mark.parametrize(
    "content",
    [b"\xff\xfei\0d\0", b"PAR1 nothing", b"id,wbc_at_diagnosis\n\xe9,1\n", b"id,x\n" + b"a,1\n" * 300_000 + b"\xe9,1\n"],
)
@pytest.mark.parametrize("suffix", [".csv", ".parquet", ".duckdb"])
def test_damaged_files_are_refused(content: bytes, suffix: str, tmp_path: Path, knowledge: Knowledge) -> None:
    (tmp_path / f"t{suffix}").write_bytes(content)
    if suffix == ".csv" and content.startswith(b"PAR1"):
        assert "no row" in refused(str(tmp_path / "t.csv"), knowledge)
    else:
        assert "expected" in refused(str(tmp_path / f"t{suffix}"), knowledge)


def test_a_name_that_is_not_there(tmp_path: Path, knowledge: Knowledge) -> None:
    (tmp_path / "infants.csv").write_text("a\n1\n")
    assert "did you mean 'infants.csv'" in refused(str(tmp_path / "infnts.csv"), knowledge)
    (tmp_path / "empty").mkdir()
    assert "no record" in refused(str(tmp_path / "empty"), knowledge)
    assert "did you mean 'spark'" in _engine_error(tmp_path, knowledge)


def _engine_error(tmp_path: Path, knowledge: Knowledge) -> str:
    with pytest.raises(InputError) as caught:
        open_table(str(tmp_path / "infants.csv"), knowledge, "sparc")
    return str(caught.value)


def test_parquet_of_any_types(tmp_path: Path, knowledge: Knowledge) -> None:
    path = tmp_path / "infants.parquet"
    columns = {
        "id": pa.array([7, 8, None]),
        "wbc_at_diagnosis": pa.array([float("nan"), 300.0, float("inf")]),
        "age_days_at_diagnosis": pa.array([75, None, -9], pa.int32()),
        "down_syndrome": pa.array([True, False, None]),
        "efs_event": pa.array([True, False, True]),
        "kmt2a_status": pa.array(["rearranged", None, "Germline"]).dictionary_encode(),
        "born": pa.array([dt.date(2026, 1, 4), None, None]),
        "mrd_end_of_induction": pa.array([dt.date(2026, 1, 4), None, None]),
    }
    pq.write_table(pa.table(columns).replace_schema_metadata({"simulated": "true"}), path)
    table = open_table(str(path), knowledge)
    assert table.simulated
    assert column(table, "_row") == ["7", "8", "row-3"]
    assert column(table, "wbc_at_diagnosis") == [None, 300.0, None]
    assert column(table, "age_days_at_diagnosis") == [75.0, None, None]
    assert column(table, "down_syndrome") == ["yes", "no", None]
    assert column(table, "efs_event") == [1.0, 0.0, 1.0]
    assert column(table, "kmt2a_status") == ["rearranged", None, "germline"]
    assert table.columns["born"].kind == "text"
    assert column(table, "_refused") == [True, False, False]  # a date is no MRD


def test_a_folder_of_parts(tmp_path: Path, knowledge: Knowledge) -> None:
    folder = tmp_path / "infants"
    folder.mkdir()
    for i in range(3):
        pq.write_table(pa.table({"x": [float(i)], "simulated": [True]}), folder / f"part-{i}.parquet")
    table = open_table(str(folder), knowledge)
    assert table.rows == 3 and table.simulated and column(table, "_row") == ["row-1", "row-2", "row-3"]


def test_a_table_that_is_simulated_in_part_does_not_say_so(tmp_path: Path, knowledge: Knowledge) -> None:
    assert not opened(tmp_path, "x,simulated\n1,yes\n2,no\n", knowledge).simulated
    assert opened(tmp_path, "x,simulated\n1,TRUE\n2,TRUE\n", knowledge, "all.csv").simulated


def test_a_duckdb_file(tmp_path: Path, knowledge: Knowledge) -> None:
    path = tmp_path / "registry.duckdb"
    with duckdb.connect(str(path)) as file:
        file.execute("CREATE TABLE infants AS SELECT 'a' AS id, 'pos' AS cd19, 4 AS wbc_at_diagnosis")
        file.execute("CREATE VIEW others AS SELECT 1 AS x")
    table = open_table(f"{path}::infants", knowledge)
    assert column(table, "cd19") == ["positive"] and column(table, "_row") == ["a"]
    del table
    assert open_table(f"{path}::others", knowledge).rows == 1
    assert "infants or others" in refused(str(path), knowledge)
    assert "did you mean 'infants'" in refused(f"{path}::infnts", knowledge)


def test_a_folder_of_records(knowledge: Knowledge, tmp_path: Path) -> None:
    first = "id: one\nage_at_diagnosis_days: 75\nfindings:\n  - {day: 0, what: wbc, value: 412, unit: 10*9/L}\n"
    second = "id: two\nage_at_diagnosis: {value: 9, unit: mo}\nfindings:\n  - {day: 0, what: kmt2a_status, value: germline}\n"
    (tmp_path / "one.yaml").write_text(first)
    (tmp_path / "two.yaml").write_text(second)
    (tmp_path / "three.yaml").write_text("id: three\nfindings: [{what: nothing}]\n")
    table = open_table(str(tmp_path), knowledge)
    assert column(table, "_row") == ["one", "two"]
    assert column(table, "wbc_at_diagnosis") == [412.0, None]
    assert column(table, "age_months_at_diagnosis") == [2.0, 9.0]
    assert finding(table, "refused_record").examples == ("three.yaml",)
    assert any(f.check == "open_value" and f.says.startswith("age_days_at_diagnosis") for f in table.findings)


def test_a_password_stands_in_no_message(knowledge: Knowledge) -> None:
    psycopg = pytest.importorskip("psycopg")
    assert psycopg
    said = refused("postgresql://anna:se::cret@127.0.0.1:1/db?password=hidden::infants", knowledge)
    assert "se::cret" not in said and "hidden" not in said and "anna@127.0.0.1:1/db::infants" in said
