"""Ages: what is known of one unit from another, and nothing more.

An age in completed calendar months needs both dates, because months differ in length. From an age in days alone, the
months are known except near a month's edge: six calendar months are 181 to 184 days, so 180 days or less is under six
months, 184 or more is not, and between is unknown (``docs/clarifications.md``: age-in-days-only).
"""

from __future__ import annotations

import calendar
import datetime as dt
from functools import cache

from .values import Interval

MONTHS_KNOWN = 60  # five years: rules over the ages of table columns look no further, far beyond every threshold in use


def days_between(born: dt.date, day: dt.date) -> int:
    """Whole days from birth (the day of birth is day 0)."""
    return (day - born).days


def completed_months(born: dt.date, day: dt.date) -> int:
    """Calendar months completed on ``day``.

    A month is completed on the same day number; where the month has no such day (born on the 31st), on the first of the
    next month. This never makes a child look older than it is (``docs/clarifications.md``: completed-months).
    """
    months = (day.year - born.year) * 12 + day.month - born.month
    return months - 1 if day.day < born.day else months


@cache
def days_in_months(months: int) -> tuple[int, int]:
    """The fewest and the most days that this many completed calendar months can be: (181, 184) for 6.

    Over all dates of birth up to two years; beyond that, over all from 1900 to 2100 that no century without a leap day cuts.
    """
    if months <= 0:
        return 0, 0
    spans = [
        _span(year, month, day, months)
        for year in range(2000, 2005)
        for month in range(1, 13)
        for day in range(1, calendar.monthrange(year, month)[1] + 1)
    ]
    return min(spans), max(spans)


def _span(year: int, month: int, day: int, months: int) -> int:
    total = month - 1 + months
    end_year, end_month = year + total // 12, total % 12 + 1
    last = calendar.monthrange(end_year, end_month)[1]
    end = dt.date(end_year, end_month, min(day, last)) + dt.timedelta(days=day > last)
    return (end - dt.date(year, month, day)).days


def months_from_days(days: int, up_to: int | None = None) -> int | Interval:
    """Completed months of an age in days (or of a range of days): a number where it is certain, else an interval."""
    low = days // 31  # so many are surely completed; at most a few more
    while days_in_months(low + 1)[1] <= days:
        low += 1
    high = low
    while days_in_months(high + 1)[0] <= (days if up_to is None else up_to):
        high += 1
    return low if low == high else Interval(low, high)


def days_from_months(months: int) -> Interval:
    """The days that an age of this many completed months may be."""
    return Interval(days_in_months(months)[0], days_in_months(months + 1)[1] - 1)


def days_from_weeks(weeks: int) -> Interval:
    """The days that an age of this many completed weeks may be."""
    return Interval(weeks * 7, weeks * 7 + 6)
