"""Profiles: infants whom no rule can tell apart, as one number (or a few) a row.

Each column is cut into the few cells that the rules distinguish, and each cell has a code of a few bits. The codes of a row,
side by side, are its profile. Bits rather than digits: an OR needs no check for overflow, which makes it twice as fast.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from infantall.facts.vocabulary import FactDefinition
from infantall.rules.diagram import Variable
from infantall.rules.sql import age_limits, below, literal, quoted

WORD_BITS = 62  # a profile of more bits is split into several numbers: 128-bit integers are not everywhere
SHORT_BITS = 31


@dataclass(frozen=True)
class Part:
    """One column's (or one condition's) share of a profile.

    Attributes:
        name: the column it stands for among the profiles.
        values: SQL literals that stand for codes 0, 1, 2, …; the code after the last is unknown.
        tests: for a condition, SQL for TRUE and FALSE.
        cuts: for a number, where its cells begin, without the first.
        column: SQL of the column; empty for a condition.
    """

    name: str
    values: tuple[str, ...]
    column: str = ""
    cuts: tuple[float, ...] | None = None
    is_enum: bool = False
    test: str = ""

    @property
    def size(self) -> int:
        return len(self.values) + 1

    @property
    def bits(self) -> int:
        return (self.size - 1).bit_length()

    def code(self, weight: int, kind: str) -> str:
        """SQL for the code of a row, times ``weight``."""
        unknown = len(self.values) * weight
        if self.test:
            return f"(CASE WHEN {self.test} THEN 0 WHEN NOT {self.test} THEN {weight} ELSE {unknown} END)"
        if self.cuts is not None:
            return f"(CASE WHEN {self.column} IS NULL THEN {unknown} ELSE {_which_cell(self.column, self.cuts, 0, weight)} END)"
        if self.is_enum:
            return f"COALESCE(CAST(enum_code({self.column}) AS {kind}) * {weight}, {unknown})"
        cases = " ".join(f"WHEN {word} THEN {i * weight}" for i, word in enumerate(self.values))
        return f"(CASE {self.column} {cases} ELSE {unknown} END)"

    def decoded(self, code: str) -> str:
        """SQL for the value that stands for a code."""
        cases = " ".join(f"WHEN {i} THEN {value}" for i, value in enumerate(self.values))
        return f"CASE {code} {cases} END AS {quoted(self.name)}"


@dataclass(frozen=True)
class Word:
    """One integer of a profile, and where in it each part has its bits."""

    name: str
    parts: tuple[tuple[Part, int], ...]

    @property
    def bits(self) -> int:
        return sum(part.bits for part, _ in self.parts)

    @property
    def kind(self) -> str:
        return "INTEGER" if self.bits <= SHORT_BITS else "BIGINT"

    @property
    def sql(self) -> str:
        """The word of a row of the table."""
        codes = " | ".join(part.code(1 << shift, self.kind) for part, shift in self.parts)
        return f"CAST({codes or '0'} AS {self.kind}) AS {self.name}"


def packed(parts: Sequence[Part]) -> tuple[Word, ...]:
    """The parts side by side, in as few words as hold them; at least one word."""
    words: list[list[tuple[Part, int]]] = [[]]
    used = 0
    for part in parts:
        if used + part.bits > WORD_BITS:
            words.append([])
            used = 0
        words[-1].append((part, used))
        used += part.bits
    return tuple(Word(f"profile{i}", tuple(word)) for i, word in enumerate(words))


def category_part(name: str, definition: FactDefinition, *, is_enum: bool) -> Part:
    """A category: one code a value."""
    return Part(name, tuple(literal(word) for word in definition.values), quoted(name), is_enum=is_enum)


def number_part(name: str, cuts: Sequence[float]) -> Part:
    """A number: cells between the cuts; each is stood for by a number inside it."""
    inside = [math.nextafter(cuts[0], -math.inf), *cuts] if cuts else [0.0]
    return Part(name, tuple(literal(value) for value in inside), quoted(name), tuple(cuts))


def condition_part(name: str, test: str) -> Part:
    """A condition over several facts."""
    return Part(name, ("TRUE", "FALSE"), test=test)


def _which_cell(column: str, cuts: Sequence[float], first: int, weight: int) -> str:
    """The code of the cell, by halving: few comparisons a row."""
    if not cuts:
        return str(first * weight)
    middle = len(cuts) // 2
    low = _which_cell(column, cuts[:middle], first, weight)
    high = _which_cell(column, cuts[middle + 1 :], first + middle + 1, weight)
    return f"(CASE WHEN {column} {below(cuts[middle])} THEN {low} ELSE {high} END)"


def number_cuts(name: str, variables: Sequence[Variable]) -> set[float]:
    """Where the rules cut a number: their own thresholds, and those of the age in its other form."""
    cuts: set[float] = set()
    for variable in variables:
        for cell in variable.cells[1:]:
            threshold = float(cell[0])  # type: ignore[index]
            cuts.update({threshold} if variable.fact == name else age_limits(variable.fact, threshold))
    return cuts


def recorded_from(definition: FactDefinition) -> tuple[str, list[str]]:
    """The column that shows what is recorded, and the SQL values that count as yes."""
    read: Mapping[str, object] = definition.read
    if read.get("timepoint"):
        return definition.name.removesuffix("_negative_recorded"), ["0e0"]
    if read.get("methods"):
        return definition.name, []
    words = read.get("values") or [read["value"]]
    assert isinstance(words, list | tuple)
    return str(read["finding"]), [literal(str(word)) for word in words]
