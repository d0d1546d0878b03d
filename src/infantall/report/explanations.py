"""Statements and explanation trees as HTML: every leaf with its fact, value, date, threshold, verdict and sources."""

from __future__ import annotations

from collections.abc import Iterable

from infantall.care.result import Assessment, Reason
from infantall.knowledge.library import Citation, Conflict, Statement
from infantall.rules.interpret import Explanation, Verdict

from . import decisions, words
from .citing import Sources
from .markup import Content, Safe, details, items, join, tag

SHAPE = {True: "✓", False: "✗", None: "?"}
_ALL_OF = {"all": "All of these", "any": "Any of these", "not": "Not this"}
_DEEPEST = 6


def verdict(value: Verdict, word: str = "") -> Safe:
    """A verdict as a shape and a word."""
    return tag("span", tag("span", SHAPE[value], aria_hidden="true"), " ", word or words.verdict(value), class_="v")


class Explainer:
    """Writes the statements of one child; ``prefix`` keeps ids of children on one page apart."""

    def __init__(self, assessment: Assessment, sources: Sources, prefix: str) -> None:
        self.a = assessment
        self.sources = sources
        self.prefix = prefix
        self.conflicts: dict[str, Conflict] = {}

    def cite(self, citations: Iterable[Citation]) -> Safe:
        """The numbers of sources, each a link to its entry."""
        links = [
            tag("a", str(number), href=f"#source-{c.source}", aria_label=f"{number}, source {c.source}", title=c.at or None)
            for number, c in self.sources.numbers(citations)
        ]
        return join("[", *(join(", " if i else None, link) for i, link in enumerate(links)), "]")

    def meta(self, statement: Statement) -> Safe:
        """Sources, confidence and review of a statement."""
        confidence = words.CONFIDENCE[statement.confidence] or statement.confidence
        review = f"reviewed: {statement.review}" if statement.review else "not reviewed"
        return tag("span", self.cite(statement.citations), f" {confidence}; {review}", class_="meta")

    def statement(self, statement: Statement, before: Content = None) -> Safe:
        """What a statement says, with its note, sources, confidence and review."""
        note = tag("span", " Note: ", statement.note, class_="meta") if statement.note else None
        return join(before, statement.says, " ", self.meta(statement), note)

    def differ(self, conflicts: Iterable[Conflict]) -> Safe:
        """Links to where both sides of these conflicts are shown."""
        found = list(conflicts)
        self.conflicts.update({c.id: c for c in found})
        rows = [
            join("Sources differ: ", tag("a", c.title, href=f"#{self.prefix}conflict-{c.id}"), " Used here: ", c.choice)
            for c in found
        ]
        return items("ul", *rows)

    def why(self, reason: Reason, label: str = "Why", word: str = "") -> Safe:
        """The explanation tree of a reason, closed until it is opened."""
        statement = reason.statement
        rule = tag("p", "The rule in words: ", statement.in_words, ".", class_="meta") if statement.in_words else None
        tree = tag("ul", self.node(reason.explanation, statement), class_="tree")
        return details(join(label, Safe(" "), verdict(reason.verdict, word)), rule, tree)

    def node(self, explanation: Explanation, statement: Statement, depth: int = 0) -> Safe:
        """One part of a tree with the parts below it."""
        if explanation.parts:
            head = join(_ALL_OF[explanation.kind], ": ", verdict(explanation.verdict))
            below = (self.node(part, statement, depth) for part in explanation.parts)
            return tag("li", head, tag("ul", *below))
        if explanation.kind == "constant":
            return tag("li", verdict(explanation.verdict), " All others; nothing is asked. ", self.cite(statement.citations))
        here = [
            tag("span", words.label(self.a, name), " here: ", words.known(self.a, name), class_="here")
            for name in explanation.facts
        ]
        said = words.sentence(decisions.leaf_words(self.a, explanation))
        parts = [join(". " if i else None, fact) for i, fact in enumerate(here)]
        below = [self.judged(name, depth) for name in explanation.facts if name in self.a.judgements]
        return tag("li", verdict(explanation.verdict), f" {said}. ", *parts, " ", self.cite(statement.citations), *below)

    def judged(self, fact: str, depth: int) -> Safe:
        """What a judgement rests on, below the leaf that reads it."""
        reason = decisions.applied(self.a.judgements[fact])
        if depth >= _DEEPEST or reason is None or not self.a.readings[fact].judged or self.a.values.get(fact) is None:
            return Safe("")
        head = join(words.sentence(self.a.label(fact)), f" {self.a.say(fact)}: ", self.statement(reason.statement))
        return tag("ul", tag("li", head, tag("ul", self.node(reason.explanation, reason.statement, depth + 1))))
