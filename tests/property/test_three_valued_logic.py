"""Missing is not negative: filling in a missing fact may decide an open rule, and never turns a decided one round."""

from __future__ import annotations

from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from helpers.rules import CATEGORIES, NUMBERS, Source, partials, random_known, rows, rules, vocabulary
from infantall.facts.values import Choice, Interval, is_known
from infantall.rules import english, sql, tree
from infantall.rules.interpret import explain, verdict
from infantall.rules.parse import parse_rule

VOCABULARY = vocabulary()
COLUMNS = {name: name for name in (*NUMBERS, *CATEGORIES)}


@given(rules(), partials(), st.data())
def test_filling_in_never_turns_a_verdict_round(rule: Any, values: Any, data: Any) -> None:
    before = verdict(rule, values)
    source = Source(data.draw)
    child = dict(values)
    for name in (*NUMBERS, *CATEGORIES):
        value = child.get(name)
        if isinstance(value, Interval):
            child[name] = source.pick([value.low, value.high])
        elif isinstance(value, Choice):
            child[name] = source.pick(sorted(value.values))
        elif not is_known(value):
            child[name] = random_known(source, name)
    assert before is None or verdict(rule, child) is before


@given(rules(), partials())
def test_the_explanation_has_the_verdict(rule: Any, values: Any) -> None:
    explanation = explain(rule, values)
    assert explanation.verdict is verdict(rule, values)
    assert explanation.verdict is not None or any(leaf.verdict is None for leaf in explanation.deciding())


@given(rules(), rows())
def test_the_text_of_a_rule_means_the_rule(rule: Any, row: Any) -> None:
    text = sql.condition(rule, COLUMNS)
    assume("NULLIF" not in text)  # how SQL says that a division by zero is unknown; no part of the rule language
    again = parse_rule(text, VOCABULARY)
    assert verdict(again, row) is verdict(rule, row)


@given(rules())
def test_a_rule_survives_the_compiled_file(rule: Any) -> None:
    assert tree.from_data(tree.to_data(rule)) == rule


@given(rules())
def test_every_rule_has_a_sentence(rule: Any) -> None:
    assert english.sentence(rule, VOCABULARY)


@given(rules())
def test_nothing_known_decides_nothing_but_constants(rule: Any) -> None:
    decided = verdict(rule, {})
    if decided is not None:
        assert any(isinstance(leaf, tree.Constant) for leaf in tree.leaves(rule))
