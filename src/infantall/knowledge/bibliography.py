"""``sources.json``, a CSL-JSON array, to the plain data of each source: one line of text, how far it was read, its links."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from infantall.text.problems import Problem

BIBLIOGRAPHY = "sources.json"
_FORM = "CSL-JSON: text, author as a list of names, issued with date-parts, custom as {read: …}"


def read_bibliography(path: Path) -> tuple[list[dict[str, Any]], list[Problem]]:
    """The sources of a file, and what is wrong with it: each source once, with its id, in the form of CSL-JSON."""
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        said = getattr(error, "strerror", None) or f"text that is no JSON ({error})"
        return [], [Problem("the file", said, "a CSL-JSON array", BIBLIOGRAPHY)]
    sources: dict[str, dict[str, Any]] = {}
    problems = []
    for i, entry in enumerate(entries if isinstance(entries, list) else [entries], start=1):
        identifier = entry.get("id") if isinstance(entry, dict) else None
        if not isinstance(identifier, str) or identifier in sources:
            found = "no CSL-JSON entry with an id" if not isinstance(identifier, str) else f"the id '{identifier}' again"
            problems.append(Problem(f"entry {i}", found, "each source once, with its id", BIBLIOGRAPHY))
            continue
        try:
            sources[identifier] = _source(entry)
        except (AttributeError, TypeError, KeyError, IndexError):
            problems.append(Problem(f"entry {i}, {identifier}", "a part in another form", _FORM, BIBLIOGRAPHY))
    return list(sources.values()), problems


def _source(entry: Mapping[str, Any]) -> dict[str, Any]:
    """A CSL-JSON entry as one line of text and its links. Raises TypeError or AttributeError for a part in another form."""
    issued = entry.get("issued") or {}
    parts = issued.get("date-parts") or [[issued.get("raw", "")]]
    year = str(parts[0][0]) if parts and parts[0] else ""
    authors = [a.get("literal") or " ".join(filter(None, (a.get("family"), a.get("given")))) for a in entry.get("author", [])]
    where = " ".join(filter(None, (entry.get("container-title"), year)))
    volume = entry.get("volume")
    if volume:
        where += (
            f";{volume}"
            + (f"({entry['issue']})" if entry.get("issue") else "")
            + (f":{entry['page']}" if entry.get("page") else "")
        )
    text = ". ".join(part for part in (", ".join(authors), entry.get("title", ""), where, entry.get("publisher", "")) if part)
    links = [f"doi:{entry['DOI']}" if entry.get("DOI") else "", f"PMID {entry['PMID']}" if entry.get("PMID") else ""]
    links += [f"{entry['PMCID']}" if entry.get("PMCID") else "", entry.get("URL", "")]
    found = {
        "id": entry["id"],
        "title": entry.get("title", ""),
        "short": _short_name(entry, year),
        "text": text,
        "read": (entry.get("custom") or {}).get("read", ""),
        "year": year,
    }
    links = [link for link in links if link]
    if not all(isinstance(part, str) for part in (*found.values(), *links)):
        raise TypeError("a part that is no text")
    return {**found, "links": links}


def _short_name(entry: Mapping[str, Any], year: str) -> str:
    """Who says it, as a family reads it: the publisher, else the journal, else the title; with the year."""
    name = str(entry.get("publisher") or entry.get("container-title") or entry.get("title", "")).strip("[]")
    return f"{textwrap.shorten(name, 60, placeholder='…')} {year}".strip()
