"""Sources: numbered in the order in which a report names them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from infantall.knowledge.library import Citation, Conflict, Knowledge, Source, Statement

from .words import CONFIDENCE


class Sources:
    """The sources that a report has named so far, numbered from 1."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._known = knowledge.sources
        self._numbers: dict[str, int] = {}
        self.reviewed: set[str] = set()

    def number(self, source: str) -> int:
        """The number of a source, given on first use."""
        return self._numbers.setdefault(source, len(self._numbers) + 1)

    def numbers(self, citations: Iterable[Citation]) -> list[tuple[int, Citation]]:
        """Number and citation, each source once."""
        found: dict[str, Citation] = {}
        for citation in citations:
            found.setdefault(citation.source, citation)
        return sorted((self.number(name), citation) for name, citation in found.items())

    def listed(self) -> list[tuple[int, Source]]:
        """All sources named, in order."""
        return [(number, self._known[name]) for name, number in self._numbers.items()]


def remarks(statement: Statement) -> list[str]:
    """What must stand beside a statement: its confidence where it is not plainly seen, and its review where it had one."""
    said = [CONFIDENCE[statement.confidence]] if CONFIDENCE[statement.confidence] else []
    return [*said, f"reviewed: {statement.review}"] if statement.review else said


def reference(statement: Statement, sources: Sources) -> str:
    """``[3, 7; derived]``."""
    numbers = ", ".join(str(number) for number, _ in sources.numbers(statement.citations))
    return f"[{'; '.join([numbers, *remarks(statement)])}]"


def conflicts_about(knowledge: Knowledge, statements: Iterable[Statement], without: Sequence[Conflict] = ()) -> list[Conflict]:
    """The conflicts that touch any of these statements, each once."""
    found = {c.id: c for s in statements for c in knowledge.conflicts_by_statement.get(s.id, ())}
    return [conflict for conflict in found.values() if conflict not in without]


def conflict_reference(conflict: Conflict, sources: Sources) -> str:
    """The numbers of the sources of every side."""
    cited = sources.numbers(citation for side in conflict.sides for citation in side.citations)
    return f"[{', '.join(str(number) for number, _ in cited)}]"
