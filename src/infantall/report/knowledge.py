"""What InfantALL knows, as text for a terminal and as JSON: lists, one entry whole, the bibliography, the state of review."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from infantall.knowledge.library import Citation, Conflict, Knowledge, Protocol, Source, Statement
from infantall.rules import tree
from infantall.text.problems import InputError, Problem, did_you_mean

WIDTH = 80
NOT_REVIEWED = "not reviewed by a clinician"


def _json(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, indent=1, default=str) + "\n"


def _wrapped(text: str, indent: str = "", first: str | None = None) -> str:
    start = indent if first is None else first
    return textwrap.fill(
        text, WIDTH, initial_indent=start, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )


def statement_data(statement: Statement) -> dict[str, Any]:
    """One statement as plain data."""
    return {
        "id": statement.id,
        "kind": statement.kind,
        "gives": statement.gives or None,
        "label": statement.label or None,
        "rule": statement.rule_text or None,
        "in_words": statement.in_words or None,
        "says": statement.says,
        "sources": [{"id": c.source, "at": c.at or None} for c in statement.citations],
        "confidence": statement.confidence,
        "review": statement.review or None,
        "note": statement.note or None,
        "clarification": statement.clarification or None,
        "by": statement.by or None,
        "file": statement.place,
    }


# -- list ----------------------------------------------------------------------------------------------------------------


def _chosen(knowledge: Knowledge, kind: str | None) -> list[Statement]:
    return [s for s in knowledge.statements() if kind is None or s.kind == kind]


def list_text(knowledge: Knowledge, kind: str | None) -> str:
    """One line a statement: id, kind, confidence, and the start of what it says."""
    lines = []
    heading = ""
    for statement in _chosen(knowledge, kind):
        group = statement.id.split(".", 1)[0]
        if group != heading:
            heading = group
            lines += ["", _title(knowledge, group)]
        lines.append(f"  {statement.id}  [{statement.kind}, {statement.confidence}]")
        lines.append("    " + textwrap.shorten(statement.says, WIDTH - 4, placeholder=" …"))
    count = len(_chosen(knowledge, kind))
    unreviewed = sum(1 for s in _chosen(knowledge, kind) if not s.review)
    lines += ["", f"{count} statements, {unreviewed} of them {NOT_REVIEWED}."]
    return "\n".join(lines).lstrip("\n") + "\n"


def _title(knowledge: Knowledge, group: str) -> str:
    if group in knowledge.protocols:
        return knowledge.protocols[group].title
    if group in knowledge.judgement_of:
        return knowledge.judgement_of[group].title
    return "The family guide" if group == "guide" else knowledge.topic_titles.get(group, group)


def list_json(knowledge: Knowledge, kind: str | None) -> str:
    """Every statement as plain data."""
    return _json([statement_data(s) for s in _chosen(knowledge, kind)])


# -- show ----------------------------------------------------------------------------------------------------------------


def show_text(knowledge: Knowledge, identifier: str) -> str:
    """One entry, whole. Raises InputError with the nearest id where there is none of that name."""
    entry = _find(knowledge, identifier)
    match entry:
        case Statement():
            return _statement_text(knowledge, entry)
        case Protocol():
            return _protocol_text(knowledge, entry)
        case Conflict():
            return _conflict_text(knowledge, entry)
        case Source():
            return _source_text(knowledge, entry)
    return _fact_text(knowledge, identifier)


def show_json(knowledge: Knowledge, identifier: str) -> str:
    """One entry as plain data."""
    entry = _find(knowledge, identifier)
    match entry:
        case Statement():
            conflicts = knowledge.conflicts_by_statement.get(entry.id, ())
            return _json({**statement_data(entry), "conflicts": [c.id for c in conflicts]})
        case Protocol():
            return _json(_protocol_data(entry))
        case Conflict():
            return _json(_conflict_data(entry))
        case Source():
            return _json({**_source_data(entry), "cited_by": _citing(knowledge, entry.id)})
    return _json(_fact_data(knowledge, identifier))


def _find(knowledge: Knowledge, identifier: str) -> Any:
    """The statement, protocol, conflict, source or fact of an id; None stands for a fact or finding."""
    conflicts = {conflict.id: conflict for conflict in knowledge.conflicts}
    named: tuple[Mapping[str, Any], ...] = (knowledge.by_id, knowledge.protocols, knowledge.sources, conflicts)
    entry = next((table[identifier] for table in named if identifier in table), None)
    vocabulary = knowledge.vocabulary
    if entry is None and identifier not in vocabulary.facts and identifier not in vocabulary.findings:
        names = [*knowledge.by_id, *knowledge.protocols, *vocabulary.facts, *vocabulary.findings, *conflicts, *knowledge.sources]
        expected = "the id of a statement, protocol, fact, finding, conflict or source" + did_you_mean(identifier, names)
        raise InputError([Problem("ID", f"'{identifier}'", expected)])
    return entry


def _statement_text(knowledge: Knowledge, s: Statement) -> str:
    lines = [s.id, _wrapped(s.says, "  ")]
    if s.gives:
        lines.append(f"  gives: {s.gives}")
    if s.in_words:
        lines += [_wrapped(s.in_words, "        ", f"  {s.effect or 'when'}: "), _wrapped(s.rule_text, "        ", "  rule: ")]
    if s.by:
        lines.append(_wrapped(s.by, "        ", "  by:   "))
    lines.append(f"  confidence: {s.confidence}; {'reviewed: ' + s.review if s.review else NOT_REVIEWED}")
    lines += [_wrapped(_cited(knowledge, c), "          ", "  source: ") for c in s.citations]
    if s.note:
        lines.append(_wrapped(s.note, "        ", "  note: "))
    if s.clarification:
        lines.append(f"  clarification: {s.clarification} (docs/clarifications.md)")
    for conflict in knowledge.conflicts_by_statement.get(s.id, ()):
        lines.append(_wrapped(f"{conflict.title} Chosen: {conflict.choice}", "            ", "  conflict: "))
    return "\n".join([*lines, f"  file: {s.place}"]) + "\n"


def _cited(knowledge: Knowledge, citation: Citation) -> str:
    source = knowledge.sources[citation.source]
    return f"{source.id}: {source.text}" + (f", {citation.at}" if citation.at else "") + f" (read: {source.read})"


def _protocol_text(knowledge: Knowledge, p: Protocol) -> str:
    head = [f"{p.title} ({p.id})", _wrapped(p.full_title or p.about, "  "), _wrapped(", ".join(p.registry), "  ")]
    if p.full_title and p.about:
        head.insert(2, _wrapped(p.about, "  "))
    parts = [("Eligibility", p.eligibility), ("Groups", p.groups), ("Later moves", p.reallocation), ("Response", p.response)]
    lines = [line for line in head if line.strip()]
    for title, statements in parts:
        if statements:
            lines += ["", title]
        for s in statements:
            name = s.gives or s.label
            rule = f"{s.effect or 'when'} {s.in_words}" if s.in_words else "(shown, not computed)"
            lines.append(
                _wrapped(
                    f"{name}: {rule} [{s.confidence}; {s.id}]" if s.gives else f"{name}: {rule} [{s.confidence}]",
                    "      ",
                    "  - ",
                )
            )
    return "\n".join(lines) + "\n"


def _protocol_data(p: Protocol) -> dict[str, Any]:
    return {
        "protocol": p.id,
        "title": p.title,
        "full_title": p.full_title,
        "about": p.about,
        "registry": list(p.registry),
        "stratified": p.stratified,
        "groups": list(p.group_labels),
        "statements": [statement_data(s) for s in p.statements],
    }


def _conflict_data(c: Conflict) -> dict[str, Any]:
    sides = [{"says": side.says, "sources": [x.source for x in side.citations]} for side in c.sides]
    return {
        "id": c.id,
        "title": c.title,
        "sides": sides,
        "choice": c.choice,
        "because": c.because,
        "confirm": c.confirm,
        "affects": list(c.affects),
        "clarification": c.clarification or None,
    }


def _conflict_text(knowledge: Knowledge, c: Conflict) -> str:
    lines = [c.id, _wrapped(c.title, "  ")]
    lines += [_wrapped(f"{side.says} ({', '.join(x.source for x in side.citations)})", "      ", "  - ") for side in c.sides]
    lines += [_wrapped(c.choice, "          ", "  chosen: "), _wrapped(c.because, "           ", "  because: ")]
    lines.append(_wrapped(c.confirm, "              ", "  to confirm: "))
    if c.affects:
        lines.append(_wrapped(", ".join(c.affects), "           ", "  affects: "))
    return "\n".join(lines) + "\n"


def _source_data(source: Source) -> dict[str, Any]:
    return {"id": source.id, "text": source.text, "read": source.read, "links": list(source.links)}


def _citing(knowledge: Knowledge, identifier: str) -> list[str]:
    return [s.id for s in knowledge.statements() if any(c.source == identifier for c in s.citations)]


def _source_text(knowledge: Knowledge, source: Source) -> str:
    lines = [source.id, _wrapped(source.text, "  "), f"  read: {source.read}"]
    if source.links:
        lines.append(_wrapped("; ".join(source.links), "         ", "  links: "))
    cited = _citing(knowledge, source.id)
    lines.append(_wrapped(", ".join(cited) or "nothing", "            ", "  cited by: "))
    return "\n".join(lines) + "\n"


def _fact_data(knowledge: Knowledge, name: str) -> dict[str, Any]:
    vocabulary = knowledge.vocabulary
    entry: Any = vocabulary.facts.get(name) or vocabulary.findings[name]
    codes = entry.codes or (vocabulary.findings[entry.read["finding"]].codes if _reads_finding(entry) else ())
    return {
        "name": entry.name,
        "kind": "fact" if name in vocabulary.facts else "finding",
        "label": entry.label,
        "type": entry.type,
        "unit": entry.unit or None,
        "values": list(entry.values) or None,
        "definition": entry.definition,
        "read": dict(getattr(entry, "read", {})) or None,
        "codes": [{"system": c.system, "code": c.code, "display": c.display} for c in codes],
        "used_by": [s.id for s in knowledge.statements() if s.rule is not None and name in tree.facts_of(s.rule)],
    }


def _reads_finding(entry: Any) -> bool:
    return bool(getattr(entry, "read", {}).get("finding"))


def _fact_text(knowledge: Knowledge, name: str) -> str:
    data = _fact_data(knowledge, name)
    unit = f" [{data['unit']}]" if data["unit"] else ""
    lines = [f"{name} ({data['kind']}): {data['label']}{unit}", _wrapped(data["definition"], "  ")]
    if data["values"]:
        lines.append(_wrapped(" | ".join(data["values"]), "          ", "  values: "))
    lines += [f"  code: {c['system']} {c['code']} {c['display']}" for c in data["codes"]]
    if data["used_by"]:
        lines.append(_wrapped(", ".join(data["used_by"]), "           ", "  used by: "))
    return "\n".join(lines) + "\n"


# -- sources and review --------------------------------------------------------------------------------------------------


def conflicts_json(knowledge: Knowledge) -> str:
    """Every conflict as plain data."""
    return _json([_conflict_data(c) for c in knowledge.conflicts])


def sources_json(knowledge: Knowledge) -> str:
    """The bibliography as plain data."""
    citing: dict[str, list[str]] = {name: [] for name in knowledge.sources}
    for statement in knowledge.statements():
        for name in dict.fromkeys(c.source for c in statement.citations):
            citing[name].append(statement.id)
    return _json([{**_source_data(s), "cited_by": citing[s.id]} for s in knowledge.sources.values()])


def review_text(knowledge: Knowledge) -> str:
    """What nobody reviewed, what is unverified, and where sources disagree and somebody must confirm the choice."""
    statements = list(knowledge.statements())
    unverified = [s for s in statements if s.confidence == "unverified"]
    lines = [f"{sum(1 for s in statements if not s.review)} of {len(statements)} statements are {NOT_REVIEWED}."]
    lines += [f"  {name}: {count}" for name, count in _by_confidence(statements)]
    lines += ["", "Unverified (shown here only, never computed with, never shown to families):"]
    lines += [_wrapped(s.says, "      ", f"  - {s.id}: ") for s in unverified] or ["  none"]
    lines += ["", "Sources disagree; a choice was made, and somebody must confirm it:"]
    for conflict in knowledge.conflicts:
        lines.append(
            _wrapped(
                f"{conflict.title} Chosen: {conflict.choice} To confirm: {conflict.confirm}", "      ", f"  - {conflict.id}: "
            )
        )
    lines += ["", "Not reviewed:"]
    lines += [_wrapped(", ".join(ids), "      ", f"  - {file}: ") for file, ids in _unreviewed_by_file(statements)]
    return "\n".join(lines) + "\n"


def _by_confidence(statements: Iterable[Statement]) -> list[tuple[str, int]]:
    counts: dict[str, int] = {}
    for statement in statements:
        counts[statement.confidence] = counts.get(statement.confidence, 0) + 1
    return sorted(counts.items(), key=lambda item: -item[1])


def _unreviewed_by_file(statements: Sequence[Statement]) -> list[tuple[str, list[str]]]:
    files: dict[str, list[str]] = {}
    for statement in statements:
        if not statement.review:
            files.setdefault(statement.place.rsplit(":", 1)[0], []).append(statement.id)
    return list(files.items())


def review_json(knowledge: Knowledge) -> str:
    """The state of review as plain data."""
    statements = list(knowledge.statements())
    return _json(
        {
            "statements": len(statements),
            "by_confidence": dict(_by_confidence(statements)),
            "not_reviewed": [s.id for s in statements if not s.review],
            "unverified": [s.id for s in statements if s.confidence == "unverified"],
            "conflicts": [_conflict_data(c) for c in knowledge.conflicts],
        }
    )
