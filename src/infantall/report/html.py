"""Assessments as one self-contained, accessible HTML page: no script, no request, fit for a phone, a screen and A4."""

from __future__ import annotations

from collections.abc import Sequence

from infantall.care.result import Assessment

from .child import Child
from .citing import Sources
from .markup import Safe, items, tag
from .shell import page


def assessment_html(assessments: Sequence[Assessment], with_outlook: bool = False) -> str:
    """One page for one child or several; published outcomes (survival figures) only ``with_outlook``.

    Raises:
        ValueError: without an assessment.
    """
    if not assessments:
        raise ValueError("a report needs at least one assessment")
    sources = Sources(assessments[0].knowledge)
    alone = len(assessments) == 1
    level = 2 if alone else 3
    children = [Child(a, sources, "" if alone else f"c{i}-", level, with_outlook) for i, a in enumerate(assessments, 1)]
    if alone:
        title = f"Infant ALL assessment: {assessments[0].record.id}"
        contents = items("ul", *(tag("a", name, href=f"#{anchor}") for anchor, name in children[0].contents()))
    else:
        title = f"Infant ALL assessments of {len(assessments)} children"
        contents = items("ul", *(tag("a", c.a.record.id, href=f"#{c.prefix}child") for c in children))
    body = [child.sections() if alone else _section(child) for child in children]
    return page(title, contents, body, sources, assessments[0].knowledge)


def _section(child: Child) -> Safe:
    heading = tag("h2", child.a.record.id, id=f"{child.prefix}child")
    return tag("section", heading, child.sections(), class_="child", aria_labelledby=f"{child.prefix}child")
