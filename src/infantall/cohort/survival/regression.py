"""What every regression shares: the result, the search for the maximum, and the words for what has no estimate."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from infantall.cohort.survival.distributions import chi_square_upper_tail, critical_value, normal_two_sided
from infantall.cohort.survival.errors import StatisticsError
from infantall.cohort.survival.time_sums import Floats

_STEPS = 60
_HALVINGS = 40
_CONVERGED = 1e-16
"""Newton decrement (twice the log-likelihood still to be gained) at which the last step is taken."""
_FLAT = 1e-7
_VANISHED = 1e-9
"""Information along a direction, over that at zero, below which nothing can be learnt about it any more."""
_SINGULAR = 1e-10
_NO_VARIATION = 1e-11


@dataclass(frozen=True)
class Fit:
    """A fitted regression. Coefficients are per unit of the covariates as they were given.

    Attributes:
        kind: ``cox`` or ``finegray``.
        ties: ``efron``, ``breslow`` or ``exact``.
        cause: the event code that counts.
        terms: names of the p covariates.
        coef: logarithms of the hazard ratios, [p]; NaN for a term in ``infinite``.
        covariance: of the coefficients, [p, p]; NaN for a term in ``infinite``. Fine–Gray: the robust one.
        model_covariance: the inverse of the information; the same as ``covariance`` for Cox.
        infinite: terms whose likelihood has no maximum, with +1 or -1 for where the coefficient runs.
        loglik, loglik_null: logarithm of the partial likelihood at the estimate and at zero.
        score_statistic: chi-square of the score test of all terms, p degrees of freedom.
        wald_statistic: chi-square of the Wald test; NaN with infinite terms.
        iterations: Newton steps.
        n, events: rows, and events that count.
        notices: what a reader has to know.
    """

    kind: str
    ties: str
    cause: int
    terms: tuple[str, ...]
    coef: Floats
    covariance: Floats
    model_covariance: Floats
    loglik: float
    loglik_null: float
    score_statistic: float
    wald_statistic: float
    iterations: int
    n: int
    events: int
    infinite: Mapping[str, int] = field(default_factory=dict)
    notices: tuple[str, ...] = ()

    @property
    def df(self) -> int:
        """Degrees of freedom of the tests of all terms."""
        return len(self.terms)

    @property
    def se(self) -> Floats:
        """Standard errors, [p]."""
        return np.sqrt(np.diagonal(self.covariance))

    @property
    def z(self) -> Floats:
        """Coefficients over their standard errors, [p]."""
        return self.coef / self.se

    @property
    def p(self) -> tuple[float, ...]:
        """Two-sided p-value of each term (Wald); NaN for a term in ``infinite``."""
        return tuple(normal_two_sided(float(value)) for value in self.z)

    @property
    def likelihood_ratio(self) -> float:
        """Chi-square of the likelihood-ratio test of all terms."""
        return 2.0 * (self.loglik - self.loglik_null)

    @property
    def likelihood_ratio_p(self) -> float:
        """Its p-value."""
        return chi_square_upper_tail(self.likelihood_ratio, self.df)

    @property
    def score_p(self) -> float:
        """The p-value of the score test."""
        return chi_square_upper_tail(self.score_statistic, self.df)

    @property
    def wald_p(self) -> float:
        """The p-value of the Wald test."""
        return math.nan if math.isnan(self.wald_statistic) else chi_square_upper_tail(self.wald_statistic, self.df)

    def interval(self, confidence: float = 0.95) -> tuple[Floats, Floats]:
        """Lower and upper limits of the coefficients, [p] each (Wald); their exponentials are those of the hazard ratios."""
        half = critical_value(confidence) * self.se
        return self.coef - half, self.coef + half


@dataclass(frozen=True)
class Point:
    """The log-likelihood at one place, its first and negative second derivative, all in standardised covariates.

    ``moment`` is the diagonal of the information before means are taken off: it says how large a number rounding has touched.
    """

    loglik: float
    score: Floats
    information: Floats
    moment: Floats


@dataclass(frozen=True)
class Maximum:
    """Where Newton's method ended."""

    beta: Floats
    at: Point
    null: Point
    iterations: int
    infinite: tuple[tuple[int, int], ...]
    settled: bool


def maximise(evaluate: Callable[[Floats], Point], terms: tuple[str, ...]) -> Maximum:
    """The maximum of a concave log-likelihood by Newton's method from zero, with steps halved where they overshoot.

    Args:
        evaluate: the log-likelihood and its derivatives at given coefficients.
        terms: names of the covariates, for messages.

    Raises:
        StatisticsError: a covariate that does not vary among those at risk, or covariates of which one follows from the others.
    """
    p = len(terms)
    beta = np.zeros(p)
    null = point = evaluate(beta)
    _refuse_singular(null, terms)
    previous = np.full(p, np.inf)
    for iteration in range(1, _STEPS + 1):
        vanished = _vanished(point, null, beta)
        if vanished:
            return Maximum(beta, point, null, iteration - 1, vanished, True)
        step = _solve(point.information, point.score)
        decrement = float(step @ point.score)
        if decrement <= _CONVERGED:
            return Maximum(beta + step, point, null, iteration - 1, (), True)
        diverging = _diverging(step, previous, beta) if decrement < _FLAT else ()
        if diverging:
            return Maximum(beta, point, null, iteration - 1, diverging, True)
        better = _uphill(evaluate, beta, step, point)
        if better is None:
            return Maximum(beta, point, null, iteration - 1, (), False)
        (beta, point), previous = better, step
    return Maximum(beta, point, null, _STEPS, (), False)


def _uphill(evaluate: Callable[[Floats], Point], beta: Floats, step: Floats, point: Point) -> tuple[Floats, Point] | None:
    """The first of the step, its half, its quarter, ... that does not lower the likelihood; None if there is none."""
    for halving in range(_HALVINGS):
        place = beta + step / 2.0**halving
        there = evaluate(place)
        finite = math.isfinite(there.loglik) and bool(np.isfinite(there.information).all())
        if finite and there.loglik >= point.loglik - 1e-10 * abs(point.loglik):
            return place, there
    return None


def _solve(information: Floats, score: Floats) -> Floats:
    """The Newton step; along a direction that has become flat to the last digit, the shortest one."""
    try:
        return np.asarray(np.linalg.solve(information, score), dtype=np.float64)
    except np.linalg.LinAlgError:
        return np.asarray(np.linalg.lstsq(information, score, rcond=None)[0], dtype=np.float64)


def _vanished(point: Point, null: Point, beta: Floats) -> tuple[tuple[int, int], ...]:
    """Terms along a direction in which the information has gone, compared with that at zero: the coefficient runs away."""
    values, vectors = np.linalg.eigh(null.information)
    root = vectors / np.sqrt(values)
    left, directions = np.linalg.eigh(root.T @ point.information @ root)
    if left[0] > _VANISHED:
        return ()
    along = np.abs(root @ directions[:, 0]) * np.sqrt(np.diagonal(null.information))
    gone = (along > 0.1 * along.max()) & (beta != 0.0)
    return tuple((int(j), 1 if beta[j] > 0 else -1) for j in np.flatnonzero(gone))


def _diverging(step: Floats, previous: Floats, beta: Floats) -> tuple[tuple[int, int], ...]:
    """Terms that still move by as much as the step before, although nothing is gained any more.

    Near a maximum a step is far shorter than the one before. Where the likelihood only creeps towards a limit, it stays as long.
    """
    moving = (np.abs(step) > 0.5 * np.abs(previous)) & (np.abs(step) > 1e-3 * np.abs(beta))
    return tuple((int(j), 1 if step[j] > 0 else -1) for j in np.flatnonzero(moving))


def _refuse_singular(point: Point, terms: tuple[str, ...]) -> None:
    variance = np.diagonal(point.information)
    still = [term for term, v, m in zip(terms, variance, point.moment, strict=True) if not v > _NO_VARIATION * m]
    if still:
        raise StatisticsError(
            f"{_named(still)}: no variation among the infants at risk at any event, so no hazard ratio can be estimated. "
            "Leave it out, or merge its levels"
        )
    root = np.sqrt(variance)
    values, vectors = np.linalg.eigh(point.information / np.outer(root, root))
    if values[0] < _SINGULAR:
        involved = [term for term, v in zip(terms, vectors[:, 0], strict=True) if abs(v) > 1e-4]
        raise StatisticsError(
            f"{_named(involved)}: collinear, that is, one of them follows from the others among the infants at risk, "
            "so their effects cannot be told apart. Leave one of them out"
        )


def _named(terms: list[str]) -> str:
    return ", ".join(repr(term) for term in terms)


def maximum_notices(maximum: Maximum, terms: tuple[str, ...]) -> tuple[str, ...]:
    """What a reader must know about a maximum that is none."""
    notices = [
        f"{terms[j]}: no finite estimate. The likelihood has no maximum: it grows as the coefficient goes to "
        f"{'plus' if sign > 0 else 'minus'} infinity (a level without events, or one whose infants always have the event first). "
        "No Wald interval or p-value is given; the likelihood-ratio and score tests remain valid. "
        "Merging levels, or leaving the term out, gives a finite estimate."
        for j, sign in maximum.infinite
    ]
    if not maximum.settled:
        notices.append(f"The fit did not settle in {maximum.iterations} steps: do not trust its numbers.")
    return tuple(notices)


def inverse_without(information: Floats, infinite: tuple[tuple[int, int], ...]) -> Floats:
    """The inverse of the information over the terms that have an estimate; NaN for those that have none."""
    p = len(information)
    kept = np.setdiff1d(np.arange(p), [j for j, _ in infinite])
    full = np.full((p, p), np.nan)
    if len(kept):
        full[np.ix_(kept, kept)] = np.linalg.inv(information[np.ix_(kept, kept)])
    return full


def score_test(point: Point) -> float:
    """Chi-square of the score test at a point."""
    return float(point.score @ np.linalg.solve(point.information, point.score))


@dataclass(frozen=True)
class Sample:
    """What was fitted: names, the scale of the standardised covariates, and how many rows and events."""

    terms: tuple[str, ...]
    scale: Floats
    n: int
    events: int


def fit_of(
    maximum: Maximum,
    sample: Sample,
    *,
    kind: str,
    ties: str,
    cause: int,
    robust: Floats | None = None,
    notices: tuple[str, ...] = (),
) -> Fit:
    """The result in the units of the data.

    Args:
        robust: covariance to report instead of the inverse information, standardised; NaN where there is no estimate.
    """
    units = np.outer(sample.scale, sample.scale)
    model = inverse_without(maximum.at.information, maximum.infinite)
    coef = maximum.beta / sample.scale
    coef[[j for j, _ in maximum.infinite]] = np.nan
    wald = np.nan if maximum.infinite else float(maximum.beta @ maximum.at.information @ maximum.beta)
    if robust is not None and not maximum.infinite:
        wald = float(maximum.beta @ np.linalg.solve(robust, maximum.beta))
    return Fit(
        kind=kind,
        ties=ties,
        cause=cause,
        terms=sample.terms,
        coef=coef,
        covariance=(model if robust is None else robust) / units,
        model_covariance=model / units,
        loglik=maximum.at.loglik,
        loglik_null=maximum.null.loglik,
        score_statistic=score_test(maximum.null),
        wald_statistic=wald,
        iterations=maximum.iterations,
        n=sample.n,
        events=sample.events,
        infinite={sample.terms[j]: sign for j, sign in maximum.infinite},
        notices=maximum_notices(maximum, sample.terms) + notices,
    )
