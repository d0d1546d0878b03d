"""The words round a guide's text, in the reader's language: buttons, labels, dates and temperatures.

The words stand in ``locale/<language>.po`` and are read at run time. English is the key: where a language lacks a string, the
English is shown. ``en.po`` is the list of all strings; ``python tests/helpers/catalogues.py`` adds those of new pages.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Literal

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from infantall.family.booklet import Said

Direction = Literal["ltr", "rtl"]

_LOCALES = {"en": "en_GB"}
"""How dates and numbers are written, where that is not the language's own usage."""


@dataclass(frozen=True, slots=True)
class Interface:
    """The interface in one language.

    Attributes:
        language: a language of the ``locale`` folder.
        direction: ``ltr`` or ``rtl``.
    """

    language: str
    direction: Direction
    _words: Mapping[str, str] = field(repr=False)
    _locale: Locale = field(repr=False)

    def knows(self, english: str) -> bool:
        """Whether the string is written in this language."""
        return self.language == "en" or english in self._words

    def say(self, english: str, **values: object) -> str:
        """The string in this language, else in English; ``{name}`` in it is filled from the values."""
        words = self._words.get(english, english)
        return words.format(**values) if values else words

    def said(self, english: str, **values: object) -> Said:
        """The same with the language it came out in."""
        return Said(self.say(english, **values), self.language if self.knows(english) else "en")

    def date(self, date: datetime.date) -> str:
        """A day in words: 3 May 2026, 3 de mayo de 2026, 3 مايو 2026. Digits are Western everywhere."""
        return format_date(date, "long", locale=self._locale)

    def temperature(self, celsius: float) -> str:
        """Both scales, one decimal: 38.0 °C (100.4 °F)."""
        return f"{self._degrees(celsius)} °C ({self._degrees(celsius * 9 / 5 + 32)} °F)"

    def _degrees(self, value: float) -> str:
        return format_decimal(round(value, 1), format="0.0", locale=self._locale, numbering_system="latn")


def languages() -> tuple[str, ...]:
    """The languages of the ``locale`` folder, English first."""
    found = {entry.name.removesuffix(".po") for entry in _folder().iterdir() if entry.name.endswith(".po")}
    return ("en", *sorted(found - {"en"}))


@cache
def interface(language: str) -> Interface:
    """The interface in a language; a variant such as ``es-MX`` is served by its language.

    Raises:
        ValueError: for a language without a catalogue.
    """
    base = language.replace("_", "-").split("-")[0].lower()
    if base not in languages():
        raise ValueError(f"no interface in {language!r}; there is one in {', '.join(languages())}")
    return Interface(base, direction(base), _catalogue(base), Locale.parse(_LOCALES.get(base, base)))


def untranslated(language: str) -> tuple[str, ...]:
    """The strings that show in English because this language lacks them."""
    words = interface(language)
    return tuple(english for english in _strings() if not words.knows(english))


@cache
def direction(language: str) -> Direction:
    """The direction in which a language (BCP 47) is written; left to right where it is not known."""
    try:
        return "rtl" if Locale.parse(language, sep="-").text_direction == "rtl" else "ltr"
    except (UnknownLocaleError, ValueError):
        return "ltr"


def counted(words: Interface, label: Said, count: int, total: int) -> str:
    """A legend with its count, unless the label tells it already."""
    told = re.findall(r"\d+", label.text)
    return (
        label.text if str(count) in told else words.say("{name}: {count} of {total}", name=label.text, count=count, total=total)
    )


def _folder() -> Traversable:
    return files(__package__) / "locale"


@cache
def _strings() -> tuple[str, ...]:
    return tuple(_read("en"))


def _catalogue(language: str) -> Mapping[str, str]:
    return {english: words for english, words in _read(language).items() if words}


@cache
def _read(language: str) -> Mapping[str, str]:
    """English and translation, in the order of the file; a fuzzy entry is no translation."""
    with (_folder() / f"{language}.po").open("rb") as stream:
        messages = [m for m in read_po(stream, locale=language) if m.id]
    return {str(m.id): "" if m.fuzzy else str(m.string) for m in messages}
