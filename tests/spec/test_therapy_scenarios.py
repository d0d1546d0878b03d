"""Runs ``scenarios/therapies.yaml`` and ``scenarios/trials.yaml``: newer therapies and trials, in cases a clinician can read."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from helpers.children import judged_values
from infantall.care.therapies import therapies
from infantall.care.trials import trials
from infantall.facts.ages import completed_months, months_from_days
from infantall.knowledge.library import Knowledge
from infantall.text.yaml_places import read_yaml

SCENARIOS = Path(__file__).parent / "scenarios"
WORDS = {True: "yes", False: "no", None: "open"}
MET = {True: "met", False: "not_met", None: "unknown"}


def cases(table: str) -> list[Any]:
    content = read_yaml((SCENARIOS / f"{table}.yaml").read_text(encoding="utf-8"))[0]
    return [pytest.param(case, id=case["name"]) for case in content["cases"]]


def values_of(case: dict[str, Any], knowledge: Knowledge) -> dict[str, Any]:
    """The facts given, the ages that the dates or days of the case say, and the judgements over them."""
    unknown = set(case["given"]) - set(knowledge.vocabulary.facts)
    assert not unknown, f"the case uses names that are no facts: {unknown}"
    values: dict[str, Any] = judged_values({**ages_of(case), **case["given"]}, knowledge)
    return values


def ages_of(case: dict[str, Any]) -> dict[str, Any]:
    if "dates" in case:
        born, diagnosed, on = (_date(case["dates"][name]) for name in ("born", "diagnosed", "on"))
        return {
            "age_days_at_diagnosis": (diagnosed - born).days,
            "age_months_at_diagnosis": completed_months(born, diagnosed),
            "age_days_now": (on - born).days,
            "age_months_now": completed_months(born, on),
        }
    if "days" in case:
        diagnosed_days, now = case["days"]["diagnosed"], case["days"]["now"]
        return {"age_days_at_diagnosis": diagnosed_days, "age_days_now": now, "age_months_now": months_from_days(now)}
    return {}


def _date(written: dt.date | str) -> dt.date:
    return written if isinstance(written, dt.date) else dt.date.fromisoformat(written)


@pytest.mark.parametrize("case", cases("therapies"))
def test_therapy(case: dict[str, Any], knowledge: Knowledge) -> None:
    found = next(r for r in therapies(values_of(case, knowledge), knowledge) if r.therapy.id == case["therapy"])
    verdicts = {p.part.statement.id.rsplit(".", 1)[1]: WORDS[p.reason.verdict] for p in found.parts}
    assert {name: verdicts.get(name, "no such part") for name in case["fits"]} == case["fits"]


@pytest.mark.parametrize("case", cases("trials"))
def test_trial(case: dict[str, Any], knowledge: Knowledge) -> None:
    found = next(r for r in trials(values_of(case, knowledge), knowledge) if r.trial.id == case["trial"])
    met = {c.statement.id.rsplit(".", 1)[1]: MET[c.met] for c in found.criteria if c.reason is not None}
    assert {name: met.get(name, "no such criterion") for name in case["criteria"]} == case["criteria"]
    assert {"undetermined": "open"}.get(found.may_enter, found.may_enter) == case["may_enter"]


@pytest.mark.parametrize("day", [0, 27, 28, 30, 31, 364, 365, 366, 731])
def test_a_child_of_whom_only_the_age_is_known_fits_no_label(day: int, knowledge: Knowledge) -> None:
    values = judged_values({"age_days_now": day, "age_months_now": months_from_days(day)}, knowledge)
    for result in therapies(values, knowledge):
        for part in result.of("label"):
            assert part.verdict is not True, part.part.statement.id


def test_nothing_known_enters_no_trial(knowledge: Knowledge) -> None:
    values = judged_values({}, knowledge)
    assert all(r.may_enter != "yes" for r in trials(values, knowledge))


def test_a_relapsed_child_enters_no_trial_of_first_treatment(knowledge: Knowledge) -> None:
    given = {
        "kmt2a_status": "rearranged",
        "lineage": "B",
        "cd19": "positive",
        "all_established": "yes",
        "relapse_recorded": "yes",
    }
    values = judged_values({"age_days_at_diagnosis": 90, "age_days_now": 300, "age_months_now": 9, **given}, knowledge)
    assert {r.trial.id: r.may_enter for r in trials(values, knowledge) if r.trial.line == "first" and r.may_enter != "no"} == {}
