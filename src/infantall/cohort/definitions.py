"""A rule over a table: of whom it is TRUE, of whom not, and of whom it is open.

The same machinery as for protocols: a rule is an ordered set with one group, so that judgements (early response, CNS status) are
made where a table gives what they rest on, and a missing value leaves the answer open.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from infantall.cohort.stratify import with_groups
from infantall.knowledge.library import Knowledge, Protocol
from infantall.rules import tree
from infantall.rules.diagram import Diagram, build
from infantall.rules.sql import literal, quoted
from infantall.text.problems import InputError, Problem

if TYPE_CHECKING:
    from infantall.cohort.tables import CohortTable

YES, NO, OPEN = "yes", "no", "undetermined"
WHERE = "where"


def with_definitions(table: CohortTable, knowledge: Knowledge, rules: Mapping[str, tree.Rule]) -> CohortTable:
    """The table with one more column a rule, named by its key: ``yes``, ``no`` or ``undetermined``."""
    protocols = {name: _as_protocol(name, rule, knowledge) for name, rule in rules.items()}
    return with_groups(table, replace(knowledge, protocols=protocols), *protocols) if protocols else table


def select(table: CohortTable, knowledge: Knowledge, text: str) -> CohortTable:
    """Only the infants of whom the rule is TRUE; how many it leaves open is said.

    Raises:
        InputError: a rule that does not parse or names no known fact.
    """
    from infantall.cohort.results import Finding
    from infantall.rules.parse import parse_rule

    try:
        rule = parse_rule(text, knowledge.vocabulary)
    except InputError as error:
        raise InputError(Problem(f"--where, {p.place}", p.found, p.expected) for p in error.problems) from None
    marked = with_definitions(table, knowledge, {WHERE: rule})
    counts = dict(table.engine.rows(f"SELECT {quoted(WHERE)}, count(*) FROM {marked.relation} GROUP BY {quoted(WHERE)}"))
    view = table.engine.new_name("selected")
    table.engine.create_view(view, f"SELECT * FROM {marked.relation} WHERE {quoted(WHERE)} = {literal(YES)}")
    kept, not_open = int(counts.get(YES, 0)), int(counts.get(NO, 0))
    unknown = table.rows - kept - not_open
    said = (
        f"Only infants of whom the rule is true: {kept:,} of {table.rows:,}; of {not_open:,} it is not true, "
        f"{unknown:,} lack what it asks."
    )
    finding = Finding(
        "where", "note" if not unknown else "warning", said, table.rows - kept, (), "Infants left open are not counted as no."
    )
    if not kept:
        raise InputError(
            [Problem("--where", f"no infant of whom the rule is true ({unknown:,} are open)", "a rule that is true of some")]
        )
    columns = {name: column for name, column in marked.columns.items() if name != WHERE}
    return replace(marked, relation=view, coded="", enums=(), rows=kept, columns=columns, findings=(finding, *table.findings))


def _as_protocol(name: str, rule: tree.Rule, knowledge: Knowledge) -> Protocol:
    categories = {fact.name: fact.values for fact in knowledge.vocabulary.facts.values()}
    everybody = Diagram((YES,), (), (), -1)
    return Protocol(
        id=name, title=name, full_title="", about="", stratified=True, registry=(), years="", region="", citations=(),
        eligibility=(), groups=(), reallocation=(), response=(), treatment=(),
        eligibility_diagram=everybody, group_diagram=build([(YES, rule)], categories, NO),
    )  # fmt: skip
