"""Which cells of a table of counts to hide so that no hidden one follows from the rest.

A table of counts with its totals is a network: every line, every column, the totals and the whole are places where what comes
in must go out, every count is a flow between two of them. Two tables that agree in all shown counts differ by flows around
circles of hidden counts. So a hidden count can have another value exactly if there is such a circle through it along which every
count that falls can still fall. That makes the proof exact and quick, without a solver: a path in a small graph.

The attacker is taken to know that a hidden count is 1 or more: a zero is hidden only together with the whole table, or where the
totals are fixed and nothing else would do; there every hidden count may be 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

CellPlace = tuple[int, int]
"""Line and column; the column after the last group is the total of the line."""


@dataclass(frozen=True)
class Table:
    """Counts by line and group. The sum of each column, and of all, is known to everybody.

    Attributes:
        counts: one sequence a line, one count a group.
        totals: the total of each line. With groups it is the sum of the line.
        has_groups: without groups the totals are the only column.
        fixed_totals: the totals of the lines are shown elsewhere and cannot be hidden.
    """

    counts: Sequence[Sequence[int]]
    totals: Sequence[int]
    has_groups: bool
    fixed_totals: bool = False

    @property
    def groups(self) -> int:
        return len(self.counts[0]) if self.counts and self.has_groups else 0

    @property
    def lowest(self) -> int:
        """The least that a hidden count may be, as far as the attacker knows."""
        return 0 if self.fixed_totals else 1

    def value(self, place: CellPlace) -> int:
        line, column = place
        return self.totals[line] if column == self.groups else self.counts[line][column]

    def places(self) -> list[CellPlace]:
        """Every count that may be hidden."""
        columns = self.groups if self.fixed_totals else self.groups + 1
        return [(line, column) for line in range(len(self.totals)) for column in range(columns)]


def hide(table: Table, threshold: int) -> set[CellPlace]:
    """The places to hide: every small count, and others until none of them follows from what is shown.

    Of several ways the one that hides smaller counts is taken, in a fixed order. Where none suffices every count goes.
    """
    hidden = {place for place in table.places() if 0 < table.value(place) < threshold}
    while True:
        known = [place for place in sorted(hidden) if follows(table, hidden, place)]
        if not known:
            return hidden
        more = _next(table, hidden, known[0])
        if more is None:
            return set(table.places())
        hidden.add(more)


def _next(table: Table, hidden: set[CellPlace], known: CellPlace) -> CellPlace | None:
    """The count to hide next: one that mends it at once if there is one, else the smallest of its line or column."""
    line, column = known
    candidates = [p for p in table.places() if p not in hidden and table.value(p) >= table.lowest]
    candidates.sort(key=lambda p: (table.value(p) == 0, table.value(p), p))
    for place in candidates:
        if not follows(table, hidden | {place}, known):
            return place
    near = [p for p in candidates if p[0] == line or p[1] == column]
    return next(iter(near or candidates), None)


def follows(table: Table, hidden: set[CellPlace], place: CellPlace) -> bool:
    """Whether the hidden count at ``place`` can have no other value."""
    edges = {p: _edge(table, p) for p in hidden}
    start, end = edges[place]
    more = _path(table, edges, end, start, place)
    less = table.value(place) > table.lowest and _path(table, edges, start, end, place)
    return not (more or less)


def _edge(table: Table, place: CellPlace) -> tuple[str, str]:
    """From where to where a count flows. Totals flow from the whole into the line, counts from the line into their group."""
    line, column = place
    if not table.has_groups:
        return "whole", "total"
    return ("total", f"line {line}") if column == table.groups else (f"line {line}", f"group {column}")


def _path(table: Table, edges: dict[CellPlace, tuple[str, str]], start: str, end: str, without: CellPlace) -> bool:
    """Whether one unit can flow from ``start`` to ``end`` over hidden counts: with a count, or against one that can fall."""
    reached, waiting = {start}, [start]
    while waiting:
        at = waiting.pop()
        if at == end:
            return True
        for place, (source, target) in edges.items():
            if place == without:
                continue
            onward = target if source == at else source if target == at and table.value(place) > table.lowest else None
            if onward is not None and onward not in reached:
                reached.add(onward)
                waiting.append(onward)
    return False
