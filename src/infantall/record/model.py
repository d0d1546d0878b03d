"""The child's record as objects: immutable, in canonical units, every entry still knowing where it stood."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from infantall.facts.values import Interval, Value


@dataclass(frozen=True, slots=True)
class When:
    """When something happened: a date, a day counted from diagnosis (day 0), both, or not reported."""

    on: dt.date | None = None
    day: int | None = None

    def __str__(self) -> str:
        if self.on is not None:
            return self.on.isoformat()
        return f"day {self.day}" if self.day is not None else "date not reported"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something found in the child.

    Attributes:
        what: the finding's name in the vocabulary.
        value: in the canonical unit; an Interval for ``<10`` or a negative MRD of stated sensitivity; None for no result.
        printed: value and unit as they were entered, for people.
        word: the word that stood in place of a number (``negative``), or an absent word (``pending``).
        extra: method, specimen, sensitivity and the like.
        place: where it stands in its file.
    """

    what: str
    value: Value
    printed: str
    when: When = When()
    timepoint: str = ""
    word: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)
    note: str = ""
    place: str = ""
    entered: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Treatment:
    """A course that was started, a dose that was given, or a medicine that is being taken (``what: medicine``).

    Attributes:
        until: of a medicine: its last day; None while it goes on.
        setting: of a medicine: ``home`` or ``hospital``; empty when not said.
        daily: of a medicine: ``yes`` or ``no``; empty when not said.
        at: of a medicine: the times of day it is given, as ``HH:MM``.
    """

    what: str
    when: When = When()
    course: str = ""
    protocol: str = ""
    arm: str = ""
    name: str = ""
    drug: str = ""
    amount: float | None = None
    unit: str = ""
    route: str = ""
    until: When | None = None
    setting: str = ""
    daily: str = ""
    at: tuple[str, ...] = ()
    note: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """A relapse, a transplant, a death, …"""

    what: str
    when: When = When()
    site: str = ""
    note: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit that is planned: what for, when, where."""

    what: str
    when: When
    at: str = ""
    where: str = ""


@dataclass(frozen=True, slots=True)
class Family:
    """What the family guide needs to know beyond the disease. An empty text or None is unknown, never no.

    Attributes:
        baby: the name that the guide uses.
        feeding: everything the baby is fed now; None when not said.
        at_home: ``pregnant``, ``breastfeeding``, ``smoker``, ``pets``, ``siblings``, ``twin``: yes or no.
        rotavirus: when a child at home last had the rotavirus vaccine.
        medicines_complete: the day on which the list of medicines was said to be complete.
        figures: what each parent chose about survival figures.
        state: ``active``, ``paused`` or ``bereaved``.
        opened: what the team has opened: ``relapse``, ``comfort``, ``end_of_life``.
        answers: what the family wrote under a question, by the question's id; own questions under their own text.
        entered: the part of the record file as it was entered.
    """

    baby: str = ""
    language: str = ""
    region: str = ""
    line: str = ""
    feeding: tuple[str, ...] | None = None
    stopped_breast_milk: str = ""
    teeth: str = ""
    place: str = ""
    been_home: str = ""
    at_home: Mapping[str, str] = field(default_factory=dict)
    rotavirus: When | None = None
    medicines_complete: When | None = None
    transplant: str = ""
    blinatumomab_at_home: str = ""
    trial: str = ""
    figures: Mapping[str, str] = field(default_factory=dict)
    state: str = "active"
    opened: tuple[str, ...] = ()
    visits: tuple[Visit, ...] = ()
    questions: tuple[str, ...] = ()
    answers: Mapping[str, str] = field(default_factory=dict)
    entered: Mapping[str, Any] = field(default_factory=dict, compare=False)


@dataclass(frozen=True, slots=True)
class Record:
    """Everything recorded about one child.

    Attributes:
        age_days: age at diagnosis in days: a number, an Interval (an age given in weeks or months), or None.
        age_months: the same in completed months.
        notices: what the reader noticed and the reader of the assessment should know.
    """

    id: str
    sex: str | None = None
    born: dt.date | None = None
    diagnosed: dt.date | None = None
    age_days: int | Interval | None = None
    age_months: int | Interval | None = None
    age_entered: Mapping[str, Any] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    treatment: tuple[Treatment, ...] = ()
    events: tuple[Event, ...] = ()
    family: Family = Family()
    note: str = ""
    source: Mapping[str, Any] = field(default_factory=dict)
    file: str = ""
    notices: tuple[str, ...] = ()

    @property
    def relative(self) -> bool:
        """Whether the record counts days from diagnosis instead of holding dates."""
        return self.diagnosed is None
