"""CSV and Parquet inside DuckDB, as raw rows: text stays text until it is cleaned."""

from __future__ import annotations

from pathlib import Path

import duckdb

from infantall.cohort.engines import Engine
from infantall.cohort.results import Finding
from infantall.rules.sql import literal, quoted
from infantall.text.problems import InputError, Problem

from .csv_head import EXTRA_CELLS, CsvHead, not_utf8, read_head
from .model import Raw, RawColumn, RawKind

_NUMBERS = (
    "TINYINT",
    "SMALLINT",
    "INTEGER",
    "BIGINT",
    "HUGEINT",
    "UTINYINT",
    "USMALLINT",
    "UINTEGER",
    "UBIGINT",
    "UHUGEINT",
    "FLOAT",
    "DOUBLE",
)


def csv_rows(path: Path, engine: Engine) -> Raw:
    """The rows of a CSV file, every cell as text; read anew by each query, so that no copy is kept.

    Raises:
        InputError: the file is no CSV table in UTF-8.
    """
    head = read_head(path)
    name = engine.new_name("file")
    lost = _try_reading(path, head, engine, name)
    columns = tuple(RawColumn(n, quoted(f"cell{i}"), "text") for i, n in enumerate(head.names))
    extra = tuple(quoted(f"cell{len(columns) + i}") for i in range(EXTRA_CELLS))
    first = head.skipped + 1
    numbered = f"(SELECT *, row_number() OVER () + {head.skipped} AS _n FROM {name})"
    return Raw(str(path), name, columns, numbered, first, extra=extra, decimal_comma=head.decimal_comma, findings=lost)


def _try_reading(path: Path, head: CsvHead, engine: Engine, name: str) -> tuple[Finding, ...]:
    """Makes the view, reading once so that a line that is no row is known; line breaks inside quotes need one thread."""
    cells = ", ".join(f"'cell{i}': 'VARCHAR'" for i in range(len(head.names) + EXTRA_CELLS))
    options = f"header = false, skip = {head.skipped}, delim = {literal(head.delimiter)}, quote = '\"', escape = '\"'"
    options += f", auto_detect = false, null_padding = true, columns = {{{cells}}}, ignore_errors = true, store_rejects = true"
    given = literal(str(path))
    for threads in ("", ", parallel = false"):
        reading = f"SELECT * FROM read_csv({given}, {options}{threads})"
        try:
            engine.rows(f"SELECT count(*), count(cell0) FROM ({reading})")
        except duckdb.Error as error:
            if threads or "quoted new line" not in str(error).lower():
                found = "text that is no CSV table"
                raise InputError([Problem("the file", found, "rows of cells, separated alike", str(path))]) from None
            continue
        engine.create_view(name, reading.replace(", store_rejects = true", ""))
        break
    return _lines_that_are_no_rows(path, engine)


def _lines_that_are_no_rows(path: Path, engine: Engine) -> tuple[Finding, ...]:
    kinds = engine.rows("SELECT DISTINCT error_type FROM reject_errors")
    if any("UNICODE" in kind.upper() or "ENCODING" in kind.upper() for (kind,) in kinds):
        raise not_utf8(path)
    lines = [line for (line,) in engine.rows("SELECT DISTINCT line FROM reject_errors ORDER BY line LIMIT 6")]
    if not lines:
        return ()
    ((number,),) = engine.rows("SELECT count(DISTINCT line) FROM reject_errors")
    says = f"{number:,} lines are no rows of this table: far too many cells, or a quotation mark that is never closed."
    examples = tuple(f"row-{line}" for line in lines[:5])
    return (Finding("unreadable_line", "error", says, number, examples, "These lines are left out everywhere. Mend the file."),)


def parquet_rows(path: Path, name: str, engine: Engine) -> Raw:
    """The rows of a Parquet file, or of a folder of parts.

    Raises:
        InputError: a file is no Parquet.
    """
    pattern = str(path / "**" / "*.parquet") if path.is_dir() else str(path)
    relation = engine.new_name("file")
    try:
        engine.create_view(relation, f"SELECT * FROM read_parquet({literal(pattern)}, union_by_name = true)")
    except duckdb.Error:
        raise InputError([Problem("the file", "a file that is no Parquet", "a Parquet table", name)]) from None
    return relation_rows(relation, name, engine, simulated=_metadata_says_simulated(pattern, engine))


def relation_rows(relation: str, name: str, engine: Engine, *, simulated: bool = False) -> Raw:
    """Any relation of the engine as raw rows, numbered from 1."""
    columns = tuple(
        RawColumn(str(row[0]), quoted(str(row[0])), _kind(str(row[1]))) for row in engine.rows(f"DESCRIBE {relation}")
    )
    numbered = f"(SELECT *, row_number() OVER () AS _n FROM {relation})"
    return Raw(name, relation, columns, numbered, 1, simulated=simulated)


def _kind(declared: str) -> RawKind:
    kind = declared.upper().split("(")[0]
    if kind in _NUMBERS or kind == "DECIMAL":
        return "number"
    if kind == "BOOLEAN":
        return "boolean"
    return "text" if kind in ("VARCHAR", "ENUM") and not declared.endswith("]") else "other"


def _metadata_says_simulated(pattern: str, engine: Engine) -> bool:
    sql = (
        f"SELECT count(*) FROM parquet_kv_metadata({literal(pattern)}) WHERE decode(key) = 'simulated' AND decode(value) = 'true'"
    )
    ((found,),) = engine.rows(sql)
    return bool(found)
