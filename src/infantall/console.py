"""What commands share: exit statuses, a reader that stops reading, how a day is given, files and figures that are written."""

from __future__ import annotations

import datetime as dt
import errno
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from infantall.text.problems import InputError, Problem

if TYPE_CHECKING:
    from infantall.report.figures.drawing import Figure

WRONG_INPUT, BAD_USAGE, OUR_FAULT = 1, 2, 3
PATH = click.Path(path_type=Path)
Command = Callable[..., None]
FIGURE_KINDS = ("svg", "pdf", "png")
ONE_DOCUMENT = "How to print. json is one document and nothing else."


def print_text(text: str) -> None:
    """Prints; a reader that has seen enough (``| head``) changes neither the messages nor the exit status.

    Raises:
        OSError: the output is closed, or cannot be written.
    """
    if sys.stdout is None:  # closed before the program began
        raise OSError(errno.EBADF, "closed, so nothing can be printed")
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def the_day(text: str | None) -> dt.date | int | None:
    """A day as the command takes it: a date, or days from diagnosis. Bad usage for anything else."""
    if text is None:
        return None
    try:
        return int(text) if text.lstrip("-").isdigit() and len(text) < 6 else dt.date.fromisoformat(text)
    except ValueError:
        raise click.BadParameter(f"'{text}' is no day: give YYYY-MM-DD, or days from diagnosis", param_hint="--as-of") from None


def format_option(*kinds: str, said: str = "How to print.") -> Callable[[Command], Command]:
    """``--format``, by default text."""
    choice = click.Choice(kinds)
    return click.option("--format", "output", type=choice, default="text", show_default=True, help=said)


def figure_options(command: Command) -> Command:
    """The options of a command that can write its figures."""
    for option in (
        click.option("--figures", metavar="DIR", type=PATH, is_eager=True, help="Write the figures into this folder."),
        click.option(
            "--figure-format",
            "figure_formats",
            type=click.Choice(FIGURE_KINDS),
            multiple=True,
            default=("svg",),
            show_default=True,
            callback=_formats_of_figures,
            help="May be given several times. An interactive page is --format html.",
        ),
    ):
        command = option(command)
    return command


def _formats_of_figures(context: click.Context, option: click.Parameter, formats: tuple[str, ...]) -> tuple[str, ...]:
    """A format that nothing would be written in is bad usage."""
    if context.params.get("figures") is None and formats != option.get_default(context):
        raise click.BadParameter("it says in which form --figures DIR writes, and no DIR is given")
    return formats


def write_figures(
    figures: Mapping[str, Figure], folder: Path | None, formats: Sequence[str], tables: Mapping[str, str] | None = None
) -> None:
    """One file a figure and format, named by the figure, and one a table (CSV); each path is said on standard error.

    Raises:
        InputError: a file that cannot be written, or a format for which a part is not installed.
    """
    if folder is None:
        return
    from infantall.report.figures.files import FigureError, write_figure

    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, figure in figures.items():
            for kind in formats:
                path = folder / f"{name}.{kind}"
                write_figure(figure, path)
                click.echo(path, err=True)
        for name, table in (tables or {}).items():
            path = folder / f"{name}.csv"
            path.write_text(table, encoding="utf-8")
            click.echo(path, err=True)
    except FigureError as error:
        raise InputError([Problem("--figures", str(error), "a form that can be written here")]) from None
    except OSError as error:
        found = error.strerror or "nothing that can be written"
        raise InputError([Problem(str(error.filename or folder), found, "a place for the figures that can be written")]) from None
