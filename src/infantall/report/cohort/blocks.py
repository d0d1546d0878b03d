"""A cohort report before it has a look: sections of paragraphs, lists, tables and figures, written as text or Markdown here.

The HTML page is made of the same blocks (:mod:`infantall.report.cohort.page`), so all forms say the same.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ..figures.drawing import Figure
from ..layout import Page
from ..words import clean

SIMULATED = "SIMULATED DATA: these are not real infants."


@dataclass(frozen=True)
class Para:
    """A paragraph; ``strong`` where nobody may overlook it."""

    text: str
    strong: bool = False


@dataclass(frozen=True)
class Heading:
    """A heading within a section."""

    text: str


@dataclass(frozen=True)
class Points:
    """A list."""

    items: tuple[str, ...]


@dataclass(frozen=True)
class Facts:
    """Labels with their values."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Table:
    """A table; the first cell of a row is its heading."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    folded: bool = False
    """Whether the page shows it closed at first, because the figure above says the same. Text leaves it out."""


@dataclass(frozen=True)
class Picture:
    """A figure. ``data`` is what the page's slider and downloads use; None where the picture only stands still."""

    figure: Figure
    data: Mapping[str, Any] | None = None


_WIDEST_COLUMN = 34

Block = Para | Heading | Points | Facts | Table | Picture


@dataclass(frozen=True)
class Section:
    """A heading and what stands under it."""

    heading: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Document:
    """A whole report."""

    title: str
    sections: tuple[Section, ...]
    simulated: bool = False
    lead: tuple[str, ...] = field(default=())


# -- text ----------------------------------------------------------------------------------------------------------------


def document_text(document: Document, width: int = 100) -> str:
    """The report as plain text, no line longer than ``width`` (40 at least), ending with a newline. Figures are left out."""
    page = Page(width)
    if document.simulated:
        page.para(f"*** {SIMULATED} ***")
    page.title(document.title)
    for said in document.lead:
        page.para(said)
    for section in document.sections:
        page.heading(section.heading)
        shown = [b for b in section.blocks if not isinstance(b, Picture) and not (isinstance(b, Table) and b.folded)]
        for before, block in zip([None, *shown], shown, strict=False):
            if before is not None and not isinstance(before, Heading):
                page.gap()
            _block_text(block, page)
    if document.simulated:
        page.gap()
        page.para(f"*** {SIMULATED} ***")
    return page.text()


def _block_text(block: Block, page: Page) -> None:
    match block:
        case Para():
            page.para(f"! {block.text}" if block.strong else block.text)
        case Heading():
            page.para(f"## {block.text}", hang=3)
        case Points():
            for item in block.items:
                page.item(item)
        case Facts():
            page.pairs(block.rows)
        case Table():
            _table_text(block, page)
        case Picture():
            pass


def _table_text(table: Table, page: Page) -> None:
    """Columns as wide as they need, numbers to the right.

    Where they do not fit, narrow columns follow in several tables; where one is wide, the rows stand one below the other.
    """
    page.para(table.caption)
    for place, part in enumerate(_parts(table, page.width)):
        if place:
            page.gap()
        _part_text(part, page)


def _parts(table: Table, width: int) -> list[Table]:
    """The table in parts of as many columns as fit; each begins with the first column."""
    widths = [max(len(clean(cell)) for cell in column) for column in zip(table.head, *table.rows, strict=True)]
    first = min(widths[0], max(18, width // 3))
    if first + sum(widths[1:]) + 2 * (len(widths) - 1) <= width or max(widths[1:], default=0) > _WIDEST_COLUMN:
        return [table]
    chosen: list[list[int]] = [[]]
    for i in range(1, len(widths)):
        if chosen[-1] and first + sum(widths[j] + 2 for j in [*chosen[-1], i]) > width:
            chosen.append([])
        chosen[-1].append(i)
    return [replace(table, head=_only(table.head, some), rows=tuple(_only(row, some) for row in table.rows)) for some in chosen]


def _only(row: tuple[str, ...], columns: Sequence[int]) -> tuple[str, ...]:
    return (row[0], *(row[i] for i in columns))


def _part_text(table: Table, page: Page) -> None:
    cells = [[clean(cell) for cell in row] for row in (table.head, *table.rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    spare = page.width - sum(widths) - 2 * (len(widths) - 1)
    if spare < 0 and widths[0] + spare >= 18:
        widths[0] += spare
        spare = 0
    if spare < 0:
        page.table(table.head, table.rows, [max(24, page.width // 3)] * len(widths))
        return
    right = [_is_numeric([row[i] for row in cells[1:]]) for i in range(len(widths))]
    for number, row in enumerate(cells):
        lines = textwrap.wrap(row[0], widths[0], subsequent_indent="  ", break_on_hyphens=False) or [""]
        rest = [cell.rjust(w) if r else cell.ljust(w) for cell, w, r in zip(row[1:], widths[1:], right[1:], strict=True)]
        page.lines.append("  ".join([lines[0].ljust(widths[0]), *rest]).rstrip())
        page.lines += lines[1:]
        if number == 0:
            page.lines.append("  ".join("-" * width for width in widths))


_NUMERIC = re.compile(r"[<>–—-]?[\d,.]*( ?%| to [\d,.–-]+)?|–|∞")


def _is_numeric(cells: Sequence[str]) -> bool:
    return bool(cells) and all(_NUMERIC.fullmatch(cell) for cell in cells)


# -- Markdown ------------------------------------------------------------------------------------------------------------


def document_markdown(document: Document) -> str:
    """The report as Markdown with pipe tables. Figures are left out; what the data say is escaped."""
    parts = [f"# {markdown(document.title)}"]
    if document.simulated:
        parts.insert(0, f"**{SIMULATED}**")
    parts += [markdown(said) for said in document.lead]
    for section in document.sections:
        parts.append(f"## {markdown(section.heading)}")
        parts += [said for block in section.blocks if (said := _block_markdown(block))]
    return "\n\n".join(parts) + "\n"


def _block_markdown(block: Block) -> str:
    match block:
        case Para():
            return f"**{markdown(block.text)}**" if block.strong else markdown(block.text)
        case Heading():
            return f"### {markdown(block.text)}"
        case Points():
            return "\n".join(f"- {markdown(item)}" for item in block.items)
        case Facts():
            return "\n".join(f"- {markdown(label)}: {markdown(value)}" for label, value in block.rows)
        case Table():
            lines = ["| " + " | ".join(map(markdown, row)) + " |" for row in (block.head, *block.rows)]
            lines.insert(1, "|" + " --- |" * len(block.head))
            return f"{markdown(block.caption)}\n\n" + "\n".join(lines)
        case Picture():
            return ""


def markdown(said: str) -> str:
    """The words with every character escaped that Markdown or HTML inside it would take for markup."""
    return re.sub(r"([\\`*_\[\]<>|#~])", r"\\\1", clean(said)).replace("&", "&amp;").replace("\\<", "&lt;").replace("\\>", "&gt;")
