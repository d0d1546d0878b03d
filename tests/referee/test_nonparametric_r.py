"""Curves and tests beside R's survival and cmprsk, on generated studies with ties, tiny groups, strata, weights and late entry."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from helpers.follow_up import FollowUp, stacked, studies
from helpers.r import run_r
from infantall.cohort.survival.cumulative_incidence import cumulative_incidence, gray_test
from infantall.cohort.survival.distributions import chi_square_upper_tail, normal_quantile, poisson_interval
from infantall.cohort.survival.kaplan_meier import kaplan_meier
from infantall.cohort.survival.life_table import life_table
from infantall.cohort.survival.log_rank import log_rank, log_rank_trend
from infantall.cohort.survival.multiplicity import benjamini_hochberg, hochberg, holm
from infantall.cohort.survival.observations import checked
from infantall.cohort.survival.one_sample import one_sample_log_rank
from infantall.cohort.survival.restricted_mean import restricted_mean
from infantall.cohort.survival.transplant import landmark, mantel_byar, naive

pytestmark = pytest.mark.referee

FOUND = studies()
NAMES = [f.name for f in FOUND]
SPLIT = "studies <- split(d, factor(d$study, unique(d$study)))\n"


def close(ours: Any, theirs: Any, relative: float = 1e-10, absolute: float = 1e-13) -> None:
    np.testing.assert_allclose(np.asarray(ours, float), np.asarray(theirs, float), rtol=relative, atol=absolute, equal_nan=True)


@pytest.fixture(scope="module")
def curves_of_r() -> Any:
    code = (
        "library(survival)\n"
        + SPLIT
        + """
    one <- function(s, formula, weights = rep(1, nrow(s))) {
      f <- do.call(survfit, list(formula, data = s, weights = weights, conf.type = s$scale[1], robust = FALSE))
      q <- summary(f)$table
      # R refuses a limit before the first time of a group.
      m <- tryCatch(summary(f, rmean = 0.9 * max(s$time))$table, error = function(e) c(rmean = NA, "se(rmean)" = NA))
      list(time = f$time, surv = f$surv, se = f$surv * f$std.err, lower = f$lower, upper = f$upper, risk = f$n.risk,
           median = as.vector(q[c("median", "0.95LCL", "0.95UCL")]), rmst = as.vector(m[c("rmean", "se(rmean)")]))
    }
    result <- lapply(studies, function(s) {
      plain <- lapply(c("log-log", "log", "plain"), function(scale) {
        s$scale <- scale
        by <- split(s, s$group)
        names(by) <- NULL
        lapply(by, one, Surv(time, event > 0) ~ 1)
      })
      s$scale <- "log-log"
      by <- split(s, s$group); names(by) <- NULL
      weighted <- lapply(by, function(g) one(g, Surv(time, event > 0) ~ 1, g$weight))
      late <- lapply(by, one, Surv(entry, time, event > 0) ~ 1)
      list(plain = plain, weighted = weighted, late = late)
    })
    """
    )
    return run_r(code, d=stacked(FOUND))


def same_curve(ours: Any, theirs: Any) -> None:
    skip = len(ours.times) - len(theirs["time"])
    assert skip in (0, 1)
    for name, theirs_name in (
        ("times", "time"),
        ("estimate", "surv"),
        ("se", "se"),
        ("low", "lower"),
        ("high", "upper"),
        ("at_risk", "risk"),
    ):
        close(getattr(ours, name)[skip:], theirs[theirs_name])
    close(ours.median(), theirs["median"])


@pytest.mark.parametrize("study", FOUND, ids=NAMES)
def test_kaplan_meier_on_every_scale(study: FollowUp, curves_of_r: Any) -> None:
    table = life_table(checked(study.time, study.event, group=study.group))
    for scale, theirs in zip(("log-log", "log", "plain"), curves_of_r[study.name]["plain"], strict=True):
        for ours, curve in zip(kaplan_meier(table, scale=scale), theirs, strict=True):
            same_curve(ours, curve)


@pytest.mark.parametrize("study", FOUND, ids=NAMES)
def test_weights_are_numbers_of_infants(study: FollowUp, curves_of_r: Any) -> None:
    table = life_table(checked(study.time, study.event, group=study.group, weight=study.weight))
    for ours, curve in zip(kaplan_meier(table), curves_of_r[study.name]["weighted"], strict=True):
        same_curve(ours, curve)


@pytest.mark.parametrize("study", FOUND, ids=NAMES)
def test_late_entry(study: FollowUp, curves_of_r: Any) -> None:
    table = life_table(checked(study.time, study.event, group=study.group, entry=study.entry))
    for ours, theirs in zip(kaplan_meier(table), curves_of_r[study.name]["late"], strict=True):
        place = np.searchsorted(theirs["time"], ours.times[ours.times > 0])  # R lists the times of entry as well
        for name, theirs_name in (("estimate", "surv"), ("se", "se"), ("at_risk", "risk")):
            close(getattr(ours, name)[ours.times > 0], np.asarray(theirs[theirs_name])[place])


@pytest.mark.parametrize("study", FOUND, ids=NAMES)
def test_restricted_mean(study: FollowUp, curves_of_r: Any) -> None:
    table = life_table(checked(study.time, study.event, group=study.group))
    for index, ours in enumerate(kaplan_meier(table)):
        theirs = curves_of_r[study.name]["plain"][0][index]["rmst"]
        if not math.isnan(theirs[0]):
            mean = restricted_mean(ours, 0.9 * study.time[study.group == index].max())
            close((mean.mean, mean.se), theirs)


@pytest.fixture(scope="module")
def tests_of_r() -> Any:
    code = (
        "library(survival); library(cmprsk)\n"
        + SPLIT
        + """
    # survdiff takes no late entry: the definition, one event time after the other.
    slow_log_rank <- function(s) {
      g <- factor(s$group); k <- nlevels(g)
      u <- numeric(k); v <- matrix(0, k, k)
      for (t in sort(unique(s$time[s$event > 0]))) {
        here <- s$entry < t & t <= s$time
        n <- as.vector(table(g[here])); d <- as.vector(table(g[s$time == t & s$event > 0]))
        share <- n / sum(n)
        u <- u + d - sum(d) * share
        if (sum(n) > 1)
          v <- v + sum(d) * (sum(n) - sum(d)) / (sum(n) - 1) * (diag(share, k) - share %o% share)
      }
      tryCatch(sum(u[-1] * solve(v[-1, -1], u[-1])), error = function(e) NA)
    }
    result <- lapply(studies, function(s) {
      l <- survdiff(Surv(time, event > 0) ~ group, s)
      ls <- survdiff(Surv(time, event > 0) ~ group + strata(stratum), s)
      sums <- function(x) if (is.matrix(x)) rowSums(x) else x
      late <- slow_log_rank(s)
      cause <- survdiff(Surv(time, event == 1) ~ group, s)
      score <- seq_along(l$obs) - 1
      trend <- sum(score * (l$obs - l$exp))^2 / (score %*% l$var %*% score)
      answer <- list(chisq = l$chisq, obs = l$obs, exp = l$exp, var = l$var, late = late, cause = cause$chisq, trend = trend,
                     strata = ls$chisq, strata_obs = sums(ls$obs), strata_exp = sums(ls$exp))
      gray <- function(strata) {
        f <- cuminc(s$time, s$event, s$group, strata)
        stat <- f$Tests[, "stat"][c("1", "2")]
        ifelse(stat == -1, NA, stat)  # cmprsk says -1 where the variance has no inverse
      }
      answer$gray <- as.vector(gray(rep(1, nrow(s)))); answer$gray_strata <- as.vector(gray(s$stratum))
      f <- cuminc(s$time, s$event, s$group)
      f$Tests <- NULL
      answer$incidence <- lapply(f, function(x) list(time = x$time, est = x$est, var = x$var))
      answer
    })
    """
    )
    return run_r(code, d=stacked(FOUND))


@pytest.mark.parametrize("study", FOUND, ids=NAMES)
def test_log_rank(study: FollowUp, tests_of_r: Any) -> None:
    theirs = tests_of_r[study.name]
    ours = log_rank(life_table(checked(study.time, study.event, group=study.group)))
    close(ours.statistic, theirs["chisq"][0])
    close(ours.observed, theirs["obs"])
    close(ours.expected, theirs["exp"])
    close(ours.variance, theirs["var"], absolute=1e-12)
    one = log_rank(life_table(checked(study.time, study.event, group=study.group)), cause=1)
    if one.observed.sum():
        close(one.statistic, theirs["cause"][0])
    close(log_rank_trend(ours, range(len(ours.groups)))[0], theirs["trend"][0], 1e-9)


@pytest.mark.parametrize("study", FOUND, ids=NAMES)
def test_stratified_log_rank(study: FollowUp, tests_of_r: Any) -> None:
    theirs = tests_of_r[study.name]
    ours = log_rank(life_table(checked(study.time, study.event, group=study.group, stratum=study.stratum)))
    close(ours.statistic, theirs["strata"][0])
    close(ours.observed, theirs["strata_obs"])
    close(ours.expected, theirs["strata_exp"])


@pytest.mark.parametrize("study", FOUND, ids=NAMES)
def test_log_rank_with_late_entry(study: FollowUp, tests_of_r: Any) -> None:
    ours = log_rank(life_table(checked(study.time, study.event, group=study.group, entry=study.entry)))
    if ours.df == len(ours.groups) - 1 and not ours.note:
        close(ours.statistic, tests_of_r[study.name]["late"][0], 1e-9)


@pytest.mark.parametrize("study", FOUND, ids=NAMES)
def test_gray(study: FollowUp, tests_of_r: Any) -> None:
    plain = life_table(checked(study.time, study.event, group=study.group))
    stratified = life_table(checked(study.time, study.event, group=study.group, stratum=study.stratum))
    for cause in (1, 2):
        close(gray_test(plain, cause).statistic, tests_of_r[study.name]["gray"][cause - 1], 1e-9)
        close(gray_test(stratified, cause).statistic, tests_of_r[study.name]["gray_strata"][cause - 1], 1e-9)


@pytest.mark.parametrize("study", FOUND, ids=NAMES)
def test_cumulative_incidence_with_the_variance_of_cmprsk(study: FollowUp, tests_of_r: Any) -> None:
    table = life_table(checked(study.time, study.event, group=study.group))
    compared = 0
    for cause in (1, 2):
        for curve in cumulative_incidence(table, cause):
            theirs = tests_of_r[study.name]["incidence"].get(f"{curve.group} {cause}")
            if theirs is None:  # cmprsk leaves out what has no event
                assert not curve.events
                continue
            last = {t: i for i, t in enumerate(theirs["time"])}  # the corners of the steps: the second of a pair is the value
            place = np.array(list(last.values()))
            read = curve.at([t for t in last if t <= curve.last])
            close(read["estimate"], np.asarray(theirs["est"])[place][: len(read["at"])])
            close(read["se"] ** 2, np.asarray(theirs["var"])[place][: len(read["at"])], 1e-9, 1e-15)
            compared += 1
    assert compared


def test_incidence_with_late_entry_and_weights() -> None:
    study = FOUND[4]
    code = """
    library(survival)
    d$id <- seq_len(nrow(d)); d$state <- factor(d$event, 0:2)
    f <- survfit(Surv(entry, time, state) ~ 1, d, id = id, weights = weight)
    result <- list(time = f$time, p = f$pstate[, 2])
    """
    theirs = run_r(code, d={k: v.tolist() for k, v in vars(study).items() if k != "name"})
    (ours,) = cumulative_incidence(life_table(checked(study.time, study.event, entry=study.entry, weight=study.weight)), 1)
    place = np.searchsorted(theirs["time"], ours.times[1:])
    close(ours.estimate[1:], np.asarray(theirs["p"])[place])


def test_transplant_comparisons_on_the_stanford_heart_data() -> None:
    code = """
    library(survival)
    data(heart, package = "survival")
    # One patient was transplanted on the day of death; the package moves the death half a day on.
    j <- with(jasa, data.frame(time = futime, event = fustat, transplant = as.numeric(tx.date - accept.dt)))
    j$time[which(j$transplant == j$time)] <- j$time[which(j$transplant == j$time)] + 0.5
    ever <- !is.na(j$transplant)
    k <- j[j$time > 60, ]
    g <- !is.na(k$transplant) & k$transplant <= 60
    result <- list(time = j$time, event = j$event, transplant = j$transplant,
                   naive = survdiff(Surv(time, event) ~ ever, j)$chisq, landmark = survdiff(Surv(k$time, k$event) ~ g)$chisq, n = nrow(k))
    """
    theirs = run_r(code)
    data = theirs["time"], theirs["event"], theirs["transplant"]
    fair = mantel_byar(*data)
    assert fair.observed.tolist() == [30.0, 45.0]
    assert round(fair.expected[1], 1) == 43.6
    close(naive(*data)[1].statistic, theirs["naive"][0])
    fixed = landmark(*data, 60.0)
    close(fixed.test.statistic, theirs["landmark"][0])
    assert fixed.n == theirs["n"][0]


@pytest.mark.parametrize("study", FOUND[:6], ids=NAMES[:6])
def test_one_sample_log_rank_is_survdiff_with_an_offset(study: FollowUp) -> None:
    code = """
    library(survival)
    hazard <- approx(c(0, p$time), c(0, -log(p$survival)), d$time)$y
    s <- survdiff(Surv(time, event > 0) ~ offset(exp(-hazard)), d)
    result <- list(chisq = s$chisq, obs = s$obs, exp = s$exp)
    """
    points = {"time": [0.5, 1.0, 3.0, 50.0], "survival": [0.8, 0.7, 0.2, 1e-6]}
    theirs = run_r(code, d={"time": study.time.tolist(), "event": study.event.tolist()}, p=points)
    ours = one_sample_log_rank(life_table(checked(study.time, study.event)), points["time"], points["survival"])
    close((ours.statistic, ours.observed, ours.expected), (theirs["chisq"][0], theirs["obs"][0], theirs["exp"][0]), 1e-9)


def test_distributions_and_adjusted_p() -> None:
    x = [1e-8, 0.3, 1.0, 3.84, 20.0, 150.0, 1300.0]
    p = [0.0001, 0.04, 0.03, 0.9, 0.04, 1.0]
    code = """
    tail <- sapply(1:40, function(df) pchisq(d$x, df, lower.tail = FALSE))
    result <- list(tail = t(tail), quantile = qnorm(c(0.5, 0.975, 0.995, 1e-9)), holm = p.adjust(e$p, "holm"),
                   hochberg = p.adjust(e$p, "hochberg"), bh = p.adjust(e$p, "BH"),
                   poisson = t(sapply(c(0, 1, 7, 300), function(k) poisson.test(k)$conf.int[1:2])))
    """
    theirs = run_r(code, d={"x": x}, e={"p": p})
    close([[chi_square_upper_tail(v, df) for v in x] for df in range(1, 41)], theirs["tail"], 1e-11, 0)
    close([normal_quantile(q) for q in (0.5, 0.975, 0.995, 1e-9)], theirs["quantile"])
    close(holm(p), theirs["holm"])
    close(hochberg(p), theirs["hochberg"])
    close(benjamini_hochberg(p), theirs["bh"])
    close([poisson_interval(k) for k in (0, 1, 7, 300)], theirs["poisson"])
