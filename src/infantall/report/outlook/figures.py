"""The published rows of an outlook as forest plots: one a section, and one a world where KMT2A is not known.

A square is an estimate, a whisker with ends an interval that was printed, a thin one a printed standard error either way. A
group of fewer than ten infants has no square: its count stands in words.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from infantall.care.outlook import WORLDS, OutcomeMatch, Outlook
from infantall.knowledge.evidence import ENDPOINTS, SECTIONS

from ..figures.drawing import SMALL, Figure, line, marker
from ..figures.drawing import words as drawn
from ..figures.forest import ForestRow, forest_figure
from ..markup import Safe, join
from ..words import clean, count, sentence
from . import words

DRAWN = ("events", "survival", "relapse", "death_in_remission")
"""The sections whose results stand on one axis of per cent."""
MOST = 30
"""With more rows than this, possible groups stand in the table alone; of sure ones all are drawn."""
_COLUMNS = ("result", "at", "from", "n", "blinatumomab")
_CLOCK = _COLUMNS.index("from")
_NAMES, _NAME_LINES, _LEFT, _LEGEND_ROW = 280.0, 3, 12.0, 20.0


@dataclass(frozen=True, slots=True)
class _Plot:
    """The rows of one figure: those drawn, and all those its table holds."""

    name: str
    title: str
    shown: tuple[OutcomeMatch, ...]
    all: tuple[OutcomeMatch, ...]


def outlook_figures(outlook: Outlook) -> tuple[Figure, ...]:
    """Every forest plot of the outlook, in the order of its sections."""
    return tuple(_figure(plot) for section in DRAWN for plot in _plots(outlook, section))


def section_figures(outlook: Outlook, section: str) -> dict[str, Figure]:
    """The figures of one section by world: the empty word where KMT2A is known or does not matter."""
    if section not in DRAWN:
        return {}
    return {_world_of(plot.name): _figure(plot) for plot in _plots(outlook, section)}


def outlook_tables(outlook: Outlook) -> dict[str, str]:
    """The rows of each figure as CSV, under the name of the figure. Where a count is shown there is no percentage."""
    return {plot.name: _csv(plot.all) for section in DRAWN for plot in _plots(outlook, section)}


def _world_of(name: str) -> str:
    return next((world for world in WORLDS if name.endswith(f"-{world}")), "")


def _plots(outlook: Outlook, section: str) -> list[_Plot]:
    rows = [m for m in outlook.rows if m.outcome.section == section]
    found = []
    for world in ("", *WORLDS):
        some = tuple(m for m in rows if m.world == world)
        shown = _shown(some)
        if not any(not m.as_count for m in shown):
            continue
        name = f"outlook-{section.replace('_', '-')}{f'-{world}' if world else ''}"
        title = f"{SECTIONS[section]}{f'. {words.world_title(world)}' if world else ''}: published groups"
        found.append(_Plot(name, title, shown, some))
    return found


def _shown(rows: Sequence[OutcomeMatch]) -> tuple[OutcomeMatch, ...]:
    """All rows where they fit; else the sure ones, and the nearest of the others as far as there is room.

    After a relapse what was seen before one is not drawn beside what was seen after, unless there is nothing else.
    """
    rows = [m for m in rows if not m.before_relapse] or rows
    sure = [m for m in rows if m.verdict]
    others = [m for m in rows if not m.verdict]
    return (*sure, *others[: max(MOST - len(sure), 0)])


def _figure(plot: _Plot) -> Figure:
    rows: list[ForestRow] = []
    for endpoint in ENDPOINTS:
        some = [m for m in plot.shown if m.outcome.endpoint == endpoint]
        if some:
            rows.append(ForestRow(sentence(ENDPOINTS[endpoint].label), heading=True))
            rows += [_row(m, _clock_stated(plot)) for m in some]
    figure = forest_figure(
        rows,
        name=plot.name,
        title=plot.title,
        columns=_cells(_COLUMNS, _clock_stated(plot)),
        axis_title="Per cent",
        logarithmic=False,
        note="study: group",
        name_width=_NAMES,
        name_lines=_NAME_LINES,
    )
    key, height = _legend(plot, figure.height)
    return replace(figure, desc=_described(plot), height=figure.height + height, body=join(figure.body, key))


def _clock_stated(plot: _Plot) -> bool:
    return any(m.outcome.clock != "not_stated" for m in plot.shown)


def _cells(cells: tuple[str, ...], clock: bool) -> tuple[str, ...]:
    """The cells of a row; where no study drawn states its start of the clock, a line below says so once."""
    return cells if clock else (*cells[:_CLOCK], *cells[_CLOCK + 1 :])


def _row(match: OutcomeMatch, clock: bool) -> ForestRow:
    outcome = match.outcome
    low = high = estimate = math.nan
    if not match.as_count:
        estimate = outcome.estimate_pct
        if outcome.ci_pct is not None:
            low, high = outcome.ci_pct
        elif outcome.se_pct is not None:
            low, high = max(estimate - outcome.se_pct, 0.0), min(estimate + outcome.se_pct, 100.0)
    cells = (
        words.result(match, counted=False),
        words.time(outcome).removeprefix("at ").removeprefix("time "),
        "not stated" if outcome.clock == "not_stated" else words.CLOCKS[outcome.clock].removeprefix("from "),
        str(outcome.n) if outcome.n is not None else "not read",
        outcome.blinatumomab.replace("_", " "),
    )
    label = f"{outcome.title}: {outcome.subgroup}"
    thin = outcome.ci_pct is None
    return ForestRow(label, estimate, low, high, _cells(cells, clock), hollow=not match.verdict, thin=thin)


def _legend(plot: _Plot, top: float) -> tuple[Safe, float]:
    """What squares and whiskers mean, as far as the figure has them."""
    seen = [m.outcome for m in plot.shown if not m.as_count]
    entries: list[tuple[str, str]] = []
    if any(m.verdict and not m.as_count for m in plot.shown):
        entries.append(("square", "a group this child belongs to"))
    if any(not m.verdict and not m.as_count for m in plot.shown):
        world = _world_of(plot.name)
        entries.append(
            (
                "open-square",
                f"a group this child would or may belong to if KMT2A is {world}" if world else "a group it may belong to",
            )
        )
    if any(o.ci_pct for o in seen):
        entries.append(("interval", "95% confidence interval, as printed"))
    if any(o.se_pct and not o.ci_pct for o in seen):
        entries.append(("se", "one standard error (SE) either way: not a confidence interval"))
    if any(not o.se_pct and not o.ci_pct for o in seen):
        unclear = any(o.printed and not o.se_pct and not o.ci_pct for o in seen)
        other = ", or only ± or SD, which is neither" if unclear else ""
        entries.append(("", f"no whisker: no interval or standard error was printed{other}"))
    if any(m.as_count for m in plot.shown):
        entries.append(("", "no square: fewer than ten infants, given as a count"))
    if not _clock_stated(plot):
        entries.append(("", "from when time counts: not stated for any of these"))
    if len(plot.shown) < len(plot.all):
        entries.append(("", f"{count(len(plot.all) - len(plot.shown), 'more row')} in the table only"))
    parts = []
    for i, (sign, said) in enumerate(entries):
        y = top + 4 + _LEGEND_ROW * i
        parts.append(_sign(sign, y - 4))
        parts.append(drawn(_LEFT + 36, y, said, size=SMALL))
    return join(*parts), _LEGEND_ROW * len(entries)


def _sign(sign: str, y: float) -> Safe:
    left, right, middle = _LEFT, _LEFT + 26, _LEFT + 13
    if sign.endswith("square"):
        return marker(sign, middle, y, 5)
    if sign == "interval":
        ends = (line(x, y - 4, x, y + 4, width=1.4) for x in (left, right))
        return join(line(left, y, right, y, width=1.8), *ends)
    return line(left, y, right, y, width=0.9) if sign == "se" else Safe("")


def _described(plot: _Plot) -> str:
    """The drawn rows in words, for those who cannot see them."""
    said = [
        clean(
            f"{m.outcome.title}, {m.outcome.subgroup} ({words.standing(m)}): {words.endpoint(m.outcome)} {words.result(m)}"
            f"{words.when(m.outcome)}, {words.number(m.outcome)}"
        )
        for m in plot.shown[:20]
    ]
    more = f"; {len(plot.shown) - 20} more" if len(plot.shown) > 20 else ""
    return f"{count(len(plot.shown), 'published row')}, each by itself. {'; '.join(said)}{more}. The table gives all of them."


def _csv(rows: Sequence[OutcomeMatch]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(
        (
            "id", "study", "subgroup", "definition", "applies", "if_kmt2a", "n", "count", "endpoint", "clock", "time_years",
            "estimate_pct", "uncertainty", "shown_as", "era", "countries", "treatment", "blinatumomab", "sources", "confidence",
        )
    )  # fmt: skip
    for m in rows:
        o, s = m.outcome, m.outcome.statement
        writer.writerow(
            clean(str(cell)) if cell is not None else ""
            for cell in (
                s.id, o.title, o.subgroup, s.in_words, words.standing(m), m.world, o.n, m.count, o.endpoint, o.clock,
                o.time_years, None if m.as_count else o.estimate_pct, "" if m.as_count else o.printed, words.result(m),
                o.era, o.countries, o.treatment, o.blinatumomab, " ".join(c.source for c in s.citations), s.confidence,
            )
        )  # fmt: skip
    return out.getvalue()
