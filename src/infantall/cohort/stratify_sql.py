"""Every protocol's rules over a table, as one SQL query: the same rules, judgements and diagrams that one child gets.

The table holds clean values: one row an infant, columns named as facts, NaN and sentinel values already NULL. For each protocol
the query gives two integers: which eligibility outcomes, and which groups, are still possible (bit *i* for outcome *i*).
:meth:`Stratification.decode` says what they mean.

The rules run once a *profile* (see :mod:`.profile_sql`), not once a row, and the rows are joined to the answer; ten million
infants have some ten thousand profiles. All answers of a profile stand side by side in one integer (or a few): it is joined and
kept as cheaply as one column, and taken apart where it is read.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from infantall.facts.vocabulary import FactDefinition
from infantall.knowledge.library import NO_GROUP, NOT_COVERED, UNDEFINED, Judgement, Knowledge, Protocol
from infantall.rules import tree
from infantall.rules.diagram import Diagram
from infantall.rules.sql import OTHER_AGE, age_limits, condition, literal, outcome_mask, quoted
from infantall.text.problems import InputError, Problem, did_you_mean, one_of

from .profile_sql import Part, Word, category_part, condition_part, number_cuts, number_part, packed, recorded_from

LISTED_PROFILES = 300_000  # up to here DuckDB answers every possible profile; beyond, and on Spark, those that occur
ANSWER_BITS = 62
_PROFILES = "{profiles}"


@dataclass(frozen=True)
class Stratification:
    """The queries, and the meaning of their columns.

    Attributes:
        sql: one row an infant; integer columns ``<protocol>__eligible`` and ``<protocol>__groups``, after those in ``keep``.
        packed_sql: the same in short: after ``keep`` only ``answers0``, …; ``unpacked`` gives SQL for each integer from them.
        profiles_sql: how many infants (``n``) have each profile: all that the counts need, and small.
        counts_sql: one row for each combination of answers, with the number of ``infants``.
        missing_sql: one row: for each of ``missing``, the undetermined infants who lack that fact.
        missing: protocol and fact, in the order of the columns of ``missing_sql``.
        protocols: the protocols, in the order of the columns.

    ``{profiles}`` in ``counts_sql`` and ``missing_sql`` stands for the profiles, so that they may be worked out once and kept:
    :meth:`counts` and :meth:`lacking` fill it in.
    """

    sql: str
    packed_sql: str
    unpacked: Mapping[str, str]
    profiles_sql: str
    counts_from: str
    missing_from: str
    missing: tuple[tuple[str, str], ...]
    protocols: tuple[Protocol, ...]

    @property
    def counts_sql(self) -> str:
        return self.counts(f"({self.profiles_sql})")

    def counts(self, profiles: str) -> str:
        """The counts from a relation that holds the rows of ``profiles_sql``."""
        return self.counts_from.replace(_PROFILES, profiles)

    def lacking(self, profiles: str) -> str:
        """The missing facts from a relation that holds the rows of ``profiles_sql``."""
        return self.missing_from.replace(_PROFILES, profiles)

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
    engine: str = "duckdb",
) -> Stratification:
    """The queries for a table, in DuckDB's dialect.

    Args:
        knowledge: the merged packs.
        table: the table's name or a subquery, as SQL.
        columns: the table's columns; those that name no fact are ignored.
        protocols: only these protocols; by default every one.
        keep: columns of the table to keep in the result.
        enums: category columns whose type is an ENUM of the vocabulary's values in their order (read faster than text).
        engine: where they will run: ``duckdb``, or another that knows no ``range`` of numbers.

    Raises:
        InputError: no protocol of that name.
    """
    for name in protocols or ():
        if name not in knowledge.protocols:
            expected = one_of(list(knowledge.protocols)) + did_you_mean(name, knowledge.protocols)
            raise InputError([Problem("--protocol", f"'{name[:40]}'", expected)])
    chosen = tuple(p for name, p in knowledge.protocols.items() if not protocols or name in protocols)
    writer = _Writer(knowledge, {name for name in columns if name in knowledge.vocabulary.facts}, keep, set(enums), engine)
    return writer.queries(table, chosen)


@dataclass(frozen=True)
class _Answer:
    """One integer of the answer: SQL over the last layer, and the bits that hold it."""

    name: str
    sql: str
    bits: int


def _bits(diagram: Diagram) -> int:
    return len(diagram.outcomes)


def several(mask: str) -> str:
    """Whether a mask has more than one bit."""
    return f"({mask} & ({mask} - 1)) <> 0"


def _side_by_side(answers: Sequence[_Answer]) -> tuple[str, dict[str, str]]:
    """SQL of as few integers as hold all answers, and SQL that takes each answer out of them."""
    words: list[list[str]] = []
    unpacked: dict[str, str] = {}
    used = ANSWER_BITS
    for answer in answers:
        if used + answer.bits > ANSWER_BITS:
            words.append([])
            used = 0
        words[-1].append(f"CAST({answer.sql} AS BIGINT) * {1 << used}")
        unpacked[answer.name] = f"CAST((answers{len(words) - 1} >> {used}) & {(1 << answer.bits) - 1} AS UTINYINT)"
        used += answer.bits
    short = ", ".join(f"CAST({' | '.join(word)} AS BIGINT) AS answers{i}" for i, word in enumerate(words))
    return short, unpacked


class _Writer:
    def __init__(self, knowledge: Knowledge, present: set[str], keep: Sequence[str], enums: set[str], engine: str) -> None:
        self.enums = enums
        self.engine = engine
        self.knowledge = knowledge
        self.facts = knowledge.vocabulary.facts
        self.present = present
        self.keep = keep
        self.columns: dict[str, str] = {name: quoted(name) for name in present if not self.facts[name].judged}
        self.masks: dict[str, tuple[str, tuple[str, ...]]] = {}
        self.tests: dict[tree.Rule, str] = {}
        self.layers: list[tuple[str, str]] = []
        self.shared: dict[str, str] = {}

    def queries(self, table: str, protocols: Sequence[Protocol]) -> Stratification:
        needed = self.needed(protocols)
        words = packed(self.profile_parts(needed, protocols))
        for name in sorted(needed):
            if self.facts[name].read.get("by") == "recorded":
                self.columns[name] = self.recorded(self.facts[name])
        for judgement in self.knowledge.judgements:
            if judgement.fact in needed:
                self.add_judgement(judgement)
        answers = []
        for protocol in protocols:
            answers.append(
                _Answer(f"{protocol.id}__eligible", self.mask(protocol.eligibility_diagram), _bits(protocol.eligibility_diagram))
            )
            groups = (self.mask(protocol.group_diagram), _bits(protocol.group_diagram)) if protocol.stratified else ("0", 1)
            answers.append(_Answer(f"{protocol.id}__groups", *groups))
        return self.written(table, words, answers, protocols)

    def written(
        self, table: str, words: Sequence[Word], answers: Sequence[_Answer], protocols: Sequence[Protocol]
    ) -> Stratification:
        keep = [quoted(name) for name in self.keep]
        profile = ", ".join(word.name for word in words)
        coded = f"SELECT {', '.join([*keep, *(word.sql for word in words)])} FROM {table}"
        bare = f"SELECT {', '.join(word.sql for word in words)} FROM {table}"
        profiles = f"SELECT {profile}, count(*) AS n FROM ({bare}) AS coded GROUP BY {profile}"
        short, unpacked = _side_by_side(answers)
        said = f"answers AS (SELECT {profile}, {short} FROM layer{len(self.levels())})"
        steps = ", ".join([f"coded AS ({coded})", *self.listed(words), *self.layered(words, profile), said])
        given = [f"answers{i}" for i in range(short.count(" AS answers"))]
        joined = f"FROM coded JOIN answers USING ({profile})"
        kept = [f"coded.{name}" for name in keep]
        packed_sql = f"WITH {steps} SELECT {', '.join([*kept, *given])} {joined}"
        each = [f"{sql} AS {quoted(name)}" for name, sql in unpacked.items()]
        rows = f"SELECT {', '.join([*keep, *each])} FROM ({packed_sql}) AS packed"
        from_profiles = ", ".join(self.layered(words, f"{profile}, n", _PROFILES))
        masks = ", ".join(f"CAST({a.sql} AS UTINYINT) AS {quoted(a.name)}" for a in answers)
        names = ", ".join(quoted(a.name) for a in answers)
        counts = (
            f"WITH {from_profiles} SELECT {names}, CAST(sum(n) AS BIGINT) AS infants "
            f"FROM (SELECT {masks}, n FROM layer{len(self.levels())}) AS answers GROUP BY {names}"
        )
        missing, sums = self.missing(protocols, {a.name: a.sql for a in answers})
        lacking = f"WITH {from_profiles} SELECT {', '.join(sums) or '0'} FROM layer{len(self.levels())}"
        return Stratification(rows, packed_sql, unpacked, profiles, counts, lacking, missing, tuple(protocols))

    def listed(self, words: Sequence[Word]) -> list[str]:
        """The relation ``profiles``: every profile that can be, where those are few, else every one that occurs."""
        parts = [(word, part, shift) for word in words for part, shift in word.parts]
        size = math.prod(part.size for _, part, _ in parts)
        profile = ", ".join(word.name for word in words)
        if size > LISTED_PROFILES or self.engine != "duckdb":
            return [f"profiles AS (SELECT DISTINCT {profile} FROM coded)"]
        codes: dict[str, list[str]] = {word.name: ["0"] for word in words}
        stride = 1
        for word, part, shift in parts:
            codes[word.name].append(f"((range // {stride}) % {part.size}) * {1 << shift}")
            stride *= part.size
        given = ", ".join(f"CAST({' | '.join(codes[word.name])} AS {word.kind}) AS {word.name}" for word in words)
        return [f"profiles AS (SELECT {given} FROM range({size}))"]

    def layered(self, words: Sequence[Word], keep: str, profiles: str = "profiles") -> list[str]:
        """The profiles' values, and one layer for each judgement over them."""
        decoded = [
            part.decoded(f"(({word.name} >> {shift}) & {(1 << part.bits) - 1})") for word in words for part, shift in word.parts
        ]
        steps = [f"layer0 AS (SELECT {', '.join([keep, *decoded])} FROM {profiles} AS listed)"]
        for i, columns in enumerate(self.levels()):
            given = ", ".join(f"{expression} AS {name}" for name, expression in columns)
            steps.append(f"layer{i + 1} AS (SELECT *, {given} FROM layer{i})")
        return steps

    def levels(self) -> list[list[tuple[str, str]]]:
        """The columns of the layers, as early as what they rest on allows: few layers, each of many columns."""
        level_of: dict[str, int] = {}
        levels: list[list[tuple[str, str]]] = []
        for name, expression in self.layers:
            rests_on = [level_of[word] for word in re.findall(r"\w+", expression) if word in level_of]
            level_of[name] = max(rests_on, default=-1) + 1
            if level_of[name] == len(levels):
                levels.append([])
            levels[level_of[name]].append((name, expression))
        return levels

    def missing(self, protocols: Sequence[Protocol], masks: Mapping[str, str]) -> tuple[tuple[tuple[str, str], ...], list[str]]:
        """Which facts are lacking where a protocol's group is undetermined: their names, and a sum for each."""
        names, sums = [], []
        for protocol in (p for p in protocols if p.stratified):
            eligible, groups = masks[f"{protocol.id}__eligible"], masks[f"{protocol.id}__groups"]
            no = sum(1 << i for i, outcome in enumerate(protocol.eligibility_diagram.outcomes) if outcome == "no")
            is_open = f"{several(groups)} AND {eligible} <> {no}"
            for fact in protocol.group_diagram.facts:
                lacks = self.lacks(fact, protocol.group_diagram)
                if lacks != "FALSE":
                    names.append((protocol.id, fact))
                    sums.append(f"CAST(COALESCE(sum(CASE WHEN {is_open} AND {lacks} THEN n ELSE 0 END), 0) AS BIGINT)")
        return tuple(names), sums

    def lacks(self, name: str, diagram: Diagram) -> str:
        """Whether a profile does not tell a fact that a diagram reads; an age known in its other form may."""
        if self.facts[name].read.get("by") == "recorded":
            return "FALSE"
        if name in self.masks:
            return several(self.masks[name][0])
        own, other = self.columns.get(name), self.columns.get(OTHER_AGE.get(name, ""))
        tests = [f"{own} IS NULL"] if own else []
        if other:
            limits = [age_limits(name, float(cell[0])) for v in diagram.variables if v.facts == (name,) for cell in v.cells[1:]]  # type: ignore[index]
            between = [f"({other} >= {literal(low)} AND {other} < {literal(high)})" for low, high in limits]
            tests.append(f"({' OR '.join([f'{other} IS NULL', *between])})")
        return "(" + " AND ".join(tests) + ")" if tests else "TRUE"

    def profile_parts(self, needed: set[str], protocols: Sequence[Protocol]) -> list[Part]:
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
                    parts.append(category_part(name, definition, is_enum=name in self.enums))
            elif asked or self.is_source_of_recorded(name, needed):
                cuts = number_cuts(name, asked)
                if self.is_source_of_recorded(name, needed):
                    cuts |= {0.0, math.nextafter(0.0, 1.0)}
                parts.append(number_part(name, sorted(cuts)))
        for i, test in enumerate(dict.fromkeys(v.test for v in variables if v.test is not None)):
            if not all(name in self.columns for name in tree.facts_of(test)):
                self.tests[test] = "CAST(NULL AS BOOLEAN)"  # the table cannot answer it in any row
                continue
            read = condition(test, self.columns)
            name = f"test{i}"
            self.tests[test] = quoted(name)
            parts.append(condition_part(name, read))
        return parts

    def is_source_of_recorded(self, name: str, needed: set[str]) -> bool:
        return any(recorded_from(self.facts[n])[0] == name for n in needed if self.facts[n].read.get("by") == "recorded")

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
        return outcome_mask(diagram, self.columns, self.masks, tests=self.tests, share=self.share)

    def share(self, sql: str) -> str:
        """A part of an answer as a column of its own; the same part has one column."""
        if sql not in self.shared:
            self.shared[sql] = f"part{len(self.shared)}"
            self.layers.append((self.shared[sql], sql))
        return self.shared[sql]

    def recorded(self, definition: FactDefinition) -> str:
        """A fact about the record itself, from its own column or the finding's: never NULL."""
        own = self.columns.get(definition.name)
        column, words = recorded_from(definition)
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
        return definition.name in self.present or recorded_from(definition)[0] in self.present

    def judged(self, judgement: Judgement, definition: FactDefinition) -> str:
        every = (1 << len(definition.values)) - 1
        bits = {word: 1 << i for i, word in enumerate(definition.values)}
        weights = {o: bits.get(o, every) for o in judgement.diagram.outcomes}
        weights.update({NOT_COVERED: every, UNDEFINED: every})
        mask = outcome_mask(judgement.diagram, self.columns, self.masks, weights, self.tests, self.share)
        only_recorded = sum(bits[word] for word in definition.values if word not in judgement.given)
        if not only_recorded:
            return mask
        single = " ".join(f"WHEN {bit} THEN {bit}" for bit in bits.values())
        return f"CASE {mask} {single} ELSE {mask} | {only_recorded} END"
