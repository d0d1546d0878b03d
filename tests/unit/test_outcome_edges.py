"""Who belongs to a published group: the tables of ``tests/spec/outcomes``, at every edge of every definition.

A case names the facts that are known; all others are not. A definition that asks what no record holds never belongs: it is open.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from helpers.children import judged_values
from infantall.knowledge.evidence import Outcome
from infantall.knowledge.library import Knowledge
from infantall.rules.interpret import verdict
from infantall.text.yaml_places import read_yaml

FOLDER = Path(__file__).parents[1] / "spec" / "outcomes"
DATA = Path(__file__).parents[2] / "src" / "infantall" / "knowledge" / "data" / "outcomes"
TABLES: dict[str, dict[str, Any]] = {
    path.stem: read_yaml(path.read_text(encoding="utf-8"))[0] for path in sorted(FOLDER.glob("*.yaml"))
}
STUDIES = sorted({path.stem for path in DATA.glob("*.yaml")} | set(TABLES))


@pytest.fixture(scope="module")
def outcomes(knowledge: Knowledge) -> dict[str, Outcome]:
    """Every outcome by its id, those kept from memory too."""
    return {outcome.statement.id: outcome for outcome in knowledge.evidence.outcomes}


def definition(outcome: Outcome) -> tuple[str, str]:
    return outcome.statement.rule_text, outcome.beyond


def belongs(outcome: Outcome, given: dict[str, Any], knowledge: Knowledge) -> str:
    assert outcome.statement.rule is not None
    found = verdict(outcome.statement.rule, judged_values(given, knowledge))
    if found is True and outcome.beyond:
        return "open"
    return {True: "yes", False: "no", None: "open"}[found]


@pytest.mark.parametrize(
    ("study", "case"),
    [
        pytest.param(study, case, id=f"{study}.{case['row']}: {case['name']}")
        for study, table in TABLES.items()
        for case in table["cases"]
    ],
)
def test_belonging_at_the_edges(study: str, case: dict[str, Any], outcomes: dict[str, Outcome], knowledge: Knowledge) -> None:
    unknown = set(case["given"]) - set(knowledge.vocabulary.facts)
    assert not unknown, f"the case uses names that are no facts: {unknown}"
    assert belongs(outcomes[f"outcome.{study}.{case['row']}"], case["given"], knowledge) == case["belongs"]


@pytest.mark.parametrize("study", STUDIES)
def test_every_definition_of_a_study_has_a_case_within_and_a_case_without(study: str, outcomes: dict[str, Outcome]) -> None:
    assert study in TABLES, f"tests/spec/outcomes/{study}.yaml is missing"
    assert TABLES[study]["study"] == study
    said: dict[tuple[str, str], set[str]] = defaultdict(set)
    for case in TABLES[study]["cases"]:
        said[definition(outcomes[f"outcome.{study}.{case['row']}"])].add(case["belongs"])
    for outcome in outcomes.values():
        if outcome.study == study:
            found = said[definition(outcome)]
            assert found & {"yes", "open"}, f"{outcome.statement.id}: no case that belongs or is open"
            assert "no" in found, f"{outcome.statement.id}: no case that does not belong"


def test_an_empty_record_belongs_to_no_published_group(outcomes: dict[str, Outcome], knowledge: Knowledge) -> None:
    assert [name for name, outcome in outcomes.items() if belongs(outcome, {}, knowledge) == "yes"] == []
