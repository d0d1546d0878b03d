"""One protocol's groups against another's: a table whose cells are the darker the more infants they hold."""

from __future__ import annotations

import math

from infantall.cohort.results import CrossTable

from ..markup import Safe, join, tag
from ..words import clean
from .drawing import SMALL, Figure, folded, number, shortened, simulated_line, text_width, watermark, words

_CELL_HEIGHT, _WIDEST = 34.0, 150.0


def hidden_or_number(value: int) -> str:
    """A count in words."""
    return "hidden" if value < 0 else f"{value:,}"


def cross_figure(cross: CrossTable, *, name: str, simulated: bool = False) -> Figure:
    """The picture of a cross-table. A cell's shade is its count against the greatest, by square roots, never above 40 %.

    Raises:
        ValueError: without a row or a column.
    """
    if not cross.row_labels or not cross.column_labels:
        raise ValueError("a cross-table needs at least one row and one column")
    labels = [clean(label) for label in cross.row_labels]
    left = 16 + min(max(text_width(label, SMALL) for label in labels), _WIDEST) + 12
    cell = min(max(*(text_width(clean(label), SMALL) + 14 for label in cross.column_labels), 64.0), 110.0)
    top = 78.0
    width = max(left + cell * len(cross.column_labels) + 16, 420.0)
    most = max([1, *cross.counts.values()])
    parts: list[Safe | None] = [
        words(16, 22, shortened(f"Rows: {clean(cross.rows)}", width - 160), bold=True),
        words(16, 40, shortened(f"Columns: {clean(cross.columns)}", width - 32), bold=True),
    ]
    for j, label in enumerate(cross.column_labels):
        lines = folded(label, cell - 6, SMALL)
        middle = left + cell * (j + 0.5)
        parts += [
            words(middle, top - 8 - 13 * (len(lines) - 1 - i), said, anchor="middle", size=SMALL) for i, said in enumerate(lines)
        ]
    for i, label in enumerate(labels):
        y = top + _CELL_HEIGHT * i
        parts.append(words(left - 8, y + _CELL_HEIGHT / 2 + 4, shortened(label, _WIDEST, SMALL), anchor="end", size=SMALL))
        for j, column in enumerate(cross.column_labels):
            value = cross.counts.get((cross.row_labels[i], column), 0)
            parts.append(_cell(left + cell * j, y, cell, value, most))
    bottom = top + _CELL_HEIGHT * len(labels)
    parts.append(watermark(left, top, width - left - 16, max(bottom - top, 60)) if simulated else None)
    parts.append(simulated_line(width) if simulated else None)
    title = f"{clean(cross.rows)} against {clean(cross.columns)}"
    return Figure(name, title, _described(cross, simulated), width, bottom + 14, join(*parts))


def _cell(x: float, y: float, width: float, value: int, most: int) -> Safe:
    said = hidden_or_number(value)
    share = 0.0 if value <= 0 else math.sqrt(value / most) * 0.4
    box = tag(
        "rect",
        x=number(x),
        y=number(y),
        width=number(width),
        height=number(_CELL_HEIGHT),
        fill="currentColor",
        fill_opacity=f"{share:.3f}",
        stroke="currentColor",
        stroke_opacity="0.35",
    )
    shade = tag("g", box, class_="s0")
    return join(shade, words(x + width / 2, y + _CELL_HEIGHT / 2 + 4.5, said, anchor="middle"))


def _described(cross: CrossTable, simulated: bool) -> str:
    told = [
        f"{clean(row)} and {clean(column)}: {hidden_or_number(cross.counts.get((row, column), 0))}"
        for row in cross.row_labels
        for column in cross.column_labels
        if cross.counts.get((row, column), 0) != 0
    ]
    begins = "Simulated data. " if simulated else ""
    return f"{begins}Infants by {clean(cross.rows)} and {clean(cross.columns)}. {'; '.join(told[:40])}."
