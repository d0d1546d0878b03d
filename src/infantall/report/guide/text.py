"""A booklet as plain text of 78 columns: today's topics first, boxes by their words, room to write as lines."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from infantall.family.booklet import (
    Ask,
    Block,
    Booklet,
    Box,
    Bullets,
    Fold,
    Heading,
    Icons,
    Lines,
    Links,
    Paragraph,
    Phones,
    Said,
    Table,
    Write,
)
from infantall.family.booklet import Page as Sheet

from ..layout import Page
from .interface import counted, interface

_WIDTH = 78
_MARKS = {"red": "!!!", "amber": "!!", "green": "!", "english": "EN"}
_SIGNED = {"do": "Do", "do_not": "Do not"}
_WORDS = {"red": "Call an ambulance", "amber": "Call the team now, day or night", "green": "Call in opening hours"}


def booklet_text(booklet: Booklet) -> str:
    """The guide as text, ending with a newline. Pages that are for a screen only come last, under their own titles.

    Raises:
        ValueError: where there are no interface words in the booklet's language.
    """
    return _Text(booklet).text()


class _Text:
    def __init__(self, booklet: Booklet) -> None:
        self.booklet = booklet
        self.words = interface(booklet.language)
        self.say = self.words.say
        self.page = Page(_WIDTH)

    def text(self) -> str:
        sheets = sorted(self.booklet.pages, key=lambda sheet: sheet.screen_only)
        for number, sheet in enumerate(sheets):
            if number:
                self.page.lines += ["", ""]
            self.page.title(sheet.title.text)
            if number == 0:
                self.about()
            self.sheet(sheet)
        self.page.lines += ["", "-" * _WIDTH]
        for said in self.booklet.footer:
            self.page.para(said.text)
        return self.page.text()

    def about(self) -> None:
        """Whose guide it is, of what day, and what must be known about it."""
        self.page.para(self.booklet.title.text)
        try:
            day = self.words.date(datetime.date.fromisoformat(self.booklet.as_of))
            self.page.para(self.say("Made for {date}", date=day))
        except ValueError:
            if self.booklet.as_of:
                self.page.para(self.booklet.as_of)
        for said in self.booklet.notices:
            self.page.item(said.text, mark="*")

    def sheet(self, sheet: Sheet) -> None:
        self.blocks(sheet.blocks, 0)

    def blocks(self, blocks: Sequence[Block], indent: int) -> None:
        before: Block | None = None
        for block in blocks:
            self.block(block, indent, before)
            before = block

    def block(self, block: Block, indent: int, before: Block | None) -> None:
        page = self.page
        if not isinstance(before, Heading):
            page.gap()
        match block:
            case Heading(level=level):
                page.para(block.text.text, indent)
                if level <= 2:
                    page.lines.append(" " * indent + "-" * min(len(page.lines[-1].strip()), _WIDTH - indent))
            case Paragraph():
                page.para(_joined(block.lines), indent)
            case Bullets():
                self.bullets(block, indent, before)
            case Box():
                self.box(block, indent)
            case Phones():
                self.phones(block, indent)
            case Table():
                self.table(block, indent)
            case Ask():
                self.room(block.text, block.lines, indent)
            case Write():
                self.room(block.label, block.lines, indent)
            case Icons():
                self.icons(block, indent)
            case Fold(screen_only=False):
                page.para(block.summary.text, indent)
                self.blocks(block.blocks, indent + 2)
            case Fold():
                pass
            case Links():
                for _, said in block.items:
                    page.item(said.text, indent)

    def bullets(self, block: Bullets, indent: int, before: Block | None) -> None:
        if not block.items:
            return
        mark = {"plain": "-", "do": "+", "do_not": "x", "tick": "[ ]"}[block.style]
        if block.style in ("do", "do_not"):
            word = self.say(_SIGNED[block.style])
            if not (isinstance(before, Heading) and before.text.text == word):
                self.page.para(f"{word}:", indent)
        for said in block.items:
            self.page.item(said.text, indent, mark)

    def box(self, block: Box, indent: int) -> None:
        word = _WORDS.get(block.kind)
        title = block.title.text if block.title else self.say(word) if word else ""
        mark = _MARKS.get(block.kind)
        if title:
            self.page.para(f"[{mark}] {title}" if mark else title, indent)
        inner = indent + 2 if title else indent
        for place, part in enumerate(block.blocks):
            # the first part stands directly under the title
            self.block(part, inner, Heading(block.title) if place == 0 and block.title else block.blocks[place - 1])

    def phones(self, block: Phones, indent: int) -> None:
        for row in block.rows:
            number = row.number.strip() or "_" * 24
            self.page.para(f"{row.label.text}: {number}", indent, 2)
            if row.note:
                self.page.para(row.note.text, indent + 2)

    def table(self, block: Table, indent: int) -> None:
        if not block.rows:
            return
        self.page.para(block.caption.text, indent)
        inside = Page(_WIDTH - indent)
        head = tuple(said.text for said in block.head)
        rows = [tuple("; ".join(said.text for said in lines) for lines in row) for row in block.rows]
        if block.style == "form":
            rows = [tuple(cell or "______" for cell in row) for row in rows]
        inside.table(head, rows, tuple(22 if i == 0 else 26 for i in range(len(head) - 1)))
        self.page.lines += [" " * indent + line if line else "" for line in inside.lines]

    def room(self, asked: Said, lines: int, indent: int) -> None:
        self.page.para(asked.text, indent)
        self.page.lines += [" " * indent + "_" * (_WIDTH - indent)] * max(lines, 1)

    def icons(self, block: Icons, indent: int) -> None:
        self.page.para(block.said.text, indent)
        counts = ((block.filled_label, block.filled), (block.other_label, block.total - block.filled))
        for label, count in counts:
            self.page.item(counted(self.words, label, count, block.total), indent)


def _joined(lines: Lines) -> str:
    return " ".join(said.text for said in lines)
