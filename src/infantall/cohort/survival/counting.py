"""The passes over many rows: NumPy always, Numba for large inputs where it is installed. The answers are the same.

The kernels release the interpreter's lock and are run on two blocks of rows at once.
"""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]

THREADS = 2
MANY_ROWS = 200_000  # below this NumPy is done before Numba is imported
_MOST_COUNTED = 1 << 32  # a cell counts in 32 bits
_LARGEST_PRIVATE_TABLE = 1 << 21  # cells; each block of rows fills a table of its own


@cache
def numba_available() -> bool:
    """Whether Numba is installed (it is an optional part)."""
    return importlib.util.find_spec("numba") is not None


def compiled(function: Callable[..., Any]) -> Any:
    """The function compiled by Numba: no fast-math, free of the interpreter's lock, kept on disk where that can be."""
    import numba

    try:
        return numba.njit(function, nogil=True, cache=True)
    except RuntimeError:  # nowhere to keep it: an archive, or a folder that cannot be written
        return numba.njit(function, nogil=True)


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(THREADS)


if hasattr(os, "register_at_fork"):  # threads do not survive a fork: the child makes its own
    os.register_at_fork(after_in_child=_pool.cache_clear)


def in_blocks(kernel: Callable[[int, int], Any], n: int, blocks: int = THREADS) -> list[Any]:
    """``kernel(first, last)`` of ``blocks`` equal ranges of 0..n, two at a time in threads; the answers in order."""
    edges = [n * i // blocks for i in range(blocks + 1)]
    return list(_pool().map(kernel, edges[:-1], edges[1:]))


# -- the kernels, in plain Python ----------------------------------------------------------------------------------------------


def _scan_days(times: Floats, first: int, last: int) -> tuple[bool, int, int]:
    """Whether all are whole numbers that fit 32 bits, the least and the greatest of them; without branches, to be vectorised."""
    whole, low, high = 0, np.int32(2147483647), np.int32(0)
    for i in range(first, last):
        day = np.int32(times[i])
        whole += int(np.float64(day) == times[i])
        low, high = min(low, day), max(high, day)
    return whole == last - first, int(low), int(high)


def _scan_codes(codes: Codes, first: int, last: int) -> tuple[int, int]:
    low, high = codes[first], codes[first]
    for i in range(first, last):
        low, high = min(low, codes[i]), max(high, codes[i])
    return low, high


def _mark_codes(codes: Codes, low: int, first: int, last: int, seen: NDArray[np.bool_]) -> None:
    for i in range(first, last):
        seen[codes[i] - low] = True


def _count_rows(
    times: Floats,
    event: Codes,
    block: Codes,
    several: bool,
    causes: int,
    days: int,
    first: int,
    last: int,
    out: NDArray[np.uint32],
) -> None:
    """Unsigned 32-bit places and counts: half the memory, and no check for places counted from the end."""
    in_block, in_cause = np.uint32(causes * days), np.uint32(days)
    for i in range(first, last):
        cell = np.uint32(event[i]) * in_cause + np.uint32(np.int32(times[i]))
        if several:
            cell += np.uint32(block[i]) * in_block
        out[np.uintp(cell)] += np.uint32(1)


def _gather_rows(x: Floats, order: Codes, first: int, last: int, out: Floats) -> None:
    """Rows of x in the order given, each column in one piece of memory."""
    for i in range(first, last):
        row = order[i]
        for j in range(x.shape[1]):
            out[j, i] = x[row, j]


@cache
def _kernel(name: str) -> Any:
    kernels: dict[str, Callable[..., Any]] = {
        "days": _scan_days,
        "codes": _scan_codes,
        "mark": _mark_codes,
        "count": _count_rows,
        "gather": _gather_rows,
    }
    return compiled(kernels[name])


# -- what the others call ------------------------------------------------------------------------------------------------------


def gather_kernel() -> Any:
    """``kernel(x, order, first, last, out)``: rows first..last of x in the order given, as columns of ``out``."""
    return _kernel("gather")


def scan(times: Floats) -> tuple[bool, float, bool]:
    """Whether all are finite and not negative, the greatest, and whether all are whole numbers."""
    n = len(times)
    if n >= MANY_ROWS and numba_available():
        kernel = _kernel("days")
        parts = in_blocks(lambda a, b: kernel(times, a, b), n)
        if all(whole and low >= 0 for whole, low, _ in parts):
            return True, float(max(high for *_, high in parts)), True
    low, high = float(times.min()), float(times.max())  # NaN where any is NaN
    fine = low >= 0.0 and high < np.inf
    return fine, high, fine and bool(np.all(times == np.floor(times)))


def bounds(codes: Codes) -> tuple[int, int]:
    """The least and the greatest."""
    n = len(codes)
    if n < MANY_ROWS or not numba_available():
        return int(codes.min()), int(codes.max())
    kernel = _kernel("codes")
    parts = in_blocks(lambda a, b: kernel(codes, a, b), n)
    return int(min(low for low, _ in parts)), int(max(high for _, high in parts))


def present(codes: Codes, low: int, high: int) -> Codes:
    """The distinct codes, sorted; all lie between ``low`` and ``high``, which are both among them."""
    n = len(codes)
    if high - low <= 1:
        return np.arange(low, high + 1)
    seen = np.zeros(high - low + 1, dtype=np.bool_)
    if n < MANY_ROWS or not numba_available():
        seen[codes - low] = True
    else:
        kernel = _kernel("mark")
        in_blocks(lambda a, b: kernel(codes, low, a, b, seen), n)
    return np.flatnonzero(seen) + low


def count_days(times: Floats, event: Codes, block: Codes | None, blocks: int, causes: int, days: int) -> Codes:
    """How many rows have each (block, event, day), as [blocks, causes, days]; every time is a whole number below ``days``.

    Args:
        event: 0 .. causes - 1.
        block: 0 .. blocks - 1; None: all in block 0.
    """
    cells = blocks * causes * days
    n = len(times)
    if MANY_ROWS <= n < _MOST_COUNTED and numba_available() and cells <= _LARGEST_PRIVATE_TABLE:
        kernel = _kernel("count")

        def part(first: int, last: int) -> NDArray[np.uint32]:
            out = np.zeros(cells, dtype=np.uint32)
            kernel(times, event, event if block is None else block, block is not None, causes, days, first, last, out)
            return out

        first_half, second_half = in_blocks(part, n)
        counts: Codes = first_half.astype(np.int64) + second_half
    else:
        where = event * days if block is None else (block * causes + event) * days
        counts = np.bincount(where + times.astype(np.int64), minlength=cells).astype(np.int64, copy=False)
    return counts.reshape(blocks, causes, days)
