"""Words and advice that must not reach the parents of a baby, looked for sentence by sentence.

Advice written for older children is wrong or dangerous under 12 months (a thermometer in the mouth, rinse and spit, honey), and
some words hurt or mislead (promising, battle, a percentage without its babies). The phrases are data: one file for each language
in ``knowledge/data/guide/unsafe-phrases``, so that a reviewer who writes no code can add one. Looking is all this module does; it
decides nothing about a text's medicine.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

NEGATION = "not"
"""The id of the entry that holds a language's words for *not*; ``{not}`` in an ``allowed_if`` stands for its pattern."""

_NOT = "{not}"
_NEGATED_PLACE = re.compile(r"\bdo_not\b")
_SENTENCE_END = re.compile(r"(?<=[.!?؟؛;…])[\"'”»)]*\s+|\n+|,?\s+(?=(?:but|pero|و?لكن)\s)")
_ARABIC_MARKS = re.compile(r"[\u0610-\u061a\u064b-\u065f\u0670\u0640]")
_ARABIC_FORMS = str.maketrans("أإآٱىة٠١٢٣٤٥٦٧٨٩", "اااايه0123456789")


@dataclass(frozen=True, slots=True)
class Phrase:
    """Something that is not said to these parents, as its file has it.

    Attributes:
        id: its name in the file.
        pattern: a regular expression of what it looks like, in any case of letters.
        because: why it is not said and what to say instead.
        allowed_if: a sentence in which one of these is found is fine. A phrase without any is never said.
    """

    id: str
    pattern: str
    because: str
    allowed_if: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _LookedFor:
    phrase: Phrase
    pattern: re.Pattern[str]
    allowed_if: tuple[re.Pattern[str], ...]


@lru_cache(maxsize=16)
def _compiled(phrases: tuple[Phrase, ...]) -> tuple[_LookedFor, ...]:
    negation = next((phrase.pattern for phrase in phrases if phrase.id == NEGATION), "(?!)")
    return tuple(
        _LookedFor(
            phrase,
            _expression(phrase.pattern),
            tuple(_expression(allowed.replace(_NOT, f"(?:{negation})")) for allowed in phrase.allowed_if),
        )
        for phrase in phrases
        if phrase.id != NEGATION
    )


def _expression(pattern: str) -> re.Pattern[str]:
    return re.compile(plain(pattern), re.IGNORECASE)


def plain(text: str) -> str:
    """Text as it is compared: composed accents, straight quotes, Arabic without vowel marks and in one form of each letter.

    Two spellings of one word would otherwise let an unsafe sentence through.
    """
    text = unicodedata.normalize("NFC", text).replace("’", "'").replace("\u00a0", " ").replace("\u202f", " ")
    return _ARABIC_MARKS.sub("", text).translate(_ARABIC_FORMS)


def sentences_of(text: str) -> Iterator[str]:
    """The sentences of a line, parted at *but* too: a *not* before it excuses nothing after it.

    A colon parts nothing: what follows it still stands under its *never*.
    """
    for part in _SENTENCE_END.split(text):
        if part.strip():
            yield part.strip()


def lint_lines(lines: Iterable[tuple[str, str]], phrases: Iterable[Phrase]) -> list[tuple[str, str, str]]:
    """What must not be said, in lines that come with their place.

    A line whose place names ``do_not`` stands under a heading that already says *do not*, so a phrase that a *not* excuses is
    fine there.

    Returns:
        The place, what was found and in which sentence, and why it is not said.
    """
    looked_for = _compiled(tuple(phrases))
    return [
        (place, f"'{found}' in '{sentence}'", because)
        for place, line in lines
        for sentence in sentences_of(line)
        for found, because in _found(sentence, looked_for, negated=bool(_NEGATED_PLACE.search(place)))
    ]


def _found(sentence: str, looked_for: Iterable[_LookedFor], *, negated: bool) -> Iterator[tuple[str, str]]:
    said = plain(sentence)
    for item in looked_for:
        match = item.pattern.search(said)
        if match is None or (negated and _NOT in item.phrase.allowed_if):
            continue
        if not any(allowed.search(said) for allowed in item.allowed_if):
            yield match.group().strip(), item.phrase.because
