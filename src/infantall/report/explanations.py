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
_GLUE = Safe("\N{NO-BREAK SPACE}")
_ALL_OF = {"all": "All of these", "any": "Any of these", "not": "Not this"}


def verdict(value: Verdict, word: str = "", shape: str = "") -> Safe:
    """A verdict as a shape and a word."""
    return tag(
        "span",
        tag("span", shape or SHAPE[value], aria_hidden="true"),
        _GLUE,
        word or words.verdict(value),
        class_="v",
    )


class Explainer:
    """Writes the statements of one child; ``prefix`` keeps ids of children on one page apart."""

    def __init__(self, assessment: Assessment, sources: Sources, prefix: str) -> None:
        self.a = assessment
        self.sources = sources
        self.prefix = prefix
        self.conflicts: dict[str, Conflict] = {}
        self._cited: dict[tuple[Citation, ...], Safe] = {}

    def cite(self, citations: tuple[Citation, ...]) -> Safe:
        """The numbers of sources, each a link to its entry."""
        if citations not in self._cited:
            links = [
                tag("a", str(n), href=f"#source-{c.source}", aria_label=f"{n}, source {c.source}", title=c.at or None)
                for n, c in self.sources.numbers(citations)
            ]
            self._cited[citations] = join("[", *(join(", " if i else None, link) for i, link in enumerate(links)), "]")
        return self._cited[citations]

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
        """Why a rule has its verdict: in a line where it asks one thing, else a tree, closed until it is opened."""
        statement, explanation = reason.statement, reason.explanation
        if not explanation.parts:
            lead = join(label, ": ", verdict(reason.verdict, word), ". ") if word else verdict(reason.verdict)
            return tag("div", lead, " ", self.leaf(explanation, statement), class_="why")
        rule = tag("p", "The rule in words: ", statement.in_words, ".", class_="meta") if statement.in_words else None
        tree = tag("ul", self.node(explanation, statement), class_="tree")
        return details(join(label, " ", verdict(reason.verdict, word)), rule, tree, class_="why")

    def node(self, explanation: Explanation, statement: Statement) -> Safe:
        """One part of a tree with the parts below it."""
        if explanation.parts:
            head = join(_ALL_OF[explanation.kind], ": ", verdict(explanation.verdict))
            return tag("li", head, tag("ul", *(self.node(part, statement) for part in explanation.parts)))
        if explanation.kind == "constant":
            return tag("li", self.leaf(explanation, statement))
        return tag("li", verdict(explanation.verdict), " ", self.leaf(explanation, statement))

    def because(self, reason: Reason) -> Safe:
        """Why a statement is shown that is shown only because its rule applies."""
        if reason.explanation.parts:
            return self.why(reason)
        return tag("div", "Because: ", self.leaf(reason.explanation, reason.statement, cited=False), class_="why")

    def leaf(self, explanation: Explanation, statement: Statement, *, cited: bool = True) -> Safe:
        """One condition: what it asks, what is known here with its date, the sources, and what a judgement rests on."""
        if explanation.kind == "constant":
            return join("All others; nothing is asked. ", self.cite(statement.citations))
        said = decisions.leaf_words(self.a, explanation)
        if len(explanation.facts) == 1:
            here = f"here {words.known(self.a, explanation.facts[0])}"
        else:
            here = "here " + ", ".join(f"{words.label(self.a, n)} {words.known(self.a, n)}" for n in explanation.facts)
        below = [self.judged(name) for name in explanation.facts if name in self.a.judgements]
        cites = join(" ", self.cite(statement.citations)) if cited else None
        return join(f"{said}; ", tag("span", here, class_="here"), cites, *below)

    def judged(self, fact: str) -> Safe:
        """What a judgement rests on, in one line below the leaf that reads it."""
        reason = decisions.applied(self.a.judgements[fact])
        if reason is None or not self.a.readings[fact].judged or self.a.values.get(fact) is None:
            return Safe("")
        names = [n for n in decisions.deciding_facts(reason.explanation) if n != fact]
        said = f"Judged {self.a.say(fact)} from {decisions.facts_said(self.a, names)} "
        mark = words.CONFIDENCE[reason.statement.confidence]
        return tag("ul", tag("li", said, self.cite(reason.statement.citations), f" {mark}" if mark else None))
