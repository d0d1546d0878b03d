"""The pages of the evidence in a browser: published groups, therapies, trials, conflicts, gaps and sources."""

from __future__ import annotations

import itertools
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from helpers.pages import FEW_OF_A_KIND
from infantall.care.assess import assess
from infantall.care.outlook import outlook
from infantall.care.therapies import therapies
from infantall.care.trials import trials
from infantall.knowledge.store import load_knowledge
from infantall.record.reader import read_record_file, read_record_text
from infantall.report.cohort.page import document_html
from infantall.report.html import assessment_html
from infantall.report.literature import conflicts_document, gaps_document, sources_document
from infantall.report.outlook.html import outlook_html
from infantall.report.therapies import therapies_html
from infantall.report.trials import trials_html

pytestmark = pytest.mark.browser

BABIES = Path(__file__).parents[2] / "examples" / "babies"
STANDARD = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OPEN_ALL = "document.querySelectorAll('details').forEach(part => { part.open = true })"
NAMES = ("high-risk", "kmt2a-missing", "several", "therapies", "trials", "with-outlook", "conflicts", "gaps", "sources")
DARK = ("high-risk", "trials", "conflicts")
NARROW = ("high-risk", "therapies", "gaps")
WITH_FIGURES = ("high-risk", "kmt2a-missing", "several", "with-outlook")


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """One file a page."""
    folder = tmp_path_factory.mktemp("evidence")
    knowledge = load_knowledge()
    records = {name: read_record_file(BABIES / f"{name}.yaml", knowledge.vocabulary) for name in ("high-risk", "kmt2a-missing")}
    records["empty"] = read_record_text("id: empty\n", ".yaml", knowledge.vocabulary, default_id="empty")
    children = {name: assess(record, knowledge) for name, record in records.items()}
    found = {name: outlook(child) for name, child in children.items()}
    open_child = children["kmt2a-missing"]
    pages = {
        "high-risk": outlook_html([found["high-risk"]]),
        "kmt2a-missing": outlook_html([found["kmt2a-missing"]]),
        "several": outlook_html([found["high-risk"], found["empty"]]),
        "therapies": therapies_html(therapies(open_child.values, knowledge), open_child),
        "trials": trials_html(trials(open_child.values, knowledge), open_child),
        "with-outlook": assessment_html([children["high-risk"]], with_outlook=True),
        "conflicts": document_html(conflicts_document(knowledge)),
        "gaps": document_html(gaps_document(knowledge)),
        "sources": document_html(sources_document(knowledge)),
    }
    assert set(pages) == set(NAMES)
    for name, page in pages.items():
        (folder / f"{name}.html").write_text(page, encoding="utf-8")
    return {name: folder / f"{name}.html" for name in pages}


def opened(browser: Any, file: Path, **options: Any) -> Any:
    page = browser.new_page(**options)
    page.goto(file.as_uri())
    page.evaluate(OPEN_ALL)
    return page


@pytest.mark.parametrize(
    ("name", "scheme", "width"),
    [
        *((name, "light", 1000) for name in NAMES),
        *((name, "dark", 1000) for name in DARK),
        *((name, "light", 320) for name in NARROW),
    ],
)
def test_axe_finds_nothing(browser: Any, files: dict[str, Path], name: str, scheme: str, width: int) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")
    page = opened(browser, files[name], viewport={"width": width, "height": 900}, color_scheme=scheme)
    page.evaluate(FEW_OF_A_KIND)
    found = axe.Axe().run(page, options={"runOnly": {"type": "tag", "values": STANDARD}, "resultTypes": ["violations"]})
    told = [f"{v['id']}: {v['help']}: {v['nodes'][0]['html'][:200]}" for v in found.response["violations"]]
    page.close()
    assert told == []


@pytest.mark.parametrize("name", NAMES)
def test_no_page_scrolls_sideways(browser: Any, files: dict[str, Path], name: str) -> None:
    """Only a figure may be wider than the page, inside its own frame; nothing is cut off, at any width."""
    page = opened(browser, files[name], viewport={"width": 1000, "height": 800})
    for width in (1000, 768, 360, 320):
        page.set_viewport_size({"width": width, "height": 800})
        beyond = page.evaluate(
            """() => [...document.querySelectorAll('main *')].filter(e => !e.closest('.wide > *') && e.getClientRects().length
            && e.getBoundingClientRect().right > innerWidth + 1 && e.getBoundingClientRect().left >= 0)
            .slice(0, 3).map(e => e.outerHTML.slice(0, 150))"""
        )
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert beyond == [], width
    page.close()


def test_no_cell_of_a_table_runs_into_the_next(browser: Any, files: dict[str, Path]) -> None:
    for name in ("kmt2a-missing", "therapies", "trials", "with-outlook"):
        page = opened(browser, files[name], viewport={"width": 768, "height": 800})
        over = page.evaluate(
            """[...document.querySelectorAll('th,td')].filter(e => e.clientWidth && e.scrollWidth > e.clientWidth + 1)
            .slice(0, 3).map(e => e.outerHTML.slice(0, 150))"""
        )
        page.close()
        assert over == [], name


def test_the_pages_make_no_request_and_run_no_script(browser: Any, files: dict[str, Path]) -> None:
    page = browser.new_page()
    asked: list[str] = []
    told: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: told.append(message.text))
    for name in NAMES:
        page.goto(files[name].as_uri())
        page.evaluate(OPEN_ALL)
    page.emulate_media(media="print")
    page.wait_for_timeout(100)
    page.close()
    assert asked == [files[name].as_uri() for name in NAMES]
    assert told == []


@pytest.mark.parametrize("name", ["high-risk", "therapies", "trials"])
def test_the_keyboard_reaches_every_part_and_opens_it(browser: Any, files: dict[str, Path], name: str) -> None:
    page = browser.new_page()
    page.goto(files[name].as_uri())
    wanted = page.evaluate("[...document.querySelectorAll('summary')].filter(s => s.checkVisibility()).length")
    page.evaluate(
        """() => { window.reached = new Set(); addEventListener('focusin', e => {
        if (e.target.matches('summary, .wide')) window.reached.add(e.target) }) }"""
    )
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    for _ in range(60):
        for _ in range(20):
            page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body || document.activeElement.className === 'skip'"):
            break
        if page.evaluate(
            "[...document.querySelectorAll('summary, .wide')].filter(s => s.checkVisibility()).length"
        ) == page.evaluate("window.reached.size"):
            break
    frames = page.evaluate("document.querySelectorAll('.wide').length")
    assert page.evaluate("window.reached.size") == wanted + frames
    page.focus("summary")
    page.keyboard.press("Enter")
    assert page.evaluate("document.querySelector('details').open")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
    page.close()


@pytest.mark.parametrize("name", WITH_FIGURES)
def test_every_figure_is_named_described_and_followed_by_its_table(browser: Any, files: dict[str, Path], name: str) -> None:
    page = opened(browser, files[name])
    figures = page.evaluate(
        """[...document.querySelectorAll('figure')].map(figure => {
            const tables = []
            for (let e = figure.nextElementSibling; e && !e.matches('figure'); e = e.nextElementSibling) {
                tables.push(...[...e.querySelectorAll('table')].map(t => t.innerText))
            }
            const picture = figure.querySelector('svg')
            const named = picture.getAttribute('aria-labelledby').split(' ').map(id => document.getElementById(id))
            return { role: picture.getAttribute('role'), names: named.map(e => e.tagName + ':' + e.textContent.length),
                caption: figure.querySelector('figcaption').innerText, tables: tables.join(' '),
                shown: [...picture.querySelectorAll('text')].map(e => e.textContent) }
        })"""
    )
    page.close()
    assert figures
    for figure in figures:
        assert figure["role"] == "img" and figure["caption"]
        assert [re.sub(r":[1-9]\d+$", "", said) for said in figure["names"]] == ["title", "desc"]
        results = [said for said in figure["shown"] if re.match(r"\d[\d.]*%(?! confidence)", said)]
        assert results and all(said in figure["tables"] for said in results)


def test_a_link_of_the_contents_leads_to_its_part(browser: Any, files: dict[str, Path]) -> None:
    for name in NAMES:
        page = opened(browser, files[name])
        lost = page.evaluate(
            "[...document.querySelectorAll('a[href^=\"#\"]')].filter(a => !document.getElementById(a.hash.slice(1))).length"
        )
        page.close()
        assert lost == 0


@pytest.mark.parametrize(
    ("name", "closed"),
    [
        ("kmt2a-missing", "The rule in words: KMT2A status is rearranged"),
        ("therapies", "Key harms"),
        ("trials", "Treatment studied"),
    ],
)
def test_paper_shows_what_is_closed_on_screen(
    browser: Any, files: dict[str, Path], tmp_path: Path, name: str, closed: str
) -> None:
    reader = shutil.which("pdftotext")
    if reader is None:
        pytest.skip("pdftotext is not installed (apt-get install poppler-utils)")
    page = browser.new_page()
    page.goto(files[name].as_uri())
    assert page.evaluate("[...document.querySelectorAll('details')].every(part => !part.open)")
    page.pdf(path=str(tmp_path / "page.pdf"), prefer_css_page_size=True)
    page.close()
    told = subprocess.run([reader, str(tmp_path / "page.pdf"), "-"], capture_output=True, text=True, check=True).stdout
    assert closed in re.sub(r"\s+", " ", told)


def test_headings_of_the_pages_skip_no_level(browser: Any, files: dict[str, Path]) -> None:
    for name in NAMES:
        page = opened(browser, files[name])
        levels = page.evaluate("[...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map(e => +e.tagName[1])")
        page.close()
        assert levels.count(1) == 1 and all(after - before <= 1 for before, after in itertools.pairwise(levels)), name
