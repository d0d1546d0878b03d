"""An engine by its name; each is imported only when it is asked for."""

from __future__ import annotations

from infantall.text.problems import InputError, Problem, did_you_mean, one_of

from .model import Engine

ENGINES = ("duckdb", "spark")


def open_engine(name: str) -> Engine:
    """An engine by name.

    Raises:
        InputError: no such engine, or it is not installed.
    """
    if name == "duckdb":
        from .duckdb_engine import DuckDBEngine

        return DuckDBEngine()
    if name == "spark":
        from .spark_engine import SparkEngine

        return SparkEngine()
    raise InputError([Problem("--engine", f"'{name[:40]}'", one_of(ENGINES) + did_you_mean(name, ENGINES))])
