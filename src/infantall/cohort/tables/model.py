"""A cohort's table as the analyses see it, and the raw rows as a source gives them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from infantall.cohort.engines import Engine
from infantall.cohort.results import Finding
from infantall.facts.vocabulary import FactDefinition


@dataclass(frozen=True)
class Column:
    """One usable column.

    Attributes:
        kind: ``number`` (DOUBLE) or ``text`` (VARCHAR).
        fact: what it means, where the column is named as a fact.
    """

    name: str
    kind: Literal["number", "text"]
    fact: FactDefinition | None


@dataclass(frozen=True)
class CohortTable:
    """A cleaned table inside an engine: one row an infant.

    Attributes:
        name: what the user called it; never holds a password.
        engine: where it is.
        relation: SQL name of the cleaned view. Beside ``columns`` it has ``_row`` (VARCHAR: the table's own id, else ``row-7``,
            the line in the file) and ``_refused`` (BOOLEAN: a cell of this row could not be read; that cell is NULL).
        columns: every usable column by name, in the table's order.
        rows: how many infants.
        findings: what was noticed while cleaning.
        simulated: the table says so itself.
        coded: the same relation with categories of facts as dictionary columns, for reading fast; ``enums`` names them.
    """

    name: str
    engine: Engine
    relation: str
    columns: Mapping[str, Column]
    rows: int
    findings: tuple[Finding, ...]
    simulated: bool
    coded: str = ""
    enums: tuple[str, ...] = ()


RawKind = Literal["text", "number", "boolean", "other"]


@dataclass(frozen=True)
class RawColumn:
    """A column as the source has it: its name in the header, SQL that reads it, and what it holds."""

    name: str
    sql: str
    kind: RawKind


@dataclass(frozen=True)
class Raw:
    """The rows of a source, inside an engine, before cleaning.

    Attributes:
        name: what the user called the source.
        relation: SQL that stands after FROM.
        columns: in the order of the header; blank names are kept, so that blank rows can be told.
        extra: SQL for cells beyond the header.
        numbered: the same rows with the row's number, ``_n``; for messages and, on Spark, for row names.
        keeps_number: ``relation`` has ``_n`` itself.
        first_row: the number of the first row, as people count lines.
        decimal_comma: whether numbers in text may be written ``0,5``.
        simulated: the source says so in its own metadata.
        findings: what the source noticed, such as lines that are no rows.
    """

    name: str
    relation: str
    columns: tuple[RawColumn, ...]
    numbered: str
    first_row: int
    keeps_number: bool = False
    extra: tuple[str, ...] = ()
    decimal_comma: bool = False
    simulated: bool = False
    findings: tuple[Finding, ...] = ()
