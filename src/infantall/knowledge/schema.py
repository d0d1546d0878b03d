"""What a knowledge file may hold. Exported as JSON Schema so that an editor can check a file while it is written."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from .evidence import ENDPOINTS, FACTORS

Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_.-]*$")]
Confidence = Literal["seen", "seen-secondary", "derived", "unverified"]
Infants = Annotated[int, Field(ge=1, le=1_000_000)]
"""How many were studied."""

ENDPOINT_NAMES = tuple(ENDPOINTS)
FACTOR_NAMES = tuple(FACTORS)


Day = Annotated[dt.date, Field(strict=False)]
"""A date, in quotes or not."""


class _Strict(BaseModel):
    """No unknown key, and no text where a number is meant or the other way round."""

    model_config = ConfigDict(extra="forbid", strict=True, str_strip_whitespace=True, frozen=True)


class SourceAt(_Strict):
    """A source and the place inside it."""

    id: Name
    at: str = ""


class Review(_Strict):
    """Who reviewed a file, and when."""

    by: Annotated[list[str], Field(min_length=1)]
    on: Day


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
            raise ValueError("exactly one of require, exclude and administrative")
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
            raise ValueError("either a group or an outcome")
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


class TreatmentLine(_Cited):
    """One part of how a protocol treats: for all its infants, for some groups, or where a rule applies."""

    id: Name
    what: Literal["backbone", "immunotherapy", "transplant", "cns", "t_lineage"]
    applies_to: list[str] = []
    when: str = "TRUE"
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
    treatment: list[TreatmentLine] = []

    @model_validator(mode="after")
    def _groups_if_stratified(self) -> ProtocolFile:
        if self.stratified != any(rule.group for rule in self.groups):
            raise ValueError("groups where stratified is true, none where it is false")
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
            raise ValueError("the fact of a due statement, and by when")
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
            raise ValueError("exactly one of se, ci, sd and plus_minus, as printed")
        if self.ci is not None and not 0 <= self.ci[0] <= self.ci[1] <= 100:
            raise ValueError("ci as [low, high] in per cent, the lower first")
        return self

    def in_words(self) -> str:
        """As printed: ``SE 5.4``, ``95% CI 30.7 to 55.1``, ``± 6 (kind not stated)``."""
        if self.ci is not None:
            return f"95% CI {self.ci[0]:g} to {self.ci[1]:g}"
        if self.plus_minus is not None:
            return f"± {self.plus_minus:g} (kind not stated)"
        return f"SE {self.se:g}" if self.se is not None else f"SD {self.sd:g}, as printed"


Population = Literal["infants", "wider", "mixed", "comparator"]
"""Whom a published number counts: infants with ALL; also older children; ALL with other leukaemias; no infants at all."""

Blinatumomab = Literal["with", "without", "mixed", "not_stated"]


class _Published(_Cited):
    """What every published number has: whom it is about, and which rows of the evidence table it carries over.

    ``beyond`` says what the group's definition asks that no record holds (a trial arm, a laboratory assay): a child can then
    never be known to belong, only be open.
    """

    id: Name
    when: Annotated[str, Field(min_length=1)]
    population: Population = "infants"
    beyond: str = ""
    rows: list[Annotated[int, Field(ge=1)]] = []


class OutcomeRow(_Published):
    """What became of one published subgroup: its definition as a rule, and one estimate at one time."""

    subgroup: Annotated[str, Field(min_length=1)]
    n: Infants | None = None
    count: Annotated[int, Field(ge=0)] | None = None
    endpoint: Literal[ENDPOINT_NAMES]  # type: ignore[valid-type]
    clock: Literal["diagnosis", "remission", "randomisation", "transplant", "infusion", "relapse", "not_stated"]
    time_years: Annotated[float, Field(gt=0, le=30)] | None = None
    estimate_pct: Annotated[float, Field(ge=0, le=100)]
    uncertainty: PrintedUncertainty | None = None
    part_of: str = ""
    treatment: str = ""
    blinatumomab: Blinatumomab | None = None

    @model_validator(mode="after")
    def _counts_fit(self) -> OutcomeRow:
        if self.count is not None and (self.n is None or self.count > self.n):
            raise ValueError("a count with an n that is not smaller")
        return self

    @model_validator(mode="after")
    def _interval_holds_estimate(self) -> OutcomeRow:
        ci = self.uncertainty.ci if self.uncertainty else None
        if ci is not None and not ci[0] <= self.estimate_pct <= ci[1]:
            raise ValueError("an interval around its estimate_pct")
        return self


class _StudyFile(_Strict):
    """What is said once about a study."""

    study: Name
    title: str
    era: str
    countries: str
    treatment: str
    blinatumomab: Blinatumomab
    note: str = ""
    review: Literal["none"] | Review


class OutcomeFile(_StudyFile):
    """``outcomes/<study>.yaml``: the published results of one study."""

    outcomes: Annotated[list[OutcomeRow], Field(min_length=1)]


class FactorRow(_Published):
    """What one study found about one prognostic factor: ``level`` against ``reference``, among the infants of ``when``.

    ``level_when`` says which children stand on the side of the level; ``ci_level`` is the printed interval's.
    """

    factor: Literal[FACTOR_NAMES]  # type: ignore[valid-type]
    level: Annotated[str, Field(min_length=1)]
    reference: Annotated[str, Field(min_length=1)]
    level_when: str = ""
    direction: Literal["worse", "better", "no_difference", "not_stated"]
    outcome: Annotated[str, Field(min_length=1)]
    model: Annotated[str, Field(min_length=1)]
    hr: Annotated[float, Field(gt=0)] | None = None
    ci: Annotated[list[float], Field(min_length=2, max_length=2)] | None = None
    ci_level: Literal[90, 95, 99] = 95
    p: str = ""
    n: Infants | None = None
    says: Annotated[str, Field(min_length=1)]
    caution: str = ""

    @model_validator(mode="after")
    def _interval_holds_ratio(self) -> FactorRow:
        if self.ci is not None and (self.hr is None or not 0 < self.ci[0] <= self.hr <= self.ci[1]):
            raise ValueError("ci as [low, high], with an hr that lies between them")
        return self


class FactorFile(_StudyFile):
    """``factors/<study>.yaml``: the prognostic factors of one study."""

    factors: Annotated[list[FactorRow], Field(min_length=1)]


class TimingRow(_Published):
    """When or how often something happened: a number with its unit, as printed."""

    study: Annotated[str, Field(min_length=1)]
    group: Annotated[str, Field(min_length=1)]
    quantity: Annotated[str, Field(min_length=1)]
    printed: Annotated[str, Field(min_length=1)]
    value: float | None = None
    unit: str = ""
    says: Annotated[str, Field(min_length=1)]


class TimingFile(_Strict):
    """``timing/<topic>.yaml``."""

    topic: Name
    title: str
    note: str = ""
    review: Literal["none"] | Review
    timing: Annotated[list[TimingRow], Field(min_length=1)]


class TherapyPart(_Cited):
    """One thing known about a therapy; ``when`` says for which children (a label's age limit, the group that was studied).

    ``beyond`` says what else must hold that no record shows (which relapse it is): the part is then never surely about a child.
    """

    id: Name
    part: Literal["what", "evidence", "label", "standing", "harm", "unknown"]
    when: str = "TRUE"
    label: str = ""
    beyond: str = ""
    region: str = ""
    as_of: Day | None = None
    n: Infants | None = None
    says: Annotated[str, Field(min_length=1)]

    @model_validator(mode="after")
    def _label_names_its_region(self) -> TherapyPart:
        if self.part == "label" and not self.region:
            raise ValueError("the region of a label")
        return self


class TherapyFile(_Strict):
    """``therapies/<id>.yaml``: a newer therapy: what it is, evidence in infants, labels by region, standing, harms."""

    therapy: Name
    title: str
    sort: str
    order: int
    review: Literal["none"] | Review
    parts: Annotated[list[TherapyPart], Field(min_length=2)]


class TrialFile(_Strict):
    """``trials/<id>.yaml``. A trial that is also a protocol names it and takes its criteria from there."""

    trial: Name
    title: str
    full_title: str = ""
    registry: list[str] = []
    phase: str
    line: Literal["first", "relapse", "transplant", "any"]
    intervention: Annotated[str, Field(min_length=1)]
    planned: Infants | None = None
    status: Literal["recruiting", "not_yet_recruiting", "not_recruiting", "completed", "not_stated"]
    status_said: Annotated[str, Field(min_length=1)]
    status_on: Day | None = None
    countries: list[str] = []
    sites: str = ""
    protocol: str = ""
    about: str = ""
    review: Literal["none"] | Review
    sources: Annotated[list[Name | SourceAt], Field(min_length=1)]
    confidence: Confidence
    criteria: list[Criterion] = []

    @model_validator(mode="after")
    def _criteria_or_protocol(self) -> TrialFile:
        if bool(self.protocol) == bool(self.criteria):
            raise ValueError("either criteria of its own, or the protocol that holds them")
        return self


class GapEntry(_Strict):
    """Something that is not known, or was not read: what, for which children it matters, and what would help."""

    id: Name
    title: str
    kind: Literal["not_known", "not_found", "not_read"]
    topic: Literal[
        "diagnosis",
        "risk",
        "protocols",
        "outcomes",
        "transplant",
        "relapse",
        "new_therapies",
        "trials",
        "toxicity",
        "late_effects",
    ]
    says: Annotated[str, Field(min_length=1)]
    would_help: Annotated[str, Field(min_length=1)]
    when: str = "TRUE"
    sources: list[Name | SourceAt] = []


class NotLoadedEntry(_Strict):
    """Rows of an evidence table that are not held, and why."""

    table: Literal["outcomes", "hazard_ratios", "timing"]
    rows: Annotated[list[Annotated[int, Field(ge=1)]], Field(min_length=1)]
    what: Annotated[str, Field(min_length=1)]
    reason: Annotated[str, Field(min_length=1)]


class GapsFile(_Strict):
    """``gaps.yaml``: what is missing in the literature, and which rows of the evidence tables are not held."""

    review: Literal["none"] | Review
    gaps: Annotated[list[GapEntry], Field(min_length=1)]
    not_loaded: list[NotLoadedEntry] = []


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
    "factors": FactorFile,
    "timing": TimingFile,
    "therapy": TherapyFile,
    "trial": TrialFile,
    "gaps": GapsFile,
    "conflicts": ConflictsFile,
    "pack": PackFile,
}


def json_schema(kind: str) -> dict[str, Any]:
    """The JSON Schema of one kind of file; the kinds are the keys of ``FILES``."""
    return FILES[kind].model_json_schema()
