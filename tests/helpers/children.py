"""Children made of facts alone, for tests that are not about records."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from infantall.care.assess import assess_facts
from infantall.care.judge import judge
from infantall.care.result import Assessment
from infantall.knowledge.library import Knowledge
from infantall.record.derive import AsOf, Reading
from infantall.record.model import Record
from infantall.record.table import complete_ages, recorded_in_table


def readings(given: Mapping[str, Any], knowledge: Knowledge) -> dict[str, Reading]:
    """A reading of every fact: those given, what an age says of its other form, facts about the record itself."""
    values = dict(given)
    complete_ages(values)
    found = {name: Reading(values.get(name)) for name in knowledge.vocabulary.facts}
    for name, definition in knowledge.vocabulary.facts.items():
        if values.get(name) is None:
            found[name] = Reading(recorded_in_table(definition, values))
    return found


def judged_values(given: Mapping[str, Any], knowledge: Knowledge) -> dict[str, Any]:
    """The value of every fact, judgements made."""
    return {name: reading.value for name, reading in judge(readings(given, knowledge), knowledge).items()}


def assessed(given: Mapping[str, Any], knowledge: Knowledge) -> Assessment:
    """The assessment of a child of whom these facts are known and nothing else."""
    return assess_facts(Record("child"), readings(given, knowledge), knowledge, AsOf(None, None))
