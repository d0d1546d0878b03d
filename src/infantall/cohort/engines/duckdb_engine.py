"""DuckDB in this process. What does not fit into memory is spilled to a folder that goes away with the engine."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

from infantall.rules.sql import literal, quoted
from infantall.text.problems import InputError, Problem

from .model import plain_array, written_format


class DuckDBEngine:
    """An in-memory database. No extension is ever fetched: nothing leaves the machine."""

    name = "duckdb"

    def __init__(self) -> None:
        self.fetched = 0
        self._names = 0
        self.spill = Path(tempfile.mkdtemp(prefix="infantall-"))
        self.connection = duckdb.connect(config={"autoinstall_known_extensions": "false"})
        self.connection.execute(f"SET temp_directory = {literal(str(self.spill))}")
        self.connection.execute("SET enable_progress_bar = false")
        weakref.finalize(self, shutil.rmtree, self.spill, ignore_errors=True)

    def columns(self, sql: str) -> dict[str, NDArray[Any]]:
        """See :meth:`Engine.columns`."""
        found = self.connection.execute(sql).fetchnumpy()
        plain = {name: _plain(column) for name, column in found.items()}
        self.fetched += len(next(iter(plain.values()), ()))
        return plain

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """See :meth:`Engine.rows`."""
        found = self.connection.execute(sql).fetchall()
        self.fetched += len(found)
        return found

    def new_name(self, word: str) -> str:
        """See :meth:`Engine.new_name`."""
        self._names += 1
        return f"{word}_{self._names}"

    def create_view(self, name: str, sql: str) -> None:
        """See :meth:`Engine.create_view`."""
        self.connection.execute(f"CREATE VIEW {quoted(name)} AS {sql}")

    def create_table(self, name: str, sql: str) -> None:
        """See :meth:`Engine.create_table`."""
        self.connection.execute(f"CREATE TABLE {quoted(name)} AS {sql}")

    def drop_table(self, name: str) -> None:
        """See :meth:`Engine.drop_table`."""
        self.connection.execute(f"DROP TABLE {quoted(name)}")

    def write(self, sql: str, path: str) -> None:
        """See :meth:`Engine.write`: one file, complete or not there."""
        options = "FORMAT csv, HEADER" if written_format(path) == "csv" else "FORMAT parquet, COMPRESSION zstd"
        try:
            self.connection.execute(f"COPY ({sql}) TO {literal(path)} ({options})")
        except duckdb.IOException:
            raise InputError(
                [Problem("the file to write", "a place that cannot be written to", "a folder that exists", path)]
            ) from None


def _plain(column: Any) -> NDArray[Any]:
    """numpy's masked columns as the plain arrays of the interface."""
    array = np.ma.asarray(column)
    mask = np.ma.getmaskarray(array)
    if array.dtype.kind in "biuf":
        numbers = array.data.astype(np.float64)
        numbers[mask] = np.nan
        return numbers
    values = array.data.astype(object)
    return plain_array([None if hidden else value for value, hidden in zip(values, mask, strict=True)], is_number=False)
