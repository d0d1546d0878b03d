"""The same answers as lifelines and scikit-survival, where they have the method and do not break ties at random."""

from __future__ import annotations

import numpy as np
import pytest

from helpers.follow_up import studies
from infantall.cohort.survival.kaplan_meier import kaplan_meier
from infantall.cohort.survival.life_table import life_table
from infantall.cohort.survival.log_rank import log_rank
from infantall.cohort.survival.observations import checked

pytestmark = pytest.mark.referee
FOUND = [f for f in studies() if len(f.time) > 10]


@pytest.mark.parametrize("study", FOUND, ids=[f.name for f in FOUND])
def test_lifelines(study) -> None:  # type: ignore[no-untyped-def]
    lifelines = pytest.importorskip("lifelines")
    statistics = pytest.importorskip("lifelines.statistics")
    table = life_table(checked(study.time, study.event, group=study.group))
    for curve in kaplan_meier(table):
        own = study.group == curve.group
        fitted = lifelines.KaplanMeierFitter().fit(study.time[own], study.event[own] > 0)
        theirs = fitted.survival_function_at_times(curve.times).to_numpy()
        np.testing.assert_allclose(curve.estimate, theirs, rtol=1e-9)
    theirs = statistics.multivariate_logrank_test(study.time, study.group, study.event > 0)
    np.testing.assert_allclose(log_rank(table).statistic, theirs.test_statistic, rtol=1e-8)


@pytest.mark.parametrize("study", FOUND, ids=[f.name for f in FOUND])
def test_scikit_survival(study) -> None:  # type: ignore[no-untyped-def]
    compare = pytest.importorskip("sksurv.compare")
    nonparametric = pytest.importorskip("sksurv.nonparametric")
    util = pytest.importorskip("sksurv.util")
    table = life_table(checked(study.time, study.event, group=study.group))
    outcome = util.Surv.from_arrays(study.event > 0, study.time)
    np.testing.assert_allclose(log_rank(table).statistic, compare.compare_survival(outcome, study.group)[0], rtol=1e-8)
    (curve,) = kaplan_meier(table.one_group())
    times, survival = nonparametric.kaplan_meier_estimator(study.event > 0, study.time)
    np.testing.assert_allclose(curve.estimate[1:], survival, rtol=1e-9)
    np.testing.assert_array_equal(curve.times[1:], times)
