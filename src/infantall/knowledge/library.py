"""The knowledge as objects, built from the compiler's plain data without pydantic, YAML or sqlglot."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from infantall.facts.vocabulary import Vocabulary
from infantall.rules import tree
from infantall.rules.diagram import Diagram

CONFIDENCE = ("seen", "seen-secondary", "derived", "unverified")
NOT_COVERED, UNDEFINED, OFF_STUDY = "not_covered", "undefined", "off_study"
NO_GROUP = (NOT_COVERED, OFF_STUDY)


@dataclass(frozen=True, slots=True)
class Citation:
    """A source, and optionally the place inside it."""

    source: str
    at: str = ""


@dataclass(frozen=True, slots=True)
class Statement:
    """Something known: when it applies, what it says, and who says so.

    Attributes:
        id: where it stands: ``interfant-06.group.HR``.
        kind: ``eligibility``, ``group``, ``reallocation``, ``response``, ``judgement``, ``criterion``, ``finding``, ``pitfall``,
            ``advice``, ``missing``, ``due`` or ``outcome``.
        rule: its ``when``; None for an administrative criterion.
        in_words: the rule as an English sentence.
        gives: what it gives when it applies: a group, an outcome without a group, a value, a move.
        effect: of an eligibility criterion: ``require`` or ``exclude``.
        review: who reviewed the file, and when; empty when nobody has.
    """

    id: str
    kind: str
    says: str
    citations: tuple[Citation, ...]
    confidence: str
    rule: tree.Rule | None = None
    rule_text: str = ""
    in_words: str = ""
    gives: str = ""
    label: str = ""
    effect: str = ""
    fact: str = ""
    by: str = ""
    day: int | None = None
    applies_to: tuple[str, ...] = ()
    note: str = ""
    clarification: str = ""
    review: str = ""
    topic: str = ""
    place: str = ""

    @property
    def computed(self) -> bool:
        """Whether the statement's rule may decide anything."""
        return self.rule is not None and self.confidence != "unverified"


@dataclass(frozen=True)
class Judgement:
    """A fact that is a judgement over other facts: an ordered set of rules."""

    fact: str
    title: str
    statements: tuple[Statement, ...]
    diagram: Diagram
    note: str = ""

    @property
    def given(self) -> tuple[str, ...]:
        """The values that some rule gives."""
        return tuple(dict.fromkeys(s.gives for s in self.statements if s.gives != UNDEFINED))


@dataclass(frozen=True)
class Protocol:
    """One treatment protocol: who may enter, which groups, what moves a child later."""

    id: str
    title: str
    full_title: str
    about: str
    stratified: bool
    registry: tuple[str, ...]
    years: str
    region: str
    citations: tuple[Citation, ...]
    eligibility: tuple[Statement, ...]
    groups: tuple[Statement, ...]
    reallocation: tuple[Statement, ...]
    response: tuple[Statement, ...]
    eligibility_diagram: Diagram
    group_diagram: Diagram

    @property
    def group_labels(self) -> tuple[str, ...]:
        """The protocol's own group labels, in the order of its rules."""
        return tuple(dict.fromkeys(s.gives for s in self.groups if s.gives not in NO_GROUP))

    @property
    def statements(self) -> tuple[Statement, ...]:
        return (*self.eligibility, *self.groups, *self.reallocation, *self.response)


@dataclass(frozen=True, slots=True)
class Side:
    says: str
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Conflict:
    """Where sources disagree: both sides stand, and the choice made is said."""

    id: str
    title: str
    sides: tuple[Side, ...]
    choice: str
    because: str
    confirm: str
    affects: tuple[str, ...]
    topics: tuple[str, ...]
    clarification: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one published subgroup, at one time.

    Attributes:
        statement: the subgroup's definition as its rule, and who says so.
        study, title, era, countries, treatment, note: of the study.
        subgroup: the definition in the paper's terms.
        n: infants in the subgroup; None where not read.
        endpoint: EFS, DFS, OS or CIR.
        clock: what time zero is: diagnosis, remission, not_stated.
        estimate_pct: per cent at ``time_years``.
        printed: the spread in the paper's own terms, or empty; ``se_pct`` or ``ci_pct`` where it is a standard error or interval.
        part_of: subgroups of one study with the same text here divide its infants without overlap.
    """

    statement: Statement
    study: str
    title: str
    era: str
    countries: str
    treatment: str
    note: str
    subgroup: str
    n: int | None
    endpoint: str
    clock: str
    time_years: float
    estimate_pct: float
    se_pct: float | None
    ci_pct: tuple[float, float] | None
    printed: str
    part_of: str


@dataclass(frozen=True, slots=True)
class Source:
    """One entry of the bibliography. ``short`` is who says it, in few words."""

    id: str
    title: str
    short: str
    text: str
    read: str
    links: tuple[str, ...]
    year: str = ""


@dataclass(frozen=True)
class Knowledge:
    """The merged packs. Immutable.

    ``guide`` holds the family guide's statements where they were asked for (:func:`infantall.knowledge.store.load_all`).
    """

    vocabulary: Vocabulary
    judgements: tuple[Judgement, ...]
    protocols: Mapping[str, Protocol]
    topics: Mapping[str, tuple[Statement, ...]]
    topic_titles: Mapping[str, str]
    outcomes: tuple[Outcome, ...]
    conflicts: tuple[Conflict, ...]
    sources: Mapping[str, Source]
    packs: tuple[Mapping[str, str], ...]
    fingerprint: str
    guide: tuple[Statement, ...] = ()

    def statements(self) -> Iterator[Statement]:
        """Every statement, protocols first."""
        for protocol in self.protocols.values():
            yield from protocol.statements
        for judgement in self.judgements:
            yield from judgement.statements
        for statements in self.topics.values():
            yield from statements
        for outcome in self.outcomes:
            yield outcome.statement
        yield from self.guide

    @cached_property
    def by_id(self) -> dict[str, Statement]:
        return {statement.id: statement for statement in self.statements()}

    @cached_property
    def conflicts_by_statement(self) -> dict[str, tuple[Conflict, ...]]:
        found: dict[str, list[Conflict]] = {}
        for conflict in self.conflicts:
            for statement in conflict.affects:
                found.setdefault(statement, []).append(conflict)
        return {statement: tuple(conflicts) for statement, conflicts in found.items()}

    @cached_property
    def judgement_of(self) -> dict[str, Judgement]:
        return {judgement.fact: judgement for judgement in self.judgements}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Knowledge:
        """The knowledge from the plain data of :func:`infantall.knowledge.compiler.compile_packs`."""
        return cls(
            vocabulary=Vocabulary.from_data(data["vocabulary"]),
            judgements=tuple(_judgement(item) for item in data["judgements"]),
            protocols={item["id"]: _protocol(item) for item in data["protocols"]},
            topics={topic: tuple(map(statement_from_data, items)) for topic, items in data["topics"].items()},
            topic_titles=data["topic_titles"],
            outcomes=tuple(map(_outcome, data["outcomes"])),
            conflicts=tuple(map(_conflict, data["conflicts"])),
            sources={item["id"]: Source(**{**item, "links": tuple(item["links"])}) for item in data["sources"]},
            packs=tuple(data["packs"]),
            fingerprint=data["fingerprint"],
        )


def _citations(items: list[list[str]]) -> tuple[Citation, ...]:
    return tuple(Citation(source, at) for source, at in items)


def statement_from_data(item: Mapping[str, Any]) -> Statement:
    """A statement from the compiler's plain data."""
    values = dict(item)
    values["citations"] = _citations(item["citations"])
    values["applies_to"] = tuple(item.get("applies_to", ()))
    if "rule" in item:
        values["rule"] = tree.from_data(item["rule"])
    return Statement(**values)


def _judgement(item: Mapping[str, Any]) -> Judgement:
    statements = tuple(map(statement_from_data, item["statements"]))
    return Judgement(item["fact"], item["title"], statements, Diagram.from_data(item["diagram"]), item["note"])


def _protocol(item: Mapping[str, Any]) -> Protocol:
    return Protocol(
        **{key: item[key] for key in ("id", "title", "full_title", "about", "stratified", "years", "region")},
        registry=tuple(item["registry"]),
        citations=_citations(item["citations"]),
        eligibility=tuple(map(statement_from_data, item["eligibility"])),
        groups=tuple(map(statement_from_data, item["groups"])),
        reallocation=tuple(map(statement_from_data, item["reallocation"])),
        response=tuple(map(statement_from_data, item["response"])),
        eligibility_diagram=Diagram.from_data(item["eligibility_diagram"]),
        group_diagram=Diagram.from_data(item["group_diagram"]),
    )


def _outcome(item: Mapping[str, Any]) -> Outcome:
    interval = tuple(item["ci_pct"]) if item["ci_pct"] else None
    return Outcome(**{**item, "statement": statement_from_data(item["statement"]), "ci_pct": interval})


def _conflict(item: Mapping[str, Any]) -> Conflict:
    sides = tuple(Side(side["says"], _citations(side["citations"])) for side in item["sides"])
    plain = {key: item[key] for key in ("id", "title", "choice", "because", "confirm", "clarification")}
    return Conflict(**plain, sides=sides, affects=tuple(item["affects"]), topics=tuple(item["topics"]))
