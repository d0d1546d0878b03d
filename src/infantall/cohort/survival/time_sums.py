"""What a regression needs from the rows: sums by time. The same few arrays come from memory, from DuckDB, or from a cluster.

A Cox or a Fine–Gray fit never looks at one row alone. At each step it needs, for every distinct time, the sums of ``r``, ``r x``
and ``r x x'`` with ``r = w exp(x b)``. A *source* gives these; the models (`cox`, `fine_gray`, `proportionality`) do the rest
on arrays that have one line a time.

Covariates are centred at their means and divided by their standard deviations inside a source (``z = (x - centre) / scale``), for
numerical stability. Coefficients inside are on that scale; a `Fit` gives them back in the units of the data.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from infantall.cohort.survival.counting import MANY_ROWS, gather_kernel, in_blocks, numba_available
from infantall.cohort.survival.errors import StatisticsError
from infantall.cohort.survival.observations import checked

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

_BLOCK = 16_384
"""Rows worked on at once: few enough to stay in the processor's cache. So one pass is as fast as a compiled loop would be."""

_THREADS = min(2, os.cpu_count() or 1)


@dataclass(frozen=True)
class Bins:
    """One line for each distinct (stratum, time, code), sorted in that order. Nothing here depends on the coefficients.

    Attributes:
        stratum: numbers of the strata, [K].
        time: the time at which the rows end (or, for entries, begin), [K].
        code: what happened: 0 censored, 1, 2, ... the causes, [K]. All 0 for entries.
        rows: number of rows, [K].
        weight: sum of the case weights, [K].
        weight_z: sums of weight times the standardised covariates, [K, p].
    """

    stratum: Integers
    time: Floats
    code: Integers
    rows: Integers
    weight: Floats
    weight_z: Floats


class TimeSource(Protocol):
    """Where the sums come from.

    Attributes:
        terms: names of the p covariates.
        centre, scale: what was taken off and divided by, [p].
        n: number of rows.
        weighted: whether case weights were given.
        bins: the rows by the time they end.
        entries: the rows by the time they come under observation; None when all are observed from the start.
    """

    @property
    def terms(self) -> tuple[str, ...]: ...
    @property
    def centre(self) -> Floats: ...
    @property
    def scale(self) -> Floats: ...
    @property
    def n(self) -> int: ...
    @property
    def weighted(self) -> bool: ...
    @property
    def bins(self) -> Bins: ...
    @property
    def entries(self) -> Bins | None: ...

    def sums(self, beta: Floats) -> Floats:
        """Sums of ``r (1, z, upper triangle of z z')`` for each bin, [1 + p + p(p+1)/2, K], with ``r = w exp(z beta)``."""
        ...

    def entry_sums(self, beta: Floats) -> Floats:
        """The same for each bin of `entries`; an error without entries."""
        ...


def upper_triangle(p: int) -> tuple[Integers, Integers]:
    """Row and column of each stored product, in the order of the columns of `TimeSource.sums`."""
    first, second = np.triu_indices(p)
    return first.astype(np.int64), second.astype(np.int64)


def symmetric(values: Floats, p: int) -> Floats:
    """Full symmetric matrices [..., p, p] from stored upper triangles [..., p(p+1)/2]."""
    first, second = upper_triangle(p)
    full = np.zeros((*values.shape[:-1], p, p))
    full[..., first, second] = values
    full[..., second, first] = values
    return full


class ArraySource:
    """Rows in memory.

    Args:
        time: when each row ends, [n], not negative.
        event: what happened then: 0 censored, 1, 2, ... a cause, [n].
        x: covariates, [n, p], finite.
        terms: names of the covariates; ``x1``, ``x2``, ... without them.
        entry: when each row comes under observation (left truncation, or pieces of an infant's time with covariates that change),
            [n]; at risk strictly after it.
        weight: case weights, [n], positive.
        stratum: any labels, [n].

    Raises:
        StatisticsError: unequal lengths, missing or infinite values, entry not before the end, weights not positive.
    """

    def __init__(
        self,
        time: ArrayLike,
        event: ArrayLike,
        x: ArrayLike,
        *,
        terms: Sequence[str] | None = None,
        entry: ArrayLike | None = None,
        weight: ArrayLike | None = None,
        stratum: ArrayLike | None = None,
    ) -> None:
        rows = checked(time, event, entry=entry, weight=weight, stratum=stratum)
        covariates = covariate_matrix(x, rows.n)
        self.n = rows.n
        self.terms = term_names(terms, covariates.shape[1])
        self.weighted = rows.weight is not None
        strata = np.zeros(rows.n, dtype=np.int64) if rows.stratum is None else rows.stratum
        self._rows = _BinnedRows(rows.time, rows.event, covariates, rows.weight, strata, self.terms)
        self.bins, self.centre, self.scale = self._rows.bins, self._rows.centre, self._rows.scale
        self._entry_rows: _BinnedRows | None = None
        self.entries: Bins | None = None
        if rows.entry is not None:
            none = np.zeros(rows.n, dtype=np.int64)
            self._entry_rows = _BinnedRows(rows.entry, none, covariates, rows.weight, strata, self.terms)
            self.entries = self._entry_rows.bins

    def sums(self, beta: Floats) -> Floats:
        """See `TimeSource.sums`."""
        return self._rows.sums(beta)

    def entry_sums(self, beta: Floats) -> Floats:
        """See `TimeSource.entry_sums`."""
        if self._entry_rows is None:
            raise StatisticsError("These rows have no entry times: all are observed from the start.")
        return self._entry_rows.sums(beta)


class _BinnedRows:
    """Rows put in the order of their bins once, so that each pass reads memory in order."""

    def __init__(
        self, time: Floats, code: Integers, x: Floats, weight: Floats | None, stratum: Integers, terms: tuple[str, ...]
    ) -> None:
        distinct, position = distinct_times(time)
        codes = int(code.max()) + 1
        key = (stratum * len(distinct) + position) * codes + code
        order, counts, keys = counting_order(key, int(stratum.max() + 1) * len(distinct) * codes)
        self._starts = np.concatenate(([0], np.cumsum(counts)))
        self._blocks = blocks_of(self._starts)
        self._weight = None if weight is None else weight[order]
        self._z = _gathered(x, order)
        self.centre, self.scale = standardise(self._z, terms)
        where, at = np.divmod(keys, len(distinct) * codes)
        when, what = np.divmod(at, codes)
        weight_sums, weight_z = self._weight_sums(counts)
        self.bins = Bins(where, distinct[when], what, counts, weight_sums, weight_z)

    def _weight_sums(self, counts: Integers) -> tuple[Floats, Floats]:
        starts = self._starts[:-1]
        if self._weight is None:
            return counts.astype(np.float64), np.add.reduceat(self._z, starts, axis=1).T
        return np.add.reduceat(self._weight, starts), np.add.reduceat(self._z * self._weight, starts, axis=1).T

    def sums(self, beta: Floats) -> Floats:
        p = len(self._z)
        out = np.empty((1 + p + p * (p + 1) // 2, len(self._starts) - 1))
        for_each(self._blocks, lambda block: self._block_sums(beta, block, out))
        return out

    def _block_sums(self, beta: Floats, block: tuple[int, int], out: Floats) -> None:
        first, last = block
        begin, end = int(self._starts[first]), int(self._starts[last])
        starts = self._starts[first:last] - begin
        z = self._z[:, begin:end]
        with np.errstate(over="ignore"):  # a step too far is seen by the caller, as an infinite likelihood, and halved
            r = np.exp(beta @ z)
        if self._weight is not None:
            r *= self._weight[begin:end]
        out[0, first:last] = grouped(r, starts)
        line = 1 + len(z)
        for i in range(len(z)):
            rz = r * z[i]
            out[1 + i, first:last] = grouped(rz, starts)
            for j in range(i, len(z)):
                out[line, first:last] = grouped(rz * z[j], starts)
                line += 1


def grouped(values: Floats, starts: Integers) -> Floats:
    """Sums of neighbours: from each start to the one before the next. Where every group is one value nothing is to be added."""
    return values if len(starts) == len(values) else np.add.reduceat(values, starts)


def for_each(blocks: list[tuple[int, int]], work: Callable[[tuple[int, int]], None]) -> None:
    """Each block in turn; many blocks on two threads (NumPy releases the lock)."""
    if len(blocks) <= 2:
        for block in blocks:
            work(block)
    else:
        with ThreadPoolExecutor(_THREADS) as pool:
            list(pool.map(work, blocks))


def _gathered(x: Floats, order: Integers) -> Floats:
    """The rows in this order, one covariate after the other in memory, [p, n]."""
    n = len(order)
    z = np.empty((x.shape[1], n))
    if n >= MANY_ROWS and numba_available():
        kernel = gather_kernel()
        in_blocks(lambda first, last: kernel(x, order, first, last, z), n)
        return z

    def move(block: tuple[int, int]) -> None:
        z[:, block[0] : block[1]] = x[order[block[0] : block[1]]].T

    for_each([(first, min(first + _BLOCK, n)) for first in range(0, n, _BLOCK)], move)
    return z


def blocks_of(starts: Integers) -> list[tuple[int, int]]:
    """Ranges of whole bins that hold about `_BLOCK` rows each; a bin larger than that is a block of its own."""
    bins = len(starts) - 1
    edges = np.searchsorted(starts, np.arange(0, int(starts[-1]) + _BLOCK, _BLOCK))
    edges = np.unique(np.minimum(edges, bins))
    return list(zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True))


def distinct_times(time: Floats) -> tuple[Floats, Integers]:
    """The distinct times, sorted, and each row's position among them. Whole-number times on a short grid need no sort.

    A whole-number grid may hold times that nobody has; they get no bin later.
    """
    low, high = float(time.min()), float(time.max())
    if high - low <= 4 * len(time) + 1000 and low == np.floor(low):
        position = (time - low).astype(np.int64)
        if np.array_equal(position + low, time):
            return np.arange(int(high - low) + 1, dtype=np.float64) + low, position
    distinct, inverse = np.unique(time, return_inverse=True)
    return distinct, inverse.astype(np.int64)


def counting_order(key: Integers, upper: int) -> tuple[Integers, Integers, Integers]:
    """An order that sorts the keys (ties stay as they were), the count of each key that occurs, and those keys.

    Args:
        key: whole numbers from 0.
        upper: one more than the largest possible key.
    """
    if upper <= 1 << 16:
        order = np.argsort(key.astype(np.uint16), kind="stable")
        counts = np.bincount(key, minlength=1)
        keys = np.flatnonzero(counts)
        return order, counts[keys].astype(np.int64), keys.astype(np.int64)
    if upper <= 1 << 32:
        # Two passes of a radix sort, the low half first, beat one comparison sort.
        low_order = np.argsort((key & 0xFFFF).astype(np.uint16), kind="stable")
        order = low_order[np.argsort((key >> 16).astype(np.uint16)[low_order], kind="stable")]
    else:
        order = np.argsort(key, kind="stable")
    ordered = key[order]
    first = np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1])))
    return order, np.diff(np.concatenate((first, [len(ordered)]))).astype(np.int64), ordered[first]


def covariate_matrix(x: ArrayLike, n: int) -> Floats:
    """Covariates as [n, p] numbers; one covariate may come as [n].

    Raises:
        StatisticsError: another shape, or no column.
    """
    array = np.asarray(x, dtype=np.float64)
    if array.ndim == 1:
        array = array[:, None]
    if array.ndim != 2 or array.shape[0] != n or array.shape[1] == 0:
        raise StatisticsError(f"covariates: expected {n} rows and at least one column; found shape {array.shape}")
    return array


def term_names(terms: Sequence[str] | None, p: int) -> tuple[str, ...]:
    """The names given, or ``x1``, ``x2``, ...

    Raises:
        StatisticsError: not one name for each of the p covariates.
    """
    names = tuple(terms) if terms is not None else tuple(f"x{j + 1}" for j in range(p))
    if len(names) != p:
        raise StatisticsError(f"terms: found {len(names)} names for {p} covariates; expected one name for each")
    return names


def standardise(z: Floats, terms: tuple[str, ...]) -> tuple[Floats, Floats]:
    """Centre and scale the covariates in place.

    Args:
        z: covariates, [p, n]; changed.
        terms: their names, for the message.

    Returns:
        What was taken off and divided by, [p] each. A constant column keeps the scale 1; the model refuses it.

    Raises:
        StatisticsError: a value is missing or infinite.
    """
    n = z.shape[1]
    centre = z.mean(axis=1)
    if not np.isfinite(centre).all():
        wrong = int(np.argmax(~np.isfinite(centre)))
        rows = int(np.count_nonzero(~np.isfinite(z[wrong])))
        raise StatisticsError(
            f"covariate {terms[wrong]!r}: {rows} of {n} values are missing or infinite; expected a number in every row. "
            "Leave those rows out and say how many"
        )
    z -= centre[:, None]
    spread = np.sqrt(np.array([column @ column for column in z]) / n)
    scale = np.where(spread <= 1e-12 * np.abs(centre), 1.0, spread)
    scale[scale == 0.0] = 1.0
    z /= scale[:, None]
    return centre, scale
