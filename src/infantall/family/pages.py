"""The pages of a guide, one function each. A pack (:mod:`packs`) is a choice of pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from infantall.knowledge.guide.library import ENGLISH, Flag, NumberPage, Topic
from infantall.knowledge.library import Outcome
from infantall.record.model import Visit, When
from infantall.rules import tree

from .booklet import (
    Ask,
    Block,
    Box,
    Bullets,
    Fold,
    Heading,
    Icons,
    Lines,
    Links,
    Page,
    Paragraph,
    Phone,
    Phones,
    Said,
    Table,
    Write,
)  # fmt: skip
from .choose import Asked, Chosen, Selection
from .medicines import EXPECTED, RECENT, Taken, days_before
from .situation import Situation
from .topics import anchor, card, title, whole
from .wording import Wording

MOST_CARDS = 5  # the few things that matter most this week; the rest by title
FEWEST_CARDS = 3  # so that the first of four sheets stays one sheet
MOST_QUESTIONS = 8
MOST_ICONS = 100
VISIT_DAYS = 7
_LEVELS = {"red": "Call an ambulance", "amber": "Call the team now, day or night", "green": "Call in opening hours"}
_OF_MEDICINES = {
    "red": "Your baby's medicines: call an ambulance",
    "amber": "Your baby's medicines: call the team now, day or night",
    "green": "Your baby's medicines: call in opening hours",
}
_GROUPS = {
    "safety": "Keeping your baby safe", "line": "The central line", "infection": "Infections", "about": "About the illness",
    "phase": "The blocks of treatment", "medicine": "Medicines", "care": "Caring for your baby", "feeding": "Feeding",
    "life": "Sleep, play and daily life", "family": "Your family", "decide": "Decisions", "relapse": "If leukaemia comes back",
    "comfort": "Comfort", "after": "After treatment", "outlook": "About survival numbers",
}  # fmt: skip
_ON_OTHER_PAGES = ("phase", "about", "medicine", "outlook")


@dataclass(frozen=True)
class Material:
    """All that pages are made from.

    Attributes:
        outcomes: the published outcomes by id, for figures.
        weight: the latest weight as recorded, and its day, for the emergency card.
    """

    selection: Selection
    situation: Situation
    wording: Wording
    outcomes: Mapping[str, Outcome]
    weight: tuple[str, When] | None = None


# -- when to call --------------------------------------------------------------------------------------------------------


def phones(m: Material) -> Phones:
    """The unit's numbers, or lines to write them on; the ambulance first."""
    w = m.wording
    rows = [Phone(w.say("Ambulance"), w.site.emergency_number)]
    for entry in w.site.phones:
        label, language = w.pick(entry.label)
        note = w.pick(entry.note) if entry.note else None
        rows.append(Phone(Said(label, language), entry.number, Said(*note) if note else None))
    if not w.site.phones:
        labels = ("Hospital ward, day and night", "Clinic, opening hours", "Key nurse")
        rows += [Phone(w.say(label)) for label in labels]
    return Phones(tuple(rows))


def signs(m: Material, level: str, of_medicines: bool = False) -> Box | None:
    """The signs of one level, English beside a translation that nobody reviewed.

    Args:
        of_medicines: only the signs that belong to the baby's medicines, else only the others.
    """
    w = m.wording
    flags = [f for f in m.selection.flags if f.level == level and _of_medicine(f) == of_medicines]
    if not flags:
        return None
    texts = [w.pick(flag.text) for flag in flags]
    blocks: list[Block] = [Bullets(tuple(w.said(text, language) for text, language in texts))]
    if any(w.needs_english("red-flags.yaml", language) for _, language in texts):
        english = Bullets(tuple(w.said(flag.text[ENGLISH], ENGLISH) for flag in flags))
        blocks.append(Box("english", w.say("In English"), (english,)))
    heading = _OF_MEDICINES[level] if of_medicines else _LEVELS[level]
    return Box(level, w.say(heading), tuple(blocks))  # type: ignore[arg-type]


def _of_medicine(flag: Flag) -> bool:
    assert flag.statement.rule is not None
    return any(name.startswith(("gets_", "numbing_")) for name in tree.facts_of(flag.statement.rule))


def urgent_blocks(m: Material) -> list[Block]:
    """What must be found at 3 am: phones, when to call an ambulance, the fever rule."""
    boxes = [signs(m, "red"), signs(m, "red", of_medicines=True)]
    return [phones(m), *(box for box in boxes if box is not None), m.wording.rule_box("fever")]


def when_to_call(m: Material) -> list[Block]:
    """Everything about calling, most urgent first; the signs of the baby's own medicines by themselves."""
    kinds = [("amber", False), ("amber", True), ("green", False), ("green", True)]
    boxes = [box for level, medicines in kinds if (box := signs(m, level, medicines)) is not None]
    return [*urgent_blocks(m), *boxes, m.wording.rule_box("fever_medicine")]


def red_flags_page(m: Material) -> Page:
    return Page("red-flags", "red-flags", m.wording.say("When to call"), tuple(when_to_call(m)))


def calls_sheet(m: Material) -> Page:
    """When to call on one sheet of paper: the signs of the baby's medicines stand with the medicines."""
    boxes = {level: signs(m, level) for level in ("red", "amber", "green")}
    wanted = (phones(m), boxes["red"], m.wording.rule_box("fever"), boxes["amber"], boxes["green"])
    blocks = tuple(block for block in wanted if block is not None)
    return Page("red-flags", "red-flags", m.wording.say("When to call"), blocks, paper="compact")


# -- today ---------------------------------------------------------------------------------------------------------------


def today_page(m: Material, with_calls: bool) -> Page:
    """What this phase is for, this course's medicines, what comes next, and the few things that matter most this week.

    Args:
        with_calls: whether phones, ambulance and fever begin this page (else they have a page of their own before long).
    """
    blocks: list[Block] = []
    if with_calls:
        blocks += urgent_blocks(m)
    blocks += _phase_block(m)
    if with_calls:
        blocks += medicine_blocks(m)
    blocks += _next(m)
    blocks += _this_week(m, MOST_CARDS if with_calls else FEWEST_CARDS)
    if with_calls:
        blocks += _more_topics(m)
    return Page("today", "today", m.wording.say("Today"), tuple(blocks), paper="normal" if with_calls else "compact")


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
    rows = tuple(((Said(_visit_time(v, m), w.language),), (Said(v.what or w.words.say("Visit"), w.language),)) for v in visits)
    if rows:
        head = (w.say("When"), w.say("What"))
        blocks.append(Table(w.say("Visits in the next {number} days. They may move.", number=VISIT_DAYS), head, rows))
    if m.situation.gloves.needed == "yes":
        blocks.append(Paragraph((gloves_line(m),)))
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
    """Topics for this week in their order: not those that have a place of their own; in the first two weeks tier 1 alone."""
    own = [
        c
        for c in m.selection.shown
        if c.topic.group not in _ON_OTHER_PAGES and c.topic.id not in ("safety.red-flags", "safety.fever", "safety.contacts")
    ]
    return [c for c in own if c.topic.tier == 1] if m.situation.first_days else own


def _this_week(m: Material, most: int) -> list[Block]:
    cards: list[Block] = [card(c, m.situation, m.wording) for c in week_topics(m)[:most]]
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
        short: one line a medicine, with the reason under its name, for a sheet that must stay one sheet.
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
    w = m.wording
    recorded = next((t for t in group if t.status != EXPECTED), None)
    if recorded is None:
        return w.say("Usual in this block. Your team knows if your baby gets it.")
    if recorded.status == RECENT:
        return w.say("Last recorded on {date}.", date=w.when(recorded.last or recorded.since))
    return w.say("Recorded on {date}.", date=w.when(recorded.since)) if recorded.since else w.say("Recorded.")


def line_and_medicines_page(m: Material) -> Page:
    """The medicines, when to call for them, gloves and the line, on one sheet of paper."""
    w = m.wording
    blocks = medicine_blocks(m, short=True)
    boxes = [signs(m, level, of_medicines=True) for level in ("red", "amber")]
    blocks += [box for box in boxes if box is not None]
    if m.situation.gloves.needed != "no":
        lines = (gloves_line(m),) if m.situation.gloves.needed == "yes" else (w.say("Ask your team if nappies need gloves."),)
        blocks.append(Paragraph(lines))
    by_id = {c.topic.id: c for c in m.selection.shown}
    blocks += [card(by_id[name], m.situation, w) for name in ("line.care", "line.broken") if name in by_id]
    return Page("line-and-medicines", "line-and-medicines", w.say("Line and medicines"), tuple(blocks), paper="compact")


# -- questions -----------------------------------------------------------------------------------------------------------


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


def story_pages(m: Material, done: Sequence[str] = ()) -> list[Page]:
    """Every topic that concerns this child, by group: those of now, those offered, and the rest of the story."""
    everything = sorted((*m.selection.shown, *m.selection.offered, *m.selection.story), key=lambda c: (c.topic.order, c.topic.id))
    groups: dict[str, list[Chosen]] = {}
    for chosen in everything:
        if chosen.topic.id not in done and chosen.topic.group != "outlook":
            groups.setdefault(chosen.topic.group, []).append(chosen)
    pages = []
    for group in sorted(groups, key=list(_GROUPS).index):
        blocks = [block for chosen in groups[group] for block in whole(chosen, m.situation, m.wording)]
        pages.append(Page(f"group-{group}", "topic", m.wording.say(_GROUPS[group]), tuple(blocks)))
    return pages


# -- survival figures ----------------------------------------------------------------------------------------------------


def outlook_pages(m: Material) -> list[Page]:
    """What the parent chose about figures: the choice itself, a talk first, or figures, one group of babies a page."""
    topics = [c for c in (*m.selection.shown, *m.selection.offered) if c.topic.group == "outlook"]
    blocks = [block for chosen in topics for block in whole(chosen, m.situation, m.wording)]
    shown = m.situation.values.get("figures") == "show_now"
    pages = (
        [Page("outlook", "outlook", m.wording.say("About survival numbers"), tuple(blocks), screen_only=True)] if blocks else []
    )
    figures = [page for number in m.selection.numbers if (page := number_page(number, m)) is not None] if shown else []
    before = [page for page in pages if not figures]
    return before or _around(topics, figures, m)


def _around(topics: Sequence[Chosen], figures: list[Page], m: Material) -> list[Page]:
    """How to read figures before them, and what comes after behind them."""
    after = [c for c in topics if c.topic.id == "outlook.after-numbers"]
    first = [c for c in topics if c not in after]

    def page(identifier: str, chosen: Sequence[Chosen]) -> list[Page]:
        blocks = tuple(block for c in chosen for block in whole(c, m.situation, m.wording))
        heading = m.wording.say("About survival numbers") if identifier == "outlook" else m.wording.say("After the numbers")
        return [Page(identifier, "outlook", heading, blocks, screen_only=True)] if blocks else []

    return [*page("outlook", first), *figures, *page("outlook-after", after)]


def number_page(number: NumberPage, m: Material) -> Page | None:
    """One group of babies: who, when, with which treatment, how many; each outcome as babies drawn one by one."""
    w = m.wording
    text, language = w.pick(number.text)
    blocks: list[Block] = [Paragraph((w.said(text.group, language),), "lead"), Paragraph((w.said(text.treatment, language),))]
    drawn = 0
    for identifier in number.outcomes:
        outcome = m.outcomes.get(identifier)
        if outcome is None or outcome.n is None or outcome.endpoint not in text.endpoint or not outcome.statement.computed:
            continue
        drawn += 1
        years = w.said(text.followed.replace("{years}", f"{outcome.time_years:g}"), language).text
        blocks += _figure(outcome, text.endpoint[outcome.endpoint], years, language, w)
    if not drawn:
        return None
    if text.caution:
        blocks.append(Bullets(tuple(w.said(line, language) for line in text.caution)))
    blocks.append(Paragraph((w.provenance(number.statement.citations), w.say("Not yet checked by a clinician.")), "small"))
    heading = w.say("Numbers from a group of babies")
    return Page(f"outlook-{number.id}", "outlook", heading, tuple(blocks), screen_only=True)


def _figure(outcome: Outcome, endpoint: str, years: str, language: str, w: Wording) -> list[Block]:
    """The babies of a small group one by one; of a large group as of every 100. The interval in the same babies."""
    assert outcome.n is not None
    total = outcome.n if outcome.n <= MOST_ICONS else MOST_ICONS
    filled = round(outcome.estimate_pct * total / 100)
    words = {"filled": filled, "total": total, "n": outcome.n, "endpoint": endpoint, "years": years}
    if outcome.n <= MOST_ICONS:
        said = w.say("About {filled} of the {total} babies {endpoint}, {years}.", **words)
    else:
        said = w.say("There were {n} babies. About {filled} of every {total} {endpoint}, {years}.", **words)
    said = Said(said.text, language)
    other = w.say("Other babies: {number} of {total}", number=total - filled, total=total)
    filled_label = w.say("Babies who {endpoint}: {number} of {total}", endpoint=endpoint, number=filled, total=total)
    return [
        Icons(total, filled, filled_label, other, said),
        Paragraph((_spread(outcome, total, w), _printed(outcome, w)), "small"),
    ]


def _spread(outcome: Outcome, total: int, w: Wording) -> Said:
    """How far the number may be off by chance, in babies; from the interval, or worked out from the standard error."""
    bounds = outcome.ci_pct
    if bounds is None and outcome.se_pct is not None:
        bounds = (outcome.estimate_pct - 1.96 * outcome.se_pct, outcome.estimate_pct + 1.96 * outcome.se_pct)
    if bounds is None:
        return w.say("How sure this number is was not printed.")
    low, high = (round(min(max(bound, 0.0), 100.0) * total / 100) for bound in bounds)
    return w.say("By chance alone the true number may lie between {low} and {high} of {total}.", low=low, high=high, total=total)


def _printed(outcome: Outcome, w: Wording) -> Said:
    """The figure for the team, as the paper prints it."""
    text = f"{outcome.title}; {outcome.era}; {outcome.endpoint} at {outcome.time_years:g} years, n = {outcome.n}"
    return w.say("For your team: {study}.", study=f"{text}, {outcome.printed}" if outcome.printed else text)


# -- sheets --------------------------------------------------------------------------------------------------------------


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
    blocks += [Heading(w.say("Please"), 3), Bullets(said(sheet["please"]), "do")]
    blocks += [Heading(w.say("Please do not"), 3), Bullets(said(sheet["please_do_not"]), "do_not")]
    blocks += [Heading(w.say("If you are ill"), 3), Bullets(said(sheet["if_ill"]))]
    blocks += [Paragraph(said([sheet["closing"]])), Write("letter.from", w.say("From"), 1)]
    return Page("letter", "letter", w.said(sheet["title"], language), tuple(blocks))


def emergency_page(m: Material) -> Page:
    """The card for strangers in an emergency department: in English, and in the family's language where that is another."""
    w, s = m.wording, m.situation
    recent = [f"{t.name} ({w.when(t.last or t.since)})" for t in s.taken if t.status != EXPECTED and (t.last or t.since)]
    facts = [
        "Infant acute lymphoblastic leukaemia, on treatment: assume no immune defence.",
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


def topics_in_order(m: Material) -> list[Topic]:
    """The topics of today in their order: what a scenario is held against."""
    return [c.topic for c in m.selection.shown]
