"""How the groups of the world would treat this child, protocol beside protocol: text and HTML."""

from __future__ import annotations

from collections.abc import Callable

from infantall.care.side_by_side import COLUMNS, Column, Line, SideBySide
from infantall.knowledge.library import Statement

from . import decisions, words
from .explanations import Explainer
from .layout import Page
from .markup import Content, Safe, items, join, table, tag

NOT_READ = "not read"
LEAD = (
    "What was read of each protocol, for the group this child is in or may be in. Protocols differ because each built on its own "
    "earlier results; no trial has compared them. Where nothing was read, something may still be done."
)


def _group(column: Column) -> str:
    if column.excluded_by is not None:
        return f"not eligible: {column.excluded_by.statement.label}"
    return decisions.group_words(column.result)


def _only(line: Line) -> str:
    return f"{words.listed(line.only_for, 'or')}: " if line.only_for else ""


def _not_sure(line: Line) -> bool:
    return line.reason.verdict is None


def differences(side: SideBySide) -> list[str]:
    """What differs, in sentences: the groups, who gives immunotherapy, who transplants, and what was not read."""
    takes = [c for c in side.columns if c.result.eligible != "no"]
    groups = [f"{c.result.protocol.title} {_group(c)}" for c in takes if c.result.protocol.stratified]
    said = [f"Groups: {'; '.join(groups)}."] if groups else []
    shut = [c.result.protocol.title for c in side.columns if c.result.eligible == "no"]
    if shut:
        said.append(f"Not for this child by their own criteria: {words.listed(shut)}.")
    said += [f"{COLUMNS[what]}: nothing was read for {words.listed(titles)}." for what, titles in side.not_read.items()]
    return said


def t_lineage(side: SideBySide) -> list[tuple[str, tuple[Line, ...]]]:
    """What T lineage changes, protocol by protocol, where it matters for this child."""
    return [(c.result.protocol.title, c.t_lineage) for c in side.columns if c.t_lineage] if side.t_lineage_matters else []


# -- HTML ----------------------------------------------------------------------------------------------------------------


def side_by_side_html(side: SideBySide, explainer: Explainer, level: int) -> Safe:
    """The table, what differs, what T lineage changes."""
    rows = [_row(column, explainer) for column in side.columns]
    head = ("Protocol", "Group", *COLUMNS.values())
    parts: list[Content] = [tag("p", LEAD), items("ul", *differences(side))]
    parts.append(tag("div", table("Every protocol known here, for this child", head, *rows), class_="side"))
    lineage = t_lineage(side)
    if lineage:
        parts.append(tag(f"h{min(level + 1, 6)}", "What T lineage changes"))
        parts.append(items("ul", *(join(tag("strong", title), ": ", _lines(lines, explainer)) for title, lines in lineage)))
    return join(*parts)


def _row(column: Column, explainer: Explainer) -> tuple[Content, ...]:
    protocol = column.result.protocol
    title = tag("a", protocol.title, href=f"#{explainer.prefix}{protocol.id}")
    cells = [
        _lines(column.cells[what], explainer) if column.cells[what] else tag("span", NOT_READ, class_="nothing")
        for what in COLUMNS
    ]
    return (title, tag("span", _group(column), class_="group"), *cells)


def _lines(lines: tuple[Line, ...], explainer: Explainer) -> Safe:
    said = []
    for line in lines:
        not_sure = tag("em", "if it applies: ") if _not_sure(line) else None
        statement = line.reason.statement
        said.append(tag("div", not_sure, _only(line), statement.says, " ", explainer.cite(statement.citations), _mark(statement)))
    return join(*said)


def _mark(statement: Statement) -> Safe | None:
    word = words.CONFIDENCE[statement.confidence]
    return tag("span", f" {word}", class_="meta") if word else None


# -- text ----------------------------------------------------------------------------------------------------------------


def side_by_side_text(side: SideBySide, page: Page, cited: Callable[[Statement], str]) -> None:
    """The same on a text page; ``cited`` writes a statement with its sources."""
    page.para(LEAD)
    for said in differences(side):
        page.item(said)
    for column in side.columns:
        if column.result.eligible == "no":
            continue
        page.gap()
        page.para(f"{column.result.protocol.title}: {_group(column)}")
        for what, title in COLUMNS.items():
            for line in column.cells[what]:
                page.item(
                    f"{title}: {'if it applies: ' if _not_sure(line) else ''}{_only(line)}{cited(line.reason.statement)}", 2
                )
    for title, lines in t_lineage(side):
        page.gap()
        page.para(f"T lineage in {title}:")
        for line in lines:
            page.item(cited(line.reason.statement), 2)
