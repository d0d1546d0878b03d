"""Attacks on the safety invariants (DESIGN 7) that concern what exists today: the record, the assessment, the command.

1: what is not known narrows nothing and reassures nobody. 2: no dose appears that the record did not contain. 4: units are
never assumed. 5: every statement carries its source, confidence and review. 9: nothing leaves the machine.
"""

from __future__ import annotations

import functools
import json
import math
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from helpers.examples import EXAMPLE_RECORDS
from infantall.care.as_json import to_json
from infantall.care.assess import assess, assess_facts
from infantall.care.result import Assessment
from infantall.facts.values import Choice, Interval, Value, bounds
from infantall.knowledge.library import Knowledge
from infantall.knowledge.store import load_knowledge
from infantall.record.derive import AsOf, latest_day
from infantall.record.model import Record
from infantall.record.reader import read_record_file, read_record_text
from infantall.record.table import read_table
from infantall.report.html import assessment_html
from infantall.report.text import assessment_text
from infantall.rules import tree
from infantall.rules.interpret import Verdict, verdict
from infantall.text.problems import InputError

ROOT = Path(__file__).parents[2]
EVERY_EXAMPLE = pytest.mark.parametrize("path", EXAMPLE_RECORDS, ids=lambda path: path.stem)

# Everything that an unverified statement is about, so that one of them would have the occasion to appear.
TEMPTING = """
id: tempting
born: 2026-03-10
diagnosed: 2026-03-20
findings:
  - {on: 2026-03-20, what: down_syndrome, value: "yes"}
  - {on: 2026-03-20, what: steroids_in_previous_4_weeks, value: "yes"}
  - {on: 2026-03-20, what: wbc, value: 412, unit: 10*9/L}
  - {on: 2026-03-20, what: csf_wbc, value: 2, unit: /uL}
  - {on: 2026-03-20, what: csf_rbc, value: 0, unit: /uL}
  - {on: 2026-03-20, what: csf_blasts, value: absent}
"""


@functools.cache
def knowledge() -> Knowledge:
    return load_knowledge()


@functools.cache
def example(path: Path) -> tuple[Record, Assessment]:
    record = read_record_file(path, knowledge().vocabulary)
    return record, assess(record, knowledge(), latest_day(record))


def from_text(text: str) -> Assessment:
    return assess(read_record_text(text, ".yaml", knowledge().vocabulary), knowledge())


# -- 1: unknown never becomes true or false ------------------------------------------------------------------------------


def without_each_entry(record: Record) -> Iterator[tuple[str, Record]]:
    """The record with each finding, treatment and event deleted in turn."""
    for key in ("findings", "treatment", "events"):
        entries = getattr(record, key)
        for i, entry in enumerate(entries):
            yield f"{key}[{i}] {entry.what}", replace(record, **{key: (*entries[:i], *entries[i + 1 :])})


def says_less(new: Value, old: Value) -> bool:
    """Whether the new value leaves open all that the old one did."""
    if new is None or new == old:
        return True
    if isinstance(new, Choice):
        return (old.values if isinstance(old, Choice) else {old}) <= new.values
    if isinstance(new, Interval) and isinstance(old, int | float | Interval):
        low, high = bounds(old)
        return new.low <= low and high <= new.high
    return False


def rests_on_what_remains(assessment: Assessment, fact: str) -> bool:
    """Whether the fact's value was read from entries still there, or judged from facts that were."""
    reading = assessment.readings[fact]
    return bool(reading.findings) or reading.judged or assessment.knowledge.vocabulary.facts[fact].read["by"] == "treatment"


def verdicts(assessment: Assessment) -> dict[str, Verdict]:
    """The verdict of every statement that was judged, by its place in the assessment."""
    found: dict[str, Verdict] = {}
    for fact, reasons in assessment.judgements.items():
        found |= {f"{fact}: {reason.statement.id}": reason.verdict for reason in reasons}
    for result in assessment.protocols:
        found |= {f"group: {reason.statement.id}": reason.verdict for reason in result.reasons}
        found |= {f"criterion: {c.statement.id}": c.met for c in result.criteria if c.reason}
        found |= {f"move: {move.reason.statement.id}": move.reason.verdict for move in result.moves}
    return found


def narrowed(old: Assessment, new: Assessment) -> list[str]:
    """Where the assessment of less data says more than that of all of it."""
    wrong = []
    after = verdicts(new)
    for place, was in verdicts(old).items():
        if after[place] is not None and after[place] is not was:
            wrong.append(f"{place}: {was} became {after[place]}")
    if new.established not in (old.established, "undetermined"):
        wrong.append(f"established: {old.established} became {new.established}")
    if not set(old.possible_classes) <= set(new.possible_classes):
        wrong.append(f"class: {old.possible_classes} became {new.possible_classes}")
    for was_result, result in zip(old.protocols, new.protocols, strict=True):
        name = result.protocol.id
        if result.eligible not in (was_result.eligible, "undetermined"):
            wrong.append(f"{name}: eligible {was_result.eligible} became {result.eligible}")
        if was_result.eligible == "no":
            continue
        if not {*was_result.possible, *was_result.without_group} <= {*result.possible, *result.without_group}:
            wrong.append(f"{name}: possible {was_result.possible} became {result.possible}")
        if result.group not in (was_result.group, None):
            wrong.append(f"{name}: group {was_result.group} became {result.group}")
    return wrong


@EVERY_EXAMPLE
def test_deleting_an_entry_never_narrows_what_is_possible(path: Path) -> None:
    """Unless what remains in the record gives a fact another value: the next result in line, or one of two that disagreed."""
    record, whole = example(path)
    deletions = 0
    for name, less in without_each_entry(record):
        new = assess(less, knowledge(), whole.as_of)
        other_value = [fact for fact, value in new.values.items() if not says_less(value, whole.values[fact])]
        recorded = [fact for fact in other_value if knowledge().vocabulary.facts[fact].read["by"] in ("recorded", "events")]
        if len(other_value) > len(recorded):
            assert all(rests_on_what_remains(new, fact) for fact in other_value if fact not in recorded), (name, other_value)
            continue
        assert narrowed(whole, new) == [], (name, recorded)
        deletions += 1
    assert deletions >= 0.7 * len(record.findings), "the test must not skip what it is about"


@EVERY_EXAMPLE
def test_a_pending_result_says_no_more_than_none(path: Path) -> None:
    """Every finding in turn replaced by 'pending': the same answer as without it."""
    record, whole = example(path)
    for i, finding in enumerate(record.findings):
        rest = (*record.findings[:i], *record.findings[i + 1 :])
        pending = replace(finding, value=None, printed="pending", word="pending")
        without = assess(replace(record, findings=rest), knowledge(), whole.as_of)
        with_word = assess(replace(record, findings=(*rest, pending)), knowledge(), whole.as_of)
        assert {n: v for n, v in with_word.values.items() if v != without.values[n]} == {}, finding.what
        assert verdicts(with_word) == verdicts(without)


@EVERY_EXAMPLE
def test_an_unknown_age_narrows_nothing(path: Path) -> None:
    record, whole = example(path)
    ageless = replace(record, born=None, age_days=None, age_months=None)
    assert narrowed(whole, assess(ageless, knowledge(), whole.as_of)) == []
    assert narrowed(whole, assess(replace(record, sex=None), knowledge(), whole.as_of)) == []


@pytest.mark.parametrize("word", ["unknown", "pending", "not done", "NA"])
def test_a_record_of_pending_results_is_as_open_as_an_empty_one(word: str) -> None:
    vocabulary = knowledge().vocabulary
    lines = [
        f'  - {{day: 0, what: {name}, value: "{word}"{", timepoint: end_of_induction" if finding.needs_timepoint else ""}}}'
        for name, finding in vocabulary.findings.items()
    ]
    empty, full = from_text("id: x"), from_text("id: x\nfindings:\n" + "\n".join(lines))
    assert full.values == empty.values
    assert verdicts(full) == verdicts(empty)
    assert full.established == "undetermined" and all(result.eligible == "undetermined" for result in full.protocols)
    assert all(result.group is None for result in full.protocols)


@pytest.mark.parametrize("op", ["=", "<>", "<", "<=", ">", ">="])
@pytest.mark.parametrize("number", [0.0, 300.0, -1.0, math.inf, -math.inf])
def test_nan_never_compares(op: Any, number: float) -> None:
    nan = {"wbc_at_diagnosis": math.nan}
    fact = tree.Fact("wbc_at_diagnosis")
    for rule in (
        tree.Compare(op, fact, tree.Number(number)),
        tree.Compare(op, tree.Number(number), fact),
        tree.Compare(op, fact, fact),
    ):
        assert verdict(rule, nan) is None
        assert verdict(tree.Not(rule), nan) is None
    twice = tree.Arithmetic("*", fact, tree.Number(2.0))
    assert verdict(tree.Compare(op, twice, tree.Number(number)), nan) is None


def test_nan_of_a_table_is_the_same_as_an_empty_cell(tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    vocabulary = knowledge().vocabulary
    numbers = [name for name, fact in vocabulary.facts.items() if fact.type == "number"]
    pq.write_table(pa.table({name: pa.array([math.nan, None]) for name in numbers}), tmp_path / "nan.parquet")
    (tmp_path / "nan.csv").write_text(",".join(numbers) + "\n" + "NaN," * len(numbers) + "\n", encoding="utf-8")
    rows = [*read_table(tmp_path / "nan.parquet", vocabulary).rows, *read_table(tmp_path / "nan.csv", vocabulary).rows]
    assert len(rows) == 3
    for row in rows:
        result = assess_facts(row.record, row.readings, knowledge(), AsOf(None, None))
        assert all(result.values[name] is None for name in numbers)
        assert all(item.eligible == "undetermined" and item.group is None for item in result.protocols)


# -- 2: no dose ----------------------------------------------------------------------------------------------------------

DOSE = re.compile(
    r"\d[\d.,]*\s*(?:-\s*\d[\d.,]*\s*)?(?:mg|g|µg|μg|ug|mcg|ng|IU|U|units?|mmol)\s*(?:/|per)\s*"
    r"(?:m2|m²|m\^2|m\b|kg|dose|day|d\b|h\b|week|square|kilogram)",
    re.IGNORECASE,
)
AMOUNT = re.compile(r"\d[\d.,]*\s*(?:mg|µg|μg|ug|mcg|milligrams?|micrograms?|IU)\b(?!\s*/\s*(?:d?L|m?l)\b)", re.IGNORECASE)


def doses(text: str) -> set[str]:
    return {" ".join(m.group().split()) for pattern in (DOSE, AMOUNT) for m in pattern.finditer(text)}


# A limit on steroids taken before diagnosis, as an eligibility criterion words it: nobody is told to give it.
EXPOSURE_LIMITS = {"interfant-21.eligibility.steroids": "10 mg/m²"}


def without_limits(text: str) -> str:
    """The text without the sentences that name such a limit, however their lines are broken."""
    for statement in knowledge().statements():
        if statement.id in EXPOSURE_LIMITS:
            for words in {statement.says, statement.label}:
                text = re.sub(r"\s+".join(re.escape(word) for word in words.split()), " ", text)
    return text


def plain_text(html: str) -> str:
    return re.sub(r"<[^>]+>", " ", re.sub(r"(?s)<(style|script|svg)\b.*?</\1>", " ", html))


@functools.cache
def shown(path: Path) -> Mapping[str, str]:
    """Every form of an example, made once: several attacks read them."""
    return outputs(example(path)[1])


def outputs(assessment: Assessment) -> Mapping[str, str]:
    return {
        "text": assessment_text(assessment),
        "json": json.dumps(to_json(assessment), ensure_ascii=False),
        "html": plain_text(assessment_html([assessment])),
    }


def test_the_search_finds_doses() -> None:
    text = "5 mg/m2, 10 mg/m² a day, 12.5 mg/kg, 6 mg, 1,000 IU/m2, 75 mg per m2, 20 µg; not 5 mg/dL, 412 10*9/L, 60 U/L, 36 mg/L"
    assert len(doses(text)) >= 7 and not any("dL" in dose or "U/L" in dose or "36" in dose for dose in doses(text))


@EVERY_EXAMPLE
def test_no_output_holds_a_dose_that_the_record_does_not(path: Path) -> None:
    recorded = " ".join(path.read_text(encoding="utf-8").split())
    for output, text in shown(path).items():
        new = {dose for dose in doses(without_limits(text)) if dose not in recorded}
        assert new == set(), output


def test_a_recorded_dose_leads_to_no_other() -> None:
    text = TEMPTING + "treatment:\n  - {on: 2026-03-21, what: dose, drug: methotrexate, amount: 3.25, unit: mg, route: it}\n"
    text += "  - {on: 2026-03-21, what: course, course: induction}\n"
    for output, shown in outputs(from_text(text)).items():
        assert {dose for dose in doses(without_limits(shown)) if not dose.startswith("3.25")} == set(), output


def test_no_knowledge_says_a_dose() -> None:
    for statement in knowledge().statements():
        said = " | ".join([statement.says, statement.label, statement.note, statement.by, statement.in_words])
        limit = EXPOSURE_LIMITS.get(statement.id)
        if limit:
            assert statement.kind == "eligibility" and all(dose in limit for dose in doses(said))
        else:
            assert doses(said) == set(), statement.id
    for path in sorted((ROOT / "src" / "infantall" / "knowledge" / "data").rglob("*.yaml")):
        says = [line for line in path.read_text(encoding="utf-8").splitlines() if "says:" in line or "label:" in line]
        assert doses(without_limits("\n".join(says))) == set(), path.name


# -- 4: units are never assumed ------------------------------------------------------------------------------------------


def test_a_missing_or_unknown_unit_never_enters_a_fact() -> None:
    vocabulary = knowledge().vocabulary
    checked = 0
    for name, finding in vocabulary.findings.items():
        if finding.type != "number":
            continue
        low, high = finding.bounds or (0, 100)
        mark = ", timepoint: end_of_induction" if finding.needs_timepoint else ""
        good = {*vocabulary.units.units_of(finding)}
        others = {code for dimension in vocabulary.units.units for code in vocabulary.units.accepted(dimension)} - good
        others = {code for code in others if vocabulary.units.find(code, finding.dimension) is None}
        if finding.per_equivalent:
            others -= {*vocabulary.units.accepted("equivalent_concentration")}
        for unit in ["", " ", "null", "furlong", "10*9", "?", "mg/m2", *sorted(others)]:
            text = f"id: x\nfindings:\n  - {{day: 0, what: {name}, value: {(low + high) / 2}, unit: {json.dumps(unit)}{mark}}}\n"
            with pytest.raises(InputError) as refused:
                read_record_text(text, ".yaml", vocabulary)
            assert "unit" in refused.value.problems[0].place, (name, unit)
            checked += 1
        for limit in (f"<{high}", f">{low}"):
            with pytest.raises(InputError):
                read_record_text(f'id: x\nfindings:\n  - {{day: 0, what: {name}, value: "{limit}"{mark}}}\n', ".yaml", vocabulary)
    assert checked > 1_000


def test_a_refused_unit_refuses_the_record_and_no_fact_is_shown(tmp_path: Path) -> None:
    path = tmp_path / "baby.yaml"
    path.write_text(TEMPTING.replace("unit: 10*9/L", "unit: 10*9"), encoding="utf-8")
    done = run(["assess", str(path), "--format", "json"], tmp_path)
    (item,) = json.loads(done.stdout)
    assert done.returncode == 1 and "facts" not in item


# -- 5: source, confidence, review ---------------------------------------------------------------------------------------


def statements_in(node: Any) -> Iterator[dict[str, Any]]:
    """Every object of the JSON that says something."""
    if isinstance(node, dict):
        if "says" in node:
            yield node
        for value in node.values():
            yield from statements_in(value)
    elif isinstance(node, list):
        for value in node:
            yield from statements_in(value)


def sources_in(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "sources" and isinstance(value, list):
                yield from value
            else:
                yield from sources_in(value)
    elif isinstance(node, list):
        for value in node:
            yield from sources_in(value)


@EVERY_EXAMPLE
def test_every_statement_carries_source_confidence_and_review(path: Path) -> None:
    result = to_json(example(path)[1])
    said = list(statements_in(result))
    assert len(said) > 50
    for statement in said:
        assert statement["id"] and statement["sources"], statement["id"]
        assert statement["confidence"] in ("seen", "seen-secondary", "derived"), statement["id"]
        assert "review" in statement
    assert set(sources_in(result)) == set(result["sources"])
    assert all(source["text"] for source in result["sources"].values())


@EVERY_EXAMPLE
def test_text_and_html_say_what_this_is_not(path: Path) -> None:
    for form in ("text", "html"):
        words = " ".join(shown(path)[form].split())
        assert "not a medical device" in words.lower()
        assert "No clinician has reviewed" in words or "not reviewed" in words.lower()


def test_the_empty_and_the_refused_say_it_too() -> None:
    assert "not a medical device" in " ".join(assessment_text(from_text("id: x")).split()).lower()
    assert "not a medical device" in to_json(from_text("id: x"))["disclaimer"].lower()


def test_what_is_unverified_never_appears() -> None:
    unverified = [statement for statement in knowledge().statements() if statement.confidence == "unverified"]
    assert unverified, "nothing to look for"
    assert all(not statement.computed for statement in unverified)
    for forms in (*map(shown, EXAMPLE_RECORDS), outputs(from_text(TEMPTING)), outputs(from_text("id: x"))):
        for output, form in forms.items():
            words = " ".join(form.split())
            for statement in unverified:
                assert statement.id not in words and " ".join(statement.says.split()) not in words, (output, statement.id)


# -- 9: nothing leaves the machine ---------------------------------------------------------------------------------------

GUARDED = """
import os, socket, sys

def never(*args, **keywords):
    raise RuntimeError("a socket was opened")

socket.socket = socket.create_connection = socket.getaddrinfo = never

def watch(event, args):
    if event.startswith(("socket.", "subprocess.", "os.system", "os.exec", "os.fork", "os.posix_spawn", "urllib.", "http.",
                         "smtplib.", "ftplib.", "webbrowser.", "os.remove", "os.rename", "os.mkdir")):
        print("GUARD", event, file=sys.__stderr__)
        os._exit(99)
    if event == "open":
        path, mode, flags = args
        writes = (isinstance(mode, str) and set(mode) & set("wax+")) or (flags or 0) & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
        if writes and path != os.devnull:
            print("GUARD wrote", path, file=sys.__stderr__)
            os._exit(98)

sys.addaudithook(watch)
from infantall.cli import main
main()
"""


def environment(home: Path) -> dict[str, str]:
    return {
        **os.environ, "PYTHONPATH": str(ROOT / "src"), "PYTHONIOENCODING": "utf-8", "PYTHONDONTWRITEBYTECODE": "1",
        "HOME": str(home), "XDG_CACHE_HOME": str(home), "XDG_STATE_HOME": str(home), "TMPDIR": str(home),
    }  # fmt: skip


def run(arguments: list[str], folder: Path, program: tuple[str, ...] = ("-m", "infantall")) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *program, *arguments]
    return subprocess.run(
        command, capture_output=True, encoding="utf-8", cwd=folder, env=environment(folder), timeout=60, check=False
    )


@pytest.mark.parametrize("output", ["text", "json", "html"])
def test_no_socket_no_process_and_no_file(tmp_path: Path, output: str) -> None:
    load_knowledge()  # compiled beforehand, as after an installation
    inputs = [str(ROOT / "examples" / "babies"), str(ROOT / "examples" / "tables")]
    done = run(["assess", *inputs, "--format", output], tmp_path, ("-c", GUARDED))
    assert done.returncode == 0, done.stderr
    assert done.stdout and done.stderr == ""
    assert list(tmp_path.iterdir()) == [], "a file that nobody asked for"


@pytest.mark.parametrize("command", ["stratify", "describe", "survival", "compare"])
def test_a_cohort_opens_no_socket_and_leaves_no_file(tmp_path: Path, command: str) -> None:
    load_knowledge()
    cohort = str(ROOT / "examples" / "cohorts" / "simulated-cohort.csv")
    endpoint = ["--time", "efs_days", "--event", "efs_event"] if command == "survival" else []
    guarded = GUARDED.replace(
        ', "os.remove", "os.rename", "os.mkdir"', ""
    )  # the engine has a folder to spill into, gone at the end
    guarded = guarded.replace("path != os.devnull", 'path != os.devnull and not str(path).startswith(os.environ["TMPDIR"])')
    done = run(["cohort", command, cohort, *endpoint, "--format", "html"], tmp_path, ("-c", guarded))
    assert done.returncode == 0, done.stderr
    assert done.stdout and done.stderr == ""
    assert list(tmp_path.iterdir()) == [], "a file that nobody asked for"


def test_the_guard_guards(tmp_path: Path) -> None:
    opened = GUARDED.split("from infantall")[0] + "import _socket; _socket.socket()"
    assert run([], tmp_path, ("-c", opened)).returncode == 99
    assert run([], tmp_path, ("-c", GUARDED.split("from infantall")[0] + "open('log.txt', 'w')")).returncode == 98


def test_out_writes_the_reports_and_nothing_else(tmp_path: Path) -> None:
    baby = str(ROOT / "examples" / "babies" / "high-risk.yaml")
    done = run(["assess", baby, "--format", "html", "--out", "reports"], tmp_path)
    assert done.returncode == 0 and done.stderr == ""
    written = sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file())
    assert done.stdout.split() == written and len(written) == 1 and written[0].startswith("reports/")


@EVERY_EXAMPLE
def test_a_page_asks_for_nothing_from_elsewhere(path: Path) -> None:
    html = assessment_html([example(path)[1]])
    loads = r"(?i)<(?:script|img|iframe|link|object|embed|source|video|audio)\b[^>]*\b(?:src|href|data)\s*=|@import|url\(|<base\b"
    assert not [found for found in re.findall(loads, html) if "data:" not in found]
    for address in re.findall(r"""https?://[^\s"'<>)]+""", html):
        assert re.search(rf"""(?:href|xmlns)=["']{re.escape(address)}|>[^<]*{re.escape(address)}""", html), address
