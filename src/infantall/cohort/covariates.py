"""Columns of a table as the terms of a regression: numbers as they are, words as comparisons with a reference level."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from infantall.cohort.survival.design_matrix import MOST_LEVELS, Design, design_of_levels
from infantall.rules.sql import quoted

if TYPE_CHECKING:
    from infantall.cohort.tables import CohortTable


def regression_design(table: CohortTable, relation: str, names: Sequence[str], order: Mapping[str, Sequence[str]]) -> Design:
    """The terms of the named columns; the reference of a category is the first of its values that occurs.

    Args:
        relation: the rows that are analysed; only levels that occur there become terms.
        order: values of a column in their own order.

    Raises:
        StatisticsError: a column of words with too many levels, or with one.
    """
    levels = {
        name: None if table.columns[name].kind == "number" else levels_of(table, relation, name, order)
        for name in dict.fromkeys(names)
    }
    return design_of_levels(levels, {name: words[0] for name, words in levels.items() if words})


def levels_of(table: CohortTable, relation: str, name: str, order: Mapping[str, Sequence[str]]) -> list[str]:
    """The values of a column of words that occur, in ``order`` or, of a fact, the vocabulary's; one too many at most."""
    column = quoted(name)
    found = table.engine.rows(
        f"SELECT DISTINCT {column} AS word FROM {relation} WHERE {column} IS NOT NULL ORDER BY word LIMIT {MOST_LEVELS + 1}"
    )
    words = [str(word) for (word,) in found]
    fact = table.columns[name].fact
    place = {word: i for i, word in enumerate(order.get(name) or (fact.values if fact is not None else ()))}
    return sorted(words, key=lambda word: (place.get(word, len(place)), word))
