"""The report as a page: well formed, escaped, self-contained, every source anchored, every id its own."""

from __future__ import annotations

import dataclasses
import itertools
import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import pytest

from infantall.care.assess import assess
from infantall.care.result import Assessment
from infantall.knowledge.store import load_knowledge
from infantall.record.reader import read_record_file, read_record_text
from infantall.report.html import assessment_html
from infantall.report.markup import tag, text
from infantall.report.timeline import moments

EXAMPLES = Path(__file__).parents[2] / "examples"
RECORDS = sorted([*EXAMPLES.glob("babies/*.yaml"), *EXAMPLES.glob("case-reports/*.yaml")])
VOID = {"meta", "br", "hr", "img", "input", "link"}
EVIL = "<script>alert('x')</script>\"&"


def assessed(source: Path | str) -> Assessment:
    knowledge = load_knowledge()
    if isinstance(source, Path):
        return assess(read_record_file(source, knowledge.vocabulary), knowledge)
    return assess(read_record_text(source, ".yaml", knowledge.vocabulary, default_id="text"), knowledge)


class Page(HTMLParser):
    """Every element with its attributes, and whether each was closed in its place."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.faults: list[str] = []
        self.feed(html)
        self.close()
        self.faults += [f"<{name}> never closed" for name in self.open]

    def handle_starttag(self, name: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if len(found) != len(attrs):
            self.faults.append(f"<{name}> with an attribute twice")
        self.elements.append((name, {key: value or "" for key, value in found.items()}))
        if name not in VOID:
            self.open.append(name)

    def handle_endtag(self, name: str) -> None:
        if not self.open or self.open.pop() != name:
            self.faults.append(f"</{name}> out of place at {self.getpos()}")

    def all(self, attribute: str) -> list[str]:
        return [attrs[attribute] for _, attrs in self.elements if attribute in attrs]

    def named(self, *names: str) -> list[str]:
        return [name for name, _ in self.elements if name in names]


@pytest.mark.parametrize("source", [*RECORDS, "id: empty\n"], ids=lambda s: s.stem if isinstance(s, Path) else "empty")
def test_every_example_is_well_formed_and_every_link_has_its_anchor(source: Path | str) -> None:
    page = Page(assessment_html([assessed(source)]))
    assert page.faults == []
    ids = page.all("id")
    assert [i for i, number in Counter(ids).items() if number > 1] == []
    targets = {href.removeprefix("#") for href in page.all("href")}
    assert all(href.startswith("#") for href in page.all("href"))
    assert targets <= set(ids)
    assert any(target.startswith("source-") for target in targets)
    assert {i for i in ids if i.startswith("source-")} <= targets
    described = {part for names in page.all("aria-labelledby") for part in names.split()}
    assert described <= set(ids)
    assert page.named("h1") == ["h1"]


def test_headings_never_skip_a_level() -> None:
    both = [assessed(path) for path in RECORDS[:2]]
    for chosen in (both, both[:1]):
        levels = [int(name[1]) for name in Page(assessment_html(chosen)).named("h1", "h2", "h3", "h4", "h5", "h6")]
        assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


def test_the_page_loads_nothing_and_runs_nothing() -> None:
    html = assessment_html([assessed(EXAMPLES / "babies/high-risk.yaml")])
    page = Page(html)
    assert page.named("script", "link", "img", "iframe", "object", "form", "input", "base") == []
    assert page.all("src") == [] and page.all("style") == []
    assert [key for _, attrs in page.elements for key in attrs if key.startswith("on")] == []
    assert "@import" not in html and "url(" not in html
    policy = next(attrs["content"] for _, attrs in page.elements if attrs.get("http-equiv") == "Content-Security-Policy")
    assert policy.startswith("default-src 'none'; style-src 'sha256-")


def hostile() -> Assessment:
    """A record whose every free text is hostile."""
    whole = assessed(EXAMPLES / "babies/high-risk.yaml")
    record = whole.record
    findings = tuple(
        dataclasses.replace(f, note=EVIL, printed=EVIL, place=EVIL, extra={**f.extra, "method": EVIL}) for f in record.findings
    )
    treatment = tuple(dataclasses.replace(t, protocol=EVIL, note=EVIL) for t in record.treatment)
    record = dataclasses.replace(
        record, id=EVIL, note=EVIL, source={"citation": EVIL}, findings=findings, treatment=treatment, notices=(EVIL,)
    )
    return assess(record, whole.knowledge)


def test_hostile_strings_are_escaped_everywhere() -> None:
    one = assessment_html([hostile()])
    several = assessment_html([hostile(), hostile()])
    for html in (one, several):
        assert "<script" not in html
        assert html.count("&lt;script&gt;") > 10
        assert Page(html).faults == []


def test_only_safe_text_is_taken_as_markup() -> None:
    assert text("<b>\x1b\u202e") == "&lt;b&gt;"
    assert tag("p", "<b>", tag("b", "x"), class_='"><script>') == '<p class="&quot;&gt;&lt;script&gt;">&lt;b&gt;<b>x</b></p>'


def test_several_children_share_one_page_and_one_list_of_sources() -> None:
    both = [assessed(EXAMPLES / "babies/high-risk.yaml"), assessed(EXAMPLES / "babies/germline.yaml")]
    page = Page(assessment_html(both))
    assert {"c1-child", "c2-child", "c1-next", "c2-next"} <= set(page.all("id"))
    assert page.all("id").count("sources") == 1
    assert [i for i, number in Counter(page.all("id")).items() if number > 1] == []
    with pytest.raises(ValueError, match="at least one"):
        assessment_html([])


def test_statements_carry_source_confidence_and_review_and_conflicts_both_sides() -> None:
    html = assessment_html([assessed(EXAMPLES / "babies/high-risk.yaml")]).replace("\N{NO-BREAK SPACE}", " ")
    assert "derived; not reviewed" in html and "seen; not reviewed" in html
    assert "Younger than six months." in html and "Older than six months (mirrors of the journal abstract)." in html
    assert "here 412 ×10⁹/L (2026-03-20)" in html
    assert html.index("What to find out next</h2>") < html.index("1. Is ALL established?</h2>")


def test_a_catch_all_rule_is_never_met_while_an_earlier_one_is_open() -> None:
    html = assessment_html([assessed(EXAMPLES / "babies/kmt2a-missing.yaml")])
    rule = re.search(r"<strong>MR</strong>.{0,120}", html)
    assert rule is not None
    assert "if none above applies" in rule[0] and "✓" not in rule[0]


def test_the_timeline_tells_birth_diagnosis_courses_findings_events_and_what_is_due() -> None:
    dated = moments(assessed(EXAMPLES / "babies/high-risk.yaml"))
    assert [m.day for m in dated] == sorted(m.day for m in dated)
    assert {"birth", "diagnosis", "finding", "course", "due", "now"} <= {m.kind for m in dated}
    record = (
        "id: relative\nage_at_diagnosis_days: 100\nevents:\n  - {day: 40, what: relapse, site: marrow}\n"
        "treatment:\n  - {day: 2, what: course, course: induction}\n"
    )
    relative = moments(assessed(record))
    assert [(m.day, m.when) for m in relative if m.kind == "birth"] == [(-100, "day -100")]
    due = [m for m in relative if m.kind == "due"]
    assert [m.when for m in due] == ["day 9", "day 34"]
    assert any("overdue" in said for said in due[0].says)
    assert [m.says for m in relative if m.kind == "event"] == [("Relapse, marrow",)]


def test_a_record_without_any_date_has_no_picture_but_says_so() -> None:
    html = assessment_html([assessed(EXAMPLES / "case-reports/gebrehana-2024.yaml")])
    assert "Timeline</h2>" in html
