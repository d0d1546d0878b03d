"""Competing causes: the Aalen-Johansen cumulative incidence, and Gray's test between groups (Aalen and Johansen 1978; Gray 1988).

Estimates, variances and tests agree with R's ``cmprsk``; nothing is broken up at random where times are tied.
"""

from __future__ import annotations

import math

import numpy as np

from infantall.cohort.survival.curves import Curve, from_zero, interval
from infantall.cohort.survival.distributions import chi_square_upper_tail, critical_value
from infantall.cohort.survival.errors import StatisticsError
from infantall.cohort.survival.kaplan_meier import at_risk_from_the_start, early_zero_notice, survival_steps
from infantall.cohort.survival.life_table import LifeTable
from infantall.cohort.survival.log_rank import GroupTest, quadratic_form, refuse_one_group
from infantall.cohort.survival.observations import Floats


def cumulative_incidence(table: LifeTable, cause: int, *, confidence: float = 0.95) -> tuple[Curve, ...]:
    """The cumulative incidence of one cause in each group; strata are not distinguished.

    The variance is that of ``cmprsk::cuminc`` (a delta method with a correction for ties), and the interval is symmetric on the
    log-log scale: F to the power exp(±z se / (F log F)), undefined (NaN) while F is 0. R's ``survfit`` gives another variance,
    the infinitesimal jackknife, close to this one. Weights count as numbers of infants; left truncation is allowed.

    Raises:
        StatisticsError: a confidence outside 0..1.
    """
    pooled = table.one_stratum()
    z = critical_value(confidence)
    return tuple(_curve(pooled, group, cause, z) for group in range(len(pooled.groups)))


def _curve(table: LifeTable, group: int, cause: int, z: float) -> Curve:
    all_deaths, censored = table.deaths[0, group], table.censored[0, group]
    own = (all_deaths > 0.0) | (censored > 0.0)
    times, at_risk, censored = table.times[own], table.at_risk[0, group, own], censored[own]
    ours = table.events_of(cause)[0, group, own]
    others = all_deaths[own] - ours
    survival = survival_steps(ours + others, at_risk)
    incidence, variance = incidence_and_variance(ours, others, at_risk, survival)
    later = bool(times[0] > 0.0)
    estimate, se = from_zero(incidence, 0.0, later), from_zero(np.sqrt(np.maximum(variance, 0.0)), 0.0, later)
    low, high = interval(estimate, se, "log-log", z)
    return Curve(
        group=table.groups[group],
        cause=cause,
        n=int(table.n[0, group]),
        events=float(ours.sum()),
        times=from_zero(times, 0.0, later),
        estimate=estimate,
        se=se,
        low=low,
        high=high,
        at_risk=from_zero(at_risk, at_risk_from_the_start(table, group), later),
        censor_times=times[censored > 0.0],
        variance_sum=np.empty(0),
        complete=bool(survival[-1] == 0.0),
        notices=early_zero_notice(table, group, times, survival),
    )


def _ties(events: Floats, at_risk: Floats) -> Floats:
    """cmprsk's correction for tied events, 1 - (d - 1) / (r - 1), where there is more than one."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(events > 1.0, 1.0 - (events - 1.0) / (at_risk - 1.0), 1.0)


def incidence_and_variance(ours: Floats, others: Floats, at_risk: Floats, survival: Floats) -> tuple[Floats, Floats]:
    """The cumulative incidence of our cause at each time, and its variance, all [T].

    The variance is V1 + F² V3 - 2 F V2, taken anew at each time with an event of our cause; the sums V run over all events.
    """
    before = np.concatenate([[1.0], survival[:-1]])
    incidence = np.cumsum(before * ours / at_risk)
    with np.errstate(divide="ignore", invalid="ignore"):
        inverse = np.where(survival > 0.0, 1.0 / survival, 0.0)
        from_others = np.where((others > 0.0) & (survival > 0.0), before**2 * _ties(others, at_risk) * others / at_risk**2, 0.0)
        from_ours = np.where(ours > 0.0, before**2 * _ties(ours, at_risk) * ours / at_risk**2, 0.0)
    theirs, own = incidence * inverse, 1.0 + incidence * inverse
    v1 = np.cumsum(theirs**2 * from_others + own**2 * from_ours)
    v2 = np.cumsum(inverse * (theirs * from_others + own * from_ours))
    v3 = np.cumsum(inverse**2 * (from_others + from_ours))
    at_event = v1 + incidence**2 * v3 - 2.0 * incidence * v2
    latest = np.maximum.accumulate(np.where(ours > 0.0, np.arange(1, len(ours) + 1), 0))
    return incidence, np.concatenate([[0.0], at_event])[latest]


def gray_test(table: LifeTable, cause: int) -> GroupTest:
    """Gray's test (rho = 0) that the cumulative incidence of one cause is the same in all groups, stratified if there are strata.

    Exactly that of ``cmprsk::cuminc``. Weights count as numbers of infants. ``observed`` and ``expected`` are summed over strata.

    Raises:
        StatisticsError: fewer than two groups; left truncation, for which the test is not made.
    """
    refuse_one_group(table, "Gray's test")
    if table.entered is not None:
        raise StatisticsError(
            "Gray's test: found follow-up that begins late (left truncation); expected follow-up from time 0. "
            "Compare the cause-specific hazards with the log-rank test of this cause instead"
        )
    groups = len(table.groups)
    score, variance = np.zeros(groups), np.zeros((groups, groups))
    ours = table.events_of(cause)
    for stratum in range(len(table.strata)):
        others = table.deaths[stratum] - ours[stratum]
        part = _gray_stratum(ours[stratum], others, table.at_risk[stratum])
        score, variance = score + part[0], variance + part[1]
    observed = ours.sum(axis=(0, 2))
    statistic, note = math.nan, "no event of this cause: there is nothing to compare"
    if observed.sum() > 0.0:
        statistic, note = quadratic_form(score[:-1], variance[:-1, :-1])
    p = chi_square_upper_tail(statistic, groups - 1)
    return GroupTest(statistic, groups - 1, p, table.groups, observed, observed - score, variance, note)


def _before(values: Floats, first: float) -> Floats:
    """Step values just before each time, along the last axis."""
    return np.concatenate([np.full((*values.shape[:-1], 1), first), values[..., :-1]], axis=-1)


def _gray_stratum(ours: Floats, others: Floats, at_risk: Floats) -> tuple[Floats, Floats]:
    """Score and variance in one stratum, from [groups, T].

    In the words of Gray (1988): h_r is the risk set divided by survival just before, R_r = h_r (1 - F_r); the pooled incidence
        F adds
    d / Σ h. The variance collects, for each group k, what its events of our cause and of the others add.
    """
    happened = (ours + others).sum(axis=0) > 0.0
    if not happened.any():
        return np.zeros(len(ours)), np.zeros((len(ours), len(ours)))
    ours, others, at_risk = ours[:, happened], others[:, happened], at_risk[:, happened]
    here = at_risk > 0.0
    survival = survival_steps(ours + others, at_risk)
    survival_before = _before(survival, 1.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        incidence = np.cumsum(np.where(here, survival_before * ours / at_risk, 0.0), axis=-1)
        h = np.where(here, at_risk / survival_before, 0.0)
    big_r = h * (1.0 - _before(incidence, 0.0))
    d = ours.sum(axis=0)
    total = h.sum(axis=0)
    pooled = np.cumsum(d / total)
    pooled_before = _before(pooled, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        score = (ours - np.where(d > 0.0, d * big_r / big_r.sum(axis=0), 0.0)).sum(axis=1)
        a = np.eye(len(h))[:, :, None] * h - h[:, None] * h / total  # [i, k, T]
        c = np.cumsum(a * np.where(d > 0.0, d / (total * (1.0 - pooled_before)), 0.0), axis=-1)
        still = np.where(survival > 0.0, (1.0 - pooled) / survival, 0.0)
        rate = np.where(d > 1.0, 1.0 - (d - 1.0) / (total * survival_before - 1.0), 1.0)
        own = np.where(here & (d > 0.0), rate * survival_before * d / (total * at_risk), 0.0)
        rival = np.where(
            (survival > 0.0) & (others > 0.0), _ties(others, at_risk) * survival_before**2 * others / at_risk**2, 0.0
        )
    return score, _gray_variance(a, c, 1.0 - still, own, still, rival)


def _gray_variance(a: Floats, c: Floats, seen: Floats, own: Floats, still: Floats, rival: Floats) -> Floats:
    """The variance of the score: squares of each increment (its part now, its part through all later times), summed over groups.

    Args:
        a, c: [i, k, T]; the others [k, T]. ``own`` and ``rival`` are the variances of the increments of the two kinds of event.
    """
    now_own, now_rival = a - seen * c, -still * c
    later = c[:, :, -1]
    linear = (now_own * (seen * own) + now_rival * (still * rival)).sum(axis=-1)  # [i, k]
    square = (seen**2 * own + still**2 * rival).sum(axis=-1)  # [k]
    variance = np.einsum("ikt,jkt,kt->ij", now_own, now_own, own) + np.einsum("ikt,jkt,kt->ij", now_rival, now_rival, rival)
    variance += (later * square) @ later.T + later @ linear.T + linear @ later.T
    return np.asarray(variance)
