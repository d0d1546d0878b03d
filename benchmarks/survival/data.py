"""The rows of the survival benchmarks: 5 covariates, whole days, two causes, censoring over ten years, seed 1."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
EFFECTS = np.array([0.5, -0.3, 0.2, 0.0, 0.1])


@dataclass(frozen=True)
class Rows:
    """``time`` in days, rounded up, so that almost every time is tied, as in a registry; ``event`` 0, 1, 2; ``group`` 0, 1."""

    time: Floats
    event: NDArray[np.int64]
    group: NDArray[np.int64]
    x: Floats


def rows(n: int) -> Rows:
    """``n`` rows; the first n of a longer table are not the same rows."""
    source = np.random.Generator(np.random.PCG64(1))
    x = source.standard_normal((n, 5))
    hazard = np.exp(x @ EFFECTS)
    first = source.exponential(1_500, n) / hazard
    second = source.exponential(3_000, n)
    censored = source.uniform(0, 3_650, n)
    time = np.minimum(np.minimum(first, second), censored)
    event = np.where(time == censored, 0, np.where(time == first, 1, 2))
    return Rows(np.ceil(time), event.astype(np.int64), (x[:, 0] > 0).astype(np.int64), x)
