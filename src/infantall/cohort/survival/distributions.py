"""The three distributions the methods need: normal, chi-square with whole degrees of freedom, Poisson.

All tails are sums of positive terms, so a very small probability keeps its leading digits.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from statistics import NormalDist

from infantall.cohort.survival.errors import StatisticsError

_STANDARD = NormalDist()
_BISECTIONS = 200
_LARGEST_PLAIN_HALF = 600.0  # exp(-600) and its inverse are still ordinary numbers


def normal_quantile(p: float) -> float:
    """The value below which a standard normal variable falls with probability ``p`` (0 < p < 1)."""
    return _STANDARD.inv_cdf(p)


def critical_value(confidence: float) -> float:
    """The multiple of the standard error on either side of an interval: 1.96 for 0.95.

    Raises:
        StatisticsError: ``confidence`` is not between 0 and 1.
    """
    if not 0.0 < confidence < 1.0:
        raise StatisticsError(f"confidence: found {confidence}; expected a number between 0 and 1, such as 0.95")
    return -_STANDARD.inv_cdf((1.0 - confidence) / 2.0)


def normal_two_sided(z: float) -> float:
    """The probability that a standard normal variable is at least as far from zero as ``z``. NaN gives NaN."""
    return math.erfc(abs(z) / math.sqrt(2.0))


def chi_square_upper_tail(x: float, df: int) -> float:
    """The probability that a chi-square variable with ``df`` degrees of freedom exceeds ``x``.

    The finite sums of Abramowitz and Stegun, 26.4.4 and 26.4.5. NaN, or no degree of freedom, gives NaN.

    Raises:
        StatisticsError: ``df`` is negative or not a whole number.
    """
    if df < 0 or df != int(df):
        raise StatisticsError(f"degrees of freedom: found {df}; expected a whole number that is not negative")
    if df == 0 or math.isnan(x):
        return math.nan
    if x <= 0.0:
        return 1.0
    half = x / 2.0
    if math.isinf(half):
        return 0.0
    odd = df % 2
    tail = math.erfc(math.sqrt(half)) if odd else 0.0
    start = 0.5 if odd else 0.0
    if half > _LARGEST_PLAIN_HALF or df > 300:
        exponents = [(start + i) * math.log(half) - half - math.lgamma(start + i + 1.0) for i in range(df // 2)]
        return min(1.0, tail + math.fsum(map(math.exp, exponents)))
    term = math.exp(-half) * (math.sqrt(half) / math.gamma(1.5) if odd else 1.0)
    terms = [tail]
    for i in range(df // 2):
        terms.append(term)
        term *= half / (start + i + 1.0)
    return min(1.0, math.fsum(terms))


def _root(increasing: Callable[[float], float], low: float, high: float) -> float:
    """Where an increasing function passes zero, by bisection down to neighbouring numbers."""
    for _ in range(_BISECTIONS):
        middle = (low + high) / 2.0
        if middle in (low, high):
            break
        if increasing(middle) < 0.0:
            low = middle
        else:
            high = middle
    return (low + high) / 2.0


def poisson_interval(count: int, confidence: float = 0.95) -> tuple[float, float]:
    """The exact (Garwood) interval for the mean of a Poisson variable of which ``count`` was observed.

    The lower limit of a count of zero is zero.

    Raises:
        StatisticsError: ``count`` is negative or not a whole number; ``confidence`` is not between 0 and 1.
    """
    if count < 0 or count != int(count):
        raise StatisticsError(f"count: found {count}; expected a whole number that is not negative")
    critical_value(confidence)  # refuses what is no confidence
    alpha = 1.0 - confidence
    count = int(count)

    def at_least(mean: float) -> float:
        """P(X >= count) - alpha / 2, which grows with the mean."""
        return 1.0 - chi_square_upper_tail(2.0 * mean, 2 * count) - alpha / 2.0

    def above(mean: float) -> float:
        """alpha / 2 - P(X <= count), which grows with the mean."""
        return alpha / 2.0 - chi_square_upper_tail(2.0 * mean, 2 * count + 2)

    ceiling = count + 40.0 * math.sqrt(count + 1.0) + 40.0 * math.log(4.0 / alpha)
    lower = 0.0 if count == 0 else _root(at_least, 0.0, float(count))
    return lower, _root(above, float(count), ceiling)
