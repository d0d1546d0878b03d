"""Attacks on the evidence commands and on evidence files: one clear message each, never a traceback, never exit status 3."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from helpers.command import LINE, refused, run
from helpers.examples import EXAMPLES
from infantall.knowledge.bibliography import read_bibliography
from infantall.knowledge.compiler import CORE_PACK
from infantall.knowledge.store import load_all

COMMANDS = ("outlook", "therapies", "trials")
BABY = EXAMPLES / "babies" / "kmt2a-missing.yaml"
DATES = "born: 2026-01-04\ndiagnosed: 2026-03-20\n"
PYTHON = (sys.executable, "-c", "from infantall.cli import main; main()")

# -- records -------------------------------------------------------------------------------------------------------------

WRONG = {
    "empty.yaml": (b"", "found nothing"),
    "binary.yaml": (b"\x89PNG\r\n\x1a\n\xff\xfe", "not UTF-8"),
    "nul.yaml": (b"\0\0", "control character"),
    "list.json": (b"[]", "no mapping"),
    "half.json": (b"{", "no JSON"),
    "surrogate.json": (rb'{"id": "\ud800"}', "lone surrogate"),
    "deep.json": (b"[" * 100_000, "nested too deeply"),
    "tag.yaml": (b"id: !!python/object:os.system x\n", "a YAML tag"),
    "count.yaml": (f"id: a\n{DATES}findings: [{{on: 2026-03-20, what: wbc, value: {'9' * 39}, unit: 10*9/L}}]\n".encode(), "wbc"),
    "age.yaml": (b"id: a\nage_at_diagnosis_days: 99999999999999999999\n", "10,000 at most"),
    "table.csv": (b"id,wbc\na,3\n", "a table"),
}


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_file_gets_one_message(command: str, name: str, tmp_path: Path) -> None:
    content, found = WRONG[name]
    path = tmp_path / name
    path.write_bytes(content)
    said = refused(command, path, "--format", "html")
    assert said.startswith(f"{path}: ") and found in said


HOSTILE = {
    "html": '"<b onload=x>\\"\'&</h1></title><script>alert(1)</script>"',
    "control": '"a\\u0007\\e[31mred\\r\\n\\u202Eabc\\u2028"',
    "long": "x" * 5_000,
    "emoji": "👶🏽 عربي",
}


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("name", HOSTILE)
def test_nothing_in_a_record_can_write_the_page(command: str, name: str, tmp_path: Path) -> None:
    path = tmp_path / "hostile.yaml"
    path.write_text(f"id: {HOSTILE[name]}\nnote: {HOSTILE[name]}\n{DATES}", encoding="utf-8")
    page = run(command, path, "--format", "html").text
    assert "<script" not in page and "<b onload" not in page
    text = run(command, path).text
    assert max(map(len, text.splitlines())) <= 80
    for said in (page, text):
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e\u2028]", said)
    assert json.loads(run(command, path, "--format", "json").text)["id"]


@pytest.mark.parametrize("command", COMMANDS)
def test_the_last_day_of_the_calendar_is_a_day(command: str, tmp_path: Path) -> None:
    path = tmp_path / "last.yaml"
    path.write_text("id: a\nborn: 9999-12-01\ndiagnosed: 9999-12-31\n", encoding="utf-8")
    for output in ("text", "json", "html"):
        assert run(command, path, "--format", output).text


def test_a_day_before_birth_gives_no_age(tmp_path: Path) -> None:
    for text, day in ((DATES, "2025-12-31"), ("age_at_diagnosis_days: 20\n", "-30")):
        path = tmp_path / "born.yaml"
        path.write_text(f"id: a\n{text}", encoding="utf-8")
        facts = json.loads(run("assess", path, "--as-of", day, "--format", "json").text)[0]["facts"]
        assert facts["age_days_now"] is None and facts["age_months_now"] is None
        assert facts["age_days_at_diagnosis"] is not None


@pytest.mark.parametrize("day", ["", "2026-02-30", "999999", "--5", "1e3", "²", "yesterday"])
def test_a_day_that_is_none_is_bad_usage(day: str) -> None:
    assert "is no day" in run("trials", BABY, "--as-of", day, status=2).err


# -- figures and output --------------------------------------------------------------------------------------------------


def test_figures_where_none_can_be_written(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    for folder in (file, file / "inside"):
        assert refused("outlook", BABY, "--figures", folder).endswith("a place for the figures that can be written")


@pytest.mark.parametrize("kind", ["svg", "csv"])
def test_a_folder_in_the_place_of_a_figure_is_named_and_nothing_is_printed(kind: str, tmp_path: Path) -> None:
    (tmp_path / f"outlook-events.{kind}").mkdir()
    assert str(tmp_path / f"outlook-events.{kind}") in refused("outlook", BABY, "--figures", tmp_path)


def test_without_the_part_that_makes_png_the_message_says_what_helps(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    said = refused("outlook", BABY, "--figures", tmp_path, "--figure-format", "png")
    assert "infantall[pdf]" in said and "SVG works" in said


def test_a_form_of_figures_without_a_folder_is_bad_usage() -> None:
    assert "--figures DIR" in run("outlook", BABY, "--figure-format", "png", status=2).err


def test_an_output_that_takes_nothing_ends_with_one_line() -> None:
    for redirected in (">&-", ">/dev/full"):
        if redirected == ">/dev/full" and not Path("/dev/full").exists():
            continue
        done = subprocess.run(
            ["sh", "-c", f'"$@" {redirected}', "sh", *PYTHON, "trials", BABY], capture_output=True, text=True, check=False
        )
        assert done.returncode == 1, (redirected, done.stderr)
        assert done.stderr.startswith("output: ") and done.stderr.count("\n") == 1


# -- evidence files ------------------------------------------------------------------------------------------------------

Change = Callable[[str], str]
OUTCOMES = "study: {study}\ntitle: T\nera: not read\ncountries: C\ntreatment: T\nblinatumomab: without\nreview: none\n"
ROW = {
    "id": "a", "subgroup": "All infants", "when": "age_months_at_diagnosis < 12", "n": "10", "endpoint": "EFS",
    "clock": "not_stated", "time_years": "4", "estimate_pct": "47", "sources": "[pieters-2007]", "confidence": "seen",
}  # fmt: skip
FACTOR = {
    "id": "a", "factor": "kmt2a", "when": "cd10 = 'negative'", "level": "x", "reference": "y", "direction": "worse", "outcome": "EFS",
    "model": "Cox", "says": "S.", "sources": "[pieters-2007]", "confidence": "seen",
}  # fmt: skip
TRIAL = (
    "trial: {id}\ntitle: T\nphase: not read\nline: first\nintervention: I.\nstatus: completed\nstatus_said: Completed.\n"
    "protocol: p9407\nreview: none\nsources: [pieters-2007]\nconfidence: seen\n"
)
PART = "  - {id: a, part: what, says: S., sources: [pieters-2007], confidence: seen}\n"
THERAPY = f"therapy: broken\ntitle: T\nsort: s\norder: 99\nreview: none\nparts:\n{PART}"


def row(kind: str = "outcomes", **changed: str | None) -> str:
    """A file of one row, some of its keys changed or (None) left out."""
    given = {**(ROW if kind == "outcomes" else FACTOR), **changed}
    lines = [f"{key}: {value}" for key, value in given.items() if value is not None]
    return f"{OUTCOMES}{kind}:\n  - " + "\n    ".join(lines) + "\n"


BROKEN = {
    "outcomes/endpoint": (row(endpoint="EFSS"), "line 13", "'EFSS'", "did you mean 'EFS'?"),
    "outcomes/clock": (row(clock="diagnose"), "line 14", "'diagnose'", "did you mean 'diagnosis'?"),
    "outcomes/unsourced": (row(sources=None), "line 9", "nothing", "the key 'sources', which is required"),
    "outcomes/source": (row(sources="[pieters-2008]"), "line 17", "the source 'pieters-2008'", "did you mean 'pieters-2007'?"),
    "outcomes/count": (row(count="11"), "line 9", "do not go together", "a count with an n that is not smaller"),
    "outcomes/reversed": (row(uncertainty="{ci: [52, 41]}"), "line 19", "do not go together", "the lower first"),
    "outcomes/outside": (row(uncertainty="{ci: [10, 20]}"), "line 9", "do not go together", "around its estimate_pct"),
    "outcomes/two-kinds": (row(uncertainty="{ci: [40, 50], se: 2}"), "line 19", "do not go together", "exactly one of se, ci"),
    "outcomes/quoted": (row(estimate_pct="'47'"), "line 16", "'47'", "a number"),
    "outcomes/nan": (row(estimate_pct=".nan"), "line 16", "nan", "a number"),
    "outcomes/yes": (row(n="true"), "line 12", "True", "a whole number"),
    "outcomes/huge": (row(n="9" * 39), "line 12", "999", "1e+06 or less"),
    "outcomes/key": (row(nn="10"), "line 19", "the unknown key 'nn'", "did you mean 'n'?"),
    "outcomes/syntax": (row(when="age_months_at_diagnosis <"), "line 11", "text that is no rule", "comparisons of facts"),
    "outcomes/fact": (row(when="age_month_at_diagnosis < 12"), "line 11", "unknown fact", "did you mean 'age_months_at_diagnosis'?"),
    "outcomes/missing": (row(when="kmt2a_status IS NULL"), "line 11", "IS NULL", "a rule over what is known"),
    "outcomes/list": ("- 1\n", "line 1", "[1]", "the keys blinatumomab, countries"),
    "factors/factor": (row("factors", factor="kmt2"), "line 10", "'kmt2'", "did you mean 'kmt2a'?"),
    "factors/interval": (row("factors", hr="2", ci="[3, 4]"), "line 9", "do not go together", "an hr that lies between"),
    "factors/level": (row("factors", level_when="kmt2a_status = 'rearanged'"), "line 20", "'rearanged'", "did you mean 'rearranged'?"),
    "factors/p": (row("factors", p="0.03"), "line 20", "0.03", "text (in quotes"),
    "therapies/part": (f"{THERAPY}{PART.replace('what', 'waht')}", "line 8", "'waht'", "did you mean 'what'?"),
    "trials/protocol": (TRIAL.replace("p9407", "p9470"), "line 8", "'p9470'", "did you mean 'p9407'?"),
    "trials/date": (f"{TRIAL}status_on: 2026-13-45\n", "line 12", "'2026-13-45'", "a date, YYYY-MM-DD"),
    "trials/twice": (TRIAL.replace("{id}", "rialto"), "line 1", "'rialto' again", "one file of that name (trials/rialto.yaml)"),
    "trials/review": (TRIAL.replace("none", "nobody"), "line 9", "'nobody'", "'none' or the keys by, on"),
    "gaps": (None, "line 9", "nothing", "text"),
}  # fmt: skip


@pytest.fixture(scope="module")
def messages(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The messages about a pack with all of these files in it: one check of all is as telling as one of each, and faster."""
    pack = tmp_path_factory.mktemp("pack") / "data"
    shutil.copytree(CORE_PACK, pack, ignore=shutil.ignore_patterns("guide"))
    for name, (text, *_) in BROKEN.items():
        path = pack / f"{name}.yaml"
        if text is None:
            text = re.sub(r"(?m)^    when: lineage = 'T'$", "    when:", path.read_text(encoding="utf-8"), count=1)
            text = re.sub(r"\A(?=review)", "# broken\n", text)
        path.write_text(text.replace("{study}", f"z-{path.stem}").replace("{id}", f"z-{path.stem}"), encoding="utf-8")
    (pack / "timing" / "zz-folder.yaml").mkdir()
    (pack / "timing" / "zz-binary.yaml").write_bytes(b"\xff\xfe\0")
    return run("knowledge", "check", pack, status=1).err.splitlines()


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_evidence_file_gets_one_message(name: str, messages: list[str]) -> None:
    _, line, found, expected = BROKEN[name]
    said = [message for message in messages if message.startswith(f"{name}.yaml: ")]
    assert len(said) == 1, said
    assert LINE.fullmatch(said[0])
    place, _, rest = said[0].partition(": found ")
    assert re.search(rf"\b{line}\b", place), said
    assert found in rest.partition("; expected ")[0] and expected in rest, said


def test_one_mistake_is_said_once(messages: list[str]) -> None:
    unreadable = [m for m in messages if m.startswith("timing/zz-")]
    assert [re.sub(r".*found ", "", m) for m in unreadable] == [
        "text that is not UTF-8; expected UTF-8", "Is a directory; expected a file that can be read",
    ]  # fmt: skip
    assert len(messages) == len(BROKEN) + 2, "a file that was refused makes no other complain of what it defines"


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        (r'"issued": \{[^}]*\}', '"issued": 2020', "in another form"),
        (r'"author": \[', '"author": ["Smith", ', "in another form"),
        (r'"custom": \{[^}]*\}', '"custom": "read"', "in another form"),
        (r'"title": "[^"]*"', '"title": 5', "in another form"),
        (r"\A\[", "[[", "no JSON"),
    ],
)
def test_a_bibliography_in_another_form_gets_one_message(old: str, new: str, found: str, tmp_path: Path) -> None:
    path = tmp_path / "sources.json"
    text = (CORE_PACK / "sources.json").read_text(encoding="utf-8")
    changed = re.sub(old, new, text, count=1)
    assert changed != text
    path.write_text(changed, encoding="utf-8")
    (problem,) = read_bibliography(path)[1]
    assert found in problem.found and problem.file == "sources.json"


def test_a_pack_without_its_bibliography_complains_of_that_alone(tmp_path: Path) -> None:
    pack = tmp_path / "data"
    shutil.copytree(CORE_PACK, pack, ignore=shutil.ignore_patterns("guide"))
    (pack / "sources.json").unlink()
    (pack / "judgements" / "lineage.yaml").write_text("", encoding="utf-8")
    first, second = run("knowledge", "check", pack, status=1).err.splitlines()
    assert first.startswith("sources.json: the file: found No such file")
    assert second.startswith("judgements/lineage.yaml: the file: found nothing; expected the keys judgement, note")


def test_a_pack_that_is_a_file_is_said_to_be_one(tmp_path: Path) -> None:
    path = tmp_path / "pack.yaml"
    path.touch()
    assert "found a file; expected a folder" in run("knowledge", "check", path, status=1).err


# -- what a start costs --------------------------------------------------------------------------------------------------

HEAVY = ("sqlglot", "pydantic", "duckdb", "numpy", "pyarrow", "rich", "typst")


@pytest.mark.parametrize(
    "command",
    [
        *((command, str(BABY), "--format", "html") for command in COMMANDS),
        ("assess", str(BABY), "--format", "html", "--with-outlook"),
        ("knowledge", "gaps", "--format", "html"),
        ("--help",),
    ],
    ids=" ".join,
)
def test_compiled_knowledge_is_used_without_what_compiles_it(command: tuple[str, ...]) -> None:
    load_all()  # so that the compiled files are there
    code = (
        "import sys, infantall.cli\n"
        "try: infantall.cli.main()\n"
        "except SystemExit: pass\n"
        f"print([m for m in {HEAVY} if m in sys.modules], 'yaml' in sys.modules, file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code, *command], capture_output=True, text=True, check=True)
    assert done.stderr.splitlines()[-1] == f"[] {str(BABY) in command}", "YAML is needed for the record alone"
