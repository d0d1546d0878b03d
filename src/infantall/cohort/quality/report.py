"""All questions asked, all answers in order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infantall.cohort.results import Finding, QualityReport

from . import comparisons, endpoints, follow_up, identity, times
from .asking import Asked, counted
from .roles import Roles, check
from .usable import usable_sql

if TYPE_CHECKING:
    from infantall.cohort.tables import CohortTable

_ORDER = {"error": 0, "warning": 1, "note": 2}


def quality(table: CohortTable, roles: Roles | None = None) -> QualityReport:
    """Everything noticed about the table for these roles: errors first, then warnings, then notes; in each the most rows first.

    Raises:
        InputError: a column was named that the table does not have.
    """
    asked = Asked(table, roles or Roles())
    check(table, asked.roles)
    findings = [*table.findings, *left_out(asked)]
    questions = [q for ask in (*times.ROW_CHECKS, *endpoints.ROW_CHECKS) for q in ask(asked)]
    findings += asked.findings(questions)
    for ask in (*identity.TABLE_CHECKS, *comparisons.TABLE_CHECKS):
        findings += ask(asked)
    groups = follow_up.groups_of(asked)
    for look in follow_up.GROUP_CHECKS:
        findings += look(asked, groups)
    findings.sort(key=lambda finding: (_ORDER[finding.severity], finding.check != "left_out", -finding.rows))
    return QualityReport(table.rows, tuple(findings))


def left_out(asked: Asked) -> list[Finding]:
    """How many rows cannot be analysed, whatever the reasons: always the first thing said."""
    condition = f"NOT {usable_sql(asked.table, asked.roles)}"
    (rows,) = asked.table.engine.rows(f"SELECT count(*) FROM {asked.table.relation} WHERE {condition}")[0]
    if not int(rows):
        return []
    says = f"{counted(int(rows))} of {asked.table.rows:,} cannot be analysed: left out."
    return [Finding("left_out", "error", says, int(rows), asked.examples(condition), "The errors below say why.")]
