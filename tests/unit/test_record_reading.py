"""Record files in every form of the contract, and everything that is refused in them."""

from __future__ import annotations

import datetime as dt
import json
import math
from pathlib import Path
from typing import Any

import pytest

from infantall.facts.values import Interval, below
from infantall.facts.vocabulary import Vocabulary
from infantall.record.model import Finding, Record, When
from infantall.record.reader import read_record_file, read_record_text
from infantall.text.problems import InputError, Problem

DATES = "born: 2026-01-04\ndiagnosed: 2026-03-20\n"


def read(text: str, vocabulary: Vocabulary, suffix: str = ".yaml") -> Record:
    return read_record_text(text, suffix, vocabulary)


def refused(text: str, vocabulary: Vocabulary, suffix: str = ".yaml") -> list[Problem]:
    with pytest.raises(InputError) as caught:
        read(text, vocabulary, suffix)
    return list(caught.value.problems)


def one(text: str, vocabulary: Vocabulary) -> Problem:
    """The only problem of a record."""
    (problem,) = refused(text, vocabulary)
    return problem


def finding(entry: str, vocabulary: Vocabulary, head: str = DATES) -> Finding:
    """One finding of a record: ``what: wbc, value: 3``."""
    (found,) = read(f"{head}findings:\n  - {{{entry}}}\n", vocabulary).findings
    return found


def bad(entry: str, vocabulary: Vocabulary, head: str = DATES) -> Problem:
    return one(f"{head}findings:\n  - {{{entry}}}\n", vocabulary)


# -- the forms -----------------------------------------------------------------------------------------------------------


def test_a_record_with_dates(vocabulary: Vocabulary) -> None:
    record = read(
        """
id: baby-01
sex: female
born: 2026-01-04
diagnosed: 2026-03-20
note: first child
source: {doi: 10.1/x}
findings:
  - {on: 2026-03-20, what: wbc, value: 412, unit: 10*9/L}
  - {on: 2026-03-24, what: kmt2a_status, value: rearranged, method: FISH}
treatment:
  - {on: 2026-03-20, what: course, course: induction, protocol: interfant-06}
  - {on: 2026-03-21, what: dose, drug: methotrexate, amount: 3, unit: mg, route: it}
events:
  - {on: 2026-11-02, what: relapse, site: marrow}
""",
        vocabulary,
    )
    assert (record.id, record.sex, record.note, record.source) == ("baby-01", "female", "first child", {"doi": "10.1/x"})
    assert (record.born, record.diagnosed) == (dt.date(2026, 1, 4), dt.date(2026, 3, 20))
    assert (record.age_days, record.age_months) == (75, 2)
    assert not record.relative
    wbc, kmt2a = record.findings
    assert (wbc.what, wbc.value, wbc.printed, wbc.when) == ("wbc", 412.0, "412 10*9/L", When(dt.date(2026, 3, 20), 0))
    assert wbc.place == "findings[0] (line 9)"
    assert (kmt2a.value, kmt2a.extra, kmt2a.when.day) == ("rearranged", {"method": "FISH"}, 4)
    course, dose = record.treatment
    assert (course.what, course.course, course.protocol, course.when.day) == ("course", "induction", "interfant-06", 0)
    assert (dose.drug, dose.amount, dose.unit, dose.route, dose.when.day) == ("methotrexate", 3, "mg", "it", 1)
    (relapse,) = record.events
    assert (relapse.what, relapse.site, relapse.when.day) == ("relapse", "marrow", 227)


def test_a_record_with_days_from_diagnosis(vocabulary: Vocabulary) -> None:
    record = read(
        "born: null\nage_at_diagnosis_days: 75\nfindings:\n  - {day: 0, what: wbc, value: 412, unit: 10*9/L}\n"
        "  - {day: -2, what: weight, value: 5, unit: kg}\n",
        vocabulary,
    )
    assert record.relative
    assert (record.age_days, record.age_months) == (75, 2)
    assert [found.when for found in record.findings] == [When(None, 0), When(None, -2)]


AGES = [
    ("age_at_diagnosis_days: 0", 0, 0),
    ("age_at_diagnosis_days: 180", 180, 5),
    ("age_at_diagnosis_days: 182", 182, Interval(5, 6)),
    ("age_at_diagnosis_days: 3650", 3650, 119),
    ("age_at_diagnosis: {value: 75, unit: d}", 75, 2),
    ("age_at_diagnosis: {value: 75.5, unit: days}", 75, 2),
    ("age_at_diagnosis: {value: 26, unit: wk}", Interval(182, 188), Interval(5, 6)),
    ("age_at_diagnosis: {value: 27, unit: weeks}", Interval(189, 195), 6),
    ("age_at_diagnosis: {value: 9, unit: mo}", Interval(273, 305), 9),
    ("age_at_diagnosis: {value: 4.5, unit: months}", Interval(120, 152), 4),
    ("age_at_diagnosis: {value: 0, unit: mo}", Interval(0, 30), 0),
    ("age_at_diagnosis: {value: 6, unit: mo}", Interval(181, 214), 6),
    ("age_at_diagnosis: null", None, None),
    ("age_at_diagnosis: {value: null, unit: mo}", None, None),
    ("born: null", None, None),
    ("born: 2026-01-04", None, None),
    ("diagnosed: 2026-03-20", None, None),
    # two ages that agree: what each says is kept
    ("age_at_diagnosis_days: 182\nage_at_diagnosis: {value: 6, unit: mo}", 182, 6),
    ("age_at_diagnosis_days: 182\nage_at_diagnosis: {value: 5, unit: mo}", 182, 5),
    ("age_at_diagnosis_days: 182\nage_at_diagnosis: {value: 26, unit: wk}", 182, Interval(5, 6)),
    # dates beside an age that agrees
    ("born: 2025-08-31\ndiagnosed: 2026-02-28\nage_at_diagnosis_days: 181", 181, 5),
    ("born: 2025-08-31\ndiagnosed: 2026-03-01\nage_at_diagnosis: {value: 6, unit: mo}", 182, 6),
    ("born: 2026-01-04\ndiagnosed: 2026-01-04", 0, 0),
]


@pytest.mark.parametrize(("text", "days", "months"), AGES, ids=[text.replace("\n", ", ") for text, _, _ in AGES])
def test_an_age_is_known_as_far_as_it_was_recorded(text: str, days: Any, months: Any, vocabulary: Vocabulary) -> None:
    record = read(text, vocabulary)
    assert (record.age_days, record.age_months) == (days, months)


BAD_AGES = [
    ("age_at_diagnosis_days: -1", "age_at_diagnosis_days (line 1)", "'-1'"),
    ("age_at_diagnosis_days: 75.5", "age_at_diagnosis_days (line 1)", "'75.5'"),
    ("age_at_diagnosis_days: many", "age_at_diagnosis_days (line 1)", "'many'"),
    ("age_at_diagnosis_days: true", "age_at_diagnosis_days (line 1)", "'True'"),
    ("age_at_diagnosis_days: .nan", "age_at_diagnosis_days (line 1)", "'nan'"),
    ("age_at_diagnosis: 9", "age_at_diagnosis (line 1)", "something else"),
    ("age_at_diagnosis: 9 months", "age_at_diagnosis (line 1)", "something else"),
    ("age_at_diagnosis: {value: 9, unit: mo, about: yes}", "age_at_diagnosis (line 1)", "something else"),
    ("age_at_diagnosis: {value: 9}", "age_at_diagnosis.unit (line 1)", "''"),
    ("age_at_diagnosis: {value: 1, unit: year}", "age_at_diagnosis.unit (line 1)", "'year'"),
    ("age_at_diagnosis: {value: -1, unit: mo}", "age_at_diagnosis.value (line 1)", "'-1'"),
    ("age_at_diagnosis: {value: .nan, unit: mo}", "age_at_diagnosis.value (line 1)", "'nan'"),
    ("age_at_diagnosis: {value: .inf, unit: d}", "age_at_diagnosis.value (line 1)", "'inf'"),
    ("age_at_diagnosis: {value: '9', unit: mo}", "age_at_diagnosis.value (line 1)", "'9'"),
    ("age_at_diagnosis: {value: 90, unit: mo}", "age_at_diagnosis.value (line 1)", "90 months"),
    ("age_at_diagnosis_days: 75\nage_at_diagnosis: {value: 9, unit: mo}", "age_at_diagnosis (line 2)", "differs"),
    ("age_at_diagnosis_days: 75\nage_at_diagnosis: {value: 11, unit: wk}", "age_at_diagnosis (line 2)", "differs"),
]


@pytest.mark.parametrize(("text", "place", "found"), BAD_AGES, ids=[text.replace("\n", ", ") for text, _, _ in BAD_AGES])
def test_an_age_that_cannot_be_taken_is_refused(text: str, place: str, found: str, vocabulary: Vocabulary) -> None:
    problem = one(text, vocabulary)
    assert problem.place == place
    assert found in problem.found


@pytest.mark.parametrize(
    ("entry", "key"),
    [
        ("age_at_diagnosis_days: 74", "age_at_diagnosis_days"),
        ("age_at_diagnosis: {value: 3, unit: mo}", "age_at_diagnosis"),
        ("age_at_diagnosis: {value: 11, unit: wk}", "age_at_diagnosis"),
        ("age_at_diagnosis: {value: 76, unit: d}", "age_at_diagnosis"),
    ],
)
def test_an_age_that_contradicts_the_dates_is_refused(entry: str, key: str, vocabulary: Vocabulary) -> None:
    assert one(DATES + entry, vocabulary) == Problem(
        f"{key} (line 3)", "an age that differs from the dates", "75 days, which the dates of birth and diagnosis give"
    )


def test_completed_months_that_contradict_the_dates_by_one_day_are_refused(vocabulary: Vocabulary) -> None:
    born_and_seen = "born: 2025-08-31\ndiagnosed: 2026-02-28\n"
    assert read(born_and_seen + "age_at_diagnosis: {value: 5, unit: mo}", vocabulary).age_months == 5
    assert "differs from the dates" in one(born_and_seen + "age_at_diagnosis: {value: 6, unit: mo}", vocabulary).found


# -- dates and days ------------------------------------------------------------------------------------------------------

WBC = "what: wbc, value: 3, unit: 10*9/L"


def test_on_and_day_may_agree(vocabulary: Vocabulary) -> None:
    assert finding(f"on: 2026-03-27, day: 7, {WBC}", vocabulary).when == When(dt.date(2026, 3, 27), 7)


def test_on_and_day_may_not_differ(vocabulary: Vocabulary) -> None:
    assert bad(f"on: 2026-03-27, day: 8, {WBC}", vocabulary) == Problem(
        "findings[0].day (line 4)", "day 8", "day 7, which its date gives"
    )


def test_a_day_in_a_record_with_dates_is_a_date(vocabulary: Vocabulary) -> None:
    assert finding(f"day: 7, {WBC}", vocabulary).when == When(dt.date(2026, 3, 27), 7)


def test_a_finding_without_a_date_is_kept_without_one(vocabulary: Vocabulary) -> None:
    assert finding(WBC, vocabulary).when == When(None, None)
    assert finding(f"on: unknown, {WBC}", vocabulary).when == When(None, None)


def test_a_date_in_a_record_without_a_date_of_diagnosis_has_no_day(vocabulary: Vocabulary) -> None:
    assert finding(f"on: 2026-03-27, {WBC}", vocabulary, "id: x\n").when == When(dt.date(2026, 3, 27), None)


BEFORE_BIRTH = [
    (DATES, "on: 2026-01-03", "findings[0].on"),
    (DATES, "day: -76", "findings[0].day"),
    ("age_at_diagnosis_days: 75\n\n", "day: -76", "findings[0].day"),
]


@pytest.mark.parametrize(("head", "when", "place"), BEFORE_BIRTH, ids=["date", "day", "day without dates"])
def test_a_finding_before_birth_is_refused(head: str, when: str, place: str, vocabulary: Vocabulary) -> None:
    problem = bad(f"{when}, {WBC}", vocabulary, head)
    assert problem.place == f"{place} (line 4)"
    assert "before birth" in problem.found


@pytest.mark.parametrize("when", ["on: 2026-01-04", "day: -75"])
def test_a_finding_on_the_day_of_birth_is_read(when: str, vocabulary: Vocabulary) -> None:
    assert finding(f"{when}, {WBC}", vocabulary).when.day == -75


def test_diagnosed_before_born_is_refused_together_with_the_rest(vocabulary: Vocabulary) -> None:
    problems = refused("sex: both\nborn: 2026-03-20\ndiagnosed: 2026-01-04\nfindings:\n  - {what: wbcc, value: 3}\n", vocabulary)
    assert {problem.place for problem in problems} == {"sex (line 1)", "diagnosed (line 3)", "findings[0].what (line 5)"}
    assert any("before birth" in problem.found for problem in problems)


BAD_DATES = ["20.03.2026", "2026-02-30", "2026", "yesterday", "[2026]", "{y: 2026}", "true", "2026-13-01"]


@pytest.mark.parametrize("date", BAD_DATES)
def test_a_date_that_is_none_is_refused(date: str, vocabulary: Vocabulary) -> None:
    for text in (f"born: {date}", f"id: x\ndiagnosed: {date}"):
        problem = one(text, vocabulary)
        assert problem.expected == "a date as YYYY-MM-DD"


@pytest.mark.parametrize("day", ["1.5", "'7'", "-401", "40001", "true", ".nan", "soon"])
def test_a_day_that_is_none_is_refused(day: str, vocabulary: Vocabulary) -> None:
    assert bad(f"day: {day}, {WBC}", vocabulary).place == "findings[0].day (line 4)"


def test_a_day_beyond_the_calendar_is_refused_and_does_not_crash(vocabulary: Vocabulary) -> None:
    assert bad(f"day: 40000, {WBC}", vocabulary, "diagnosed: 9999-01-01\n").place.startswith("findings[0].day")


# -- names and values ----------------------------------------------------------------------------------------------------

NAMES = [
    ("wbc", "wbc"), ("WBC", "wbc"), ("Leukocytes", "wbc"), ("leucocytes", "wbc"), ("white blood cells", "wbc"),
    ("white-cell-count", "wbc"), ("Hb", "hemoglobin"), ("haemoglobin", "hemoglobin"), ("plt", "platelets"),
    ("uric acid", "urate"), ("BUN", "urea"),
]  # fmt: skip


@pytest.mark.parametrize(("spelling", "name"), NAMES, ids=[spelling for spelling, _ in NAMES])
def test_a_finding_has_many_names(spelling: str, name: str, vocabulary: Vocabulary) -> None:
    unit = {"wbc": "10*9/L", "platelets": "10*9/L", "hemoglobin": "g/dL", "urate": "umol/L", "urea": "mmol/L"}[name]
    found = finding(f"what: {spelling}, value: 10, unit: {unit}", vocabulary)
    assert (found.what, found.value) == (name, 10.0)


VALUES = [
    ("kmt2a_status", "rearranged", "rearranged"), ("mll", "KMT2A-r", "rearranged"), ("MLL status", "Rearranged", "rearranged"),
    ("kmt2a_status", "not evaluable", "not_evaluable"), ("kmt2a_status", "not-evaluable", "not_evaluable"),
    ("kmt2a_partner", "AF4", "AFF1"), ("kmt2a_partner", "enl", "MLLT1"), ("kmt2a_partner", "AF-9", "MLLT3"),
    ("cd19", "pos", "positive"), ("cd19", "NEGATIVE", "negative"), ("csf_blasts", "seen", "present"),
    ("csf_blasts", "no", "absent"), ("cns_status", "CNS 2a", "CNS2a"), ("cns_status", "cns3C", "CNS3c"),
    ("cns_status", "1", "CNS1"), ("cns_status", "2a", "CNS2a"), ("prednisone_response", "PPR", "poor"),
    ("lineage", "B-ALL", "B"), ("down_syndrome", "yes", "yes"), ("down_syndrome", "no", "no"), ("down_syndrome", "true", "yes"),
    ("down_syndrome", "false", "no"), ("down_syndrome", "present", "yes"), ("testicular_disease", "absent", "no"),
]  # fmt: skip


@pytest.mark.parametrize(("what", "printed", "value"), VALUES, ids=[f"{what}: {printed}" for what, printed, _ in VALUES])
def test_a_value_has_many_spellings(what: str, printed: str, value: str, vocabulary: Vocabulary) -> None:
    assert finding(f"what: {what}, value: {printed}", vocabulary).value == value


def test_json_true_and_false_are_yes_and_no(vocabulary: Vocabulary) -> None:
    for printed, value in ((True, "yes"), (False, "no")):
        text = json.dumps({"findings": [{"what": "down_syndrome", "value": printed}]})
        assert read(text, vocabulary, ".json").findings[0].value == value


@pytest.mark.parametrize(
    "word", ["unknown", "pending", "not done", "Not_Done", "n/a", "'?'", "-", '""', "NA", "nan", "missing", "' '"]
)
@pytest.mark.parametrize(("what", "unit"), [("cd19", ""), ("wbc", ", unit: 10*9/L")])
def test_no_result_stays_in_the_record_as_unknown(word: str, what: str, unit: str, vocabulary: Vocabulary) -> None:
    found = finding(f"what: {what}, value: {word}{unit}", vocabulary)
    assert found.value is None
    assert found.word == word.strip("'\" ") or found.word.strip() == ""


def test_an_empty_value_is_unknown(vocabulary: Vocabulary) -> None:
    for entry in ("what: cd19", "what: cd19, value: null", "what: wbc, value: ", "what: wbc"):
        assert finding(entry, vocabulary).value is None


BAD_VALUES = [
    ("what: kmt2a_status, value: rearanged", "value", "'rearanged'", "did you mean 'rearranged'?"),
    ("what: cd19, value: weak", "value", "'weak'", "positive, negative or not_evaluable"),
    ("what: cd19, value: '+'", "value", "'+'", "positive"),
    ("what: cd19, value: 3", "value", "'3'", "positive"),
    ("what: cd19, value: true", "value", "'True'", "positive"),
    ("what: cd19, value: [positive]", "value", "a list", "positive"),
    ("what: cns_status, value: CNS2", "value", "'CNS2'", "CNS2a"),
    ("what: cns_status, value: 2", "value", "'2'", "CNS1"),
    ("what: wbc, value: high, unit: 10*9/L", "value", "the text 'high'", "a number in 10*9/L"),
    ("what: wbc, value: '412', unit: 10*9/L", "value", "the text '412'", "a number"),
    ("what: wbc, value: 412", "unit", "no unit", "10*9/L"),
    ("what: wbc, value: 412, unit: 109/L", "unit", "'109/L'", "superscript was lost"),
    ("what: wbc, value: 412, unit: kg", "unit", "'kg'", "10*9/L"),
    ("what: wbc, value: 412000, unit: 10*9/L", "value", "not possible", "2,000"),
    ("what: wbc, value: -3, unit: 10*9/L", "value", "not possible", "from 0"),
    ("what: wbc, value: .nan, unit: 10*9/L", "value", "not a number", "a number"),
    ("what: wbc, value: .inf, unit: 10*9/L", "value", "not a number", "a number"),
    ("what: wbc, value: 1e999, unit: 10*9/L", "value", "not a number", "a number"),
    ("what: wbc, value: true, unit: 10*9/L", "value", "'True'", "a number"),
    ("what: wbc, value: [1], unit: 10*9/L", "value", "a list", "a number"),
    ("what: wbc, value: <, unit: 10*9/L", "value", "'<'", "a number"),
    ("what: wbc, value: <1e, unit: 10*9/L", "value", "'<1e'", "a number"),
    ("what: wbc, value: <10", "unit", "no unit", "10*9/L"),
    ("what: mrd, value: positive, unit: '1'", "value", "the text 'positive'", "positive_not_quantifiable"),
    ("what: mrd, value: negative, sensitivity: 2", "sensitivity", "'2'", "from 0 to 1"),
    ("what: mrd, value: negative, sensitivity: low", "sensitivity", "'low'", "a fraction: 0.0001"),
    ("what: mrd, value: negative, method: telepathy", "method", "'telepathy'", "flow cytometry"),
    ("what: cd19, value: positive, specimen: hair", "specimen", "'hair'", "blood, marrow"),
    ("what: cd19, value: positive, percent: 101", "percent", "'101'", "from 0 to 100"),
    ("what: remission, value: yes", "timepoint", "no time point", "end_of_induction"),
    ("what: wbc, value: 3, unit: 10*9/L, timepoint: day_9", "timepoint", "'day_9'", "did you mean 'day_8'?"),
    ("what: wbcc, value: 3, unit: 10*9/L", "what", "the unknown finding 'wbcc'", "did you mean 'wbc'?"),
    ("what: kmt2a_stat, value: rearranged", "what", "the unknown finding", "did you mean 'kmt2a_status'?"),
    ("value: 3, unit: 10*9/L", "what", "nothing", "the name of a finding"),
    ("what: 5", "what", "'5'", "the name of a finding"),
    ("what: cd19, value: positive, valeu: negative", "valeu", "the unknown key 'valeu'", "did you mean 'value'?"),
    ("what: cd19, value: positive, sensitivity: 0.1", "sensitivity", "the unknown key", "percent"),
]


@pytest.mark.parametrize(("entry", "key", "found", "expected"), BAD_VALUES, ids=[row[0] for row in BAD_VALUES])
def test_a_finding_that_cannot_be_taken_is_refused_with_its_place(
    entry: str, key: str, found: str, expected: str, vocabulary: Vocabulary
) -> None:
    problem = bad(entry, vocabulary)
    assert problem.place == f"findings[0].{key} (line 4)"
    assert found in problem.found
    assert expected in problem.expected


LIMITS = [
    ("<10", Interval(0, below(10.0))), ("< 10", Interval(0, below(10.0))), ("<=10", Interval(0, 10.0)), ("≤10", Interval(0, 10.0)),
    (">100", Interval(math.nextafter(100.0, math.inf), 2000)), (">=100", Interval(100.0, 2000)), ("≥ 100", Interval(100.0, 2000)),
    ("<0.1", Interval(0, below(0.1))), ("<1e2", Interval(0, below(100.0))), ("<0", Interval(0, 0)), (">2000", Interval(2000, 2000)),
]  # fmt: skip


@pytest.mark.parametrize(("printed", "interval"), LIMITS, ids=[printed for printed, _ in LIMITS])
def test_a_value_beyond_what_can_be_measured_is_an_interval(printed: str, interval: Interval, vocabulary: Vocabulary) -> None:
    assert finding(f'what: wbc, value: "{printed}", unit: 10*9/L', vocabulary).value == interval


def test_a_limit_is_converted_like_a_number(vocabulary: Vocabulary) -> None:
    assert finding("what: wbc, value: <500, unit: /uL", vocabulary).value == Interval(0, below(0.5))
    assert finding("what: mrd, value: <0.01, unit: '%'", vocabulary).value == Interval(0, below(0.0001))


MRD = [
    ("value: negative, sensitivity: 0.0001", "negative", Interval(0.0, below(0.0001))),
    ("value: neg, sensitivity: 1e-5", "negative", Interval(0.0, below(0.00001))),
    ("value: not detected, sensitivity: 0.0001", "negative", Interval(0.0, below(0.0001))),
    ("value: negative", "negative", None),
    ("value: positive_not_quantifiable, quantitative_range: 0.0001", "positive_not_quantifiable",
     Interval(math.nextafter(0.0, 1.0), below(0.0001))),
    ("value: PNQ, quantitative_range: 0.0001", "positive_not_quantifiable", Interval(math.nextafter(0.0, 1.0), below(0.0001))),
    ("value: pnq", "positive_not_quantifiable", Interval(math.nextafter(0.0, 1.0), 1.0)),
    ("value: not_evaluable", "not_evaluable", None),
    ("value: not done", "not done", None),
    ("value: 0.0004, unit: '1'", "", 0.0004),
    ("value: 0.04, unit: '%'", "", 0.0004),
    ("value: 0, unit: '1'", "", 0.0),
]  # fmt: skip


@pytest.mark.parametrize(("entry", "word", "value"), MRD, ids=[entry for entry, _, _ in MRD])
def test_a_negative_mrd_is_below_its_sensitivity_and_never_zero(
    entry: str, word: str, value: Any, vocabulary: Vocabulary
) -> None:
    found = finding(f"what: mrd, {entry}, timepoint: end_of_induction", vocabulary)
    assert (found.word, found.value) == (word, value)


def test_extra_keys_are_brought_to_their_own_words(vocabulary: Vocabulary) -> None:
    found = finding(
        "what: mrd, value: 0.0004, unit: '1', method: flow, specimen: BM, sensitivity: 0.0001, target: 5, timepoint: end of induction",
        vocabulary,
    )
    assert found.extra == {"method": "flow cytometry", "specimen": "marrow", "sensitivity": 0.0001, "target": "5"}
    assert found.timepoint == "end_of_induction"


@pytest.mark.parametrize("timepoint", ["day_8", "Day 8", "DAY-8"])
def test_a_timepoint_has_many_spellings(timepoint: str, vocabulary: Vocabulary) -> None:
    assert finding(f"what: blood_blasts, value: 5, unit: /uL, timepoint: {timepoint}", vocabulary).timepoint == "day_8"


# -- the rest of the record ----------------------------------------------------------------------------------------------

SEX = [
    ("female", "female"), ("male", "male"), ("F", "female"), ("m", "male"), ("girl", "female"), ("Boy", "male"),
    ("unknown", None), ("n/a", None), ("null", None), ("''", None),
]  # fmt: skip


@pytest.mark.parametrize(("printed", "sex"), SEX, ids=[printed for printed, _ in SEX])
def test_sex_is_female_male_or_unknown(printed: str, sex: str | None, vocabulary: Vocabulary) -> None:
    assert read(f"sex: {printed}", vocabulary).sex == sex


BAD_RECORDS = [
    ("sex: no", "sex (line 1)", "'no'"),
    ("idd: x", "idd (line 1)", "the unknown key 'idd'"),
    ("id: x\nfinding: []", "finding (line 2)", "the unknown key 'finding'"),
    ("id: [x]", "id (line 1)", "an id that is no text"),
    ("id: true", "id (line 1)", "an id that is no text"),
    ("id: ' '", "id (line 1)", "an id that is no text"),
    ("findings: 3", "findings (line 1)", "no list"),
    ("findings: {what: wbc}", "findings (line 1)", "no list"),
    ("id: x\nfindings: [wbc]", "findings[0] (line 2)", "no mapping"),
    ("note: [a]", "note (line 1)", "a list or a mapping"),
    ("source: paper", "source (line 1)", "no mapping"),
    ("treatment: [{what: course, course: inductoin}]", "treatment[0].course (line 1)", "'inductoin'"),
    ("treatment: [{what: corse}]", "treatment[0].what (line 1)", "'corse'"),
    ("treatment: [{course: induction}]", "treatment[0].what (line 1)", "nothing"),
    ("treatment: [{what: dose, drug: x, amount: 3}]", "treatment[0].unit (line 1)", "no unit"),
    ("treatment: [{what: dose, drug: x, amount: -3, unit: mg}]", "treatment[0].amount (line 1)", "'-3'"),
    ("treatment: [{what: dose, drug: x, amount: .nan, unit: mg}]", "treatment[0].amount (line 1)", "'nan'"),
    ("treatment: [{what: dose, drug: x, amount: '3', unit: mg}]", "treatment[0].amount (line 1)", "'3'"),
    ("treatment: [{what: dose, dose: 3}]", "treatment[0].dose (line 1)", "the unknown key 'dose'"),
    ("treatment: [{what: dose, drug: [x]}]", "treatment[0].drug (line 1)", "a list or a mapping"),
    ("events: [{what: relaps}]", "events[0].what (line 1)", "'relaps'"),
    ("events: [{what: relapse, site: bone}]", "events[0].site (line 1)", "'bone'"),
    ("events: [{what: relapse, when: 2026}]", "events[0].when (line 1)", "the unknown key 'when'"),
    ("", "the file", "nothing"),
    ("# only a remark", "the file", "nothing"),
    ("- a\n- b", "line 1", "no mapping"),
    ("baby", "line 1", "no mapping"),
]


@pytest.mark.parametrize(("text", "place", "found"), BAD_RECORDS, ids=[text.replace("\n", ", ") for text, _, _ in BAD_RECORDS])
def test_a_record_that_cannot_be_taken_is_refused_with_its_place(
    text: str, place: str, found: str, vocabulary: Vocabulary
) -> None:
    problem = one(text, vocabulary)
    assert problem.place == place
    assert found in problem.found


def test_near_names_are_suggested_everywhere(vocabulary: Vocabulary) -> None:
    text = "finding: []\ntreatment: [{what: course, course: inductoin}]\nevents: [{what: relaps}]\n"
    expected = " ".join(problem.expected for problem in refused(text, vocabulary))
    for name in ("findings", "induction", "relapse"):
        assert f"did you mean '{name}'?" in expected


def test_every_problem_is_reported_at_once(vocabulary: Vocabulary) -> None:
    text = """\
id: x
sex: no
born: yesterday
diagnosed: 2026-03-20
extra: 1
findings:
  - {on: 2026-03-20, what: wbc, value: 412}
  - {on: soon, what: cd19, value: weak}
  - {what: nonsense}
  - {what: cd10, value: positive, colour: red}
treatment:
  - {what: course, course: nothing}
events:
  - {what: party, site: bone}
"""
    places = [problem.place for problem in refused(text, vocabulary)]
    assert sorted(places) == sorted(
        [
            "extra (line 5)", "born (line 3)", "sex (line 2)", "findings[0].unit (line 7)", "findings[1].on (line 8)",
            "findings[1].value (line 8)", "findings[2].what (line 9)", "findings[3].colour (line 10)",
            "treatment[0].course (line 12)", "events[0].what (line 14)", "events[0].site (line 14)",
        ]
    )  # fmt: skip


# -- files ---------------------------------------------------------------------------------------------------------------


def test_json_says_the_same_as_yaml(vocabulary: Vocabulary) -> None:
    data = {
        "id": "baby-01", "born": "2026-01-04", "diagnosed": "2026-03-20",
        "findings": [{"on": "2026-03-27", "what": "wbc", "value": 3.5, "unit": "10*9/L"}],
    }  # fmt: skip
    record = read(json.dumps(data), vocabulary, ".json")
    assert (record.age_days, record.findings[0].when, record.findings[0].value) == (75, When(dt.date(2026, 3, 27), 7), 3.5)


BAD_JSON = [
    ('{"id": "a", "id": "b"}', "the key 'id' twice"),
    ('{"findings": [{"what": "wbc", "what": "anc"}]}', "the key 'what' twice"),
    ('{"id": "a",}', "no JSON"),
    ("{", "no JSON"),
    ("{'id': 1}", "no JSON"),
    ("[" * 100_000, "nested too deeply"),
    ('{"id": ' + "9" * 5_000 + "}", "a number of more than 40 characters"),
    ('{"findings": [{"what": "wbc", "value": NaN, "unit": "10*9/L"}]}', "not a number"),
    ('{"findings": [{"what": "wbc", "value": Infinity, "unit": "10*9/L"}]}', "not a number"),
    ('{"findings": [{"what": "wbc", "value": 1e999, "unit": "10*9/L"}]}', "not a number"),
    ('{"age_at_diagnosis_days": NaN}', "'nan'"),
    ("[]", "no mapping"),
    ("null", "nothing"),
]


@pytest.mark.parametrize(("text", "found"), BAD_JSON, ids=[text[:40] for text, _ in BAD_JSON])
def test_json_that_cannot_be_taken_is_refused(text: str, found: str, vocabulary: Vocabulary) -> None:
    (problem,) = refused(text, vocabulary, ".json")
    assert found in problem.found


def test_json_errors_have_line_and_column(vocabulary: Vocabulary) -> None:
    (problem,) = refused('{"id": "a",\n "sex": }', vocabulary, ".json")
    assert problem.place == "line 2, column 9"


def test_a_file_without_an_id_is_named_after_itself(tmp_path: Path, vocabulary: Vocabulary) -> None:
    path = tmp_path / "baby-07.yaml"
    path.write_text("\ufeffsex: female\n", encoding="utf-8")
    record = read_record_file(path, vocabulary)
    assert (record.id, record.sex, record.file) == ("baby-07", "female", str(path))


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"", "nothing"),
        (b"  \n", "nothing"),
        (b"id: x\nnote: \xff\n", "not UTF-8"),
        (b"id: [", "no YAML"),
        (b"idd: x", "unknown key"),
    ],
)
def test_every_problem_of_a_file_names_the_file(content: bytes, found: str, tmp_path: Path, vocabulary: Vocabulary) -> None:
    path = tmp_path / "baby.yaml"
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        read_record_file(path, vocabulary)
    (problem,) = caught.value.problems
    assert problem.file == str(path)
    assert found in problem.found


def test_a_file_that_is_not_there_or_too_large_is_refused(tmp_path: Path, vocabulary: Vocabulary) -> None:
    large = tmp_path / "large.yaml"
    large.write_bytes(b"# " + b"x" * 5_000_000)
    for path in (tmp_path / "nothing.yaml", large, tmp_path):
        with pytest.raises(InputError) as caught:
            read_record_file(path, vocabulary)
        assert caught.value.problems[0].file == str(path)


def test_what_was_entered_is_kept_beside_what_was_read(vocabulary: Vocabulary) -> None:
    found = finding("on: 2026-03-20, what: Leukocytes, value: 412000, unit: /mm3, note: by hand", vocabulary)
    assert (found.value, found.printed, found.note) == (412.0, "412000 /mm3", "by hand")
    assert found.entered["what"] == "Leukocytes"
