"""The outlook as text, page, figures and data: published rows as printed, small groups as counts, never a figure for one child."""

from __future__ import annotations

import csv
import dataclasses
import io
import itertools
import json
import re
import xml.etree.ElementTree as ET
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from helpers.children import assessed
from infantall.care.assess import assess
from infantall.care.outlook import OutcomeMatch, Outlook, outlook
from infantall.knowledge.evidence import ENDPOINTS, SECTIONS
from infantall.knowledge.library import Knowledge
from infantall.knowledge.store import load_knowledge
from infantall.record.reader import read_record_file
from infantall.report.outlook import words
from infantall.report.outlook.data import outlook_data
from infantall.report.outlook.figures import outlook_figures, outlook_tables
from infantall.report.outlook.html import outlook_html
from infantall.report.outlook.text import _Text, outlook_text

SVG = "{http://www.w3.org/2000/svg}"
BABIES = Path(__file__).parents[2] / "examples" / "babies"
NAMES = ("high-risk", "germline", "kmt2a-missing", "empty")


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return load_knowledge()


@pytest.fixture(scope="module")
def children(knowledge: Knowledge) -> dict[str, Outlook]:
    """The three example babies, and a child of whom nothing is known."""
    found = {
        name: outlook(assess(read_record_file(BABIES / f"{name}.yaml", knowledge.vocabulary), knowledge)) for name in NAMES[:3]
    }
    return {**found, "empty": outlook(assessed({}, knowledge))}


@pytest.fixture(scope="module")
def texts(children: dict[str, Outlook]) -> dict[str, str]:
    """The text of each child in one line, so that nothing is missed at the end of a line."""
    return {name: " ".join(outlook_text(found).split()) for name, found in children.items()}


@pytest.fixture(scope="module")
def pages(children: dict[str, Outlook]) -> dict[str, str]:
    return {name: outlook_html([found]) for name, found in children.items()}


def parsed(page: str) -> ET.Element:
    """The page as XML: every element closed in its place, every attribute quoted."""
    return ET.fromstring(re.sub(r"<!doctype html>|<meta [^>]*>", "", page))


def spoken(element: ET.Element) -> str:
    return " ".join("".join(element.itertext()).replace("\N{NO-BREAK SPACE}", " ").split())


def every_form(found: Outlook) -> dict[str, str]:
    """All that a reader can be shown of an outlook."""
    figures = outlook_figures(found)
    return {
        "text": outlook_text(found),
        "page": outlook_html([found]),
        "figures": "\n".join(f.standalone() for f in figures),
        "tables": "\n".join(outlook_tables(found).values()),
        "words": json.dumps([[r["shown_as"], r["frequency"], r["because"]["says"]] for r in outlook_data(found)["rows"]]),
    }


def with_first_row(found: Outlook, section: str = "events", **changes: Any) -> Outlook:
    """The outlook with only one row, a real one with these changes."""
    match = next(m for m in found.rows if m.outcome.section == section and m.verdict)
    bare: dict[str, Any] = {"count": None, "se_pct": None, "ci_pct": None, "printed": ""}
    changed = dataclasses.replace(match.outcome, **{**bare, **changes})
    nothing: dict[str, Any] = {
        "other_series": (),
        "factors": (),
        "transplant": (),
        "timing": (),
        "not_known": (),
        "conflicts": (),
    }
    return dataclasses.replace(found, rows=(dataclasses.replace(match, outcome=changed),), **nothing)


# -- a number in words ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"n": 62, "estimate_pct": 43.2, "printed": "95% CI 30.7 to 55.1"}, "43.2% (95% CI 30.7 to 55.1)"),
        ({"n": None, "estimate_pct": 48.5, "printed": "± 6.7 (kind not stated)"}, "48.5% ± 6.7 (kind not stated)"),
        ({"n": 9, "estimate_pct": 44.4, "printed": "SE 16.6"}, "about 4 of 9 infants"),
        ({"n": 9, "estimate_pct": 44.4, "count": 4}, "4 of 9 infants"),
        ({"n": 9, "estimate_pct": 44.4, "count": 4, "population": "wider"}, "4 of 9 children"),
        ({"n": 13, "estimate_pct": 30.8, "count": 4}, "30.8%, 4 of 13 infants"),
        ({"n": 10, "estimate_pct": 100, "printed": "95% CI 100 to 100"}, "100% (95% CI 100 to 100)"),
    ],
)
def test_a_result_is_said_as_printed_and_a_small_group_as_a_count(
    children: dict[str, Outlook], changes: dict[str, Any], said: str
) -> None:
    assert words.result(with_first_row(children["high-risk"], **changes).rows[0]) == said


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {"estimate_pct": 43.2, "n": 62, "ci_pct": (30.7, 55.1)},
            "About 4 of 10 infants were alive without an event at 4 years; 62 infants were studied, "
            "so the true figure could be from about 3 to 6 of 10.",
        ),
        ({"estimate_pct": 93.3, "n": 15, "se_pct": 6.4}, "About 9 of 10 infants were alive without an event at 4 years; 15 infants were studied."),
        ({"estimate_pct": 45.0, "n": 20}, "About 9 of 20 infants were alive without an event at 4 years; 20 infants were studied."),
        ({"estimate_pct": 97.0, "n": 30}, "About 19 of 20 infants were alive without an event at 4 years; 30 infants were studied."),
        ({"estimate_pct": 100.0, "n": 10}, ""),
        ({"estimate_pct": 1.6, "n": 123}, ""),
        ({"estimate_pct": 44.4, "n": 9}, ""),
        ({"estimate_pct": 43.2, "n": None}, ""),
        ({"estimate_pct": 43.2, "n": 62, "time_years": None}, ""),
        ({"estimate_pct": 30.8, "n": 13, "count": 4}, ""),
        ({"estimate_pct": 36.0, "n": 50, "endpoint": "OS"}, "About 4 of 10 infants were alive at 4 years; 50 infants were studied."),
    ],
)  # fmt: skip
def test_a_natural_frequency_stands_only_where_it_is_exact(
    children: dict[str, Outlook], changes: dict[str, Any], said: str
) -> None:
    given: dict[str, Any] = {"endpoint": "EFS", "time_years": 4.0, **changes}
    assert words.frequency(with_first_row(children["high-risk"], **given).rows[0]) == said


@pytest.mark.parametrize(
    ("clock", "years", "endpoint", "said"),
    [
        ("diagnosis", 5, "EFS", " at 5 years from diagnosis"),
        ("not_stated", 4, "EFS", " at 4 years, start of the clock not stated"),
        ("transplant", 1, "OS", " at 1 year from transplant"),
        ("infusion", 0.5, "OS", " at 6 months from infusion of the cells"),
        ("not_stated", None, "OS", ", time not stated, start of the clock not stated"),
        ("not_stated", None, "remission", ""),
    ],
)
def test_time_and_the_start_of_the_clock_are_said(
    children: dict[str, Outlook], clock: str, years: float | None, endpoint: str, said: str
) -> None:
    row = with_first_row(children["high-risk"], clock=clock, time_years=years, endpoint=endpoint).rows[0]
    assert words.when(row.outcome) == said


# -- small groups, spreads -----------------------------------------------------------------------------------------------


def test_fewer_than_ten_infants_are_never_a_percentage_anywhere(children: dict[str, Outlook]) -> None:
    changes: dict[str, Any] = {"n": 9, "estimate_pct": 44.731, "printed": "95% CI 14.717 to 77.797", "ci_pct": (14.717, 77.797)}
    alone = with_first_row(children["high-risk"], **changes)
    forms = every_form(alone)
    for name, said in forms.items():
        assert "44.7" not in said and "14.7" not in said and "77.7" not in said, name
    assert "about 4 of 9" in forms["text"] and "about 4 of 9 infants" in forms["page"]
    assert outlook_figures(alone) == (), "a figure of counts alone has nothing to draw"
    both = dataclasses.replace(alone, rows=(*alone.rows, *children["high-risk"].rows[:8]))
    drawn = "".join(f.standalone() for f in outlook_figures(both))
    assert "about 4 of 9 infants" in drawn and "44.7" not in drawn
    row = outlook_data(alone)["rows"][0]
    assert row["as_count"] is True and row["count"] == 4 and row["shown_as"] == "about 4 of 9 infants"


@pytest.mark.parametrize("name", NAMES)
def test_no_small_group_of_the_knowledge_is_shown_as_a_percentage(children: dict[str, Outlook], name: str) -> None:
    found = children[name]
    report = _Text(found, 80)
    for match in (*found.rows, *found.other_series):
        if match.as_count:
            said = f"{words.result(match)} {words.frequency(match)} {words.remark(match)}"
            assert f"{match.outcome.estimate_pct:g}%" not in said, match.outcome.statement.id
            assert report.row(match)[0].startswith(words.result(match))


def test_a_standard_error_is_drawn_thin_and_never_called_an_interval(children: dict[str, Outlook]) -> None:
    alone = with_first_row(children["high-risk"], n=56, estimate_pct=56.6, se_pct=6.8, printed="SE 6.8")
    for name, said in every_form(alone).items():
        assert "49.8" not in said and "63.4" not in said and "43.27" not in said, name
        assert "95%" not in said.replace("95% confidence interval, as printed", "OH"), name
        assert "OH" not in said.replace("95% confidence interval, as printed", "OH"), name
    (figure,) = outlook_figures(alone)
    drawn = ET.fromstring(figure.standalone())
    (row,) = [g for g in drawn.iter("{http://www.w3.org/2000/svg}g") if g.get("class") == "s0"]
    whiskers = row.findall("{http://www.w3.org/2000/svg}line")
    assert [w.get("stroke-width") for w in whiskers] == ["0.9"], "one thin line, no end marks"
    assert "56.6% (SE 6.8)" in spoken(drawn)
    assert "one standard error (SE) either way: not a confidence interval" in spoken(drawn)


def test_only_what_was_printed_is_drawn(children: dict[str, Outlook]) -> None:
    def lines(**changes: Any) -> int:
        given: dict[str, Any] = {"n": 50, "estimate_pct": 40.0, **changes}
        (figure,) = outlook_figures(with_first_row(children["high-risk"], **given))
        drawn = ET.fromstring(figure.standalone())
        (row,) = [g for g in drawn.iter("{http://www.w3.org/2000/svg}g") if g.get("class") == "s0"]
        return len(row.findall("{http://www.w3.org/2000/svg}line"))

    assert lines(ci_pct=(30.0, 50.0), printed="95% CI 30 to 50") == 3
    assert lines(printed="± 6 (kind not stated)") == 0
    assert lines(printed="SD 9.2, as printed") == 0
    assert lines() == 0


@pytest.mark.parametrize(
    ("printed", "clock", "said", "unsaid"),
    [
        ("", "not_stated", "no interval or standard error was printed; counts not stated", "which is neither"),
        ("SD 9.2, as printed", "diagnosis", "or only ± or SD, which is neither", "not stated for any"),
    ],
)
def test_the_legend_says_what_is_not_drawn_and_what_no_row_states(
    children: dict[str, Outlook], printed: str, clock: str, said: str, unsaid: str
) -> None:
    (figure,) = outlook_figures(with_first_row(children["high-risk"], n=50, estimate_pct=40.0, printed=printed, clock=clock))
    shown = spoken(ET.fromstring(figure.standalone())).replace("printedfrom when time counts:", "printed; counts")
    assert said in shown and unsaid not in shown
    assert (">from<" in figure.standalone()) == (clock == "diagnosis"), "a column of nothing but not stated is left out"


def test_no_name_in_a_figure_is_cut_and_none_touches_the_next_row(children: dict[str, Outlook]) -> None:
    for found in children.values():
        for figure in outlook_figures(found):
            rows = [g for g in ET.fromstring(figure.standalone()).iter(f"{SVG}g") if g.get("class") == "row"]
            names = [[t for t in g.findall(f"{SVG}text") if float(t.get("x", "0")) < 100] for g in rows]
            assert not [t.text for lines in names for t in lines if (t.text or "").endswith("…")]
            for above, below in itertools.pairwise(names):
                assert float(below[0].get("y", "0")) - float(above[-1].get("y", "0")) >= 15


def test_sure_groups_are_filled_and_possible_ones_hollow(children: dict[str, Outlook]) -> None:
    figures = {f.name: f.standalone() for f in outlook_figures(children["kmt2a-missing"])}
    possible = figures["outlook-events-rearranged"]
    assert 'class="open"' in possible and "may belong to if KMT2A is rearranged" in possible
    assert "a group this child belongs to" not in possible
    sure = figures["outlook-events"]
    assert "a group this child belongs to" in sure and 'fill="currentColor"' in sure


# -- what is listed ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_every_row_has_number_years_treatment_endpoint_and_source(children: dict[str, Outlook], name: str) -> None:
    for row in [*outlook_data(children[name])["rows"], *outlook_data(children[name])["other_series"]]:
        assert row["era"] and row["countries"] and row["treatment"] and row["blinatumomab"] in words.BLINATUMOMAB
        assert row["endpoint"] in ENDPOINTS and row["sources"] and row["definition"]
    for match in children[name].rows:
        outcome = match.outcome
        assert words.number(outcome) == (f"n = {outcome.n}" if outcome.n else "n not read")


@pytest.mark.parametrize("name", NAMES)
def test_text_and_page_name_every_row_with_its_parts(
    children: dict[str, Outlook], texts: dict[str, str], pages: dict[str, str], name: str
) -> None:
    page = spoken(parsed(pages[name]))
    report = _Text(children[name], 80)
    for match in children[name].rows:
        outcome = match.outcome
        cells = " ".join(report.row(match))
        assert outcome.n is None or report.row(match)[1] == str(outcome.n)
        treatment = words.treatment(outcome)
        for part in (" ".join(outcome.subgroup.split()).rstrip("."), words.result(match), words.years(outcome.era), treatment):
            assert part in " ".join(cells.split()), (outcome.statement.id, part)
        assert words.places(outcome.countries) in texts[name]
        for part in (
            " ".join(outcome.subgroup.split()),
            words.result(match),
            words.number(outcome),
            words.places(outcome.countries),
            words.treatment(outcome),
        ):
            assert part in page, (outcome.statement.id, part)


@pytest.mark.parametrize("name", NAMES)
def test_neither_comparators_nor_what_was_kept_from_memory_appear(
    knowledge: Knowledge, children: dict[str, Outlook], name: str
) -> None:
    kept = {o.statement.id for o in knowledge.evidence.outcomes if o.population == "comparator" or not o.statement.computed}
    assert kept
    data = outlook_data(children[name])
    shown = [row["id"] for part in ("rows", "other_series", "factors", "transplant", "timing") for row in data[part]]
    assert not kept & set(shown)
    assert all(row["confidence"] != "unverified" for part in ("rows", "factors", "timing") for row in data[part])
    tables = "".join(outlook_tables(children[name]).values())
    assert not [identifier for identifier in kept if f"{identifier}," in tables]
    assert any("comparators" in left["reason"] for left in data["left_out"])


def test_an_empty_record_lists_only_what_holds_for_all_infants(children: dict[str, Outlook], texts: dict[str, str]) -> None:
    empty = children["empty"]
    assert empty.rows and all(m.asks == () and m.verdict is None for m in empty.rows)
    assert "The age at diagnosis is not known: only what holds for all infants is listed." in texts["empty"]
    assert "Groups this child belongs to" not in texts["empty"]
    assert {row["applies"] for row in outlook_data(empty)["rows"]} == {"undetermined"}


def test_both_worlds_of_an_unknown_kmt2a_status_stand_apart_labelled(
    children: dict[str, Outlook], texts: dict[str, str], pages: dict[str, str]
) -> None:
    found = children["kmt2a-missing"]
    assert {m.world for m in found.rows} == {"", "rearranged", "germline"}
    text = texts["kmt2a-missing"]
    rearranged, germline = (text.index(f"*** If KMT2A turns out {world} ***") for world in ("rearranged", "germline"))
    assert rearranged < germline < text.index(SECTIONS["survival"])
    for world in ("rearranged", "germline"):
        assert f"If KMT2A turns out {world}</h3>" in pages["kmt2a-missing"]
        assert f"outlook-events-{world}" in outlook_tables(found)
    for name in ("high-risk", "germline"):
        assert "If KMT2A turns out" not in texts[name] and "If KMT2A turns out" not in pages[name]
    for block in words.blocks(found.rows, found.assessment):
        assert {m.world for m in block.rows} == {block.world}


def test_blocks_hold_every_row_once_sure_ones_first(children: dict[str, Outlook]) -> None:
    for found in children.values():
        blocks = words.blocks(found.rows, found.assessment)
        assert Counter(m.outcome.statement.id for b in blocks for m in b.rows) == Counter(
            m.outcome.statement.id for m in found.rows
        )
        sure = [b.belongs for b in blocks]
        assert sure == sorted(sure, reverse=True)
        assert all(m.verdict is True for b in blocks if b.belongs for m in b.rows)


def test_no_pooled_number_and_no_number_for_this_child(texts: dict[str, str]) -> None:
    for text in texts.values():
        assert not re.search(r"\b(on average|pooled estimate|overall chance|this child's chance)\b", text)
        assert "These are published groups, not this child." in text


def test_sections_without_rows_say_so(knowledge: Knowledge, children: dict[str, Outlook]) -> None:
    none = dataclasses.replace(children["empty"], rows=(), other_series=(), factors=(), transplant=(), timing=(), not_known=())
    assert outlook_text(none).count(words.NOTHING) == len(SECTIONS)
    assert outlook_figures(none) == ()
    older = outlook(assessed({"age_days_at_diagnosis": 900}, knowledge))
    assert older.rows == () and "do not apply" in outlook_text(older)


# -- prognostic factors --------------------------------------------------------------------------------------------------


def test_a_hazard_ratio_stands_with_its_interval_and_level_or_not_at_all(children: dict[str, Outlook]) -> None:
    for match in (*children["high-risk"].factors, *children["high-risk"].transplant):
        factor, said = match.factor, words.numbers(match.factor)
        shown = factor.hr is not None and factor.ci is not None
        assert ("hazard ratio" in said) == shown
        if shown:
            assert f"({factor.ci_level}% CI {factor.ci[0]:g} to {factor.ci[1]:g})" in said  # type: ignore[index]


def test_who_benefited_from_transplant_carries_its_caution(texts: dict[str, str]) -> None:
    said = texts["high-risk"].split(words.TRANSPLANT_TITLE)[1].split(words.TIMING_TITLE)[0]
    assert "hazard ratio 0.36 (95% CI 0.15 to 0.86)" in said
    assert "immortal time" in said.lower()


def test_where_studies_of_the_same_infants_disagree_it_is_said(children: dict[str, Outlook]) -> None:
    first = next(m for m in children["high-risk"].factors if m.factor.factor == "cd10" and m.factor.direction == "worse")
    other = dataclasses.replace(
        first,
        factor=dataclasses.replace(
            first.factor,
            direction="no_difference",
            study_facts=dataclasses.replace(first.factor.study_facts, id="other", title="Another trial"),
        ),
    )
    (said,) = words.disagreement([first, other])
    assert said.startswith("Studies disagree") and said.endswith("none in Another trial.")
    assert words.disagreement([first, first]) == []


# -- data, page, text ----------------------------------------------------------------------------------------------------

ROW_KEYS = {
    "study", "title", "id", "subgroup", "definition", "applies", "waits_for", "if_kmt2a", "asks", "n", "count", "endpoint",
    "section", "clock", "time_years", "estimate_pct", "uncertainty", "se_pct", "ci_pct", "as_count", "shown_as", "era",
    "countries", "treatment", "blinatumomab", "population", "beyond", "note", "sources", "confidence", "reviewed", "because",
}  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_the_data_keep_the_contract(children: dict[str, Outlook], name: str) -> None:
    data = json.loads(json.dumps(outlook_data(children[name]), allow_nan=False))
    assert set(data) == {
        "id", "as_of", "rows", "other_series", "factors", "transplant", "timing", "not_known", "conflicts", "left_out", "notices",
        "sources", "knowledge", "disclaimer",
    }  # fmt: skip
    for row in (*data["rows"], *data["other_series"]):
        assert set(row) >= ROW_KEYS
        assert row["applies"] in ("yes", "undetermined") and row["if_kmt2a"] in (None, "rearranged", "germline")
        assert {"says", "verdict", "explanation"} <= set(row["because"])
        assert set(row["sources"]) <= set(data["sources"])
    for conflict in data["conflicts"]:
        assert len(conflict["sides"]) >= 2
    assert data["knowledge"]["fingerprint"] == children[name].assessment.knowledge.fingerprint


def test_known_rows_of_the_high_risk_baby(children: dict[str, Outlook]) -> None:
    rows = {row["id"]: row for row in outlook_data(children["high-risk"])["rows"]}
    early = rows["outcome.mll03.kmt2a-r.efs-4y"]
    assert early["shown_as"] == "43.2% (95% CI 30.7 to 55.1)" and early["n"] == 62 and early["applies"] == "yes"
    assert early["ci_pct"] == [30.7, 55.1] and early["se_pct"] is None
    added = rows["outcome.blinatumomab-pilot.kmt2a-r.dfs-2y"]
    assert added["blinatumomab"] == "with" and added["frequency"].startswith(
        "About 8 of 10 infants were alive and free of disease"
    )
    assert not any(row["if_kmt2a"] for row in rows.values())


@pytest.mark.parametrize("name", NAMES)
def test_the_page_is_well_formed_runs_nothing_and_asks_for_nothing(pages: dict[str, str], name: str) -> None:
    root = parsed(pages[name])
    names = {e.tag for e in root.iter()}
    assert not names & {"script", "link", "img", "iframe", "object", "form", "input", "image", "use"}
    for element in root.iter():
        assert not [key for key in element.attrib if key.startswith("on") or key in ("src", "style")]
        assert element.get("href", "#").startswith("#")
    assert "@import" not in pages[name] and "url(" not in pages[name]
    ids = [e.get("id") for e in root.iter() if e.get("id")]
    assert [i for i, n in Counter(ids).items() if n > 1] == []
    assert {e.get("href", "").removeprefix("#") for e in root.iter("a")} <= set(ids)
    levels = [int(e.tag[1]) for e in root.iter() if re.fullmatch("h[1-6]", e.tag)]
    assert levels.count(1) == 1 and all(after - before <= 1 for before, after in itertools.pairwise(levels))
    assert spoken(next(root.iter("h1"))).startswith("Published groups, not a forecast for this child")


def test_every_figure_of_a_page_is_followed_by_a_table_with_its_numbers(pages: dict[str, str]) -> None:
    for page in pages.values():
        for section in parsed(page).iter("section"):
            figures = section.findall("figure")
            tables = " ".join(spoken(t) for t in section.iter("table"))
            for figure in figures:
                shown = [spoken(e) for e in figure.iter("text")]
                numbers = [said for said in shown if re.match(r"(about )?\d[\d.]*(%| of )(?!.* as printed$)", said)]
                assert numbers and all(number.removesuffix("…") in tables for number in numbers)


def test_tables_of_figures_hold_counts_for_small_groups(children: dict[str, Outlook]) -> None:
    for found in children.values():
        tables = outlook_tables(found)
        assert list(tables) == [f.name for f in outlook_figures(found)]
        for table in tables.values():
            for row in csv.DictReader(io.StringIO(table)):
                small = row["n"] and int(row["n"]) < 10
                assert bool(row["estimate_pct"]) != bool(small)


def test_several_children_share_a_page(children: dict[str, Outlook]) -> None:
    root = parsed(outlook_html([children["germline"], children["empty"]]))
    ids = [e.get("id") for e in root.iter() if e.get("id")]
    assert [i for i, n in Counter(ids).items() if n > 1] == []
    assert {"c1-child", "c2-child"} <= set(ids)
    labels = [e.get("aria-label") for e in root.iter("div") if e.get("role") == "region"]
    assert len(labels) == len(set(labels))
    with pytest.raises(ValueError, match="at least one"):
        outlook_html([])


def test_hostile_words_stay_words(children: dict[str, Outlook]) -> None:
    evil = "<script>alert(1)</script>\x1b"
    study = dataclasses.replace(children["high-risk"].rows[0].outcome.study_facts, title=evil, note=evil)
    found = with_first_row(children["high-risk"], study_facts=study, subgroup=evil, beyond=evil, n=50)
    for said in every_form(found).values():
        assert "\x1b" not in said
    assert "<script" not in outlook_html([found])
    parsed(outlook_html([found]))


@pytest.mark.parametrize("width", [40, 80])
def test_no_line_of_the_text_is_longer_than_the_page(children: dict[str, Outlook], width: int) -> None:
    lines = outlook_text(children["kmt2a-missing"], width).split("\n")
    assert [line for line in lines if len(line) > width] == []
    assert [line for line in lines if line != line.rstrip()] == []


def test_a_row_is_few_lines(children: dict[str, Outlook]) -> None:
    def lines(match: OutcomeMatch) -> int:
        one = dataclasses.replace(children["high-risk"], rows=(match,), other_series=())
        return len(outlook_text(one).split("nearest definition first:\n")[1].split("\n\n")[0].splitlines())

    sure = [m for m in children["high-risk"].rows if m.verdict][:6]
    assert max(lines(m) for m in sure) <= 9
