"""The survival report for machines: JSON by the design's contract with more keys beside it, and tidy CSV."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from infantall.cohort.results import CurveResult, ModelResult, SurvivalResult, TransplantResult

from .data import csv_text, jsonable, quality_json, shown, whole
from .words import asked_times, cause_name, is_biased


def survival_json(result: SurvivalResult) -> dict[str, Any]:
    """The result as the contract has it (design, 8.2): ``groups``, ``cumulative_incidence``, ``tests``, ``model``; and more.

    ``model`` is the first regression or null, ``models`` holds the others. What could not be estimated is null.
    """
    causes: dict[str, list[Any]] = {}
    for curve in result.incidence:
        causes.setdefault(curve.cause, []).append(_curve(curve, "estimate"))
    models = [_model(m) for m in result.models]
    tests = len(result.tests) + (len(result.transplant.tests) if result.transplant else 0)
    return {
        "table": result.table,
        "simulated": result.simulated,
        "time": result.time,
        "unit": result.unit,
        "confidence": result.confidence,
        "correction": result.correction or None,
        "event": result.event,
        "by": result.by or None,
        "n": result.n,
        "left_out": shown(result.left_out),
        "causes": {c: cause_name(result, c) for c in dict.fromkeys(curve.cause for curve in result.incidence)},
        "groups": [_curve(c, "survival") for c in result.survival],
        "cumulative_incidence": causes,
        "tests": [jsonable(t) for t in (*result.tests, *(result.transplant.tests if result.transplant else ()))],
        "tests_run": tests,
        "model": models[0] if models else None,
        "models": models[1:],
        "transplant": _transplant(result.transplant) if result.transplant else None,
        "quality": quality_json(result.quality),
        "methods": list(result.methods),
        "notices": list(result.notices),
    }


def _curve(curve: CurveResult, estimate: str) -> dict[str, Any]:
    found: dict[str, Any] = {
        "group": curve.group,
        "n": shown(curve.n),
        "events": shown(curve.events),
        "times": whole(curve.times),
        estimate: jsonable(list(curve.estimate)),
        "se": jsonable(list(curve.se)),
        "ci_low": jsonable(list(curve.ci_low)),
        "ci_high": jsonable(list(curve.ci_high)),
        "at_risk": whole(list(curve.at_risk)),
        "censor_times": whole(list(curve.censor_times)),
        "at": {
            ("times" if key == "at" else estimate if key == "estimate" else key): whole(list(values))
            for key, values in curve.at.items()
        },
    }
    if curve.cause:
        found["cause"] = curve.cause
    if curve.median is not None:
        found["median"] = dict(zip(("estimate", "ci_low", "ci_high"), jsonable(curve.median), strict=True))
    if curve.rmst is not None:
        found["rmst"] = {"until": jsonable(curve.rmst_until), "estimate": jsonable(curve.rmst[0]), "se": jsonable(curve.rmst[1])}
    return found


def _model(model: ModelResult) -> dict[str, Any]:
    counts = {"n": shown(model.n), "events": shown(model.events), "left_out": shown(model.left_out)}
    return {**jsonable(model), **counts, "terms": [jsonable(t) for t in model.terms]}


def _transplant(found: TransplantResult) -> dict[str, Any]:
    """The fair comparisons, and the naive one under a name that says what it is."""
    return {
        "n_transplanted": shown(found.n_transplanted),
        "simon_makuch": [_curve(c, "survival") for c in found.simon_makuch],
        "landmark_day": jsonable(found.landmark_day),
        "landmark": [_curve(c, "survival") for c in found.landmark],
        "tests": [{**jsonable(t), "biased": is_biased(t)} for t in found.tests],
        "time_dependent_model": _model(found.time_dependent_cox) if found.time_dependent_cox else None,
        "naive": {
            "biased": True,
            "why": "immortal time: an infant must live until transplant to count as transplanted",
            "groups": [_curve(c, "survival") for c in found.naive],
            "model": _model(found.naive_cox) if found.naive_cox else None,
        },
        "notices": list(found.notices),
    }


_HEAD = ("curve", "group", "cause", "time", "estimate", "se", "ci_low", "ci_high", "at_risk", "asked_for", "biased", "simulated")


def survival_csv(result: SurvivalResult) -> str:
    """Every curve, tidy: one row a curve and time. ``asked_for`` marks the rows of the times given with ``--at``.

    Estimates are probabilities in 0..1, times in the table's own unit; what could not be estimated is empty. Tests and
    regressions are in the JSON.
    """
    return csv_text(_HEAD, _rows(result))


def _rows(result: SurvivalResult) -> Iterator[Sequence[Any]]:
    found = result.transplant
    sorts: list[tuple[str, Sequence[CurveResult], bool]] = [
        ("survival", result.survival, False),
        ("cumulative incidence", result.incidence, False),
    ]
    if found is not None:
        sorts += [("simon-makuch", found.simon_makuch, False), ("landmark", found.landmark, False), ("naive", found.naive, True)]
    for name, curves, biased in sorts:
        for c in curves:
            columns = (c.times, c.estimate, c.se, c.ci_low, c.ci_high, c.at_risk)
            for row in zip(*columns, strict=True):
                yield (name, c.group, c.cause, *row, False, biased, result.simulated)
            yield from ((name, c.group, c.cause, *row, True, biased, result.simulated) for row in _asked(c))


def _asked(curve: CurveResult) -> Iterator[tuple[Any, ...]]:
    times = asked_times(curve)
    nothing = [None] * len(times)
    columns = [curve.at.get(key, nothing) for key in ("estimate", "se", "ci_low", "ci_high", "at_risk")]
    yield from zip(times, *columns, strict=True)
