"""Packs: which pages go together, and the booklet they make."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping

from infantall.knowledge.guide.library import ENGLISH

from . import calling, outlook, pages, questions, sheets
from .booklet import Booklet, Lines, Page, Paragraph, Phones, Said
from .choose import BEREAVED, PAUSED
from .material import Material
from .topics import whole


def booklet(material: Material, pack: str) -> Booklet:
    """The booklet of one pack.

    Raises:
        KeyError: no such pack.
    """
    state = material.selection.state
    if state == BEREAVED:
        made = _bereaved(material)
    elif state == PAUSED:
        made = _paused(material)
    else:
        made = _PACKS[pack](material)
    w = material.wording
    title = w.say("A guide for {baby}'s family", baby=w.baby) if w.baby else w.say("A guide for your family")
    fingerprint = _fingerprint(material, pack, made)
    return Booklet(
        id=material.situation.record.family.baby or material.situation.record.id,
        title=title,
        language=w.language,
        direction=w.words.direction,
        as_of=str(material.situation.as_of),
        pages=tuple(made),
        notices=_notices(material),
        footer=_footer(material, fingerprint),
        fingerprint=fingerprint,
    )


def _today(m: Material) -> list[Page]:
    return [pages.today_page(m, with_calls=True), calling.red_flags_page(m)]


def _go_home(m: Material) -> list[Page]:
    """Four sheets of paper: today; when to call; line and medicines; questions."""
    today = pages.today_page(m, with_calls=False)
    return [today, calling.calls_sheet(m), pages.line_and_medicines_page(m), questions.questions_sheet(m)]


def _story(m: Material) -> list[Page]:
    return [*_today(m), *pages.story_pages(m), *outlook.outlook_pages(m)]


def _all(m: Material) -> list[Page]:
    return [
        *_today(m), *pages.story_pages(m), questions.questions_page(m), sheets.log_page(m),
        sheets.letter_page(m), sheets.emergency_page(m), *outlook.outlook_pages(m),
    ]  # fmt: skip


_PACKS: Mapping[str, Callable[[Material], list[Page]]] = {
    "today": _today,
    "go-home": _go_home,
    "phase": lambda m: [pages.phase_page(m)],
    "medicines": pages.medicine_pages,
    "questions": lambda m: [questions.questions_page(m)],
    "log": lambda m: [sheets.log_page(m)],
    "letter": lambda m: [sheets.letter_page(m)],
    "emergency": lambda m: [sheets.emergency_page(m)],
    "story": _story,
    "all": _all,
}


def _bereaved(m: Material) -> list[Page]:
    """After a death: one gentle page and the unit's numbers; no task, no reminder, no figure, no question."""
    blocks = [block for chosen in m.selection.shown for block in whole(chosen, m.situation, m.wording)]
    heading = m.wording.say("For you")
    without_ambulance = Phones(calling.phones(m).rows[1:])
    return [Page("for-you", "topic", heading, (*blocks, without_ambulance))]


def _paused(m: Material) -> list[Page]:
    """While the family has paused the guide: whom to call, and nothing else."""
    line = m.wording.say("This guide is paused. When to call stays here. Tell your team when you want the rest back.")
    calls = calling.when_to_call(m)
    return [Page("today", "today", m.wording.say("When to call"), (Paragraph((line,), "lead"), *calls))]


def _notices(m: Material) -> Lines:
    w = m.wording
    if m.selection.state == BEREAVED:
        return ()
    notices = []
    if not all(topic.statement.review for topic in w.guide.topics):
        notices.append(w.say("No clinician has checked this guide yet. Go through it with your team before you rely on it."))
    if w.language != ENGLISH:
        notices.append(w.say("This translation has not been checked. Where it is urgent, the English is shown beside it."))
    if w.site.demonstration:
        notices.append(Said(f"DEMONSTRATION ONLY: {w.site.name} does not exist.", ENGLISH))
    if not w.site.id:
        notices.append(w.say("Your unit has not added its own rules and phone numbers. Write them in with your nurse."))
    return tuple(notices)


def _footer(m: Material, fingerprint: str) -> Lines:
    w = m.wording
    if m.selection.state == BEREAVED:
        return (w.say("With care, from your unit."),)
    made = w.say("Made for {date}. Guide {fingerprint}.", date=_day(m), fingerprint=fingerprint)
    return (w.say("General information. Your unit's own words come first."), made)


def _day(m: Material) -> str:
    as_of = m.situation.as_of
    return m.wording.words.date(as_of.on) if as_of.on is not None else str(as_of)


def _fingerprint(m: Material, pack: str, made: list[Page]) -> str:
    """The same inputs give the same one: the knowledge, the unit's seal, the pack and everything that is shown."""
    inputs = (m.wording.guide.fingerprint, m.wording.site.fingerprint, pack, str(m.situation.as_of), repr(made))
    return hashlib.sha256("\n".join(inputs).encode()).hexdigest()[:12]
