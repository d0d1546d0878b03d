"""Figures of several sorts of curve: transplant by fair and unfair ways side by side, and a cohort beside published numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence

from infantall.cohort.results import Comparison, CurveResult, PublishedPoint, TransplantResult

from ..markup import Safe, join, tag
from ..words import clean
from .axes import UNITS, said_in, time_axis
from .curves import Frame, curve_parts, described, frame_parts, longest_time, risk_table
from .drawing import SMALL, Figure, folded, line, marker, shortened, simulated_line, text_width, watermark, words
from .forest import study_of
from .palette import look

_PANEL, _LEFT, _BETWEEN, _TOP, _TALL = 250.0, 165.0, 165.0, 76.0, 250.0


# -- transplant ----------------------------------------------------------------------------------------------------------


def transplant_figure(
    result: TransplantResult,
    *,
    name: str = "transplant",
    unit: str = "",
    y_title: str = "Survival, %",
    simulated: bool = False,
    coarse: bool = False,
) -> Figure:
    """Simon–Makuch, landmark and naive curves side by side on one axis; the naive ones crossed out and called biased.

    Raises:
        ValueError: where the result holds no curve at all.
    """
    sorts: list[tuple[str, Sequence[CurveResult], bool]] = [
        ("Simon–Makuch (fair)", result.simon_makuch, False),
        ("Landmark (fair)", result.landmark, False),
        ("Ever against never (biased)", result.naive, True),
    ]
    shown = [(title, curves, biased) for title, curves, biased in sorts if curves]
    if not shown:
        raise ValueError("a figure needs at least one curve")
    axis = time_axis(longest_time([c for _, curves, _ in shown for c in curves]), unit, most=5)
    if result.landmark_day is not None:
        shown = [
            (f"Landmark at {said_in(result.landmark_day, unit)} (fair)" if t.startswith("Landmark") else t, c, b)
            for t, c, b in shown
        ]
    parts, told, tall = [], [], 0.0
    for place, (title, curves, biased) in enumerate(shown):
        frame = Frame(_LEFT + place * (_PANEL + _BETWEEN), _TOP, _PANEL, _TALL, axis)
        names = [clean(c.group) for c in curves]
        table, height = risk_table(curves, names, frame, frame.bottom + 60, frame.left - _LEFT + 10, coarse)
        tall = max(tall, height)
        drawn = [curve_parts(c, frame, look(i), i, len(curves), not biased) for i, c in enumerate(curves)]
        parts += [
            watermark(frame.left, frame.top, frame.width, frame.height) if simulated else None,
            words(frame.left - 30, _TOP - 36, title, bold=True),
            frame_parts(frame, y_title),
            *drawn,
            _crossed(frame) if biased else None,
            table,
        ]
        told.append(f"{title}{', biased, crossed out' if biased else ''}. {described(curves, names, axis, y_title, False)}")
    width = _LEFT + len(shown) * _PANEL + (len(shown) - 1) * _BETWEEN + 24
    if simulated:
        parts.append(simulated_line(width))
        told.insert(0, "Simulated data.")
    title = "Transplant: fair comparisons, and the naive one beside them"
    return Figure(name, title, " ".join(told), width, _TOP + _TALL + 60 + tall, join(*parts))


def _crossed(frame: Frame) -> Safe:
    """Two lines across the panel and a label, so that no copy of it can be taken for a fair comparison."""
    said = "BIASED: immortal time"
    wide = text_width(said, 14, True) + 16
    middle, y = frame.left + frame.width / 2, frame.top + frame.height * 0.42
    return tag(
        "g",
        line(frame.left, frame.top, frame.right, frame.bottom, width=1.6, opacity="0.7"),
        line(frame.left, frame.bottom, frame.right, frame.top, width=1.6, opacity="0.7"),
        tag("rect", x=f"{middle - wide / 2:.1f}", y=f"{y - 17:.1f}", width=f"{wide:.1f}", height="25", class_="open"),
        words(middle, y, said, anchor="middle", bold=True, size=14),
        class_="biased",
    )


# -- beside published numbers --------------------------------------------------------------------------------------------


def comparison_figure(
    comparison: Comparison,
    *,
    name: str,
    title: str,
    unit: str = "",
    y_title: str = "Survival, %",
    simulated: bool = False,
    coarse: bool = False,
) -> Figure:
    """Our curve with its band, and each published number as a point with its interval where one was printed.

    ``unit`` is that of our times; where it is not known the published points, which are in years, cannot be placed.
    """
    a_year = UNITS["year"] / UNITS[unit] if unit in UNITS else math.nan
    points = [
        p for p in comparison.published if math.isfinite(p.time_years) and math.isfinite(a_year) and math.isfinite(p.estimate)
    ]
    longest = max([longest_time([comparison.ours]), *(p.time_years * a_year * 1.04 for p in points)])
    axis = time_axis(longest, unit)
    studies = list(dict.fromkeys(study_of(p) for p in points))
    ours = "This cohort (simulated)" if simulated else "This cohort"
    frame = Frame(150, 40, 590, 310, axis)
    table, tall = risk_table([comparison.ours], [ours], frame, frame.bottom + 60, 12, coarse)
    top = frame.bottom + 60 + tall + 16
    body = join(
        watermark(frame.left, frame.top, frame.width, frame.height) if simulated else None,
        frame_parts(frame, y_title),
        curve_parts(comparison.ours, frame, look(0), 0, 1, True),
        *(_point(p, frame, a_year, studies.index(study_of(p)) + 1, len(studies)) for p in points),
        table,
        *_legend(studies, points, top),
        simulated_line(760) if simulated else None,
    )
    told = "; ".join(map(point_said, points)) or "none"
    said = f"{described([comparison.ours], [ours], axis, y_title, simulated)} Published: {told}."
    return Figure(name, title, said, 760, top + 32 * len(studies) + 4, body)


def point_said(point: PublishedPoint) -> str:
    """A published number in words, as it was printed."""
    span = (
        f", interval {point.low * 100:.1f} to {point.high * 100:.1f} %"
        if point.low is not None and point.high is not None
        else ""
    )
    printed = f", {point.uncertainty}" if point.uncertainty else ""
    return clean(f"{study_of(point)}: {point.estimate * 100:.1f} % at {point.time_years:g} years{span}{printed}")


def _point(point: PublishedPoint, frame: Frame, a_year: float, place: int, of: int) -> Safe:
    """A marker with its whisker, moved sideways a little so that points of one time do not hide one another."""
    style = look(place)
    x = frame.x(point.time_years * a_year) + (place - (of + 1) / 2) * 7
    y = frame.y(point.estimate)
    whisker = None
    if point.low is not None and point.high is not None:
        low, high = frame.y(point.low), frame.y(point.high)
        whisker = join(
            line(x, low, x, high, width=1.6), line(x - 4, low, x + 4, low, width=1.6), line(x - 4, high, x + 4, high, width=1.6)
        )
    return tag("g", whisker, marker(style.marker, x, y, 5.2), class_=f"published s{style.colour}")


def _legend(studies: Sequence[str], points: Sequence[PublishedPoint], top: float) -> list[Safe]:
    """Each published study by its marker: who, how many, when, how treated, where it was printed."""
    parts = []
    for place, study in enumerate(studies, 1):
        first = next(p for p in points if study_of(p) == study)
        y = top + 32 * (place - 1)
        style = look(place)
        about = [
            f"n = {first.n:,}" if first.n is not None else "",
            first.era,
            first.treatment,
            f"source {first.source}",
            first.confidence,
        ]
        lines = folded("; ".join(clean(part) for part in about if part), 690, SMALL, most=1)
        parts.append(tag("g", marker(style.marker, 24, y - 4, 5), class_=f"s{style.colour}"))
        parts.append(words(44, y, shortened(f"Published: {study}", 690), bold=True, size=SMALL))
        parts.append(words(44, y + 14, lines[0], size=SMALL, css="soft"))
    return parts
