"""Cohort pages in a browser: accessible, read off by keyboard and pointer, no request, whole on a phone, on paper and without script."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from helpers import cohort_results as results
from infantall.report.cohort.compare import compare_html
from infantall.report.cohort.describe import describe_html
from infantall.report.cohort.figures import survival_figure
from infantall.report.cohort.stratify import stratify_html
from infantall.report.cohort.survival import survival_html

pytestmark = pytest.mark.browser

PAGES = {
    "survival": lambda: survival_html(results.survival()),
    "many": lambda: survival_html(results.survival(groups=tuple(f"a group with a long name, number {i}" for i in range(10)))),
    "describe": lambda: describe_html(results.describe()),
    "stratify": lambda: stratify_html(results.stratify(simulated=True)),
    "compare": lambda: compare_html(results.compare()),
}
STANDARD = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OPEN_ALL = "document.querySelectorAll('details').forEach(part => { part.open = true })"


@pytest.fixture(scope="session")
def cohort_files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """One file a kind of page."""
    folder = tmp_path_factory.mktemp("cohort-pages")
    written = {}
    for name, made in PAGES.items():
        written[name] = folder / f"{name}.html"
        written[name].write_text(made(), encoding="utf-8")
    return written


def opened(browser: Any, file: Path, **options: Any) -> Any:
    page = browser.new_page(**options)
    page.goto(file.as_uri())
    return page


@pytest.mark.parametrize(
    ("name", "scheme", "width"),
    [
        *((name, "light", 1000) for name in PAGES),
        *((name, "dark", 1000) for name in ("survival", "stratify", "compare")),
        *((name, "light", 320) for name in ("survival", "describe")),
    ],
)
def test_axe_finds_nothing_on_cohort_pages(
    browser: Any, cohort_files: dict[str, Path], name: str, scheme: str, width: int
) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")
    page = opened(browser, cohort_files[name], viewport={"width": width, "height": 900}, color_scheme=scheme)
    page.evaluate(OPEN_ALL)
    found = axe.Axe().run(page, options={"runOnly": {"type": "tag", "values": STANDARD}, "resultTypes": ["violations"]})
    told = [f"{v['id']}: {v['help']}: {v['nodes'][0]['html'][:200]}" for v in found.response["violations"]]
    page.close()
    assert told == []


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("width", [320, 768])
def test_no_cohort_page_scrolls_sideways(browser: Any, cohort_files: dict[str, Path], name: str, width: int) -> None:
    page = opened(browser, cohort_files[name], viewport={"width": width, "height": 800})
    page.evaluate(OPEN_ALL)
    wide = page.evaluate("document.documentElement.scrollWidth")
    beyond = page.evaluate(
        """() => [...document.querySelectorAll('main *')].filter(e => !e.closest('.wide > *, .sideways > *') && e.getClientRects().length
        && e.getBoundingClientRect().right > innerWidth + 1 && e.getBoundingClientRect().left >= 0)
        .slice(0, 3).map(e => e.outerHTML.slice(0, 150))"""
    )
    page.close()
    assert wide <= width
    assert beyond == []


def test_a_cohort_page_asks_nothing_and_its_policy_lets_its_own_script_run(browser: Any, cohort_files: dict[str, Path]) -> None:
    asked: list[str] = []
    told: list[str] = []
    page = browser.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: told.append(message.text))
    page.on("pageerror", lambda error: told.append(str(error)))
    page.goto(cohort_files["survival"].as_uri())
    page.evaluate(OPEN_ALL)
    page.emulate_media(media="print")
    page.wait_for_timeout(200)
    works = page.evaluate("[...document.querySelectorAll('.controls')].map(part => part.hidden)")
    page.close()
    assert asked == [cohort_files["survival"].as_uri()]
    assert told == []
    assert works == [False, False, False]


def test_the_keyboard_moves_along_the_curves_and_the_reading_is_announced(browser: Any, cohort_files: dict[str, Path]) -> None:
    page = opened(browser, cohort_files["survival"])
    page.focus("#survival-time")
    for _ in range(24):
        page.keyboard.press("ArrowRight")
    reading = page.inner_text("#survival-reading").replace("\N{NO-BREAK SPACE}", " ")
    slider = page.get_attribute("#survival-time", "aria-valuetext")
    live = page.get_attribute("#survival-reading", "aria-live")
    line = float(page.get_attribute("figure[data-chart=survival] .crosshair", "x1"))
    page.close()
    curve = results.survival().survival[0]
    plot = survival_figure(results.survival()).plot
    place = max(i for i, t in enumerate(curve.times) if t <= 730.5)
    risk = next(r for t, r in zip(curve.times, curve.at_risk, strict=True) if t >= 730.5)
    wanted = f"HR: {curve.estimate[place] * 100:.1f} % ({curve.ci_low[place] * 100:.1f} to {curve.ci_high[place] * 100:.1f}), {risk:.0f} at risk"
    assert reading.splitlines()[0] == "At 2 years (simulated data)"
    assert wanted in reading
    assert slider == "2 years" and live == "polite"
    assert line == pytest.approx(plot["left"] + plot["width"] * 730.5 / plot["until"], abs=0.6)


def test_the_pointer_reads_the_curves_where_it_is(browser: Any, cohort_files: dict[str, Path]) -> None:
    page = opened(browser, cohort_files["survival"], viewport={"width": 1000, "height": 900})
    box = page.locator("figure[data-chart=survival] svg").bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + 100)
    first = page.inner_text("#survival-reading")
    page.mouse.move(box["x"] + box["width"] * 0.7, box["y"] + 100)
    second = page.inner_text("#survival-reading")
    page.close()
    years = [float(re.search(r"At ([\d.]+) years", said)[1]) for said in (first, second)]  # type: ignore[index]
    assert 0.5 < years[0] < years[1]


def test_groups_and_bands_can_be_hidden_and_shown(browser: Any, cohort_files: dict[str, Path]) -> None:
    page = opened(browser, cohort_files["survival"])
    curve = page.locator("figure[data-chart=survival] g.series[data-group='1'] .curve")
    band = page.locator("figure[data-chart=survival] .band").first
    assert curve.is_visible() and band.is_visible()
    page.locator("figure[data-chart=survival]").get_by_label("MR", exact=True).uncheck()
    page.locator("figure[data-chart=survival]").get_by_label("confidence bands").uncheck()
    assert not curve.is_visible() and not band.is_visible()
    assert "MR:" not in page.inner_text("#survival-reading")
    page.locator("figure[data-chart=survival]").get_by_label("MR", exact=True).check()
    assert curve.is_visible() and "MR:" in page.inner_text("#survival-reading")
    page.close()


def test_many_groups_begin_without_bands(browser: Any, cohort_files: dict[str, Path]) -> None:
    page = opened(browser, cohort_files["many"])
    figure = page.locator("figure[data-chart=survival]")
    assert not figure.locator(".band").first.is_visible()
    figure.get_by_label("confidence bands").check()
    assert figure.locator(".band").first.is_visible()
    page.close()


def test_data_and_picture_can_be_taken_away(browser: Any, cohort_files: dict[str, Path], tmp_path: Path) -> None:
    page = opened(browser, cohort_files["survival"])
    figure = page.locator("figure[data-chart=survival]")
    with page.expect_download() as waiting:
        figure.get_by_role("button", name="Download the data (CSV)").click()
    waiting.value.save_as(tmp_path / "data.csv")
    with page.expect_download() as waiting:
        figure.get_by_role("button", name="Download the picture (SVG)").click()
    waiting.value.save_as(tmp_path / "picture.svg")
    assert waiting.value.suggested_filename == "survival.svg"
    page.close()
    lines = (tmp_path / "data.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "group,cause,time,estimate,se,ci_low,ci_high,at_risk,simulated"
    assert len(lines) == 1 + sum(len(c.times) for c in results.survival().survival)
    assert lines[1].startswith("HR,,0") and lines[1].endswith(",148,true")
    assert (tmp_path / "picture.svg").read_text(encoding="utf-8").startswith("<?xml")


def test_without_script_the_page_says_the_same_by_pictures_and_tables(browser: Any, cohort_files: dict[str, Path]) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(cohort_files["survival"].as_uri())
    assert page.locator("figure svg").first.is_visible()
    assert not page.locator(".controls").first.is_visible()
    assert page.locator("table").count() > 5
    context.close()


def test_curves_look_different_without_colour(browser: Any, cohort_files: dict[str, Path]) -> None:
    page = opened(browser, cohort_files["many"])
    found = page.evaluate(
        """() => [...document.querySelectorAll('figure[data-chart=survival] .risk')].map(row => {
        const [sample, mark] = row.querySelector('g').children;
        return sample.getAttribute('stroke-dasharray') + ' ' + mark.tagName + ' ' + mark.getAttribute('class') + ' '
          + (mark.getAttribute('d') || '').replace(/[^a-zA-Z]/g, '')})"""
    )
    page.close()
    assert len(set(found)) == len(found) == 10


def test_the_dark_page_draws_in_light_colours_and_paper_in_dark_ones(browser: Any, cohort_files: dict[str, Path]) -> None:
    page = opened(browser, cohort_files["survival"], color_scheme="dark")
    colour = "getComputedStyle(document.querySelector('figure[data-chart=survival] .series .curve')).stroke"
    assert page.evaluate(colour) == "rgb(140, 184, 245)"
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate(colour) == "rgb(11, 74, 143)"
    page.close()


def test_paper_shows_figures_tables_and_that_data_are_simulated(
    browser: Any, cohort_files: dict[str, Path], tmp_path: Path
) -> None:
    page = opened(browser, cohort_files["survival"])
    target = tmp_path / "report.pdf"
    page.pdf(path=str(target), prefer_css_page_size=True)
    page.close()
    reader = shutil.which("pdftotext")
    if reader is None:
        pytest.skip("pdftotext is not installed (apt-get install poppler-utils)")
    told = subprocess.run([reader, "-layout", str(target), "-"], capture_output=True, text=True, check=True).stdout
    flat = re.sub(r"\s+", " ", told)
    assert "SIMULATED DATA: these are not real infants." in flat
    assert "The figure as a table" in flat and "102 at risk" in flat
    assert "Number at risk" in flat and "BIASED: immortal time" in flat
    assert "Download the data" not in flat
