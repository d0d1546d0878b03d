"""The command as ``infantall`` runs it, in this process: a hundred starts of the program would take minutes."""

from __future__ import annotations

import io
import re
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import pytest

from infantall.cli import main

LINE = re.compile(r"(?:.+: )?.+: found .+; expected .+")


@dataclass(frozen=True)
class Done:
    """How a command ended, and what it printed."""

    status: int
    out: bytes
    err: str

    @property
    def text(self) -> str:
        return self.out.decode("utf-8")


class Terminal(io.TextIOWrapper):
    def isatty(self) -> bool:
        return True


def ended(*arguments: str | Path, terminal: bool = False) -> Done:
    """The command with these arguments, however it ends; never with a traceback or a fault of ours."""
    raw, err, code = io.BytesIO(), io.StringIO(), 0
    out = (Terminal if terminal else io.TextIOWrapper)(raw, encoding="utf-8", newline="")
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        patch.setattr(sys, "argv", ["infantall", *map(str, arguments)])
        try:
            main()
        except SystemExit as end:
            code = int(end.code or 0)
    out.flush()
    assert "Traceback" not in err.getvalue() and "InfantALL itself failed" not in err.getvalue()
    return Done(code, raw.getvalue(), err.getvalue())


def run(*arguments: str | Path, status: int = 0, terminal: bool = False) -> Done:
    """The command with these arguments; it must end with this status."""
    done = ended(*arguments, terminal=terminal)
    assert done.status == status, (done.status, done.err)
    return done


def refused(*arguments: str | Path) -> str:
    """The one message with which a wrong input is refused; nothing is printed."""
    done = run(*arguments, status=1)
    lines = [line for line in done.err.splitlines() if LINE.fullmatch(line)]
    assert len(lines) == 1, done.err
    assert done.out == b""
    return lines[0]
