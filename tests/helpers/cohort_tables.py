"""Small cohort tables for tests, opened as a user's file is."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from infantall.cohort.tables import CohortTable, open_table
from infantall.knowledge.store import load_knowledge


def cohort(folder: Path, columns: Mapping[str, Sequence[Any]], engine: str = "duckdb") -> CohortTable:
    """A table of these columns; None is an empty cell."""
    path = folder / "cohort.csv"
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(["" if value is None else value for value in row] for row in zip(*columns.values(), strict=True))
    return open_table(str(path), load_knowledge(), engine)
