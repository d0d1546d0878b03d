"""Numba kernels for many simulated trials: one trial after another. Import only where Numba is installed.

``batch.py`` says what each answers. Arrays are [trials, patients], sorted by time within each trial.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from infantall.cohort.survival.counting import compiled
from infantall.cohort.survival.observations import Floats

_Flags = NDArray[np.bool_]


@compiled
def log_rank_of_trials(times: Floats, died: _Flags, arms: _Flags, out: Floats) -> None:
    patients = times.shape[1]
    for trial in range(len(times)):
        time, dead, arm = times[trial], died[trial], arms[trial]
        at_risk, ours = patients, np.sum(arm)
        excess, spread, first = 0.0, 0.0, 0
        while first < patients:
            now = time[first]
            d, d_ours, gone, gone_ours = 0, 0, 0, 0
            while first + gone < patients and time[first + gone] == now:
                row = first + gone
                gone += 1
                gone_ours += arm[row]
                d += dead[row]
                d_ours += dead[row] & arm[row]
            if d > 0:
                share = ours / at_risk
                excess += d_ours - d * share
                if at_risk > 1:
                    spread += d * (at_risk - d) / (at_risk - 1.0) * share * (1.0 - share)
            at_risk -= gone
            ours -= gone_ours
            first += gone
        out[trial] = excess / np.sqrt(spread) if spread > 0.0 else np.nan


@compiled
def _efron_risk_sets(time: Floats, dead: _Flags, arm: _Flags, theirs: Floats, ours: Floats) -> tuple[int, int, bool, bool]:
    """For each death, how many are at risk in the two arms, less the share of the deaths tied with it that came before it.

    Returns: deaths, deaths in arm 1, whether a death pushes the coefficient up, whether one pushes it down.
    """
    patients = len(time)
    n1 = int(np.sum(arm))
    n0 = patients - n1
    deaths, deaths_ours, up, down, first = 0, 0, False, False, 0
    while first < patients:
        now = time[first]
        d0, d1, gone, gone1 = 0, 0, 0, 0
        while first + gone < patients and time[first + gone] == now:
            row = first + gone
            gone += 1
            gone1 += arm[row]
            d1 += dead[row] & arm[row]
            d0 += dead[row] & (not arm[row])
        for k in range(d0 + d1):
            passed = k / (d0 + d1)
            theirs[deaths + k], ours[deaths + k] = n0 - passed * d0, n1 - passed * d1
        up = up or (d1 > 0 and n0 > 0)
        down = down or (d0 > 0 and n1 > 0)
        deaths += d0 + d1
        deaths_ours += d1
        n1 -= gone1
        n0 -= gone - gone1
        first += gone
    return deaths, deaths_ours, up, down


@compiled
def _score(beta: float, theirs: Floats, ours: Floats, deaths: int, deaths_ours: int) -> tuple[float, float]:
    """The score and the information of the partial likelihood at ``beta``."""
    ratio = np.exp(beta)
    expected, information = 0.0, 0.0
    for i in range(deaths):
        share = ratio * ours[i] / (theirs[i] + ratio * ours[i])
        expected += share
        information += share * (1.0 - share)
    return deaths_ours - expected, information


@compiled
def cox_of_trials(times: Floats, died: _Flags, arms: _Flags, coef: Floats, se: Floats, steps: int, close: float) -> None:
    theirs, ours = np.empty(times.shape[1]), np.empty(times.shape[1])
    for trial in range(len(times)):
        deaths, deaths_ours, up, down = _efron_risk_sets(times[trial], died[trial], arms[trial], theirs, ours)
        coef[trial], se[trial] = np.nan, np.nan
        if not (up and down):
            if up or down:
                coef[trial] = np.inf if up else -np.inf
            continue
        beta, low, high = 0.0, -np.inf, np.inf
        for _ in range(steps):
            score, information = _score(beta, theirs, ours, deaths, deaths_ours)
            if score > 0.0:
                low = beta
            else:
                high = beta
            step = score / information if information > 0.0 else np.sign(score)
            step = min(max(step, -1.0), 1.0)
            if low < high < np.inf and low > -np.inf and not low <= beta + step <= high:
                step = (low + high) / 2.0 - beta
            beta += step
            if abs(step) < close:
                break
        coef[trial] = beta
        se[trial] = 1.0 / np.sqrt(_score(beta, theirs, ours, deaths, deaths_ours)[1])


@compiled
def kaplan_meier_of_trials(times: Floats, died: _Flags, arms: _Flags, at: Floats, survival: Floats, se: Floats) -> None:
    patients = times.shape[1]
    for trial in range(len(times)):
        time, dead, arm = times[trial], died[trial], arms[trial]
        for which in range(2):
            at_risk = np.sum(arm) if which else patients - np.sum(arm)
            s, greenwood, asked, i = 1.0, 0.0, 0, 0
            while i < patients and at_risk > 0:
                now, d, gone = time[i], 0, 0
                while i < patients and time[i] == now:
                    if arm[i] == (which == 1):
                        gone += 1
                        d += dead[i]
                    i += 1
                if gone == 0:
                    continue
                while asked < len(at) and at[asked] < now:
                    survival[trial, which, asked], se[trial, which, asked] = s, s * np.sqrt(greenwood)
                    asked += 1
                if d == at_risk:
                    s, greenwood = 0.0, np.nan
                elif d > 0:
                    s *= (at_risk - d) / at_risk
                    greenwood += d / (at_risk * (at_risk - d))
                at_risk -= gone
                last = now
                if at_risk == 0:
                    while asked < len(at) and (at[asked] <= last or s == 0.0):
                        survival[trial, which, asked], se[trial, which, asked] = s, s * np.sqrt(greenwood)
                        asked += 1
            survival[trial, which, asked:] = np.nan
            se[trial, which, asked:] = np.nan
