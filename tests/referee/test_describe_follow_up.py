"""Median follow-up beside R's ``survfit`` with censoring as the event."""

from __future__ import annotations

import math
import random

import pytest

from helpers.r import run_r
from infantall.cohort.quality.follow_up import reverse_kaplan_meier_median

pytestmark = pytest.mark.referee


@pytest.mark.parametrize("seed", range(4))
def test_reverse_kaplan_meier_median_is_that_of_r(seed):
    random.seed(seed)
    samples = {
        n: [(float(random.randint(0, 12)), int(random.random() < share)) for _ in range(n)]
        for n, share in ((1, 0), (2, 0.5), (4, 0), (8, 0.3), (20, 0.5), (60, 0.8), (200, 0.4))
    }
    theirs = run_r(
        """library(survival)
        result <- lapply(split(data, data$sample), function(d)
          unname(quantile(survfit(Surv(d$time, d$event == 0) ~ 1), 0.5, conf.int = FALSE)))""",
        data={
            "sample": [n for n, rows in samples.items() for _ in rows],
            "time": [time for rows in samples.values() for time, _ in rows],
            "event": [event for rows in samples.values() for _, event in rows],
        },
    )
    for n, rows in samples.items():
        ends: dict[float, tuple[int, int]] = {}
        for time, event in rows:
            events, censored = ends.get(time, (0, 0))
            ends[time] = (events + event, censored + 1 - event)
        ours, r = reverse_kaplan_meier_median(ends), theirs[str(n)][0]
        assert (math.isnan(ours) and math.isnan(r)) or ours == pytest.approx(r, abs=1e-12), n
