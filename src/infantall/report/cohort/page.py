"""A cohort report as one self-contained, accessible HTML page: no request, fit for a phone, a screen and A4, light and dark."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from ..figures.axes import UNITS
from ..figures.drawing import Figure, identifier, number
from ..markup import Safe, details, items, join, pairs, table, tag
from .blocks import SIMULATED, Block, Document, Facts, Heading, Para, Picture, Points, Section, Table
from .script import SCRIPT
from .style import PAGE_CSS

_NARROW = 480
_FOOT = (
    "Made by InfantALL. Decision support and education for people who remain responsible; not a medical device. "
    "This page asks nothing of the network; all its numbers are in it."
)


def _hash(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _policy(moving: bool) -> str:
    """The page may do nothing but use its own stylesheet and, where it has one, its own script."""
    script = f"script-src 'sha256-{_hash(SCRIPT)}'; " if moving else ""
    return f"default-src 'none'; style-src 'sha256-{_hash(PAGE_CSS)}'; {script}base-uri 'none'; form-action 'none'"


def document_html(document: Document) -> str:
    """The report as a page. Figures stand in it as SVG; with the script they can be read off, without it nothing is lost."""
    anchors = _anchors(document)
    contents = items("ul", *(tag("a", s.heading, href=f"#{a}") for s, a in zip(document.sections, anchors, strict=True)))
    moving = any(isinstance(b, Picture) and b.data is not None for s in document.sections for b in s.blocks)
    simulated = tag("p", SIMULATED, class_="simulated") if document.simulated else None
    page = tag(
        "html",
        _head(document.title, moving),
        tag(
            "body",
            tag("a", "Skip to the report", href="#main", class_="skip"),
            tag("header", simulated, tag("h1", document.title), *(tag("p", said, class_="lead") for said in document.lead)),
            tag("nav", contents, aria_label="Contents"),
            tag("main", *(_section(s, a, document) for s, a in zip(document.sections, anchors, strict=True)), id="main"),
            tag("footer", tag("p", _FOOT), simulated),
            tag("script", Safe(SCRIPT)) if moving else None,
        ),
        lang="en-GB",
    )
    return f"<!doctype html>\n{page}\n"


def _head(title: str, moving: bool) -> Safe:
    void = (
        '<meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_policy(moving)}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark">'
        '<meta name="referrer" content="no-referrer">'
    )
    return tag("head", Safe(void), tag("title", title), tag("style", Safe(PAGE_CSS)))


def _anchors(document: Document) -> list[str]:
    """An anchor a section, each its own."""
    found: list[str] = []
    for section in document.sections:
        base = f"part-{identifier(section.heading)}"
        anchor, place = base, 2
        while anchor in found:
            anchor, place = f"{base}-{place}", place + 1
        found.append(anchor)
    return found


def _section(section: Section, anchor: str, document: Document) -> Safe:
    heading = tag("h2", section.heading, id=anchor)
    return tag("section", heading, *(_block(b, section, document) for b in section.blocks), aria_labelledby=anchor)


def _block(block: Block, section: Section, document: Document) -> Safe:
    match block:
        case Para():
            return tag("p", tag("strong", block.text), class_="alert") if block.strong else tag("p", block.text)
        case Heading():
            return tag("h3", block.text)
        case Points():
            return items("ul", *block.items)
        case Facts():
            return pairs(*block.rows)
        case Table():
            seen = _wide(table(_marked(block.caption, document), block.head, *block.rows), block, section)
            return details(block.caption, seen) if block.folded else seen
        case Picture():
            return _picture(block.figure, block.data, document)


def _marked(caption: str, document: Document) -> str:
    """A table's caption; simulated data are called so at every table, because tables are copied alone."""
    return f"{caption} (simulated data)" if document.simulated else caption


def _wide(seen: Safe, block: Table, section: Section) -> Safe:
    """A table of many columns may scroll within its own frame, never the page."""
    if len(block.head) <= 8:
        return seen
    return tag(
        "div", seen, class_="sideways", tabindex="0", role="region", aria_label=f"Table in {section.heading}: {block.caption}"
    )


def _picture(figure: Figure, data: Mapping[str, Any] | None, document: Document) -> Safe:
    drawn = [b.figure.name for s in document.sections for b in s.blocks if isinstance(b, Picture)]
    title = f"Figure {drawn.index(figure.name) + 1}. {figure.title}"
    narrow = figure.width <= _NARROW
    frame = tag(
        "div",
        figure.inline(),
        class_="narrow" if narrow else "wide",
        tabindex=None if narrow else "0",
        role=None if narrow else "region",
        aria_label=None if narrow else title,
    )
    caption = tag("figcaption", _marked(title, document))
    if data is None:
        return tag("figure", frame, caption, class_="chart")
    css = "chart crowded" if data["crowded"] else "chart"
    return tag("figure", frame, caption, _controls(figure, data), _embedded(data, document), class_=css, data_chart=figure.name)


def _controls(figure: Figure, data: Mapping[str, Any]) -> Safe:
    """Slider, reading, choices and downloads; hidden until the script says that they work."""
    name = figure.name
    until, step = float(data["plot"]["until"]), _step(data)
    slider = (
        f'<input type="range" id="{name}-time" min="0" max="{number(until)}" step="{number(step)}" value="0" '
        f'aria-describedby="{name}-reading">'
    )
    thinned = "The data hold the times that the picture can show apart; all of them are in the CSV of the command. "
    parts = (
        tag("label", "Time: move along the curves with the arrow keys or the pointer", for_=f"{name}-time"),
        Safe(slider),
        tag("output", id=f"{name}-reading", for_=f"{name}-time", class_="reading", aria_live="polite"),
        tag("fieldset", tag("legend", "Show")),
        tag("button", "Download the data (CSV)", type="button"),
        tag("button", "Download the picture (SVG)", type="button"),
        tag("p", thinned, class_="meta") if data["thinned"] else None,
    )
    return tag("div", *parts, class_="controls", hidden="")


def _step(data: Mapping[str, Any]) -> float:
    """How far an arrow key goes: a twelfth of a year, a quarter of a month, a day, or a hundredth of the axis."""
    parts = {"year": 12.0, "month": 4.0, "day": 1.0}.get(str(data["unit"]))
    return float(data["perUnit"]) / parts if parts and data["unit"] in UNITS else float(data["plot"]["until"]) / 100


def _embedded(data: Mapping[str, Any], document: Document) -> Safe:
    """The numbers as JSON that cannot end its element."""
    written = json.dumps({**data, "simulated": document.simulated}, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    safe = written.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    return join(tag("script", Safe(safe), type="application/json"))
