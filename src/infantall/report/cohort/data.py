"""Results as JSON and CSV: what could not be estimated is null or empty, and no cell can be taken for a formula."""

from __future__ import annotations

import csv
import dataclasses
import io
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from infantall.cohort.results import QualityReport

from ..words import clean

_FORMULA = ("=", "+", "-", "@")


def jsonable(value: Any) -> Any:
    """The value as JSON knows it: a number that is none, or endless, becomes null; arrays become lists; data classes objects."""
    if isinstance(value, np.ndarray):
        return jsonable(value.tolist())
    if isinstance(value, np.generic):
        return jsonable(value.item())
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: jsonable(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(key): jsonable(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [jsonable(item) for item in value]
    return value


def whole(value: Any) -> Any:
    """Counts as whole numbers where they are whole: 12.0 becomes 12."""
    found = jsonable(value)
    if isinstance(found, list):
        return [whole(item) for item in found]
    return int(found) if isinstance(found, float) and found.is_integer() else found


def shown(count: float | None) -> Any:
    """A count as JSON knows it; null where it is hidden (below zero)."""
    return None if count is None or count < 0 else whole(count)


def shown_counts(counts: Mapping[str, int]) -> dict[str, Any]:
    """Counts by name, null where hidden."""
    return {name: shown(count) for name, count in counts.items()}


def quality_json(quality: QualityReport) -> dict[str, Any]:
    """The quality report as an object."""
    return {"rows": quality.rows, "findings": [{**jsonable(f), "rows": shown(f.rows)} for f in quality.findings]}


def csv_text(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Rows as CSV (RFC 4180, comma; lines end with a newline).

    A number is written as the shortest text that reads back to it; None and NaN are empty. A text that a spreadsheet would take
    for a formula (it begins with ``=``, ``+``, ``-`` or ``@``) gets an apostrophe before it; control characters become spaces.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([csv_cell(cell) for cell in head])
    writer.writerows([csv_cell(cell) for cell in row] for row in rows)
    return out.getvalue()


def csv_cell(cell: Any) -> str:
    """One cell, harmless in a spreadsheet."""
    if cell is None or (isinstance(cell, (float, np.floating)) and math.isnan(cell)):
        return ""
    if isinstance(cell, (bool, np.bool_)):
        return "true" if cell else "false"
    if isinstance(cell, (float, np.floating)):
        value = float(cell)
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(cell, (int, np.integer)):
        return str(int(cell))
    said = clean(str(cell))
    return f"'{said}" if said.lstrip().startswith(_FORMULA) else said
