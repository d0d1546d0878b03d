"""Questions about the endpoint columns of a cohort table, row by row: do they tell one story?

Event-free survival ends with the first event or death, so its time is never longer than that of overall survival, and every
death is an event of it. Missing cells contradict nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from infantall.facts.ages import days_in_months
from infantall.rules.sql import quoted

from .asking import Asked, Question, named

FIRST_EVENTS = ("none", "no_remission", "relapse", "death_in_remission", "second_cancer", "induction_death")
_DEATHS = "('death_in_remission', 'induction_death')"
_CORRECT = "Correct the one that is wrong; the rows are analysed as they stand."


def first_event_longer_than_life(asked: Asked) -> Iterator[Question]:
    """An event after death, or an event-free time longer than the survival time."""
    r = asked.roles
    if not asked.has(r.efs_time, r.os_time):
        return
    efs, os = asked.number(r.efs_time), asked.number(r.os_time)
    event_after_death = "FALSE"
    if asked.has(r.efs_event, r.os_event):
        event_after_death = f"coalesce({asked.number(r.efs_event)} >= 1 AND {asked.number(r.os_event)} >= 1, FALSE)"
        says = f"the first event lies after death ({named(r.efs_time)} over {named(r.os_time)}, both with an event)."
        yield Question("event_after_death", "warning", f"{efs} > {os} AND {event_after_death}", says, _CORRECT)
    says = f"a longer {named(r.efs_time)} than {named(r.os_time)}: event-free for longer than followed or alive."
    yield Question("efs_after_os", "warning", f"{efs} > {os} AND NOT {event_after_death}", says, _CORRECT)


def death_without_event(asked: Asked) -> Iterator[Question]:
    """A death that is no event of event-free survival, or that is dated later than the first event it is said to be."""
    r = asked.roles
    if asked.has(r.efs_event, r.os_event):
        condition = f"{asked.number(r.os_event)} >= 1 AND {asked.number(r.efs_event)} = 0"
        says = f"a death ({named(r.os_event)}) without an event in {named(r.efs_event)}. Every death is an event there."
        yield Question("death_without_efs_event", "warning", condition, says, _CORRECT)
    if asked.has(r.first_event, r.os_event):
        condition = f"{quoted(r.first_event)} IN {_DEATHS} AND {asked.number(r.os_event)} = 0"
        says = f"a death as {named(r.first_event)} but alive in {named(r.os_event)}."
        yield Question("first_event_death_but_alive", "warning", condition, says, _CORRECT)
    if asked.has(r.first_event, r.efs_time, r.os_time):
        condition = f"{quoted(r.first_event)} IN {_DEATHS} AND {asked.number(r.efs_time)} < {asked.number(r.os_time)}"
        says = f"a death as first event, but {named(r.efs_time)} ends before {named(r.os_time)}."
        yield Question("first_event_death_at_two_times", "warning", condition, says, _CORRECT)


def first_event_fits(asked: Asked) -> Iterator[Question]:
    """``first_event`` says what the event was; it and the event code must agree."""
    r = asked.roles
    if not asked.has(r.first_event) or not asked.is_text(r.first_event):
        return
    first = quoted(r.first_event)
    words = ", ".join(f"'{word}'" for word in FIRST_EVENTS)
    says = f"a word in {named(r.first_event)} that is none of {', '.join(FIRST_EVENTS)}."
    yield Question(
        "first_event_unknown", "warning", f"{first} NOT IN ({words})", says, "Use these words, so that causes can be counted."
    )
    if asked.has(r.efs_event):
        event = asked.number(r.efs_event)
        says = f"a first event named in {named(r.first_event)} but none in {named(r.efs_event)}."
        yield Question("first_event_without_event", "warning", f"{first} <> 'none' AND {event} = 0", says, _CORRECT)
        says = f"an event in {named(r.efs_event)} but 'none' in {named(r.first_event)}."
        yield Question("event_without_first_event", "warning", f"{first} = 'none' AND {event} >= 1", says, _CORRECT)


def follow_up_long_enough(asked: Asked) -> Iterator[Question]:
    """Nobody can have an event after the last day of follow-up."""
    r = asked.roles
    for time in dict.fromkeys((r.efs_time, r.os_time)):
        if asked.has(time, r.follow_up):
            condition = f"{asked.number(r.follow_up)} < {asked.number(time)}"
            says = f"a {named(r.follow_up)} shorter than their {named(time)}."
            yield Question("follow_up_too_short", "warning", condition, says, _CORRECT)


def transplant_in_time(asked: Asked) -> Iterator[Question]:
    """A transplant lies within follow-up, is never on day 0, and comes after remission."""
    r, column = asked.roles, asked.transplant
    if not column:
        return
    day = asked.number(column)
    ends = [asked.number(name) for name in dict.fromkeys((r.os_time, r.follow_up)) if asked.has(name)]
    if ends:
        after = " AND ".join(f"coalesce({day} > {end}, {'TRUE' if len(ends) > 1 else 'FALSE'})" for end in ends)
        known = " OR ".join(f"{end} IS NOT NULL" for end in ends)
        says = f"a {named(column)} after the end of follow-up or after death."
        todo = "Check both dates. Such an infant counts as never transplanted while it was followed."
        yield Question("transplant_after_end", "warning", f"{day} IS NOT NULL AND ({known}) AND {after}", says, todo)
    says = f"a {named(column)} of 0. Nobody is transplanted on the day of diagnosis; 0 often stands for 'none'."
    yield Question("transplant_on_day_zero", "warning", f"{day} = 0", says, "Leave the cell empty where there was no transplant.")
    if asked.has(r.first_event, r.efs_time):
        condition = f"{quoted(r.first_event)} = 'relapse' AND {day} >= {asked.number(r.efs_time)}"
        says = f"transplanted on or after the day of relapse ({named(column)}): not in first remission."
        todo = "For event-free survival they count as not transplanted, and never as transplanted in first remission."
        yield Question("transplant_after_relapse", "note", condition, says, todo)
        condition = f"{quoted(r.first_event)} IN ('no_remission', 'induction_death') AND {day} < {asked.number(r.efs_time)}"
        says = f"transplanted ({named(column)}) before a first event that says no remission was reached."
        yield Question("transplant_without_remission", "warning", condition, says, _CORRECT)


def transplant_after_analysed_time(asked: Asked) -> Iterator[Question]:
    """Transplants later than the analysed endpoint: no part of it."""
    r, column = asked.roles, asked.transplant
    if column and asked.has(r.time) and r.time not in (r.os_time, r.follow_up):
        condition = f"{asked.number(column)} > {asked.number(r.time)}"
        says = f"a {named(column)} after their {named(r.time)} ended."
        yield Question("transplant_after_event", "note", condition, says, "They count as not transplanted for this endpoint.")


def infant_age(asked: Asked) -> Iterator[Question]:
    """Infants are diagnosed before the first birthday, and both ages of one child agree."""
    days, months = "age_days_at_diagnosis", "age_months_at_diagnosis"
    older = [f"{asked.number(name)} >= {limit}" for name, limit in ((days, 366), (months, 12)) if asked.has(name)]
    if older:
        condition = " OR ".join(f"coalesce({part}, FALSE)" for part in older)
        says = "no infants: 366 days or 12 months old, or older, at diagnosis."
        todo = "Leave them out, or say so: published infant results do not speak of them. The rows are analysed as they stand."
        yield Question("not_an_infant", "warning", condition, says, todo)
    if asked.has(days, months):
        day, month = f"floor({asked.number(days)})", f"floor({asked.number(months)})"
        fits = "".join(
            f" WHEN {month} = {m} THEN {day} BETWEEN {days_in_months(m)[0]} AND {days_in_months(m + 1)[1] - 1}" for m in range(60)
        )
        condition = f"NOT CASE{fits} ELSE NULL END"
        says = f"an age in days that does not fit their age in completed months ({named(days)}, {named(months)})."
        yield Question("ages_contradict", "warning", condition, says, "Correct one. A protocol may look at either.")


ROW_CHECKS = (
    first_event_longer_than_life, death_without_event, first_event_fits, follow_up_long_enough, transplant_in_time,
    transplant_after_analysed_time, infant_age,
)  # fmt: skip
