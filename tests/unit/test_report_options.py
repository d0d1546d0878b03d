"""Newer therapies, trials and protocols side by side, as they are said: dates, verdicts, what was not read, no advice."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from helpers.children import assessed
from infantall.assessing import assess_record
from infantall.care.result import Assessment
from infantall.care.side_by_side import COLUMNS, side_by_side
from infantall.care.therapies import therapies
from infantall.care.trials import trials
from infantall.knowledge.library import Knowledge
from infantall.report import therapies as therapies_report
from infantall.report import trials as trials_report
from infantall.report.side_by_side import differences
from infantall.report.text import assessment_text

BABY = Path(__file__).parents[2] / "examples" / "babies" / "high-risk.yaml"


def flat(text: str) -> str:
    return " ".join(text.split())


@pytest.fixture(scope="module")
def baby(knowledge: Knowledge) -> Assessment:
    return assess_record(BABY, knowledge)


# -- therapies -----------------------------------------------------------------------------------------------------------


def test_every_label_says_its_region_its_day_and_whether_it_fits(baby: Assessment) -> None:
    results = therapies(baby.values, baby.knowledge)
    text = flat(therapies_report.TherapiesText(results, baby).text())
    labels = [part for result in results for part in result.of("label")]
    assert len(labels) > 8
    for part in labels:
        head = therapies_report.label_head(part)
        assert part.part.region in head and (part.part.as_of or "date of the text not read") in head
        assert f"Label, {head}: {therapies_report.fit_words(baby, part)}." in text


def test_what_was_seen_carries_its_number_of_infants_or_says_nothing_of_it(baby: Assessment) -> None:
    results = therapies(baby.values, baby.knowledge)
    text = flat(therapies_report.TherapiesText(results, baby).text())
    counted = [p for r in results for p in r.of("evidence") if p.part.n is not None]
    assert counted and all(f"n = {p.part.n}" in text for p in counted)


def test_no_therapy_is_recommended(baby: Assessment) -> None:
    text = flat(therapies_report.TherapiesText(therapies(baby.values, baby.knowledge), baby).text()).lower()
    assert "no dose and no advice to use any of these" in text
    for word in ("we recommend", "should be given", "is recommended for this child", "mg/m", "mg/kg"):
        assert word not in text


def test_an_open_label_says_what_it_waits_for(knowledge: Knowledge) -> None:
    child = assessed({"age_months_now": 3}, knowledge)
    waiting = [p for r in therapies(child.values, knowledge) for p in r.of("label") if p.verdict is None]
    assert waiting and all(p.waits_for for p in waiting)
    assert all("waits for" in therapies_report.fit_words(child, p) for p in waiting)


# -- trials --------------------------------------------------------------------------------------------------------------


def test_a_status_carries_the_day_it_was_read_for(baby: Assessment) -> None:
    for result in trials(baby.values, baby.knowledge):
        said = trials_report.status_words(result)
        assert result.trial.status_said in said
        assert (f"page of {result.trial.status_on}" if result.trial.status_on else "date of the page not read") in said


def test_trials_that_take_no_more_children_stand_apart(baby: Assessment) -> None:
    results = trials(baby.values, baby.knowledge)
    may = [r.is_open for r in results]
    assert may == sorted(may, reverse=True) and not all(may)
    text = trials_report.TrialsText(results, baby).text()
    apart = text.index("Trials that no longer take children")
    for result in results:
        if not result.is_open:
            assert flat(trials_report.status_words(result)) in flat(text[apart:])


def test_a_criterion_that_is_not_met_or_open_is_named(knowledge: Knowledge) -> None:
    child = assessed({"kmt2a_status": "germline", "age_days_at_diagnosis": 80}, knowledge)
    found = {r.trial.id: r for r in trials(child.values, knowledge)}
    assert found["interfant-21"].may_enter == "no"
    assert "KMT2A" in trials_report.fit_words(child, found["interfant-21"])
    assert found["aall2321"].may_enter == "undetermined"
    assert "would tell" in trials_report.fit_words(child, found["aall2321"])


def test_treatment_that_has_begun_is_said(baby: Assessment, knowledge: Knowledge) -> None:
    assert trials_report.notices(baby) == [trials_report.BEGUN]
    assert trials_report.notices(assessed({}, knowledge)) == []


# -- side by side --------------------------------------------------------------------------------------------------------


def cells(child: Assessment, protocol: str) -> dict[str, str]:
    column = next(c for c in side_by_side(child).columns if c.result.protocol.id == protocol)
    return {what: " ".join(line.reason.statement.says for line in lines) for what, lines in column.cells.items()}


@pytest.mark.parametrize(
    ("given", "protocol", "what", "expected"),
    [
        ({"kmt2a_status": "rearranged", "age_months_at_diagnosis": 3, "wbc_at_diagnosis": 400}, "interfant-06", "transplant", "allocated"),
        ({"kmt2a_status": "rearranged", "age_months_at_diagnosis": 3}, "aall2321", "immunotherapy", "two cycles"),
        ({"kmt2a_status": "rearranged"}, "mll03", "transplant", "within four months"),
    ],
)  # fmt: skip
def test_what_a_protocol_does_for_this_child(
    given: dict[str, Any], protocol: str, what: str, expected: str, knowledge: Knowledge
) -> None:
    assert expected in cells(assessed(given, knowledge), protocol)[what]


def test_a_line_of_another_group_is_not_said_of_this_child(knowledge: Knowledge) -> None:
    germline = assessed({"kmt2a_status": "germline", "age_days_at_diagnosis": 200, "lineage": "B"}, knowledge)
    assert "allocated to allogeneic" not in cells(germline, "interfant-06")["transplant"]


def test_every_protocol_stands_in_the_table_and_what_was_not_read_is_said(baby: Assessment) -> None:
    side = side_by_side(baby)
    assert [c.result.protocol.id for c in side.columns if c.result.eligible != "no"] + [
        c.result.protocol.id for c in side.columns if c.result.eligible == "no"
    ] == [c.result.protocol.id for c in side.columns]
    assert len(side.columns) == len(baby.knowledge.protocols)
    text = flat(assessment_text(baby))
    for what, titles in side.not_read.items():
        assert f"{COLUMNS[what]}: nothing was read for" in text and all(title in text for title in titles)
    assert all(said in text for said in map(flat, differences(side)))


def test_t_lineage_is_spoken_of_where_it_matters(knowledge: Knowledge) -> None:
    t, b = assessed({"lineage": "T"}, knowledge), assessed({"lineage": "B"}, knowledge)
    assert side_by_side(t).t_lineage_matters and not side_by_side(b).t_lineage_matters
    assert "T lineage in Interfant-21" in assessment_text(t) and "T lineage in" not in assessment_text(b)


def test_an_excluded_child_is_told_by_which_criterion(knowledge: Knowledge) -> None:
    child = assessed({"kmt2a_status": "germline"}, knowledge)
    column = next(c for c in side_by_side(child).columns if c.result.protocol.id == "interfant-21")
    assert column.excluded_by is not None and "KMT2A" in column.excluded_by.statement.label
