"""Runs the tables beside this file: what each protocol and judgement says, in cases a clinician can read.

A case names the facts that are known; all others are not. ``group: null`` with ``possible`` is an undetermined group.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from helpers.children import assessed, judged_values
from infantall.care.judge import possible_words
from infantall.facts.values import Choice
from infantall.knowledge.library import Knowledge
from infantall.text.yaml_places import read_yaml

TABLES = {path.stem: read_yaml(path.read_text(encoding="utf-8"))[0] for path in sorted(Path(__file__).parent.glob("*.yaml"))}


def cases(kind: str) -> list[Any]:
    return [
        pytest.param(table[kind], case, id=f"{table[kind]}: {case['name']}")
        for table in TABLES.values()
        if kind in table
        for case in table["cases"]
    ]


@pytest.mark.parametrize(("name", "case"), cases("spec"))
def test_protocol(name: str, case: dict[str, Any], knowledge: Knowledge) -> None:
    unknown = set(case["given"]) - set(knowledge.vocabulary.facts)
    assert not unknown, f"the case uses names that are no facts: {unknown}"
    result = next(r for r in assessed(case["given"], knowledge).protocols if r.protocol.id == name)
    if "group" in case:
        assert result.group == case["group"]
    if "possible" in case:
        assert set(result.possible) == set(case["possible"])
    if "eligible" in case:
        assert result.eligible == case["eligible"]
    if "outcome" in case:
        assert result.without_group == (case["outcome"],) and result.group is None
    for move, verdict in case.get("reallocation", {}).items():
        found = next(m for m in result.moves if m.reason.statement.id == f"{name}.reallocation.{move}")
        assert {True: "yes", False: "no", None: "undetermined"}[found.verdict] == verdict


@pytest.mark.parametrize(("name", "case"), cases("judgement"))
def test_judgement(name: str, case: dict[str, Any], knowledge: Knowledge) -> None:
    values = judged_values(case["given"], knowledge)
    if case["value"] is not None:
        assert values[name] == case["value"]
        return
    assert values[name] is None or isinstance(values[name], Choice)
    if "possible" in case:
        given = set(knowledge.judgement_of[name].given)
        assert set(possible_words(name, values, knowledge)) & given == set(case["possible"]) & given


def test_every_protocol_and_every_judgement_has_its_table(knowledge: Knowledge) -> None:
    specs = {table.get("spec") for table in TABLES.values()}
    judgements = {table.get("judgement") for table in TABLES.values()}
    assert set(knowledge.protocols) <= specs
    assert set(knowledge.judgement_of) <= judgements


def test_every_group_is_reached_by_some_case(knowledge: Knowledge) -> None:
    for table in TABLES.values():
        if "spec" in table:
            reached = {case.get("group") for case in table["cases"]}
            assert set(knowledge.protocols[table["spec"]].group_labels) <= reached, table["spec"]
