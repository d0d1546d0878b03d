"""A step curve of one group, and what can be read from it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from infantall.cohort.survival.errors import StatisticsError
from infantall.cohort.survival.observations import Floats, Label

Scale = Literal["log-log", "log", "plain"]
_HALF_TOLERANCE = math.sqrt(np.finfo(np.float64).eps)  # R's, for "the curve is exactly one half"


@dataclass(frozen=True, eq=False)
class Curve:
    """Survival, or the cumulative incidence of one cause, in one group.

    Attributes:
        group: the group's label.
        cause: the cause of an incidence; None for survival.
        n: rows.
        events: events of this cause (of any cause for survival); a sum of weights where rows are weighted.
        times: distinct times of the group's rows, the first is 0; the estimate holds from a time up to the next, [T].
        estimate, se: the curve, and the standard error of the curve itself (not of its logarithm), [T].
        low, high: the interval, [T]; NaN where it cannot be estimated.
        at_risk: at risk just before each time, [T].
        censor_times: times at which follow-up of somebody ended without an event.
        variance_sum: for survival, the terms of Greenwood's sum d / (r (r - d)) at each time, [T]; empty for an incidence.
        complete: nobody was left at the end: the last value holds for ever.
        notices: what a reader of the curve must know.
    """

    group: Label
    cause: int | None
    n: int
    events: float
    times: Floats
    estimate: Floats
    se: Floats
    low: Floats
    high: Floats
    at_risk: Floats
    censor_times: Floats
    variance_sum: Floats
    complete: bool
    notices: tuple[str, ...] = ()

    @property
    def last(self) -> float:
        """The end of the longest follow-up."""
        return float(self.times[-1])

    def at(self, times: Sequence[float]) -> dict[str, Floats]:
        """The curve read at ``times``: at, estimate, se, ci_low, ci_high, at_risk (follow-up of at least that time).

        After the longest follow-up nothing is known and all are NaN, unless by then everybody had an event.
        """
        asked = np.asarray(times, dtype=np.float64)
        place = np.maximum(np.searchsorted(self.times, asked, side="right") - 1, 0)
        unknown = (asked < 0) | np.isnan(asked) | ((asked > self.last) & (not self.complete))
        read = {"at": asked}
        for name, values in (("estimate", self.estimate), ("se", self.se), ("ci_low", self.low), ("ci_high", self.high)):
            read[name] = np.where(unknown, np.nan, values[place])
        after = np.searchsorted(self.times, asked, side="left")
        read["at_risk"] = np.append(self.at_risk, 0.0)[after]
        return read

    def median(self) -> tuple[float, float, float]:
        """The median time with its interval: where the curve, and its limits, come down to one half (Brookmeyer and Crowley).

        Where a curve is exactly one half for a while, the middle of that while, as R's ``survfit`` has it. NaN: it does not
        come down.

        Raises:
            StatisticsError: the curve is a cumulative incidence, which has no median.
        """
        if self.cause is not None:
            raise StatisticsError(
                "median: found a cumulative incidence; expected a survival curve. Read the incidence at chosen times"
            )
        return self._falls_to_half(self.estimate), self._falls_to_half(self.low), self._falls_to_half(self.high)

    def _falls_to_half(self, values: Floats) -> float:
        with np.errstate(invalid="ignore"):
            below = np.flatnonzero(values < 0.5 + _HALF_TOLERANCE)
        if not len(below):
            return math.nan
        first = values[below[0]]
        lower = below[values[below] < first]
        if abs(first - 0.5) < _HALF_TOLERANCE and len(lower):
            return float((self.times[below[0]] + self.times[lower[0]]) / 2.0)
        return float(self.times[below[0]])


def interval(estimate: Floats, se: Floats, scale: Scale, z: float) -> tuple[Floats, Floats]:
    """Limits of a probability from its standard error, on the scale named, as R's ``survfit`` makes them.

    log-log: p to the power exp(±z se / (p log p)), undefined (NaN) at 0 and 1. log: undefined at 0. All stay within 0..1.

    Raises:
        StatisticsError: another scale.
    """
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):  # beyond all numbers is a limit of 0
        if scale == "log-log":
            inside = np.where((estimate > 0.0) & (estimate < 1.0), estimate, np.nan)
            shift = z * se / (inside * np.log(inside))  # negative: the logarithm is
            return np.exp(-np.exp(np.log(-np.log(inside)) - shift)), np.exp(-np.exp(np.log(-np.log(inside)) + shift))
        if scale == "log":
            inside = np.where(estimate > 0.0, estimate, np.nan)
            return inside * np.exp(-z * se / inside), np.minimum(inside * np.exp(z * se / inside), 1.0)
        if scale == "plain":
            return np.maximum(estimate - z * se, 0.0), np.minimum(estimate + z * se, 1.0)
    raise StatisticsError(f"interval: found {scale!r}; expected log-log, log or plain")


def from_zero(values: Floats, first: float, starts_later: bool) -> Floats:
    """The values of a step curve with the value before any event put in front, unless something happened at time 0 itself."""
    return np.concatenate([[first], values]) if starts_later else values
