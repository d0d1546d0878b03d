"""Cox's model and the test of proportional hazards against R's survival, on made-up data with heavy ties."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from helpers.r import run_r
from infantall.cohort.survival.cox import baseline_hazard, cox, fit_cox
from infantall.cohort.survival.cox_exact import cox_exact
from infantall.cohort.survival.proportionality import proportional_hazards_test
from infantall.cohort.survival.time_sums import ArraySource

pytestmark = pytest.mark.referee

_COX = """
library(survival)
tight <- coxph.control(eps = 1e-13, toler.chol = 1e-14, iter.max = 60)
fitted_with <- function(ties) function(formula, weight = NULL) {
  given <- list(formula, data = d, ties = ties, control = tight)
  if (!is.null(weight)) given <- c(given, list(weights = weight, robust = FALSE))
  do.call(coxph, given)
}
fit_of <- function(f) list(coef = unname(coef(f)), var = unname(as.matrix(f$var)), loglik = f$loglik, score = f$score, wald = f$wald.test)
"""


def made_up(seed: int, n: int, days: int, *, age_in: float = 1.0) -> dict[str, np.ndarray[Any, Any]]:
    """Rows with few distinct days, a number, a rare yes/no, and a category of three in dummies."""
    draw = np.random.default_rng(seed)
    age = draw.normal(180, 80, n) * age_in
    rare = (draw.random(n) < 0.15).astype(float)
    level = draw.integers(0, 3, n)
    rate = np.exp(0.004 * (age / age_in - 180) + 0.7 * rare - 0.4 * (level == 2))
    time = np.ceil(days * draw.exponential(1.0, n) / rate)
    censored = np.ceil(days * 1.6 * draw.random(n))
    code = np.where(time <= censored, 1 + (draw.random(n) < 0.3), 0)
    return {
        "time": np.minimum(time, censored),
        "event": code,
        "age": age,
        "rare": rare,
        "level1": (level == 1).astype(float),
        "level2": (level == 2).astype(float),
        "weight": draw.integers(1, 5, n) / 2.0,
        "stratum": draw.integers(0, 3, n),
        "entry": np.floor(np.minimum(time, censored) * draw.random(n) * 0.8) * (draw.random(n) < 0.5),
    }


def covariates(data: dict[str, np.ndarray[Any, Any]]) -> np.ndarray[Any, Any]:
    return np.column_stack([data[name] for name in ("age", "rare", "level1", "level2")])


def agree(fit: Any, other: Any, tolerance: float = 1e-8) -> None:
    np.testing.assert_allclose(fit.coef, other["coef"], rtol=tolerance, atol=tolerance * 1e-2)
    np.testing.assert_allclose(fit.covariance, other["var"], rtol=1e-7, atol=1e-12)
    np.testing.assert_allclose([fit.loglik_null, fit.loglik], other["loglik"], rtol=1e-11, atol=1e-10)
    np.testing.assert_allclose(fit.score_statistic, other["score"][0], rtol=1e-8)
    np.testing.assert_allclose(fit.wald_statistic, other["wald"][0], rtol=1e-7)


@pytest.mark.parametrize(("seed", "n", "days"), [(1, 60, 6), (2, 400, 30), (3, 2000, 400), (4, 37, 3)])
def test_every_kind_of_cox_model(seed: int, n: int, days: int) -> None:
    data = made_up(seed, n, days)
    options = {
        "plain": {},
        "weight": {"weight": data["weight"]},
        "strata": {"stratum": data["stratum"]},
        "entry": {"entry": data["entry"]},
        "all": {"weight": data["weight"], "stratum": data["stratum"], "entry": data["entry"]},
    }
    theirs = run_r(
        _COX
        + """
        one <- function(ties) {
          f <- fitted_with(ties); a <- function(...) fit_of(f(...))
          list(plain = a(Surv(time, event == 1) ~ age + rare + level1 + level2),
               weight = a(Surv(time, event == 1) ~ age + rare + level1 + level2, d$weight),
               strata = a(Surv(time, event == 1) ~ age + rare + level1 + level2 + strata(stratum)),
               entry = a(Surv(entry, time, event == 1) ~ age + rare + level1 + level2),
               all = a(Surv(entry, time, event == 1) ~ age + rare + level1 + level2 + strata(stratum), d$weight))
        }
        result <- list(efron = one("efron"), breslow = one("breslow"))
        """,
        d=data,
    )
    for ties in ("efron", "breslow"):
        for name, given in options.items():
            fit = cox(data["time"], data["event"], covariates(data), ties=ties, **given)
            agree(fit, theirs[ties][name])
            assert fit.n == n
            assert fit.events == int((data["event"] == 1).sum())


@pytest.mark.parametrize(("seed", "n", "days"), [(11, 40, 12), (12, 120, 90), (13, 200, 400)])
def test_exact_ties(seed: int, n: int, days: int) -> None:
    data = made_up(seed, n, days)
    theirs = run_r(
        _COX
        + """
        f <- fitted_with("exact"); a <- function(...) fit_of(f(...))
        result <- list(plain = a(Surv(time, event == 1) ~ age + rare + level2),
                       strata = a(Surv(time, event == 1) ~ age + rare + level2 + strata(stratum)),
                       entry = a(Surv(entry, time, event == 1) ~ age + rare + level2))
        """,
        d=data,
    )
    x = covariates(data)[:, [0, 1, 3]]
    agree(cox_exact(data["time"], data["event"], x), theirs["plain"])
    agree(cox_exact(data["time"], data["event"], x, stratum=data["stratum"]), theirs["strata"])
    agree(cox_exact(data["time"], data["event"], x, entry=data["entry"]), theirs["entry"])


def test_covariates_in_awkward_units() -> None:
    """White cells per microlitre beside a fraction: the answer does not depend on how large the numbers are."""
    data = made_up(21, 500, 60, age_in=1e6)
    theirs = run_r(
        _COX
        + "result <- fit_of(coxph(Surv(time, event == 1) ~ I(age / 1e6) + rare + level1 + level2, data = d, control = tight))",
        d=data,
    )
    fit = cox(data["time"], data["event"], covariates(data))
    np.testing.assert_allclose(fit.coef * [1e6, 1, 1, 1], theirs["coef"], rtol=1e-8)


@pytest.mark.parametrize("ties", ["efron", "breslow"])
def test_baseline_hazard(ties: Any) -> None:
    data = made_up(31, 300, 40)
    theirs = run_r(
        _COX
        + f"""
        f <- coxph(Surv(entry, time, event == 1) ~ age + rare + strata(stratum), data = d, ties = "{ties}", weights = weight,
                   robust = FALSE, control = tight)
        h <- basehaz(f, centered = FALSE)
        result <- list(time = h$time, hazard = h$hazard, stratum = as.character(h$strata))
        """,
        d=data,
    )
    source = ArraySource(
        data["time"], data["event"], covariates(data)[:, :2], entry=data["entry"], weight=data["weight"], stratum=data["stratum"]
    )
    ours = baseline_hazard(source, fit_cox(source, ties))
    at = {(s.removeprefix("stratum="), t): h for s, t, h in zip(theirs["stratum"], theirs["time"], theirs["hazard"], strict=True)}
    expected = [at[str(s), t] for s, t in zip(ours.stratum, ours.time, strict=True)]
    np.testing.assert_allclose(ours.cumulative, expected, rtol=1e-7)


@pytest.mark.parametrize(("seed", "n", "days"), [(41, 80, 8), (42, 500, 60), (43, 300, 3000)])
@pytest.mark.parametrize("ties", ["efron", "breslow"])
def test_proportional_hazards(seed: int, n: int, days: int, ties: Any) -> None:
    data = made_up(seed, n, days)
    theirs = run_r(
        _COX
        + f"""
        test <- function(f) lapply(c(km = "km", rank = "rank", identity = "identity", log = "log"), function(g) unname(cox.zph(f, g)$table))
        c1 <- fitted_with("{ties}")
        result <- list(plain = test(c1(Surv(time, event == 1) ~ age + rare + cbind(level1, level2))),
                       strata = test(c1(Surv(time, event == 1) ~ age + rare + cbind(level1, level2) + strata(stratum), d$weight)),
                       entry = test(c1(Surv(entry, time, event == 1) ~ age + rare + cbind(level1, level2) + strata(stratum))))
        """,
        d=data,
    )
    groups = {"age": [0], "rare": [1], "level": [2, 3]}
    given: dict[str, dict[str, Any]] = {
        "plain": {},
        "strata": {"stratum": data["stratum"], "weight": data["weight"]},
        "entry": {"stratum": data["stratum"], "entry": data["entry"]},
    }
    for kind, options in given.items():
        source = ArraySource(data["time"], data["event"], covariates(data), **options)
        fit = fit_cox(source, ties)
        for transform, table in theirs[kind].items():
            lines = proportional_hazards_test(source, fit, transform, groups)
            np.testing.assert_allclose([[line.chisq, line.df, line.p] for line in lines], table, rtol=1e-6, atol=1e-9)


def test_other_packages() -> None:
    """lifelines (Efron) and scikit-survival (both ways)."""
    lifelines = pytest.importorskip("lifelines")
    pandas = pytest.importorskip("pandas")
    linear_model = pytest.importorskip("sksurv.linear_model")
    data = made_up(51, 400, 50)
    happened = data["event"] == 1
    x = covariates(data)
    frame = pandas.DataFrame(x, columns=["age", "rare", "level1", "level2"]).assign(time=data["time"], happened=happened)
    fitter = lifelines.CoxPHFitter().fit(frame, "time", "happened", fit_options={"precision": 1e-12})
    ours = cox(data["time"], happened, x)
    np.testing.assert_allclose(ours.coef, fitter.params_.to_numpy(), rtol=1e-6, atol=1e-9)
    np.testing.assert_allclose(ours.se, fitter.standard_errors_.to_numpy(), rtol=1e-6)
    outcome = np.array(list(zip(happened, data["time"], strict=True)), dtype=[("event", bool), ("time", float)])
    for ties in ("efron", "breslow"):
        other = linear_model.CoxPHSurvivalAnalysis(ties=ties, tol=1e-12, n_iter=200).fit(x, outcome)
        np.testing.assert_allclose(cox(data["time"], happened, x, ties=ties).coef, other.coef_, rtol=1e-6, atol=1e-9)
