"""When to call, and whom: phones, the signs by how urgent they are, the fever rule."""

from __future__ import annotations

from infantall.knowledge.guide.library import ENGLISH, Flag
from infantall.rules import tree

from .booklet import Block, Box, Bullets, Page, Paragraph, Phone, Phones, Said
from .material import Material

_LEVELS = {"red": "Call an ambulance", "amber": "Call the team now, day or night", "green": "Call in opening hours"}
_OF_MEDICINES = {
    "red": "Your baby's medicines: call an ambulance",
    "amber": "Your baby's medicines: call the team now, day or night",
    "green": "Your baby's medicines: call in opening hours",
}


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
    return [phones(m), *plan_first(m), *(box for box in boxes if box is not None), m.wording.rule_box("fever")]


def plan_first(m: Material) -> list[Block]:
    """At the end of life the plan made with the team comes before any list: an ambulance may be what nobody wants."""
    if m.situation.values.get("opened_end_of_life") != "yes":
        return []
    line = m.wording.say("Your plan with your team comes first. Call them at any hour, before you use the lists here.")
    return [Box("notice", None, (Paragraph((line,)),))]


def when_to_call(m: Material) -> list[Block]:
    """Everything about calling, most urgent first; the signs of the baby's own medicines by themselves."""
    kinds = [("amber", False), ("amber", True), ("green", False), ("green", True)]
    boxes = [box for level, medicines in kinds if (box := signs(m, level, medicines)) is not None]
    return [*urgent_blocks(m), *boxes, m.wording.rule_box("fever_medicine")]


def red_flags_page(m: Material) -> Page:
    return Page("red-flags", "red-flags", m.wording.say("When to call"), tuple(when_to_call(m)))


def calls_sheet(m: Material) -> Page:
    """When to call on one sheet of paper; the signs of the baby's medicines stand with these, what can wait with today."""
    boxes = {level: signs(m, level) for level in ("red", "amber")}
    wanted = (phones(m), *plan_first(m), boxes["red"], m.wording.rule_box("fever"), boxes["amber"])
    blocks = tuple(block for block in wanted if block is not None)
    return Page("red-flags", "red-flags", m.wording.say("When to call"), blocks, paper="compact")
