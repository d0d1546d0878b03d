"""``infantall outlook``, ``therapies``, ``trials``: the published evidence beside one child."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from infantall.console import ONE_DOCUMENT, PATH, Command, figure_options, format_option, print_text, the_day, write_figures

if TYPE_CHECKING:
    from infantall.care.result import Assessment


def _about_one_child(command: Command) -> Command:
    """The arguments of a command about one child: the record, the day, the format."""
    for option in (
        click.argument("record", metavar="RECORD", type=PATH),
        click.option(
            "--as-of",
            metavar="DATE",
            help="As things stood on this day: YYYY-MM-DD, or days from diagnosis. Default: the latest.",
        ),
        format_option("text", "json", "html", said=ONE_DOCUMENT),
    ):
        command = option(command)
    return command


@click.command()
@_about_one_child
@figure_options
def outlook(record: Path, as_of: str | None, output: str, figures: Path | None, figure_formats: tuple[str, ...]) -> None:
    """What published trials saw in infants like this one.

    Every study whose group this child belongs to, or may belong to, nearest definition first, as printed; prognostic factors;
    when relapse came; who benefited from transplant; what is not known. For the care team: survival figures. No pooled figure
    and no figure for one child is ever given. --figures DIR writes each forest plot, and its table as CSV.
    """
    from infantall.care.outlook import outlook as outlook_of

    result = outlook_of(_assessed(record, as_of))
    if figures is not None:
        from infantall.report.outlook.figures import outlook_figures, outlook_tables

        drawn = {figure.name: figure for figure in outlook_figures(result)}
        write_figures(drawn, figures, figure_formats, outlook_tables(result))
    if output == "json":
        from infantall.report.outlook.data import outlook_data

        print_text(_json(outlook_data(result)))
    elif output == "html":
        from infantall.report.outlook.html import outlook_html

        print_text(outlook_html([result]))
    else:
        from infantall.report.outlook.text import outlook_text

        print_text(outlook_text(result))


@click.command()
@_about_one_child
def therapies(record: Path, as_of: str | None, output: str) -> None:
    """Newer therapies: evidence in infants, label age limits by region, harms, and whether this child fits.

    Blinatumomab, CAR-T cells, inotuzumab, venetoclax, menin inhibitors and others. Gives no dose and recommends nothing.
    """
    from infantall.care.therapies import therapies as therapies_for
    from infantall.report import therapies as report

    assessment = _assessed(record, as_of)
    results = therapies_for(assessment.values, assessment.knowledge)
    if output == "json":
        print_text(_json(report.therapies_data(results, assessment)))
    elif output == "html":
        print_text(report.therapies_html(results, assessment))
    else:
        print_text(report.TherapiesText(results, assessment).text())


@click.command()
@_about_one_child
def trials(record: Path, as_of: str | None, output: str) -> None:
    """Trials: status as read on a day, and every criterion met, not met or unknown.

    Says what would tell where a criterion is open. A registry page may have changed since it was read.
    """
    from infantall.care.trials import trials as trials_for
    from infantall.report import trials as report

    assessment = _assessed(record, as_of)
    results = trials_for(assessment.values, assessment.knowledge)
    if output == "json":
        print_text(_json(report.trials_data(results, assessment)))
    elif output == "html":
        print_text(report.trials_html(results, assessment))
    else:
        print_text(report.TrialsText(results, assessment).text())


def _assessed(record: Path, as_of: str | None) -> Assessment:
    from infantall.assessing import assess_record
    from infantall.knowledge.store import load_knowledge

    return assess_record(record, load_knowledge(), the_day(as_of))


def _json(data: dict[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False, indent=1, allow_nan=False) + "\n"
