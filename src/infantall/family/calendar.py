"""What a family's calendar holds: visits, home medicines, line care, the end of the glove time, a new look at the guide.

Private by default: titles say nothing about the child or the illness, because a calendar shows on lock screens. Never a dose, a
figure, a relapse, or a birthday that may not come. Every entry has a stable id, so that a new calendar replaces the old entries;
what is no longer planned is cancelled. In bereavement, and while the guide is paused, everything ahead is cancelled.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from .choose import ACTIVE
from .material import Material

MEDICINE_DAYS = 28  # reminders for a medicine without an end; a new calendar carries them on


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the calendar.

    Attributes:
        uid: stable for the same thing in the same family's guide.
        start: a day, or a day with a time (local, floating: no time zone is known).
        until: the last day of a daily entry; None for a single one.
        private: the neutral title; ``detail``: what it is, for those who asked for it.
        version: rises with each day that a calendar is made for.
        cancelled: whether it is to be taken out.
    """

    uid: str
    start: dt.date | dt.datetime
    until: dt.date | None
    private: str
    detail: str
    version: int
    cancelled: bool = False


def entries(material: Material) -> tuple[Entry, ...]:
    """Everything ahead of the day of the guide, in order. A record without dates gives none."""
    day = material.situation.as_of.on
    if day is None:
        return ()
    found = [
        *_visits(material),
        *_medicines(material, day),
        *_line_care(material, day),
        *_gloves(material, day),
        *_review(material, day),
    ]
    ahead = [entry for entry in found if _last(entry) >= day]
    if material.selection.state != ACTIVE:
        ahead = [replace(entry, cancelled=True) for entry in ahead]
    return tuple(sorted(ahead, key=lambda e: (_first(e), e.uid)))


def replacing(new: Sequence[Entry], old: Iterable[Entry], day: dt.date) -> tuple[Entry, ...]:
    """The new calendar after an old one: what fell out is cancelled, what is over by ``day`` stays; versions only rise."""
    before = {entry.uid: entry for entry in old}
    kept = [
        replace(entry, version=max(entry.version, before[entry.uid].version + 1)) if entry.uid in before else entry
        for entry in new
    ]
    names = {entry.uid for entry in new}
    gone = [
        replace(e, cancelled=True, version=e.version + 1)
        for uid, e in before.items()
        if uid not in names and not e.cancelled and _last(e) >= day
    ]
    return (*kept, *gone)


def _first(entry: Entry) -> dt.date:
    return entry.start.date() if isinstance(entry.start, dt.datetime) else entry.start


def _last(entry: Entry) -> dt.date:
    return entry.until or _first(entry)


def _uid(material: Material, *parts: object) -> str:
    """Stable, and no name inside it: a hash of the record's id and what the entry is about."""
    text = "\0".join(map(str, (material.situation.record.id, *parts)))
    return f"{hashlib.sha256(text.encode()).hexdigest()[:24]}@infantall"


def _entry(
    m: Material, key: Sequence[object], start: dt.date, at: str, private: str, detail: str, until: dt.date | None = None
) -> Entry:
    day = m.situation.as_of.on or start
    moment = dt.datetime.combine(start, dt.time.fromisoformat(at)) if at else start
    return Entry(_uid(m, *key), moment, until, private, detail, day.toordinal())


def _visits(m: Material) -> list[Entry]:
    """A visit keeps its id while its purpose stays, so that a visit that moves is moved and not doubled."""
    found = []
    seen: dict[str, int] = {}
    for visit in m.situation.record.family.visits:
        if visit.when.on is None:
            continue
        seen[visit.what] = seen.get(visit.what, 0) + 1
        planned = m.wording.words.say("Planned; it may move.")
        detail = " ".join(part for part in (f"{visit.what}." if visit.what else "", visit.where, planned) if part)
        found.append(
            _entry(m, ("visit", visit.what, seen[visit.what]), visit.when.on, visit.at, m.wording.words.say("Visit"), detail)
        )
    return found


def _medicines(m: Material, day: dt.date) -> list[Entry]:
    """Daily reminders of home medicines: the time, and 'as on the label'; never how much."""
    found = []
    home = [t for t in m.situation.taken if t.at_home and t.daily and t.ongoing]
    for number, taken in enumerate(sorted(home, key=lambda t: t.name), 1):
        start = max(day, taken.since.on if taken.since and taken.since.on else day)
        until = taken.last.on if taken.last and taken.last.on else day + dt.timedelta(days=MEDICINE_DAYS - 1)
        name = m.wording.pick(taken.medicine.name)[0] if taken.medicine else taken.name
        detail = m.wording.words.say("{medicine}, as on the label. If unsure, call your team.", medicine=name)
        private = m.wording.words.say("Medicine {number}", number=number)
        key = taken.medicine.id if taken.medicine else name
        found += [_entry(m, ("medicine", key, at), start, at, private, detail, until) for at in taken.times or ("",)]
    return found


def _line_care(m: Material, day: dt.date) -> list[Entry]:
    """Dressing changes, only where the unit says how often (``every_days`` of its line_dressing rule)."""
    w = m.wording
    own = w.site.rules.get("line_dressing")
    every = own.every_days if own is not None and w.unit_sets("line_dressing") else None
    if not every or m.situation.values.get("line") in (None, "none"):
        return []
    start = day + dt.timedelta(days=every)
    weeks = range(0, MEDICINE_DAYS, every)
    detail = w.words.say("Dressing change is due, as your unit's rule says.")
    private = w.words.say("Home care")
    return [_entry(m, ("line", i), start + dt.timedelta(days=days), "", private, detail) for i, days in enumerate(weeks)]


def _gloves(m: Material, day: dt.date) -> list[Entry]:
    left = m.situation.gloves.hours_left
    if m.situation.gloves.needed != "yes" or left is None:
        return []
    end = day + dt.timedelta(days=-(-left // 24))
    detail = m.wording.words.say("Glove time for nappies ends today, unless your team says otherwise.")
    return [_entry(m, ("gloves",), end, "", m.wording.words.say("Home care"), detail)]


def _review(m: Material, day: dt.date) -> list[Entry]:
    detail = m.wording.words.say("Ask your unit for a new guide: medicines and dates may have changed.")
    return [_entry(m, ("review",), day + dt.timedelta(days=7), "", m.wording.words.say("Look again"), detail)]
