"""The printed guide: tagged, in reading order, black-and-white safe, with no child's name in its properties."""

from __future__ import annotations

import dataclasses
import re
import sys
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from itertools import pairwise
from typing import Any

import pytest

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
from infantall.report.guide import pdf as printing
from infantall.report.guide.pdf import PrintError, booklet_pdf, fits, sheets

pikepdf = pytest.importorskip("pikepdf", reason="pikepdf is not installed")
pytest.importorskip("typst", reason="typst is not installed")

NAME = "Bean #strong[x] *y* $z$ <a> @b _c_ \\ //"
SECRET = "Zebra"
"""Stands only in what is for a screen."""
WORDS = {
    "en": (
        "Your baby is in induction.", "Fever: 38.0 °C (100.4 °F), £5, 6 €, ≥ 3 kg, ½", "Call an ambulance", "Vincristine", "Day 1"),
    "es": (
        "Su bebé está en la inducción.", "Fiebre: 38.0 °C (100.4 °F), ¿qué?, niño", "Llame a una ambulancia", "Vincristina", "Día 1"),
    "ar": (
        "طفلكم في مرحلة الحث.", "اتصلوا إذا كانت الحرارة 38.0 °C (100.4 °F) أو أكثر", "اتصلوا بالإسعاف", "فينكريستين", "اليوم 1"),
}  # fmt: skip
SAID = {
    "ar": {
        "Page {page} of {pages}": "صفحة {page} من {pages}", "page {page}": "صفحة {page}", "Do": "افعلوا", "Do not": "لا تفعلوا",
        "{title} (continued)": "{title} (تتمة)", printing.TITLE: "لوكيميا الرضع: دليل لعائلتكم"},
    "es": {"Do": "Haga esto", "Do not": "No haga esto", printing.TITLE: "Leucemia del lactante: una guía para su familia"},
}  # fmt: skip


def a_booklet(language: str = "en", copies: int = 1) -> Booklet:
    """Every block, in a language."""
    now, fever, ambulance, medicine, day = (Said(text, language) for text in WORDS[language])
    today = Page("today", "today", day, (
        Paragraph((now, fever), "lead"),
        Box("until_set", fever, (Bullets((now, fever)), Paragraph((now,), "small"))),
        Phones((Phone(now, "+44 20 7946 0000", fever), Phone(day))),
        *(Box(kind, ambulance, (Bullets((now, fever)),)) for kind in ("red", "amber", "green", "unit")),
        Table(medicine, (medicine, day), (((medicine,), (now, fever)), ((day,), ()))),
        Heading(day, 3, "here"),
        Box("card", medicine, (Bullets((now,), "do"), Bullets((fever,), "do_not"))),
        Fold(now, (Paragraph((fever,), "small"),)),
        Fold(Said(SECRET), (Paragraph((Said(SECRET),)),), screen_only=True),
        Links((("medicine-1", medicine), ("here", day), ("elsewhere", now))),
    ))  # fmt: skip
    topics = tuple(
        Page(f"medicine-{number}", "medicine", medicine, (
            Heading(fever), Paragraph((now, fever) * 3), Heading(day, 3), Bullets((now, fever), "do"),
            Box("english", Said("In English"), (Paragraph((Said("It goes into a vein."),)),)),
        ), paper="compact")
        for number in range(1, copies + 1)
    )  # fmt: skip
    questions = Page("questions", "questions", now, (
        Ask("a", fever, 3), Write("w", day), Write("v", medicine, 2), Bullets((day, now), "tick"), Icons(12, 9, day, medicine, now),
    ))  # fmt: skip
    log = Page("log", "log", day, (
        Table(day, (day, *(medicine,) * 7), tuple(((day,), *((),) * 7) for _ in range(7)), "form"),
    ))  # fmt: skip
    outlook = Page("outlook", "outlook", Said(SECRET), (Paragraph((Said(SECRET),)),), screen_only=True)
    return Booklet(
        id="baby-77",
        title=Said(f"A guide for {NAME}", "en"),
        language=language,
        direction="rtl" if language == "ar" else "ltr",
        as_of="2026-05-03",
        pages=(today, *topics, outlook, questions, log),
        notices=(Said("Nobody outside the project has reviewed this guide."),),
        footer=(Said("Your unit's words come first."), now),
        fingerprint="1a2b3c4d5e6f",
    )


def say(language: str) -> Any:
    return lambda english: SAID.get(language, {}).get(english, english)


@cache
def printed(language: str) -> Printed:
    return Printed(booklet_pdf(a_booklet(language), say(language)))


class Printed:
    """A PDF as a reader of its tags meets it."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.file = pikepdf.open(BytesIO(data))
        self.marked = [_marked(page) for page in self.file.pages]
        self.places = {page.obj.objgen: number for number, page in enumerate(self.file.pages)}
        self.parts = list(self._walk(self.file.Root.StructTreeRoot.K, -1))

    def _walk(self, node: Any, page: int) -> Iterator[tuple[str, str, int]]:
        """Tags and texts in reading order: (tag, "", page) and ("", text, page)."""
        if isinstance(node, pikepdf.Array):
            for part in node:
                yield from self._walk(part, page)
        elif isinstance(node, int):
            yield "", self.marked[page].get(node, ""), page
        elif isinstance(node, pikepdf.Dictionary):
            if "/Pg" in node:
                page = self.places[node.Pg.objgen]
            if node.get("/Type") == "/MCR":
                yield from self._walk(node.MCID, page)
            elif "/S" in node:
                yield str(node.S), "", page
                yield from self._walk(node.get("/K", pikepdf.Array()), page)

    @property
    def text(self) -> str:
        return "".join(text for _, text, _ in self.parts)

    @property
    def tags(self) -> list[str]:
        return [tag for tag, _, _ in self.parts if tag]

    @property
    def fonts(self) -> list[Any]:
        return [font for page in self.file.pages for font in page.Resources.get("/Font", {}).values()]


def _marked(page: Any) -> dict[int | None, str]:
    """The text of each marked part of a page, as it is read; None is what is not part of the reading order."""
    fonts = {name: _letters(font) for name, font in page.Resources.get("/Font", {}).items()}
    found: dict[int | None, str] = {}
    marks: list[tuple[str, int | None]] = []
    glyphs: list[str] = []
    font: dict[int, str] = {}
    for operands, operator in pikepdf.parse_content_stream(page):
        match str(operator):
            case "BDC" | "BMC":
                properties = operands[1] if len(operands) > 1 and isinstance(operands[1], pikepdf.Dictionary) else {}
                marks.append((str(operands[0]), properties.get("/MCID", marks[-1][1] if marks else None)))
            case "EMC":
                marks.pop()
            case "Tf":
                font = fonts[str(operands[0])]
            case "Tj" | "TJ":
                strings = (
                    [operands[0]] if str(operator) == "Tj" else [part for part in operands[0] if isinstance(part, pikepdf.String)]
                )
                codes = b"".join(bytes(part) for part in strings)
                glyphs = [font[int.from_bytes(codes[at : at + 2], "big")] for at in range(0, len(codes), 2)]
                reverse = any(tag == "/ReversedChars" for tag, _ in marks)
                place = marks[-1][1] if marks else None
                found[place] = found.get(place, "") + "".join(reversed(glyphs) if reverse else glyphs)
    return found


def _letters(font: Any) -> dict[int, str]:
    table = font.ToUnicode.read_bytes().decode("latin-1")
    letters: dict[int, str] = {}
    for part in re.findall(r"beginbfchar(.*?)endbfchar", table, re.DOTALL):
        for code, text in re.findall(r"<(\w+)>\s*<(\w*)>", part):
            letters[int(code, 16)] = bytes.fromhex(text).decode("utf-16-be")
    for part in re.findall(r"beginbfrange(.*?)endbfrange", table, re.DOTALL):
        for first, last, text in re.findall(r"<(\w+)>\s*<(\w+)>\s*<(\w+)>", part):
            for step in range(int(last, 16) - int(first, 16) + 1):
                letters[int(first, 16) + step] = chr(int(text, 16) + step)
    return letters


def _said(block: Block) -> Iterator[str]:
    """What a block says on paper, in its order."""
    match block:
        case Heading(text) | Ask(_, text) | Write(_, text):
            yield text.text
        case Paragraph(lines) | Bullets(lines):
            yield from (line.text for line in lines)
        case Box(_, title, blocks):
            yield from [title.text] if title else []
            yield from (text for inner in blocks for text in _said(inner))
        case Phones(rows):
            for row in rows:
                yield from (row.label.text, row.note.text if row.note else "", row.number)
        case Table(caption, head, rows):
            yield from (
                caption.text,
                *(cell.text for cell in head),
                *(line.text for row in rows for cell in row for line in cell),
            )
        case Icons():
            yield from (block.said.text, block.filled_label.text, block.other_label.text)
        case Fold(summary, blocks, screen_only):
            if not screen_only:
                yield from (summary.text, *(text for inner in blocks for text in _said(inner)))
        case Links(items):
            yield from (title.text for _, title in items)


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


@pytest.mark.parametrize("language", ["en", "es", "ar"])
def test_the_tags_are_read_in_the_order_of_the_blocks(language: str) -> None:
    booklet = a_booklet(language)
    read, at = squeezed(printed(language).text), 0
    expected = [booklet.title.text, *(notice.text for notice in booklet.notices)]
    for page in booklet.pages:
        if not page.screen_only:
            expected += [page.title.text, *(text for block in page.blocks for text in _said(block))]
    for text in expected:
        found = read.find(squeezed(text), at)
        assert found >= 0, (text, read[at : at + 200])
        assert found - at < 30, ("something unknown stands before", text, read[at:found])
        at = found + len(squeezed(text))


@pytest.mark.parametrize("language", ["en", "es", "ar"])
def test_what_pdf_ua_asks_for(language: str) -> None:
    pdf = printed(language)
    root = pdf.file.Root
    title = say(language)(printing.TITLE)
    assert root.MarkInfo.Marked
    assert str(root.Lang).split("-")[0] == language
    assert root.ViewerPreferences.DisplayDocTitle
    assert str(pdf.file.docinfo["/Title"]) == title
    assert str(pdf.file.docinfo["/Author"]) == "InfantALL"
    with pdf.file.open_metadata() as properties:
        assert properties["pdfuaid:part"] == "1"
        assert properties["dc:title"] == title
    assert pdf.fonts
    for font in pdf.fonts:
        descriptor = font.DescendantFonts[0].FontDescriptor
        assert "/FontFile2" in descriptor or "/FontFile3" in descriptor
        assert re.search("Noto|DejaVu", str(font.BaseFont))
    assert any("NaskhArabic" in str(font.BaseFont) for font in pdf.fonts) == (language == "ar")


def test_tags_are_headings_lists_and_tables_with_heads() -> None:
    pdf = printed("en")
    tags = pdf.tags
    headings = [int(tag[2]) for tag in tags if re.fullmatch(r"/H\d", tag)]
    assert set(headings) == {1, 2, 3}
    assert all(later - earlier <= 1 for earlier, later in pairwise(headings))
    pages = [page for page in a_booklet().pages if not page.screen_only]
    assert headings.count(1) == len(pages)
    assert tags.count("/Table") == 2
    assert tags.count("/Caption") == 2
    assert tags.count("/TH") == 2 + 8
    assert tags.count("/LI") == sum(_items(block) for page in pages for block in page.blocks)
    assert tags.count("/Figure") == 0, "signs are decoration; the word beside each says it"


def _items(block: Block) -> int:
    match block:
        case Bullets(items) | Phones(items) | Links(items):
            return len(items)
        case Box(_, _, blocks) | Fold(_, blocks, False):
            return sum(_items(inner) for inner in blocks)
    return 0


def test_every_page_begins_on_a_new_sheet_and_sheets_are_counted() -> None:
    pdf = printed("en")
    begins = [page for tag, _, page in pdf.parts if tag == "/H1"]
    titles = [page for page in a_booklet().pages if not page.screen_only]
    assert len(set(begins)) == len(titles)
    for sheet in begins[1:]:
        first = next(tag for tag, _, page in pdf.parts if page == sheet and tag not in ("/Div", "/Sect", "/Part"))
        assert first == "/H1"
    assert sheets(pdf.data) == len(pdf.file.pages)
    assert fits(a_booklet(), len(pdf.file.pages))
    assert not fits(a_booklet(), len(pdf.file.pages) - 1)
    for number, page in enumerate(pdf.marked, 1):
        outside = squeezed(page[None])
        assert squeezed(f"Page {number} of {len(pdf.marked)}") in outside
        assert squeezed("Your unit's words come first.") in outside
        assert squeezed(WORDS["en"][0]) in outside
    assert squeezed("Day 1 (continued)") in squeezed(pdf.marked[1][None])


@pytest.mark.parametrize("language", ["en", "ar"])
def test_no_name_in_the_properties_and_markup_is_printed_as_it_is(language: str) -> None:
    pdf = printed(language)
    assert NAME in pdf.text.replace("\u00a0", " ")
    with pdf.file.open_metadata() as properties:
        said = f"{pdf.file.docinfo!r} {properties}"
    for word in ("Bean", "baby-77", "strong"):
        assert word not in said
        assert word not in str(pdf.file.Root.get("/Outlines", ""))


@pytest.mark.parametrize("language", ["en", "es", "ar"])
def test_what_is_for_a_screen_only_is_nowhere_in_the_file(language: str) -> None:
    pdf = printed(language)
    assert all(SECRET not in text for page in pdf.marked for text in page.values())
    for number in range(1, len(pdf.file.objects)):
        thing = pdf.file.objects[number]
        raw = thing.read_bytes() if isinstance(thing, pikepdf.Stream) and "/Width" not in thing else repr(thing).encode()
        assert SECRET.encode() not in raw
        assert SECRET.encode("utf-16-be") not in raw
    with pytest.raises(PrintError, match="for a screen only"):
        booklet_pdf(dataclasses.replace(a_booklet(), pages=tuple(page for page in a_booklet().pages if page.screen_only)))


def test_numbers_keep_their_order_in_arabic() -> None:
    assert "38.0 °C (100.4 °F)" in printed("ar").text
    runs = list(printing._isolated("اتصلوا على 020 7946 0000، أو Vincristine – إذا كانت ≥ 38.0 °C (100.4 °F)."))
    assert [run[0] for run in runs if isinstance(run, tuple) and run[2] == "ltr"] == [
        "020 7946 0000", "Vincristine", "≥ 38.0 °C (100.4 °F)"]  # fmt: skip
    assert any("–" in (run if isinstance(run, str) else run[0]).split() for run in runs)
    assert "".join(run if isinstance(run, str) else run[0] for run in runs).endswith("(100.4 °F).")


def test_an_arabic_page_is_laid_out_from_the_right() -> None:
    """The bullet of a list stands at the right edge in Arabic, and at the left edge in English."""
    assert _bullets("ar") > 500
    assert _bullets("en") < 100


def _bullets(language: str) -> float:
    from pypdf import PdfReader

    places: list[float] = []

    def look(text: str, current: list[float], position: list[float], *_: Any) -> None:
        if text.strip().startswith("•"):
            places.append(current[4] + position[4])

    PdfReader(BytesIO(printed(language).data)).pages[0].extract_text(visitor_text=look)
    assert places
    return places[0]


def test_nothing_is_smaller_than_eleven_points() -> None:
    for page in printed("en").file.pages:
        sizes = [float(operands[1]) for operands, operator in pikepdf.parse_content_stream(page) if str(operator) == "Tf"]
        assert sizes
        assert min(sizes) >= 10.99


def test_papers() -> None:
    one = dataclasses.replace(a_booklet(), pages=a_booklet().pages[-1:] + a_booklet().pages[1:2])
    for paper, size in (("a4", (595, 842)), ("us-letter", (612, 792))):
        boxes = [page.MediaBox for page in pikepdf.open(BytesIO(booklet_pdf(one, paper=paper))).pages]
        assert [round(float(side)) for side in boxes[-1][2:]] == list(size)
        assert [round(float(side)) for side in boxes[0][2:]] == list(reversed(size)), "a form of many columns lies on its side"
        assert len(boxes) == 2, "a week stands on one sheet"
    with pytest.raises(PrintError, match="a4 or us-letter; found 'a5'"):
        booklet_pdf(one, paper="a5")


def test_links_go_to_pages_of_this_booklet_only() -> None:
    pdf = printed("en")
    links = [note for page in pdf.file.pages for note in page.get("/Annots", []) if note.Subtype == "/Link"]
    assert sorted("tel" if "/URI" in note.get("/A", {}) else "here" for note in links) == ["here", "here", "tel"]
    assert all(str(note.get("/Contents", "")) for note in links), "PDF/UA: a link says where it goes"
    sheet = next(page for tag, _, page in pdf.parts[[tag for tag, *_ in pdf.parts].index("/H1") + 1 :] if tag == "/H1") + 1
    assert squeezed(f"Vincristinepage {sheet}") in squeezed(pdf.text)


def test_the_same_booklet_gives_the_same_bytes() -> None:
    assert booklet_pdf(a_booklet("ar"), say("ar")) == printed("ar").data


def test_a_whole_pack_is_printed() -> None:
    assert sheets(booklet_pdf(a_booklet(copies=88))) >= 92


def test_a_name_in_a_script_that_our_fonts_lack_stops_nothing() -> None:
    pack = dataclasses.replace(a_booklet(), pages=a_booklet().pages[1:2], title=Said("A guide for 小宝's family 🦁"))
    assert sheets(booklet_pdf(pack)) == 1


def test_without_typst_the_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    with pytest.raises(PrintError, match=r"pip install 'infantall\[pdf\]'"):
        booklet_pdf(a_booklet())
