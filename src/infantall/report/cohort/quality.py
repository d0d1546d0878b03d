"""What was noticed about a table, before anything is analysed: the first part of every cohort report."""

from __future__ import annotations

from infantall.cohort.results import Finding, QualityReport

from .blocks import Para, Section, Table
from .words import counted, usable

_SEVERITY = {"error": "Error", "warning": "Warning", "note": "Note"}


def quality_section(quality: QualityReport) -> Section:
    """The findings, worst first, as a section."""
    blocks: list[Para | Table] = [Para(usable(quality))]
    if quality.findings:
        order = list(_SEVERITY)
        found = sorted(quality.findings, key=lambda f: order.index(f.severity))
        head = ("How bad", "Rows", "What was found, and what to do")
        blocks.append(Table("What was noticed about the table", head, tuple(_row(f) for f in found)))
    return Section("The table itself", tuple(blocks))


def _row(finding: Finding) -> tuple[str, str, str]:
    examples = f" For example: {', '.join(finding.examples)}." if finding.examples else ""
    to_do = f" {finding.what_to_do}" if finding.what_to_do else ""
    return _SEVERITY[finding.severity], counted(finding.rows) if finding.rows else "", f"{finding.says}{examples}{to_do}"
