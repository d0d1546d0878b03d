"""What a file of the family guide's knowledge may hold (``knowledge/data/guide``)."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from infantall.knowledge.schema import Name, Review, SourceAt

Text = Annotated[str, Field(min_length=1)]
Texts = Annotated[list[Text], Field(min_length=1)]
Reviewed = Literal["none"] | Review
IfUnknown = Literal["show", "list", "story"]
"""What becomes of a topic whose rule is open: shown, named among more topics, or left to the whole story."""
YesNo = Literal["yes", "no"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, frozen=True)


class _Cited(_Strict):
    sources: Annotated[list[Name | SourceAt], Field(min_length=1)]
    confidence: Literal["seen", "seen-secondary", "derived"]
    note: str = ""


class TopicText(_Strict):
    """A topic in one language: a title, why it is shown, and its parts, each a list of short sentences."""

    title: Text
    shown_because: Text
    short: Texts
    why: list[Text] = []
    do: list[Text] = []
    do_not: list[Text] = []
    call: list[Text] = []
    more: list[Text] = []


class TopicFile(_Cited):
    """``topics/<topic>.yaml``."""

    topic: Name
    tier: Literal[1, 2, 3]
    mode: Literal["show", "offer", "search", "team"]
    order: Annotated[int, Field(ge=100, le=999)]
    urgent: bool = False
    when: Text
    if_unknown: IfUnknown
    review: Reviewed
    text: TopicText
    questions: list[Name] = []


class FlagItem(_Cited):
    """One sign, and how urgent it is."""

    id: Annotated[str, Field(pattern=r"^(red|amber|green)\.[a-z0-9-]+$")]
    level: Literal["red", "amber", "green"]
    order: int
    when: Text
    if_unknown: IfUnknown
    text: Text


class FlagsFile(_Strict):
    """``red-flags/*.yaml``."""

    review: Reviewed
    items: Annotated[list[FlagItem], Field(min_length=1)]


class QuestionItem(_Strict):
    """One question to ask; ``when`` narrows the moment's own rule."""

    id: Name
    text: Text
    when: str = ""


class QuestionsFile(_Cited):
    """``questions/<moment>.yaml``."""

    review: Reviewed
    moment: Name
    title: Text
    when: Text
    order: int
    items: Annotated[list[QuestionItem], Field(min_length=1)]


class UnitRuleItem(_Cited):
    """A rule that each unit sets for itself, and the most cautious one that was read."""

    id: Annotated[str, Field(pattern=r"^[a-z_]+$")]
    title: Text
    must_ask: bool = False
    numbers: dict[str, float] = {}
    numbers_unit: dict[str, str] = {}
    until_set: Texts
    unit_says: list[Text] = []
    conflict: str = ""


class UnitRulesFile(_Strict):
    """``rules.yaml``."""

    review: Reviewed
    rules: Annotated[list[UnitRuleItem], Field(min_length=1)]


class MedicineItem(_Cited):
    """A medicine: how a record may spell it, which topic it has, what to look for in a baby."""

    id: Name
    name: Text
    names: list[Text]
    routes: list[Text] = []
    group: Annotated[str, Field(pattern=r"^[a-z_]+$")]
    topic: Name
    gloves: Literal["yes", "no", "unknown"]
    numbing_cream_risk: Literal["yes", "no", "unknown"]
    look_for: list[Text] = []


class MedicinesFile(_Strict):
    """``medicines.yaml``."""

    review: Reviewed
    medicines: Annotated[list[MedicineItem], Field(min_length=1)]


class CourseItem(_Cited):
    """The medicines that a protocol's course usually has, by name; never doses or days."""

    id: Name
    protocol: Name
    course: Text
    phase: Literal["induction", "consolidation", "blinatumomab", "transplant", "maintenance"]
    title: Text
    medicines: list[Name]
    complete: bool


class CoursesFile(_Strict):
    """``courses.yaml``."""

    review: Reviewed
    courses: Annotated[list[CourseItem], Field(min_length=1)]


class NumberText(_Strict):
    """What surrounds a figure, in plain words."""

    group: Text
    treatment: Text
    endpoint: dict[str, Text]
    followed: Text
    caution: list[Text] = []


class NumberItem(_Cited):
    """Published outcomes of one group of babies that a parent who asked may see."""

    id: Name
    outcomes: Annotated[list[str], Field(min_length=1)]
    when: Text
    order: int
    text: NumberText


class NumbersFile(_Strict):
    """``numbers.yaml``."""

    review: Reviewed
    numbers: Annotated[list[NumberItem], Field(min_length=1)]


class DocumentFile(_Cited):
    """``texts/<id>.yaml``: a printed sheet that is no topic (letter for helpers, observation log)."""

    review: Reviewed
    text: dict[str, Any]


class SeasonItem(_Cited):
    """When RSV is usually about in a region."""

    id: Name
    name: Text
    months: Annotated[list[Annotated[int, Field(ge=1, le=12)]], Field(min_length=1)]


class SeasonsFile(_Strict):
    """``rsv-seasons.yaml``."""

    review: Reviewed
    regions: Annotated[list[SeasonItem], Field(min_length=1)]


class PhraseItem(_Strict):
    id: Name
    pattern: Text
    because: Text
    allowed_if: list[Text] = []


class PhrasesFile(_Strict):
    """``unsafe-phrases/<language>.yaml``."""

    phrases: Annotated[list[PhraseItem], Field(min_length=1)]


class _Translation(_Strict):
    """``of`` is the fingerprint of the English that was translated; another one makes the translation stale."""

    of: str = ""
    review: Reviewed


class TopicTranslation(_Translation):
    """``translations/<language>/topics/<topic>.yaml``."""

    topic: Name
    text: TopicText


class FlagsTranslation(_Translation):
    """``translations/<language>/red-flags.yaml``."""

    items: dict[str, Text]


class QuestionsTranslation(_Translation):
    """``translations/<language>/questions.yaml``."""

    titles: dict[str, Text]
    items: dict[str, Text]


class UnitRuleWords(_Strict):
    title: Text
    until_set: Texts
    unit_says: list[Text] = []


class UnitRulesTranslation(_Translation):
    """``translations/<language>/rules.yaml``."""

    items: dict[str, UnitRuleWords]


class MedicinesTranslation(_Translation):
    """``translations/<language>/medicines.yaml``."""

    names: dict[str, Text] = {}
    look_for: dict[str, list[Text]] = {}


class CoursesTranslation(_Translation):
    """``translations/<language>/courses.yaml``."""

    titles: dict[str, Text]


class NumbersTranslation(_Translation):
    """``translations/<language>/numbers.yaml``."""

    items: dict[str, NumberText]


class DocumentTranslation(_Translation):
    """``translations/<language>/texts/<id>.yaml``."""

    text: dict[str, Any]
