"""The vocabulary's files (``facts/data``) to the plain data that :class:`Vocabulary` is built from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def vocabulary_data(findings: Mapping[str, Any], facts: Mapping[str, Any], units: Mapping[str, Any]) -> dict[str, Any]:
    """The three files, brought to the form that a running assessment reads."""
    return {
        "findings": [_finding(item) for item in findings["findings"]],
        "timepoints": {item["name"]: item["label"] for item in findings["timepoint_labels"]},
        "absent_words": findings["absent_words"],
        "extras": {name: _extra(item) for name, item in findings["extras"].items()},
        "facts": [_fact(item) for item in facts["facts"]],
        "units": {name: _units(entry["units"]) for name, entry in units["dimensions"].items()},
        "refused_units": [
            {key: entry[key] for key in ("dimensions", "spellings", "reason")} for entry in units.get("refused", [])
        ],
    }


def _finding(item: Mapping[str, Any]) -> dict[str, Any]:
    aliases = item.get("aliases") or {}
    values = item.get("values") or []
    method = (item.get("extra_values") or {}).get("method") or {}
    conversion = item.get("conversion")
    data = {
        **_kept(
            item, "name", "label", "definition", "type", "dimension", "unit", "bounds", "bounds_note", "timepoints",
            "needs_timepoint",
        ),
        "values": values,
        "words": item.get("words") or [],
        "value_aliases": {str(spelling).lower(): word for spelling, word in (aliases.get("values") or {}).items()},
        "aliases": aliases.get("names") or [],
        "extra": item.get("extra") or [],
        "methods": method.get("values") or [],
        "method_aliases": {str(k).lower(): v for k, v in (method.get("aliases") or {}).items()},
        "codes": [_code(code) for code in item.get("codes") or []],
        "value_codes": {word: _code(code) for word, code in (item.get("value_codes") or {}).items()},
        "named_conversions": {
            name: _conversion(entry) for entry in item.get("other_names") or [] for name in entry["names"]
        },
    }  # fmt: skip
    if conversion:
        data["conversion"] = _conversion(conversion)
    if item.get("equivalents"):
        data["per_equivalent"] = item["equivalents"]["factor"]
    return {key: value for key, value in data.items() if value not in (None, [], {}, "")}


def _conversion(item: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "source": "",
        "confidence": "derived",
        **_kept(item, "mass_unit", "molar_unit", "factor", "source", "confidence"),
    }


def _extra(item: Mapping[str, Any]) -> dict[str, Any]:
    aliases = {str(k).lower(): v for k, v in (item.get("aliases") or {}).items()}
    return {**_kept(item, "type", "dimension", "unit", "bounds", "values"), "aliases": aliases}


def _fact(item: Mapping[str, Any]) -> dict[str, Any]:
    kept = _kept(item, "name", "label", "definition", "type", "unit", "values", "plausible", "read", "source_note", "note")
    return {**kept, "codes": [_code(code) for code in item.get("codes") or []]}


def _code(item: Mapping[str, Any]) -> dict[str, Any]:
    return _kept(item, "system", "code", "display", "note", "source", "unit", "property")


def _units(entries: Mapping[str, Any]) -> dict[str, Any]:
    return {code: _kept(entry, "factor", "offset", "spellings") for code, entry in entries.items()}


def _kept(item: Mapping[str, Any], *keys: str) -> dict[str, Any]:
    return {key: item[key] for key in keys if item.get(key) is not None}
