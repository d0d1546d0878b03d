"""Infants against a published survival curve: the one-sample log-rank test (Breslow 1975; Woolson 1981)."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from infantall.cohort.survival.distributions import chi_square_upper_tail, poisson_interval
from infantall.cohort.survival.errors import StatisticsError
from infantall.cohort.survival.life_table import LifeTable
from infantall.cohort.survival.observations import Floats, numbers, refuse


@dataclass(frozen=True)
class OneSampleTest:
    """Events observed and expected, had the published curve held.

    Attributes:
        observed, expected: events up to the last published point.
        statistic, df, p: (observed - expected)² / expected, one degree of freedom; NaN if no event was expected.
        ratio, low, high: observed / expected, with the exact Poisson interval.
        last_point: follow-up is cut here.
        cut: infants followed beyond it, who are censored there.
        notices: the assumptions, in words.
    """

    observed: int
    expected: float
    statistic: float
    df: int
    p: float
    ratio: float
    low: float
    high: float
    last_point: float
    cut: int
    notices: tuple[str, ...]


def one_sample_log_rank(
    table: LifeTable, curve_times: ArrayLike, curve_survival: ArrayLike, *, confidence: float = 0.95
) -> OneSampleTest:
    """Compare all rows of a table with a curve given as points; the curve is taken as known, without its own uncertainty.

    The expected events are the sum of the published cumulative hazard over each infant's follow-up. Between two points the
    hazard is taken as constant: the cumulative hazard, -log S, is a straight line there, beginning at 0. Nothing is assumed
        beyond the last
    point: follow-up is cut there.

    Args:
        curve_times: increasing times of the points, in the unit of the table.
        curve_survival: survival at those times, above 0 and at most 1, never rising. A point at time 0 is not needed.

    Raises:
        StatisticsError: the points are no survival curve; rows with weights that are not whole numbers.
    """
    points, hazard = _cumulative_hazard(curve_times, curve_survival)
    last = float(points[-1])
    times, deaths = table.times, table.deaths.sum(axis=(0, 1))
    ends = deaths + table.censored.sum(axis=(0, 1))
    expected = float(ends @ np.interp(times, points, hazard))
    if table.entered is not None:
        expected -= float(table.entered.sum(axis=(0, 1)) @ np.interp(times, points, hazard))
    observed = float(deaths[times <= last].sum())
    if observed != math.floor(observed):
        raise StatisticsError(f"one-sample log-rank: found {observed:g} weighted events; expected weights that are whole numbers")
    cut = round(float(ends[times > last].sum()))
    notices = [f"the published hazard is taken as constant between points, and as known; nothing is assumed after {last:g}"]
    if cut:
        notices.append(f"{cut} infants followed beyond {last:g}, the last published point, are censored there")
    low, high = poisson_interval(int(observed), confidence)
    if not expected > 0.0:
        notices.append("no event was expected: there is nothing to compare")
        return OneSampleTest(int(observed), 0.0, math.nan, 1, math.nan, math.nan, math.nan, math.nan, last, cut, tuple(notices))
    statistic = (observed - expected) ** 2 / expected
    p = chi_square_upper_tail(statistic, 1)
    ratio, low, high = observed / expected, low / expected, high / expected
    return OneSampleTest(int(observed), expected, statistic, 1, p, ratio, low, high, last, cut, tuple(notices))


def _cumulative_hazard(curve_times: ArrayLike, curve_survival: ArrayLike) -> tuple[Floats, Floats]:
    """The points with (0, 0) in front, as cumulative hazards.

    Raises:
        StatisticsError: unequal lengths, no point, times that do not increase, survival outside (0, 1] or rising.
    """
    times, survival = numbers("curve: time", curve_times), numbers("curve: survival", curve_survival)
    if len(times) != len(survival) or not len(times):
        raise StatisticsError(f"curve: found {len(times)} times and {len(survival)} survivals; expected one of each a point")
    refuse("curve: time", ~(np.isfinite(times) & (times >= 0.0)), "are missing or negative", "times counted from the same start")
    refuse(
        "curve: survival", ~((survival > 0.0) & (survival <= 1.0)), "are not above 0 and at most 1", "survival as a proportion"
    )
    if times[0] > 0.0:
        times, survival = np.append(0.0, times), np.append(1.0, survival)
    refuse("curve: time", np.append(False, np.diff(times) <= 0.0), "do not come after the one before", "increasing times")
    rises = np.append(survival[0] < 1.0, np.diff(survival) > 0.0)
    refuse("curve: survival", rises, "rise, or are below 1 at time 0", "survival that begins at 1 and never rises")
    if len(times) < 2:
        raise StatisticsError("curve: found no point after time 0; expected at least one")
    return times, np.abs(np.log(survival))
