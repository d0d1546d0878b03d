"""From dated findings to facts: which result is used, and what is said about it."""

from __future__ import annotations

import datetime as dt
import math

import pytest

from infantall.facts.values import Choice, Interval, Value, below
from infantall.facts.vocabulary import Vocabulary
from infantall.record.derive import AsOf, Reading, derive_facts, latest_day, record_notices
from infantall.record.reader import read_record_text

BORN, DIAGNOSED = dt.date(2026, 1, 4), dt.date(2026, 3, 20)
DATES = f"born: {BORN}\ndiagnosed: {DIAGNOSED}\n"
DAYS = "age_at_diagnosis_days: 75\n"
LATE = AsOf(DIAGNOSED + dt.timedelta(days=1000), 1000)


class Child:
    """A child's record in a few words, and the facts read from it."""

    def __init__(self, vocabulary: Vocabulary, *findings: str, treatment: str = "", events: str = "", head: str = DAYS) -> None:
        lists = "".join(f"  - {{{entry}}}\n" for entry in findings)
        text = f"{head}findings:\n{lists}" if findings else head
        text += f"treatment: [{treatment}]\nevents: [{events}]\n"
        self.vocabulary = vocabulary
        self.record = read_record_text(text, ".yaml", vocabulary)

    def reading(self, fact: str, day: int | None = None) -> Reading:
        as_of = LATE if day is None else AsOf(DIAGNOSED + dt.timedelta(days=day), day)
        return derive_facts(self.record, self.vocabulary, as_of)[fact]

    def value(self, fact: str, day: int | None = None) -> Value:
        return self.reading(fact, day).value

    def notices(self, fact: str) -> str:
        return " ".join(self.reading(fact).notices)


def wbc(day: int, value: float, more: str = "") -> str:
    return f"day: {day}, what: wbc, value: {value}, unit: 10*9/L{more}"


def blasts(day: int, value: float, more: str = "") -> str:
    return f"day: {day}, what: blood_blasts, value: {value}, unit: /uL{more}"


def course(day: int, name: str) -> str:
    return f"{{day: {day}, what: course, course: {name}}}"


# -- nothing is known ----------------------------------------------------------------------------------------------------


def test_nothing_recorded_is_nothing_known(vocabulary: Vocabulary) -> None:
    child = Child(vocabulary, head="id: x\n")
    about_the_record = {name for name, fact in vocabulary.facts.items() if fact.read["by"] in ("recorded", "events")}
    for name, reading in derive_facts(child.record, vocabulary, latest_day(child.record)).items():
        assert reading.value == ("no" if name in about_the_record else None), name
        assert reading.notices == ()


def test_every_fact_gets_a_reading(vocabulary: Vocabulary) -> None:
    child = Child(vocabulary)
    assert derive_facts(child.record, vocabulary, LATE).keys() == vocabulary.facts.keys()


# -- at diagnosis --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("day", "is_used"), [(-8, False), (-7, True), (-1, True), (0, True), (1, True), (3, True), (4, False)])
def test_a_value_at_diagnosis_is_from_7_days_before_to_3_days_after(day: int, is_used: bool, vocabulary: Vocabulary) -> None:
    child = Child(vocabulary, wbc(day, 412))
    assert child.value("wbc_at_diagnosis") == (412.0 if is_used else None)


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (0, ""),
        (-3, "White cell count at diagnosis is taken from 3 days before diagnosis."),
        (2, "White cell count at diagnosis is taken from 2 days after diagnosis."),
    ],
)
def test_a_value_of_another_day_says_so(day: int, words: str, vocabulary: Vocabulary) -> None:
    assert Child(vocabulary, wbc(day, 412)).notices("wbc_at_diagnosis") == words


@pytest.mark.parametrize("day", [-30, -8, 4, 7])
def test_a_value_just_outside_the_window_is_not_used_and_that_is_said(day: int, vocabulary: Vocabulary) -> None:
    child = Child(vocabulary, wbc(day, 412))
    assert child.value("wbc_at_diagnosis") is None
    assert "stays unknown" in child.notices("wbc_at_diagnosis")


def test_later_monitoring_is_no_missed_diagnostic_value(vocabulary: Vocabulary) -> None:
    assert Child(vocabulary, wbc(30, 4), wbc(60, 5)).reading("wbc_at_diagnosis") == Reading(None)


NEAREST = [
    ([(0, 400), (-1, 500), (1, 300)], 400.0),
    ([(-2, 500), (1, 300)], 300.0),
    ([(-2, 500), (2, 300)], 500.0),
    ([(3, 300), (-7, 500)], 300.0),
]


@pytest.mark.parametrize(("counts", "used"), NEAREST)
def test_the_nearest_value_is_used_and_the_earlier_of_two_as_near(
    counts: list[tuple[int, float]], used: float, vocabulary: Vocabulary
) -> None:
    assert Child(vocabulary, *(wbc(day, value) for day, value in counts)).value("wbc_at_diagnosis") == used


def test_no_value_is_used_after_treatment_started(vocabulary: Vocabulary) -> None:
    child = Child(vocabulary, wbc(2, 90), treatment=course(1, "prophase"))
    assert child.value("wbc_at_diagnosis") is None
    assert "before treatment" in child.notices("wbc_at_diagnosis")
    assert Child(vocabulary, wbc(1, 90), treatment=course(1, "prophase")).value("wbc_at_diagnosis") == 90.0
    dose = "{day: 0, what: dose, drug: dexamethasone}"
    assert Child(vocabulary, wbc(1, 90), treatment=dose).value("wbc_at_diagnosis") is None
    assert Child(vocabulary, wbc(1, 90), wbc(-5, 412), treatment=dose).value("wbc_at_diagnosis") == 412.0


def test_a_value_marked_diagnosis_wins_wherever_it_stands(vocabulary: Vocabulary) -> None:
    child = Child(vocabulary, wbc(0, 400), wbc(20, 500, ", timepoint: diagnosis"))
    assert child.value("wbc_at_diagnosis") == 500.0
    unmarked = Child(vocabulary, "what: wbc, value: 500, unit: 10*9/L, timepoint: diagnosis")
    assert unmarked.value("wbc_at_diagnosis") == 500.0


def test_a_value_marked_otherwise_or_without_a_day_is_not_the_one_at_diagnosis(vocabulary: Vocabulary) -> None:
    assert Child(vocabulary, wbc(0, 400, ", timepoint: day_8")).value("wbc_at_diagnosis") is None
    assert Child(vocabulary, "what: wbc, value: 400, unit: 10*9/L").value("wbc_at_diagnosis") is None


def test_a_result_that_is_none_yet_does_not_hide_one_that_is(vocabulary: Vocabulary) -> None:
    assert Child(vocabulary, "day: 0, what: wbc, value: pending", wbc(-1, 400)).value("wbc_at_diagnosis") == 400.0


def test_dates_and_days_give_the_same_facts(vocabulary: Vocabulary) -> None:
    dated = Child(vocabulary, "on: 2026-03-21, what: wbc, value: 412, unit: 10*9/L", head=DATES)
    counted = Child(vocabulary, wbc(1, 412))
    for fact in ("wbc_at_diagnosis", "age_days_at_diagnosis", "age_months_at_diagnosis"):
        assert dated.value(fact) == counted.value(fact)
    assert dated.value("age_days_at_diagnosis") == 75


# -- contradictions ------------------------------------------------------------------------------------------------------


def test_contradictory_numbers_of_one_day_leave_an_interval(vocabulary: Vocabulary) -> None:
    child = Child(vocabulary, wbc(0, 280), wbc(0, 412), wbc(0, 300))
    reading = child.reading("wbc_at_diagnosis")
    assert reading.value == Interval(280.0, 412.0)
    assert len(reading.findings) == 3
    for word in ("Contradictory results for white cell count at diagnosis", "280 10*9/L (day 0)", "412 10*9/L", "Both stand"):
        assert word in child.notices("wbc_at_diagnosis")


def test_the_same_number_twice_is_no_contradiction(vocabulary: Vocabulary) -> None:
    child = Child(vocabulary, wbc(0, 300), "day: 0, what: wbc, value: 300000, unit: /mm3")
    assert child.value("wbc_at_diagnosis") == 300.0
    assert child.notices("wbc_at_diagnosis") == ""


def test_a_limit_and_a_number_are_joined(vocabulary: Vocabulary) -> None:
    child = Child(vocabulary, 'day: 0, what: wbc, value: "<1", unit: 10*9/L', wbc(0, 3))
    assert child.value("wbc_at_diagnosis") == Interval(0.0, 3.0)


def test_contradictory_categories_leave_a_choice(vocabulary: Vocabulary) -> None:
    child = Child(
        vocabulary,
        "day: 1, what: kmt2a_status, value: rearranged, method: FISH",
        "day: 4, what: kmt2a_status, value: germline, method: RT-PCR",
    )
    assert child.value("kmt2a_status") == Choice(frozenset({"rearranged", "germline"}))
    for word in ("rearranged (day 1, FISH)", "germline (day 4, RT-PCR)", "it is open: rearranged or germline"):
        assert word in child.notices("kmt2a_status")


def test_not_evaluable_gives_way_to_a_definite_result(vocabulary: Vocabulary) -> None:
    child = Child(vocabulary, "day: 1, what: kmt2a_status, value: not_evaluable", "day: 4, what: kmt2a_status, value: rearranged")
    assert child.value("kmt2a_status") == "rearranged"
    assert "not evaluable as well" in child.notices("kmt2a_status")
    assert [finding.value for finding in child.reading("kmt2a_status").findings] == ["rearranged"]


def test_not_evaluable_alone_stands(vocabulary: Vocabulary) -> None:
    child = Child(vocabulary, "what: kmt2a_status, value: not_evaluable", "what: kmt2a_status, value: pending")
    assert child.value("kmt2a_status") == "not_evaluable"
    assert child.notices("kmt2a_status") == ""


# -- the leukaemia as it was diagnosed -----------------------------------------------------------------------------------

RELAPSE = "{day: 200, what: relapse, site: marrow}"


@pytest.mark.parametrize("when", ["day: 0, ", "day: 30, ", "day: 199, ", ""], ids=["day 0", "day 30", "day 199", "no day"])
def test_a_marker_counts_whatever_its_date_before_a_relapse(when: str, vocabulary: Vocabulary) -> None:
    assert Child(vocabulary, f"{when}what: cd19, value: positive", events=RELAPSE).value("cd19") == "positive"


FROM_RELAPSE = [
    ("cd19", "what: cd19, value: negative", None),
    ("kmt2a_status", "what: kmt2a_status, value: germline", None),
    ("lineage", "what: lineage, value: T", None),
    ("cns_status", "what: cns_status, value: CNS3a", None),
    ("cns_signs_recorded", 'what: cns_signs, value: "yes"', "no"),
    ("mpo_positive_recorded", "what: mpo, value: positive", "no"),
    ("kmt2a_tested_by_fish", "what: kmt2a_status, value: rearranged, method: FISH", "no"),
]


@pytest.mark.parametrize(("fact", "entry", "without"), FROM_RELAPSE, ids=[row[0] for row in FROM_RELAPSE])
@pytest.mark.parametrize("day", [200, 260])
def test_a_result_of_a_relapse_is_not_used_for_the_diagnosis(
    fact: str, entry: str, without: Value, day: int, vocabulary: Vocabulary
) -> None:
    at_relapse = f"day: {day}, {entry}"
    assert Child(vocabulary, at_relapse, events=RELAPSE).value(fact) == without
    assert Child(vocabulary, f"day: 1, {entry}", events=RELAPSE).value(fact) not in (None, without)


def test_the_result_at_diagnosis_stands_beside_that_of_a_relapse(vocabulary: Vocabulary) -> None:
    child = Child(
        vocabulary, "day: 0, what: cd19, value: positive", "day: 201, what: cd19, value: negative",
        events="{day: 300, what: relapse}, " + RELAPSE,
    )  # fmt: skip
    assert child.value("cd19") == "positive"
    assert child.notices("cd19") == ""


def test_a_marker_of_another_timepoint_is_not_of_the_diagnosis(vocabulary: Vocabulary) -> None:
    assert Child(vocabulary, "day: 33, what: cd19, value: negative, timepoint: end_of_induction").value("cd19") is None


# -- recorded facts ------------------------------------------------------------------------------------------------------

RECORDED = [
    ("cns_signs_recorded", 'what: cns_signs, value: "yes"', "yes"),
    ("cns_signs_recorded", 'what: cns_signs, value: "no"', "no"),
    ("cns_signs_recorded", "what: cns_signs, value: unknown", "no"),
    ("mpo_positive_recorded", "what: mpo, value: positive", "yes"),
    ("mpo_positive_recorded", "what: mpo, value: not_evaluable", "no"),
    ("kmt2a_tested_by_fish", "what: kmt2a_status, value: germline, method: FISH", "yes"),
    ("kmt2a_tested_by_fish", "what: kmt2a_status, value: germline, method: RT-PCR", "no"),
    ("kmt2a_tested_by_fish", "what: kmt2a_status, value: not_evaluable, method: FISH", "no"),
    ("kmt2a_tested_by_fusion_or_rna", "what: kmt2a_status, value: germline, method: RT-PCR", "yes"),
    ("mrd_end_of_induction_negative_recorded", "what: mrd, value: negative, timepoint: end_of_induction", "yes"),
    ("mrd_end_of_induction_negative_recorded", "what: mrd, value: negative, timepoint: end_of_consolidation", "no"),
    ("mrd_end_of_induction_negative_recorded", "what: mrd, value: 0.001, unit: '1', timepoint: end_of_induction", "no"),
]


@pytest.mark.parametrize(("fact", "entry", "value"), RECORDED, ids=[f"{row[0]}: {row[1]}" for row in RECORDED])
def test_what_is_recorded_is_yes_or_no_and_never_unknown(fact: str, entry: str, value: str, vocabulary: Vocabulary) -> None:
    assert Child(vocabulary, f"day: 0, {entry}").value(fact) == value


# -- the first lumbar puncture -------------------------------------------------------------------------------------------


def fluid(day: int, cells: float, red: float, seen: str, more: str = "") -> list[str]:
    return [
        f"day: {day}, what: csf_wbc, value: {cells}, unit: /uL{more}",
        f"day: {day}, what: csf_rbc, value: {red}, unit: /uL{more}",
        f"day: {day}, what: csf_blasts, value: {seen}{more}",
    ]


def csf(child: Child) -> tuple[Value, Value, Value]:
    return child.value("csf_wbc"), child.value("csf_rbc"), child.value("csf_blasts")


@pytest.mark.parametrize(("day", "is_used"), [(-8, False), (-7, True), (0, True), (14, True), (15, False)])
def test_the_first_tap_is_from_7_days_before_to_14_days_after_diagnosis(day: int, is_used: bool, vocabulary: Vocabulary) -> None:
    child = Child(vocabulary, *fluid(day, 3, 0, "absent"))
    assert csf(child) == ((3.0, 0.0, "absent") if is_used else (None, None, None))


def test_only_the_first_tap_counts(vocabulary: Vocabulary) -> None:
    child = Child(vocabulary, *fluid(8, 0, 0, "absent"), *fluid(1, 12, 5, "present"))
    assert csf(child) == (12.0, 5.0, "present")


def test_cells_of_one_tap_are_never_joined_with_blasts_of_another(vocabulary: Vocabulary) -> None:
    child = Child(vocabulary, *fluid(0, 12, 5, "present")[:2], *fluid(7, 0, 0, "absent"))
    assert csf(child) == (12.0, 5.0, None)


def test_a_tap_marked_diagnosis_comes_first(vocabulary: Vocabulary) -> None:
    child = Child(vocabulary, *fluid(0, 12, 5, "present"), *fluid(20, 1, 2, "absent", ", timepoint: diagnosis"))
    assert csf(child) == (1.0, 2.0, "absent")


def test_two_counts_of_the_first_tap_leave_an_interval(vocabulary: Vocabulary) -> None:
    child = Child(vocabulary, *fluid(0, 4, 0, "present"), "day: 0, what: csf_wbc, value: 6, unit: /uL")
    assert csf(child) == (Interval(4.0, 6.0), 0.0, "present")
    assert "Contradictory" in child.notices("csf_wbc")


# -- day 8 ---------------------------------------------------------------------------------------------------------------

INDUCTION_ON_3 = course(3, "induction")


@pytest.mark.parametrize("name", ["prophase", "induction"])
def test_day_8_is_counted_from_the_recorded_start(name: str, vocabulary: Vocabulary) -> None:
    child = Child(vocabulary, blasts(7, 5000), blasts(10, 900), treatment=course(3, name))
    assert child.value("day8_blasts") == 900.0
    assert child.notices("day8_blasts") == ""


def test_day_8_is_counted_from_the_prophase_where_induction_follows(vocabulary: Vocabulary) -> None:
    child = Child(vocabulary, blasts(8, 900), blasts(15, 10), treatment=f"{course(8, 'induction')}, {course(1, 'prophase')}")
    assert child.value("day8_blasts") == 900.0


def test_without_a_start_the_day_of_diagnosis_is_day_1_and_that_is_said(vocabulary: Vocabulary) -> None:
    child = Child(vocabulary, blasts(7, 900), blasts(8, 5000))
    assert child.value("day8_blasts") == 900.0
    assert child.notices("day8_blasts") == (
        "The start of the prophase is not recorded: the day of diagnosis counts as day 1 for the day-8 blasts."
    )


def test_a_later_course_is_no_start_of_the_prophase(vocabulary: Vocabulary) -> None:
    child = Child(vocabulary, blasts(7, 900), treatment=course(2, "maintenance"))
    assert child.value("day8_blasts") == 900.0
    assert "day of diagnosis counts as day 1" in child.notices("day8_blasts")


@pytest.mark.parametrize(("day", "protocol_day"), [(9, 7), (11, 9)])
def test_a_count_one_day_off_is_used_and_that_is_said(day: int, protocol_day: int, vocabulary: Vocabulary) -> None:
    child = Child(vocabulary, blasts(day, 900), treatment=INDUCTION_ON_3)
    assert child.value("day8_blasts") == 900.0
    assert child.notices("day8_blasts") == f"No blast count is recorded on day 8; the one on day {protocol_day} is used."


@pytest.mark.parametrize("day", [0, 8, 12])
def test_a_count_two_days_off_is_not_used(day: int, vocabulary: Vocabulary) -> None:
    assert Child(vocabulary, blasts(day, 900), treatment=INDUCTION_ON_3).reading("day8_blasts") == Reading(None)


def test_a_count_on_day_8_wins_over_its_neighbours(vocabulary: Vocabulary) -> None:
    child = Child(vocabulary, blasts(9, 5000), blasts(10, 900), blasts(11, 200), treatment=INDUCTION_ON_3)
    assert child.value("day8_blasts") == 900.0


def test_counts_on_days_7_and_9_leave_it_open_between_them(vocabulary: Vocabulary) -> None:
    child = Child(vocabulary, blasts(9, 1200), blasts(11, 200), treatment=INDUCTION_ON_3)
    assert child.value("day8_blasts") == Interval(200.0, 1200.0)
    assert "the one on day 7 and 9 is used" in child.notices("day8_blasts")


def test_a_count_marked_day_8_wins(vocabulary: Vocabulary) -> None:
    child = Child(vocabulary, blasts(10, 5000), blasts(11, 900, ", timepoint: day_8"), treatment=INDUCTION_ON_3)
    assert child.value("day8_blasts") == 900.0
    assert child.notices("day8_blasts") == ""


def test_a_count_marked_day_8_needs_no_date(vocabulary: Vocabulary) -> None:
    child = Child(vocabulary, "what: blood_blasts, value: 900, unit: /uL, timepoint: day_8")
    assert child.reading("day8_blasts").value == 900.0
    assert child.notices("day8_blasts") == ""


@pytest.mark.parametrize(("treatment", "by"), [(INDUCTION_ON_3, "the recorded start"), ("", "the day of diagnosis as day 1")])
def test_a_count_marked_day_8_but_far_from_it_is_used_and_that_is_said(treatment: str, by: str, vocabulary: Vocabulary) -> None:
    child = Child(vocabulary, blasts(25, 900, ", timepoint: day_8"), treatment=treatment)
    assert child.value("day8_blasts") == 900.0
    day = 23 if treatment else 26
    assert child.notices("day8_blasts") == f"The blast count marked day 8 was taken on day {day} by {by}."


def test_a_count_marked_otherwise_is_not_the_day_8_count(vocabulary: Vocabulary) -> None:
    child = Child(vocabulary, blasts(10, 900, ", timepoint: day_15"), treatment=INDUCTION_ON_3)
    assert child.value("day8_blasts") is None


# -- MRD -----------------------------------------------------------------------------------------------------------------

MRD = [
    ("value: 0.0004, unit: '1'", 0.0004, ""),
    ("value: 0, unit: '1'", 0.0, ""),
    ("value: negative, sensitivity: 0.0001", Interval(0.0, below(0.0001)), ""),
    ("value: negative", None, "its sensitivity is not recorded"),
    ("value: pnq, quantitative_range: 0.0001", Interval(math.nextafter(0.0, 1.0), below(0.0001)), ""),
    ("value: pnq", Interval(math.nextafter(0.0, 1.0), 1.0), "its quantitative range is not recorded"),
    ("value: not_evaluable", None, "recorded as not evaluable: it stays unknown"),
    ("value: pending", None, "recorded as pending: it stays unknown"),
]


@pytest.mark.parametrize(("entry", "value", "words"), MRD, ids=[entry for entry, _, _ in MRD])
def test_an_mrd_word_says_what_is_known_and_no_more(entry: str, value: Value, words: str, vocabulary: Vocabulary) -> None:
    child = Child(vocabulary, f"day: 33, what: mrd, {entry}, timepoint: end_of_induction")
    assert child.value("mrd_end_of_induction") == value
    assert words in child.notices("mrd_end_of_induction")
    assert bool(words) == bool(child.notices("mrd_end_of_induction"))
    assert child.value("mrd_end_of_consolidation") is None


def test_an_mrd_without_its_timepoint_belongs_to_none(vocabulary: Vocabulary) -> None:
    child = Child(vocabulary, "day: 33, what: mrd, value: 0.0004, unit: '1'")
    mrd_facts = [name for name, fact in vocabulary.facts.items() if fact.read.get("finding") == "mrd" and fact.type == "number"]
    assert len(mrd_facts) > 5
    assert all(child.value(name) is None for name in mrd_facts)


def test_a_number_beside_a_negative_result_without_sensitivity_counts(vocabulary: Vocabulary) -> None:
    child = Child(
        vocabulary,
        "day: 33, what: mrd, value: negative, method: flow, timepoint: end_of_induction",
        "day: 33, what: mrd, value: 0.0004, unit: '1', method: IG/TR PCR, timepoint: end_of_induction",
    )
    assert child.value("mrd_end_of_induction") == 0.0004


# -- recorded judgements, latest values, treatment, events ---------------------------------------------------------------


def test_a_judgement_recorded_directly_is_read(vocabulary: Vocabulary) -> None:
    child = Child(
        vocabulary, "day: 8, what: prednisone_response, value: PPR, timepoint: day_8", "what: lineage, value: B-ALL",
        "day: 33, what: marrow_class, value: M1, timepoint: end_of_induction",
        "day: 15, what: marrow_class, value: M3, timepoint: day_15",
    )  # fmt: skip
    assert child.value("prednisone_response") == "poor"
    assert child.value("lineage") == "B"
    assert child.value("marrow_end_of_induction") == "M1"
    assert child.value("leukaemia_class") is None, "judged by rules, never read here"


def test_the_latest_weight_is_used(vocabulary: Vocabulary) -> None:
    child = Child(
        vocabulary, "day: 30, what: weight, value: 6, unit: kg", "day: 0, what: weight, value: 5.1, unit: kg",
        "day: 40, what: weight, value: pending",
    )  # fmt: skip
    assert child.value("weight") == 6.0
    assert child.value("weight", day=29) == 5.1
    assert child.value("weight", day=30) == 6.0


def test_a_weight_without_a_date_is_not_the_latest(vocabulary: Vocabulary) -> None:
    assert Child(vocabulary, "what: weight, value: 9, unit: kg").value("weight") is None
    child = Child(vocabulary, "what: weight, value: 9, unit: kg", "day: 0, what: weight, value: 5, unit: kg")
    assert child.value("weight") == 5.0


def test_the_current_course_and_its_day(vocabulary: Vocabulary) -> None:
    child = Child(vocabulary, treatment=f"{course(36, 'consolidation_ib')}, {course(0, 'prophase')}, {course(7, 'induction')}")
    expected = [
        (-1, None, None), (0, "prophase", 1.0), (6, "prophase", 7.0), (7, "induction", 1.0), (14, "induction", 8.0),
        (35, "induction", 29.0), (36, "consolidation_ib", 1.0), (100, "consolidation_ib", 65.0),
    ]  # fmt: skip
    for day, name, course_day in expected:
        assert (child.value("current_course", day), child.value("current_course_day", day)) == (name, course_day), day


def test_a_course_of_another_protocol_is_another_course(vocabulary: Vocabulary) -> None:
    assert Child(vocabulary, treatment=course(0, "early_intensification")).value("current_course") == "other"


def test_a_dose_is_no_course(vocabulary: Vocabulary) -> None:
    child = Child(vocabulary, treatment="{day: 0, what: dose, drug: methotrexate, route: it}")
    assert child.value("current_course") is None
    assert child.value("induction_started") is None


def test_started_induction_is_yes_or_unknown(vocabulary: Vocabulary) -> None:
    assert Child(vocabulary, treatment=course(3, "prophase")).value("induction_started") == "yes"
    assert Child(vocabulary, treatment=course(3, "prophase")).value("induction_started", day=2) is None
    assert Child(vocabulary).value("induction_started") is None


def test_intrathecal_doses_are_counted_by_their_route(vocabulary: Vocabulary) -> None:
    doses = "{day: 0, what: dose, drug: a, route: IT}, {day: 7, what: dose, drug: a, route: intrathecal}, "
    child = Child(vocabulary, treatment=doses + "{day: 8, what: dose, drug: a, route: iv}")
    assert child.value("intrathecal_doses_given") == 2.0
    assert child.value("intrathecal_doses_given", day=6) == 1.0
    assert Child(vocabulary).value("intrathecal_doses_given") is None


@pytest.mark.parametrize("event", ["relapse", "transplant", "death"])
def test_an_event_is_recorded_or_not(event: str, vocabulary: Vocabulary) -> None:
    child = Child(vocabulary, events=f"{{day: 100, what: {event}}}")
    assert child.value(f"{event}_recorded") == "yes"
    assert child.value(f"{event}_recorded", day=99) == "no"


# -- the day of assessment -----------------------------------------------------------------------------------------------


def test_nothing_after_the_day_of_assessment_is_used(vocabulary: Vocabulary) -> None:
    child = Child(
        vocabulary, wbc(0, 412), blasts(7, 900), "day: 4, what: kmt2a_status, value: rearranged",
        "day: 33, what: mrd, value: 0.0004, unit: '1', timepoint: end_of_induction", events=RELAPSE,
    )  # fmt: skip
    facts = ("wbc_at_diagnosis", "kmt2a_status", "day8_blasts", "mrd_end_of_induction", "relapse_recorded")
    seen = {day: tuple(child.value(fact, day) for fact in facts) for day in (-1, 3, 4, 7, 33, 200)}
    assert seen == {
        -1: (None, None, None, None, "no"),
        3: (412.0, None, None, None, "no"),
        4: (412.0, "rearranged", None, None, "no"),
        7: (412.0, "rearranged", 900.0, None, "no"),
        33: (412.0, "rearranged", 900.0, 0.0004, "no"),
        200: (412.0, "rearranged", 900.0, 0.0004, "yes"),
    }


def test_a_relapse_after_the_day_of_assessment_has_not_happened(vocabulary: Vocabulary) -> None:
    child = Child(vocabulary, "day: 150, what: cd19, value: positive", events="{day: 100, what: relapse}")
    assert child.value("cd19", day=150) is None
    early = Child(vocabulary, "day: 50, what: cd19, value: positive", events="{day: 100, what: relapse}")
    assert early.value("cd19", day=60) == "positive"


def test_entries_after_the_day_of_assessment_are_counted_in_a_notice(vocabulary: Vocabulary) -> None:
    child = Child(vocabulary, wbc(0, 412), wbc(5, 90), events=RELAPSE)
    assert record_notices(child.record, AsOf(None, 5)) == ["1 entry is dated after day 5 and not used."]
    assert record_notices(child.record, AsOf(None, 4)) == ["2 entries are dated after day 4 and not used."]
    assert record_notices(child.record, AsOf(None, 300)) == []


def test_a_result_that_is_none_is_said_with_its_place(vocabulary: Vocabulary) -> None:
    child = Child(vocabulary, "day: 0, what: cd19, value: pending", "day: 0, what: wbc")
    assert record_notices(child.record, LATE) == [
        "cd19 is recorded as 'pending' (findings[0] (line 3)): it stays unknown.",
        "wbc is recorded as 'no value' (findings[1] (line 4)): it stays unknown.",
    ]


def test_dated_results_without_a_date_of_diagnosis_are_said(vocabulary: Vocabulary) -> None:
    child = Child(vocabulary, "on: 2026-03-20, what: wbc, value: 412, unit: 10*9/L", head="id: x\n")
    assert any("cannot be placed in time" in notice for notice in record_notices(child.record, latest_day(child.record)))
    assert child.value("wbc_at_diagnosis") is None


LATEST = [
    (DATES, [], "", AsOf(DIAGNOSED, 0)),
    (DATES, ["on: 2026-03-27, what: cd19, value: positive"], "", AsOf(dt.date(2026, 3, 27), 7)),
    (DATES, ["on: 2026-03-01, what: cd19, value: positive"], "", AsOf(DIAGNOSED, 0)),
    (DATES, ["what: cd19, value: positive"], "{on: 2026-11-02, what: relapse}", AsOf(dt.date(2026, 11, 2), 227)),
    (DAYS, [], "", AsOf(None, 0)),
    (DAYS, ["day: 33, what: cd19, value: positive"], "{day: 8, what: relapse}", AsOf(None, 33)),
    (DAYS, ["day: -3, what: cd19, value: positive"], "", AsOf(None, 0)),
    ("id: x\n", ["on: 2026-03-27, what: cd19, value: positive"], "", AsOf(dt.date(2026, 3, 27), None)),
]


@pytest.mark.parametrize(("head", "findings", "events", "as_of"), LATEST)
def test_the_day_of_assessment_is_the_latest_in_the_record_and_never_today(
    head: str, findings: list[str], events: str, as_of: AsOf, vocabulary: Vocabulary
) -> None:
    assert latest_day(Child(vocabulary, *findings, events=events, head=head).record) == as_of


def test_the_day_of_assessment_says_itself() -> None:
    assert str(AsOf(DIAGNOSED, 0)) == "2026-03-20"
    assert str(AsOf(None, 7)) == "day 7"
    assert str(AsOf(None, None)) == "undated"


def test_a_sign_long_after_diagnosis_is_no_sign_at_diagnosis(vocabulary: Vocabulary) -> None:
    text = "id: x\nfindings:\n  - {day: %d, what: cns_signs, value: 'yes'}\n"
    for day, expected in ((0, "yes"), (14, "yes"), (100, "no")):
        record = read_record_text(text % day, ".yaml", vocabulary)
        assert derive_facts(record, vocabulary, latest_day(record))["cns_signs_recorded"].value == expected


# -- age on the day ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "days", "months"),
    [(0, 75, 2), (14, 89, 2), (15, 90, 3), (286, 361, 11), (289, 364, 11), (290, 365, 12), (655, 730, 24), (715, 790, 26)],
)  # fmt: skip
def test_the_age_on_the_day_of_assessment(day: int, days: int, months: int, vocabulary: Vocabulary) -> None:
    child = Child(vocabulary, head=DATES)
    assert (child.value("age_days_now", day), child.value("age_months_now", day)) == (days, months)


def test_the_age_now_of_a_record_that_counts_days(vocabulary: Vocabulary) -> None:
    child = Child(vocabulary)
    assert child.value("age_days_now", 33) == 108
    assert child.value("age_months_now", 33) == 3


def test_an_age_in_months_stays_a_range_later_on(vocabulary: Vocabulary) -> None:
    child = Child(vocabulary, head="age_at_diagnosis: {value: 9, unit: mo}\n")
    now, then = child.value("age_days_now", 10), child.value("age_days_at_diagnosis")
    assert isinstance(now, Interval) and isinstance(then, Interval)
    assert (now.low - then.low, now.high - then.high) == (10, 10)


def test_without_an_age_there_is_no_age_now(vocabulary: Vocabulary) -> None:
    child = Child(vocabulary, head="id: x\n")
    assert child.value("age_days_now", 10) is None and child.value("age_months_now", 10) is None
