"""The report of ``infantall cohort stratify``: a table under every protocol, as text, Markdown, HTML, JSON and CSV."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from infantall.cohort.results import CrossTable, ProtocolCounts, StratifyResult

from ..figures.drawing import Figure
from ..words import count
from . import figures
from .blocks import Block, Document, Para, Picture, Points, Section, Table, document_markdown, document_text
from .data import csv_text, quality_json, shown, shown_counts
from .page import document_html
from .quality import quality_section
from .words import counted


def stratify_text(result: StratifyResult, width: int = 100) -> str:
    """The report as plain text, no line longer than ``width``."""
    return document_text(stratify_document(result), width)


def stratify_markdown(result: StratifyResult) -> str:
    """The report as Markdown with pipe tables."""
    return document_markdown(stratify_document(result))


def stratify_html(result: StratifyResult) -> str:
    """The report as one self-contained page."""
    return document_html(stratify_document(result))


def stratify_document(result: StratifyResult) -> Document:
    """The report before it has a look."""
    lead = [f"{count(result.n, 'infant')} under {count(len(result.protocols), 'protocol')}. No test was run."]
    sections = [quality_section(result.quality)]
    if result.notices:
        sections.append(Section("Please note", (Points(result.notices),)))
    sections.append(Section("Eligibility", (_eligibility(result),)))
    sections += [_protocol(p) for p in result.protocols if p.stratified]
    drawn = figures.of_stratify(result)
    sections += [_cross(cross, figure) for cross, figure in zip(_drawable(result), drawn.values(), strict=True)]
    return Document(f"Risk groups: {result.table}", tuple(sections), result.simulated, tuple(lead))


def _drawable(result: StratifyResult) -> list[CrossTable]:
    return [cross for cross in result.crosses if cross.row_labels and cross.column_labels]


def _eligibility(result: StratifyResult) -> Table:
    rows = [
        (f"{p.protocol} ({p.title})", *(counted(p.eligible.get(answer, 0)) for answer in ("yes", "no", "undetermined")))
        for p in result.protocols
    ]
    return Table("Infants who meet each protocol's criteria", ("Protocol", "Eligible", "Not eligible", "Open"), tuple(rows))


def _protocol(p: ProtocolCounts) -> Section:
    """Groups, what is open and what is missing, of one protocol."""
    rows = [(group, counted(n)) for group, n in p.groups.items()]
    rows += [(f"open: {possible}", counted(n)) for possible, n in p.undetermined.items()]
    rows.append(("no group (not covered, or off study)", counted(p.without_group)))
    blocks: list[Block] = [Table(f"Infants by group of {p.title}", ("Group", "Infants"), tuple(rows))]
    if p.missing:
        facts = tuple((fact, counted(n)) for fact, n in sorted(p.missing.items(), key=lambda item: -item[1]))
        blocks.append(Table("What is missing, of infants whose group is open", ("Fact", "Infants without it"), facts))
    elif not p.undetermined:
        blocks.append(Para("No infant's group is open."))
    return Section(f"{p.protocol}: groups", tuple(blocks))


def _cross(cross: CrossTable, figure: Figure) -> Section:
    rows = tuple(
        (row, *(counted(cross.counts.get((row, column), 0)) for column in cross.column_labels)) for row in cross.row_labels
    )
    name = f"{cross.rows} against {cross.columns}"
    seen = Table(
        f"Rows: {cross.rows}; columns: {cross.columns}", (f"{cross.rows} \\ {cross.columns}", *cross.column_labels), rows
    )
    return Section(name, (Picture(figure), seen))


def stratify_json(result: StratifyResult) -> dict[str, Any]:
    """The counts as one object; a hidden count is null."""
    return {
        "table": result.table,
        "simulated": result.simulated,
        "n": shown(result.n),
        "protocols": [_protocol_json(p) for p in result.protocols],
        "crosses": [
            {
                "rows": cross.rows,
                "columns": cross.columns,
                "row_labels": list(cross.row_labels),
                "column_labels": list(cross.column_labels),
                "counts": [
                    [shown(cross.counts.get((row, column), 0)) for column in cross.column_labels] for row in cross.row_labels
                ],
            }
            for cross in result.crosses
        ],
        "tests_run": 0,
        "quality": quality_json(result.quality),
        "notices": list(result.notices),
    }


def _protocol_json(p: ProtocolCounts) -> dict[str, Any]:
    return {
        "protocol": p.protocol,
        "title": p.title,
        "stratified": p.stratified,
        "eligible": shown_counts(p.eligible),
        "groups": shown_counts(p.groups),
        "undetermined": shown_counts(p.undetermined),
        "without_group": shown(p.without_group),
        "missing": shown_counts(p.missing),
    }


_HEAD = ("what", "protocol", "label", "other_protocol", "other_label", "infants", "simulated")


def stratify_csv(result: StratifyResult) -> str:
    """Tidy: one row a count. ``what`` is eligible, group, open, no group, missing or cross; a hidden count is empty."""
    return csv_text(_HEAD, ((*row[:-1], shown(row[-1]), result.simulated) for row in _rows(result)))


def _rows(result: StratifyResult) -> Iterator[Sequence[Any]]:
    for p in result.protocols:
        named: tuple[tuple[str, Mapping[str, int]], ...] = (
            ("eligible", p.eligible),
            ("group", p.groups),
            ("open", p.undetermined),
            ("missing", p.missing),
        )
        for what, counts in named:
            yield from ((what, p.protocol, label, "", "", n) for label, n in counts.items())
        yield ("no group", p.protocol, "", "", "", p.without_group)
    for cross in result.crosses:
        for row in cross.row_labels:
            for column in cross.column_labels:
                yield ("cross", cross.rows, row, cross.columns, column, cross.counts.get((row, column), 0))


RENDERERS: Mapping[str, Callable[[StratifyResult], object]] = {
    "text": stratify_text,
    "json": stratify_json,
    "html": stratify_html,
    "csv": stratify_csv,
    "markdown": stratify_markdown,
}
