"""A folder of children's records as a table: one row a record, one column a fact.

A cell holds one value. What a record leaves open between several (an age in weeks, a negative MRD of known sensitivity, two
reports that disagree) is missing here, so that a row may stay open where the child's own assessment is settled, never the other
way round. Judgements are not made here: the rules make them, as for any table.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from infantall.cohort.engines import Engine
from infantall.cohort.results import Finding
from infantall.facts.values import is_known
from infantall.knowledge.library import Knowledge
from infantall.record.derive import derive_facts, latest_day
from infantall.record.reader import RECORD_SUFFIXES, read_record_file
from infantall.text.problems import InputError, Problem

from .databases import arrow_rows
from .model import Raw

EXAMPLES = 5


def record_rows(folder: Path, knowledge: Knowledge, engine: Engine) -> Raw:
    """The facts of every record in a folder, as of the latest date of each.

    Raises:
        InputError: no record could be read.
    """
    rows: list[dict[str, Any]] = []
    refused: list[str] = []
    narrowed: dict[str, list[str]] = {}
    problems: list[Problem] = []
    for file in sorted(p for p in folder.rglob("*") if p.suffix.lower() in RECORD_SUFFIXES and p.is_file()):
        try:
            record = read_record_file(file, knowledge.vocabulary)
        except InputError as error:
            refused.append(file.name)
            problems += error.problems
            continue
        row: dict[str, Any] = {"id": record.id}
        for name, reading in derive_facts(record, knowledge.vocabulary, latest_day(record)).items():
            if is_known(reading.value):
                row[name] = reading.value
            elif reading.value is not None:
                narrowed.setdefault(name, []).append(record.id)
        rows.append(row)
    if not rows:
        raise InputError(problems or [Problem("the folder", "no record", "files ending in .yaml or .json", str(folder))])
    return _as_relation(rows, str(folder), knowledge, engine, _findings(refused, problems, narrowed))


def _findings(refused: Sequence[str], problems: Sequence[Problem], narrowed: dict[str, list[str]]) -> tuple[Finding, ...]:
    found = []
    if refused:
        says = f"{len(refused):,} records were refused. The first: {problems[0]}"
        found.append(
            Finding("refused_record", "error", says, len(refused), tuple(refused[:EXAMPLES]), "Mend them; they are left out.")
        )
    for name, ids in narrowed.items():
        says = f"{name}: {len(ids):,} records leave it open between several values; a table holds it as missing."
        found.append(
            Finding("open_value", "note", says, len(ids), tuple(ids[:EXAMPLES]), "Use assess for what it still decides.")
        )
    return tuple(found)


def _as_relation(
    rows: list[dict[str, Any]], name: str, knowledge: Knowledge, engine: Engine, findings: tuple[Finding, ...]
) -> Raw:
    import pyarrow as pa

    facts = knowledge.vocabulary.facts
    present = [fact for fact in facts if any(fact in row for row in rows)]
    columns = {"id": pa.array([row["id"] for row in rows], pa.string())}
    for fact in present:
        kind = pa.string() if facts[fact].type == "category" else pa.float64()
        columns[fact] = pa.array([row.get(fact) for row in rows], kind)
    return replace(arrow_rows(pa.table(columns), name, engine), findings=findings)
