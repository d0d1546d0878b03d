"""Several tests at once: adjusted p values, as R's ``p.adjust`` makes them. A test that gave no p (NaN) is not counted."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from infantall.cohort.survival.observations import Floats, numbers, refuse


def holm(p: ArrayLike) -> Floats:
    """Holm (1979): holds the chance of any false finding, whatever the tests have to do with each other.

    Raises:
        StatisticsError: a value outside 0..1.
    """
    return _adjusted(p, lambda rising: np.maximum.accumulate(rising * np.arange(len(rising), 0, -1)))


def hochberg(p: ArrayLike) -> Floats:
    """Hochberg (1988), Holm taken from the other end: for tests that are independent or positively dependent.

    Raises:
        StatisticsError: a value outside 0..1.
    """
    return _adjusted(p, lambda rising: _least_from_here_on(rising * np.arange(len(rising), 0, -1)))


def benjamini_hochberg(p: ArrayLike) -> Floats:
    """Benjamini and Hochberg (1995): holds the expected share of false findings among all findings.

    Raises:
        StatisticsError: a value outside 0..1.
    """
    return _adjusted(p, lambda rising: _least_from_here_on(rising * len(rising) / np.arange(1, len(rising) + 1)))


def _least_from_here_on(values: Floats) -> Floats:
    return np.asarray(np.minimum.accumulate(values[::-1])[::-1])


def _adjusted(p: ArrayLike, of_rising: Callable[[Floats], Floats]) -> Floats:
    """Adjust the values in rising order, and put them back in their places; NaN stays NaN."""
    values = numbers("p", p)
    refuse("p", (values < 0.0) | (values > 1.0), "are not between 0 and 1", "p values")
    answer = np.full(len(values), np.nan)
    known = np.flatnonzero(~np.isnan(values))
    order = known[np.argsort(values[known], kind="stable")]
    answer[order] = np.minimum(of_rising(values[order]), 1.0)
    return answer
