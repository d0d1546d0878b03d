"""Every protocol's rules over a table, as one SQL query: the same rules, judgements and diagrams that one child gets.

The table holds clean values: one row an infant, columns named as facts, NaN and sentinel values already NULL. For each protocol
the query gives two integers: which eligibility outcomes, and which groups, are still possible (bit *i* for outcome *i*).
:meth:`Stratification.decode` says what they mean.

Infants whom no rule can tell apart share a *profile*: each column is cut into the few cells that the rules distinguish, and the
cells of a row make one number. The rules run once a profile, not once a row, and the rows are joined to the answer; ten million
infants have some ten thousand profiles.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from infantall.facts.vocabulary import FactDefinition
from infantall.knowledge.library import NO_GROUP, NOT_COVERED, UNDEFINED, Judgement, Knowledge, Protocol
from infantall.rules import tree
from infantall.rules.diagram import Diagram, Variable
from infantall.rules.sql import OTHER_AGE, age_limits, below, condition, literal, outcome_mask, quoted

LARGEST_PROFILE = 1 << 126  # a 128-bit integer; a 64-bit one where it suffices
LISTED_PROFILES = 300_000  # up to here every possible profile is answered; beyond, only those that occur


@dataclass(frozen=True)
class Stratification:
    """The query, and the meaning of its columns.

    Attributes:
        sql: DuckDB SQL, one row an infant; columns ``<protocol>__eligible`` and ``<protocol>__groups``, after those in ``keep``.
        counts_sql: the same, one row for each combination of answers, with the number of ``infants``.
        profiles_sql: one row an infant: its ``profile``, after ``keep``. With ``answers_sql`` the lean form of ``sql``.
        answers_sql: one row a profile: its answers.
        protocols: the protocols, in the order of the columns.
    """

    sql: str
    counts_sql: str
    profiles_sql: str
    answers_sql: str
    protocols: tuple[Protocol, ...]

    @staticmethod
    def decode(protocol: Protocol, eligible: int, groups: int) -> tuple[str, str | None, tuple[str, ...]]:
        """Eligibility, group and possible groups, as an assessment of one child gives them."""
        said = _labels(protocol.eligibility_diagram.outcomes, eligible)
        eligibility = said[0] if len(said) == 1 else "undetermined"
        if eligibility == "no":
            return "no", None, ()
        outcomes = _labels(protocol.group_diagram.outcomes, groups) if protocol.stratified else ()
        possible = tuple(outcome for outcome in outcomes if outcome not in NO_GROUP)
        return eligibility, possible[0] if len(outcomes) == 1 and possible else None, possible


def _labels(outcomes: Sequence[str], mask: int) -> tuple[str, ...]:
    return tuple(outcome for i, outcome in enumerate(outcomes) if mask >> i & 1)


def stratification(
    knowledge: Knowledge,
    table: str,
    columns: Iterable[str],
    protocols: Sequence[str] | None = None,
    keep: Sequence[str] = (),
    enums: Iterable[str] = (),
) -> Stratification:
    """The query for a table.

    Args:
        knowledge: the merged packs.
        table: the table's name or a subquery, as SQL.
        columns: the table's columns; those that name no fact are ignored.
        protocols: only these protocols; by default every one.
        keep: columns of the table to keep in the result.
        enums: category columns whose type is an ENUM of the vocabulary's values in their order (read faster than text).
    """
    chosen = tuple(p for name, p in knowledge.protocols.items() if not protocols or name in protocols)
    writer = _Writer(knowledge, {name for name in columns if name in knowledge.vocabulary.facts}, keep, set(enums))
    return Stratification(*writer.queries(table, chosen), chosen)


@dataclass(frozen=True)
class _Part:
    """One column's (or one condition's) share of a profile: how a row is coded, and which value stands for each code.

    Code 0 is unknown. ``codes`` is SQL over the table; ``values`` are SQL literals for codes 1, 2, …
    """

    name: str
    codes: str
    values: tuple[str, ...]

    @property
    def size(self) -> int:
        return len(self.values) + 1


class _Writer:
    def __init__(self, knowledge: Knowledge, present: set[str], keep: Sequence[str], enums: set[str]) -> None:
        self.enums = enums
        self.knowledge = knowledge
        self.facts = knowledge.vocabulary.facts
        self.present = present
        self.keep = keep
        self.columns: dict[str, str] = {name: quoted(name) for name in present if not self.facts[name].judged}
        self.masks: dict[str, tuple[str, tuple[str, ...]]] = {}
        self.tests: dict[tree.Rule, str] = {}
        self.layers: list[tuple[str, str]] = []

    def queries(self, table: str, protocols: Sequence[Protocol]) -> tuple[str, str, str, str]:
        needed = self.needed(protocols)
        parts = self.profile_parts(needed, protocols)
        for name in sorted(needed):
            if self.facts[name].read.get("by") == "recorded":
                self.columns[name] = self.recorded(self.facts[name])
        for judgement in self.knowledge.judgements:
            if judgement.fact in needed:
                self.add_judgement(judgement)
        answers = []
        for protocol in protocols:
            answers.append((protocol.id + "__eligible", self.mask(protocol.eligibility_diagram)))
            answers.append((protocol.id + "__groups", self.mask(protocol.group_diagram) if protocol.stratified else "0"))
        return self.written(table, parts, answers)

    def written(self, table: str, parts: Sequence[_Part], answers: Sequence[tuple[str, str]]) -> tuple[str, str, str, str]:
        size = math.prod(part.size for part in parts)
        if size > LARGEST_PROFILE:
            raise ValueError("too many columns to stratify at once: choose fewer protocols or fewer columns")
        kind = "INTEGER" if size < 1 << 31 else "BIGINT" if size < 1 << 62 else "HUGEINT"
        code, stride, decoded = [], 1, []
        for part in parts:
            code.append(f"{stride}::{kind} * ({part.codes})")
            cases = " ".join(f"WHEN {i} THEN {value}" for i, value in enumerate(part.values, start=1))
            decoded.append(f"CASE (profile // {stride}) % {part.size} {cases} END AS {quoted(part.name)}")
            stride *= part.size
        profile = f"({' + '.join(code) or '0'})::{kind} AS profile"
        coded = f"SELECT {', '.join([*map(quoted, self.keep), profile])} FROM {table}"
        every = (
            f"SELECT range::{kind} AS profile FROM range({size})"
            if size <= LISTED_PROFILES
            else "SELECT DISTINCT profile FROM coded"
        )
        steps = [f"coded AS ({coded})", f"profiles AS ({every})"]
        steps.append(f"layer0 AS (SELECT {', '.join(['profile', *decoded])} FROM profiles)")
        for i, (name, expression) in enumerate(self.layers):
            steps.append(f"layer{i + 1} AS (SELECT *, {expression} AS {name} FROM layer{i})")
        said = ", ".join(f"({expression})::UTINYINT AS {quoted(name)}" for name, expression in answers)
        steps.append(f"answers AS MATERIALIZED (SELECT profile, {said} FROM layer{len(self.layers)})")
        wanted = [*(f"coded.{quoted(name)}" for name in self.keep), *(f"answers.{quoted(name)}" for name, _ in answers)]
        given = f"WITH {', '.join(steps)} SELECT"
        rows = f"{given} {', '.join(wanted)} FROM coded JOIN answers USING (profile)"
        names = ", ".join(quoted(name) for name, _ in answers)
        counted = "(SELECT profile, count(*) AS n FROM coded GROUP BY profile)"
        counts = f"{given} {names}, sum(n)::BIGINT AS infants FROM {counted} JOIN answers USING (profile) GROUP BY {names}"
        return rows, counts, coded, f"{given} profile, {names} FROM answers"

    def profile_parts(self, needed: set[str], protocols: Sequence[Protocol]) -> list[_Part]:
        """What the rules distinguish: the cells of each present column, and each condition over several facts."""
        diagrams = [
            d for p in protocols for d in ((p.eligibility_diagram, p.group_diagram) if p.stratified else (p.eligibility_diagram,))
        ]
        diagrams += [j.diagram for j in self.knowledge.judgements if j.fact in needed]
        variables = [v for d in diagrams for v in d.variables]
        parts = []
        for name in sorted(self.present):
            definition = self.facts[name]
            asked = [v for v in variables if v.kind != "test" and v.fact in (name, OTHER_AGE.get(name))]
            if definition.type == "category":
                if name in needed or self.is_source_of_recorded(name, needed):
                    parts.append(_category_part(name, definition, is_enum=name in self.enums))
            elif asked or self.is_source_of_recorded(name, needed):
                cuts = _cuts(name, asked)
                if self.is_source_of_recorded(name, needed):
                    cuts |= {0.0, math.nextafter(0.0, 1.0)}
                parts.append(_number_part(name, sorted(cuts)))
        for i, test in enumerate(dict.fromkeys(v.test for v in variables if v.test is not None)):
            if not all(name in self.columns for name in tree.facts_of(test)):
                self.tests[test] = "CAST(NULL AS BOOLEAN)"  # the table cannot answer it in any row
                continue
            read = condition(test, self.columns)
            name = f"test{i}"
            self.tests[test] = quoted(name)
            parts.append(_Part(name, f"CASE WHEN {read} THEN 1 WHEN NOT {read} THEN 2 ELSE 0 END", ("TRUE", "FALSE")))
        return parts

    def is_source_of_recorded(self, name: str, needed: set[str]) -> bool:
        return any(_recorded_from(self.facts[n])[0] == name for n in needed if self.facts[n].read.get("by") == "recorded")

    def needed(self, protocols: Sequence[Protocol]) -> set[str]:
        """Every fact that the protocols' diagrams read, directly or through judgements."""
        names: set[str] = set()
        for protocol in protocols:
            names.update(protocol.eligibility_diagram.facts)
            names.update(protocol.group_diagram.facts if protocol.stratified else ())
        for judgement in reversed(self.knowledge.judgements):
            if judgement.fact in names:
                names.update(judgement.diagram.facts)
        return names

    def mask(self, diagram: Diagram) -> str:
        return outcome_mask(diagram, self.columns, self.masks, tests=self.tests)

    def recorded(self, definition: FactDefinition) -> str:
        """A fact about the record itself, from its own column or the finding's: never NULL."""
        own = self.columns.get(definition.name)
        column, words = _recorded_from(definition)
        test = f"{quoted(column)} IN ({', '.join(words)})" if column in self.present and words else "FALSE"
        derived = f"CASE WHEN {test} THEN 'yes' ELSE 'no' END"
        return f"COALESCE({own}, {derived})" if own else f"({derived})"

    def add_judgement(self, judgement: Judgement) -> None:
        """The judgement as a mask over its values: from the rules, from a recorded value, or from both."""
        definition = self.facts[judgement.fact]
        recorded = quoted(judgement.fact) if judgement.fact in self.present else None
        by_rules = self.judged(judgement, definition) if self.can_judge(judgement) else None
        every = (1 << len(definition.values)) - 1
        if by_rules is None and recorded is None:
            return
        if by_rules is None:
            self.columns[judgement.fact] = str(recorded)
            return
        rules = f"r_{judgement.fact}"
        self.layers.append((rules, by_rules))
        if recorded is None:
            self.masks[judgement.fact] = (rules, definition.values)
            return
        bits = " ".join(f"WHEN {recorded} = {literal(word)} THEN {1 << i}" for i, word in enumerate(definition.values))
        said = f"s_{judgement.fact}"
        self.layers.append((said, f"CASE {bits} ELSE {every} END"))
        both = f"m_{judgement.fact}"
        self.layers.append((both, f"CASE WHEN ({said} & {rules}) <> 0 THEN {said} & {rules} ELSE {said} | {rules} END"))
        self.masks[judgement.fact] = (both, definition.values)

    def can_judge(self, judgement: Judgement) -> bool:
        """Whether the table says anything about what the rules read."""
        known = {*self.masks, *(name for name in self.columns if self.facts[name].read.get("by") != "recorded")}
        read = [name for name in judgement.diagram.facts if name in known]
        recorded = [f for f in judgement.diagram.facts if self.facts[f].read.get("by") == "recorded"]
        return bool(read) or any(self.is_recorded_in_table(self.facts[f]) for f in recorded)

    def is_recorded_in_table(self, definition: FactDefinition) -> bool:
        return definition.name in self.present or _recorded_from(definition)[0] in self.present

    def judged(self, judgement: Judgement, definition: FactDefinition) -> str:
        every = (1 << len(definition.values)) - 1
        bits = {word: 1 << i for i, word in enumerate(definition.values)}
        weights = {o: bits.get(o, every) for o in judgement.diagram.outcomes}
        weights.update({NOT_COVERED: every, UNDEFINED: every})
        mask = outcome_mask(judgement.diagram, self.columns, self.masks, weights, self.tests)
        only_recorded = sum(bits[word] for word in definition.values if word not in judgement.given)
        if not only_recorded:
            return mask
        single = " ".join(f"WHEN {bit} THEN {bit}" for bit in bits.values())
        return f"CASE {mask} {single} ELSE {mask} | {only_recorded} END"


def _category_part(name: str, definition: FactDefinition, *, is_enum: bool) -> _Part:
    column = quoted(name)
    cases = " ".join(f"WHEN {literal(word)} THEN {i}" for i, word in enumerate(definition.values, start=1))
    codes = f"COALESCE(enum_code({column}) + 1, 0)" if is_enum else f"CASE {column} {cases} ELSE 0 END"
    return _Part(name, codes, tuple(literal(word) for word in definition.values))


def _number_part(name: str, cuts: Sequence[float]) -> _Part:
    """Cells between the cuts; each is stood for by a number inside it."""
    column = quoted(name)
    codes = f"CASE WHEN {column} IS NULL THEN 0 ELSE {_which_cell(column, cuts, 1)} END"
    inside = [math.nextafter(cuts[0], -math.inf), *cuts] if cuts else [0.0]
    return _Part(name, codes, tuple(literal(value) for value in inside))


def _which_cell(column: str, cuts: Sequence[float], first: int) -> str:
    """The number of the cell, by halving: few comparisons a row."""
    if not cuts:
        return str(first)
    middle = len(cuts) // 2
    low = _which_cell(column, cuts[:middle], first)
    high = _which_cell(column, cuts[middle + 1 :], first + middle + 1)
    return f"(CASE WHEN {column} {below(cuts[middle])} THEN {low} ELSE {high} END)"


def _cuts(name: str, variables: Sequence[Variable]) -> set[float]:
    """Where the rules cut a number: their own thresholds, and those of the age in its other form."""
    cuts: set[float] = set()
    for variable in variables:
        for cell in variable.cells[1:]:
            threshold = float(cell[0])  # type: ignore[index]
            cuts.update({threshold} if variable.fact == name else age_limits(variable.fact, threshold))
    return cuts


def _recorded_from(definition: FactDefinition) -> tuple[str, list[str]]:
    """The column that shows what is recorded, and the SQL values that count as yes."""
    read: Mapping[str, object] = definition.read
    if read.get("timepoint"):
        return definition.name.removesuffix("_negative_recorded"), ["0e0"]
    if read.get("methods"):
        return definition.name, []
    words = read.get("values") or [read["value"]]
    assert isinstance(words, list | tuple)
    return str(read["finding"]), [literal(str(word)) for word in words]
