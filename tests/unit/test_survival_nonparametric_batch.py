"""Many trials at once give what one trial gives, by Numba and by NumPy."""

from __future__ import annotations

import math

import numpy as np
import pytest

from infantall.cohort.survival.batch import batch_cox, batch_kaplan_meier_at, batch_log_rank
from infantall.cohort.survival.counting import numba_available
from infantall.cohort.survival.cox import cox
from infantall.cohort.survival.errors import StatisticsError
from infantall.cohort.survival.kaplan_meier import kaplan_meier
from infantall.cohort.survival.life_table import life_table
from infantall.cohort.survival.log_rank import log_rank
from infantall.cohort.survival.observations import checked

WAYS = [False] + [True] * numba_available()


def trials(step: float, patients: int, seed: int = 5) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    time = np.ceil(random.exponential(5.0, (40, patients)) / step) * step
    return time, random.integers(0, 2, time.shape), random.integers(0, 2, time.shape)


@pytest.mark.parametrize("use_numba", WAYS)
@pytest.mark.parametrize(("step", "patients"), [(1.0, 30), (1e-9, 25), (0.25, 60), (2.0, 4), (1.0, 2)])
def test_log_rank_and_curves_are_those_of_single_trials(step: float, patients: int, use_numba: bool) -> None:
    time, event, arm = trials(step, patients)
    z = batch_log_rank(time, event, arm, use_numba=use_numba)
    at = [0.0, 2.0, 5.0, 30.0]
    survival, se = batch_kaplan_meier_at(time, event, arm, at, use_numba=use_numba)
    for i in range(len(time)):
        table = life_table(checked(time[i], event[i], group=arm[i]))
        for curve in kaplan_meier(table):
            read = curve.at(at)
            np.testing.assert_allclose(survival[i, curve.group], read["estimate"], rtol=1e-10, equal_nan=True)
            np.testing.assert_allclose(se[i, curve.group], read["se"], rtol=1e-10, atol=1e-14, equal_nan=True)
        for empty in {0, 1} - set(table.groups):
            assert np.isnan(survival[i, empty]).all()
        single = log_rank(table).statistic if len(table.groups) == 2 else math.nan
        np.testing.assert_allclose(z[i] ** 2, single, rtol=1e-10, atol=1e-14, equal_nan=True)


@pytest.mark.parametrize("use_numba", WAYS)
def test_cox_maximises_efrons_likelihood(use_numba: bool) -> None:
    """The score of Efron's partial likelihood, written out, is zero at the answer, and the error is that of its slope."""
    time, event, arm = trials(1.0, 30)
    coef, se = batch_cox(time, event, arm, use_numba=use_numba)
    checked_trials = 0
    for t, e, a, b, s in zip(time, event, arm, coef, se, strict=True):
        if not math.isfinite(b):
            continue
        score = information = 0.0
        for now in np.unique(t[e == 1]):
            tied = (t == now) & (e == 1)
            for k in range(tied.sum()):
                weight = np.exp(b * a) * ((t >= now) - (k / tied.sum()) * tied)
                mean = (weight * a).sum() / weight.sum()
                score -= mean
                information += mean - mean**2
            score += a[tied].sum()
        assert abs(score) < 1e-8
        assert s == pytest.approx(1 / math.sqrt(information), rel=1e-10)
        checked_trials += 1
    assert checked_trials > 30


@pytest.mark.parametrize("use_numba", WAYS)
def test_events_in_one_arm_only(use_numba: bool) -> None:
    time = np.array([[1, 2, 3, 4.0]] * 3)
    event = np.array([[1, 0, 1, 0], [0, 1, 0, 1], [0, 0, 0, 0]])
    coef, se = batch_cox(time, event, np.array([1, 0, 1, 0]), use_numba=use_numba)
    assert coef.tolist()[:2] == [math.inf, -math.inf]
    assert math.isnan(coef[2])
    assert np.isnan(se).all()
    assert math.isnan(batch_log_rank(time, event, [1, 0, 1, 0], use_numba=use_numba)[2])


@pytest.mark.parametrize("use_numba", WAYS)
def test_the_sign_says_which_arm_has_more_events(use_numba: bool) -> None:
    time = np.array([[1, 2, 3, 7, 8, 9.0]])
    arm = [1, 1, 0, 1, 0, 0]
    assert batch_log_rank(time, np.ones((1, 6)), arm, use_numba=use_numba)[0] > 0
    assert batch_cox(time, np.ones((1, 6)), arm, use_numba=use_numba)[0][0] > 0


def test_large_batches_choose_a_way_and_agree() -> None:
    random = np.random.default_rng(1)
    time, event, arm = random.exponential(1.0, (1_200, 100)), random.integers(0, 2, (1_200, 100)), random.integers(0, 2, 100)
    np.testing.assert_allclose(batch_log_rank(time, event, arm), batch_log_rank(time, event, arm, use_numba=False), rtol=1e-10)
    for ours, theirs in zip(batch_cox(time, event, arm), batch_cox(time, event, arm, use_numba=False), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize(
    ("time", "event", "arm", "message"),
    [
        ([1.0, 2.0], [1, 1], [0, 1], "trials, patients"),
        ([[1.0, 2.0]], [[1]], [0, 1], "found shapes"),
        ([[1.0, -2.0]], [[1, 1]], [0, 1], "negative"),
        ([[1.0, math.nan]], [[1, 1]], [0, 1], "missing"),
        ([[1.0, 2.0]], [[1, 1]], [1, 2], "neither 0 nor 1"),
    ],
)
def test_refusals(time: object, event: object, arm: object, message: str) -> None:
    with pytest.raises(StatisticsError, match=message):
        batch_log_rank(time, event, arm)  # type: ignore[arg-type]
    with pytest.raises(StatisticsError, match="increase"):
        batch_kaplan_meier_at([[1.0]], [[1]], [0], [2.0, 1.0])


@pytest.mark.parametrize("use_numba", WAYS)
def test_cox_is_that_of_single_trials(use_numba: bool) -> None:
    time, event, arm = trials(1.0, 60)
    coef, se = batch_cox(time, event, arm, use_numba=use_numba)
    for i in range(len(time)):
        single = cox(time[i], event[i], arm[i][:, None].astype(float), terms=("arm",), ties="efron")
        assert coef[i] == pytest.approx(single.coef[0], abs=1e-9)
        assert se[i] == pytest.approx(single.se[0], rel=1e-9)
