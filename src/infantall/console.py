"""What commands share: exit statuses, a reader that stops reading, how a day is given, files and figures that are written."""

from __future__ import annotations

import datetime as dt
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

from infantall.text.problems import InputError, Problem

WRONG_INPUT, BAD_USAGE, OUR_FAULT = 1, 2, 3
PATH = click.Path(path_type=Path)
Command = Callable[..., None]
FIGURE_KINDS = ("svg", "pdf", "png")


def print_text(text: str) -> None:
    """Prints; a reader that has seen enough (``| head``) changes neither the messages nor the exit status."""
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


def figure_options(command: Command) -> Command:
    """The options of a command that can write its figures."""
    for option in (
        click.option("--figures", metavar="DIR", type=PATH, help="Write the figures into this folder."),
        click.option(
            "--figure-format",
            "figure_formats",
            type=click.Choice(FIGURE_KINDS),
            multiple=True,
            default=("svg",),
            show_default=True,
            help="May be given several times. An interactive page is --format html.",
        ),
    ):
        command = option(command)
    return command


def write_figures(figures: Any, folder: Path | None, formats: Sequence[str]) -> None:
    """One file a figure and format, named by the figure; each path is said on standard error."""
    if folder is None:
        return
    from infantall.report.figures import FigureError, write_figure

    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, figure in figures.items():
            for kind in formats:
                path = folder / f"{name}.{kind}"
                write_figure(figure, path)
                click.echo(path, err=True)
    except FigureError as error:
        raise InputError([Problem("--figures", str(error), "a form that can be written here")]) from None
    except OSError as error:
        raise InputError([Problem(str(folder), error.strerror or "a folder that cannot be written", "a folder")]) from None
