"""The page around a report: heading, contents, its sources and how far each was read. No script, no request."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence

from infantall.care.result import NOT_A_DEVICE
from infantall.knowledge.library import Knowledge

from . import words
from .citing import Sources
from .markup import Safe, join, tag
from .style import CSS

_HASH = base64.b64encode(hashlib.sha256(CSS.encode()).digest()).decode()
POLICY = f"default-src 'none'; style-src 'sha256-{_HASH}'; base-uri 'none'; form-action 'none'"
"""The page may do nothing but use its own stylesheet."""


def page(title: str, contents: Safe, body: Sequence[Safe], sources: Sources, knowledge: Knowledge) -> str:
    """A whole page around what a report says: heading, contents, the report, its sources, what the knowledge is."""
    shell = tag(
        "html",
        _head(title),
        tag(
            "body",
            tag("a", "Skip to the report", href="#main", class_="skip"),
            tag("header", tag("h1", title), tag("p", words.SHORT_DISCLAIMER, " ", words.NOT_REVIEWED, class_="lead")),
            tag("nav", contents, aria_label="Contents"),
            tag("main", *body, _sources(sources), id="main"),
            tag("footer", tag("p", NOT_A_DEVICE), _knowledge(knowledge)),
        ),
        lang="en-GB",
    )
    return f"<!doctype html>\n{shell}\n"


def _head(title: str) -> Safe:
    void = (
        '<meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark">'
        '<meta name="referrer" content="no-referrer">'
    )
    return tag("head", Safe(void), tag("title", title), tag("style", Safe(CSS)))


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


def _knowledge(knowledge: Knowledge) -> Safe:
    packs = "; ".join(f"{p['title']}, {p['id']} {p['version']}" for p in knowledge.packs)
    return join(tag("p", f"Knowledge: {packs}. Fingerprint {knowledge.fingerprint}.", class_="meta"))
