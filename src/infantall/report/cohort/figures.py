"""Every figure of a result by its name, to stand in a report or to be written to a folder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from infantall.cohort.results import CompareResult, Comparison, CurveResult, ModelResult, StratifyResult, SurvivalResult

from ..figures.curves import MOST_BANDS, cause_said, curve_figure, end_of, incidence_figures, is_down, label_of
from ..figures.drawing import Figure, identifier
from ..figures.forest import model_forest, published_forest
from ..figures.heat import cross_figure
from ..figures.panels import comparison_figure, transplant_figure
from ..words import clean
from .blocks import Picture
from .data import csv_cell, jsonable
from .words import axis_of, cause_name, endpoint_of, is_coarse, level, named_incidence, p_value, unit_of

MOST_POINTS = 20_000
"""With more times than this in a figure, its page holds only those that the picture can show apart."""
_COLUMNS = 2_000


# -- all figures of a result ---------------------------------------------------------------------------------------------


def of_survival(result: SurvivalResult) -> dict[str, Figure]:
    """Curves, incidences, transplant and one forest plot a regression."""
    found: list[Figure] = []
    if result.survival:
        found.append(survival_figure(result))
    found += incidence(result)
    if result.transplant is not None and (figure := transplant(result)) is not None:
        found.append(figure)
    found += [forest for i, model in enumerate(result.models, 1) if (forest := model_figure(model, result, i)) is not None]
    return {figure.name: figure for figure in found}


def of_stratify(result: StratifyResult) -> dict[str, Figure]:
    """One picture a cross-table."""
    found = [
        cross_figure(
            cross,
            name=f"cross-{identifier(cross.rows)}-{identifier(cross.columns)}",
            simulated=result.simulated,
        )
        for cross in result.crosses
        if cross.row_labels and cross.column_labels
    ]
    return {figure.name: figure for figure in found}


def of_compare(result: CompareResult) -> dict[str, Figure]:
    """One picture a comparison, and the published numbers of all of them as a forest plot."""
    found = [comparison(one, result, f"compare-{i}") for i, one in enumerate(result.comparisons, 1)]
    found += [comparison(one, result, f"standardised-{i}") for i, one in enumerate(result.standardised, 1)]
    if (figure := published(result)) is not None:
        found.append(figure)
    return {figure.name: figure for figure in found}


# -- one by one ----------------------------------------------------------------------------------------------------------


def survival_figure(result: SurvivalResult, bands: bool | None = None) -> Figure:
    """The survival curves by group."""
    by = f" by {clean(result.by)}" if result.by else ""
    return curve_figure(
        result.survival,
        name="survival",
        title=f"{clean(endpoint_of(result))}{by}",
        y_title=f"{clean(endpoint_of(result))}, %",
        unit=unit_of(result),
        simulated=result.simulated,
        bands=bands,
        coarse=is_coarse(result),
    )


def incidence(result: SurvivalResult) -> list[Figure]:
    """The cumulative incidences, one figure a cause."""
    if not result.incidence:
        return []
    by = f" by {clean(result.by)}" if result.by else ""
    return incidence_figures(
        named_incidence(result),
        name="incidence",
        title=f"Cumulative incidence{by}",
        unit=unit_of(result),
        simulated=result.simulated,
        coarse=is_coarse(result),
    )


def transplant(result: SurvivalResult) -> Figure | None:
    """The fair curves with the naive one beside them; None where there is no curve."""
    found = result.transplant
    if found is None or not (found.simon_makuch or found.landmark or found.naive):
        return None
    return transplant_figure(found, unit=unit_of(result), simulated=result.simulated, coarse=is_coarse(result))


def model_figure(model: ModelResult, result: SurvivalResult, place: int) -> Figure | None:
    """The hazard ratios of a regression; None without terms."""
    if not model.terms:
        return None
    kind = model_name(model, result)
    return model_forest(model, name=f"forest-{place}", title=kind, simulated=result.simulated, p_said=p_value, ci=level(result))


def model_name(model: ModelResult, result: SurvivalResult) -> str:
    """``Cox regression``, ``Fine–Gray regression of cause 1``, ``Cox regression of relapse``."""
    kind = {"cox": "Cox regression", "finegray": "Fine–Gray regression"}.get(model.kind, model.kind)
    return f"{kind} of {cause_said(cause_name(result, model.cause))}" if model.cause else kind


def comparison(one: Comparison, result: CompareResult, name: str) -> Figure:
    """Our curve beside the published points."""
    return comparison_figure(
        one,
        name=name,
        title=f"{clean(one.definition)}: this cohort beside published results",
        unit=unit_of(result),
        y_title=f"{clean(result.endpoint)}, %",
        simulated=result.simulated,
        coarse=is_coarse(result),
    )


def published(result: CompareResult) -> Figure | None:
    """The published numbers of all comparisons; None where there is none."""
    points = list(dict.fromkeys(p for one in result.comparisons for p in one.published))
    return published_forest(points, name="published", title="Published results") if points else None


# -- with what the page needs to move ------------------------------------------------------------------------------------


def moving(figure: Figure, curves: Sequence[CurveResult], result: SurvivalResult) -> Picture:
    """A figure of curves together with the numbers behind it, for the slider and the downloads of the page."""
    axis = axis_of(curves, unit_of(result))
    several = len({c.cause for c in curves}) > 1
    thinned = sum(len(c.times) for c in curves) > MOST_POINTS
    coarse = is_coarse(result)
    data: dict[str, Any] = {
        "name": figure.name,
        "plot": dict(figure.plot),
        "perUnit": axis.per_unit,
        "unit": axis.shown_unit,
        "thinned": thinned,
        "crowded": len(curves) > MOST_BANDS,
        "afterEnd": "–" if coarse else "0",
        "groups": [_group(c, label_of(c, several), axis.until, thinned) for c in curves],
        "svg": figure.standalone(),
    }
    return Picture(figure, data)


def _group(curve: CurveResult, name: str, until: float, thinned: bool) -> Mapping[str, Any]:
    times = np.asarray(curve.times, dtype=np.float64)
    chosen = _visible(times, until) if thinned else slice(None)
    named = {
        "times": curve.times,
        "estimate": curve.estimate,
        "se": curve.se,
        "low": curve.ci_low,
        "high": curve.ci_high,
        "risk": curve.at_risk,
    }
    columns = {key: jsonable(np.asarray(values, dtype=np.float64)[chosen]) for key, values in named.items()}
    end = until if is_down(curve) else end_of(curve)
    return {"name": name, "csv": csv_cell(curve.group), "cause": csv_cell(curve.cause), "end": end, **columns}


def _visible(times: np.ndarray[Any, np.dtype[np.float64]], until: float) -> np.ndarray[Any, np.dtype[np.int64]]:
    """The last place in each of 2,000 columns of the picture, and the first of all."""
    column = np.floor(times / until * _COLUMNS)
    last = np.flatnonzero(np.concatenate((column[1:] != column[:-1], [True])))
    return np.unique(np.concatenate(([0], last))).astype(np.int64)
