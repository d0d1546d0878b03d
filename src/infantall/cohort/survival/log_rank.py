"""The log-rank test for two or more groups, stratified if wanted (Mantel 1966; Peto and Peto 1972)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from infantall.cohort.survival.distributions import chi_square_upper_tail
from infantall.cohort.survival.errors import StatisticsError
from infantall.cohort.survival.life_table import LifeTable
from infantall.cohort.survival.observations import Floats, Label


@dataclass(frozen=True, eq=False)
class GroupTest:
    """A comparison of groups.

    Attributes:
        statistic, df, p: chi-square; NaN where it cannot be calculated, and ``note`` says why.
        groups: the labels of ``observed`` and ``expected``.
        observed, expected: events in each group, and those expected if there were no difference, [groups].
        variance: of observed - expected, [groups, groups].
    """

    statistic: float
    df: int
    p: float
    groups: tuple[Label, ...]
    observed: Floats
    expected: Floats
    variance: Floats
    note: str = ""


def log_rank(table: LifeTable, *, cause: int | None = None) -> GroupTest:
    """The log-rank test with the hypergeometric variance; left truncation is allowed; with several strata the stratified test.

    With one ``cause`` only its events count and the others end follow-up: the cause-specific log-rank test. The degrees of
    freedom are the groups of whom an event was expected at all, less one, as in R's ``survdiff``. Weights count as numbers of
    infants.

    Raises:
        StatisticsError: fewer than two groups.
    """
    refuse_one_group(table, "the log-rank test")
    deaths = table.deaths if cause is None else table.events_of(cause)
    groups = len(table.groups)
    expected, variance = np.zeros(groups), np.zeros((groups, groups))
    for stratum in range(len(table.strata)):
        part = _stratum(deaths[stratum], table.at_risk[stratum])
        expected, variance = expected + part[0], variance + part[1]
    return tested(table.groups, deaths.sum(axis=(0, 2)), expected, variance)


def log_rank_trend(test: GroupTest, scores: Sequence[float]) -> tuple[float, float]:
    """The test for a trend over ordered groups, (chi-square with 1 degree of freedom, p); the scores weigh observed - expected.

    Raises:
        StatisticsError: not one score a group.
    """
    weights = np.asarray(scores, dtype=np.float64)
    if weights.shape != test.observed.shape:
        raise StatisticsError(
            f"scores: found {len(weights)} for {len(test.groups)} groups; expected one a group, in the groups' order"
        )
    spread = float(weights @ test.variance @ weights)
    if not spread > 0.0:
        return math.nan, math.nan
    statistic = float(weights @ (test.observed - test.expected)) ** 2 / spread
    return statistic, chi_square_upper_tail(statistic, 1)


def refuse_one_group(table: LifeTable, test: str) -> None:
    """Raise unless there are two groups to compare."""
    if len(table.groups) < 2:
        raise StatisticsError(f"group: found one group ({table.groups[0]}); expected two or more for {test}")


def _stratum(deaths: Floats, at_risk: Floats) -> tuple[Floats, Floats]:
    """Expected events and their variance, from [groups, T] of one stratum."""
    happened = deaths.sum(axis=0) > 0.0
    at_risk = at_risk[:, happened]
    d, r = deaths[:, happened].sum(axis=0), at_risk.sum(axis=0)
    share = at_risk / r
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = np.where(r > 1.0, d * (r - d) / (r - 1.0), 0.0)
    variance = np.diag(share @ spread) - (share * spread) @ share.T
    return share @ d, variance


def tested(groups: tuple[Label, ...], observed: Floats, expected: Floats, variance: Floats) -> GroupTest:
    """The chi-square of observed - expected; one group is left out because the differences add up to zero."""
    compared = np.flatnonzero(expected > 0.0)
    df = max(len(compared) - 1, 0)
    statistic, note = math.nan, ""
    if observed.sum() == 0.0:
        note = "no event: there is nothing to compare"
    elif df == 0:
        note = "only one group was at risk when events happened: there is nothing to compare"
    else:
        kept = compared[1:]
        difference = (observed - expected)[kept]
        statistic, note = quadratic_form(difference, variance[np.ix_(kept, kept)])
    return GroupTest(statistic, df, chi_square_upper_tail(statistic, df), groups, observed, expected, variance, note)


def quadratic_form(difference: Floats, variance: Floats) -> tuple[float, str]:
    """difference' variance⁻¹ difference, and a note where the variance has no inverse (then NaN)."""
    scale = np.sqrt(np.diag(variance))
    if not np.all(scale > 0.0) or np.linalg.matrix_rank(variance / np.outer(scale, scale)) < len(scale):
        return math.nan, "the variance is singular: too few events to compare"
    return float(difference @ np.linalg.solve(variance, difference)), ""
