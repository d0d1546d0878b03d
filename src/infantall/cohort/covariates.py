"""Columns of a table as the terms of a regression: numbers as they are, words as comparisons with a reference level."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from infantall.cohort.survival.design_matrix import MOST_LEVELS, Design, design_of_levels
from infantall.rules.sql import quoted
from infantall.text.problems import InputError, Problem, did_you_mean

if TYPE_CHECKING:
    from infantall.cohort.tables import CohortTable


def with_factors(table: CohortTable, names: Sequence[str]) -> CohortTable:
    """The table with a column of words for each ``factor(x)`` among the names: a number that is a code, not a quantity."""
    coded = {name: name[len("factor(") : -1].strip() for name in names if name.startswith("factor(") and name.endswith(")")}
    missing = [x for x in coded.values() if x not in table.columns]
    if missing:
        expected = "a column of the table" + did_you_mean(missing[0], table.columns)
        raise InputError(
            [Problem("--covariates", f"factor({missing[0]}), a column the table does not have", expected, table.name)]
        )
    if not coded:
        return table
    added = []
    for name, x in coded.items():
        number = quoted(x)
        whole = f"CASE WHEN {number} = floor({number}) THEN CAST(CAST({number} AS BIGINT) AS VARCHAR)"
        words = f"{whole} ELSE CAST({number} AS VARCHAR) END" if table.columns[x].kind == "number" else number
        added.append(f"{words} AS {quoted(name)}")
    view = table.engine.new_name("factors")
    table.engine.create_view(view, f"SELECT *, {', '.join(added)} FROM {table.relation}")
    columns = {
        **table.columns,
        **{name: replace(table.columns[x], name=name, kind="text", fact=None) for name, x in coded.items()},
    }
    return replace(table, relation=view, coded="", enums=(), columns=columns)


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
