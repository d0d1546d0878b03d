"""A guide in a browser: for a phone at night, by keyboard, on paper, without script; notes are kept here and never lost."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from helpers.booklets import LANGUAGES, sample, text
from infantall.report.guide.html import booklet_html
from infantall.report.guide.interface import interface

pytestmark = pytest.mark.browser

STANDARD = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OPEN_ALL = "document.querySelectorAll('details').forEach(part => { part.open = true })"
REFUSE = "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('no', 'SecurityError') }})"
FULL = "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError') }; null"
QUESTION, OTHER, LAST = "ask.diagnosis.type", "ask.diagnosis.kmt2a", "own.1"


@pytest.fixture(scope="session")
def guides(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """One file a language."""
    folder = tmp_path_factory.mktemp("guides")
    written = {language: folder / f"{language}.html" for language in LANGUAGES}
    for language, file in written.items():
        file.write_text(booklet_html(sample(language)), encoding="utf-8")
    return written


@pytest.fixture
def phone(browser: Any) -> Iterator[Any]:
    """A phone with a store of its own."""
    context = browser.new_context(viewport={"width": 360, "height": 700}, accept_downloads=True)
    yield context
    context.close()


def opened(browser: Any, file: Path, **options: Any) -> Any:
    page = browser.new_page(**options)
    page.goto(file.as_uri())
    return page


def field(page: Any, key: str) -> Any:
    return page.locator(f"[data-key='{key}']").first


def shown_state(page: Any) -> set[str]:
    """Which of the three sentences about keeping notes can be read."""
    return set(
        page.evaluate("[...document.querySelectorAll('[data-when]')].filter(e => e.checkVisibility()).map(e => e.dataset.when)")
    )


# -- seen ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("scheme", "width", "scale"), [("light", 320, 1), ("dark", 320, 1), ("light", 320, 2), ("dark", 390, 2), ("light", 1280, 1)]
)
def test_axe_finds_nothing_in_guides(
    browser: Any, guides: dict[str, Path], language: str, scheme: str, width: int, scale: int
) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")
    page = opened(
        browser, guides[language], viewport={"width": width, "height": 800}, color_scheme=scheme, device_scale_factor=scale
    )
    page.evaluate(OPEN_ALL)
    options = {"runOnly": {"type": "tag", "values": STANDARD}, "rules": {"target-size": {"enabled": True}}}
    found = axe.Axe().run(page, options={**options, "resultTypes": ["violations"]})
    told = [f"{v['id']}: {v['help']}: {v['nodes'][0]['html'][:200]}" for v in found.response["violations"]]
    page.close()
    assert told == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_nothing_in_the_question_before_erasing(browser: Any, guides: dict[str, Path], language: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")
    page = opened(browser, guides[language], viewport={"width": 320, "height": 700}, color_scheme="dark")
    field(page, LAST).fill("x")
    page.click("#notes-erase")
    found = axe.Axe().run(page, options={"runOnly": {"type": "tag", "values": STANDARD}, "resultTypes": ["violations"]})
    told = [f"{v['id']}: {v['nodes'][0]['html'][:200]}" for v in found.response["violations"]]
    page.close()
    assert told == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("width", "words"), [(320, 100), (320, 200), (640, 200), (768, 100), (1280, 100)])
def test_no_guide_scrolls_sideways(browser: Any, guides: dict[str, Path], language: str, width: int, words: int) -> None:
    """Neither on a narrow phone, nor with words of twice the size, nor zoomed."""
    page = opened(browser, guides[language], viewport={"width": width, "height": 800})
    page.evaluate(OPEN_ALL)
    page.evaluate(f"document.documentElement.style.fontSize = '{118.75 * words / 100}%'")
    wide = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    beyond = page.evaluate(
        """() => [...document.querySelectorAll('body *')].filter(e => e.checkVisibility() && !e.closest('.sideways > *, .skip, svg *')
        && getComputedStyle(e).clipPath === 'none' && !e.closest('thead') && (e.getBoundingClientRect().right > innerWidth + 1
        || e.getBoundingClientRect().left < -1)).slice(0, 3).map(e => e.outerHTML.slice(0, 150))"""
    )
    page.close()
    assert wide[0] <= wide[1]
    assert beyond == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_are_large_enough_to_read_and_targets_to_hit(browser: Any, guides: dict[str, Path], language: str) -> None:
    page = opened(browser, guides[language], viewport={"width": 320, "height": 700})
    page.evaluate(OPEN_ALL)
    field(page, f"phone.{page.evaluate('document.querySelector(`input[type=tel]`).dataset.key')[6:]}").fill("112")
    small = page.evaluate(
        """() => [...document.querySelectorAll('body *')].filter(e => e.checkVisibility() && [...e.childNodes].some(n =>
        n.nodeType === 3 && n.textContent.trim()) && parseFloat(getComputedStyle(e).fontSize) < 18)
        .map(e => e.outerHTML.slice(0, 120))"""
    )
    tight = page.evaluate(
        """() => [...document.querySelectorAll('a:not(.skip), button, summary, textarea, input, .ticks label')]
        .filter(e => e.checkVisibility() && e.type !== 'checkbox')
        .map(e => [e.getBoundingClientRect(), e]).filter(([r]) => r.width < 44 || r.height < 44)
        .map(([r, e]) => r.width + 'x' + r.height + ' ' + e.outerHTML.slice(0, 120))"""
    )
    page.close()
    assert small == []
    assert tight == []


def test_the_way_to_the_phone_numbers_is_always_in_the_same_place(browser: Any, guides: dict[str, Path]) -> None:
    page = opened(browser, guides["en"], viewport={"width": 360, "height": 700})
    places = []
    for anchor in ("today", "questions", "my-notes", "contents"):
        page.evaluate(f"location.hash = '{anchor}'")
        box = page.locator(".bar .call").bounding_box()
        places.append((box["x"], box["y"]))
        assert box["y"] + box["height"] <= 700
    assert len(set(places)) == 1
    page.click(".bar .call")
    numbers = page.locator("#call").bounding_box()
    assert 0 <= numbers["y"] < 300
    assert page.locator("#call a[href^='tel:']").first.get_attribute("href") == "tel:+442079460000"
    page.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_reading_order_is_the_order_of_urgency(browser: Any, guides: dict[str, Path], language: str) -> None:
    """Both in the accessibility tree and, from top to bottom, on the screen."""
    page = opened(browser, guides[language], viewport={"width": 360, "height": 700})
    tree = page.locator("body").aria_snapshot()
    keys = ("today", "red", "amber", "green", "medicines", "week", "questions", "one week")
    headings = [line for line in tree.splitlines() if "heading" in line or "caption" in line or "table" in line]
    found = [next(i for i, line in enumerate(headings) if text(key, language) in line) for key in keys]
    tops = [
        page.get_by_text(text(key, language), exact=True).first.bounding_box()["y"] for key in ("red", "amber", "green", "week")
    ]
    help_first = tree.index(interface(language).say("Call")) < tree.index("heading")
    page.close()
    assert found == sorted(found) and tops == sorted(tops)
    assert help_first


def test_arabic_runs_from_the_right_and_keeps_numbers_whole(browser: Any, guides: dict[str, Path]) -> None:
    page = opened(browser, guides["ar"], viewport={"width": 360, "height": 700})
    rows = page.evaluate(
        """() => { const item = [...document.querySelectorAll('bdi')].find(e => e.textContent.includes('38.0'));
        const text = item.firstChild, range = document.createRange();
        const at = part => { const start = text.data.indexOf(part); range.setStart(text, start);
          range.setEnd(text, start + part.length); return range.getClientRects()[0].left };
        return [at('38.0'), at('°C')] }"""
    )
    heading = page.locator("h1").bounding_box()
    title = page.evaluate("getComputedStyle(document.querySelector('h1')).direction")
    english = page.evaluate("getComputedStyle(document.querySelector('.box.english')).direction")
    page.close()
    assert rows[0] < rows[1]
    assert title == "rtl" and english == "ltr" and heading["x"] >= 0


def test_meaning_stands_in_shapes_and_words_where_colours_are_forced(browser: Any, guides: dict[str, Path]) -> None:
    page = opened(browser, guides["en"], forced_colors="active")
    for level in ("red", "amber", "green"):
        box = page.locator(f".box.{level}").first
        assert box.locator("h3 svg").is_visible() and text(level, "en") in box.inner_text()
    page.close()


# -- by keyboard ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("backwards", [False, True])
def test_every_control_is_reached_by_keyboard_seen_and_never_covered(
    browser: Any, guides: dict[str, Path], language: str, backwards: bool
) -> None:
    """Wholly in sight above the bar; of what is taller than the screen, and of a field round its caret, a good part."""
    page = opened(browser, guides[language], viewport={"width": 320, "height": 560})
    page.evaluate(OPEN_ALL)
    wanted = page.evaluate(
        "[...document.querySelectorAll('a, button, summary, textarea, input, [tabindex=\"0\"]')].filter(e => e.checkVisibility()).length"
    )
    reached, covered, unseen = set(), [], []
    for _ in range(wanted + 5):
        page.keyboard.press("Shift+Tab" if backwards else "Tab")
        state = page.evaluate(
            """() => { const e = document.activeElement; if (e === document.body) return null;
            const r = e.getBoundingClientRect(), bar = document.querySelector('.bar').getBoundingClientRect();
            const inBar = !!e.closest('.bar');
            return {name: [...document.querySelectorAll('*')].indexOf(e), html: e.outerHTML.slice(0, 100),
              whole: inBar || (r.height > bar.top - 160 || e.matches('textarea') ? r.top < bar.top - 40 && r.bottom > 40 : r.top >= -1 && r.bottom <= bar.top + 1),
              outline: getComputedStyle(e).outlineStyle !== 'none' && parseFloat(getComputedStyle(e).outlineWidth) >= 2} }"""
        )
        if state is None:
            break
        reached.add(state["name"])
        if not state["whole"]:
            covered.append(state["html"])
        if not state["outline"]:
            unseen.append(state["html"])
    page.close()
    assert len(reached) == wanted
    assert covered == [] and unseen == []


def test_the_first_key_skips_to_the_guide_and_folds_open_by_key(browser: Any, guides: dict[str, Path]) -> None:
    page = opened(browser, guides["en"])
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "guide"
    page.focus("#outlook summary")
    assert not page.locator("#outlook .people").is_visible()
    page.keyboard.press("Enter")
    assert page.locator("#outlook .people").is_visible()
    page.close()


# -- alone ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_guide_asks_nothing_of_the_network_and_has_nothing_to_complain_of(
    browser: Any, guides: dict[str, Path], language: str
) -> None:
    asked: list[str] = []
    told: list[str] = []
    page = browser.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: told.append(message.text))
    page.on("pageerror", lambda error: told.append(str(error)))
    page.goto(guides[language].as_uri())
    page.evaluate(OPEN_ALL)
    field(page, QUESTION).fill("B")
    page.emulate_media(media="print")
    page.wait_for_timeout(200)
    page.close()
    assert asked == [guides[language].as_uri()]
    assert told == []


def test_without_script_the_guide_is_whole_and_says_that_notes_are_not_kept(browser: Any, guides: dict[str, Path]) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(guides["en"].as_uri())
    assert page.get_by_text("Scripts are off in this browser").first.is_visible()
    assert not page.locator("#notes-save").is_visible() and not page.locator("#erase-asked").is_visible()
    assert page.locator("#call a[href^='tel:']").is_visible()
    page.click("#outlook summary")
    assert page.locator("#outlook .people").is_visible()
    assert "kept in this browser" not in page.locator("main").inner_text()
    context.close()


# -- notes ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_notes_are_there_again_when_the_page_is_opened_again(phone: Any, guides: dict[str, Path], language: str) -> None:
    page = phone.new_page()
    page.goto(guides[language].as_uri())
    assert shown_state(page) == {"kept"}
    field(page, QUESTION).type("B, طفل\nsecond line")
    page.locator("input[type=tel]").first.fill("+49 30 1234")
    page.locator("input[type=checkbox]").first.check()
    page.close()
    page = phone.new_page()
    page.goto(guides[language].as_uri())
    assert field(page, QUESTION).input_value() == "B, طفل\nsecond line"
    assert page.locator("input[type=tel]").first.input_value() == "+49 30 1234"
    assert page.locator("input[type=checkbox]").first.is_checked()
    assert page.locator(".dial").first.get_attribute("href") == "tel:+49301234"
    assert field(page, OTHER).input_value() == ""


def test_notes_of_one_baby_do_not_show_in_the_guide_of_another(phone: Any, guides: dict[str, Path], tmp_path: Path) -> None:
    other = tmp_path / "other.html"
    other.write_text(booklet_html(sample()).replace('data-booklet="baby-01"', 'data-booklet="baby-02"'), encoding="utf-8")
    page = phone.new_page()
    page.goto(guides["en"].as_uri())
    field(page, QUESTION).fill("B")
    page.goto(other.as_uri())
    assert field(page, QUESTION).input_value() == ""


def test_two_open_pages_agree(phone: Any, guides: dict[str, Path]) -> None:
    first, second = phone.new_page(), phone.new_page()
    for page in (first, second):
        page.goto(guides["en"].as_uri())
    field(first, QUESTION).fill("B")
    second.wait_for_function(f"document.querySelector(\"[data-key='{QUESTION}']\").value === 'B'")
    field(second, OTHER).fill("not yet")
    first.wait_for_function(f"document.querySelector(\"[data-key='{OTHER}']\").value === 'not yet'")


def exported(page: Any, tmp_path: Path, button: str) -> str:
    with page.expect_download() as waiting:
        page.click(button)
    assert waiting.value.suggested_filename == "notes-baby-01.txt"
    waiting.value.save_as(tmp_path / "notes.txt")
    return (tmp_path / "notes.txt").read_bytes().decode("utf-8-sig").replace("\r\n", "\n")


def test_notes_can_be_taken_away_as_a_file_also_those_no_longer_asked_for(
    phone: Any, guides: dict[str, Path], tmp_path: Path
) -> None:
    page = phone.new_page()
    page.goto(guides["en"].as_uri())
    field(page, QUESTION).fill("B\nsays Dr A")
    page.evaluate(
        "localStorage.setItem('infantall-guide:baby-01:ask.old', JSON.stringify(['An old question?', 'An old answer']))"
    )
    page.evaluate("localStorage.setItem('infantall-guide:baby-02:ask.old', JSON.stringify(['Another baby?', 'Not ours']))")
    told = exported(page, tmp_path, "#notes-save")
    assert told.startswith("A guide for Bean's family\n")
    assert "Is it B or T?\nB\nsays Dr A\n" in told
    assert told.index("Notes from earlier pages") < told.index("An old question?\nAn old answer")
    assert "Not ours" not in told and text("kmt2a", "en") not in told
    assert "saved as a file" in page.inner_text("#notes-told")


def test_nothing_is_erased_without_a_yes(phone: Any, guides: dict[str, Path], tmp_path: Path) -> None:
    page = phone.new_page()
    page.goto(guides["en"].as_uri())
    page.click("#notes-erase")
    assert "not written any notes" in page.inner_text("#notes-told")
    assert not page.locator("#erase-asked").is_visible()
    field(page, QUESTION).fill("B")
    page.click("#notes-erase")
    assert page.evaluate("document.activeElement.textContent") == "Keep my notes"
    page.keyboard.press("Enter")
    assert not page.locator("#erase-asked").is_visible()
    page.click("#notes-erase")
    page.keyboard.press("Escape")
    page.reload()
    assert field(page, QUESTION).input_value() == "B"
    page.click("#notes-erase")
    assert "B" in exported(page, tmp_path, "#erase-asked [value=save]")
    assert field(page, QUESTION).input_value() == ""
    assert "erased" in page.inner_text("#notes-told")
    page.reload()
    assert field(page, QUESTION).input_value() == ""
    field(page, QUESTION).fill("T")
    page.evaluate("localStorage.setItem('infantall-guide:baby-02:k', '[\"q\",\"kept\"]')")
    page.click("#notes-erase")
    page.click("#erase-asked [value=erase]")
    assert page.evaluate("Object.keys(localStorage)") == ["infantall-guide:baby-02:k"]


@pytest.mark.parametrize("trouble", [REFUSE, FULL])
def test_where_nothing_can_be_kept_the_page_says_so_and_the_file_still_works(
    phone: Any, guides: dict[str, Path], tmp_path: Path, trouble: str
) -> None:
    told: list[str] = []
    page = phone.new_page()
    page.on("pageerror", lambda error: told.append(str(error)))
    page.add_init_script(trouble)
    page.goto(guides["en"].as_uri())
    assert shown_state(page) == {"refused"}
    field(page, QUESTION).fill("B")
    assert "Is it B or T?\nB\n" in exported(page, tmp_path, "#notes-save")
    warned: list[str] = []
    page.on("dialog", lambda dialog: (warned.append(dialog.type), dialog.dismiss()))
    page.close(run_before_unload=True)
    page.wait_for_timeout(300)
    assert warned == ["beforeunload"] and told == []


def test_a_full_store_is_told_at_the_word_that_no_longer_fits(phone: Any, guides: dict[str, Path]) -> None:
    page = phone.new_page()
    page.goto(guides["en"].as_uri())
    field(page, QUESTION).fill("B")
    page.evaluate(FULL)
    field(page, QUESTION).fill("B and more")
    assert shown_state(page) == {"refused"}
    assert field(page, QUESTION).input_value() == "B and more"


def test_the_same_number_is_written_once(phone: Any, tmp_path: Path) -> None:
    page = phone.new_page()
    guide = booklet_html(sample())
    block = re.search(r'<div class="tel empty">.*?</div>', guide)
    assert block is not None
    twice = guide.replace(block[0], block[0] + block[0].replace('"phone-1"', '"phone-2"'))
    (tmp_path / "twice.html").write_text(twice, encoding="utf-8")
    page.goto((tmp_path / "twice.html").as_uri())
    page.locator("input[type=tel]").first.fill("112")
    assert page.locator("input[type=tel]").nth(1).input_value() == "112"


# -- on paper ------------------------------------------------------------------------------------------------------------


def test_paper_shows_folds_and_whole_answers_and_never_what_is_for_a_screen(phone: Any, guides: dict[str, Path]) -> None:
    page = phone.new_page()
    page.goto(guides["en"].as_uri())
    long = "\n".join(f"line {i}" for i in range(40))
    field(page, QUESTION).fill(long)
    page.evaluate("document.querySelector('#outlook details').open = true")
    page.emulate_media(media="print")
    assert not page.locator("#outlook").is_visible() and not page.locator("#outlook .people").is_visible()
    assert not page.get_by_text(text("all for screen", "en")).is_visible()
    assert page.get_by_text(text("line", "en")).is_visible()
    hidden = (".bar", ".contents", "#my-notes", "textarea >> nth=0", ".kept >> nth=0", ".no-print")
    assert [part for part in hidden if page.locator(part).is_visible()] == []
    answer = page.locator(".field .answer").first
    assert answer.inner_text() == long and answer.bounding_box()["height"] > 40 * 15
    assert page.locator(".field .rules").nth(1).is_visible() and not page.locator(".field .rules").nth(0).is_visible()
    assert page.evaluate("getComputedStyle(document.querySelector('#questions')).breakBefore") == "page"
    assert page.evaluate("parseFloat(getComputedStyle(document.querySelector('#log')).fontSize)") >= 11 * 4 / 3 - 0.01


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", ["A4", "Letter"])
def test_every_sheet_of_paper_carries_the_foot(
    browser: Any, guides: dict[str, Path], tmp_path: Path, language: str, size: str
) -> None:
    page = opened(browser, guides[language])
    target = tmp_path / "guide.pdf"
    page.pdf(path=str(target), format=size)
    opened_again = page.evaluate("document.querySelectorAll('details[open]').length")
    page.close()
    reader = shutil.which("pdftotext")
    if reader is None:
        pytest.skip("pdftotext is not installed (apt-get install poppler-utils)")
    told = subprocess.run([reader, "-layout", str(target), "-"], capture_output=True, text=True, check=True).stdout
    sheets = told.split("\f")[:-1]
    assert 5 <= len(sheets) <= 8
    assert all("1a2b3c" in sheet for sheet in sheets)
    assert opened_again == 0
    if language == "en":
        assert "28 of 30" not in told and text("line", "en") in told


def test_dark_night_does_not_reach_the_paper(browser: Any, guides: dict[str, Path]) -> None:
    page = opened(browser, guides["en"], color_scheme="dark")
    ground = "getComputedStyle(document.documentElement).backgroundColor"
    assert page.evaluate(ground) == "rgb(19, 22, 27)"
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate(ground) == "rgb(255, 255, 255)"
    page.close()


def test_nothing_moves(browser: Any, guides: dict[str, Path]) -> None:
    page = opened(browser, guides["en"], reduced_motion="no-preference")
    moving = page.evaluate(
        """() => [...document.querySelectorAll('*')].filter(e => { const s = getComputedStyle(e);
        return s.animationName !== 'none' || s.transitionDuration !== '0s' || s.scrollBehavior === 'smooth' }).length"""
    )
    page.close()
    assert moving == 0
