"""What outside checks rely on: the record file in, the assessment's JSON out (docs/reference/assessment-json.md)."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from infantall.care.as_json import to_json
from infantall.care.assess import as_of_date, assess
from infantall.knowledge.library import Knowledge
from infantall.record.reader import read_record_text

ROOT = Path(__file__).parents[2]
BABY = """
id: baby-01
sex: female
born: 2026-01-04
diagnosed: 2026-03-20
findings:
  - {on: 2026-03-20, what: wbc, value: 412, unit: 10*9/L}
  - {on: 2026-03-20, what: marrow_blasts, value: 96, unit: "%"}
  - {on: 2026-03-20, what: cd19, value: positive}
  - {on: 2026-03-20, what: cd10, value: negative}
  - {on: 2026-03-24, what: kmt2a_status, value: rearranged, method: FISH}
  - {on: 2026-03-24, what: kmt2a_partner, value: AFF1}
  - {on: 2026-03-20, what: csf_wbc, value: 3, unit: /uL}
  - {on: 2026-03-20, what: csf_rbc, value: 0, unit: /uL}
  - {on: 2026-03-20, what: csf_blasts, value: absent}
  - {on: 2026-03-27, what: blood_blasts, value: 1500, unit: /uL, timepoint: day_8}
  - {on: 2026-04-22, what: mrd, value: 0.0004, unit: "1", method: IG/TR PCR, timepoint: end_of_induction}
  - {on: 2026-03-20, what: weight, value: 5.1, unit: kg}
  - {on: 2026-03-20, what: length, value: 58, unit: cm}
treatment:
  - {on: 2026-03-20, what: course, course: induction, protocol: interfant-06}
  - {on: 2026-03-21, what: dose, drug: methotrexate, amount: 3, unit: mg, route: it}
events: []
"""


def assessed(text: str, knowledge: Knowledge, day: Any = None) -> dict[str, Any]:
    record = read_record_text(text, ".yaml", knowledge.vocabulary)
    return json.loads(json.dumps(to_json(assess(record, knowledge, as_of_date(record, day))), allow_nan=False))


def protocol(result: dict[str, Any], name: str) -> dict[str, Any]:
    return next(item for item in result["protocols"] if item["protocol"] == name)


def test_the_example_of_the_contract(knowledge: Knowledge) -> None:
    result = assessed(BABY, knowledge)
    assert (result["id"], result["as_of"]) == ("baby-01", "2026-04-22")
    facts = result["facts"]
    assert facts["age_days_at_diagnosis"] == 75 and facts["age_months_at_diagnosis"] == 2
    assert facts["wbc_at_diagnosis"] == 412 and facts["day8_blasts"] == 1500
    assert facts["prednisone_response"] == "poor" and facts["cns_status"] == "CNS1"
    assert facts["mrd_end_of_induction"] == 0.0004 and facts["kmt2a_partner"] == "AFF1"
    assert facts["marrow_end_of_induction"] is None
    groups = {item["protocol"]: item["risk_group"] for item in result["protocols"] if item["stratified"]}
    assert groups == {
        "interfant-21": "HR", "interfant-06": "HR", "interfant-99": "HR", "aall0631": "HR", "mll-10": "HR", "mll-baby": "HRG",
        "mll96-98": "KMT2A-r", "nct06516679": "IR-HR", "total-16": "HR", "all-bfm-83-90": "PPR",
    }  # fmt: skip
    assert protocol(result, "interfant-06")["possible"] == ["HR"]


def test_every_key_of_the_contract_is_there(knowledge: Knowledge) -> None:
    result = assessed(BABY, knowledge)
    assert {"id", "as_of", "facts", "diagnosis", "classification", "protocols", "notices"} <= result.keys()
    assert {"established", "missing", "because"} <= result["diagnosis"].keys()
    assert {"lineage", "class", "possible", "because"} <= result["classification"].keys()
    wanted = {
        "protocol", "eligible", "risk_group", "stratified", "possible", "because", "would_settle", "reallocation", "sources", "notices",
    }  # fmt: skip
    for item in result["protocols"]:
        assert wanted <= item.keys()
        assert item["eligible"] in ("yes", "no", "undetermined")
        for move in item["reallocation"]:
            assert move["verdict"] in ("yes", "no", "undetermined") and move["to"] and move["when"]


def test_every_known_protocol_is_always_listed(knowledge: Knowledge) -> None:
    assert [item["protocol"] for item in assessed("id: x", knowledge)["protocols"]] == list(knowledge.protocols)


def test_an_empty_record_is_never_eligible_grouped_or_reassured(knowledge: Knowledge) -> None:
    result = assessed("id: empty", knowledge)
    assert result["diagnosis"]["established"] == "undetermined"
    assert result["classification"]["lineage"] is None and result["classification"]["class"] is None
    for item in result["protocols"]:
        assert item["eligible"] == "undetermined" and item["risk_group"] is None
        assert not item["stratified"] or len(item["possible"]) > 1
    recorded = {f for f, d in knowledge.vocabulary.facts.items() if d.read["by"] in ("recorded", "events")}
    assert all(value is None for name, value in result["facts"].items() if name not in recorded)


def test_what_would_settle_and_what_each_answer_means(knowledge: Knowledge) -> None:
    without = "\n".join(line for line in BABY.splitlines() if "kmt2a" not in line)
    result = assessed(without, knowledge)
    interfant = protocol(result, "interfant-06")
    assert interfant["risk_group"] is None and set(interfant["possible"]) == {"LR", "MR", "HR"}
    assert interfant["would_settle"] == [["kmt2a_status"]]
    first = result["next_steps"][0]
    assert first["fact"] == "kmt2a_status"
    meaning = {answer["answer"]: answer["means"]["Interfant-06"] for answer in first["answers"]}
    assert meaning == {"rearranged": "HR", "germline": "LR", "not evaluable": "MR"}


def test_a_judgement_can_be_settled_by_its_finding(knowledge: Knowledge) -> None:
    text = BABY.replace("value: 412", "value: 100")
    without = "\n".join(line for line in text.splitlines() if "blood_blasts" not in line)
    settle = protocol(assessed(without, knowledge), "interfant-06")["would_settle"]
    assert ["prednisone_response"] in settle and ["day8_blasts"] in settle


def test_not_tested_and_not_evaluable_are_different_things(knowledge: Knowledge) -> None:
    older = BABY.replace("2026-01-04", "2025-08-04")
    pending = older.replace("value: rearranged", "value: not_tested")
    failed = older.replace("value: rearranged", "value: not_evaluable")
    assert protocol(assessed(pending, knowledge), "interfant-06")["risk_group"] is None
    assert protocol(assessed(failed, knowledge), "interfant-06")["risk_group"] == "MR"
    off = protocol(assessed(failed, knowledge), "aall0631")
    assert off["risk_group"] is None and off["possible"] == [] and any("off study" in n for n in off["notices"])


def test_an_older_child_is_not_eligible_and_the_rest_is_still_shown(knowledge: Knowledge) -> None:
    result = assessed(BABY.replace("2026-01-04", "2025-03-19"), knowledge)
    assert result["facts"]["age_days_at_diagnosis"] == 366
    assert any("Not infant ALL by these definitions" in notice for notice in result["notices"])
    for item in result["protocols"]:
        assert item["eligible"] == "no" and item["risk_group"] is None and item["possible"] == [] and item["would_settle"] == []
    assert result["facts"]["prednisone_response"] == "poor"


@pytest.mark.parametrize(("days", "eligible"), [(364, "undetermined"), (365, "undetermined"), (366, "no")])
def test_the_upper_age_of_interfant_06(days: int, eligible: str, knowledge: Knowledge) -> None:
    result = assessed(f"id: x\nage_at_diagnosis_days: {days}", knowledge)
    assert protocol(result, "interfant-06")["eligible"] == eligible


@pytest.mark.parametrize(
    ("age", "group"),
    [
        ("age_at_diagnosis_days: 180", "HR"), ("age_at_diagnosis_days: 181", None), ("age_at_diagnosis_days: 183", None),
        ("age_at_diagnosis_days: 184", "MR"), ("age_at_diagnosis: {value: 5, unit: mo}", "HR"),
        ("age_at_diagnosis: {value: 6, unit: mo}", "MR"), ("age_at_diagnosis: {value: 24, unit: wk}", "HR"),
        ("age_at_diagnosis: {value: 25, unit: wk}", None), ("age_at_diagnosis: {value: 27, unit: wk}", "MR"),
        ("age_at_diagnosis: {value: 26, unit: wk}", None),
    ],
)  # fmt: skip
def test_an_age_leaves_open_what_it_leaves_open(age: str, group: str | None, knowledge: Knowledge) -> None:
    text = f"""id: x
{age}
findings:
  - {{day: 0, what: kmt2a_status, value: rearranged}}
  - {{day: 0, what: wbc, value: 300000, unit: /mm3}}
"""
    result = assessed(text, knowledge)
    assert result["facts"]["wbc_at_diagnosis"] == 300
    assert protocol(result, "interfant-06")["risk_group"] == group


def test_as_of_uses_nothing_later(knowledge: Knowledge) -> None:
    import datetime as dt

    result = assessed(BABY, knowledge, dt.date(2026, 3, 25))
    assert result["as_of"] == "2026-03-25" and result["facts"]["day8_blasts"] is None
    assert result["facts"]["kmt2a_status"] == "rearranged"
    assert any("not used" in notice for notice in result["notices"])


def test_contradictory_findings_both_stand(knowledge: Knowledge) -> None:
    text = BABY.replace("events: []", "events: []").replace(
        "treatment:", "  - {on: 2026-03-30, what: kmt2a_status, value: germline, method: RNA sequencing}\ntreatment:"
    )
    result = assessed(text, knowledge)
    assert result["facts"]["kmt2a_status"] is None
    assert set(protocol(result, "interfant-06")["possible"]) == {"LR", "HR"}
    said = " ".join(result["notices"])
    assert "rearranged" in said and "germline" in said and "FISH" in said and "RNA sequencing" in said


def test_every_statement_carries_source_confidence_and_review(knowledge: Knowledge) -> None:
    result = assessed(BABY, knowledge)
    said = [*result["diagnosis"]["because"], *result["diagnosis"]["statements"], *result["classification"]["because"]]
    for item in result["protocols"]:
        said += [*item["because"], *item["eligibility"], *item["response"], *item["reallocation"]]
    for statement in said:
        assert statement["sources"] and statement["confidence"] in ("seen", "seen-secondary", "derived")
        assert "review" in statement
        assert all(source in result["sources"] for source in statement["sources"])


def test_one_bad_record_never_stops_the_others(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(BABY, encoding="utf-8")
    (tmp_path / "b.yaml").write_text("id: b\nfindings:\n  - {on: 2026-03-20, what: wbcc, value: 4, unit: x}\n", encoding="utf-8")
    command = [sys.executable, "-m", "infantall", "assess", str(tmp_path), "--format", "json"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=_environment(), check=False)
    assert done.returncode == 1
    good, bad = json.loads(done.stdout)
    assert good["id"] == "baby-01"
    assert bad["file"].endswith("b.yaml") and set(bad["errors"][0]) == {"place", "found", "expected"}
    assert "wbcc" in bad["errors"][0]["found"] and "wbc" in bad["errors"][0]["expected"]
    assert "Traceback" not in done.stderr and "b.yaml" in done.stderr


def _environment() -> dict[str, str]:
    import os

    return {**os.environ, "PYTHONPATH": str(ROOT / "src"), "PYTHONIOENCODING": "utf-8"}


@pytest.mark.parametrize("output", ["text", "json", "html"])
def test_every_format_of_every_example(output: str) -> None:
    command = [
        sys.executable,
        "-m",
        "infantall",
        "assess",
        *(f"examples/{name}" for name in ("babies", "case-reports", "tables")),
        "--format",
        output,
    ]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=_environment(), check=False)
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    if output == "json":
        assert len(json.loads(done.stdout)) == 19 + 24


def test_a_catch_all_rule_is_undetermined_while_an_earlier_one_is_open(knowledge: Knowledge) -> None:
    rules = protocol(assessed("id: x", knowledge), "interfant-06")["because"]
    assert [(rule["gives"], rule["verdict"]) for rule in rules] == [
        ("LR", "undetermined"), ("HR", "undetermined"), ("MR", "undetermined"),
    ]  # fmt: skip
    assert rules[-1]["explanation"]["verdict"] == "yes"
    settled = protocol(assessed(BABY, knowledge), "interfant-06")["because"]
    assert [(rule["gives"], rule["verdict"]) for rule in settled] == [("LR", "no"), ("HR", "yes"), ("MR", "no")]
