"""A booklet as one self-contained page for a phone at night: no request, readable without script, fit for print.

The order of the page is the order of the booklet, for eyes, keyboard and screen reader alike. The way to the phone numbers stands
first in that order and never leaves the lower edge of the screen.
"""

from __future__ import annotations

import base64
import datetime
import hashlib
import html
import re
import unicodedata
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
    Page,
    Paragraph,
    Phone,
    Phones,
    Said,
    Table,
    Write,
)

from ..figures.drawing import identifier
from ..markup import Safe, items, join, tag
from ..words import clean
from .icons import babies, one_baby, sign
from .interface import Direction, counted, direction, interface
from .script import SCRIPT
from .style import CSS

_CALL = "call"
_MANY = 4
_SIGNED = {"do": "Do", "do_not": "Do not"}
_WORDS = {"red": "Call an ambulance", "amber": "Call the team now, day or night", "green": "Call in opening hours"}
_BRACKET = r"\([A-Za-z0-9'’.,;:&+\-/ \u00a0]*\)"
_LEFT_TO_RIGHT = re.compile(
    r"[-+]?\d+(?:[.,]\d+)?\s?°[CF](?:\s?\(\d+(?:[.,]\d+)?\s?°[CF]\))?"  # 38.0 °C (100.4 °F)
    r"|\+?\(?\d[\d \u00a0().\-]{5,}\d"  # a phone number
    rf"|[A-Za-z](?:(?:[A-Za-z0-9'’.,;:&+\-/ \u00a0]|{_BRACKET})*(?:[A-Za-z0-9]|{_BRACKET}))?"  # a medicine, a name
)
_DEGREES = re.compile(r"(?<=\d) (?=°[CF])")


def booklet_html(booklet: Booklet) -> str:
    """The page.

    Raises:
        ValueError: where there are no interface words in the booklet's language.
    """
    return _Guide(booklet).page()


class _Guide:
    def __init__(self, booklet: Booklet) -> None:
        self.booklet = booklet
        self.words = interface(booklet.language)
        self.side: Direction = booklet.direction
        self.language = booklet.language
        self.anchors = {page.id for page in booklet.pages} | _anchors([b for page in booklet.pages for b in page.blocks])
        self.used: set[str] = set()
        self.writes = any(_writes(page.blocks) for page in booklet.pages)
        self.calls = any(_has(page.blocks, Phones) for page in booklet.pages)
        self.numbered = 0

    def say(self, english: str, **values: object) -> str:
        return self.words.say(english, **values)

    # -- the page --------------------------------------------------------------------------------------------------------

    def page(self) -> str:
        css = CSS + self.margins()
        body = tag(
            "body",
            tag("a", self.say("Skip to the guide"), href="#guide", class_="skip"),
            self.bar(),
            self.header(),
            tag("main", *(self.sheet(page) for page in self.booklet.pages), self.notes(), id="guide", tabindex="-1"),
            self.contents(),
            self.footer(),
            tag("script", Safe(SCRIPT)),
            data_booklet=self.booklet.id,
        )
        page = tag("html", self.head(css), body, lang=self.language, dir=self.side)
        return f"<!doctype html>\n{page}\n"

    def head(self, css: str) -> Safe:
        policy = (
            f"default-src 'none'; style-src 'sha256-{_hash(css)}'; script-src 'sha256-{_hash(SCRIPT)}'; "
            "base-uri 'none'; form-action 'none'"
        )
        void = (
            '<meta charset="utf-8">'
            f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            '<meta name="color-scheme" content="light dark">'
            '<meta name="referrer" content="no-referrer">'
            '<meta name="robots" content="noindex">'
            '<meta name="format-detection" content="telephone=no">'
        )
        return tag("head", Safe(void), tag("title", self.booklet.title.text), tag("style", Safe(css)))

    def margins(self) -> str:
        """What stands at the foot of every printed sheet."""
        foot = _css_text(" · ".join(said.text for said in self.booklet.footer))
        start, end = ("left", "right") if self.side == "ltr" else ("right", "left")
        return (
            f"@media print{{@page{{@bottom-{start}{{content:{foot};width:85%;text-align:{start};direction:{self.side};"
            f"font:9pt/1.3 system-ui,sans-serif;vertical-align:top;padding-top:3mm}}"
            f"@bottom-{end}{{content:counter(page);font:9pt/1.3 system-ui,sans-serif;vertical-align:top;padding-top:3mm}}}}}}"
        )

    def bar(self) -> Safe:
        """Help, in the same place on every screen."""
        call = tag("a", sign("phone"), self.say("Call"), href=f"#{_CALL}", class_="call") if self.calls else None
        contents = tag("a", sign("contents"), self.say("Contents"), href="#contents")
        return tag("nav", call, contents, class_="bar", aria_label=self.say("Help"))

    def header(self) -> Safe:
        try:
            day = datetime.date.fromisoformat(self.booklet.as_of)
            made = tag(
                "p",
                tag("time", self.say("Made for {date}", date=self.words.date(day)), datetime=self.booklet.as_of),
                class_="small",
            )
        except ValueError:
            made = tag("p", self.booklet.as_of, class_="small") if self.booklet.as_of else Safe("")
        notices: Safe | None = None
        if self.booklet.notices:
            rows = [tag("p", self.run(said)) for said in self.booklet.notices]
            inner = tag("div", *rows)
            notices = tag("div", sign("notice"), inner, class_="notices", role="note", aria_label=self.say("About this guide"))
        return tag("header", tag("h1", self.run(self.booklet.title)), made, notices)

    def sheet(self, page: Page) -> Safe:
        name = self.own(page.id)
        title = tag("h2", self.run(page.title), id=f"{name}-title")
        css = " ".join(["sheet", identifier(page.kind), *(["compact"] if page.paper == "compact" else [])])
        inner = join(self.parts(page), self.blocks(page.blocks, 2))
        if page.screen_only:
            css += " screen-only"
            said = tag("p", self.say("This page stays closed until you open it. It is never printed."), class_="small")
            opened = tag("details", tag("summary", self.say("Open this page")), inner, class_="screen-only")
            inner = join(said, opened)
        elif _writes(page.blocks):
            inner = join(inner, self.kept())
        return tag("article", title, inner, id=name, class_=css, aria_labelledby=f"{name}-title")

    def parts(self, page: Page) -> Safe:
        """The topics of a long page, to go straight to one."""
        found = [b for b in page.blocks if isinstance(b, Heading) and b.level == 2 and b.anchor]
        rows = [tag("a", self.run(heading.text), href=f"#{heading.anchor}") for heading in found]
        return items("ul", *rows, class_="links no-print") if len(rows) >= _MANY else Safe("")

    def contents(self) -> Safe:
        rows = [tag("a", self.run(page.title), href=f"#{page.id}") for page in self.booklet.pages]
        if self.writes:
            rows.append(tag("a", self.say("My notes"), href="#my-notes"))
        title = tag("h2", self.say("Contents"), id="contents-title")
        return tag("nav", title, items("ul", *rows), id="contents", class_="contents", aria_labelledby="contents-title")

    def footer(self) -> Safe:
        return tag("footer", *(tag("p", self.run(said)) for said in self.booklet.footer), class_="small")

    # -- what the family writes --------------------------------------------------------------------------------------------

    def kept(self) -> Safe:
        """Whether what is written stays, in words; the script shows the one that is true."""
        return tag(
            "p",
            tag("span", self.say(_OFF), data_when="off"),
            tag("span", self.say(_KEPT), data_when="kept", hidden=""),
            tag("span", self.say(_REFUSED), data_when="refused", hidden=""),
            class_="kept small",
        )

    def notes(self) -> Safe | None:
        """Saving and erasing, once, after all pages."""
        if not self.writes:
            return None
        say = self.words.say
        told = join(
            tag("p", say(_OFF), data_when="off"),
            tag("p", say(_KEPT), " ", say(_WHO_READS), data_when="kept", hidden=""),
            tag("p", say(_REFUSED), data_when="refused", hidden=""),
        )
        buttons = tag(
            "p",
            tag("button", say("Save my notes as a file"), type="button", id="notes-save"),
            tag("button", say("Erase my notes"), type="button", id="notes-erase", class_="quiet"),
            class_="controls",
            hidden="",
        )
        asked = tag(
            "dialog",
            tag("h3", say("Erase all your notes?"), id="erase-title"),
            tag("p", say("They will be gone from this browser. You cannot get them back.")),
            tag("button", say("Keep my notes"), type="button", value="", autofocus=""),
            tag("button", say("Save as a file, then erase"), type="button", value="save", class_="quiet"),
            tag("button", say("Erase without saving"), type="button", value="erase", class_="quiet"),
            id="erase-asked",
            aria_labelledby="erase-title",
        )
        return tag(
            "section",
            tag("h2", say("My notes"), id="my-notes-title"),
            told,
            buttons,
            tag("p", id="notes-told", role="status"),
            asked,
            id="my-notes",
            class_="notes",
            aria_labelledby="my-notes-title",
            data_file=f"notes-{identifier(self.booklet.id)}.txt",
            data_early=say("Notes from earlier pages"),
            data_none=say("You have not written any notes yet."),
            data_saved=say("Your notes are saved as a file. Look in your downloads."),
            data_erased=say("Your notes are erased."),
        )

    # -- pieces of text ----------------------------------------------------------------------------------------------------

    def run(self, said: Said, within: str | None = None) -> Safe:
        """Words, marked with their language where it is not that of the page or the part they stand in."""
        text = _run(said)
        if said.language == (within or self.language):
            return text
        return tag("bdi", text, lang=said.language, dir=direction(said.language))

    def part(self, lines: Lines) -> dict[str, str | None]:
        """Language and direction of a part whose lines all have one other language."""
        spoken = {said.language for said in lines}
        if len(spoken) != 1 or self.language in spoken:
            return {}
        language = spoken.pop()
        return {"lang": language, "dir": direction(language)}

    def sentences(self, lines: Lines) -> tuple[Safe, dict[str, str | None]]:
        """The lines one after the other, and what to say of the part round them."""
        part = self.part(lines)
        runs = [self.run(said, part.get("lang")) for said in lines]
        return Safe(" ".join(runs)), part

    def own(self, name: str) -> str:
        """The name, or one like it that is still free."""
        free, count = name, 2
        while free in self.used:
            free, count = f"{name}-{count}", count + 1
        self.used.add(free)
        return free

    def number(self, word: str) -> str:
        self.numbered += 1
        return f"{word}-{self.numbered}"

    # -- blocks ------------------------------------------------------------------------------------------------------------

    def blocks(self, blocks: Sequence[Block], level: int) -> Safe:
        """The blocks, under a heading of a level."""
        made: list[Safe] = []
        here, before = level, None
        for block in blocks:
            if isinstance(block, Heading):
                here = min(level + block.level - 1, here + 1, 6)
            made.append(self.block(block, here, before))
            before = block
        return join(*made)

    def block(self, block: Block, level: int, before: Block | None) -> Safe:
        match block:
            case Heading():
                anchor = self.own(block.anchor) if block.anchor else None
                part = self.part((block.text,))
                return tag(f"h{level}", self.run(block.text, part.get("lang")), id=anchor, **part)
            case Paragraph():
                runs, part = self.sentences(block.lines)
                return tag("p", runs, class_=None if block.style == "normal" else block.style, **part)
            case Bullets():
                return self.bullets(block, before)
            case Box():
                return self.box(block, level)
            case Phones():
                return self.phones(block)
            case Table():
                return self.table(block)
            case Ask():
                return self.field(block.key, block.text, block.lines)
            case Write():
                return self.field(block.key, block.label, block.lines)
            case Icons():
                return self.icons(block)
            case Fold():
                css = "screen-only" if block.screen_only else None
                summary = tag("summary", self.run(block.summary))
                return tag("details", summary, self.blocks(block.blocks, level), class_=css)
            case Links():
                return self.links(block)

    def bullets(self, block: Bullets, before: Block | None) -> Safe:
        if not block.items:
            return Safe("")
        if block.style == "tick":
            return items("ul", *(self.tick(said) for said in block.items), class_="ticks")
        part = self.part(block.items)
        rows = [self.run(said, part.get("lang")) for said in block.items]
        if block.style == "plain":
            return items("ul", *rows, **part)
        word = self.say(_SIGNED[block.style])
        heard = isinstance(before, Heading) and before.text.text == word
        marked = [join(sign(block.style), tag("span", row)) for row in rows]
        css = block.style.replace("_", "-")
        label = None if heard else tag("p", word, class_="word")
        return tag("div", label, items("ul", *marked, **part), class_=f"signed {css}")

    def tick(self, said: Said) -> Safe:
        box = _void("input", type="checkbox", data_key=f"tick.{_slug(said.text)}", data_asked=said.text, autocomplete="off")
        return tag("label", box, tag("span", self.run(said)))

    def box(self, block: Box, level: int) -> Safe:
        if block.kind == "english" and self.language != "en":
            return self.english(block, level)
        return tag("div", self.boxed(block, level), class_=f"box {block.kind.replace('_', '-')}")

    def english(self, block: Box, level: int) -> Safe:
        """A part in English within another language, with the words round it in English as well."""
        words, language, side = self.words, self.language, self.side
        self.words, self.language, self.side = interface("en"), "en", "ltr"
        inner = self.boxed(block, level)
        self.words, self.language, self.side = words, language, side
        return tag("div", inner, class_="box english", lang="en", dir="ltr")

    def boxed(self, block: Box, level: int) -> Safe:
        word = _WORDS.get(block.kind)
        title = block.title or (self.words.said(word) if word else None)
        depth = min(level + 1, 6) if title else level
        mark = sign(block.kind) if block.kind != "card" else None
        # a card in another language is laid out its way from its title on; a box with a sign keeps the page's
        part = self.part((title,)) if title and mark is None else {}
        head = tag(f"h{depth}", mark, tag("span", self.run(title, part.get("lang"))), **part) if title else mark
        return join(head, self.blocks(block.blocks, depth))

    def phones(self, block: Phones) -> Safe:
        name = self.own(_CALL)
        return items("ul", *(self.phone(row) for row in block.rows), class_="phones", id=name, tabindex="-1")

    def phone(self, row: Phone) -> Safe:
        note = tag("span", self.run(row.note), class_="small") if row.note else None
        label = tag("span", self.run(row.label), class_="who")
        number = clean(row.number).strip()
        if number:
            shown = tag("bdi", number, dir="ltr", class_="number")
            target = _dialled(number)
            inner = join(sign("phone"), tag("span", label, " ", shown))
            line = tag("a", inner, href=f"tel:{target}", class_="tel") if target else tag("span", inner, class_="tel")
            return join(line, note)
        key = f"phone.{_slug(row.label.text)}"
        name = self.number("phone")
        entry = _void(
            "input",
            type="tel",
            id=name,
            dir="ltr",
            inputmode="tel",
            autocomplete="off",
            data_key=key,
            data_asked=row.label.text,
        )
        hint = tag("span", self.say("Write the number here"), class_="small hint")
        dial = tag(
            "a", sign("phone"), self.say("Call"), tag("span", f" {row.label.text}", class_="unseen"), class_="dial", hidden=""
        )
        return tag(
            "div",
            tag("label", label, " ", hint, for_=name),
            note,
            entry,
            dial,
            tag("span", class_="answer", dir="ltr", aria_hidden="true"),
            tag("span", class_="rule", aria_hidden="true"),
            class_="tel empty",
        )

    def field(self, key: str, asked: Said, lines: int) -> Safe:
        """A label and room to write; on paper what was written, or lines for a pen."""
        name = self.number("note")
        room = tag(
            "textarea", id=name, rows=str(max(lines, 2)), dir="auto", autocomplete="off", data_key=key, data_asked=asked.text
        )
        rules = tag("span", *(tag("span", class_="rule") for _ in range(max(lines, 1))), class_="rules", aria_hidden="true")
        answer = tag("span", class_="answer", dir="auto", aria_hidden="true")
        return tag("div", tag("label", self.run(asked), for_=name), room, answer, rules, class_="field")

    def table(self, block: Table) -> Safe:
        if not block.rows:
            return Safe("")
        form = block.style == "form"
        head = [tag("th", self.run(said), scope="col", role="columnheader") for said in block.head]
        rows = [self.row(block, row) for row in block.rows]
        seen = tag(
            "table",
            tag("caption", self.run(block.caption)),
            tag("thead", tag("tr", *head, role="row"), role="rowgroup"),
            tag("tbody", *rows, role="rowgroup"),
            class_="form" if form else "stack",
            role="table",
        )
        if not form:
            return seen
        said = tag("p", self.say("For paper: print this page to write on it."), class_="small no-print")
        frame = tag("div", seen, class_="sideways", tabindex="0", role="region", aria_label=block.caption.text)
        return join(said, frame)

    def row(self, block: Table, row: tuple[Lines, ...]) -> Safe:
        cells = []
        for place, lines in enumerate(row):
            runs = [self.run(said) for said in lines]
            inner = Safe("".join(tag("span", run, class_="line") for run in runs)) if len(runs) > 1 else join(*runs)
            if place == 0 and lines:
                cells.append(tag("th", inner, scope="row", role="rowheader"))
            else:
                label = block.head[place].text if place < len(block.head) else None
                cells.append(tag("td", inner, role="cell", data_label=label))
        return tag("tr", *cells, role="row")

    def icons(self, block: Icons) -> Safe:
        def legend(filled: bool, label: Said, count: int) -> Safe:
            said = counted(self.words, label, count, block.total)
            return join(one_baby(filled), tag("span", self.run(Said(said, label.language))))

        rows = (
            legend(True, block.filled_label, block.filled),
            legend(False, block.other_label, block.total - block.filled),
        )
        told = tag("figcaption", self.run(block.said))
        drawn = babies(block, self.side)
        return tag("figure", told, drawn, items("ul", *rows, class_="legend"), class_="people")

    def links(self, block: Links) -> Safe:
        rows = [
            tag("a", self.run(said), href=f"#{target}") if target in self.anchors else tag("span", self.run(said))
            for target, said in block.items
        ]
        return items("ul", *rows, class_="links")


_OFF = "Scripts are off in this browser, so your notes will not be kept. Write on paper, or print the page before you close it."
_KEPT = "What you write is kept in this browser only."
_REFUSED = (
    "This browser does not let the page keep your notes. Nothing is kept when you close it. "
    "Save your notes as a file first, or write on paper."
)
_WHO_READS = (
    "It is sent to no one. Anyone who uses this device can read it. If this browser's data is cleared, it is gone. "
    "Save a file to be safe."
)


def _run(said: Said) -> Safe:
    """Words as HTML. In a language written from the right, what runs from the left is kept together."""
    text = _DEGREES.sub("\N{NO-BREAK SPACE}", clean(said.text))
    if direction(said.language) == "ltr":
        return Safe(html.escape(text))
    parts, last = [], 0
    for found in _LEFT_TO_RIGHT.finditer(text):
        parts += [html.escape(text[last : found.start()]), _apart(found[0])]
        last = found.end()
    return Safe("".join([*parts, html.escape(text[last:])]))


def _apart(text: str) -> str:
    """A run from the left; words in Latin letters are read out as English."""
    language = ' lang="en"' if text[0].isalpha() else ""
    return f'<bdi dir="ltr"{language}>{html.escape(text)}</bdi>'


def _void(name: str, **attributes: str | None) -> Safe:
    return Safe(tag(name, **attributes).removesuffix(f"</{name}>"))


def _dialled(number: str) -> str:
    """What a phone dials: the first run of digits; nothing where the text does not begin with a number."""
    found = re.match(r"\(?\+?[\d\s().\-/*#\u00a0]+", number)
    if not found:
        return ""
    digits = "".join(str(unicodedata.digit(ch)) if ch.isdigit() else ch for ch in found[0] if ch.isdigit() or ch in "+*#")
    return digits if len(digits) > 1 else ""


def _slug(text: str) -> str:
    return re.sub(r"\W+", "-", clean(text).lower()).strip("-") or "x"


def _hash(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _css_text(text: str) -> str:
    """A string of a stylesheet that can end neither itself nor the stylesheet."""
    return '"' + "".join(ch if ch.isalnum() or ch == " " else f"\\{ord(ch):x} " for ch in clean(text)) + '"'


def _inner(block: Block) -> tuple[Block, ...]:
    return block.blocks if isinstance(block, Box | Fold) else ()


def _has(blocks: Sequence[Block], kind: type) -> bool:
    return any(isinstance(block, kind) or _has(_inner(block), kind) for block in blocks)


def _anchors(blocks: Sequence[Block]) -> set[str]:
    found: set[str] = set()
    for block in blocks:
        if isinstance(block, Heading) and block.anchor:
            found.add(block.anchor)
        found |= _anchors(_inner(block))
    return found


def _writes(blocks: Sequence[Block]) -> bool:
    """Whether there is anything to fill in."""
    for block in blocks:
        match block:
            case Ask() | Write():
                return True
            case Bullets(style="tick"):
                return True
            case Phones() if any(not row.number.strip() for row in block.rows):
                return True
            case Box() | Fold() if _writes(block.blocks):
                return True
            case _:
                pass
    return False
