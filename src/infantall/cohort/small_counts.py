"""What the hiding of small counts shares: what is small, which groups go whole, and which words and findings may stay."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from .results import HIDDEN, Finding, QualityReport


def is_small(count: float, threshold: int) -> bool:
    """From 1 to one less than the threshold."""
    return 0 < count < threshold


def notice(threshold: int) -> str:
    return f"Counts from 1 to {threshold - 1} are hidden, and others from which they would follow."


def hidden_groups(
    sizes: Mapping[str, int], threshold: int, already: Iterable[str] = (), pieces: Mapping[str, int] | None = None
) -> set[str]:
    """Parts of a known whole of which nothing may be shown.

    The small ones and those ``already`` hidden, and the next smallest until the hidden ones are two or more, together not small,
    and more infants than parts (else each would be one infant). All others and the whole can then be shown: of the hidden ones
    only the sum follows. Where that cannot be reached, every part goes, the empty ones too.

    Args:
        pieces: of a part that is itself listed in pieces, none of them empty: how many.
    """
    hidden = {group for group, size in sizes.items() if is_small(size, threshold)} | set(already)
    rest = [group for group, size in sizes.items() if size > 0 and group not in hidden]
    rest.sort(key=lambda group: (sizes[group], group))
    while hidden and _follow(sizes, hidden, threshold, pieces or {}):
        if not rest:
            return set(sizes)
        hidden.add(rest.pop(0))
    return hidden


def _follow(sizes: Mapping[str, int], hidden: set[str], threshold: int, pieces: Mapping[str, int]) -> bool:
    infants = sum(sizes[group] for group in hidden)
    return len(hidden) < 2 or infants < threshold or infants <= sum(pieces.get(group, 1) for group in hidden)


def suppress_quality(report: QualityReport, threshold: int) -> QualityReport:
    """Findings without row names; a finding whose words hold a small count keeps its name, its severity and what to do."""
    return replace(report, findings=tuple(_suppress_finding(f, report.rows, threshold) for f in report.findings))


def _suppress_finding(finding: Finding, rows: int, threshold: int) -> Finding:
    small = is_small(finding.rows, threshold) or is_small(rows - finding.rows, threshold)
    says = finding.says
    if small or holds_small_count(says, threshold):
        says = f"Found ({finding.check.replace('_', ' ')}); the words are left out because they hold a small count."
    return replace(finding, says=says, rows=HIDDEN if small else finding.rows, examples=())


def suppressed_words(notices: Iterable[str], threshold: int) -> tuple[str, ...]:
    """Notices, without those that hold a small count."""
    return tuple(notice for notice in notices if not holds_small_count(notice, threshold))


def holds_small_count(text: str, threshold: int) -> bool:
    """Whether a whole number from 1 to one less than the threshold stands in the text by itself. Rather too often than not."""
    numbers = re.findall(r"(?<![\w.,'])\d+(?![\w'])(?![.,]\d)", text)
    return any(is_small(int(number), threshold) for number in numbers)
