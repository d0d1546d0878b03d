"""A booklet on paper: a tagged PDF (PDF/UA-1) that any ward printer prints, in the fonts that travel with the package.

The layout is ``booklet.typ``; it reads the booklet as data, so no character of a text is ever taken for markup. The same booklet
gives the same bytes.
"""

from __future__ import annotations

import json
import math
import re
import threading
import zlib
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import Any, Literal, NamedTuple, TypeAlias

from infantall.family.booklet import (
    Ask,
    Block,
    Booklet,
    Box,
    Bullets,
    Fold,
    Heading,
    Icons,
    Links,
    Page,
    Paragraph,
    Phone,
    Phones,
    Said,
    Table,
    Write,
)
from infantall.report.figures.files import FONTS as FIGURE_FONTS
from infantall.report.figures.files import FigureError, typst_package

from .interface import direction

FONTS = Path(__file__).parent / "fonts"
LAYOUT = Path(__file__).parent / "booklet.typ"

TITLE = "Infant leukaemia: a guide for your family"
"""The title in the file's properties. It names no child, because properties are seen where a page is not."""
PAGE_OF, ON_PAGE, CONTINUED = "Page {page} of {pages}", "page {page}", "{title} (continued)"
DO, DO_NOT = "Do", "Do not"
PHRASES = (TITLE, PAGE_OF, ON_PAGE, CONTINUED, DO, DO_NOT)
"""What the printed form says by itself; ``say`` puts each into the booklet's language."""

Paper: TypeAlias = Literal["a4", "us-letter"]
PAPERS: tuple[Paper, ...] = ("a4", "us-letter")

_LATIN = "A-Za-zÀ-ɏ0-9"
_INNER = rf"{_LATIN} \u00a0\u202f.,:/%°+'’–−-"
_LTR_RUN = re.compile(
    r"(?:\+|\(|0)[\d() \u00a0\u202f-]{5,}\d"  # a telephone number
    rf"|[≥≤<>~+−-]?[ \u00a0]?[°{_LATIN}](?:[{_INNER}]*[{_LATIN}%°])?"  # 38.0 °C, 7 mL, Vincristine,
    rf"(?: \([≥≤<>~]?[ \u00a0]?[{_LATIN}][{_INNER}]*\))?"  # 38.0 °C (100.4 °F)
)
"""What reads from left to right inside a text that reads from right to left."""
_ARABIC_FONT = r" !,.0-9:\u00a0«»\u0600-\u06ff\u0750-\u077f\u08a0-\u08fe\u200b-\u2011\ufb50-\ufdff\ufe70-\ufeff"
_PIECES = re.compile(rf" +|(?:(?! )[{_ARABIC_FONT}])+ *|[^{_ARABIC_FONT}]+")
"""The words of an Arabic text with the spaces behind them, and the signs that the Arabic font lacks."""
_HEADED = frozenset({"red", "amber", "green", "unit", "until_set", "card"})
"""Boxes whose title is a heading, so that a screen reader can go from one to the next."""
_DIALLED = re.compile(r"\+?[\d \u00a0\u202f()./-]{3,}")
_LINE = 72
"""About how many characters stand on a line: enough to tell a box that fits on a sheet from one that must be split."""
_KEPT_LINES = 20
_WIDE_FORM = 6
_ONE_AT_A_TIME = threading.Lock()

Run: TypeAlias = str | tuple[str, str, str]
"""Text in the language around it, or text with its own language ("" for the same) and direction."""


class PrintError(FigureError):
    """A booklet cannot be printed; the message says what would help."""


def booklet_pdf(booklet: Booklet, say: Callable[[str], str] = str, paper: str = "a4") -> bytes:
    """Print a booklet. Pages and parts that are for a screen only are left out; each page begins on a new sheet.

    Args:
        booklet: the guide.
        say: puts a phrase of :data:`PHRASES` into the booklet's language; gives it back as it is where it has no translation.
        paper: ``a4`` or ``us-letter``.

    Raises:
        PrintError: where the extra ``infantall[pdf]`` is not installed, for another paper, or where nothing is for paper.
    """
    if paper not in PAPERS:
        raise PrintError(f"paper is {' or '.join(PAPERS)}; found {paper!r}")
    data = json.dumps({"paper": paper, **_Setting(booklet, say).data()}, ensure_ascii=False)
    return _compiled(data)


def sheets(pdf: bytes) -> int:
    """How many sheets a PDF of ours has, each printed on one side."""
    streams = re.finditer(rb"/Type\s*/ObjStm\b.*?stream\r?\n(.*?)endstream", pdf, re.DOTALL)
    parts = [pdf, *(zlib.decompressobj().decompress(found[1]) for found in streams)]
    return sum(len(re.findall(rb"/Type\s*/Page\b", part)) for part in parts)


def fits(booklet: Booklet, most: int = 4, say: Callable[[str], str] = str, paper: str = "a4") -> bool:
    """Whether a booklet keeps within ``most`` sheets, as the pack for going home must."""
    return sheets(booklet_pdf(booklet, say, paper)) <= most


def _compiled(data: str) -> bytes:
    try:
        typst = typst_package()
    except FigureError as missing:
        raise PrintError("a guide as PDF needs the extra: pip install 'infantall[pdf]'; the other forms do not") from missing
    refused: Exception | None = None
    # A name or a unit's own rule may be in a script that our fonts lack: then the machine's fonts are asked, and where they
    # lack it too, the promise of PDF/UA is dropped rather than the guide.
    for own, promise in ((True, ["ua-1"]), (False, ["ua-1"]), (False, [])):
        try:
            with _ONE_AT_A_TIME:
                made = _compiler(own).compile(format="pdf", sys_inputs={"booklet": data}, pdf_standards=promise)
        except typst.TypstError as error:
            refused = error
            continue
        if isinstance(made, bytes):
            return made
    raise PrintError(f"the guide could not be printed: {refused}") from refused


@lru_cache(maxsize=2)
def _compiler(own: bool) -> Any:
    """The layout and the fonts, read once."""
    typst = typst_package()
    fonts = typst.Fonts(include_system_fonts=not own, include_embedded_fonts=False, font_paths=[str(FONTS), str(FIGURE_FONTS)])
    return typst.Compiler(input=str(LAYOUT), root=str(LAYOUT.parent), font_paths=fonts, ignore_system_fonts=own)


class _Room(NamedTuple):
    """What a page leaves to its forms: whether it lies on its side, and about how many lines other blocks take."""

    wide: bool = False
    others: int = 0


_NO_FORMS = _Room()


class _Setting:
    """A booklet as the data that the layout reads."""

    def __init__(self, booklet: Booklet, say: Callable[[str], str]) -> None:
        self.booklet = booklet
        self.say = say
        self.pages = [page for page in booklet.pages if not page.screen_only]
        if not self.pages:
            raise PrintError("this guide has no page for paper; its pages are for a screen only")
        self.free = {anchor for page in self.pages for anchor in _anchors(page)}
        self.known = frozenset(self.free)

    def data(self) -> dict[str, Any]:
        booklet = self.booklet
        made = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", booklet.as_of)
        return {
            "lang": _subtags(booklet.language),
            "dir": booklet.direction,
            "date": [int(part) for part in made.groups()] if made else None,
            "properties": self.say(TITLE),
            "title": _text((booklet.title,)),
            "notices": [_text((notice,)) for notice in booklet.notices],
            "footer": [_text((line,)) for line in booklet.footer],
            "page_of": self._phrase(PAGE_OF),
            "on_page": self._phrase(ON_PAGE),
            "do": _text((self._phrase_said(DO),)),
            "do_not": _text((self._phrase_said(DO_NOT),)),
            "pages": [self._page(page) for page in self.pages],
        }

    def _phrase_said(self, phrase: str) -> Said:
        said = self.say(phrase)
        return Said(said, "en" if said == phrase else self.booklet.language)

    def _phrase(self, phrase: str) -> dict[str, Any]:
        """A phrase whose places the layout fills: cut into text and the names of places."""
        said = self._phrase_said(phrase)
        return {**_base(said.language), "parts": re.split(r"(\{\w+\})", said.text)}

    def _page(self, page: Page) -> dict[str, Any]:
        forms = [block for block in page.blocks if isinstance(block, Table) and block.style == "form"]
        wide = any(len(form.head) > _WIDE_FORM for form in forms)
        others = sum(_height(block) for block in page.blocks if block not in forms)
        if page is self.pages[0]:
            others += 4 + sum(_lines(notice) for notice in self.booklet.notices)
        continued = self._phrase_said(CONTINUED)
        return {
            **_base(page.title.language),
            "title": _runs((page.title,)),
            "header": _text((Said(continued.text.replace("{title}", page.title.text), page.title.language),)),
            "anchor": self._anchor(page.id),
            "compact": page.paper == "compact",
            "landscape": wide,
            "blocks": self._blocks(page.blocks, 1, _Room(wide, others)),
        }

    def _anchor(self, name: str) -> str | None:
        """The name of a place, the first time that it is used."""
        if name not in self.free:
            return None
        self.free.discard(name)
        return name

    def _blocks(self, blocks: Iterable[Block], level: int, room: _Room = _NO_FORMS) -> list[dict[str, Any]]:
        """Blocks under a heading of a level; headings never skip a level, whatever the booklet says."""
        made: list[dict[str, Any]] = []
        for block in blocks:
            if isinstance(block, Heading):
                level = max(2, min(block.level, level + 1, 3))
            if isinstance(block, Fold) and block.screen_only:
                continue
            made.append({**_base(_first_language(block, self.booklet.language)), **self._block(block, level, room)})
        return made

    def _block(self, block: Block, level: int, room: _Room) -> dict[str, Any]:
        match block:
            case Heading(text, _, anchor):
                return {"k": "heading", "level": level, "text": _runs((text,)), "anchor": self._anchor(anchor)}
            case Paragraph(lines, style):
                return {"k": "paragraph", "style": style, "text": _runs(lines)}
            case Bullets(items, style):
                return {"k": "bullets", "style": style, "items": [_text((item,)) for item in items]}
            case Box():
                return self._box(block, level)
            case Phones(rows):
                return {"k": "phones", "rows": [_phone(row) for row in rows]}
            case Table():
                return _table(block, room)
            case Ask(_, text, lines):
                return {"k": "ask", "text": _runs((text,)), "lines": max(1, lines)}
            case Write(_, label, lines):
                return {"k": "write", "text": _runs((label,)), "lines": max(1, lines)}
            case Icons(total, filled, filled_label, other_label, said):
                labels = [_text((filled_label,)), _text((other_label,))]
                return {"k": "icons", "total": total, "filled": filled, "labels": labels, "said": _runs((said,))}
            case Fold(summary, blocks, _):
                return {"k": "fold", "text": _runs((summary,)), "blocks": self._blocks(blocks, level)}
            case Links(items):
                found = [{**_text((title,)), "to": to if to in self.known else None} for to, title in items]
                return {"k": "links", "items": found}

    def _box(self, box: Box, level: int) -> dict[str, Any]:
        headed = box.title is not None and box.kind in _HEADED and level < 3
        inner = level + 1 if headed else level
        return {
            "k": "box",
            "kind": box.kind,
            "title": None if box.title is None else _text((box.title,)),
            "level": inner if headed else 0,
            "keep": _height(box) <= _KEPT_LINES,
            "blocks": self._blocks(box.blocks, inner),
        }


def _phone(row: Phone) -> dict[str, Any]:
    number = row.number.strip()
    dialled = re.sub(r"[^\d+]", "", number) if _DIALLED.fullmatch(number) else ""
    return {
        "label": _text((row.label,)),
        "number": number,
        "dialled": dialled,
        "note": None if row.note is None else _text((row.note,)),
    }


def _table(table: Table, room: _Room) -> dict[str, Any]:
    cells = [[[_text((line,)) for line in cell] for cell in row] for row in table.rows]
    return {
        "k": "table",
        "style": table.style,
        "wide": room.wide,
        "others": room.others,
        "caption": _runs((table.caption,)),
        "head": [_text((cell,)) for cell in table.head],
        "widths": _widths(table),
        "rows": [row + [[]] * (len(table.head) - len(row)) for row in cells],
    }


def _widths(table: Table) -> list[float]:
    """How the width is shared: by what a cell usually holds, so that a long column is not thin because of one long name."""
    shares: list[float] = []
    for place, head in enumerate(table.head):
        cells = [row[place] for row in table.rows if place < len(row)]
        filled = [max(len(line.text) for line in cell) for cell in cells if cell]
        usual = max(len(head.text), sum(filled) / len(filled) if filled else 0)
        word = max([len(part) for part in head.text.split()] or [1])
        if table.style == "form":  # no word of a heading may be wider than its column
            shares.append(round(word + 1.6 + len(head.text) / 6, 2))
        else:
            shares.append(round(max(word**0.5 + 1, 0.6 * min(usual, 90) ** 0.7), 2))
    return shares


def _height(block: Block) -> int:
    """About how many lines a block takes."""
    match block:
        case Box(_, title, blocks):
            return (2 if title else 1) + sum(_height(inner) for inner in blocks)
        case Fold(_, blocks, screen_only):
            return 0 if screen_only else 1 + sum(_height(inner) for inner in blocks)
        case Bullets(items, style):
            return (style in ("do", "do_not")) + sum(_lines(item) for item in items)
        case Phones(rows):
            return 2 * len(rows)
        case Table(_, _, rows):
            return 2 + 2 * len(rows)
        case Ask(_, _, lines) | Write(_, _, lines):
            return 1 + 2 * lines
        case Paragraph(lines):
            return math.ceil(sum(len(line.text) for line in lines) / _LINE)
        case Icons():
            return 6
        case Links(found):
            return len(found)
        case Heading():
            return 2


def _lines(said: Said) -> int:
    return max(1, math.ceil(len(said.text) / _LINE))


def _anchors(page: Page) -> Iterator[str]:
    yield page.id
    yield from (block.anchor for block in _all(page.blocks) if isinstance(block, Heading) and block.anchor)


def _all(blocks: Iterable[Block]) -> Iterator[Block]:
    """The blocks that are printed, and those inside them."""
    for block in blocks:
        if isinstance(block, Fold) and block.screen_only:
            continue
        yield block
        if isinstance(block, Box | Fold):
            yield from _all(block.blocks)


def _first_language(block: Block, otherwise: str) -> str:
    """The language that a block begins in; it decides which way the block is laid out."""
    match block:
        case Heading(said) | Ask(_, said) | Write(_, said) | Fold(said) | Table(said):
            return said.language
        case Icons():
            return block.said.language
        case Paragraph(lines) | Bullets(lines):
            return lines[0].language if lines else otherwise
        case Phones(rows):
            return rows[0].label.language if rows else otherwise
        case Links(items):
            return items[0][1].language if items else otherwise
        case Box(_, title, blocks):
            if title is not None:
                return title.language
            return _first_language(blocks[0], otherwise) if blocks else otherwise


def _base(language: str) -> dict[str, Any]:
    return {"lang": _subtags(language), "dir": direction(language)}


def _subtags(language: str) -> list[str]:
    """Language and country, as far as the layout can name them: ``es-419`` is ``es``."""
    first, *rest = language.split("-")
    return [first.lower(), *(part.upper() for part in rest if re.fullmatch(r"[A-Za-z]{2}", part))][:2]


def _text(lines: tuple[Said, ...]) -> dict[str, Any]:
    """Text that may stand anywhere: with its language and direction."""
    return {**_base(lines[0].language if lines else "en"), "text": _runs(lines)}


def _runs(lines: tuple[Said, ...]) -> list[Run]:
    """Sentences that are read together, cut where the language or the direction changes."""
    runs: list[Run] = []
    around = lines[0].language if lines else "en"
    for language, group in groupby(lines, lambda said: said.language):
        text = " ".join(said.text for said in group)
        if runs:
            runs.append(" ")
        if language != around:
            runs.append((text, _subtags(language)[0], direction(language)))
        elif direction(language) == "rtl":
            runs.extend(_isolated(text))
        else:
            runs.append(text)
    return runs


def _isolated(text: str) -> Iterator[Run]:
    """A text from right to left, with its numbers and Latin words set apart so that ``38.0 °C`` stays as written."""
    at = 0
    for found in _LTR_RUN.finditer(text):
        inner = found[0].strip()
        begin = found.start() + found[0].index(inner)
        yield from _whole(text[at:begin])
        yield (inner, "", "ltr")
        at = begin + len(inner)
    yield from _whole(text[at:])


def _whole(text: str) -> Iterator[Run]:
    """A text from right to left, word by word, every second word set apart: what is set in one piece stands in the file from
    left to right, so only pieces of one word, each in one font, are found there in the order in which they are read.
    """
    for place, part in enumerate(_PIECES.findall(text)):
        yield (part, "", "rtl") if place % 2 else part
