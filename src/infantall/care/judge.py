"""Facts that are judgements over other facts: prednisone response, CNS status, lineage, marrow class, …

Each is an ordered set of rules of the knowledge. A value recorded directly stands beside the rules' answer; where the two
contradict each other the fact is open between them.
"""

from __future__ import annotations

from collections.abc import Mapping

from infantall.facts.values import Choice, Value, is_known
from infantall.facts.vocabulary import FactDefinition
from infantall.knowledge.library import NOT_COVERED, UNDEFINED, Judgement, Knowledge
from infantall.record.derive import Reading
from infantall.rules.english import say_value
from infantall.rules.ordered import possible_outcomes


def judge(readings: Mapping[str, Reading], knowledge: Knowledge) -> dict[str, Reading]:
    """All readings, with every judgement made. Judgements that rest on others come after them."""
    judged = dict(readings)
    values: dict[str, Value] = {name: reading.value for name, reading in readings.items()}
    for judgement in knowledge.judgements:
        definition = knowledge.vocabulary.facts[judgement.fact]
        reading = _judged(judgement, definition, values, judged[judgement.fact])
        judged[judgement.fact] = reading
        values[judgement.fact] = reading.value
    return judged


def _judged(judgement: Judgement, definition: FactDefinition, values: Mapping[str, Value], recorded: Reading) -> Reading:
    by_rules = judged_value(judgement, definition, values)
    if recorded.value is None:
        return Reading(by_rules, judged=True)
    merged = combined(definition, recorded.value, by_rules)
    if merged == recorded.value:
        return recorded
    if is_known(merged):
        return Reading(merged, recorded.findings, recorded.notices, judged=True)
    text = (
        f"{definition.label[:1].upper()}{definition.label[1:]} is recorded as {say_value(recorded.value, definition)}, but the "
        f"findings give {say_value(by_rules, definition)}. Both stand, so it is open between them."
    )
    return Reading(merged, recorded.findings, (*recorded.notices, text), judged=True)


def judged_value(judgement: Judgement, definition: FactDefinition, values: Mapping[str, Value]) -> Value:
    """What the rules alone give: a value, a choice of those still possible, or None.

    Values that no rule gives (``not_evaluable``) can only be recorded; while the rules leave the fact open they stay possible.
    """
    outcomes = possible_outcomes(judgement.diagram, values)
    if NOT_COVERED in outcomes or UNDEFINED in outcomes:
        return None
    if len(outcomes) == 1:
        return outcomes[0]
    possible = {*outcomes, *(set(definition.values) - set(judgement.given))}
    return None if possible == set(definition.values) else Choice(frozenset(possible))


def combined(definition: FactDefinition, recorded: Value, by_rules: Value) -> Value:
    """A recorded judgement together with what the rules give."""
    said = _words(recorded, definition)
    found = _words(by_rules, definition)
    both = said & found
    words = both or (said | found)
    if len(words) == 1:
        return next(iter(words))
    return None if words == set(definition.values) else Choice(frozenset(words))


def _words(value: Value, definition: FactDefinition) -> set[str]:
    if value is None:
        return set(definition.values)
    return set(value.values) if isinstance(value, Choice) else {str(value)}


def possible_words(fact: str, values: Mapping[str, Value], knowledge: Knowledge) -> tuple[str, ...]:
    """The values of a judgement that are still possible by its rules, in the vocabulary's order; what is shown to people.

    Stricter than the fact's own value, which is wholly open as soon as some result could leave the judgement undefined.
    """
    definition, value = knowledge.vocabulary.facts[fact], values.get(fact)
    if isinstance(value, Choice):
        return tuple(word for word in definition.values if word in value.values)
    if value is not None:
        return (str(value),)
    outcomes = possible_outcomes(knowledge.judgement_of[fact].diagram, values)
    return tuple(word for word in definition.values if word in outcomes)
