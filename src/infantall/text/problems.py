"""What is wrong with an input, where, and what was expected instead."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with an input.

    Attributes:
        place: where in the file, as a path and a line where one is known: ``findings[3].unit (line 12)``.
        found: what stands there. Never a whole record; a value only when the value itself is the mistake.
        expected: what would have been accepted, with the nearest valid name where there is one.
        file: the file's name as the user gave it; empty when the input was no file.
    """

    place: str
    found: str
    expected: str
    file: str = ""

    def __str__(self) -> str:
        """One line, whatever characters the input put into it."""
        where = ": ".join(part for part in (self.file, self.place) if part)
        text = f"{where}: found {self.found}; expected {self.expected}"
        return "".join(c if c.isprintable() else " " for c in text)

    def in_file(self, file: str) -> Problem:
        """The same problem, said of a named file."""
        return Problem(self.place, self.found, self.expected, file)


class InputError(Exception):
    """An input that cannot be used; carries every problem that was found, not only the first."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


def nearest(name: str, names: Iterable[str]) -> str | None:
    """The valid name most like ``name``, or None where none is near."""
    candidates = list(names)
    by_lower = {candidate.lower(): candidate for candidate in candidates}
    match = get_close_matches(name.lower(), list(by_lower), n=1, cutoff=0.6)
    return by_lower[match[0]] if match else None


def did_you_mean(name: str, names: Iterable[str]) -> str:
    """`` (did you mean 'x'?)`` where a valid name is near, else an empty text."""
    near = nearest(name, names)
    return f" (did you mean '{near}'?)" if near else ""


def one_of(names: Sequence[str]) -> str:
    """``a, b or c``: a list of choices for a message; with semicolons where the names hold commas themselves."""
    if len(names) < 2:
        return "".join(names)
    if any(", " in name for name in names):
        return f"{'; '.join(names[:-1])}; or {names[-1]}"
    return f"{', '.join(names[:-1])} or {names[-1]}"
