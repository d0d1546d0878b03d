"""What a guide is made of, before it has a form: pages of blocks. Screen, paper and text each know how to show every block.

Every piece of text carries its own language, because a page in Spanish or Arabic shows English where no reviewed translation
is to be had. Nothing here is specific to a form: no colours, no tags.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias


@dataclass(frozen=True, slots=True)
class Said:
    """A piece of text in a language (BCP 47). A plain run: no markup."""

    text: str
    language: str = "en"


Lines: TypeAlias = tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading inside a page; level 2 is a topic, level 3 a part of it. The page's own title is level 1."""

    text: Said
    level: int = 2
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Sentences that are read together. ``small`` is for sources, reasons and review state."""

    lines: Lines
    style: Literal["normal", "lead", "small"] = "normal"


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list. ``do`` and ``do_not`` carry a sign and a word besides any colour; ``tick`` has boxes to tick by hand."""

    items: Lines
    style: Literal["plain", "do", "do_not", "tick"] = "plain"


BoxKind: TypeAlias = Literal["red", "amber", "green", "unit", "until_set", "english", "notice", "card"]


@dataclass(frozen=True, slots=True)
class Box:
    """A framed part.

    Attributes:
        kind: ``red``, ``amber``, ``green``: how urgent; ``unit``: the unit's own rule; ``until_set``: the cautious rule until the
            unit writes its own; ``english``: the English text beside a translation nobody reviewed; ``notice``: what the reader
            must know about this guide; ``card``: a topic in short.
    """

    kind: BoxKind
    title: Said | None
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Phone:
    """Whom to ring. An empty number is a line to write on."""

    label: Said
    number: str = ""
    note: Said | None = None


@dataclass(frozen=True, slots=True)
class Phones:
    rows: tuple[Phone, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a heading row. Cells hold one line or several; empty cells of a ``form`` are for writing by hand."""

    caption: Said
    head: Lines
    rows: tuple[tuple[Lines, ...], ...]
    style: Literal["plain", "form"] = "plain"


@dataclass(frozen=True, slots=True)
class Ask:
    """A question with room to write the answer. ``key`` is stable, so that what was written is found again."""

    key: str
    text: Said
    lines: int = 2


@dataclass(frozen=True, slots=True)
class Write:
    """Room to write, with a label."""

    key: str
    label: Said
    lines: int = 1


@dataclass(frozen=True, slots=True)
class Icons:
    """Babies drawn one by one: ``filled`` of ``total`` have the outcome that ``filled_label`` names.

    Attributes:
        said: the whole picture in words, which stands beside it and replaces it where there are no pictures.
    """

    total: int
    filled: int
    filled_label: Said
    other_label: Said
    said: Said


@dataclass(frozen=True, slots=True)
class Fold:
    """A part that opens when asked for: closed on a screen, open on paper and in text unless ``screen_only``."""

    summary: Said
    blocks: tuple[Block, ...]
    screen_only: bool = False


@dataclass(frozen=True, slots=True)
class Links:
    """Titles of further topics: links on a screen (to a page or topic anchor of this booklet), a list on paper."""

    items: tuple[tuple[str, Said], ...]


Block: TypeAlias = Heading | Paragraph | Bullets | Box | Phones | Table | Ask | Write | Icons | Fold | Links


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the booklet, by content: it begins on a new sheet, and is as long as it must be.

    Attributes:
        kind: ``today``, ``red-flags``, ``line-and-medicines``, ``questions``, ``topic``, ``phase``, ``medicine``, ``log``,
            ``letter``, ``emergency``, ``outlook``.
        screen_only: never printed and never in a calendar (survival figures).
        paper: on paper, ``compact`` pages are set small enough to keep a pack within its sheets, never under 11 points.
    """

    id: str
    kind: str
    title: Said
    blocks: tuple[Block, ...]
    screen_only: bool = False
    paper: Literal["normal", "compact"] = "normal"


@dataclass(frozen=True, slots=True)
class Booklet:
    """A guide, ready to be shown.

    Attributes:
        id: the record's id or the family's own name for the baby; never a date of birth.
        direction: ``ltr`` or ``rtl``.
        footer: stands on every sheet: the pack, the day, that the unit's own words come first.
        fingerprint: the same inputs give the same one.
        notices: said before anything else (no review yet, translation unreviewed, demonstration).
    """

    id: str
    title: Said
    language: str
    direction: Literal["ltr", "rtl"]
    as_of: str
    pages: tuple[Page, ...]
    notices: Lines
    footer: Lines
    fingerprint: str
