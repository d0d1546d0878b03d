"""The Fine–Gray model against R's cmprsk, on made-up data with heavy ties, tiny groups and many causes."""

from __future__ import annotations

import numpy as np
import pytest

from helpers.r import run_r
from infantall.cohort.survival.fine_gray import fine_gray

pytestmark = pytest.mark.referee

_CRR = """
library(cmprsk)
one <- function(x, cause) {
  f <- crr(d$time, d$event, x, failcode = cause, cencode = 0, gtol = 1e-13, maxiter = 60)
  list(coef = unname(f$coef), var = unname(f$var), information = unname(f$invinf), loglik = f$loglik, null = f$loglik.null)
}
"""


@pytest.mark.parametrize(
    ("seed", "n", "days", "causes"), [(1, 25, 4, 2), (2, 150, 10, 2), (3, 300, 200, 4), (4, 400, 10000, 3), (5, 200, 1, 2)]
)
def test_coefficients_and_robust_variance(seed: int, n: int, days: int, causes: int) -> None:
    draw = np.random.default_rng(seed)
    x1, x2 = draw.normal(50, 20, n), (draw.random(n) < 0.2).astype(float)
    time = np.ceil(days * draw.exponential(np.exp(-0.5 * x2)))
    censored = np.ceil(days * 2 * draw.random(n))
    event = np.where(time <= censored, draw.integers(1, causes + 1, n), 0)
    time = np.minimum(time, censored)
    data = {"time": time, "event": event, "x1": x1, "x2": x2}
    theirs = run_r(_CRR + "result <- lapply(1:2, function(k) one(as.matrix(d[, c('x1', 'x2')]), k))", d=data)
    for cause, expected in zip((1, 2), theirs, strict=True):
        fit = fine_gray(time, event, np.column_stack((x1, x2)), cause=cause)
        np.testing.assert_allclose(fit.coef, expected["coef"], rtol=1e-8, atol=1e-10)
        np.testing.assert_allclose(fit.covariance, expected["var"], rtol=1e-8, atol=1e-12)
        np.testing.assert_allclose(fit.model_covariance, expected["information"], rtol=1e-7, atol=1e-12)
        np.testing.assert_allclose([fit.loglik, fit.loglik_null], [expected["loglik"][0], expected["null"][0]], rtol=1e-11)


def test_no_censoring_and_no_competing_event() -> None:
    draw = np.random.default_rng(9)
    time, x = np.ceil(20 * draw.random(80)), draw.normal(size=80)
    for event in (draw.integers(1, 3, 80), draw.integers(0, 2, 80)):
        theirs = run_r(_CRR + "result <- one(as.matrix(d$x), 1)", d={"time": time, "event": event, "x": x})
        fit = fine_gray(time, event, x)
        np.testing.assert_allclose(fit.coef, theirs["coef"], rtol=1e-9)
        np.testing.assert_allclose(fit.covariance, theirs["var"], rtol=1e-9)
