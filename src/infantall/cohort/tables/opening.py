"""``open_table``: from what a user names to a cleaned table inside an engine."""

from __future__ import annotations

from pathlib import Path

from infantall.cohort.engines import Engine, open_engine
from infantall.knowledge.library import Knowledge
from infantall.record.reader import RECORD_SUFFIXES
from infantall.text.problems import InputError, Problem, did_you_mean

from .cleaning import clean
from .model import CohortTable, Raw

CSV_SUFFIXES = (".csv", ".tsv", ".txt")
PARQUET_SUFFIXES = (".parquet", ".pq")
DATABASE_SUFFIXES = (".duckdb", ".db", ".ddb")
POSTGRES_PREFIXES = ("postgresql://", "postgres://")
_EXPECTED = "a table (.csv, .tsv, .parquet), a folder of Parquet parts or of records, a DuckDB file or postgresql://"


def open_table(source: str, knowledge: Knowledge, engine_name: str = "duckdb") -> CohortTable:
    """The cleaned table of a source.

    Args:
        source: a CSV, TSV or Parquet file; a folder of Parquet parts, or of record files; ``file.duckdb`` or
            ``file.duckdb::table``; ``postgresql://user@host/database::table``.
        knowledge: the merged packs, whose vocabulary says what a column named as a fact may hold.
        engine_name: ``duckdb`` or ``spark``.

    Raises:
        InputError: the source is not there, is no table, has no row, or the engine is not installed.
    """
    engine = open_engine(engine_name)
    return clean(_raw(source, knowledge, engine), engine, knowledge.vocabulary)


def _raw(source: str, knowledge: Knowledge, engine: Engine) -> Raw:
    if source.startswith(POSTGRES_PREFIXES):
        from .databases import postgres_rows

        return postgres_rows(source, engine)
    file, _, table = source.partition("::")
    path = Path(file)
    if not path.exists():
        raise InputError([Problem("the file", "nothing of that name", _EXPECTED + _near(path), source)])
    if path.is_dir():
        return _folder(path, knowledge, engine)
    suffix = path.suffix.lower()
    if suffix in DATABASE_SUFFIXES:
        from .databases import duckdb_rows

        return duckdb_rows(path, table, engine)
    if suffix in CSV_SUFFIXES:
        return _csv(path, engine)
    if suffix in PARQUET_SUFFIXES:
        return _parquet(path, engine)
    if suffix in RECORD_SUFFIXES:
        raise InputError([Problem("the file", "one child's record", "a table, or a folder of records", source)])
    raise InputError([Problem("the file", f"a name ending in '{suffix[:20]}'", _EXPECTED, source)])


def _near(path: Path) -> str:
    try:
        names = [p.name for p in path.parent.iterdir()] if path.parent.is_dir() else []
    except OSError:
        names = []
    return did_you_mean(path.name, names)


def _folder(path: Path, knowledge: Knowledge, engine: Engine) -> Raw:
    if any(path.rglob("*.parquet")):
        return _parquet(path, engine)
    if any(p.suffix.lower() in RECORD_SUFFIXES for p in path.rglob("*")):
        from .record_files import record_rows

        return record_rows(path, knowledge, engine)
    raise InputError([Problem("the folder", "no part of a Parquet table and no record", _EXPECTED, str(path))])


def _csv(path: Path, engine: Engine) -> Raw:
    if engine.name == "spark":
        from . import spark_reading

        return spark_reading.csv_rows(path, engine)
    from . import duckdb_reading

    return duckdb_reading.csv_rows(path, engine)


def _parquet(path: Path, engine: Engine) -> Raw:
    if engine.name == "spark":
        from . import spark_reading

        return spark_reading.parquet_rows(path, str(path), engine)
    from . import duckdb_reading

    return duckdb_reading.parquet_rows(path, str(path), engine)
