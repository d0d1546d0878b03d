"""Survival results without small counts.

A survival curve gives every single event away: each step is one or more infants. So a curve ends where fewer than the threshold
are at risk, is shown only at times between which at least that many events lie (it is exact there, and lags behind between), its
numbers at risk are rounded down to whole multiples of the threshold, and censoring marks go. Counts of events and of infants
without one are hidden like those of a table. Hazard ratios, tests, medians and restricted means stay as they are.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import replace

from .disclosure import Table, hide
from .results import HIDDEN, CurveResult, ModelResult, SurvivalResult, TestResult, TransplantResult
from .small_counts import hidden_groups, is_small, notice, suppress_quality, suppressed_words

_READ = ("estimate", "se", "ci_low", "ci_high", "at_risk")  # what is read from a curve at the times asked for


def suppress_survival(result: SurvivalResult, threshold: int) -> SurvivalResult:
    """``infantall cohort survival`` without small counts; a hidden count is ``HIDDEN``, a hidden estimate NaN."""
    survival, incidence = suppress_curves(result.survival, result.incidence, threshold)
    lag = f"Curves have a step only after {threshold} or more events, and end where fewer than {threshold} are at risk."
    return replace(
        result,
        left_out=_hidden_if_small(result.left_out, threshold),
        survival=survival,
        incidence=incidence,
        models=tuple(_suppress_model(model, threshold) for model in result.models),
        transplant=None if result.transplant is None else _suppress_transplant(result.transplant, threshold),
        quality=suppress_quality(result.quality, threshold),
        tests=_suppress_notes(result.tests, threshold),
        notices=(*suppressed_words(result.notices, threshold), notice(threshold), lag),
        small_cells=threshold,
    )


def _hidden_if_small(count: int, threshold: int) -> int:
    return HIDDEN if is_small(count, threshold) else count


def _suppress_model(model: ModelResult, threshold: int) -> ModelResult:
    secret = is_small(model.events, threshold) or is_small(model.n - model.events, threshold)
    return replace(
        model,
        n=_hidden_if_small(model.n, threshold),
        events=HIDDEN if secret else model.events,
        left_out=_hidden_if_small(model.left_out, threshold),
        notices=suppressed_words(model.notices, threshold),
    )


def _suppress_transplant(result: TransplantResult, threshold: int) -> TransplantResult:
    never = sum(curve.n for curve in result.naive) - result.n_transplanted
    secret = is_small(result.n_transplanted, threshold) or is_small(never, threshold)
    return replace(
        result,
        n_transplanted=HIDDEN if secret else result.n_transplanted,
        simon_makuch=suppress_curves(result.simon_makuch, (), threshold)[0],
        landmark=suppress_curves(result.landmark, (), threshold)[0],
        naive=suppress_curves(result.naive, (), threshold)[0],
        time_dependent_cox=None if result.time_dependent_cox is None else _suppress_model(result.time_dependent_cox, threshold),
        naive_cox=None if result.naive_cox is None else _suppress_model(result.naive_cox, threshold),
        tests=_suppress_notes(result.tests, threshold),
        notices=suppressed_words(result.notices, threshold),
    )


def _suppress_notes(tests: Sequence[TestResult], threshold: int) -> tuple[TestResult, ...]:
    """Tests without the notes that hold a small count."""
    return tuple(replace(test, note="; ".join(suppressed_words(test.note.split("; "), threshold))) for test in tests)


# -- curves ---------------------------------------------------------------------------------------------------------------


def suppress_curves(
    survival: Sequence[CurveResult], incidence: Sequence[CurveResult], threshold: int
) -> tuple[tuple[CurveResult, ...], tuple[CurveResult, ...]]:
    """Curves of the same groups, coarsened, with the counts of infants and events hidden where they are small."""
    sizes = {curve.group: curve.n for curve in (*incidence, *survival)}
    whole = hidden_groups(sizes, threshold)
    secret = _secret_events(survival, incidence, whole, threshold)

    def suppressed(curve: CurveResult, free_before: Mapping[float, float]) -> CurveResult:
        if curve.group in whole:
            return _nothing(curve)
        shown = _coarse(curve, free_before, threshold)
        return replace(shown, events=HIDDEN if (curve.group, curve.cause) in secret else curve.events)

    free = {group: _event_free_before([c for c in incidence if c.group == group]) for group in sizes}
    return (
        tuple(suppressed(curve, _before(curve)) for curve in survival),
        tuple(suppressed(curve, free[curve.group]) for curve in incidence),
    )


def _secret_events(
    survival: Sequence[CurveResult], incidence: Sequence[CurveResult], whole: set[str], threshold: int
) -> set[tuple[str, str]]:
    """Group and cause of every count of events to hide; of any event together the cause is empty."""
    causes = tuple(dict.fromkeys(curve.cause for curve in incidence)) or ("",)
    events = {(curve.group, curve.cause): curve.events for curve in (*incidence, *survival)}
    sizes = {curve.group: curve.n for curve in (*incidence, *survival) if curve.group not in whole}
    groups = list(sizes)
    if not groups:
        return set()
    lines = [[events.get((group, cause), 0) for group in groups] for cause in causes]
    lines.append([sizes[group] - sum(line[i] for line in lines) for i, group in enumerate(groups)])
    found = hide(Table(lines, [sum(line) for line in lines], has_groups=True), threshold)
    names = [*causes, None]
    secret = {(groups[column], names[line]) for line, column in found if column < len(groups)}
    hidden = {(group, cause) for group, cause in secret if cause is not None}
    return hidden | {(group, "") for group, cause in secret if cause is None}


def _nothing(curve: CurveResult) -> CurveResult:
    start = 0.0 if curve.cause else 1.0
    nan = math.nan
    return CurveResult(
        curve.group, curve.cause, HIDDEN, HIDDEN, (0.0,), (start,), (nan,), (nan,), (nan,), (nan,),
        at={name: [nan] * len(values) if name in _READ else list(values) for name, values in curve.at.items()},
    )  # fmt: skip


def _before(curve: CurveResult) -> dict[float, float]:
    """Survival just before each time of its own curve."""
    return dict(zip(curve.times, (1.0, *curve.estimate[:-1]), strict=True))


def _event_free_before(curves: Sequence[CurveResult]) -> dict[float, float]:
    """What all causes together have left just before each time."""
    times = sorted({time for curve in curves for time in curve.times})
    free = {}
    for time in times:
        happened = 0.0
        for curve in curves:
            place = bisect_right(curve.times, time) - 1
            place -= place >= 0 and curve.times[place] == time
            happened += curve.estimate[place] if place >= 0 else 0.0
        free[time] = 1.0 - happened
    return free


def _coarse(curve: CurveResult, free_before: Mapping[float, float], threshold: int) -> CurveResult:
    """The curve at its start and at times with enough events since the last one shown."""
    kept, events, previous = [0], 0.0, curve.estimate[0]
    for i in range(1, len(curve.times)):
        if curve.at_risk[i] < threshold:
            break
        free = free_before[curve.times[i]]
        events += abs(curve.estimate[i] - previous) / free * curve.at_risk[i] if free > 0 else 0.0
        previous = curve.estimate[i]
        if events > threshold - 0.5:  # a sum of whole numbers, worked back from rounded estimates
            kept.append(i)
            events = 0.0

    def only(values: Sequence[float]) -> tuple[float, ...]:
        return tuple(values[i] for i in kept)

    coarse = replace(
        curve, times=only(curve.times), estimate=only(curve.estimate), se=only(curve.se), ci_low=only(curve.ci_low),
        ci_high=only(curve.ci_high), at_risk=tuple(_rounded(n, threshold) for n in only(curve.at_risk)), censor_times=(),
    )  # fmt: skip
    return replace(coarse, at=_at(curve, coarse, threshold))


def _rounded(at_risk: float, threshold: int) -> float:
    return float(at_risk // threshold * threshold)


def _at(curve: CurveResult, coarse: CurveResult, threshold: int) -> dict[str, Sequence[float]]:
    """The estimates asked for, read from the coarse curve; nothing where too few are at risk."""
    if not curve.at:
        return {}
    columns: dict[str, list[float]] = {name: [] for name in curve.at}
    asked = next(name for name in curve.at if name not in _READ)
    for i, time in enumerate(curve.at[asked]):
        at_risk = curve.at["at_risk"][i]
        place = bisect_right(coarse.times, time) - 1
        enough = at_risk >= threshold and place >= 0
        for name in curve.at:
            if name == asked:
                value = time
            elif not enough:
                value = math.nan
            elif name == "at_risk":
                value = _rounded(at_risk, threshold)
            else:
                value = getattr(coarse, name)[place]
            columns[name].append(value)
    return dict(columns)
