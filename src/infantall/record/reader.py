"""Record files to records: YAML or JSON, with dates or with days counted from diagnosis.

A file either gives a record or is refused with every problem that was found. Nothing is dropped in silence: an unknown key is a
problem, a result that is no result (``pending``) stays in the record as such.
"""

from __future__ import annotations

import datetime as dt
import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from infantall.facts.ages import (
    MONTHS_KNOWN,
    completed_months,
    days_between,
    days_from_months,
    days_from_weeks,
    months_from_days,
)
from infantall.facts.values import Interval
from infantall.facts.vocabulary import Vocabulary
from infantall.text.problems import InputError, Problem, did_you_mean, one_of
from infantall.text.yaml_places import MAX_DIGITS, Places, read_yaml

from .family import read_family
from .findings import ValueRefusedError, category_value, extra_value, finding_definition, is_finite_number, number_value
from .model import Event, Finding, Record, Treatment, When

MAX_BYTES = 5_000_000
MAX_ENTRIES = 20_000
RECORD_SUFFIXES = (".yaml", ".yml", ".json")

COURSES = (
    "prophase", "induction", "blinatumomab", "consolidation", "consolidation_ib", "ade", "mae", "marma", "octadad",
    "maram", "octadd", "vimaram", "induction_intensification", "early_intensification", "early_consolidation", "reinduction",
    "intensification", "reintensification", "delayed_intensification", "interim_maintenance", "continuation", "maintenance",
    "transplant", "other",
)  # fmt: skip
EVENTS = (
    "relapse",
    "death",
    "second_cancer",
    "transplant",
    "no_remission",
    "remission",
    "off_study",
    "end_of_treatment",
    "other",
)
SITES = ("marrow", "cns", "testis", "skin", "eye", "combined", "other", "not_stated")
OTHER_WORDS = {
    "ib": "consolidation_ib", "protocol_ib": "consolidation_ib", "blina": "blinatumomab", "hsct": "transplant",
    "sct": "transplant", "bmt": "transplant", "transplantation": "transplant",
    "death_in_remission": "death", "induction_death": "death",
    "second_malignancy": "second_cancer", "second_neoplasm": "second_cancer", "bone_marrow": "marrow", "bm": "marrow",
    "testes": "testis", "testicular": "testis",
}  # fmt: skip

_TOP = {
    "id", "sex", "born", "diagnosed", "age_at_diagnosis_days", "age_at_diagnosis", "findings", "treatment", "events", "family",
    "note", "source",
}  # fmt: skip
_WHEN = {"on", "day"}
_FINDING = {*_WHEN, "what", "value", "unit", "timepoint", "note"}
_TREATMENT = {*_WHEN, "what", "course", "protocol", "arm", "drug", "amount", "unit", "route", "note", "name"}
_MEDICINE = {"until", "setting", "daily", "at"}
_EVENT = {*_WHEN, "what", "site", "note"}


def read_record_file(path: Path, vocabulary: Vocabulary) -> Record:
    """The record of one YAML or JSON file.

    Raises:
        InputError: every problem of the file, each with its place.
    """
    try:
        return read_record_text(_text(path), path.suffix.lower(), vocabulary, default_id=path.stem, file=str(path))
    except InputError as error:
        raise InputError(problem.in_file(str(path)) for problem in error.problems) from None


def _text(path: Path) -> str:
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise InputError([Problem("the file", f"{size / 1e6:,.0f} MB", "one child's record, 5 MB at most")])
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
        if len(raw) > MAX_BYTES:  # a device or a pipe tells no size
            raise InputError([Problem("the file", "more than 5 MB", "one child's record, 5 MB at most")])
    except OSError as error:
        raise InputError([Problem("the file", error.strerror or "an unreadable file", "a file that can be read")]) from None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise InputError([Problem(f"line {line}", "bytes that are not UTF-8", "a text file saved as UTF-8")]) from None
    if not text.strip():
        raise InputError([Problem("the file", "nothing", "a record: at least an id")])
    return text


def read_record_text(text: str, suffix: str, vocabulary: Vocabulary, default_id: str = "record", file: str = "") -> Record:
    """The record of a YAML or JSON text. Raises InputError as :func:`read_record_file` does."""
    if suffix == ".json":
        value, places = _json(text), Places()
    else:
        value, places = read_yaml(text)
    _check_characters(value)
    return read_record_data(value, places, vocabulary, default_id, file)


def read_record_data(value: Any, places: Places, vocabulary: Vocabulary, default_id: str = "record", file: str = "") -> Record:
    """The record of already parsed data. Raises InputError with every problem."""
    reader = _Reader(places, vocabulary)
    record = reader.record(value, default_id, file)
    if reader.problems or record is None:
        raise InputError(reader.problems)
    return record


def _json(text: str) -> Any:
    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in pairs:
            if key in found:
                raise InputError([Problem("the file", f"the key '{key[:40]}' twice in one place", "each key once")])
            found[key] = value
        return found

    def number(digits: str) -> int | float:
        if len(digits) > MAX_DIGITS:
            found = f"a number of more than {MAX_DIGITS} characters"
            raise InputError([Problem("the file", found, "numbers a laboratory prints")])
        return float(digits) if set(digits) & set(".eE") else int(digits)

    try:
        return json.loads(text, object_pairs_hook=once, parse_int=number, parse_float=number)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise InputError([Problem(place, f"text that is no JSON ({error.msg})", "readable JSON")]) from None
    except RecursionError:
        raise InputError([Problem("the file", "values nested too deeply", "a record of a few levels")]) from None


def _check_characters(value: Any) -> None:
    """An escape such as ``\\ud800`` alone is half a character, which no file can hold."""
    try:
        json.dumps(value, ensure_ascii=False, default=str).encode("utf-8")
    except UnicodeEncodeError:
        raise InputError([Problem("the file", "half a character (a lone surrogate)", "whole characters")]) from None


class _Reader:
    """Reads one record, collecting problems instead of stopping at the first."""

    def __init__(self, places: Places, vocabulary: Vocabulary) -> None:
        self.places = places
        self.vocabulary = vocabulary
        self.problems: list[Problem] = []
        self.notices: list[str] = []
        self.born: dt.date | None = None
        self.diagnosed: dt.date | None = None
        self.age_known: int | None = None

    def problem(self, path: tuple[str | int, ...], found: str, expected: str) -> None:
        self.problems.append(Problem(self.places.say(path), found, expected))

    def record(self, value: Any, default_id: str, file: str) -> Record | None:
        if not isinstance(value, dict):
            self.problem((), "no mapping" if value is not None else "nothing", "a record: 'id:', 'born:', 'findings:' and so on")
            return None
        self.known_keys(value, _TOP, ())
        self.born = self.date(value.get("born"), ("born",))
        self.diagnosed = self.date(value.get("diagnosed"), ("diagnosed",))
        if self.born and self.diagnosed and self.diagnosed < self.born:
            self.problem(("diagnosed",), f"{self.diagnosed}, a date before birth", "a date on or after birth")
            self.born = self.diagnosed = None  # nothing is counted from them; the rest of the file is still checked
        age_days, age_months, entered = self.age(value)
        self.age_known = age_days if isinstance(age_days, int) else None
        record = Record(
            id=self.identifier(value.get("id"), default_id),
            sex=self.sex(value.get("sex")),
            born=self.born,
            diagnosed=self.diagnosed,
            age_days=age_days,
            age_months=age_months,
            age_entered=entered,
            findings=tuple(f for p, item in self.items(value, "findings") if (f := self.finding(item, p))),
            treatment=tuple(t for p, item in self.items(value, "treatment") if (t := self.treatment(item, p))),
            events=tuple(e for p, item in self.items(value, "events") if (e := self.event(item, p))),
            family=read_family(value.get("family"), self),
            note=self.text(value.get("note"), ("note",)),
            source=self.source(value.get("source")),
            file=file,
            notices=tuple(self.notices),
        )
        return None if self.problems else record

    # -- the top of the record -------------------------------------------------------------------------------------------

    def known_keys(self, value: Mapping[str, Any], known: set[str], path: tuple[str | int, ...]) -> None:
        for key in value:
            if key not in known:
                self.problem(
                    (*path, key),
                    f"the unknown key '{str(key)[:40]}'",
                    one_of(sorted(known)) + did_you_mean(str(key), known),
                )

    def identifier(self, value: Any, default: str) -> str:
        if value is None:
            return default
        if not isinstance(value, str | int | dt.date) or isinstance(value, bool) or not str(value).strip():
            self.problem(("id",), "an id that is no text", "a short text")
            return default
        return str(value).strip()

    def sex(self, value: Any) -> str | None:
        if value is None:
            return None
        known = {"female": "female", "male": "male", "f": "female", "m": "male", "girl": "female", "boy": "male"}
        word = str(value).strip().lower()
        if word == "unknown" or word in self.vocabulary.absent_words:
            return None
        if word not in known:
            self.problem(("sex",), f"'{word[:20]}'", "female, male or unknown")
        return known.get(word)

    def date(self, value: Any, path: tuple[str | int, ...]) -> dt.date | None:
        if value is None or isinstance(value, dt.date):
            return value
        if isinstance(value, str):
            try:
                return dt.date.fromisoformat(value.strip())
            except ValueError:
                pass
            if value.strip().lower() in self.vocabulary.absent_words:
                return None
        self.problem(path, f"'{str(value)[:20]}'", "a date as YYYY-MM-DD")
        return None

    def age(self, value: Mapping[str, Any]) -> tuple[Any, Any, dict[str, Any]]:
        """Age at diagnosis in days and in completed months, and what was entered of it."""
        entered = {key: value[key] for key in ("age_at_diagnosis_days", "age_at_diagnosis") if value.get(key) is not None}
        days = self.age_in_days(value.get("age_at_diagnosis_days"))
        stated = self.age_with_unit(value.get("age_at_diagnosis"))
        if days is not None and stated is not None and not _overlap(days, stated[0]):
            self.problem(("age_at_diagnosis",), "an age that differs from age_at_diagnosis_days", "one age, or two that agree")
        if self.born and self.diagnosed:
            exact, months = days_between(self.born, self.diagnosed), completed_months(self.born, self.diagnosed)
            for key, differs in (
                ("age_at_diagnosis_days", days is not None and days != exact),
                ("age_at_diagnosis", stated and not (_overlap(exact, stated[0]) and _overlap(months, stated[1]))),
            ):
                if differs:
                    self.problem(
                        (key,),
                        "an age that differs from the dates",
                        f"{exact} days, which the dates of birth and diagnosis give",
                    )
            return exact, months, entered
        if days is not None:
            return days, _narrowed(months_from_days(days), stated[1]) if stated else months_from_days(days), entered
        return (stated[0], stated[1], entered) if stated else (None, None, entered)

    def age_in_days(self, value: Any) -> int | None:
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 10_000:
            self.problem(("age_at_diagnosis_days",), f"'{str(value)[:20]}'", "a whole number of days, 0 or more, 10,000 at most")
            return None
        return value

    def age_with_unit(self, value: Any) -> tuple[Any, Any] | None:
        """``{value: 9, unit: mo}`` as (days, months), each as far as it is certain."""
        path = ("age_at_diagnosis",)
        if value is None:
            return None
        if not isinstance(value, dict) or not {"value", "unit"} >= set(value):
            self.problem(path, "something else", "{value: 9, unit: mo}")
            return None
        number, unit = value.get("value"), str(value.get("unit") or "").strip().lower()
        if number is None:
            return None
        if not is_finite_number(number) or not 0 <= number <= 1_000:
            self.problem((*path, "value"), f"'{str(number)[:20]}'", "a number, 0 or more")
            return None
        whole = math.floor(number)
        if unit in ("d", "day", "days"):
            return (whole, months_from_days(whole))
        if unit in ("wk", "w", "week", "weeks"):
            days = days_from_weeks(whole)
            return days, months_from_days(int(days.low), int(days.high))
        if unit in ("mo", "month", "months"):
            if whole < MONTHS_KNOWN - 1:
                return days_from_months(whole), whole
            self.problem((*path, "value"), f"{whole} months", "an age under five years")
            return None
        self.problem((*path, "unit"), f"'{unit[:20]}'", "d, wk or mo")
        return None

    def source(self, value: Any) -> dict[str, Any]:
        if value is not None and not isinstance(value, dict):
            self.problem(("source",), "no mapping", "a mapping of your own, such as {doi: …}")
        try:
            json.dumps(value, default=str, allow_nan=False)
        except ValueError:
            self.problem(("source",), "a value that is not a number", "text, numbers and dates")
        return value if isinstance(value, dict) else {}

    # -- the lists -------------------------------------------------------------------------------------------------------

    def items(self, value: Mapping[str, Any], key: str) -> list[tuple[tuple[str | int, ...], dict[str, Any]]]:
        entries = value.get(key)
        if entries is None:
            return []
        if not isinstance(entries, list) or len(entries) > MAX_ENTRIES:
            self.problem((key,), "no list" if not isinstance(entries, list) else "more than 20,000 entries", f"a list of {key}")
            return []
        found: list[tuple[tuple[str | int, ...], dict[str, Any]]] = []
        for i, item in enumerate(entries):
            if isinstance(item, dict):
                found.append(((key, i), item))
            else:
                self.problem((key, i), "no mapping", "{on: …, what: …}")
        return found

    def when(self, item: Mapping[str, Any], path: tuple[str | int, ...]) -> When:
        """The date and the day from diagnosis. A record with dates needs no day, one with days no date."""
        on = self.date(item.get("on"), (*path, "on"))
        day = item.get("day")
        if day is not None and (isinstance(day, bool) or not isinstance(day, int) or not -400 <= day <= 40_000):
            self.problem((*path, "day"), f"'{str(day)[:20]}'", "a whole number of days from diagnosis (day 0)")
            day = None
        if on and self.born and on < self.born:
            self.problem((*path, "on"), f"{on}, a date before birth", "a date on or after birth")
        if on and self.diagnosed:
            counted = (on - self.diagnosed).days
            if day is not None and day != counted:
                self.problem((*path, "day"), f"day {day}", f"day {counted}, which its date gives")
            day = counted
        elif day is not None and self.diagnosed:
            try:
                on = self.diagnosed + dt.timedelta(days=day)
            except OverflowError:
                self.problem((*path, "day"), f"day {day}", "a day within the calendar")
        if day is not None and item.get("on") is None and self.age_known is not None and day < -self.age_known:
            self.problem((*path, "day"), f"day {day}, before birth", f"day {-self.age_known} or later")
        return When(on, day)

    def finding(self, item: dict[str, Any], path: tuple[str | int, ...]) -> Finding | None:
        try:
            definition = finding_definition(item.get("what"), self.vocabulary)
        except ValueRefusedError as error:
            self.problem((*path, error.key), error.found, error.expected)
            return None
        self.known_keys(item, _FINDING | set(definition.extra) | {"method", "specimen"}, path)
        when = self.when(item, path)
        timepoint = self.timepoint(item.get("timepoint"), path)
        if definition.needs_timepoint and not timepoint:
            self.problem((*path, "timepoint"), "no time point", one_of(tuple(self.vocabulary.timepoints)))
        try:
            extra = {
                key: extra_value(key, item[key], definition, self.vocabulary)
                for key in (*definition.extra, "method", "specimen")
                if item.get(key) is not None
            }
            if definition.type == "category":
                value, word = category_value(item.get("value"), definition, self.vocabulary)
                known: Any = value
            else:
                known, word = number_value(
                    item.get("value"),
                    item.get("unit"),
                    definition,
                    self.vocabulary,
                    extra,
                    str(item.get("what")).strip(),
                )
        except ValueRefusedError as error:
            self.problem((*path, error.key), f"{definition.name}: {error.found}", error.expected)
            return None
        return Finding(
            what=definition.name,
            value=known,
            printed=_printed(item),
            when=when,
            timepoint=timepoint,
            word=word,
            extra=extra,
            note=self.text(item.get("note"), (*path, "note")),
            place=self.places.say(path),
            entered=item,
        )

    def timepoint(self, value: Any, path: tuple[str | int, ...]) -> str:
        if value is None:
            return ""
        word = str(value).strip().lower().replace(" ", "_").replace("-", "_")
        if word not in self.vocabulary.timepoints:
            names = tuple(self.vocabulary.timepoints)
            self.problem((*path, "timepoint"), f"'{word[:40]}'", one_of(names) + did_you_mean(word, names))
            return ""
        return word

    def treatment(self, item: dict[str, Any], path: tuple[str | int, ...]) -> Treatment | None:
        what = self.word(item, "what", ("course", "dose", "procedure", "medicine"), path)
        self.known_keys(item, _TREATMENT | _MEDICINE if what == "medicine" else _TREATMENT, path)
        course = self.word(item, "course", COURSES, path) if item.get("course") is not None else ""
        amount = item.get("amount")
        if amount is not None and (not is_finite_number(amount) or amount < 0):
            self.problem((*path, "amount"), f"'{str(amount)[:20]}'", "a number, 0 or more")
            amount = None
        if amount is not None and not str(item.get("unit") or "").strip():
            self.problem((*path, "unit"), "no unit", "the unit of the amount, such as mg")
        texts: dict[str, Any] = {
            key: self.text(item.get(key), (*path, key)) for key in ("name", "protocol", "arm", "drug", "unit", "route", "note")
        }
        when = self.when(item, path)
        if what == "medicine" and not texts["drug"]:
            self.problem((*path, "drug"), "no drug", "the medicine's name, such as mercaptopurine")
        return Treatment(
            what=what, when=when, course=course, amount=amount, place=self.places.say(path), **texts,
            **self.taking(item, when, path),
        )  # fmt: skip

    def taking(self, item: Mapping[str, Any], when: When, path: tuple[str | int, ...]) -> dict[str, Any]:
        """How a medicine is taken: until when, where, whether daily, at which times."""
        until = self.day_given(item.get("until"), (*path, "until"))
        if until and until.day is not None and when.day is not None and until.day < when.day:
            self.problem((*path, "until"), f"{until}, before it began", "the last day, on or after the first")
        return {
            "until": until,
            "setting": self.choice(item.get("setting"), ("home", "hospital"), (*path, "setting")),
            "daily": self.choice(item.get("daily"), ("yes", "no"), (*path, "daily")),
            "at": self.times(item.get("at"), (*path, "at")),
        }

    def day_given(self, value: Any, path: tuple[str | int, ...]) -> When | None:
        """A date, or a number of days from diagnosis where the record holds no dates."""
        if value is None:
            return None
        counted = isinstance(value, int) and not isinstance(value, bool)
        return self.when({"day": value} if counted else {"on": value}, path)

    def times(self, value: Any, path: tuple[str | int, ...]) -> tuple[str, ...]:
        """Times of day as HH:MM; one or a list."""
        found = []
        for item in value if isinstance(value, list) else [] if value is None else [value]:
            try:
                found.append(dt.time.fromisoformat(str(item).strip()).strftime("%H:%M"))
            except ValueError:
                self.problem(path, f"'{str(item)[:20]}'", 'a time of day in quotes, such as "20:00"')
        return tuple(found)

    def choice(self, value: Any, known: tuple[str, ...], path: tuple[str | int, ...]) -> str:
        """One of a few words; empty where nothing, or a word for nothing, is written."""
        word = {True: "yes", False: "no"}.get(value, str(value)) if isinstance(value, bool) else str(value)
        word = word.strip().lower().replace(" ", "_").replace("-", "_")
        if value is None or word in self.vocabulary.absent_words or word == "unknown":
            return ""
        if word not in known:
            self.problem(path, f"'{word[:40]}'", one_of(known) + did_you_mean(word, known))
            return ""
        return word

    def event(self, item: dict[str, Any], path: tuple[str | int, ...]) -> Event | None:
        self.known_keys(item, _EVENT, path)
        return Event(
            what=self.word(item, "what", EVENTS, path),
            when=self.when(item, path),
            site=self.word(item, "site", SITES, path) if item.get("site") is not None else "",
            note=self.text(item.get("note"), (*path, "note")),
            place=self.places.say(path),
        )

    def word(self, item: Mapping[str, Any], key: str, known: tuple[str, ...], path: tuple[str | int, ...]) -> str:
        value = item.get(key)
        word = str(value).strip().lower().replace(" ", "_").replace("-", "_")
        word = word if word in known else OTHER_WORDS.get(word, word)
        if value is None or word not in known:
            found = "nothing" if value is None else f"'{word[:40]}'"
            self.problem((*path, key), found, one_of(known) + did_you_mean(word, known))
            return ""
        return word

    def text(self, value: Any, path: tuple[str | int, ...]) -> str:
        if value is None:
            return ""
        if isinstance(value, list | dict):
            self.problem(path, "a list or a mapping", "text")
            return ""
        return str(value).strip()


def _narrowed(a: int | Interval, b: int | Interval) -> int | Interval:
    """What holds by both of two ages that overlap."""
    low_a, high_a = (a.low, a.high) if isinstance(a, Interval) else (a, a)
    low_b, high_b = (b.low, b.high) if isinstance(b, Interval) else (b, b)
    low, high = int(max(low_a, low_b)), int(min(high_a, high_b))
    return low if low == high else Interval(low, high) if low < high else a


def _overlap(a: Any, b: Any) -> bool:
    low_a, high_a = (a.low, a.high) if isinstance(a, Interval) else (a, a)
    low_b, high_b = (b.low, b.high) if isinstance(b, Interval) else (b, b)
    return bool(low_a <= high_b and low_b <= high_a)


def _printed(item: Mapping[str, Any]) -> str:
    value, unit = item.get("value"), item.get("unit")
    if value is None:
        return "no value"
    return f"{value} {unit}" if unit not in (None, "1", "") else str(value)
