"""Questions to ask, by moment, with room to write and what the family wrote before."""

from __future__ import annotations

from .booklet import Ask, Block, Heading, Page, Paragraph, Said, Write
from .choose import Asked
from .material import Material
from .wording import Wording

MOST_QUESTIONS = 8  # on the sheet to take home


def questions_page(m: Material) -> Page:
    """Questions by moment with room to write; those of now first."""
    w, family = m.wording, m.situation.record.family
    blocks = [block for asked in m.selection.questions for block in _moment(asked, m)]
    blocks.append(Heading(w.say("Our own questions"), 2))
    for i, text in enumerate(family.questions, 1):
        blocks += [Ask(f"own.{i}", Said(text, w.language)), *_answered(family.answers.get(text), w)]
    blocks += [Write(f"own.free.{i}", w.say("My own question"), 2) for i in range(1, 4)]
    return Page("questions", "questions", w.say("Questions to ask"), tuple(blocks))


def questions_sheet(m: Material) -> Page:
    """The few questions that matter now and have no answer yet, on one sheet of paper; the family's own come first."""
    w, family = m.wording, m.situation.record.family
    own = [Ask(f"own.{i}", Said(text, w.language)) for i, text in enumerate(family.questions, 1) if text not in family.answers]
    open_now = [q for asked in m.selection.questions if asked.now for q in asked.questions if q.id not in family.answers]
    blocks: list[Block] = [*own[: MOST_QUESTIONS - 2]]
    for question in open_now[: MOST_QUESTIONS - len(blocks)]:
        blocks.append(Ask(question.id, w.said(*w.pick(question.text)), 2))
    blocks.append(Write("own.free.1", w.say("My own question"), 2))
    return Page("questions", "questions", w.say("Questions to ask"), tuple(blocks), paper="compact")


def _moment(asked: Asked, m: Material) -> list[Block]:
    w = m.wording
    blocks: list[Block] = [Heading(Said(*w.pick(asked.moment.title)), 2, f"moment-{asked.moment.id}")]
    for question in asked.questions:
        blocks.append(Ask(question.id, w.said(*w.pick(question.text)), 2))
        blocks += _answered(m.situation.record.family.answers.get(question.id), w)
    return blocks


def _answered(answer: str | None, w: Wording) -> list[Block]:
    return [Paragraph((w.say("You wrote: {answer}", answer=answer),), "small")] if answer else []
