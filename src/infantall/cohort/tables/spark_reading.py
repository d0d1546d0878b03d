"""CSV and Parquet inside Spark, as raw rows. Rows get the number they have in the file, without leaving the cluster."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from infantall.cohort.engines import Engine
from infantall.rules.sql import quoted
from infantall.text.problems import InputError, Problem

from .csv_head import EXTRA_CELLS, not_utf8, read_head
from .model import Raw, RawColumn, RawKind

if TYPE_CHECKING:
    from infantall.cohort.engines.spark_engine import SparkEngine

_NUMBERS = ("byte", "short", "integer", "long", "float", "double", "decimal")
_BROKEN = "\ufffd"  # what Spark makes of bytes that are no UTF-8


def csv_rows(path: Path, engine: Engine) -> Raw:
    """The rows of a CSV file, every cell as text.

    Raises:
        InputError: the file is no CSV table in UTF-8.
    """
    head = read_head(path)
    session = cast("SparkEngine", engine).session
    cells = [f"cell{i}" for i in range(len(head.names) + EXTRA_CELLS)]
    reader = session.read.schema(", ".join(f"`{cell}` STRING" for cell in cells)).option("sep", head.delimiter)
    reader = reader.option("escape", '"').option("multiLine", _breaks_lines_inside_quotes(path, session))
    frame = _numbered(reader.csv(str(path)), 0)
    relation = engine.new_name("file")
    frame.where(f"_n > {head.skipped}").createOrReplaceTempView(relation)
    any_cell = " OR ".join(f"contains({cell}, '{_BROKEN}')" for cell in cells[: len(head.names)])
    ((broken,),) = engine.rows(f"SELECT count(*) FILTER (WHERE {any_cell}) FROM {relation}")
    if broken:
        raise not_utf8(path)
    columns = tuple(RawColumn(n, quoted(f"cell{i}"), "text") for i, n in enumerate(head.names))
    extra = tuple(quoted(cell) for cell in cells[len(head.names) :])
    return Raw(
        str(path), relation, columns, relation, head.skipped + 1, keeps_number=True, extra=extra, decimal_comma=head.decimal_comma
    )


def _breaks_lines_inside_quotes(path: Path, session: Any) -> bool:
    """Whether some line holds an odd number of quotation marks; such a file is read as a whole, others in parts."""
    odd = "(length(value) - length(replace(value, '\"', ''))) % 2 = 1"
    return bool(session.read.text(str(path)).where(odd).limit(1).count())


def _numbered(frame: Any, first: int) -> Any:
    """The frame with ``_n``: the row's number in the order of the files, counted from ``first`` + 1.

    Spark numbers rows within parts; where a part begins is known once the rows of each are counted.
    """
    from pyspark.sql import functions as f

    marked = frame.withColumn("_id", f.monotonically_increasing_id())
    part = f.shiftright(f.col("_id"), 33)
    sizes = {row[0]: row[1] for row in marked.groupBy(part.alias("part")).count().collect()}
    begins, before = [], first
    for number in sorted(sizes):
        begins += [f.lit(number), f.lit(before)]
        before += sizes[number]
    if not begins:
        return marked.withColumn("_n", f.lit(0)).drop("_id")
    offset = f.element_at(f.create_map(*begins), part)
    return marked.withColumn("_n", offset + f.col("_id").bitwiseAND(f.lit((1 << 33) - 1)) + 1).drop("_id")


def parquet_rows(path: Path, name: str, engine: Engine) -> Raw:
    """The rows of a Parquet file, or of a folder of parts.

    Raises:
        InputError: a file is no Parquet.
    """
    from pyspark.errors import PySparkException

    session = cast("SparkEngine", engine).session
    try:
        reader = session.read.option("mergeSchema", "true").option("recursiveFileLookup", "true")
        frame = reader.option("pathGlobFilter", "*.parquet").parquet(str(path)) if path.is_dir() else reader.parquet(str(path))
        numbered = _numbered(frame, 0)
    except PySparkException:
        raise InputError([Problem("the file", "a file that is no Parquet", "a Parquet table", name)]) from None
    relation = engine.new_name("file")
    numbered.createOrReplaceTempView(relation)
    columns = tuple(RawColumn(f.name, quoted(f.name), _kind(f.dataType.typeName())) for f in frame.schema.fields)
    return Raw(name, relation, columns, relation, 1, keeps_number=True, simulated=_metadata_says_simulated(path))


def _kind(name: str) -> RawKind:
    kind = name.split("(")[0]
    if kind in _NUMBERS:
        return "number"
    return "boolean" if kind == "boolean" else "text" if kind in ("string", "varchar", "char") else "other"


def _metadata_says_simulated(path: Path) -> bool:
    import pyarrow.parquet as pq

    first = next(iter(sorted(path.rglob("*.parquet"))), None) if path.is_dir() else path
    metadata = pq.read_schema(first).metadata if first is not None else None
    return metadata is not None and metadata.get(b"simulated") == b"true"
