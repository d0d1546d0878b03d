"""What cleaning noticed, in words: counts, and up to five row names, never values but the mistaken ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from infantall.cohort.engines import Engine
from infantall.cohort.results import Finding
from infantall.facts.vocabulary import Vocabulary
from infantall.record.table import ID_COLUMNS, OUTCOME_COLUMNS, possible_range
from infantall.text.problems import nearest, one_of

from .model import Column, Raw

if TYPE_CHECKING:
    from .cleaning import CellPlan, Counts

EXAMPLES = 5
_LEFT_OUT = "These cells count as missing, and these rows are left out where rules are applied. Mend the file."


def of_columns(
    raw: Raw,
    engine: Engine,
    plans: Sequence[CellPlan],
    columns: Mapping[str, Column],
    counted: Mapping[int, Counts],
    vocabulary: Vocabulary,
    row_name: str,
) -> list[Finding]:
    """Findings about the cells and names of the columns, in the table's order."""
    asked = _Asker(raw, engine, row_name)
    found: list[Finding] = []
    for p in plans:
        counts = counted[p.number]
        if p.fact is not None and counts.refused:
            found.append(_refused(p, counts, asked))
        if (
            p.fact is None
            and columns[p.raw.name].kind == "text"
            and p.raw.kind == "text"
            and counts.refused * 10 <= counts.filled
        ):
            found.append(_mostly_numbers(p, counts, asked))
        if counts.impossible:
            found.append(_impossible(p, counts, asked, vocabulary))
    empty = [p.raw.name for p in plans if not counted[p.number].filled]
    if empty:
        found.append(Finding("blank_column", "note", f"No value in {_listed(empty)}.", 0))
    spaces = sum(counted[p.number].spaces for p in plans)
    if spaces:
        cells = "1 cell" if spaces == 1 else f"{spaces:,} cells"
        found.append(Finding("stray_spaces", "note", f"{cells} had spaces around, which were taken away.", spaces))
    return [*found, *_names(plans, vocabulary)]


def too_wide(raw: Raw, engine: Engine, rows: int, test: str, row_name: str) -> Finding:
    """Rows with more cells than the header has names."""
    examples = _Asker(raw, engine, row_name).examples_where(test)
    says = f"{_rows(rows)} more cells than the header has names."
    what = "These rows are left out where rules are applied. Mend the file: a comma inside a text needs quotation marks."
    return Finding("too_many_cells", "error", says, rows, examples, what)


class _Asker:
    """Asks for the first few rows that a condition is true of."""

    def __init__(self, raw: Raw, engine: Engine, row_name: str) -> None:
        self.raw, self.engine, self.row_name = raw, engine, row_name

    def examples(self, p: CellPlan, test: str) -> tuple[str, ...]:
        return self.examples_where(test, p)

    def examples_where(self, test: str, p: CellPlan | None = None) -> tuple[str, ...]:
        from .cleaning import read_cells

        keep = f"_n, {self.row_name} AS _name"
        relation = f"(SELECT *, {self.row_name} AS _name FROM {self.raw.numbered} AS numbered) AS cells"
        if p is not None:
            relation = read_cells([p], f"{self.raw.numbered} AS numbered", keep)
        found = self.engine.rows(f"SELECT _name FROM {relation} WHERE {test} ORDER BY _n LIMIT {EXAMPLES}")
        return tuple(str(name) for (name,) in found)

    def mistaken(self, p: CellPlan) -> list[str]:
        """The most frequent mistaken words."""
        from .cleaning import read_cells

        cells = read_cells([p], self.raw.relation, "1 AS one")
        word = f"s{p.number}"
        sql = f"SELECT {word}, count(*) FROM {cells} WHERE {p.refused} GROUP BY {word} ORDER BY 2 DESC, 1 LIMIT 3"
        return [str(text)[:40] for text, _ in self.engine.rows(sql)]


def _refused(p: CellPlan, counts: Counts, asked: _Asker) -> Finding:
    assert p.fact is not None
    words = asked.mistaken(p)
    expected = one_of(p.fact.values) if p.fact.values else f"a number in {p.fact.unit}"
    near = nearest(words[0], p.fact.values) if words and p.fact.values else None
    hint = f" Did you mean {near}?" if near else ""
    shown = ", ".join(f"'{word}'" for word in words)
    says = f"{p.raw.name}: {_rows(counts.refused)} a value that cannot be read ({shown}); expected {expected}.{hint}"
    return Finding("refused_value", "error", says, counts.refused, asked.examples(p, p.refused), _LEFT_OUT)


def _impossible(p: CellPlan, counts: Counts, asked: _Asker, vocabulary: Vocabulary) -> Finding:
    assert p.fact is not None
    low, high = possible_range(p.fact, vocabulary)
    says = f"{p.raw.name}: {_rows(counts.impossible)} a number that is not possible (outside {low:g} to {high:g} {p.fact.unit})."
    done = "Taken as missing, as -9 and 9999 usually mean."
    return Finding("impossible_number", "warning", says, counts.impossible, asked.examples(p, p.impossible), done)


def _mostly_numbers(p: CellPlan, counts: Counts, asked: _Asker) -> Finding:
    shown = ", ".join(f"'{word}'" for word in asked.mistaken(p))
    says = f"{p.raw.name}: {_rows(counts.refused)} a text among numbers ({shown}), so the whole column is read as text."
    what = "Mend these cells, or leave them blank, if the column holds numbers."
    return Finding("text_among_numbers", "warning", says, counts.refused, asked.examples(p, p.refused), what)


def _names(plans: Sequence[CellPlan], vocabulary: Vocabulary) -> list[Finding]:
    """Columns that name no fact: used as they are; a near miss is said aloud."""
    found: list[Finding] = []
    known = {*vocabulary.facts, *OUTCOME_COLUMNS, *ID_COLUMNS, "simulated"}
    present = {p.raw.name for p in plans}
    other = [p.raw.name for p in plans if p.fact is None and p.raw.name.lower() not in known]
    for name in other:
        near = nearest(name, vocabulary.facts)
        if near is not None and near not in present:
            says = f"The column '{name}' names no fact; did you mean {near}?"
            found.append(Finding("unknown_column", "warning", says, 0, (), "It is used as it is, and no rule reads it."))
    if other and len(found) < len(other):
        says = f"No rule reads {_listed(other)}."
        found.append(Finding("other_columns", "note", says, 0, (), "They can be used as times, events, groups and covariates."))
    return found


def _rows(number: int) -> str:
    return "1 row has" if number == 1 else f"{number:,} rows have"


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(names[:10])
    return f"{shown} and {len(names) - 10} more columns" if len(names) > 10 else shown
