"""Transplant: what happens on day 0, on the last day, after it, and without a day."""

from __future__ import annotations

import math

import numpy as np
import pytest

from infantall.cohort.survival.errors import StatisticsError
from infantall.cohort.survival.transplant import landmark, mantel_byar, naive, simon_makuch, split_at_transplant

NEVER = math.nan


def test_a_row_is_cut_at_transplant() -> None:
    pieces = split_at_transplant([10, 8], [1, 0], [4, NEVER])
    assert pieces.entry.tolist() == [0, 4, 0]
    assert pieces.time.tolist() == [4, 10, 8]
    assert pieces.event.tolist() == [0, 1, 0]
    assert pieces.transplanted.tolist() == [0, 1, 0]
    assert pieces.row.tolist() == [0, 0, 1]
    assert pieces.n_transplanted == 1


def test_day_0_is_transplanted_from_the_start() -> None:
    pieces = split_at_transplant([10], [1], [0])
    assert (pieces.entry.tolist(), pieces.transplanted.tolist()) == ([0], [1])


def test_a_death_on_the_day_of_transplant_is_before_transplant() -> None:
    pieces = split_at_transplant([10, 5], [1, 1], [10, 2])
    assert pieces.transplanted.tolist() == [0, 0, 1]
    assert pieces.event.tolist() == [1, 0, 1]
    assert "very day follow-up ends" in pieces.notices[0]


def test_a_transplant_after_the_end_is_not_counted_and_said() -> None:
    pieces = split_at_transplant([10, 5], [1, 1], [11, 2])
    assert pieces.n_transplanted == 1
    assert "1 transplants lie after the end" in pieces.notices[0]


def test_all_are_at_risk_on_day_0() -> None:
    """A death on day 0 has three infants at risk, one of them transplanted from the start."""
    test = mantel_byar([0, 5, 6], [1, 1, 0], [NEVER, 0, 2])
    assert test.observed.tolist() == [1, 1]
    assert test.expected[1] == pytest.approx(1 / 3 + 1.0)


def test_mantel_byar_by_hand() -> None:
    """Deaths at 1 (nobody transplanted of 4), at 3 (1 of 3) and at 5 (2 of 2)."""
    test = mantel_byar([1, 3, 5, 6], [1, 1, 1, 0], [NEVER, NEVER, 2, 4])
    assert test.expected[1] == pytest.approx(1 / 3 + 1.0)
    assert test.observed[1] == 1
    assert test.variance[1, 1] == pytest.approx(2 / 9)


def test_simon_makuch_counts_each_infant_where_it_is() -> None:
    before, after = simon_makuch([1, 3, 5, 6], [1, 1, 1, 0], [NEVER, NEVER, 2, 4])
    assert before.at([1, 3])["estimate"].tolist() == pytest.approx([0.75, 0.375])
    assert after.at([5])["estimate"].tolist() == [0.5]
    later = simon_makuch([1, 3, 5, 6], [1, 1, 1, 0], [NEVER, NEVER, 2, 4], start=2.0)
    assert later[0].at([3])["estimate"].tolist() == [0.5]
    with pytest.raises(StatisticsError, match="earlier day"):
        simon_makuch([1, 3], [1, 1], [NEVER, 2], start=9.0)


def test_the_landmark_says_whom_it_leaves_out() -> None:
    time, event = [5, 8, 30, 40, 50, 60], [1, 0, 1, 1, 0, 1]
    found = landmark(time, event, [2, NEVER, 4, NEVER, 20, 9], 10.0)
    assert (found.n, found.n_transplanted, found.events_before, found.censored_before, found.transplanted_later) == (
        4,
        2,
        1,
        1,
        1,
    )
    assert "1 infants with an event by then and 1 no longer followed" in found.notices[0]
    assert found.curves[1].at([10.0, 30.0])["estimate"].tolist() == [1.0, 0.5]
    with pytest.raises(StatisticsError, match="Choose another day"):
        landmark(time, event, [NEVER] * 6, 10.0)


def test_the_naive_comparison_is_biased_where_transplant_does_nothing() -> None:
    """Everybody has the same hazard; only those who live long enough are transplanted."""
    random = np.random.default_rng(3)
    time = random.exponential(100.0, 2_000)
    offered = random.exponential(100.0, 2_000)
    day = np.where(offered < time, offered, math.nan)
    event = np.ones(2_000)
    assert naive(time, event, day)[1].p < 1e-20
    assert mantel_byar(time, event, day).p > 0.01


@pytest.mark.parametrize(
    ("day", "message"),
    [
        ([-1, 2], "negative or infinite"),
        ([1], "1 values for 2 times"),
        ([NEVER, NEVER], "one state only"),
        (["x", "y"], "not numbers"),
    ],
)
def test_refusals(day: list[object], message: str) -> None:
    with pytest.raises(StatisticsError, match=message):
        mantel_byar([5, 6], [1, 1], day)
