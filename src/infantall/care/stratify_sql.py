"""Every protocol's rules over a table, as one SQL query: the same rules, judgements and diagrams that one child gets.

The table holds clean values: one row an infant, columns named as facts, NaN and sentinel values already NULL. For each protocol
the query gives two integers: which eligibility outcomes, and which groups, are still possible (bit *i* for outcome *i*).
:meth:`Stratification.decode` says what they mean.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from infantall.facts.vocabulary import FactDefinition
from infantall.knowledge.library import NO_GROUP, NOT_COVERED, UNDEFINED, Judgement, Knowledge, Protocol
from infantall.rules.diagram import Diagram
from infantall.rules.sql import literal, outcome_mask, quoted


@dataclass(frozen=True)
class Stratification:
    """The query, and the meaning of its columns.

    Attributes:
        sql: DuckDB SQL; columns ``<protocol>__eligible`` and ``<protocol>__groups``, after those asked for in ``keep``.
        protocols: the protocols, in the order of the columns.
    """

    sql: str
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
    knowledge: Knowledge, table: str, columns: Iterable[str], protocols: Sequence[str] | None = None, keep: Sequence[str] = ()
) -> Stratification:
    """The query for a table.

    Args:
        knowledge: the merged packs.
        table: the table's name or a subquery, as SQL.
        columns: the table's columns; those that name no fact are ignored.
        protocols: only these protocols; by default every one.
        keep: columns of the table to keep in the result.
    """
    chosen = tuple(p for name, p in knowledge.protocols.items() if not protocols or name in protocols)
    writer = _Writer(knowledge, {name for name in columns if name in knowledge.vocabulary.facts}, keep)
    return Stratification(writer.query(table, chosen), chosen)


class _Writer:
    def __init__(self, knowledge: Knowledge, present: set[str], keep: Sequence[str]) -> None:
        self.knowledge = knowledge
        self.facts = knowledge.vocabulary.facts
        self.present = present
        self.keep = keep
        self.columns: dict[str, str] = {name: quoted(name) for name in present if not self.facts[name].judged}
        self.masks: dict[str, tuple[str, tuple[str, ...]]] = {}
        self.layers: list[tuple[str, str]] = []

    def query(self, table: str, protocols: Sequence[Protocol]) -> str:
        needed = self.needed(protocols)
        for name in needed:
            if self.facts[name].read.get("by") == "recorded":
                self.columns[name] = self.recorded(self.facts[name])
        for judgement in self.knowledge.judgements:
            if judgement.fact in needed:
                self.add_judgement(judgement)
        source, layers = table, []
        for i, (name, expression) in enumerate(self.layers):
            layers.append(f"layer{i} AS (SELECT *, {expression} AS {name} FROM {source})")
            source = f"layer{i}"
        wanted = [quoted(name) for name in self.keep]
        for protocol in protocols:
            wanted.append(f"{self.mask(protocol.eligibility_diagram)} AS {quoted(protocol.id + '__eligible')}")
            groups = self.mask(protocol.group_diagram) if protocol.stratified else "0"
            wanted.append(f"{groups} AS {quoted(protocol.id + '__groups')}")
        prefix = f"WITH {', '.join(layers)} " if layers else ""
        return f"{prefix}SELECT {', '.join(wanted)} FROM {source}"

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
        return outcome_mask(diagram, self.columns, self.masks)

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
        mask = outcome_mask(judgement.diagram, self.columns, self.masks, weights)
        only_recorded = sum(bits[word] for word in definition.values if word not in judgement.given)
        if not only_recorded:
            return mask
        single = " ".join(f"WHEN {bit} THEN {bit}" for bit in bits.values())
        return f"CASE {mask} {single} ELSE {mask} | {only_recorded} END"


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
