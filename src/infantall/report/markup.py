"""HTML built so that nothing unescaped can slip in: only :class:`Safe` text is taken as markup, all else is escaped."""

from __future__ import annotations

import html

from .words import clean, glued


class Safe(str):
    """Text that is already HTML."""

    __slots__ = ()


Content = str | None
"""A child of a tag: markup where it is :class:`Safe`, otherwise text to be escaped; None is left out."""


def text(content: Content) -> str:
    """The content as HTML."""
    if content is None:
        return ""
    return content if isinstance(content, Safe) else html.escape(glued(clean(content)), quote=True)


def join(*parts: Content) -> Safe:
    """The parts one after the other."""
    return Safe("".join(map(text, parts)))


def tag(name: str, *parts: Content, **attributes: str | None) -> Safe:
    """An element. ``class_`` is written ``class``, other underscores become hyphens; an attribute of None is left out."""
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{value if value.isalnum() else html.escape(clean(value), quote=True)}"'
        for key, value in attributes.items()
        if value is not None
    )
    return Safe(f"<{name}{written}>{''.join(map(text, parts))}</{name}>")


def items(name: str, *rows: Content, **attributes: str | None) -> Safe:
    """A list (``ul`` or ``ol``) of rows; nothing where there are none."""
    return tag(name, *(tag("li", row) for row in rows), **attributes) if rows else Safe("")


def pairs(*rows: tuple[str, Content]) -> Safe:
    """A description list."""
    return tag("dl", *(join(tag("dt", label), tag("dd", value)) for label, value in rows), class_="facts")


def table(caption: str, head: tuple[str, ...], *rows: tuple[Content, ...]) -> Safe:
    """A table with a caption and scopes; on a narrow page its rows stack, so its roles are written out."""
    top = tag("tr", *(tag("th", cell, scope="col", role="columnheader") for cell in head), role="row")
    body = (
        tag(
            "tr",
            tag("th", row[0], scope="row", role="rowheader"),
            *(tag("td", cell, role="cell", data_label=head[i]) for i, cell in enumerate(row[1:], 1)),
            role="row",
        )
        for row in rows
    )
    return tag(
        "table",
        tag("caption", caption),
        tag("thead", top, role="rowgroup"),
        tag("tbody", *body, role="rowgroup"),
        class_="stack",
        role="table",
    )


def details(summary: Content, *parts: Content, **attributes: str | None) -> Safe:
    """A part that opens and closes; always printed."""
    return tag("details", tag("summary", summary), *parts, **attributes)
