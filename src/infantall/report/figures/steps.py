"""Step curves as paths, thinned to what can be seen: a curve of a million steps is drawn in some thousand.

Within each quarter of a pixel the curve is drawn by where it enters, its extremes and where it leaves, and heights are rounded
to an eighth of a pixel. No point of the drawn curve is more than half a pixel from the true one (tested).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from .drawing import number

PER_PIXEL_X = 4
PER_PIXEL_Y = 8

Floats = NDArray[np.float64]
Run = tuple[Floats, Floats, float]
"""Places of the steps, heights from there on, and where the last height ends."""


def thinned(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """The steps that can be seen.

    Args:
        x: where each step is, in pixels, not decreasing; y: the height from there on, in pixels. All finite.

    Returns:
        Places and heights, the first where the curve begins. A place may stand several times: the curve goes to each height in
        turn.
    """
    if len(x) == 0:
        return x, y
    column = np.round(x * PER_PIXEL_X).astype(np.int64)
    height = np.round(y * PER_PIXEL_Y) / PER_PIXEL_Y
    starts = np.flatnonzero(np.concatenate(([True], column[1:] != column[:-1])))
    last = height[np.concatenate((starts[1:], [len(x)])) - 1]
    low, high = np.minimum.reduceat(height, starts), np.maximum.reduceat(height, starts)
    before = np.concatenate((height[:1], last[:-1]))
    first_down = before < last
    one, two = np.where(first_down, low, high), np.where(first_down, high, low)
    least, most = np.minimum(before, last), np.maximum(before, last)
    outside = np.stack([(one < least) | (one > most), (two < least) | (two > most)], axis=1)
    keep = np.column_stack([outside, (last != before) | outside.any(axis=1)]).ravel()
    places = np.repeat(column[starts] / PER_PIXEL_X, 3)[keep]
    heights = np.stack([one, two, last], axis=1).ravel()[keep]
    return np.concatenate((column[:1] / PER_PIXEL_X, places)), np.concatenate((height[:1], heights))


def finite_runs(x: Floats, heights: Sequence[Floats], end: float) -> Iterator[tuple[slice, float]]:
    """The stretches on which every height is a number, each with the place where it ends."""
    good = np.all([np.isfinite(h) for h in heights], axis=0) & np.isfinite(x)
    edges = np.flatnonzero(np.diff(np.concatenate(([0], good.astype(np.int8), [0]))))
    for start, stop in zip(edges[0::2], edges[1::2], strict=True):
        yield slice(int(start), int(stop)), float(x[stop]) if stop < len(x) else end


def step_path(x: Floats, y: Floats, end: float) -> str:
    """The curve as path data in pixels; gaps where a height is NaN. ``end``: how far the last step reaches."""
    parts: list[str] = []
    for run, until in finite_runs(x, [y], end):
        places, heights = thinned(x[run], y[run])
        parts.append(f"M{number(places[0])} {number(heights[0])}{_moves(places[1:], heights[1:], places[0])}")
        if until > places[-1]:
            parts.append(f"H{number(until)}")
    return "".join(parts)


def _moves(places: Floats, heights: Floats, at: float) -> str:
    parts = []
    for place, height in zip(places.tolist(), heights.tolist(), strict=True):
        if place != at:
            parts.append(f"H{number(place)}")
            at = place
        parts.append(f"V{number(height)}")
    return "".join(parts)


def band_path(x: Floats, low: Floats, high: Floats, end: float) -> str:
    """The area between two step curves as closed path data; gaps where either is NaN."""
    parts: list[str] = []
    for run, until in finite_runs(x, [low, high], end):
        upper_x, upper = thinned(x[run], high[run])
        lower_x, lower = thinned(x[run], low[run])
        until = max(until, float(upper_x[-1]), float(lower_x[-1]))
        parts.append(f"M{number(upper_x[0])} {number(upper[0])}{_moves(upper_x[1:], upper[1:], upper_x[0])}H{number(until)}")
        parts.append(f"V{number(lower[-1])}")
        # Backwards a step is met from its far side: first the way along, then the change of height.
        for i in range(len(lower) - 1, 0, -1):
            parts.append(f"H{number(lower_x[i])}V{number(lower[i - 1])}")
        parts.append("Z")
    return "".join(parts)


def censor_path(places: Floats, times: Floats, x: Floats, y: Floats, half: float = 4.0) -> tuple[str, int]:
    """Small upright ticks on the curve where somebody was censored, at most one a pixel.

    Args:
        places, times: where the ticks stand, in pixels and in the curve's own time.
        x, y: the curve's own times, and its heights in pixels.

    Returns:
        Path data, and how many ticks it holds.
    """
    if len(places) == 0 or len(x) == 0:
        return "", 0
    order = np.argsort(places, kind="stable")
    _, kept = np.unique(np.round(places[order]).astype(np.int64), return_index=True)
    chosen = order[kept]
    at = np.clip(np.searchsorted(x, times[chosen], side="right") - 1, 0, len(x) - 1)
    marks = [(p, h) for p, h in zip(places[chosen].tolist(), y[at].tolist(), strict=True) if h == h]
    return "".join(f"M{number(p)} {number(h - half)}v{number(2 * half)}" for p, h in marks), len(marks)
