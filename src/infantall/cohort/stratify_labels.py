"""Answers in words: what an integer of possible outcomes is called, in Python for counts and in SQL for rows."""

from __future__ import annotations

from infantall.knowledge.library import NO_GROUP, Protocol
from infantall.rules.sql import literal

NOT_ELIGIBLE, UNDETERMINED, WITHOUT, REFUSED = "not eligible", "undetermined", "no group", "refused"
"""``no group``: the source says nothing of such infants, or they are off study. ``refused``: a cell could not be read."""


def eligibility(protocol: Protocol, mask: int) -> str:
    """``yes``, ``no`` or ``undetermined``."""
    said = [outcome for i, outcome in enumerate(protocol.eligibility_diagram.outcomes) if mask >> i & 1]
    return said[0] if len(said) == 1 else UNDETERMINED


def possible(protocol: Protocol, mask: int) -> str:
    """What is still possible, as ``HR or MR``; ``no group`` is one of the possibilities."""
    outcomes = [outcome for i, outcome in enumerate(protocol.group_diagram.outcomes) if mask >> i & 1]
    words = [outcome for outcome in outcomes if outcome not in NO_GROUP]
    return " or ".join([*words, WITHOUT] if len(words) < len(outcomes) else words)


def group(protocol: Protocol, mask: int) -> str:
    """The group, ``no group`` or ``undetermined``; eligibility is another matter."""
    words = possible(protocol, mask).split(" or ")
    return words[0] if len(words) == 1 else UNDETERMINED


def label(protocol: Protocol, eligible: int, groups: int) -> str:
    """The label of a cross table: the group, unless the infant is not eligible."""
    return NOT_ELIGIBLE if eligibility(protocol, eligible) == "no" else group(protocol, groups)


def eligibility_sql(protocol: Protocol, eligible: str) -> str:
    """SQL of :func:`eligibility`."""
    masks = range(1, 1 << len(protocol.eligibility_diagram.outcomes))
    return _cases(eligible, {mask: eligibility(protocol, mask) for mask in masks})


def label_sql(protocol: Protocol, eligible: str, groups: str) -> str:
    """SQL of :func:`label`."""
    return (
        f"CASE WHEN {_is_no(protocol, eligible)} THEN {literal(NOT_ELIGIBLE)} ELSE {_cases(groups, _each(protocol, group))} END"
    )


def possible_sql(protocol: Protocol, eligible: str, groups: str) -> str:
    """SQL of :func:`possible`; NULL for an infant who is not eligible."""
    return f"CASE WHEN NOT ({_is_no(protocol, eligible)}) THEN {_cases(groups, _each(protocol, possible))} END"


def _each(protocol: Protocol, word: object) -> dict[int, str]:
    assert callable(word)
    return {mask: word(protocol, mask) for mask in range(1, 1 << len(protocol.group_diagram.outcomes))}


def _is_no(protocol: Protocol, eligible: str) -> str:
    no = sum(1 << i for i, outcome in enumerate(protocol.eligibility_diagram.outcomes) if outcome == "no")
    return f"{eligible} = {no}" if no else "FALSE"


def _cases(sql: str, words: dict[int, str]) -> str:
    return f"CASE {sql} {' '.join(f'WHEN {mask} THEN {literal(word)}' for mask, word in words.items())} END"
