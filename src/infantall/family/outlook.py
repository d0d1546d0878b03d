"""Survival figures, only for a parent who chose to see them: how to read them, one group of babies a page, what comes after.

Every figure carries its group, years, treatment, number of babies, endpoint and spread. None is about this baby, and none goes on
paper or into a calendar: each page is for a screen only.
"""

from __future__ import annotations

from collections.abc import Sequence

from infantall.knowledge.evidence import Outcome
from infantall.knowledge.guide.library import NumberPage

from .booklet import Block, Bullets, Icons, Page, Paragraph, Said
from .choose import Chosen
from .material import Material
from .topics import whole
from .wording import Wording

MOST_ICONS = 100


def outlook_pages(m: Material) -> list[Page]:
    """What the parent chose about figures: the choice itself, a talk first, or figures, one group of babies a page.

    How to read figures stands before them, and what comes after behind them.
    """
    topics = [c for c in (*m.selection.shown, *m.selection.offered) if c.topic.group == "outlook"]
    figures = [page for i, n in enumerate(m.selection.numbers, 1) if (page := number_page(n, i, m)) is not None]
    after = [c for c in topics if figures and c.topic.id == "outlook.after-numbers"]
    before = [c for c in topics if c not in after]
    return [
        *_in_words("outlook", m.wording.say("About survival numbers"), before, m),
        *figures,
        *_in_words("outlook-after", m.wording.say("After the numbers"), after, m),
    ]


def _in_words(identifier: str, heading: Said, chosen: Sequence[Chosen], m: Material) -> list[Page]:
    """A page of topics, where there are any."""
    blocks = tuple(block for c in chosen for block in whole(c, m.situation, m.wording))
    return [Page(identifier, "outlook", heading, blocks, screen_only=True)] if blocks else []


def number_page(number: NumberPage, place: int, m: Material) -> Page | None:
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
    heading = w.say("Numbers from a group of babies ({place})", place=place)
    return Page(f"outlook-{number.id}", "outlook", heading, tuple(blocks), screen_only=True)


def _figure(outcome: Outcome, endpoint: str, years: str, language: str, w: Wording) -> list[Block]:
    """The babies of a small group one by one; of a large group as of every 100. The interval in the same babies."""
    assert outcome.n is not None
    total = outcome.n if outcome.n <= MOST_ICONS else MOST_ICONS
    filled = round(outcome.estimate_pct * total / 100)
    words = {"filled": filled, "total": total, "n": outcome.n, "endpoint": endpoint, "years": years}
    if outcome.n <= MOST_ICONS:
        said = w.said_in(language, "About {filled} of the {total} babies {endpoint}, {years}.", **words)
    else:
        said = w.said_in(language, "There were {n} babies. About {filled} of every {total} {endpoint}, {years}.", **words)
    other = w.said_in(language, "Other babies: {number} of {total}", number=total - filled, total=total)
    filled_label = w.said_in(
        language, "Babies who {endpoint}: {number} of {total}", endpoint=endpoint, number=filled, total=total
    )
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
    text = (
        f"{outcome.title}; years of treatment: {outcome.era}; {outcome.endpoint} at {outcome.time_years:g} years, n = {outcome.n}"
    )
    printed = f", {outcome.printed}" if outcome.printed else ""
    derived = "; the span is the estimate ± 1.96 SE" if outcome.ci_pct is None and outcome.se_pct is not None else ""
    return w.say("For your team: {study}.", study=text + printed + derived)
