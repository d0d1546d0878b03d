"""Forest plots: estimates with intervals as rows, on a logarithmic axis (hazard ratios) or a plain one (percentages)."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from infantall.cohort.results import ModelResult, PublishedPoint, Term

from ..markup import Safe, join, tag
from ..words import clean, count
from .axes import log_ticks
from .drawing import SMALL, Figure, folded, line, marker, number, shortened, simulated_line, text_width, watermark, words

_ROW, _NAME, _PLOT, _WIDEST_CELL = 24.0, 230.0, 270.0, 190.0
_LINE, _INDENT = 12.0, 12.0


@dataclass(frozen=True)
class ForestRow:
    """One row. ``estimate`` NaN with ``heading`` makes a heading; ``reference`` marks the level others are compared with.

    Attributes:
        hollow: the square is drawn empty.
        thin: the whisker is no interval (one standard error either way): thinner, and without end marks.
    """

    label: str
    estimate: float = math.nan
    low: float = math.nan
    high: float = math.nan
    cells: tuple[str, ...] = ()
    heading: bool = False
    reference: bool = False
    hollow: bool = False
    thin: bool = False


def forest_figure(
    rows: Sequence[ForestRow],
    *,
    name: str,
    title: str,
    columns: Sequence[str],
    axis_title: str,
    logarithmic: bool = True,
    sides: tuple[str, str] | None = None,
    note: str = "",
    simulated: bool = False,
    name_width: float = _NAME,
    name_lines: int = 2,
) -> Figure:
    """A forest plot.

    Args:
        rows: from top to bottom; headings among them. Estimates are ratios, or percentages where not ``logarithmic``.
        columns: what the rows' cells are, shown at the right of the plot.
        sides: what lies left and right of no difference.
        note: a few words above the names, such as how many infants and events.
        name_width: room for the names of the rows, in pixels; name_lines: and how many lines, before a name is cut.

    Raises:
        ValueError: without a row.
    """
    if not rows:
        raise ValueError("a forest plot needs at least one row")
    widths = [
        _cell_width(column, [row.cells[i] if i < len(row.cells) else "" for row in rows]) for i, column in enumerate(columns)
    ]
    left, top = 12 + name_width, 58.0 if simulated else 40.0
    low, high = _limits(rows, logarithmic)
    scale = _scale(low, high, left, logarithmic)
    names = [_name_lines(row, name_width, name_lines) for row in rows]
    tops = list(accumulate((max(_ROW, _LINE * len(lines) + 6) for lines in names), initial=top))
    bottom = tops[-1]
    width = left + _PLOT + 18 + sum(widths) + 12 * len(widths)
    parts: list[Safe | None] = [watermark(left, top, _PLOT, max(bottom - top, 60)) if simulated else None]
    if note:
        parts.append(words(12, top - 18, shortened(note, name_width - 10, SMALL), size=SMALL, css="soft"))
    x = left + _PLOT + 18
    starts = []
    for column, wide in zip(columns, widths, strict=True):
        starts.append(x)
        parts.append(words(x, top - 18, shortened(column, wide, SMALL), size=SMALL, bold=True))
        x += wide + 12
    parts.append(_axis(low, high, scale, left, top, bottom, logarithmic, axis_title))
    if sides is not None:
        parts.append(_sides(sides, scale(1), left, top - 18))
    for row, lines, (above, below) in zip(rows, names, pairwise(tops), strict=True):
        parts.append(_row(row, lines, (above + below) / 2, scale, left, zip(starts, widths, strict=True)))
    parts.append(simulated_line(width) if simulated else None)
    return Figure(name, title, _described(rows, title, simulated), width, bottom + 48, join(*parts))


def _sides(sides: tuple[str, str], middle: float, left: float, y: float) -> Safe:
    """What lies left and right of no difference, each where it fits above the plot."""
    parts = []
    if middle - 8 - text_width(f"← {sides[0]}", SMALL) > left - 4:
        parts.append(words(middle - 8, y, f"← {sides[0]}", anchor="end", size=SMALL, css="soft"))
    if middle + 8 + text_width(f"{sides[1]} →", SMALL) < left + _PLOT + 8:
        parts.append(words(middle + 8, y, f"{sides[1]} →", size=SMALL, css="soft"))
    return join(*parts)


def _cell_width(column: str, cells: Sequence[str]) -> float:
    return min(max(text_width(column, SMALL, True), *(text_width(clean(cell), SMALL) for cell in cells)) + 2, _WIDEST_CELL)


def _limits(rows: Sequence[ForestRow], logarithmic: bool) -> tuple[float, float]:
    if not logarithmic:
        return 0.0, 100.0
    seen = [v for row in rows for v in (row.low, row.estimate, row.high) if math.isfinite(v) and v > 0]
    # A single endless interval must not flatten all others: whiskers beyond 1/50 and 50 end in an arrow.
    low, high = max(min([*seen, 0.5]), 0.02), min(max([*seen, 2.0]), 50.0)
    return low / 1.1, high * 1.1


def _scale(low: float, high: float, left: float, logarithmic: bool) -> Callable[[float], float]:
    def plain(value: float) -> float:
        return left + (value - low) / (high - low) * _PLOT

    def by_logarithm(value: float) -> float:
        return left + (math.log(max(value, 1e-300)) - math.log(low)) / (math.log(high) - math.log(low)) * _PLOT

    return by_logarithm if logarithmic else plain


def _axis(
    low: float,
    high: float,
    scale: Callable[[float], float],
    left: float,
    top: float,
    bottom: float,
    logarithmic: bool,
    title: str,
) -> Safe:
    ticks = log_ticks(low, high) if logarithmic else (0.0, 20.0, 40.0, 60.0, 80.0, 100.0)
    parts = [line(left, bottom, left + _PLOT, bottom, width=1.2)]
    for tick in ticks:
        parts.append(line(scale(tick), bottom, scale(tick), bottom + 4))
        parts.append(words(scale(tick), bottom + 18, f"{tick:g}", anchor="middle", size=SMALL))
    if logarithmic and low < 1 < high:
        parts.append(line(scale(1), top - 6, scale(1), bottom, dash="4 3"))
    parts.append(words(left + _PLOT / 2, bottom + 36, title, anchor="middle", size=SMALL, css="soft"))
    return join(*parts)


def _name_lines(row: ForestRow, width: float, most: int) -> list[str]:
    indent = 0 if row.heading else _INDENT
    return folded(row.label, width - indent - 14, _name_size(row), most)


def _name_size(row: ForestRow) -> float:
    return 12.0 if row.heading else SMALL


def _row(row: ForestRow, lines: list[str], y: float, scale: Callable[[float], float], left: float, cells: object) -> Safe:
    """A row's name, whisker, square and cells. Whiskers beyond the axis end in an arrow."""
    indent = 0 if row.heading else _INDENT
    first = y + 4 - _LINE / 2 * (len(lines) - 1)
    parts: list[Safe | None] = [
        words(12 + indent, first + _LINE * i, said, size=_name_size(row), bold=row.heading) for i, said in enumerate(lines)
    ]
    if row.reference:
        parts.append(words(scale(1) + 8, y + 4, "reference", size=SMALL, css="soft"))
    elif math.isfinite(row.estimate):
        parts.append(_whisker(row, y, scale, left))
    for (x, wide), cell in zip(cells, row.cells, strict=False):  # type: ignore[call-overload]
        parts.append(words(x, y + 4, shortened(cell, wide, SMALL), size=SMALL))
    return tag("g", *parts, class_="row")


def _whisker(row: ForestRow, y: float, scale: Callable[[float], float], left: float) -> Safe:
    right = left + _PLOT
    parts = []
    if not (math.isnan(row.low) or math.isnan(row.high)):
        a, b = scale(max(row.low, 0.0)), scale(row.high) if math.isfinite(row.high) else right + 1
        parts.append(line(max(a, left), y, min(b, right), y, width=0.9 if row.thin else 1.8))
        if not row.thin:
            parts.append(_arrow(left, y, -1) if a < left else line(a, y - 4, a, y + 4, width=1.4))
            parts.append(_arrow(right, y, 1) if b > right else line(b, y - 4, b, y + 4, width=1.4))
    middle = scale(row.estimate)
    if left <= middle <= right:
        parts.append(marker("open-square" if row.hollow else "square", middle, y, 4))
    return tag("g", *parts, class_="s0")


def _arrow(edge: float, y: float, way: int) -> Safe:
    return tag("path", d=f"M{number(edge)} {number(y)}l{-way * 8} -4.5v9z", fill="currentColor")


def _described(rows: Sequence[ForestRow], title: str, simulated: bool) -> str:
    shown = [r for r in rows if math.isfinite(r.estimate) and not r.reference]
    said = "; ".join(f"{clean(r.label)}: {r.estimate:.3g} ({r.low:.3g} to {r.high:.3g})" for r in shown[:20])
    begins = "Simulated data. " if simulated else ""
    return f"{begins}{title}: {count(len(shown), 'estimate')} with intervals. {said}. The table gives the numbers."


# -- from results --------------------------------------------------------------------------------------------------------


def model_forest(
    model: ModelResult, *, name: str, title: str, simulated: bool = False, p_said: Callable[[float], str], ci: str = "95 % CI"
) -> Figure:
    """The hazard ratios of a regression; each categorical variable with the level it is compared with."""
    rows: list[ForestRow] = []
    opened = ""
    for term in model.terms:
        variable, level = split_term(term)
        if level and variable != opened:
            rows.append(ForestRow(variable, heading=True))
            rows.append(ForestRow(term.reference or "reference", cells=("1", ""), reference=True))
        opened = variable if level else ""
        cells = (ratio_with_interval(term.hr, term.ci_low, term.ci_high), p_said(term.p))
        rows.append(ForestRow(level or variable, term.hr, term.ci_low, term.ci_high, cells))
    what, short = ("Subdistribution hazard ratio", "Subdistribution HR") if model.kind == "finegray" else ("Hazard ratio", "HR")
    return forest_figure(
        rows,
        name=name,
        title=title,
        columns=(f"{short} ({ci})", "p"),
        axis_title=f"{what}, logarithmic axis",
        sides=("fewer events", "more events"),
        note="n or events hidden" if min(model.n, model.events) < 0 else f"n = {model.n:,}, {count(model.events, 'event')}",
        simulated=simulated,
    )


def split_term(term: Term) -> tuple[str, str]:
    """A term's variable and level: ``kmt2a_status: germline (reference: rearranged)``; no level for a number."""
    name = clean(term.name)
    if term.reference:
        name = name.removesuffix(f" (reference: {clean(term.reference)})")
        variable, found, level = name.partition(": ")
        if found:
            return variable, level
        variable, found, level = name.partition("=")
        if found:
            return variable, level
    return name, ""


def ratio_with_interval(value: float, low: float, high: float) -> str:
    """A ratio and its interval: two decimals, more (up to five) where the interval would otherwise seem empty."""
    if math.isnan(value):
        return "not estimated"
    places = 2
    while places < 5 and math.isfinite(high) and high < 1000 and round(low, places) == round(high, places) and low < high:
        places += 1
    one, two, three = (_ratio(v, places) for v in (value, low, high))
    return f"{one} ({two}–{three})"


def _ratio(value: float, places: int) -> str:
    if math.isnan(value):
        return "?"
    if math.isinf(value):
        return "∞"
    if value >= 1000:
        return ">1000"
    return f"<{10**-places:.{places}f}" if 0 < value < 0.5 * 10**-places else f"{value:.{places}f}"


def study_of(point: PublishedPoint) -> str:
    """What a published curve is called: study, and subgroup where it is one."""
    return clean(f"{point.study}, {point.subgroup}" if point.subgroup else point.study)


def published_forest(points: Sequence[PublishedPoint], *, name: str, title: str) -> Figure:
    """Published outcomes in percent with their intervals, by endpoint."""
    rows: list[ForestRow] = []
    for endpoint in dict.fromkeys((p.endpoint, p.time_years) for p in points):
        rows.append(ForestRow(f"{endpoint[0]} at {endpoint[1]:g} years", heading=True))
        for p in points:
            if (p.endpoint, p.time_years) == endpoint:
                low, high = (math.nan if v is None else v * 100 for v in (p.low, p.high))
                cells = (f"{p.estimate * 100:.1f} %", p.uncertainty, "" if p.n is None else f"{p.n:,}", p.era)
                rows.append(ForestRow(study_of(p), p.estimate * 100, low, high, cells))
    return forest_figure(
        rows,
        name=name,
        title=title,
        columns=("estimate", "as printed", "n", "years"),
        axis_title="Per cent, with the interval where one was printed",
        logarithmic=False,
    )
