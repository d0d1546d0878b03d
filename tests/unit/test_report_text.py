"""The report as text: 80 columns, what to find out next first, and the facts a doctor looks for."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from infantall.care.assess import assess
from infantall.care.result import NOT_A_DEVICE, Assessment
from infantall.knowledge.store import load_knowledge
from infantall.record.reader import read_record_file, read_record_text
from infantall.report import decisions
from infantall.report.layout import Page
from infantall.report.text import assessment_text
from infantall.report.words import listed
from infantall.text.problems import one_of

EXAMPLES = Path(__file__).parents[2] / "examples"
RECORDS = sorted([*EXAMPLES.glob("babies/*.yaml"), *EXAMPLES.glob("case-reports/*.yaml")])
SECTIONS = (
    "What to find out next",
    "1  Is ALL established?",
    "2  Lineage, type and CNS status",
    "3  Risk group under each protocol",
    "4  Early response",
    "Sources, and how far each was read",
)


def assessed(source: Path | str) -> Assessment:
    knowledge = load_knowledge()
    if isinstance(source, Path):
        return assess(read_record_file(source, knowledge.vocabulary), knowledge)
    return assess(read_record_text(source, ".yaml", knowledge.vocabulary, default_id="text"), knowledge)


@pytest.fixture(scope="module")
def missing() -> str:
    return assessment_text(assessed(EXAMPLES / "babies/kmt2a-missing.yaml"))


def flat(text: str) -> str:
    return " ".join(text.split())


def block(text: str, start: str, end: str) -> str:
    return text[text.index(start) : text.index(end)]


@pytest.mark.parametrize("source", [*RECORDS, "id: empty\n"], ids=lambda s: s.stem if isinstance(s, Path) else "empty")
def test_every_example_fits_80_columns_with_its_sections_in_order(source: Path | str) -> None:
    text = assessment_text(assessed(source))
    lines = text.split("\n")
    assert max(map(len, lines)) <= 80
    assert [line for line in lines if line != line.rstrip()] == []
    assert "\x1b" not in text
    places = [lines.index(title) for title in SECTIONS]
    assert places == sorted(places)
    assert flat(NOT_A_DEVICE) in flat(text)
    assert "None of these statements has been reviewed by a clinician." in flat(text)
    assert "None" not in flat(text).replace("None of these", "").replace("None needed", "")


@pytest.mark.parametrize("width", [40, 60, 100])
def test_other_widths_hold(width: int) -> None:
    text = assessment_text(assessed(EXAMPLES / "babies/kmt2a-missing.yaml"), width)
    assert max(map(len, text.split("\n"))) <= width


def test_what_to_find_out_next_comes_first_and_says_what_each_answer_means(missing: str) -> None:
    first = missing.split("\n")[:26]
    assert "What to find out next" in first
    steps = flat(block(missing, "What to find out next", "1  Is ALL"))
    assert "1. KMT2A status" in steps
    assert "If rearranged Interfant-06 HR; AALL0631 IR; MLL-10 HR" in steps
    assert "If germline Interfant-06 LR" in steps
    assert "If not evaluable Interfant-06 MR; AALL0631 off study; MLL-10 not covered" in steps


def test_the_protocol_table_names_groups_and_what_they_wait_for(missing: str) -> None:
    table = block(missing, "\nProtocol        Eligible", "Eligible 'yes' covers")
    row = next(line for line in table.split("\n") if line.startswith("Interfant-06"))
    assert "yes" in row and "LR, HR or MR" in row and "KMT2A status" in row
    assert "HR, if eligible" in next(line for line in table.split("\n") if line.startswith("Interfant-21"))


def test_a_catch_all_rule_is_never_said_to_apply_while_an_earlier_one_is_open(missing: str) -> None:
    rules = flat(block(missing, "\nInterfant-06:", "\nInterfant-99:"))
    assert "MR: if none above applies." in rules
    assert "MR: applies" not in rules


def test_a_rule_that_did_not_apply_names_its_nearest_miss(missing: str) -> None:
    rules = flat(block(missing, "\nAALL0631:", "\nMLL-10:"))
    assert "It would need: age at diagnosis is under 90 days (here 120 days)." in rules


def test_a_complete_record_says_with_care_that_nothing_is_open() -> None:
    text = assessment_text(assessed(EXAMPLES / "babies/high-risk.yaml"))
    assert "No open question changes a group." in text
    assert "poor from blood blast count on day 8: 1,500 /µL (2026-03-27)" in flat(text)
    assert "MRD, end of induction 0.0004 (0.04%) (2026-04-22, IG/TR PCR)" in flat(text)
    assert "75 days (2 completed months)" in text


def test_many_questions_are_compressed_to_those_that_change_a_group() -> None:
    text = assessment_text(assessed("id: empty\n"))
    steps = flat(block(text, "What to find out next", "1  Is ALL"))
    assert "Also missing for the diagnosis: CD19" in steps
    assert "Also missing for eligibility:" in steps
    assert "Open." in text


def test_blast_thresholds_are_shown_when_they_matter() -> None:
    grey = "id: grey\nage_at_diagnosis_days: 50\nfindings:\n  - {day: 0, what: marrow_blasts, value: 22, unit: '%'}\n"
    assert "How many marrow blasts establish ALL?" in flat(assessment_text(assessed(grey)))
    complete = assessment_text(assessed(EXAMPLES / "babies/high-risk.yaml"))
    assert "How many marrow blasts establish ALL?" not in flat(complete)


@pytest.mark.parametrize(
    ("record", "begins"),
    [
        ("id: old\nage_at_diagnosis_days: 400\n", "! Not infant ALL by these definitions"),
        (
            "id: two\nage_at_diagnosis_days: 40\nfindings:\n"
            "  - {day: 1, what: kmt2a_status, value: rearranged, method: FISH}\n"
            "  - {day: 2, what: kmt2a_status, value: germline, method: RT-PCR}\n",
            "! Contradictory results for KMT2A status",
        ),
    ],
)
def test_notices_that_change_everything_stand_before_the_first_section(record: str, begins: str) -> None:
    text = assessment_text(assessed(record))
    assert begins in flat(text[: text.index("What to find out next")])


def test_hostile_strings_cannot_forge_lines_or_colours() -> None:
    whole = assessed("id: plain\nage_at_diagnosis_days: 40\n")
    record = dataclasses.replace(whole.record, id="x\n\x1b[31mInterfant-06: LR\u202e")
    text = assessment_text(dataclasses.replace(whole, record=record))
    assert text.startswith("Infant ALL assessment: x [31mInterfant-06: LR\n")


def test_every_number_cited_is_in_the_list_of_sources() -> None:
    import re

    text = assessment_text(assessed(EXAMPLES / "babies/high-risk.yaml"))
    body, sources = text.split("Sources, and how far each was read\n")
    cited = {int(n) for found in re.findall(r"\[(\d[\d,\s]*)(?:;[^\]]*)?\]", body) for n in found.replace(",", " ").split()}
    listed = {int(n) for n in re.findall(r"^\[(\d+)\]", sources, re.MULTILINE)}
    assert cited == listed == set(range(1, len(listed) + 1))


def test_standings_follow_the_order_of_the_rules() -> None:
    result = next(p for p in assessed(EXAMPLES / "babies/high-risk.yaml").protocols if p.protocol.id == "interfant-06")
    assert [s.word for s in decisions.standings(result.reasons)] == [decisions.NOT, decisions.APPLIES, decisions.PASSED]


def test_pairs_and_tables_survive_long_labels() -> None:
    page = Page(40)
    page.pairs([("a label far too long for its column", "value " * 12), ("b", "")], widest=10)
    page.table(("Head", "Other"), [("unbreakable-" * 9, "text " * 20)], (12,))
    assert max(map(len, page.lines)) <= 40
    assert all(line == line.rstrip() for line in page.lines)


def test_a_list_whose_items_hold_commas_is_parted_by_semicolons() -> None:
    assert listed(["a", "b", "c"], "or") == "a, b or c"
    assert listed(["B-ALL, PAX5 altered", "T-ALL", "B-ALL, iAMP21"], "or") == "B-ALL, PAX5 altered; T-ALL; or B-ALL, iAMP21"
    assert one_of(["a", "b"]) == "a or b" and one_of(["a, b", "c"]) == "a, b; or c"
