"""Is the hazard ratio constant in time? The score test of Grambsch and Therneau, as R's ``cox.zph`` (survival 3) makes it.

Biometrika 1994; 81: 515-526. To the model's covariates z the products z g(t) are added, and the score test of their
coefficients is made at the fitted model. With U_k and V_k the part of score and information at each event time, and g_k centred
at its mean over the events, the score of the products is the sum of g_k U_k, and the information has the blocks sum V_k,
sum g_k V_k and sum g_k² V_k.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from infantall.cohort.survival.cox import PartialLikelihood
from infantall.cohort.survival.distributions import chi_square_upper_tail
from infantall.cohort.survival.errors import StatisticsError
from infantall.cohort.survival.log_rank import quadratic_form
from infantall.cohort.survival.regression import Fit
from infantall.cohort.survival.time_sums import Floats, TimeSource

Transform = Literal["km", "rank", "identity", "log"]

GLOBAL = "GLOBAL"


@dataclass(frozen=True)
class ProportionalityTest:
    """One line: a small p-value says that the hazard ratio of the term changes with time; NaN where events are too few to say."""

    term: str
    chisq: float
    df: int
    p: float


def proportional_hazards_test(
    source: TimeSource, fit: Fit, transform: Transform = "km", groups: Mapping[str, Sequence[int]] | None = None
) -> list[ProportionalityTest]:
    """Test each term, and all together (`GLOBAL`, the last line).

    Args:
        source: the source that ``fit`` was made from.
        fit: a Cox model with Efron's or Breslow's ties.
        transform: g(t): 1 minus the Kaplan–Meier estimate just before t, the rank of t among all times, t, or its logarithm.
        groups: columns that are tested together (the levels of one category), by name; without it each column alone.

    Raises:
        StatisticsError: another model; a term without a finite estimate; the logarithm of an event at time 0.
    """
    if fit.kind != "cox" or fit.ties not in ("efron", "breslow"):
        raise StatisticsError(
            f"The test of proportional hazards needs a Cox model with efron or breslow ties; found {fit.kind}, {fit.ties}"
        )
    if fit.infinite:
        raise StatisticsError(
            f"{', '.join(fit.infinite)}: no finite estimate, so proportional hazards cannot be tested. Leave it out"
        )
    likelihood = PartialLikelihood(source, fit.cause, "efron" if fit.ties == "efron" else "breslow")
    risk, died = likelihood.cells.sums(fit.coef * source.scale)
    ties = likelihood.tie_sums(risk[0], died[0])
    g = _transformed(source, fit.cause, transform)[np.searchsorted(_event_times(source, fit.cause), likelihood.cells.time)]
    g = g - float(likelihood.cells.deaths @ g) / float(likelihood.cells.deaths.sum())
    score = likelihood.scores(risk, died, ties) @ g
    plain, mixed, squared = (likelihood.information(risk, died, ties, w)[0] for w in (np.ones_like(g), g, g**2))
    # What is left of the products' information once the coefficients themselves are free.
    information = squared - mixed @ np.linalg.solve(plain, mixed)
    full = np.block([[plain, mixed], [mixed, squared]])
    columns = {term: [j] for j, term in enumerate(fit.terms)} if groups is None else groups
    lines = [_line(name, score, full, list(where)) for name, where in columns.items()]
    chisq = quadratic_form(score, information)[0]
    return [*lines, ProportionalityTest(GLOBAL, chisq, len(score), chi_square_upper_tail(chisq, len(score)))]


def _line(name: str, score: Floats, full: Floats, columns: list[int]) -> ProportionalityTest:
    p = len(score)
    kept = [*range(p), *(p + j for j in columns)]
    u = np.concatenate((np.zeros(p), score[columns]))
    chisq = quadratic_form(u, full[np.ix_(kept, kept)])[0]
    return ProportionalityTest(name, chisq, len(columns), chi_square_upper_tail(chisq, len(columns)))


def _event_times(source: TimeSource, cause: int) -> Floats:
    return np.unique(source.bins.time[source.bins.code == cause])


def _transformed(source: TimeSource, cause: int, transform: str) -> Floats:
    """g at each distinct event time. Ranks and the Kaplan–Meier curve count rows, over all strata, without weights, as in R."""
    times = _event_times(source, cause)
    if transform == "identity":
        return times
    if transform == "log":
        if times[0] <= 0:
            raise StatisticsError("transform: an event at time 0 has no logarithm; use 'km' or 'rank'")
        return np.log(times)
    bins = source.bins
    order = np.argsort(bins.time, kind="stable")
    ended, ends = bins.time[order], np.concatenate(([0.0], np.cumsum(bins.rows[order])))
    earlier = ends[np.searchsorted(ended, times, side="left")]
    by_then = ends[np.searchsorted(ended, times, side="right")]
    if transform == "rank":
        return (earlier + by_then + 1.0) / 2.0
    if transform != "km":
        raise StatisticsError(f"transform: found {transform!r}; expected 'km', 'rank', 'identity' or 'log'")
    is_event = bins.code == cause
    deaths = np.bincount(np.searchsorted(times, bins.time[is_event]), bins.rows[is_event], minlength=len(times))
    at_risk = _entered_before(source, times) - earlier
    return 1.0 - np.concatenate(([1.0], np.cumprod(1.0 - deaths / at_risk)[:-1]))


def _entered_before(source: TimeSource, times: Floats) -> Floats:
    """How many rows have come under observation before each time."""
    if source.entries is None:
        return np.full(len(times), float(source.n))
    order = np.argsort(source.entries.time, kind="stable")
    entered = np.concatenate(([0.0], np.cumsum(source.entries.rows[order])))
    return entered[np.searchsorted(source.entries.time[order], times, side="left")]
