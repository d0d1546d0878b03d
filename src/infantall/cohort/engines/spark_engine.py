"""Spark: the session that is running, or a local one on two cores."""

from __future__ import annotations

import os
from decimal import Decimal
from typing import Any

from numpy.typing import NDArray

from infantall.rules.sql import quoted
from infantall.text.problems import InputError, Problem

from .model import plain_array, written_format

_SETTINGS = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.memory": "2g",
    "spark.sql.shuffle.partitions": "4",
    "spark.sql.execution.arrow.pyspark.enabled": "false",
}


def in_spark(sql: str) -> str:
    """DuckDB's dialect in Spark's. Brackets that change nothing are left out: Spark's parser takes minutes over nested ones."""
    import sqlglot
    from sqlglot import exp

    closed = (exp.Case, exp.Column, exp.Literal, exp.Cast, exp.TryCast, exp.Coalesce, exp.Paren)

    def plain(node: exp.Expression) -> exp.Expression:
        while isinstance(node, exp.Paren) and isinstance(node.this, closed):
            node = node.this
        return node

    return str(sqlglot.parse_one(sql, read="duckdb").transform(plain, copy=False).sql(dialect="spark"))


class SparkEngine:
    """Spark SQL. Tables stay in Spark, in memory and on its disks; the driver sees counts."""

    name = "spark"
    _names = 0  # views belong to the session, which several engines may share

    def __init__(self) -> None:
        self.fetched = 0
        self.session = _session()

    def columns(self, sql: str) -> dict[str, NDArray[Any]]:
        """See :meth:`Engine.columns`."""
        frame = self.session.sql(in_spark(sql))
        numbers = [_is_number(field.dataType.typeName()) for field in frame.schema.fields]
        found = frame.collect()
        self.fetched += len(found)
        return {name: plain_array([row[i] for row in found], is_number=numbers[i]) for i, name in enumerate(frame.columns)}

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """See :meth:`Engine.rows`."""
        found = self.session.sql(in_spark(sql)).collect()
        self.fetched += len(found)
        return [tuple(int(v) if isinstance(v, Decimal) and v == int(v) else v for v in row) for row in found]

    def new_name(self, word: str) -> str:
        """See :meth:`Engine.new_name`."""
        SparkEngine._names += 1
        return f"{word}_{SparkEngine._names}"

    def create_view(self, name: str, sql: str) -> None:
        """See :meth:`Engine.create_view`."""
        self.session.sql(in_spark(sql)).createOrReplaceTempView(name)

    def create_table(self, name: str, sql: str) -> None:
        """See :meth:`Engine.create_table`."""
        self.create_view(name, sql)
        self.session.sql(f"CACHE LAZY TABLE {in_spark(quoted(name))}")

    def drop_table(self, name: str) -> None:
        """See :meth:`Engine.drop_table`."""
        self.session.catalog.uncacheTable(name)
        self.session.catalog.dropTempView(name)

    def write(self, sql: str, path: str) -> None:
        """See :meth:`Engine.write`: a folder of parts."""
        kind = written_format(path)
        writer = self.session.sql(in_spark(sql)).write.mode("overwrite")
        try:
            writer.option("header", "true").format(kind).save(path)
        except Exception as error:
            if "Permission" in str(error) or "Mkdirs" in str(error):
                found = "a place that cannot be written to"
                raise InputError([Problem("the folder to write", found, "a folder that can be made", path)]) from None
            raise


def _session() -> Any:
    try:
        from pyspark.errors import PySparkRuntimeError
        from pyspark.sql import SparkSession
    except ImportError:
        expected = "PySpark and Java 17: pip install 'infantall[spark]'"
        raise InputError([Problem("--engine spark", "no Spark on this machine", expected)]) from None
    running = SparkSession.getActiveSession()
    if running is not None:
        return running
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    builder = SparkSession.builder.appName("InfantALL")
    for key, value in _SETTINGS.items():
        builder = builder.config(key, value)
    if "MASTER" not in os.environ and "SPARK_REMOTE" not in os.environ:
        builder = builder.master("local[2]")
    try:
        session = builder.getOrCreate()
    except (PySparkRuntimeError, OSError):
        raise InputError([Problem("--engine spark", "no Java that runs Spark", "Java 17, found by JAVA_HOME or PATH")]) from None
    session.sparkContext.setLogLevel("ERROR")
    return session


def _is_number(kind: str) -> bool:
    return kind.split("(")[0] in ("boolean", "byte", "short", "integer", "long", "float", "double", "decimal")
