"""Numbers counted by the thresholds that protocols use: age under 90 days, white cell count of 300 or more, and so on.

The thresholds are read from the rules of the protocols' groups, so that no band is invented here: a number that no group looks
at has none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from infantall.rules import tree
from infantall.rules.sql import literal

if TYPE_CHECKING:
    from infantall.knowledge.library import Knowledge

_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


@dataclass(frozen=True, order=True)
class Cut:
    """A threshold. ``after``: the threshold itself still belongs to the band below it (the rule says ``<=`` or ``>``)."""

    value: float
    after: bool = False


@dataclass(frozen=True)
class Band:
    """A range of a number between two thresholds; ``upper`` is None in the last band."""

    label: str
    upper: Cut | None


def bands_of(knowledge: Knowledge) -> dict[str, tuple[Band, ...]]:
    """The bands of each number fact that a protocol's group rules compare with a plain number."""
    cuts: dict[str, set[Cut]] = {}
    for protocol in knowledge.protocols.values():
        for statement in protocol.groups:
            for name, cut in _cuts(statement.rule) if statement.rule is not None else ():
                cuts.setdefault(name, set()).add(cut)
    return {name: bands_between(sorted(found)) for name, found in cuts.items()}


def _cuts(rule: tree.Rule) -> Iterator[tuple[str, Cut]]:
    for leaf in tree.leaves(rule):
        match leaf:
            case tree.Compare(op, tree.Fact(name), tree.Number(value)) if op in _MIRRORED:
                yield name, Cut(value, op in ("<=", ">"))
            case tree.Compare(op, tree.Number(value), tree.Fact(name)) if op in _MIRRORED:
                yield name, Cut(value, _MIRRORED[op] in ("<=", ">"))


def bands_between(cuts: Sequence[Cut]) -> tuple[Band, ...]:
    """The bands that thresholds in rising order make: one more than there are thresholds."""
    edges: list[Cut | None] = [None, *cuts, None]
    return tuple(Band(_label(low, high), high) for low, high in pairwise(edges))


def _label(low: Cut | None, high: Cut | None) -> str:
    if low is None and high is not None:
        return f"{high.value:g} or less" if high.after else f"under {high.value:g}"
    if low is None:
        return "any"
    lowest = f"over {low.value:g}" if low.after else f"{low.value:g}"
    if high is None:
        return lowest if low.after else f"{lowest} or more"
    return f"{lowest} to {high.value:g}" if high.after else f"{lowest} to under {high.value:g}"


def band_sql(value: str, bands: Sequence[Band]) -> str:
    """SQL giving the position of the band as text, NULL where the number is unknown."""
    cases = "".join(
        f" WHEN {value} {'<=' if band.upper.after else '<'} {literal(band.upper.value)} THEN '{i}'"
        for i, band in enumerate(bands)
        if band.upper is not None
    )
    return f"CASE WHEN {value} IS NULL THEN NULL{cases} ELSE '{len(bands) - 1}' END"
