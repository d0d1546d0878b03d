"""Cox's proportional hazards regression on sums by time: Efron or Breslow ties, strata, weights, entry times.

Partial likelihood with Efron's approximation as in Therneau and Grambsch, Modeling Survival Data (2000), section 3.3. With d
deaths at a time, of total weight D0, in a risk set of total S0 (sums of ``w exp(z b)``), each factor is ``S0 - (l/d) D0``,
l = 0..d-1, and counts with the mean weight of the deaths. Breslow's approximation leaves out the second part.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from infantall.cohort.survival.errors import StatisticsError
from infantall.cohort.survival.regression import Fit, Point, Sample, fit_of, maximise
from infantall.cohort.survival.time_sums import ArraySource, Floats, Integers, TimeSource, blocks_of, for_each, grouped, symmetric

Ties = Literal["efron", "breslow"]


class RiskCells:
    """The (stratum, event time) cells of one cause, and who is at risk at each. Nothing here depends on the coefficients.

    Attributes:
        stratum, time: of each cell, [K], sorted.
        deaths: rows with the event, [K].
        death_weight: their total weight, [K].
        death_z: their weighted sums of standardised covariates, [K, p].

    Raises:
        StatisticsError: no event of this cause.
    """

    def __init__(self, source: TimeSource, cause: int = 1) -> None:
        bins = source.bins
        self._event = np.flatnonzero(bins.code == cause)
        if not len(self._event):
            raise StatisticsError(f"event: no row has the event (code {cause}); a regression needs events")
        self.stratum = bins.stratum[self._event]
        self.time = bins.time[self._event]
        self.deaths = bins.rows[self._event]
        self.death_weight = bins.weight[self._event]
        self.death_z = bins.weight_z[self._event]
        self._source = source
        self._distinct = np.unique(self.time)
        self._rank = np.searchsorted(self._distinct, self.time) + 1
        self._ended = self._cells_at(bins.stratum, bins.time)
        self._entered = None if source.entries is None else self._cells_at(source.entries.stratum, source.entries.time)
        edges = np.flatnonzero(np.diff(self.stratum)) + 1
        self.strata = list(zip([0, *edges.tolist()], [*edges.tolist(), len(self.time)], strict=True))

    def _cells_at(self, stratum: Integers, time: Floats) -> Integers:
        """For each bin the last cell of its stratum at or before its time; -1 if there is none."""
        width = len(self._distinct) + 1
        keys = self.stratum * width + self._rank
        wanted = stratum * width + np.searchsorted(self._distinct, time, side="right")
        cell = np.searchsorted(keys, wanted, side="right") - 1
        return np.where((cell >= 0) & (self.stratum[cell] == stratum), cell, -1)

    def _by_cell(self, cell: Integers, values: Floats) -> Floats:
        """Sums of the bins' values by cell, [columns, K]. Bins come sorted, so that each cell's are neighbours."""
        out = np.zeros((len(values), len(self.time)))
        used = cell >= 0
        if not used.all():
            cell, values = cell[used], values[:, used]
        if len(cell):
            starts = np.flatnonzero(np.concatenate(([True], cell[1:] != cell[:-1])))
            for line, column in zip(out, values, strict=True):
                line[cell[starts]] = grouped(column, starts)
        return out

    def at_risk(self, values: Floats, entry_values: Floats | None) -> Floats:
        """Sums over those at risk at each cell: the bins that end at or after it, less those that enter then or later."""
        change = self._by_cell(self._ended, values)
        if self._entered is not None and entry_values is not None:
            change -= self._by_cell(self._entered, entry_values)
        for first, last in self.strata:
            backwards = change[:, first:last][:, ::-1]
            np.cumsum(backwards, axis=1, out=backwards)
        return change

    def sums(self, beta: Floats) -> tuple[Floats, Floats]:
        """Sums of ``r (1, z, z z')`` over those at risk and over those with the event, [1 + p + p(p+1)/2, K] each."""
        values = self._source.sums(beta)
        entry_values = None if self._entered is None else self._source.entry_sums(beta)
        return self.at_risk(values, entry_values), values[:, self._event]


@dataclass(frozen=True)
class TieSums:
    """For each cell, sums over the factors ``den = S0 - f D0`` of the partial likelihood, times the mean weight of the deaths.

    ``log``: of log den; ``one``: 1/den; ``f``: f/den; ``one2``, ``f2``, ``ff2``: 1, f, f² over den².
    """

    log: Floats
    one: Floats
    f: Floats
    one2: Floats
    f2: Floats
    ff2: Floats


class PartialLikelihood:
    """The log partial likelihood of one cause, cell by cell."""

    def __init__(self, source: TimeSource, cause: int = 1, ties: Ties = "efron") -> None:
        self.cells = RiskCells(source, cause)
        self.p = len(source.terms)
        deaths = self.cells.deaths
        self._efron = ties == "efron" and bool((deaths > 1).any())
        if self._efron:
            self._starts = np.concatenate(([0], np.cumsum(deaths)))
            self._blocks = blocks_of(self._starts)
            self._fraction = (np.arange(int(deaths.sum())) - np.repeat(self._starts[:-1], deaths)) / np.repeat(deaths, deaths)

    def tie_sums(self, at_risk: Floats, died: Floats) -> TieSums:
        """See `TieSums`; ``at_risk`` and ``died`` are the sums of r, [K]."""
        cells = self.cells
        if not self._efron:
            one = cells.death_weight / at_risk
            none = np.zeros_like(one)
            return TieSums(cells.death_weight * np.log(at_risk), one, none, one / at_risk, none, none)
        sums = np.empty((6, len(at_risk)))
        for_each(self._blocks, lambda block: self._tied(block, at_risk, died, sums))
        return TieSums(*(sums * (cells.death_weight / cells.deaths)))

    def _tied(self, block: tuple[int, int], at_risk: Floats, died: Floats, out: Floats) -> None:
        """The sums of some cells, as many as a cache holds; every tied death has its own factor."""
        first, last = block
        begin, end = int(self._starts[first]), int(self._starts[last])
        starts, repeated = self._starts[first:last] - begin, self.cells.deaths[first:last]
        f = self._fraction[begin:end]
        den = np.repeat(at_risk[first:last], repeated) - f * np.repeat(died[first:last], repeated)
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):  # a step too far is halved by the caller
            inverse = 1.0 / den
            f_inverse = f * inverse
            terms = (np.log(den), inverse, f_inverse, inverse**2, f_inverse * inverse, f_inverse**2)
        for line, values in enumerate(terms):
            out[line, first:last] = np.add.reduceat(values, starts)

    def at(self, beta: Floats) -> Point:
        """The log-likelihood and its derivatives."""
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            risk, died = self.cells.sums(beta)
            ties = self.tie_sums(risk[0], died[0])
            loglik = float(self.cells.death_z.sum(axis=0) @ beta - ties.log.sum())
            information, moment = self.information(risk, died, ties)
            return Point(loglik, self.scores(risk, died, ties).sum(axis=1), information, moment)

    def scores(self, risk: Floats, died: Floats, ties: TieSums) -> Floats:
        """First derivatives, cell by cell, [p, K]."""
        first = slice(1, 1 + self.p)
        scores = self.cells.death_z.T - ties.one * risk[first]
        return scores + ties.f * died[first] if self._efron else scores

    def information(self, risk: Floats, died: Floats, ties: TieSums, weight: Floats | None = None) -> tuple[Floats, Floats]:
        """Negative second derivative, [p, p], and the diagonal of its part before means are taken off, [p].

        Args:
            weight: a factor for each cell, [K]; 1 without it.
        """
        w = 1.0 if weight is None else weight
        s1, s2 = risk[1 : 1 + self.p], risk[1 + self.p :]
        second = s2 @ (w * ties.one)
        means = s1 @ (s1 * (w * ties.one2)).T
        if self._efron:
            d1, d2 = died[1 : 1 + self.p], died[1 + self.p :]
            second = second - d2 @ (w * ties.f)
            crossed = s1 @ (d1 * (w * ties.f2)).T
            means = means - crossed - crossed.T + d1 @ (d1 * (w * ties.ff2)).T
        full = symmetric(second, self.p)
        return full - means, np.diagonal(full).copy()


def fit_cox(source: TimeSource, ties: Ties = "efron", cause: int = 1) -> Fit:
    """Fit Cox's model.

    Args:
        source: where the sums come from.
        ties: how tied event times are treated.
        cause: the event code that counts; rows with any other code are censored at their time (a cause-specific hazard).

    Raises:
        StatisticsError: no events; a covariate without variation among those at risk; collinear covariates.
    """
    if ties not in ("efron", "breslow"):
        raise StatisticsError(f"ties: found {ties!r}; expected 'efron' or 'breslow' ('exact' is cox_exact)")
    likelihood = PartialLikelihood(source, cause, ties)
    maximum = maximise(likelihood.at, source.terms)
    sample = Sample(source.terms, source.scale, source.n, int(likelihood.cells.deaths.sum()))
    return fit_of(maximum, sample, kind="cox", ties=ties, cause=cause)


def cox(
    time: ArrayLike,
    event: ArrayLike,
    x: ArrayLike,
    *,
    terms: Sequence[str] | None = None,
    entry: ArrayLike | None = None,
    weight: ArrayLike | None = None,
    stratum: ArrayLike | None = None,
    ties: Ties = "efron",
    cause: int = 1,
) -> Fit:
    """Cox's model on rows in memory: see `fit_cox` and `ArraySource`."""
    source = ArraySource(time, event, x, terms=terms, entry=entry, weight=weight, stratum=stratum)
    return fit_cox(source, ties, cause)


@dataclass(frozen=True)
class BaselineHazard:
    """The cumulative hazard of an infant whose covariates are all 0, at each event time of each stratum (numbers of strata)."""

    stratum: Integers
    time: Floats
    cumulative: Floats


def baseline_hazard(source: TimeSource, fit: Fit) -> BaselineHazard:
    """The baseline hazard that goes with a fit, with the same treatment of ties (R's ``basehaz(centered = FALSE)``).

    Raises:
        StatisticsError: the fit has a term without a finite estimate.
    """
    if fit.infinite:
        raise StatisticsError(
            f"{', '.join(fit.infinite)}: no finite estimate, so there is no baseline hazard. Leave the term out"
        )
    likelihood = PartialLikelihood(source, fit.cause, "breslow" if fit.ties == "breslow" else "efron")
    risk, died = likelihood.cells.sums(fit.coef * source.scale)
    steps = likelihood.tie_sums(risk[0], died[0]).one * np.exp(-float(fit.coef @ source.centre))
    cumulative = np.empty_like(steps)
    for first, last in likelihood.cells.strata:
        cumulative[first:last] = np.cumsum(steps[first:last])
    return BaselineHazard(likelihood.cells.stratum, likelihood.cells.time, cumulative)
