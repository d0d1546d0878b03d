"""A guide as a page: policy, order, languages, phone numbers, signs, what is not printed, and nothing unescaped."""

from __future__ import annotations

import base64
import datetime
import hashlib
import itertools
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from helpers import catalogues
from helpers.booklets import LANGUAGES, booklet, sample, text
from infantall.family.booklet import (
    Ask,
    Booklet,
    Box,
    Bullets,
    Heading,
    Icons,
    Links,
    Page,
    Paragraph,
    Phone,
    Phones,
    Said,
    Table,
)
from infantall.report.guide.html import booklet_html
from infantall.report.guide.interface import Interface, direction, interface, languages, untranslated
from infantall.report.guide.script import SCRIPT
from infantall.report.guide.style import CSS
from infantall.report.guide.text import booklet_text


class _Elements(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))


def elements(page: str) -> list[tuple[str, dict[str, str]]]:
    parser = _Elements()
    parser.feed(page)
    return parser.found


def said(page: str) -> str:
    """The words of a page."""
    body = re.sub(r"<(style|script)>.*?</\1>", "", page, flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body))


# -- interface -----------------------------------------------------------------------------------------------------------


def test_every_language_says_every_string() -> None:
    assert languages() == ("en", "ar", "es")
    assert all(untranslated(language) == () for language in languages())


def test_every_string_of_the_sources_stands_in_the_catalogue() -> None:
    assert len(catalogues.strings()) > 15
    assert catalogues.lacking(catalogues.CATALOGUES / "en.po") == [], "run: python tests/helpers/catalogues.py"


def test_the_forms_say_nothing_that_is_not_translated(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    say = Interface.say

    def listening(self: Interface, english: str, **values: object) -> str:
        asked.append(english)
        return say(self, english, **values)

    monkeypatch.setattr(Interface, "say", listening)
    booklet_html(sample("es"))
    booklet_text(sample("es"))
    assert len(set(asked)) > 20
    assert [english for english in asked if not interface("es").knows(english)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_keeps_the_places_for_values(language: str) -> None:
    words = interface(language)
    assert "3" in words.say("{name}: {count} of {total}", name="x", count=3, total=4)
    assert words.say("Made for {date}", date="D").count("D") >= 1


def test_a_missing_string_shows_in_english_and_says_so() -> None:
    spanish = interface("es")
    assert spanish.say("Nobody wrote this {thing}", thing="yet") == "Nobody wrote this yet"
    assert spanish.said("Nobody wrote this") == Said("Nobody wrote this", "en")
    assert spanish.said("Today") == Said("Hoy", "es")


def test_dates_and_temperatures_follow_the_language_with_western_digits() -> None:
    day = datetime.date(2026, 5, 3)
    assert [interface(language).date(day) for language in LANGUAGES] == ["3 May 2026", "3 de mayo de 2026", "3 مايو 2026"]
    assert interface("en").temperature(38) == "38.0 °C (100.4 °F)"
    assert interface("es").temperature(37.4) == "37,4 °C (99,3 °F)"
    assert interface("ar").temperature(38) == "38.0 °C (100.4 °F)"


def test_a_variant_is_served_by_its_language_and_an_unknown_one_refused() -> None:
    assert interface("es-MX") is not None and interface("es-MX").language == "es"
    assert direction("ar-EG") == direction("fa") == "rtl" and direction("xx-unknown") == "ltr"
    with pytest.raises(ValueError, match="no interface in 'fr'"):
        interface("fr")


# -- the page ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_policy_allows_its_own_style_and_script_and_nothing_else(language: str) -> None:
    page = booklet_html(sample(language))
    style = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    script = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    assert len(style) == len(script) == 1
    policy = next(a["content"] for t, a in elements(page) if t == "meta" and a.get("http-equiv") == "Content-Security-Policy")

    def hashed(part: str) -> str:
        return base64.b64encode(hashlib.sha256(part.encode()).digest()).decode()

    assert policy.startswith("default-src 'none'; ")
    assert f"style-src 'sha256-{hashed(style[0])}'" in policy and f"script-src 'sha256-{hashed(script[0])}'" in policy
    assert "unsafe" not in policy
    for _, attributes in elements(page):
        assert not {"style", "src", "srcset", "onclick", "oninput", "action"} & attributes.keys()
    assert not re.search(r"url\(|@import|https?://", page)


def test_the_script_is_small_and_the_page_names_its_language_and_side() -> None:
    assert len(SCRIPT.encode()) < 4096
    assert ("html", {"lang": "ar", "dir": "rtl"}) in elements(booklet_html(sample("ar")))
    assert ("html", {"lang": "es", "dir": "ltr"}) in elements(booklet_html(sample("es")))


@pytest.mark.parametrize("language", LANGUAGES)
def test_identifiers_are_unique_and_every_link_leads_somewhere(language: str) -> None:
    found = elements(booklet_html(sample(language)))
    names = [a["id"] for _, a in found if "id" in a]
    assert len(names) == len(set(names))
    targets = [a["href"][1:] for t, a in found if t == "a" and a.get("href", "").startswith("#")]
    assert targets and set(targets) <= set(names)
    for _, attributes in found:
        for name in ("aria-labelledby", "for"):
            assert attributes.get(name, names[0]) in names


def test_a_topic_that_is_not_in_the_booklet_is_named_but_not_linked() -> None:
    page = booklet_html(booklet(Links((("nowhere", Said("Elsewhere")),))))
    assert "Elsewhere" in page and "#nowhere" not in page


def test_a_page_of_many_topics_begins_with_their_titles() -> None:
    topics = [Heading(Said(f"Topic {i}"), 2, f"topic-{i}") for i in range(4)]
    assert elements(booklet_html(booklet(*topics[:3]))).count(("a", {"href": "#topic-0"})) == 0
    page = booklet_html(booklet(*topics))
    assert page.index('href="#topic-3"') < page.index('id="topic-0"')


def test_help_comes_first_and_the_boxes_stand_in_the_order_of_urgency() -> None:
    page = booklet_html(sample())
    order = [
        page.index(part)
        for part in (
            'href="#guide"',
            'href="#call"',
            "<h1>",
            'id="call"',
            "Call an ambulance",
            "Call the team now",
            "Call in opening",
        )
    ]
    assert order == sorted(order)


def test_headings_never_skip_a_level() -> None:
    blocks = (Heading(Said("deep"), 3), Box("red", None, (Heading(Said("in box"), 3),)), Heading(Said("back"), 2))
    for guide in (sample(), sample("ar"), booklet(*blocks)):
        levels = [int(t[1]) for t, _ in elements(booklet_html(guide)) if re.fullmatch("h[1-6]", t)]
        assert levels[0] == 1
        assert all(b <= a + 1 for a, b in itertools.pairwise(levels))


def test_urgent_boxes_carry_words_and_shapes_even_without_a_title() -> None:
    page = booklet_html(booklet(*(Box(kind, None, (Paragraph((Said("x"),)),)) for kind in ("red", "amber", "green"))))
    for words in ("Call an ambulance", "Call the team now, day or night", "Call in opening hours"):
        assert words in page
    shapes = re.findall(r"<h3><svg[^>]*>(.*?)</svg>", page)
    assert len(shapes) == len(set(shapes)) == 3


def test_do_and_do_not_are_words_as_well_as_signs_and_said_once() -> None:
    page = said(booklet_html(booklet(Bullets((Said("a"),), "do"), Bullets((Said("b"),), "do_not"))))
    assert " Do a " in page.replace("  ", " ") and "Do not b" in page.replace("  ", " ")
    once = said(booklet_html(booklet(Heading(Said("Do")), Bullets((Said("a"),), "do"))))
    assert len(re.findall(r"\bDo\b", once)) == 1


@pytest.mark.parametrize(
    ("number", "dialled"),
    [
        ("+44 20 7946 0000", "+442079460000"),
        ("(020) 7946-0000 ext 12", "02079460000"),
        ("٠٢٠ ٧٩٤٦", "0207946"),
        ("112", "112"),
        ("ask at the desk, bleep 12", ""),
    ],
)
def test_a_number_is_dialled_where_it_is_one(number: str, dialled: str) -> None:
    page = booklet_html(booklet(Phones((Phone(Said("Ward"), number),))))
    found = [a["href"] for t, a in elements(page) if t == "a" and a.get("href", "").startswith("tel:")]
    assert found == ([f"tel:{dialled}"] if dialled else [])
    assert number in page


def test_a_missing_number_is_asked_for_by_a_labelled_field() -> None:
    found = elements(booklet_html(booklet(Phones((Phone(Said("Ward")), Phone(Said("Ward")))))))
    fields = [a for t, a in found if t == "input"]
    assert [a["data-key"] for a in fields] == ["phone.ward", "phone.ward"]
    assert {a["id"] for a in fields} == {a["for"] for t, a in found if t == "label"}


# -- languages -----------------------------------------------------------------------------------------------------------


def test_what_runs_from_the_left_is_kept_together_in_arabic() -> None:
    line = Paragraph((Said("الحرارة 38.0 °C (100.4 °F) بعد Vincristine، اتصلوا على +44 20 7946 0000 الآن", "ar"),))
    page = booklet_html(booklet(line, language="ar"))
    assert '<bdi dir="ltr">38.0\N{NO-BREAK SPACE}°C (100.4\N{NO-BREAK SPACE}°F)</bdi>' in page
    assert '<bdi dir="ltr" lang="en">Vincristine</bdi>' in page
    assert '<bdi dir="ltr">+44 20 7946 0000</bdi>' in page


@pytest.mark.parametrize(
    ("line", "whole"),
    [
        ("المصادر: CCLG, St. Jude. نص", "CCLG, St. Jude"),
        ("المصادر: Together; Group (CCLG, UK); GOSH.", "Together; Group (CCLG, UK); GOSH"),
        ("نص (KMT2A) نص", "KMT2A"),
        ("نص Broviac (Hickman نص", "Broviac"),
    ],
)
def test_a_run_of_latin_letters_ends_before_what_belongs_to_the_sentence(line: str, whole: str) -> None:
    page = booklet_html(booklet(Paragraph((Said(line, "ar"),)), language="ar"))
    assert f'<bdi dir="ltr" lang="en">{whole}</bdi>' in page


def test_every_piece_in_another_language_says_so() -> None:
    mixed = booklet(
        Heading(Said("Sleep", "en")),
        Paragraph((Said("نص", "ar"), Said("Text.", "en"))),
        Bullets((Said("Only English.", "en"),)),
        Ask("k", Said("Why?", "en")),
        Table(Said("Tabla", "es"), (Said("Head"),), (((Said("Cell"),),),)),
        language="ar",
    )
    page = booklet_html(mixed)
    assert '<h3 lang="en" dir="ltr">Sleep</h3>' in page
    assert '<p>نص <bdi lang="en" dir="ltr">Text.</bdi></p>' in page
    assert '<ul lang="en" dir="ltr"><li>Only English.</li></ul>' in page
    assert '<caption><bdi lang="es" dir="ltr">Tabla</bdi></caption>' in page


def test_the_english_beside_a_translation_is_english_throughout() -> None:
    page = booklet_html(sample("ar"))
    part = page[page.index('<div class="box english"') :]
    part = part[: part.index("</div></div>")]
    assert 'lang="en" dir="ltr"' in part and ">Do<" in part and "<bdi" not in part


# -- notes, pictures, what is for a screen only ----------------------------------------------------------------------------


def test_every_question_has_a_label_a_key_and_lines_for_a_pen() -> None:
    page = booklet_html(sample())
    fields = {a["data-key"]: a for t, a in elements(page) if t == "textarea"}
    assert list(fields) == ["ask.diagnosis.type", "ask.diagnosis.kmt2a", "own.1"]
    assert fields["ask.diagnosis.kmt2a"]["data-asked"] == text("kmt2a", "en")
    assert all(a["dir"] == "auto" for a in fields.values())
    rules = re.findall(r'class="rules" aria-hidden="true">(.*?)</span></div>', page)
    assert [r.count('class="rule"') for r in rules] == [2, 3, 2]


def test_a_guide_without_anything_to_fill_in_speaks_of_no_notes() -> None:
    page = booklet_html(booklet(Paragraph((Said("x"),)), Phones((Phone(Said("Ward"), "112"),))))
    assert 'id="my-notes"' not in page and "Scripts are off" not in page


def test_the_picture_is_told_in_words_and_in_shapes() -> None:
    icons = Icons(30, 28, Said("alive"), Said("died"), Said("About 28 of the 30 babies were alive."))
    page = booklet_html(booklet(icons))
    svg = re.search(r"<svg[^>]*role=\"img\".*?</svg>", page)
    assert svg is not None
    assert 'aria-label="About 28 of the 30 babies were alive."' in svg[0]
    assert svg[0].count('class="filled"') == 28 and svg[0].count('class="outline"') == 2
    assert "alive: 28 of 30" in page and "died: 2 of 30" in page
    told = replace(icons, filled_label=Said("Babies alive: 28 of 30"))
    assert "Babies alive: 28 of 30</span>" in booklet_html(booklet(told))
    arabic = booklet_html(booklet(icons, language="ar", direction="rtl"))
    first = re.search(r'class="filled" transform="translate\((\d+) 0\)"', arabic)
    assert first is not None and first[1] == "270"


def test_pages_for_a_screen_only_are_closed_and_never_printed() -> None:
    page = booklet_html(sample())
    part = page[page.index('id="outlook"') : page.index('id="my-notes"')]
    assert re.search(r'<details class="screen-only"><summary>Open this page</summary>', part)
    assert page.index("alive: 28 of 30") > page.index("Open this page")
    assert ".screen-only" in CSS.split("@media print")[1]


def test_nothing_in_a_booklet_becomes_markup() -> None:
    bad = '</style><script>alert(1)</script>"><b>\N{RIGHT-TO-LEFT OVERRIDE}'
    s = Said(bad)
    guide = replace(
        booklet(
            Heading(s),
            Paragraph((s,)),
            Bullets((s,), "tick"),
            Box("red", s, ()),
            Phones((Phone(s, bad, s), Phone(s))),
            Table(s, (s, s), (((s,), (s, s)),), "form"),
            Ask("k", s),
            Icons(3, 1, s, s, s),
            Links((("x", s),)),
        ),
        id=bad,
        title=s,
        notices=(s,),
        footer=(s,),
        as_of=bad,
    )
    page = booklet_html(guide)
    assert page.count("<script>") == page.count("<style>") == page.count("</style>") == 1
    assert "<b>" not in page and "\N{RIGHT-TO-LEFT OVERRIDE}" not in page


def test_pages_of_one_name_get_names_of_their_own() -> None:
    page = Page("p", "topic", Said("P"), (Heading(Said("h"), 2, "p"),))
    guide: Booklet = replace(booklet(), pages=(page, page))
    names = [a["id"] for _, a in elements(booklet_html(guide)) if "id" in a]
    assert len(names) == len(set(names))


def test_the_same_booklet_gives_the_same_page() -> None:
    assert booklet_html(sample("ar")) == booklet_html(sample("ar"))
