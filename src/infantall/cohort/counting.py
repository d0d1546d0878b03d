"""From an engine's rows to a life table: rows are counted where they are, and only the counts are fetched."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from infantall.cohort.engines import Engine
from infantall.cohort.survival.life_table import LifeTable, life_table_from_counts
from infantall.rules.sql import quoted


def life_table_of(
    engine: Engine,
    relation: str,
    time: str,
    event: str,
    by: str | None = None,
    strata: str | None = None,
    entry: str | None = None,
) -> LifeTable:
    """The life table of a relation.

    Rows that lack any of the named columns are left out: :func:`left_out` counts them.

    Args:
        relation: SQL name of the relation.
        time, event, by, strata, entry: names of its columns: the end of follow-up, its cause (0 for censored), the group, the
            stratum, and the beginning of follow-up.

    Raises:
        StatisticsError: no row that can be used, a negative time, a cause that is no whole number.
    """
    used = _present(time, event, by, strata, entry)
    ended = _counted(engine, relation, {"t": time, "e": event, "g": by, "s": strata}, used)
    group, stratum = ended.get("g"), ended.get("s")
    entries = None
    if entry is not None:
        begun = _counted(engine, relation, {"t": entry, "g": by, "s": strata}, used)
        entries = (begun["t"], begun["n"], begun.get("g"), begun.get("s"))
    return life_table_from_counts(ended["t"], ended["e"], ended["n"], group=group, stratum=stratum, entries=entries)


def left_out(engine: Engine, relation: str, columns: Sequence[str | None]) -> int:
    """How many rows lack at least one of these columns."""
    ((rows,),) = engine.rows(f"SELECT count(*) FROM {relation} WHERE NOT ({_present(*columns)})")
    return int(rows)


def _present(*columns: str | None) -> str:
    return " AND ".join(f"{quoted(name)} IS NOT NULL" for name in columns if name is not None) or "TRUE"


def _counted(engine: Engine, relation: str, wanted: dict[str, str | None], used: str) -> dict[str, np.ndarray]:
    """Rows counted by the wanted columns; ``n`` is the number. Sorted, so that every engine gives the same."""
    given = {short: name for short, name in wanted.items() if name is not None}
    columns = ", ".join(f"{quoted(name)} AS {short}" for short, name in given.items())
    keys = ", ".join(given)
    rows = f"SELECT {columns} FROM {relation} WHERE {used}"
    return engine.columns(f"SELECT {keys}, count(*) AS n FROM ({rows}) AS used GROUP BY {keys} ORDER BY {keys}")
