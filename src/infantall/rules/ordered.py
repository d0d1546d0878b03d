"""The outcome of an ordered set for one child: which group, which could still be, and what would settle it."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from infantall.facts.values import Choice, Interval

from .diagram import Cell, Diagram, Variable
from .interpret import Values

MAX_SETTLING_FACTS = 7  # beyond this many open facts, only the set of all of them is offered


@dataclass(frozen=True, slots=True)
class Answer:
    """What one answer to one open question would mean.

    Attributes:
        cell: the values meant: a closed interval, category values, or True/False for a test.
        outcomes: the outcomes that would then still be possible.
    """

    cell: Cell
    outcomes: tuple[str, ...]


def possible_outcomes(diagram: Diagram, values: Values) -> tuple[str, ...]:
    """Every outcome that some completion of the missing facts gives, in the order of the set."""
    outcomes: set[int] = set()
    allowed: dict[int, tuple[int, ...]] = {}  # asked only of the variables that the walk comes to
    seen: set[int] = set()
    stack = [diagram.root]
    while stack:
        node = stack.pop()
        if node < 0:
            outcomes.add(-1 - node)
        elif node not in seen:
            seen.add(node)
            variable, children = diagram.nodes[node]
            if variable not in allowed:
                allowed[variable] = diagram.variables[variable].allowed(values)
            stack.extend([children[cell] for cell in allowed[variable]])
    return tuple([outcome for i, outcome in enumerate(diagram.outcomes) if i in outcomes])


def open_facts(diagram: Diagram, values: Values) -> tuple[str, ...]:
    """The facts, not fully known, on which the outcome still depends."""
    allowed = [variable.allowed(values) for variable in diagram.variables]
    return _open_facts(diagram, allowed, values)


def _open_facts(diagram: Diagram, allowed: list[tuple[int, ...]], values: Values) -> tuple[str, ...]:
    undecided = [i for i in _asked(diagram, allowed) if len(allowed[i]) > 1]
    names = dict.fromkeys(fact for i in undecided for fact in diagram.variables[i].facts)
    return tuple(name for name in names if _is_open(values.get(name)))


def settling_sets(diagram: Diagram, values: Values) -> tuple[tuple[str, ...], ...]:
    """The smallest sets of facts that, once known, leave one outcome whatever they turn out to be.

    Empty where nothing is open. No set contains another.
    """
    allowed = [variable.allowed(values) for variable in diagram.variables]
    if len(_reach(diagram, allowed)) < 2:
        return ()
    facts = _open_facts(diagram, allowed, values)
    if len(facts) > MAX_SETTLING_FACTS:
        return (facts,)
    found: list[tuple[str, ...]] = []
    for size in range(1, len(facts) + 1):
        for candidate in itertools.combinations(facts, size):
            if any(set(smaller) <= set(candidate) for smaller in found):
                continue
            if _settles(diagram, allowed, values, frozenset(candidate)):
                found.append(candidate)
    return tuple(found)


def answers(diagram: Diagram, values: Values, fact: str) -> tuple[Answer, ...]:
    """What each answer about one open fact would mean for the outcome; empty where it asks nothing of this fact alone."""
    allowed = [variable.allowed(values) for variable in diagram.variables]
    for i, variable in enumerate(diagram.variables):
        if variable.kind != "test" and variable.fact == fact:
            found = []
            for cell in allowed[i]:
                reached = _reach(diagram, [*allowed[:i], (cell,), *allowed[i + 1 :]])
                outcomes = tuple(o for j, o in enumerate(diagram.outcomes) if j in reached)
                found.append(Answer(variable.cells[cell], outcomes))
            return tuple(found)
    return ()


def _is_open(value: Any) -> bool:
    return value is None or isinstance(value, Interval | Choice)


def _reach(diagram: Diagram, allowed: list[tuple[int, ...]]) -> set[int]:
    """Indices of the outcomes that can be reached."""
    outcomes: set[int] = set()
    seen: set[int] = set()
    stack = [diagram.root]
    while stack:
        node = stack.pop()
        if node < 0:
            outcomes.add(-1 - node)
        elif node not in seen:
            seen.add(node)
            variable, children = diagram.nodes[node]
            stack.extend(children[cell] for cell in allowed[variable])
    return outcomes


def _asked(diagram: Diagram, allowed: list[tuple[int, ...]]) -> list[int]:
    """Indices of the variables that a walk can come to, in order."""
    asked: set[int] = set()
    seen: set[int] = set()
    stack = [diagram.root]
    while stack:
        node = stack.pop()
        if node >= 0 and node not in seen:
            seen.add(node)
            variable, children = diagram.nodes[node]
            asked.add(variable)
            stack.extend(children[cell] for cell in allowed[variable])
    return sorted(asked)


def _settles(diagram: Diagram, allowed: list[tuple[int, ...]], values: Values, facts: frozenset[str]) -> bool:
    """Whether every completion of these facts alone leaves a single outcome."""
    filled = [i for i in _asked(diagram, allowed) if _is_filled(diagram.variables[i], values, facts)]
    for choice in _choices(allowed, filled):
        if len(_reach(diagram, choice)) != 1:
            return False
    return True


def _is_filled(variable: Variable, values: Values, facts: frozenset[str]) -> bool:
    return all(fact in facts or not _is_open(values.get(fact)) for fact in variable.facts)


def _choices(allowed: list[tuple[int, ...]], filled: list[int]) -> Iterator[list[tuple[int, ...]]]:
    for cells in itertools.product(*(allowed[i] for i in filled)):
        chosen = list(allowed)
        for i, cell in zip(filled, cells, strict=True):
            chosen[i] = (cell,)
        yield chosen
