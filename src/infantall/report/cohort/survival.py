"""The report of ``infantall cohort survival``: as text, HTML, JSON and CSV. All begin with the table's quality."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from infantall.cohort.results import CompareResult, CurveResult, ModelResult, SurvivalResult, TestResult, TransplantResult

from ..figures.axes import said_in, said_time
from ..figures.curves import at_risk, cause_said, label_of, value_at
from ..figures.forest import ratio_with_interval
from ..words import count
from . import figures
from .blocks import Block, Document, Para, Picture, Points, Section, Table, document_text
from .page import document_html
from .quality import quality_section
from .survival_data import survival_csv, survival_json
from .words import (
    BIASED,
    axis_of,
    cause_name,
    counted,
    endpoint_of,
    interval,
    is_biased,
    is_coarse,
    level,
    named_incidence,
    p_value,
    percent,
    plain,
    readings,
    tests_said,
    unit_of,
)

__all__ = ["RENDERERS", "survival_csv", "survival_html", "survival_json", "survival_text"]


def survival_text(result: SurvivalResult, width: int = 100) -> str:
    """The report as plain text, no line longer than ``width``."""
    return document_text(survival_document(result), width)


def survival_html(result: SurvivalResult) -> str:
    """The report as one self-contained page with figures that can be read off; it works without its script."""
    return document_html(survival_document(result))


def survival_document(result: SurvivalResult) -> Document:
    """The report before it has a look."""
    by = f" by {result.by}" if result.by else ""
    lead = [
        f"{count(result.n, 'infant')} analysed, {counted(result.left_out)} left out. Time: {result.time}; event: {result.event}.",
        tests_said(_tests(result), _coefficients(result), result.correction),
    ]
    sections = [
        quality_section(result.quality),
        *([Section("Please note", (Points(result.notices),))] if result.notices else []),
        *_survival(result),
        *_incidence(result),
        *([Section("Tests", _test_blocks(result.tests, result))] if result.tests else []),
        *(_model_section(model, result, i) for i, model in enumerate(result.models, 1)),
        *([_transplant(result.transplant, result)] if result.transplant is not None else []),
        *([Section("Methods", (Points(result.methods),))] if result.methods else []),
    ]
    return Document(f"Survival{by}: {result.table}", tuple(sections), result.simulated, tuple(lead))


def _tests(result: SurvivalResult) -> int:
    return len(result.tests) + (len(result.transplant.tests) if result.transplant else 0)


def _coefficients(result: SurvivalResult) -> int:
    models = [*result.models]
    if result.transplant is not None:
        models += [m for m in (result.transplant.time_dependent_cox, result.transplant.naive_cox) if m is not None]
    return sum(len(model.terms) for model in models)


# -- curves --------------------------------------------------------------------------------------------------------------


def _survival(result: SurvivalResult) -> list[Section]:
    if not result.survival:
        return []
    unit, curves = unit_of(result), result.survival
    picture = figures.moving(figures.survival_figure(result, bands=True), curves, result)
    blocks: list[Block] = [picture, drawn_table("The figure as a table", curves, unit, result)]
    blocks += [estimates(endpoint_of(result), curves, unit, result), _summary(curves, unit, result)]
    return [Section(endpoint_of(result), tuple(blocks))]


def _incidence(result: SurvivalResult) -> list[Section]:
    if not result.incidence:
        return []
    unit = unit_of(result)
    drawn = figures.incidence(result)
    incidence = named_incidence(result)
    causes = list(dict.fromkeys(c.cause for c in incidence))
    sets = [list(incidence)] if len(drawn) == 1 else [[c for c in incidence if c.cause == cause] for cause in causes]
    blocks: list[Block] = []
    for figure, curves in zip(drawn, sets, strict=True):
        blocks.append(figures.moving(figure, curves, result))
        blocks.append(drawn_table(f"{figure.title}: the figure as a table", curves, unit, result))
        blocks.append(estimates(figure.title, curves, unit, result))
    return [Section("Cumulative incidence", tuple(blocks))]


def estimates(caption: str, curves: Sequence[CurveResult], unit: str, result: SurvivalResult | CompareResult) -> Table:
    """The curves at the times asked for: at risk, estimate, standard error, interval."""
    axis, coarse = axis_of(curves, unit), is_coarse(result)
    several = len({c.cause for c in curves}) > 1
    rows = [
        (label_of(c, several), counted(c.n), t, risk, percent(estimate), percent(se), interval(low, high))
        for c in curves
        for t, risk, estimate, se, low, high in readings(c, axis, unit, coarse)
    ]
    return Table(f"{caption} at chosen times", ("Group", "n", "Time", "At risk", "Estimate, %", "SE", level(result)), tuple(rows))


def drawn_table(caption: str, curves: Sequence[CurveResult], unit: str, result: SurvivalResult | CompareResult) -> Table:
    """What a figure shows at each mark of its axis: one row a time, one column a group."""
    axis, coarse = axis_of(curves, unit), is_coarse(result)
    several = len({c.cause for c in curves}) > 1
    rows = []
    for tick in axis.ticks:
        cells = []
        for c in curves:
            estimate, _, low, high = value_at(c, tick)
            cells.append(f"{percent(estimate)} ({interval(low, high)}); {at_risk(c, tick, coarse)} at risk")
        rows.append((said_time(tick, axis), *cells))
    return Table(caption, ("Time", *(label_of(c, several) for c in curves)), tuple(rows), folded=True)


def _summary(curves: Sequence[CurveResult], unit: str, result: SurvivalResult) -> Table:
    """One row a group: how many, how many events, median, restricted mean."""
    until = next((c.rmst_until for c in curves if c.rmst_until is not None), None)
    own = f", {unit}s" if unit else ""
    head = ["Group", "n", "Events", f"Median{own} ({level(result)})"]
    if until is not None:
        head.append(f"Mean up to {said_in(until, unit)}{own} (SE)")
    rows = []
    for c in curves:
        row = [c.group, counted(c.n), counted(c.events), _median(c)]
        if until is not None:
            row.append("–" if c.rmst is None else f"{plain(c.rmst[0], 1)} ({plain(c.rmst[1], 1)})")
        rows.append(tuple(row))
    return Table("Infants, events and median by group", tuple(head), tuple(rows))


def _median(curve: CurveResult) -> str:
    if curve.median is None:
        return "–"
    middle, low, high = curve.median
    if middle != middle:
        return f"not reached (from {plain(low, 1)})" if low == low else "not reached"
    return f"{plain(middle, 1)} ({plain(low, 1)} to {plain(high, 1) if high == high else 'not reached'})"


# -- tests and regressions -----------------------------------------------------------------------------------------------


def _test_blocks(tests: Sequence[TestResult], result: SurvivalResult) -> tuple[Block, ...]:
    adjusted = any(t.adjusted_p is not None for t in tests)
    noted = any(t.note or is_biased(t) for t in tests)
    head = ("Test", "Cause", "Statistic", "df", "p", *(("Adjusted p",) if adjusted else ()), *(("Note",) if noted else ()))
    rows = []
    for t in tests:
        row = [t.name, _cause(t, result), plain(t.statistic), str(t.df), p_value(t.p)]
        row += [p_value(t.adjusted_p)] if adjusted else []
        row += [BIASED if is_biased(t) else t.note] if noted else []
        rows.append(tuple(row))
    return (Table("Tests between groups", head, tuple(rows)),)


def _cause(test: TestResult, result: SurvivalResult) -> str:
    return cause_said(cause_name(result, test.cause)).removeprefix("cause ") if test.cause else "any"


def _model_section(model: ModelResult, result: SurvivalResult, place: int) -> Section:
    figure = figures.model_figure(model, result, place)
    blocks: list[Block] = [Picture(figure)] if figure is not None else []
    return Section(figures.model_name(model, result), (*blocks, *model_blocks(model, result)))


def model_blocks(model: ModelResult, result: SurvivalResult, before: str = "") -> tuple[Block, ...]:
    """A regression in words and as a table."""
    said = [
        f"{before}n = {counted(model.n)}, events {counted(model.events)}; "
        f"{counted(model.left_out)} left out for a missing covariate."
    ]
    if model.ties:
        said.append(f"Ties: {model.ties}.")
    if model.loglik is not None and model.loglik_null is not None:
        said.append(f"Log-likelihood {plain(model.loglik)}, without terms {plain(model.loglik_null)}.")
    if model.ph_global_p is not None:
        said.append(f"Proportional hazards, all terms together: p {_p_equals(model.ph_global_p)}.")
    tested = any(t.ph_p is not None for t in model.terms)
    what = "Subdistribution HR" if model.kind == "finegray" else "HR"
    head = ("Term", f"{what} ({level(result)})", "p", "Coefficient", "SE", *(("Proportional, p",) if tested else ()))
    rows = [
        (
            t.name if not t.reference or t.reference in t.name else f"{t.name} (reference: {t.reference})",
            ratio_with_interval(t.hr, t.ci_low, t.ci_high),
            p_value(t.p),
            plain(t.coef, 4),
            plain(t.se, 4),
            *((p_value(t.ph_p),) if tested else ()),
        )
        for t in model.terms
    ]
    blocks: list[Block] = [Para(" ".join(said))]
    if rows:
        blocks.append(Table(f"Terms of the {figures.model_name(model, result)}", head, tuple(rows)))
    if model.notices:
        blocks.append(Points(model.notices))
    return tuple(blocks)


def _p_equals(p: float) -> str:
    said = p_value(p)
    return said if said[0] in "<>" else f"= {said}"


# -- transplant ----------------------------------------------------------------------------------------------------------


def _transplant(found: TransplantResult, result: SurvivalResult) -> Section:
    unit = unit_of(result)
    figure = figures.transplant(result)
    blocks: list[Block] = [
        Para(
            f"Transplanted: {counted(found.n_transplanted)}. Who is transplanted must first live long enough to be transplanted."
        ),
        Para(f"The comparison of ever with never transplanted is shown only to be recognised. {BIASED}.", strong=True),
    ]
    if figure is not None:
        blocks.append(Picture(figure))
    for caption, curves in (
        ("Simon–Makuch", found.simon_makuch),
        (f"Landmark at {plain(found.landmark_day)}{f' {unit}s' if unit else ''}", found.landmark),
        (f"Ever against never ({BIASED})", found.naive),
    ):
        if curves:
            blocks.append(estimates(caption, curves, unit, result))
    if found.tests:
        blocks += _test_blocks(found.tests, result)
    if found.time_dependent_cox is not None:
        blocks += model_blocks(found.time_dependent_cox, result, "Transplant as a time-dependent covariate (fair): ")
    if found.naive_cox is not None:
        blocks += model_blocks(found.naive_cox, result, f"Ever transplanted as a covariate ({BIASED}): ")
    if found.notices:
        blocks.append(Points(found.notices))
    return Section("Transplant", tuple(blocks))


RENDERERS: Mapping[str, Callable[[SurvivalResult], object]] = {
    "text": survival_text,
    "json": survival_json,
    "html": survival_html,
    "csv": survival_csv,
}
