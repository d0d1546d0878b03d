"""The parts every figure is made of: words that fit, lines, markers, and the figure itself, for a page or to stand alone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from ..markup import Safe, tag
from ..words import clean
from .palette import STANDALONE, Look

# Advance widths of DejaVu Sans for the characters 32 to 126, in thousandths of the font size; the widest font in use.
_WIDTHS = tuple(
    map(
        int,
        [
            "318",
            "401",
            "460",
            "838",
            "636",
            "950",
            "780",
            "275",
            "390",
            "390",
            "500",
            "838",
            "318",
            "361",
            "318",
            "337",
            "636",
            "636",
            "636",
            "636",
            "636",
            "636",
            "636",
            "636",
            "636",
            "636",
            "337",
            "337",
            "838",
            "838",
            "838",
            "531",
            "1000",
            "684",
            "686",
            "698",
            "770",
            "632",
            "575",
            "775",
            "752",
            "295",
            "295",
            "656",
            "557",
            "863",
            "748",
            "787",
            "603",
            "787",
            "695",
            "635",
            "611",
            "732",
            "684",
            "989",
            "685",
            "611",
            "685",
            "390",
            "337",
            "390",
            "838",
            "500",
            "500",
            "613",
            "635",
            "550",
            "635",
            "615",
            "352",
            "635",
            "634",
            "278",
            "278",
            "579",
            "278",
            "974",
            "634",
            "612",
            "635",
            "635",
            "411",
            "521",
            "392",
            "634",
            "592",
            "818",
            "592",
            "592",
            "525",
            "636",
            "337",
            "636",
            "838",
        ],
    )
)
SIZE = 13.0
"""Font size of ordinary words in pixels."""
SMALL = 11.5
FONT = "'DejaVu Sans', Verdana, 'Segoe UI', 'Helvetica Neue', Arial, sans-serif"


@dataclass(frozen=True)
class Figure:
    """A drawn figure.

    Attributes:
        name: one word for identifiers and file names; a page must not hold two figures of one name.
        title: what is shown, one line.
        desc: the same for those who cannot see it: groups, axes, the main numbers.
        width, height: in pixels.
        body: the drawing.
        plot: left, top, width, height of the plotting area, and the time at its right edge; empty where there is none.
    """

    name: str
    title: str
    desc: str
    width: float
    height: float
    body: Safe
    plot: Mapping[str, float] = field(default_factory=dict)

    def inline(self) -> Safe:
        """The picture inside a page, in the colours of the page's stylesheet."""
        return self._svg(width=number(self.width), height=number(self.height))

    def standalone(self) -> str:
        """The picture as a file of its own: white ground, its own colours and fonts, no reference to anything outside."""
        style = tag("style", Safe(STANDALONE))
        ground = tag("rect", width=number(self.width), height=number(self.height), class_="paper")
        svg = self._svg(
            style,
            ground,
            xmlns="http://www.w3.org/2000/svg",
            width=number(self.width),
            height=number(self.height),
            font_family=FONT,
        )
        return f'<?xml version="1.0" encoding="UTF-8"?>\n{svg}\n'

    def _svg(self, *before: Safe, **attributes: str) -> Safe:
        title, desc = f"{self.name}-title", f"{self.name}-desc"
        return tag(
            "svg",
            tag("title", self.title, id=title),
            tag("desc", self.desc, id=desc),
            *before,
            tag("g", self.body, class_="figure-root", font_size=number(SIZE)),
            role="img",
            aria_labelledby=f"{title} {desc}",
            viewBox=f"0 0 {number(self.width)} {number(self.height)}",
            **attributes,
        )


def number(value: float) -> str:
    """A coordinate with at most two decimals, as short as it can be."""
    return (
        f"{value:.2f}".rstrip("0").rstrip(".").replace("-0", "0")
        if abs(value) < 0.005
        else f"{value:.2f}".rstrip("0").rstrip(".")
    )


def text_width(said: str, size: float = SIZE, bold: bool = False) -> float:
    """How wide the words are at most, in pixels, by the widths of DejaVu Sans; other scripts count as wide letters."""
    units = sum(_WIDTHS[ord(ch) - 32] if 32 <= ord(ch) < 127 else 800 for ch in said)
    return units / 1000 * size * (1.12 if bold else 1.0)


def shortened(said: str, width: float, size: float = SIZE) -> str:
    """The words cut to a width with an ellipsis; whole where they fit."""
    said = clean(said)
    if text_width(said, size) <= width:
        return said
    while said and text_width(said + "…", size) > width:
        said = said[:-1]
    return said.rstrip() + "…"


def folded(said: str, width: float, size: float = SIZE, most: int = 2) -> list[str]:
    """The words in at most ``most`` lines of a width; the last is shortened where they do not fit."""
    words = clean(said).split() or [""]
    lines = [words[0]]
    for place, word in enumerate(words[1:], 1):
        if text_width(f"{lines[-1]} {word}", size) <= width:
            lines[-1] += f" {word}"
        elif len(lines) < most:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {' '.join(words[place:])}"
            break
    return [shortened(line, width, size) for line in lines]


def words(
    x: float,
    y: float,
    said: str,
    *,
    anchor: str = "start",
    size: float | None = None,
    bold: bool = False,
    css: str | None = None,
    turned: float = 0.0,
) -> Safe:
    """Words at a place; ``anchor`` is start, middle or end; ``turned`` in degrees."""
    return tag(
        "text",
        said,
        x=number(x),
        y=number(y),
        text_anchor=None if anchor == "start" else anchor,
        font_size=None if size is None else number(size),
        font_weight="700" if bold else None,
        transform=f"rotate({number(turned)} {number(x)} {number(y)})" if turned else None,
        class_=css,
    )


def line(
    x1: float,
    y1: float,
    x2: float,
    y2: float,
    *,
    width: float = 1.0,
    dash: str = "",
    css: str | None = None,
    opacity: str | None = None,
) -> Safe:
    """A straight line in the current colour."""
    return tag(
        "line",
        x1=number(x1),
        y1=number(y1),
        x2=number(x2),
        y2=number(y2),
        stroke="currentColor",
        stroke_width=number(width),
        stroke_dasharray=dash or None,
        stroke_opacity=opacity,
        class_=css,
    )


def path(
    d: str, *, width: float = 1.0, dash: str = "", fill: str = "none", css: str | None = None, opacity: str | None = None
) -> Safe:
    """A path: stroked in the current colour, or filled with it where ``width`` is 0."""
    return tag(
        "path",
        d=d,
        stroke="currentColor" if width else "none",
        stroke_width=number(width) if width else None,
        stroke_dasharray=dash or None,
        stroke_linejoin="round" if width else None,
        fill=fill,
        fill_opacity=opacity,
        class_=css,
    )


def marker(shape: str, x: float, y: float, size: float = 4.0) -> Safe:
    """A marker of a look: full, or open with the ground showing through."""
    kind = shape.removeprefix("open-")
    css = "open" if shape.startswith("open-") else None
    if kind == "circle":
        return tag("circle", cx=number(x), cy=number(y), r=number(size), **_filled(css))
    if kind == "square":
        side = number(size * 1.8)
        return tag("rect", x=number(x - size * 0.9), y=number(y - size * 0.9), width=side, height=side, **_filled(css))
    if kind == "cross":
        arm = number(2 * size)
        d = f"M{number(x - size)} {number(y - size)}l{arm} {arm}m0 -{arm}l-{arm} {arm}"
        return path(d, width=2)
    if kind == "triangle":
        d = f"M{number(x)} {number(y - size * 1.15)}l{number(size * 1.1)} {number(size * 2)}h{number(-size * 2.2)}z"
    else:
        arm = number(size * 1.3)
        d = f"M{number(x)} {number(y - size * 1.3)}l{arm} {arm}l-{arm} {arm}l-{arm} -{arm}z"
    return tag("path", d=d, **_filled(css))


def _filled(css: str | None) -> dict[str, str | None]:
    if css is None:
        return {"fill": "currentColor"}
    return {"class_": css, "stroke_width": "1.5"}


def key(look: Look, x: float, y: float, width: float = 26.0) -> Safe:
    """A sample of a group's line with its marker in the middle."""
    sample = line(x, y, x + width, y, width=2, dash=look.dash)
    return tag("g", sample, marker(look.marker, x + width / 2, y, 3.6), class_=f"s{look.colour}")


def simulated_line(width: float) -> Safe:
    """The words at the upper right that say that the infants are not real."""
    return words(width - 8, 18, "SIMULATED DATA", anchor="end", bold=True, size=SMALL)


def watermark(x: float, y: float, width: float, height: float) -> Safe:
    """The word SIMULATED across an area, faint enough to read through."""
    size = min(width / 7.2, height / 2.2)
    said = words(x + width / 2, y + height / 2 + size * 0.35, "SIMULATED", anchor="middle", size=size, bold=True, turned=-18)
    return tag("g", said, class_="watermark", opacity="0.11")


def identifier(said: str) -> str:
    """A word that may stand in an id: letters, digits and hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", said.lower()).strip("-") or "x"
