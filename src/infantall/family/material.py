"""What pages are made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from infantall.knowledge.evidence import Outcome
from infantall.record.model import When

from .choose import Selection
from .situation import Situation
from .wording import Wording


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
