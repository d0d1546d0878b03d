"""The knowledge as objects, built from the compiler's plain data without pydantic, YAML or sqlglot."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from infantall.facts.vocabulary import Vocabulary
from infantall.rules import tree
from infantall.rules.diagram import Diagram

from .evidence import Evidence, Factor, Gap, NotLoaded, Outcome, Study, Therapy, TherapyPart, Timing, Trial

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
            ``advice``, ``missing``, ``due``, ``treatment``, ``outcome``, ``factor``, ``factor_level``, ``timing``, ``therapy``,
            ``trial`` or ``gap``.
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
    treatment: tuple[Statement, ...]
    eligibility_diagram: Diagram
    group_diagram: Diagram

    @property
    def group_labels(self) -> tuple[str, ...]:
        """The protocol's own group labels, in the order of its rules."""
        return tuple(dict.fromkeys(s.gives for s in self.groups if s.gives not in NO_GROUP))

    @property
    def statements(self) -> tuple[Statement, ...]:
        return (*self.eligibility, *self.groups, *self.reallocation, *self.response, *self.treatment)


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

    ``evidence`` is built when it is first asked for: assessing a child does not need it. ``guide`` holds the family guide's
    statements where they were asked for (:func:`infantall.knowledge.store.load_all`).
    """

    vocabulary: Vocabulary
    judgements: tuple[Judgement, ...]
    protocols: Mapping[str, Protocol]
    topics: Mapping[str, tuple[Statement, ...]]
    topic_titles: Mapping[str, str]
    evidence_data: Mapping[str, Any]
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
        yield from self.evidence.statements
        yield from self.guide

    @cached_property
    def evidence(self) -> Evidence:
        """Published outcomes, prognostic factors, timing, newer therapies, trials and gaps."""
        return evidence_from_data(self.evidence_data, self.protocols)

    @cached_property
    def outcomes(self) -> tuple[Outcome, ...]:
        """Every published outcome that was read; those kept from memory are only in ``evidence``."""
        return tuple(o for o in self.evidence.outcomes if o.statement.computed)

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
            evidence_data=data["evidence"],
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
        treatment=tuple(map(statement_from_data, item["treatment"])),
        eligibility_diagram=Diagram.from_data(item["eligibility_diagram"]),
        group_diagram=Diagram.from_data(item["group_diagram"]),
    )


def evidence_from_data(data: Mapping[str, Any], protocols: Mapping[str, Protocol]) -> Evidence:
    """The evidence from the compiler's plain data; a trial that names a protocol takes its criteria."""
    return Evidence(
        outcomes=tuple(map(_outcome, data["outcomes"])),
        factors=tuple(map(_factor, data["factors"])),
        timing=tuple(Timing(**{**item, "statement": statement_from_data(item["statement"])}) for item in data["timing"]),
        timing_titles=data["timing_titles"],
        therapies=tuple(map(_therapy, data["therapies"])),
        trials=tuple(_trial(item, protocols) for item in data["trials"]),
        gaps=tuple(Gap(**{**item, "statement": statement_from_data(item["statement"])}) for item in data["gaps"]),
        not_loaded=tuple(NotLoaded(**{**item, "rows": tuple(item["rows"])}) for item in data["not_loaded"]),
    )


def _outcome(item: Mapping[str, Any]) -> Outcome:
    interval = tuple(item["ci_pct"]) if item["ci_pct"] else None
    statement, study = statement_from_data(item["statement"]), Study(**item["study_facts"])
    return Outcome(**{**item, "statement": statement, "study_facts": study, "ci_pct": interval})


def _factor(item: Mapping[str, Any]) -> Factor:
    level = statement_from_data(item["level_statement"]) if item["level_statement"] else None
    statement, study = statement_from_data(item["statement"]), Study(**item["study_facts"])
    interval = tuple(item["ci"]) if item["ci"] else None
    return Factor(**{**item, "statement": statement, "level_statement": level, "study_facts": study, "ci": interval})


def _therapy(item: Mapping[str, Any]) -> Therapy:
    parts = tuple(TherapyPart(**{**part, "statement": statement_from_data(part["statement"])}) for part in item["parts"])
    return Therapy(item["id"], item["title"], item["sort"], parts)


def _trial(item: Mapping[str, Any], protocols: Mapping[str, Protocol]) -> Trial:
    own = tuple(map(statement_from_data, item["criteria"]))
    lists = {key: tuple(item[key]) for key in ("registry", "countries")}
    criteria = protocols[item["protocol"]].eligibility if item["protocol"] else own
    return Trial(**{**item, **lists, "statement": statement_from_data(item["statement"]), "criteria": criteria})


def _conflict(item: Mapping[str, Any]) -> Conflict:
    sides = tuple(Side(side["says"], _citations(side["citations"])) for side in item["sides"])
    plain = {key: item[key] for key in ("id", "title", "choice", "because", "confirm", "clarification")}
    return Conflict(**plain, sides=sides, affects=tuple(item["affects"]), topics=tuple(item["topics"]))
