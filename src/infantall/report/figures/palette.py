"""How groups are told apart: by dash pattern and marker first, and by a colour that colour-blind readers can use as well.

No two of the first 64 groups share both pattern and marker, so a black-and-white copy loses nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

LIGHT = ("#0b4a8f", "#b8430b", "#00705a", "#8a3a78", "#7d5a00", "#11708c", "#4a4a4a", "#a01030")
"""Colours on white: each at least 4.5 to 1, so that words may be set in them."""
DARK = ("#8cb8f5", "#ff9c66", "#5fd3b3", "#e3a0d3", "#e0bd5c", "#74cbe3", "#c4c4c4", "#ff8fa3")
"""Colours on the dark page, in the same order, at least 4.5 to 1."""
DASHES = ("", "9 4", "2 3", "12 3 2 3", "18 5", "6 2 1 2 1 2", "5 5", "1 2 1 5")
"""Dash patterns in pixels; the first is a full line."""
MARKERS = ("circle", "square", "triangle", "diamond", "open-circle", "open-square", "open-triangle", "cross")


@dataclass(frozen=True, slots=True)
class Look:
    """How one group is drawn: ``colour`` is an index into :data:`LIGHT` and :data:`DARK`."""

    colour: int
    dash: str
    marker: str


def look(group: int) -> Look:
    """The look of the group with this place, counted from 0."""
    size = len(DASHES)
    return Look(group % len(LIGHT), DASHES[group % size], MARKERS[(group + group // size) % len(MARKERS)])


def colour_rules(colours: tuple[str, ...], ink: str, soft: str, paper: str, before: str = "") -> str:
    """The rules of a stylesheet for figures in these colours; ``before`` is written before every selector."""
    rules = [
        ("text", "fill:currentColor"),
        (".figure-root", f"color:{ink}"),
        (".soft", f"color:{soft}"),
        (".paper", f"fill:{paper};stroke:none"),
        (".open", f"fill:{paper};stroke:currentColor"),
        *((f".s{i}", f"color:{colour}") for i, colour in enumerate(colours)),
    ]
    return "\n".join(f"{before}{selector}{{{body}}}" for selector, body in rules)


STANDALONE = colour_rules(LIGHT, "#1b1f24", "#4a525c", "#ffffff")
"""The stylesheet that a figure standing alone carries: on white, for paper."""
