"""Who is listed in an outlook, as sure or open, in which world of KMT2A and in which order: made-up children, one line each."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.children import assessed
from infantall.care.outlook import ABOUT_GROUPS, AFTER_RELAPSE, Outlook, outlook
from infantall.knowledge.library import Knowledge

ESTABLISHED = {"marrow_blasts_at_diagnosis": 90, "mpo": "negative"}
HIGH_RISK = {
    **ESTABLISHED,
    "sex": "female",
    "age_days_at_diagnosis": 120,
    "age_months_at_diagnosis": 3,
    "lineage": "B",
    "cd10": "negative",
    "kmt2a_status": "rearranged",
    "kmt2a_partner": "AFF1",
    "wbc_at_diagnosis": 412,
    "prednisone_response": "poor",
    "cns_disease": "no",
    "marrow_end_of_induction": "M1",
    "remission_end_of_induction": "yes",
    "mrd_end_of_induction": 0.0004,
    "mrd_end_of_consolidation": 0.0004,
    "relapse_recorded": "no",
    "transplant_recorded": "no",
}
GERMLINE = {
    **HIGH_RISK,
    "age_days_at_diagnosis": 240,
    "age_months_at_diagnosis": 7,
    "kmt2a_status": "germline",
    "kmt2a_partner": None,
    "nutm1": "positive",
    "prednisone_response": "good",
    "wbc_at_diagnosis": 38,
    "cd10": "positive",
}
T_LINEAGE = {**HIGH_RISK, "lineage": "T", "kmt2a_partner": "MLLT1"}
CHILDREN = {
    "high risk": HIGH_RISK,
    "germline": GERMLINE,
    "T lineage": T_LINEAGE,
    "relapsed": {**HIGH_RISK, "relapse_recorded": "yes"},
    "transplanted": {**HIGH_RISK, "transplant_recorded": "yes"},
    "refractory": {**HIGH_RISK, "marrow_end_of_induction": "M3", "remission_end_of_induction": "no"},
}


def seen(given: dict[str, Any], knowledge: Knowledge) -> Outlook:
    return outlook(assessed({name: value for name, value in given.items() if value is not None}, knowledge))


def without(given: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in given.items() if name not in names}


def rows(given: dict[str, Any], knowledge: Knowledge) -> dict[str, str]:
    """Every row listed, by study and row: ``yes`` or ``open``."""
    found = seen(given, knowledge)
    return {short(m.outcome.statement.id): "yes" if m.verdict else "open" for m in (*found.rows, *found.other_series)}


def short(statement: str) -> str:
    return statement.split(".", 1)[1]


def test_a_high_risk_infant_belongs_to_the_high_risk_group_and_to_all_that_hold_it(knowledge: Knowledge) -> None:
    found = rows(HIGH_RISK, knowledge)
    for row in ("interfant-06.hr.efs-6y", "interfant-06.kmt2a-r.efs-6y", "interfant-06.all.efs-6y", "mll-10.hr.efs-3y"):
        assert found[row] == "yes", row
    assert "interfant-06.germline.efs-6y" not in found
    assert "mll-10.ir.efs-3y" not in found


def test_the_nearest_definition_stands_first_and_all_infants_last(knowledge: Knowledge) -> None:
    sure = [m for m in seen(HIGH_RISK, knowledge).rows if m.verdict]
    assert sure[0].outcome.statement.id.startswith("outcome.interfant-06.hr.")
    assert [m.asks == () for m in sure] == sorted(m.asks == () for m in sure)
    asked = [len(m.asks) for m in sure]
    assert asked == sorted(asked, reverse=True)


def test_sure_rows_stand_before_open_ones(knowledge: Knowledge) -> None:
    verdicts = [m.verdict is True for m in seen(HIGH_RISK, knowledge).rows]
    assert verdicts == sorted(verdicts, reverse=True)


def test_a_germline_infant_is_in_no_rearranged_group(knowledge: Knowledge) -> None:
    found = seen(GERMLINE, knowledge)
    assert [m for m in found.rows if "kmt2a_status = 'rearranged'" in m.outcome.statement.rule_text] == []
    assert rows(GERMLINE, knowledge)["rogachev.nutm1.efs-2y"] == "yes"


def test_with_kmt2a_not_known_both_worlds_stand_apart(knowledge: Knowledge) -> None:
    found = seen(without(HIGH_RISK, "kmt2a_status", "kmt2a_partner"), knowledge)
    worlds = {short(m.outcome.statement.id): m.world for m in found.rows}
    assert worlds["interfant-06.hr.efs-6y"] == "rearranged"
    assert worlds["interfant-06.germline.efs-6y"] == "germline"
    assert worlds["interfant-06.all.efs-6y"] == ""
    assert all(not m.verdict for m in found.rows if m.world)


def test_kmt2a_not_evaluable_is_neither_rearranged_nor_germline(knowledge: Knowledge) -> None:
    found = rows({**without(HIGH_RISK, "kmt2a_partner"), "kmt2a_status": "not_evaluable"}, knowledge)
    assert "interfant-06.kmt2a-r.efs-6y" not in found
    assert "interfant-06.germline.efs-6y" not in found
    assert found["interfant-06.all.efs-6y"] == "yes"


def test_an_empty_record_belongs_to_nothing_and_may_belong_to_all_infants_only(knowledge: Knowledge) -> None:
    found = seen({}, knowledge)
    assert found.rows
    assert all(m.verdict is None and m.asks == () for m in found.rows)
    assert all("age_" in " ".join(m.waits_for) for m in found.rows)
    assert any("not known" in notice for notice in found.notices)


def test_older_than_a_year_nothing_of_infants_is_listed(knowledge: Knowledge) -> None:
    found = seen({**HIGH_RISK, "age_days_at_diagnosis": 366, "age_months_at_diagnosis": 12}, knowledge)
    assert not (found.rows or found.other_series or found.factors or found.transplant or found.timing)
    assert any("do not apply" in notice for notice in found.notices)


def test_on_the_first_birthday_a_child_belongs_where_365_days_were_counted_in(knowledge: Knowledge) -> None:
    found = rows({**HIGH_RISK, "age_days_at_diagnosis": 365, "age_months_at_diagnosis": 12}, knowledge)
    assert found["interfant-06.all.efs-6y"] == "yes"
    assert found["p9407.all.efs-5y"] == "yes"
    assert "ccg-1953.all.efs-5y" not in found, "CCG-1953 counted infants under a year"


@pytest.mark.parametrize(("days", "young"), [(90, True), (91, False)])
def test_ninety_days_of_p9407_is_still_the_young_group(days: int, young: bool, knowledge: Knowledge) -> None:
    found = rows({**HIGH_RISK, "age_days_at_diagnosis": days, "age_months_at_diagnosis": 2}, knowledge)
    assert ("p9407.to-90-days.efs-5y" in found) is young
    assert ("p9407.over-90-days.efs-5y" in found) is not young


@pytest.mark.parametrize(("days", "row"), [(179, "mll-10.hr.efs-3y"), (180, "mll-10.ir.efs-3y")])
def test_180_days_of_mll_10_is_intermediate_risk(days: int, row: str, knowledge: Knowledge) -> None:
    found = rows({**HIGH_RISK, "age_days_at_diagnosis": days, "age_months_at_diagnosis": 5}, knowledge)
    assert {name for name in found if name.startswith("mll-10.") and name.split(".")[1] in ("hr", "ir")} == {row}


@pytest.mark.parametrize(("mrd", "group"), [(0.00009, "negative"), (0.0001, "positive")])
def test_an_mrd_at_the_cut_is_positive(mrd: float, group: str, knowledge: Knowledge) -> None:
    found = rows({**HIGH_RISK, "mrd_aall0631_tp1": mrd}, knowledge)
    assert [name for name in found if "kmt2a-r-tp1" in name] == [f"aall0631-mrd.kmt2a-r-tp1-{group}.efs-3y"]


def test_the_side_of_a_factor_at_its_edge(knowledge: Knowledge) -> None:
    sides = {short(m.factor.statement.id): m.side for m in seen({**HIGH_RISK, "age_days_at_diagnosis": 90}, knowledge).factors}
    assert sides["p9407.age-90-days.efs"] == "level", "90 days or younger"
    assert sides["mll03.age-90-days.multivariable"] == "reference", "younger than 90 days"
    assert sides["uk-infant-87-92.wbc.efs"] == "", "no cut was read"


def test_t_lineage_is_in_no_group_of_a_trial_that_excluded_it(knowledge: Knowledge) -> None:
    found = rows(T_LINEAGE, knowledge)
    studies = {name.split(".")[0] for name in found}
    assert not studies & {"mll-10", "aall15p1", "wuhan-infants", "rogachev"}
    assert not [name for name in found if name.startswith("blinatumomab-pilot.kmt2a-r")]
    assert found["interfant-06.kmt2a-r.efs-6y"] == "yes", "Interfant-06 took T lineage"


def test_with_the_lineage_not_known_a_trial_that_excluded_t_lineage_is_open(knowledge: Knowledge) -> None:
    found = seen(without(HIGH_RISK, "lineage"), knowledge)
    waits = {short(m.outcome.statement.id): m.waits_for for m in found.rows if not m.verdict}
    assert waits["mll-10.hr.efs-3y"] == ("lineage",)


def test_after_a_relapse_what_follows_one_stands_first(knowledge: Knowledge) -> None:
    found = seen(CHILDREN["relapsed"], knowledge)
    before = [m.before_relapse for m in found.rows]
    assert before == sorted(before), "groups after relapse first"
    assert found.rows[0].outcome.statement.rule is not None
    after = {short(m.outcome.statement.id) for m in found.rows if not m.before_relapse}
    assert {"cog-first-relapse.relapsed.os-5y", "interfant-99.relapsed.os-3y", "mll03.relapsed.os-3y"} <= after
    assert not {name for name in after if name.startswith(("interfant-06.", "blinatumomab-pilot."))}
    assert AFTER_RELAPSE in found.notices


def test_without_a_relapse_nothing_after_relapse_is_listed(knowledge: Knowledge) -> None:
    found = seen(HIGH_RISK, knowledge)
    assert not [m for m in found.rows if "relapse_recorded = 'yes'" in m.outcome.statement.rule_text]
    assert not any(m.before_relapse for m in found.rows)


def test_a_refractory_child_may_be_one_of_the_car_t_series_and_of_its_factors(knowledge: Knowledge) -> None:
    found = seen(CHILDREN["refractory"], knowledge)
    listed = rows(CHILDREN["refractory"], knowledge)
    assert listed["chop-cd19-car-t.kmt2a-r.os-2y"] == "open"
    assert "chop-cd19-car-t.kmt2a-infant.death" in {short(m.factor.statement.id) for m in found.factors}
    assert not [name for name in listed if name.startswith("blinatumomab-pilot.kmt2a-r")], "a marrow of 25% or more was left out"


def test_disease_free_survival_never_surely_counts_a_child_without_remission(knowledge: Knowledge) -> None:
    sure = [m for m in seen(CHILDREN["refractory"], knowledge).rows if m.verdict and m.outcome.endpoint in ("DFS", "RFS")]
    assert sure == []


def test_transplanted_groups_are_for_the_transplanted(knowledge: Knowledge) -> None:
    row = "sanders-infant-transplant.transplanted.dfs-3y"
    assert rows(CHILDREN["transplanted"], knowledge)[row] == "yes"
    assert row not in rows(HIGH_RISK, knowledge)


def test_what_no_record_holds_is_never_sure(knowledge: Knowledge) -> None:
    for child in CHILDREN.values():
        found = seen(child, knowledge)
        listed = [*found.rows, *found.other_series]
        assert not [m for m in listed if m.verdict and m.outcome.beyond]
        assert not [m for m in (*found.factors, *found.transplant) if m.reason.verdict and m.factor.beyond]
        assert not [m for m in found.timing if m.reason.verdict and m.timing.beyond]


@pytest.mark.parametrize("name", CHILDREN)
def test_neither_comparators_nor_figures_from_memory_are_listed(name: str, knowledge: Knowledge) -> None:
    found = seen(CHILDREN[name], knowledge)
    assert not [m for m in (*found.rows, *found.other_series) if m.outcome.population == "comparator"]
    assert not [m for m in (*found.rows, *found.other_series) if m.outcome.statement.confidence == "unverified"]
    assert not [m for m in (*found.factors, *found.transplant) if m.factor.population == "comparator"]
    assert not [m for m in found.timing if m.timing.population == "comparator"]
    assert {m.outcome.population for m in found.rows} == {"infants"}
    assert "infants" not in {m.outcome.population for m in found.other_series}


def test_a_small_group_is_a_count_and_no_percentage(knowledge: Knowledge) -> None:
    small = {short(m.outcome.statement.id): m for m in seen(HIGH_RISK, knowledge).rows}["st-jude-total-16.kmt2a-r.efs-5y"]
    assert small.as_count
    assert (small.count, small.outcome.n) == (4, 9)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({**HIGH_RISK, "lineage": "ambiguous", "cd19": "negative", "mpo": "positive"}, "neither B nor T lineage"),
        ({**HIGH_RISK, "marrow_blasts_at_diagnosis": 5, "blood_blasts_at_diagnosis": 0}, "ALL is not established"),
        ({**HIGH_RISK, "mpo": "positive"}, "mixed phenotype"),
        ({**GERMLINE, "surface_immunoglobulin": "positive"}, "mature B-cell"),
        (without(HIGH_RISK, "marrow_blasts_at_diagnosis"), "Whether this is ALL is not shown"),
    ],
)
def test_a_record_that_does_not_show_all_is_told_so(given: dict[str, Any], said: str, knowledge: Knowledge) -> None:
    assert any(said in notice for notice in seen(given, knowledge).notices)


def test_a_record_that_shows_all_is_not_told_otherwise(knowledge: Knowledge) -> None:
    notices = seen(HIGH_RISK, knowledge).notices
    assert not any("infants with ALL" in notice or "another leukaemia" in notice for notice in notices)
    assert notices[-1] == ABOUT_GROUPS


def test_a_death_is_said_first(knowledge: Knowledge) -> None:
    assert seen({**HIGH_RISK, "death_recorded": "yes"}, knowledge).notices[0].startswith("Death is recorded")


EVENTS = ("relapse_recorded", "transplant_recorded")
"""What is not recorded did not happen by the record: these cannot be left out without saying that."""


@st.composite
def child_and_some_of_its_facts(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, Any]]:
    full = {name: value for name, value in CHILDREN[draw(st.sampled_from(sorted(CHILDREN)))].items() if value is not None}
    deleted = draw(st.sets(st.sampled_from(sorted(set(full) - set(EVENTS)))))
    return full, without(full, *deleted)


@given(child_and_some_of_its_facts())
def test_what_is_sure_of_some_facts_is_sure_of_all(knowledge: Knowledge, children: tuple[dict[str, Any], dict[str, Any]]) -> None:
    full, some = children
    of_all, of_some = rows(full, knowledge), rows(some, knowledge)
    assert {name for name, stands in of_some.items() if stands == "yes"} <= {n for n, stands in of_all.items() if stands == "yes"}


@given(child_and_some_of_its_facts())
def test_a_fact_that_is_left_out_takes_no_row_away_from_a_child_known_to_be_an_infant(
    knowledge: Knowledge, children: tuple[dict[str, Any], dict[str, Any]]
) -> None:
    full, some = children
    if not set(some) & {"age_days_at_diagnosis", "age_months_at_diagnosis"}:
        some = {**some, "age_days_at_diagnosis": full["age_days_at_diagnosis"]}
    assert set(rows(full, knowledge)) <= set(rows(some, knowledge))


def test_kmt2a_not_evaluable_is_said_and_is_neither_world(knowledge: Knowledge) -> None:
    found = outlook(assessed({"age_days_at_diagnosis": 80, "kmt2a_status": "not_evaluable"}, knowledge))
    assert any("not evaluable" in notice for notice in found.notices)
    assert all("kmt2a_status" not in match.asks or not match.verdict for match in found.rows)
