"""Fine and Gray's regression of one cause's subdistribution hazard, with the robust variance of R's ``cmprsk::crr``.

Fine and Gray, J Am Stat Assoc 1999; 94: 496-509. Infants who had another cause first stay at risk with weight ``G(t-) / G(T-)``,
where G is the Kaplan–Meier curve of the time to censoring. Tied events are treated as Breslow did. Everything follows from sums
by (time, code): the fit from the sums of ``r (1, z, z z')``, ``r = exp(z b)``; the robust variance from the same sums at b, at 2b
and at 0, because every row's influence is ``-a r z + r b + d z + c`` with a, b, c, d that depend on its time and code only.

One difference is deliberate: ``cmprsk`` takes G just before time 0 to be G(0), so that rows at time 0 count a little less when
somebody is censored at 0. Here G(0-) is 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from infantall.cohort.survival.errors import StatisticsError
from infantall.cohort.survival.regression import Fit, Point, Sample, fit_of, maximise
from infantall.cohort.survival.time_sums import ArraySource, Floats, Integers, TimeSource, grouped, symmetric


@dataclass(frozen=True)
class _Grid:
    """The distinct times, and what does not depend on the coefficients.

    Attributes:
        place: the time of each bin, as a position in the arrays below, [bins].
        events, censored, at_risk: rows at each time; at risk just before it.
        still_observed: G(t-), the probability to be still under observation just before each time.
        event_z: sums of standardised covariates over the events at each time, [p, times].
        is_event, is_censored, is_competing: of each bin.
    """

    place: Integers
    events: Floats
    censored: Floats
    at_risk: Floats
    still_observed: Floats
    event_z: Floats
    is_event: Floats
    is_censored: Floats
    is_competing: Floats


def _grid(source: TimeSource, cause: int) -> _Grid:
    bins = source.bins
    times, place = np.unique(bins.time, return_inverse=True)
    is_event = (bins.code == cause).astype(np.float64)
    is_censored = (bins.code == 0).astype(np.float64)

    def by_time(values: Floats) -> Floats:
        return np.bincount(place, values, minlength=len(times)).astype(np.float64)

    rows = bins.rows.astype(np.float64)
    at_risk = _from_here(by_time(rows))
    censored = by_time(rows * is_censored)
    after = np.cumprod(1.0 - censored / at_risk)
    event_z = np.stack([by_time(column * is_event) for column in bins.weight_z.T])
    return _Grid(
        place=place.astype(np.int64),
        events=by_time(rows * is_event),
        censored=censored,
        at_risk=at_risk,
        still_observed=np.concatenate(([1.0], after[:-1])),
        event_z=event_z,
        is_event=is_event,
        is_censored=is_censored,
        is_competing=1.0 - is_event - is_censored,
    )


def _from_here(values: Floats) -> Floats:
    """Sums over this time and all later ones; time is the last axis."""
    return np.cumsum(values[..., ::-1], axis=-1)[..., ::-1]


def _before(values: Floats) -> Floats:
    """Sums over all earlier times; time is the last axis."""
    total = np.cumsum(values, axis=-1)
    return np.concatenate((np.zeros_like(total[..., :1]), total[..., :-1]), axis=-1)


@dataclass(frozen=True)
class _Risk:
    """Sums of ``r (1, z, z z')`` at each time: ``total`` over the risk set, ``competing`` over earlier competing rows / G(T-)."""

    total: Floats
    competing: Floats


class SubdistributionLikelihood:
    """The weighted log partial likelihood of one cause.

    Raises:
        StatisticsError: strata, entry times or weights, which the method has no agreed form for; no event of this cause.
    """

    def __init__(self, source: TimeSource, cause: int = 1) -> None:
        _refuse_what_is_not_defined(source, cause)
        self._source = source
        self.p = len(source.terms)
        self.grid = _grid(source, cause)
        self._when = np.flatnonzero(self.grid.events > 0)

    def _by_time(self, values: Floats, counted: Floats) -> Floats:
        """Sums of the bins' values over the bins of each time. Bins come sorted by time."""
        starts = np.flatnonzero(np.diff(self.grid.place, prepend=-1))
        return np.stack([grouped(column * counted, starts) for column in values])

    def risk(self, values: Floats) -> _Risk:
        """See `_Risk`; ``values`` are the source's sums."""
        grid = self.grid
        competing = _before(self._by_time(values, grid.is_competing) / grid.still_observed)
        return _Risk(_from_here(self._by_time(values, np.ones(values.shape[1]))) + grid.still_observed * competing, competing)

    def at(self, beta: Floats) -> Point:
        """The log-likelihood and its derivatives."""
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            grid, when = self.grid, self._when
            risk = self.risk(self._source.sums(beta)).total[:, when]
            d, s0, s1 = grid.events[when], risk[0], risk[1 : 1 + self.p]
            means = s1 / s0
            second = symmetric(risk[1 + self.p :] @ (d / s0), self.p)
            return Point(
                loglik=float(grid.event_z.sum(axis=1) @ beta - d @ np.log(s0)),
                score=(grid.event_z[:, when] - d * means).sum(axis=1),
                information=second - means @ (means * d).T,
                moment=np.diagonal(second).copy(),
            )

    def influence_variance(self, beta: Floats) -> Floats:
        """The sum over rows of the outer product of each row's influence on the score, [p, p].

        A row's influence has the part of its own event and risk (eta), and the part that comes from estimating G (psi).
        """
        grid, p = self.grid, self.p
        values = self._source.sums(beta)
        risk = self.risk(values)
        hazard = grid.events / risk.total[0]
        means = risk.total[1 : 1 + p] / risk.total[0]
        weighted = hazard * grid.still_observed
        own = grid.is_competing / grid.still_observed[grid.place]
        later = _from_here(weighted) - weighted
        a = np.cumsum(hazard)[grid.place] + own * later[grid.place]
        later_means = _from_here(weighted * means) - weighted * means
        b = np.cumsum(hazard * means, axis=1)[:, grid.place] + own * later_means[:, grid.place]
        c = self._censoring_part(risk, means, weighted) - grid.is_event * means[:, grid.place]
        return _outer_sums(a, b, c, grid.is_event, values, self._source.sums(2.0 * beta), self._source.sums(np.zeros(p)))

    def _censoring_part(self, risk: _Risk, means: Floats, weighted: Floats) -> Floats:
        """psi of each bin's rows, [p, bins]."""
        grid = self.grid
        q = _from_here(weighted) * risk.competing[1 : 1 + self.p] - _from_here(weighted * means) * risk.competing[0]
        share = q / grid.at_risk
        compensator = np.cumsum(grid.censored * share / grid.at_risk, axis=1)
        psi: Floats = grid.is_censored * share[:, grid.place] - compensator[:, grid.place]
        return psi


def _outer_sums(a: Floats, b: Floats, c: Floats, d: Floats, once: Floats, twice: Floats, plain: Floats) -> Floats:
    """Sum of ``v v'`` over all rows with ``v = -a r z + r b + d z + c``.

    Args:
        a, d: a number for each bin, [K]. b, c: a vector for each bin, [p, K].
        once, twice, plain: each bin's sums of ``w (1, z, z z')`` with w = r, r² and 1.
    """
    p = len(b)
    z1, z2, z0 = once[1 : 1 + p], twice[1 : 1 + p], plain[1 : 1 + p]
    squares = twice[1 + p :] @ (a**2) - once[1 + p :] @ (2.0 * a * d) + plain[1 + p :] @ d

    def crossed(left: Floats, right: Floats) -> Floats:
        product = left @ right.T
        return product + product.T

    with_b = crossed(d * z1 - a * z2, b) + b @ (b * twice[0]).T
    with_c = crossed(d * z0 - a * z1 + b * once[0], c) + c @ (c * plain[0]).T
    total: Floats = symmetric(squares, p) + with_b + with_c
    return total


def _refuse_what_is_not_defined(source: TimeSource, cause: int) -> None:
    for given, what in (
        (source.entries is not None, "entry times (left truncation, or covariates that change)"),
        (source.weighted, "case weights"),
        (bool(np.any(source.bins.stratum != source.bins.stratum[0])), "strata"),
    ):
        if given:
            raise StatisticsError(
                f"Fine–Gray: found {what}, which the model does not take. Use the cause-specific Cox model, which does"
            )
    if cause < 1 or not np.any(source.bins.code == cause):
        raise StatisticsError(f"event: no row has the event (code {cause}); a regression needs events")


def fit_fine_gray(source: TimeSource, cause: int = 1) -> Fit:
    """Fit the Fine–Gray model.

    Args:
        source: where the sums come from; codes other than 0 and ``cause`` are competing events.
        cause: the event code whose cumulative incidence is modelled.

    Returns:
        `Fit.covariance` is the robust one, as in ``cmprsk``.

    Raises:
        StatisticsError: no event of the cause; strata, weights or entry times; covariates without variation, or collinear.
    """
    likelihood = SubdistributionLikelihood(source, cause)
    maximum = maximise(likelihood.at, source.terms)
    robust = None
    if not maximum.infinite:
        inverse = np.linalg.inv(maximum.at.information)
        with np.errstate(over="ignore", invalid="ignore"):
            robust = inverse @ likelihood.influence_variance(maximum.beta) @ inverse
    notices = () if np.any(likelihood.grid.is_competing) else ("No competing event: the model is Cox's, with a robust variance.",)
    sample = Sample(source.terms, source.scale, source.n, int(likelihood.grid.events.sum()))
    return fit_of(maximum, sample, kind="finegray", ties="breslow", cause=cause, robust=robust, notices=notices)


def fine_gray(time: ArrayLike, event: ArrayLike, x: ArrayLike, *, terms: Sequence[str] | None = None, cause: int = 1) -> Fit:
    """The Fine–Gray model on rows in memory: see `fit_fine_gray` and `ArraySource`."""
    return fit_fine_gray(ArraySource(time, event, x, terms=terms), cause)
