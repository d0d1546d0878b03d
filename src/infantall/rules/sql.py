"""The same rules as SQL, for a table with one row an infant.

``condition`` writes one rule as a three-valued SQL condition. ``outcome_mask`` writes an ordered set, from its decision
diagram, as an integer whose bit *i* is set when outcome *i* is still possible: one bit, the outcome is settled; several,
undetermined. Both read columns that hold clean values: NaN, empty cells and sentinel values are already NULL (the table
reader sees to that).

Written for DuckDB; :func:`transpile` turns the text into the dialect of another engine.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from infantall.facts.ages import days_in_months

from . import tree
from .diagram import Diagram, Variable

Columns = Mapping[str, str]
"""SQL for the value of each fact that the table can give; a fact without an entry is unknown in every row."""

SHARED_LENGTH = 120  # a shorter part is written again rather than named
MOST_MONTHS = 24_000  # 2,000 years: an age beyond is left open
ENDLESS = 1e9


def quoted(name: str) -> str:
    """An SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(value: float | str | bool) -> str:
    """An SQL literal. Numbers are written as doubles, so that no engine compares them as decimals. NaN is no number."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    if not math.isfinite(value):
        return f"CAST('{'-' if value < 0 else ''}Infinity' AS DOUBLE)"
    text = repr(float(value))
    return text if "e" in text else f"{text}e0"


def condition(rule: tree.Rule, columns: Columns) -> str:
    """The rule as an SQL condition: TRUE, FALSE, or NULL for unknown."""
    match rule:
        case tree.And(terms):
            return "(" + " AND ".join(condition(term, columns) for term in terms) + ")"
        case tree.Or(terms):
            return "(" + " OR ".join(condition(term, columns) for term in terms) + ")"
        case tree.Not(term):
            return f"(NOT {condition(term, columns)})"
        case tree.Constant(value):
            return literal(value)
        case tree.IsMissing(fact):
            return f"({columns[fact.name]} IS NULL)" if fact.name in columns else "TRUE"
        case tree.IsOneOf(fact, words):
            return _is_one_of(fact.name, words, columns)
        case tree.Compare(op, left, right):
            return f"({_operand(left, columns)} {op} {_operand(right, columns)})"


def _is_one_of(name: str, words: tuple[str, ...], columns: Columns) -> str:
    if name not in columns:
        return "CAST(NULL AS BOOLEAN)"
    if len(words) == 1:
        return f"({columns[name]} = {literal(words[0])})"
    return f"({columns[name]} IN ({', '.join(map(literal, words))}))"


def _operand(operand: tree.Operand, columns: Columns) -> str:
    match operand:
        case tree.Number(value):
            return literal(value)
        case tree.Fact(name):
            return columns.get(name, "CAST(NULL AS DOUBLE)")
        case tree.Arithmetic("/", left, right):
            return f"({_operand(left, columns)} / NULLIF({_operand(right, columns)}, 0e0))"
        case tree.Arithmetic(op, left, right):
            return f"({_operand(left, columns)} {op} {_operand(right, columns)})"


def outcome_mask(
    diagram: Diagram,
    columns: Columns,
    masks: Mapping[str, tuple[str, tuple[str, ...]]] | None = None,
    bits: Mapping[str, int] | None = None,
    tests: Mapping[tree.Rule, str] | None = None,
    share: Callable[[str], str] | None = None,
) -> str:
    """SQL for the set of outcomes that are possible in a row, as an integer.

    Args:
        diagram: the ordered set.
        columns: SQL for each fact's value.
        masks: for facts that are themselves masks (a judgement computed in the same query): SQL for the mask, and the values
            its bits stand for. Takes precedence over ``columns``.
        bits: the integer for each outcome; by default bit *i* for outcome *i*.
        tests: SQL for conditions over several facts that are already columns.
        share: makes a column of a part of the answer and gives its name. An unknown value asks every branch, so that a part is
            written more than once; named, it is written once, and the text stays short however deep the diagram is.
    """
    weights = bits or {outcome: 1 << i for i, outcome in enumerate(diagram.outcomes)}
    return _Writer(diagram, columns, masks or {}, weights, tests or {}, share).node(diagram.root)


class _Writer:
    def __init__(
        self,
        diagram: Diagram,
        columns: Columns,
        masks: Mapping[str, tuple[str, tuple[str, ...]]],
        weights: Mapping[str, int],
        tests: Mapping[tree.Rule, str],
        share: Callable[[str], str] | None,
    ) -> None:
        self.tests = tests
        self.share = share
        self.diagram = diagram
        self.columns = columns
        self.masks = masks
        self.weights = weights
        self.written: dict[int, str] = {}

    def node(self, number: int) -> str:
        if number < 0:
            return str(self.weights[self.diagram.outcomes[-1 - number]])
        if number not in self.written:
            variable, children = self.diagram.nodes[number]
            text = self.question(self.diagram.variables[variable], [self.node(c) for c in children])
            self.written[number] = self.share(text) if self.share and len(text) > SHARED_LENGTH else text
        return self.written[number]

    def question(self, variable: Variable, children: list[str]) -> str:
        if variable.kind == "test":
            assert variable.test is not None
            return _branch(self.tests.get(variable.test) or condition(variable.test, self.columns), children[0], children[1])
        if variable.fact in self.masks:
            return self.by_mask(variable, children)
        if variable.fact not in self.columns and not self.has_age(variable.fact):
            return _union(children)
        if variable.kind == "category":
            return self.by_category(variable, children)
        return self.by_number(variable, children)

    def by_category(self, variable: Variable, children: list[str]) -> str:
        """CASE over the groups of values; a NULL leaves all of them open."""
        column = self.columns[variable.fact]
        cases = "".join(
            f" WHEN {_is_one_of(variable.fact, cell, self.columns)} THEN {child}"  # type: ignore[arg-type]
            for cell, child in zip(variable.cells, children, strict=True)
        )
        assert column
        return f"(CASE{cases} ELSE {_union(children)} END)"

    def by_mask(self, variable: Variable, children: list[str]) -> str:
        """Each group of values that the fact's own mask leaves possible."""
        mask, values = self.masks[variable.fact]
        parts = []
        for cell, child in zip(variable.cells, children, strict=True):
            words = [str(word) for word in cell]  # type: ignore[union-attr]
            bits = sum(1 << values.index(word) for word in words)
            parts.append(f"(CASE WHEN ({mask} & {bits}) <> 0 THEN {child} ELSE 0 END)")
        return "(" + " | ".join(parts) + ")"

    def by_number(self, variable: Variable, children: list[str]) -> str:
        """The cells are told apart threshold by threshold, lowest first."""
        is_below = self.below(variable.fact)
        text = children[-1]
        for i in range(len(children) - 2, -1, -1):
            threshold = variable.cells[i + 1][0]  # type: ignore[index]
            text = _branch(is_below(float(threshold)), children[i], text)
        return text

    def has_age(self, name: str) -> bool:
        """Whether the other form of the age is a column, and says something about this one."""
        return OTHER_AGE.get(name) in self.columns

    def below(self, name: str) -> Callable[[float], str]:
        """Writes ``fact < threshold``; for an age also from its other form (days, completed months), where that decides it."""
        column = self.columns.get(name)
        if not self.has_age(name):
            return lambda threshold: f"({column} {below(threshold)})"
        other = self.columns[OTHER_AGE[name]]

        def age_below(threshold: float) -> str:
            surely, surely_not = age_limits(name, threshold)
            by_other = f"WHEN {other} < {literal(surely)} THEN TRUE WHEN {other} >= {literal(surely_not)} THEN FALSE"
            own = f"WHEN {column} IS NOT NULL THEN {column} {below(threshold)} " if column else ""
            return f"(CASE {own}{by_other} END)"

        return age_below


OTHER_AGE = {
    "age_months_at_diagnosis": "age_days_at_diagnosis",
    "age_days_at_diagnosis": "age_months_at_diagnosis",
}


def age_limits(name: str, threshold: float) -> tuple[float, float]:
    """``age < threshold`` from the age in its other form: TRUE under the first number, FALSE from the second on."""
    return _months_below(threshold) if name == "age_months_at_diagnosis" else _days_below(threshold)


def _months_below(threshold: float) -> tuple[float, float]:
    """``months < threshold`` from days: TRUE under the first number of days, FALSE from the second on."""
    months = math.ceil(min(threshold, MOST_MONTHS + 1))
    if months > MOST_MONTHS:
        return days_in_months(MOST_MONTHS)[0], ENDLESS
    fewest, most = days_in_months(months)
    return fewest, most


def _days_below(threshold: float) -> tuple[float, float]:
    """``days < threshold`` from completed months: TRUE under the first number of months, FALSE from the second on."""
    if threshold >= days_in_months(MOST_MONTHS)[0]:
        return MOST_MONTHS, ENDLESS
    surely = max(0, math.floor(threshold / 31))
    while days_in_months(surely + 1)[1] - 1 < threshold:
        surely += 1
    surely_not = surely
    while days_in_months(surely_not)[0] < threshold:
        surely_not += 1
    return surely, surely_not


def below(threshold: float) -> str:
    """``< t``; a threshold that is the float just over a shorter number is written ``<=`` that number."""
    shorter = math.nextafter(threshold, -math.inf)
    if math.isfinite(shorter) and len(repr(shorter)) < len(repr(threshold)):
        return f"<= {literal(shorter)}"
    return f"< {literal(threshold)}"


def _branch(test: str, yes: str, no: str) -> str:
    if yes == no:
        return yes
    return f"(CASE WHEN {test} THEN {yes} WHEN NOT {test} THEN {no} ELSE {_union([yes, no])} END)"


def _union(children: list[str]) -> str:
    distinct = list(dict.fromkeys(children))
    if all(child.isdigit() for child in distinct):
        total = 0
        for child in distinct:
            total |= int(child)
        return str(total)
    return "(" + " | ".join(distinct) + ")" if len(distinct) > 1 else distinct[0]


def transpile(sql: str, dialect: str) -> str:
    """The SQL text in another engine's dialect (``spark``, ``postgres``, …). Needs sqlglot."""
    import sqlglot

    return sqlglot.transpile(sql, read="duckdb", write=dialect)[0]
