"""Axes: times in the unit a reader thinks in, percentages, logarithms."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

DAYS_A_YEAR = 365.25
DAYS_A_MONTH = DAYS_A_YEAR / 12
UNITS = {"day": 1.0, "week": 7.0, "month": DAYS_A_MONTH, "year": DAYS_A_YEAR}
"""Days in each unit of time that a column may be in."""


@dataclass(frozen=True)
class TimeAxis:
    """Time from left to right.

    Attributes:
        until: the time at the right edge, in the table's own unit.
        ticks: times in the table's own unit; labels: what stands beneath each.
        title: what is counted, with its unit.
        shown_unit: the unit of the labels; ``per_unit``: how many of the table's own unit it holds.
    """

    until: float
    ticks: tuple[float, ...]
    labels: tuple[str, ...]
    title: str
    shown_unit: str
    per_unit: float


def time_axis(longest: float, unit: str, most: int = 8) -> TimeAxis:
    """An axis from 0 to the longest time: in years beyond two years, in months beyond 120 days, else in days.

    Args:
        longest: the longest time, in the table's own unit.
        unit: that unit (``day``, ``week``, ``month``, ``year``), or empty where it is not known: times stay as they are.
        most: the greatest number of steps.
    """
    longest = longest if math.isfinite(longest) and longest > 0 else 1.0
    if unit not in UNITS:
        step = _nice(longest, most)
        return _axis(longest, step, 1.0, "", "Time, in the table's own unit")
    days = longest * UNITS[unit]
    steps: tuple[float, ...]
    if days > 2 * DAYS_A_YEAR:
        shown, steps = "year", (0.5, 1, 2, 5, 10, 20)
    elif days > 120:
        shown, steps = "month", (1, 2, 3, 6, 12)
    else:
        shown, steps = "day", (1, 2, 5, 7, 14, 30)
    per_unit = UNITS[shown] / UNITS[unit]
    step = next((s for s in steps if longest / per_unit / s <= most), _nice(longest / per_unit, most))
    return _axis(longest, step, per_unit, shown, f"Time in {shown}s")


def _axis(longest: float, step: float, per_unit: float, shown: str, title: str) -> TimeAxis:
    count = math.floor(longest / per_unit / step + 1e-9)
    marks = [i * step for i in range(count + 1)]
    labels = tuple(f"{mark:g}" for mark in marks)
    return TimeAxis(longest, tuple(mark * per_unit for mark in marks), labels, title, shown, per_unit)


def _nice(longest: float, most: int) -> float:
    rough = longest / most
    power = 10.0 ** math.floor(math.log10(rough))
    return next((m * power for m in (1, 2, 2.5, 5, 10) if m * power >= rough), 10 * power)


def said_time(time: float, axis: TimeAxis) -> str:
    """A time in the unit of the axis: ``2 years``, ``18.5 months``."""
    return said_in(time / axis.per_unit, axis.shown_unit)


def said_in(time: float, unit: str) -> str:
    """A time in the table's own unit: ``150 days``; bare where the unit is not known."""
    said = f"{time:.2f}".rstrip("0").rstrip(".")
    return f"{said} {unit}{'' if said == '1' else 's'}" if unit else said


def log_ticks(low: float, high: float) -> tuple[float, ...]:
    """Round ratios between two positive numbers, 1 among them where it lies between."""
    marks = [m * 10.0**power for power in range(-6, 7) for m in (1.0, 2.0, 5.0)]
    inside = [mark for mark in marks if low * 0.999 <= mark <= high * 1.001]
    if len(inside) > 8:
        inside = [mark for mark in inside if round(math.log10(mark), 6).is_integer()]
    return tuple(inside)


def spread(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Places near the wanted ones, at least a gap apart and within limits where there is room."""
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    placed = [min(max(wanted[i], low), high) for i in order]
    for i in range(1, len(placed)):
        placed[i] = max(placed[i], placed[i - 1] + gap)
    limit = high
    for i in range(len(placed) - 1, -1, -1):
        placed[i] = min(placed[i], limit)
        limit = placed[i] - gap
    found = [0.0] * len(wanted)
    for place, i in zip(placed, order, strict=True):
        found[i] = place
    return found
