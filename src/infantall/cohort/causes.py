"""What an event column says: 0 for censored, 1, 2, … for causes; or words, of which one means censored."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from infantall.rules.sql import literal, quoted
from infantall.text.problems import InputError, Problem

if TYPE_CHECKING:
    from infantall.cohort.tables import CohortTable

CENSORED_WORDS = ("none", "censored", "no event", "no", "false", "alive", "alive in remission")
FIRST_EVENT = ("no_remission", "relapse", "death_in_remission", "second_cancer", "induction_death")
"""The first events of the cohort table, in its own order; other words come after them, sorted."""
MAX_CAUSES = 12


@dataclass(frozen=True)
class EventColumn:
    """The event as a number.

    Attributes:
        table: the table, with one more column where words had to be turned into numbers.
        column: the column to use.
        causes: the name of each cause by its number.
        says: how words were taken, for the methods; empty for numbers.
    """

    table: CohortTable
    column: str
    causes: dict[int, str]
    says: str = ""


def event_column(table: CohortTable, event: str) -> EventColumn:
    """The event column as numbers 0, 1, 2, …; words are numbered in a new column.

    Raises:
        InputError: a column of words in which none means censored, or with too many different words.
    """
    if table.columns[event].kind == "number":
        found = table.engine.rows(
            f"SELECT DISTINCT {quoted(event)} AS code FROM {table.relation} WHERE {quoted(event)} > 0 "
            f"ORDER BY code LIMIT {MAX_CAUSES + 1}"
        )
        codes = [float(code) for (code,) in found if code is not None and float(code) == int(code)]
        if len(codes) > MAX_CAUSES:
            expected = f"0 for censored and at most {MAX_CAUSES} causes"
            raise InputError(
                [Problem(f"column {event}", f"more than {MAX_CAUSES} different whole numbers", expected, table.name)]
            )
        return EventColumn(table, event, {int(code): str(int(code)) for code in codes})
    return _numbered(table, event)


def _numbered(table: CohortTable, event: str) -> EventColumn:
    name = quoted(event)
    words = [
        str(word)
        for (word,) in table.engine.rows(
            f"SELECT DISTINCT {name} AS word FROM {table.relation} WHERE {name} IS NOT NULL ORDER BY word LIMIT 40"
        )
    ]
    censored = [word for word in words if word.lower().replace("_", " ") in CENSORED_WORDS]
    place = f"column {event}"
    if not censored:
        expected = f"numbers (0 = censored), or words of which one is {', '.join(CENSORED_WORDS[:4])} or alive"
        raise InputError([Problem(place, f"the words {', '.join(words[:6])}"[:120], expected, table.name)])
    causes = [w for w in FIRST_EVENT if w in words] + [w for w in words if w not in (*FIRST_EVENT, *censored)]
    if len(causes) > MAX_CAUSES:
        expected = f"at most {MAX_CAUSES} kinds of event"
        raise InputError([Problem(place, f"more than {MAX_CAUSES} different words", expected, table.name)])
    column = f"{event} as a number"
    cases = " ".join(
        [
            *(f"WHEN {literal(w)} THEN 0e0" for w in censored),
            *(f"WHEN {literal(w)} THEN {literal(float(i))}" for i, w in enumerate(causes, 1)),
        ]
    )
    view = table.engine.new_name("events")
    table.engine.create_view(view, f"SELECT *, CASE {name} {cases} END AS {quoted(column)} FROM {table.relation}")
    numbered = replace(
        table,
        relation=view,
        coded="",
        enums=(),
        columns={**table.columns, column: replace(table.columns[event], name=column, kind="number", fact=None)},
    )
    said = ", ".join(f"{word} = {i}" for i, word in enumerate(causes, 1))
    return EventColumn(
        numbered,
        column,
        dict(enumerate(causes, 1)),
        f"{event}: {' and '.join(censored)} taken as censored; {said or 'no event'}.",
    )
