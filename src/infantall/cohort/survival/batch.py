"""Thousands of simulated trials at once: each row of the arrays is one trial.

The answers are those of the single-trial functions of this room. Numba, where it is installed, runs one trial after another in
two threads; without it NumPy runs many trials side by side.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from infantall.cohort.survival.counting import THREADS, in_blocks, numba_available
from infantall.cohort.survival.errors import StatisticsError
from infantall.cohort.survival.observations import Codes, Floats

_Flags = NDArray[np.bool_]
_FEW_ROWS = 100_000  # fewer rows in all are done by NumPy before Numba is loaded
_ROWS_AT_ONCE = 1 << 15
_LARGEST_PACKED = float(1 << 50)  # four times this is still a whole number without rounding
_STEPS = 60
_CLOSE = 1e-9


def batch_log_rank(time: ArrayLike, event: ArrayLike, arm: ArrayLike, *, use_numba: bool | None = None) -> Floats:
    """The standardised log-rank statistic (O - E) / sqrt(V) of arm 1 in each trial; positive: more events in arm 1. NaN: no
    comparison.

    Args:
        time: [trials, patients]. event: the same shape; 0 is censored. arm: 0 or 1, the same shape or [patients].
        use_numba: None decides by size.

    Raises:
        StatisticsError: shapes that differ, negative or missing times, an arm that is neither 0 nor 1.
    """
    times, died, arms = _trials(time, event, arm)
    out = np.empty(len(times))
    kernel = _kernel("log_rank") if _with_numba(use_numba, times) else None

    def part(first: int, last: int) -> None:
        trials = _in_order(times[first:last], died[first:last], arms[first:last])
        if kernel is None:
            out[first:last] = _log_rank_numpy(_RiskSets(*trials))
        else:
            kernel(*trials, out[first:last])

    in_blocks(part, len(times), _blocks(times))
    return out


def batch_cox(time: ArrayLike, event: ArrayLike, arm: ArrayLike, *, use_numba: bool | None = None) -> tuple[Floats, Floats]:
    """The Cox coefficient (log hazard ratio) of arm 1 against arm 0 in each trial, with Efron's ties, and its standard error.

    Where all informative events are in one arm the coefficient is infinite and the standard error NaN; both NaN without such
    events.

    Args:
        time, event, arm, use_numba: as for ``batch_log_rank``.

    Raises:
        StatisticsError: as ``batch_log_rank``.
    """
    times, died, arms = _trials(time, event, arm)
    coef, se = np.empty(len(times)), np.empty(len(times))
    kernel = _kernel("cox") if _with_numba(use_numba, times) else None

    def part(first: int, last: int) -> None:
        trials = _in_order(times[first:last], died[first:last], arms[first:last])
        if kernel is None:
            coef[first:last], se[first:last] = _cox_numpy(_RiskSets(*trials))
        else:
            kernel(*trials, coef[first:last], se[first:last], _STEPS, _CLOSE)

    in_blocks(part, len(times), _blocks(times))
    return coef, se


def batch_kaplan_meier_at(
    time: ArrayLike, event: ArrayLike, arm: ArrayLike, at: ArrayLike, *, use_numba: bool | None = None
) -> tuple[Floats, Floats]:
    """Survival and its Greenwood standard error at chosen times in each arm, both [trials, 2, times].

    NaN after the arm's last follow-up (unless survival is 0 there), and for an arm without patients.

    Args:
        time, event, arm, use_numba: as for ``batch_log_rank``. at: increasing times.

    Raises:
        StatisticsError: as ``batch_log_rank``; times asked for that do not increase.
    """
    times, died, arms = _trials(time, event, arm)
    asked = np.asarray(at, dtype=np.float64).reshape(-1)
    if not np.all(np.diff(asked) > 0.0):
        raise StatisticsError("at: found times that do not increase; expected increasing times")
    survival, se = np.empty((len(times), 2, len(asked))), np.empty((len(times), 2, len(asked)))
    kernel = _kernel("kaplan_meier") if _with_numba(use_numba, times) else None

    def part(first: int, last: int) -> None:
        trials = _in_order(times[first:last], died[first:last], arms[first:last])
        if kernel is None:
            survival[first:last], se[first:last] = _kaplan_meier_numpy(_RiskSets(*trials), asked)
        else:
            kernel(*trials, asked, survival[first:last], se[first:last])

    in_blocks(part, len(times), _blocks(times))
    return survival, se


# -- what all share ------------------------------------------------------------------------------------------------------------


def _trials(time: ArrayLike, event: ArrayLike, arm: ArrayLike) -> tuple[Floats, _Flags, _Flags]:
    times = np.ascontiguousarray(time, dtype=np.float64)
    events, arms = np.asarray(event), np.asarray(arm)
    if times.ndim != 2 or events.shape != times.shape or arms.shape not in (times.shape, times.shape[1:]):
        raise StatisticsError(
            f"trials: found shapes {times.shape} (time), {events.shape} (event), {arms.shape} (arm); "
            "expected [trials, patients] of each"
        )
    if times.size and not (times.min() >= 0.0 and times.max() < np.inf):
        raise StatisticsError("time: found missing, negative or infinite times; expected finite times that are not negative")
    if not np.all((arms == 0) | (arms == 1)):
        raise StatisticsError("arm: found values that are neither 0 nor 1; expected two arms, 0 and 1")
    return times, np.ascontiguousarray(events > 0), np.ascontiguousarray(np.broadcast_to(arms == 1, times.shape))


def _with_numba(use_numba: bool | None, times: Floats) -> bool:
    return (times.size >= _FEW_ROWS and numba_available()) if use_numba is None else use_numba


def _blocks(times: Floats) -> int:
    """So many blocks of trials that one of them stays in the processor's cache."""
    return min(len(times), max(THREADS, times.size // _ROWS_AT_ONCE))


def _in_order(times: Floats, died: _Flags, arms: _Flags) -> tuple[Floats, _Flags, _Flags]:
    """Each trial sorted by time. Whole times carry their flags with them: sorting numbers is faster than sorting places."""
    if times.size and times.max() < _LARGEST_PACKED and bool(np.all(times == np.floor(times))):
        packed = np.sort(times * 4.0 + (died * 2.0 + arms), axis=1)
        whole = np.floor(packed * 0.25)
        flags = (packed - 4.0 * whole).astype(np.int8)
        return whole, flags > 1, (flags & 1).astype(np.bool_)
    order = np.argsort(times, axis=1)
    return tuple(np.take_along_axis(values, order, axis=1) for values in (times, died, arms))  # type: ignore[return-value]


@cache
def _kernel(name: str) -> Any:
    from infantall.cohort.survival import batch_kernels

    return getattr(batch_kernels, f"{name}_of_trials")


# -- NumPy ---------------------------------------------------------------------------------------------------------------------


class _RiskSets:
    """What is at risk in trials sorted by time, the same for all tied rows; every array [trials, patients].

    Attributes:
        time, died, arm: as given.
        last: whether the row is the last of those tied with it.
        n0, n1: at risk in the arms just before the row's time.
        d0, d1: deaths in the arms at the row's time.
        earlier: deaths tied with this row that stand before it.
    """

    def __init__(self, time: Floats, died: _Flags, arm: _Flags) -> None:
        self.time, self.died, self.arm = time, died, arm
        patients = time.shape[1]
        place = np.arange(patients)
        edge = np.ones((len(time), 1), dtype=bool)
        changes = time[:, 1:] != time[:, :-1]
        self.last = np.concatenate([changes, edge], axis=1)
        first_place = np.maximum.accumulate(np.where(np.concatenate([edge, changes], axis=1), place, 0), axis=1)
        last_place = np.minimum.accumulate(np.where(self.last, place, patients)[:, ::-1], axis=1)[:, ::-1]

        def before(flags: _Flags) -> Codes:
            """How many flags stand before each place, [trials, patients + 1]."""
            return np.concatenate([np.zeros((len(time), 1), dtype=np.int64), np.cumsum(flags, axis=1)], axis=1)

        in_one, dead, dead_in_one = before(self.arm), before(self.died), before(self.died & self.arm)
        pick = np.take_along_axis
        self.n1 = in_one[:, -1:] - pick(in_one, first_place, axis=1)
        self.n0 = patients - first_place - self.n1
        tied = pick(dead, last_place + 1, axis=1) - pick(dead, first_place, axis=1)
        self.d1 = pick(dead_in_one, last_place + 1, axis=1) - pick(dead_in_one, first_place, axis=1)
        self.d0 = tied - self.d1
        self.earlier = dead[:, :-1] - pick(dead, first_place, axis=1)


def _log_rank_numpy(s: _RiskSets) -> Floats:
    at_risk, d = s.n0 + s.n1, np.where(s.last, s.d0 + s.d1, 0)
    share = s.n1 / at_risk
    excess = np.where(s.last, s.d1, 0).sum(axis=1) - (d * share).sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = np.where(at_risk > 1, d * (at_risk - d) / (at_risk - 1.0) * share * (1.0 - share), 0.0).sum(axis=1)
        return np.asarray(np.where(spread > 0.0, excess / np.sqrt(spread), np.nan))


def _cox_numpy(s: _RiskSets) -> tuple[Floats, Floats]:
    passed = s.earlier / np.maximum(s.d0 + s.d1, 1)
    theirs, ours = s.n0 - passed * s.d0, s.n1 - passed * s.d1
    up = (s.died & s.arm & (s.n0 > 0)).any(axis=1)
    down = (s.died & ~s.arm & (s.n1 > 0)).any(axis=1)
    deaths_ours = (s.died & s.arm).sum(axis=1).astype(np.float64)

    def score(beta: Floats, of: NDArray[np.intp]) -> tuple[Floats, Floats]:
        weighted = np.exp(beta)[:, None] * ours[of]
        share = np.where(s.died[of], weighted / (theirs[of] + weighted), 0.0)
        return deaths_ours[of] - share.sum(axis=1), (share * (1.0 - share)).sum(axis=1)

    beta = np.zeros(len(ours))
    low, high = np.full(len(ours), -np.inf), np.full(len(ours), np.inf)
    going = np.flatnonzero(up & down)
    for _ in range(_STEPS):
        if not len(going):
            break
        slope, information = score(beta[going], going)
        low[going] = np.where(slope > 0.0, beta[going], low[going])
        high[going] = np.where(slope > 0.0, high[going], beta[going])
        with np.errstate(divide="ignore", invalid="ignore"):
            step = np.clip(np.where(information > 0.0, slope / information, np.sign(slope)), -1.0, 1.0)
            bracketed = np.isfinite(low[going]) & np.isfinite(high[going]) & (low[going] < high[going])
            outside = bracketed & ((beta[going] + step < low[going]) | (beta[going] + step > high[going]))
            step = np.where(outside, (low[going] + high[going]) / 2.0 - beta[going], step)
        beta[going] += step
        going = going[np.abs(step) >= _CLOSE]
    everyone = np.arange(len(ours))
    with np.errstate(divide="ignore", invalid="ignore"):
        se = 1.0 / np.sqrt(score(beta, everyone)[1])
    coef = np.where(up & down, beta, np.where(up, np.inf, np.where(down, -np.inf, np.nan)))
    return coef, np.where(up & down, se, np.nan)


def _kaplan_meier_numpy(s: _RiskSets, at: Floats) -> tuple[Floats, Floats]:
    trials = len(s.time)
    survival, se = np.full((trials, 2, len(at)), np.nan), np.full((trials, 2, len(at)), np.nan)
    for which, (n, d, member) in enumerate(((s.n0, s.d0, ~s.arm), (s.n1, s.d1, s.arm))):
        counts = s.last & (d > 0)
        with np.errstate(divide="ignore", invalid="ignore"):
            curve = np.cumprod(np.where(counts, (n - d) / n, 1.0), axis=1)
            spread = curve * np.sqrt(np.cumsum(np.where(counts, d / (n * (n - d)), 0.0), axis=1))
        curve, spread = (np.concatenate([np.full((trials, 1), first), v], axis=1) for first, v in ((1.0, curve), (0.0, spread)))
        last = np.where(member, s.time, -1.0).max(axis=1, initial=-1.0)
        for j, t in enumerate(at):
            place = (s.time <= t).sum(axis=1)
            here, spread_here = curve[np.arange(trials), place], spread[np.arange(trials), place]
            known = (last >= 0.0) & (t >= 0.0) & ((t <= last) | (here == 0.0))
            survival[:, which, j] = np.where(known, here, np.nan)
            se[:, which, j] = np.where(known, spread_here, np.nan)
    return survival, se
