"""A cohort's table, cleaned by SQL, says value by value what the reader of one child's row says."""

from __future__ import annotations

import csv
import io
import random
from pathlib import Path

import pytest

from infantall.cohort.tables import open_table
from infantall.knowledge.library import Knowledge
from infantall.record.table import read_table

FACTS = [
    "kmt2a_status", "wbc_at_diagnosis", "age_days_at_diagnosis", "age_months_at_diagnosis", "cns_status", "lineage", "cd19",
    "prednisone_response", "csf_blasts", "down_syndrome", "mrd_end_of_induction", "day8_blasts", "remission_end_of_induction", "sex",
]  # fmt: skip
NUMBERS = [
    "0", "1", "299.9", "300", "3e2", ".5", "5.", "+7", "-9", "-0", "9999", "1e400", "-1e400", "0.0005", "00012", "1_000", "0x10", "1d",
    "1f", "NaN", "-nan", "inf", "-Infinity", "1,5", "1.000,5", "1 000", "٣", "１２", "1" * 400, "--1", "1e", "e5", ".", "1.5.2", "½", "5 %",
]  # fmt: skip
WORDS = [
    "", " ", "NA", "n/a", "Unknown", "not done", "–", "-", "?", "missing", "none", "yes", "No", "TRUE", "false", "POS", "neg", "Not Evaluable",
    "not-evaluable", "not evaluable", "oops", "İ", "POSİTİVE", "K", "good\u00a0", "\u2003poor", "b-all", "T-ALL", "1", "2A", "cns 3b", "CNS-1",
    "'", '"', "a\nb", "a;b", "positive, not quantifiable", "Seen", "rearanged",
]  # fmt: skip


def messy(source: random.Random, knowledge: Knowledge, rows: int, refusals: float) -> list[list[str]]:
    facts = source.sample(FACTS, source.randint(2, len(FACTS)))
    header = [*facts, *source.sample(["id", "arm", ""], source.randint(0, 3))]
    source.shuffle(header)
    table = [[f" {name} " if source.random() < 0.1 else name for name in header]]
    for _ in range(rows):
        table.append([_cell(name, source, knowledge, refusals) for name in header])
        shape = source.random()
        if shape < 0.05:
            table[-1].append(source.choice(["", " ", "beyond"]))
        elif shape < 0.1:
            table[-1] = table[-1][: source.randint(1, len(header))]
    return table


def _cell(name: str, source: random.Random, knowledge: Knowledge, refusals: float) -> str:
    definition = knowledge.vocabulary.facts.get(name)
    if definition is None or source.random() < refusals:
        return source.choice([*NUMBERS, *WORDS])
    if source.random() < 0.3:
        return source.choice(["", "NA", "unknown", " "])
    if definition.type == "category":
        word = source.choice(definition.values)
        return source.choice([word, word, word.upper(), f" {word}\t", word.replace("_", " "), word.replace("_", "-")])
    return source.choice([str(source.randint(0, 400)), f" {source.randint(0, 9)}.25", f"{source.randint(1, 9)}e-4"])


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("seed", range(3))
def test_every_value_is_that_of_the_row_reader(seed: int, delimiter: str, tmp_path: Path, knowledge: Knowledge) -> None:
    source = random.Random(100 * seed + ord(delimiter))
    text = io.StringIO()
    rows = messy(source, knowledge, 80, refusals=0.02 + 0.1 * (seed % 3))
    csv.writer(text, delimiter=delimiter, lineterminator=source.choice(["\n", "\r\n"])).writerows(rows)
    path = tmp_path / "messy.csv"
    path.write_text(source.choice(["", "\ufeff"]) + text.getvalue(), encoding="utf-8", newline="")
    theirs = read_table(path, knowledge.vocabulary)
    table = open_table(str(path), knowledge)
    facts = [name for name, column in table.columns.items() if column.fact is not None]
    wanted = ", ".join(f'"{name}"' for name in facts)
    ours = table.engine.rows(f"SELECT {wanted} FROM {table.relation} WHERE NOT _refused")
    ages = {"age_days_at_diagnosis", "age_months_at_diagnosis"}  # the row reader fills in one from the other
    assert len(ours) == len(theirs.rows) and table.rows == len(theirs.rows) + len(theirs.refused)
    for found, row in zip(ours, theirs.rows, strict=True):
        for name, value in zip(facts, found, strict=True):
            expected = row.readings[name].value
            if name in ages and value is None:
                continue
            assert value == expected, (name, value, expected)


@pytest.mark.parametrize("fact", FACTS)
def test_every_mistake_of_a_cell_is_seen_by_both(fact: str, tmp_path: Path, knowledge: Knowledge) -> None:
    path = tmp_path / "cells.csv"
    cells = [*NUMBERS, *WORDS]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["id", fact], *([f"{i}", cell] for i, cell in enumerate(cells))])
    refused = {name for name, _ in read_table(path, knowledge.vocabulary).refused}
    table = open_table(str(path), knowledge)
    ours = {name for (name,) in table.engine.rows(f"SELECT _row FROM {table.relation} WHERE _refused")}
    assert {cells[int(i)] for i in ours} == {cells[int(i)] for i in refused}
