"""``describe``: the field's "Table 1", who the infants are, by group and altogether.

Numbers are given as median, quartiles and range; categories as counts with the number of known values as denominator. What is
missing is never counted as a value: a category has a line of its own for it, a number says how many. Quartiles are those of
R's type 7, the default of its ``quantile``: linear between the two nearest of the ordered values. They come from counted values
where a column has few distinct ones, else from the engine's row numbers; no row is ever fetched. ``small`` hides small counts
(:mod:`infantall.cohort.small_cells`).
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from infantall.record.table import ID_COLUMNS, OUTCOME_COLUMNS
from infantall.rules.sql import quoted
from infantall.text.problems import InputError, Problem, did_you_mean

from .describe_bands import Band, band_sql, bands_of
from .quality import Roles, quality
from .results import Cell, DescribeResult, Line
from .small_cells import suppress_describe

if TYPE_CHECKING:
    from infantall.cohort.tables import CohortTable, Column
    from infantall.knowledge.library import Knowledge

ALL, MISSING = "all", "missing"
MOST_GROUPS, MOST_LEVELS = 40, 50
FEW_VALUES = 20_000  # up to so many distinct values of a number are counted; more are ranked by the engine
_PROTOCOL_OUTCOMES = ("undetermined", "no group", "not eligible")

Counts = dict[Any, int]


def describe(
    table: CohortTable,
    by: str | None = None,
    columns: Sequence[str] | None = None,
    small: int | None = None,
    knowledge: Knowledge | None = None,
) -> DescribeResult:
    """Table 1 of a cohort.

    Args:
        by: a column whose values are the groups; an infant without a value stands in the group ``missing``.
        columns: what to describe, in this order; by default every fact of the table but the grouping one.
        small: counts from 1 to one less than this are hidden, and whatever would give them away.
        knowledge: with it, numbers that a protocol's groups look at are counted by the protocols' thresholds too, and the
            groups of a protocol stand in its own order.

    Raises:
        InputError: a column that the table does not have, a grouping with too many values, or a threshold under 2.
    """
    if small is not None and small < 2:
        raise InputError([Problem("--small", f"{small}", "2 or more: counts under it are hidden", table.name)])
    wanted = _wanted(table, by, columns)
    groups = _groups(table, by, knowledge)
    notices: list[str] = []
    lines = _Lines(table, by, groups, notices).lines(wanted, bands_of(knowledge) if knowledge else {})
    if MISSING in groups.sizes and by is not None:
        notices.append(f"Infants without a value in '{by}' stand in a column of their own and count in 'all'.")
    result = DescribeResult(
        table=table.name,
        by=by or "",
        n=table.rows,
        columns=(*groups.labels, ALL),
        sizes={**groups.sizes, ALL: table.rows},
        lines=tuple(lines),
        quality=quality(table, Roles()),
        notices=tuple(notices),
        simulated=table.simulated,
    )
    return result if small is None else suppress_describe(result, small)


def quartiles(values: Sequence[float], counts: Sequence[int]) -> tuple[float, float, float]:
    """First quartile, median and third quartile of sorted distinct values that occur so many times (definition 7)."""
    up_to = list(accumulate(counts))
    return _quartiles(up_to[-1], lambda rank: values[bisect_right(up_to, rank)])


def _quartiles(total: int, at_rank: Callable[[int], float]) -> tuple[float, float, float]:
    """From the ordered values themselves: ``at_rank(0)`` is the lowest of ``total``."""

    def quartile(part: int) -> float:
        whole, rest = divmod((total - 1) * part, 4)
        low = float(at_rank(whole))
        return low if rest == 0 else (1 - rest / 4) * low + rest / 4 * float(at_rank(whole + 1))

    return quartile(1), quartile(2), quartile(3)


# -- what is described, and the groups ------------------------------------------------------------------------------------


def _wanted(table: CohortTable, by: str | None, columns: Sequence[str] | None) -> list[Column]:
    for name in (*([by] if by is not None else []), *(columns or ())):
        if name not in table.columns:
            expected = "a column of the table" + did_you_mean(name, table.columns)
            raise InputError([Problem("the columns", f"'{name}', which the table does not have", expected, table.name)])
    if columns is not None:
        return [table.columns[name] for name in dict.fromkeys(columns)]
    never = {*OUTCOME_COLUMNS, *ID_COLUMNS, by}
    return [c for c in table.columns.values() if c.fact is not None and c.fact.type != "date" and c.name not in never]


@dataclass(frozen=True)
class _Groups:
    """Group labels in their order, the size of each, and the label of each value of the grouping column."""

    labels: tuple[str, ...]
    sizes: Mapping[str, int]


def _groups(table: CohortTable, by: str | None, knowledge: Knowledge | None) -> _Groups:
    if by is None:
        return _Groups((), {})
    rows = table.engine.rows(f"SELECT {quoted(by)}, count(*) FROM {table.relation} GROUP BY 1 LIMIT {MOST_GROUPS + 1}")
    if len(rows) > MOST_GROUPS:
        found = f"'{by}' with more than {MOST_GROUPS} different values"
        raise InputError([Problem("--by", found, "a column that divides the infants into a few groups", table.name)])
    sizes: dict[str, int] = {}
    for value, count in rows:
        label = level_label(value)
        sizes[label] = sizes.get(label, 0) + int(count)
    fact = table.columns[by].fact
    first: tuple[str, ...] = fact.values if fact is not None else ()
    if knowledge is not None and by in knowledge.protocols:
        first = (*knowledge.protocols[by].group_labels, *_PROTOCOL_OUTCOMES)
    labels = tuple(ordered(sizes, first))
    return _Groups(labels, {label: sizes[label] for label in labels})


def level_label(value: Any) -> str:
    """A value as a label; a missing one is ``missing``, and a word that would be mistaken for ours says that it was written."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return MISSING
    if isinstance(value, float | int):
        return f"{value:.10g}"
    return f"'{value}' (as written)" if value in (MISSING, ALL) else str(value)


def ordered(labels: Iterable[str], first: Sequence[str] = ()) -> list[str]:
    """Labels in the order of ``first``, then numbers by size, then words by alphabet; ``missing`` last."""
    place = {label: i for i, label in enumerate(first)}

    def key(label: str) -> tuple[int, float, str]:
        if label == MISSING:
            return 3, 0, ""
        if label in place:
            return 0, place[label], ""
        try:
            return 1, float(label), label
        except ValueError:
            return 2, 0, label

    return sorted(labels, key=key)


# -- lines ----------------------------------------------------------------------------------------------------------------


@dataclass
class _Counted:
    """How often each value occurs, by group label; and, of a number with many values, its ranked values instead."""

    by_group: dict[str, Counts] = field(default_factory=dict)

    def add(self, group: str, value: Any, count: int) -> None:
        for label in {group, ALL}:
            counts = self.by_group.setdefault(label, {})
            counts[value] = counts.get(value, 0) + count


class _Lines:
    def __init__(self, table: CohortTable, by: str | None, groups: _Groups, notices: list[str]) -> None:
        self.table = table
        self.group = quoted(by) if by is not None else f"'{ALL}'"
        self.sizes = {**groups.sizes, ALL: table.rows}
        self.notices = notices

    def lines(self, wanted: Sequence[Column], bands: Mapping[str, Sequence[Band]]) -> list[Line]:
        numbers = [c for c in wanted if c.kind == "number"]
        ranked = self.with_many_values(numbers)
        counted = self.counted({c.name: quoted(c.name) for c in wanted if c.kind == "text"})
        counted |= self.counted({c.name: quoted(c.name) for c in numbers if c.name not in ranked})
        banded_sql = {c.name: band_sql(quoted(c.name), bands[c.name]) for c in numbers if c.fact and c.name in bands}
        banded = self.counted(banded_sql)
        lines: list[Line] = []
        for column in wanted:
            if column.kind == "text" or (column.fact is None and self.is_zero_one(counted.get(column.name))):
                lines += self.category(column, counted[column.name])
                continue
            lines.append(self.number(column, counted.get(column.name)))
            if column.name in banded:
                lines += self.bands(column, bands[column.name], banded[column.name])
        return lines

    def with_many_values(self, numbers: Sequence[Column]) -> set[str]:
        if not numbers or self.table.rows <= FEW_VALUES:
            return set()
        asked = ", ".join(f"approx_count_distinct({quoted(c.name)})" for c in numbers)
        answer = self.table.engine.rows(f"SELECT {asked} FROM {self.table.relation}")[0]
        return {c.name for c, distinct in zip(numbers, answer, strict=True) if distinct > 0.9 * FEW_VALUES}

    def counted(self, expressions: Mapping[str, str]) -> dict[str, _Counted]:
        """Each expression's values with their counts, all in one question to the engine."""
        result = {name: _Counted() for name in expressions}
        names = list(expressions)
        if not names:
            return result
        parts = [
            f"SELECT {i} AS which, {self.group} AS in_group, {expressions[name]} AS known, count(*) AS n "
            f"FROM {self.table.relation} GROUP BY 2, 3"
            for i, name in enumerate(names)
        ]
        for which, group, value, n in self.table.engine.rows(" UNION ALL ".join(parts)):
            missing = value is None or (isinstance(value, float) and math.isnan(value))
            label = ALL if self.group == f"'{ALL}'" else level_label(group)
            result[names[int(which)]].add(label, None if missing else value, int(n))
        return result

    @staticmethod
    def is_zero_one(counted: _Counted | None) -> bool:
        values = set(counted.by_group.get(ALL, {})) - {None} if counted else set()
        return bool(values) and values <= {0.0, 1.0}

    def category(self, column: Column, counted: _Counted) -> list[Line]:
        label = column.fact.label if column.fact is not None else column.name
        every = counted.by_group.get(ALL, {})
        values = {level_label(value): value for value in every if value is not None}
        levels = ordered(values, column.fact.values if column.fact is not None else ())
        rest: list[str] = []
        if len(levels) > MOST_LEVELS:
            largest = sorted(levels, key=lambda level: (-every[values[level]], level))[:MOST_LEVELS]
            rest, levels = [x for x in levels if x not in set(largest)], [x for x in levels if x in set(largest)]
            self.notices.append(f"'{column.name}' has {len(values)} different values; the {MOST_LEVELS} most frequent are shown.")
        lines = [self.counts(column.name, label, level, counted, [values[level]]) for level in levels]
        if rest:
            lines.append(self.counts(column.name, label, f"{len(rest)} other values", counted, [values[x] for x in rest]))
        return [*lines, self.missing_line(column.name, label, counted)]

    def bands(self, column: Column, bands: Sequence[Band], counted: _Counted) -> list[Line]:
        assert column.fact is not None
        label = f"{column.fact.label}, by protocol threshold"
        lines = [self.counts(column.name, label, band.label, counted, [str(i)]) for i, band in enumerate(bands)]
        unit = column.fact.unit
        return [Line(line.column, line.label, unit, line.level, line.cells) for line in lines]

    def counts(self, name: str, label: str, level: str, counted: _Counted, values: Sequence[Any]) -> Line:
        cells = {}
        for group, size in self.sizes.items():
            counts = counted.by_group.get(group, {})
            missing = counts.get(None, 0)
            cells[group] = Cell(size - missing, missing, count=sum(counts.get(value, 0) for value in values))
        return Line(name, label, "", level, cells)

    def missing_line(self, name: str, label: str, counted: _Counted) -> Line:
        cells = {}
        for group, size in self.sizes.items():
            missing = counted.by_group.get(group, {}).get(None, 0)
            cells[group] = Cell(size, missing, count=missing)
        return Line(name, label, "", MISSING, cells)

    def number(self, column: Column, counted: _Counted | None) -> Line:
        label, unit = (column.fact.label, column.fact.unit) if column.fact is not None else (column.name, "")
        cells = {g: Cell(0, size) for g, size in self.sizes.items()}
        if counted is None:
            cells |= self.ranked(column.name)
        for group, counts in (counted.by_group if counted is not None else {}).items():
            values = sorted(value for value in counts if value is not None)
            if values:
                n = self.sizes[group] - counts.get(None, 0)
                q1, median, q3 = quartiles(values, [counts[value] for value in values])
                cells[group] = Cell(n, counts.get(None, 0), median, q1, q3, float(values[0]), float(values[-1]))
        return Line(column.name, label, "" if unit == "1" else unit, "", cells)

    def ranked(self, name: str) -> dict[str, Cell]:
        """Quartiles of a number with very many values, from the engine's row numbers."""
        ranks: dict[str, dict[int, float]] = {}
        totals: dict[str, int] = {}
        for group in {self.group, f"'{ALL}'"}:
            for label, rank, total, value in self.table.engine.rows(self.ranking_sql(name, group)):
                key = ALL if group == f"'{ALL}'" else level_label(label)
                ranks.setdefault(key, {})[int(rank) - 1] = float(value)
                totals[key] = int(total)
        cells = {}
        for group, values in ranks.items():
            n = totals[group]
            q1, median, q3 = _quartiles(n, values.__getitem__)
            cells[group] = Cell(n, self.sizes[group] - n, median, q1, q3, values[0], values[n - 1])
        return cells

    def ranking_sql(self, name: str, group: str) -> str:
        near = ", ".join(f"floor((n - 1) * {part}e0 / 4e0) + {after}" for part in (1, 2, 3) for after in (1, 2))
        grouped = f"SELECT {group} AS in_group, {quoted(name)} AS x FROM {self.table.relation} WHERE {quoted(name)} IS NOT NULL"
        counted = (
            "SELECT in_group, x, row_number() OVER (PARTITION BY in_group ORDER BY x) AS place, "
            f"count(*) OVER (PARTITION BY in_group) AS n FROM ({grouped}) AS grouped"
        )
        return f"SELECT in_group, place, n, x FROM ({counted}) AS placed WHERE place IN (1, n, {near})"
