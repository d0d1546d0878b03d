"""What a knowledge file may hold. Exported as JSON Schema so that an editor can check a file while it is written."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_.-]*$")]
Confidence = Literal["seen", "seen-secondary", "derived", "unverified"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, frozen=True)


class SourceAt(_Strict):
    """A source and the place inside it."""

    id: Name
    at: str = ""


class Review(_Strict):
    """Who reviewed a file, and when."""

    by: Annotated[list[str], Field(min_length=1)]
    on: dt.date


class _Cited(_Strict):
    sources: Annotated[list[Name | SourceAt], Field(min_length=1)]
    confidence: Confidence
    note: str = ""
    clarification: str = ""


class JudgementRule(_Cited):
    """One rule of a judgement: the value it gives, and when."""

    gives: Annotated[str, Field(min_length=1)]
    when: Annotated[str, Field(min_length=1)]
    says: Annotated[str, Field(min_length=1)]


class UndefinedRule(_Cited):
    """Inputs are known, but no source says what they mean."""

    when: Annotated[str, Field(min_length=1)]
    says: Annotated[str, Field(min_length=1)]


class JudgementFile(_Strict):
    """``judgements/<fact>.yaml``: a fact that is a judgement over other facts."""

    judgement: Name
    title: str
    note: str = ""
    review: Literal["none"] | Review
    rules: Annotated[list[JudgementRule], Field(min_length=1)]
    undefined: list[UndefinedRule] = []


class Criterion(_Cited):
    """One eligibility criterion. Exactly one of ``require``, ``exclude`` and ``administrative``."""

    id: Name
    label: Annotated[str, Field(min_length=1)]
    require: str = ""
    exclude: str = ""
    administrative: bool = False

    @model_validator(mode="after")
    def _one_effect(self) -> Criterion:
        if [bool(self.require), bool(self.exclude), self.administrative].count(True) != 1:
            raise ValueError("a criterion needs exactly one of require, exclude and administrative")
        return self


class GroupRule(_Cited):
    """One rule of a protocol's ordered set of groups, or an outcome without a group."""

    group: str = ""
    outcome: Literal["", "off_study", "not_covered"] = ""
    when: Annotated[str, Field(min_length=1)]
    says: Annotated[str, Field(min_length=1)]

    @model_validator(mode="after")
    def _group_or_outcome(self) -> GroupRule:
        if bool(self.group) == bool(self.outcome):
            raise ValueError("a rule gives either a group or an outcome")
        return self


class Reallocation(_Cited):
    """What moves a child later."""

    id: Name
    to: Annotated[str, Field(min_length=1)]
    applies_to: list[str] = []
    when: Annotated[str, Field(min_length=1)]
    says: Annotated[str, Field(min_length=1)]


class ResponseRule(_Cited):
    """What an early result means under a protocol."""

    id: Name
    when: Annotated[str, Field(min_length=1)]
    says: Annotated[str, Field(min_length=1)]


class ProtocolFile(_Strict):
    """``protocols/<id>.yaml``."""

    protocol: Name
    title: str
    full_title: str = ""
    about: str = ""
    registry: list[str] = []
    years: str | int = ""
    region: str = ""
    stratified: bool
    review: Literal["none"] | Review
    sources: Annotated[list[Name | SourceAt], Field(min_length=1)]
    eligibility: Annotated[list[Criterion], Field(min_length=1)]
    groups: list[GroupRule] = []
    reallocation: list[Reallocation] = []
    response: list[ResponseRule] = []

    @model_validator(mode="after")
    def _groups_if_stratified(self) -> ProtocolFile:
        if self.stratified != any(rule.group for rule in self.groups):
            raise ValueError("a stratified protocol has groups, one that is not has none")
        return self


class TopicStatement(_Cited):
    """Anything else that is said when a rule applies."""

    id: Name
    kind: Literal["criterion", "finding", "pitfall", "advice", "missing", "due"]
    label: str = ""
    when: Annotated[str, Field(min_length=1)]
    says: Annotated[str, Field(min_length=1)]
    fact: str = ""
    by: str = ""
    day: int | None = None

    @model_validator(mode="after")
    def _due_names_a_fact(self) -> TopicStatement:
        if self.kind == "due" and not (self.fact and self.by):
            raise ValueError("a due statement names its fact and by when")
        return self


class TopicFile(_Strict):
    """``statements/<topic>.yaml``."""

    topic: Name
    title: str
    note: str = ""
    review: Literal["none"] | Review
    statements: Annotated[list[TopicStatement], Field(min_length=1)]


class PrintedUncertainty(_Strict):
    """The spread as printed, in per cent: exactly one of a standard error, an interval, an SD, or a ± that says no more."""

    se: Annotated[float, Field(gt=0, lt=100)] | None = None
    ci: Annotated[list[float], Field(min_length=2, max_length=2)] | None = None
    sd: Annotated[float, Field(gt=0, lt=100)] | None = None
    plus_minus: Annotated[float, Field(gt=0, lt=100)] | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> PrintedUncertainty:
        if [self.se, self.ci, self.sd, self.plus_minus].count(None) != 3:
            raise ValueError("give exactly one of se, ci, sd and plus_minus, as printed")
        if self.ci is not None and not 0 <= self.ci[0] <= self.ci[1] <= 100:
            raise ValueError("ci is [low, high] in per cent")
        return self

    def in_words(self) -> str:
        """As printed: ``SE 5.4``, ``95% CI 30.7 to 55.1``, ``± 6 (kind not stated)``."""
        if self.ci is not None:
            return f"95% CI {self.ci[0]:g} to {self.ci[1]:g}"
        if self.plus_minus is not None:
            return f"± {self.plus_minus:g} (kind not stated)"
        return f"SE {self.se:g}" if self.se is not None else f"SD {self.sd:g}, as printed"


class OutcomeRow(_Cited):
    """What became of one published subgroup: its definition as a rule, and one estimate at one time."""

    id: Name
    when: Annotated[str, Field(min_length=1)]
    subgroup: Annotated[str, Field(min_length=1)]
    n: Annotated[int, Field(ge=1)] | None = None
    endpoint: Literal["EFS", "DFS", "OS", "CIR"]
    clock: Literal["diagnosis", "remission", "not_stated"]
    time_years: Annotated[float, Field(gt=0, le=30)]
    estimate_pct: Annotated[float, Field(ge=0, le=100)]
    uncertainty: PrintedUncertainty | None = None
    part_of: str = ""


class OutcomeFile(_Strict):
    """``outcomes/<study>.yaml``: the published results of one study."""

    study: Name
    title: str
    era: str
    countries: str
    treatment: str
    note: str = ""
    review: Literal["none"] | Review
    outcomes: Annotated[list[OutcomeRow], Field(min_length=1)]


class ConflictSide(_Strict):
    says: str
    sources: Annotated[list[Name | SourceAt], Field(min_length=1)]


class ConflictEntry(_Strict):
    """Two sources disagree: both sides, the choice, and who must confirm it."""

    id: Name
    title: str
    sides: Annotated[list[ConflictSide], Field(min_length=2)]
    choice: str
    because: str
    confirm: str
    clarification: str = ""
    affects: list[str] = []
    topics: list[str] = []


class ConflictsFile(_Strict):
    """``conflicts.yaml``."""

    review: Literal["none"] | Review = "none"
    conflicts: list[ConflictEntry]


class PackFile(_Strict):
    """``pack.yaml``."""

    id: Name
    title: str
    version: str
    licence: str
    note: str = ""
    review: Literal["none"] | Review = "none"


FILES: dict[str, type[BaseModel]] = {
    "judgement": JudgementFile,
    "protocol": ProtocolFile,
    "statements": TopicFile,
    "outcomes": OutcomeFile,
    "conflicts": ConflictsFile,
    "pack": PackFile,
}


def json_schema(kind: str) -> dict[str, Any]:
    """The JSON Schema of one kind of file; the kinds are the keys of ``FILES``."""
    return FILES[kind].model_json_schema()
