"""A regression of a table: its columns read into memory where they fit, else added up by the engine."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from infantall.cohort.covariates import regression_design
from infantall.cohort.results import ModelResult, Term
from infantall.cohort.survival.cox import fit_cox
from infantall.cohort.survival.cox_exact import cox_exact
from infantall.cohort.survival.design_matrix import Design, DesignTerm
from infantall.cohort.survival.errors import StatisticsError
from infantall.cohort.survival.fine_gray import fit_fine_gray
from infantall.cohort.survival.proportionality import proportional_hazards_test
from infantall.cohort.survival.regression import Fit
from infantall.cohort.survival.sql_sums import SqlSource
from infantall.cohort.survival.time_sums import ArraySource
from infantall.rules.sql import quoted
from infantall.text.problems import InputError, Problem

if TYPE_CHECKING:
    from infantall.cohort.question import Question
    from infantall.cohort.tables import CohortTable

CELLS_IN_MEMORY = 40_000_000
"""Up to so many numbers a regression reads its columns into memory (320 MB); beyond, the engine adds up by time."""


def fitted(
    table: CohortTable, relation: str, event: str, question: Question, cause: int, cause_name: str, *, entry: str | None = None
) -> ModelResult:
    """The regression that was asked, for one cause.

    Args:
        relation: the rows; of these the ones with every covariate are used, and the others are counted in ``left_out``.
        entry: the column of late entry, where it is another than the question's.

    Raises:
        InputError: covariates that cannot be used, or a model that the data cannot give.
    """
    try:
        design = regression_design(table, relation, question.terms, question.order)
        complete = " AND ".join(f"{quoted(name)} IS NOT NULL" for name in design.groups)
        rows = table.engine.new_name("complete")
        table.engine.create_view(rows, f"SELECT * FROM {relation} WHERE {complete}")
        ((every, used),) = table.engine.rows(
            f"SELECT count(*), coalesce(sum(CASE WHEN {complete} THEN 1 ELSE 0 END), 0) FROM {relation}"
        )
        return _fit(
            table, rows, int(used), int(every) - int(used), design, event, question, cause, cause_name, entry or question.entry
        )
    except StatisticsError as error:
        raise InputError([Problem("the regression", str(error), "covariates that can be estimated", table.name)]) from None


def _fit(
    table: CohortTable,
    rows: str,
    used: int,
    left_out: int,
    design: Design,
    event: str,
    question: Question,
    cause: int,
    cause_name: str,
    entry: str | None,
) -> ModelResult:
    if not used:
        raise StatisticsError("no row has a value in every covariate; leave out the ones that are mostly missing")
    in_memory = table.engine.name == "duckdb" and used * (len(design.terms) + 3) <= CELLS_IN_MEMORY
    tests: dict[str, float] = {}
    if question.model == "cox" and question.ties == "exact":
        fit = _exact(table, rows, used, design, event, question, cause, entry, in_memory=in_memory)
    else:
        source = (_from_arrays if in_memory else _from_engine)(table, rows, design, event, question, entry)
        if question.model == "finegray":
            fit = fit_fine_gray(source, cause=cause)
        else:
            assert question.ties != "exact"
            fit = fit_cox(source, ties=question.ties, cause=cause)
            if not fit.infinite:
                tests = {test.term: test.p for test in proportional_hazards_test(source, fit, groups=design.groups)}
    return _model(fit, design, question, cause_name, left_out, tests)


def _columns(table: CohortTable, rows: str, design: Design, event: str, question: Question, entry: str | None) -> Any:
    wanted = [f"{quoted(question.time)} AS time", f"{quoted(event)} AS event"]
    wanted += [f"{quoted(entry)} AS entry"] if entry else []
    wanted += [f"{quoted(question.strata)} AS stratum"] if question.strata else []
    wanted += [f"{sql} AS x{i}" for i, sql in enumerate(_sql(design))]
    return table.engine.columns(f"SELECT {', '.join(wanted)} FROM {rows}")


def _arrays(found: Any, design: Design) -> Any:
    import numpy as np

    return np.column_stack([found[f"x{i}"] for i in range(len(design.terms))])


def _from_arrays(table: CohortTable, rows: str, design: Design, event: str, question: Question, entry: str | None) -> ArraySource:
    found = _columns(table, rows, design, event, question, entry)
    return ArraySource(
        found["time"],
        found["event"],
        _arrays(found, design),
        terms=design.names,
        entry=found.get("entry"),
        stratum=found.get("stratum"),
    )


def _from_engine(table: CohortTable, rows: str, design: Design, event: str, question: Question, entry: str | None) -> SqlSource:
    return SqlSource(
        table.engine,
        rows,
        time=quoted(question.time),
        event=quoted(event),
        covariates=_sql(design),
        terms=design.names,
        entry=quoted(entry) if entry else None,
        stratum=quoted(question.strata) if question.strata else None,
    )


def _exact(
    table: CohortTable,
    rows: str,
    used: int,
    design: Design,
    event: str,
    question: Question,
    cause: int,
    entry: str | None,
    *,
    in_memory: bool,
) -> Fit:
    if not in_memory:
        raise StatisticsError(f"exact ties with {used:,} rows on {table.engine.name}: use --ties efron, or DuckDB and fewer rows")
    found = _columns(table, rows, design, event, question, entry)
    return cox_exact(
        found["time"],
        found["event"],
        _arrays(found, design),
        terms=design.names,
        entry=found.get("entry"),
        stratum=found.get("stratum"),
        cause=cause,
    )


def _model(fit: Fit, design: Design, question: Question, cause_name: str, left_out: int, tests: dict[str, float]) -> ModelResult:
    low, high = fit.interval(question.confidence)
    said = list(fit.notices)
    if left_out:
        said.append(f"{left_out:,} rows without a value in every covariate are left out of the regression.")
    return ModelResult(
        kind=fit.kind,
        cause=cause_name,
        n=fit.n,
        events=fit.events,
        terms=tuple(
            Term(
                name=_name(term),
                coef=float(fit.coef[i]),
                se=float(fit.se[i]),
                hr=_exp(float(fit.coef[i])),
                ci_low=_exp(float(low[i])),
                ci_high=_exp(float(high[i])),
                p=fit.p[i],
                reference=term.reference,
                ph_p=tests.get(term.column),
            )
            for i, term in enumerate(design.terms)
        ),
        ties=fit.ties,
        loglik=fit.loglik,
        loglik_null=fit.loglik_null,
        ph_global_p=tests.get("GLOBAL"),
        left_out=left_out,
        notices=tuple(said),
    )


def _sql(design: Design) -> list[str]:
    return design.sql({name: quoted(name) for name in design.groups})


def _name(term: DesignTerm) -> str:
    """The term without its reference, which stands apart."""
    return f"{term.column}: {term.level}" if term.level else term.column


def _exp(value: float) -> float:
    """The exponential; infinity where it is too large to write, NaN of NaN."""
    try:
        return math.exp(value)
    except OverflowError:
        return math.inf
