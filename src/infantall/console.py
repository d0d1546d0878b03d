"""What every command shares when it prints: the exit statuses, and a reader that stops reading."""

from __future__ import annotations

import os
import sys

WRONG_INPUT, BAD_USAGE, OUR_FAULT = 1, 2, 3


def print_text(text: str) -> None:
    """Prints; a reader that has seen enough (``| head``) changes neither the messages nor the exit status."""
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
