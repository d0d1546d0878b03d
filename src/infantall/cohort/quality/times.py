"""Questions about the analysed time, event and entry, row by row. An error here is a row that cannot be analysed."""

from __future__ import annotations

from collections.abc import Iterator

from .asking import Asked, Question, Severity, missing, named
from .roles import DAYS_IN
from .usable import finite_sql

LONGEST_DAYS = 60 * 365.25  # nobody was followed for longer: the first cures of childhood leukaemia are from the 1960s
SENTINELS = (999, 9999, 99999, 999999, 8888, 88888)
_LEFT_OUT = "Fill or correct the cell; until then the row is left out of every analysis of this endpoint."


def missing_values(asked: Asked) -> Iterator[Question]:
    """No time, event, entry, group or stratum."""
    roles = asked.roles
    for column, role in ((roles.time, "time"), (roles.event, "event"), (roles.entry, "entry")):
        if asked.has(column):
            says = f"no value in {named(column)} (the {role}). Missing is not censored: nothing is known of them."
            yield Question(f"missing_{role}", "error", missing(column), says, _LEFT_OUT)
    for column, role in ((roles.by, "group"), (roles.strata, "stratum")):
        if asked.has(column):
            says = f"no value in {named(column)}: their {role} is not known."
            yield Question(f"missing_{role}", "error", missing(column), says, "They are left out of every comparison by it.")


def not_numbers(asked: Asked) -> Iterator[Question]:
    """Text, infinity or NaN where a number is expected."""
    roles = asked.roles
    for column in dict.fromkeys((roles.time, roles.event, roles.entry, roles.transplant)):
        if not asked.has(column):
            continue
        value = asked.number(column)
        condition = f"NOT {missing(column)} AND NOT coalesce({finite_sql(value)}, FALSE)"
        says = f"something in {named(column)} that is not a number."
        yield Question("not_a_number", "error", condition, says, "Write numbers only, and nothing where the value is not known.")


def negative(asked: Asked) -> Iterator[Question]:
    """Times, entries and transplants before time zero."""
    roles = asked.roles
    for column, check in ((roles.time, "negative_time"), (roles.entry, "negative_entry")):
        if asked.has(column):
            condition = f"{asked.number(column)} < 0 AND {finite_sql(asked.number(column))}"
            says = f"a negative {named(column)}: it would lie before time zero."
            todo = "Look for a wrong date, or a code for missing such as -9. " + _LEFT_OUT
            yield Question(check, "error", condition, says, todo)
    if asked.transplant:
        value = asked.number(asked.transplant)
        says = f"a negative {named(asked.transplant)}: a transplant before time zero."
        severity: Severity = "error" if roles.transplant else "warning"
        todo = "Look for a wrong date, or a code for missing. The row is left out when transplant is analysed."
        condition = f"{value} < 0 AND {finite_sql(value)}"
        yield Question("transplant_before_zero", severity, condition, says, todo)


def event_codes(asked: Asked) -> Iterator[Question]:
    """Codes that are not 0, 1, 2, ..."""
    event = asked.roles.event
    if asked.has(event):
        value = asked.number(event)
        condition = f"{finite_sql(value)} AND ({value} < 0 OR {value} <> floor({value}))"
        says = f"a code in {named(event)} that is not 0 (censored) or a whole number from 1 (the cause)."
        yield Question("event_code", "error", condition, says, _LEFT_OUT)


def entry_not_before_end(asked: Asked) -> Iterator[Question]:
    """Left truncation: an infant must come under observation before its time ends."""
    time, entry = asked.roles.time, asked.roles.entry
    if asked.has(time, entry):
        condition = f"{asked.number(entry)} >= {asked.number(time)} AND {finite_sql(asked.number(entry))}"
        says = f"a {named(entry)} that is not before their {named(time)}: they were never at risk while observed."
        yield Question("entry_after_end", "error", condition, says, "Check both clocks start on the same day. " + _LEFT_OUT)


def impossibly_long(asked: Asked) -> Iterator[Question]:
    """Longer than anybody can have been followed, in the unit of the time."""
    time = asked.roles.time
    if asked.has(time):
        longest = LONGEST_DAYS / DAYS_IN[asked.roles.unit or "days"]
        value = asked.number(time)
        condition = f"{value} > {longest!r}e0 AND {finite_sql(value)}"
        unit = f" {asked.roles.unit}" if asked.roles.unit else ""
        says = f"a {named(time)} over {longest:,.0f}{unit}, which is longer than 60 years of follow-up."
        todo = "Look for a code for missing (9999) or another unit. The rows are analysed as they stand."
        yield Question("impossibly_long", "warning", condition, says, todo)


def codes_for_missing(asked: Asked) -> Iterator[Question]:
    """The same round number of nines or eights, twice or more, as a time."""
    time = asked.roles.time
    if asked.has(time):
        condition = f"{asked.number(time)} IN ({', '.join(f'{code}e0' for code in SENTINELS)})"
        says = f"a {named(time)} such as 999 or 9999, which often stands for 'not known'."
        todo = "If it does, leave the cell empty. The rows are analysed as they stand."
        yield Question("code_for_missing", "warning", condition, says, todo, at_least=2)


def event_at_zero(asked: Asked) -> Iterator[Question]:
    """Said, not refused: a death on the day of diagnosis is an event at time zero."""
    time, event = asked.roles.time, asked.roles.event
    if asked.has(time, event) and not asked.has(asked.roles.entry):
        condition = f"{asked.number(time)} = 0 AND {asked.number(event)} >= 1"
        says = f"an event at {named(time)} 0. The curves start lower there; such infants count as at risk and as events."
        yield Question(
            "event_at_zero", "note", condition, says, "Right for a death on the day of diagnosis; else correct the time."
        )


ROW_CHECKS = (
    missing_values, not_numbers, negative, event_codes, entry_not_before_end, impossibly_long, codes_for_missing, event_at_zero,
)  # fmt: skip
