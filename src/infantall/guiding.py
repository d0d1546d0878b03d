"""A record file to a family's booklet or calendar: the rim of the guide (files, knowledge, the interface's words)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from infantall.care.assess import as_of_date
from infantall.care.judge import judge
from infantall.family.booklet import Booklet
from infantall.family.choose import Chosen, choose
from infantall.family.material import Material
from infantall.family.packs import booklet
from infantall.family.situation import situation
from infantall.family.wording import Wording
from infantall.knowledge.guide.library import GuideKnowledge
from infantall.knowledge.guide.overlay import NO_SITE, Site, with_reviews
from infantall.knowledge.library import Knowledge
from infantall.knowledge.store import load_guide, load_knowledge
from infantall.record.derive import AsOf, derive_facts, latest_day
from infantall.record.model import Record, When
from infantall.record.reader import read_record_file
from infantall.report.guide.interface import interface
from infantall.rules.interpret import verdict
from infantall.text.problems import InputError, Problem, did_you_mean


@dataclass(frozen=True)
class Choices:
    """What the person at the command asked for.

    Attributes:
        language: empty for the family's own, or English.
        parent: for whom the guide is; their choice about survival figures counts.
        figures: a choice made now, in place of the recorded one.
    """

    language: str = ""
    site: Path | None = None
    parent: str = ""
    figures: str = ""
    day: dt.date | int | None = None


def material_for(path: Path, choices: Choices) -> Material:
    """Everything that the pages of one child's guide are made from.

    Raises:
        InputError: the record, the site pack, or a choice is wrong.
    """
    knowledge, guide = load_knowledge(), load_guide()
    record = read_record_file(path, knowledge.vocabulary)
    site = _site(choices.site, guide)
    return material_of(record, knowledge, with_reviews(guide, site), site, choices)


def _site(folder: Path | None, guide: GuideKnowledge) -> Site:
    if folder is None:
        return NO_SITE
    from infantall.knowledge.guide.site import read_site

    return read_site(folder, guide)


def material_of(record: Record, knowledge: Knowledge, guide: GuideKnowledge, site: Site, choices: Choices) -> Material:
    """As :func:`material_for`, from what is already loaded."""
    as_of = _day(record, choices.day)
    readings = judge(derive_facts(record, knowledge.vocabulary, as_of), knowledge)
    values = {name: reading.value for name, reading in readings.items()}
    words, sources = interface(_language(record, guide, choices)), {s.id: s.short for s in knowledge.sources.values()}
    wording = Wording(guide, site, words, sources, record.family.baby, as_of.on)
    _check_parent(record, choices)
    found = situation(record, values, guide, as_of, wording.number("gloves", "hours"), site.rsv_months, choices.parent)
    if choices.figures:
        found = replace(found, values={**found.values, "figures": choices.figures})
    weight = readings["weight"].findings[-1] if "weight" in readings and readings["weight"].findings else None
    outcomes = {outcome.statement.id: outcome for outcome in knowledge.outcomes}
    said: tuple[str, When] | None = (weight.printed, weight.when) if weight else None
    return Material(choose(guide, found.values), found, wording, outcomes, said)


def booklet_for(path: Path, pack: str, choices: Choices) -> Booklet:
    """One child's booklet. Raises InputError as :func:`material_for` does."""
    return booklet(material_for(path, choices), pack)


def explained(material: Material, topic: str) -> Chosen:
    """A topic with its verdict, to say why it is shown or not.

    Raises:
        InputError: no topic of that name.
    """
    known = material.wording.guide.topic_by_id
    if topic not in known:
        expected = "a topic of the guide" + did_you_mean(topic, known)
        raise InputError([Problem("--why", f"'{topic}'", expected)])
    rule = known[topic].statement.rule
    assert rule is not None
    return Chosen(known[topic], verdict(rule, material.situation.values))


def _day(record: Record, day: dt.date | int | None) -> AsOf:
    try:
        found = as_of_date(record, day) or latest_day(record)
        if found.on is not None and found.on.year == dt.MAXYEAR:  # pages and calendars look weeks ahead
            raise OverflowError(f"{found.on}")
        return found
    except (OverflowError, ValueError) as error:
        raise InputError([Problem("--as-of", str(error), "a day of this record's calendar", record.file)]) from None


def _language(record: Record, guide: GuideKnowledge, choices: Choices) -> str:
    wanted = choices.language or record.family.language or "en"
    try:
        language = interface(wanted).language
    except ValueError:
        language = ""
    if language not in guide.languages:
        place, file = ("--lang", "") if choices.language else ("family.language", record.file)
        expected = "one of " + ", ".join(guide.languages)
        raise InputError([Problem(place, f"'{wanted}'", expected + did_you_mean(wanted, guide.languages), file)])
    return language


def _check_parent(record: Record, choices: Choices) -> None:
    known: Sequence[str] = tuple(record.family.figures)
    if choices.parent and choices.parent not in known and not choices.figures:
        expected = f"a parent whose choice is recorded: {', '.join(known) or 'none is'}; or --figures with the choice"
        raise InputError([Problem("--parent", f"'{choices.parent}'", expected, record.file)])
