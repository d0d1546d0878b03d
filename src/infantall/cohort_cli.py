"""``infantall cohort``: many infants at once.

Options in, results out; the work is in ``infantall.cohort``, the looks in ``infantall.report``.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from infantall.console import PATH, Command, figure_options, format_option, print_text, write_figures
from infantall.text.problems import InputError, Problem

if TYPE_CHECKING:
    from infantall.cohort.tables import CohortTable
    from infantall.knowledge.library import Knowledge


@click.group()
def cohort() -> None:
    """Many infants at once: the same rules for every row, and the survival analysis of the field.

    TABLE is a CSV, TSV or Parquet file, a folder of record files, a DuckDB table (file.duckdb::table) or a PostgreSQL table
    (postgresql://user@host/database::table). What is wrong with the data is said first.
    """


# -- options that several commands share ----------------------------------------------------------------------------------


def _shared(command: Command) -> Command:
    """Engine, small cells, figures."""
    for option in (
        click.option(
            "--where", metavar="RULE", help="Only infants of whom this rule is TRUE, such as \"kmt2a_status = 'germline'\"."
        ),
        click.option(
            "--engine", type=click.Choice(["duckdb", "spark"]), default="duckdb", show_default=True, help="What runs the queries."
        ),
        click.option(
            "--small-cells",
            metavar="N",
            type=click.IntRange(2, 1000),
            help="Hide counts under N, and what would give them away, so that the result may be published.",
        ),
    ):
        command = option(command)
    return command


_unit = click.option(
    "--unit",
    type=click.Choice(["days", "weeks", "months", "years"]),
    default="days",
    show_default=True,
    help="The unit of the times.",
)
"""The unit of the times, for commands that show them."""


def _names(context: click.Context, parameter: click.Parameter, value: str | None) -> tuple[str, ...]:
    return tuple(name.strip() for name in (value or "").split(",") if name.strip())


def _times(context: click.Context, parameter: click.Parameter, value: str | None) -> tuple[float, ...]:
    try:
        found = tuple(float(text) for text in (value or "").split(",") if text.strip())
    except ValueError:
        raise click.BadParameter(f"'{value}' is no list of times; expected numbers, such as 365,730") from None
    if any(not 0 <= time < float("inf") for time in found):
        raise click.BadParameter(f"'{value}' holds a time that cannot be; expected numbers from 0, such as 365,730")
    return found


# -- stratify -------------------------------------------------------------------------------------------------------------


@cohort.command()
@click.argument("tables", metavar="TABLE...", nargs=-1, required=True)
@click.option("--protocol", "protocols", metavar="P", multiple=True, help="Only this protocol; may be given several times.")
@click.option("-o", "--out", metavar="FILE", type=PATH, help="Also write every infant's groups, as .csv or .parquet.")
@format_option("text", "json", "html", "csv", "markdown")
@figure_options
@_shared
def stratify(
    tables: tuple[str, ...],
    protocols: tuple[str, ...],
    out: Path | None,
    output: str,
    figures: Path | None,
    figure_formats: tuple[str, ...],
    where: str | None,
    engine: str,
    small_cells: int | None,
) -> None:
    """Every protocol's groups over a table, and the protocols against each other.

    Who is high risk here and intermediate there; whose group is open, and what is missing.
    """
    from infantall.cohort import small_cells as cells
    from infantall.cohort.stratify import stratify as run
    from infantall.cohort.stratify import write_stratified
    from infantall.report.cohort import figures as pictures
    from infantall.report.cohort import stratify as report

    knowledge = _knowledge()
    _check_protocols(protocols, knowledge)
    if out is not None:
        if len(tables) > 1:
            raise click.BadParameter("one table only, when its rows are written", param_hint="--out")
        if small_cells:
            raise click.BadParameter("rows are not counts: leave out --small-cells or --out", param_hint="--out")
    results = []
    for table in _opened(tables, knowledge, engine, where):
        result = _working("Stratifying", run, table, knowledge, protocols or None)
        if out is not None:
            _working("Writing", write_stratified, table, knowledge, str(out), protocols or None)
            click.echo(out, err=True)
        result = cells.suppress_stratify(result, small_cells) if small_cells else result
        results.append(result)
        write_figures(pictures.of_stratify(result), figures, figure_formats)
    _print_all(
        results,
        output,
        report.RENDERERS,
    )


# -- describe -------------------------------------------------------------------------------------------------------------


@cohort.command()
@click.argument("tables", metavar="TABLE...", nargs=-1, required=True)
@click.option("--by", metavar="COL", help="One column for each value of this column, or of a protocol's groups (interfant-06).")
@click.option("--columns", metavar="A,B,…", callback=_names, help="Only these columns. Default: every fact that the table has.")
@format_option("text", "json", "html", "csv", "markdown")
@_shared
def describe(
    tables: tuple[str, ...],
    by: str | None,
    columns: tuple[str, ...],
    output: str,
    where: str | None,
    engine: str,
    small_cells: int | None,
) -> None:
    """The table of a paper that says who the infants were: median and range, per cent with denominators, what is missing."""
    from infantall.cohort import small_cells as cells
    from infantall.cohort.describe import describe as run
    from infantall.report.cohort import describe as report

    knowledge = _knowledge()
    results = []
    for table in _opened(tables, knowledge, engine, where):
        grouped = _with_groups(table, knowledge, by)
        result = _working("Describing", run, grouped, by, columns or None, None, knowledge)
        results.append(cells.suppress_describe(result, small_cells) if small_cells else result)
    _print_all(
        results,
        output,
        report.RENDERERS,
    )


# -- survival -------------------------------------------------------------------------------------------------------------


@cohort.command()
@click.argument("tables", metavar="TABLE...", nargs=-1, required=True)
@click.option("--time", metavar="COL", required=True, help="Time from the start of the clock to the event or to the last look.")
@click.option(
    "--event",
    metavar="COL",
    required=True,
    help="0 = censored, 1 = event; 1, 2, … = competing causes; or a column of words in which 'none' is censored.",
)
@click.option("--by", metavar="COL", help="Compare the values of this column, or the groups of a protocol (interfant-06).")
@click.option("--at", "at", metavar="T,…", callback=_times, help="Print the estimates at these times, such as 365,730.")
@click.option("--entry", metavar="COL", help="Time at which the infant came under observation (left truncation).")
@click.option("--strata", metavar="COL", help="Stratify the tests and the regression by this column.")
@click.option(
    "--covariates",
    metavar="A,B,…",
    callback=_names,
    help="Terms of the regression; factor(X) where X is a code, not a quantity. Needs --model.",
)
@click.option(
    "--model", type=click.Choice(["cox", "finegray"]), help="A regression; with neither --covariates nor --by it has no terms."
)
@click.option(
    "--ties",
    type=click.Choice(["efron", "breslow", "exact"]),
    default="efron",
    show_default=True,
    help="How Cox regression takes events at one time.",
)
@click.option("--transplant", metavar="COL", help="Day of transplant; empty where there was none. Gives the fair comparisons.")
@click.option("--landmark", metavar="T", type=float, help="Landmark of the transplant comparison, declared beforehand.")
@click.option("--rmst", metavar="T", type=float, help="Restricted mean survival up to this time.")
@_unit
@click.option("--confidence", type=click.FloatRange(0.5, 0.999), default=0.95, show_default=True, help="Level of the intervals.")
@click.option(
    "--interval", type=click.Choice(["log-log", "log", "plain"]), default="log-log", show_default=True, help="Kind of interval."
)
@click.option(
    "--correction",
    type=click.Choice(["holm", "hochberg", "benjamini-hochberg"]),
    help="Correct the p-values for the number of tests. Off by default; the number of tests is always said.",
)
@format_option("text", "json", "html", "csv")
@figure_options
@_shared
def survival(
    tables: tuple[str, ...],
    output: str,
    figures: Path | None,
    figure_formats: tuple[str, ...],
    where: str | None,
    engine: str,
    small_cells: int | None,
    **asked: Any,
) -> None:
    """Kaplan–Meier, cumulative incidence, tests, regression, and transplant compared fairly.

    Works on any table with any column names.
    """
    from infantall.cohort import small_cells as cells
    from infantall.cohort.analysis import survival as run
    from infantall.cohort.question import Question
    from infantall.report.cohort import figures as pictures
    from infantall.report.cohort import survival as report

    knowledge = _knowledge()
    question = Question(**asked, order={name: protocol.group_labels for name, protocol in knowledge.protocols.items()})
    results = []
    for table in _opened(tables, knowledge, engine, where):
        grouped = _with_groups(table, knowledge, question.by)
        result = _working("Analysing", run, grouped, question)
        result = cells.suppress_survival(result, small_cells) if small_cells else result
        results.append(result)
        write_figures(pictures.of_survival(result), figures, figure_formats)
    _print_all(results, output, report.RENDERERS)


# -- compare --------------------------------------------------------------------------------------------------------------


@cohort.command()
@click.argument("tables", metavar="TABLE...", nargs=-1, required=True)
@click.option(
    "--endpoint",
    type=click.Choice(["EFS", "OS", "DFS", "CIR"]),
    default="EFS",
    show_default=True,
    help="Which published results.",
)
@click.option(
    "--study", "studies", metavar="S", multiple=True, help="Only this study, such as interfant-06; may be given several times."
)
@click.option("--time", metavar="COL", help="Default: efs_days or os_days.")
@click.option("--event", metavar="COL", help="Default: efs_event, os_event; for CIR first_event.")
@click.option(
    "--curve",
    metavar="FILE",
    type=PATH,
    help="Your own published curve, CSV with the columns time_years and survival: all infants are held against it.",
)
@_unit
@format_option("text", "json", "html", "csv")
@figure_options
@_shared
def compare(
    tables: tuple[str, ...],
    output: str,
    figures: Path | None,
    figure_formats: tuple[str, ...],
    where: str | None,
    engine: str,
    small_cells: int | None,
    **asked: Any,
) -> None:
    """A cohort against published results of the same group, with everything that keeps it from being a fair comparison."""
    from infantall.cohort.compare import Request
    from infantall.cohort.compare import compare as run
    from infantall.report.cohort import compare as report
    from infantall.report.cohort import figures as pictures

    if small_cells:
        raise click.BadParameter("not offered for compare: its groups are published ones", param_hint="--small-cells")
    request = Request(**asked)
    knowledge = _knowledge()
    results = []
    for table in _opened(tables, knowledge, engine, where):
        result = _working("Comparing", run, table, knowledge, request)
        results.append(result)
        write_figures(pictures.of_compare(result), figures, figure_formats)
    _print_all(results, output, report.RENDERERS)


# -- underneath -----------------------------------------------------------------------------------------------------------


def _knowledge() -> Knowledge:
    from infantall.knowledge.store import load_knowledge

    return load_knowledge()


def _check_protocols(names: Sequence[str], knowledge: Knowledge) -> None:
    from infantall.text.problems import did_you_mean

    for name in names:
        if name not in knowledge.protocols:
            hint = did_you_mean(name, knowledge.protocols)
            known = ", ".join(knowledge.protocols)
            raise click.BadParameter(f"no protocol '{name}'{hint}; known: {known}", param_hint="--protocol")


def _opened(sources: Sequence[str], knowledge: Knowledge, engine: str, where: str | None) -> Any:
    """The tables one after the other."""
    from infantall.cohort.definitions import select
    from infantall.cohort.tables import open_table

    for source in sources:
        table = _working(f"Reading {source}", open_table, source, knowledge, engine)
        yield select(table, knowledge, where) if where else table


def _with_groups(table: CohortTable, knowledge: Knowledge, by: str | None) -> CohortTable:
    """The table with a protocol's groups as a column, where ``by`` names a protocol and no column."""
    from infantall.cohort.stratify import with_groups

    if by is None or by in table.columns or by not in knowledge.protocols:
        return table
    if not knowledge.protocols[by].stratified:
        given = ", ".join(name for name, protocol in knowledge.protocols.items() if protocol.stratified)
        raise InputError([Problem("--by", f"the protocol {by}, which gives no groups", f"a column, or one of {given}")])
    return with_groups(table, knowledge, by)


def _working(label: str, work: Callable[..., Any], *given: Any) -> Any:
    """The work's result; a line that moves on standard error where somebody watches."""
    if not sys.stderr.isatty():
        return work(*given)
    from rich.console import Console

    with Console(stderr=True).status(label):
        return work(*given)


def _print_all(results: Sequence[Any], output: str, renderers: Mapping[str, Callable[[Any], Any]]) -> None:
    """Prints one result or several; JSON of several is one list."""
    if output == "json":
        import json

        said = [renderers["json"](result) for result in results]
        print_text(json.dumps(said[0] if len(said) == 1 else said, ensure_ascii=False, indent=1, allow_nan=False) + "\n")
    elif output == "html" and len(results) > 1:
        raise InputError([Problem("TABLE", f"{len(results)} tables", "one table for an HTML page")])
    else:
        print_text("\n".join(renderers[output](result) for result in results))
