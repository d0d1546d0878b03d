"""Ages: what days say about months, and months about days, checked against every date of four centuries."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from infantall.facts.ages import (
    completed_months,
    days_between,
    days_from_months,
    days_from_weeks,
    days_in_months,
    months_from_days,
)
from infantall.facts.values import Interval

# The Gregorian calendar repeats after 400 years, so these are all dates of birth there are.
BORN = np.arange(np.datetime64("2000-01-01"), np.datetime64("2400-01-01"))
MONTH = BORN.astype("datetime64[M]")
DAY_OF_MONTH = BORN - MONTH.astype("datetime64[D]")


def days_until_completed(months: int) -> np.ndarray:
    """For each date of birth, the days until this many months are completed: the same day number, or the first of the next."""
    same_day = (MONTH + months).astype("datetime64[D]") + DAY_OF_MONTH
    next_month = (MONTH + months + 1).astype("datetime64[D]")
    return (np.minimum(same_day, next_month) - BORN).astype(int)


@pytest.mark.parametrize("months", range(1, 25))
def test_fewest_and_most_days_of_so_many_months_over_all_dates_of_birth(months: int) -> None:
    days = days_until_completed(months)
    assert days_in_months(months) == (days.min(), days.max())


@pytest.mark.parametrize(("months", "fewest", "most"), [(0, 0, 0), (1, 28, 31), (3, 89, 92), (6, 181, 184), (12, 365, 366)])
def test_the_edges_that_protocols_use(months: int, fewest: int, most: int) -> None:
    assert days_in_months(months) == (fewest, most)


SIX_MONTHS = [
    (0, 0), (27, 0), (28, Interval(0, 1)), (30, Interval(0, 1)), (31, 1),
    (180, 5), (181, Interval(5, 6)), (182, Interval(5, 6)), (183, Interval(5, 6)), (184, 6),
    (364, 11), (365, Interval(11, 12)), (366, 12), (367, 12),
]  # fmt: skip


@pytest.mark.parametrize(("days", "months"), SIX_MONTHS, ids=[f"{days} days" for days, _ in SIX_MONTHS])
def test_an_age_in_days_gives_months_only_where_every_calendar_agrees(days: int, months: int | Interval) -> None:
    assert months_from_days(days) == months


@pytest.mark.parametrize(("days", "is_under_six"), [(180, {True}), (181, {True, False}), (183, {True, False}), (184, {False})])
def test_under_six_months_is_certain_up_to_180_days_and_refuted_from_184(days: int, is_under_six: set[bool]) -> None:
    on_this_day = days_until_completed(6) > days
    assert set(on_this_day.tolist()) == is_under_six
    months = months_from_days(days)
    low, high = (months.low, months.high) if isinstance(months, Interval) else (months, months)
    assert {low < 6, high < 6} == is_under_six


BIRTHDAYS = [
    # born, day, months completed
    ("2025-01-15", "2025-01-15", 0),
    ("2025-01-15", "2025-02-14", 0),
    ("2025-01-15", "2025-02-15", 1),
    ("2025-01-15", "2025-07-14", 5),
    ("2025-01-15", "2025-07-15", 6),
    ("2025-01-15", "2026-01-14", 11),
    ("2025-01-15", "2026-01-15", 12),
    # born on the 31st: a month without a 31st completes on the first of the next
    ("2025-08-31", "2025-09-30", 0),
    ("2025-08-31", "2025-10-01", 1),
    ("2025-08-31", "2026-02-28", 5),
    ("2025-08-31", "2026-03-01", 6),
    ("2023-08-31", "2024-02-29", 5),
    ("2023-08-31", "2024-03-01", 6),
    ("2025-12-31", "2026-01-30", 0),
    ("2025-12-31", "2026-01-31", 1),
    ("2025-03-31", "2025-04-30", 0),
    ("2025-03-31", "2025-05-01", 1),
    ("2025-03-31", "2025-05-30", 1),
    ("2025-03-31", "2025-05-31", 2),
    ("2025-08-30", "2026-02-28", 5),
    ("2025-08-29", "2026-02-28", 5),
    ("2025-08-29", "2026-03-01", 6),
    ("2025-08-28", "2026-02-28", 6),
    # born on 29 February
    ("2024-02-29", "2024-03-28", 0),
    ("2024-02-29", "2024-03-29", 1),
    ("2024-02-29", "2024-08-28", 5),
    ("2024-02-29", "2024-08-29", 6),
    ("2024-02-29", "2025-02-28", 11),
    ("2024-02-29", "2025-03-01", 12),
    ("2024-02-29", "2028-02-28", 47),
    ("2024-02-29", "2028-02-29", 48),
]


@pytest.mark.parametrize(("born", "day", "months"), BIRTHDAYS, ids=[f"{born} to {day}" for born, day, _ in BIRTHDAYS])
def test_completed_months_between_two_dates(born: str, day: str, months: int) -> None:
    assert completed_months(dt.date.fromisoformat(born), dt.date.fromisoformat(day)) == months


def test_the_day_of_birth_is_day_0() -> None:
    born = dt.date(2024, 2, 29)
    assert days_between(born, born) == 0
    assert days_between(born, dt.date(2024, 3, 1)) == 1
    assert days_between(born, dt.date(2025, 3, 1)) == 366


DATES_OF_BIRTH = st.dates(dt.date(1930, 1, 1), dt.date(2070, 12, 31))


@given(born=DATES_OF_BIRTH, days=st.integers(0, 10_000))
def test_an_age_in_days_always_contains_the_completed_months(born: dt.date, days: int) -> None:
    months = months_from_days(days)
    true = completed_months(born, born + dt.timedelta(days=days))
    if isinstance(months, Interval):
        assert months.low <= true <= months.high
    else:
        assert months == true


@given(born=DATES_OF_BIRTH, days=st.integers(0, 5_000), more=st.integers(0, 40))
def test_a_range_of_days_contains_the_months_of_each_of_its_days(born: dt.date, days: int, more: int) -> None:
    months = months_from_days(days, days + 40)
    assert isinstance(months, Interval)
    assert months.low <= completed_months(born, born + dt.timedelta(days=days + more)) <= months.high


@given(born=DATES_OF_BIRTH, days=st.integers(0, 10_000))
def test_an_age_in_months_always_contains_the_days(born: dt.date, days: int) -> None:
    known = days_from_months(completed_months(born, born + dt.timedelta(days=days)))
    assert known.low <= days <= known.high


@pytest.mark.parametrize("months", range(0, 24))
def test_no_day_of_an_age_in_months_is_impossible(months: int) -> None:
    known = days_from_months(months)
    starts, ends = days_until_completed(months), days_until_completed(months + 1) - 1
    assert (known.low, known.high) == (starts.min(), ends.max())


@pytest.mark.parametrize(("weeks", "low", "high"), [(0, 0, 6), (1, 7, 13), (26, 182, 188), (52, 364, 370)])
def test_an_age_in_weeks_leaves_seven_days_open(weeks: int, low: int, high: int) -> None:
    assert days_from_weeks(weeks) == Interval(low, high)


@pytest.mark.parametrize(
    ("weeks", "months"),
    [(4, Interval(0, 1)), (24, 5), (25, Interval(5, 6)), (26, Interval(5, 6)), (27, 6), (52, Interval(11, 12)), (53, 12)],
)
def test_an_age_in_weeks_gives_months_only_where_all_seven_days_agree(weeks: int, months: int | Interval) -> None:
    days = days_from_weeks(weeks)
    assert months_from_days(int(days.low), int(days.high)) == months


@given(first=st.integers(0, 3_000), second=st.integers(0, 3_000))
def test_an_older_child_never_has_fewer_months(first: int, second: int) -> None:
    younger, older = sorted((first, second))
    assert _bounds(months_from_days(younger))[0] <= _bounds(months_from_days(older))[0]
    assert _bounds(months_from_days(younger))[1] <= _bounds(months_from_days(older))[1]


def _bounds(months: int | Interval) -> tuple[float, float]:
    return (months.low, months.high) if isinstance(months, Interval) else (months, months)
