"""A small vocabulary, and generators of rules and of what is known, for tests on any rule."""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from hypothesis import strategies as st

from infantall.facts.units import UnitTable
from infantall.facts.values import Choice, Interval, Value
from infantall.facts.vocabulary import FactDefinition, Vocabulary
from infantall.rules import tree
from infantall.rules.diagram import Diagram
from infantall.rules.interpret import verdict

NUMBERS = ("age", "count", "share")
CATEGORIES: dict[str, tuple[str, ...]] = {
    "kind": ("rearranged", "germline", "not_evaluable"),
    "answer": ("good", "poor"),
    "sign": ("yes", "no"),
}
THRESHOLDS = (-1.0, 0.0, 0.0005, 1.0, 6.0, 89.5, 300.0, 1e9)
OTHERWISE = "not_covered"


def vocabulary() -> Vocabulary:
    facts = [FactDefinition(name, name, name, "number", unit="1", read={"by": "latest"}) for name in NUMBERS]
    facts += [
        FactDefinition(name, name, name, "category", values=words, read={"by": "any_time"}) for name, words in CATEGORIES.items()
    ]
    return Vocabulary({f.name: f for f in facts}, {}, {}, frozenset(), {}, UnitTable({}, {}, {}))


# -- rules ---------------------------------------------------------------------------------------------------------------


class Source:
    """Draws choices from ``random`` or from hypothesis, so that one generator serves both."""

    def __init__(self, draw: Any = None, source: random.Random | None = None) -> None:
        self.draw = draw
        self.source = source

    def pick(self, items: Sequence[Any]) -> Any:
        if self.source is not None:
            return self.source.choice(items)
        return self.draw(st.sampled_from(list(items)))

    def number(self, low: int, high: int) -> int:
        return int(self.pick(range(low, high + 1)))


def random_leaf(source: Source, *, several_facts: bool) -> tree.Rule:
    kind = source.number(0, 9)
    if kind < 4:
        name = source.pick(list(CATEGORIES))
        words = CATEGORIES[name]
        number = source.number(1, len(words))
        start = source.number(0, len(words) - 1)
        return tree.IsOneOf(tree.Fact(name), tuple(words[(start + i) % len(words)] for i in range(number)))
    if kind == 4 and several_facts:
        left = tree.Arithmetic(source.pick("+-*/"), tree.Fact(source.pick(NUMBERS)), tree.Fact(source.pick(NUMBERS)))
        return tree.Compare(source.pick(tree.COMPARISONS), left, tree.Fact(source.pick(NUMBERS)))
    if kind == 5:
        return tree.Constant(source.pick([True, False]))
    return tree.Compare(source.pick(tree.COMPARISONS), tree.Fact(source.pick(NUMBERS)), tree.Number(source.pick(THRESHOLDS)))


def random_rule(source: Source, depth: int = 3, *, several_facts: bool = True) -> tree.Rule:
    kind = source.number(0, 5) if depth else 0
    if kind < 2:
        return random_leaf(source, several_facts=several_facts)
    if kind == 2:
        return tree.Not(random_rule(source, depth - 1, several_facts=several_facts))
    terms = tuple(random_rule(source, depth - 1, several_facts=several_facts) for _ in range(source.number(2, 3)))
    return tree.And(terms) if kind < 5 else tree.Or(terms)


def random_known(source: Source, name: str) -> Any:
    """A known value: often on a threshold, or the float beside one."""
    if name in CATEGORIES:
        return source.pick(CATEGORIES[name])
    threshold = source.pick(THRESHOLDS)
    return source.pick(
        [threshold, math.nextafter(threshold, math.inf), math.nextafter(threshold, -math.inf), threshold + 0.25, -0.0, 2.5]
    )


def random_row(source: Source, missing: int) -> dict[str, Any]:
    """A child of whom about ``missing`` in ten facts are not known."""
    return {name: None if source.number(1, 10) <= missing else random_known(source, name) for name in (*NUMBERS, *CATEGORIES)}


def random_partial(source: Source) -> dict[str, Value]:
    """What may be known: values, intervals, choices, nothing."""
    values: dict[str, Value] = {}
    for name in NUMBERS:
        kind = source.number(0, 3)
        if kind == 1:
            values[name] = random_known(source, name)
        elif kind == 2:
            a, b = random_known(source, name), random_known(source, name)
            values[name] = Interval(min(a, b), max(a, b))
    for name, words in CATEGORIES.items():
        kind = source.number(0, 3)
        if kind == 1:
            values[name] = source.pick(words)
        elif kind == 2:
            values[name] = Choice(frozenset({source.pick(words), source.pick(words)}))
    return values


@st.composite
def rules(draw: Any, several_facts: bool = True) -> tree.Rule:
    return random_rule(Source(draw), several_facts=several_facts)


@st.composite
def ordered_sets(draw: Any, several_facts: bool = False) -> list[tuple[str, tree.Rule]]:
    source = Source(draw)
    labels = ["LR", "HR", "MR", "LR"]
    return [(labels[i], random_rule(source, 2, several_facts=several_facts)) for i in range(source.number(1, 4))]


@st.composite
def partials(draw: Any) -> dict[str, Value]:
    return random_partial(Source(draw))


@st.composite
def rows(draw: Any) -> dict[str, Any]:
    source = Source(draw)
    return random_row(source, source.number(0, 10))


# -- the plain meaning, against which clever answers are held ------------------------------------------------------------


def first_true(ordered: Sequence[tuple[str, tree.Rule]], values: Mapping[str, Any]) -> str:
    """The outcome for a child of whom everything is known: the first rule that is TRUE."""
    for label, rule in ordered:
        answer = verdict(rule, values)
        if answer is None:  # only a division by zero leaves a complete child open
            raise ZeroDivisionError
        if answer:
            return label
    return OTHERWISE


def completions(diagram: Diagram, values: Mapping[str, Value]) -> Iterator[dict[str, Any]]:
    """Every way to fill in what is missing, one number a cell: for facts that are asked one at a time."""
    axes = []
    for variable in diagram.variables:
        options = []
        for i in variable.allowed(values):
            cell = variable.cells[i]
            if variable.kind == "category":
                value = values.get(variable.fact)
                options += [w for w in cell if not isinstance(value, Choice) or w in value.values]  # type: ignore[union-attr]
            else:
                value = values.get(variable.fact)
                low, high = (
                    (value.low, value.high)
                    if isinstance(value, Interval)
                    else (value, value)
                    if value is not None
                    else (-math.inf, math.inf)
                )
                options.append(max(cell[0], low) if math.isfinite(max(cell[0], low)) else min(cell[1], high, 0.0))  # type: ignore[index, type-var]
        axes.append([(variable.fact, option) for option in options])
    for chosen in itertools.product(*axes):
        yield {**values, **dict(chosen)}
