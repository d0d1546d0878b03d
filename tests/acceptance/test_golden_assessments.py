"""What is said of each example child, kept whole: a change of any answer is seen and must be wanted.

``INFANTALL_GOLDEN=write`` writes the files anew; read the difference before you keep it.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
import yaml

from helpers.examples import EXAMPLE_RECORDS
from infantall.care.as_json import plain
from infantall.care.assess import assess
from infantall.care.result import Assessment
from infantall.facts.values import Choice, Interval
from infantall.knowledge.library import Knowledge
from infantall.record.reader import read_record_file

ROOT = Path(__file__).parents[2]
GOLDEN = Path(__file__).parent / "golden"


def kept(assessment: Assessment) -> dict[str, Any]:
    """The answers, without explanations and sources."""
    facts: dict[str, Any] = {}
    for name, value in assessment.values.items():
        if isinstance(value, Interval):
            facts[name] = f"{value.low:g} to {value.high:g}"
        elif isinstance(value, Choice):
            facts[name] = "one of " + ", ".join(sorted(value.values))
        elif value is not None:
            facts[name] = plain(value)
    return {
        "as_of": str(assessment.as_of),
        "facts": facts,
        "established": assessment.established,
        "class": assessment.leukaemia_class,
        "possible_classes": list(assessment.possible_classes),
        "missing": list(assessment.missing),
        "protocols": {
            r.protocol.id: {
                "eligible": r.eligible,
                "group": r.group,
                "possible": list(r.possible),
                "would_settle": [list(facts) for facts in r.would_settle],
            }
            for r in assessment.protocols
        },
        "find_out": [step.fact for step in assessment.next_steps],
        "said": sorted(reason.statement.id for reasons in assessment.said.values() for reason in reasons),
        "notices": list(assessment.notices),
    }


@pytest.mark.parametrize("path", EXAMPLE_RECORDS, ids=lambda path: path.stem)
def test_the_assessment_is_as_it_was(path: Path, knowledge: Knowledge) -> None:
    found = kept(assess(read_record_file(path, knowledge.vocabulary), knowledge))
    golden = GOLDEN / f"{path.stem}.yaml"
    if os.environ.get("INFANTALL_GOLDEN") == "write":
        golden.write_text(yaml.safe_dump(found, sort_keys=False, allow_unicode=True, width=120), encoding="utf-8")
    assert found == yaml.safe_load(golden.read_text(encoding="utf-8"))


def test_every_golden_file_has_its_example() -> None:
    assert {path.stem for path in GOLDEN.glob("*.yaml")} == {path.stem for path in EXAMPLE_RECORDS}


def test_case_reports_are_as_reported(knowledge: Knowledge) -> None:
    """Spot checks against the published texts: nothing inferred, nothing lost."""
    folder = ROOT / "examples" / "case-reports"
    congenital = assess(read_record_file(folder / "congenital-t2411-2014.yaml", knowledge.vocabulary), knowledge)
    assert congenital.values["wbc_at_diagnosis"] == 169 and congenital.values["age_days_at_diagnosis"] == 6
    assert congenital.values["kmt2a_partner"] is None and congenital.values["cns_status"] is None
    twin = assess(read_record_file(folder / "twins-pmid8611455-a.yaml", knowledge.vocabulary), knowledge)
    assert twin.values["age_days_at_diagnosis"] is None and twin.values["kmt2a_partner"] is None
    tall = assess(read_record_file(folder / "pbc-2021-tall.yaml", knowledge.vocabulary), knowledge)
    assert tall.values["mrd_end_of_induction"] == 0.041 and tall.values["lineage"] == "T"
    assert next(r for r in tall.protocols if r.protocol.id == "interfant-21").eligible == "no"
