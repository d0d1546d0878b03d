"""A family's calendar as an iCalendar file (RFC 5545), and an old one read back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from infantall.family.calendar import Entry
from infantall.text.problems import InputError, Problem

PRODUCT = "-//InfantALL//family guide//EN"


def calendar_text(entries: Iterable[Entry], as_of: dt.date, details: bool = False) -> str:
    """The calendar as text. Titles are neutral and private; ``details`` adds what each entry is, for those who asked.

    Times are floating: the same clock time wherever the phone is. The stamp is the day of the guide, so that the same inputs
    give the same file.
    """
    from icalendar import Calendar, Event

    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    for entry in entries:
        event = Event()
        event.add("uid", entry.uid)
        event.add("dtstamp", dt.datetime.combine(as_of, dt.time(0), tzinfo=dt.UTC))
        event.add("sequence", entry.version)
        event.add("dtstart", entry.start)
        if isinstance(entry.start, dt.datetime):
            event.add("duration", dt.timedelta(minutes=30))
        if entry.until is not None:
            event.add("rrule", {"freq": "daily", "until": _until(entry)})
        event.add("summary", entry.private)
        event.add("class", "PRIVATE")
        event.add("transp", "TRANSPARENT")
        event.add("status", "CANCELLED" if entry.cancelled else "TENTATIVE")
        if details and entry.detail:
            event.add("description", entry.detail)
        calendar.add_component(event)
    return str(calendar.to_ical().decode())


def _until(entry: Entry) -> dt.date | dt.datetime:
    assert entry.until is not None
    if isinstance(entry.start, dt.datetime):
        return dt.datetime.combine(entry.until, entry.start.time())
    return entry.until


def read_calendar(path: Path) -> tuple[Entry, ...]:
    """The entries of a calendar that this guide wrote earlier.

    Raises:
        InputError: the file cannot be read, or is no calendar of this guide.
    """
    from icalendar import Calendar

    no_calendar = Problem("the file", "no calendar", "an .ics file that infantall guide wrote", str(path))
    try:
        calendar: Any = Calendar.from_ical(path.read_bytes())
    except OSError as error:
        raise InputError([Problem("the file", error.strerror or "nothing readable", "a calendar file", str(path))]) from None
    except (ValueError, IndexError, KeyError):
        raise InputError([no_calendar]) from None
    if str(calendar.get("prodid", "")) != PRODUCT:
        raise InputError([Problem("the file", "another program's calendar", "one that infantall guide wrote", str(path))])
    try:
        return tuple(_entry(event) for event in calendar.walk("VEVENT"))
    except (ValueError, IndexError, KeyError):
        raise InputError([no_calendar]) from None


def _entry(event: Any) -> Entry:
    rule = event.get("rrule")
    until = rule["until"][0] if rule else None
    return Entry(
        uid=str(event["uid"]),
        start=event.decoded("dtstart"),
        until=until.date() if isinstance(until, dt.datetime) else until,
        private=str(event.get("summary", "")),
        detail=str(event.get("description", "")),
        version=int(event.get("sequence", 0)),
        cancelled=str(event.get("status", "")) == "CANCELLED",
    )
