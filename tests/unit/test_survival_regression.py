"""Regressions: what can be worked out by hand, what must not depend on how the rows come, and what is refused."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infantall.cohort.survival import time_sums
from infantall.cohort.survival.cox import PartialLikelihood, baseline_hazard, cox, fit_cox
from infantall.cohort.survival.cox_exact import cox_exact, exact_work
from infantall.cohort.survival.errors import StatisticsError
from infantall.cohort.survival.fine_gray import fine_gray, fit_fine_gray
from infantall.cohort.survival.proportionality import GLOBAL, proportional_hazards_test
from infantall.cohort.survival.time_sums import ArraySource, counting_order, distinct_times


def rows(seed: int = 1, n: int = 200, days: int = 20) -> tuple[Any, Any, Any]:
    draw = np.random.default_rng(seed)
    x = np.column_stack((draw.normal(size=n), draw.integers(0, 2, n)))
    time = np.ceil(days * draw.exponential(np.exp(-0.5 * x[:, 1])))
    return time, draw.integers(0, 3, n), x


def test_three_infants_by_hand() -> None:
    """Events at 1, 2, 3 with x = 1, 0, 1: L = r/(2r+1) · 1/(1+r) with r = exp(b). dlogL = 0 at 2r² = 1."""
    fit = cox([1, 2, 3], [1, 1, 1], [1, 0, 1])
    assert fit.coef[0] == pytest.approx(-math.log(2) / 2, abs=1e-12)
    r = math.exp(fit.coef[0])
    assert fit.loglik == pytest.approx(math.log(r / (2 * r + 1) / (1 + r)), abs=1e-12)
    assert fit.loglik_null == pytest.approx(-math.log(6), abs=1e-12)
    information = 2 * r / (2 * r + 1) ** 2 + r / (1 + r) ** 2
    assert fit.se[0] == pytest.approx(information**-0.5, abs=1e-12)


def test_ties_by_hand() -> None:
    """Two of three infants die on one day: the three ways differ in the second factor only. At b = 0: 3·3, 3·2.5, and 3 pairs."""
    args: tuple[Any, ...] = ([1, 1, 2], [1, 1, 0], [1, 0, 0.5])
    assert cox(*args, ties="breslow").loglik_null == pytest.approx(-math.log(9))
    assert cox(*args, ties="efron").loglik_null == pytest.approx(-math.log(3 * 2))
    assert cox_exact(*args).loglik_null == pytest.approx(-math.log(3))


def test_all_ways_are_one_without_ties() -> None:
    time, event, x = rows()
    time = time + np.arange(len(time)) / 1000
    efron, breslow, exact = cox(time, event, x), cox(time, event, x, ties="breslow"), cox_exact(time, event, x)
    np.testing.assert_allclose(efron.coef, breslow.coef, rtol=1e-12)
    np.testing.assert_allclose(efron.coef, exact.coef, rtol=1e-9)
    np.testing.assert_allclose(efron.covariance, exact.covariance, rtol=1e-8)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000))
def test_a_weight_is_as_many_rows(seed: int) -> None:
    time, event, x = rows(seed, 60, 8)
    weight = np.random.default_rng(seed).integers(1, 4, len(time))
    repeated = np.repeat(np.arange(len(time)), weight)
    weighted = cox(time, event, x, weight=weight, ties="breslow")
    plain = cox(time[repeated], event[repeated], x[repeated], ties="breslow")
    np.testing.assert_allclose(weighted.coef, plain.coef, rtol=1e-8, atol=1e-10)
    np.testing.assert_allclose(weighted.covariance, plain.covariance, rtol=1e-8)
    assert weighted.loglik == pytest.approx(plain.loglik, rel=1e-12)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000))
def test_the_order_and_the_splitting_of_rows_do_not_matter(seed: int) -> None:
    time, event, x = rows(seed, 80, 10)
    draw = np.random.default_rng(seed)
    shuffled = draw.permutation(len(time))
    plain = cox(time, event, x)
    np.testing.assert_allclose(cox(time[shuffled], event[shuffled], x[shuffled]).coef, plain.coef, rtol=1e-8, atol=1e-11)
    cut = time * draw.random(len(time))
    time2, event2 = np.concatenate((cut, time)), np.concatenate((np.zeros(len(time)), event))
    split = cox(time2, event2, np.vstack((x, x)), entry=np.concatenate((np.full(len(time), 0.0), cut)) - 1e-9 * (time2 == 0))
    np.testing.assert_allclose(split.coef, plain.coef, rtol=1e-8, atol=1e-11)
    np.testing.assert_allclose(split.covariance, plain.covariance, rtol=1e-8)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000), st.floats(0.001, 1000), st.floats(-1e4, 1e4))
def test_units_do_not_matter(seed: int, factor: float, shift: float) -> None:
    time, event, x = rows(seed, 80, 10)
    moved = x * [factor, 1.0] + [shift, 0.0]
    for fit in (cox, fine_gray):
        plain, other = fit(time, event, x), fit(time, event, moved)
        np.testing.assert_allclose(other.coef * [factor, 1.0], plain.coef, rtol=1e-6, atol=1e-8)
        assert other.loglik == pytest.approx(plain.loglik, rel=1e-9)


def test_many_strata_of_one_kind_are_a_matched_design() -> None:
    """Within pairs only the pairs that differ count: the estimate is log(b/c), as in McNemar's table."""
    x = np.array([1, 0] * 7 + [0, 1] * 3 + [1, 1] * 4)
    fit = cox([1, 2] * 14, [1, 0] * 14, x, stratum=np.repeat(np.arange(14), 2))
    assert fit.coef[0] == pytest.approx(math.log(7 / 3), abs=1e-10)
    assert fit.se[0] == pytest.approx(math.sqrt(1 / 7 + 1 / 3), abs=1e-10)


def test_blocks_of_rows_and_threads_do_not_change_the_sums(monkeypatch: pytest.MonkeyPatch) -> None:
    time, event, x = rows(3, 3000, 300)
    whole = ArraySource(time, event, x)
    beta = np.array([0.3, -0.2])
    monkeypatch.setattr(time_sums, "_BLOCK", 64)
    np.testing.assert_allclose(ArraySource(time, event, x).sums(beta), whole.sums(beta), rtol=1e-13)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(0, 300_000), min_size=1, max_size=200), st.sampled_from([1, 300_001, 1 << 33]))
def test_counting_order_sorts(keys: list[int], upper: int) -> None:
    key = np.array(keys, dtype=np.int64) % min(upper, 300_001)
    order, counts, found = counting_order(key, upper)
    expected = np.argsort(key, kind="stable")
    assert order.tolist() == expected.tolist()
    assert np.repeat(found, counts).tolist() == key[expected].tolist()


def test_distinct_times_on_and_off_a_grid() -> None:
    for time in (np.array([3.0, 5.0, 3.0]), np.array([3.5, 0.25, 3.5]), np.array([0.0, 1e12])):
        distinct, position = distinct_times(time)
        assert distinct[position].tolist() == time.tolist()


def test_baseline_hazard_by_hand() -> None:
    source = ArraySource([1, 2, 3], [1, 1, 1], [1, 0, 1])
    fit = fit_cox(source)
    r = math.exp(fit.coef[0])
    np.testing.assert_allclose(baseline_hazard(source, fit).cumulative, np.cumsum([1 / (2 * r + 1), 1 / (1 + r), 1 / r]))


def test_tests_of_all_terms_agree_when_the_effect_is_small() -> None:
    fit = cox(*rows(5, 4000, 100))
    assert fit.df == 2
    assert fit.likelihood_ratio == pytest.approx(fit.score_statistic, rel=0.05)
    assert fit.likelihood_ratio == pytest.approx(fit.wald_statistic, rel=0.05)
    low, high = fit.interval()
    np.testing.assert_allclose((high + low) / 2, fit.coef)
    assert fit.p[1] < 1e-6


# -- what has no estimate -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ties", ["efron", "breslow"])
def test_a_level_without_events_is_named_and_the_rest_still_stands(ties: Any) -> None:
    time, event, x = rows(7, 120, 30)
    spared = (np.arange(120) % 10 == 0).astype(float)
    event = np.where(spared == 1, 0, event)
    fit = cox(time, event, np.column_stack((x, spared)), terms=["age", "sex", "spared"], ties=ties)
    assert dict(fit.infinite) == {"spared": -1}
    assert math.isnan(fit.coef[2])
    assert math.isnan(fit.p[2])
    assert math.isnan(fit.wald_p)
    assert any(notice.startswith("spared: no finite estimate") for notice in fit.notices)
    rest = cox(time[spared == 0], event[spared == 0], x[spared == 0], ties=ties)
    np.testing.assert_allclose(fit.coef[:2], rest.coef, atol=1e-4)
    np.testing.assert_allclose(fit.se[:2], rest.se, rtol=1e-3)
    assert fit.loglik == pytest.approx(rest.loglik, abs=1e-5)


def test_complete_separation_in_a_tiny_table_and_in_fine_gray() -> None:
    assert dict(cox([1, 2, 3, 4], [1, 1, 1, 1], [1, 1, 0, 0]).infinite) == {"x1": 1}
    assert dict(cox_exact([1, 1, 3, 4], [1, 1, 1, 1], [1, 1, 0, 0]).infinite) == {"x1": 1}
    fit = fine_gray([1, 2, 3, 4, 5, 6], [1, 2, 1, 2, 0, 0], [1, 0, 1, 0, 0, 0], terms=["high risk"])
    assert dict(fit.infinite) == {"high risk": 1}
    assert math.isnan(fit.se[0])


def test_a_large_but_finite_effect_is_not_called_infinite() -> None:
    draw = np.random.default_rng(2)
    x = (np.arange(2000) < 1000).astype(float)
    time = draw.exponential(np.exp(-5 * x))
    fit = cox(time, np.ones(2000), x)
    assert not fit.infinite
    assert fit.coef[0] == pytest.approx(5, abs=0.4)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 100_000))
def test_tiny_tables_give_a_maximum_or_say_why_not(seed: int) -> None:
    """A finite estimate is at a maximum: no small move makes it better. Everything else is refused, or named."""
    draw = np.random.default_rng(seed)
    n = int(draw.integers(2, 14))
    time, event = draw.integers(0, 6, n), draw.integers(0, 2, n)
    x = np.column_stack((draw.integers(0, 2, n), draw.normal(size=n)))
    try:
        fit = cox(time, event, x)
    except StatisticsError:
        return
    assert fit.loglik >= fit.loglik_null - 1e-9
    assert bool(fit.infinite) == bool(np.isnan(fit.coef).any())
    assert len(fit.infinite) <= len(fit.notices)
    if not fit.notices:
        likelihood = PartialLikelihood(ArraySource(time, event, x))
        scale = x.std(axis=0)
        for move in np.vstack((np.eye(2), -np.eye(2))) * 0.01 * fit.se * scale:
            assert likelihood.at(fit.coef * scale + move).loglik <= fit.loglik + 1e-9


@pytest.mark.parametrize("fit", [cox, cox_exact, fine_gray])
def test_what_is_refused(fit: Any) -> None:
    time, event, x = rows(9, 40, 10)
    with pytest.raises(StatisticsError, match=r"no row has the event \(code 1\)"):
        fit(time, np.where(event == 1, 0, event), x)
    with pytest.raises(StatisticsError, match=r"'again'.*collinear|'age'.*collinear"):
        fit(time, event, np.column_stack((x, 2 * x[:, 0] - 3 * x[:, 1] + 4)), terms=["age", "sex", "again"])
    with pytest.raises(StatisticsError, match=r"'still': no variation"):
        fit(time, event, np.column_stack((x[:, 0], np.full(40, 0.3))), terms=["age", "still"])
    with pytest.raises(StatisticsError, match=r"'sex': 1 of 40 values are missing"):
        fit(time, event, np.where(np.arange(40)[:, None] * [0, 1] == 7, np.nan, x), terms=["age", "sex"])
    with pytest.raises(StatisticsError, match="3 names for 2 covariates"):
        fit(time, event, x, terms=["a", "b", "c"])
    with pytest.raises(StatisticsError, match="covariates: expected 40 rows"):
        fit(time, event, x[:-1])


def test_a_covariate_that_varies_only_after_the_last_event_is_refused() -> None:
    with pytest.raises(StatisticsError, match="'late'"):
        cox([1, 2, 3, 4], [0, 0, 1, 1], [1, 0, 0, 0], terms=["late"])


def test_fine_gray_refuses_what_it_has_no_form_for() -> None:
    time, event, x = rows(9, 40, 10)
    for option, what in (
        ({"weight": np.full(40, 2.0)}, "weights"),
        ({"stratum": np.arange(40) % 2}, "strata"),
        ({"entry": time - 1}, "entry"),
    ):
        with pytest.raises(StatisticsError, match=what):
            fit_fine_gray(ArraySource(time, event, x, **option))


def test_exact_ties_say_when_the_work_is_too_great() -> None:
    n = 40_000
    draw = np.random.default_rng(1)
    with pytest.raises(StatisticsError, match=r"Exact ties: about .* multiplications .* Use Efron"):
        cox_exact(draw.integers(1, 5, n), np.ones(n), draw.normal(size=(n, 3)))
    assert exact_work([(10, 1), (9, 9)], 1) == (10 + 9) * 3


def test_ties_and_proportionality_refuse_the_wrong_question() -> None:
    time, event, x = rows()
    source = ArraySource(time, event, x)
    with pytest.raises(StatisticsError, match="efron"):
        fit_cox(source, "exact")  # type: ignore[arg-type]
    with pytest.raises(StatisticsError, match="finegray"):
        proportional_hazards_test(source, fit_fine_gray(source))
    with pytest.raises(StatisticsError, match="transform"):
        proportional_hazards_test(source, fit_cox(source), "square")  # type: ignore[arg-type]
    with pytest.raises(StatisticsError, match="no logarithm"):
        zero = ArraySource([0, 1, 2, 3], [1, 1, 1, 1], [0, 1, 1, 0])
        proportional_hazards_test(zero, fit_cox(zero), "log")


def test_crossing_hazards_are_found_and_constant_ones_are_not() -> None:
    draw = np.random.default_rng(4)
    x = np.repeat([0.0, 1.0], 1000)
    steady = ArraySource(draw.exponential(np.exp(-0.7 * x)), np.ones(2000), x)
    crossing = ArraySource(np.where(x == 1, draw.weibull(3.0, 2000), draw.weibull(0.7, 2000)), np.ones(2000), x)
    assert proportional_hazards_test(steady, fit_cox(steady))[0].p > 0.01
    lines = proportional_hazards_test(crossing, fit_cox(crossing))
    assert lines[0].p < 1e-10
    assert lines[-1].term == GLOBAL
    assert lines[-1].chisq == pytest.approx(lines[0].chisq)


def test_fine_gray_without_competing_events_is_cox_and_says_so() -> None:
    time, event, x = rows()
    event = np.minimum(event, 1)
    fit, plain = fine_gray(time, event, x), cox(time, event, x, ties="breslow")
    np.testing.assert_allclose(fit.coef, plain.coef, rtol=1e-9)
    np.testing.assert_allclose(fit.model_covariance, plain.covariance, rtol=1e-9)
    assert "No competing event" in fit.notices[0]
