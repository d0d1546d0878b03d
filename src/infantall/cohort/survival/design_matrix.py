"""Columns to covariates: numbers as they are, categories as one yes/no term for each level but the reference.

The same `Design` makes the matrix from arrays and the SQL expressions for an engine, so that both fit the same model.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from infantall.cohort.survival.errors import StatisticsError
from infantall.cohort.survival.time_sums import Floats

MOST_LEVELS = 50


@dataclass(frozen=True)
class DesignTerm:
    """One column of the design.

    Attributes:
        name: what the output calls it: the column itself, or ``kmt2a_status: germline (reference: rearranged)``.
        column: the column it comes from.
        level, reference: of a category; empty for a number.
    """

    name: str
    column: str
    level: str = ""
    reference: str = ""


@dataclass(frozen=True)
class Design:
    """The terms of a model, in order."""

    terms: tuple[DesignTerm, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the terms."""
        return tuple(term.name for term in self.terms)

    @property
    def groups(self) -> dict[str, list[int]]:
        """The terms of each column, for tests of a whole category."""
        groups: dict[str, list[int]] = {}
        for j, term in enumerate(self.terms):
            groups.setdefault(term.column, []).append(j)
        return groups

    @property
    def references(self) -> dict[str, str]:
        """The reference level of each category."""
        return {term.column: term.reference for term in self.terms if term.level}

    def matrix(self, columns: Mapping[str, NDArray[Any]]) -> Floats:
        """The covariates, [n, p].

        Raises:
            StatisticsError: a value is missing, or is a level that the design does not know.
        """
        for name in self.groups:
            self._check(name, columns[name])
        return np.column_stack([_values(term, columns[term.column]) for term in self.terms])

    def _check(self, name: str, values: NDArray[Any]) -> None:
        gone = missing(values)
        if gone.any():
            raise StatisticsError(
                f"{name}: {int(gone.sum())} of {len(gone)} values are missing; a model needs all. "
                "Leave those rows out and say how many"
            )
        if name in self.references:
            known = {self.references[name], *(term.level for term in self.terms if term.column == name)}
            strange = sorted({str(v) for v in values.tolist()} - known)
            if strange:
                raise StatisticsError(f"{name}: found {strange[0]!r}; expected one of {', '.join(sorted(known))}")

    def sql(self, quoted: Mapping[str, str]) -> list[str]:
        """SQL expressions of the covariates.

        Args:
            quoted: each column as it is written in SQL.
        """
        return [
            f"CASE WHEN {quoted[term.column]} = '{_escaped(term.level)}' THEN 1.0e0 ELSE 0.0e0 END"
            if term.level
            else quoted[term.column]
            for term in self.terms
        ]


def missing(values: NDArray[Any]) -> NDArray[np.bool_]:
    """Which values are missing: None, NaN."""
    if values.dtype.kind == "f":
        return np.asarray(np.isnan(values), dtype=bool)
    if values.dtype.kind == "O":
        return np.array([v is None or v != v for v in values.tolist()], dtype=bool)
    return np.zeros(len(values), dtype=bool)


def is_category(values: NDArray[Any]) -> bool:
    """Whether a column holds text rather than numbers."""
    return values.dtype.kind in "OUS"


def design(columns: Mapping[str, NDArray[Any]], reference: Mapping[str, str] | None = None) -> Design:
    """The design for columns in memory; rows with missing values do not count as levels.

    Args:
        columns: numbers, or text for categories, in the order of the terms.
        reference: the reference level of a category; the first in sorted order without it.

    Raises:
        StatisticsError: see `design_of_levels`; a column without any value; a number that is the same in all rows.
    """
    levels: dict[str, Sequence[str] | None] = {}
    for name, values in columns.items():
        there = values[~missing(values)]
        if not len(there):
            raise StatisticsError(f"{name}: every value is missing. Leave the column out")
        if not is_category(values) and there.min() == there.max():
            raise StatisticsError(f"{name}: the same in all rows ({there[0]:g}), so it can have no effect. Leave the column out")
        levels[name] = sorted({str(v) for v in there.tolist()}) if is_category(values) else None
    return design_of_levels(levels, reference)


def design_of_levels(levels: Mapping[str, Sequence[str] | None], reference: Mapping[str, str] | None = None) -> Design:
    """The design for columns whose levels are known (from a query, say).

    Args:
        levels: for each column its levels, or None for a number.
        reference: see `design`.

    Raises:
        StatisticsError: a category with one level only, or more than `MOST_LEVELS`; a reference that is no level, or for a column
            that is no category.
    """
    chosen = dict(reference or {})
    terms: list[DesignTerm] = []
    for name, found in levels.items():
        if found is None:
            terms.append(DesignTerm(name, name))
            continue
        terms += _category(name, sorted(found), chosen.pop(name, None))
    if chosen:
        wrong = next(iter(chosen))
        raise StatisticsError(f"reference: {wrong} is not a category among the covariates ({', '.join(levels)})")
    return Design(tuple(terms))


def _category(name: str, levels: list[str], chosen: str | None) -> list[DesignTerm]:
    if len(levels) < 2:
        raise StatisticsError(f"{name}: only one level ({', '.join(levels)}), so it can have no effect. Leave the column out")
    if len(levels) > MOST_LEVELS:
        raise StatisticsError(
            f"{name}: {len(levels)} different texts; at most {MOST_LEVELS} levels make a covariate. Is it an identifier?"
        )
    against = levels[0] if chosen is None else chosen
    if against not in levels:
        raise StatisticsError(f"reference of {name}: found {against!r}; expected one of {', '.join(levels)}")
    return [DesignTerm(f"{name}: {level} (reference: {against})", name, level, against) for level in levels if level != against]


def _values(term: DesignTerm, values: NDArray[Any]) -> Floats:
    if term.level:
        return np.array([str(v) == term.level for v in values.tolist()], dtype=np.float64)
    return values.astype(np.float64)


def _escaped(text: str) -> str:
    return text.replace("'", "''")
