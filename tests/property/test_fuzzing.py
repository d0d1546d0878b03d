"""Whatever text comes in: an InputError or a record, never another exception; and every record can be assessed and written.

Random text, random bytes, records of the right keys with random values, and the example records with lines and characters
deleted, doubled and replaced. The same for tables and for rules.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from infantall.care.as_json import to_json
from infantall.care.assess import assess, assess_facts
from infantall.care.result import Assessment
from infantall.knowledge.store import load_knowledge
from infantall.record.derive import AsOf
from infantall.record.model import Record
from infantall.record.reader import COURSES, EVENTS, SITES, read_record_text
from infantall.record.table import read_table
from infantall.record.writer import record_json, record_yaml
from infantall.report.text import assessment_text
from infantall.rules.parse import parse_rule
from infantall.text.problems import InputError

KNOWLEDGE = load_knowledge()  # not a fixture: hypothesis would print it all with every failure
VOCABULARY = KNOWLEDGE.vocabulary
EXAMPLES = Path(__file__).parents[2] / "examples"
BABIES = [path.read_text(encoding="utf-8") for path in sorted((EXAMPLES / "babies").glob("*.yaml"))]
TABLES = [path.read_text(encoding="utf-8-sig") for path in sorted((EXAMPLES / "tables").glob("*.csv"))]
PROFILE = settings.get_profile(settings.get_current_profile_name())
SLOW = settings(PROFILE, max_examples=PROFILE.max_examples // 2)
QUICK = settings(PROFILE, max_examples=PROFILE.max_examples * 5)

anything = st.text(max_size=200)
marks = st.text(alphabet="[]{}:,-?&*!|>'\"%@`#\n \t\\~.0123456789eEabcNaxX\0\x85\u2028\ufeff\ud800", max_size=80)
suffixes = st.sampled_from([".yaml", ".yml", ".json"])


# -- records -------------------------------------------------------------------------------------------------------------


def comparable(record: Record) -> Record:
    """Without places in the file, which change with the layout."""
    return replace(
        record,
        file="",
        findings=tuple(replace(finding, place="", entered={}) for finding in record.findings),
        treatment=tuple(replace(entry, place="") for entry in record.treatment),
        events=tuple(replace(event, place="") for event in record.events),
    )


def said(problem: InputError) -> None:
    """Every refusal says where, what and what instead, each in one line."""
    assert problem.problems
    for one in problem.problems:
        assert one.place and one.found and one.expected
        assert str(one).isprintable() and len(str(one)) < 2_000


def read(text: str, suffix: str) -> Record | None:
    try:
        return read_record_text(text, suffix, VOCABULARY)
    except InputError as error:
        said(error)
        return None


def survives(record: Record) -> None:
    """Written and read back, the record is the same."""
    for suffix, write in ((".yaml", record_yaml), (".json", record_json)):
        again = read_record_text(write(record), suffix, VOCABULARY)
        assert comparable(again) == comparable(record)


def is_answered(assessment: Assessment) -> None:
    json.dumps(to_json(assessment), ensure_ascii=False, allow_nan=False).encode("utf-8")
    assessment_text(assessment).encode("utf-8")


def whatever_is_read_can_be_used(text: str, suffix: str) -> None:
    record = read(text, suffix)
    if record is not None:
        is_answered(assess(record, KNOWLEDGE))
        survives(record)


@QUICK
@given(text=anything | marks, suffix=suffixes)
def test_random_text_is_refused_or_read(text: str, suffix: str) -> None:
    read(text, suffix)


@QUICK
@given(start=st.sampled_from(["id: ", "id: x\nfindings: ", "findings:\n  - ", '{"id": ', "? "]), text=marks, suffix=suffixes)
def test_random_marks_within_a_record(start: str, text: str, suffix: str) -> None:
    read(start + text, suffix)


@QUICK
@given(raw=st.binary(max_size=200), encoding=st.sampled_from(["latin-1", "utf-8-sig", "utf-16"]), suffix=suffixes)
def test_random_bytes_decoded(raw: bytes, encoding: str, suffix: str) -> None:
    read(raw.decode(encoding, errors="replace"), suffix)


scalars: st.SearchStrategy[Any] = st.one_of(
    st.none(), st.booleans(), st.integers(), st.integers(-400, 400), st.floats(), st.floats(0, 1000), st.text(max_size=12),
    st.just(10**400), st.just("\ud800"), st.just("1e3"), st.just("007"), st.just("2026_01"), st.just("<10"), st.just(">= 0.1"),
    st.sampled_from(["2026-03-20", "2025-01-31", "9999-12-31", "0001-01-01", "pending", "negative", "unknown", "yes"]),
)  # fmt: skip
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3), max_leaves=6
)
dates = st.sampled_from(["2026-03-20", "2026-01-04", "2026-05-01", "2025-12-31"]) | st.none()


@st.composite
def findings(draw: st.DrawFn, tidy: bool) -> Any:
    """A finding: its name and, where tidy, all else as the vocabulary has it; otherwise any values."""
    name = draw(st.sampled_from(list(VOCABULARY.findings)))
    definition = VOCABULARY.findings[name]
    keys = ("value", "unit", "timepoint", "note", "method", "sensitivity", "quantitative_range", "day", "on", "extra")
    entry: dict[str, Any] = {} if tidy else draw(st.dictionaries(st.sampled_from(keys), values, max_size=3))
    entry = {"what": name, "day": draw(st.integers(-10, 120)), "note": draw(st.text(max_size=8))} | entry
    if definition.type == "category":
        entry.setdefault("value", draw(st.sampled_from([*definition.values, "pending", None])))
    else:
        low, high = definition.bounds or (0, 100)
        printed = st.sampled_from([*definition.words, "pending", f"<{(low + high) / 2}", f">= {(low + high) / 2}", None])
        entry.setdefault("value", draw(st.floats(low, high) | printed))
        entry.setdefault("unit", definition.unit)
    if definition.timepoints or definition.needs_timepoint:
        entry.setdefault("timepoint", draw(st.sampled_from(list(VOCABULARY.timepoints))))
    if "sensitivity" in definition.extra and draw(st.booleans()):
        entry.setdefault("sensitivity", draw(st.sampled_from([1e-4, 1e-5, 0.01])))
    return entry


@st.composite
def entries(draw: st.DrawFn, what: tuple[str, ...], good: dict[str, Any], tidy: bool) -> Any:
    """A treatment or an event."""
    entry = {key: draw(value) for key, value in good.items() if draw(st.booleans())}
    if not tidy:
        entry |= draw(st.dictionaries(st.sampled_from([*good, "amount", "name"]), values, max_size=2))
    return {"what": draw(st.sampled_from(what))} | entry


treatments = {
    "course": st.sampled_from(COURSES), "day": st.integers(0, 900), "protocol": st.text(max_size=5), "arm": st.text(max_size=5),
    "drug": st.text(max_size=5), "route": st.sampled_from(["it", "po", "iv"]), "note": st.text(max_size=5), "name": st.text(max_size=5),
}  # fmt: skip
events = {"day": st.integers(0, 900), "site": st.sampled_from(SITES), "note": st.text(max_size=5)}
births = st.one_of(
    st.fixed_dictionaries({"born": dates, "diagnosed": st.just("2026-03-20")}),
    st.fixed_dictionaries({"born": st.none(), "age_at_diagnosis_days": st.integers(0, 500)}),
    st.fixed_dictionaries(
        {"age_at_diagnosis": st.fixed_dictionaries({"value": st.floats(0, 60), "unit": st.sampled_from(["d", "wk", "mo"])})}
    ),
    st.just({}),
)


@st.composite
def structures(draw: st.DrawFn) -> dict[str, Any]:
    """A record of the right keys: half of them tidy, half with any values anywhere."""
    tidy = draw(st.booleans())
    top = ["id", "sex", "born", "diagnosed", "age_at_diagnosis_days", "age_at_diagnosis", "note", "source", "findings", "events"]
    record: dict[str, Any] = {"id": draw(st.text(min_size=1, max_size=8)), "sex": draw(st.sampled_from(["female", "M", None]))}
    record |= draw(births)
    record["source"] = {} if tidy else {"any": draw(values)}
    record["findings"] = draw(st.lists(findings(tidy), max_size=5))
    record["treatment"] = draw(st.lists(entries(("course", "dose", "procedure"), treatments, tidy), max_size=3))
    record["events"] = draw(st.lists(entries(EVENTS, events, tidy), max_size=2))
    if not tidy:
        record |= draw(st.dictionaries(st.sampled_from(top), values, max_size=1))
    return record


@given(data=st.data())
def test_records_of_the_right_keys_in_json(data: st.DataObject) -> None:
    text = json.dumps(data.draw(structures()))
    whatever_is_read_can_be_used(text, ".json")


@given(data=st.data())
def test_records_of_the_right_keys_in_yaml(data: st.DataObject) -> None:
    text = yaml.safe_dump(data.draw(structures()), allow_unicode=data.draw(st.booleans()))
    whatever_is_read_can_be_used(text, ".yaml")


@given(
    name=st.text(max_size=20)
    | st.sampled_from(["1e3", "007", "2026_01", "null", "yes", "~", "2026-03-20", "1.0", "0x10", "=", "<<"])
)
def test_an_id_and_a_note_are_never_changed(name: str) -> None:
    record = read(json.dumps({"id": name, "note": name, "source": {"note": name}}), ".json")
    if record is not None:
        assert record.id == name.strip() and record.note == name.strip() and record.source == {"note": name}
        survives(record)


def test_an_id_that_looks_like_a_number_with_an_underscore_stays_text() -> None:
    assert read_record_text("id: 2024_01", ".yaml", VOCABULARY).id == "2024_01"


# -- the examples, mutated -----------------------------------------------------------------------------------------------


@st.composite
def mutated(draw: st.DrawFn, texts: list[str], separators: str) -> str:
    """One of the texts after some accidents: lines and characters deleted, doubled, swapped and replaced."""
    lines = draw(st.sampled_from(texts)).splitlines()
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(lines) - 1))
        line = lines[at]
        match draw(st.integers(0, 7)):
            case 0:
                del lines[at]
            case 1:
                lines.insert(at, line)
            case 2:
                other = draw(st.integers(0, len(lines) - 1))
                lines[at], lines[other] = lines[other], line
            case 3 | 4 if line:
                place = draw(st.integers(0, len(line) - 1))
                lines[at] = line[:place] + draw(st.sampled_from(separators) | st.characters()) + line[place + 1 :]
            case 5 if line:
                place = draw(st.integers(0, len(line) - 1))
                lines[at] = line[:place] + line[place + 1 :]
            case 6:
                place = draw(st.integers(0, len(line)))
                lines[at] = line[:place] + draw(st.sampled_from(separators) | st.characters()) + line[place:]
            case _:
                lines[at] = line.replace(draw(st.sampled_from("0123456789,;")), draw(st.sampled_from("0123456789-.")))
        lines = lines or [""]
    return "\n".join(lines)


@given(text=mutated(BABIES, "{}[]:,-\"'#&*!. \t0159enx"))
def test_the_examples_after_an_accident(text: str) -> None:
    whatever_is_read_can_be_used(text, ".yaml")


# -- tables --------------------------------------------------------------------------------------------------------------


def use_table(content: bytes, suffix: str, folder: Path, rows: int = 1) -> None:
    path = folder / f"fuzzed{suffix}"
    path.write_bytes(content)
    try:
        table = read_table(path, VOCABULARY)
    except InputError as error:
        said(error)
        return
    for _, problems in table.refused:
        said(InputError(problems))
    for row in table.rows[:rows]:
        is_answered(assess_facts(row.record, row.readings, KNOWLEDGE, AsOf(None, None), None, row.notices))


@given(text=anything | marks, suffix=st.sampled_from([".csv", ".tsv", ".parquet"]))
def test_random_text_as_a_table(text: str, suffix: str, tmp_path_factory: Any) -> None:
    use_table(text.encode("utf-8", "surrogatepass"), suffix, tmp_path_factory.getbasetemp())


cells = st.one_of(
    st.text(alphabet=st.characters(codec="utf-8"), max_size=10),
    st.sampled_from(["", "NA", "#N/A", "nan", "-inf", "1e999", "1,5", "1.5", "-9", "yes", "germline", "B", "１２", "1_0", '"', "0x1"]),
    st.floats().map(str), st.integers().map(str),
)  # fmt: skip


@SLOW
@given(data=st.data())
def test_columns_named_as_facts_with_random_cells(data: st.DataObject, tmp_path_factory: Any) -> None:
    names = [*VOCABULARY.facts, "id", "os_days", ""]
    header = data.draw(st.lists(st.sampled_from(names), min_size=1, max_size=8))
    rows = data.draw(st.lists(st.lists(cells, max_size=9), max_size=6))
    separator, end = data.draw(st.sampled_from(",;\t|")), data.draw(st.sampled_from(["\n", "\r\n", "\r"]))
    text = end.join(separator.join(row) for row in [header, *rows])
    use_table(text.encode("utf-8"), ".csv", tmp_path_factory.getbasetemp())


@SLOW
@given(text=mutated(TABLES, ",;\t\"'.-_eE0 "))
def test_the_example_tables_after_an_accident(text: str, tmp_path_factory: Any) -> None:
    use_table(text.encode("utf-8", "surrogatepass"), ".csv", tmp_path_factory.getbasetemp())


@SLOW
@given(data=st.data())
def test_parquet_of_any_type(data: st.DataObject, tmp_path_factory: Any) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    column = st.one_of(
        st.lists(st.floats() | st.none(), min_size=3, max_size=3), st.lists(st.booleans() | st.none(), min_size=3, max_size=3),
        st.lists(st.binary(max_size=4), min_size=3, max_size=3), st.lists(st.dates() | st.none(), min_size=3, max_size=3),
        st.lists(st.decimals(-999, 999, places=2), min_size=3, max_size=3), st.lists(st.datetimes(), min_size=3, max_size=3),
        st.lists(st.lists(st.integers(0, 9), max_size=2), min_size=3, max_size=3),
        st.lists(st.integers(-(2**63), 2**63 - 1), min_size=3, max_size=3),
        st.lists(st.fixed_dictionaries({"a": st.integers(0, 9)}), min_size=3, max_size=3),
        st.lists(st.text(alphabet=st.characters(codec="utf-8"), max_size=5), min_size=3, max_size=3),
    )  # fmt: skip
    names = data.draw(st.lists(st.sampled_from([*VOCABULARY.facts, "id"]), min_size=1, max_size=5, unique=True))
    folder = tmp_path_factory.getbasetemp()
    pq.write_table(pa.table({name: pa.array(data.draw(column)) for name in names}), folder / "made.parquet")
    use_table((folder / "made.parquet").read_bytes(), ".parquet", folder)


# -- rules ---------------------------------------------------------------------------------------------------------------

RULE_WORDS = [
    "kmt2a_status", "wbc_at_diagnosis", "age_days_at_diagnosis", "kmt2a_statuss", "'rearranged'", "'germline'", "'x'", "300", "-1", "1e999",
    "NULL", "TRUE", "AND", "OR", "NOT", "IS", "IN", "BETWEEN", "(", ")", ",", "=", "<>", "<", ">=", "+", "/", "0", "*", "SELECT", "FROM",
    "CASE", "WHEN", "END", ";", "--", "/*", "'", '"', "::", "[", "]", "{", "}", "?", ":x", "@", "LIKE", "EXISTS", "INTERVAL", "DATE", "x -> y",
]  # fmt: skip


def rule(text: str, asks: bool) -> None:
    try:
        parse_rule(text, VOCABULARY, may_ask_missing=asks)
    except InputError as error:
        said(error)


@given(text=anything | marks, asks=st.booleans())
def test_random_text_as_a_rule(text: str, asks: bool) -> None:
    rule(text, asks)


@QUICK
@given(words=st.lists(st.sampled_from(RULE_WORDS), max_size=14), asks=st.booleans())
def test_random_words_as_a_rule(words: list[str], asks: bool) -> None:
    rule(" ".join(words), asks)


def test_rules_nested_and_long() -> None:
    for text in ("(" * 4_000, "NOT " * 1_200 + "TRUE", "(" * 2_000 + "TRUE" + ")" * 2_000, "TRUE AND " * 550 + "TRUE", "x" * 5_001,
                 "wbc_at_diagnosis > " + "-" * 4_000 + "1", "wbc_at_diagnosis > 1" + " + 1" * 1_000, "CASE " * 900):  # fmt: skip
        rule(text, False)
