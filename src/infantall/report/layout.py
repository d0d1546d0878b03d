"""Plain text within a width: headings, paragraphs, lists, pairs and tables that survive long labels."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence

from .words import clean, glued

NO_BREAK = "\N{NO-BREAK SPACE}"


_NARROWEST = 20
"""Below this the last column of a table is no column: its rows are written one below the other."""


class Page:
    """Lines of text, none longer than the width and none with trailing spaces."""

    def __init__(self, width: int) -> None:
        self.width = max(width, 40)
        self.lines: list[str] = []

    def title(self, text: str) -> None:
        """The page's title, underlined twice."""
        lines = self.wrapped(text)
        self.lines += [*lines, "=" * min(max(map(len, lines)), self.width)]

    def heading(self, text: str) -> None:
        """A section's heading, underlined."""
        lines = self.wrapped(text)
        self.lines += ["", *lines, "-" * min(max(map(len, lines)), self.width)]

    def gap(self) -> None:
        """An empty line, never two."""
        if self.lines and self.lines[-1]:
            self.lines.append("")

    def para(self, text: str, indent: int = 0, hang: int = 0) -> None:
        """A paragraph."""
        self.lines += self.wrapped(text, indent, hang)

    def item(self, text: str, indent: int = 0, mark: str = "-") -> None:
        """An item of a list."""
        self.lines += self.wrapped(f"{mark}{NO_BREAK}{text}", indent, len(mark) + 1)

    def pairs(self, rows: Iterable[tuple[str, str]], indent: int = 0, widest: int = 24) -> None:
        """Label and value side by side; a label that is too long stands on a line of its own."""
        rows = [(clean(label), clean(value)) for label, value in rows]
        column = min(max((len(label) for label, _ in rows), default=0), widest) + 2
        for label, value in rows:
            lines = self._fold(value, self.width - indent - column)
            if len(label) + 2 > column:
                self.lines += self.wrapped(label, indent)
                self.lines += [" " * (indent + column) + line for line in lines]
                continue
            self.lines.append((" " * indent + label.ljust(column) + lines[0]).rstrip())
            self.lines += [(" " * (indent + column) + line).rstrip() for line in lines[1:]]

    def table(self, head: Sequence[str], rows: Sequence[Sequence[str]], widest: Sequence[int]) -> None:
        """Columns; each but the last as wide as it needs up to its widest, the last takes what is left."""
        cells = [[clean(cell) for cell in row] for row in (head, *rows)]
        widths = [min(max(len(row[i]) for row in cells), widest[i]) for i in range(len(head) - 1)]
        widths.append(self.width - sum(widths) - 2 * len(widths))
        if widths[-1] < _NARROWEST:
            for row in cells[1:]:
                self.para(row[0])
                self.pairs(list(zip(head[1:], row[1:], strict=True)), indent=2)
            return
        for number, row in enumerate(cells):
            folded = [self._fold(cell, width) for cell, width in zip(row, widths, strict=True)]
            for i in range(max(map(len, folded))):
                parts = [(lines[i] if i < len(lines) else "").ljust(width) for lines, width in zip(folded, widths, strict=True)]
                self.lines.append("  ".join(parts).rstrip())
            if number == 0:
                self.lines.append("  ".join("-" * width for width in widths))

    def wrapped(self, text: str, indent: int = 0, hang: int = 0) -> list[str]:
        """The text in lines, the first indented, the others hanging."""
        lines = self._fold(clean(text), self.width - indent - hang, self.width - indent)
        return [(" " * (indent if i == 0 else indent + hang) + line).rstrip() for i, line in enumerate(lines)]

    def _fold(self, text: str, width: int, first: int = 0) -> list[str]:
        """Lines of a width; the first may be wider."""
        width = max(width, 8)
        hang = " " * max(0, first - width)
        folded = textwrap.wrap(glued(text), max(first, width), subsequent_indent=hang, break_on_hyphens=False)
        return [line.strip(" ").replace(NO_BREAK, " ") for line in folded] or [""]

    def text(self) -> str:
        """The page."""
        return "\n".join(self.lines) + "\n"
