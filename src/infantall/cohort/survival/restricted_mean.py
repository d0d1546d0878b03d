"""The restricted mean: the area under the survival curve up to a chosen time (Irwin 1949; Royston and Parmar 2013)."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from infantall.cohort.survival.curves import Curve
from infantall.cohort.survival.distributions import critical_value, normal_two_sided
from infantall.cohort.survival.errors import StatisticsError
from infantall.cohort.survival.observations import Label


@dataclass(frozen=True)
class RestrictedMean:
    """The mean time up to ``until``, with its standard error and interval, in the unit of the times."""

    group: Label
    until: float
    mean: float
    se: float
    low: float
    high: float


@dataclass(frozen=True)
class MeanDifference:
    """The second group's restricted mean less the first's; ``p`` is two-sided, from the normal distribution."""

    groups: tuple[Label, Label]
    until: float
    difference: float
    se: float
    low: float
    high: float
    z: float
    p: float


def restricted_mean(curve: Curve, until: float, *, confidence: float = 0.95) -> RestrictedMean:
    """The area under a survival curve from 0 to ``until``.

    The variance is Σ A(t)² d / (r (r - d)) over event times, A(t) being the area from t to ``until``: that of R's ``survRM2``
    and of ``print(survfit(...), rmean = until)``.

    Raises:
        StatisticsError: ``until`` is not positive, or lies beyond the group's follow-up while survival there is above zero:
            that part of the area is not known. The curve is a cumulative incidence, or the confidence is no number between 0
            and 1.
    """
    if curve.cause is not None:
        raise StatisticsError("restricted mean: found a cumulative incidence; expected a survival curve")
    if not 0.0 < until < math.inf:
        raise StatisticsError(f"restricted mean: found the limit {until}; expected a positive time")
    if until > curve.last and not curve.complete:
        raise StatisticsError(
            f"restricted mean: found the limit {until:g}, but group {curve.group} is followed to {curve.last:g} only; "
            "expected a limit within the follow-up of every group compared"
        )
    within = curve.times < until
    times = np.append(curve.times[within], until)
    areas = curve.estimate[within] * np.diff(times)
    remaining = np.cumsum(areas[::-1])[::-1]  # from each time to the limit
    terms = np.where(remaining > 0.0, curve.variance_sum[within], 0.0)  # where nobody is left there is no area either
    mean, se = float(areas.sum()), math.sqrt(float((remaining**2 * terms).sum()))
    z = critical_value(confidence)
    return RestrictedMean(curve.group, until, mean, se, mean - z * se, mean + z * se)


def mean_difference(first: Curve, second: Curve, until: float, *, confidence: float = 0.95) -> MeanDifference:
    """How much longer the second group lives up to ``until`` than the first.

    Raises:
        StatisticsError: as ``restricted_mean``.
    """
    one, two = restricted_mean(first, until), restricted_mean(second, until)
    difference, se = two.mean - one.mean, math.hypot(one.se, two.se)
    margin = critical_value(confidence) * se
    z = difference / se if se > 0.0 else math.nan
    return MeanDifference(
        (first.group, second.group), until, difference, se, difference - margin, difference + margin, z, normal_two_sided(z)
    )
