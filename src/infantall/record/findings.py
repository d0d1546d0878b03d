"""One value as somebody entered it, to the vocabulary's terms: names, categories, numbers in canonical units.

Shared by the record reader and by everything else that takes values from outside. Errors are :class:`ValueRefusedError`: what was
found and what was expected; the caller knows the place.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from infantall.facts.units import UnitError, exactly
from infantall.facts.values import Interval, Value, below
from infantall.facts.vocabulary import Extra, FindingDefinition, Vocabulary
from infantall.rules.english import say_number
from infantall.text.problems import did_you_mean, nearest, one_of

_LIMIT = re.compile(r"\s*(<=|>=|<|>|≤|≥)\s*([0-9.eE+-]+)\s*$")
_RENAMED = {"≤": "<=", "≥": ">="}


class ValueRefusedError(ValueError):
    """A value that cannot be taken: what was found, what was expected."""

    def __init__(self, key: str, found: str, expected: str) -> None:
        super().__init__(f"{found}; expected {expected}")
        self.key = key
        self.found = found
        self.expected = expected


def finding_definition(name: Any, vocabulary: Vocabulary) -> FindingDefinition:
    """The definition behind a name or one of its other spellings."""
    if not isinstance(name, str) or not name.strip():
        raise ValueRefusedError("what", _say(name), "the name of a finding")
    known = vocabulary.finding_names.get(name.strip().lower().replace(" ", "_").replace("-", "_"))
    if known is None:
        names = vocabulary.findings if nearest(name, vocabulary.findings) else vocabulary.finding_names
        expected = "a finding of the vocabulary" + did_you_mean(name, names)
        raise ValueRefusedError("what", f"the unknown finding '{name[:40]}'", expected)
    return vocabulary.findings[known]


def category_value(value: Any, definition: FindingDefinition, vocabulary: Vocabulary) -> tuple[str | None, str]:
    """A category's value, or None with the word that stands for "no result"."""
    if isinstance(value, bool) and {"yes", "no"} <= set(definition.values):
        return ("yes" if value else "no"), ""
    if value is None:
        return None, ""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)  # CNS status 1, written without quotes
    if not isinstance(value, str):
        raise ValueRefusedError("value", _say(value), one_of(definition.values))
    text = value.strip()
    folded = text.lower().replace("-", "_").replace(" ", "_")
    by_word = {word.lower(): word for word in definition.values}
    word = by_word.get(text.lower()) or by_word.get(folded)
    word = word or definition.value_aliases.get(text.lower()) or definition.value_aliases.get(folded)
    if word is not None:
        return word, ""
    if is_absent(text, vocabulary):
        return None, text
    expected = one_of(definition.values) + did_you_mean(text, (*definition.values, *definition.value_aliases))
    raise ValueRefusedError("value", f"'{text[:40]}'", expected)


def is_absent(text: str, vocabulary: Vocabulary) -> bool:
    """Whether a text stands for "no result": unknown, never negative and never not evaluable."""
    return text.strip().lower().replace("_", " ") in vocabulary.absent_words


def number_value(
    value: Any,
    unit: Any,
    definition: FindingDefinition,
    vocabulary: Vocabulary,
    extra: Mapping[str, Any],
    name: str = "",
) -> tuple[Value, str]:
    """A number in the canonical unit (an Interval for ``<10`` or a negative result), and the word that stood in its place."""
    if value is None:
        return None, ""
    if isinstance(value, str):
        limit = _LIMIT.match(value)
        if limit:
            return _limited(limit, unit, definition, vocabulary, name), ""
        return _word(value, definition, vocabulary, extra)
    return _converted(value, unit, definition, vocabulary, name), ""


def _word(text: str, definition: FindingDefinition, vocabulary: Vocabulary, extra: Mapping[str, Any]) -> tuple[Value, str]:
    folded = text.strip().lower()
    word = folded.replace(" ", "_") if folded.replace(" ", "_") in definition.words else definition.value_aliases.get(folded)
    if word in definition.words and word is not None:
        return _meaning(word, extra), word
    if is_absent(text, vocabulary):
        return None, text.strip()
    expected = f"a number in {definition.unit}" + (f", or {one_of(definition.words)}" if definition.words else "")
    raise ValueRefusedError("value", f"the text '{text[:40]}'", expected)


def _meaning(word: str, extra: Mapping[str, Any]) -> Value:
    """What a word says about the number: a negative MRD lies below its sensitivity; where none is stated it stays open."""
    if word == "negative" and extra.get("sensitivity"):
        return Interval(0.0, below(extra["sensitivity"]))
    if word == "positive_not_quantifiable":
        limit = extra.get("quantitative_range")
        return Interval(math.nextafter(0.0, 1.0), below(limit) if limit else 1.0)
    return None


def _limited(limit: re.Match[str], unit: Any, definition: FindingDefinition, vocabulary: Vocabulary, name: str) -> Interval:
    """``<10`` and its kin, as laboratories print a value beyond what they can measure."""
    op = _RENAMED.get(limit[1], limit[1])
    try:
        number = float(limit[2])
    except ValueError:
        raise ValueRefusedError("value", f"'{limit[0].strip()[:40]}'", f"a number in {definition.unit}") from None
    bound = _converted(number, unit, definition, vocabulary, name)
    low, high = definition.bounds or (-math.inf, math.inf)
    if op in ("<", "<="):
        return Interval(min(low, bound), below(bound) if op == "<" and bound > low else bound)
    return Interval(math.nextafter(bound, math.inf) if op == ">" and bound < high else bound, max(high, bound))


def _converted(value: Any, unit: Any, definition: FindingDefinition, vocabulary: Vocabulary, name: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float | Fraction):
        raise ValueRefusedError("value", _say(value), f"a number in {definition.unit}")
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueRefusedError("value", "a value that is not a number", f"a number in {definition.unit}, or nothing")
    if unit is None or (isinstance(unit, str) and not unit.strip()):
        raise ValueRefusedError("unit", "no unit", _units(definition, vocabulary))
    if isinstance(unit, list | dict):
        raise ValueRefusedError("unit", _say(unit), _units(definition, vocabulary))
    unit = str(unit)
    reason = vocabulary.units.why_refused(unit, definition.dimension)
    if reason:
        raise ValueRefusedError("unit", f"'{unit[:20]}'", f"another spelling. {reason}")
    try:
        number = vocabulary.units.to_canonical(definition, value, unit, name)
    except UnitError:
        raise ValueRefusedError("unit", f"'{unit[:20]}'", _units(definition, vocabulary)) from None
    except OverflowError:
        raise ValueRefusedError("value", "a number too large to be real", f"a number in {definition.unit}") from None
    _check_bounds(number, definition)
    return number


def _check_bounds(number: float, definition: FindingDefinition) -> None:
    if definition.bounds is None:
        return
    low, high = definition.bounds
    if not low <= number <= high:
        unit = definition.unit
        expected = f"{definition.label} from {say_number(low, '')} to {say_number(high, unit)}"
        note = f"; {definition.bounds_note}" if definition.bounds_note else ""
        raise ValueRefusedError("value", f"{say_number(number, unit)}, which is not possible", expected + note)


def _units(definition: FindingDefinition, vocabulary: Vocabulary) -> str:
    return f"a unit of {definition.label}: {', '.join(vocabulary.units.units_of(definition)[:6])}"


def extra_value(key: str, value: Any, definition: FindingDefinition, vocabulary: Vocabulary) -> Any:
    """The value of a further key of a finding: a method, a specimen, a sensitivity."""
    if value is None:
        return None
    if key == "method":
        return _listed("method", value, definition.methods, definition.method_aliases, open_list=not definition.methods)
    extra = vocabulary.extras.get(key, Extra("text"))
    if extra.type == "category":
        return _listed(key, value, extra.values, extra.aliases, open_list=False)
    if extra.type == "number":
        return _extra_number(key, value, extra)
    return str(value)


def _extra_number(key: str, value: Any, extra: Extra) -> float:
    if not is_finite_number(value):
        raise ValueRefusedError(key, _say(value), f"a number ({'a fraction: 0.0001' if extra.unit == '1' else extra.unit})")
    number = float(exactly(value))
    if extra.bounds and not extra.bounds[0] <= number <= extra.bounds[1]:
        raise ValueRefusedError(key, _say(value), f"a number from {extra.bounds[0]} to {extra.bounds[1]}")
    return number


def _listed(key: str, value: Any, values: tuple[str, ...], aliases: Mapping[str, str], *, open_list: bool) -> str:
    text = str(value).strip()
    found = next((v for v in values if v.lower() == text.lower()), None) or aliases.get(text.lower())
    if found is None and not open_list:
        raise ValueRefusedError(key, f"'{text[:40]}'", one_of(values) + did_you_mean(text, (*values, *aliases)))
    return found or text


def is_finite_number(value: Any) -> bool:
    """Whether a value is a number that a float can hold."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    try:
        return math.isfinite(value)
    except OverflowError:  # an integer of hundreds of digits
        return False


def _say(value: Any) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, list | dict):
        return "a list" if isinstance(value, list) else "a mapping"
    return f"'{str(value)[:40]}'"
