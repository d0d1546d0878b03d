"""The real protocols and judgements, on random children of whom some facts are missing."""

from __future__ import annotations

import random
from typing import Any

import pytest

from helpers.children import assessed, judged_values
from infantall.facts.values import is_known
from infantall.knowledge.library import NO_GROUP, Knowledge
from infantall.rules.ordered import possible_outcomes, settling_sets

NUMBERS: dict[str, list[float]] = {
    "age_days_at_diagnosis": [0, 30, 89, 90, 179, 180, 184, 300, 365, 366],
    "wbc_at_diagnosis": [10, 299.9, 300, 900],
    "mrd_end_of_induction": [0, 0.0004, 0.0005, 0.02],
    "day8_blasts": [0, 999, 1000],
    "marrow_blasts_end_of_induction": [1, 5, 30],
    "marrow_blasts_at_diagnosis": [10, 20, 25, 90],
    "csf_wbc": [0, 4, 5, 30],
    "csf_rbc": [0, 9, 10, 2000],
    "blood_rbc_at_diagnosis": [2.5, 3.5],
    "gestational_age": [34, 36, 40],
}
ALWAYS = [
    "age_days_at_diagnosis",
    "wbc_at_diagnosis",
    "mrd_end_of_induction",
    "gestational_age",
    "kmt2a_status",
    "kmt2a_partner",
    "mpo",
]
FINDINGS = [
    "day8_blasts", "marrow_blasts_end_of_induction", "marrow_blasts_at_diagnosis", "csf_wbc", "csf_rbc", "csf_blasts",
    "blood_rbc_at_diagnosis", "cd19", "cd3_cytoplasmic", "surface_immunoglobulin",
]  # fmt: skip
JUDGED = ["prednisone_response", "cns_disease", "lineage", "remission_end_of_induction"]
CHILDREN = 60


def value(name: str, source: random.Random, knowledge: Knowledge) -> Any:
    words = knowledge.vocabulary.facts[name].values
    return source.choice(words or NUMBERS.get(name) or [0, 5, 6])


def child(seed: int, knowledge: Knowledge) -> tuple[random.Random, dict[str, Any]]:
    """A child known by findings or by recorded judgements, never by both: those could contradict each other."""
    source = random.Random(seed)
    share = source.choice([0.2, 0.5, 0.8])
    names = [name for name in (*ALWAYS, *source.choice([FINDINGS, JUDGED])) if source.random() > share]
    return source, {name: value(name, source, knowledge) for name in names}


@pytest.mark.parametrize("seed", range(CHILDREN))
def test_filling_in_what_is_missing_never_leaves_the_possible_groups(seed: int, knowledge: Knowledge) -> None:
    source, given = child(seed, knowledge)
    before = judged_values(given, knowledge)
    for protocol in knowledge.protocols.values():
        if not protocol.stratified:
            continue
        possible = set(possible_outcomes(protocol.group_diagram, before))
        for _ in range(4):
            complete = {
                name: before[name] if is_known(before[name]) else pick(name, before[name], source, knowledge)
                for name in protocol.group_diagram.facts
            }
            (outcome,) = possible_outcomes(protocol.group_diagram, complete)
            assert outcome in possible, (protocol.id, given, complete)


def pick(name: str, partial: Any, source: random.Random, knowledge: Knowledge) -> Any:
    if partial is None:
        return value(name, source, knowledge)
    if hasattr(partial, "values"):
        return source.choice(sorted(partial.values))
    return source.choice([partial.low, partial.high])


@pytest.mark.parametrize("seed", range(CHILDREN))
def test_settling_sets_settle(seed: int, knowledge: Knowledge) -> None:
    source, given = child(seed, knowledge)
    values = judged_values(given, knowledge)
    for protocol in knowledge.protocols.values():
        if not protocol.stratified:
            continue
        for facts in settling_sets(protocol.group_diagram, values):
            filled = {**values, **{name: pick(name, values[name], source, knowledge) for name in facts}}
            assert len(possible_outcomes(protocol.group_diagram, filled)) == 1, (protocol.id, facts)


@pytest.mark.parametrize("seed", range(CHILDREN))
def test_what_would_settle_settles_when_it_is_recorded(seed: int, knowledge: Knowledge) -> None:
    """End to end: findings behind a judgement too. Each set that is offered, once recorded, leaves one outcome."""
    source, given = child(seed, knowledge)
    for result in assessed(given, knowledge).protocols:
        for facts in result.would_settle:
            recorded = {**given, **{name: value(name, source, knowledge) for name in facts if name not in given}}
            if len(recorded) == len(given):
                continue
            again = next(r for r in assessed(recorded, knowledge).protocols if r.protocol.id == result.protocol.id)
            assert again.eligible == "no" or len(again.possible) + len(again.without_group) == 1, (
                result.protocol.id,
                facts,
                recorded,
            )


@pytest.mark.parametrize("seed", range(CHILDREN))
def test_losing_a_fact_never_reassures(seed: int, knowledge: Knowledge) -> None:
    """Without one of its facts a child keeps every group that was possible, and becomes eligible for nothing it was not."""
    _, given = child(seed, knowledge)
    silence = {"cd19", "mpo"}  # facts behind *_recorded facts: a silent record is documented to act (clarifications)
    before = assessed(given, knowledge)
    for name in given:
        if name in silence:
            continue
        after = assessed({key: known for key, known in given.items() if key != name}, knowledge)
        for old, new in zip(before.protocols, after.protocols, strict=True):
            if old.eligible != "no":
                assert set(old.possible) | set(old.without_group) <= set(new.possible) | set(new.without_group), (
                    name,
                    old.protocol.id,
                )
            assert not (new.eligible == "yes" and old.eligible != "yes"), (name, old.protocol.id)
            assert not (new.eligible == "no" and old.eligible != "no"), (name, old.protocol.id)
        assert not (after.established == "yes" and before.established != "yes"), name


def test_of_an_empty_child_nothing_is_said(knowledge: Knowledge) -> None:
    result = assessed({}, knowledge)
    assert result.established == "undetermined" and result.leukaemia_class is None
    for protocol in result.protocols:
        assert protocol.eligible == "undetermined" and protocol.group is None
        if protocol.protocol.stratified:
            assert set(protocol.possible) == set(protocol.protocol.group_labels)
            assert protocol.would_settle
            assert not any(outcome in NO_GROUP for outcome in protocol.possible)
