"""What may be known of one fact: its value, an interval, a choice between values, or nothing.

``None`` means unknown: never false, never "not evaluable" (which is a value). An :class:`Interval` says that a number lies
between two bounds (a negative MRD lies below its sensitivity; an age in weeks leaves seven days open). A :class:`Choice`
says that a category is one of several values (contradictory reports; a judgement that one missing input leaves open).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Interval:
    """A number from ``low`` to ``high``, both included. An excluded bound is the next float beside it."""

    low: float
    high: float

    def __post_init__(self) -> None:
        if not self.low <= self.high:
            raise ValueError("an interval needs low <= high, and NaN is no bound")


@dataclass(frozen=True, slots=True, repr=False)
class Choice:
    """A category that is one of ``values``, which one is not known."""

    values: frozenset[str]

    def __repr__(self) -> str:  # the same in every run, as a set's own is not
        return f"Choice({', '.join(sorted(self.values))})"


Value: TypeAlias = float | int | str | Interval | Choice | None


def below(bound: float) -> float:
    """The largest float under ``bound``: the closed form of an excluded upper bound."""
    return math.nextafter(bound, -math.inf)


def bounds(value: Value) -> tuple[float, float]:
    """Lowest and highest number that the value may be; both infinite where nothing is known."""
    if isinstance(value, Interval):
        return value.low, value.high
    if isinstance(value, int | float):
        return value, value
    return -math.inf, math.inf


def is_known(value: Value) -> bool:
    """Whether there is exactly one value."""
    return value is not None and not isinstance(value, Interval | Choice)
