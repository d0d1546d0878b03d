"""``infantall guide``: the family guide on the command line."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from infantall.console import PATH, print_text, the_day
from infantall.family import PACKS

if TYPE_CHECKING:
    from infantall.family.material import Material


_FIGURES = ("show-now", "talk-first", "not-now")


@click.command()
@click.argument("record", metavar="RECORD", type=PATH)
@click.option("--pack", type=click.Choice(PACKS), default="today", show_default=True, help="Which pages.")
@click.option("--lang", "language", metavar="LANG", default="", help="en, es or ar. Default: the family's own, else English.")
@click.option("--format", "output", type=click.Choice(["text", "html", "pdf", "ics"]), default="text", show_default=True)
@click.option("--out", metavar="FILE", type=PATH, help="Write into this file. Needed for pdf.")
@click.option("--site", metavar="DIR", type=PATH, help="Your unit's own rules and phone numbers (a site pack).")
@click.option("--as-of", metavar="DATE", help="The day of the guide: YYYY-MM-DD, or days from diagnosis. Default: the latest.")
@click.option("--parent", metavar="NAME", default="", help="For whom: that parent's own choice about survival figures counts.")
@click.option("--figures", type=click.Choice(_FIGURES), help="This parent's choice about survival figures, made now.")
@click.option("--paper", type=click.Choice(["a4", "us-letter"]), default="a4", show_default=True, help="Paper of a pdf.")
@click.option("--details", is_flag=True, help="Say in the calendar what each entry is. Without it, titles tell nothing.")
@click.option("--previous", metavar="FILE", type=PATH, help="The calendar made last time: what fell out is cancelled.")
@click.option("--why", metavar="TOPIC", help="Say why a topic is shown to this family, or why not.")
def guide(
    record: Path, pack: str, language: str, output: str, out: Path | None, site: Path | None, as_of: str | None, parent: str,
    figures: str | None, paper: str, details: bool, previous: Path | None, why: str | None,
) -> None:  # fmt: skip
    """The guide for one baby's family: made for this phase and these medicines, in plain words.

    Prints today's page. --pack go-home --format pdf --out go-home.pdf makes the four pages to take home. Survival figures are
    in no page unless a parent chose to see them, and never on paper or in a calendar.
    """
    from infantall.guiding import Choices, material_for

    choices = Choices(language, site, parent, (figures or "").replace("-", "_"), the_day(as_of))
    material = material_for(record, choices)
    for notice in (*material.situation.notices, *material.wording.site.notices):
        click.echo(notice, err=True)
    if why is not None:
        print_text(_reason(material, why))
    elif output == "ics":
        _write(_calendar(material, details, previous), out)
    else:
        _write(_pages(material, pack, output, paper, out), out)


def _pages(material: Material, pack: str, output: str, paper: str, out: Path | None) -> str | bytes:
    from infantall.family.packs import booklet

    made = booklet(material, pack)
    if output == "html":
        from infantall.report.guide.html import booklet_html

        return booklet_html(made)
    if output == "text":
        from infantall.report.guide.text import booklet_text

        return booklet_text(made)
    if out is None and sys.stdout.isatty():
        raise click.UsageError("a pdf needs --out FILE")
    from infantall.report.figures.files import FigureError
    from infantall.report.guide.pdf import booklet_pdf

    try:
        return booklet_pdf(made, material.wording.words.say, paper)
    except FigureError as error:
        raise click.UsageError(str(error)) from None


def _calendar(material: Material, details: bool, previous: Path | None) -> str:
    from infantall.family.calendar import entries, replacing
    from infantall.report.guide.calendar_file import calendar_text, read_calendar

    day = material.situation.as_of.on
    if day is None:
        raise click.UsageError("a calendar needs a record with dates; this one counts days from diagnosis")
    made = entries(material)
    return calendar_text(replacing(made, read_calendar(previous), day) if previous else made, day, details)


def _reason(material: Material, topic: str) -> str:
    from infantall.guiding import explained
    from infantall.report.guide.reason import reason_text

    return reason_text(
        explained(material, topic), material.selection, material.situation.values, material.wording.guide.vocabulary
    )


def _write(made: str | bytes, out: Path | None) -> None:
    if out is None:
        if isinstance(made, bytes):
            sys.stdout.buffer.write(made)
        else:
            print_text(made)
        return
    if isinstance(made, bytes):
        out.write_bytes(made)
    else:
        out.write_text(made, encoding="utf-8", newline="")
    click.echo(out, err=True)
