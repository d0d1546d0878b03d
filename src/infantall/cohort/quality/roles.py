"""Which column of a table plays which part."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from infantall.text.problems import InputError, Problem, did_you_mean

if TYPE_CHECKING:
    from infantall.cohort.tables import CohortTable

DAYS_IN = {"days": 1.0, "months": 365.25 / 12, "years": 365.25}
_UNIT_WORDS = {"day": "days", "days": "days", "month": "months", "months": "months", "year": "years", "years": "years"}


@dataclass(frozen=True)
class Roles:
    """The columns of an analysis; an empty name plays no part.

    Attributes:
        time, event: the analysed endpoint; ``event`` is 0 for censored, 1, 2, ... for causes.
        entry: when an infant came under observation (left truncation).
        transplant: the time of transplant, empty for none.
        by, strata, covariates: what is compared, held apart, adjusted for.
        landmark: the time at which groups are formed, if the analysis starts there.
        time_unit: ``days``, ``months`` or ``years``; empty: as the name of ``time`` ends, else not known.
        efs_time ... follow_up: the endpoint columns of a cohort table, looked at wherever the table has them.
    """

    time: str = ""
    event: str = ""
    entry: str = ""
    transplant: str = ""
    id: str = ""
    by: str = ""
    strata: str = ""
    covariates: tuple[str, ...] = ()
    landmark: float | None = None
    time_unit: str = ""
    efs_time: str = "efs_days"
    efs_event: str = "efs_event"
    os_time: str = "os_days"
    os_event: str = "os_event"
    first_event: str = "first_event"
    transplant_time: str = "hsct_day"
    follow_up: str = "follow_up_days"

    @property
    def compared(self) -> tuple[str, ...]:
        """Every column that divides the infants or explains their outcome, each once."""
        return tuple(dict.fromkeys(name for name in (self.by, self.strata, *self.covariates) if name))

    @property
    def unit(self) -> str:
        """The unit of ``time``; empty where neither the caller nor the column's name says it."""
        return self.time_unit or unit_of(self.time)

    @property
    def asked_for(self) -> tuple[str, ...]:
        """The columns that the caller named, which the table must have."""
        return tuple(n for n in (self.time, self.event, self.entry, self.transplant, self.id, *self.compared) if n)


def unit_of(column: str) -> str:
    """The unit that a column's name ends with (``efs_days``); empty if none."""
    return _UNIT_WORDS.get(column.lower().replace(".", "_").rsplit("_", 1)[-1], "")


def roles_of(table: CohortTable, **chosen: Any) -> Roles:
    """Roles with every column checked against the table.

    Raises:
        InputError: a column that the table does not have.
    """
    roles = replace(Roles(), **chosen)
    check(table, roles)
    return roles


def check(table: CohortTable, roles: Roles) -> None:
    """Every named column is in the table, else an InputError that names each missing one."""
    expected = "a column of the table"
    problems = [
        Problem(
            "the columns", f"'{name}', which the table does not have", expected + did_you_mean(name, table.columns), table.name
        )
        for name in dict.fromkeys(roles.asked_for)
        if name not in table.columns
    ]
    if problems:
        raise InputError(problems)
