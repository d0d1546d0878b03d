"""How the groups of the world would treat this child: every protocol in one table, and what was not read."""

from __future__ import annotations

from dataclasses import dataclass

from infantall.rules.interpret import all_of, explain

from .result import Assessment, CriterionResult, ProtocolResult, Reason

COLUMNS = {
    "backbone": "Backbone",
    "immunotherapy": "Immunotherapy",
    "transplant": "Transplant in first remission",
    "cns": "Central nervous system",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One thing a protocol does. ``only_for``: the groups of which it is said, where the child may be in others too."""

    reason: Reason
    only_for: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """One protocol for this child. ``cells`` holds the lines of each of :data:`COLUMNS`; an empty one was not read.

    ``excluded_by`` is the first criterion that is not met; ``t_lineage`` what a T-lineage infant gets there.
    """

    result: ProtocolResult
    cells: dict[str, tuple[Line, ...]]
    t_lineage: tuple[Line, ...]
    excluded_by: CriterionResult | None


@dataclass(frozen=True)
class SideBySide:
    """All protocols, those that take the child first."""

    columns: tuple[Column, ...]
    t_lineage_matters: bool

    @property
    def not_read(self) -> dict[str, tuple[str, ...]]:
        """For each thing compared, the protocols of which nothing was read."""
        return {
            what: tuple(c.result.protocol.title for c in self.columns if not c.cells[what])
            for what in COLUMNS
            if any(not c.cells[what] for c in self.columns)
        }


def side_by_side(assessment: Assessment) -> SideBySide:
    """The table of an assessed child. T lineage matters where the lineage is T or not known."""
    columns = [_column(result, assessment) for result in assessment.protocols]
    columns.sort(key=lambda c: c.result.eligible == "no")
    return SideBySide(tuple(columns), assessment.values.get("lineage") != "B")


def _column(result: ProtocolResult, assessment: Assessment) -> Column:
    excluded = next((c for c in result.criteria if c.met is False), None) if result.eligible == "no" else None
    cells = {what: _lines(result, what, assessment) for what in COLUMNS}
    return Column(result, cells, _lines(result, "t_lineage", assessment), excluded)


def _lines(result: ProtocolResult, what: str, assessment: Assessment) -> tuple[Line, ...]:
    """The lines that are, or may be, about this child. A child who cannot enter is shown what the protocol does for anybody."""
    found = []
    for statement in result.protocol.treatment:
        if statement.topic != what or not statement.computed or statement.rule is None:
            continue
        explanation = explain(statement.rule, assessment.values)
        groups = tuple(g for g in statement.applies_to if g in result.possible)
        if result.eligible == "no":
            groups, applies = statement.applies_to, True
        else:
            applies = all_of([explanation.verdict, not statement.applies_to or bool(groups)]) is not False
        if applies:
            only = groups if statement.applies_to and set(groups) != set(result.possible) else ()
            found.append(Line(Reason(statement, explanation), only))
    return tuple(found)
