"""A table of a DuckDB file or of a PostgreSQL database, read only.

PostgreSQL is read through psycopg in parts that fit into memory, by COPY, into DuckDB. (DuckDB's own reader for it would have
to be fetched from the network.) The password stands in no message and in no table's name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import duckdb

from infantall.cohort.engines import Engine
from infantall.cohort.engines.duckdb_engine import DuckDBEngine
from infantall.rules.sql import literal, quoted
from infantall.text.problems import InputError, Problem, did_you_mean, one_of

from .model import Raw

if TYPE_CHECKING:
    import pyarrow as pa

ROWS_AT_ONCE = 50_000
_KINDS = {16: "BOOLEAN", 20: "BIGINT", 21: "BIGINT", 23: "BIGINT", 700: "DOUBLE", 701: "DOUBLE", 1700: "DOUBLE"}
"""PostgreSQL's own numbers of its types; every other is read as text."""


def duckdb_rows(path: Path, table: str, engine: Engine) -> Raw:
    """A table of a DuckDB file. Without a name the file must hold one table only.

    Raises:
        InputError: no DuckDB file, or no such table.
    """
    name = f"{path}::{table}" if table else str(path)
    try:
        with duckdb.connect(str(path), read_only=True) as file:
            listed = (
                "SELECT schema_name, table_name FROM duckdb_tables() UNION ALL SELECT schema_name, view_name FROM duckdb_views()"
            )
            known = file.execute(f"{listed} WHERE NOT internal ORDER BY 1, 2").fetchall()
    except duckdb.Error:
        raise InputError([Problem("the file", "a file that is no DuckDB database", "a file that DuckDB wrote", name)]) from None
    schema, found = _chosen(table, known, "main", name)
    attached = engine.new_name("database")
    local = _local(engine)
    local.rows(f"ATTACH {literal(str(path))} AS {attached} (READ_ONLY)")
    relation = f"{attached}.{quoted(schema)}.{quoted(found)}"
    return _inside(f"SELECT * FROM {relation}", name, local, engine)


def _local(engine: Engine) -> DuckDBEngine:
    """The engine itself where it is DuckDB, else a DuckDB beside it."""
    return engine if isinstance(engine, DuckDBEngine) else DuckDBEngine()


def _inside(sql: str, name: str, local: DuckDBEngine, engine: Engine) -> Raw:
    """A relation of a DuckDB inside the chosen engine: as it is, or through a Parquet file that Spark reads."""
    if engine is local:
        from .duckdb_reading import relation_rows

        view = engine.new_name("rows")
        engine.create_view(view, sql)
        return relation_rows(view, name, engine)
    import atexit
    import shutil
    import tempfile

    from .spark_reading import parquet_rows

    folder = Path(tempfile.mkdtemp(prefix="infantall-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    local.write(sql, str(folder / "rows.parquet"))
    return parquet_rows(folder / "rows.parquet", name, engine)


def arrow_rows(rows: pa.Table, name: str, engine: Engine) -> Raw:
    """Rows that are already in memory, inside the chosen engine."""
    local = _local(engine)
    kept = local.new_name("rows")
    local.connection.register("part", rows)
    local.create_table(kept, "SELECT * FROM part")
    local.connection.unregister("part")
    return _inside(f"SELECT * FROM {kept}", name, local, engine)


def _chosen(table: str, known: list[tuple[Any, ...]], usual: str, name: str) -> tuple[str, str]:
    """The schema and table meant: ``schema.table``, or ``table`` in the usual schema first."""
    names = [f"{schema}.{found}" if schema != usual else str(found) for schema, found in known]
    if not table:
        if len(names) == 1:
            return str(known[0][0]), str(known[0][1])
        found = "no name of a table" if names else "a database without a table"
        raise InputError([Problem("the table", found, f"::table, one of {one_of(names[:20])}" if names else "a table", name)])
    for pair, shown in zip(known, names, strict=True):
        if table in (shown, f"{pair[0]}.{pair[1]}"):
            return str(pair[0]), str(pair[1])
    expected = (one_of(names[:20]) or "a database that holds tables") + did_you_mean(table, names)
    raise InputError([Problem("the table", f"no table '{table[:60]}'", expected, name)])


# -- PostgreSQL -----------------------------------------------------------------------------------------------------------


def _address_and_table(source: str) -> tuple[str, str]:
    """Split at the last ``::`` that belongs neither to the address of a host nor to a password."""
    address, mark, table = source.rpartition("::")
    return (address, table) if mark and not set(table) & set("/@]") else (source, "")


def without_password(source: str) -> str:
    """The address as it may be shown."""
    address, table = _address_and_table(source)
    try:
        parts = urlsplit(address)
        user, host, path = parts.username, parts.hostname or "", parts.path
    except ValueError:
        return "postgresql://…"
    try:
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        port = ""
    shown = f"postgresql://{user + '@' if user else ''}{host}{port}{path}"
    return f"{shown}::{table}" if table else shown


def postgres_rows(source: str, engine: Engine) -> Raw:
    """A table of a PostgreSQL database.

    Raises:
        InputError: psycopg is not installed, no connection, or no such table.
    """
    name = without_password(source)
    address, table = _address_and_table(source)
    try:
        import psycopg
    except ImportError:
        expected = "psycopg: pip install 'infantall[postgres]'"
        raise InputError([Problem("the table", "no reader for PostgreSQL on this machine", expected, name)]) from None
    try:
        with psycopg.connect(address, connect_timeout=10) as connection:
            connection.read_only = True
            return _read_postgres(connection, table, name, engine)
    except psycopg.Error as error:
        expected = "a database that can be reached, and a password in PGPASSWORD or ~/.pgpass where one is asked for"
        raise InputError([Problem("the database", _reason(error, address), expected, name)]) from None


def _reason(error: Exception, address: str) -> str:
    """What the database said, on one line, without the password."""
    text = " ".join(str(error).split()) or type(error).__name__
    try:
        password = urlsplit(address).password
    except ValueError:
        password = None
    text = re.sub(r"password=\S+", "password=…", re.sub(r"//[^@\s]*@", "//", text))
    return text.replace(password, "…")[:300] if password else text[:300]


def _read_postgres(connection: Any, table: str, name: str, engine: Engine) -> Raw:
    listed = """SELECT table_schema, table_name FROM information_schema.tables
                WHERE table_schema NOT IN ('pg_catalog', 'information_schema') ORDER BY 1, 2"""
    schema, found = _chosen(table, connection.execute(listed).fetchall(), "public", name)
    relation = f"{quoted(schema)}.{quoted(found)}"
    description = connection.execute(f"SELECT * FROM {relation} LIMIT 0").description
    local = _local(engine)
    kept = local.new_name("postgres")
    columns = [(column.name, column.type_code) for column in description]
    declared = ", ".join(f"{quoted(column)} {_declared(code)}" for column, code in columns)
    local.rows(f"CREATE TABLE {kept} ({declared})")
    for part in _parts(connection, relation, columns):
        local.connection.register("part", part)
        local.rows(f"INSERT INTO {kept} SELECT {', '.join(_cast(c, code) for c, code in columns)} FROM part")
        local.connection.unregister("part")
    return _inside(f"SELECT * FROM {kept}", name, local, engine)


def _declared(code: int) -> str:
    return _KINDS.get(code, "VARCHAR")


def _cast(column: str, code: int) -> str:
    return f"{quoted(column)} = 't'" if _declared(code) == "BOOLEAN" else f"CAST({quoted(column)} AS {_declared(code)})"


def _parts(connection: Any, relation: str, columns: list[tuple[str, int]]) -> Iterator[pa.Table]:
    """The rows as text, some at a time: COPY streams, so that memory holds one part."""
    import pyarrow as pa

    schema = pa.schema([(column, pa.string()) for column, _ in columns])
    given = ", ".join(
        f"CAST({quoted(column)} AS text)" if _declared(code) != "BOOLEAN" else quoted(column) for column, code in columns
    )
    with connection.cursor() as cursor, cursor.copy(f"COPY (SELECT {given} FROM {relation}) TO STDOUT") as copy:
        rows: list[tuple[Any, ...]] = []
        for row in copy.rows():
            rows.append(row)
            if len(rows) == ROWS_AT_ONCE:
                yield pa.table([list(column) for column in zip(*rows, strict=True)], schema=schema)
                rows = []
        if rows:
            yield pa.table([list(column) for column in zip(*rows, strict=True)], schema=schema)
