"""The vocabulary as objects. Built from plain data, so that a running assessment needs no YAML, pydantic or sqlglot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from .units import UnitTable


@dataclass(frozen=True, slots=True)
class Code:
    """A code of a standard terminology that was read in a source."""

    system: str
    code: str
    display: str = ""
    note: str = ""
    source: str = ""
    unit: str = ""
    property: str = ""


@dataclass(frozen=True, slots=True)
class Conversion:
    """Mass to molar concentration of one analyte: ``molar_unit = mass_unit * factor``."""

    mass_unit: str
    molar_unit: str
    factor: str
    source: str = ""
    confidence: str = "derived"


@dataclass(frozen=True, slots=True)
class Extra:
    """A further key that some findings carry, such as ``specimen`` or ``sensitivity``."""

    type: str
    dimension: str = ""
    unit: str = ""
    bounds: tuple[float, float] | None = None
    values: tuple[str, ...] = ()
    aliases: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FindingDefinition:
    """Something that may be recorded about a child under ``what:``.

    Attributes:
        type: ``number`` or ``category``.
        unit: the canonical UCUM unit of a number; inside InfantALL the value is a plain number in it.
        bounds: lowest and highest value that is not refused as impossible.
        values: the closed set of a category.
        value_aliases: other spellings of a value.
        words: words that a number finding may have in place of a number (``negative`` for MRD).
        extra: further keys that may stand on such a finding (``method``, ``sensitivity``).
    """

    name: str
    label: str
    definition: str
    type: str
    dimension: str = ""
    unit: str = ""
    bounds: tuple[float, float] | None = None
    bounds_note: str = ""
    values: tuple[str, ...] = ()
    value_aliases: Mapping[str, str] = field(default_factory=dict)
    aliases: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()
    method_aliases: Mapping[str, str] = field(default_factory=dict)
    timepoints: bool = False
    needs_timepoint: bool = False
    codes: tuple[Code, ...] = ()
    value_codes: Mapping[str, Code] = field(default_factory=dict)
    conversion: Conversion | None = None
    named_conversions: Mapping[str, Conversion] = field(default_factory=dict)
    per_equivalent: str = ""


@dataclass(frozen=True, slots=True)
class FactDefinition:
    """Something that rules may speak about.

    Attributes:
        type: ``number``, ``category`` or ``date``.
        read: how the value is read: ``by`` names a reader of :mod:`infantall.facts.derive`, the rest are its arguments.
        label: lower-case words that read inside a sentence.
    """

    name: str
    label: str
    definition: str
    type: str
    unit: str = ""
    values: tuple[str, ...] = ()
    plausible: tuple[float, float] | None = None
    read: Mapping[str, Any] = field(default_factory=dict)
    codes: tuple[Code, ...] = ()
    source_note: str = ""
    note: str = ""

    @property
    def judged(self) -> bool:
        """Whether a judgement (an ordered set of rules) gives this fact."""
        return self.read.get("by") == "judgement"


@dataclass(frozen=True)
class Vocabulary:
    """All facts, findings, time points and units.

    Attributes:
        timepoints: name and label of each time point a finding may be marked with.
        absent_words: what people and programs write where there is no result; all of it is unknown.
        extras: the further keys that findings may carry.
    """

    facts: Mapping[str, FactDefinition]
    findings: Mapping[str, FindingDefinition]
    timepoints: Mapping[str, str]
    absent_words: frozenset[str]
    extras: Mapping[str, Extra]
    units: UnitTable

    @cached_property
    def finding_names(self) -> dict[str, str]:
        """Every accepted spelling of a finding's name, in lower case, and the name it stands for."""
        names = {name.lower(): name for name in self.findings}
        for finding in self.findings.values():
            for alias in (*finding.aliases, *finding.named_conversions):
                names.setdefault(alias.lower(), finding.name)
        return names

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Vocabulary:
        """The vocabulary from the plain data that the knowledge compiler wrote."""
        return cls(
            facts={item["name"]: _fact(item) for item in data["facts"]},
            findings={item["name"]: _finding(item) for item in data["findings"]},
            timepoints=data["timepoints"],
            absent_words=frozenset(data["absent_words"]),
            extras={name: _extra(item) for name, item in data["extras"].items()},
            units=UnitTable.from_data(data["units"], data["refused_units"]),
        )


_TUPLES = ("values", "aliases", "words", "extra", "methods")


def _finding(item: Mapping[str, Any]) -> FindingDefinition:
    values = dict(item)
    for key in _TUPLES:
        values[key] = tuple(item.get(key) or ())
    values["bounds"] = _pair(item.get("bounds"))
    values["codes"] = _codes(item)
    values["value_codes"] = {word: Code(**code) for word, code in item.get("value_codes", {}).items()}
    if "conversion" in item:
        values["conversion"] = Conversion(**item["conversion"])
    named = item.get("named_conversions", {})
    values["named_conversions"] = {name: Conversion(**conversion) for name, conversion in named.items()}
    return FindingDefinition(**values)


def _extra(item: Mapping[str, Any]) -> Extra:
    return Extra(**{**item, "values": tuple(item.get("values") or ()), "bounds": _pair(item.get("bounds"))})


def _fact(item: Mapping[str, Any]) -> FactDefinition:
    values = {**item, "values": tuple(item.get("values") or ()), "plausible": _pair(item.get("plausible"))}
    return FactDefinition(**{**values, "codes": _codes(item)})


def _codes(item: Mapping[str, Any]) -> tuple[Code, ...]:
    return tuple(Code(**code) for code in item.get("codes") or ())


def _pair(item: Any) -> tuple[float, float] | None:
    return None if item is None else (item[0], item[1])
