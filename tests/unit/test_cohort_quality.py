"""Each check of the data is given the fault it is for, and the same table without it."""

from __future__ import annotations

import pytest

from helpers.cohort_tables import cohort
from infantall.cohort.quality import Roles, number_sql, quality, roles_of, usable_sql
from infantall.cohort.quality.comparisons import known_later
from infantall.knowledge.store import load_knowledge
from infantall.text.problems import InputError

N = 24
ROLES = Roles(time="efs_days", event="efs_event", by="arm")


def sound() -> dict[str, list[object]]:
    """Two arms of twelve, followed alike, without anything to remark but what is said of every table."""
    return {
        "id": [f"baby-{i:02}" for i in range(N)],
        "arm": ["A", "B"] * 12,
        "age_days_at_diagnosis": [100 + i for i in range(N)],
        "wbc_at_diagnosis": [10 + 3 * i for i in range(N)],
        "efs_days": [100 + 50 * (i // 2) + i % 2 if i < 14 else 1500 + 37 * i for i in range(N)],
        "efs_event": [1 if i < 14 else 0 for i in range(N)],
        "first_event": ["relapse" if i < 14 else "none" for i in range(N)],
        "os_days": [1200 + 37 * i if i < 14 else 1500 + 37 * i for i in range(N)],
        "os_event": [0] * N,
        "hsct_day": [None] * (N - 1) + [160],
        "follow_up_days": [1200 + 37 * i if i < 14 else 1500 + 37 * i for i in range(N)],
    }


def with_(**cells: object) -> dict[str, list[object]]:
    """The sound table with one cell of the first row changed in each named column (a list replaces the column)."""
    columns = sound()
    for name, value in cells.items():
        if isinstance(value, list):
            columns[name] = value
        else:
            columns[name] = [value, *columns[name][1:]]
    return columns


def findings(folder, columns, roles=ROLES):
    found = {}
    for finding in quality(cohort(folder, columns), roles).findings:
        found.setdefault(finding.check, finding)
    return found


def test_a_sound_table_has_nothing_but_notes(tmp_path):
    assert {f.check for f in findings(tmp_path, sound()).values() if f.severity != "note"} == set()


ROWS = {
    "missing_time": ("error", {"efs_days": None}),
    "missing_event": ("error", {"efs_event": None}),
    "missing_group": ("error", {"arm": None}),
    "negative_time": ("error", {"efs_days": -9}),
    "not_a_number": ("error", {"efs_days": "long"}),
    "event_code": ("error", {"efs_event": 0.5}),
    "impossibly_long": ("warning", {"efs_days": 30_000, "os_days": 30_000, "follow_up_days": 30_000}),
    "event_at_zero": ("note", {"efs_days": 0}),
    "event_after_death": ("warning", {"os_event": 1, "os_days": 50}),
    "efs_after_os": ("warning", {"os_days": 50}),
    "death_without_efs_event": ("warning", {"efs_event": 0, "os_event": 1, "first_event": None}),
    "first_event_death_but_alive": ("warning", {"first_event": "death_in_remission"}),
    "first_event_death_at_two_times": ("warning", {"first_event": "death_in_remission", "os_event": 1}),
    "first_event_unknown": ("warning", {"first_event": "recurrence"}),
    "first_event_without_event": ("warning", {"efs_event": 0}),
    "event_without_first_event": ("warning", {"first_event": "none"}),
    "follow_up_too_short": ("warning", {"follow_up_days": 90}),
    "transplant_before_zero": ("warning", {"hsct_day": -3}),
    "transplant_after_end": ("warning", {"hsct_day": 5000}),
    "transplant_on_day_zero": ("warning", {"hsct_day": 0}),
    "transplant_after_relapse": ("note", {"hsct_day": 300}),
    "transplant_after_event": ("note", {"hsct_day": 300}),
    "transplant_without_remission": ("warning", {"first_event": "no_remission", "hsct_day": 60}),
    "not_an_infant": ("warning", {"age_days_at_diagnosis": 366}),
}


@pytest.mark.parametrize("check", ROWS)
def test_a_fault_in_one_row_is_found_and_named(tmp_path, check):
    severity, cells = ROWS[check]
    finding = findings(tmp_path, with_(**cells))[check]
    assert (finding.severity, finding.rows, finding.examples) == (severity, 1, ("baby-00",))
    assert "1 row: " in finding.says and finding.what_to_do


@pytest.mark.parametrize("check", [check for check, (severity, _) in ROWS.items() if severity == "error"])
def test_rows_with_an_error_are_left_out_and_counted(tmp_path, check):
    table = cohort(tmp_path, with_(**ROWS[check][1]))
    left_out = quality(table, ROLES).findings[0]
    assert (left_out.check, left_out.severity, left_out.rows) == ("left_out", "error", 1)
    usable = table.engine.rows(f"SELECT count(*) FROM {table.relation} WHERE {usable_sql(table, ROLES)}")
    assert usable == [(N - 1,)]


@pytest.mark.parametrize("check", [check for check, (severity, _) in ROWS.items() if severity != "error"])
def test_rows_with_a_warning_stay(tmp_path, check):
    table = cohort(tmp_path, with_(**ROWS[check][1]))
    usable = table.engine.rows(f"SELECT count(*) FROM {table.relation} WHERE {usable_sql(table, ROLES)}")
    assert usable == [(N,)] and "left_out" not in {f.check for f in quality(table, ROLES).findings}


def test_the_day_before_the_first_birthday_is_an_infant_and_zero_days_too(tmp_path):
    assert "not_an_infant" not in findings(tmp_path, with_(age_days_at_diagnosis=365))


@pytest.mark.parametrize(
    ("days", "months", "fits"), [(180, 6, False), (181, 6, True), (184, 5, False), (183, 5, True), (0, 0, True)]
)
def test_ages_in_days_and_months_must_fit(tmp_path, days, months, fits):
    columns = with_(age_days_at_diagnosis=[days] * N, age_months_at_diagnosis=[months] * N)
    assert ("ages_contradict" not in findings(tmp_path, columns)) is fits


@pytest.mark.parametrize(("entry", "check"), [(100, "entry_after_end"), (-1, "negative_entry"), (None, "missing_entry")])
def test_entry_must_lie_between_zero_and_the_end(tmp_path, entry, check):
    roles = Roles(time="efs_days", event="efs_event", entry="entry")
    columns = with_(entry=[entry, *[5] * (N - 1)])
    found = findings(tmp_path, columns, roles)
    assert found[check].severity == "error" and found["left_out"].rows == 1


def test_a_negative_transplant_is_an_error_where_transplant_is_analysed(tmp_path):
    roles = Roles(time="efs_days", event="efs_event", transplant="hsct_day")
    found = findings(tmp_path, with_(hsct_day=-3), roles)
    assert found["transplant_before_zero"].severity == "error" and found["left_out"].rows == 1


def test_the_same_code_for_missing_twice(tmp_path):
    columns = sound()
    columns["efs_days"] = [9999, 9999, *columns["efs_days"][2:]]
    assert findings(tmp_path, columns)["code_for_missing"].rows == 2
    assert "code_for_missing" not in findings(tmp_path, with_(efs_days=9999))


def test_duplicate_identifiers(tmp_path):
    found = findings(tmp_path, with_(id="baby-01"))["duplicate_ids"]
    assert found.rows == 2 and found.examples == ("baby-01",)


def test_one_infant_entered_twice_under_two_names(tmp_path):
    columns = {name: [values[1], *values[1:]] if name != "id" else values for name, values in sound().items()}
    assert findings(tmp_path, columns)["duplicate_rows"].rows == 2


def test_rows_that_are_nearly_empty_are_no_duplicates(tmp_path):
    columns = {name: [None, None, *values[2:]] if name not in ("id", "arm") else values for name, values in sound().items()}
    assert "duplicate_rows" not in findings(tmp_path, columns)


def test_labels_that_differ_by_case_or_a_hyphen(tmp_path):
    columns = with_(arm=["low risk", "high risk"] * 11 + ["Low-Risk", "high risk"])
    found = findings(tmp_path, columns)["spellings"]
    assert (found.rows, found.examples) == (1, ("baby-22",))
    assert "Low-Risk" not in found.says


def test_columns_that_are_the_same_for_everybody(tmp_path):
    found = findings(tmp_path, with_(arm=["A"] * N, centre=["x"] * N))
    assert found["constant_column"].severity == "warning"
    assert "centre" in found["constant_columns"].says


def test_groups_made_by_the_future(tmp_path):
    columns = with_(mrd_end_of_induction=[0.001, 0.0] * 12, responded=["yes", "no"] * 12)
    for by in ("mrd_end_of_induction", "responded", "hsct_day"):
        roles = Roles(time="efs_days", event="efs_event", covariates=(by,))
        assert findings(tmp_path, columns, roles)["immortal_time"].severity == "warning"
    landmark = Roles(time="efs_days", event="efs_event", by="mrd_end_of_induction", landmark=33.0)
    assert "immortal_time" not in findings(tmp_path, columns, landmark)


def test_every_fact_known_later_is_recognised_and_no_other():
    facts = load_knowledge().vocabulary.facts
    later = {name for name, fact in facts.items() if known_later(name, fact) == "later"}
    assert {n for n in facts if "end_of" in n or n.endswith("_tp1") or n.endswith("transplant_recorded")} <= later
    assert {n for n in facts if n.endswith("_at_diagnosis")} & later == set()
    assert {"sex", "kmt2a_status", "cns_status", "lineage"} & later == set()
    assert known_later("prednisone_response", facts["prednisone_response"]) == "day 8"


@pytest.mark.parametrize("name", ["cr1_transplant", "efs_event", "day_33_mrd", "Relapse", "best_response"])
def test_columns_that_are_no_facts_are_judged_by_their_names(name):
    assert known_later(name, None) == "later"


@pytest.mark.parametrize("name", ["arm", "centre", "sex", "oscillation", "diagnosis_year", "cross"])
def test_ordinary_names_are_not_suspected(name):
    assert known_later(name, None) == ""


def test_codes_of_another_convention(tmp_path):
    found = findings(tmp_path, with_(efs_event=[2 if i < 14 else 1 for i in range(N)]))
    assert found["nobody_censored"].severity == "warning"
    assert "no_event" in findings(tmp_path, with_(efs_event=[0] * N))
    assert "many_event_codes" in findings(tmp_path, with_(efs_event=list(range(N))))
    roles = Roles(time="efs_days", event="os_censor")
    assert "event_name_says_censored" in findings(tmp_path, with_(os_censor=[0, 1] * 12), roles)


def test_clocks_that_start_on_different_days(tmp_path):
    dfs = [day - 35 - i for i, day in enumerate(sound()["efs_days"])]
    found = findings(tmp_path, with_(dfs_days=dfs))["clocks_differ"]
    assert found.rows == 10 and "different amounts" in found.says


def test_years_in_a_column_named_in_days_and_the_other_way_round(tmp_path):
    columns = with_(efs_days=[day / 365.25 for day in sound()["efs_days"]])
    assert "'efs_days'" in findings(tmp_path, columns)["unit_of_time"].says
    columns = with_(os_years=sound()["os_days"])
    assert "'os_years'" in findings(tmp_path, columns)["unit_of_time"].says


def test_rows_a_regression_leaves_out(tmp_path):
    roles = Roles(time="efs_days", event="efs_event", covariates=("wbc_at_diagnosis",))
    assert findings(tmp_path, with_(wbc_at_diagnosis=None), roles)["missing_covariate"].severity == "note"
    columns = with_(wbc_at_diagnosis=[None] * 6 + list(range(18)))
    assert findings(tmp_path, columns, roles)["missing_covariate"].severity == "warning"


def test_too_few_events_for_the_terms(tmp_path):
    roles = Roles(time="efs_days", event="efs_event", covariates=("wbc_at_diagnosis", "arm"))
    assert "few_events_per_term" in findings(tmp_path, sound(), roles)
    roles = Roles(time="efs_days", event="efs_event", covariates=("arm",))
    assert "few_events_per_term" not in findings(tmp_path, sound(), roles)


def test_small_groups(tmp_path):
    found = findings(tmp_path, with_(arm=["A"] * 23 + ["B"]))["small_group"]
    assert found.rows == 1 and "'B'" in found.says and "1 infant and 0 events" in found.says


def test_median_follow_up_is_said_for_each_group(tmp_path):
    found = findings(tmp_path, sound())["median_follow_up"]
    assert "A " in found.says and "B " in found.says and "days" in found.says


def test_groups_followed_for_different_times(tmp_path):
    n = 60
    columns = {"arm": ["A", "B"] * 30, "t": [400 + i if i % 2 else 2000 + i for i in range(n)], "e": [0] * n}
    found = findings(tmp_path, columns, Roles(time="t", event="e", by="arm", time_unit="days"))
    assert "follow_up_differs" in found
    assert "early_censoring_differs" in found and "early_censoring" in found


def test_censoring_at_one_day(tmp_path):
    columns = sound()
    columns["efs_days"] = [day if i < 14 else 1825 for i, day in enumerate(columns["efs_days"])]
    found = findings(tmp_path, columns)["censoring_spike"]
    assert found.rows == 10 and "1825" in found.says and len(found.examples) == 5


def test_a_curve_that_ends_with_one_infant(tmp_path):
    columns = {"t": [1, 2, 3, 4, 9], "e": [1, 0, 0, 0, 1]}
    assert "end_of_curve" in findings(tmp_path, columns, Roles(time="t", event="e"))
    columns["e"] = [1, 0, 0, 1, 0]
    assert "end_of_curve" not in findings(tmp_path, columns, Roles(time="t", event="e"))


def test_errors_come_first_then_warnings_then_notes(tmp_path):
    columns = with_(efs_days=None, age_days_at_diagnosis=400, first_event="none")
    severities = [f.severity for f in quality(cohort(tmp_path, columns), ROLES).findings]
    assert severities == sorted(severities, key=("error", "warning", "note").index)
    assert severities[0] == "error" and severities[-1] == "note"


def test_what_cleaning_noticed_is_kept(tmp_path):
    table = cohort(tmp_path, with_(sex=["boyish", *["male"] * (N - 1)]))
    assert table.findings and set(table.findings) <= set(quality(table, ROLES).findings)


def test_no_value_of_a_patient_is_in_any_message(tmp_path):
    columns = with_(efs_days=-4321, age_days_at_diagnosis=777, first_event="secretword", hsct_day=-1234)
    said = " ".join(f"{f.says} {f.what_to_do}" for f in quality(cohort(tmp_path, columns), ROLES).findings)
    assert not any(value in said for value in ("4321", "777", "secretword", "1234"))


def test_without_roles_only_the_table_itself_is_looked_at(tmp_path):
    assert {f.severity for f in quality(cohort(tmp_path, sound())).findings} <= {"note"}


def test_a_column_that_is_not_there_is_named_with_the_nearest(tmp_path):
    table = cohort(tmp_path, sound())
    with pytest.raises(InputError, match="did you mean 'efs_days'"):
        roles_of(table, time="efs_day")
    with pytest.raises(InputError, match="'arn'"):
        quality(table, Roles(by="arn"))


def test_text_is_read_as_numbers_where_it_can_be(tmp_path):
    table = cohort(tmp_path, with_(efs_days="long"))
    assert number_sql(table, "efs_days").startswith("TRY_CAST")
    assert number_sql(table, "os_days") == '"os_days"'


def test_few_rows_leave_the_engine(tmp_path):
    table = cohort(tmp_path, {"t": list(range(1, 3001)), "e": [i % 2 for i in range(3000)], "x": [f"v{i}" for i in range(3000)]})
    before = table.engine.fetched
    quality(table, Roles())
    assert table.engine.fetched - before < 1100
