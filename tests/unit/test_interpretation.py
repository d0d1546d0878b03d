"""One child, one rule: TRUE, FALSE or UNKNOWN, and why."""

from __future__ import annotations

import itertools
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infantall.facts.values import Choice, Interval, Value, below
from infantall.facts.vocabulary import FactDefinition, Vocabulary
from infantall.knowledge.library import Knowledge
from infantall.rules.interpret import Verdict, all_of, any_of, explain, negated, verdict
from infantall.rules.parse import parse_rule
from infantall.rules.tree import And, Compare, Fact, IsOneOf, Not, Or

T, F, U = True, False, None


# -- the truth tables ----------------------------------------------------------------------------------------------------

TRUTH = [
    # a, b: a AND b, a OR b
    (T, T, T, T),
    (T, F, F, T),
    (T, U, U, T),
    (F, T, F, T),
    (F, F, F, F),
    (F, U, F, U),
    (U, T, U, T),
    (U, F, F, U),
    (U, U, U, U),
]


@pytest.mark.parametrize(("a", "b", "both", "either"), TRUTH)
def test_and_and_or_follow_the_three_valued_truth_table(a: Verdict, b: Verdict, both: Verdict, either: Verdict) -> None:
    assert all_of([a, b]) is both
    assert any_of([a, b]) is either


@pytest.mark.parametrize(("a", "opposite"), [(T, F), (F, T), (U, U)])
def test_not_leaves_unknown_unknown(a: Verdict, opposite: Verdict) -> None:
    assert negated(a) is opposite


@pytest.mark.parametrize("terms", list(itertools.product([T, F, U], repeat=3)))
def test_chains_of_three_are_as_pairs_of_pairs(terms: tuple[Verdict, ...]) -> None:
    a, b, c = terms
    assert all_of([a, b, c]) is all_of([a, all_of([b, c])])
    assert any_of([a, b, c]) is any_of([any_of([a, b]), c])
    assert negated(all_of([a, b, c])) is any_of([negated(a), negated(b), negated(c)])


A = {T: "female", F: "male", U: None}
B = {T: 400.0, F: 100.0, U: None}


@pytest.mark.parametrize(("a", "b", "both", "either"), TRUTH)
def test_a_rule_over_missing_facts_follows_the_truth_table(
    a: Verdict, b: Verdict, both: Verdict, either: Verdict, vocabulary: Vocabulary
) -> None:
    values: dict[str, Value] = {"sex": A[a], "wbc_at_diagnosis": B[b]}
    for connective, expected in (("AND", both), ("OR", either)):
        rule = parse_rule(f"sex = 'female' {connective} wbc_at_diagnosis >= 300", vocabulary)
        assert verdict(rule, values) is expected
        opposite = parse_rule(f"NOT (sex = 'female' {connective} wbc_at_diagnosis >= 300)", vocabulary)
        assert verdict(opposite, values) is negated(expected)


# -- comparisons ---------------------------------------------------------------------------------------------------------

LESS_300 = below(300.0)
COMPARED = [
    # what is known of the count      <     <=    >     >=    =     <>    300
    (299.0,                           (T, T, F, F, F, T)),
    (300.0,                           (F, T, F, T, T, F)),
    (300,                             (F, T, F, T, T, F)),
    (301.0,                           (F, F, T, T, F, T)),
    (None,                            (U, U, U, U, U, U)),
    (math.nan,                        (U, U, U, U, U, U)),
    (Interval(100, 299),              (T, T, F, F, F, T)),
    (Interval(100, LESS_300),         (T, T, F, F, F, T)),
    (Interval(100, 300),              (U, T, F, U, U, U)),
    (Interval(100, 301),              (U, U, U, U, U, U)),
    (Interval(300, 300),              (F, T, F, T, T, F)),
    (Interval(300, 400),              (F, U, U, T, U, U)),
    (Interval(301, 400),              (F, F, T, T, F, T)),
    (Interval(-math.inf, math.inf),   (U, U, U, U, U, U)),
    (Interval(400, math.inf),         (F, F, T, T, F, T)),
    (Interval(-math.inf, 200),        (T, T, F, F, F, T)),
    (math.inf,                        (F, F, T, T, F, T)),
]  # fmt: skip
OPERATORS = ("<", "<=", ">", ">=", "=", "<>")


@pytest.mark.parametrize(("known", "verdicts"), COMPARED, ids=[str(known) for known, _ in COMPARED])
def test_a_number_is_compared_only_as_far_as_it_is_known(
    known: Value, verdicts: tuple[Verdict, ...], vocabulary: Vocabulary
) -> None:
    for op, expected in zip(OPERATORS, verdicts, strict=True):
        rule = parse_rule(f"wbc_at_diagnosis {op} 300", vocabulary)
        assert verdict(rule, {"wbc_at_diagnosis": known}) is expected, op
        assert verdict(parse_rule(f"NOT wbc_at_diagnosis {op} 300", vocabulary), {"wbc_at_diagnosis": known}) is negated(expected)


def test_a_fact_that_is_not_mentioned_is_unknown(vocabulary: Vocabulary) -> None:
    assert verdict(parse_rule("wbc_at_diagnosis >= 300", vocabulary), {}) is U
    assert verdict(parse_rule("kmt2a_status = 'rearranged'", vocabulary), {}) is U


TWO_FACTS = [
    (Interval(1, 3), Interval(4, 6), (T, T, F, F, F, T)),
    (Interval(1, 4), Interval(4, 6), (U, T, F, U, U, U)),
    (Interval(1, 5), Interval(4, 6), (U, U, U, U, U, U)),
    (Interval(6, 8), Interval(4, 6), (F, U, U, T, U, U)),
    (Interval(7, 8), Interval(4, 6), (F, F, T, T, F, T)),
    (5.0, None, (U, U, U, U, U, U)),
    (5.0, 5.0, (F, T, F, T, T, F)),
]


@pytest.mark.parametrize(("left", "right", "verdicts"), TWO_FACTS)
def test_two_facts_are_compared_only_as_far_as_both_are_known(left: Value, right: Value, verdicts: tuple[Verdict, ...]) -> None:
    values = {"a": left, "b": right}
    for op, expected in zip(OPERATORS, verdicts, strict=True):
        assert verdict(Compare(op, Fact("a"), Fact("b")), values) is expected, op


CATEGORIES = [
    # what is known, = 'rearranged', IN ('rearranged', 'germline')
    ("rearranged", T, T),
    ("germline", F, T),
    ("not_evaluable", F, F),
    (None, U, U),
    (Choice(frozenset({"rearranged"})), T, T),
    (Choice(frozenset({"rearranged", "germline"})), U, T),
    (Choice(frozenset({"germline", "not_evaluable"})), F, U),
    (Choice(frozenset({"not_evaluable"})), F, F),
    (Choice(frozenset({"rearranged", "germline", "not_evaluable"})), U, U),
]


@pytest.mark.parametrize(("known", "one", "two"), CATEGORIES, ids=[str(row[0]) for row in CATEGORIES])
def test_a_category_is_compared_only_as_far_as_it_is_known(
    known: Value, one: Verdict, two: Verdict, vocabulary: Vocabulary
) -> None:
    values = {"kmt2a_status": known}
    for text, expected in (
        ("kmt2a_status = 'rearranged'", one),
        ("kmt2a_status <> 'rearranged'", negated(one)),
        ("kmt2a_status IN ('rearranged', 'germline')", two),
        ("kmt2a_status NOT IN ('rearranged', 'germline')", negated(two)),
    ):
        assert verdict(parse_rule(text, vocabulary), values) is expected, text


MISSING = [
    (None, T), (3.0, F), (0.0, F), (Interval(1, 2), T), ("rearranged", F), ("not_evaluable", F), (Choice(frozenset("ab")), T),
]  # fmt: skip


@pytest.mark.parametrize(("known", "expected"), MISSING, ids=[str(known) for known, _ in MISSING])
def test_what_is_only_partly_known_is_still_missing(known: Value, expected: bool, vocabulary: Vocabulary) -> None:
    rule = parse_rule("kmt2a_status IS NULL", vocabulary, may_ask_missing=True)
    assert verdict(rule, {"kmt2a_status": known}) is expected
    rule = parse_rule("kmt2a_status IS NOT NULL", vocabulary, may_ask_missing=True)
    assert verdict(rule, {"kmt2a_status": known}) is not expected


# -- arithmetic ----------------------------------------------------------------------------------------------------------

SUMS = [
    ("wbc_at_diagnosis + hemoglobin_at_diagnosis = 7", T),
    ("wbc_at_diagnosis - hemoglobin_at_diagnosis = 3", T),
    ("wbc_at_diagnosis * hemoglobin_at_diagnosis = 10", T),
    ("wbc_at_diagnosis / hemoglobin_at_diagnosis = 2.5", T),
    ("wbc_at_diagnosis / hemoglobin_at_diagnosis > 2.5", F),
    ("wbc_at_diagnosis / 0 > 1", U),
    ("wbc_at_diagnosis / 0 <= 1", U),
    ("wbc_at_diagnosis / (hemoglobin_at_diagnosis - 2) = 0", U),
    ("0 / (hemoglobin_at_diagnosis - 2) <> 0", U),
    ("NOT wbc_at_diagnosis / 0 > 1", U),
    ("wbc_at_diagnosis / 0 > 1 OR wbc_at_diagnosis = 5", T),
    ("wbc_at_diagnosis / 0 > 1 AND wbc_at_diagnosis = 6", F),
    ("wbc_at_diagnosis + platelets_at_diagnosis > 1", U),
    ("platelets_at_diagnosis - platelets_at_diagnosis = 0", U),
    ("wbc_at_diagnosis * 1e308 * 1e308 - wbc_at_diagnosis * 1e308 * 1e308 = 0", U),
    ("wbc_at_diagnosis BETWEEN hemoglobin_at_diagnosis AND hemoglobin_at_diagnosis * 3", T),
]


@pytest.mark.parametrize(("text", "expected"), SUMS, ids=[text for text, _ in SUMS])
def test_a_calculation_that_cannot_be_made_is_unknown(text: str, expected: Verdict, vocabulary: Vocabulary) -> None:
    values = {"wbc_at_diagnosis": 5.0, "hemoglobin_at_diagnosis": 2.0}
    assert verdict(parse_rule(text, vocabulary), values) is expected


def test_a_calculation_with_an_interval_is_unknown(vocabulary: Vocabulary) -> None:
    rule = parse_rule("wbc_at_diagnosis + 1 > 0", vocabulary)
    assert verdict(rule, {"wbc_at_diagnosis": Interval(5, 6)}) is U
    assert verdict(rule, {"wbc_at_diagnosis": Interval(5, 5)}) is T


# -- why -----------------------------------------------------------------------------------------------------------------


def some_values(definition: FactDefinition) -> list[Value]:
    """Values of one fact: some known, some partly known, and none."""
    if definition.type == "category":
        words = definition.values
        return [None, *words[:3], words[-1], Choice(frozenset(words[:2])), Choice(frozenset(words))]
    if definition.type == "number":
        numbers = (0.0, 0.0004, 0.0005, 1.0, 5.0, 25.0, 180.0, 300.0, 1000.0)
        return [None, *numbers, Interval(0.0, below(0.0005)), Interval(4.0, 6.0), Interval(0.0, 2000.0)]
    return [None]


def test_the_explanation_gives_the_verdict_of_every_rule_of_the_knowledge(knowledge: Knowledge) -> None:
    choices = {name: some_values(definition) for name, definition in knowledge.vocabulary.facts.items()}
    seen = set()
    for turn in range(26):
        values = {name: found[(turn * 7 + i * 3) % len(found)] for i, (name, found) in enumerate(choices.items())}
        for statement in knowledge.statements():
            if statement.rule is not None:
                answer = verdict(statement.rule, values)
                seen.add(answer)
                assert explain(statement.rule, values).verdict is answer, (statement.id, values)
    assert seen == {T, F, U}


def test_an_empty_record_makes_no_risk_group_and_no_criterion_true(knowledge: Knowledge) -> None:
    for protocol in knowledge.protocols.values():
        for statement in protocol.groups:
            if statement.rule is not None and statement.rule_text != "TRUE":
                assert verdict(statement.rule, {}) is not T, statement.id


DECIDING = [
    # rule, facts that made the verdict
    ("sex = 'female' AND wbc_at_diagnosis >= 300", T, ["sex", "wbc_at_diagnosis"]),
    ("sex = 'male' AND wbc_at_diagnosis >= 300", F, ["sex"]),
    ("sex = 'male' AND wbc_at_diagnosis < 300", F, ["sex", "wbc_at_diagnosis"]),
    ("sex = 'male' AND platelets_at_diagnosis < 300", F, ["sex"]),
    ("sex = 'female' AND platelets_at_diagnosis < 300", U, ["platelets_at_diagnosis"]),
    ("sex = 'female' OR wbc_at_diagnosis < 300", T, ["sex"]),
    ("sex = 'female' OR platelets_at_diagnosis < 300", T, ["sex"]),
    ("sex = 'male' OR wbc_at_diagnosis < 300", F, ["sex", "wbc_at_diagnosis"]),
    ("sex = 'male' OR platelets_at_diagnosis < 300", U, ["platelets_at_diagnosis"]),
    ("NOT (sex = 'male' AND wbc_at_diagnosis >= 300)", T, ["sex"]),
    ("NOT (sex = 'female' OR wbc_at_diagnosis < 300)", F, ["sex"]),
    ("NOT (sex = 'female' AND platelets_at_diagnosis < 300)", U, ["platelets_at_diagnosis"]),
    ("sex = 'female' AND (wbc_at_diagnosis >= 300 OR kmt2a_status = 'germline')", T, ["sex", "wbc_at_diagnosis"]),
    ("sex = 'female' AND NOT (wbc_at_diagnosis >= 300 AND sex = 'male')", T, ["sex", "sex"]),
    ("wbc_at_diagnosis > platelets_at_diagnosis", U, ["wbc_at_diagnosis", "platelets_at_diagnosis"]),
]


@pytest.mark.parametrize(("text", "answer", "facts"), DECIDING, ids=[row[0] for row in DECIDING])
def test_the_reason_names_only_the_conditions_that_decided(
    text: str, answer: Verdict, facts: list[str], vocabulary: Vocabulary
) -> None:
    values: dict[str, Value] = {"sex": "female", "wbc_at_diagnosis": 400.0}
    why = explain(parse_rule(text, vocabulary), values)
    assert why.verdict is answer
    assert [fact for leaf in why.deciding() for fact in leaf.facts] == facts
    assert all(not leaf.parts and leaf.leaf is not None for leaf in why.deciding())


def test_the_explanation_has_the_shape_of_the_rule(vocabulary: Vocabulary) -> None:
    rule = parse_rule("TRUE AND NOT (sex = 'female' OR sex IS NULL OR wbc_at_diagnosis < 5)", vocabulary, may_ask_missing=True)
    why = explain(rule, {})
    assert why.kind == "all"
    assert [part.kind for part in why.parts] == ["constant", "not"]
    (inner,) = why.parts[1].parts
    assert inner.kind == "any"
    assert [part.kind for part in inner.parts] == ["test", "missing", "test"]
    assert [part.verdict for part in inner.parts] == [U, T, U]
    assert why.verdict is F


# -- unknown never becomes an answer that some completion contradicts ----------------------------------------------------

_number = st.builds(Fact, st.sampled_from("ab"))
_leaf = st.one_of(
    st.builds(Compare, st.sampled_from(OPERATORS), _number, _number),
    st.builds(IsOneOf, st.just(Fact("c")), st.sampled_from([("x",), ("y",), ("x", "z")])),
)


def _trees(leaf: Any) -> Any:
    pair = st.lists(leaf, min_size=2, max_size=3).map(tuple)
    return st.one_of(st.builds(Not, leaf), st.builds(And, pair), st.builds(Or, pair))


NUMBERS = (1.0, 2.0, 3.0)
WORDS = ("x", "y", "z")


@given(
    rule=st.recursive(_leaf, _trees, max_leaves=6),
    a=st.one_of(st.none(), st.sampled_from([1.0, 2.0, Interval(1, 2), Interval(2, 3), Interval(1, 3)])),
    b=st.one_of(st.none(), st.sampled_from([2.0, 3.0, Interval(1, 2), Interval(2, 3)])),
    c=st.one_of(st.none(), st.sampled_from(["x", "y", Choice(frozenset("xz")), Choice(frozenset("yz"))])),
)
def test_an_answer_given_with_facts_missing_holds_whatever_they_turn_out_to_be(rule: Any, a: Value, b: Value, c: Value) -> None:
    answer = verdict(rule, {"a": a, "b": b, "c": c})
    completions = [
        {"a": x, "b": y, "c": z}
        for x in NUMBERS if _may_be(a, x)
        for y in NUMBERS if _may_be(b, y)
        for z in WORDS if c is None or z == c or (isinstance(c, Choice) and z in c.values)
    ]  # fmt: skip
    answers = {verdict(rule, values) for values in completions}
    assert U not in answers
    if answer is not U:
        assert answers == {answer}


def _may_be(known: Value, number: float) -> bool:
    if isinstance(known, Interval):
        return known.low <= number <= known.high
    return known is None or known == number
