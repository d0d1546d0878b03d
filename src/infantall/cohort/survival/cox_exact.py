"""Cox's model with the exact partial likelihood for tied times that are truly discrete (R's ``ties = "exact"``).

With d deaths among the n at risk, the factor of a time is the product of the deaths' ``r = exp(z b)`` over the sum of such
products over all sets of d infants: the elementary symmetric polynomial of degree d in r. Gail, Lubin and Rubinstein
(Biometrika 1981; 68: 703-707) give it by recursion over the infants. Here halves of the risk set are merged instead,
polynomial by polynomial, each with its first and second derivatives: the same sums in an order that works on whole arrays.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from infantall.cohort.survival.errors import StatisticsError
from infantall.cohort.survival.observations import checked
from infantall.cohort.survival.regression import Fit, Point, Sample, fit_of, maximise
from infantall.cohort.survival.time_sums import Floats, Integers, covariate_matrix, standardise, term_names

LARGEST_WORK = 200_000_000
"""Multiplications in one step, at most: about half a minute for a whole fit."""


@dataclass(frozen=True)
class _RiskSet:
    """One event time: who is at risk (rows), and who has the event."""

    rows: Integers
    died: Integers


def _risk_sets(time: Floats, happened: Integers, entry: Floats | None, stratum: Integers) -> list[_RiskSet]:
    sets = []
    for s in np.unique(stratum):
        inside = np.flatnonzero(stratum == s)
        for t in np.unique(time[inside][happened[inside] == 1]):
            at_risk = time[inside] >= t
            if entry is not None:
                at_risk &= entry[inside] < t
            rows = inside[at_risk]
            sets.append(_RiskSet(rows, rows[(time[rows] == t) & (happened[rows] == 1)]))
    return sets


def exact_work(risk_sets: Sequence[tuple[int, int]], p: int) -> int:
    """About how many multiplications one step takes.

    Args:
        risk_sets: number at risk and number of deaths at each event time.
        p: number of covariates.
    """
    return sum(at_risk * min(deaths, at_risk - deaths + 1) for at_risk, deaths in risk_sets) * (1 + p + p * p)


class _Jets:
    """m truncated polynomials with derivatives: value [m, d + 1], first [m, d + 1, p], second [m, d + 1, p, p]."""

    def __init__(self, value: Floats, first: Floats, second: Floats) -> None:
        self.value, self.first, self.second = value, first, second

    @property
    def degree(self) -> int:
        return int(self.value.shape[1]) - 1

    def merged(self, degree: int) -> _Jets:
        """Products of neighbours, cut off at a degree; an odd one out is carried along."""
        m = len(self.value)
        even = m - m % 2
        left = _Jets(self.value[0:even:2], self.first[0:even:2], self.second[0:even:2])
        right = _Jets(self.value[1:even:2], self.first[1:even:2], self.second[1:even:2])
        product = _product(left, right, min(degree, 2 * self.degree))
        if even == m:
            return product
        size = product.degree + 1
        last = _Jets(_padded(self.value[-1:], size), _padded(self.first[-1:], size), _padded(self.second[-1:], size))
        return _Jets(
            np.concatenate((product.value, last.value)),
            np.concatenate((product.first, last.first)),
            np.concatenate((product.second, last.second)),
        )


def _padded(values: Floats, size: int) -> Floats:
    out = np.zeros((values.shape[0], size, *values.shape[2:]))
    out[:, : values.shape[1]] = values
    return out


def _product(f: _Jets, g: _Jets, degree: int) -> _Jets:
    m, p = f.first.shape[0], f.first.shape[2]
    out = _Jets(np.zeros((m, degree + 1)), np.zeros((m, degree + 1, p)), np.zeros((m, degree + 1, p, p)))
    for i in range(f.degree + 1):
        if i > degree:
            break
        n = min(g.degree, degree - i) + 1
        f0, g0 = f.value[:, i, None], g.value[:, :n]
        f1, g1 = f.first[:, i, None, :], g.first[:, :n]
        mixed = f1[..., :, None] * g1[..., None, :]
        out.value[:, i : i + n] += f0 * g0
        out.first[:, i : i + n] += f1 * g0[..., None] + f0[..., None] * g1
        out.second[:, i : i + n] += (
            f.second[:, i, None] * g0[..., None, None]
            + mixed
            + np.swapaxes(mixed, -1, -2)
            + f0[..., None, None] * g.second[:, :n]
        )
    return out


def _log_polynomial(r: Floats, z: Floats, d: int) -> tuple[float, Floats, Floats]:
    """Logarithm of the elementary symmetric polynomial of degree d in r = exp(z b), and its derivatives by b."""
    scale = d / float(r.sum())  # keeps every coefficient below exp(d)
    values = np.column_stack((np.ones(len(r)), r * scale))
    first = np.zeros((len(r), 2, z.shape[1]))
    first[:, 1] = values[:, 1, None] * z
    second = np.zeros((len(r), 2, z.shape[1], z.shape[1]))
    second[:, 1] = first[:, 1, :, None] * z[:, None, :]
    jets = _Jets(values, first, second)
    while len(jets.value) > 1:
        jets = jets.merged(d)
    value = float(jets.value[0, d])
    slope = jets.first[0, d] / value
    return np.log(value) - d * np.log(scale), slope, jets.second[0, d] / value - np.outer(slope, slope)


def _point(sets: list[_RiskSet], z: Floats, beta: Floats) -> Point:
    p = len(beta)
    eta = z @ beta
    loglik, score, information, moment = 0.0, np.zeros(p), np.zeros((p, p)), np.zeros(p)
    for risk_set in sets:  # a step too far gives numbers that are not finite; the caller sees it and halves the step
        d = len(risk_set.died)
        if d == len(risk_set.rows):
            continue  # everybody at risk has the event: the factor is 1
        highest = eta[risk_set.rows].max()
        log_sum, slope, curvature = _log_polynomial(np.exp(eta[risk_set.rows] - highest), z[risk_set.rows], d)
        loglik += float((eta[risk_set.died] - highest).sum()) - log_sum
        score += z[risk_set.died].sum(axis=0) - slope
        information += curvature
        moment += np.diagonal(curvature) + slope**2
    return Point(loglik, score, information, moment)


def cox_exact(
    time: ArrayLike,
    event: ArrayLike,
    x: ArrayLike,
    *,
    terms: Sequence[str] | None = None,
    entry: ArrayLike | None = None,
    stratum: ArrayLike | None = None,
    cause: int = 1,
) -> Fit:
    """Cox's model with the exact partial likelihood.

    Args: see `ArraySource`. There are no case weights: the exact likelihood has none.

    Raises:
        StatisticsError: as `fit_cox`; also where the work would be too great: then the ties are best treated as Efron did.
    """
    rows = checked(time, event, entry=entry, stratum=stratum)
    z = np.ascontiguousarray(covariate_matrix(x, rows.n).T.copy())
    names = term_names(terms, len(z))
    _, scale = standardise(z, names)
    happened = (rows.event == cause).astype(np.int64)
    if not happened.any():
        raise StatisticsError(f"event: no row has the event (code {cause}); a regression needs events")
    strata = np.zeros(rows.n, dtype=np.int64) if rows.stratum is None else rows.stratum
    sets = _risk_sets(rows.time, happened, rows.entry, strata)
    work = exact_work([(len(s.rows), len(s.died)) for s in sets], len(z))
    if work > LARGEST_WORK:
        most = max(len(s.died) for s in sets)
        raise StatisticsError(
            f"Exact ties: about {work:.1e} multiplications a step ({len(sets)} event times, up to {most} events at one of them); "
            f"at most {LARGEST_WORK:.0e} are tried. Use Efron's method, which is close to exact with so many rows"
        )
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        maximum = maximise(lambda beta: _point(sets, z.T, beta), names)
    sample = Sample(names, scale, rows.n, int(happened.sum()))
    return fit_of(maximum, sample, kind="cox", ties="exact", cause=cause)
