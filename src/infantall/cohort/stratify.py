"""``infantall cohort stratify``: every infant of a table under every protocol, in the engine that holds the table.

A row with a cell that could not be read is left out, as ``assess`` refuses it, and counted; where rows are written it is
written as ``refused``.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from infantall.cohort.quality import quality
from infantall.cohort.results import CrossTable, ProtocolCounts, StratifyResult
from infantall.cohort.tables import CohortTable, Column
from infantall.knowledge.library import Knowledge, Protocol
from infantall.rules.sql import literal, quoted
from infantall.text.problems import InputError, Problem

from . import stratify_labels as labels
from .stratify_sql import Stratification, stratification

Combinations = Sequence[tuple[int, ...]]
"""Counted rows: eligibility and groups of each protocol, as integers, then how many infants."""


def stratify(table: CohortTable, knowledge: Knowledge, protocols: Sequence[str] | None = None) -> StratifyResult:
    """How a table falls under each protocol, and under each against each other.

    Args:
        protocols: only these; by default every one.

    Raises:
        InputError: no such protocol, or no column that a rule reads.
    """
    check_facts(table)
    engine = table.engine
    relation = f"(SELECT * FROM {_coded(table)} WHERE NOT _refused)"
    query = _query(table, knowledge, protocols, relation)
    profiles = engine.new_name("profiles")
    engine.create_table(profiles, query.profiles_sql)
    try:
        found: Combinations = [tuple(map(int, row)) for row in engine.rows(query.counts(profiles))]
        (lacking,) = engine.rows(query.lacking(profiles))
    finally:
        engine.drop_table(profiles)
    missing = dict(zip(query.missing, map(int, lacking), strict=False))
    counts = tuple(protocol_counts(p, i, found, missing) for i, p in enumerate(query.protocols))
    n = sum(row[-1] for row in found)
    notices = (_left_out(table.rows - n),) if n < table.rows else ()
    return StratifyResult(table.name, n, counts, cross_tables(query.protocols, found), quality(table), notices, table.simulated)


def write_stratified(table: CohortTable, knowledge: Knowledge, path: str, protocols: Sequence[str] | None = None) -> None:
    """Writes one row an infant, by the engine: ``_row``, and for each protocol its label, what is possible, and eligibility.

    Columns ``<protocol>`` and ``<protocol>_possible`` only for protocols that assign groups; ``<protocol>_eligible`` for all.
    A table that is simulated is marked so in every row.

    Raises:
        InputError: no such protocol, no column that a rule reads, or a place that cannot be written to.
    """
    check_facts(table)
    query = _query(table, knowledge, protocols, _coded(table), keep=["_row", "_refused"])
    wanted = [quoted("_row"), *(["TRUE AS simulated"] if table.simulated else [])]
    for p in query.protocols:
        eligible, groups = query.unpacked[f"{p.id}__eligible"], query.unpacked[f"{p.id}__groups"]
        if p.stratified:
            wanted.append(f"{_unless_refused(labels.label_sql(p, eligible, groups))} AS {quoted(p.id)}")
            possible = labels.possible_sql(p, eligible, groups)
            wanted.append(f"CASE WHEN NOT _refused THEN {possible} END AS {quoted(p.id + '_possible')}")
        wanted.append(f"{_unless_refused(labels.eligibility_sql(p, eligible))} AS {quoted(p.id + '_eligible')}")
    table.engine.write(f"SELECT {', '.join(wanted)} FROM ({query.packed_sql}) AS answered", path)


def with_groups(table: CohortTable, knowledge: Knowledge, *protocols: str) -> CohortTable:
    """The table with one more text column a protocol, named after it.

    It holds the group, ``undetermined``, ``not eligible`` or ``no group``; ``refused`` where a cell of the row could not be read.
    Several protocols at once cost little more than one.

    Raises:
        InputError: no such protocol, one without groups, or a column of that name in the table.
    """
    for name in protocols:
        if name in table.columns:
            raise InputError(
                [Problem("the header", f"a column called '{name}'", "another name beside the protocol's", table.name)]
            )
    query = _query(table, knowledge, protocols, _coded(table), keep=[*table.columns, "_row", "_refused"])
    for p in query.protocols:
        if not p.stratified:
            raise InputError([Problem("the protocol", f"'{p.id}', which assigns no groups", "a protocol with groups")])
    engine = table.engine
    kept = [quoted(name) for name in (*table.columns, "_row", "_refused")]
    masks = [(p, query.unpacked[f"{p.id}__eligible"], query.unpacked[f"{p.id}__groups"]) for p in query.protocols]
    given = [f"{_unless_refused(labels.label_sql(p, eligible, groups))} AS {quoted(p.id)}" for p, eligible, groups in masks]
    base = engine.new_name("grouped")
    engine.create_table(base, f"SELECT {', '.join([*kept, *given])} FROM ({query.packed_sql}) AS answered")
    columns = {**table.columns, **{p.id: Column(p.id, "text", None) for p in query.protocols}}
    plain = base
    if table.enums:
        plain = engine.new_name("infants")
        text = [f"CAST({quoted(n)} AS VARCHAR) AS {quoted(n)}" if n in table.enums else quoted(n) for n in columns]
        engine.create_view(plain, f"SELECT {', '.join([*text, '_row', '_refused'])} FROM {base}")
    return replace(table, relation=plain, coded=base, columns=columns)


def check_facts(table: CohortTable) -> None:
    """Raises InputError where no column of the table is named as a fact: every answer would be undetermined."""
    if not any(column.fact is not None for column in table.columns.values()):
        expected = "at least one column named as a fact, such as kmt2a_status"
        raise InputError([Problem("the header", "no column that names a fact", expected, table.name)])


def _query(
    table: CohortTable, knowledge: Knowledge, protocols: Sequence[str] | None, relation: str, keep: Sequence[str] = ()
) -> Stratification:
    facts = [column.name for column in table.columns.values() if column.fact is not None]
    enums = table.enums if table.coded else ()
    return stratification(knowledge, relation, facts, protocols, keep, enums, table.engine.name)


def _coded(table: CohortTable) -> str:
    return table.coded or table.relation


def _unless_refused(sql: str) -> str:
    return f"CASE WHEN _refused THEN {literal(labels.REFUSED)} ELSE {sql} END"


def _left_out(rows: int) -> str:
    infants = "1 infant is" if rows == 1 else f"{rows:,} infants are"
    return f"{infants} left out: a cell of the row cannot be read, as shown under data quality."


def protocol_counts(
    protocol: Protocol, place: int, found: Combinations, missing: dict[tuple[str, str], int] | None = None
) -> ProtocolCounts:
    """One protocol's counts. ``place``: its number among the protocols of ``found``."""
    eligible, groups, undetermined = Counter[str](), Counter[str](), Counter[str]()
    without = 0
    for row in found:
        answer, mask, infants = row[2 * place], row[2 * place + 1], row[-1]
        said = labels.eligibility(protocol, answer)
        eligible[said] += infants
        if not protocol.stratified or said == "no":
            continue
        label = labels.group(protocol, mask)
        if label == labels.UNDETERMINED:
            undetermined[labels.possible(protocol, mask)] += infants
        elif label == labels.WITHOUT:
            without += infants
        else:
            groups[label] += infants
    return ProtocolCounts(
        protocol=protocol.id,
        title=protocol.title,
        stratified=protocol.stratified,
        eligible={word: eligible[word] for word in ("yes", "no", labels.UNDETERMINED)},
        groups={word: groups[word] for word in protocol.group_labels},
        undetermined=dict(sorted(undetermined.items(), key=lambda item: (-item[1], item[0]))),
        without_group=without,
        missing=_by_number({fact: n for (name, fact), n in (missing or {}).items() if name == protocol.id and n}),
    )


def _by_number(counts: dict[str, int]) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def cross_tables(protocols: Sequence[Protocol], found: Combinations) -> tuple[CrossTable, ...]:
    """Each protocol with groups against each other, in their order."""
    with_them = [(i, p) for i, p in enumerate(protocols) if p.stratified]
    return tuple(_cross(a, b, found) for a, b in itertools.combinations(with_them, 2))


def _cross(rows: tuple[int, Protocol], columns: tuple[int, Protocol], found: Combinations) -> CrossTable:
    counts: Counter[tuple[str, str]] = Counter()
    for row in found:
        pair = tuple(labels.label(p, row[2 * i], row[2 * i + 1]) for i, p in (rows, columns))
        counts[(pair[0], pair[1])] += row[-1]
    used = [{pair[side] for pair in counts} for side in (0, 1)]
    order = [_labels_of(protocol, seen) for (_, protocol), seen in zip((rows, columns), used, strict=True)]
    return CrossTable(rows[1].id, columns[1].id, order[0], order[1], dict(counts))


def _labels_of(protocol: Protocol, seen: set[str]) -> tuple[str, ...]:
    """All groups of the protocol; the other labels only where somebody has them."""
    others = [word for word in (labels.UNDETERMINED, labels.WITHOUT, labels.NOT_ELIGIBLE) if word in seen]
    return (*protocol.group_labels, *others)
