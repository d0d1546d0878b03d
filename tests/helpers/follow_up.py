"""Generated follow-up for the tests of the statistics room: heavy ties, tiny groups, no events, all events."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class FollowUp:
    """Rows of one generated study; ``event`` 0 is censored, 1 and 2 are causes; ``entry`` is before ``time``."""

    name: str
    time: np.ndarray
    event: np.ndarray
    group: np.ndarray
    stratum: np.ndarray
    weight: np.ndarray
    entry: np.ndarray


def generated(
    name: str, seed: int, n: int, *, step: float = 0.0, groups: int = 2, strata: int = 1, events: float = 0.6
) -> FollowUp:
    """Exponential times rounded up to ``step`` (0: not rounded); ``events`` is the share that are no censorings."""
    random = np.random.default_rng(seed)
    time = random.exponential(1.0 + 0.5 * random.integers(0, 2, n))
    if step:
        time = np.ceil(time / step) * step
    event = np.where(random.random(n) < events, random.integers(1, 3, n), 0)
    group = random.permutation(np.arange(n) % groups)
    return FollowUp(
        name,
        time,
        event,
        group,
        random.integers(0, strata, n),
        random.integers(1, 4, n).astype(float),
        np.round(time * random.uniform(0.0, 0.95, n) / (step or 1e-9)) * (step or 1e-9) * (time > 2 * step),
    )


def studies() -> list[FollowUp]:
    """The studies that the referees see."""
    found = [generated(f"smooth {s}", s, 60) for s in range(3)]
    found += [generated(f"heavy ties {s}", 10 + s, 120, step=0.25, groups=3) for s in range(4)]
    found += [generated(f"whole times {s}", 20 + s, 200, step=1.0, groups=4, strata=3, events=0.8) for s in range(3)]
    found += [generated("few events", 30, 80, step=0.5, events=0.05), generated("all events", 31, 50, step=0.5, events=1.0)]
    found += [generated("tiny groups", 32, 7, groups=3, events=0.9), generated("pairs", 33, 4, events=1.0)]
    found += [
        generated("strata", 34, 150, step=0.1, strata=4, groups=2),
        generated("one stratum a pair", 35, 60, strata=25, groups=2),
    ]
    return [f if (f.entry < f.time).all() else _mended(f) for f in found]


def _mended(f: FollowUp) -> FollowUp:
    return FollowUp(f.name, f.time, f.event, f.group, f.stratum, f.weight, np.where(f.entry < f.time, f.entry, 0.0))


def stacked(found: list[FollowUp]) -> dict[str, list[object]]:
    """All studies in one data frame, with the study's name in a column."""
    frame: dict[str, list[object]] = {"study": [f.name for f in found for _ in f.time]}
    for column in ("time", "event", "group", "stratum", "weight", "entry"):
        frame[column] = [value.item() for f in found for value in getattr(f, column)]
    return frame
