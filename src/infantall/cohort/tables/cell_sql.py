"""What one cell means, as SQL: the rules of :mod:`infantall.record.table`, value by value, in any engine.

Three steps a column. *Stripped*: text without surrounding white space; NULL for a blank and for words that mean "no result".
*Read*: the category's own word, or the number. *Value*: a number that is possible; NaN, infinities and impossible numbers
(sentinels such as −9) are NULL.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from infantall.facts.vocabulary import FactDefinition, Vocabulary
from infantall.record.table import MAX_CELL, possible_range
from infantall.rules.sql import literal

WHITE = "".join(
    map(chr, [*range(9, 14), *range(28, 33), 0x85, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x2028, 0x2029, 0x202F, 0x205F, 0x3000])
)
MISSING_IN_TEXT = ("", "na", "n/a", "nan", "null", "#n/a")  # what statistics programs write; 'none' and 'unknown' may be levels
_NUMBER = "^[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?$"
_NOT_FINITE = "^[+-]?(inf|infinity|nan)$"
_OTHER_DIGITS = (0x0660, 0x06F0, 0x0966, 0xFF10)  # Arabic-Indic, Persian, Devanagari, full-width


def stripped(sql: str) -> str:
    """Text without the white space around it."""
    ends = f"{begins_plainly(sql)} AND right({sql}, 1) BETWEEN '!' AND '~'"  # most cells: nothing to take away
    return f"(CASE WHEN {ends} THEN {sql} ELSE trim({sql}, {literal(WHITE)}) END)"


def begins_plainly(sql: str) -> str:
    """Whether text begins with a printable character of ASCII: compared as text, which costs next to nothing."""
    return f"({sql} >= '!' AND {sql} < '\x7f')"


def lowered(sql: str) -> str:
    """Lower case, the Turkish capital as Python has it in every engine."""
    return f"lower(replace({sql}, 'İ', 'i̇'))"


def unless(sql: str, words: Iterable[str]) -> str:
    """The text, NULL where it is one of these words (in lower case)."""
    known = sorted(words)
    test = f"{lowered(sql)} IN ({', '.join(map(literal, known))})"
    if not any(word[:1].isdigit() for word in known):  # what begins with a digit is none of them
        return f"CASE WHEN {sql} >= '0' AND {sql} < ':' THEN {sql} WHEN {test} THEN NULL ELSE {sql} END"
    return f"CASE WHEN {test} THEN NULL ELSE {sql} END"


def category_words(definition: FactDefinition, vocabulary: Vocabulary) -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
    """From lower-case text to the category's own word: its values; the same after blanks became underscores; other spellings."""
    by_word = {word.lower(): word for word in definition.values}
    finding = vocabulary.findings.get(str(definition.read.get("finding")))
    aliases: Mapping[str, str] = finding.value_aliases if finding is not None else {}
    return by_word, by_word, {text: word for text, word in aliases.items() if word in definition.values}


def read_category(sql: str, definition: FactDefinition, vocabulary: Vocabulary) -> str:
    """The category's own word for stripped text, NULL where it is none."""
    own, underscored, aliases = category_words(definition, vocabulary)
    low = lowered(sql)
    plain = _lookup(sql, {word: word for word in definition.values}, "NULL")  # most cells: no other step is taken
    slow = [_lookup(low, own, "NULL"), _lookup(f"replace(replace({low}, ' ', '_'), '-', '_')", underscored, "NULL")]
    slow += [_lookup(low, aliases, "NULL")] if aliases else []
    return f"COALESCE({', '.join([plain, *slow])})"


def _lookup(sql: str, words: Mapping[str, str], otherwise: str) -> str:
    cases = " ".join(f"WHEN {literal(text)} THEN {literal(word)}" for text, word in words.items())
    return f"CASE {sql} {cases} ELSE {otherwise} END"


def read_number(sql: str, *, decimal_comma: bool) -> str:
    """The number in stripped text, infinite where it is too large; NULL where it is none."""
    other = "".join(chr(zero + i) for zero in _OTHER_DIGITS for i in range(10))
    ours = "0123456789" * len(_OTHER_DIGITS)
    plain = f"CASE WHEN regexp_matches({sql}, '[^ -~]') THEN translate({sql}, '{other}', '{ours}') ELSE {sql} END"
    if decimal_comma:
        once = f"length({sql}) - length(replace({sql}, ',', '')) = 1"
        plain = f"CASE WHEN {once} THEN replace({plain}, ',', '.') ELSE {plain} END"
    is_number = f"length({sql}) <= {MAX_CELL} AND regexp_matches({plain}, '{_NUMBER}')"
    at_once = f"length({sql}) <= {MAX_CELL} AND regexp_matches({sql}, '{_NUMBER}')"  # most numbers
    return f"CASE WHEN {at_once} THEN TRY_CAST({sql} AS DOUBLE) WHEN {is_number} THEN TRY_CAST({plain} AS DOUBLE) END"


def says_not_finite(sql: str) -> str:
    """Whether stripped text is a word for a number that is none (``inf``)."""
    return f"regexp_matches(lower({sql}), '{_NOT_FINITE}')"


def possible(sql: str, definition: FactDefinition | None, vocabulary: Vocabulary) -> tuple[str, str]:
    """SQL for the value of a read number, and for whether it is finite but impossible."""
    finite = f"({sql} BETWEEN -1.7976931348623157e308 AND 1.7976931348623157e308)"
    if definition is None:
        return f"CASE WHEN {finite} THEN {sql} END", "FALSE"
    low, high = (literal(float(bound)) for bound in possible_range(definition, vocabulary))
    inside = f"({sql} BETWEEN {low} AND {high})"
    return f"CASE WHEN {inside} THEN {sql} END", f"({finite} AND NOT {inside})"
