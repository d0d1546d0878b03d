"""Survival curves and cumulative incidence as journals print them: steps, bands, censoring ticks, numbers at risk beneath."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from infantall.cohort.results import CurveResult

from ..markup import Safe, join, tag
from ..words import clean, count
from .axes import TimeAxis, spread, time_axis
from .drawing import SIZE, SMALL, Figure, folded, key, line, marker, path, shortened, simulated_line, text_width, watermark, words
from .palette import Look, look
from .steps import band_path, censor_path, step_path

MOST_BANDS = 3
"""With more groups than this, bands would hide one another: they are left out unless asked for."""
MOST_LABELS = 8
_ROW, _GAP_LABEL, _MARKS = 17.0, 15.0, 5

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Frame:
    """A plotting area: where it lies, in pixels, and its axis of time. Heights are probabilities from 0 to 1."""

    left: float
    top: float
    width: float
    height: float
    axis: TimeAxis

    @property
    def right(self) -> float:
        return self.left + self.width

    @property
    def bottom(self) -> float:
        return self.top + self.height

    def x(self, time: float) -> float:
        """The place of a time."""
        return self.left + time / self.axis.until * self.width

    def y(self, probability: float) -> float:
        """The height of a probability."""
        return self.bottom - probability * self.height

    def xs(self, times: Sequence[float]) -> Floats:
        """The places of times."""
        return self.left + np.asarray(times, dtype=np.float64) / self.axis.until * self.width

    def ys(self, probabilities: Sequence[float]) -> Floats:
        """The heights of probabilities."""
        return self.bottom - np.asarray(probabilities, dtype=np.float64) * self.height


def longest_time(curves: Sequence[CurveResult]) -> float:
    """The last time of any curve, or of any infant censored later."""
    times = [t for c in curves for t in (*c.times[-1:], *(_last(c.censor_times),)) if math.isfinite(t)]
    return max(times, default=0.0)


def _last(times: Sequence[float]) -> float:
    return float(np.max(np.asarray(times, dtype=np.float64))) if len(times) else 0.0


def end_of(curve: CurveResult) -> float:
    """The time up to which a curve is known."""
    return max(float(curve.times[-1]) if len(curve.times) else 0.0, _last(curve.censor_times))


def cause_said(cause: str) -> str:
    """``cause 1`` for a number, else the cause's own name in words: ``death in remission``."""
    return f"cause {cause}" if cause.isdigit() else clean(cause).replace("_", " ")


def label_of(curve: CurveResult, several_causes: bool) -> str:
    """What a curve is called in a figure."""
    group = clean(curve.group)
    if not several_causes:
        return group
    return cause_said(curve.cause) if group == "all" else f"{group}, {cause_said(curve.cause)}"


# -- numbers at risk -----------------------------------------------------------------------------------------------------


def at_risk(curve: CurveResult, time: float, coarse: bool = False) -> str:
    """How many are at risk just before a time; a dash where it is not known, as after the end of a coarse curve."""
    times = np.asarray(curve.times, dtype=np.float64)
    place = int(np.searchsorted(times, time, side="left"))
    if place >= len(times):
        return "–" if coarse else "0"
    value = float(curve.at_risk[place])
    if math.isnan(value):
        return "–"
    return f"{value:,.0f}" if abs(value - round(value)) < 1e-9 else f"{value:,.1f}"


def is_down(curve: CurveResult) -> bool:
    """Whether survival has come down to 0, where it stays."""
    return not curve.cause and len(curve.estimate) > 0 and float(curve.estimate[-1]) == 0.0


def value_at(curve: CurveResult, time: float) -> tuple[float, float, float, float]:
    """Estimate, standard error and interval at a time; NaN beyond the curve's end, unless survival has come down to 0."""
    if not len(curve.times) or (time > end_of(curve) and not is_down(curve)):
        return (math.nan,) * 4
    place = max(int(np.searchsorted(np.asarray(curve.times, dtype=np.float64), time, side="right")) - 1, 0)
    return tuple(float(column[place]) for column in (curve.estimate, curve.se, curve.ci_low, curve.ci_high))  # type: ignore[return-value]


# -- the parts of a panel ------------------------------------------------------------------------------------------------


def frame_parts(frame: Frame, y_title: str) -> Safe:
    """Axes, grid and titles. The percentages stand left of the area, the times beneath it."""
    parts = []
    for percent in range(0, 101, 20):
        y = frame.y(percent / 100)
        if percent:
            parts.append(line(frame.left, y, frame.right, y, opacity="0.15"))
        parts.append(line(frame.left - 4, y, frame.left, y))
        parts.append(words(frame.left - 8, y + 4.5, str(percent), anchor="end"))
    for tick, label in zip(frame.axis.ticks, frame.axis.labels, strict=True):
        x = frame.x(tick)
        parts.append(line(x, frame.bottom, x, frame.bottom + 4))
        parts.append(words(x, frame.bottom + 18, label, anchor="middle"))
    parts.append(line(frame.left, frame.top, frame.left, frame.bottom, width=1.2))
    parts.append(line(frame.left, frame.bottom, frame.right, frame.bottom, width=1.2))
    parts.append(words(frame.left - 30, frame.top - 12, shortened(y_title, frame.width + 30), css="soft"))
    parts.append(words(frame.left + frame.width / 2, frame.bottom + 35, frame.axis.title, anchor="middle", css="soft"))
    return join(*parts)


def curve_parts(curve: CurveResult, frame: Frame, style: Look, place: int, of: int, band: bool) -> Safe:
    """One curve: band, steps, censoring ticks and markers; ``place`` of ``of`` staggers the markers of different groups."""
    x, y = frame.xs(curve.times), frame.ys(curve.estimate)
    end = frame.x(end_of(curve))
    parts = []
    if band:
        area = band_path(x, frame.ys(curve.ci_low), frame.ys(curve.ci_high), end)
        if area:
            parts.append(path(area, width=0, fill="currentColor", opacity="0.13", css="band"))
    drawn = step_path(x, y, end)
    if drawn:
        parts.append(path(drawn, width=2, dash=style.dash, css="curve"))
    ticks, number_of_ticks = censor_path(
        frame.xs(curve.censor_times),
        np.asarray(curve.censor_times, dtype=np.float64),
        np.asarray(curve.times, dtype=np.float64),
        y,
    )
    if ticks and number_of_ticks <= frame.width / 2:
        parts.append(path(ticks, width=1.2, css="censored"))
    for i in range(_MARKS):
        time = frame.axis.until * (i + (place + 0.5) / of) / _MARKS
        height = value_at(curve, time)[0]
        if math.isfinite(height):
            parts.append(marker(style.marker, frame.x(time), frame.y(height), 3.8))
    return tag("g", *parts, class_=f"series s{style.colour}", data_group=str(place))


def end_labels(curves: Sequence[CurveResult], names: Sequence[str], frame: Frame, room: float) -> Safe:
    """The groups' names at the ends of their curves, moved apart where they would overlap."""
    shown = []
    for i, curve in enumerate(curves):
        heights = [(t, h) for t, h in zip(curve.times, curve.estimate, strict=True) if math.isfinite(h)]
        if heights:
            shown.append((i, frame.x(end_of(curve)), frame.y(heights[-1][1])))
    placed = spread([y for _, _, y in shown], _GAP_LABEL, frame.top + 6, frame.bottom - 4)
    parts = []
    for (i, x, y), at in zip(shown, placed, strict=True):
        style = look(i)
        name = shortened(names[i], room - 10)
        lead = (
            path(f"M{x + 2:.1f} {y:.1f}L{frame.right + 6:.1f} {at:.1f}", width=0.8, dash="1 2")
            if abs(at - y) > 3 or x < frame.right - 12
            else None
        )
        said = words(frame.right + 9, at + 4.5, name, bold=True)
        parts.append(tag("g", lead, said, class_=f"series s{style.colour}", data_group=str(i)))
    return join(*parts)


def names_width(names: Sequence[str], widest: float) -> float:
    """Room for the names beside the numbers at risk."""
    return min(max((text_width(name, SMALL) for name in names), default=0.0), widest)


def risk_table(
    curves: Sequence[CurveResult], names: Sequence[str], frame: Frame, top: float, left: float, coarse: bool
) -> tuple[Safe, float]:
    """Numbers at risk under the ticks, each row led by its group's line, marker and name.

    Returns:
        The drawing and the height it takes.
    """
    room = frame.left - left - 32 - 22
    parts = [words(left, top, "Number at risk", size=SMALL, bold=True)]
    y = top + _ROW
    for i, (curve, name) in enumerate(zip(curves, names, strict=True)):
        lines = folded(name, room, SMALL)
        row = [key(look(i), left, y - 4)]
        row += [words(left + 32, y + 13 * n, said, size=SMALL) for n, said in enumerate(lines)]
        row += [words(frame.x(t), y, at_risk(curve, t, coarse), anchor="middle", size=SMALL) for t in frame.axis.ticks]
        parts.append(tag("g", *row, class_="risk", data_group=str(i)))
        y += _ROW + 13 * (len(lines) - 1)
    return join(*parts), y - top


# -- whole figures -------------------------------------------------------------------------------------------------------


def curve_figure(
    curves: Sequence[CurveResult],
    *,
    name: str,
    title: str,
    y_title: str,
    unit: str = "",
    simulated: bool = False,
    bands: bool | None = None,
    coarse: bool = False,
    width: float = 760.0,
    height: float = 330.0,
) -> Figure:
    """One figure of several curves.

    Args:
        curves: at least one; groups and causes that occur several times are told apart by both.
        name: for identifiers; title: one line; y_title: what the percentages are.
        unit: of the table's times (``day``, ``month``, ``year``), or empty where unknown.
        simulated: whether the word SIMULATED is set across the picture.
        bands: confidence bands; None draws them with at most three curves.
        coarse: small counts are hidden, so that curves end while infants are still at risk.
        width, height: of the whole figure, and of the plotting area, in pixels.

    Raises:
        ValueError: without a curve.
    """
    if not curves:
        raise ValueError("a figure needs at least one curve")
    several = len({c.cause for c in curves}) > 1
    names = [label_of(c, several) for c in curves]
    labelled = len(curves) <= MOST_LABELS
    left = 12 + 32 + names_width(names, 150) + 22
    right = min(max(text_width(n, SIZE, True) for n in names) + 14, 140) if labelled else 16
    frame = Frame(max(left, 60), 40, width - max(left, 60) - right - 4, height, time_axis(longest_time(curves), unit))
    with_bands = len(curves) <= MOST_BANDS if bands is None else bands
    table, tall = risk_table(curves, names, frame, frame.bottom + 60, 12, coarse)
    body = join(
        watermark(frame.left, frame.top, frame.width, frame.height) if simulated else None,
        frame_parts(frame, y_title),
        *(curve_parts(c, frame, look(i), i, len(curves), with_bands) for i, c in enumerate(curves)),
        end_labels(curves, names, frame, right + 4) if labelled else None,
        table,
        simulated_line(width) if simulated else None,
    )
    plot = {"left": frame.left, "top": frame.top, "width": frame.width, "height": frame.height, "until": frame.axis.until}
    return Figure(
        name, title, described(curves, names, frame.axis, y_title, simulated), width, frame.bottom + 60 + tall, body, plot
    )


def described(curves: Sequence[CurveResult], names: Sequence[str], axis: TimeAxis, y_title: str, simulated: bool) -> str:
    """The figure in words: what it shows, and where each curve ends."""
    begins = "Simulated data. " if simulated else ""
    said = [f"{begins}{count(len(curves), 'step curve')}: {y_title}; {axis.title[0].lower() + axis.title[1:]}."]
    for curve, name in list(zip(curves, names, strict=True))[:12]:
        known = [h for h in curve.estimate if math.isfinite(h)]
        end = f"ends at {known[-1] * 100:.1f} %" if known else "could not be estimated"
        size = "n hidden" if curve.n < 0 else f"n = {curve.n:,}"
        events = "events hidden" if curve.events < 0 else count(curve.events, "event")
        said.append(f"{name}: {size}, {events}, {end}.")
    return " ".join([*said, "The tables give the numbers."])


def incidence_figures(
    curves: Sequence[CurveResult], *, name: str, title: str, unit: str = "", simulated: bool = False, coarse: bool = False
) -> list[Figure]:
    """Cumulative incidence: one figure a cause, its groups as curves; with a single group all causes in one figure."""
    causes = list(dict.fromkeys(c.cause for c in curves))
    if len({c.group for c in curves}) == 1 and len(causes) > 1:
        chosen = [("", list(curves))]
    else:
        chosen = [(cause, [c for c in curves if c.cause == cause]) for cause in causes]
    return [
        curve_figure(
            some,
            name=f"{name}{f'-{place}' if place > 1 else ''}",
            title=f"{title}: {cause_said(cause)}" if cause else f"{title} of each cause",
            y_title=f"Cumulative incidence{f' of {cause_said(cause)}' if cause else ''}, %",
            unit=unit,
            simulated=simulated,
            coarse=coarse,
        )
        for place, (cause, some) in enumerate(chosen, 1)
    ]
