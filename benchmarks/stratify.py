"""Ten million infants under the protocols that assign groups: DuckDB (from the rules) against a hand-written NumPy kernel."""

from __future__ import annotations

import json
import resource
import statistics
import sys
import time
from typing import Any

import duckdb
import numpy as np
from numpy_kernel import stratify

from infantall.cohort.stratify_sql import stratification
from infantall.knowledge.store import load_knowledge

PROTOCOLS = ("interfant-21", "interfant-06", "interfant-99", "aall0631", "mll-10", "mll-baby")
CATEGORIES = {"kmt2a_status": 3, "prednisone_response": 3, "cns_status": 7, "lineage": 3}
NUMBERS = {"age_days_at_diagnosis": (0, 380), "wbc_at_diagnosis": (1, 600), "mrd_end_of_induction": (0, 0.001)}


def columns(rows: int, missing: float = 0.1) -> dict[str, Any]:
    """The same random infants for every engine; thresholds are hit exactly now and then."""
    random = np.random.Generator(np.random.Philox(2026))
    found: dict[str, Any] = {}
    for name, (low, high) in NUMBERS.items():
        values = random.uniform(low, high, rows)
        values = np.floor(values) if high > 1 else values
        values[random.random(rows) < missing] = np.nan
        found[name] = values
    for name, size in CATEGORIES.items():
        codes = random.integers(1, size + 1, rows).astype(np.uint8)
        codes[random.random(rows) < missing] = 0
        found[name] = codes
    return found


def numpy_masks(data: dict[str, Any]) -> dict[str, Any]:
    """The kernel's answers."""
    return stratify(
        data["age_days_at_diagnosis"], data["wbc_at_diagnosis"], data["kmt2a_status"], data["prednisone_response"],
        data["cns_status"], data["lineage"], data["mrd_end_of_induction"],
    )  # fmt: skip


def load(data: dict[str, Any], text: bool) -> duckdb.DuckDBPyConnection:
    """The table in DuckDB: categories as enums (dictionary columns) or as text; NaN is NULL, as at the door."""
    knowledge = load_knowledge()
    connection = duckdb.connect()
    connection.execute("SET threads = 2")
    connection.register("raw", dict(data.items()))
    wanted = [f"CASE WHEN isnan({name}) THEN NULL ELSE {name} END AS {name}" for name in NUMBERS]
    for name in CATEGORIES:
        words = knowledge.vocabulary.facts[name].values
        listed = ", ".join(f"'{word}'" for word in words)
        kind = "VARCHAR" if text else f"ENUM({listed})"
        cases = " ".join(f"WHEN {i} THEN '{word}'" for i, word in enumerate(words, start=1))
        wanted.append(f"(CASE {name} {cases} END)::{kind} AS {name}")
    connection.execute(f"CREATE TABLE infants AS SELECT {', '.join(wanted)} FROM raw")
    connection.unregister("raw")
    return connection


def median_time(work: Any, runs: int) -> float:
    """Median seconds of several runs, after one that is not counted."""
    work()
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def main(engine: str, rows: int, runs: int) -> dict[str, Any]:
    """One engine's median time, peak memory, and the counts of its answers (compared by run.py before times)."""
    data = columns(rows)
    if engine == "numpy":
        masks = numpy_masks(data)
        counts = {name: [np.bincount(m, minlength=16).tolist() for m in pair] for name, pair in masks.items()}
        seconds = median_time(lambda: numpy_masks(data), runs)
    else:
        connection = load(data, text=engine == "duckdb-text")
        del data
        enums = () if engine == "duckdb-text" else CATEGORIES
        query = stratification(load_knowledge(), "infants", [*NUMBERS, *CATEGORIES], PROTOCOLS, enums=enums)
        connection.execute(f"CREATE TEMP TABLE answers AS {query.sql}")
        counts = {}
        for protocol in query.protocols:
            counts[protocol.id] = [_counts(connection, f"{protocol.id}__{part}") for part in ("eligible", "groups")]
        written = "CREATE OR REPLACE TEMP TABLE answers AS "
        work = {"duckdb-counts": query.counts_sql, "duckdb-columns": written + query.sql}.get(engine, written + query.packed_sql)
        seconds = median_time(lambda: connection.execute(work).fetchall(), runs)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"engine": engine, "rows": rows, "seconds": seconds, "peak_mb": memory, "counts": counts}


def _counts(connection: duckdb.DuckDBPyConnection, column: str) -> list[int]:
    found = dict(connection.execute(f'SELECT "{column}", count(*) FROM answers GROUP BY 1').fetchall())
    return [found.get(i, 0) for i in range(16)]


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))))
