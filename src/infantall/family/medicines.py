"""Which medicines a baby gets: as recorded, and as usual in the present course. Names only, never doses.

A medicine is *yes* while it is recorded in the present course or as being taken; *recent* for 60 days after; *expected* when the
present course usually has it and nothing is recorded. It is *no* only where somebody said that the list is complete: a record
that lists some medicines does not say that there are no others.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from infantall.knowledge.guide.library import ENGLISH, Course, GuideKnowledge, Medicine
from infantall.record.derive import AsOf
from infantall.record.model import Record, Treatment, When

RECENT_DAYS = 60  # family.md R7: what to look for stays on the page for two months after the last dose
NEW_DAYS = 7  # a dose without a recorded course counts as of now for a week
YES, RECENT, EXPECTED, NO = "yes", "recent", "expected", "no"
_AMOUNT = re.compile(
    r"[\s(,;:]*\b\d+(?:[.,]\d+)?\s*(?:mg|mcg|[µμu]g|g|kg|ml|l|iu|units?|u|mmol|drops?|tablets?)\b.*$", re.IGNORECASE
)
"""An amount that somebody wrote behind a medicine's name."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A medicine of this baby.

    Attributes:
        medicine: the guide's entry; None for a name it does not know, which is still listed.
        status: ``yes``, ``recent`` or ``expected``.
        since, last: first and last day recorded (the last may lie ahead); None when expected only, or without an end.
        ongoing: whether it is being taken, with or without a last day ahead.
        daily: only where the record says so: a medicine with a time of day may be given once a week.
    """

    name: str
    medicine: Medicine | None
    status: str
    since: When | None = None
    last: When | None = None
    ongoing: bool = False
    daily: bool = False
    at_home: bool = False
    times: tuple[str, ...] = ()
    place: str = ""


def days_before(when: When | None, as_of: AsOf) -> int | None:
    """Days from ``when`` to the day of the guide; negative when it lies ahead; None where they cannot be compared."""
    if when is None:
        return None
    if when.on is not None and as_of.on is not None:
        return (as_of.on - when.on).days
    return as_of.day - when.day if as_of.day is not None and when.day is not None else None


def find_medicine(drug: str, route: str, guide: GuideKnowledge) -> Medicine | None:
    """The entry for a drug as a record spells it; the route decides between entries of one name."""
    name, way = drug.strip().lower(), route.strip().lower()
    named = [m for m in guide.medicines.values() if name == m.id or name in m.names]
    by_route = [m for m in named if way and way in m.routes]
    plain = [m for m in named if not m.routes]
    found = by_route or plain or named
    return found[0] if found else None


def medicines_of(
    record: Record, guide: GuideKnowledge, as_of: AsOf, course: Course | None, began: When | None
) -> tuple[Taken, ...]:
    """Every medicine of the baby now or lately, recorded ones first, each once.

    Args:
        course: the guide's entry of the present course, where there is one.
        began: the day on which the present course began.
    """
    found: dict[str, Taken] = {}
    for entry in record.treatment:
        taken = _recorded(entry, guide, as_of, began)
        if taken is not None:
            key = taken.medicine.id if taken.medicine else taken.name.lower()
            found[key] = _together(found[key], taken) if key in found else taken
    for name in course.medicines if course else ():
        lately = found.get(name)
        if lately is None:
            found[name] = Taken(guide.medicines[name].name[ENGLISH], guide.medicines[name], EXPECTED)
        elif lately.status == RECENT:  # from an earlier block, and usual in this one
            found[name] = replace(lately, status=EXPECTED)
    return tuple(sorted(found.values(), key=lambda t: (YES, RECENT, EXPECTED).index(t.status)))


def _recorded(entry: Treatment, guide: GuideKnowledge, as_of: AsOf, began: When | None) -> Taken | None:
    if entry.what not in ("dose", "medicine") or not entry.drug:
        return None
    since = days_before(entry.when, as_of)
    if since is not None and since < 0:
        return None
    last = entry.when if entry.what == "dose" else entry.until
    ago = days_before(last, as_of)
    if entry.what == "medicine":
        current = last is None or (ago is not None and ago <= 0)
    else:
        course_age = days_before(began, as_of)
        current = since is None or since <= min(RECENT_DAYS, NEW_DAYS if course_age is None else course_age)
    if not current and ago is not None and ago > RECENT_DAYS:
        return None
    ongoing = entry.what == "medicine" and current
    name = _AMOUNT.sub("", entry.drug) or entry.drug.split()[-1]
    return Taken(
        name, find_medicine(name, entry.route, guide), YES if current else RECENT, entry.when, last, ongoing,
        entry.daily == "yes", entry.setting == "home", entry.at, entry.place,
    )  # fmt: skip


def _together(a: Taken, b: Taken) -> Taken:
    """Two entries of one medicine as one: what is so now wins over what has ended; the dates reach over both."""
    now = [t for t in (a, b) if t.status == YES] or [a, b]
    first = min((t.since for t in (a, b) if t.since is not None), key=_position, default=None)
    open_end = any(t.ongoing and t.last is None for t in now)
    last = None if open_end else max((t.last for t in now if t.last is not None), key=_position, default=None)
    latest = max(now, key=lambda t: _position(t.since) if t.since else (0, 0))
    return replace(
        latest,
        since=first,
        last=last,
        ongoing=any(t.ongoing for t in now),
        daily=any(t.daily for t in now),
        at_home=any(t.at_home for t in now),
        times=tuple(dict.fromkeys(time for t in now for time in t.times)),
    )


def _position(when: When) -> tuple[int, int]:
    return (when.on.toordinal() if when.on else 0, when.day or 0)


def group_status(group: str, taken: Iterable[Taken], complete: bool) -> str | None:
    """The value of ``gets_<group>``."""
    statuses = [t.status for t in taken if t.medicine is not None and t.medicine.group == group]
    for status in (YES, EXPECTED, RECENT):
        if status in statuses:
            return status
    return NO if complete else None


@dataclass(frozen=True, slots=True)
class Gloves:
    """Whether nappies need gloves now.

    Attributes:
        needed: ``yes``, ``no`` or None where the record does not tell.
        because: the medicines that ask for it.
        hours_left: hours from the day of the guide until the time is over; None while it has no end.
    """

    needed: str | None
    because: tuple[Taken, ...] = ()
    hours_left: int | None = None


def gloves(taken: Sequence[Taken], as_of: AsOf, hours: float, complete: bool) -> Gloves:
    """The glove time: from the first dose until ``hours`` after the last; without an end while a medicine goes on.

    A medicine whose hazard was not read counts as hazardous.
    """
    hazardous = [t for t in taken if t.medicine is None or t.medicine.gloves != "no"]
    open_ended = [t for t in hazardous if (t.ongoing and t.last is None) or t.status == EXPECTED]
    if open_ended:
        return Gloves(YES, tuple(open_ended))
    left: dict[int, list[Taken]] = {}
    for t in hazardous:
        ago = days_before(t.last or t.since, as_of)
        if ago is None:
            left.setdefault(int(hours), []).append(t)
        elif ago * 24 <= hours:  # the whole last day: the hour of a dose is not known
            left.setdefault(int(hours) - ago * 24, []).append(t)
    if left:
        longest = max(left)
        return Gloves(YES, tuple(t for ts in left.values() for t in ts), longest)
    return Gloves(NO if complete else None)


def numbing_cream_risk(taken: Iterable[Taken], as_of: AsOf, complete: bool) -> str | None:
    """Whether a medicine is taken, or was in the last week, that speaks against numbing cream; unknown medicines count."""
    now = [t for t in taken if t.status != RECENT or (days_before(t.last or t.since, as_of) or 0) <= NEW_DAYS]
    if any(t.medicine is not None and t.medicine.numbing_cream_risk == "yes" for t in now):
        return YES
    if not complete or any(t.medicine is None or t.medicine.numbing_cream_risk == "unknown" for t in now):
        return None
    return NO


def statuses(guide: GuideKnowledge, taken: Sequence[Taken], complete: bool) -> Mapping[str, str | None]:
    """``gets_<group>`` of every group of the guide's facts."""
    facts = (f for f in guide.vocabulary.facts.values() if f.read.get("by") == "medicine")
    return {fact.name: group_status(fact.read["group"], taken, complete) for fact in facts}
