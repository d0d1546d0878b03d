"""What the cohort commands ask of an engine."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from infantall.text.problems import InputError, Problem


class Engine(Protocol):
    """One place where tables live and SQL runs.

    Attributes:
        name: ``duckdb`` or ``spark``.
        fetched: how many result rows have been brought out of the engine so far; tests hold it small.
    """

    name: str
    fetched: int

    def columns(self, sql: str) -> dict[str, NDArray[Any]]:
        """A small result by column: numbers and booleans as float64 with NaN for NULL, anything else as objects with None."""
        ...

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """A small result by row, as plain Python values."""
        ...

    def new_name(self, word: str) -> str:
        """A name for a relation that this engine does not have yet."""
        ...

    def create_view(self, name: str, sql: str) -> None:
        """A relation that is worked out whenever it is read."""
        ...

    def create_table(self, name: str, sql: str) -> None:
        """A relation that is worked out once and kept, on disk where memory does not hold it."""
        ...

    def drop_table(self, name: str) -> None:
        """Forgets a relation of :meth:`create_table`."""
        ...

    def write(self, sql: str, path: str) -> None:
        """The rows of a query as CSV or Parquet, by the ending of ``path``; replaces what is there.

        DuckDB writes a file, Spark a folder of parts.

        Raises:
            InputError: the ending is neither, or the place cannot be written to.
        """
        ...


def written_format(path: str) -> str:
    """``csv`` or ``parquet``, from the ending.

    Raises:
        InputError: any other ending.
    """
    ending = path.rsplit(".", 1)[-1].lower()
    if ending not in ("csv", "parquet"):
        raise InputError([Problem("the file to write", f"the name '{path}'", "a name ending in .csv or .parquet")])
    return ending


def plain_array(values: Sequence[Any], *, is_number: bool) -> NDArray[Any]:
    """A column of a result: float64 with NaN for None, or objects."""
    if is_number:
        return np.array([np.nan if value is None else float(value) for value in values], dtype=np.float64)
    array = np.empty(len(values), dtype=object)
    array[:] = list(values)
    return array
