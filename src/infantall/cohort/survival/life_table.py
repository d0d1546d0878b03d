"""Counts at each distinct time: all that a method without a regression needs, however many rows there were.

The table has axes [stratum, group, time], and one more in front for causes. At one time events come before censoring (a row
censored at t is at risk at t), and follow-up that begins at t is at risk after t. These are R's rules.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from infantall.cohort.survival.counting import count_days
from infantall.cohort.survival.errors import StatisticsError
from infantall.cohort.survival.observations import EVERYBODY, Codes, Floats, Label, Observations, checked, coded, numbers, refuse

_GRID_CELLS_A_ROW = 4  # a grid of days is used while it has at most so many cells a row ...
_SMALL_GRID = 1 << 18  # ... or is small anyway
_MOST_CELLS = 1 << 27  # a gigabyte for each of the arrays


@dataclass(frozen=True, eq=False)
class LifeTable:
    """Counts (or sums of weights) at each distinct time.

    Attributes:
        times: distinct times at which follow-up ends or begins, sorted, [T].
        causes: the causes of ``events``' first axis.
        strata, groups: the labels of the other axes.
        events: events of each cause, [causes, strata, groups, T].
        censored: follow-up ended without an event, [strata, groups, T].
        entered: follow-up that begins (at risk after this time), [strata, groups, T]; None without left truncation.
        at_risk: at risk just before each time, [strata, groups, T].
        n: rows, not weights, [strata, groups].
    """

    times: Floats
    causes: tuple[int, ...]
    strata: tuple[Label, ...]
    groups: tuple[Label, ...]
    events: Floats
    censored: Floats
    entered: Floats | None
    at_risk: Floats
    n: Floats

    @property
    def deaths(self) -> Floats:
        """Events of any cause, [strata, groups, T]."""
        return np.asarray(self.events.sum(axis=0))

    def events_of(self, cause: int) -> Floats:
        """Events of one cause, [strata, groups, T]; all zero for a cause that nobody had."""
        if cause in self.causes:
            return np.asarray(self.events[self.causes.index(cause)])
        return np.zeros_like(self.censored)

    def one_stratum(self) -> LifeTable:
        """The same rows without regard to the stratum."""
        return self if len(self.strata) == 1 else self._summed(axis=-3, strata=(EVERYBODY,))

    def one_group(self) -> LifeTable:
        """The same rows without regard to the group."""
        return self if len(self.groups) == 1 else self._summed(axis=-2, groups=(EVERYBODY,))

    def only(self, group: Label) -> LifeTable:
        """The rows of one group.

        Raises:
            StatisticsError: there is no such group.
        """
        if group not in self.groups:
            raise StatisticsError(f"group: found {group!r}; expected one of {', '.join(map(str, self.groups))}")
        keep = slice(self.groups.index(group), self.groups.index(group) + 1)
        return replace(
            self,
            groups=(group,),
            events=self.events[:, :, keep],
            censored=self.censored[:, keep],
            entered=None if self.entered is None else self.entered[:, keep],
            at_risk=self.at_risk[:, keep],
            n=self.n[:, keep],
        )

    def _summed(self, axis: int, strata: tuple[Label, ...] | None = None, groups: tuple[Label, ...] | None = None) -> LifeTable:
        return replace(
            self,
            strata=strata or self.strata,
            groups=groups or self.groups,
            events=self.events.sum(axis=axis, keepdims=True),
            censored=self.censored.sum(axis=axis, keepdims=True),
            entered=None if self.entered is None else self.entered.sum(axis=axis, keepdims=True),
            at_risk=self.at_risk.sum(axis=axis, keepdims=True),
            n=self.n.sum(axis=axis + 1, keepdims=True),
        )


def life_table(observations: Observations) -> LifeTable:
    """The life table of checked rows. With weights the counts are sums of weights, as if rows were repeated."""
    o = observations
    block = _blocks(o)
    begins = None if o.entry is None else _late(_Begins(o.entry, block, o.weight))
    if o.weight is None:
        return _assembled(o, block, begins, None)
    blocks = len(o.stratum_labels) * len(o.group_labels)
    return _assembled(o, block, begins, np.bincount(_zeros(o.n) if block is None else block, minlength=blocks))


def life_table_from_counts(
    time: ArrayLike,
    event: ArrayLike,
    count: ArrayLike,
    *,
    group: ArrayLike | None = None,
    stratum: ArrayLike | None = None,
    entries: tuple[ArrayLike, ArrayLike, ArrayLike | None, ArrayLike | None] | None = None,
) -> LifeTable:
    """The life table of rows that an engine has counted: one line for each distinct (time, event, group, stratum).

    Args:
        count: how many rows the line stands for, whole and positive.
        entries: with left truncation, the counted beginnings as (time, count, group, stratum): how many rows begin at each time.

    Raises:
        StatisticsError: as ``checked``; a count that is not whole; beginnings that do not add up to the ends.
    """
    o = checked(time, event, weight=count, group=group, stratum=stratum)
    assert o.weight is not None
    refuse("count", o.weight != np.floor(o.weight), "are not whole numbers", "how many rows each line stands for")
    block = _blocks(o)
    blocks = len(o.stratum_labels) * len(o.group_labels)
    rows = np.bincount(_zeros(o.n) if block is None else block, weights=o.weight, minlength=blocks)
    begins = None if entries is None else _counted_beginnings(o, entries, rows)
    return _assembled(o, block, begins, rows)


@dataclass(frozen=True, eq=False)
class _Begins:
    """Beginnings of follow-up: when, in which block (stratum and group), how many."""

    time: Floats
    block: Codes | None
    weight: Floats | None


def _late(begins: _Begins) -> _Begins:
    """Without those that begin before time 0: they are at risk from the very first."""
    late = begins.time >= 0.0
    if late.all():
        return begins
    block, weight = begins.block, begins.weight
    return _Begins(begins.time[late], None if block is None else block[late], None if weight is None else weight[late])


def _zeros(n: int) -> Codes:
    return np.zeros(n, dtype=np.int64)


def _blocks(o: Observations) -> Codes | None:
    """One index for stratum and group together; None where there is only one block."""
    if o.stratum is None:
        return o.group
    return o.stratum if o.group is None else o.stratum * len(o.group_labels) + o.group


def _counted_beginnings(
    o: Observations, entries: tuple[ArrayLike, ArrayLike, ArrayLike | None, ArrayLike | None], rows: NDArray[np.generic]
) -> _Begins:
    times, counts = numbers("entries: time", entries[0]), numbers("entries: count", entries[1])
    refuse("entries: time", ~np.isfinite(times), "are missing or not finite", "a finite number in every line")
    if len(counts) != len(times):
        raise StatisticsError(f"entries: found {len(counts)} counts for {len(times)} times; expected one a line")
    refuse(
        "entries: count",
        ~((counts > 0) & (counts == np.floor(counts))),
        "are not whole and positive",
        "how many rows begin there",
    )
    groups = _same_codes("group", entries[2], o.group_labels, len(times))
    strata = _same_codes("stratum", entries[3], o.stratum_labels, len(times))
    block = strata * len(o.group_labels) + groups
    begun = np.bincount(block, weights=counts, minlength=len(rows))
    if not np.array_equal(begun, rows):
        raise StatisticsError(
            f"entries: found {begun.sum():.0f} beginnings of follow-up for {rows.sum():.0f} ends; expected as many of each "
            "in every group and stratum. Count both from the same rows"
        )
    return _late(_Begins(times, block, counts))


def _same_codes(name: str, labels: ArrayLike | None, known: tuple[Label, ...], n: int) -> Codes:
    """The labels of the beginnings, numbered as those of the ends."""
    codes, found = coded(f"entries: {name}", labels, n)
    strangers = [label for label in found if label not in known]
    if strangers:
        raise StatisticsError(f"entries: found the {name} {strangers[0]!r}; expected one of {', '.join(map(str, known))}")
    place = np.array([known.index(label) for label in found], dtype=np.int64)
    return place[_zeros(n) if codes is None else codes]


def _assembled(o: Observations, block: Codes | None, begins: _Begins | None, rows: NDArray[np.generic] | None) -> LifeTable:
    """Count ends and beginnings at each distinct time, then who is at risk. ``rows`` a block: None if the counts are rows."""
    strata, groups, kinds = len(o.stratum_labels), len(o.group_labels), len(o.causes) + 1
    event = _cause_index(o)
    days = _days(o, begins, strata * groups * kinds)
    entered = None
    if days is not None:
        times = np.arange(days, dtype=np.float64)
        ended = _tally_days(o.time, event, block, o.weight, (strata * groups, kinds, days))
        if begins is not None:
            entered = _tally_days(begins.time, None, begins.block, begins.weight, (strata * groups, 1, days))[:, 0]
    else:
        times, place = np.unique(o.time if begins is None else np.concatenate([o.time, begins.time]), return_inverse=True)
        _refuse_too_large(strata * groups * kinds, len(times))
        ended = _tally(place[: o.n], event, block, o.weight, (strata * groups, kinds, len(times)))
        if begins is not None:
            entered = _tally(place[o.n :], None, begins.block, begins.weight, (strata * groups, 1, len(times)))[:, 0]
    used = ended.any(axis=(0, 1)) if entered is None else ended.any(axis=(0, 1)) | entered.any(axis=0)
    if not used.all():
        times, ended, entered = times[used], ended[:, :, used], None if entered is None else entered[:, used]
    at_risk = _at_risk(ended, entered)
    shape = (strata, groups, len(times))
    return LifeTable(
        times=times,
        causes=o.causes,
        strata=o.stratum_labels,
        groups=o.group_labels,
        events=np.moveaxis(ended[:, 1:], 1, 0).reshape(kinds - 1, *shape),
        censored=ended[:, 0].reshape(shape),
        entered=None if entered is None else entered.reshape(shape),
        at_risk=at_risk.reshape(shape),
        n=np.asarray(ended.sum(axis=(1, 2)) if rows is None else rows, dtype=np.float64).reshape(strata, groups),
    )


def _days(o: Observations, begins: _Begins | None, cells_a_day: int) -> int | None:
    """The length of the grid of whole days; None where times are not whole, or the grid would be far larger than the rows."""
    if o.last_day is None or (begins is not None and not np.array_equal(begins.time, np.floor(begins.time))):
        return None
    last = o.last_day if begins is None else int(max(o.last_day, begins.time.max(initial=0.0)))
    return last + 1 if cells_a_day * (last + 1) <= max(_SMALL_GRID, _GRID_CELLS_A_ROW * o.n) else None


def _refuse_too_large(cells_a_time: int, times: int) -> None:
    if cells_a_time * times > _MOST_CELLS:
        raise StatisticsError(
            f"time: found {times} distinct times in {cells_a_time} cells of stratum, group and kind of event, too many to count; "
            "expected fewer. Round the times to whole days, or use fewer strata"
        )


def _cause_index(o: Observations) -> Codes:
    """0 for censored, then the place of the cause among the causes seen, from 1."""
    if o.causes == tuple(range(1, len(o.causes) + 1)):
        return o.event
    return np.searchsorted(np.array((0, *o.causes)), o.event).astype(np.int64, copy=False)


def _tally_days(
    time: Floats, event: Codes | None, block: Codes | None, weight: Floats | None, shape: tuple[int, int, int]
) -> Floats:
    """As ``_tally``, of times that are whole and less than the last axis is long."""
    if weight is not None:
        return _tally(time.astype(np.int64), event, block, weight, shape)
    return count_days(time, _zeros(len(time)) if event is None else event, block, *shape).astype(np.float64)


def _tally(
    place: NDArray[np.signedinteger], event: Codes | None, block: Codes | None, weight: Floats | None, shape: tuple[int, int, int]
) -> Floats:
    """Rows, or sums of weights, in each [block, event, place]."""
    where: NDArray[np.signedinteger] = place
    if event is not None:
        where = where + event * shape[2]
    if block is not None:
        where = where + block * (shape[1] * shape[2])
    size = shape[0] * shape[1] * shape[2]
    return np.bincount(where, weights=weight, minlength=size).astype(np.float64, copy=False).reshape(shape)


def _at_risk(ended: Floats, entered: Floats | None) -> Floats:
    """At risk just before each time: those whose follow-up ends then or later, less those who have not begun."""
    leaving = ended.sum(axis=1)
    still = np.cumsum(leaving[:, ::-1], axis=1)[:, ::-1]
    if entered is None:
        return np.ascontiguousarray(still)
    still = still - np.cumsum(entered[:, ::-1], axis=1)[:, ::-1]
    # Sums of weights that should cancel leave rounding behind: where no more than rounding stays, nobody does.
    rounding = 1e-9 * leaving.sum(axis=1, keepdims=True)
    return np.where(still - leaving > rounding, still, leaving)
