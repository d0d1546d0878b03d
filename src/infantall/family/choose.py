"""Which topics, signs, questions and figures a family is shown now, and why each.

A topic is shown when its rule is TRUE. When the rule is UNKNOWN it is shown too if missing it could harm (``if_unknown: show``),
else it is named among more topics. Nothing that only the team may open is ever opened by a parent's entry or a search.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from infantall.facts.values import Value
from infantall.knowledge.guide.library import Flag, GuideKnowledge, Moment, NumberPage, Question, Topic
from infantall.rules import tree
from infantall.rules.interpret import Explanation, Verdict, explain, verdict

ACTIVE, PAUSED, BEREAVED = "active", "paused", "bereaved"
NO_FAIR_NUMBER = "outlook.no-fair-number"
"""What a parent who asked for figures is told when there is none for a child like this one."""

NEED_FIGURES = ("outlook.about-numbers", "outlook.after-numbers")
"""What is said round figures, and not where there are none."""
QUIET_AT_END_OF_LIFE = ("infection", "about", "phase", "feeding", "life", "decide", "after", "outlook")
"""Groups that are neither shown nor offered once the team has opened the pages on the end of life; they stay in the story."""

KEPT_AT_END_OF_LIFE = ("medicines", "side-effects", "feeding-and-care", "family")
"""Moments whose questions still serve then, beside those that the team opens."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A topic with its verdict: TRUE, or None where its rule is open."""

    topic: Topic
    verdict: Verdict

    def explanation(self, values: Mapping[str, Value]) -> Explanation:
        """Every part of the rule with what it was decided on."""
        assert self.topic.statement.rule is not None
        return explain(self.topic.statement.rule, values)


@dataclass(frozen=True, slots=True)
class Asked:
    """The questions of one moment that concern this child, and whether it is the moment now."""

    moment: Moment
    questions: tuple[Question, ...]
    now: bool


@dataclass(frozen=True)
class Selection:
    """What a family is shown.

    Attributes:
        shown: topics in order.
        offered: topics named by their title now: of lesser urgency, or open.
        story: topics of the whole story that are neither shown nor ruled out for this child.
        flags: signs, red first.
        questions: by moment, those of now first.
        numbers: pages of figures; only when this parent chose to see them.
    """

    state: str
    shown: tuple[Chosen, ...]
    offered: tuple[Chosen, ...]
    story: tuple[Chosen, ...]
    flags: tuple[Flag, ...]
    questions: tuple[Asked, ...]
    numbers: tuple[NumberPage, ...]


def choose(guide: GuideKnowledge, values: Mapping[str, Value]) -> Selection:
    """The selection for these facts. The same facts give the same selection."""
    state = str(values.get("family_state") or ACTIVE)
    if state == BEREAVED:
        shown = [Chosen(t, True) for t in guide.topics if _about_state(t) and _verdict(t, values) is True]
        return Selection(state, tuple(shown), (), (), (), (), ())
    judged = [Chosen(topic, _verdict(topic, values)) for topic in guide.topics if not _about_state(topic)]
    if state == PAUSED:
        safety = tuple(c for c in judged if c.topic.group == "safety" and _is_shown(c))
        return Selection(state, safety, (), (), _flags(guide, values), (), ())
    numbers = _numbers(guide, values)
    asked_without_answer = values.get("figures") == "show_now" and not numbers
    if asked_without_answer:
        judged = [c for c in judged if c.topic.id not in NEED_FIGURES]
    quiet = QUIET_AT_END_OF_LIFE if values.get("opened_end_of_life") == "yes" else ()
    shown_now = tuple(
        Chosen(c.topic, True) if c.topic.id == NO_FAIR_NUMBER and asked_without_answer else c
        for c in judged
        if (_is_shown(c) and c.topic.group not in quiet) or (c.topic.id == NO_FAIR_NUMBER and asked_without_answer)
    )
    offered = tuple(
        c
        for c in judged
        if _is_offered(c) and c.topic.group not in quiet and all(c.topic is not shown.topic for shown in shown_now)
    )
    placed = {c.topic.id for c in (*shown_now, *offered)}
    story = tuple(c for c in judged if c.topic.mode != "team" and c.verdict is not False and c.topic.id not in placed)
    return Selection(state, shown_now, offered, story, _flags(guide, values), _questions(guide, values), numbers)


def _verdict(topic: Topic, values: Mapping[str, Value]) -> Verdict:
    assert topic.statement.rule is not None
    return verdict(topic.statement.rule, values)


def _about_state(topic: Topic) -> bool:
    """Whether a topic is for a state other than active (bereavement): its rule names the state."""
    assert topic.statement.rule is not None
    return "family_state" in tree.facts_of(topic.statement.rule)


def _is_shown(chosen: Chosen) -> bool:
    if chosen.verdict is True:
        return chosen.topic.mode in ("show", "team")
    return chosen.verdict is None and chosen.topic.if_unknown == "show" and chosen.topic.mode == "show"


def _is_offered(chosen: Chosen) -> bool:
    if chosen.verdict is True:
        return chosen.topic.mode == "offer"
    return chosen.verdict is None and chosen.topic.mode == "show" and chosen.topic.if_unknown == "list"


def _flags(guide: GuideKnowledge, values: Mapping[str, Value]) -> tuple[Flag, ...]:
    """Signs that concern this child; one whose rule is open is shown when missing it could harm."""
    found = []
    for flag in guide.flags:
        assert flag.statement.rule is not None
        applies = verdict(flag.statement.rule, values)
        if applies is True or (applies is None and flag.if_unknown == "show"):
            found.append(flag)
    return tuple(found)


def _questions(guide: GuideKnowledge, values: Mapping[str, Value]) -> tuple[Asked, ...]:
    found = []
    for moment in guide.moments:
        now = _holds(moment, values)
        if values.get("opened_end_of_life") == "yes" and moment.id not in KEPT_AT_END_OF_LIFE and not _opened_by_team(moment):
            continue
        if now is False or (now is None and _opened_by_team(moment)):
            continue
        questions = tuple(q for q in moment.questions if _holds(q, values) is not False)
        if questions:
            found.append(Asked(moment, questions, now is True))
    return tuple(sorted(found, key=lambda asked: not asked.now))


def _holds(item: Moment | Question | NumberPage, values: Mapping[str, Value]) -> Verdict:
    assert item.statement.rule is not None
    return verdict(item.statement.rule, values)


def _opened_by_team(moment: Moment) -> bool:
    assert moment.statement.rule is not None
    return any(name.startswith("opened_") for name in tree.facts_of(moment.statement.rule))


def _numbers(guide: GuideKnowledge, values: Mapping[str, Value]) -> tuple[NumberPage, ...]:
    """Figures only for a parent who chose to see them, and only of groups to which the child surely belongs."""
    if values.get("figures") != "show_now":
        return ()
    return tuple(page for page in guide.numbers if _holds(page, values) is True)
