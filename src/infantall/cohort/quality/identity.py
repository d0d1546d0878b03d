"""Questions about rows and labels together: the same infant twice, one label in two spellings, columns that say nothing."""

from __future__ import annotations

from collections.abc import Iterator

from infantall.cohort.results import Finding
from infantall.record.table import ID_COLUMNS
from infantall.rules.sql import quoted

from .asking import EXAMPLES, Asked, counted, named

ENOUGH_COLUMNS = 5  # two infants may well agree in four columns by chance
MOST_LABELS = 1_000


def duplicate_ids(asked: Asked) -> Iterator[Finding]:
    """One identifier on several rows."""
    column = asked.roles.id or "_row"
    grouped = (
        f"SELECT {quoted(column)} AS name, count(*) AS n FROM {asked.table.relation} "
        f"WHERE {quoted(column)} IS NOT NULL GROUP BY 1 HAVING count(*) > 1"
    )
    ids, rows = asked.table.engine.rows(f"SELECT count(*), coalesce(sum(n), 0) FROM ({grouped}) AS grouped")[0]
    if ids:
        found = asked.table.engine.rows(f"SELECT name FROM ({grouped}) AS grouped ORDER BY name LIMIT {EXAMPLES}")
        says = f"{counted(int(rows))} share an identifier with another row ({int(ids):,} identifiers): each counts as an infant."
        todo = "Keep one row an infant: infants counted twice make every interval too narrow."
        yield Finding("duplicate_ids", "warning", says, int(rows), tuple(str(row[0]) for row in found), todo)


def duplicate_rows(asked: Asked) -> Iterator[Finding]:
    """Rows that agree in every column but the identifier: perhaps one infant, entered twice."""
    ids = {asked.roles.id, *(name for name in asked.table.columns if name.lower() in ID_COLUMNS)}
    compared = [quoted(name) for name in asked.table.columns if name not in ids]
    if len(compared) < ENOUGH_COLUMNS:
        return
    # rows with hardly anything filled in agree by being empty
    filled = " + ".join(f"CASE WHEN {name} IS NULL THEN 0 ELSE 1 END" for name in compared)
    grouped = (
        f'SELECT count(*) AS n, min("_row") AS first_row FROM {asked.table.relation} WHERE {filled} >= {ENOUGH_COLUMNS} '
        f"GROUP BY {', '.join(compared)} HAVING count(*) > 1"
    )
    sets, rows = asked.table.engine.rows(f"SELECT count(*), coalesce(sum(n), 0) FROM ({grouped}) AS grouped")[0]
    if sets:
        found = asked.table.engine.rows(f"SELECT first_row FROM ({grouped}) AS grouped ORDER BY first_row LIMIT {EXAMPLES}")
        says = f"{counted(int(rows))} are the same as another row in every column but the identifier ({int(sets):,} sets)."
        todo = "Check that no infant was entered twice. All rows are analysed. One row of each set is named."
        yield Finding("duplicate_rows", "warning", says, int(rows), tuple(str(row[0]) for row in found), todo)


def spellings(asked: Asked) -> Iterator[Finding]:
    """Labels that differ only by case, spaces, hyphens or underscores are different groups to any program."""
    for name, column in asked.table.columns.items():
        if column.kind != "text" or column.fact is not None or name.lower() in ID_COLUMNS or name == asked.roles.id:
            continue
        value = quoted(name)
        plain = f"lower(replace(replace(replace({value}, ' ', ''), '-', ''), '_', ''))"
        known = f"FROM {asked.table.relation} WHERE {value} IS NOT NULL"
        labels = f"SELECT {value} AS label, {plain} AS plain, count(*) AS n {known} GROUP BY 1, 2"
        if len(asked.table.engine.rows(f"SELECT label FROM ({labels}) AS labels LIMIT {MOST_LABELS + 1}")) > MOST_LABELS:
            continue  # names or notes, not labels
        ranked = (
            f"SELECT label, n, row_number() OVER (PARTITION BY plain ORDER BY n DESC, label) AS place FROM ({labels}) AS labels"
        )
        rarer = f"SELECT label, n FROM ({ranked}) AS ranked WHERE place > 1"
        count, rows = asked.table.engine.rows(f"SELECT count(*), coalesce(sum(n), 0) FROM ({rarer}) AS rarer")[0]
        if count:
            examples = asked.examples(f"{value} IN (SELECT label FROM ({rarer}) AS rarer)")
            differs = "differs from a more frequent one only by case, spaces or hyphens"
            says = f"{counted(int(rows))}: a label in {named(name)} that {differs}."
            todo = f"Write each label one way: a rarer spelling ({int(count)} in all) counts as a group of its own."
            yield Finding("spellings", "warning", says, int(rows), examples, todo)


def constant_columns(asked: Asked) -> Iterator[Finding]:
    """A column with one value for everybody explains nothing; one without any value even less."""
    names = [name for name in asked.table.columns if name.lower() not in ID_COLUMNS]
    if asked.table.rows < 2 or not names:
        return
    columns = ", ".join(f"count({quoted(n)}), min({quoted(n)}) = max({quoted(n)})" for n in names)
    answer = asked.table.engine.rows(f"SELECT {columns} FROM {asked.table.relation}")[0]
    known = dict(zip(names, answer[::2], strict=True))
    same = dict(zip(names, answer[1::2], strict=True))
    for name in asked.roles.compared:
        if known.get(name) and same[name]:
            says = f"{named(name)} is the same for every infant whose value is known: there is nothing to compare."
            yield Finding("constant_column", "warning", says, asked.table.rows, (), "Leave it out of the analysis.")
    plain = (n for n in names if n not in asked.roles.compared and n.lower() != "simulated")
    said = [n for n in plain if not known[n] or (same[n] and n not in asked.roles.asked_for)]
    if said:
        empty = sum(not known[n] for n in said)
        listed = ", ".join([*said[:10], *(["..."] if len(said) > 10 else [])])
        columns = "1 column is" if len(said) == 1 else f"{len(said)} columns are"
        says = f"{columns} the same on every row, or empty ({empty} of them): {listed}."
        yield Finding("constant_columns", "note", says, 0, (), "Nothing to do if that is meant.")


TABLE_CHECKS = (duplicate_ids, duplicate_rows, spellings, constant_columns)
