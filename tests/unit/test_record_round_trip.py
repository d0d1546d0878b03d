"""Writing a record and reading it back gives the same record: nothing that was entered is lost."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from helpers.examples import EXAMPLE_RECORDS
from infantall.facts.vocabulary import Vocabulary
from infantall.record.model import Record
from infantall.record.reader import read_record_file, read_record_text
from infantall.record.writer import record_json, record_yaml


def comparable(record: Record) -> Record:
    """Without places in the file, which change when the layout does."""
    return replace(
        record,
        file="",
        findings=tuple(replace(f, place="", entered={}) for f in record.findings),
        treatment=tuple(replace(t, place="") for t in record.treatment),
        events=tuple(replace(e, place="") for e in record.events),
    )


@pytest.mark.parametrize("path", EXAMPLE_RECORDS, ids=lambda path: path.stem)
@pytest.mark.parametrize(("suffix", "write"), [(".yaml", record_yaml), (".json", record_json)])
def test_examples_survive(path: Path, suffix: str, write: object, vocabulary: Vocabulary) -> None:
    record = read_record_file(path, vocabulary)
    text = write(record)  # type: ignore[operator]
    again = read_record_text(text, suffix, vocabulary)
    assert comparable(again) == comparable(record)
    assert write(again) == text  # type: ignore[operator]
