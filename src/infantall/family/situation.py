"""What is so for this baby on this day, as facts that the guide's rules may speak about.

Pure: the record, what the assessment found, the guide's knowledge, the unit's rules and the day go in; values come out. What
the record does not say stays unknown.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from infantall.facts.values import Choice, Value
from infantall.knowledge.guide.library import Course, GuideKnowledge
from infantall.record.derive import AsOf
from infantall.record.model import Event, Record, Treatment, When

from .medicines import RECENT_DAYS, Gloves, Taken, days_before, gloves, medicines_of, numbing_cream_risk, statuses

BEFORE_SEASON_DAYS = 56  # family.md R12: eight weeks before
AFTER_VACCINE_DAYS = 30  # family.md R14: a rotavirus vaccine is shed for up to a month
FIRST_DAYS = 14  # family.md R2
INDUCTION = ("prophase", "induction")
MAINTENANCE = ("maintenance", "continuation")
REGION_WORDS = {"uk": "gb", "united kingdom": "gb", "usa": "us", "united states": "us", "australia": "au", "canada": "ca"}
CAREFUL_FIRST = ("not_now", "talk_first", "show_now")


@dataclass(frozen=True)
class Situation:
    """The facts of one family on one day, and what pages say besides.

    Attributes:
        values: every fact that rules may read.
        course: the guide's entry of the present course; None where the protocol or course is not one it knows.
        began: the day the present course began.
        notices: what the person who prints the guide should know.
    """

    record: Record
    as_of: AsOf
    values: Mapping[str, Value]
    taken: tuple[Taken, ...]
    gloves: Gloves
    course: Course | None
    began: When | None
    notices: tuple[str, ...]

    @property
    def first_days(self) -> bool:
        """Whether these are the first two weeks, when little is shown at a time."""
        days = self.values.get("days_since_diagnosis")
        return isinstance(days, int) and days < FIRST_DAYS


def situation(
    record: Record,
    values: Mapping[str, Value],
    guide: GuideKnowledge,
    as_of: AsOf,
    glove_hours: float,
    season_months: tuple[int, ...] = (),
    parent: str = "",
) -> Situation:
    """The situation of a record's family.

    Args:
        values: the facts of the disease, judged.
        glove_hours: the unit's glove time, or the cautious one.
        season_months: the unit's own RSV months; empty to use the region's.
        parent: whose choice about survival figures counts; empty for the most careful choice that any parent made.
    """
    family = record.family
    present = _present_course(record, as_of)
    ending = _ending(record, present, as_of)
    phase = _phase(record, present, ending, as_of)
    if _is_over(ending):  # what a course usually has is usual no longer
        present = None
    course = _course(present, record, guide)
    began = present.when if present else None
    listed = days_before(family.medicines_complete, as_of)
    complete = listed is not None and 0 <= listed <= 7  # family.md 6.8: an older list is no longer the list
    ended = _ended(record, as_of)
    complete = complete or (phase == "finished" and ended is not None and ended > RECENT_DAYS)  # family.md R23
    taken = medicines_of(record, guide, as_of, course, began)
    glove_time = gloves(taken, as_of, glove_hours, complete)
    found: dict[str, Value] = {
        **values,
        "days_since_diagnosis": as_of.day,
        "phase": phase,
        "line": family.line or None,
        **_feeding(record),
        **{f"{key}_at_home" if key != "twin" else key: family.at_home.get(key) for key in _AT_HOME},
        "sibling_had_rotavirus_vaccine": _rotavirus(record, as_of),
        "rsv_season": _season(season_months or _months(family.region, guide), as_of),
        "stopped_breast_milk": family.stopped_breast_milk or ("no" if "breast_milk" in (family.feeding or ()) else None),
        "has_teeth": family.teeth or None,
        "place": family.place or None,
        "been_home": family.been_home or ("yes" if family.place == "home" else None),
        "transplant_plan": family.transplant or None,
        "blinatumomab_at_home": family.blinatumomab_at_home or None,
        "trial": family.trial or None,
        "figures": _figures(family.figures, parent),
        "family_state": "bereaved" if values.get("death_recorded") == "yes" else family.state,
        **{f"opened_{name}": "yes" if name in family.opened else "no" for name in ("relapse", "comfort", "end_of_life")},
        "gloves_needed": glove_time.needed,
        "numbing_cream_risk": numbing_cream_risk(taken, as_of, complete),
        **statuses(guide, taken, complete),
    }
    if values.get("lineage") == "T":  # blinatumomab needs CD19; only what was recorded in spite of it stays
        found.update({name: "no" for name in ("gets_blinatumomab", "blinatumomab_at_home") if found[name] in (None, "expected")})
        if phase is None:
            found["phase"] = Choice(frozenset(set(guide.vocabulary.facts["phase"].values) - {"blinatumomab"}))
    notices = (*_notices(present, course, record, taken, complete, as_of), *_region_notice(family.region, season_months, guide))
    return Situation(record, as_of, found, taken, glove_time, course, began, notices)


_AT_HOME = ("pregnant", "breastfeeding", "smoker", "pets", "siblings", "twin")


def _present_course(record: Record, as_of: AsOf) -> Treatment | None:
    """The latest course that has begun."""
    courses = [(days_before(t.when, as_of), -i, t) for i, t in enumerate(record.treatment) if t.what == "course"]
    begun = [(ago, place, t) for ago, place, t in courses if ago is not None and ago >= 0]
    return min(begun, key=lambda item: item[:2])[2] if begun else None


def _course(present: Treatment | None, record: Record, guide: GuideKnowledge) -> Course | None:
    """The guide's entry: by the course's protocol, or by the only protocol that the record names."""
    if present is None:
        return None
    named = {t.protocol for t in record.treatment if t.what == "course" and t.protocol}
    protocol = present.protocol or (next(iter(named)) if len(named) == 1 else "")
    found = [c for c in guide.courses if c.protocol == protocol and c.course == present.course]
    return found[0] if found else None


def _ending(record: Record, present: Treatment | None, as_of: AsOf) -> tuple[Event, int] | None:
    """The relapse, transplant or end of treatment on or after the first day of the latest course, and how many days ago."""
    since = days_before(present.when, as_of) if present else None
    latest = _latest(record.events, as_of, ("relapse", "end_of_treatment", "transplant"))
    return latest if latest is not None and (since is None or latest[1] <= since) else None


def _is_over(ending: tuple[Event, int] | None) -> bool:
    """Whether an event has ended the latest course; on its own day a transplant is still going on."""
    return ending is not None and (ending[0].what != "transplant" or ending[1] > 0)


def _ended(record: Record, as_of: AsOf) -> int | None:
    """Days since treatment was recorded as ended."""
    latest = _latest(record.events, as_of, ("end_of_treatment",))
    return latest[1] if latest else None


def _phase(record: Record, present: Treatment | None, ending: tuple[Event, int] | None, as_of: AsOf) -> str | None:
    """The phase: from the course, and from an event that came after it began."""
    if ending is not None:
        if not _is_over(ending):
            return "transplant"
        return {"relapse": "relapse", "end_of_treatment": "finished", "transplant": "after_transplant"}[ending[0].what]
    if present is None:
        days = as_of.day
        first = not any(t.what == "course" for t in record.treatment)
        return "diagnosis" if first and days is not None and 0 <= days < FIRST_DAYS else None
    course = present.course
    if course in MAINTENANCE:
        return "maintenance"
    if course in ("blinatumomab", "transplant"):
        return course
    if course in ("", "other") or _latest(record.events, as_of, ("relapse",)) is not None:
        return "other"  # after a relapse the words for the first blocks would be wrong
    return "induction" if course in INDUCTION else "consolidation"


def _latest(events: tuple[Event, ...], as_of: AsOf, kinds: tuple[str, ...]) -> tuple[Event, int] | None:
    found = [(e, ago) for e in events if e.what in kinds and (ago := days_before(e.when, as_of)) is not None and ago >= 0]
    return min(found, key=lambda item: item[1]) if found else None


def _feeding(record: Record) -> dict[str, Value]:
    fed = record.family.feeding
    names = {"feeds_breast_milk": "breast_milk", "feeds_formula": "formula", "feeds_tube": "tube", "feeds_solids": "solids"}
    return {fact: None if fed is None else "yes" if name in fed else "no" for fact, name in names.items()}


def _rotavirus(record: Record, as_of: AsOf) -> str | None:
    """Whether a child at home had the vaccine lately; without other children nobody had."""
    at_home = record.family.at_home
    alone = at_home.get("siblings") == "no" and at_home.get("twin") == "no"
    return _lately(record.family.rotavirus, as_of) or ("no" if alone else None)


def _lately(when: When | None, as_of: AsOf) -> str | None:
    ago = days_before(when, as_of)
    return None if ago is None or ago < 0 else "yes" if ago <= AFTER_VACCINE_DAYS else "no"


def _months(region: str, guide: GuideKnowledge) -> tuple[int, ...]:
    word = region.strip().lower()
    season = guide.seasons.get(REGION_WORDS.get(word, word))
    return season.months if season else ()


def _season(months: tuple[int, ...], as_of: AsOf) -> str | None:
    """Whether RSV is about; unknown without a region or without dates."""
    if not months or as_of.on is None:
        return None
    if as_of.on.month in months:
        return "now"
    ahead = (as_of.on + dt.timedelta(days=days) for days in range(1, BEFORE_SEASON_DAYS + 1))
    return "soon" if any(day.month in months for day in ahead) else "off"


def _figures(choices: Mapping[str, str], parent: str) -> str | None:
    """This parent's choice. Without a name, the most careful that was made, and never "show now": who reads is not known."""
    if parent:
        return choices.get(parent)
    made = [choice for choice in CAREFUL_FIRST if choice in choices.values()]
    return made[0] if made and made[0] != "show_now" else None


def _region_notice(region: str, season_months: tuple[int, ...], guide: GuideKnowledge) -> tuple[str, ...]:
    if not region or season_months or _months(region, guide):
        return ()
    known = ", ".join(guide.seasons)
    return (f"The months of RSV in '{region}' were not read, so the guide cannot tell the season; known regions: {known}.",)


def _notices(
    present: Treatment | None, course: Course | None, record: Record, taken: tuple[Taken, ...], complete: bool, as_of: AsOf
) -> list[str]:
    notices = []
    going_on = [t.name for t in taken if t.ongoing and (t.medicine is None or t.medicine.gloves == "yes")]
    if _ended(record, as_of) is not None and going_on:
        notices.append(
            f"The record says that treatment has ended and that these go on: {', '.join(going_on)}. Check with the unit."
        )
    if present is not None and course is None:
        notices.append(
            f"The usual medicines of the course '{present.course or present.name or 'other'}' are not known to the guide "
            "(protocol not named, or its list was not read): only recorded medicines are shown."
        )
    if course is not None and not course.complete:
        notices.append(f"The list of usual medicines of {course.id} was not read whole: there may be more.")
    unknown = [t.name for t in taken if t.medicine is None]
    if unknown:
        notices.append(
            f"The guide has no page for: {', '.join(unknown)}. They are listed by name; ask the team what to look for."
        )
    if not complete:
        listed = days_before(record.family.medicines_complete, as_of)
        said = "was never said to be complete"
        if listed is not None:
            said = "is older than 7 days" if listed > 0 else "is of a day after this guide's"
        notices.append(f"The medicine list {said}: what is not listed is unknown, not absent.")
    if "show_now" in record.family.figures.values():
        notices.append("A parent chose to see survival figures: --parent NAME makes the guide for that parent.")
    if as_of.on is None:
        notices.append("The record has no dates: seasons and calendar days cannot be told.")
    return notices
