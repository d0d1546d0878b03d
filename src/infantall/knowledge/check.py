"""Checks a folder of knowledge: every problem with file and line, and for each ordered set whether every group can be reached."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infantall.rules.diagram import Diagram
from infantall.rules.ordered import possible_outcomes
from infantall.text.problems import InputError, Problem

from .compiler import CORE_PACK, compile_packs
from .library import NOT_COVERED


@dataclass(frozen=True)
class CheckReport:
    """What was checked and what is wrong."""

    folder: str
    counts: Mapping[str, int]
    remarks: tuple[str, ...]
    problems: tuple[Problem, ...]

    def text(self) -> str:
        if self.problems:
            number = len(self.problems)
            return f"{self.folder}: {number} {'problem' if number == 1 else 'problems'}.\n"
        counted = ", ".join(f"{number} {name}" for name, number in self.counts.items())
        lines = [f"{self.folder}: {counted}; no problem.", *(f"  note: {remark}" for remark in self.remarks)]
        return "\n".join(lines) + "\n"

    def json(self) -> str:
        problems = [{"file": p.file, "place": p.place, "found": p.found, "expected": p.expected} for p in self.problems]
        data = {"folder": self.folder, "counts": dict(self.counts), "remarks": list(self.remarks), "problems": problems}
        return json.dumps(data, ensure_ascii=False, indent=2) + "\n"


def check_folder(folder: Path | None = None) -> CheckReport:
    """The report on a pack folder; by default on the knowledge that InfantALL carries."""
    pack = folder or CORE_PACK
    name = str(folder) if folder else "the core pack"
    if not pack.is_dir():
        found = "a file" if pack.exists() else "nothing of that name"
        return CheckReport(name, {}, (), (Problem("the folder", found, "a folder of knowledge files", name),))
    try:
        data = compile_packs(pack)
    except InputError as error:
        return CheckReport(name, {}, (), error.problems)
    remarks, problems = _reachability(data)
    return CheckReport(name, _counts(data), tuple(remarks), tuple(problems))


def _counts(data: Mapping[str, Any]) -> dict[str, int]:
    return {
        "protocols": len(data["protocols"]),
        "judgements": len(data["judgements"]),
        "statements": sum(len(items) for items in data["topics"].values()),
        "published outcomes": len(data["evidence"]["outcomes"]),
        "factors": len(data["evidence"]["factors"]),
        "therapies": len(data["evidence"]["therapies"]),
        "trials": len(data["evidence"]["trials"]),
        "gaps": len(data["evidence"]["gaps"]),
        "conflicts": len(data["conflicts"]),
        "sources": len(data["sources"]),
        "facts": len(data["vocabulary"]["facts"]),
        "findings": len(data["vocabulary"]["findings"]),
    }


def _reachability(data: Mapping[str, Any]) -> tuple[list[str], list[Problem]]:
    """Groups that no child can ever get are a problem; results that no group covers are said."""
    remarks: list[str] = []
    problems: list[Problem] = []
    sets = [(p["id"], p["groups"], p["group_diagram"]) for p in data["protocols"] if p["groups"]]
    sets += [(j["fact"], j["statements"], j["diagram"]) for j in data["judgements"]]
    for name, statements, diagram in sets:
        reachable = possible_outcomes(Diagram.from_data(diagram), {})
        for gives in dict.fromkeys(statement["gives"] for statement in statements):
            if gives not in reachable:
                place = next(s["place"] for s in statements if s["gives"] == gives)
                problems.append(
                    Problem(name, f"'{gives}', which no child can ever get", "rules under which each can apply", place)
                )
        if NOT_COVERED in reachable:
            remarks.append(f"{name}: some results are covered by no rule (not_covered)")
    return remarks, problems
