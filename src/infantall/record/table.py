"""A flat table, one row an infant, columns named as facts: the cohort form of a record.

CSV as people and spreadsheets save it (byte-order mark, semicolons, decimal commas, stray spaces, ``NA``) and Parquet. Empty
cells, NaN and sentinel values become unknown at this door; a category that is not in its closed set is a problem with its row
and column.
"""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from infantall.facts.ages import days_from_months, months_from_days
from infantall.facts.values import Interval, Value
from infantall.facts.vocabulary import FactDefinition, Vocabulary
from infantall.text.problems import InputError, Problem, did_you_mean, nearest, one_of

from .derive import Reading
from .model import Record

TABLE_SUFFIXES = (".csv", ".tsv", ".parquet")
OUTCOME_COLUMNS = (
    "efs_days", "efs_event", "os_days", "os_event", "first_event", "hsct_day", "follow_up_days",
)  # fmt: skip
SIMULATED = "simulated"  # a column that says whether the row is a virtual infant
ID_COLUMNS = ("id", "patient_id", "record_id", "subject_id")
MAX_CELL = 1_000
_SEPARATOR_LINE = re.compile(r"(?i)sep=[;,\t|]$")  # Excel's own first line


@dataclass(frozen=True, slots=True)
class Row:
    """One infant of a table: the record's identity, a reading of every fact, and what was noticed."""

    record: Record
    readings: Mapping[str, Reading]
    notices: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """The rows that could be read, the problems of those that could not, and columns that name no fact."""

    rows: tuple[Row, ...]
    refused: tuple[tuple[str, tuple[Problem, ...]], ...]
    unused: tuple[str, ...]
    notices: tuple[str, ...]


def read_table(path: Path, vocabulary: Vocabulary) -> Table:
    """The infants of a CSV, TSV or Parquet file.

    Raises:
        InputError: the file is no table, or has no column that names a fact.
    """
    try:
        header, rows, decimal_comma = _parquet(path) if path.suffix.lower() == ".parquet" else _csv(path)
    except OSError as error:
        raise InputError([Problem("the file", error.strerror or "an unreadable file", "a table", str(path))]) from None
    except UnicodeDecodeError:
        raise InputError([Problem("the file", "bytes that are not UTF-8", "a table saved as UTF-8", str(path))]) from None
    except csv.Error as error:
        raise InputError([Problem("the file", f"text that is no CSV ({error})", "a CSV table", str(path))]) from None
    return _Reader(path, vocabulary, header, decimal_comma).table(rows)


def _csv(path: Path) -> tuple[list[str], list[tuple[int, Sequence[Any]]], bool]:
    text = path.read_bytes().decode("utf-8-sig")
    if "\0" in text[:10_000]:
        raise InputError([Problem("the file", "bytes that are no text", "a CSV table saved as UTF-8", str(path))])
    lines = text.splitlines()
    skipped = 1 if _SEPARATOR_LINE.match(lines[0] if lines else "") else 0
    first = lines[skipped] if len(lines) > skipped else ""
    delimiter = lines[0][4] if skipped else max((";", "\t", ",", "|"), key=first.count)
    reader = csv.reader(lines[skipped:], delimiter=delimiter)
    header = [name.strip() for name in next(reader, [])]
    rows: list[tuple[int, Sequence[Any]]] = [
        (reader.line_num + skipped, row) for row in reader if any(cell.strip() for cell in row)
    ]
    return header, rows, delimiter == ";"


def _parquet(path: Path) -> tuple[list[str], list[tuple[int, Sequence[Any]]], bool]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.read_table(path)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        raise InputError([Problem("the file", "a file that is no Parquet", "a Parquet table", str(path))]) from None
    columns = [column.to_pylist() for column in table.columns]
    return list(table.column_names), list(enumerate(zip(*columns, strict=True), start=1)), False


class _Reader:
    def __init__(self, path: Path, vocabulary: Vocabulary, header: list[str], decimal_comma: bool) -> None:
        self.path = path
        self.vocabulary = vocabulary
        self.header = header
        self.decimal_comma = decimal_comma
        self.facts = {i: vocabulary.facts[name] for i, name in enumerate(header) if name in vocabulary.facts}
        self.id_column = next((i for i, name in enumerate(header) if name.lower() in ID_COLUMNS), None)
        self.check_header()

    def check_header(self) -> None:
        twice = {name for name in self.header if name and self.header.count(name) > 1}
        if twice:
            found = f"the column '{sorted(twice)[0]}' twice"
            raise InputError([Problem("the header", found, "each column once", str(self.path))])
        if not self.facts:
            expected = "at least one column named as a fact, such as kmt2a_status"
            raise InputError([Problem("the header", "no column that names a fact", expected, str(self.path))])

    def table(self, rows: list[tuple[int, Sequence[Any]]]) -> Table:
        known = {*self.vocabulary.facts, *OUTCOME_COLUMNS, *ID_COLUMNS, SIMULATED, ""}
        unused = tuple(name for name in self.header if name.lower() not in known and name not in known)
        notices = tuple(self.unused_notice(name) for name in unused)
        read: list[Row] = []
        refused: list[tuple[str, tuple[Problem, ...]]] = []
        for line, cells in rows:
            name = self.row_id(line, cells)
            try:
                read.append(self.row(name, line, cells))
            except InputError as error:
                refused.append((name, error.problems))
        return Table(tuple(read), tuple(refused), unused, notices)

    def unused_notice(self, name: str) -> str:
        near = nearest(name, self.vocabulary.facts)
        hint = f"; did you mean {near}?" if near else ""
        return f"{self.path}: the column '{name}' names no fact and is not used{hint}"

    def row_id(self, line: int, cells: Sequence[Any]) -> str:
        if self.id_column is not None and self.id_column < len(cells) and str(cells[self.id_column] or "").strip():
            return str(cells[self.id_column]).strip()
        return f"row-{line}"

    def row(self, name: str, line: int, cells: Sequence[Any]) -> Row:
        problems: list[Problem] = []
        notices = ["SIMULATED: this infant never lived."] if self.is_simulated(cells) else []
        if len(cells) > len(self.header) and any(str(cell).strip() for cell in cells[len(self.header) :]):
            found = f"{len(cells)} cells"
            problems.append(Problem(f"line {line}", found, f"{len(self.header)}, one for each column", str(self.path)))
        values: dict[str, Value] = {}
        for i, definition in self.facts.items():
            place = f"line {line}, column {definition.name}"
            try:
                values[definition.name] = self.value(cells[i] if i < len(cells) else None, definition, place, notices)
            except InputError as error:
                problems.extend(error.problems)
        if problems:
            raise InputError(problems)
        complete_ages(values)
        record = Record(
            id=name,
            sex=cast(str | None, values.get("sex")),
            age_days=cast(Any, values.get("age_days_at_diagnosis")),
            age_months=cast(Any, values.get("age_months_at_diagnosis")),
            file=str(self.path),
        )
        return Row(record, self.readings(values), tuple(notices))

    def is_simulated(self, cells: Sequence[Any]) -> bool:
        """Whether the row says that it is a virtual infant."""
        place = next((i for i, name in enumerate(self.header) if name.lower() == SIMULATED), None)
        return place is not None and place < len(cells) and str(cells[place]).strip().lower() in ("true", "yes", "t", "y", "1")

    def readings(self, values: Mapping[str, Value]) -> dict[str, Reading]:
        """A reading of every fact; facts about the record itself follow from the finding's own column."""
        readings = {name: Reading(values.get(name)) for name in self.vocabulary.facts}
        for name, definition in self.vocabulary.facts.items():
            if name not in values or values[name] is None:
                readings[name] = Reading(recorded_in_table(definition, values))
        return readings

    def value(self, cell: Any, definition: FactDefinition, place: str, notices: list[str]) -> Value:
        if cell is None or (isinstance(cell, float) and math.isnan(cell)):
            return None
        if isinstance(cell, str) and (not cell.strip() or cell.strip().lower() in self.vocabulary.absent_words):
            return None
        if definition.type == "category":
            return self.category(cell, definition, place)
        return self.number(cell, definition, place, notices)

    def category(self, cell: Any, definition: FactDefinition, place: str) -> str:
        text = ("yes" if cell else "no") if isinstance(cell, bool) else str(cell).strip()
        by_word = {word.lower(): word for word in definition.values}
        word = by_word.get(text.lower()) or by_word.get(text.lower().replace(" ", "_").replace("-", "_"))
        finding = self.vocabulary.findings.get(str(definition.read.get("finding")))
        if word is None and finding is not None:
            word = finding.value_aliases.get(text.lower())
        if word is None or word not in definition.values:
            expected = one_of(definition.values) + did_you_mean(text, definition.values)
            raise InputError([Problem(place, f"'{text[:40]}'", expected, str(self.path))])
        return word

    def number(self, cell: Any, definition: FactDefinition, place: str, notices: list[str]) -> float | None:
        try:
            number = self.parsed(cell)
        except (ValueError, TypeError, OverflowError):
            found, expected = f"'{str(cell)[:40]}'", f"a number in {definition.unit}"
            raise InputError([Problem(place, found, expected, str(self.path))]) from None
        if not math.isfinite(number):
            return None
        low, high = possible_range(definition, self.vocabulary)
        if not low <= number <= high:
            notices.append(f"{place}: {number:g} is not possible and is taken as missing.")
            return None
        return int(number) if definition.unit in ("d", "mo") and number.is_integer() else number

    def parsed(self, cell: Any) -> float:
        if isinstance(cell, bool | bytes):
            raise ValueError
        if not isinstance(cell, str):
            return float(cell)
        text = cell.strip()
        if len(text) > MAX_CELL or "_" in text:
            raise ValueError
        return float(text.replace(",", ".") if self.decimal_comma and text.count(",") == 1 else text)


def possible_range(definition: FactDefinition, vocabulary: Vocabulary) -> tuple[float, float]:
    """The numbers that are not impossible for a fact; outside lie sentinel values such as -9 and 9999."""
    finding = vocabulary.findings.get(str(definition.read.get("finding")))
    if finding is not None and finding.bounds is not None:
        return finding.bounds
    return (0, 10_000)


def recorded_in_table(definition: FactDefinition, values: Mapping[str, Value]) -> Value:
    """A fact about the record itself, from the column of the finding: never unknown."""
    read = definition.read
    if read.get("by") != "recorded":
        return values.get(definition.name)
    if read.get("timepoint"):
        column = definition.name.removesuffix("_negative_recorded")
        return "yes" if values.get(column) == 0 else "no"
    if read.get("methods"):
        return "no"
    wanted = set(read.get("values") or [read["value"]])
    return "yes" if values.get(read["finding"]) in wanted else "no"


def complete_ages(values: dict[str, Value]) -> None:
    """What an age in days says of completed months, and the other way round, as far as it is certain."""
    days, months = values.get("age_days_at_diagnosis"), values.get("age_months_at_diagnosis")
    if isinstance(days, int | float) and months is None:
        values["age_months_at_diagnosis"] = months_from_days(math.floor(days))
    elif isinstance(months, int | float) and days is None and months < 59:
        interval: Interval = days_from_months(math.floor(months))
        values["age_days_at_diagnosis"] = interval
