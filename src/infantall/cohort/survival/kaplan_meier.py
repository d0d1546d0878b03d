"""The Kaplan-Meier estimate of survival, with Greenwood's variance (Kaplan and Meier 1958; Greenwood 1926)."""

from __future__ import annotations

import numpy as np

from infantall.cohort.survival.curves import Curve, Scale, from_zero, interval
from infantall.cohort.survival.distributions import critical_value
from infantall.cohort.survival.life_table import LifeTable
from infantall.cohort.survival.observations import Floats


def kaplan_meier(table: LifeTable, *, scale: Scale = "log-log", confidence: float = 0.95) -> tuple[Curve, ...]:
    """The survival curve of each group; every cause is an event, strata are not distinguished.

    The variance takes weights for numbers of infants (R: ``survfit(..., weights, robust = FALSE)``). The standard error is of
    S(t); where S(t) is 0 it is undefined (NaN), and so is the interval; on the log-log scale the interval is undefined at 1 as
    well.

    Args:
        scale: on which the interval is symmetric.

    Raises:
        StatisticsError: an unknown scale, or a confidence outside 0..1.
    """
    pooled = table.one_stratum()
    z = critical_value(confidence)
    return tuple(_curve(pooled, group, scale, z) for group in range(len(pooled.groups)))


def survival_steps(deaths: Floats, at_risk: Floats) -> Floats:
    """S(t) at each time, along the last axis; an empty risk set changes nothing."""
    with np.errstate(divide="ignore", invalid="ignore"):
        steps: Floats = np.where(at_risk > 0.0, (at_risk - deaths) / at_risk, 1.0)
    return np.asarray(np.cumprod(steps, axis=-1), dtype=np.float64)


def _curve(table: LifeTable, group: int, scale: Scale, z: float) -> Curve:
    deaths, censored, at_risk = table.deaths[0, group], table.censored[0, group], table.at_risk[0, group]
    own = (deaths > 0.0) | (censored > 0.0)
    times, deaths, censored, at_risk = table.times[own], deaths[own], censored[own], at_risk[own]
    survival = survival_steps(deaths, at_risk)
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = deaths / (at_risk * (at_risk - deaths))  # infinite where everybody at risk dies
        se = survival * np.sqrt(np.cumsum(terms))
    later = bool(times[0] > 0.0)
    before = at_risk_from_the_start(table, group)
    survival, se = from_zero(survival, 1.0, later), from_zero(se, 0.0, later)
    low, high = interval(survival, se, scale, z)
    return Curve(
        group=table.groups[group],
        cause=None,
        n=int(table.n[0, group]),
        events=float(deaths.sum()),
        times=from_zero(times, 0.0, later),
        estimate=survival,
        se=se,
        low=low,
        high=high,
        at_risk=from_zero(at_risk, before, later),
        censor_times=times[censored > 0.0],
        variance_sum=from_zero(terms, 0.0, later),
        complete=bool(survival[-1] == 0.0),
        notices=early_zero_notice(table, group, times, survival[1:] if later else survival),
    )


def at_risk_from_the_start(table: LifeTable, group: int) -> float:
    """At risk from time 0 on: everybody, less those whose follow-up begins later."""
    everybody = float(table.deaths[0, group].sum() + table.censored[0, group].sum())
    return everybody if table.entered is None else everybody - float(table.entered[0, group, table.times > 0.0].sum())


def early_zero_notice(table: LifeTable, group: int, times: Floats, survival: Floats) -> tuple[str, ...]:
    """With left truncation a tiny risk set early on can bring the curve to zero for good, while most infants have yet to come."""
    fallen = np.flatnonzero(survival == 0.0)
    if table.entered is None or not len(fallen) or fallen[0] == len(times) - 1:
        return ()
    return (
        f"group {table.groups[group]}: survival falls to 0 at time {times[fallen[0]]:g}, when everybody at risk had an event, "
        "though others came under observation later; the curve says nothing after that. Start the clock later",
    )
