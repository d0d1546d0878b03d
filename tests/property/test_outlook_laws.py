"""What a record does not say never becomes yes or no: outlook, therapies and trials of any child, before and after facts are lost.

A child is drawn with every fact known, at and around the thresholds that the evidence uses; then facts are lost, or narrowed to
an interval or a choice that still holds the truth. Whatever was answered with fewer facts must be what the full record says.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.examples import EXAMPLES
from infantall.assessing import assess_record
from infantall.care.outlook import INFANT, Outlook, outlook
from infantall.care.result import Assessment, say_verdict
from infantall.care.therapies import therapies
from infantall.care.trials import trials
from infantall.facts.values import Choice, Interval, Value
from infantall.knowledge.library import Knowledge, Statement
from infantall.knowledge.store import load_knowledge
from infantall.report.outlook.data import outlook_data
from infantall.report.therapies import therapies_data
from infantall.report.trials import trials_data
from infantall.rules import sql, tree
from infantall.rules.interpret import Verdict, all_of, verdict
from infantall.rules.ordered import possible_outcomes

AGES = ("age_days_at_diagnosis", "age_months_at_diagnosis", "age_days_now", "age_months_now")
EXAMPLES_TRIED = settings(max_examples=25, deadline=None)


@cache
def knowledge() -> Knowledge:
    return load_knowledge()


@cache
def assessed() -> Assessment:
    return assess_record(EXAMPLES / "babies" / "high-risk.yaml", knowledge())


@cache
def asked() -> dict[str, tuple[float, ...]]:
    """Every fact that the evidence asks about, with the numbers it is compared with."""
    found: dict[str, set[float]] = {}
    rules = [s.rule for s in knowledge().evidence.statements if s.rule is not None]
    rules += [s.rule for p in knowledge().protocols.values() for s in p.eligibility if s.rule is not None]
    rules += [f.level_statement.rule for f in knowledge().evidence.factors if f.level_statement and f.level_statement.rule]
    for rule in rules:
        for name in tree.facts_of(rule):
            found.setdefault(name, set())
        for leaf in tree.leaves(rule):
            if isinstance(leaf, tree.Compare) and isinstance(leaf.left, tree.Fact) and isinstance(leaf.right, tree.Number):
                found[leaf.left.name].add(float(leaf.right.value))
    return {name: tuple(sorted(numbers)) or (0.0,) for name, numbers in sorted(found.items())}


def whole_child(source: random.Random) -> dict[str, Value]:
    """Every fact known. Ages agree with one another; every tenth child is no infant."""
    values: dict[str, Value] = {}
    for name, numbers in asked().items():
        words = knowledge().vocabulary.facts[name].values
        values[name] = source.choice(words) if words else source.choice(numbers) + source.choice((-1, -0.001, 0, 0.001, 1))
    days = source.randrange(0, 366) if source.random() < 0.9 else source.randrange(366, 2000)
    later = source.choice((0, 33, 400))
    return {**values, **dict(zip(AGES, (days, int(days / 30.5), days + later, int((days + later) / 30.5)), strict=True))}


def with_less(values: Mapping[str, Value], share: float, source: random.Random) -> dict[str, Value]:
    """The same child with facts lost, or narrowed only."""
    return {name: value if source.random() >= share else _less(name, value, source) for name, value in values.items()}


def _less(name: str, value: Value, source: random.Random) -> Value:
    words = knowledge().vocabulary.facts[name].values
    if source.random() < 0.6:
        return None
    if isinstance(value, str):
        return Choice(frozenset({value, source.choice(words)})) if len(words) > 1 else None
    assert isinstance(value, int | float)
    return Interval(value - source.choice((0, 1, 400)), value + source.choice((0, 1, 400)))


def child(values: Mapping[str, Value]) -> Assessment:
    """An assessment of which only the values matter to the evidence."""
    return replace(assessed(), values=dict(values))


def expected(statement: Statement, values: Mapping[str, Value], beyond: str = "") -> Verdict:
    """What the interpreter says, apart from all of this code."""
    assert statement.rule is not None
    found = all_of([verdict(INFANT, values), verdict(statement.rule, values)])
    return None if beyond and found else found


def answers(found: Outlook) -> dict[str, Verdict]:
    rows = {m.outcome.statement.id: m.verdict for m in (*found.rows, *found.other_series)}
    factors = {m.factor.statement.id: m.reason.verdict for m in (*found.factors, *found.transplant)}
    return {**rows, **factors, **{m.timing.statement.id: m.reason.verdict for m in found.timing}}


def fits(fewer: Verdict, more: Verdict) -> bool:
    """Whether an answer with fewer facts may stand beside the one with more."""
    return fewer is None or fewer is more


children = st.tuples(st.integers(0, 10**9), st.sampled_from([0.05, 0.2, 0.5, 0.9]))


@given(children)
@EXAMPLES_TRIED
def test_an_outlook_with_fewer_facts_never_says_what_the_whole_record_denies(drawn: tuple[int, float]) -> None:
    source = random.Random(drawn[0])
    whole = whole_child(source)
    less = with_less(whole, drawn[1], source)
    sure, fewer = answers(outlook(child(whole))), outlook(child(less))
    said = answers(fewer)
    for name, found in said.items():
        assert found is not False
        assert fits(found, sure.get(name, False)), name
    if verdict(INFANT, less):
        assert not sure.keys() - said.keys(), "what is true of the whole record was called untrue"
    sides = {m.factor.statement.id: m.side for m in (*fewer.factors, *fewer.transplant)}
    for m in (*(whole_outlook := outlook(child(whole))).factors, *whole_outlook.transplant):
        assert sides.get(m.factor.statement.id, m.side) in (m.side, "not known")


@given(children)
@EXAMPLES_TRIED
def test_every_row_of_the_json_says_what_the_interpreter_says(drawn: tuple[int, float]) -> None:
    source = random.Random(drawn[0])
    values = with_less(whole_child(source), drawn[1], source)
    data = outlook_data(outlook(child(values)))
    known = {s.id: s for s in knowledge().evidence.statements}
    for row in (*data["rows"], *data["other_series"], *data["factors"], *data["transplant"], *data["timing"]):
        says = say_verdict(expected(known[row["id"]], values, row["beyond"] or ""))
        assert row["applies"] == says != "no", row["id"]
        assert row["because"]["verdict"] == says
        assert row["applies"] == "yes" or row["waits_for"] or row["beyond"], row["id"]
        assert all(not isinstance(values.get(name), str | int | float) for name in row["waits_for"])


@given(children)
@EXAMPLES_TRIED
def test_every_infant_group_that_is_not_shown_is_untrue_of_the_child(drawn: tuple[int, float]) -> None:
    source = random.Random(drawn[0])
    values = with_less(
        {**whole_child(source), **dict.fromkeys(AGES, 100), "age_months_now": 3, "age_months_at_diagnosis": 3}, 0.3, source
    )
    values["age_days_at_diagnosis"] = 100
    shown = answers(outlook(child(values)))
    for outcome in knowledge().outcomes:
        if outcome.population != "comparator" and outcome.section and outcome.statement.id not in shown:
            assert expected(outcome.statement, values) is False


@given(children)
@EXAMPLES_TRIED
def test_therapies_with_fewer_facts(drawn: tuple[int, float]) -> None:
    source = random.Random(drawn[0])
    whole = whole_child(source)
    less = with_less(whole, drawn[1], source)
    parts = zip(*((p for t in therapies(v, knowledge()) for p in t.parts) for v in (less, whole)), strict=True)
    assert all(fits(fewer.verdict, more.verdict) for fewer, more in parts)
    known = {s.id: s for s in knowledge().evidence.statements}
    for therapy in therapies_data(therapies(less, knowledge()), child(less))["therapies"]:
        for part in therapy["parts"]:
            rule = known[part["id"]].rule
            assert rule is not None
            found = verdict(rule, less)
            says = say_verdict(None if part["beyond"] and found else found)
            assert part["about_this_child"] == part["verdict"] == says


@given(children)
@EXAMPLES_TRIED
def test_trials_with_fewer_facts(drawn: tuple[int, float]) -> None:
    source = random.Random(drawn[0])
    whole = whole_child(source)
    less = with_less(whole, drawn[1], source)
    sure = {r.trial.id: r for r in trials(whole, knowledge())}
    for result in trials(less, knowledge()):
        more = sure[result.trial.id]
        assert result.may_enter in ("undetermined", more.may_enter), result.trial.id
        assert all(fits(c.met, m.met) for c, m in zip(result.criteria, more.criteria, strict=True))
        assert not result.too_late or more.too_late
    for trial in trials_data(trials(less, knowledge()), child(less))["trials"]:
        met = [c["met"] for c in trial["criteria"] if c["met"] != "not judged"]
        assert trial["meets"] != "yes" or set(met) == {"yes"}
        assert trial["meets"] == "no" or "no" not in met


@given(children)
@EXAMPLES_TRIED
def test_a_trial_and_its_protocol_never_contradict_each_other(drawn: tuple[int, float]) -> None:
    source = random.Random(drawn[0])
    values = with_less(whole_child(source), drawn[1], source)
    for result in trials(values, knowledge()):
        if result.trial.protocol and not result.too_late:
            outcomes = possible_outcomes(knowledge().protocols[result.trial.protocol].eligibility_diagram, values)
            assert result.may_enter in (*(outcomes if len(outcomes) == 1 else ()), "undetermined"), result.trial.id


def test_a_trial_of_first_treatment_waits_for_whether_there_was_a_relapse() -> None:
    values = {**assessed().values, "relapse_recorded": None}
    first = [r for r in trials(values, knowledge()) if r.trial.line == "first"]
    assert first
    assert all(r.may_enter != "yes" and "relapse_recorded" in r.would_tell for r in first)


@pytest.mark.parametrize("seed", range(3))
def test_the_sql_of_every_definition_is_the_interpreters_answer(seed: int) -> None:
    source = random.Random(seed)
    rows = [_plain(with_less(whole_child(source), 0.3, source)) for _ in range(60)]
    names = [*asked()]
    rules = _distinct(s.rule for s in knowledge().evidence.statements)
    connection = duckdb.connect()
    facts = knowledge().vocabulary.facts
    kinds = ", ".join(f'"{name}" {"VARCHAR" if facts[name].values else "DOUBLE"}' for name in names)
    connection.execute(f"CREATE TABLE infants (n INTEGER, {kinds})")
    marks = ", ".join("?" for _ in range(len(names) + 1))
    connection.executemany(f"INSERT INTO infants VALUES ({marks})", [[i, *map(row.get, names)] for i, row in enumerate(rows)])
    columns = {name: sql.quoted(name) for name in names}
    answered = connection.execute(
        f"SELECT {', '.join(sql.condition(r, columns) for r in rules)} FROM infants ORDER BY n"
    ).fetchall()
    for row, found in zip(rows, answered, strict=True):
        for rule, answer in zip(rules, found, strict=True):
            assert answer is verdict(rule, row), rule


def _plain(values: Mapping[str, Value]) -> dict[str, Value]:
    """As a table holds it: no interval and no choice."""
    return {name: None if isinstance(value, Interval | Choice) else value for name, value in values.items()}


def _distinct(rules: Iterable[tree.Rule | None]) -> list[tree.Rule]:
    return list(dict.fromkeys(rule for rule in rules if rule is not None))
