"""The first lines of a CSV file: its separator and its header. The rest is read by an engine."""

from __future__ import annotations

import codecs
import csv
import re
from dataclasses import dataclass
from pathlib import Path

from infantall.text.problems import InputError, Problem

HEAD_BYTES = 1 << 20
EXTRA_CELLS = 16  # cells beyond the header that are still looked at; spreadsheets leave blank ones
SEPARATOR_LINE = re.compile(r"(?i)sep=[;,\t|]$")  # Excel's own first line
_SEPARATORS = (";", "\t", ",", "|")


@dataclass(frozen=True)
class CsvHead:
    """How a CSV file begins.

    Attributes:
        names: the header, stripped; blank names are kept.
        skipped: lines before the first row of data: the header, and Excel's own ``sep=;`` line.
    """

    names: tuple[str, ...]
    delimiter: str
    skipped: int

    @property
    def decimal_comma(self) -> bool:
        return self.delimiter == ";"


def read_head(path: Path) -> CsvHead:
    """The beginning of a CSV file.

    Raises:
        InputError: it cannot be read, is no UTF-8 text, or is empty.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(HEAD_BYTES)
    except OSError as error:
        raise InputError([Problem("the file", error.strerror or "an unreadable file", "a table", str(path))]) from None
    try:
        text = codecs.getincrementaldecoder("utf-8-sig")().decode(raw)
    except UnicodeDecodeError:
        raise not_utf8(path) from None
    if "\0" in text[:10_000]:
        raise InputError([Problem("the file", "bytes that are no text", "a CSV table saved as UTF-8", str(path))])
    if not text.strip():
        raise InputError([Problem("the file", "nothing", "a header and a row for each infant", str(path))])
    return _parsed(text, path)


def not_utf8(path: Path) -> InputError:
    """The error for a file in another encoding."""
    return InputError([Problem("the file", "bytes that are not UTF-8", "a table saved as UTF-8", str(path))])


def _parsed(text: str, path: Path) -> CsvHead:
    lines = text.splitlines()
    before = 1 if SEPARATOR_LINE.match(lines[0]) else 0
    first = lines[before] if len(lines) > before else ""
    delimiter = lines[0][4] if before else max(_SEPARATORS, key=first.count)
    reader = csv.reader(lines[before:], delimiter=delimiter)
    try:
        names = next(reader, [])
    except csv.Error as error:
        raise InputError([Problem("the header", f"text that is no CSV ({error})", "names of columns", str(path))]) from None
    return CsvHead(tuple(name.strip() for name in names), delimiter, before + reader.line_num)
