"""The family guide's knowledge as objects, built from plain data without pydantic, YAML or sqlglot.

Texts are kept by language: ``text["en"]`` always stands; another language is there when a translation of the present English
is. :class:`Words` says what state a text is in, so that no page can show a translation without knowing it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from infantall.facts.vocabulary import Vocabulary
from infantall.knowledge.library import Citation, Statement, statement_from_data

from .lint import Phrase

ENGLISH = "en"
PARTS = ("short", "why", "do", "do_not", "call", "more")
LEVELS = ("red", "amber", "green")


@dataclass(frozen=True, slots=True)
class TopicText:
    """A topic in one language; ``because`` is the sentence that says why it is shown."""

    title: str
    because: str
    parts: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic of the guide.

    Attributes:
        statement: its rule, sources, confidence and review; ``statement.says`` is the English gist.
        mode: ``show`` when the rule holds; ``offer``: by its title; ``search``: in the whole story only; ``team``: when the
            team has opened it.
        if_unknown: what becomes of it when the rule is open: ``show``; ``list``: named among more topics; ``story``: neither.
    """

    id: str
    tier: int
    mode: str
    order: int
    urgent: bool
    if_unknown: str
    statement: Statement
    text: Mapping[str, TopicText]
    questions: tuple[str, ...]

    @property
    def group(self) -> str:
        return self.id.partition(".")[0]


@dataclass(frozen=True, slots=True)
class Flag:
    """A sign and how urgent it is: red, amber or green."""

    id: str
    level: str
    order: int
    if_unknown: str
    statement: Statement
    text: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Question:
    id: str
    statement: Statement
    text: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Moment:
    """Questions for one moment, in order; ``statement.rule`` says when the moment is."""

    id: str
    order: int
    statement: Statement
    title: Mapping[str, str]
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class UnitRuleText:
    title: str
    until_set: tuple[str, ...]
    unit_says: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UnitRule:
    """A rule that each unit sets, and the most cautious one that was read.

    Attributes:
        must_ask: a printed page says clearly that the unit's own rule is missing.
        numbers: its figures by name, in the units of ``numbers_unit``.
    """

    id: str
    must_ask: bool
    numbers: Mapping[str, float]
    numbers_unit: Mapping[str, str]
    statement: Statement
    text: Mapping[str, UnitRuleText]
    conflict: str


@dataclass(frozen=True, slots=True)
class Medicine:
    """A medicine and what parents look for. ``gloves`` and ``numbing_cream_risk`` are yes, no or unknown."""

    id: str
    names: tuple[str, ...]
    routes: tuple[str, ...]
    group: str
    topic: str
    gloves: str
    numbing_cream_risk: str
    name: Mapping[str, str]
    look_for: Mapping[str, tuple[str, ...]]
    citations: tuple[Citation, ...]
    confidence: str


@dataclass(frozen=True, slots=True)
class Course:
    """The medicines that a protocol's course usually has. ``complete``: whether the whole list was read."""

    id: str
    protocol: str
    course: str
    phase: str
    title: Mapping[str, str]
    medicines: tuple[str, ...]
    complete: bool
    citations: tuple[Citation, ...]
    confidence: str


@dataclass(frozen=True, slots=True)
class NumberText:
    group: str
    treatment: str
    endpoint: Mapping[str, str]
    followed: str
    caution: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NumberPage:
    """Published outcomes of one group of babies, for a parent who asked."""

    id: str
    order: int
    outcomes: tuple[str, ...]
    statement: Statement
    text: Mapping[str, NumberText]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A printed sheet that is no topic; its text is nested as its file is."""

    id: str
    text: Mapping[str, Mapping[str, Any]]
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Season:
    """When RSV is usually about in a region."""

    id: str
    name: str
    months: tuple[int, ...]
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Translation:
    """The state of one translated file.

    Attributes:
        state: ``reviewed``, ``unreviewed`` or ``stale``: made from an English that has changed since, and not used.
        of: the fingerprint of the English it was made from; ``english``: that of the present English.
        fingerprint: of the translation itself, which a review names.
    """

    language: str
    file: str
    state: str
    review: str
    of: str
    english: str
    fingerprint: str


@dataclass(frozen=True)
class GuideKnowledge:
    """Everything the family guide is made from. Immutable.

    Attributes:
        vocabulary: the facts of the disease and those of the family's situation.
        languages: ``en`` first; a language is listed when it has any translation.
        unsafe_phrases: what must not be said to these parents, by language.
        translations: the state of each translated file; stale ones are not among the texts.
    """

    vocabulary: Vocabulary
    topics: tuple[Topic, ...]
    flags: tuple[Flag, ...]
    moments: tuple[Moment, ...]
    rules: Mapping[str, UnitRule]
    medicines: Mapping[str, Medicine]
    courses: tuple[Course, ...]
    numbers: tuple[NumberPage, ...]
    sheets: Mapping[str, Sheet]
    seasons: Mapping[str, Season]
    languages: tuple[str, ...]
    unsafe_phrases: Mapping[str, tuple[Phrase, ...]]
    translations: tuple[Translation, ...]
    fingerprint: str

    @cached_property
    def topic_by_id(self) -> dict[str, Topic]:
        return {topic.id: topic for topic in self.topics}

    @cached_property
    def reviewed_translations(self) -> frozenset[tuple[str, str]]:
        """(language, file) of every translation that somebody reviewed."""
        return frozenset((t.language, t.file) for t in self.translations if t.state == "reviewed")

    def statements(self) -> Sequence[Statement]:
        """Every statement of the guide: topics, signs, moments of questions, unit rules, figures, medicines and courses."""
        cited: list[Any] = [*self.topics, *self.flags, *self.moments, *self.rules.values(), *self.numbers]
        named = [_named("medicine", m.id, m.name[ENGLISH], m) for m in self.medicines.values()]
        named += [_named("course", c.id, f"{c.title[ENGLISH]}: {', '.join(c.medicines)}", c) for c in self.courses]
        return [*(item.statement for item in cited), *named]

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> GuideKnowledge:
        """From the plain data of :func:`infantall.knowledge.guide.compiler.compile_guide`."""
        return cls(
            vocabulary=Vocabulary.from_data(data["vocabulary"]),
            topics=tuple(map(_topic, data["topics"])),
            flags=tuple(_stated(Flag, item) for item in data["flags"]),
            moments=tuple(map(_moment, data["moments"])),
            rules={item["id"]: _unit_rule(item) for item in data["rules"]},
            medicines={item["id"]: _medicine(item) for item in data["medicines"]},
            courses=tuple(Course(**{**_cited(item), "medicines": tuple(item["medicines"])}) for item in data["courses"]),
            numbers=tuple(map(_number, data["numbers"])),
            sheets={item["id"]: Sheet(**_cited(item)) for item in data["sheets"]},
            seasons={item["id"]: Season(**{**_cited(item), "months": tuple(item["months"])}) for item in data["seasons"]},
            languages=tuple(data["languages"]),
            unsafe_phrases={
                language: tuple(Phrase(**{**item, "allowed_if": tuple(item["allowed_if"])}) for item in items)
                for language, items in data["unsafe_phrases"].items()
            },
            translations=tuple(Translation(**item) for item in data["translations"]),
            fingerprint=data["fingerprint"],
        )


def _named(kind: str, identifier: str, says: str, item: Medicine | Course) -> Statement:
    prefix = "drug" if kind == "medicine" else kind  # a medicine's topic has the other name
    return Statement(f"guide.{prefix}.{identifier}", kind, says, item.citations, item.confidence, place=f"guide/{kind}s.yaml")


def _cited(item: Mapping[str, Any]) -> dict[str, Any]:
    return {**item, "citations": tuple(Citation(source, at) for source, at in item["citations"])}


def _stated(kind: Any, item: Mapping[str, Any]) -> Any:
    return kind(**{**item, "statement": statement_from_data(item["statement"])})


def _topic(item: Mapping[str, Any]) -> Topic:
    text = {
        language: TopicText(said["title"], said["because"], {k: tuple(v) for k, v in said["parts"].items()})
        for language, said in item["text"].items()
    }
    statement = statement_from_data(item["statement"])
    return Topic(**{**item, "statement": statement, "text": text, "questions": tuple(item["questions"])})


def _moment(item: Mapping[str, Any]) -> Moment:
    questions = tuple(_stated(Question, question) for question in item["questions"])
    return Moment(**{**item, "statement": statement_from_data(item["statement"]), "questions": questions})


def _unit_rule(item: Mapping[str, Any]) -> UnitRule:
    text = {
        language: UnitRuleText(said["title"], tuple(said["until_set"]), tuple(said["unit_says"]))
        for language, said in item["text"].items()
    }
    return UnitRule(**{**item, "statement": statement_from_data(item["statement"]), "text": text})


def _medicine(item: Mapping[str, Any]) -> Medicine:
    look_for = {language: tuple(said) for language, said in item["look_for"].items()}
    return Medicine(**{**_cited(item), "names": tuple(item["names"]), "routes": tuple(item["routes"]), "look_for": look_for})


def _number(item: Mapping[str, Any]) -> NumberPage:
    text = {language: NumberText(**{**said, "caution": tuple(said["caution"])}) for language, said in item["text"].items()}
    values = {"statement": statement_from_data(item["statement"]), "text": text, "outcomes": tuple(item["outcomes"])}
    return NumberPage(**{**item, **values})
