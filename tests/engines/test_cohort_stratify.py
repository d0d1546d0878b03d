"""``stratify``, ``write_stratified`` and ``with_groups`` say of each row what the row's own assessment says."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from infantall.care.assess import assess_facts
from infantall.cohort.counting import left_out, life_table_of
from infantall.cohort.stratify import stratify, with_groups, write_stratified
from infantall.cohort.survival.life_table import life_table
from infantall.cohort.survival.observations import checked
from infantall.cohort.tables import CohortTable, open_table
from infantall.knowledge.library import Knowledge
from infantall.record.derive import AsOf
from infantall.record.table import read_table
from infantall.text.problems import InputError

HEADER = "id,kmt2a_status,age_days_at_diagnosis,wbc_at_diagnosis,prednisone_response,cns_status,mrd_end_of_induction,efs_days,efs_event"
STATUS = ["rearranged", "germline", "", "not_evaluable", "Rearranged", "oops"]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    lines = [HEADER]
    for i in range(240):
        age, wbc = ["", "30", "181", "250", "366", "182"][i % 6], ["299.9", "300", "", "-9"][i % 4]
        response, cns = ["good", "poor", ""][i % 3], ["CNS1", "", "3a", "CNS2b", "not done"][i % 5]
        status = STATUS[i % 5] if i % 40 else "oops"
        lines.append(f"baby-{i},{status},{age},{wbc},{response},{cns},{['', '0', '0.0005'][i % 7 % 3]},{i % 37 * 10},{i % 3}")
    file = tmp_path / "infants.csv"
    file.write_text("\n".join(lines) + "\n")
    return file


@pytest.fixture
def table(path: Path, knowledge: Knowledge) -> CohortTable:
    return open_table(str(path), knowledge)


def assessed(path: Path, knowledge: Knowledge) -> dict[str, dict[str, tuple[str, str | None, tuple[str, ...]]]]:
    found = {}
    for row in read_table(path, knowledge.vocabulary).rows:
        result = assess_facts(row.record, row.readings, knowledge, AsOf(None, None))
        found[row.record.id] = {p.protocol.id: (p.eligible, p.group, p.possible) for p in result.protocols}
    return found


def test_written_rows_are_those_of_each_child(path: Path, table: CohortTable, knowledge: Knowledge, tmp_path: Path) -> None:
    write_stratified(table, knowledge, str(tmp_path / "out.parquet"))
    expected = assessed(path, knowledge)
    rows = pq.read_table(tmp_path / "out.parquet").to_pylist()
    assert len(rows) == table.rows == 240
    for row in rows:
        if row["_row"] not in expected:
            assert row["interfant-06"] == row["interfant-06_eligible"] == "refused" and row["interfant-06_possible"] is None
            continue
        for protocol, (eligible, group, possible) in expected[row["_row"]].items():
            assert row[f"{protocol}_eligible"] == eligible
            if not knowledge.protocols[protocol].stratified:
                assert protocol not in row
            elif eligible == "no":
                assert (row[protocol], row[f"{protocol}_possible"]) == ("not eligible", None)
            else:
                words = [word for word in row[f"{protocol}_possible"].split(" or ") if word != "no group"]
                assert tuple(words) == possible
                assert row[protocol] == (group or ("undetermined" if possible else "no group"))


def test_counts_are_those_of_the_children(path: Path, table: CohortTable, knowledge: Knowledge) -> None:
    result = stratify(table, knowledge)
    expected = assessed(path, knowledge)
    assert result.n == len(expected) == 234 and "6 infants are left out" in result.notices[0]
    for counts in result.protocols:
        answers = [child[counts.protocol] for child in expected.values()]
        assert {k: v for k, v in counts.eligible.items() if v} == Counter(eligible for eligible, _, _ in answers)
        if counts.stratified:
            may = [answer for answer in answers if answer[0] != "no"]
            assert {k: v for k, v in counts.groups.items() if v} == Counter(group for _, group, _ in may if group)
            assert sum(counts.undetermined.values()) + counts.without_group == sum(1 for _, group, _ in may if not group)
    for cross in result.crosses:
        assert sum(cross.counts.values()) == result.n
        assert {a for a, _ in cross.counts} <= set(cross.row_labels) and {b for _, b in cross.counts} <= set(cross.column_labels)


def test_missing_facts_are_counted_where_the_group_is_open(tmp_path: Path, knowledge: Knowledge) -> None:
    file = tmp_path / "few.csv"
    rows = ["rearranged,30,,poor", "rearranged,30,,", "germline,,,", ",250,10,good", "rearranged,182,400,good"]
    file.write_text("kmt2a_status,age_days_at_diagnosis,wbc_at_diagnosis,prednisone_response\n" + "\n".join(rows) + "\n")
    (counts,) = stratify(open_table(str(file), knowledge), knowledge, ["interfant-06"]).protocols
    assert counts.groups == {"LR": 1, "HR": 1, "MR": 0}
    assert counts.undetermined == {"HR or MR": 2, "LR or MR": 1}
    missing = {"wbc_at_diagnosis": 1, "prednisone_response": 1, "kmt2a_status": 1, "age_months_at_diagnosis": 1}
    assert counts.missing == missing


def test_groups_are_one_more_column(table: CohortTable, knowledge: Knowledge) -> None:
    grouped = with_groups(table, knowledge, "interfant-06", "mll-10")
    assert list(grouped.columns) == [*table.columns, "interfant-06", "mll-10"] and grouped.rows == table.rows
    counted = dict(table.engine.rows(f'SELECT "interfant-06", count(*) FROM {grouped.relation} GROUP BY 1'))
    (result,) = stratify(table, knowledge, ["interfant-06"]).protocols
    assert {k: v for k, v in counted.items() if k in result.groups} == {k: v for k, v in result.groups.items() if v}
    assert counted["refused"] == 6 and counted["undetermined"] == sum(result.undetermined.values())
    before, after = (table.engine.rows(f"SELECT * FROM {t.relation} ORDER BY _row") for t in (table, grouped))
    assert len(before) == len(after)
    again = with_groups(grouped, knowledge, "aall0631")  # a table with groups is a table
    assert again.columns["aall0631"].kind == "text" and stratify(again, knowledge).n == 234


def test_what_cannot_be_asked(table: CohortTable, tmp_path: Path, knowledge: Knowledge) -> None:
    with pytest.raises(InputError, match="did you mean 'interfant-06'"):
        stratify(table, knowledge, ["interfant-6"])
    with pytest.raises(InputError, match="assigns no groups"):
        with_groups(table, knowledge, "p9407")
    with pytest.raises(InputError, match="a column called"):
        with_groups(with_groups(table, knowledge, "mll-10"), knowledge, "mll-10")
    with pytest.raises(InputError, match=r"ending in \.csv or \.parquet"):
        write_stratified(table, knowledge, str(tmp_path / "out.xlsx"))
    with pytest.raises(InputError, match="cannot be written to"):
        write_stratified(table, knowledge, str(tmp_path / "nowhere" / "out.csv"))
    (tmp_path / "other.csv").write_text("t,e\n1,0\n")
    with pytest.raises(InputError, match="no column that names a fact"):
        stratify(open_table(str(tmp_path / "other.csv"), knowledge), knowledge)


def test_what_is_simulated_is_written_so(tmp_path: Path, knowledge: Knowledge) -> None:
    (tmp_path / "s.csv").write_text("kmt2a_status,simulated\ngermline,true\n")
    write_stratified(open_table(str(tmp_path / "s.csv"), knowledge), knowledge, str(tmp_path / "out.csv"), ["interfant-06"])
    assert open_table(str(tmp_path / "out.csv"), knowledge).simulated


def test_counted_rows_make_the_life_table_of_the_rows(table: CohortTable, knowledge: Knowledge) -> None:
    grouped = with_groups(table, knowledge, "interfant-06")
    wanted = f'SELECT efs_days, efs_event, "interfant-06", kmt2a_status FROM {grouped.relation} WHERE kmt2a_status IS NOT NULL'
    rows = table.engine.rows(wanted)
    expected = life_table(
        checked(*[[row[i] for row in rows] for i in (0, 1)], group=[r[2] for r in rows], stratum=[r[3] for r in rows])
    )
    found = life_table_of(table.engine, grouped.relation, "efs_days", "efs_event", "interfant-06", "kmt2a_status")
    assert found.groups == expected.groups and found.strata == expected.strata
    assert (found.events == expected.events).all() and (found.at_risk == expected.at_risk).all()
    assert left_out(table.engine, grouped.relation, ["efs_days", "kmt2a_status"]) == 240 - len(rows)
