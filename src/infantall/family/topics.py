"""One topic as blocks: in short on a card, or whole on its page; each with why it is shown, its sources and its review."""

from __future__ import annotations

from typing import Literal

from infantall.knowledge.guide.library import ENGLISH, Topic, TopicText

from .booklet import Block, Box, Heading, Paragraph, Said
from .choose import Chosen
from .medicines import EXPECTED, YES
from .situation import Situation
from .wording import Wording

_HEADINGS = {"why": "Good to know", "do": "Do", "do_not": "Do not", "more": "More"}


def anchor(topic: str) -> str:
    """Where a topic stands on a page."""
    return f"topic-{topic}"


def file_of(topic: Topic) -> str:
    """The file whose translation a topic's text comes from."""
    return f"topics/{topic.id}.yaml"


def title(topic: Topic, wording: Wording) -> Said:
    text, language = wording.pick(topic.text)
    return wording.said(text.title, language)


def card(chosen: Chosen, situation: Situation, wording: Wording, reason: bool = True) -> Box:
    """A topic in short; with ``reason``, why it is shown."""
    topic = chosen.topic
    text, language = wording.pick(topic.text)
    blocks = wording.blocks(text.parts["short"], language)
    if reason:
        blocks.append(because(chosen, situation, wording))
    if topic.urgent and wording.needs_english(file_of(topic), language):
        english = topic.text[ENGLISH]
        blocks.append(Box("english", wording.say("In English"), tuple(wording.english_beside(english.parts["short"]))))
    return Box("card", wording.said(text.title, language), tuple(blocks))


def whole(chosen: Chosen, situation: Situation, wording: Wording, heading: bool = True) -> list[Block]:
    """A topic with all its parts."""
    topic = chosen.topic
    text, language = wording.pick(topic.text)
    beside = topic.text[ENGLISH] if wording.needs_english(file_of(topic), language) else None
    blocks: list[Block] = [Heading(wording.said(text.title, language), 2, anchor(topic.id))] if heading else []
    blocks += _parts(text, language, wording, None if topic.urgent else beside)
    if topic.urgent and beside is not None:
        blocks.append(Box("english", wording.say("In English"), tuple(_parts(beside, ENGLISH, wording, None, as_english=True))))
    blocks.append(because(chosen, situation, wording))
    blocks.append(Paragraph((wording.provenance(topic.statement.citations), _review(topic, language, wording)), "small"))
    return blocks


def _parts(text: TopicText, language: str, wording: Wording, beside: TopicText | None, as_english: bool = False) -> list[Block]:
    """The parts of a topic in order; when to call stands before the rest of the story.

    Args:
        beside: the English whose when-to-call stands beside a translation that nobody reviewed.
        as_english: whether this is such an English beside a whole topic.
    """

    def listed(lines: tuple[str, ...], style: Literal["plain", "do", "do_not"] = "plain") -> list[Block]:
        return wording.english_beside(lines, style) if as_english else wording.blocks(lines, language, style)

    blocks = listed(text.parts["short"])
    for part, heading in _HEADINGS.items():
        if part == "more" and text.parts.get("call"):
            call = listed(text.parts["call"])
            if beside is not None:
                call.append(Box("english", wording.say("In English"), tuple(wording.english_beside(beside.parts["call"]))))
            blocks.append(Box("amber", wording.said_in(language, "When to call"), tuple(call)))
        if lines := text.parts.get(part, ()):
            style = part if part in ("do", "do_not") else "plain"
            blocks += [Heading(wording.said_in(language, heading), 3), *listed(lines, style)]  # type: ignore[arg-type]
    return blocks


def because(chosen: Chosen, situation: Situation, wording: Wording) -> Paragraph:
    """The line that says why a topic is here: its reason and what it was read from, or that it is not known."""
    topic = chosen.topic
    text, language = wording.pick(topic.text)
    if chosen.verdict is None:
        unknown = wording.say("You see this to be safe: your guide was not told if it is so for your baby. Ask your team.")
        return Paragraph((unknown,), "small")
    lines = [wording.said(text.because, language)]
    taken = [t for t in situation.taken if t.medicine is not None and t.medicine.topic == topic.id]
    recorded = [t for t in taken if t.status != EXPECTED and t.since is not None]
    if recorded:
        latest = max(recorded, key=lambda t: t.status == YES)
        lines.append(wording.say("Recorded on {date}.", date=wording.when(latest.since)))
    elif taken:
        lines.append(wording.say("It is usual in this block. Your team knows if your baby gets it."))
    return Paragraph(tuple(lines), "small")


def _review(topic: Topic, language: str, wording: Wording) -> Said:
    """Who reviewed the text that is shown: the English, and the translation."""
    if not topic.statement.review:
        return wording.say("Not yet checked by a clinician.")
    if wording.needs_english(file_of(topic), language):
        return wording.say("The English was reviewed: {review}. The translation was not.", review=topic.statement.review)
    return wording.say("Reviewed: {review}.", review=topic.statement.review)
