"""Where the rows are: DuckDB on this machine, or Spark on a cluster. The same SQL for both.

    model.py            Engine: what every engine can do
    opening.py          an engine by its name
    duckdb_engine.py    DuckDB: in this process, spills to disk what memory does not hold
    spark_engine.py     Spark: an existing session, or a local one (``pip install infantall[spark]``)

SQL is written once, in DuckDB's dialect, with constructs that both know; the Spark engine translates it. Tables stay in the
engine: only small results (counts, one row a time, a page of rows) are fetched.
"""

from .model import Engine
from .opening import ENGINES, open_engine

__all__ = ["ENGINES", "Engine", "open_engine"]
