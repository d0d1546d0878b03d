"""Which rows can be analysed: the same condition for the report and for the analysis."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infantall.rules.sql import quoted

from .roles import Roles

if TYPE_CHECKING:
    from infantall.cohort.tables import CohortTable

LARGEST = "1e300"
"""No time is larger. Written as a comparison it refuses infinity and NaN too: every engine sorts NaN after all numbers."""


def number_sql(table: CohortTable, column: str) -> str:
    """The column as a number. A column of text gives NULL where the text is no number."""
    name = quoted(column)
    return name if table.columns[column].kind == "number" else f"TRY_CAST({name} AS DOUBLE)"


def finite_sql(value: str) -> str:
    return f"abs({value}) < {LARGEST}"


def usable_sql(table: CohortTable, roles: Roles) -> str:
    """SQL for the rows that can be analysed: exactly those about which no check of ``time``, ``event``, ``entry`` or
    ``transplant`` reports an error, and whose group and stratum are known. Never NULL.
    """
    conditions = []
    if roles.time:
        time = number_sql(table, roles.time)
        conditions.append(f"({finite_sql(time)} AND {time} >= 0)")
    if roles.event:
        event = number_sql(table, roles.event)
        conditions.append(f"({finite_sql(event)} AND {event} >= 0 AND {event} = floor({event}))")
    if roles.entry:
        entry = number_sql(table, roles.entry)
        before = f" AND {entry} < {number_sql(table, roles.time)}" if roles.time else ""
        conditions.append(f"({finite_sql(entry)} AND {entry} >= 0{before})")
    if roles.transplant:
        transplant = number_sql(table, roles.transplant)
        empty = f"{quoted(roles.transplant)} IS NULL"
        conditions.append(f"({empty} OR ({finite_sql(transplant)} AND {transplant} >= 0))")
    conditions += [f"{quoted(name)} IS NOT NULL" for name in (roles.by, roles.strata) if name]
    return f"coalesce({' AND '.join(conditions)}, FALSE)" if conditions else "TRUE"
