"""Printed sheets that are no topics: a week's log, a letter for helpers, the emergency card."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from infantall.knowledge.guide.library import ENGLISH

from .booklet import Block, Box, Bullets, Heading, Lines, Page, Paragraph, Said, Table, Write
from .calling import phones
from .material import Material
from .medicines import EXPECTED, Taken
from .topics import whole


def log_page(m: Material) -> Page:
    """A week's observation log: no score, room to write."""
    w = m.wording
    sheet, language = w.pick(m.wording.guide.sheets["observation-log"].text)
    columns = sheet["columns"]
    first = m.situation.as_of.on
    days = [w.words.date(first + dt.timedelta(days=i)) if first else w.words.say("Day {number}", number=i + 1) for i in range(7)]
    head = (w.say("Day"), *(Said(column["label"], language) for column in columns))
    rows = tuple(((Said(day, w.language),), *(() for _ in columns)) for day in days)
    blocks: list[Block] = [Paragraph(tuple(w.said(line, language) for line in sheet["intro"]))]
    blocks.append(Table(w.said(sheet["title"], language), head, rows, "form"))
    blocks.append(Paragraph(tuple(w.said(line, language) for line in sheet["foot"]), "small"))
    return Page("log", "log", w.say("One week"), tuple(blocks), paper="compact")


def letter_page(m: Material) -> Page:
    """A letter for grandparents, friends and nursery."""
    w = m.wording
    sheet, language = w.pick(m.wording.guide.sheets["helpers-letter"].text)

    def said(lines: Sequence[str]) -> Lines:
        return tuple(w.said(line, language) for line in lines)

    blocks: list[Block] = [Paragraph(said([sheet["greeting"]])), *(Paragraph(said([line])) for line in sheet["paragraphs"])]
    blocks += [Heading(w.say("Please"), 3), Bullets(said(sheet["please"]))]
    blocks += [Heading(w.say("Please do not"), 3), Bullets(said(sheet["please_do_not"]))]
    blocks += [Heading(w.say("If you are ill"), 3), Bullets(said(sheet["if_ill"]))]
    blocks += [Paragraph(said([sheet["closing"]])), Write("letter.from", w.say("From"), 1)]
    return Page("letter", "letter", w.said(sheet["title"], language), tuple(blocks))


def emergency_page(m: Material) -> Page:
    """The card for strangers in an emergency department: in English, and in the family's language where that is another."""
    w, s = m.wording, m.situation
    recent = [f"{t.name} ({_given(t)})" for t in s.taken if t.status != EXPECTED and (t.last or t.since)]
    facts = [
        f"Infant acute lymphoblastic leukaemia, {_treatment(m)}. Fever or unwell: an emergency, even with a normal temperature.",
        "Antibiotics within one hour of arrival. Nothing by the rectum. Call the child's unit now.",
        f"Central line: {s.values.get('line') or 'not recorded'}.",
        f"Last recorded medicines: {', '.join(recent) or 'not recorded; ask the parents'}.",
        *([f"Latest weight recorded: {m.weight[0]} ({m.weight[1]}). Weigh again before any dose."] if m.weight else []),
    ]
    topic = next((c for c in m.selection.shown if c.topic.id == "safety.emergency-department"), None)
    blocks: list[Block] = [
        Box("red", Said("For emergency staff", ENGLISH), (Bullets(tuple(Said(fact, ENGLISH) for fact in facts)),)),
        phones(m), w.rule_box("fever"), Write("emergency.allergies", w.say("Allergies"), 1),
    ]  # fmt: skip
    if topic is not None:
        blocks += whole(topic, s, w)
    return Page("emergency", "emergency", w.say("Emergency card"), tuple(blocks), paper="compact")


def _given(taken: Taken) -> str:
    """When a medicine was last given, as far as it is recorded; never a day that is still to come."""
    if taken.ongoing:
        return f"being taken since {taken.since}"
    return str(taken.last or taken.since)


def _treatment(m: Material) -> str:
    """Where the child stands, for strangers."""
    phase = m.situation.values.get("phase")
    words = {
        "finished": "treatment has ended",
        "after_transplant": "after a stem-cell transplant",
        "transplant": "stem-cell transplant",
    }
    return words.get(str(phase), "on treatment")
