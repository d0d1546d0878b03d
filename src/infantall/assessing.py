"""Files and folders to assessments, one after the other: a bad record never stops the others."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from infantall.care.assess import as_of_date, assess, assess_facts
from infantall.care.result import Assessment
from infantall.knowledge.guide import SITE_FILE
from infantall.knowledge.library import Knowledge
from infantall.record.derive import AsOf
from infantall.record.reader import RECORD_SUFFIXES, read_record_file
from infantall.record.table import TABLE_SUFFIXES, read_table
from infantall.text.problems import InputError, Problem


@dataclass(frozen=True)
class Outcome:
    """What came of one record: an assessment, or the problems for which it was refused."""

    id: str
    file: str
    assessment: Assessment | None = None
    problems: tuple[Problem, ...] = ()
    table_notices: tuple[str, ...] = ()

    def errors(self) -> list[dict[str, str]]:
        """The problems as the contract's JSON."""
        return [{"place": p.place, "found": p.found, "expected": p.expected} for p in self.problems]


def assess_files(
    paths: Sequence[Path], knowledge: Knowledge, day: dt.date | int | None, protocols: Sequence[str] | None
) -> tuple[int, Iterator[Outcome]]:
    """The number of files, and what came of each record in them, in order."""
    files = list(_files(paths))
    return len(files), (outcome for file in files for outcome in _assess_file(file, knowledge, day, protocols))


def _files(paths: Iterable[Path]) -> Iterator[Path | Outcome]:
    for path in paths:
        try:
            yield from _files_of(path)
        except OSError as error:
            yield _refused(path, Problem("the file", error.strerror or "nothing readable", "a record file, a table or a folder"))


def _files_of(path: Path) -> Sequence[Path | Outcome]:
    if path.is_dir():
        suffixes = (*RECORD_SUFFIXES, *TABLE_SUFFIXES)
        found = sorted(p for p in path.rglob("*") if p.suffix.lower() in suffixes and p.is_file() and p.name != SITE_FILE)
        none = Problem("the folder", "no record", "files ending in .yaml, .json, .csv or .parquet")
        return found or [_refused(path, none)]
    if path.exists():
        return [path]
    return [_refused(path, Problem("the file", "nothing of that name", "a record file, a table or a folder"))]


def _refused(path: Path, problem: Problem) -> Outcome:
    return Outcome(path.stem, str(path), problems=(problem.in_file(str(path)),))


def _assess_file(
    file: Path | Outcome, knowledge: Knowledge, day: dt.date | int | None, protocols: Sequence[str] | None
) -> Iterator[Outcome]:
    if isinstance(file, Outcome):
        yield file
    elif file.suffix.lower() in TABLE_SUFFIXES:
        yield from _assess_table(file, knowledge, protocols)
    else:
        yield _assess_record(file, knowledge, day, protocols)


def _assess_record(file: Path, knowledge: Knowledge, day: dt.date | int | None, protocols: Sequence[str] | None) -> Outcome:
    try:
        result = assess_record(file, knowledge, day, protocols)
        return Outcome(result.record.id, str(file), result)
    except InputError as error:
        return Outcome(file.stem, str(file), problems=error.problems)


def assess_record(
    file: Path, knowledge: Knowledge, day: dt.date | int | None = None, protocols: Sequence[str] | None = None
) -> Assessment:
    """The assessment of one record file. Raises InputError where the record or the day is wrong."""
    if file.suffix.lower() in TABLE_SUFFIXES or file.is_dir():
        raise InputError(
            [Problem("RECORD", "a table" if file.is_file() else "a folder", "the record file of one child", str(file))]
        )
    record = read_record_file(file, knowledge.vocabulary)
    try:
        as_of = as_of_date(record, day)
    except OverflowError:
        raise InputError([Problem("--as-of", f"day {day}", "a day within the calendar", str(file))]) from None
    except ValueError as error:
        raise InputError([Problem("--as-of", str(error), "days from diagnosis, such as 33", str(file))]) from None
    return assess(record, knowledge, as_of, protocols)


def _assess_table(file: Path, knowledge: Knowledge, protocols: Sequence[str] | None) -> Iterator[Outcome]:
    try:
        table = read_table(file, knowledge.vocabulary)
    except InputError as error:
        yield Outcome(file.stem, str(file), problems=error.problems)
        return
    notices = table.notices
    for row in table.rows:
        result = assess_facts(row.record, row.readings, knowledge, AsOf(None, None), protocols, row.notices)
        yield Outcome(row.record.id, str(file), result, table_notices=notices)
        notices = ()
    for name, problems in table.refused:
        yield Outcome(name, str(file), problems=problems, table_notices=notices)
        notices = ()
