"""An ordered set of rules as a decision diagram: the same meaning, in a form that answers "what could still be?".

Each variable of the diagram is one fact, its values cut into the few cells that the rules can tell apart (a white count:
under 300, or 300 and more; a category: the values that are treated alike). A condition over several facts (the
Steinherz–Bleyer product) is a variable of its own, true or false. Walking the diagram with all facts known ends in one
outcome; where a fact is unknown every cell it may lie in is walked, and the outcomes reached are exactly those that some
completion of the missing facts gives. (Exactly for facts that do not depend on each other; a superset where they do.)

Built once, when knowledge is compiled. The SQL for a million rows is written from the same diagram.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

from infantall.facts.values import Choice, Value, bounds

from . import tree
from .interpret import Values, verdict

Cell: TypeAlias = tuple[float, float] | tuple[str, ...] | bool


@dataclass(frozen=True, slots=True)
class Variable:
    """One question of the diagram.

    Attributes:
        kind: ``number``, ``category`` or ``test``.
        facts: the fact it is about; for a test, all facts of the condition.
        cells: for a number closed intervals, lowest first; for a category groups of values; for a test True and False.
        test: the condition of a test.
    """

    kind: str
    facts: tuple[str, ...]
    cells: tuple[Cell, ...]
    test: tree.Rule | None = None

    @property
    def fact(self) -> str:
        """The fact of a number or category variable."""
        return self.facts[0]

    def allowed(self, values: Values) -> tuple[int, ...]:
        """Indices of the cells that the variable may lie in, given what is known."""
        if self.kind == "test":
            assert self.test is not None
            answer = verdict(self.test, values)
            return (0, 1) if answer is None else (0,) if answer else (1,)
        value = values.get(self.fact)
        if value is None:
            return tuple(range(len(self.cells)))
        if self.kind == "number":
            low, high = bounds(value)
            return tuple(i for i, (a, b) in enumerate(self.cells) if a <= high and low <= b)  # type: ignore[misc, operator]
        words = value.values if isinstance(value, Choice) else {value}
        return tuple(i for i, cell in enumerate(self.cells) if not words.isdisjoint(cell))  # type: ignore[arg-type]


@dataclass(frozen=True)
class Diagram:
    """Nodes are numbered; ``nodes[i]`` is the variable asked and the child for each of its cells.

    A child below zero is an outcome: ``-1`` the first outcome, ``-2`` the second, and so on.
    """

    outcomes: tuple[str, ...]
    variables: tuple[Variable, ...]
    nodes: tuple[tuple[int, tuple[int, ...]], ...]
    root: int

    @cached_property
    def facts(self) -> tuple[str, ...]:
        """Every fact the outcome can depend on, in the order the rules name them."""
        used = {self.nodes[i][0] for i in range(len(self.nodes))}
        return tuple(dict.fromkeys(f for i in sorted(used) for f in self.variables[i].facts))

    def to_data(self) -> dict[str, Any]:
        """Plain data for the compiled knowledge file; infinite bounds become None."""
        return {
            "outcomes": list(self.outcomes),
            "variables": [
                {
                    "kind": v.kind,
                    "facts": list(v.facts),
                    "cells": [_cell_to_data(c) for c in v.cells],
                    "test": tree.to_data(v.test) if v.test is not None else None,
                }
                for v in self.variables
            ],
            "nodes": [[variable, list(children)] for variable, children in self.nodes],
            "root": self.root,
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Diagram:
        """The diagram that :meth:`to_data` wrote."""
        variables = tuple(
            Variable(
                v["kind"],
                tuple(v["facts"]),
                tuple(_cell_from_data(v["kind"], c) for c in v["cells"]),
                tree.from_data(v["test"]) if v["test"] is not None else None,
            )
            for v in data["variables"]
        )
        nodes = tuple((variable, tuple(children)) for variable, children in data["nodes"])
        return cls(tuple(data["outcomes"]), variables, nodes, data["root"])


def _cell_to_data(cell: Cell) -> Any:
    if isinstance(cell, bool):
        return cell
    return [None if isinstance(part, float) and math.isinf(part) else part for part in cell]


def _cell_from_data(kind: str, cell: Any) -> Cell:
    if kind == "test":
        return bool(cell)
    if kind == "number":
        return (-math.inf if cell[0] is None else cell[0], math.inf if cell[1] is None else cell[1])
    return tuple(cell)


def build(rules: Sequence[tuple[str, tree.Rule]], categories: Mapping[str, Sequence[str]], otherwise: str) -> Diagram:
    """The diagram of an ordered set: the outcome of the first rule that is TRUE, or ``otherwise``.

    Args:
        rules: outcome label and rule, in order. A label may stand several times.
        categories: the closed value set of each category fact.
        otherwise: the outcome where no rule is TRUE.
    """
    return _Builder(rules, categories, otherwise).build()


class _Builder:
    def __init__(self, rules: Sequence[tuple[str, tree.Rule]], categories: Mapping[str, Sequence[str]], otherwise: str) -> None:
        self.rules = tuple(rules)
        self.outcomes = tuple(dict.fromkeys([label for label, _ in rules] + [otherwise]))
        self.otherwise = otherwise
        self.variables = _variables([rule for _, rule in rules], categories)
        self.nodes: list[tuple[int, tuple[int, ...]]] = []
        self.numbers: dict[tuple[int, tuple[int, ...]], int] = {}
        self.seen: dict[Any, int] = {}

    def build(self) -> Diagram:
        root = self.node(self.rules, 0)
        return Diagram(self.outcomes, self.variables, tuple(self.nodes), root)

    def node(self, residue: tuple[tuple[str, tree.Rule], ...], depth: int) -> int:
        """The node for what is left of the rules once the first ``depth`` variables are decided."""
        if depth == len(self.variables):  # nothing left to ask: each rule is TRUE or FALSE
            residue = tuple((label, tree.Constant(verdict(rule, {}) is True)) for label, rule in residue)
        residue = _reduced(residue)
        if not residue:
            return -1 - self.outcomes.index(self.otherwise)
        if residue[0][1] == tree.Constant(True):
            return -1 - self.outcomes.index(residue[0][0])
        key = (residue, depth)
        if key not in self.seen:
            variable = self.variables[depth]
            children = tuple(
                self.node(tuple((label, _assume(rule, variable, cell)) for label, rule in residue), depth + 1)
                for cell in variable.cells
            )
            self.seen[key] = self.numbered(depth, children)
        return self.seen[key]

    def numbered(self, variable: int, children: tuple[int, ...]) -> int:
        if len(set(children)) == 1:
            return children[0]
        key = (variable, children)
        if key not in self.numbers:
            self.numbers[key] = len(self.nodes)
            self.nodes.append(key)
        return self.numbers[key]


def _reduced(residue: Iterable[tuple[str, tree.Rule]]) -> tuple[tuple[str, tree.Rule], ...]:
    """Without the rules that are already FALSE, and without those after one that is already TRUE."""
    kept: list[tuple[str, tree.Rule]] = []
    for label, rule in residue:
        if rule == tree.Constant(False):
            continue
        kept.append((label, rule))
        if rule == tree.Constant(True):
            break
    return tuple(kept)


def _assume(rule: tree.Rule, variable: Variable, cell: Cell) -> tree.Rule:
    """The rule, simplified by knowing which cell a variable lies in."""
    match rule:
        case tree.And(terms):
            parts = [_assume(term, variable, cell) for term in terms]
            return _joined(tree.And, parts, neutral=True)
        case tree.Or(terms):
            parts = [_assume(term, variable, cell) for term in terms]
            return _joined(tree.Or, parts, neutral=False)
        case tree.Not(term):
            part = _assume(term, variable, cell)
            return tree.Constant(not part.value) if isinstance(part, tree.Constant) else tree.Not(part)
    return _assume_leaf(rule, variable, cell)


def _joined(kind: type[tree.And] | type[tree.Or], parts: list[tree.Rule], *, neutral: bool) -> tree.Rule:
    if tree.Constant(not neutral) in parts:
        return tree.Constant(not neutral)
    left = tuple(dict.fromkeys(part for part in parts if part != tree.Constant(neutral)))
    if not left:
        return tree.Constant(neutral)
    return left[0] if len(left) == 1 else kind(left)


def _assume_leaf(leaf: tree.Leaf, variable: Variable, cell: Cell) -> tree.Rule:
    if variable.kind == "test":
        test, negated = _canonical(leaf)
        return tree.Constant(bool(cell) is not negated) if test == variable.test else leaf
    if tree.facts_of_leaf(leaf) != variable.facts or not _is_simple(leaf):
        return leaf
    representative: Value = cell[0] if variable.kind == "category" else _inside(cell)  # type: ignore[index]
    return tree.Constant(bool(verdict(leaf, {variable.fact: representative})))


def _inside(cell: Any) -> float:
    low, high = cell
    if math.isfinite(low):
        return float(low)
    return float(high) if math.isfinite(high) else 0.0


def _canonical(leaf: tree.Leaf) -> tuple[tree.Leaf, bool]:
    """One condition for a comparison and its opposite, and whether this is the opposite: ``a <= b`` is not ``a > b``."""
    if isinstance(leaf, tree.Compare) and leaf.op in _OPPOSITE:
        return tree.Compare(_OPPOSITE[leaf.op], leaf.left, leaf.right), True
    return leaf, False


_OPPOSITE = {"<=": ">", "<": ">=", "<>": "="}


def _is_simple(leaf: tree.Leaf) -> bool:
    """Whether a condition compares one fact with one number or with categories."""
    match leaf:
        case tree.Compare(_, tree.Fact(), tree.Number()) | tree.IsOneOf():
            return True
        case _:
            return False


def _variables(rules: Sequence[tree.Rule], categories: Mapping[str, Sequence[str]]) -> tuple[Variable, ...]:
    """The variables of the diagram, in the order in which the rules first ask them."""
    tests: dict[Any, list[tree.Leaf]] = {}
    for leaf in itertools.chain.from_iterable(tree.leaves(rule) for rule in rules):
        if isinstance(leaf, tree.IsMissing):
            raise ValueError("an ordered set may not ask what is missing")
        if isinstance(leaf, tree.Constant):
            continue
        key = tree.facts_of_leaf(leaf)[0] if _is_simple(leaf) else _canonical(leaf)[0]
        tests.setdefault(key, []).append(leaf)
    return tuple(_variable(key, leaves, categories) for key, leaves in tests.items())


def _variable(key: Any, leaves: list[tree.Leaf], categories: Mapping[str, Sequence[str]]) -> Variable:
    if not isinstance(key, str):
        return Variable("test", tree.facts_of_leaf(key), (True, False), test=key)
    if isinstance(leaves[0], tree.IsOneOf):
        alike: dict[tuple[bool, ...], list[str]] = {}
        for word in categories[key]:
            signature = tuple(word in leaf.values for leaf in leaves if isinstance(leaf, tree.IsOneOf))
            alike.setdefault(signature, []).append(word)
        return Variable("category", (key,), tuple(map(tuple, alike.values())))
    return Variable("number", (key,), _number_cells(leaves))


def _number_cells(leaves: list[tree.Leaf]) -> tuple[Cell, ...]:
    """Closed intervals between the thresholds; the float next to a threshold closes an open end."""
    starts = {-math.inf}
    for leaf in leaves:
        assert isinstance(leaf, tree.Compare) and isinstance(leaf.right, tree.Number)
        threshold = float(leaf.right.value)
        after = math.nextafter(threshold, math.inf)
        if leaf.op in ("<", ">="):
            starts.add(threshold)
        elif leaf.op in ("<=", ">"):
            starts.add(after)
        else:
            starts.update((threshold, after))
    ordered = sorted(starts)
    ends = [math.nextafter(start, -math.inf) for start in ordered[1:]] + [math.inf]
    return tuple(zip(ordered, ends, strict=True))
