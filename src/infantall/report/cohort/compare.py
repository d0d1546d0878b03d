"""The report of ``infantall cohort compare``: a cohort beside published results, and what keeps it from being fair."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from infantall.cohort.results import CompareResult, Comparison, PublishedPoint

from ..figures.axes import UNITS
from ..figures.curves import at_risk, value_at
from ..figures.drawing import Figure
from ..figures.forest import study_of
from ..words import count
from . import figures
from .blocks import Block, Document, Facts, Para, Picture, Points, Section, Table, document_text
from .data import csv_text, jsonable, quality_json, shown, whole
from .page import document_html
from .quality import quality_section
from .survival import drawn_table, estimates
from .words import counted, interval, is_coarse, level, p_value, percent, plain, tests_said, unit_of


def compare_text(result: CompareResult, width: int = 100) -> str:
    """The report as plain text, no line longer than ``width``."""
    return document_text(compare_document(result), width)


def compare_html(result: CompareResult) -> str:
    """The report as one self-contained page."""
    return document_html(compare_document(result))


def compare_document(result: CompareResult) -> Document:
    """The report before it has a look."""
    both = [*result.comparisons, *result.standardised]
    lead = (
        f"{count(result.n, 'infant')}; endpoint {result.endpoint}. Nobody was randomised: differences of era, treatment and "
        "choice of infants stay in every comparison.",
        tests_said(sum(one.test is not None for one in both), 0),
    )
    drawn = figures.of_compare(result)
    sections = [quality_section(result.quality)]
    if result.notices:
        sections.append(Section("Please note", (Points(result.notices),)))
    sections += [_section(one, drawn[f"compare-{i}"], result, "") for i, one in enumerate(result.comparisons, 1)]
    sections += [
        _section(one, drawn[f"standardised-{i}"], result, " (standardised)") for i, one in enumerate(result.standardised, 1)
    ]
    if "published" in drawn:
        points = list(dict.fromkeys(p for one in result.comparisons for p in one.published))
        sections.append(Section("Published results", (Picture(drawn["published"]), _published(points))))
    return Document(f"Beside published results: {result.table}", tuple(sections), result.simulated, lead)


def _section(one: Comparison, figure: Figure, result: CompareResult, more: str) -> Section:
    unit = unit_of(result)
    blocks: list[Block] = []
    if one.limits:
        blocks += [Para("What keeps this from being a fair comparison:"), Points(one.limits)]
    blocks += [
        Picture(figure),
        drawn_table("Our curve as a table", [one.ours], unit, result),
        _side_by_side(one, unit, result),
        Facts(tuple(_against(one))),
        estimates("This cohort", [one.ours], unit, result),
    ]
    if one.not_matched:
        rows = tuple((why, f"{n:,}") for why, n in one.not_matched.items())
        blocks.append(Table("Infants who could not be counted in", ("Why", "Infants"), rows))
    return Section(f"{one.definition}{more}", tuple(blocks))


def _against(one: Comparison) -> Iterator[tuple[str, str]]:
    """Observed events, those expected had the published curve held, their ratio, and the test."""
    yield "Observed events", counted(one.observed)
    yield "Expected events", plain(one.expected, 1)
    if one.smr is not None:
        ratio, low, high = one.smr
        yield "Observed / expected", f"{plain(ratio)} (95 % CI {plain(low)} to {plain(high)})"
    if one.test is None:
        yield "Test", "none was made"
    else:
        t = one.test
        yield "Test", f"{t.name}: statistic {plain(t.statistic)}, {t.df} df, p {_p(t.p)}{f'; {t.note}' if t.note else ''}"


def _p(p: float) -> str:
    said = p_value(p)
    return said if said[0] in "<>" else f"= {said}"


def _side_by_side(one: Comparison, unit: str, result: CompareResult) -> Table:
    """Each published number, and our estimate at the same time."""
    rows = []
    for p in one.published:
        time = p.time_years * UNITS["year"] / UNITS[unit]
        estimate, se, low, high = value_at(one.ours, time)
        ours = f"{percent(estimate)} (SE {percent(se)}; {interval(low, high)})" if estimate == estimate else "–"
        rows.append((study_of(p), f"{p.time_years:g} years", _printed(p), ours, at_risk(one.ours, time, is_coarse(result))))
    head = ("Published study", "At", "Published, %", f"This cohort, % (SE; {level(result)})", "At risk here")
    return Table(f"Published {result.endpoint} beside this cohort (n = {counted(one.ours.n)})", head, tuple(rows))


def _printed(p: PublishedPoint) -> str:
    parts = [p.uncertainty] if p.uncertainty else []
    if p.low is not None and p.high is not None:
        parts.append(interval(p.low, p.high))
    return f"{percent(p.estimate)} ({'; '.join(parts)})" if parts else percent(p.estimate)


def _published(points: Sequence[PublishedPoint]) -> Table:
    """The published numbers with all that goes with them."""
    head = ("Study", "Endpoint", "At", "Estimate, %", "n", "Years", "Treatment", "Source")
    rows = tuple(
        (
            study_of(p),
            p.endpoint,
            f"{p.time_years:g} years",
            _printed(p),
            "–" if p.n is None else f"{p.n:,}",
            p.era,
            p.treatment,
            f"{p.source} ({p.confidence})" if p.confidence else p.source,
        )
        for p in points
    )
    return Table("Published results used here", head, rows)


def compare_json(result: CompareResult) -> dict[str, Any]:
    """The comparisons as one object; what could not be estimated is null."""
    both = [*result.comparisons, *result.standardised]
    return {
        "table": result.table,
        "simulated": result.simulated,
        "endpoint": result.endpoint,
        "n": shown(result.n),
        "comparisons": [_json(one) for one in result.comparisons],
        "standardised": [_json(one) for one in result.standardised],
        "tests_run": sum(one.test is not None for one in both),
        "quality": quality_json(result.quality),
        "notices": list(result.notices),
    }


def _json(one: Comparison) -> dict[str, Any]:
    ours = jsonable(one.ours)
    return {
        "definition": one.definition,
        "ours": {**ours, "at_risk": whole(one.ours.at_risk), "times": whole(one.ours.times)},
        "published": [jsonable(p) for p in one.published],
        "observed": whole(one.observed),
        "expected": jsonable(one.expected),
        "observed_to_expected": dict(zip(("ratio", "ci_low", "ci_high"), jsonable(one.smr), strict=True)) if one.smr else None,
        "test": jsonable(one.test) if one.test else None,
        "limits": list(one.limits),
        "not_matched": jsonable(one.not_matched),
    }


_HEAD = (
    "definition", "standardised", "whose", "study", "subgroup", "endpoint", "time_years", "estimate", "se", "ci_low", "ci_high",
    "n", "as_printed", "era", "treatment", "source", "confidence", "observed", "expected", "simulated",
)  # fmt: skip


def compare_csv(result: CompareResult) -> str:
    """Tidy: a row a published number, and one for our estimate at the same time (``whose`` is published or ours)."""
    return csv_text(_HEAD, _rows(result))


def _rows(result: CompareResult) -> Iterator[Sequence[Any]]:
    unit = unit_of(result)
    for standardised, some in ((False, result.comparisons), (True, result.standardised)):
        for one in some:
            end = (one.observed, one.expected, result.simulated)
            for p in one.published:
                numbers = (p.time_years, p.estimate, None, p.low, p.high, p.n, p.uncertainty)
                where = (p.study, p.subgroup, p.endpoint)
                yield (
                    one.definition,
                    standardised,
                    "published",
                    *where,
                    *numbers,
                    p.era,
                    p.treatment,
                    p.source,
                    p.confidence,
                    *end,
                )
                ours = (p.time_years, *value_at(one.ours, p.time_years * UNITS["year"] / UNITS[unit]), one.ours.n, "")
                yield (one.definition, standardised, "ours", *where, *ours, "", "", "", "", *end)


RENDERERS: Mapping[str, Callable[[CompareResult], object]] = {
    "text": compare_text,
    "json": compare_json,
    "html": compare_html,
    "csv": compare_csv,
}
