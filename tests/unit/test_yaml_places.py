"""YAML as clinicians write it: read strictly, with the line of every value."""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

import pytest

from infantall.text.problems import InputError, Problem, did_you_mean, nearest, one_of
from infantall.text.yaml_places import MAX_DEPTH, Places, read_yaml


def value_of(text: str) -> Any:
    return read_yaml(text)[0]


def refused(text: str) -> Problem:
    with pytest.raises(InputError) as caught:
        read_yaml(text)
    (problem,) = caught.value.problems
    return problem


def test_the_key_on_is_a_key() -> None:
    assert value_of("on: 2026-03-20\noff: 1\nyes: 2\nno: 3\ntrue: 4\nnull: 5\n12: 6\n") == {
        "on": dt.date(2026, 3, 20), "off": 1, "yes": 2, "no": 3, "true": 4, "null": 5, "12": 6,
    }  # fmt: skip


SCALARS = [
    ("yes", "yes"), ("no", "no"), ("on", "on"), ("off", "off"), ("Yes", "Yes"), ("NO", "NO"), ("y", "y"), ("n", "n"),
    ("true", True), ("True", True), ("TRUE", True), ("false", False), ("False", False), ("FALSE", False), ("tRue", "tRue"),
    ("null", None), ("Null", None), ("~", None), ("", None), ('""', ""), ("'null'", "null"), ('"true"', "true"),
    ("412", 412), ("-3", -3), ("+3", 3), ("0", 0), ("1_000", "1_000"), ("1e3e4", "1e3e4"), ("1.5e3e4", "1.5e3e4"), ("1.5e3", 1500.0), (".5e1", 5.0), ("007", "007"), ("0x10", "0x10"), ("0o17", "0o17"),
    ("4.5", 4.5), (".5", 0.5), ("5.", 5.0), ("-0.5", -0.5), ("1e3", 1000.0), ("5e-4", 0.0005), ("1.5E+3", 1500.0), ("1e", "1e"),
    ("'412'", "412"), ('"4.5"', "4.5"), ("1,5", "1,5"), ("12:30", "12:30"), ("1.2.3", "1.2.3"), ("<10", "<10"), ("10*9/L", "10*9/L"),
    ("2026-03-20", dt.date(2026, 3, 20)), ("2026-3-4", dt.date(2026, 3, 4)), ('"2026-03-20"', "2026-03-20"),
    ("2024-02-29", dt.date(2024, 2, 29)), ("2026-02-29", "2026-02-29"), ("2026-13-01", "2026-13-01"), ("0000-01-01", "0000-01-01"),
    ("2026-03-20T10:00:00", "2026-03-20T10:00:00"), ("20.03.2026", "20.03.2026"), (".inf", math.inf), ("-.INF", -math.inf),
    ("inf", "inf"), ("nan", "nan"), ("=", "="), ("<<", "<<"), ("|\n  two\n  lines", "two\nlines"), (">\n  one\n  line", "one line"),
    ("|\n  412", "412"), ("! 412", "412"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "value"), SCALARS, ids=[text for text, _ in SCALARS])
def test_a_value_is_what_it_looks_like(text: str, value: Any) -> None:
    found = value_of(f"value: {text}")["value"]
    assert found == value
    assert type(found) is type(value)


def test_not_a_number_stays_not_a_number_for_the_reader_to_refuse() -> None:
    assert math.isnan(value_of("value: .nan")["value"])


def test_a_number_too_large_for_a_float_is_infinite_for_the_reader_to_refuse() -> None:
    assert value_of("value: 1e999")["value"] == math.inf


RECORD = """\
# a remark
id: baby-01
born: 2026-01-04

findings:
  - {on: 2026-03-20, what: wbc, value: 412}
  - on: 2026-03-20
    what: cd19
    value:
      positive
note: |
  two
  lines
list: [1,
  2]
"""

LINES = [
    ((), 2, "line 2"),
    (("id",), 2, "id (line 2)"),
    (("born",), 3, "born (line 3)"),
    (("findings",), 6, "findings (line 6)"),
    (("findings", 0), 6, "findings[0] (line 6)"),
    (("findings", 0, "value"), 6, "findings[0].value (line 6)"),
    (("findings", 1), 7, "findings[1] (line 7)"),
    (("findings", 1, "what"), 8, "findings[1].what (line 8)"),
    (("findings", 1, "value"), 10, "findings[1].value (line 10)"),
    (("note",), 11, "note (line 11)"),
    (("list", 1), 15, "list[1] (line 15)"),
]


@pytest.mark.parametrize(("path", "line", "words"), LINES, ids=[words for _, _, words in LINES])
def test_every_value_knows_its_line(path: tuple[str | int, ...], line: int, words: str) -> None:
    places = read_yaml(RECORD)[1]
    assert places[path] == line
    assert places.say(path) == words


def test_a_value_that_is_not_there_is_placed_at_what_holds_it() -> None:
    places = read_yaml(RECORD)[1]
    assert places.say(("findings", 1, "unit")) == "findings[1].unit (line 7)"
    assert places.say(("events", 0, "on")) == "events[0].on (line 2)"


def test_a_place_without_lines_is_still_a_path() -> None:
    assert Places().say(("findings", 3, "unit")) == "findings[3].unit"
    assert Places().say(()) == "the file"


REFUSED = [
    ("a: 1\nb: *name\n", "line 2, column 4", "alias"),
    ("a: 1\nb: &name 2\n", "line 2, column 4", "anchor"),
    ("a: &name {b: 1}\n", "line 1, column 4", "anchor"),
    ("a: &name [1]\n", "line 1, column 4", "anchor"),
    ("&name a: 1\n", "line 1, column 1", "anchor"),
    ("? &name a\n: 1\n", "line 1, column 3", "anchor"),
    ("x: 1\n!!binary a: 1\n", "line 2, column 1", "tag"),
    ("*name : 1\n", "line 1, column 1", "key"),
    ("a: !!python/object/apply:os.system [ls]\n", "line 1, column 4", "tag"),
    ("a: !!int '3'\n", "line 1, column 4", "tag"),
    ("a: !mine 3\n", "line 1, column 4", "tag"),
    ("!!map {a: 1}\n", "line 1, column 1", "tag"),
    ("a: 1\nb: 2\na: 3\n", "line 3, column 1", "the key 'a' twice"),
    ("f:\n  - {on: 1, what: x, on: 2}\n", "line 2, column 22", "the key 'on' twice"),
    ("a: 1\n'a': 2\n", "line 2, column 1", "the key 'a' twice"),
    ("a: 1\n---\nb: 2\n", "line 2, column 1", "second YAML document"),
    ("[1, 2]: 3\n", "line 1, column 1", "key that is not a word"),
    ("{a: 1}: 3\n", "line 1, column 1", "key that is not a word"),
    ("a: 1\n\tb: 2\n", "line 2, column 1", "no YAML"),
    ("a:\n\t- 1\n", "line 2, column 1", "no YAML"),
    ("a: [1, 2\nb: 3\n", "line 2", "no YAML"),
    ("a: 'open\n", "line 2", "no YAML"),
    ("a: b: c\n", "line 1", "no YAML"),
    ("a: 1\n b: 2\n", "line 2", "no YAML"),
    ("a: @x\n", "line 1", "no YAML"),
    ("- 1\nb: 2\n", "line 2", "no YAML"),
    ("a: %x\n", "line 1", "no YAML"),
    (f"a: 1\nb: {'9' * 41}\n", "line 2, column 4", "a number of more than 40 characters"),
    (f"a: 0.{'3' * 60}\n", "line 1, column 4", "a number of more than 40 characters"),
]


@pytest.mark.parametrize(("text", "place", "found"), REFUSED, ids=[text.replace("\n", " ")[:40] for text, _, _ in REFUSED])
def test_what_is_refused_is_refused_with_its_line(text: str, place: str, found: str) -> None:
    problem = refused(text)
    assert problem.place.startswith(place)
    assert found in problem.found
    assert problem.expected
    assert "\n" not in str(problem)


@pytest.mark.parametrize("text", ["a: \x00b\n", "a: \x07\n", "a: \x1b[31m\n", "\x00", "a: b\x7f\n"], ids=repr)
def test_control_characters_are_refused_in_one_line(text: str) -> None:
    problem = refused(text)
    assert problem.place == "line 1"
    assert "control character" in problem.found
    assert "\n" not in str(problem)


def test_a_bomb_of_aliases_is_refused_at_its_first_anchor() -> None:
    bomb = "a: &a [x, x]\n" + "".join(f"{chr(98 + i)}: &{chr(98 + i)} [*{chr(97 + i)}, *{chr(97 + i)}]\n" for i in range(20))
    assert refused(bomb).place == "line 1, column 4"


def nested(depth: int) -> str:
    return "[" * depth + "]" * depth


def test_values_are_nested_at_most_30_deep() -> None:
    value = value_of(nested(MAX_DEPTH + 1))
    for _ in range(MAX_DEPTH):
        (value,) = value
    assert value == []
    assert "more than 30 deep" in refused(nested(MAX_DEPTH + 2)).found


@pytest.mark.parametrize(
    "text",
    [nested(5_000), "[" * 5_000, "- " * 5_000, "{a: " * 5_000, "".join(" " * i + "a:\n" for i in range(500))],
    ids=["closed lists", "open lists", "dashes", "mappings", "indented"],
)
def test_very_deep_nesting_is_refused_and_does_not_crash(text: str) -> None:
    assert refused(text).place.startswith("line ")


@pytest.mark.parametrize("text", ["", "\n\n", "# only a remark\n", "---\n", "---\n...\n", "null"])
def test_an_empty_file_is_nothing(text: str) -> None:
    assert value_of(text) is None


def test_one_document_with_its_marks_is_one_document() -> None:
    assert value_of("---\na: 1\n...\n") == {"a": 1}
    assert value_of("%YAML 1.2\n---\na: 1\n") == {"a": 1}


def test_windows_line_ends_are_line_ends() -> None:
    value, places = read_yaml("a: 1\r\nb:\r\n  - x\r\n")
    assert value == {"a": 1, "b": ["x"]}
    assert places[("b", 0)] == 3


def test_the_nearest_name_is_suggested_whatever_its_case() -> None:
    assert nearest("WBCC", ["wbc", "anc"]) == "wbc"
    assert nearest("quite other", ["wbc", "anc"]) is None
    assert did_you_mean("kmt2a_stat", ["KMT2A_status", "sex"]) == " (did you mean 'KMT2A_status'?)"
    assert did_you_mean("qqqqqq", ["KMT2A_status", "sex"]) == ""


@pytest.mark.parametrize(("names", "words"), [((), ""), (("a",), "a"), (("a", "b"), "a or b"), (("a", "b", "c"), "a, b or c")])
def test_choices_are_listed_as_people_write_them(names: tuple[str, ...], words: str) -> None:
    assert one_of(names) == words


def test_a_problem_says_file_place_found_and_expected() -> None:
    problem = Problem("born (line 3)", "'x'", "a date")
    assert str(problem) == "born (line 3): found 'x'; expected a date"
    assert str(problem.in_file("baby.yaml")) == "baby.yaml: born (line 3): found 'x'; expected a date"
    both = InputError([problem, problem.in_file("b.yaml")])
    assert str(both).splitlines() == [str(problem), str(problem.in_file("b.yaml"))]
