"""Why a topic is shown to a family or not, for the person who prepares the guide."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from infantall.facts.values import Value
from infantall.facts.vocabulary import Vocabulary
from infantall.family.choose import ACTIVE, Chosen, Selection
from infantall.rules import english
from infantall.rules.interpret import Explanation

_JOINED = {"all": "all of these", "any": "any of these", "not": "not this"}
_WORDS = {True: "yes", False: "no", None: "not known"}


def reason_text(chosen: Chosen, selection: Selection, values: Mapping[str, Value], vocabulary: Vocabulary) -> str:
    """The rule of a topic, its verdict, and every part of it with what it was decided on."""
    topic, statement = chosen.topic, chosen.topic.statement
    sources = ", ".join(dict.fromkeys(citation.source for citation in statement.citations))
    lines = [
        f"{topic.id}: {_said(chosen, selection)}",
        f"Rule: {statement.rule_text}",
        *_parts(chosen.explanation(values), values, vocabulary, 1),
        f"Sources: {sources} ({statement.confidence}; {statement.review or 'not reviewed'})",
    ]
    return "\n".join(lines) + "\n"


def _said(chosen: Chosen, selection: Selection) -> str:
    """What became of the topic for this family, from the selection itself."""
    identifier = chosen.topic.id
    if any(c.topic.id == identifier for c in selection.shown):
        return "shown" if chosen.verdict is not None else "shown, because it is not known and missing it could harm"
    if any(c.topic.id == identifier for c in selection.offered):
        return "offered by its title" if chosen.verdict is True else "named among more topics, because it is not known"
    if any(c.topic.id == identifier for c in selection.story):
        return "in the whole story only"
    if selection.state != ACTIVE:
        return f"not shown: the guide is {selection.state}"
    return "not shown"


def _parts(why: Explanation, values: Mapping[str, Value], vocabulary: Vocabulary, depth: int) -> Iterator[str]:
    if why.leaf is None:
        yield f"{'  ' * depth}{_WORDS[why.verdict]}: {_JOINED[why.kind]}"
    else:
        read = "; ".join(_value(name, values, vocabulary) for name in why.facts)
        yield f"{'  ' * depth}{_WORDS[why.verdict]}: {english.sentence(why.leaf, vocabulary)}" + (f" ({read})" if read else "")
    for part in why.parts:
        yield from _parts(part, values, vocabulary, depth + 1)


def _value(name: str, values: Mapping[str, Value], vocabulary: Vocabulary) -> str:
    fact, value = vocabulary.facts[name], values.get(name)
    return f"{fact.label}: {'not known' if value is None else english.say_value(value, fact)}"
