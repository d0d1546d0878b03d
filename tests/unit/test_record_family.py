"""The ``family:`` part of a record and ``what: medicine``: what is read, what is refused with one clear message, and nothing is lost."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from helpers.families import CHILD
from infantall.facts.vocabulary import Vocabulary
from infantall.record.model import Family, Record, Treatment, When
from infantall.record.reader import read_record_text
from infantall.record.writer import record_json, record_yaml
from infantall.text.problems import InputError, Problem

COUNTED = "id: baby-08\nage_at_diagnosis_days: 75\n"

FULL = f"""{CHILD}
treatment:
  - {{on: 2026-03-21, what: medicine, drug: mercaptopurine, route: po, daily: "yes", setting: home, at: ["20:00", "08:05"], until: 2026-04-21}}
family:
  baby: Bean
  language: es-MX
  region: gb
  line: Broviac
  feeding: [breast_milk, tube]
  stopped_breast_milk: "no"
  teeth: "yes"
  place: home
  been_home: "yes"
  at_home: {{pregnant: "no", breastfeeding: "yes", smoker: "no", pets: "yes", siblings: "yes", twin: "no"}}
  sibling_rotavirus_vaccine: 2026-03-01
  medicines_complete_on: 2026-03-22
  transplant: considered
  blinatumomab_at_home: "no"
  trial: offered
  figures: {{mother: show_now, "Grandma Jo": talk_first}}
  state: paused
  opened: [relapse, comfort, end_of_life]
  visits:
    - {{on: 2026-03-24, at: "09:30", what: Blood test, where: Day unit}}
    - {{day: 9, what: Marrow test}}
  questions: ["Can she swim?", "Why?"]
  answers: {{ask.diagnosis.type: "B type.", "Can she swim?": "Not yet."}}
"""


@pytest.fixture(scope="module")
def read(vocabulary: Vocabulary) -> Any:
    def read(text: str, suffix: str = ".yaml") -> Record:
        return read_record_text(text, suffix, vocabulary)

    return read


@pytest.fixture(scope="module")
def family(read: Any) -> Any:
    """The family of a record whose ``family:`` holds these lines."""

    def family(*lines: str, child: str = CHILD) -> Family:
        found: Family = read(child + "family:\n" + "".join(f"  {line}\n" for line in lines)).family
        return found

    return family


@pytest.fixture(scope="module")
def refused(read: Any) -> Any:
    """The one problem with which a text is refused."""

    def refused(text: str) -> Problem:
        with pytest.raises(InputError) as caught:
            read(text)
        assert len(caught.value.problems) == 1, caught.value.problems
        problem = caught.value.problems[0]
        assert problem.found and problem.expected and "line" in problem.place, problem
        assert len(str(problem)) < 400
        return problem

    return refused


# -- what is read ---------------------------------------------------------------------------------------------------------


def test_a_record_without_a_family_knows_nothing_of_it(read: Any) -> None:
    assert read(CHILD).family == Family()
    assert read(CHILD + "family:\n").family == Family()
    nothing = Family()
    assert nothing.feeding is None and nothing.medicines_complete is None and nothing.line == "" and nothing.state == "active"


def test_every_key_is_read(read: Any) -> None:
    found = read(FULL).family
    assert replace(found, entered={}) == Family(
        baby="Bean", language="es-MX", region="gb", line="tunnelled", feeding=("breast_milk", "tube"), stopped_breast_milk="no",
        teeth="yes", place="home", been_home="yes",
        at_home={"pregnant": "no", "breastfeeding": "yes", "smoker": "no", "pets": "yes", "siblings": "yes", "twin": "no"},
        rotavirus=When(dt.date(2026, 3, 1), -19), medicines_complete=When(dt.date(2026, 3, 22), 2), transplant="considered",
        blinatumomab_at_home="no", trial="offered", figures={"mother": "show_now", "Grandma Jo": "talk_first"}, state="paused",
        opened=("relapse", "comfort", "end_of_life"), visits=found.visits, questions=("Can she swim?", "Why?"),
        answers={"ask.diagnosis.type": "B type.", "Can she swim?": "Not yet."},
    )  # fmt: skip
    first, second = found.visits
    assert (first.what, first.when.on, first.at, first.where) == ("Blood test", dt.date(2026, 3, 24), "09:30", "Day unit")
    assert (second.what, second.when, second.at, second.where) == ("Marrow test", When(dt.date(2026, 3, 29), 9), "", "")


@pytest.mark.parametrize(
    ("word", "line"),
    [("broviac", "tunnelled"), ("Hickman", "tunnelled"), ("tunnelled", "tunnelled"), ("Port-a-Cath", "port"), ("portacath", "port"),
     ("port", "port"), ("PICC", "picc"), ("none", "none"), ("unknown", ""), ("pending", "")],
)  # fmt: skip
def test_lines_by_their_usual_names(word: str, line: str, family: Any) -> None:
    assert family(f"line: {word}").line == line


@pytest.mark.parametrize("value", ["unknown", "null", "~", '""', "pending", "n/a"])
@pytest.mark.parametrize("key", ["place", "teeth", "trial", "line", "been_home"])
def test_a_word_for_nothing_stays_unknown_and_is_never_no(key: str, value: str, family: Any) -> None:
    assert getattr(family(f"{key}: {value}"), key) == ""


def test_yes_and_no_with_and_without_quotes_are_the_same(family: Any) -> None:
    for word in ("yes", '"yes"', "Yes", "true"):
        assert family(f"teeth: {word}").teeth == "yes"
    for word in ("no", '"no"', "No", "false"):
        assert family(f"teeth: {word}").teeth == "no"


def test_an_empty_list_of_feeding_is_not_the_same_as_none_at_all(family: Any) -> None:
    assert family("feeding: []").feeding == ()
    assert family("feeding:").feeding is None


def test_what_is_said_twice_is_kept_once(family: Any) -> None:
    assert family("feeding: [formula, formula, Breast Milk]").feeding == ("formula", "breast_milk")
    assert family("opened: [relapse, relapse]").opened == ("relapse",)


def test_a_state_that_is_not_said_is_active(family: Any) -> None:
    assert family("state:").state == "active" and family("state: unknown").state == "active"


def test_days_from_diagnosis_serve_where_there_are_no_dates(family: Any) -> None:
    found = family(
        "medicines_complete_on: 12", "sibling_rotavirus_vaccine: -3", "visits: [{day: 14, what: Blood test}]", child=COUNTED
    )
    assert (found.medicines_complete, found.rotavirus) == (When(None, 12), When(None, -3))
    assert found.visits[0].when == When(None, 14)


def test_times_with_and_without_quotes(family: Any) -> None:
    for written in ('"09:30"', "09:30", '"0930"'):
        assert family(f"visits: [{{on: 2026-04-01, at: {written}}}]").visits[0].at == "09:30"


def test_names_of_parents_are_free(family: Any) -> None:
    assert family('figures: {"Mère": not_now, 2: show now}').figures == {"Mère": "not_now", "2": "show_now"}


def test_a_choice_that_was_never_made_is_absent(family: Any) -> None:
    assert family("figures: {mother: unknown, father: not_now}").figures == {"father": "not_now"}


# -- what is refused ------------------------------------------------------------------------------------------------------

WRONG = {
    # key: line of the family, where, what is said of it, what was expected
    "no mapping": ("", "family", "no mapping", "{line: …"),
    "unknown key": ("feedings: [formula]", "family.feedings", "unknown key 'feedings'", "did you mean 'feeding'?"),
    "baby is a list": ("baby: [Bean]", "family.baby", "a list or a mapping", "text"),
    "language is a mapping": ("language: {en: yes}", "family.language", "a list or a mapping", "text"),
    "region is a list": ("region: [gb, us]", "family.region", "a list or a mapping", "text"),
    "line": ("line: brovac", "family.line", "'brovac'", "tunnelled, port, picc or none"),
    "feeding is no list": ("feeding: breast_milk", "family.feeding", "no list", "[breast_milk]"),
    "feeding": ("feeding: [brest_milk]", "family.feeding[0]", "'brest_milk'", "did you mean 'breast_milk'?"),
    "stopped_breast_milk": ("stopped_breast_milk: maybe", "family.stopped_breast_milk", "'maybe'", "yes or no"),
    "teeth": ("teeth: 2", "family.teeth", "'2'", "yes or no"),
    "place": ("place: hospitl", "family.place", "'hospitl'", "did you mean 'hospital'?"),
    "been_home": ("been_home: once", "family.been_home", "'once'", "yes or no"),
    "at_home is no mapping": ("at_home: [pets]", "family.at_home", "no mapping", "{pregnant: yes}"),
    "at_home key": ("at_home: {pet: yes}", "family.at_home.pet", "unknown key 'pet'", "did you mean 'pets'?"),
    "at_home value": ("at_home: {pets: cat}", "family.at_home.pets", "'cat'", "yes or no"),
    "rotavirus": ("sibling_rotavirus_vaccine: last week", "family.sibling_rotavirus_vaccine.on", "'last week'", "YYYY-MM-DD"),
    "complete list": ("medicines_complete_on: yes", "family.medicines_complete_on.on", "'yes'", "YYYY-MM-DD"),
    "complete list before birth": (
        "medicines_complete_on: 2025-03-20", "family.medicines_complete_on.on", "a date before birth", "on or after birth",
    ),
    "transplant": ("transplant: plannd", "family.transplant", "'plannd'", "did you mean 'planned'?"),
    "blinatumomab_at_home": ("blinatumomab_at_home: soon", "family.blinatumomab_at_home", "'soon'", "yes or no"),
    "trial": ("trial: joind", "family.trial", "'joind'", "did you mean 'joined'?"),
    "one choice for all": ("figures: show_now", "family.figures", "one choice for all", "one for each parent"),
    "figures": ("figures: {mother: show}", "family.figures.mother", "'show'", "show_now, talk_first or not_now"),
    "state": ("state: dead", "family.state", "'dead'", "active, paused or bereaved"),
    "opened is no list": ("opened: relapse", "family.opened", "no list", "[relapse]"),
    "opened": ("opened: [end-of-live]", "family.opened[0]", "'end_of_live'", "did you mean 'end_of_life'?"),
    "visits is no list": ("visits: {on: 2026-04-01}", "family.visits", "no list", "a list of visits"),
    "visit is no mapping": ("visits: [2026-04-01]", "family.visits[0]", "no mapping", "{on: …, what: …}"),
    "visit without a day": ("visits: [{what: Blood test}]", "family.visits[0].on", "no date", "the day of the visit"),
    "visit with an unknown key": (
        "visits: [{on: 2026-04-01, were: Ward 3}]", "family.visits[0].were", "unknown key 'were'", "did you mean 'where'?",
    ),
    "visit on no day": ("visits: [{on: 2026-02-30}]", "family.visits[0].on", "'2026-02-30'", "YYYY-MM-DD"),
    "visit at no time": ('visits: [{on: 2026-04-01, at: "25:00"}]', "family.visits[0].at", "'25:00'", "a time of day in quotes"),
    "visit whose date and day differ": ("visits: [{on: 2026-04-01, day: 3}]", "family.visits[0].day", "day 3", "day 12"),
    "questions is no list": ("questions: Why?", "family.questions", "no list", "a list of questions"),
    "a question is a list": ("questions: [[Why?]]", "family.questions[0]", "a list or a mapping", "text"),
    "answers is no mapping": ("answers: [Why?]", "family.answers", "no mapping", "{question: what was answered}"),
    "an answer is a list": ("answers: {ask.x: [a, b]}", "family.answers.ask.x", "a list or a mapping", "text"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_in_a_family_is_one_message_with_its_place(name: str, refused: Any) -> None:
    line, place, found, expected = WRONG[name]
    problem = refused(CHILD + (f"family:\n  {line}\n" if line else "family: [line]\n"))
    assert problem.place.startswith(f"{place} (line "), problem
    assert found in problem.found and expected in problem.expected, problem


def test_the_place_has_the_line_of_the_file(refused: Any) -> None:
    assert refused(CHILD + "family:\n  baby: Bean\n  line: brovac\n").place == "family.line (line 6)"


def test_every_problem_is_said_at_once(read: Any) -> None:
    with pytest.raises(InputError) as caught:
        read(CHILD + "family:\n  line: x\n  feeding: y\n  trial: z\n  visits: [{}]\n")
    assert len(caught.value.problems) == 4


def test_a_message_repeats_no_more_than_the_mistake(refused: Any) -> None:
    problem = refused(CHILD + "family:\n  baby: Zebrafinch\n  line: " + "x" * 300 + "\n")
    assert "Zebrafinch" not in str(problem) and "x" * 41 not in str(problem)


# -- medicines ------------------------------------------------------------------------------------------------------------


def medicine(line: str) -> str:
    return f"{CHILD}treatment:\n  - {{on: 2026-03-21, what: medicine, {line}}}\n"


def only(record: Record) -> Treatment:
    (entry,) = record.treatment
    return entry


def test_a_medicine_with_all_it_may_say(read: Any) -> None:
    entry = only(read(FULL))
    assert (entry.what, entry.drug, entry.route, entry.daily, entry.setting) == (
        "medicine",
        "mercaptopurine",
        "po",
        "yes",
        "home",
    )
    assert entry.until == When(dt.date(2026, 4, 21), 32)
    assert entry.at == ("20:00", "08:05")


def test_a_medicine_needs_a_name_only(read: Any) -> None:
    entry = only(read(medicine("drug: Examplomab")))
    assert (entry.drug, entry.until, entry.setting, entry.daily, entry.at) == ("Examplomab", None, "", "", ())


def test_one_time_needs_no_list(read: Any) -> None:
    assert only(read(medicine('drug: x, at: "20:00"'))).at == ("20:00",)


def test_the_last_day_may_be_counted_from_diagnosis(read: Any) -> None:
    text = f"{COUNTED}treatment:\n  - {{day: 1, what: medicine, drug: x, until: 28}}\n"
    assert only(read(text)).until == When(None, 28)
    assert only(read(medicine("drug: x, until: 28"))).until == When(dt.date(2026, 4, 17), 28)


def test_a_medicine_of_one_day(read: Any) -> None:
    assert only(read(medicine("drug: x, until: 2026-03-21"))).until == When(dt.date(2026, 3, 21), 1)


WRONG_MEDICINE = {
    "no drug": ("daily: yes", "drug", "no drug", "the medicine's name"),
    "ends before it began": ("drug: x, until: 2026-03-20", "until", "before it began", "on or after the first"),
    "ends on no day": ("drug: x, until: spring", "until.on", "'spring'", "YYYY-MM-DD"),
    "setting": ("drug: x, setting: hom", "setting", "'hom'", "did you mean 'home'?"),
    "daily": ("drug: x, daily: weekly", "daily", "'weekly'", "yes or no"),
    "at": ("drug: x, at: evening", "at", "'evening'", "a time of day in quotes"),
    "at in a list": ('drug: x, at: ["20:00", "20:61"]', "at", "'20:61'", "a time of day in quotes"),
    "unknown key": ("drug: x, til: 2026-04-01", "til", "unknown key 'til'", "did you mean 'until'?"),
    "amount without a unit": ("drug: x, amount: 2", "unit", "no unit", "the unit of the amount"),
}


@pytest.mark.parametrize("name", WRONG_MEDICINE)
def test_what_is_wrong_in_a_medicine_is_one_message_with_its_place(name: str, refused: Any) -> None:
    line, key, found, expected = WRONG_MEDICINE[name]
    problem = refused(medicine(line))
    assert problem.place == f"treatment[0].{key} (line 5)"
    assert found in problem.found and expected in problem.expected, problem


@pytest.mark.parametrize("key", ["until: 2026-04-01", "setting: home", "daily: yes", 'at: "20:00"'])
@pytest.mark.parametrize("what", ["dose", "course", "procedure"])
def test_what_a_medicine_says_is_not_said_of_a_dose_or_a_course(what: str, key: str, refused: Any) -> None:
    problem = refused(f"{CHILD}treatment:\n  - {{on: 2026-03-21, what: {what}, drug: x, {key}}}\n")
    assert "unknown key" in problem.found


def test_a_misspelt_medicine_entry(refused: Any) -> None:
    problem = refused(f"{CHILD}treatment:\n  - {{on: 2026-03-21, what: medicin, drug: x}}\n")
    assert problem.place == "treatment[0].what (line 5)" and "did you mean 'medicine'?" in problem.expected


# -- round trip -----------------------------------------------------------------------------------------------------------


def comparable(record: Record) -> Record:
    return replace(record, file="", treatment=tuple(replace(t, place="") for t in record.treatment))


ROUND = {
    "everything": FULL,
    "nothing": CHILD,
    "an empty feeding": CHILD + "family: {feeding: []}\n",
    "counted days": COUNTED + "treatment: [{day: 1, what: medicine, drug: x, until: 28}]\n"
    "family: {medicines_complete_on: 12, visits: [{day: 14, what: Blood test}]}\n",
    "quotes, marks and scripts": CHILD + 'family: {baby: "ليان: #1", answers: {"a: b": "yes", "1": "no\\nno"}, questions: ["- x", "2026-01-01"]}\n',
}  # fmt: skip


@pytest.mark.parametrize("name", ROUND)
@pytest.mark.parametrize(("suffix", "write"), [(".yaml", record_yaml), (".json", record_json)])
def test_what_was_entered_comes_back(name: str, suffix: str, write: Any, read: Any) -> None:
    record = read(ROUND[name])
    text = write(record)
    again = read(text, suffix)
    assert comparable(again) == comparable(record)
    assert write(again) == text
