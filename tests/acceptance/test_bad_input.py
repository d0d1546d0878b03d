"""Bad input at the command line: refused with one clear line a problem, naming nothing of the child but the mistake.

Every case goes through the command as a user meets it.
"""

from __future__ import annotations

import codecs
import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from helpers.command import ended
from infantall.facts.vocabulary import Vocabulary
from infantall.record.reader import MAX_BYTES, read_record_file
from infantall.text.problems import InputError

ROOT = Path(__file__).parents[2]
MARKER = "Zebrafinch"  # stands in every note; nobody may read it in a message
OTHER_VALUES = (MARKER, "417.25", "MLLT10", "5.125")  # true values beside the mistake

RECORD = f"""\
id: baby-07
sex: female
born: 2026-01-04
diagnosed: 2026-03-20
note: {MARKER} lives in the house by the river
findings:
  - {{on: 2026-03-20, what: wbc, value: 417.25, unit: 10*9/L, note: {MARKER}}}
  - {{on: 2026-03-24, what: kmt2a_status, value: rearranged, method: FISH, note: {MARKER}}}
  - {{on: 2026-03-24, what: kmt2a_partner, value: MLLT10}}
  - {{on: 2026-03-20, what: weight, value: 5.125, unit: kg}}
treatment:
  - {{on: 2026-03-20, what: course, course: induction, note: {MARKER}}}
"""
LINE = re.compile(r"(?P<place>.+?): found (?P<found>.+); expected (?P<expected>.+)")


@dataclass(frozen=True)
class Done:
    """What a finished command left behind."""

    status: int
    out: str
    err: str

    @property
    def items(self) -> list[dict[str, Any]]:
        """The one JSON document on standard output."""
        return json.loads(self.out)  # type: ignore[no-any-return]

    @property
    def lines(self) -> list[str]:
        return self.err.splitlines()


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT / "src"), "PYTHONIOENCODING": "utf-8"}


def infantall(*arguments: str | Path) -> Done:
    done = ended(*arguments)
    return Done(done.status, done.text, done.err)


def with_finding(finding: str) -> str:
    """The record with one further finding."""
    return RECORD.replace("treatment:\n", f"  - {{on: 2026-03-20, {finding}, note: {MARKER}}}\ntreatment:\n")


def refused(path: Path, problems: int = 1) -> dict[str, str]:
    """Assesses one bad file, checks everything that holds of every refusal, and gives the first problem."""
    errors = all_refused([path])[0]
    assert len(errors) == problems, errors
    return errors[0]


def all_refused(paths: list[Path]) -> list[list[dict[str, str]]]:
    """Assesses bad files in one run; for each, the problems with which it was refused."""
    done = infantall("assess", *paths, "--format", "json")
    assert done.status == 1, done.err
    assert [item["file"] for item in done.items] == [str(path) for path in paths]
    pairs = [(item["file"], error) for item in done.items for error in item["errors"]]
    for line, (file, error) in zip(done.lines, pairs, strict=True):
        assert set(error) == {"place", "found", "expected"} and all(error.values())
        assert line.startswith(f"{file}: "), line
        assert LINE.fullmatch(line.removeprefix(f"{file}: ")), line
        assert len(line.removeprefix(file)) < 500, "a message, not a record"
    for value in OTHER_VALUES:
        assert value not in done.err and value not in done.out, value
    return [item["errors"] for item in done.items]


def refused_text(tmp_path: Path, text: str, problems: int = 1, name: str = "baby.yaml") -> dict[str, str]:
    path = tmp_path / name
    path.write_bytes(text.encode("utf-8"))
    return refused(path, problems)


def each_refused(tmp_path: Path, texts: list[str], suffix: str = ".yaml") -> list[dict[str, str]]:
    """The one problem of each of many texts, assessed in one run."""
    paths = [tmp_path / f"text-{i}{suffix}" for i in range(len(texts))]
    for path, text in zip(paths, texts, strict=True):
        path.write_bytes(text.encode("utf-8"))
    found = all_refused(paths)
    assert all(len(errors) == 1 for errors in found), found
    return [errors[0] for errors in found]


def answered(tmp_path: Path, text: str, output: str = "json") -> Done:
    path = tmp_path / "baby.yaml"
    path.write_bytes(text.encode("utf-8"))
    done = infantall("assess", path, "--format", output)
    assert done.status == 0 and done.err == ""
    return done


# -- findings ------------------------------------------------------------------------------------------------------------


def test_the_record_is_good_without_the_mistakes(tmp_path: Path) -> None:
    assert answered(tmp_path, RECORD).items[0]["facts"]["wbc_at_diagnosis"] == 417.25


def test_an_unknown_finding(tmp_path: Path) -> None:
    error = refused_text(tmp_path, with_finding("what: platlets, value: 12, unit: 10*9/L"))
    assert error["place"] == "findings[4].what (line 11)"
    assert "platlets" in error["found"] and "did you mean 'platelets'?" in error["expected"]


def test_an_unknown_value_of_a_category(tmp_path: Path) -> None:
    error = refused_text(tmp_path, with_finding("what: cd10, value: negativ"))
    assert error["place"] == "findings[4].value (line 11)"
    assert "negativ" in error["found"] and "did you mean 'negative'?" in error["expected"]


def test_a_missing_unit(tmp_path: Path) -> None:
    error = refused_text(tmp_path, with_finding("what: platelets, value: 12"))
    assert error["place"] == "findings[4].unit (line 11)"
    assert error["found"] == "platelets: no unit" and "10*9/L" in error["expected"]


def test_a_wrong_unit(tmp_path: Path) -> None:
    error = refused_text(tmp_path, with_finding("what: platelets, value: 12, unit: mg/dL"))
    assert error["found"] == "platelets: 'mg/dL'" and "10*9/L" in error["expected"]


def test_a_lost_superscript_is_no_unit(tmp_path: Path) -> None:
    units = ["109/L", "x109/L", "10 9/L", "10^9/", "cells"]
    texts = [with_finding(f'what: platelets, value: 12, unit: "{unit}"') for unit in units]
    for unit, error in zip(units, each_refused(tmp_path, texts), strict=True):
        assert error["place"] == "findings[4].unit (line 11)" and unit in error["found"]


def test_an_impossible_value(tmp_path: Path) -> None:
    findings = [
        "what: wbc, value: 99999, unit: 10*9/L", "what: platelets, value: -1, unit: 10*9/L", "what: length, value: 58, unit: m",
        "what: weight, value: 5100, unit: kg", "what: marrow_blasts, value: 140, unit: '%'",
        "what: csf_wbc, value: -3, unit: /uL",
    ]  # fmt: skip
    for error in each_refused(tmp_path, [with_finding(finding) for finding in findings]):
        assert error["place"] == "findings[4].value (line 11)"
        assert "not possible" in error["found"] and " from " in error["expected"]


def test_a_value_that_is_no_number(tmp_path: Path) -> None:
    values = ["high", '"12"', "12..5", '"1,200"', "1_200", "[12]", "{n: 12}", "true", "<", "'> 1.2.3'"]
    for error in each_refused(tmp_path, [with_finding(f"what: platelets, value: {v}, unit: 10*9/L") for v in values]):
        assert error["place"] == "findings[4].value (line 11)" and "a number in 10*9/L" in error["expected"]


def test_nan_and_infinity(tmp_path: Path) -> None:
    values = [".nan", ".NaN", ".inf", "-.inf", "1e999"]
    for error in each_refused(tmp_path, [with_finding(f"what: platelets, value: {v}, unit: 10*9/L") for v in values]):
        assert error["found"] == "platelets: a value that is not a number"


def test_every_problem_is_said_each_on_its_line(tmp_path: Path) -> None:
    text = with_finding("what: platelets, value: 12").replace("sex: female", "sex: woman").replace("kg}", "kgg}")
    assert refused_text(tmp_path, text.replace("course: induction", "course: inducton"), problems=4)["place"] == "sex (line 2)"


def test_no_newline_or_escape_of_the_input_reaches_a_message(tmp_path: Path) -> None:
    error = refused_text(tmp_path, with_finding(r'what: "plate\nlets\x1b[2J", value: 12'))
    assert "unknown finding" in error["found"]
    done = infantall("assess", tmp_path / "baby.yaml")
    assert done.err.count("\n") == 1 and "\x1b" not in done.err


def test_a_key_as_long_as_a_record_is_not_repeated(tmp_path: Path) -> None:
    error = refused_text(tmp_path, RECORD + "x" * 60 + f"{MARKER}: 1\n")
    assert "x" * 40 in error["found"]


# -- dates and ages ------------------------------------------------------------------------------------------------------


def test_a_date_before_birth(tmp_path: Path) -> None:
    error = refused_text(tmp_path, RECORD.replace("on: 2026-03-24, what: kmt2a_partner", "on: 2025-03-24, what: kmt2a_partner"))
    assert error["place"] == "findings[2].on (line 9)"
    assert "2025-03-24" in error["found"] and "before birth" in error["found"] and error["expected"] == "a date on or after birth"


def test_a_diagnosis_before_birth(tmp_path: Path) -> None:
    error = refused_text(tmp_path, RECORD.replace("born: 2026-01-04", "born: 2027-01-04"))
    assert error["place"] == "diagnosed (line 4)" and "before birth" in error["found"]


def test_an_impossible_date(tmp_path: Path) -> None:
    dates = ["2026-02-30", "2026-13-01", "20.03.2026", "03/20/2026", "2026", "yesterday", "2026-03-20T08:00:00", "0000-00-00"]
    texts = [RECORD.replace("on: 2026-03-24, what: kmt2a_partner", f"on: {date}, what: kmt2a_partner") for date in dates]
    for date, error in zip(dates, each_refused(tmp_path, texts), strict=True):
        assert error == {"place": "findings[2].on (line 9)", "found": f"'{date}'", "expected": "a date as YYYY-MM-DD"}


def test_a_day_that_is_no_day_of_the_calendar(tmp_path: Path) -> None:
    text = "id: x\nborn: 9999-12-01\ndiagnosed: 9999-12-31\nfindings:\n  - {day: 5, what: cd10, value: negative}\n"
    assert refused_text(tmp_path, text)["found"] == "day 5"


def test_a_diagnosis_at_366_days_is_no_infant_all_and_the_rest_is_shown(tmp_path: Path) -> None:
    text = RECORD.replace("2026-01-04", "2025-03-19")
    (result,) = answered(tmp_path, text).items
    assert result["facts"]["age_days_at_diagnosis"] == 366 and result["facts"]["kmt2a_status"] == "rearranged"
    assert any("Not infant ALL by these definitions" in notice for notice in result["notices"])
    shown = " ".join(answered(tmp_path, text, "text").out.split())
    assert "Not infant ALL by these definitions" in shown and "rearranged" in shown and "Interfant-06" in shown


def test_a_diagnosis_at_365_days_is(tmp_path: Path) -> None:
    text = RECORD.replace("2026-01-04", "2025-03-20")
    (result,) = answered(tmp_path, text).items
    assert result["facts"]["age_days_at_diagnosis"] == 365
    assert "Not infant ALL" not in json.dumps(result["notices"])
    assert "Not infant ALL" not in answered(tmp_path, text, "text").out


def test_contradictory_findings_are_both_shown(tmp_path: Path) -> None:
    text = with_finding("what: kmt2a_status, value: germline, method: RNA sequencing")
    shown = " ".join(answered(tmp_path, text, "text").out.split())
    assert "Contradictory results" in shown
    assert "rearranged (2026-03-24, FISH)" in shown and "germline (2026-03-20, RNA sequencing)" in shown
    assert answered(tmp_path, text).items[0]["facts"]["kmt2a_status"] is None


# -- files that are no record --------------------------------------------------------------------------------------------


def test_an_empty_file(tmp_path: Path) -> None:
    assert refused_text(tmp_path, "")["found"] == "nothing"


def test_a_file_that_says_nothing(tmp_path: Path) -> None:
    for error in each_refused(tmp_path, ["   \n \n\t\n", " ", "# only a comment\n", "---\n", "null\n"]):
        assert error["found"] == "nothing"


def test_a_file_of_50_mb_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "large.yaml"
    with path.open("wb") as file:
        file.write(b"id: large\n")
        file.truncate(50_000_000)
    error = refused(path)
    assert error["found"] == "50 MB" and "5 MB at most" in error["expected"]


def test_a_file_of_50_mb_is_not_read(tmp_path: Path, vocabulary: Vocabulary, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "large.yaml"
    with path.open("wb") as file:
        file.truncate(50_000_000)

    def never(*_: Any, **__: Any) -> None:
        raise AssertionError("the file was opened")

    for name in ("open", "read_bytes", "read_text"):
        monkeypatch.setattr(Path, name, never)
    with pytest.raises(InputError, match="50 MB"):
        read_record_file(path, vocabulary)


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="no /dev/zero here")
def test_an_endless_file_is_refused() -> None:
    assert "more than 5 MB" in refused(Path("/dev/zero"))["found"]


def test_a_file_just_too_large(tmp_path: Path) -> None:
    assert "5 MB" in refused_text(tmp_path, RECORD + "# " + "x" * MAX_BYTES)["found"]


def test_a_yaml_bomb_of_aliases(tmp_path: Path) -> None:
    bomb = "a: &a [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n"
    for this, last in zip("bcdefghij", "abcdefghi", strict=True):
        bomb += f"{this}: &{this} [{', '.join([f'*{last}'] * 9)}]\n"
    error = refused_text(tmp_path, bomb)
    assert "anchor" in error["found"] and error["place"] == "line 1, column 4"


def test_a_yaml_alias_without_its_anchor(tmp_path: Path) -> None:
    assert "alias" in refused_text(tmp_path, "id: *nowhere\n")["found"]


def test_a_bomb_of_deep_nesting(tmp_path: Path) -> None:
    indented = "\n".join(" " * i + "a:" for i in range(2_000))
    each_refused(tmp_path, ["[" * 200_000, "{a: " * 100_000, indented, "? " * 100_000, "- " * 100_000])


def test_a_bomb_of_deep_nesting_in_json(tmp_path: Path) -> None:
    closed = '{"id": "x", "source": {"a": ' + "[" * 50_000 + "]" * 50_000 + "}}"
    each_refused(tmp_path, ["[" * 200_000, '{"a":' * 100_000, "[" * 500 + "]" * 500, closed], ".json")


def test_a_yaml_tag_runs_nothing(tmp_path: Path) -> None:
    made = tmp_path / "made"
    error = refused_text(tmp_path, f'id: !!python/object/apply:os.system ["touch {made}"]\n')
    assert "a YAML tag" in error["found"] and not made.exists()


def test_other_tags(tmp_path: Path) -> None:
    for error in each_refused(tmp_path, ["id: !!binary aGk=", "id: !secret x", "%TAG ! tag:x,2026:\n---\nid: !y x"]):
        assert "a YAML tag" in error["found"]


def test_text_that_is_no_yaml_or_has_two_documents_or_a_key_twice(tmp_path: Path) -> None:
    broken, second, twice = each_refused(tmp_path, [RECORD + "events: [\n", RECORD + "---\nid: y\n", RECORD + "id: y\n"])
    assert "no YAML" in broken["found"] and broken["place"].startswith("line ")
    assert "second YAML document" in second["found"] and "the key 'id' twice" in twice["found"]


def test_a_control_character(tmp_path: Path) -> None:
    for error in each_refused(tmp_path, [RECORD + f"# é\nevents: [{character}]\n" for character in "\0\x07\x1b"]):
        assert error["place"] == "line 14" and "control character" in error["found"]


def test_bytes_that_are_not_utf_8(tmp_path: Path) -> None:
    path = tmp_path / "latin.yaml"
    path.write_bytes(RECORD.replace("by the river", "am Fluß").encode("latin-1"))
    error = refused(path)
    assert error["place"] == "line 5" and "not UTF-8" in error["found"]


def test_utf_16_and_utf_32(tmp_path: Path) -> None:
    encodings = ["utf-16", "utf-16-le", "utf-16-be", "utf-32"]
    paths = [tmp_path / f"{encoding}.yaml" for encoding in encodings]
    for path, encoding in zip(paths, encodings, strict=True):
        path.write_bytes(RECORD.encode(encoding))
    assert all(len(errors) == 1 for errors in all_refused(paths))


@pytest.mark.parametrize("name", ["baby.yaml", "baby.json"])
def test_a_byte_order_mark_of_utf_8_is_accepted(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(codecs.BOM_UTF8 + (RECORD if name.endswith("yaml") else '{"id": "baby-07"}').encode())
    done = infantall("assess", path, "--format", "json")
    assert done.status == 0 and done.items[0]["id"] == "baby-07"


def test_windows_line_ends_are_accepted(tmp_path: Path) -> None:
    assert answered(tmp_path, RECORD.replace("\n", "\r\n")).items[0]["facts"]["kmt2a_partner"] == "MLLT10"


def test_a_folder_without_records(tmp_path: Path) -> None:
    (tmp_path / "readme.txt").write_text("nothing here", encoding="utf-8")
    error = refused(tmp_path)
    assert error["found"] == "no record" and ".yaml" in error["expected"]


def test_a_missing_file(tmp_path: Path) -> None:
    assert refused(tmp_path / "nobody.yaml")["found"] == "nothing of that name"


def test_a_file_name_that_no_file_can_have(tmp_path: Path) -> None:
    assert refused(tmp_path / f"{'n' * 300}.yaml")["place"] == "the file"


def test_a_folder_named_like_a_record(tmp_path: Path) -> None:
    (tmp_path / "folder.yaml").mkdir()
    assert refused(tmp_path / "folder.yaml")["found"] == "no record"
    (tmp_path / "good.yaml").write_text("id: good\n", encoding="utf-8")
    done = infantall("assess", tmp_path, "--format", "json")
    assert done.status == 0 and [item["id"] for item in done.items] == ["good"]


BAD_JSON = [
    ('{"id": "x", "findings": [{"day": 0, "what": "wbc", "value": NaN, "unit": "10*9/L"}]}', "not a number"),
    ('{"id": "x", "findings": [{"day": 0, "what": "wbc", "value": -Infinity, "unit": "10*9/L"}]}', "not a number"),
    ('{"id": "x", "id": "y"}', "twice"),
    ('{"id": "x", "findings": [{"what": "wbc", "value": 3, "value": 4, "unit": "10*9/L"}]}', "twice"),
    ('{"id": "x", "findings": [],}', "no JSON"),
    ("{'id': 'x'}", "no JSON"),
    ('{"id": "x"} {"id": "y"}', "no JSON"),
    ('{"id": "\\ud800"}', "half a character"),
    ('{"id": "x", "age_at_diagnosis": {"value": 1' + "0" * 400 + ', "unit": "d"}}', "more than 40 characters"),
    ('{"id": "x", "age_at_diagnosis_days": 1' + "0" * 5_000 + "}", "more than 40 characters"),
    ('{"id": "x", "treatment": [{"day": 0, "what": "dose", "amount": 1' + "0" * 400 + ', "unit": "mg"}]}', "more than 40 characters"),
    ('{"id": "x", "findings": [{"day": 0, "what": "wbc", "value": 1' + "0" * 400 + ', "unit": "/uL"}]}', "more than 40 characters"),
    ('"baby"', "no mapping"), ("42", "no mapping"), ("null", "nothing"),
    ('{"id": "x", "source": {"n": NaN}}', "not a number"), ('{"id": "x", "source": {"n": 0.' + "3" * 99 + "}}", "more than 40"),
]  # fmt: skip


def test_bad_json(tmp_path: Path) -> None:
    errors = each_refused(tmp_path, [text for text, _ in BAD_JSON], ".json")
    for (text, said), error in zip(BAD_JSON, errors, strict=True):
        assert said in error["found"], text[:80]


def test_a_record_that_is_no_mapping(tmp_path: Path) -> None:
    for error in each_refused(tmp_path, ["- id: a\n- id: b\n", "just words\n", "42\n", "2026-03-20\n"]):
        assert error["found"] == "no mapping" and "a record" in error["expected"]


WRONG_SHAPES = [
    ("id: x\nfindings: {what: wbc}\n", "findings"), ("id: x\nfindings: [wbc]\n", "findings[0]"),
    ("id: x\nfindings: [{value: 3}]\n", "findings[0].what"), ("id: [x]\n", "id"), ("id: x\nnote: [a]\n", "note"),
    ("id: x\nsource: words\n", "source"), ("id: x\nevents: [{on: 2026-03-20, what: relapsed}]\n", "events[0].what"),
    ("id: x\nage_at_diagnosis: 9 months\n", "age_at_diagnosis"), ("id: x\nage_at_diagnosis_days: -1\n", "age_at_diagnosis_days"),
    ("id: x\nfindings: [{day: 0, what: wbc, value: 3, unit: [a, b]}]\n", "findings[0].unit"),
    ("id: x\ntreatment: [{day: 0, what: dose, drug: y, amount: 3}]\n", "treatment[0].unit"),
    ("id: x\nfindings: [{day: 0.5, what: cd10, value: negative}]\n", "findings[0].day"), ("id: x\nfindigs: []\n", "findigs"),
]  # fmt: skip


def test_wrong_shapes_are_placed(tmp_path: Path) -> None:
    errors = each_refused(tmp_path, [text for text, _ in WRONG_SHAPES])
    for (text, place), error in zip(WRONG_SHAPES, errors, strict=True):
        assert error["place"].split(" (line")[0] == place, text


# -- tables --------------------------------------------------------------------------------------------------------------


def test_a_table_with_the_habits_of_excel(tmp_path: Path) -> None:
    rows = [
        "sep=;", "id;sex ;age_days_at_diagnosis;wbc_at_diagnosis; kmt2a_status;mrd_end_of_induction;;",
        'a1;female;75;"412,5";rearranged ;4E-04;;', "a2; male;100;38;GERMLINE;0,0004;;", ";;;;;;;", 'a3;;;;"";;;', "",
    ]  # fmt: skip
    path = tmp_path / "infants.csv"
    path.write_bytes(codecs.BOM_UTF8 + "\r\n".join(rows).encode())
    done = infantall("assess", path, "--format", "json")
    assert done.status == 0 and done.err == ""
    assert [item["id"] for item in done.items] == ["a1", "a2", "a3"]
    first, second, third = (item["facts"] for item in done.items)
    assert (first["wbc_at_diagnosis"], first["kmt2a_status"], first["mrd_end_of_induction"]) == (412.5, "rearranged", 0.0004)
    assert (second["sex"], second["kmt2a_status"], second["mrd_end_of_induction"]) == ("male", "germline", 0.0004)
    assert (third["sex"], third["wbc_at_diagnosis"]) == (None, None)


def test_a_bad_cell_refuses_its_row_only(tmp_path: Path) -> None:
    path = tmp_path / "infants.csv"
    path.write_text(
        "id,age_days_at_diagnosis,kmt2a_status\na1,75,rearranged\na2,100,rearanged\na3,120,germline\n", encoding="utf-8"
    )
    done = infantall("assess", path, "--format", "json")
    assert done.status == 1
    good, bad, other = sorted(done.items, key=lambda item: str(item["id"]))
    assert (good["facts"]["kmt2a_status"], other["facts"]["kmt2a_status"]) == ("rearranged", "germline")
    assert bad["file"] == str(path) and bad["errors"] == [
        {
            "place": "line 3, column kmt2a_status",
            "found": "'rearanged'",
            "expected": "rearranged, germline or not_evaluable (did you mean 'rearranged'?)",
        }
    ]
    assert len(done.lines) == 1 and done.lines[0].startswith(f"{path}: line 3, column kmt2a_status: found 'rearanged'")


NO_TABLES = [
    ("a.csv", b""), ("b.csv", b"   \n  \n"), ("c.csv", b"name,colour\nx,red\n"), ("d.csv", b"id,sex,sex\n1,male,female\n"),
    ("e.csv", "id,kmt2a_status\nMüller,germline\n".encode("latin-1")), ("f.csv", "id,kmt2a_status\n".encode("utf-16")),
    ("g.parquet", b"not parquet"), ("h.parquet", b""), ("i.parquet", b"PAR1" + b"\0" * 100 + b"PAR1"),
    ("j.csv", b"id,kmt2a_status\n1," + b"x" * 200_000),
]  # fmt: skip


def test_a_file_that_is_no_table(tmp_path: Path) -> None:
    for name, content in NO_TABLES:
        (tmp_path / name).write_bytes(content)
    found = all_refused([tmp_path / name for name, _ in NO_TABLES])
    assert all(len(errors) == 1 for errors in found)


# -- many records, and the command itself --------------------------------------------------------------------------------


def three_good_and_one_bad(tmp_path: Path) -> None:
    for name in ("a", "b", "d"):
        (tmp_path / f"{name}.yaml").write_text(RECORD.replace("baby-07", f"good-{name}"), encoding="utf-8")
    (tmp_path / "c.yaml").write_text(with_finding("what: platelets, value: 12"), encoding="utf-8")


def test_one_bad_record_among_three_good_ones(tmp_path: Path) -> None:
    three_good_and_one_bad(tmp_path)
    done = infantall("assess", tmp_path, "--format", "json")
    assert done.status == 1
    assert [item["id"] for item in done.items if "errors" not in item] == ["good-a", "good-b", "good-d"]
    (bad,) = (item for item in done.items if "errors" in item)
    assert bad["file"] == str(tmp_path / "c.yaml")
    assert [set(error) for error in bad["errors"]] == [{"place", "found", "expected"}]
    assert len(done.lines) == 1 and MARKER not in done.err


def test_the_good_ones_are_printed_as_text_too(tmp_path: Path) -> None:
    three_good_and_one_bad(tmp_path)
    done = infantall("assess", tmp_path)
    assert done.status == 1 and len(done.lines) == 1
    assert all(f"good-{name}" in done.out for name in "abd")


def test_json_is_one_document_even_when_all_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("", encoding="utf-8")
    (tmp_path / "b.json").write_text("{", encoding="utf-8")
    done = infantall("assess", tmp_path, tmp_path / "nobody.yaml", "--format", "json")
    assert done.status == 1 and len(done.items) == 3 and len(done.lines) == 3


def test_an_unknown_protocol_is_bad_usage(tmp_path: Path) -> None:
    path = tmp_path / "baby.yaml"
    path.write_text(RECORD, encoding="utf-8")
    done = infantall("assess", path, "--protocol", "interfant-6")
    assert done.status == 2 and done.out == ""
    assert "did you mean 'interfant-06'?" in done.err and MARKER not in done.err


@pytest.mark.parametrize("day", ["soon", "2026-02-30", "2026-3", "1.5", "--5", "²", ""])
def test_a_bad_as_of_is_bad_usage(tmp_path: Path, day: str) -> None:
    path = tmp_path / "baby.yaml"
    path.write_text(RECORD, encoding="utf-8")
    done = infantall("assess", path, f"--as-of={day}")
    assert done.status == 2 and done.out == "" and "YYYY-MM-DD" in done.err


@pytest.mark.parametrize(
    "arguments", [["assess"], ["asess", "x"], ["assess", "--frmat", "json", "x"], ["assess", "--format", "xml", "x"]]
)
def test_bad_usage(arguments: list[str]) -> None:
    done = infantall(*arguments)
    assert done.status == 2 and done.out == "" and "Error" in done.err


def test_a_date_for_a_record_that_counts_days(tmp_path: Path) -> None:
    path = tmp_path / "relative.yaml"
    path.write_text("id: x\nage_at_diagnosis_days: 75\nfindings: [{day: 0, what: cd10, value: negative}]\n", encoding="utf-8")
    done = infantall("assess", path, "--as-of", "2026-03-20", "--format", "json")
    assert done.status == 1 and len(done.lines) == 1
    assert str(path) in done.err and "--as-of" in done.err and "days from diagnosis" in done.err
    assert done.items[0]["errors"][0]["place"] == "--as-of"


def test_an_as_of_beyond_the_calendar(tmp_path: Path) -> None:
    path = tmp_path / "late.yaml"
    path.write_text("id: x\nborn: 9999-12-01\ndiagnosed: 9999-12-31\n", encoding="utf-8")
    done = infantall("assess", path, "--as-of", "500")
    assert done.status == 1 and "day 500" in done.err and len(done.lines) == 1


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    path = tmp_path / "baby.yaml"
    path.write_text(RECORD, encoding="utf-8")
    done = infantall("assess", path, "--out", path / "folder")
    assert done.status == 1 and done.out == ""
    assert len(done.lines) == 1 and LINE.fullmatch(done.lines[0]) and MARKER not in done.err


@pytest.mark.parametrize("output", ["text", "json", "html"])
def test_a_reader_that_leaves_early_sees_no_traceback(tmp_path: Path, output: str) -> None:
    three_good_and_one_bad(tmp_path)
    command = [sys.executable, "-m", "infantall", "assess", str(tmp_path), "--format", output]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment())
    assert process.stdout is not None and process.stderr is not None
    process.stdout.read(10)
    process.stdout.close()
    error = process.stderr.read().decode("utf-8")
    process.stderr.close()
    assert process.wait(timeout=60) == 1  # for the record that was refused, not for the closed pipe
    assert len(error.splitlines()) == 1 and "c.yaml" in error
