"""Small counts hidden, and everything that would give them away by subtraction.

A count from 1 to one less than the threshold is *small*. First the small counts are hidden, then as few others as are needed
so that no hidden count follows from what is still shown: neither within its line, its column or its variable's table, nor from
the sizes of the groups (:mod:`infantall.cohort.disclosure` proves it for each table; the test attacks it by enumeration).

What it protects against: somebody who has this one output, knows the threshold, and adds and subtracts.

What it does not protect against: two outputs of slightly different tables or thresholds, compared; other knowledge of single
infants; a group in which everybody has the same value (a large count says it of each of them); zeros, which are shown. Medians
and quartiles of at least ``threshold`` infants, hazard ratios, p-values and test statistics are shown as they are. The number of
rows of the whole table is never hidden. It is an aid to the people who release results, not a licence to release.

A hidden count is ``HIDDEN`` (-1), which no count can be. A :class:`Cell` of which nothing is left is ``suppressed``; one whose
value may be shown but not how many are known and missing has ``HIDDEN`` for both, so that no percentage gives them away. Whether
a hidden count is small or was hidden to protect a small one is itself not to be said: write "hidden", not "under 5".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import groupby

from .disclosure import Table, hide
from .results import HIDDEN, Cell, CrossTable, DescribeResult, Line, ProtocolCounts, StratifyResult
from .small_counts import hidden_groups, is_small, notice, suppress_quality, suppressed_words
from .small_curves import suppress_survival

__all__ = ["HIDDEN", "suppress_describe", "suppress_stratify", "suppress_survival"]

ALL, MISSING = "all", "missing"

# -- Table 1 --------------------------------------------------------------------------------------------------------------


def suppress_describe(result: DescribeResult, threshold: int) -> DescribeResult:
    """Table 1 without small counts. Lowest and highest values are single infants' values and go too."""
    groups = [column for column in result.columns if column != ALL]
    whole = hidden_groups({group: result.sizes[group] or 0 for group in groups}, threshold)
    said = [notice(threshold)]
    if groups and whole == set(groups):
        said.append("The groups are too small to be shown.")
        result, groups, whole = _without_groups(result), [], set()
    if 0 < result.n < threshold:
        whole = {ALL}
    lines: list[Line] = []
    for _, block in groupby(result.lines, key=lambda line: line.column):
        lines += _Block(list(block), groups, whole, threshold).lines()
    return replace(
        result,
        sizes={group: None if group in whole else size for group, size in result.sizes.items()},
        lines=tuple(lines),
        quality=suppress_quality(result.quality, threshold),
        notices=(*suppressed_words(result.notices, threshold), *said),
        small_cells=threshold,
    )


def _without_groups(result: DescribeResult) -> DescribeResult:
    lines = tuple(replace(line, cells={ALL: line.cells[ALL]}) for line in result.lines)
    return replace(result, columns=(ALL,), sizes={ALL: result.sizes[ALL]}, lines=lines)


class _Block:
    """The lines of one variable: a table of levels by groups whose columns add up to the groups' sizes.

    A number has a line of its own, first; its bands, if any, are the levels. Without bands its levels are known and missing.
    """

    def __init__(self, lines: Sequence[Line], groups: Sequence[str], whole: set[str], threshold: int) -> None:
        self.threshold, self.whole = threshold, whole
        self.number = lines[0] if all(cell.count is None for cell in lines[0].cells.values()) else None
        self.levels = list(lines[1:] if self.number is not None else lines)
        self.shown = [group for group in groups if group not in whole]
        self.merged = [group for group in groups if group in whole]

    def lines(self) -> list[Line]:
        source = [*([self.number] if self.number is not None else []), *self.levels]
        if ALL in self.whole:
            return [replace(line, cells={group: Cell(0, 0, suppressed=True) for group in line.cells}) for line in source]
        rows, missing_row = self.rows()
        columns = [[row[group] for group in self.shown] for row in rows]
        if self.merged:  # they count as one group, which is known by subtraction
            columns = [[*column, sum(row[g] for g in self.merged)] for column, row in zip(columns, rows, strict=True)]
        found = hide(Table(columns, [row[ALL] for row in rows], has_groups=bool(columns[0])), self.threshold)
        names = [*self.shown, *([None] if self.merged else []), ALL]
        hidden = {(row, names[column]) for row, column in found}
        hidden |= {(row, group) for row in range(len(rows)) for group in self.merged}
        secret = {group for row, group in hidden if row == missing_row}
        lines = [self.category(i, line, hidden, secret) for i, line in enumerate(self.levels)]
        return [*([self.summary(self.number, secret)] if self.number is not None else []), *lines]

    def rows(self) -> tuple[list[Mapping[str, int]], int]:
        """The counts that add up to the groups, and which of them is the missing."""
        rows: list[Mapping[str, int]] = [{g: cell.count or 0 for g, cell in line.cells.items()} for line in self.levels]
        if self.number is not None:
            cells = self.number.cells
            rows = rows or [{g: cell.n for g, cell in cells.items()}]
            rows.append({g: cell.missing for g, cell in cells.items()})
        return rows, len(rows) - 1

    def summary(self, line: Line, secret: set[str | None]) -> Line:
        cells: dict[str, Cell] = {}
        for group, cell in line.cells.items():
            enough = cell.n >= self.threshold and group not in self.whole
            median, q1, q3 = (cell.median, cell.q1, cell.q3) if enough else (None, None, None)
            n, missing = (HIDDEN, HIDDEN) if group in secret else (cell.n, cell.missing)
            nothing = group in self.whole or (group in secret and not enough)
            cells[group] = Cell(0, 0, suppressed=True) if nothing else Cell(n, missing, median, q1, q3)
        return replace(line, cells=cells)

    @staticmethod
    def category(i: int, line: Line, hidden: set[tuple[int, str | None]], secret: set[str | None]) -> Line:
        cells: dict[str, Cell] = {}
        for group, cell in line.cells.items():
            if (i, group) in hidden:
                cells[group] = Cell(0, 0, suppressed=True)
            else:
                cells[group] = replace(cell, n=HIDDEN, missing=HIDDEN) if group in secret else cell
        return replace(line, cells=cells)


# -- protocols ------------------------------------------------------------------------------------------------------------


def suppress_stratify(result: StratifyResult, threshold: int) -> StratifyResult:
    """Protocol counts and cross tables without small counts; a hidden count is ``HIDDEN``.

    A protocol's parts (groups, undetermined, without a group, not eligible) add up to all infants; in a cross table each line
    and column adds up to such a part. A part that is hidden takes its whole line or column of every cross table with it.
    """
    hidden = {protocol.protocol: hidden_parts(protocol, threshold)[0] for protocol in result.protocols}
    return replace(
        result,
        protocols=tuple(_suppress_protocol(protocol, threshold) for protocol in result.protocols),
        crosses=tuple(_suppress_cross(cross, hidden, threshold) for cross in result.crosses),
        quality=suppress_quality(result.quality, threshold),
        notices=(*suppressed_words(result.notices, threshold), notice(threshold)),
        small_cells=threshold,
    )


PARTS = {"undetermined": "undetermined", "no": "not eligible", "without": "no group"}
"""How a cross table calls the parts of a protocol that are no groups."""


def hidden_parts(counts: ProtocolCounts, threshold: int) -> tuple[set[str], set[str]]:
    """The labels of a cross table to hide, and the answers about eligibility.

    Labels and answers both add up to all infants and share those who are not eligible: hidden of both or of neither.
    """
    labels = {
        **counts.groups,
        PARTS["undetermined"]: sum(counts.undetermined.values()),
        PARTS["without"]: counts.without_group,
        PARTS["no"]: counts.eligible.get("no", 0),
    }
    answers = {PARTS["no"] if answer == "no" else f"eligible: {answer}": n for answer, n in counts.eligible.items()}
    open_ = PARTS["undetermined"]
    pieces = {open_: max(1, len(counts.undetermined))}
    hidden = {open_} if 0 < labels[open_] <= pieces[open_] else set()  # each combination would be one infant
    while True:
        more = hidden | hidden_groups(labels, threshold, hidden & set(labels), pieces)
        more |= hidden_groups(answers, threshold, hidden & set(answers))
        if more == hidden:
            return hidden & set(labels), {answer for answer in counts.eligible if _answer_label(answer) in hidden}
        hidden = more


def _answer_label(answer: str) -> str:
    return PARTS["no"] if answer == "no" else f"eligible: {answer}"


def _suppress_protocol(counts: ProtocolCounts, threshold: int) -> ProtocolCounts:
    labels, answers = hidden_parts(counts, threshold)
    all_undetermined = PARTS["undetermined"] in labels
    combinations = set(counts.undetermined) if all_undetermined else hidden_groups(counts.undetermined, threshold)
    return replace(
        counts,
        eligible={answer: HIDDEN if answer in answers else n for answer, n in counts.eligible.items()},
        groups={group: HIDDEN if group in labels else n for group, n in counts.groups.items()},
        undetermined={label: HIDDEN if label in combinations else n for label, n in counts.undetermined.items()},
        without_group=HIDDEN if PARTS["without"] in labels else counts.without_group,
        missing=_missing_facts(counts, all_undetermined, threshold),
    )


def _missing_facts(counts: ProtocolCounts, all_undetermined: bool, threshold: int) -> dict[str, int]:
    """How many of the undetermined lack a fact: hidden if few lack it, if all but a few do, or if the undetermined are hidden."""
    undetermined = sum(counts.undetermined.values())
    return {
        fact: HIDDEN if all_undetermined or is_small(n, threshold) or is_small(undetermined - n, threshold) else n
        for fact, n in counts.missing.items()
    }


def _suppress_cross(cross: CrossTable, hidden: Mapping[str, set[str]], threshold: int) -> CrossTable:
    """A cross table. Its margins are the protocols' own parts: those hidden there count as one line or column here."""
    whole_rows = hidden[cross.rows] & set(cross.row_labels)
    whole_columns = hidden[cross.columns] & set(cross.column_labels)
    row_sets = [[r] for r in cross.row_labels if r not in whole_rows] + ([sorted(whole_rows)] if whole_rows else [])
    column_sets = [[c] for c in cross.column_labels if c not in whole_columns]
    column_sets += [sorted(whole_columns)] if whole_columns else []
    merged = [[sum(cross.counts.get((r, c), 0) for r in rs for c in cs) for cs in column_sets] for rs in row_sets]
    table = Table(merged, [sum(row) for row in merged], has_groups=True, fixed_totals=True)
    found = hide(table, threshold)
    cells = {
        (r, c) for i, rs in enumerate(row_sets) for j, cs in enumerate(column_sets) if (i, j) in found for r in rs for c in cs
    }
    counts = {
        (r, c): HIDDEN if r in whole_rows or c in whole_columns or (r, c) in cells else count
        for (r, c), count in cross.counts.items()
    }
    return replace(cross, counts=counts)
