"""Curves and tests of the statistics room as the plain results that the reports read."""

from __future__ import annotations

import math
from collections.abc import Sequence

from infantall.cohort.results import CurveResult, TestResult
from infantall.cohort.survival.curves import Curve
from infantall.cohort.survival.log_rank import GroupTest
from infantall.cohort.survival.restricted_mean import restricted_mean


def curve_result(curve: Curve, *, at: Sequence[float] = (), rmst_until: float | None = None) -> CurveResult:
    """A curve as a result, read at ``at``; survival also with its median, and its restricted mean up to ``rmst_until``.

    The restricted mean is NaN where the group is not followed so far.
    """
    survival = curve.cause is None
    rmst = None
    if survival and rmst_until is not None:
        known = rmst_until <= curve.last or curve.complete
        mean = restricted_mean(curve, rmst_until) if known else None
        rmst = (math.nan, math.nan) if mean is None else (mean.mean, mean.se)
    return CurveResult(
        group=label(curve.group),
        cause="" if survival else str(curve.cause),
        n=curve.n,
        events=round(curve.events),
        times=curve.times.tolist(),
        estimate=curve.estimate.tolist(),
        se=curve.se.tolist(),
        ci_low=curve.low.tolist(),
        ci_high=curve.high.tolist(),
        at_risk=curve.at_risk.tolist(),
        censor_times=curve.censor_times.tolist(),
        at={name: values.tolist() for name, values in curve.at(at).items()} if len(at) else {},
        median=curve.median() if survival else None,
        rmst=rmst,
        rmst_until=rmst_until if survival else None,
    )


def group_test_result(name: str, test: GroupTest, *, cause: int | None = None) -> TestResult:
    """A comparison of groups as a result."""
    return TestResult(name, test.statistic, test.df, test.p, cause="" if cause is None else str(cause), note=test.note)


def label(value: object) -> str:
    """A group's label as text; whole numbers without a decimal point."""
    return f"{value:g}" if isinstance(value, float) else str(value)
