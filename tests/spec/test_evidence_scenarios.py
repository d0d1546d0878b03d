"""Runs scenarios/classification.yaml and scenarios/emergencies.yaml: whole children, and what is concluded and said about each.

``expect`` names a fact with its value (``null``: open), ``possible`` the values that an open fact may still take, ``says`` and
``not_says`` the statements that must and must not be shown.
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

FOLDER = Path(__file__).parent / "scenarios"
FILES = ("classification", "emergencies")
NOT_FACTS = {"says", "not_says", "possible"}


def cases() -> list[Any]:
    found = []
    for name in FILES:
        table = read_yaml((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))[0]
        found += [pytest.param(case, id=f"{name}: {case['name']}") for case in table["cases"]]
    return found


@pytest.mark.parametrize("case", cases())
def test_scenario(case: dict[str, Any], knowledge: Knowledge) -> None:
    given, expect = case["given"], case["expect"]
    facts = knowledge.vocabulary.facts
    assert set(given) <= set(facts), "the case gives names that are no facts"
    assert set(expect) - NOT_FACTS <= set(facts), "the case expects names that are no facts"

    values = judged_values(given, knowledge)
    for name in set(expect) - NOT_FACTS:
        if expect[name] is None:
            assert values[name] is None or isinstance(values[name], Choice), name
        else:
            assert values[name] == expect[name], name
    for name, words in expect.get("possible", {}).items():
        assert set(possible_words(name, values, knowledge)) == set(words), name

    every = {statement.id for statements in knowledge.topics.values() for statement in statements}
    said = {reason.statement.id for reasons in assessed(given, knowledge).said.values() for reason in reasons}
    for wanted in expect.get("says", []):
        assert wanted in every, f"no such statement: {wanted}"
        assert wanted in said
    for unwanted in expect.get("not_says", []):
        assert unwanted in every, f"no such statement: {unwanted}"
        assert unwanted not in said
