"""Invented families for the tests of the guide: a record's text to the material of its pages, and what pages say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

from infantall.family.booklet import Said
from infantall.family.material import Material
from infantall.guiding import Choices, material_of
from infantall.knowledge.guide.library import GuideKnowledge
from infantall.knowledge.guide.overlay import NO_SITE, Site
from infantall.knowledge.store import load_guide, load_knowledge
from infantall.record.model import Record
from infantall.record.reader import read_record_text

CHILD = "id: baby-07\nborn: 2026-01-04\ndiagnosed: 2026-03-20\n"
"""Born 4 January, diagnosed 20 March 2026, at 75 days."""


def record(text: str) -> Record:
    return read_record_text(text, ".yaml", load_knowledge().vocabulary)


def material(text: str | Record, site: Site = NO_SITE, guide: GuideKnowledge | None = None, **choices: Any) -> Material:
    """The material of one record, in this process; ``choices`` as :class:`Choices` has them."""
    read = record(text) if isinstance(text, str) else text
    return material_of(read, load_knowledge(), guide or load_guide(), site, Choices(**choices))


def said(part: Any) -> Iterator[Said]:
    """Every text of a page, a block or a booklet."""
    if isinstance(part, Said):
        yield part
    elif is_dataclass(part) and not isinstance(part, type):
        for field in fields(part):
            yield from said(getattr(part, field.name))
    elif isinstance(part, tuple):
        for inner in part:
            yield from said(inner)


def words(part: Any) -> str:
    """All that a page, a block or a booklet says, a line each."""
    return "\n".join(text.text for text in said(part))
