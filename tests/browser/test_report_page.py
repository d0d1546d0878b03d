"""The report in a browser: accessible in light and dark, on a phone and on paper, and it asks nothing of the network."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from helpers.pages import FEW_OF_A_KIND
from infantall.care.assess import assess
from infantall.knowledge.store import load_knowledge
from infantall.record.reader import read_record_file, read_record_text
from infantall.report.html import assessment_html

pytestmark = pytest.mark.browser

EXAMPLES = Path(__file__).parents[2] / "examples"
PAGES = {
    "high-risk": ["babies/high-risk.yaml"],
    "kmt2a-missing": ["babies/kmt2a-missing.yaml"],
    "germline": ["babies/germline.yaml"],
    "sparse": ["case-reports/gebrehana-2024.yaml"],
    "empty": [None],
    "several": ["babies/high-risk.yaml", "case-reports/cpho-2024.yaml", None],
}
STANDARD = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OPEN_ALL = "document.querySelectorAll('details').forEach(part => { part.open = true })"


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """One file a kind of page."""
    folder = tmp_path_factory.mktemp("pages")
    knowledge = load_knowledge()
    empty = read_record_text("id: empty\n", ".yaml", knowledge.vocabulary, default_id="empty")
    written = {}
    for name, records in PAGES.items():
        read = [empty if r is None else read_record_file(EXAMPLES / r, knowledge.vocabulary) for r in records]
        written[name] = folder / f"{name}.html"
        written[name].write_text(assessment_html([assess(r, knowledge) for r in read]), encoding="utf-8")
    return written


def opened(browser: Any, file: Path, **options: Any) -> Any:
    page = browser.new_page(**options)
    page.goto(file.as_uri())
    return page


@pytest.mark.parametrize(
    ("name", "scheme", "width"),
    [
        *((name, "light", 1000) for name in ("high-risk", "kmt2a-missing", "empty", "several")),
        *((name, "dark", 1000) for name in ("kmt2a-missing", "empty")),
        ("kmt2a-missing", "light", 320),
    ],
)
def test_axe_finds_nothing(browser: Any, files: dict[str, Path], name: str, scheme: str, width: int) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")
    page = opened(browser, files[name], viewport={"width": width, "height": 900}, color_scheme=scheme)
    page.evaluate(FEW_OF_A_KIND)
    page.evaluate(OPEN_ALL)
    found = axe.Axe().run(page, options={"runOnly": {"type": "tag", "values": STANDARD}, "resultTypes": ["violations"]})
    told = [f"{v['id']}: {v['help']}: {v['nodes'][0]['html'][:200]}" for v in found.response["violations"]]
    page.close()
    assert told == []


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("width", [320, 360, 768])
def test_no_page_scrolls_sideways(browser: Any, files: dict[str, Path], name: str, width: int) -> None:
    page = opened(browser, files[name], viewport={"width": width, "height": 800})
    page.evaluate(OPEN_ALL)
    wide = page.evaluate("document.documentElement.scrollWidth")
    beyond = page.evaluate(
        """() => [...document.querySelectorAll('main *')].filter(e => e.getClientRects().length
        && e.getBoundingClientRect().right > innerWidth + 1 && e.getBoundingClientRect().left >= 0)
        .slice(0, 3).map(e => e.outerHTML.slice(0, 150))"""
    )
    page.close()
    assert wide <= width
    assert beyond == []


def test_the_keyboard_reaches_every_part_and_opens_it(browser: Any, files: dict[str, Path]) -> None:
    page = opened(browser, files["kmt2a-missing"])
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    wanted = page.evaluate("[...document.querySelectorAll('summary')].filter(s => s.checkVisibility()).length")
    page.evaluate(
        """() => { window.reached = new Set(); addEventListener('focusin', e => {
        if (e.target.matches('summary')) window.reached.add(e.target) }) }"""
    )
    for _ in range(100):
        for _ in range(20):
            page.keyboard.press("Tab")
        if page.evaluate("window.reached.size") >= wanted:
            break
    assert page.evaluate("window.reached.size") == wanted > 10
    page.focus("summary")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    page.keyboard.press("Enter")
    assert page.evaluate("document.querySelector('details').open")
    assert outline != "none"
    page.close()


def test_the_page_makes_no_request_and_runs_no_script(browser: Any, files: dict[str, Path]) -> None:
    asked: list[str] = []
    page = browser.new_page()
    page.on("request", lambda request: asked.append(request.url))
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text))
    page.goto(files["several"].as_uri())
    page.evaluate(OPEN_ALL)
    page.emulate_media(media="print")
    page.wait_for_timeout(200)
    page.close()
    assert asked == [files["several"].as_uri()]
    assert told == []


def test_its_own_stylesheet_passes_its_own_policy(browser: Any, files: dict[str, Path]) -> None:
    page = opened(browser, files["high-risk"])
    assert page.evaluate("getComputedStyle(document.querySelector('.card, .facts')).display") in ("block", "grid")
    assert page.evaluate("getComputedStyle(document.querySelector('dl.facts')).display") == "grid"
    page.close()


def test_paper_shows_what_is_closed_on_screen(browser: Any, files: dict[str, Path], tmp_path: Path) -> None:
    page = opened(browser, files["kmt2a-missing"])
    assert page.evaluate("[...document.querySelectorAll('details')].every(part => !part.open)")
    target = tmp_path / "report.pdf"
    page.pdf(path=str(target), prefer_css_page_size=True)
    page.close()
    assert target.read_bytes().startswith(b"%PDF-")
    reader = shutil.which("pdftotext")
    if reader is None:
        pytest.skip("pdftotext is not installed (apt-get install poppler-utils)")
    told = subprocess.run([reader, "-layout", str(target), "-"], capture_output=True, text=True, check=True).stdout
    flat = re.sub(r"\s+", " ", told)
    assert "Risk groups: the first rule that applies decides" in flat
    assert "All of these" in flat and "Any of these" in flat
    assert "white cell count at diagnosis is at least 300" in flat
    assert "here 85 ×10⁹/L" in flat
