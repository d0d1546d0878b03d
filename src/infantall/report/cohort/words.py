"""How the cohort reports say numbers: percentages, intervals, p values, hidden counts, times."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from infantall.cohort.results import CurveResult, QualityReport, SurvivalResult, TestResult

from ..figures.axes import UNITS, TimeAxis, said_in, said_time, time_axis
from ..figures.curves import at_risk, longest_time, value_at
from ..words import count

BIASED = "BIASED: immortal time"
HIDDEN = "hidden"
"""Stands where a count was hidden because it is small, or because a small one would follow from it."""
_DASH = "–"
_ENDPOINTS = {
    "efs": "Event-free survival",
    "os": "Overall survival",
    "dfs": "Disease-free survival",
    "rfs": "Relapse-free survival",
}


def percent(value: float | None, places: int = 1) -> str:
    """A probability as a percentage; a dash where it could not be estimated."""
    if value is None or not math.isfinite(value):
        return _DASH
    return f"{value * 100:.{places}f}"


def interval(low: float, high: float) -> str:
    """``38.0 to 52.1``, in per cent; an end that is not known is a dash, and without either there is only one."""
    if not math.isfinite(low) and not math.isfinite(high):
        return _DASH
    return f"{percent(low)} to {percent(high)}"


def p_value(p: float | None) -> str:
    """As journals print it: ``<0.001``, three decimals below 0.1 (so that 0.049 is not 0.05), then two."""
    if p is None or not math.isfinite(p):
        return _DASH
    if p < 0.001:
        return "<0.001"
    if p < 0.0995:
        return f"{p:.3f}"
    return ">0.99" if p > 0.99 else f"{p:.2f}"


def plain(value: float | None, places: int = 2) -> str:
    """A number with as many decimals as it needs, at most ``places``; a dash where there is none."""
    if value is None or math.isnan(value):
        return _DASH
    if math.isinf(value):
        return "∞" if value > 0 else "-∞"
    said = f"{value:,.{places}f}"
    return said.rstrip("0").rstrip(".") if "." in said else said


def counted(value: float | None) -> str:
    """A count; ``hidden`` where it was hidden (below zero, or None)."""
    if value is None or value < 0:
        return HIDDEN
    return plain(value, 1)


def is_coarse(result: object) -> bool:
    """Whether small counts were hidden in a result, so that its curves are coarse and end early."""
    return bool(getattr(result, "small_cells", 0))


def unit_of(result: object) -> str:
    """The unit of a result's times as a word of :data:`UNITS`; empty where it is none of them."""
    own = str(getattr(result, "unit", "")).removesuffix("s")
    return own if own in UNITS else ""


def endpoint_of(result: SurvivalResult) -> str:
    """What the curves are: ``Event-free survival`` where the column is named as the field names it."""
    return _ENDPOINTS.get(result.time.lower().split("_")[0], f"Survival ({result.time})")


def cause_name(result: SurvivalResult, cause: str) -> str:
    """A cause by its own name where the table has one (``relapse``), else its number; empty for any event."""
    return result.causes.get(cause, cause)


def named_incidence(result: SurvivalResult) -> tuple[CurveResult, ...]:
    """The cumulative incidences, their causes by name."""
    return tuple(replace(curve, cause=cause_name(result, curve.cause)) for curve in result.incidence)


def axis_of(curves: Sequence[CurveResult], unit: str) -> TimeAxis:
    """The axis on which these curves are drawn and told."""
    return time_axis(longest_time(curves), unit)


Reading = tuple[str, str, float, float, float, float]
"""Time and number at risk in words, estimate, standard error, ends of the interval."""


def readings(curve: CurveResult, axis: TimeAxis, unit: str, coarse: bool) -> list[Reading]:
    """The curve at the times that were asked for; where none were, at up to six round times of the axis."""
    times = asked_times(curve)
    if len(times):
        columns = [curve.at[key] for key in ("estimate", "se", "ci_low", "ci_high")]
        risk = curve.at["at_risk"]
        return [(said_in(float(t), unit), plain(float(risk[i]), 1), *_four(columns, i)) for i, t in enumerate(times)]
    ticks = axis.ticks[1:]
    every = -(-len(ticks) // 6) or 1
    return [(said_time(t, axis), at_risk(curve, t, coarse), *value_at(curve, t)) for t in ticks[every - 1 :: every]]


def asked_times(curve: CurveResult) -> Sequence[float]:
    """The times that were asked for; empty where none were."""
    return next((curve.at[key] for key in ("at", "times") if key in curve.at), ())


def _four(columns: Sequence[Sequence[float]], i: int) -> tuple[float, float, float, float]:
    return float(columns[0][i]), float(columns[1][i]), float(columns[2][i]), float(columns[3][i])


def is_biased(test: TestResult) -> bool:
    """Whether a test compares by what happened later (ever against never transplanted)."""
    return "naive" in f"{test.name} {test.note}".lower() or "biased" in f"{test.name} {test.note}".lower()


def tests_said(tests: int, coefficients: int, correction: str = "") -> str:
    """How many tests were run, and whether p values were corrected for it."""
    parts = [count(tests, "test")]
    if coefficients:
        parts.append(f"{count(coefficients, 'coefficient')} with a p value")
    done = f"p values corrected by {correction} stand beside" if correction else "p values are not corrected for their number"
    return f"Number of tests run: {tests + coefficients} ({', '.join(parts)}); {done}."


def usable(quality: QualityReport) -> str:
    """One line about the table's quality."""
    kinds = {kind: sum(f.severity == kind for f in quality.findings) for kind in ("error", "warning", "note")}
    said = ", ".join(count(number, kind) for kind, number in kinds.items() if number)
    return f"{quality.rows:,} rows looked at: {said or 'nothing noticed'}."


def level(result: object) -> str:
    """The level of a result's intervals: ``95 % CI``."""
    share = float(getattr(result, "confidence", 0.95) or 0.95)
    return f"{share * 100:g} % CI"
