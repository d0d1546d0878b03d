"""What every command shares: the exit statuses, a reader that stops reading, and how a day is given."""

from __future__ import annotations

import datetime as dt
import os
import sys

import click

WRONG_INPUT, BAD_USAGE, OUR_FAULT = 1, 2, 3


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
