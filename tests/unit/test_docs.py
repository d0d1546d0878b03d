"""The documentation is complete and fresh: what a user can see, name or meet has its place in the pages."""

from __future__ import annotations

import importlib.util
import json
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import click
import pytest

from infantall import cli, console
from infantall.assessing import assess_files
from infantall.care.as_json import to_json
from infantall.knowledge.library import Knowledge
from infantall.rules import tree

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
ENGINE_LEVEL = "From dates and findings to facts"
"""The section of the clarifications whose choices the program makes for every record."""


@pytest.fixture(scope="module")
def reference() -> ModuleType:
    """docs/build_reference.py as a module."""
    spec = importlib.util.spec_from_file_location("build_reference", DOCS / "build_reference.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _text(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def _headings(name: str) -> list[str]:
    return re.findall(r"^#+ (.+?)\s*$", _text(name), re.MULTILINE)


# -- generated pages -----------------------------------------------------------------------------------------------------


def test_generated_pages_are_fresh(reference: ModuleType) -> None:
    assert reference.stale() == [], "run python docs/build_reference.py"


def test_generated_pages_are_the_same_each_time(reference: ModuleType) -> None:
    assert reference.Pages().all() == reference.Pages().all()


def test_a_stale_page_is_noticed(reference: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reference, "REFERENCE", tmp_path)
    assert set(reference.stale()) == set(reference.Pages().all())


# -- the vocabulary and the knowledge ------------------------------------------------------------------------------------


def test_every_fact_and_finding_has_an_entry(knowledge: Knowledge) -> None:
    assert set(knowledge.vocabulary.facts) <= set(_headings("reference/facts.md"))
    assert set(knowledge.vocabulary.findings) <= set(_headings("reference/findings.md"))


def test_every_time_point_is_listed(knowledge: Knowledge) -> None:
    page = _text("reference/findings.md")
    assert [name for name in knowledge.vocabulary.timepoints if f"`{name}`" not in page] == []


def test_every_statement_has_an_entry(knowledge: Knowledge) -> None:
    pages = ("knowledge", "statements", "outcomes", "prognosis", "therapies-and-trials", "gaps")
    entries = {h for page in pages for h in _headings(f"reference/{page}.md")}
    evidence = {s.id for s in knowledge.evidence.statements}
    shown = {s.id for s in knowledge.statements() if s.computed or s.kind == "trial" or s.id not in evidence}
    assert shown <= entries
    assert not {s.id for s in knowledge.evidence.statements if s.confidence == "unverified"} & entries


def test_every_conflict_and_source_has_an_entry(knowledge: Knowledge) -> None:
    assert {conflict.id for conflict in knowledge.conflicts} <= set(_headings("reference/conflicts.md"))
    assert set(knowledge.sources) <= set(_headings("reference/sources.md"))


def test_the_counts_in_the_readme_are_true(knowledge: Knowledge) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert f"for {len(knowledge.protocols)} protocols" in readme
    assert f"{len(knowledge.conflicts)} such conflicts" in readme
    evidence = knowledge.evidence
    studies = len({o.study for o in knowledge.outcomes})
    for said in (
        f"{len(knowledge.outcomes)} results of {studies} studies",
        f"{len(evidence.therapies)} **newer therapies**",
        f"{len(evidence.trials)} **trials**",
    ):
        assert said in " ".join(readme.split())
    words = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
    stratified = [p.title for p in knowledge.protocols.values() if p.stratified]
    others = [p.title for p in knowledge.protocols.values() if not p.stratified]
    for titles, phrase in ((stratified, "assign groups:"), (others, "are eligibility only:")):
        said = re.search(rf"(\w+) {phrase}([^.]*)\.", readme)
        assert said and said[1].lower() == words[len(titles)]
        assert [title for title in titles if title not in said[2]] == []


# -- clarifications ------------------------------------------------------------------------------------------------------


def _clarifications() -> dict[str, str]:
    """Each clarification and the section it stands in."""
    section, found = "", {}
    for heading in re.findall(r"^## (.+)$", _text("clarifications.md"), re.MULTILINE):
        name, colon, _ = heading.partition(": ")
        if colon and re.fullmatch(r"[a-z0-9-]+", name):
            found[name] = section
        else:
            section = heading
    return found


def _clarifications_used(knowledge: Knowledge) -> set[str]:
    used = {statement.clarification for statement in knowledge.statements()}
    return {*used, *(conflict.clarification for conflict in knowledge.conflicts)} - {""}


def test_every_clarification_used_is_explained(knowledge: Knowledge) -> None:
    assert _clarifications_used(knowledge) <= _clarifications().keys()


def test_every_clarification_is_used_or_engine_level(knowledge: Knowledge) -> None:
    used = _clarifications_used(knowledge)
    assert [name for name, section in _clarifications().items() if name not in used and section != ENGINE_LEVEL] == []


def test_every_clarification_named_in_code_exists() -> None:
    named = set()
    for path in (ROOT / "src").rglob("*.py"):
        named.update(re.findall(r"clarifications\.md`*: ([a-z0-9-]+)", path.read_text(encoding="utf-8")))
    assert named
    assert named <= _clarifications().keys()


def test_every_clarification_says_choice_and_who_must_confirm() -> None:
    parts = re.split(r"^## ", _text("clarifications.md"), flags=re.MULTILINE)[1:]
    for part in parts:
        name, colon, _ = part.split("\n", 1)[0].partition(": ")
        if colon and re.fullmatch(r"[a-z0-9-]+", name):
            assert "- **Sources.**" in part and "- **Choice.**" in part, name


def test_rules_that_rest_on_silence_say_so(knowledge: Knowledge) -> None:
    """A judgement that asks what is recorded lets silence count: its rules carry a clarification, and no group asks it."""
    silent = {name for name, fact in knowledge.vocabulary.facts.items() if fact.read.get("by") == "recorded"}
    resting = {s.id: s for s in knowledge.statements() if s.rule and silent & set(tree.facts_of(s.rule))}
    assert resting
    assert [name for name, s in resting.items() if s.kind in ("group", "eligibility", "reallocation")] == []
    for judgement in knowledge.judgements:
        rules = [s for s in judgement.statements if s.id in resting]
        assert not rules or any(s.clarification for s in judgement.statements), judgement.fact


# -- the command ---------------------------------------------------------------------------------------------------------


def _commands(command: click.Command, name: str) -> Iterator[tuple[str, click.Command]]:
    yield name, command
    if isinstance(command, click.Group):
        for child in command.commands.values():
            yield from _commands(child, f"{name} {child.name}")


def test_every_command_and_option_is_documented() -> None:
    page = _text("reference/cli.md")
    for name, command in _commands(cli.app, "infantall"):
        section = re.split(rf"^#+ {re.escape(name)}$", page, flags=re.MULTILINE)
        assert len(section) == 2, f"{name} has no section"
        own = re.split(r"^#+ ", section[1], flags=re.MULTILINE)[0]
        for parameter in command.params:
            shown = parameter.opts if isinstance(parameter, click.Option) else [str(parameter.metavar)]
            assert [option for option in shown if f"`{option}`" not in own] == [], name


def test_every_exit_status_is_documented() -> None:
    page = _text("reference/exit-status-and-messages.md")
    statuses = {0, console.WRONG_INPUT, console.BAD_USAGE, console.OUR_FAULT}
    assert {int(number) for number in re.findall(r"^\| `(\d)` \|", page, re.MULTILINE)} == statuses


def test_every_environment_variable_is_documented() -> None:
    named = set()
    for path in (ROOT / "src").rglob("*.py"):
        named.update(re.findall(r"INFANTALL_[A-Z]+", path.read_text(encoding="utf-8")))
    page = _text("reference/exit-status-and-messages.md")
    assert [name for name in sorted(named) if f"`{name}`" not in page] == []


# -- the record and the JSON ---------------------------------------------------------------------------------------------


def test_every_key_of_the_record_is_documented() -> None:
    from infantall.record import reader

    page = _text("reference/record-file.md")
    keys = {*reader._TOP, *reader._FINDING, *reader._TREATMENT, *reader._EVENT}
    words = {*reader.COURSES, *reader.EVENTS, *reader.SITES}
    assert [name for name in sorted(keys | words) if f"`{name}`" not in page] == []


def test_every_further_key_of_a_finding_is_documented(knowledge: Knowledge) -> None:
    page = _text("reference/record-file.md")
    assert [name for name in knowledge.vocabulary.extras if f"`{name}`" not in page] == []


KEYED_BY_DATA = {"facts", "fact_details", "sources", "means"}


def _keys(value: Any, by_data: bool = False) -> Iterator[str]:
    """Every key of a JSON value, but not those that are names of facts, sources or protocols."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if not by_data:
                yield key
            yield from _keys(inner, not by_data and key in KEYED_BY_DATA and isinstance(inner, dict))
    elif isinstance(value, list):
        for item in value:
            yield from _keys(item)


def test_every_key_of_the_json_is_documented(knowledge: Knowledge) -> None:
    _, outcomes = assess_files([ROOT / "examples"], knowledge, None, None)
    found: set[str] = {"file", "errors", "place", "found", "expected"}
    for outcome in outcomes:
        assert outcome.assessment is not None
        found.update(_keys(json.loads(json.dumps(to_json(outcome.assessment)))))
    page = _text("reference/assessment-json.md")
    assert [key for key in sorted(found) if not re.search(rf"[`\"]{key}[`\"]", page)] == []


# -- the hazard log ------------------------------------------------------------------------------------------------------


def test_every_proof_in_the_hazard_log_exists() -> None:
    log = _text("safety/hazard-log.md")
    named = re.findall(r"`(tests/[\w/.-]+)(?:::(\w+))?`", log)
    assert named
    for file, test in named:
        path = ROOT / file
        assert path.is_file(), file
        assert not test or f"def {test}(" in path.read_text(encoding="utf-8"), f"{file}::{test}"


def test_every_hazard_has_its_parts() -> None:
    parts = re.split(r"^## ", _text("safety/hazard-log.md"), flags=re.MULTILINE)[1:]
    assert [part[:4] for part in parts] == [f"H-{number:02}" for number in range(1, len(parts) + 1)]
    for part in parts:
        for name in ("Cause", "Effect", "Initial rating", "Mitigation", "Proof"):
            assert f"- **{name}.**" in part, part[:40]
