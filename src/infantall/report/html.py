"""Assessments as one self-contained, accessible HTML page: no script, no request, fit for a phone, a screen and A4."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence

from infantall.care.result import NOT_A_DEVICE, Assessment

from . import words
from .child import Child
from .citing import Sources
from .markup import Safe, items, join, tag
from .style import CSS

_HASH = base64.b64encode(hashlib.sha256(CSS.encode()).digest()).decode()
POLICY = f"default-src 'none'; style-src 'sha256-{_HASH}'; base-uri 'none'; form-action 'none'"
"""The page may do nothing but use its own stylesheet."""


def assessment_html(assessments: Sequence[Assessment]) -> str:
    """One page for one child or several.

    Raises:
        ValueError: without an assessment.
    """
    if not assessments:
        raise ValueError("a report needs at least one assessment")
    sources = Sources(assessments[0].knowledge)
    alone = len(assessments) == 1
    children = [Child(a, sources, "" if alone else f"c{i}-", 2 if alone else 3) for i, a in enumerate(assessments, 1)]
    if alone:
        title = f"Infant ALL assessment: {assessments[0].record.id}"
        contents = items("ul", *(tag("a", name, href=f"#{anchor}") for anchor, name in children[0].contents()))
    else:
        title = f"Infant ALL assessments of {len(assessments)} children"
        contents = items("ul", *(tag("a", c.a.record.id, href=f"#{c.prefix}child") for c in children))
    body = [child.sections() if alone else _section(child) for child in children]
    page = tag(
        "html",
        _head(title),
        tag(
            "body",
            tag("a", "Skip to the assessment", href="#main", class_="skip"),
            tag("header", tag("h1", title), tag("p", words.SHORT_DISCLAIMER, " ", words.NOT_REVIEWED, class_="lead")),
            tag("nav", contents, aria_label="Contents"),
            tag("main", *body, _sources(sources), id="main"),
            tag("footer", tag("p", NOT_A_DEVICE), _knowledge(assessments[0])),
        ),
        lang="en-GB",
    )
    return f"<!doctype html>\n{page}\n"


def _head(title: str) -> Safe:
    void = (
        '<meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark">'
        '<meta name="referrer" content="no-referrer">'
    )
    return tag("head", Safe(void), tag("title", title), tag("style", Safe(CSS)))


def _section(child: Child) -> Safe:
    heading = tag("h2", child.a.record.id, id=f"{child.prefix}child")
    return tag("section", heading, child.sections(), class_="child", aria_labelledby=f"{child.prefix}child")


def _sources(sources: Sources) -> Safe:
    """Every source named on the page, with what of it was read."""
    rows = [
        tag(
            "li",
            source.text,
            tag("span", f" Key {source.id}. Read: {source.read}. {'; '.join(source.links)}", class_="meta"),
            id=f"source-{source.id}",
            value=str(number),
        )
        for number, source in sources.listed()
    ]
    means = "; ".join(f"{words.CONFIDENCE[n] or n}: {said}" for n, said in words.CONFIDENCE_MEANS.items())
    return tag(
        "section",
        tag("h2", "Sources, and how far each was read", id="sources"),
        tag("p", f"How sure a statement is: {means}. ", words.NOT_REVIEWED),
        tag("ol", *rows, class_="sources"),
        aria_labelledby="sources",
    )


def _knowledge(assessment: Assessment) -> Safe:
    packs = "; ".join(f"{p['title']}, {p['id']} {p['version']}" for p in assessment.knowledge.packs)
    return join(tag("p", f"Knowledge: {packs}. Fingerprint {assessment.knowledge.fingerprint}.", class_="meta"))
