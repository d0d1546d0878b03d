"""Questions about what is compared: groups made by the future, clocks and units that differ, codes that mean something else."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from infantall.cohort.results import Finding
from infantall.rules.sql import quoted

from .asking import Asked, Severity, counted, missing, named
from .roles import unit_of
from .usable import usable_sql

if TYPE_CHECKING:
    from infantall.facts.vocabulary import FactDefinition

_LATER_TIMEPOINTS = ("end_of", "before_octadad", "after_", "_tp1", "_tp2", "_tp3")
_LATER_READERS = ("treatment", "events")
_DAY_8 = ("day8_blasts", "prednisone_response", "day_8")
_LATER_WORDS = re.compile(
    r"(?i)(hsct|sct|bmt|transplant|relapse|mrd|remission|respon|first_event|second_cancer|(^|[_.])(cr1?|efs|dfs|os|death|dead)([_.]|$))"
)
_SURVIVAL_TIMES = ("efs_days", "dfs_days", "rfs_days", "lfs_days", "os_days", "follow_up_days")
MOST_CODES = 10


def known_later(name: str, fact: FactDefinition | None) -> str:
    """When a column becomes known, if that is after time zero: ``day 8``, ``later``, or empty for at diagnosis."""
    if name in _DAY_8:
        return "day 8"
    if fact is None:
        return "later" if _LATER_WORDS.search(name) else ""
    timepoint = str(fact.read.get("timepoint") or "") or name
    if fact.read.get("by") in _LATER_READERS or any(word in timepoint for word in _LATER_TIMEPOINTS):
        return "later"
    return ""


def immortal_time(asked: Asked) -> Iterator[Finding]:
    """Groups formed by something after time zero: an infant had to live long enough to come into one."""
    roles = asked.roles
    if not roles.time or roles.landmark is not None:
        return
    for name in roles.compared:
        column = asked.table.columns.get(name)
        when = "later" if name == asked.transplant else known_later(name, column.fact if column else None)
        if not when:
            continue
        says = (
            f"{named(name)} becomes known after time zero. Infants who died or relapsed before could not come into the "
            "better group (immortal time), so the comparison favours it."
        )
        todo = "Start the clock at a landmark when it is known for everybody, or give it as --transplant or --entry."
        if when == "day 8":
            todo = "The bias is small where few events happen in the first week; a landmark on day 8 removes it."
        if roles.entry:
            todo += " If the column of --entry is the day when it became known, nothing more is needed."
        yield Finding("immortal_time", "note" if when == "day 8" else "warning", says, asked.table.rows, (), todo)


def codes(asked: Asked) -> Iterator[Finding]:
    """Event columns whose codes look like another convention."""
    event = asked.roles.event
    if not asked.has(event):
        return
    value = asked.number(event)
    usable = usable_sql(asked.table, asked.roles)
    sql = f"SELECT {value}, count(*) FROM {asked.table.relation} WHERE {usable} GROUP BY 1 LIMIT {MOST_CODES + 2}"
    found: Mapping[float, int] = {float(code): int(n) for code, n in asked.table.engine.rows(sql)}
    n = sum(found.values())
    if not found:
        return
    if len(found) > MOST_CODES:
        says = f"{named(event)} has more than {MOST_CODES} different codes, each a competing cause: it may be no event column."
        yield Finding("many_event_codes", "warning", says, asked.table.rows, (), "Check --event.")
    elif 0.0 not in found:
        listed = ", ".join(f"{code:g}" for code in sorted(found))
        says = f"Nobody is censored: {named(event)} has no 0, only {listed}."
        todo = "Some programs write 1 for censored and 2 for an event. Here 0 is censored and each other number is a cause."
        yield Finding("nobody_censored", "warning" if 2.0 in found else "note", says, n, (), todo)
    elif set(found) == {0.0}:
        says = f"{named(event)} has no event: survival stays at 100 % and nothing can be compared."
        yield Finding("no_event", "warning", says, n, (), "Check --event.")
    if "cens" in event.lower():
        says = f"The name of {named(event)} speaks of censoring; here 1 means that the event happened."
        yield Finding("event_name_says_censored", "warning", says, n, (), "Turn the codes round if 1 means censored.")


def clocks(asked: Asked) -> Iterator[Finding]:
    """An infant without any event is censored on one day, so its times must agree; if not, the clocks start on different days."""
    roles = asked.roles
    if not asked.has(roles.efs_event, roles.os_event):
        return
    no_event = f"{asked.number(roles.efs_event)} = 0 AND {asked.number(roles.os_event)} = 0"
    times = [t for t in dict.fromkeys((roles.efs_time, *_SURVIVAL_TIMES[1:4], roles.os_time, roles.follow_up)) if asked.has(t)]
    for one, other in itertools.combinations(times, 2):
        a, b = asked.number(one), asked.number(other)
        both = f"{no_event} AND {a} IS NOT NULL AND {b} IS NOT NULL"
        sql = (
            f"SELECT count(*), count(*) FILTER (WHERE {a} <> {b}), count(DISTINCT CASE WHEN {a} <> {b} THEN {b} - {a} END) "
            f"FROM {asked.table.relation} WHERE {both}"
        )
        infants, differ, kinds = map(int, asked.table.engine.rows(sql)[0])
        if differ >= 3 and differ > 0.1 * infants:
            varies = "by different amounts" if kinds > 1 else "by one and the same amount"
            says = f"{counted(differ)} without any event differ between {named(one)} and {named(other)}, {varies}."
            todo = "The clocks may start on different days (diagnosis, remission). Never compare curves of two clocks."
            yield Finding("clocks_differ", "warning", says, differ, asked.examples(f"{both} AND {a} <> {b}"), todo)


def units(asked: Asked) -> Iterator[Finding]:
    """A column named in days that holds years, and the other way round."""
    names = [
        n for n, c in asked.table.columns.items() if c.kind == "number" and (c.fact is None) and unit_of(n) in ("days", "years")
    ]
    wanted = [n for n in names if n in _SURVIVAL_TIMES or n in (asked.roles.time, asked.roles.entry) or unit_of(n) == "years"]
    if not wanted or asked.table.rows < 10:
        return
    sums = ", ".join(
        f"count({quoted(n)}), max({quoted(n)}), count(*) FILTER (WHERE {quoted(n)} <> floor({quoted(n)}))" for n in wanted
    )
    answer = asked.table.engine.rows(f"SELECT {sums} FROM {asked.table.relation}")[0]
    for i, name in enumerate(wanted):
        known, largest, fractions = answer[3 * i : 3 * i + 3]
        if int(known) < 10:
            continue
        if unit_of(name) == "days" and float(largest) < 30:
            what = "fractions among them" if fractions else "whole numbers"
            says = f"{named(name)} is named in days, but no value reaches 30 ({what}): it may hold years or months."
            yield Finding("unit_of_time", "warning", says, int(known), (), "Bring all times of the table to days.")
        if unit_of(name) == "years" and float(largest) > 100:
            says = f"{named(name)} is named in years, but some values are over 100: it may hold days."
            yield Finding("unit_of_time", "warning", says, int(known), (), "Correct the values or the column's name.")


def missing_in_model(asked: Asked) -> Iterator[Finding]:
    """Rows that a regression has to leave out."""
    covariates = [name for name in asked.roles.covariates if asked.has(name)]
    if not covariates:
        return
    for name in covariates:
        (rows,) = asked.table.engine.rows(f"SELECT count(*) FROM {asked.table.relation} WHERE {missing(name)}")[0]
        if int(rows):
            severity: Severity = "warning" if int(rows) > 0.2 * asked.table.rows else "note"
            share = f"{100 * int(rows) / asked.table.rows:.0f} % of the table"
            says = f"{counted(int(rows))}: no value in the covariate {named(name)} ({share})."
            todo = "The regression leaves them out; it is about the others only. Curves keep them."
            yield Finding("missing_covariate", severity, says, int(rows), asked.examples(missing(name)), todo)


TABLE_CHECKS = (immortal_time, codes, clocks, units, missing_in_model)
