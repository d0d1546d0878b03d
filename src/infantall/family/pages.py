"""The pages of a guide, one function each. A pack (:mod:`packs`) is a choice of pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from infantall.knowledge.guide.library import ENGLISH
from infantall.record.model import Visit

from .booklet import (
    Block,
    Box,
    Bullets,
    Fold,
    Heading,
    Lines,
    Links,
    Page,
    Paragraph,
    Said,
    Table,
)  # fmt: skip
from .calling import signs, urgent_blocks
from .choose import Chosen
from .material import Material
from .medicines import EXPECTED, RECENT, Taken, days_before
from .topics import anchor, card, title, whole

MOST_CARDS = 5  # the few things that matter most this week; the rest by title
FEWEST_CARDS = 2  # so that the first of four sheets stays one sheet
VISIT_DAYS = 7
_GROUPS = {
    "safety": "Keeping your baby safe", "line": "The central line", "infection": "Infections", "about": "About the illness",
    "phase": "The blocks of treatment", "medicine": "Medicines", "care": "Caring for your baby", "feeding": "Feeding",
    "life": "Sleep, play and daily life", "family": "Your family", "decide": "Decisions", "relapse": "If leukaemia comes back",
    "comfort": "Comfort", "after": "After treatment", "outlook": "About survival numbers",
}  # fmt: skip
FIRST_DAYS_TOPIC = "about.first-days"
_ON_OTHER_PAGES = ("phase", "about", "medicine", "outlook")


# -- today ---------------------------------------------------------------------------------------------------------------


def today_page(m: Material, with_calls: bool) -> Page:
    """What this phase is for, this course's medicines, what comes next, and the few things that matter most this week.

    Args:
        with_calls: whether phones, ambulance and fever begin this page (else they have a page of their own before long).
    """
    blocks: list[Block] = []
    blocks += urgent_blocks(m) if with_calls else _in_short(m)
    blocks += _phase_block(m)
    if with_calls:
        blocks += medicine_blocks(m)
    blocks += _next(m)
    blocks += _this_week(m, MOST_CARDS if with_calls else FEWEST_CARDS, reason=with_calls)
    waiting = signs(m, "green")
    if with_calls:
        blocks += _more_topics(m)
    elif waiting is not None:
        blocks.append(waiting)
    return Page("today", "today", m.wording.say("Today"), tuple(blocks), paper="normal" if with_calls else "compact")


def _in_short(m: Material) -> list[Block]:
    """What the sheets to take home are for, and their main points in one line each."""
    w = m.wording
    lines = (
        w.say("These pages are for home: today, when to call, the line and the medicines, and your questions."),
        w.say("Fever, or your baby looks unwell: call now, day or night."),
        w.say("Give no fever medicine before you call. Give other medicines as the label says."),
    )
    return [Box("card", w.say("In short"), (Bullets(lines),))]


def _phase_block(m: Material) -> list[Block]:
    w, phase = m.wording, phase_topic(m)
    if phase is None:
        return [Paragraph((w.say("Your guide was not told which block of treatment this is. Ask your team."),), "lead")]
    box = card(phase, m.situation, w)
    course = m.situation.course
    if course is None:
        return [box]
    name, language = w.pick(course.title)
    began = w.when(m.situation.began)
    line = w.say("This block: {name}. It began on {date}.", name=w.said(name, language).text, date=began)
    return [Box(box.kind, box.title, (Paragraph((line,)), *box.blocks))]


def phase_topic(m: Material) -> Chosen | None:
    """The topic of the present phase."""
    shown = (c for c in m.selection.shown if c.topic.group == "phase" and c.topic.id != "phase.overview")
    return next((c for c in shown if c.verdict is True), None)


def _next(m: Material) -> list[Block]:
    """Visits of the next days, and until when gloves are needed."""
    w = m.wording
    blocks: list[Block] = []
    visits = [v for v in m.situation.record.family.visits if _ahead(v, m) is not None]
    rows = tuple(
        (
            (Said(_visit_time(v, m), w.language),),
            (Said(", ".join(x for x in (v.what or w.words.say("Visit"), v.where) if x), w.language),),
        )
        for v in visits
    )
    if rows:
        head = (w.say("When"), w.say("What"))
        blocks.append(Table(w.say("Visits in the next {number} days. They may move.", number=VISIT_DAYS), head, rows))
    if m.situation.gloves.needed != "no":
        needed = m.situation.gloves.needed == "yes"
        blocks.append(Paragraph((gloves_line(m) if needed else w.say("Ask your team if nappies need gloves."),)))
    return [Heading(w.say("What comes next"), 2), *blocks] if blocks else []


def gloves_line(m: Material) -> Said:
    """Until when nappies need gloves."""
    w, gloves = m.wording, m.situation.gloves
    if gloves.hours_left is None:
        return w.say("Wear gloves for nappies each day while your baby gets these medicines, until your team tells you to stop.")
    days = -(-gloves.hours_left // 24)
    if m.situation.as_of.on is not None:
        until = w.words.date(m.situation.as_of.on + dt.timedelta(days=days))
        return w.say("Wear gloves for nappies until {date}, or until your team tells you to stop.", date=until)
    return w.say("Wear gloves for nappies for {number} more days, or until your team tells you to stop.", number=days)


def _ahead(visit: Visit, m: Material) -> int | None:
    ago = days_before(visit.when, m.situation.as_of)
    return -ago if ago is not None and -VISIT_DAYS <= ago <= 0 else None


def _visit_time(visit: Visit, m: Material) -> str:
    return " ".join(part for part in (m.wording.when(visit.when), visit.at) if part)


def week_topics(m: Material) -> list[Chosen]:
    """Topics for this week in their order: not those that have a place of their own.

    In the first two weeks tier 1 alone, and what those days are like comes before any task.
    """
    early = m.situation.first_days
    own = [
        c
        for c in m.selection.shown
        if (c.topic.group not in _ON_OTHER_PAGES or (early and c.topic.id == FIRST_DAYS_TOPIC))
        and c.topic.id not in ("safety.red-flags", "safety.fever", "safety.contacts")
    ]
    if not early:
        return own
    return sorted((c for c in own if c.topic.tier == 1), key=lambda c: c.topic.id != FIRST_DAYS_TOPIC)


def _this_week(m: Material, most: int, reason: bool) -> list[Block]:
    cards: list[Block] = [card(c, m.situation, m.wording, reason) for c in week_topics(m)[:most]]
    return [Heading(m.wording.say("This week"), 2), *cards] if cards else []


def _more_topics(m: Material) -> list[Block]:
    """Everything else that concerns this child, by its title: a list to open, because a long list is a wall."""
    here = {c.topic.id for c in week_topics(m)[:MOST_CARDS]}
    rest = [c for c in (*m.selection.shown, *m.selection.offered) if c.topic.id not in here and c.topic.group != "phase"]
    if m.situation.first_days:
        rest = [c for c in rest if c.topic.tier == 1 or c.topic.group == "about"]
    links = tuple((anchor(c.topic.id), title(c.topic, m.wording)) for c in rest)
    summary = m.wording.say("More topics ({number})", number=len(links))
    return [Fold(summary, (Links(links),))] if links else []


# -- medicines and line --------------------------------------------------------------------------------------------------


def medicine_blocks(m: Material, short: bool = False) -> list[Block]:
    """The table of this course's medicines: what to look for in a baby on each, and why each is listed.

    Args:
        short: one line a medicine and no reason, for a sheet that must stay one sheet.
    """
    w = m.wording
    rows = [_medicine_row(group, m) for group in _by_topic(m.situation.taken)]
    if not rows:
        line = w.say("No medicines are recorded for your baby yet. Ask your team for the list.")
        return [Heading(w.say("Your medicines now"), 2), Paragraph((line,))]
    head = (w.say("Medicine"), w.say("Look for"), w.say("Why it is here"))
    caption = w.say("What to look for in your baby. Your team's label says how much and when.")
    if short:
        pairs = tuple((_joined(names), _joined(look_for)) for names, look_for, _ in rows)
        return [Heading(w.say("Your medicines now"), 2), Table(caption, head[:2], pairs)]
    return [Heading(w.say("Your medicines now"), 2), Table(caption, head, tuple(rows))]


def _joined(lines: Lines) -> Lines:
    """Several lines as one, where they are of one language."""
    if len({line.language for line in lines}) != 1:
        return lines
    return (Said("; ".join(line.text for line in lines), lines[0].language),)


def _by_topic(taken: Sequence[Taken]) -> list[list[Taken]]:
    """Medicines that share a topic share a row."""
    rows: dict[str, list[Taken]] = {}
    for t in taken:
        rows.setdefault(t.medicine.topic if t.medicine else t.name, []).append(t)
    return list(rows.values())


def _medicine_row(group: Sequence[Taken], m: Material) -> tuple[Lines, Lines, Lines]:
    w = m.wording
    names, look_for = [], []
    for t in group:
        if t.medicine is None:
            names.append(Said(t.name, ENGLISH))
            continue
        names.append(Said(*w.pick(t.medicine.name)))
        lines, language = w.pick(t.medicine.look_for)
        look_for += [w.said(line, language) for line in lines]
    unique = tuple(dict.fromkeys(look_for)) or (w.say("Ask your team what to look for."),)
    return tuple(dict.fromkeys(names)), unique[:4], (_medicine_reason(group, m),)


def _medicine_reason(group: Sequence[Taken], m: Material) -> Said:
    """Why a row is here. Only what was recorded is said to be recorded, also where it shares its row with what is usual."""
    w = m.wording
    recorded = [t for t in group if t.status != EXPECTED]
    if not recorded:
        return w.say("Usual in this block. Your team knows if your baby gets it.")
    first = recorded[0]
    if first.since is None:
        return w.say("Recorded.")
    if len(recorded) < len(group):
        names = ", ".join(dict.fromkeys(w.pick(t.medicine.name)[0] if t.medicine else t.name for t in recorded))
        date = w.when(first.since)
        return w.say("{names}: recorded on {date}. The rest is usual in this block.", names=names, date=date)
    if first.status == RECENT:
        return w.say("Last recorded on {date}.", date=w.when(first.last or first.since))
    return w.say("Recorded on {date}.", date=w.when(first.since))


def line_and_medicines_page(m: Material) -> Page:
    """The medicines, when to call for them, and the line, on one sheet of paper; gloves stand with what comes next."""
    w = m.wording
    blocks = medicine_blocks(m, short=True)
    boxes = [signs(m, level, of_medicines=True) for level in ("red", "amber")]
    blocks += [box for box in boxes if box is not None]
    by_id = {c.topic.id: c for c in m.selection.shown}
    blocks += [card(by_id[name], m.situation, w, reason=False) for name in ("line.care", "line.broken") if name in by_id]
    return Page("line-and-medicines", "line-and-medicines", w.say("Line and medicines"), tuple(blocks), paper="compact")


# -- topics --------------------------------------------------------------------------------------------------------------


def phase_page(m: Material) -> Page:
    """The page of the present phase."""
    chosen = phase_topic(m)
    if chosen is None:
        return Page("phase", "phase", m.wording.say("This block"), tuple(_phase_block(m)))
    return topic_page(chosen, m, "phase")


def topic_page(chosen: Chosen, m: Material, kind: str) -> Page:
    blocks = whole(chosen, m.situation, m.wording, heading=False)
    return Page(anchor(chosen.topic.id), kind, title(chosen.topic, m.wording), tuple(blocks))


def medicine_pages(m: Material) -> list[Page]:
    """A page for each medicine of now."""
    shown = [c for c in m.selection.shown if c.topic.group == "medicine" or c.topic.id == "care.numbing-cream"]
    return [topic_page(c, m, "medicine") for c in shown]


def story_pages(m: Material) -> list[Page]:
    """Every topic that concerns this child, by group: those of now, those offered, and the rest of the story."""
    everything = sorted((*m.selection.shown, *m.selection.offered, *m.selection.story), key=lambda c: (c.topic.order, c.topic.id))
    groups: dict[str, list[Chosen]] = {}
    for chosen in everything:
        if chosen.topic.group != "outlook":
            groups.setdefault(chosen.topic.group, []).append(chosen)
    pages = []
    for group in sorted(groups, key=list(_GROUPS).index):
        blocks = [block for chosen in groups[group] for block in whole(chosen, m.situation, m.wording)]
        pages.append(Page(f"group-{group}", "topic", m.wording.say(_GROUPS[group]), tuple(blocks)))
    return pages
