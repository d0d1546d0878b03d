"""The report of ``infantall cohort describe``: who the infants were, as text, Markdown, HTML, JSON and CSV."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from typing import Any

from infantall.cohort.results import Cell, DescribeResult, Line
from infantall.cohort.small_cells import MISSING
from infantall.rules.english import UNITS_IN_WORDS, plain_number, say_word

from ..words import count, sentence
from .blocks import Block, Document, Para, Points, Section, Table, document_markdown, document_text
from .data import csv_text, jsonable, quality_json, shown
from .page import document_html
from .quality import quality_section
from .words import HIDDEN, counted, percent


def describe_text(result: DescribeResult, width: int = 100) -> str:
    """The report as plain text, no line longer than ``width``."""
    return document_text(describe_document(result), width)


def describe_markdown(result: DescribeResult) -> str:
    """The report as Markdown with pipe tables."""
    return document_markdown(describe_document(result))


def describe_html(result: DescribeResult) -> str:
    """The report as one self-contained page."""
    return document_html(describe_document(result))


def describe_document(result: DescribeResult) -> Document:
    """The report before it has a look."""
    by = f" by {result.by}" if result.by else ""
    blocks: list[Block] = [
        Para("Numbers: median (first to third quartile), then the range. Categories: count / infants of known value (per cent)."),
        _table(result),
    ]
    if result.small_cells:
        blocks.append(Para(f"{count(result.small_cells, 'cell')} hidden."))
    sections = [quality_section(result.quality)]
    if result.notices:
        sections.append(Section("Please note", (Points(result.notices),)))
    sections.append(Section("Table 1", tuple(blocks)))
    lead = (f"n = {counted(result.n)}. No test was run.",)
    return Document(f"Characteristics{by}: {result.table}", tuple(sections), result.simulated, lead)


def _table(result: DescribeResult) -> Table:
    """A number: median, range, not known. A category: a heading, and a line a level."""
    sizes = [f"{column} ({_size(result.sizes.get(column))})" for column in result.columns]
    rows: list[tuple[str, ...]] = []
    for (_, label, unit), group in groupby(result.lines, key=lambda line: (line.column, line.label, line.unit)):
        lines = list(group)
        words = UNITS_IN_WORDS.get(unit, unit)
        name = sentence(f"{label.removesuffix(f' in {words}')}, {words}" if words else label)
        if not lines[0].level:
            rows += _number(name, lines[0], result)
            lines = lines[1:]
        elif lines:
            rows.append((name, *("" for _ in result.columns)))
        told = [line for line in lines if not _nothing_missing(line)]
        rows += [(f"– {say_word(line.level)}", *(category_said(line.cells.get(c)) for c in result.columns)) for line in told]
    return Table(f"Infants of {result.table}", ("Characteristic", *sizes), tuple(rows))


def _nothing_missing(line: Line) -> bool:
    """Whether a line only says that no value is missing anywhere."""
    return line.level == MISSING and all(c.count == 0 and not c.suppressed for c in line.cells.values())


def _size(size: int | None) -> str:
    return "n hidden" if size is None or size < 0 else f"n = {size:,}"


def _number(name: str, line: Line, result: DescribeResult) -> list[tuple[str, ...]]:
    """Median with quartiles, range where it is shown, and how many are not known where any are."""
    cells = [line.cells.get(column) for column in result.columns]
    rows = [(name, *map(number_said, cells))]
    if any(c is not None and c.low is not None for c in cells):
        ranges = ("" if c is None or c.low is None else f"{measured(c.low)} to {measured(c.high)}" for c in cells)
        rows.append(("– range", *ranges))
    if any(c is not None and (c.missing or c.suppressed) for c in cells):
        rows.append(
            ("– not known", *("" if c is None else HIDDEN if c.suppressed or c.missing < 0 else f"{c.missing:,}" for c in cells))
        )
    return rows


def missing_said(cell: Cell | None) -> str:
    """How many are not known; ``hidden``."""
    if cell is None:
        return ""
    return HIDDEN if cell.suppressed or cell.missing < 0 else f"{cell.missing:,}"


def number_said(cell: Cell | None) -> str:
    """``88.2 (30 to 190)``; ``hidden``; a dash where nothing is known."""
    if cell is None:
        return ""
    if cell.median is None:
        return HIDDEN if cell.suppressed else "–"
    return f"{measured(cell.median)} ({measured(cell.q1)} to {measured(cell.q3)})"


def measured(value: float | None) -> str:
    """A measured number to four figures: 655.2, 0.0004; a dash where there is none."""
    return "–" if value is None or math.isnan(value) else plain_number(float(f"{value:.4g}"))


def category_said(cell: Cell | None) -> str:
    """``173/176 (98.3 %)``; the count alone where the denominator is hidden; ``hidden``."""
    if cell is None:
        return ""
    if cell.suppressed or cell.count is None:
        return HIDDEN if cell.suppressed else "–"
    return f"{cell.count:,}/{cell.n:,} ({percent(cell.count / cell.n)} %)" if cell.n > 0 else f"{cell.count:,}"


def describe_json(result: DescribeResult) -> dict[str, Any]:
    """The table as one object; a hidden or unknown number is null."""
    return {
        "table": result.table,
        "simulated": result.simulated,
        "by": result.by or None,
        "n": shown(result.n),
        "hidden_cells": result.small_cells,
        "columns": list(result.columns),
        "sizes": {name: shown(size) for name, size in result.sizes.items()},
        "lines": [
            {
                "column": line.column,
                "label": line.label,
                "unit": line.unit or None,
                "level": line.level or None,
                "cells": {name: _hidden(cell) for name, cell in line.cells.items()},
            }
            for line in result.lines
        ],
        "tests_run": 0,
        "quality": quality_json(result.quality),
        "notices": list(result.notices),
    }


def _hidden(cell: Cell) -> dict[str, Any]:
    """A cell; of a hidden one no count, only what may stay."""
    counts = {"n": shown(cell.n), "missing": shown(cell.missing), "count": shown(cell.count)}
    return {**jsonable(cell), **(dict.fromkeys(counts) if cell.suppressed else counts)}


_HEAD = (
    "column", "label", "unit", "level", "group", "n", "missing", "count", "median", "q1", "q3", "low", "high",
    "suppressed", "simulated",
)  # fmt: skip


def describe_csv(result: DescribeResult) -> str:
    """Tidy: one row a line and group; hidden cells hold no number."""
    rows: list[Sequence[Any]] = []
    for line in result.lines:
        for name in result.columns:
            c = line.cells.get(name)
            if c is None:
                continue
            counts = (None,) * 3 if c.suppressed else tuple(map(shown, (c.n, c.missing, c.count)))
            numbers = (c.median, c.q1, c.q3, c.low, c.high)
            where = (line.column, line.label, line.unit, line.level, name)
            rows.append((*where, *counts, *numbers, c.suppressed, result.simulated))
    return csv_text(_HEAD, rows)


RENDERERS: Mapping[str, Callable[[DescribeResult], object]] = {
    "text": describe_text,
    "json": describe_json,
    "html": describe_html,
    "csv": describe_csv,
    "markdown": describe_markdown,
}
