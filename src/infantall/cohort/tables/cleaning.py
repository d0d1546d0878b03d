"""Raw rows to a cohort's table, as SQL run by the engine: no row passes through Python.

Two passes over the stripped cells: one counts what is wrong and sees which columns are numbers, one keeps the clean values.
A cell that the reader of one child's table would refuse is NULL here, and its row is marked ``_refused``: such a row is left
out where the rules are applied, as it is refused by ``assess``, and stays in where the cell does not matter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from infantall.cohort.engines import Engine
from infantall.facts.vocabulary import FactDefinition, Vocabulary
from infantall.record.table import ID_COLUMNS
from infantall.rules.sql import literal, quoted
from infantall.text.problems import InputError, Problem

from . import cell_sql, notices
from .model import CohortTable, Column, Raw, RawColumn

ROW, REFUSED = "_row", "_refused"
_OWN = ("_refused", "_n", "_id", "_blank")


@dataclass(frozen=True)
class CellPlan:
    """One column's way from raw to clean, over the columns of :func:`read_cells`."""

    raw: RawColumn
    number: int
    fact: FactDefinition | None
    stripped: str
    read: str
    value: str
    refused: str
    impossible: str
    filled: str

    @property
    def is_category(self) -> bool:
        return self.fact is not None and self.fact.type == "category"


@dataclass(frozen=True)
class Counts:
    """What the first pass counted of one column."""

    filled: int
    refused: int
    impossible: int
    spaces: int


def clean(raw: Raw, engine: Engine, vocabulary: Vocabulary) -> CohortTable:
    """The cleaned table, with everything that was noticed.

    Raises:
        InputError: no usable column, a column twice, or no row.
    """
    check_header(raw)
    plans = [plan(i, column, raw, vocabulary) for i, column in enumerate(raw.columns) if column.name]
    identity = _identity(plans)
    stage = _staged(raw, engine, plans, identity)
    rows, blank, too_wide, counted = _first_pass(engine, plans, stage)
    if not rows:
        raise InputError([Problem("the table", "no row", "at least one infant", raw.name)])
    used = [p for p in plans if p is not identity]
    columns = {p.raw.name: Column(p.raw.name, _kind(p, counted[p.number]), p.fact) for p in used}
    if not columns:
        raise InputError([Problem("the header", "no column beside the infants' names", "columns to analyse", raw.name)])
    relation, coded, enums = _second_pass(
        raw, engine, used, columns, identity, stage, blank=blank, refusals=_refusals(plans, counted, too_wide)
    )
    engine.drop_table(stage)
    findings = [*raw.findings, *notices.of_columns(raw, engine, used, columns, counted, vocabulary, _named(raw, plans, identity))]
    if too_wide:
        findings.append(notices.too_wide(raw, engine, too_wide, _wide(raw), _named(raw, plans, identity)))
    simulated = raw.simulated or _says_simulated(engine, columns, relation, rows)
    return CohortTable(raw.name, engine, relation, columns, rows, tuple(findings), simulated, coded, enums)


def check_header(raw: Raw) -> None:
    """Raises InputError for a column that stands twice, or has a name that is kept for the program."""
    seen: dict[str, str] = {}
    for name in (column.name for column in raw.columns):
        before = seen.setdefault(name.lower(), name) if name else ""
        if name and [c.name for c in raw.columns].count(name) > 1:
            raise InputError([Problem("the header", f"the column '{name[:60]}' twice", "each column once", raw.name)])
        if name and before != name:
            found = f"the columns '{before[:60]}' and '{name[:60]}', which differ only in upper and lower case"
            raise InputError([Problem("the header", found, "names that differ otherwise", raw.name)])
        if name.lower() in _OWN:
            found = f"a column called '{name}', a name that InfantALL keeps for itself"
            raise InputError([Problem("the header", found, "another name", raw.name)])
    if not seen:
        raise InputError([Problem("the header", "no column with a name", "a line with the names of the columns", raw.name)])


def plan(number: int, column: RawColumn, raw: Raw, vocabulary: Vocabulary) -> CellPlan:
    """How one column is cleaned."""
    fact = vocabulary.facts.get(column.name)
    c, s, r = f"c{number}", f"s{number}", f"r{number}"
    is_category = fact is not None and fact.type == "category"
    if column.kind == "number" and not is_category:
        value, impossible = cell_sql.possible(r, fact, vocabulary)
        read = f"CASE WHEN NOT isnan(CAST({c} AS DOUBLE)) THEN CAST({c} AS DOUBLE) END"
        return CellPlan(column, number, fact, "CAST(NULL AS VARCHAR)", read, value, "FALSE", impossible, f"{r} IS NOT NULL")
    text = c if column.kind == "text" else f"CAST({c} AS VARCHAR)"
    if column.kind == "boolean":
        text = f"CASE WHEN {c} THEN 'yes' WHEN NOT {c} THEN 'no' END"
    strip, filled = cell_sql.unless(cell_sql.stripped(text), vocabulary.absent_words), f"{s} IS NOT NULL"
    if fact is not None and is_category:
        read = cell_sql.read_category(s, fact, vocabulary)
        return CellPlan(column, number, fact, strip, read, r, f"({s} IS NOT NULL AND {r} IS NULL)", "FALSE", filled)
    if column.kind == "boolean" and fact is None:
        read = f"CASE WHEN {c} THEN 1e0 WHEN NOT {c} THEN 0e0 END"
        return CellPlan(column, number, fact, strip, read, r, "FALSE", "FALSE", filled)
    is_text = column.kind == "text"  # a date, a list or a yes/no is no number
    read = cell_sql.read_number(s, decimal_comma=raw.decimal_comma) if is_text else "CAST(NULL AS DOUBLE)"
    value, impossible = cell_sql.possible(r, fact, vocabulary)
    refused = f"({s} IS NOT NULL AND {r} IS NULL AND NOT {cell_sql.says_not_finite(s)})"
    return CellPlan(column, number, fact, strip, read, value, refused, impossible, filled)


def stripped_cells(plans: Sequence[CellPlan], relation: str, keep: str) -> str:
    """SQL of the relation with every column's cell ``c<i>`` and stripped text ``s<i>``."""
    cells = ", ".join([keep, *(f"{p.raw.sql} AS c{p.number}" for p in plans)])
    stripped = ", ".join(["*", *(f"{p.stripped} AS s{p.number}" for p in plans)])
    return f"SELECT {stripped} FROM (SELECT {cells} FROM {relation}) AS raw"


def with_reads(plans: Sequence[CellPlan], stripped: str) -> str:
    """SQL of stripped cells with what was read, ``r<i>``."""
    return f"(SELECT {', '.join(['*', *(f'{p.read} AS r{p.number}' for p in plans)])} FROM {stripped}) AS cells"


def read_cells(plans: Sequence[CellPlan], relation: str, keep: str) -> str:
    """SQL of the relation with cells, stripped text and what was read, for a look at a few rows."""
    return with_reads(plans, f"({stripped_cells(plans, relation, keep)}) AS stripped")


def _wide(raw: Raw) -> str:
    """Whether a row has filled cells beyond the header."""
    if not raw.extra:
        return "FALSE"
    filled = " OR ".join(f"({cell_sql.stripped(sql)} <> '')" for sql in raw.extra)
    return f"CASE WHEN COALESCE({', '.join(raw.extra)}) IS NULL THEN FALSE ELSE {filled} END"  # as in nearly every row


def _is_blank(raw: Raw) -> str:
    """Whether a whole row is blank, as a line of separators is."""
    if any(c.kind != "text" for c in raw.columns):
        return "FALSE"
    cells = [*(c.sql for c in raw.columns), *raw.extra]
    every = " AND ".join(f"({sql} IS NULL OR {cell_sql.stripped(sql)} = '')" for sql in cells)
    seen = " ".join(f"WHEN {cell_sql.begins_plainly(sql)} THEN FALSE" for sql in cells[:3])  # most rows: their first cell
    return f"(CASE {seen} ELSE {every} END)"


def _staged(raw: Raw, engine: Engine, plans: Sequence[CellPlan], identity: CellPlan | None) -> str:
    """Every cell and its stripped text, kept once, so that neither pass reads the source or strips again."""
    keep = [f"{_is_blank(raw)} AS _blank", f"COALESCE({_wide(raw)}, FALSE) AS _wide"]
    keep += [f"{_own_name(identity)} AS _id"] if identity is not None else []
    keep += ["_n"] if raw.keeps_number else []
    stage = engine.new_name("stage")
    engine.create_table(stage, stripped_cells(plans, raw.relation, ", ".join(keep)))
    return stage


def _first_pass(engine: Engine, plans: Sequence[CellPlan], stage: str) -> tuple[int, int, int, dict[int, Counts]]:
    """Rows, blank rows, rows with too many cells, and counts by column."""
    asked = ["count(*) FILTER (WHERE NOT _blank)", "count(*) FILTER (WHERE _blank)", "count(*) FILTER (WHERE _wide)"]
    for p in plans:
        cell = f"c{p.number}"
        spaces = f"{cell} <> {cell_sql.stripped(cell)}" if p.raw.kind == "text" else "FALSE"
        asked += [f"count(*) FILTER (WHERE {test})" for test in (p.filled, p.refused, p.impossible, spaces)]
    (found,) = engine.rows(f"SELECT {', '.join(asked)} FROM {with_reads(plans, stage)}")
    by_column = {p.number: Counts(*found[3 + 4 * i : 7 + 4 * i]) for i, p in enumerate(plans)}
    return found[0], found[1], found[2], by_column


def _kind(p: CellPlan, counts: Counts) -> Literal["number", "text"]:
    if p.is_category:
        return "text"
    if p.fact is not None or p.raw.kind in ("number", "boolean"):
        return "number"
    return "number" if p.raw.kind == "text" and not counts.refused else "text"


def _refusals(plans: Sequence[CellPlan], counted: dict[int, Counts], too_wide: int) -> list[str]:
    """Conditions under which a row is refused; empty where none is met anywhere."""
    tests = [p.refused for p in plans if p.fact is not None and counted[p.number].refused]
    return [*tests, "_wide"] if too_wide else tests


def _identity(plans: Sequence[CellPlan]) -> CellPlan | None:
    """The column of the infants' own names: the first that is called so; ``_row`` where the program itself wrote the table."""
    by_name = [p for p in plans if p.raw.name.lower() in ID_COLUMNS]
    return next(iter([*by_name, *(p for p in plans if p.raw.name == ROW)]), None)


def _named(raw: Raw, plans: Sequence[CellPlan], identity: CellPlan | None) -> str:
    """SQL for a row's name over ``raw.numbered``."""
    counted = "concat('row-', CAST(_n AS VARCHAR))"
    return f"COALESCE({_own_name(identity)}, {counted})" if identity else counted


def _own_name(identity: CellPlan) -> str:
    sql = identity.raw.sql if identity.raw.kind == "text" else f"CAST({identity.raw.sql} AS VARCHAR)"
    return f"NULLIF({cell_sql.stripped(sql)}, '')"


def _second_pass(
    raw: Raw,
    engine: Engine,
    used: Sequence[CellPlan],
    columns: dict[str, Column],
    identity: CellPlan | None,
    stage: str,
    *,
    blank: int,
    refusals: list[str],
) -> tuple[str, str, tuple[str, ...]]:
    """Keeps the clean values; the names of the cleaned view and of the coded one, and the dictionary columns of the latter."""
    enums = tuple(p.raw.name for p in used if p.is_category) if engine.name == "duckdb" else ()
    wanted = [f"{_value(p, columns[p.raw.name], p.raw.name in enums)} AS {quoted(p.raw.name)}" for p in used]
    wanted.append(f"{' OR '.join(refusals) or 'FALSE'} AS {REFUSED}")
    wanted += ["_id"] if identity is not None else []
    wanted += ["_blank"] if blank else []
    wanted += ["_n"] if raw.keeps_number else []
    base = engine.new_name("cells")
    engine.create_table(base, f"SELECT {', '.join(wanted)} FROM {with_reads(used, stage)}")
    number = "_n" if raw.keeps_number else f"(rowid + {raw.first_row})"
    row = f"concat('row-', CAST({number} AS VARCHAR))"
    row = f"COALESCE(_id, {row}) AS {ROW}" if identity is not None else f"{row} AS {ROW}"
    where = " WHERE NOT _blank" if blank else ""
    views = []
    for is_coded in (False, True) if enums else (False,):
        name = engine.new_name("infants")
        given = [f"CAST({quoted(n)} AS VARCHAR) AS {quoted(n)}" if n in enums and not is_coded else quoted(n) for n in columns]
        engine.create_view(name, f"SELECT {', '.join([*given, row, REFUSED])} FROM {base}{where}")
        views.append(name)
    return views[0], views[-1], enums


def _value(p: CellPlan, column: Column, as_enum: bool) -> str:
    if as_enum and p.fact is not None:
        return f"CAST({p.value} AS ENUM({', '.join(map(literal, p.fact.values))}))"
    if column.kind == "number" or p.fact is not None:
        return p.value
    text = f"c{p.number}" if p.raw.kind == "text" else f"CAST(c{p.number} AS VARCHAR)"
    return cell_sql.unless(cell_sql.stripped(text), cell_sql.MISSING_IN_TEXT)  # 'unknown' may be a level: it stays


def _says_simulated(engine: Engine, columns: dict[str, Column], relation: str, rows: int) -> bool:
    """Whether a column ``simulated`` says yes in every row."""
    column = next((c for c in columns.values() if c.name.lower() == "simulated"), None)
    if column is None:
        return False
    name = quoted(column.name)
    test = f"{name} = 1e0" if column.kind == "number" else f"lower({name}) IN ('true', 'yes', 't', 'y')"
    ((yes,),) = engine.rows(f"SELECT count(*) FROM {relation} WHERE {test}")
    return bool(yes == rows)
