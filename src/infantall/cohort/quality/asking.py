"""How a question about rows is put: an SQL condition, and the words for the rows that meet it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from infantall.cohort.results import Finding
from infantall.rules.sql import quoted

from .roles import Roles
from .usable import number_sql

if TYPE_CHECKING:
    from infantall.cohort.tables import CohortTable

Severity = Literal["error", "warning", "note"]
EXAMPLES = 5


@dataclass(frozen=True)
class Question:
    """Rows that meet ``condition`` are worth a finding. ``says`` follows the number of rows: ``3 rows: `` + says."""

    check: str
    severity: Severity
    condition: str
    says: str
    what_to_do: str
    at_least: int = 1


@dataclass(frozen=True)
class Asked:
    """A table with its roles: what the checks read their columns from."""

    table: CohortTable
    roles: Roles

    def has(self, *columns: str) -> bool:
        """Whether every one of these roles is filled by a column of the table."""
        return all(column and column in self.table.columns for column in columns)

    def number(self, column: str) -> str:
        return number_sql(self.table, column)

    def is_text(self, column: str) -> bool:
        return self.table.columns[column].kind == "text"

    @property
    def transplant(self) -> str:
        """The transplant column that was named, else the standard one where the table has it, else empty."""
        named = self.roles.transplant or self.roles.transplant_time
        return named if self.has(named) else ""

    def findings(self, questions: Sequence[Question]) -> list[Finding]:
        """One pass over the table for all questions, and one look for the names of rows where there are any."""
        if not questions:
            return []
        counts = ", ".join(f"count(*) FILTER (WHERE {question.condition})" for question in questions)
        answer = self.table.engine.rows(f"SELECT {counts} FROM {self.table.relation}")[0]
        return [
            self.finding(question, int(rows))
            for question, rows in zip(questions, answer, strict=True)
            if int(rows) >= question.at_least
        ]

    def finding(self, question: Question, rows: int) -> Finding:
        says = f"{counted(rows)}: {question.says}"
        examples = self.examples(question.condition)
        return Finding(question.check, question.severity, says, rows, examples, question.what_to_do)

    def examples(self, condition: str) -> tuple[str, ...]:
        """Names of up to five rows, in an order that every engine gives."""
        sql = f'SELECT "_row" FROM {self.table.relation} WHERE {condition} ORDER BY length("_row"), "_row" LIMIT {EXAMPLES}'
        return tuple(str(row[0]) for row in self.table.engine.rows(sql))


def counted(rows: int) -> str:
    """``1 row``, ``3 rows``, ``12,000 rows``."""
    return f"{rows:,} row" + ("" if rows == 1 else "s")


def named(column: str) -> str:
    return f"'{column}'"


def missing(column: str) -> str:
    """SQL: the cell is empty."""
    return f"{quoted(column)} IS NULL"
