"""``infantall outlook``, ``therapies``, ``trials`` and the printable reports of what the literature disagrees on, from outside."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from helpers.command import refused, run
from helpers.examples import EXAMPLE_RECORDS, EXAMPLES
from infantall.knowledge.store import load_knowledge

COMMANDS = ("outlook", "therapies", "trials")
BABIES = {name: EXAMPLES / "babies" / f"{name}.yaml" for name in ("high-risk", "germline", "kmt2a-missing")}
ROW = {
    "study", "applies", "n", "endpoint", "time_years", "estimate_pct", "uncertainty", "era", "treatment", "sources",
    "definition", "clock", "confidence", "shown_as", "because",
}  # fmt: skip


@cache
def answer(command: str, path: Path) -> Any:
    return json.loads(run(command, path, "--format", "json").text)


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("path", EXAMPLE_RECORDS, ids=lambda path: path.stem)
def test_every_example_is_answered_as_one_json_document(command: str, path: Path) -> None:
    data = answer(command, path)
    assert data["id"] and data["as_of"] and data["disclaimer"]
    assert set(_sources_in(data)) <= set(data["sources"])


def _sources_in(data: Any) -> set[str]:
    if isinstance(data, dict):
        own = data["sources"] if isinstance(data.get("sources"), list) else []
        return {*own, *(s for key, value in data.items() if key != "sources" for s in _sources_in(value))}
    return {s for item in data for s in _sources_in(item)} if isinstance(data, list) else set()


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("output", ["text", "html"])
def test_each_form_says_what_this_is_not(command: str, output: str) -> None:
    said = run(command, BABIES["kmt2a-missing"], "--format", output).text
    assert "not a medical device" in " ".join(said.split())
    if output == "html":
        assert said.startswith("<!doctype html>") and "<script" not in said and said.count("<h1") == 1
    else:
        assert max(map(len, said.splitlines())) <= 80 and said == re.sub(r"[ \t]+\n", "\n", said)


def test_the_contract_of_a_row() -> None:
    data = answer("outlook", BABIES["high-risk"])
    assert len(data["rows"]) > 20 and data["notices"]
    for row in (*data["rows"], *data["other_series"]):
        assert row.keys() >= ROW
        assert row["applies"] in ("yes", "undetermined")
        assert row["sources"] and row["era"] and row["treatment"]
        assert row["confidence"] != "unverified" and row["population"] != "comparator"
        assert row["waits_for"] or row["applies"] == "yes" or row["beyond"]


def test_nearest_definition_first() -> None:
    rows = answer("outlook", BABIES["high-risk"])["rows"]
    assert rows[0]["study"] == "interfant-06" and rows[0]["subgroup"].startswith("High risk")
    sure = [row["applies"] == "yes" for row in rows]
    assert sure == sorted(sure, reverse=True)


def test_unknown_kmt2a_gets_both_worlds_labelled() -> None:
    rows = answer("outlook", BABIES["kmt2a-missing"])["rows"]
    assert {row["if_kmt2a"] for row in rows} == {None, "rearranged", "germline"}
    for row in rows:
        if row["if_kmt2a"]:
            assert row["applies"] == "undetermined" and "kmt2a_status" in row["waits_for"]
    text = " ".join(run("outlook", BABIES["kmt2a-missing"]).text.split())
    assert "rearranged" in text and "germline" in text


def test_an_empty_record_gets_nothing_but_the_population(tmp_path: Path) -> None:
    path = tmp_path / "empty.yaml"
    path.write_text("id: empty\n", encoding="utf-8")
    data = answer("outlook", path)
    assert data["rows"]
    for row in data["rows"]:
        assert row["applies"] == "undetermined" and row["asks"] == [] and row["if_kmt2a"] is None
    assert all("reassur" not in notice for notice in data["notices"])


def test_an_older_child_gets_no_infant_group(tmp_path: Path) -> None:
    path = tmp_path / "older.yaml"
    path.write_text("id: older\nage_at_diagnosis_days: 400\n", encoding="utf-8")
    data = answer("outlook", path)
    assert data["rows"] == [] and data["other_series"] == [] and "do not apply" in " ".join(data["notices"])


def test_a_relapse_opens_what_was_counted_after_a_relapse(tmp_path: Path) -> None:
    text = BABIES["high-risk"].read_text(encoding="utf-8")
    path = tmp_path / "relapsed.yaml"
    path.write_text(
        re.sub(r"(?m)^events:.*$", "", text) + "\nevents: [{on: 2026-11-02, what: relapse, site: marrow}]\n", encoding="utf-8"
    )
    studies = {row["id"] for row in answer("outlook", path)["rows"]} - {
        row["id"] for row in answer("outlook", BABIES["high-risk"])["rows"]
    }
    assert any("relapse" in study for study in studies)


def test_figures_are_written_each_with_its_table(tmp_path: Path) -> None:
    done = run(
        "outlook", BABIES["kmt2a-missing"], "--figures", tmp_path / "f", "--figure-format", "svg", "--figure-format", "png"
    )
    written = {path.name for path in (tmp_path / "f").iterdir()}
    names = {name.removesuffix(".svg") for name in written if name.endswith(".svg")}
    assert len(names) >= 3
    for name in names:
        assert {f"{name}.png", f"{name}.csv"} <= written and name in done.err
        assert (tmp_path / "f" / f"{name}.csv").read_text(encoding="utf-8").count("\n") > 1
        assert (tmp_path / "f" / f"{name}.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("command", COMMANDS)
def test_wrong_input_gets_one_message(command: str, tmp_path: Path) -> None:
    assert "no" in refused(command, tmp_path / "absent.yaml").lower()
    assert "a folder" in refused(command, EXAMPLES / "babies")
    assert "a table" in refused(command, EXAMPLES / "tables" / "infants.csv")
    bad = tmp_path / "bad.yaml"
    bad.write_text("id: bad\nfindings: [{on: 2026-01-01, what: wbbc, value: 3, unit: 10*9/L}]\n", encoding="utf-8")
    assert "wbc" in refused(command, bad)


def test_survival_figures_stand_on_the_assessment_page_only_when_asked_for() -> None:
    knowledge = load_knowledge()
    seen = [o.statement.says for o in knowledge.outcomes]
    evidence = [
        p.statement.says
        for t in knowledge.evidence.therapies
        for p in t.parts
        if p.part == "evidence" and "urvival" in p.statement.says
    ]
    assert evidence
    plain = run("assess", BABIES["high-risk"], "--format", "html").text
    for said in (*seen, *evidence):
        assert said not in plain
    assert "What published groups saw" not in plain
    asked = run("assess", BABIES["high-risk"], "--format", "html", "--with-outlook").text
    assert "What published groups saw" in asked and asked.count("<h1") == 1
    assert "only the page" in run("assess", BABIES["high-risk"], "--with-outlook", status=2).err


@pytest.mark.parametrize("report", ["conflicts", "gaps", "sources"])
def test_the_literature_is_reported_for_reading_and_printing(report: str) -> None:
    text = run("knowledge", report).text
    assert max(map(len, text.splitlines())) <= 80
    html = run("knowledge", report, "--format", "html").text
    assert html.lower().startswith("<!doctype html>") and html.count("<h1") == 1
    assert json.loads(run("knowledge", report, "--format", "json").text)


def test_no_report_shows_a_figure_kept_from_memory() -> None:
    knowledge = load_knowledge()
    memory = [o for o in knowledge.evidence.outcomes if not o.statement.computed]
    assert len(memory) > 20
    shown = [run("knowledge", report).text for report in ("conflicts", "gaps", "sources")]
    literature = len(shown)
    for path in (*BABIES.values(), *EXAMPLE_RECORDS[:6]):
        shown += [run(c, path, "--format", output).text for c in COMMANDS for output in ("text", "json", "html")]
    for i, text in enumerate(" ".join(text.split()) for text in shown):
        for outcome in memory:
            assert outcome.statement.says not in text, outcome.statement.id
            assert i < literature or outcome.statement.id not in text, "the gaps may say which figure waits, and no more"
