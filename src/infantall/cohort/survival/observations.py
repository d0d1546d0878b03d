"""Rows of follow-up, checked once: everything after this may trust its arrays."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from infantall.cohort.survival.counting import bounds, present, scan
from infantall.cohort.survival.errors import StatisticsError

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]
Label = Hashable

EVERYBODY: Label = "all"
_LARGEST_CODE = 4096  # labels that are small whole numbers are coded by counting; others by sorting
_LARGEST_DAY = float(2**31)


@dataclass(frozen=True, eq=False)
class Observations:
    """Checked rows.

    Attributes:
        time: end of follow-up of each row, finite and not negative, [n].
        event: 0 where follow-up ended without an event, else the cause 1, 2, ..., [n].
        entry: follow-up begins after this time (left truncation, a piece of a history), [n]; None: from the very beginning.
        weight: how many infants a row stands for, positive, [n]; None: one.
        group: the index of the row's label in ``group_labels``, [n]; None: one group.
        stratum: the index of the row's label in ``stratum_labels``, [n]; None: one stratum.
        causes: the distinct causes seen, sorted.
        last_day: the greatest time as a whole number where every time (and entry) is one; None otherwise.
    """

    time: Floats
    event: Codes
    entry: Floats | None
    weight: Floats | None
    group: Codes | None
    group_labels: tuple[Label, ...]
    stratum: Codes | None
    stratum_labels: tuple[Label, ...]
    causes: tuple[int, ...]
    last_day: int | None

    @property
    def n(self) -> int:
        """How many rows."""
        return len(self.time)


def checked(
    time: ArrayLike,
    event: ArrayLike,
    *,
    entry: ArrayLike | None = None,
    weight: ArrayLike | None = None,
    group: ArrayLike | None = None,
    stratum: ArrayLike | None = None,
) -> Observations:
    """The rows, proven fit for every method of this room.

    A death on day 0 is allowed when there is no ``entry`` (such a row is at risk at 0, as in R); with ``entry`` a row is at risk
    at the times t with entry < t <= time. Nothing is left out silently: a missing value is refused, so that the caller leaves
    rows out visibly.

    Args:
        time, entry: in one unit, whichever. An entry below 0 means from before the start: at risk on day 0 too.
        event: 0 (or False) for censored, 1, 2, ... for the cause.
        weight: positive numbers.
        group, stratum: any labels; they are sorted.

    Raises:
        StatisticsError: at the first fault, with the number of rows, the first of them and what is expected.
    """
    times = numbers("time", time)
    if not len(times):
        raise StatisticsError("time: found no rows; expected at least one. Is every row left out for a missing time or event?")
    n = len(times)
    last, whole = _refuse_bad_times("time", times)
    events, causes = _events(event, n)
    entries = None
    if entry is not None:
        entries = _of_length(numbers("entry", entry), "entry", n)
        refuse("entry", ~np.isfinite(entries), "are missing or not finite", "a finite number in every row")
        whole = whole and bool(np.all(entries == np.floor(entries)))
        refuse("entry", entries >= times, "are not before the row's time", "follow-up that begins before it ends (entry < time)")
    weights = None
    if weight is not None:
        weights = _of_length(numbers("weight", weight), "weight", n)
        refuse("weight", ~(np.isfinite(weights) & (weights > 0)), "are not positive numbers", "a positive weight in every row")
    groups, group_labels = coded("group", group, n)
    strata, stratum_labels = coded("stratum", stratum, n)
    last_day = int(last) if whole and last < _LARGEST_DAY else None
    return Observations(times, events, entries, weights, groups, group_labels, strata, stratum_labels, causes, last_day)


def refuse(name: str, bad: NDArray[np.bool_], found: str, expected: str) -> None:
    """Raise if any row is bad, naming how many and the first.

    Raises:
        StatisticsError: where ``bad`` holds anywhere.
    """
    rows = int(np.count_nonzero(bad))
    if rows:
        first = int(np.argmax(bad))
        raise StatisticsError(
            f"{name}: {rows} of {len(bad)} values {found} (the first at index {first}, counted from 0); expected {expected}. "
            "Mend those rows, or leave them out and say how many"
        )


def numbers(name: str, values: ArrayLike) -> Floats:
    """Values as an array of floating-point numbers in one dimension; a missing value becomes NaN.

    Raises:
        StatisticsError: text or a table where a list of numbers is expected.
    """
    array = np.asarray(values)
    if array.ndim != 1:
        raise StatisticsError(f"{name}: found an array with {array.ndim} dimensions; expected a list of numbers, one a row")
    try:
        return np.ascontiguousarray(array, dtype=np.float64)
    except (TypeError, ValueError):
        raise StatisticsError(f"{name}: found values that are not numbers; expected a list of numbers, one a row") from None


def _of_length(array: Floats, name: str, n: int) -> Floats:
    if len(array) != n:
        raise StatisticsError(f"{name}: found {len(array)} values for {n} times; expected one a row")
    return array


def _refuse_bad_times(name: str, times: Floats) -> tuple[float, bool]:
    """The greatest time, and whether every time is a whole number."""
    fine, last, whole = scan(times)
    if not fine:
        refuse(name, ~np.isfinite(times), "are missing or not finite", "a finite number in every row")
        refuse(name, times < 0, "are negative", "times that are not negative, counted from one starting point")
    return last, whole


def _events(event: ArrayLike, n: int) -> tuple[Codes, tuple[int, ...]]:
    """The events as whole numbers, and the distinct causes."""
    array = np.asarray(event)
    if array.dtype.kind in ("b", "u", "i") and array.ndim == 1:
        codes = array.astype(np.int64, copy=False)
        if len(codes) != n:
            raise StatisticsError(f"event: found {len(codes)} values for {n} times; expected one a row")
    else:
        values = _of_length(numbers("event", event), "event", n)
        refuse("event", ~np.isfinite(values), "are missing", "0 for censored, or the cause 1, 2, ...")
        codes = values.astype(np.int64)
        refuse("event", codes != values, "are not whole numbers", "0 for censored, or the cause 1, 2, ...")
    low, high = bounds(codes)
    if low < 0:
        refuse("event", codes < 0, "are negative", "0 for censored, or the cause 1, 2, ...")
    seen = present(codes, low, high) if high < _LARGEST_CODE else np.unique(codes)
    return codes, tuple(int(c) for c in seen if c > 0)


def _is_missing(label: Any) -> bool:
    return label is None or (isinstance(label, float) and label != label)


def coded(name: str, labels: ArrayLike | None, n: int) -> tuple[Codes | None, tuple[Label, ...]]:
    """Labels as indices into the sorted distinct labels; (None, ("all",)) where there are none.

    Labels that cannot be compared with each other are sorted by their text.

    Raises:
        StatisticsError: a missing label, or another number of labels than rows.
    """
    if labels is None:
        return None, (EVERYBODY,)
    array = _label_array(labels)
    if array.ndim != 1 or len(array) != n:
        raise StatisticsError(f"{name}: found labels of shape {array.shape} for {n} times; expected one a row")
    if array.dtype.kind in ("b", "u", "i"):
        return _coded_integers(array)
    if array.dtype.kind == "f":
        refuse(name, np.isnan(array), "are missing", f"a {name} in every row")
        distinct, codes = np.unique(array, return_inverse=True)
        return codes.astype(np.int64, copy=False), tuple(distinct.tolist())
    if array.dtype.kind in "US":
        distinct, codes = np.unique(array, return_inverse=True)
        return codes.astype(np.int64, copy=False), tuple(distinct.tolist())
    items: list[Any] = array.tolist()
    refuse(name, np.array([_is_missing(x) for x in items], dtype=bool), "are missing", f"a {name} in every row")
    return _coded_objects(items)


def _label_array(labels: ArrayLike) -> NDArray[Any]:
    """An array that keeps None and mixed labels as they are (NumPy alone would turn [1, 'x'] into text)."""
    if isinstance(labels, np.ndarray):
        return labels
    if isinstance(labels, Sequence) and not isinstance(labels, str):
        array = np.empty(len(labels), dtype=object)
        array[:] = list(labels)
        return array
    return np.asarray(labels)


def _coded_integers(array: NDArray[Any]) -> tuple[Codes, tuple[Label, ...]]:
    codes = array.astype(np.int64, copy=False)
    low, high = bounds(codes)
    if high - low >= _LARGEST_CODE:
        distinct, places = np.unique(array, return_inverse=True)
        return places.astype(np.int64, copy=False), tuple(distinct.tolist())
    seen = present(codes, low, high)
    found: tuple[Label, ...] = tuple(bool(v) if array.dtype.kind == "b" else int(v) for v in seen)
    if len(seen) == high - low + 1:
        return (codes - low if low else codes), found
    place = np.zeros(high - low + 1, dtype=np.int64)
    place[seen - low] = np.arange(len(seen))
    return place[codes - low], found


def _coded_objects(items: list[Any]) -> tuple[Codes, tuple[Label, ...]]:
    distinct = list(dict.fromkeys(items))
    try:
        distinct.sort()
    except TypeError:
        distinct.sort(key=str)
    place = {label: i for i, label in enumerate(distinct)}
    return np.array([place[x] for x in items], dtype=np.int64), tuple(distinct)
