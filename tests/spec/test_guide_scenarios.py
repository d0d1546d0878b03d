"""Runs the tables in ``guide/``: what a family is shown on a day, in which order, and what must not appear.

A scenario is a record file's content, a day, and what is expected of the guide made from them. Keys of a scenario:

    name, record, as_of                the child and the day (a date, or a day from diagnosis)
    site: demo                         with the unit's rules of examples/site-pack; else the cautious rules stand
    parent, figures                    as --parent and --figures of the command
    first                              the first topics that are shown, in exactly this order
    shown, offered                     topics shown now; topics named by their title
    not_shown                          topics neither shown nor offered
    nowhere                            topics of which no pack and no calendar holds the title or a sentence
    cards                              exactly the cards of this week on the page of today, in order
    today, not_today                   topics that are, or are not, on the page of today as a card or by title
    tiers_today                        the tiers that the cards and the titles on that page may have
    no_words                           words that stand in no pack and no calendar
    words                              {pack: words that stand in it}
    signs, no_signs                    signs by id
    questions_now                      the first moments of now, in exactly this order
    asked_now                          moments of now, in any place
    no_questions_now                   moments that are not now; ``no_questions``: that are not there at all
    numbers                            exactly these pages of figures
    facts                              values of facts; ``unknown`` for a fact that is not known
    gloves_hours_left                  hours, or ``none`` for a glove time without an end
    rule                               {rule: unit | until_set, or that with a text that stands in its box}
    notices                            words of notices, one list for each notice
    because, because_not               {topic: words of the line that says why it is shown}
    calendar                           all_cancelled, empty, or a list of {detail, on, until} that are in it
    calendar_times                     {words of a detail: times of day of its reminders}
    no_calendar                        words of details that are not in it
    refused                            words of the message with which the guide is refused
    xfail                              why the guide does not do this yet
"""

from __future__ import annotations

import collections
import datetime as dt
import functools
import re
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from infantall.family import PACKS
from infantall.family.booklet import Booklet, Box, Icons, Links, Page, Said
from infantall.family.calendar import Entry, entries
from infantall.family.material import Material
from infantall.family.packs import booklet
from infantall.family.pages import MOST_CARDS, week_topics
from infantall.family.topics import anchor, because
from infantall.guiding import Choices, explained, material_of
from infantall.knowledge.guide.library import GuideKnowledge, Topic, TopicText
from infantall.knowledge.guide.overlay import NO_SITE, Site
from infantall.knowledge.guide.site import read_site
from infantall.knowledge.library import Knowledge
from infantall.knowledge.store import load_guide
from infantall.record.reader import read_record_data
from infantall.rules import tree
from infantall.text.problems import InputError
from infantall.text.yaml_places import Places, read_yaml

TABLES = {
    path.stem: read_yaml(path.read_text(encoding="utf-8"))[0] for path in sorted((Path(__file__).parent / "guide").glob("*.yaml"))
}
SCENARIOS = [scenario for table in TABLES.values() for scenario in table["scenarios"]]
GIVEN = {"name", "record", "as_of", "site", "parent", "figures", "xfail"}
SITE_PACK = Path(__file__).parents[2] / "examples" / "site-pack"
PART_OF_ALL = "story"
FIGURE = re.compile(r"%|\d (out )?of (the |every )?\d")


@pytest.fixture(scope="module")
def guide() -> GuideKnowledge:
    return load_guide()


@pytest.fixture(scope="module")
def demo(guide: GuideKnowledge) -> Site:
    return read_site(SITE_PACK, guide)


class Seen:
    """One family's guide, and everything that was not as expected."""

    def __init__(self, material: Material) -> None:
        self.m = material
        self.wrong: list[str] = []
        self.shown = [c.topic.id for c in material.selection.shown]
        self.offered = [c.topic.id for c in material.selection.offered]
        self.story = [c.topic.id for c in material.selection.story]
        self.signs = [flag.id for flag in material.selection.flags]
        self.now = [asked.moment.id for asked in material.selection.questions if asked.now]
        self.moments = [asked.moment.id for asked in material.selection.questions]
        self.numbers = [page.id for page in material.selection.numbers]

    def want(self, holds: bool, text: str) -> None:
        if not holds:
            self.wrong.append(text)

    @functools.cached_property
    def go_home(self) -> Booklet:
        return booklet(self.m, "go-home")

    @functools.cached_property
    def booklets(self) -> dict[str, Booklet]:
        return {pack: booklet(self.m, pack) for pack in PACKS if pack != PART_OF_ALL}

    @functools.cached_property
    def pages(self) -> list[tuple[str, Page, list[Any]]]:
        """Every page of every pack, with everything inside it."""
        return [(pack, page, parts(page)) for pack, made in self.booklets.items() for page in made.pages]

    @functools.cached_property
    def texts(self) -> dict[str, set[str]]:
        """Every text of every pack, and of the calendar."""
        found: dict[str, set[str]] = {"calendar": {text for entry in self.calendar for text in (entry.private, entry.detail)}}
        for pack, made in self.booklets.items():
            found[pack] = {said.text for said in (made.title, *made.notices, *made.footer)}
        for pack, page, inside in self.pages:
            found[pack].add(page.title.text)
            found[pack].update(part.text for part in inside if isinstance(part, Said))
        return found

    @functools.cached_property
    def calendar(self) -> tuple[Entry, ...]:
        return entries(self.m)

    def __str__(self) -> str:
        lines = [f"{name}: {getattr(self, name)}" for name in ("shown", "offered", "story", "signs", "now", "numbers")]
        values = self.m.situation.values
        facts = ", ".join(f"{name} {values[name]}" for name in sorted(values) if values[name] not in (None, "no"))
        calendar = [f"{e.start} to {e.until} {e.detail}{' CANCELLED' if e.cancelled else ''}" for e in self.calendar]
        return "\n".join([*lines, f"facts: {facts}", f"notices: {self.m.situation.notices}", f"calendar: {calendar}"])


@functools.cache
def names(kind: Any) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind)) if is_dataclass(kind) else ()


def parts(value: Any) -> list[Any]:
    """A booklet, a page or a block, and everything inside it but plain texts."""
    found: list[Any] = []
    left = [value]
    while left:
        part = left.pop()
        kind = type(part)
        if kind is tuple or kind is list:
            left.extend(part)
        elif kind is Said:
            found.append(part)
        elif inner := names(kind):  # type: ignore[arg-type]
            found.append(part)
            left.extend([getattr(part, name) for name in inner])
    return found


# -- what can be expected ------------------------------------------------------------------------------------------------


def first(seen: Seen, wanted: list[str]) -> None:
    seen.want(seen.shown[: len(wanted)] == wanted, f"first: {wanted}, but {seen.shown[: len(wanted)]}")


def shown(seen: Seen, wanted: list[str]) -> None:
    for topic in wanted:
        seen.want(topic in seen.shown, f"{topic} should be shown, but is {place(seen, topic)}")


def offered(seen: Seen, wanted: list[str]) -> None:
    for topic in wanted:
        seen.want(topic in seen.offered, f"{topic} should be offered, but is {place(seen, topic)}")


def not_shown(seen: Seen, wanted: list[str]) -> None:
    for topic in wanted:
        seen.want(topic not in (*seen.shown, *seen.offered), f"{topic} should not appear, but is {place(seen, topic)}")


def nowhere(seen: Seen, wanted: list[str]) -> None:
    for topic in wanted:
        seen.want(
            topic not in (*seen.shown, *seen.offered, *seen.story), f"{topic} should be nowhere, but is {place(seen, topic)}"
        )
        own = sentences(seen.m.wording.guide)[topic]
        for pack, texts in seen.texts.items():
            found = own & texts
            seen.want(not found, f"{topic} should be nowhere, but the pack {pack} says {sorted(found)}")


def sentences(guide: GuideKnowledge) -> dict[str, set[str]]:
    """The title and the sentences of each topic that no other topic shares."""
    if guide.fingerprint not in _SENTENCES:
        said = {topic.id: set(lines_of(topic.text["en"])) for topic in guide.topics}
        count = collections.Counter(line for lines in said.values() for line in lines)
        _SENTENCES[guide.fingerprint] = {topic: {line for line in lines if count[line] == 1} for topic, lines in said.items()}
    return _SENTENCES[guide.fingerprint]


_SENTENCES: dict[str, dict[str, set[str]]] = {}


def lines_of(text: TopicText) -> Iterator[str]:
    yield text.title
    yield from (line for lines in text.parts.values() for line in lines if "{" not in line)


def place(seen: Seen, topic: str) -> str:
    for name in ("shown", "offered", "story"):
        if topic in getattr(seen, name):
            return {"story": "in the whole story only"}.get(name, name)
    return "nowhere"


def cards(seen: Seen, wanted: list[str]) -> None:
    found = [c.topic.id for c in week_topics(seen.m)[:MOST_CARDS]]
    seen.want(found == wanted, f"cards of this week: {wanted}, but {found}")


def on_today(seen: Seen) -> dict[str, Topic]:
    """The topics that the page of today holds as a card or by title, read off the page itself."""
    page = parts(booklet(seen.m, "today").pages[0])
    links = {target for part in page if isinstance(part, Links) for target, _ in part.items}
    titles = {part.title.text for part in page if isinstance(part, Box) and part.kind == "card" and part.title}
    every = seen.m.wording.guide.topics
    return {topic.id: topic for topic in every if anchor(topic.id) in links or topic.text["en"].title in titles}


def today(seen: Seen, wanted: list[str]) -> None:
    for topic in wanted:
        seen.want(topic in on_today(seen), f"{topic} should be on the page of today")


def not_today(seen: Seen, wanted: list[str]) -> None:
    for topic in wanted:
        seen.want(topic not in on_today(seen), f"{topic} should not be on the page of today")


def tiers_today(seen: Seen, wanted: list[int]) -> None:
    """What is about the illness may be of any tier: it is by title only."""
    for topic in on_today(seen).values():
        seen.want(topic.tier in wanted or topic.group == "about", f"{topic.id} of tier {topic.tier} is on the page of today")


def no_words(seen: Seen, wanted: list[str]) -> None:
    for word in wanted:
        for pack, texts in seen.texts.items():
            found = next((text for text in texts if word.lower() in text.lower()), None)
            seen.want(found is None, f"'{word}' should stand nowhere, but the pack {pack} says: {found}")


def words(seen: Seen, wanted: dict[str, list[str]]) -> None:
    for pack, listed in wanted.items():
        for word in listed:
            seen.want(any(word.lower() in text.lower() for text in seen.texts[pack]), f"'{word}' is not in the pack {pack}")


def signs(seen: Seen, wanted: list[str]) -> None:
    for sign in wanted:
        seen.want(sign in seen.signs, f"the sign {sign} is missing")


def no_signs(seen: Seen, wanted: list[str]) -> None:
    for sign in wanted:
        seen.want(sign not in seen.signs, f"the sign {sign} should not be there")


def questions_now(seen: Seen, wanted: list[str]) -> None:
    seen.want(seen.now[: len(wanted)] == wanted, f"questions of now: {wanted}, but {seen.now[: len(wanted)]}")


def asked_now(seen: Seen, wanted: list[str]) -> None:
    for moment in wanted:
        seen.want(moment in seen.now, f"the questions {moment} should be for now")


def no_questions_now(seen: Seen, wanted: list[str]) -> None:
    for moment in wanted:
        seen.want(moment not in seen.now, f"the questions {moment} are not for now")


def no_questions(seen: Seen, wanted: list[str]) -> None:
    for moment in wanted:
        seen.want(moment not in seen.moments, f"the questions {moment} should not be there")


def numbers(seen: Seen, wanted: list[str]) -> None:
    seen.want(seen.numbers == wanted, f"figures: {wanted}, but {seen.numbers}")
    if wanted:
        drawn = [
            page.id for pack, page, inside in seen.pages if pack == "all" and any(isinstance(part, Icons) for part in inside)
        ]
        seen.want(drawn == [f"outlook-{page}" for page in wanted], f"figures drawn: {wanted}, but {drawn}")


def facts(seen: Seen, wanted: dict[str, Any]) -> None:
    for name, value in wanted.items():
        found = seen.m.situation.values[name]
        seen.want(found == (None if value == "unknown" else value), f"{name} should be {value}, but is {found}")


def gloves_hours_left(seen: Seen, wanted: int | str) -> None:
    found = seen.m.situation.gloves.hours_left
    seen.want(found == (None if wanted == "none" else wanted), f"gloves: {wanted} hours left, but {found}")


def rule(seen: Seen, wanted: dict[str, Any]) -> None:
    for name, value in wanted.items():
        kind, text = value if isinstance(value, list) else (value, "")
        box = seen.m.wording.rule_box(name)
        seen.want(box.kind == kind, f"the rule {name} should be {kind}, but is {box.kind}")
        seen.want(
            any(text in part.text for part in parts(box) if isinstance(part, Said)), f"the rule {name} does not say '{text}'"
        )


def notices(seen: Seen, wanted: list[list[str]]) -> None:
    for listed in wanted:
        found = any(all(word.lower() in notice.lower() for word in listed) for notice in seen.m.situation.notices)
        seen.want(found, f"no notice says {listed}")


def reason(seen: Seen, topic: str) -> str:
    return " ".join(said.text for said in because(explained(seen.m, topic), seen.m.situation, seen.m.wording).lines)


def because_(seen: Seen, wanted: dict[str, str]) -> None:
    for topic, text in wanted.items():
        seen.want(text in reason(seen, topic), f"{topic} should say '{text}', but says '{reason(seen, topic)}'")


def because_not(seen: Seen, wanted: dict[str, str]) -> None:
    for topic, text in wanted.items():
        seen.want(text not in reason(seen, topic), f"{topic} should not say '{text}', but says '{reason(seen, topic)}'")


def calendar(seen: Seen, wanted: str | list[dict[str, Any]]) -> None:
    if isinstance(wanted, list):
        for entry in wanted:
            found = [(day(e.start), e.until) for e in seen.calendar if entry["detail"] in e.detail]
            seen.want((entry["on"], entry.get("until")) in found, f"calendar: {entry}, but {found}")
    elif wanted == "all_cancelled":
        seen.want(bool(seen.calendar) and all(e.cancelled for e in seen.calendar), "not all of the calendar is cancelled")
    else:
        seen.want(not seen.calendar, "the calendar should be empty")


def no_calendar(seen: Seen, wanted: list[str]) -> None:
    for text in wanted:
        seen.want(not any(text in entry.detail for entry in seen.calendar), f"the calendar should not hold {text}")


def calendar_times(seen: Seen, wanted: dict[str, list[str]]) -> None:
    for text, times in wanted.items():
        found = sorted(f"{e.start:%H:%M}" for e in seen.calendar if text in e.detail and isinstance(e.start, dt.datetime))
        seen.want(found == times, f"reminders of {text}: {times}, but {found}")


def day(start: dt.date | dt.datetime) -> dt.date:
    return start.date() if isinstance(start, dt.datetime) else start


CHECKS: dict[str, Callable[[Seen, Any], None]] = {
    **{check.__name__: check for check in (
        first, shown, offered, not_shown, nowhere, cards, tiers_today, no_words, words, signs, no_signs, questions_now,
        no_questions_now, no_questions, numbers, facts, gloves_hours_left, rule, notices, asked_now, today,
        not_today, because_not, calendar, no_calendar,
        calendar_times,
    )},
    "because": because_,
}  # fmt: skip


# -- the runs ------------------------------------------------------------------------------------------------------------


def cases() -> list[Any]:
    return [
        pytest.param(
            scenario,
            id=f"{stem}: {scenario['name']}",
            marks=[pytest.mark.xfail(reason=scenario["xfail"], raises=AssertionError, strict=True)]
            if "xfail" in scenario
            else [],
        )
        for stem, table in TABLES.items()
        for scenario in table["scenarios"]
    ]


def seen_for(scenario: dict[str, Any], knowledge: Knowledge, guide: GuideKnowledge, site: Site) -> Seen:
    record = read_record_data(scenario["record"], Places(), knowledge.vocabulary, default_id="scenario")
    choices = Choices(parent=scenario.get("parent", ""), figures=scenario.get("figures", ""), day=scenario.get("as_of"))
    return Seen(material_of(record, knowledge, guide, site, choices))


@pytest.mark.parametrize("scenario", cases())
def test_scenario(scenario: dict[str, Any], knowledge: Knowledge, guide: GuideKnowledge, demo: Site) -> None:
    site = demo if scenario.get("site") == "demo" else NO_SITE
    if "refused" in scenario:
        with pytest.raises(InputError, match=scenario["refused"]):
            seen_for(scenario, knowledge, guide, site)
        return
    seen = seen_for(scenario, knowledge, guide, site)
    for key, wanted in scenario.items():
        if key not in GIVEN:
            CHECKS[key](seen, wanted)
    for invariant in (no_figure_unasked, in_order, same_again, private_titles):
        invariant(seen)
    assert not seen.wrong, "\n".join(["", *seen.wrong, "", str(seen)])


def no_figure_unasked(seen: Seen) -> None:
    """In no pack a figure for a parent who did not choose to see them, and never one on paper or in the calendar.

    Every pack is read where a scenario asks for the text of any, else the one that goes home.
    """
    asked = seen.m.situation.values["figures"] == "show_now"
    read = seen.pages if "pages" in vars(seen) else [("go-home", page, parts(page)) for page in seen.go_home.pages]
    for pack, page, inside in read:
        if asked and page.screen_only and page.kind == "outlook":
            continue
        seen.want(not any(isinstance(part, Icons) for part in inside), f"a figure is drawn in the pack {pack}")
        found = [part.text for part in inside if isinstance(part, Said) and FIGURE.search(part.text)]
        seen.want(not found, f"a figure in the pack {pack}: {found}")
    seen.want(not any(FIGURE.search(entry.private + entry.detail) for entry in seen.calendar), "a figure in the calendar")


def in_order(seen: Seen) -> None:
    order = [(c.topic.order, c.topic.id) for c in seen.m.selection.shown]
    seen.want(order == sorted(order), "the topics are not in their order")


def private_titles(seen: Seen) -> None:
    """A calendar shows on lock screens: its titles say nothing about the child."""
    titles = {re.sub(r" \d+$", "", entry.private) for entry in seen.calendar}
    seen.want(titles <= {"Visit", "Medicine", "Home care", "Look again"}, f"titles of the calendar: {titles}")


def same_again(seen: Seen) -> None:
    """The same record gives the same guide."""
    again = booklet(replace(seen.m), "go-home")
    seen.want(again.fingerprint == seen.go_home.fingerprint, "the guide differs when it is made again")


# -- the tables themselves -----------------------------------------------------------------------------------------------


def expected(*keys: str) -> set[str]:
    return {name for scenario in SCENARIOS for key in keys for name in scenario.get(key, ())}


def test_scenarios_use_known_names_only(guide: GuideKnowledge) -> None:
    assert {key for scenario in SCENARIOS for key in scenario} <= GIVEN | set(CHECKS) | {"refused"}
    topics = expected(
        "first", "shown", "offered", "not_shown", "nowhere", "cards", "today", "not_today", "because", "because_not"
    )
    assert topics <= set(guide.topic_by_id), sorted(topics - set(guide.topic_by_id))
    assert expected("signs", "no_signs") <= {flag.id for flag in guide.flags}
    assert expected("questions_now", "asked_now", "no_questions_now", "no_questions") <= {moment.id for moment in guide.moments}
    assert expected("numbers") <= {page.id for page in guide.numbers}
    names = [scenario["name"] for scenario in SCENARIOS]
    assert len(set(names)) == len(names)


def test_every_topic_sign_moment_and_figure_is_wanted_by_some_scenario(guide: GuideKnowledge) -> None:
    """But for ``search`` topics, which are in the whole story only, and signs that hold for every baby."""
    by_rule = {topic.id for topic in guide.topics if topic.mode != "search"}
    assert by_rule - expected("first", "shown", "offered") == set()
    of_some = {flag.id for flag in guide.flags if flag.statement.rule and tree.facts_of(flag.statement.rule)}
    assert of_some - expected("signs") == set()
    assert {moment.id for moment in guide.moments} - expected("questions_now", "asked_now") == set()
    assert {page.id for page in guide.numbers} - expected("numbers") == set()


def test_what_is_held_back_is_held_back_in_some_scenario(guide: GuideKnowledge) -> None:
    """Each topic that only the team opens, and each that depends on the child, is missing somewhere."""
    team = {topic.id for topic in guide.topics if topic.mode == "team"}
    assert team - expected("nowhere") == set()


def test_the_whole_story_is_part_of_the_whole_guide(knowledge: Knowledge, guide: GuideKnowledge) -> None:
    """So that what is nowhere in the pack ``all`` is nowhere in the pack ``story``."""
    seen = seen_for({"record": {"family": {"figures": {"mother": "show_now"}}}}, knowledge, guide, NO_SITE)
    assert set(map(repr, booklet(seen.m, PART_OF_ALL).pages)) <= set(map(repr, seen.booklets["all"].pages))
