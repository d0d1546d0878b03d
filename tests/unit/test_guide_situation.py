"""What is so for a family on one day, worked out by hand: phase, medicines, glove time, ages, seasons, choices.

Child: born 4 January 2026, diagnosed 20 March 2026 (day 0), at 75 days.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import pytest

from helpers.families import CHILD, material, record
from infantall.facts.values import Value
from infantall.family.medicines import RECENT_DAYS, find_medicine
from infantall.family.situation import Situation, situation
from infantall.knowledge.store import load_guide
from infantall.record.derive import AsOf
from infantall.record.model import When

COUNTED = "id: baby-08\nage_at_diagnosis_days: 75\n"
DIAGNOSED = dt.date(2026, 3, 20)
WEEK = 168


def on(day: str | dt.date) -> AsOf:
    date = dt.date.fromisoformat(day) if isinstance(day, str) else day
    return AsOf(date, (date - DIAGNOSED).days)


def of(
    text: str, day: str | AsOf = "2026-04-22", known: Mapping[str, Value] | None = None, hours: float = WEEK, **more: Any
) -> Situation:
    """The situation of a record's text on a day; ``known`` are the facts of the disease."""
    return situation(record(text), known or {}, load_guide(), on(day) if isinstance(day, str) else day, hours, **more)


def treated(*entries: str, family: str = "", events: str = "") -> str:
    text = CHILD + "treatment:\n" + "".join(f"  - {{{entry}}}\n" for entry in entries)
    return text + (f"family: {{{family}}}\n" if family else "") + (f"events: [{events}]\n" if events else "")


def course(day: str, name: str, protocol: str = "") -> str:
    return f"on: {day}, what: course, course: {name}" + (f", protocol: {protocol}" if protocol else "")


def dose(day: str, drug: str, more: str = "") -> str:
    return f"on: {day}, what: dose, drug: {drug}" + (f", {more}" if more else "")


def taking(day: str, drug: str, more: str = "") -> str:
    return f"on: {day}, what: medicine, drug: {drug}" + (f", {more}" if more else "")


def complete(day: str) -> str:
    return f"medicines_complete_on: {day}"


# -- nothing said, nothing known --------------------------------------------------------------------------------------------

NEVER_UNKNOWN = {"family_state", "opened_relapse", "opened_comfort", "opened_end_of_life"}
FROM_DATES = {"days_since_diagnosis", "phase"}


def test_what_nobody_said_is_unknown_and_never_no() -> None:
    found = of(CHILD, "2026-03-20").values
    names = {f.name for f in load_guide().vocabulary.facts.values() if f.read["by"] in ("situation", "medicine")}
    assert names <= set(found), names - set(found)
    assert {name for name in names if found[name] is not None} == NEVER_UNKNOWN | FROM_DATES


def test_every_value_is_one_that_the_vocabulary_names() -> None:
    facts = load_guide().vocabulary.facts
    for values in (
        of(CHILD).values,
        of(treated(course("2026-03-20", "induction", "interfant-06"), taking("2026-03-21", "mercaptopurine"),
                   family=f"{complete('2026-04-22')}, region: gb, line: port, feeding: [tube], figures: {{a: not_now}}")).values,
    ):  # fmt: skip
        for name, value in values.items():
            if isinstance(value, str):
                assert value in facts[name].values, (name, value)


# -- phases -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "phase"),
    [("prophase", "induction"), ("induction", "induction"), ("consolidation_ib", "consolidation"), ("ade", "consolidation"),
     ("mae", "consolidation"), ("marma", "consolidation"), ("octadad", "consolidation"), ("reinduction", "consolidation"),
     ("interim_maintenance", "consolidation"), ("blinatumomab", "blinatumomab"), ("transplant", "transplant"),
     ("maintenance", "maintenance"), ("continuation", "maintenance"), ("other", "other")],
)  # fmt: skip
def test_the_phase_of_a_course(name: str, phase: str) -> None:
    assert of(treated(course("2026-04-01", name))).values["phase"] == phase


def test_the_latest_course_that_has_begun_counts() -> None:
    text = treated(course("2026-05-01", "maintenance"), course("2026-03-20", "induction"), course("2026-04-21", "ade"))
    for day, phase in (("2026-03-20", "induction"), ("2026-04-20", "induction"), ("2026-04-21", "consolidation"),
                       ("2026-04-30", "consolidation"), ("2026-05-01", "maintenance")):  # fmt: skip
        assert of(text, day).values["phase"] == phase, day


def test_of_two_courses_begun_on_one_day_the_later_line_counts() -> None:
    text = treated(course("2026-04-01", "induction"), course("2026-04-01", "ade"))
    assert of(text).values["phase"] == "consolidation"


def test_the_first_two_weeks_without_a_course_are_the_diagnosis() -> None:
    assert of(CHILD, "2026-03-20").values["phase"] == "diagnosis"
    assert of(CHILD, "2026-04-02").values["phase"] == "diagnosis"  # day 13
    assert of(CHILD, "2026-04-03").values["phase"] is None  # day 14


@pytest.mark.parametrize(
    ("event", "phase"), [("relapse", "relapse"), ("end_of_treatment", "finished"), ("transplant", "after_transplant")]
)
def test_the_phase_after_an_event(event: str, phase: str) -> None:
    text = treated(course("2026-04-01", "maintenance"), events=f"{{on: 2026-04-10, what: {event}}}")
    assert of(text, "2026-04-09").values["phase"] == "maintenance"
    assert of(text, "2026-04-11").values["phase"] == phase


def test_the_day_of_the_transplant_is_still_the_transplant() -> None:
    text = treated(course("2026-04-01", "ade"), events="{on: 2026-04-10, what: transplant}")
    assert of(text, "2026-04-10").values["phase"] == "transplant"


def test_the_latest_of_several_events_counts() -> None:
    text = treated(course("2026-04-01", "ade"),
                   events="{on: 2026-04-10, what: transplant}, {on: 2026-04-18, what: end_of_treatment}")  # fmt: skip
    assert of(text, "2026-04-20").values["phase"] == "finished"


def test_a_death_makes_the_guide_bereaved_whatever_the_family_recorded() -> None:
    text = treated(course("2026-04-01", "ade"), family="state: paused")
    assert of(text).values["family_state"] == "paused"
    assert of(text, known={"death_recorded": "yes"}).values["family_state"] == "bereaved"
    assert of(text, known={"death_recorded": None}).values["family_state"] == "paused"


def test_a_death_in_the_record_reaches_the_situation() -> None:
    found = material(CHILD + "events: [{on: 2026-04-10, what: death}]\n")
    assert found.situation.values["family_state"] == "bereaved" and found.selection.state == "bereaved"


# -- which medicine an entry is -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("drug", "route", "identifier"),
    [("methotrexate", "it", "methotrexate-spinal"), ("MTX", "IT", "methotrexate-spinal"), ("methotrexate", "iv", "methotrexate-iv"),
     ("methotrexate", "po", "methotrexate-oral"), ("methotrexate", "", "methotrexate"), ("Ara-C", "iv", "cytarabine"),
     ("cytarabine", "intrathecal", "cytarabine-spinal"), ("prednisone", "po", "prednisone"), ("prednisone", "it", "prednisolone-spinal"),
     ("6-MP", "po", "mercaptopurine"), (" Oncovin ", "iv", "vincristine"), ("vincristine", "", "vincristine")],
)  # fmt: skip
def test_the_name_and_the_route_tell_the_medicine(drug: str, route: str, identifier: str) -> None:
    found = find_medicine(drug, route, load_guide())
    assert found is not None and found.id == identifier


def test_a_name_that_the_guide_lacks_is_no_other_medicine() -> None:
    for drug in ("Examplomab", "vincristin liposomal", "pred", "methotrexat", ""):
        assert find_medicine(drug, "", load_guide()) is None, drug


def test_every_name_of_every_medicine_finds_a_medicine_of_its_topic() -> None:
    guide = load_guide()
    for medicine in guide.medicines.values():
        for name in medicine.names:
            found = find_medicine(name, medicine.routes[0] if medicine.routes else "", guide)
            assert found is not None and found.id == medicine.id, (medicine.id, name)


# -- gets_…: yes, recent, expected, no, unknown -------------------------------------------------------------------------------


def test_a_dose_of_the_present_course_is_yes_and_one_before_it_is_recent_for_60_days() -> None:
    text = treated(course("2026-04-01", "ade"), dose("2026-04-01", "etoposide"), dose("2026-03-31", "vincristine"))
    values = of(text).values
    assert (values["gets_etoposide"], values["gets_vincristine"]) == ("yes", "recent")
    assert RECENT_DAYS == 60
    assert of(text, "2026-05-30").values["gets_vincristine"] == "recent"  # 31 March + 60 days
    assert of(text, "2026-05-31").values["gets_vincristine"] is None


def test_a_dose_ahead_is_not_yet_given() -> None:
    text = treated(course("2026-04-01", "ade"), dose("2026-04-10", "etoposide"), taking("2026-04-10", "fluconazole"))
    values = of(text, "2026-04-09").values
    assert values["gets_etoposide"] is None and values["gets_antifungal"] is None


def test_a_dose_without_a_day_counts_as_of_now() -> None:
    values = of(CHILD + "treatment: [{what: dose, drug: vincristine}]\n").values
    assert values["gets_vincristine"] == "yes" and values["gloves_needed"] == "yes"


def test_a_medicine_is_taken_until_its_last_day_and_recent_for_60_more() -> None:
    text = treated(taking("2026-03-21", "dexamethasone", "until: 2026-04-10"))
    assert of(text, "2026-04-10").values["gets_steroid"] == "yes"
    assert of(text, "2026-04-11").values["gets_steroid"] == "recent"
    assert of(text, "2026-06-09").values["gets_steroid"] == "recent"  # 10 April + 60
    assert of(text, "2026-06-10").values["gets_steroid"] is None


def test_a_medicine_without_an_end_goes_on() -> None:
    assert of(treated(taking("2026-03-21", "mercaptopurine")), "2028-01-01").values["gets_mercaptopurine"] == "yes"


def test_what_a_course_usually_has_is_expected_until_it_is_recorded() -> None:
    text = treated(course("2026-04-01", "ade", "interfant-06"), dose("2026-04-02", "etoposide"))
    found = of(text)
    assert {m: found.values[f"gets_{m}"] for m in ("cytarabine", "anthracycline", "etoposide", "vincristine")} == {
        "cytarabine": "expected", "anthracycline": "expected", "etoposide": "yes", "vincristine": None,
    }  # fmt: skip
    assert [t.status for t in found.taken] == ["yes", "expected", "expected"]
    assert all(t.since is None for t in found.taken if t.status == "expected")


def test_a_course_of_an_unknown_protocol_expects_nothing_and_says_so() -> None:
    found = of(treated(course("2026-04-01", "ade", "house-protocol")))
    assert found.course is None and not found.taken
    assert any("'ade' are not known to the guide" in notice for notice in found.notices)


def test_the_only_protocol_that_is_named_is_that_of_a_course_without_one() -> None:
    assert of(treated(course("2026-03-20", "induction", "interfant-06"), course("2026-04-20", "ade"))).course is not None
    two = treated(
        course("2026-03-20", "induction", "interfant-06"), course("2026-04-01", "mae", "blinfant"), course("2026-04-20", "ade")
    )
    assert of(two).course is None


@pytest.mark.parametrize(
    ("said", "holds"),
    [("2026-04-22", True), ("2026-04-15", True), ("2026-04-14", False), ("2026-04-23", False), ("2026-03-20", False)],
)  # 0, 7 and 8 days old; said for tomorrow; a month old
def test_a_list_of_medicines_is_complete_for_seven_days(said: str, holds: bool) -> None:
    values = of(treated(taking("2026-04-01", "omeprazole"), family=complete(said))).values
    wanted = "no" if holds else None
    assert values["gets_stomach_protection"] == "yes"
    assert (values["gets_vincristine"], values["gloves_needed"], values["numbing_cream_risk"]) == (wanted,) * 3


def test_an_empty_list_that_is_complete_says_no_and_without_the_word_nothing() -> None:
    assert of(CHILD + f"family: {{{complete('2026-04-22')}}}\n").values["gets_steroid"] == "no"
    assert of(CHILD).values["gets_steroid"] is None


def test_a_complete_list_does_not_deny_what_the_course_usually_has() -> None:
    text = treated(course("2026-04-20", "ade", "interfant-06"), family=complete("2026-04-22"))
    values = of(text).values
    assert (values["gets_etoposide"], values["gloves_needed"], values["gets_vincristine"]) == ("expected", "yes", "no")


def test_an_old_list_and_a_list_never_said_to_be_complete_are_told_apart() -> None:
    old = of(treated(family=complete("2026-04-01"))).notices
    never = of(CHILD).notices
    assert any("older than 7 days" in n for n in old) and any("never said to be complete" in n for n in never)
    assert not any("complete" in n or "older" in n for n in of(CHILD + f"family: {{{complete('2026-04-22')}}}\n").notices)


def test_two_entries_of_one_medicine_are_one() -> None:
    text = treated(course("2026-03-20", "induction"), dose("2026-04-15", "vincristine"), dose("2026-04-08", "Oncovin"))
    (taken,) = of(text).taken
    assert (taken.since, taken.last) == (When(dt.date(2026, 4, 8), 19), When(dt.date(2026, 4, 15), 26))


def test_the_same_drug_by_two_routes_is_two() -> None:
    text = treated(course("2026-03-20", "induction"), dose("2026-03-21", "cytarabine", "route: it"), dose("2026-03-22", "cytarabine", "route: iv"))  # fmt: skip
    assert sorted(t.medicine.id for t in of(text).taken if t.medicine) == ["cytarabine", "cytarabine-spinal"]


def test_a_medicine_that_the_guide_lacks_is_named_and_counts_as_hazardous() -> None:
    found = of(treated(taking("2026-04-01", "Examplomab"), family=complete("2026-04-22")))
    assert found.values["gloves_needed"] == "yes" and found.values["numbing_cream_risk"] is None
    assert any("no page for: Examplomab" in notice for notice in found.notices)


def test_an_amount_written_behind_the_name_is_not_part_of_the_name() -> None:
    for drug in ("vincristine 0.5 mg", "Vincristine 1,5 mg/m2", "vincristine (2 mL)", "vincristine 10 IU/kg daily"):
        (taken,) = of(treated(dose("2026-04-20", f'"{drug}"'))).taken
        assert taken.name.lower() == "vincristine" and taken.medicine is not None, drug
    (taken,) = of(treated(dose("2026-04-20", '"Examplomab 12.5 mg"'))).taken
    assert taken.name == "Examplomab"
    for drug in ("6-MP", "VP-16", "macrogol 3350", "SNDX-5613"):
        (taken,) = of(treated(dose("2026-04-20", f'"{drug}"'))).taken
        assert taken.name == drug and taken.medicine is not None, drug


# -- gloves ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "hours", "needed", "left"),
    [
        ("2026-04-01", 168, "yes", 168),  # the day of the dose: all seven days
        ("2026-04-02", 168, "yes", 144),
        ("2026-04-07", 168, "yes", 24),  # six days after
        ("2026-04-08", 168, "yes", 0),  # an evening dose counts until the evening
        ("2026-04-09", 168, "no", None),
        ("2026-04-01", 48, "yes", 48),
        ("2026-04-02", 48, "yes", 24),
        ("2026-04-03", 48, "yes", 0),
        ("2026-04-04", 48, "no", None),
        ("2026-04-04", 72, "yes", 0),
        ("2026-04-05", 72, "no", None),
    ],
)
def test_glove_time_after_one_dose(day: str, hours: int, needed: str, left: int | None) -> None:
    found = of(treated(dose("2026-04-01", "cyclophosphamide"), family=complete(day)), day, hours=hours)
    assert (found.gloves.needed, found.gloves.hours_left, found.values["gloves_needed"]) == (needed, left, needed)


def test_glove_time_counts_from_the_last_dose_of_the_last_medicine() -> None:
    text = treated(course("2026-03-20", "induction"), dose("2026-04-01", "vincristine"), dose("2026-04-03", "daunorubicin"),
                   dose("2026-03-28", "vincristine"), dose("2026-04-05", "prednisone"))  # fmt: skip
    found = of(text, "2026-04-06").gloves
    assert (found.needed, found.hours_left) == ("yes", 168 - 3 * 24)
    assert {t.name for t in found.because} == {"vincristine", "daunorubicin"}


def test_glove_time_has_no_end_while_a_medicine_goes_on() -> None:
    found = of(treated(taking("2026-04-01", "mercaptopurine"), dose("2026-04-21", "vincristine")), "2026-09-01").gloves
    assert (found.needed, found.hours_left) == ("yes", None)


def test_glove_time_after_a_medicine_that_ended() -> None:
    text = treated(taking("2026-04-01", "mercaptopurine", "until: 2026-04-20"), family=complete("2026-04-22"))
    assert (of(text).gloves.needed, of(text).gloves.hours_left) == ("yes", 120)


def test_no_gloves_is_said_only_where_the_list_is_complete() -> None:
    assert of(treated(taking("2026-04-01", "omeprazole"))).gloves.needed is None
    assert of(treated(dose("2026-03-21", "vincristine"))).gloves.needed is None
    assert of(treated(dose("2026-03-21", "vincristine"), family=complete("2026-04-22"))).gloves.needed == "no"


def test_a_medicine_whose_hazard_was_not_read_needs_gloves() -> None:
    assert load_guide().medicines["fluconazole"].gloves == "unknown"
    assert of(treated(taking("2026-04-01", "fluconazole"), family=complete("2026-04-22"))).gloves.needed == "yes"


def test_gloves_for_a_dose_whose_day_cannot_be_compared() -> None:
    text = "id: x\ntreatment: [{on: 2026-04-01, what: dose, drug: vincristine}]\nfamily: {medicines_complete_on: 3}\n"
    assert situation(record(text), {}, load_guide(), AsOf(None, 3), WEEK).gloves.needed == "yes"


# -- numbing cream ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("drug", "listed", "risk"),
    [("co-trimoxazole", False, "yes"), ("co-trimoxazole", True, "yes"), ("omeprazole", True, "no"), ("omeprazole", False, None),
     ("cyclophosphamide", True, None), ("Examplomab", True, None)],
)  # fmt: skip
def test_numbing_cream(drug: str, listed: bool, risk: str | None) -> None:
    text = treated(taking("2026-04-01", drug), family=complete("2026-04-22") if listed else "")
    assert of(text).values["numbing_cream_risk"] == risk


# -- ages -------------------------------------------------------------------------------------------------------------------------


def test_the_first_two_weeks() -> None:
    assert of(CHILD, "2026-04-02").first_days and not of(CHILD, "2026-04-03").first_days
    assert not of("id: x\n", AsOf(None, None)).first_days


# -- seasons ----------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("region", "day", "season"),
    [
        # north: October to March; eight weeks before the first of October is the sixth of August
        ("gb", "2026-08-05", "off"), ("gb", "2026-08-06", "soon"), ("gb", "2026-09-30", "soon"), ("gb", "2026-10-01", "now"),
        ("gb", "2026-12-31", "now"), ("gb", "2027-01-01", "now"), ("gb", "2027-03-31", "now"), ("gb", "2027-04-01", "off"),
        (" GB ", "2026-12-31", "now"),
        # south: May to October
        ("nz", "2027-03-05", "off"), ("nz", "2027-03-06", "soon"), ("nz", "2027-04-30", "soon"), ("nz", "2027-05-01", "now"),
        ("nz", "2026-10-31", "now"), ("nz", "2026-11-01", "off"), ("nz", "2026-12-31", "off"), ("nz", "2027-01-01", "off"),
        # April to September, in a common year and over the 29th of February
        ("au", "2027-02-03", "off"), ("au", "2027-02-04", "soon"), ("au", "2028-02-04", "off"), ("au", "2028-02-05", "soon"),
        ("atlantis", "2026-12-31", None), ("", "2026-12-31", None),
    ],
)  # fmt: skip
def test_the_rsv_season_of_a_region(region: str, day: str, season: str | None) -> None:
    assert of(CHILD + f'family: {{region: "{region}"}}\n', day).values["rsv_season"] == season


@pytest.mark.parametrize(
    ("months", "day", "season"),
    [((1,), "2026-11-05", "off"), ((1,), "2026-11-06", "soon"), ((1,), "2026-12-31", "soon"), ((1,), "2027-01-01", "now"),
     ((1,), "2027-02-01", "off"), ((12,), "2026-12-31", "now"), ((12,), "2027-01-01", "off"), (tuple(range(1, 13)), "2027-01-01", "now")],
)  # fmt: skip
def test_the_units_own_months_come_before_the_region(months: tuple[int, ...], day: str, season: str) -> None:
    for family in ("", "family: {region: nz}\n"):
        assert of(CHILD + family, day, season_months=months).values["rsv_season"] == season


def test_no_season_without_dates() -> None:
    assert of(COUNTED + "family: {region: gb}\n", AsOf(None, 30)).values["rsv_season"] is None


# -- the family -------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "facts"),
    [
        ("feeding: [breast_milk, solids]", {"feeds_breast_milk": "yes", "feeds_solids": "yes", "feeds_formula": "no", "feeds_tube": "no",
                                            "stopped_breast_milk": "no"}),
        ("feeding: [formula]", {"feeds_breast_milk": "no", "feeds_formula": "yes", "stopped_breast_milk": None}),
        ('feeding: [formula], stopped_breast_milk: "yes"', {"stopped_breast_milk": "yes"}),
        ("feeding: []", {"feeds_breast_milk": "no", "feeds_tube": "no"}),
        ("place: home", {"place": "home", "been_home": "yes"}),
        ("place: hospital", {"place": "hospital", "been_home": None}),
        ('place: hospital, been_home: "yes"', {"been_home": "yes"}),
        ('at_home: {pets: "yes", twin: "no"}', {"pets_at_home": "yes", "twin": "no", "smoker_at_home": None}),
        ("line: hickman", {"line": "tunnelled"}),
        ("line: none", {"line": "none"}),
        ("trial: none, transplant: none", {"trial": "none", "transplant_plan": "none"}),
        ("opened: [comfort]", {"opened_comfort": "yes", "opened_relapse": "no", "opened_end_of_life": "no"}),
        ("sibling_rotavirus_vaccine: 2026-03-23", {"sibling_had_rotavirus_vaccine": "yes"}),  # 30 days before 22 April
        ("sibling_rotavirus_vaccine: 2026-03-22", {"sibling_had_rotavirus_vaccine": "no"}),
        ("sibling_rotavirus_vaccine: 2026-04-23", {"sibling_had_rotavirus_vaccine": None}),  # ahead
    ],
)  # fmt: skip
def test_what_the_family_said(said: str, facts: dict[str, str | None]) -> None:
    values = of(CHILD + f"family: {{{said}}}\n").values
    assert {name: values[name] for name in facts} == facts


@pytest.mark.parametrize(
    ("figures", "parent", "choice"),
    [
        ("mother: show_now, father: not_now", "mother", "show_now"),
        ("mother: show_now, father: not_now", "father", "not_now"),
        ("mother: show_now, father: not_now", "", "not_now"),
        ("mother: show_now, father: talk_first", "", "talk_first"),
        ("mother: talk_first, father: not_now", "", "not_now"),
        ("mother: show_now, father: show_now", "", None),  # who reads is not known
        ("mother: show_now", "", None),
        ("mother: show_now", "aunt", None),
        ("", "", None),
    ],
)
def test_one_parents_wish_never_shows_another_figures(figures: str, parent: str, choice: str | None) -> None:
    assert of(CHILD + f"family: {{figures: {{{figures}}}}}\n", parent=parent).values["figures"] == choice


# -- T lineage ----------------------------------------------------------------------------------------------------------------------


def test_blinatumomab_is_ruled_out_for_t_lineage_and_open_for_others() -> None:
    for lineage, wanted in (("T", "no"), ("B", None), ("ambiguous", None), (None, None)):
        values = of(CHILD, known={"lineage": lineage}).values
        assert (values["gets_blinatumomab"], values["blinatumomab_at_home"]) == (wanted, wanted), lineage


def test_an_expected_blinatumomab_is_ruled_out_for_t_lineage_and_a_recorded_one_stays() -> None:
    usual = treated(course("2026-04-20", "blinatumomab", "interfant-21"))
    assert of(usual, known={"lineage": "B"}).values["gets_blinatumomab"] == "expected"
    assert of(usual, known={"lineage": "T"}).values["gets_blinatumomab"] == "no"
    given = treated(
        course("2026-04-20", "blinatumomab", "interfant-21"),
        dose("2026-04-20", "blinatumomab"),
        family='blinatumomab_at_home: "yes"',
    )
    values = of(given, known={"lineage": "T"}).values
    assert (values["gets_blinatumomab"], values["blinatumomab_at_home"]) == ("yes", "yes")
