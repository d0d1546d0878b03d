"""Quartiles beside R's ``quantile`` (definition 7)."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from helpers.r import run_r
from infantall.cohort.describe import quartiles

pytestmark = pytest.mark.referee


@pytest.mark.parametrize("seed", range(3))
def test_quartiles_are_those_of_r(seed):
    random.seed(seed)
    samples = [
        [random.choice([random.random() * 1e-4, float(random.randint(0, 9)), random.uniform(-5, 900)]) for _ in range(n)]
        for n in (1, 2, 3, 4, 5, 7, 50, 101, 400)
    ]
    rows = [(i, value) for i, sample in enumerate(samples) for value in sample]
    theirs = run_r(
        "result <- lapply(split(data$x, data$sample), function(x) quantile(x, c(.25, .5, .75), names = FALSE, type = 7))",
        data={"sample": [i for i, _ in rows], "x": [x for _, x in rows]},
    )
    for i, sample in enumerate(samples):
        counted = sorted(Counter(sample).items())
        ours = quartiles([value for value, _ in counted], [count for _, count in counted])
        assert ours == pytest.approx(theirs[str(i)], rel=1e-12)
