"""YAML read strictly and safely, remembering the line of every value.

The YAML that clinicians and knowledge writers need is small: mappings, lists, text, numbers, dates. Everything else in the
standard is refused with a plain message: tags (which can name Python objects), anchors and aliases (which make "YAML
bombs"), several documents, and the same key twice. ``yes``, ``no``, ``on`` and ``off`` are words, as in YAML 1.2, so that
the key ``on:`` is a key and a sex of ``no`` is not a boolean.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

import yaml

from .problems import InputError, Problem

MAX_DEPTH = 30
MAX_DIGITS = 40

_LOADER: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]*)$")
_FLOAT = re.compile(r"[-+]?(([0-9]+\.[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?|[0-9]+[eE][-+]?[0-9]+)$")
_DATE = re.compile(r"\d{4}-\d{1,2}-\d{1,2}$")
_WORDS: dict[str, bool | None] = {
    "true": True, "True": True, "TRUE": True,
    "false": False, "False": False, "FALSE": False,
    "null": None, "Null": None, "NULL": None, "~": None, "": None,
}  # fmt: skip
_NOT_A_NUMBER = {".nan": "nan", ".inf": "inf", "+.inf": "inf", "-.inf": "-inf"}


class Places(dict[tuple[str | int, ...], int]):
    """The line (from 1) on which each value stands, by its path: ``("findings", 3, "unit")``."""

    def say(self, path: tuple[str | int, ...]) -> str:
        """The path in words, with the nearest known line: ``findings[3].unit (line 12)``."""
        text = ""
        for part in path:
            text += f"[{part}]" if isinstance(part, int) else (f".{part[:40]}" if text else part[:40])
        known = path
        while known and known not in self:
            known = known[:-1]
        line = self.get(known)
        if line is None:
            return text or "the file"
        return f"{text} (line {line})" if text else f"line {line}"


def read_yaml(text: str) -> tuple[Any, Places]:
    """The value of a YAML text, and the line of each part.

    Raises:
        InputError: with one problem naming line and column.
    """
    places = Places()
    try:
        events = iter(yaml.parse(text, Loader=_LOADER))
        value = _document(events, places)
    except UnicodeEncodeError:
        raise InputError([Problem("the file", "half a character (a lone surrogate)", "whole characters")]) from None
    except yaml.MarkedYAMLError as error:
        raise InputError([_yaml_problem(error)]) from None
    except yaml.reader.ReaderError as error:
        raise InputError([_character_problem(text, error)]) from None
    except yaml.YAMLError as error:
        raise InputError([Problem("the file", f"text that is no YAML ({error})", "readable YAML")]) from None
    return value, places


def _document(events: Iterator[Any], places: Places) -> Any:
    value: Any = None
    documents = 0
    for event in events:
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                _refuse(event, "a second YAML document in one file", "one document a file")
            value = _value(next(events), events, (), places)
    return value


def _value(event: Any, events: Iterator[Any], path: tuple[str | int, ...], places: Places) -> Any:
    if len(path) > MAX_DEPTH:
        _refuse(event, f"values nested more than {MAX_DEPTH} deep", "a record of a few levels")
    if isinstance(event, yaml.AliasEvent):
        _refuse(event, "a YAML alias (*name)", "every value written out where it stands")
    _refuse_marks(event)
    places[path] = event.start_mark.line + 1
    if isinstance(event, yaml.ScalarEvent):
        return _scalar(event)
    if isinstance(event, yaml.SequenceStartEvent):
        return _sequence(events, path, places)
    return _mapping(events, path, places)


def _refuse_marks(event: Any) -> None:
    if event.anchor is not None:
        _refuse(event, "a YAML anchor (&name)", "every value written out where it stands")
    if event.tag not in (None, "!", "tag:yaml.org,2002:str"):
        _refuse(event, f"a YAML tag ({event.tag})", "plain values without tags")


def _sequence(events: Iterator[Any], path: tuple[str | int, ...], places: Places) -> list[Any]:
    values: list[Any] = []
    for event in events:
        if isinstance(event, yaml.SequenceEndEvent):
            break
        values.append(_value(event, events, (*path, len(values)), places))
    return values


def _mapping(events: Iterator[Any], path: tuple[str | int, ...], places: Places) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for event in events:
        if isinstance(event, yaml.MappingEndEvent):
            break
        if not isinstance(event, yaml.ScalarEvent):
            _refuse(event, "a key that is not a word", "a name before the colon")
        _refuse_marks(event)
        key = event.value
        if key in values:
            _refuse(event, f"the key '{key[:40]}' twice in one place", "each key once")
        values[key] = _value(next(events), events, (*path, key), places)
    return values


def _scalar(event: Any) -> Any:
    text: str = event.value
    if not event.implicit[0] or event.tag is not None:  # quoted, block, or tagged as text
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.match(text):
        return _number(event, int, text)
    if _FLOAT.match(text):
        return _number(event, float, text)
    if text.lower() in _NOT_A_NUMBER:
        return float(_NOT_A_NUMBER[text.lower()])
    if _DATE.match(text):
        try:
            return dt.date(*map(int, text.split("-")))
        except ValueError:
            return text  # whoever wanted a date says that this is none
    return text


def reads_as_text(text: str) -> bool:
    """Whether a text without quotes is read as that text, and not as a number, a date or nothing."""
    number = _INTEGER.match(text) or _FLOAT.match(text) or text.lower() in _NOT_A_NUMBER
    return not number and text not in _WORDS and not _DATE.match(text)


def _number(event: Any, kind: type, text: str) -> Any:
    if len(text) > MAX_DIGITS:
        _refuse(event, f"a number of more than {MAX_DIGITS} characters", "a number a laboratory would print")
    return kind(text)


def _refuse(event: Any, found: str, expected: str) -> None:
    mark = event.start_mark
    raise InputError([Problem(f"line {mark.line + 1}, column {mark.column + 1}", found, expected)])


def _character_problem(text: str, error: yaml.reader.ReaderError) -> Problem:
    """A character that YAML does not allow, such as a NUL."""
    line = text.count("\n", 0, max(text.find(chr(error.character)), 0)) + 1
    return Problem(f"line {line}", f"the control character #x{error.character:04x}", "printable text")


def _yaml_problem(error: yaml.MarkedYAMLError) -> Problem:
    mark = error.problem_mark or error.context_mark
    place = f"line {mark.line + 1}, column {mark.column + 1}" if mark else "the file"
    return Problem(place, f"text that is no YAML ({error.problem or error.context})", "readable YAML")
