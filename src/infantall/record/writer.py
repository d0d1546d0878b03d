"""A record back to YAML or JSON. Reading what was written gives the same record: nothing entered is lost."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any

from infantall.text.yaml_places import reads_as_text

from .model import Event, Finding, Record, Treatment, When


def record_data(record: Record) -> dict[str, Any]:
    """The record as plain data in the form of the record file: values and units as they were entered."""
    data: dict[str, Any] = {"id": record.id, "sex": record.sex or "unknown"}
    if record.born is not None or record.diagnosed is None:
        data["born"] = record.born
    if record.diagnosed is not None:
        data["diagnosed"] = record.diagnosed
    data.update(record.age_entered)
    if record.note:
        data["note"] = record.note
    if record.source:
        data["source"] = dict(record.source)
    if record.family.entered:
        data["family"] = dict(record.family.entered)
    data["findings"] = [_finding(finding, record) for finding in record.findings]
    data["treatment"] = [_treatment(entry, record) for entry in record.treatment]
    data["events"] = [_event(event, record) for event in record.events]
    return data


def record_yaml(record: Record) -> str:
    """The record as YAML text, one entry a line."""
    data = record_data(record)
    lists = {key: data.pop(key) for key in ("findings", "treatment", "events")}
    text = _dumped(data, width=120)
    for key, entries in lists.items():
        text += f"{key}:\n" if entries else f"{key}: []\n"
        for entry in entries:
            line = _dumped(entry, default_flow_style=True, width=10_000)
            text += f"  - {line.strip()}\n"
    return text


def _dumped(data: Any, **layout: Any) -> str:
    import yaml

    class Dumper(yaml.SafeDumper):
        """Quotes what our reader would take for a number (an id such as 1e3), and line breaks of every kind."""

        def represent_text(self, text: str) -> Any:
            style = None if text.isprintable() and reads_as_text(text) else '"'
            return self.represent_scalar("tag:yaml.org,2002:str", text, style=style)

    Dumper.add_representer(str, Dumper.represent_text)
    return str(yaml.dump(data, Dumper=Dumper, sort_keys=False, allow_unicode=True, **layout))


def record_json(record: Record) -> str:
    """The record as JSON text; dates as YYYY-MM-DD."""
    return json.dumps(record_data(record), ensure_ascii=False, indent=2, default=_date)


def _date(value: Any) -> str:
    if isinstance(value, dt.date):
        return value.isoformat()
    raise TypeError(f"no JSON form for {type(value).__name__}")


def _when(when: When, record: Record) -> dict[str, Any]:
    """Dates where the record holds dates, days from diagnosis where it does not."""
    if when.on is not None:
        both = record.diagnosed is None and when.day is not None  # the one does not follow from the other
        return {"on": when.on, "day": when.day} if both else {"on": when.on}
    return {"day": when.day} if record.relative or when.day is not None else {}


def _finding(finding: Finding, record: Record) -> dict[str, Any]:
    entered = {key: value for key, value in finding.entered.items() if key not in ("on", "day")}
    return {**_when(finding.when, record), **entered}


def _treatment(entry: Treatment, record: Record) -> dict[str, Any]:
    return {
        **_when(entry.when, record),
        **_filled(
            entry, "what", "course", "name", "protocol", "arm", "drug", "amount", "unit", "route", "setting", "daily", "note"
        ),
        **({"until": entry.until.on or entry.until.day} if entry.until else {}),
        **({"at": list(entry.at)} if entry.at else {}),
    }


def _event(event: Event, record: Record) -> dict[str, Any]:
    return {**_when(event.when, record), **_filled(event, "what", "site", "note")}


def _filled(entry: Any, *keys: str) -> Mapping[str, Any]:
    return {key: value for key in keys if (value := getattr(entry, key)) not in ("", None)}
