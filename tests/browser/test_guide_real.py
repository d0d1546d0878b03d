"""Guides of the example families in a browser, made from the guide's own knowledge: read, reached, printed, and quiet."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pytest

from helpers.examples import EXAMPLES
from infantall.guiding import Choices, booklet_for
from infantall.report.guide.html import booklet_html

pytestmark = pytest.mark.browser

STANDARD = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OPEN_ALL = "document.querySelectorAll('details').forEach(part => { part.open = true })"
SITE = EXAMPLES / "site-pack"
GUIDES = {
    # name: family, pack, language, with the unit's own rules, figures shown
    "today-en": ("going-home", "today", "en", False, True),
    "today-es": ("blinatumomab-at-home", "today", "es", True, False),
    "today-ar": ("after-transplant", "today", "ar", False, False),
    "home-en": ("going-home", "go-home", "en", True, False),
    "home-es": ("blinatumomab-at-home", "go-home", "es", False, False),
    "home-ar": ("after-transplant", "go-home", "ar", True, False),
    "all-en": ("maintenance-at-home", "all", "en", False, True),
    "all-es": ("blinatumomab-at-home", "all", "es", False, True),
    "all-ar": ("after-transplant", "all", "ar", True, True),
}
EACH = pytest.mark.parametrize("name", GUIDES)


@pytest.fixture(scope="session")
def guides(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """One file a guide."""
    folder = tmp_path_factory.mktemp("real-guides")
    for name, (family, pack, language, site, figures) in GUIDES.items():
        choices = Choices(language, SITE if site else None, figures="show_now" if figures else "not_now")
        made = booklet_for(EXAMPLES / "families" / f"{family}.yaml", pack, choices)
        (folder / f"{name}.html").write_text(booklet_html(made), encoding="utf-8")
    return {name: folder / f"{name}.html" for name in GUIDES}


def opened(browser: Any, file: Path, width: int = 360, **options: Any) -> Any:
    page = browser.new_page(viewport={"width": width, "height": 700}, **options)
    page.goto(file.as_uri())
    return page


@pytest.mark.parametrize(
    ("name", "width", "scheme"),
    [
        *(
            (name, *look)
            for name, look in zip(
                [n for n in GUIDES if not n.startswith("all")],
                itertools.cycle([(320, "light"), (1280, "dark"), (320, "dark"), (1280, "light")]),
                strict=False,
            )
        ),
        ("all-en", 320, "dark"),
        ("all-ar", 320, "light"),
    ],
)
def test_axe_finds_nothing_in_real_guides(browser: Any, guides: dict[str, Path], name: str, width: int, scheme: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")
    page = opened(browser, guides[name], width, color_scheme=scheme)
    page.evaluate(OPEN_ALL)
    found = axe.Axe().run(page, options={"runOnly": {"type": "tag", "values": STANDARD}, "resultTypes": ["violations"]})
    told = [f"{v['id']}: {v['nodes'][0]['html'][:200]}" for v in found.response["violations"]]
    page.close()
    assert told == []


@pytest.mark.parametrize("name", [n for n in GUIDES if n != "all-es"])
def test_no_real_guide_scrolls_sideways(browser: Any, guides: dict[str, Path], name: str) -> None:
    """On the narrowest phone, and zoomed to twice the size (half the width)."""
    page = opened(browser, guides[name], 320)
    page.evaluate(OPEN_ALL)
    wide = []
    for width, words in ((320, 100), (640 // 2, 200), (1280 // 2, 100)):
        page.set_viewport_size({"width": width, "height": 700})
        page.evaluate(f"document.documentElement.style.fontSize = '{118.75 * words / 100}%'")
        wide.append(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))
    page.close()
    assert wide == [0, 0, 0]


@EACH
def test_ids_are_unique_and_every_link_leads_somewhere(browser: Any, guides: dict[str, Path], name: str) -> None:
    page = opened(browser, guides[name])
    twice = page.evaluate(
        "(() => { const ids = [...document.querySelectorAll('[id]')].map(e => e.id); return ids.filter((id, i) => ids.indexOf(id) !== i) })()"
    )
    lost = page.evaluate(
        """[...document.querySelectorAll('a[href]:not([href^="tel:"])')].map(e => e.getAttribute('href'))
        .filter(target => !target.startsWith('#') || !document.getElementById(target.slice(1)))"""
    )
    unnamed = page.evaluate(
        "[...document.querySelectorAll('textarea, input')].filter(e => !e.labels.length).map(e => e.outerHTML.slice(0, 100))"
    )
    page.close()
    assert (twice, lost, unnamed) == ([], [], [])


@pytest.mark.parametrize("name", [n for n in GUIDES if not n.startswith("home")])
def test_what_is_red_comes_first_on_the_page_of_today(browser: Any, guides: dict[str, Path], name: str) -> None:
    """After the phones, nothing stands before the ambulance box: neither in reading order nor from top to bottom."""
    page = opened(browser, guides[name])
    kinds = page.evaluate(
        "[...document.querySelector('article').children].slice(1).map(e => e.matches('.phones') ? 'phones' : e.matches('.red') ? 'red' : 'other')"
    )
    places = [page.locator(part).first.bounding_box()["y"] for part in (".phones", ".box.red", ".box:is(.unit, .until-set)")]
    page.close()
    assert kinds[:3] == ["phones", "red", "red"] and "red" not in kinds[3:] and "phones" not in kinds[1:]
    assert places == sorted(places)


@pytest.mark.parametrize("name", ["today-es", "today-ar", "home-es", "all-ar"])
def test_english_beside_a_translation_is_english_for_a_screen_reader(browser: Any, guides: dict[str, Path], name: str) -> None:
    page = opened(browser, guides[name])
    boxes = page.evaluate(
        """[...document.querySelectorAll('.box.red')].filter(e => !e.closest('[lang=en]') && e.lang !== 'en')
        .map(e => [...e.querySelectorAll('.english')].map(x => [x.lang, x.dir, x.querySelectorAll('li').length]))"""
    )
    # every Latin sentence of an Arabic page says that it is not Arabic
    unmarked = page.evaluate(
        """document.documentElement.lang !== 'ar' ? [] : [...document.querySelectorAll('main li, main p, main h3, main h4')]
        .filter(e => !e.querySelector('[lang], li, p') && !e.closest('[lang=en], [lang=es]') && /^[\\x20-\\x7e]{12,}$/.test(e.textContent.trim()))
        .map(e => e.outerHTML.slice(0, 120))"""
    )
    page.close()
    red = [box for box in boxes if box]
    assert red and all(lang == "en" and side == "ltr" and signs for box in red for lang, side, signs in box)
    assert unmarked == []


@pytest.mark.parametrize("name", ["today-en", "today-es", "all-ar"])
def test_the_call_bar_leads_to_the_numbers_from_anywhere(browser: Any, guides: dict[str, Path], name: str) -> None:
    page = opened(browser, guides[name])
    page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    page.click(".bar .call")
    numbers = page.locator("#call").bounding_box()
    dialled = page.evaluate("[...document.querySelectorAll('#call a[href^=\"tel:\"]')].map(e => e.getAttribute('href'))")
    page.close()
    assert 0 <= numbers["y"] < 300
    assert bool(dialled) == GUIDES[name][3]
    if dialled:
        assert dialled == ["tel:999", "tel:01632960123", "tel:01632960456"]


@pytest.mark.parametrize("name", ["home-en", "home-es", "home-ar"])
def test_by_keyboard_alone_to_the_numbers_the_contents_and_the_first_question(
    browser: Any, guides: dict[str, Path], name: str
) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 700})
    page = context.new_page()
    page.goto(guides[name].as_uri())

    def press(keys: str, until: str, most: int = 60) -> int:
        for count in range(1, most):
            page.keyboard.press(keys)
            if page.evaluate(f"document.activeElement.matches('{until}')"):
                return count
        raise AssertionError(f"{until} was not reached")

    assert press("Tab", ".bar .call") <= 3
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#call"
    page.evaluate("location.hash = ''; document.activeElement.blur()")
    page.goto(guides[name].as_uri())
    press("Tab", '.bar a[href="#contents"]')
    page.keyboard.press("Enter")
    press("Tab", '.contents a[href="#questions"]')
    page.keyboard.press("Enter")
    press("Tab", "#questions textarea")
    key = page.evaluate("document.activeElement.dataset.key")
    page.keyboard.type("mañana, غدًا")
    page.reload()
    assert page.locator(f"[data-key='{key}']").first.input_value() == "mañana, غدًا"
    context.close()


@pytest.mark.parametrize("name", ["all-en", "all-es", "all-ar"])
def test_figures_stay_closed_and_never_reach_the_paper(browser: Any, guides: dict[str, Path], name: str) -> None:
    page = opened(browser, guides[name])
    assert page.locator(".people").count() > 0 and not page.locator(".people").first.is_visible()
    page.evaluate(OPEN_ALL)
    assert page.locator(".people").first.is_visible()
    page.emulate_media(media="print")
    seen = page.evaluate(
        "[...document.querySelectorAll('.people, .screen-only, .bar, .contents, textarea, .notes')].filter(e => e.checkVisibility()).length"
    )
    folds = page.evaluate(
        "[...document.querySelectorAll('details:not(.screen-only, .screen-only *)')].map(e => e.checkVisibility())"
    )
    page.close()
    assert seen == 0
    assert folds and all(folds)


@EACH
def test_a_real_guide_asks_for_nothing_and_complains_of_nothing(browser: Any, guides: dict[str, Path], name: str) -> None:
    asked: list[str] = []
    told: list[str] = []
    page = browser.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: told.append(message.text))
    page.on("pageerror", lambda error: told.append(str(error)))
    page.goto(guides[name].as_uri())
    page.evaluate(OPEN_ALL)
    page.locator("textarea").first.fill("B")
    page.emulate_media(media="print")
    page.close()
    assert asked == [guides[name].as_uri()] and told == []
