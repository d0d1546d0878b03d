"""Table 1: who the infants are."""

from __future__ import annotations

import pytest

from helpers.cohort_tables import cohort
from infantall.cohort import describe as module
from infantall.cohort.describe import MISSING, describe, quartiles
from infantall.cohort.describe_bands import Cut, band_sql, bands_between, bands_of
from infantall.cohort.results import DescribeResult, Line
from infantall.knowledge.store import load_knowledge
from infantall.text.problems import InputError


def infants(folder, **more):
    columns = {
        "id": ["a", "b", "c", "d", "e", "f"],
        "sex": ["female", "male", "male", None, "female", "male"],
        "wbc_at_diagnosis": [412, 38, None, 299, 300, 12],
        "kmt2a_status": ["rearranged", "germline", "rearranged", "not_evaluable", "germline", None],
        "arm": ["B", "A", "A", "B", None, "A"],
        "efs_days": [1, 2, 3, 4, 5, 6],
        "relapsed": [1, 0, 0, 1, None, 0],
    }
    return cohort(folder, {**columns, **more})


def line(result: DescribeResult, column: str, level: str = "") -> Line:
    (found,) = [item for item in result.lines if (item.column, item.level) == (column, level)]
    return found


def counts(result: DescribeResult, column: str, level: str) -> dict[str, int | None]:
    return {group: cell.count for group, cell in line(result, column, level).cells.items()}


def test_facts_are_described_and_outcomes_and_names_are_not(tmp_path):
    result = describe(infants(tmp_path))
    assert {item.column for item in result.lines} == {"sex", "wbc_at_diagnosis", "kmt2a_status"}
    assert result.columns == ("all",) and result.sizes == {"all": 6} and result.n == 6


def test_a_number_has_median_quartiles_range_and_how_many_are_missing(tmp_path):
    cell = line(describe(infants(tmp_path)), "wbc_at_diagnosis").cells["all"]
    assert (cell.n, cell.missing) == (5, 1)
    assert (cell.low, cell.q1, cell.median, cell.q3, cell.high) == (12, 38, 299, 300, 412)


def test_a_number_that_nobody_has_is_missing_in_all(tmp_path):
    table = infants(tmp_path, arm=["A", "A", "B", "A", "A", "A"])
    cell = line(describe(table, by="arm"), "wbc_at_diagnosis").cells["B"]
    assert (cell.n, cell.missing, cell.median) == (0, 1, None)


def test_missing_is_a_line_of_its_own_and_never_in_the_denominator(tmp_path):
    result = describe(infants(tmp_path))
    male = line(result, "sex", "male").cells["all"]
    assert (male.count, male.n, male.missing) == (3, 5, 1)
    assert counts(result, "sex", MISSING) == {"all": 1}
    assert line(result, "sex", MISSING).cells["all"].n == 6


def test_a_recorded_not_evaluable_is_a_level_and_not_missing(tmp_path):
    result = describe(infants(tmp_path))
    assert counts(result, "kmt2a_status", "not_evaluable") == {"all": 1}
    assert counts(result, "kmt2a_status", MISSING) == {"all": 1}


def test_levels_stand_in_the_order_of_the_vocabulary(tmp_path):
    levels = [item.level for item in describe(infants(tmp_path)).lines if item.column == "kmt2a_status"]
    assert levels == ["rearranged", "germline", "not_evaluable", MISSING]


def test_groups_add_up_to_all_with_those_whose_group_is_missing(tmp_path):
    result = describe(infants(tmp_path), by="arm")
    assert result.columns == ("A", "B", MISSING, "all")
    assert result.sizes == {"A": 3, "B": 2, MISSING: 1, "all": 6}
    assert counts(result, "sex", "female") == {"A": 0, "B": 1, MISSING: 1, "all": 2}
    assert any("'arm'" in notice for notice in result.notices)


def test_labels_and_units_are_those_of_the_vocabulary(tmp_path):
    wbc = line(describe(infants(tmp_path)), "wbc_at_diagnosis")
    assert (wbc.label, wbc.unit) == ("white cell count at diagnosis", "10*9/L")


def test_columns_that_are_no_facts_are_described_when_asked_for(tmp_path):
    result = describe(infants(tmp_path), columns=["efs_days", "arm"])
    assert line(result, "efs_days").cells["all"].median == 3.5
    assert counts(result, "arm", "A") == {"all": 3}


def test_a_column_of_zeros_and_ones_is_counted(tmp_path):
    result = describe(infants(tmp_path), columns=["relapsed"])
    assert counts(result, "relapsed", "1") == {"all": 2}
    assert line(result, "relapsed", "1").cells["all"].n == 5


def test_a_value_that_reads_missing_is_not_taken_for_a_missing_one(tmp_path):
    assert module.level_label("missing") != MISSING
    assert module.level_label("all") != "all"
    assert module.level_label(None) == MISSING and module.level_label(float("nan")) == MISSING


def test_numbers_are_ordered_as_numbers():
    assert module.ordered(["10", "9", MISSING, "b", "a"]) == ["9", "10", "a", "b", MISSING]


def test_a_protocols_groups_stand_in_its_own_order(tmp_path):
    knowledge = load_knowledge()
    table = cohort(tmp_path, {"id": list("abcd"), "sex": ["male"] * 4, "interfant-06": ["LR", "undetermined", "MR", "HR"]})
    labels = describe(table, by="interfant-06", knowledge=knowledge).columns
    assert labels == (*knowledge.protocols["interfant-06"].group_labels, "undetermined", "all")


def test_bands_come_from_the_protocols_and_their_edges_are_exact(tmp_path):
    result = describe(infants(tmp_path), knowledge=load_knowledge())
    assert counts(result, "wbc_at_diagnosis", "under 300") == {"all": 3}
    assert counts(result, "wbc_at_diagnosis", "300 or more") == {"all": 2}


def test_bands_of_the_knowledge_are_those_of_the_group_rules():
    bands = {name: [band.label for band in found] for name, found in bands_of(load_knowledge()).items()}
    assert bands["age_days_at_diagnosis"] == ["under 90", "90 to under 180", "180 or more"]
    assert bands["age_months_at_diagnosis"] == ["under 6", "6 or more"]


def test_a_threshold_that_belongs_to_the_lower_band_says_so():
    bands = bands_between([Cut(10, after=True), Cut(20)])
    assert [band.label for band in bands] == ["10 or less", "over 10 to under 20", "20 or more"]
    assert "x <= 10.0e0" in band_sql("x", bands) and "x < 20.0e0" in band_sql("x", bands)


def test_many_levels_are_cut_and_it_is_said(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "MOST_LEVELS", 2)
    result = describe(infants(tmp_path, town=["x", "x", "y", "y", "z", "w"]), columns=["town"])
    assert [(item.level, item.cells["all"].count) for item in result.lines] == [
        ("x", 2),
        ("y", 2),
        ("2 other values", 2),
        (MISSING, 0),
    ]
    assert "4 different values" in " ".join(result.notices)


def test_many_distinct_numbers_are_ranked_by_the_engine_with_the_same_answer(tmp_path, monkeypatch):
    values = [((i * 7919) % 1000) / 8 if i % 11 else None for i in range(1000)]
    table = cohort(tmp_path, {"x": values, "arm": [["A", "B", None][i % 3] for i in range(1000)], "sex": ["male"] * 1000})
    counted = describe(table, by="arm", columns=["x"])
    monkeypatch.setattr(module, "FEW_VALUES", 10)
    before = table.engine.fetched
    ranked = module._Lines(table, "arm", module._groups(table, "arm", None), []).lines([table.columns["x"]], {})
    assert ranked == list(counted.lines)
    assert table.engine.fetched - before < 60


def test_quartiles_of_repeated_values_are_those_of_the_values_written_out():
    assert quartiles([1.0, 5.0], [3, 1]) == (1.0, 1.0, 2.0)
    assert quartiles([7.0], [1]) == (7.0, 7.0, 7.0)


@pytest.mark.parametrize("asked", [{"by": "arn"}, {"columns": ["sex", "arn"]}])
def test_an_unknown_column_is_named_with_the_nearest(tmp_path, asked):
    with pytest.raises(InputError, match="did you mean 'arm'"):
        describe(infants(tmp_path), **asked)


def test_a_grouping_with_too_many_values_is_refused(tmp_path):
    table = cohort(tmp_path, {"sex": ["male"] * 50, "town": [f"t{i}" for i in range(50)]})
    with pytest.raises(InputError, match="more than 40"):
        describe(table, by="town")


def test_a_threshold_for_small_counts_under_two_is_refused(tmp_path):
    with pytest.raises(InputError, match="2 or more"):
        describe(infants(tmp_path), small=1)


def test_hostile_names_of_columns_are_only_names(tmp_path):
    name = 'a"; DROP TABLE x; --'
    result = describe(infants(tmp_path, **{name: ["'", "'", '"', "", "x", "x"]}), by=name, columns=[name])
    assert result.sizes["all"] == 6
