"""A checked site pack, laid over the guide. Its file is read by :mod:`site`, which a guide without one never loads."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from .library import GuideKnowledge, Translation

if TYPE_CHECKING:
    from .site import PhoneEntry, SiteReview, SiteRule


@dataclass(frozen=True)
class Site:
    """A checked site pack.

    Attributes:
        name: as it stands on a page.
        rules: the unit's own rules by id.
        fingerprint: its seal.
        notices: what the person who makes a guide should know of it.
    """

    id: str
    name: str
    demonstration: bool
    emergency_number: str
    phones: tuple[PhoneEntry, ...]
    rules: Mapping[str, SiteRule]
    rsv_months: tuple[int, ...]
    reviews: tuple[SiteReview, ...]
    fingerprint: str
    notices: tuple[str, ...] = ()


NO_SITE = Site("", "", False, "", (), {}, (), (), "")


def with_reviews(guide: GuideKnowledge, site: Site) -> GuideKnowledge:
    """The guide with the translations that the site reviewed marked as reviewed."""
    reviews = {(r.language, r.file, r.of): f"{r.by}, {r.role}, {r.on}" for r in site.reviews}
    if not reviews:
        return guide

    def reviewed(translation: Translation) -> Translation:
        by = reviews.get((translation.language, translation.file, translation.fingerprint))
        fits = by is not None and translation.state != "stale"
        return replace(translation, state="reviewed", review=by) if fits and by else translation

    return replace(guide, translations=tuple(map(reviewed, guide.translations)))


def expired(rule: SiteRule, day: dt.date | None) -> bool:
    """Whether an approval has run out on a day; without a day it cannot be known to hold, and counts as run out."""
    return day is None or not rule.approved.on <= day <= rule.approved.until
