"""The work-up, test by test: what was done, what it showed, what is missing; and what the statements say of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from infantall.care.result import Assessment, Reason
from infantall.facts.values import bounds
from infantall.knowledge.library import Conflict

from .citing import conflicts_about
from .words import clean, evidence

GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "Blasts",
        (
            "marrow_blasts_at_diagnosis",
            "marrow_dry_tap",
            "blood_blasts_percent_at_diagnosis",
            "blood_blasts_at_diagnosis",
        ),
    ),
    (
        "Immunophenotype",
        (
            "cd19", "cd10", "cd22_cytoplasmic", "cd79a", "cd3_cytoplasmic", "cd3_surface", "cd7", "mpo",
            "surface_immunoglobulin", "cytoplasmic_igm", "ng2",
        ),
    ),
    ("KMT2A", ("kmt2a_status", "kmt2a_tested_by_fish", "kmt2a_tested_by_fusion_or_rna", "kmt2a_partner", "del_11q23")),
    ("Other genetics", ("bcr_abl1", "t_8_14", "nutm1", "pax5_alteration")),
    ("Spinal fluid and CNS", ("csf_wbc", "csf_rbc", "csf_blasts", "cns_signs")),
    ("Other sites", ("testicular_disease", "mediastinal_mass", "skin_infiltration")),
    ("Blood", ("wbc_at_diagnosis", "blood_rbc_at_diagnosis", "platelets_at_diagnosis", "hemoglobin_at_diagnosis")),
)  # fmt: skip
"""The tests that the diagnosis, the type and the CNS status rest on."""

OPTIONAL = {"cd3_surface", "cd7", "blood_blasts_at_diagnosis", "marrow_dry_tap", "kmt2a_partner", "del_11q23"}
"""Tests that are shown when done and not missed when absent: other tests answer the same question, or none waits for them."""

RESPONSE = (
    ("prednisone_response", "Prednisone response"),
    ("marrow_end_of_induction", "Marrow, end of induction"),
    ("remission_end_of_induction", "Remission, end of induction"),
)
"""The judgements of early response, and short labels for them."""

METHODS = {
    "kmt2a_tested_by_fish": "by FISH",
    "kmt2a_tested_by_fusion_or_rna": "by RT-PCR, RNA sequencing or DNA breakpoint",
}
KIND_WORDS = {
    "criterion": "What this shows",
    "finding": "What this shows",
    "pitfall": "Pitfalls and advice",
    "advice": "Pitfalls and advice",
    "missing": "Missing, and what it would establish",
}


@dataclass(frozen=True, slots=True)
class Test:
    """One test: its result in words (empty where missing), when and how, and as it was entered where that differs."""

    fact: str
    label: str
    result: str
    when: str = ""
    entered: str = ""


def tests(assessment: Assessment) -> list[tuple[str, list[Test]]]:
    """The tests by group. A missing optional test is left out."""
    found = []
    for title, names in GROUPS:
        rows = [test for name in names if (test := _test(assessment, name)) is not None]
        if rows:
            found.append((title, rows))
    return found


def _test(assessment: Assessment, name: str) -> Test | None:
    label = assessment.label(name)
    if name in METHODS and assessment.values.get("kmt2a_status") is None:
        return None
    if name in METHODS:
        done = assessment.values.get(name) == "yes"
        return Test(name, f"KMT2A {METHODS[name]}", "done" if done else "")
    if name == "testicular_disease" and assessment.record.sex == "female":
        return None
    reading = assessment.readings[name]
    if assessment.values.get(name) is None and not reading.findings:
        return None if name in OPTIONAL else Test(name, label, "")
    when = "; ".join(dict.fromkeys(evidence(f) for f in reading.findings))
    entered = "; ".join(dict.fromkeys(clean(f.printed) for f in reading.findings if f.printed))
    result = assessment.say(name)
    same = entered.replace(" ", "") == result.replace(" ", "")
    return Test(name, label, result, when, "" if same else entered)


def said_by_kind(reasons: Sequence[Reason]) -> list[tuple[str, list[Reason]]]:
    """Statements under the headings of :data:`KIND_WORDS`, in that order."""
    found: dict[str, list[Reason]] = {heading: [] for heading in dict.fromkeys(KIND_WORDS.values())}
    for reason in reasons:
        found[KIND_WORDS.get(reason.statement.kind, "What this shows")].append(reason)
    return [(heading, items) for heading, items in found.items() if items]


def blast_conflict(assessment: Assessment) -> list[Conflict]:
    """The conflict between 20 % and 25 % marrow blasts, where it could matter for this child."""
    low, _ = bounds(assessment.values.get("marrow_blasts_at_diagnosis"))
    if assessment.established == "yes" and low >= 25:
        return []
    return conflicts_about(assessment.knowledge, [r.statement for r in assessment.established_reasons])
