"""Signs and small people. Every sign differs from the others by its shape, so that nothing rests on colour."""

from __future__ import annotations

from infantall.family.booklet import Icons

from ..figures.drawing import number
from ..markup import Safe, join, tag
from .interface import Direction

_LINE = 'fill="none" stroke="currentColor" stroke-width="2.2" stroke-linecap="round" stroke-linejoin="round"'
_FULL = 'fill="currentColor"'
_INK = 'fill="none" stroke="var(--paper)" stroke-width="2.6" stroke-linecap="round"'

_SIGNS = {
    # an eight-sided plate, a triangle, a ring: as on roads
    "red": f'<path {_FULL} d="M7.6 1h8.8L23 7.6v8.8L16.4 23H7.6L1 16.4V7.6z"/><path {_INK} d="M12 6.2v7.2m0 4.2v.2"/>',
    "amber": f'<path {_FULL} d="M12 1.6a1.6 1.6 0 0 1 1.4.8l9.4 17.2a1.6 1.6 0 0 1-1.4 2.4H2.6a1.6 1.6 0 0 1-1.4-2.4'
    f'L10.6 2.4a1.6 1.6 0 0 1 1.4-.8z"/><path {_INK} d="M12 8.4v6m0 3.8v.2"/>',
    "green": f'<circle {_LINE} cx="12" cy="12" r="9.6"/><path {_LINE} d="M12 6.6V12l3.6 2.4"/>',
    "unit": f'<path {_LINE} d="M3.5 11 12 3.5 20.5 11v9.5h-17zM12 11v6m-3-3h6"/>',
    "until_set": f'<path {_LINE} stroke-dasharray="3.5 3.5" d="M3.5 11 12 3.5 20.5 11v9.5h-17z"/>'
    f'<path {_LINE} d="M12 11v3m0 3v.1"/>',
    "notice": f'<circle {_LINE} cx="12" cy="12" r="9.6"/><path {_LINE} d="M12 11v5.6m0-9.5v.1"/>',
    "english": f'<circle {_LINE} cx="12" cy="12" r="9.6"/>'
    f'<path {_LINE} d="M2.6 12h18.8M12 2.4c5 5.4 5 13.8 0 19.2-5-5.4-5-13.8 0-19.2z"/>',
    "do": f'<path {_LINE} stroke-width="3.2" d="m4 12.8 5.4 5.4L20 6.6"/>',
    "do_not": f'<path {_LINE} stroke-width="3.2" d="m5.5 5.5 13 13m0-13-13 13"/>',
    "phone": f'<path {_FULL} d="M6.7 2.3 9.2 2l2.3 5.4-2.5 2.2a13 13 0 0 0 5.4 5.4l2.2-2.5 5.4 2.3-.3 2.5'
    'c-.3 2.5-2.3 4.5-4.7 4.4C9.6 21.3 2.7 14.4 2.3 7c-.1-2.4 1.9-4.4 4.4-4.7z"/>',
    "contents": f'<path {_LINE} d="M8.5 6H21M8.5 12H21M8.5 18H21M3.5 6h.1m-.1 6h.1m-.1 6h.1"/>',
}

_ROW = 10
_WIDE, _HIGH = 30, 40
_BABY = "M15 20.5c5.8 0 8.7 3.2 8.7 7.4 0 4.6-3.6 8.6-8.7 8.6s-8.7-4-8.7-8.6c0-4.2 2.9-7.4 8.7-7.4z"
"""A baby in a blanket, without a head, in a box of 30 by 40."""


def sign(name: str) -> Safe:
    """A sign. It is hidden from screen readers, because the word for it always stands beside it."""
    drawn = Safe(_SIGNS[name])
    return tag("svg", drawn, viewBox="0 0 24 24", class_="sign", aria_hidden="true", focusable="false")


def babies(icons: Icons, side: Direction) -> Safe:
    """``total`` babies, ten a row; those that are filled come first in the direction of reading."""
    rows = -(-icons.total // _ROW)
    columns = min(icons.total, _ROW)
    drawn = []
    for place in range(icons.total):
        row, column = divmod(place, _ROW)
        across = columns - 1 - column if side == "rtl" else column
        drawn.append(_baby(across * _WIDE, row * _HIGH, place < icons.filled))
    box = f"0 0 {number(columns * _WIDE)} {number(rows * _HIGH)}"
    return tag("svg", *drawn, viewBox=box, role="img", aria_label=icons.said.text, class_=f"babies of-{columns}")


def one_baby(filled: bool) -> Safe:
    """A baby for the legend."""
    drawn = _baby(0, 0, filled)
    return tag("svg", drawn, viewBox=f"0 0 {_WIDE} {_HIGH}", class_="sign", aria_hidden="true", focusable="false")


def _baby(x: float, y: float, filled: bool) -> Safe:
    head = tag("circle", cx="15", cy="11", r="7")
    body = tag("path", d=_BABY)
    move = f"translate({number(x)} {number(y)})"
    return tag("g", join(head, body), class_="filled" if filled else "outline", transform=move)
