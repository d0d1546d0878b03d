"""A guide as text: today's topics first, 78 columns, words for every sign, pages for a screen last."""

from __future__ import annotations

import pytest

from helpers.booklets import LANGUAGES, booklet, sample, text
from infantall.family.booklet import Box, Bullets, Fold, Heading, Links, Paragraph, Phone, Phones, Said, Table
from infantall.report.guide.text import booklet_text


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_begins_with_today_and_keeps_to_its_columns(language: str) -> None:
    lines = booklet_text(sample(language)).splitlines()
    assert lines[0] == text("today", language)
    assert max(map(len, lines)) <= 78
    assert not any(line != line.rstrip() for line in lines)


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_says_all_that_is_printed_and_the_numbers_last(language: str) -> None:
    guide = booklet_text(sample(language))
    flat = " ".join(guide.split())
    for key in ("unreviewed", "induction", "armpit", "red", "amber", "green", "hoarse", "hands", "line", "type", "bag", "feeds"):
        assert text(key, language) in flat
    assert text("all for screen", language) not in flat
    assert flat.index(text("28", language)) > flat.index(text("by day", language))
    assert flat.index(text("past", language)) > flat.index(text("numbers", language))


def test_urgency_is_told_in_words_even_without_a_title() -> None:
    guide = booklet_text(booklet(*(Box(kind, None, (Bullets((Said("x"),)),)) for kind in ("red", "amber", "green"))))
    assert "[!!!] Call an ambulance" in guide and "[!!] Call the team now" in guide and "[!] Call in opening hours" in guide


def test_do_and_do_not_are_words_said_once() -> None:
    guide = booklet_text(booklet(Heading(Said("Do")), Bullets((Said("a"),), "do"), Bullets((Said("b"),), "do_not")))
    assert "Do:" not in guide and "Do not:\nx b" in guide


def test_empty_numbers_and_tables_are_lines_to_write_on() -> None:
    phones = Phones((Phone(Said("Ward")), Phone(Said("Clinic"), "112", Said("Say who you are."))))
    form = Table(Said("Log"), (Said("Day"), Said("Feeds")), (((Said("1"),), ()),), "form")
    guide = booklet_text(booklet(phones, form))
    assert "Ward: ______" in guide and "Clinic: 112\n  Say who you are." in guide
    assert "1    ______" in guide


def test_folds_are_open_and_links_are_titles() -> None:
    fold = Fold(Said("Why?"), (Paragraph((Said("Because."),)),))
    hidden = Fold(Said("Hidden"), (Paragraph((Said("Figures."),)),), screen_only=True)
    guide = booklet_text(booklet(fold, hidden, Links((("x", Said("Pets")),))))
    assert "Why?\n\n  Because." in guide and "Hidden" not in guide and "- Pets" in guide


def test_long_words_and_wide_tables_stay_within_the_columns() -> None:
    long = Said("x" * 200)
    guide = booklet_text(
        booklet(Paragraph((long,)), Box("red", long, (Bullets((long,)),)), Table(long, (long,) * 6, ((((long,),) * 6),)))
    )
    assert max(map(len, guide.splitlines())) <= 78


def test_no_control_characters_reach_a_terminal() -> None:
    guide = booklet_text(booklet(Paragraph((Said("a\x1b[31mred\N{RIGHT-TO-LEFT OVERRIDE}"),)), title=Said("t\x1b[2J")))
    assert "\x1b" not in guide and "\N{RIGHT-TO-LEFT OVERRIDE}" not in guide
