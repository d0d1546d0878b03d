"""What the pages show is what happens: their commands are run, the output they print is compared, their Python is executed.

A block marked ``console`` or ``bash`` holds commands (lines that begin with ``$``) and, below each, lines that its output must
contain in this order, however wide its columns are; ``...`` stands for anything. The exit status is 0 unless the block says
``# exit status N``. An HTML comment before a block tells what its reader does with it:

    <!-- test: write FILE -->                              the block is saved under this name
    <!-- test: insert into FILE after "TEXT" -->           the block is inserted below the line TEXT
    <!-- test: replace in FILE "OLD" with "NEW" -->        the text is changed; the block only shows the result
"""

from __future__ import annotations

import os
import re
import shutil
import stat
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NOT_RUN = ("make", "pip", "git")
"""Commands that set up a machine or a checkout: they are shown and not run here."""
PAGES = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    *sorted(path for folder in ("tutorial", "how-to", "explanation") for path in (ROOT / "docs" / folder).glob("*.md")),
]
_STEP = re.compile(r"(?:<!-- test: (?P<action>.+?) -->\n)?^```(?P<kind>\w*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
_INSERT = re.compile(r'insert into (\S+) after "(.+)"')
_REPLACE = re.compile(r'replace in (\S+) "(.+)" with "(.+)"')


@dataclass(frozen=True)
class Command:
    """One command of a block, and what must be seen."""

    line: str
    expected: tuple[str, ...]
    status: int


def commands(body: str) -> list[Command]:
    """The commands of a console block."""
    found: list[tuple[str, list[str], int]] = []
    for line in body.splitlines():
        if line.startswith("$ "):
            found.append((line[2:], [], 0))
        elif status := re.fullmatch(r"# exit status (\d)", line):
            found[-1] = (*found[-1][:2], int(status[1]))
        elif line.strip() and line.strip() not in ("...", "…"):
            found[-1][1].append(" ".join(line.split()))
    return [Command(line, tuple(expected), status) for line, expected, status in found]


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A reader's folder: the examples, the knowledge and the pages' builder as in a checkout."""
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    data = Path("src/infantall/knowledge/data")
    shutil.copytree(ROOT / data, tmp_path / data)
    return tmp_path


def shell(desk: Path, line: str) -> subprocess.CompletedProcess[str]:
    """Runs one line with ``infantall`` and ``python`` those of this test."""
    programs = desk / ".programs"
    programs.mkdir(exist_ok=True)
    for name, arguments in (("infantall", "-m infantall"), ("python", "")):
        path = programs / name
        path.write_text(f'#!/bin/sh\nexec "{sys.executable}" {arguments} "$@"\n', encoding="utf-8")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
    environment = {
        **os.environ,
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT / "src"),
        "PYTHONIOENCODING": "utf-8",
        "COLUMNS": "100",
    }
    return subprocess.run(
        line, shell=True, cwd=desk, env=environment, capture_output=True, encoding="utf-8", timeout=120, check=False
    )


def run(desk: Path, command: Command) -> None:
    if command.line.split()[0] in NOT_RUN:
        return
    line = command.line
    if line.startswith("python docs/"):  # builds this checkout's pages: only asked whether they are fresh
        line = line.replace("python docs/", f"python {ROOT}/docs/") + " --check"
    done = shell(desk, line)
    output = done.stdout + done.stderr
    if done.returncode != command.status:
        pytest.fail(f"$ {command.line}\nexit status {done.returncode}, the page says {command.status}\n{output}", pytrace=False)
    lines = (" ".join(line.split()) for line in output.splitlines())
    for wanted in command.expected:
        if not any(wanted in line for line in lines):
            pytest.fail(f"$ {command.line}\n{output}\nnot found there (in this order): {wanted}", pytrace=False)


def act(desk: Path, action: str, body: str) -> None:
    """Does what a reader does with a block."""
    if action.startswith("write "):
        (desk / action.removeprefix("write ")).write_text(body, encoding="utf-8")
    elif insert := _INSERT.fullmatch(action):
        file, after = desk / insert[1], insert[2] + "\n"
        text = file.read_text(encoding="utf-8")
        assert text.count(after) == 1
        file.write_text(text.replace(after, after + body), encoding="utf-8")
    elif replace := _REPLACE.fullmatch(action):
        file = desk / replace[1]
        text = file.read_text(encoding="utf-8")
        assert text.count(replace[2]) == 1, replace[2]
        changed = text.replace(replace[2], replace[3])
        file.write_text(changed, encoding="utf-8")
        if not body.startswith("$"):
            assert body in re.sub(r" +#.*", "", changed), "the block shows something else than the change"
    else:
        raise AssertionError(f"no such action: {action}")


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_the_page_is_true(page: Path, desk: Path) -> None:
    python: list[str] = []
    for step in _STEP.finditer(page.read_text(encoding="utf-8")):
        if step["action"]:
            act(desk, step["action"], step["body"])
        if step["kind"] in ("console", "bash"):
            for command in commands(step["body"]):
                run(desk, command)
        elif step["kind"] == "python":
            python.append(step["body"])
    if python:
        (desk / "snippets.py").write_text("\n".join(python), encoding="utf-8")
        done = shell(desk, "python snippets.py")
        assert done.returncode == 0, done.stderr


def test_commands_stand_where_they_are_run() -> None:
    """Shell commands are shown in console blocks, so that none escapes the test above."""
    for page in sorted((ROOT / "docs").rglob("*.md")):
        for step in _STEP.finditer(page.read_text(encoding="utf-8")):
            assert step["kind"] in ("console", "bash", "yaml", "python"), f"{page.name}: a block of kind '{step['kind']}'"
            if step["kind"] in ("console", "bash"):
                assert page in PAGES, f"{page.name}: its commands are not run"
                assert step["body"].startswith("$ "), f"{page.name}: a block that does not begin with a command"


MESSAGES = [
    ("id: x\nid: y\n", "the key 'id' twice in one place; expected each key once"),
    ("id: x\nfindings: &a []\n", "a YAML anchor (&name)"),
    ("id: [x\n", "text that is no YAML"),
    ("", "found nothing; expected a record: at least an id"),
    ("id: x\nfindigs: []\n", "the unknown key 'findigs'"),
    ("id: x\nfindings: [{day: 0, what: wbcc, value: 3}]\n", "the unknown finding 'wbcc'"),
    ("id: x\nfindings: [{day: 0, what: wbc, value: 3}]\n", "wbc: no unit"),
    ('id: x\nfindings: [{day: 0, what: wbc, value: 3, unit: "10*9"}]\n', "The volume is missing"),
    ("id: x\nfindings: [{day: 0, what: wbc, value: 3, unit: 109/L}]\n", "The superscript was lost in copying"),
    ("id: x\nfindings: [{day: 0, what: mrd, value: 4, unit: 10^-4}]\n", "A power of ten is part of the value"),
    ("id: x\nfindings: [{day: 0, what: wbc, value: 99999, unit: 10*9/L}]\n", "99,999 ×10⁹/L, which is not possible"),
    ("id: x\nfindings: [{day: 0, what: kmt2a_status, value: rearanged}]\n", "kmt2a_status: 'rearanged'"),
    ("id: x\nborn: 2026-13-20\n", "'2026-13-20'; expected a date as YYYY-MM-DD"),
    ("id: x\nborn: 2026-03-20\ndiagnosed: 2026-01-01\n", "2026-01-01, a date before birth"),
    (
        "id: x\nborn: 2026-01-04\ndiagnosed: 2026-03-20\nage_at_diagnosis_days: 70\n",
        "an age that differs from the dates; expected 75 days",
    ),
    ("id: x\nfindings: [{day: 7, what: wbc, value: 3, unit: 10*9/L, timepoint: day8}]\n", "'day8'"),
    ("id: x\ntreatment: [{day: 0, what: dose, amount: 1}]\n", "no unit; expected the unit of the amount, such as mg"),
]


@pytest.mark.parametrize(("text", "message"), MESSAGES, ids=[message[:30] for _, message in MESSAGES])
def test_messages_are_those_of_the_page(text: str, message: str, tmp_path: Path) -> None:
    from infantall.knowledge.store import load_knowledge
    from infantall.record.reader import read_record_file
    from infantall.text.problems import InputError

    page = (ROOT / "docs/reference/exit-status-and-messages.md").read_text(encoding="utf-8").replace("\\", "")
    assert message in page
    file = tmp_path / "record.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_record_file(file, load_knowledge().vocabulary)
    assert message in str(caught.value)


RULES = [
    ("kmt2a = 'rearranged'", "the unknown fact 'kmt2a'"),
    ("kmt2a_status = 'positive'", "'positive' as a value of kmt2a_status"),
    ("kmt2a_status > 'germline'", "'>' between values of kmt2a_status; expected =, <> or IN: its values have no order"),
    ("wbc_at_diagnosis = 'high'", "a text compared with the number wbc_at_diagnosis; expected a number in 10*9/L"),
    ("kmt2a_status IS NULL", "IS NULL asked of kmt2a_status; expected a rule over what is known"),
]


@pytest.mark.parametrize(("rule", "message"), RULES)
def test_refused_rules_are_those_of_the_page(rule: str, message: str) -> None:
    from infantall.knowledge.store import load_knowledge
    from infantall.rules.parse import parse_rule
    from infantall.text.problems import InputError

    page = (ROOT / "docs/reference/rule-language.md").read_text(encoding="utf-8").replace("\\", "")
    assert f"`{rule}`" in page and message in page
    with pytest.raises(InputError) as caught:
        parse_rule(rule, load_knowledge().vocabulary)
    assert message in str(caught.value)


def test_the_worked_example_is_true() -> None:
    """The table of docs/explanation/how-a-rule-is-decided.md."""
    from infantall.knowledge.store import load_knowledge
    from infantall.rules.ordered import possible_outcomes, settling_sets

    diagram = load_knowledge().protocols["interfant-06"].group_diagram
    young = {"age_months_at_diagnosis": 2}
    rows = [
        ({"age_months_at_diagnosis": 3}, "LR HR MR", ("kmt2a_status", "wbc_at_diagnosis", "prednisone_response")),
        ({"age_months_at_diagnosis": 9}, "LR MR", ("kmt2a_status",)),
        ({"wbc_at_diagnosis": 320}, "LR HR MR", ("kmt2a_status", "age_months_at_diagnosis")),
        (
            {"kmt2a_status": "rearranged", "age_months_at_diagnosis": 3, "wbc_at_diagnosis": 120},
            "HR MR",
            ("prednisone_response",),
        ),
        ({"kmt2a_status": "rearranged", **young, "wbc_at_diagnosis": 412}, "HR", None),
        ({**young, "prednisone_response": "poor"}, "LR HR MR", ("kmt2a_status",)),
        ({**young, "prednisone_response": "poor", "kmt2a_status": "not_evaluable"}, "MR", None),
    ]
    for known, possible, settle in rows:
        assert possible_outcomes(diagram, known) == tuple(possible.split()), known
        assert settling_sets(diagram, known) == ((settle,) if settle else ()), known
