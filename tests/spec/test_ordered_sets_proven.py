"""Every ordered set of the knowledge is proven, not sampled, with an SMT solver.

Every completion gets exactly one outcome; every group and every value can be reached; no rule is dead; and the decision diagram
that answers "what could still be?" is the ordered set itself. A failure names the child, in clinical words.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
import z3

from infantall.facts.vocabulary import Vocabulary
from infantall.knowledge.library import NOT_COVERED, Knowledge, Statement
from infantall.knowledge.store import load_knowledge
from infantall.rules import english, tree
from infantall.rules.diagram import Diagram, Variable

KNOWLEDGE = load_knowledge()
SETS: dict[str, tuple[Sequence[Statement], Diagram]] = {
    **{p.id: (p.groups, p.group_diagram) for p in KNOWLEDGE.protocols.values() if p.stratified},
    **{j.fact: (j.statements, j.diagram) for j in KNOWLEDGE.judgements},
}


class Child:
    """A child of whom everything is known: one solver variable a fact."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.variables: dict[str, Any] = {}

    def fact(self, name: str) -> Any:
        if name not in self.variables:
            category = self.vocabulary.facts[name].type == "category"
            self.variables[name] = z3.BitVec(name, 7) if category else z3.Real(name)
        return self.variables[name]

    def bounds(self) -> list[Any]:
        found = []
        for name, variable in self.variables.items():
            values = self.vocabulary.facts[name].values
            found.append(z3.ULT(variable, len(values)) if values else variable >= 0)
        return found

    def code(self, name: str, word: str) -> int:
        return self.vocabulary.facts[name].values.index(word)

    def rule(self, rule: tree.Rule) -> Any:
        match rule:
            case tree.And(terms):
                return z3.And(*map(self.rule, terms))
            case tree.Or(terms):
                return z3.Or(*map(self.rule, terms))
            case tree.Not(term):
                return z3.Not(self.rule(term))
            case tree.Constant(value):
                return z3.BoolVal(value)
            case tree.IsOneOf(fact, words):
                return z3.Or(*(self.fact(fact.name) == self.code(fact.name, word) for word in words))
            case tree.Compare(op, left, right):
                a, b = self.operand(left), self.operand(right)
                return {"=": a == b, "<>": a != b, "<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b}[op]
        raise AssertionError(rule)

    def operand(self, operand: tree.Operand) -> Any:
        match operand:
            case tree.Fact(name):
                return self.fact(name)
            case tree.Number(value):
                return z3.RealVal(repr(value))
            case tree.Arithmetic(op, left, right):
                a, b = self.operand(left), self.operand(right)
                return {"+": a + b, "-": a - b, "*": a * b, "/": a / b}[op]

    def cell(self, variable: Variable, index: int) -> Any:
        """The condition that a variable of the diagram lies in one of its cells."""
        cell = variable.cells[index]
        if variable.test is not None:
            test = self.rule(variable.test)
            return test if cell else z3.Not(test)
        fact = self.fact(variable.fact)
        if variable.kind == "category":
            return z3.Or(*(fact == self.code(variable.fact, str(word)) for word in cell))  # type: ignore[union-attr]
        starts = [variable.cells[i][0] for i in range(len(variable.cells))]  # type: ignore[index]
        above = z3.BoolVal(True) if index == 0 else z3.Not(self.under(fact, starts[index]))
        return above if index == len(starts) - 1 else z3.And(above, self.under(fact, starts[index + 1]))

    def under(self, fact: Any, threshold: Any) -> Any:
        """``< t``; the float just over a shorter number stands for ``<=`` that number."""
        import math

        shorter = math.nextafter(threshold, -math.inf)
        if len(repr(shorter)) < len(repr(threshold)):
            return fact <= z3.RealVal(repr(shorter))
        return fact < z3.RealVal(repr(threshold))

    def diagram(self, diagram: Diagram, outcome: str) -> Any:
        """The condition under which a walk of the diagram ends in this outcome."""
        wanted = -1 - diagram.outcomes.index(outcome) if outcome in diagram.outcomes else None
        reached: dict[int, Any] = {}

        def ends(node: int) -> Any:
            if node < 0:
                return z3.BoolVal(node == wanted)
            if node not in reached:
                variable, children = diagram.nodes[node]
                reached[node] = z3.Or(
                    *(z3.And(self.cell(diagram.variables[variable], i), ends(c)) for i, c in enumerate(children))
                )
            return reached[node]

        return ends(diagram.root)

    def in_words(self, model: Any) -> str:
        said = []
        for name, variable in self.variables.items():
            value = model.eval(variable, model_completion=True)
            fact = self.vocabulary.facts[name]
            known = fact.values[value.as_long()] if fact.values else float(value.as_fraction())
            said.append(f"{fact.label}: {english.say_value(known, fact)}")
        return "; ".join(said)


def witness(child: Child, *conditions: Any) -> str | None:
    """A child for whom all conditions hold, in words; None where there is none."""
    solver = z3.Solver()
    solver.add(*conditions, *child.bounds())
    answer = solver.check()
    assert answer != z3.unknown
    return child.in_words(solver.model()) if answer == z3.sat else None


def outcomes(child: Child, statements: Sequence[Statement]) -> list[tuple[str, Any]]:
    """Each rule's outcome, and the condition under which that rule is the first that is TRUE."""
    found: list[tuple[str, Any]] = []
    earlier: list[Any] = []
    for statement in statements:
        assert statement.rule is not None
        rule = child.rule(statement.rule)
        found.append((statement.gives, z3.And(rule, *map(z3.Not, earlier))))
        earlier.append(rule)
    found.append((NOT_COVERED, z3.And(*map(z3.Not, earlier))))
    return found


@pytest.mark.parametrize("name", SETS)
def test_every_completion_gets_exactly_one_outcome(name: str) -> None:
    statements, _ = SETS[name]
    child = Child(KNOWLEDGE.vocabulary)
    rules = [condition for _, condition in outcomes(child, statements)]
    assert witness(child, z3.Not(z3.Or(*rules))) is None
    for i, first in enumerate(rules[:-1]):
        assert witness(child, first, z3.Or(*rules[i + 1 :])) is None


@pytest.mark.parametrize("name", SETS)
def test_every_rule_is_reached_by_some_child(name: str) -> None:
    statements, _ = SETS[name]
    child = Child(KNOWLEDGE.vocabulary)
    for statement, (_, condition) in zip(statements, outcomes(child, statements), strict=False):
        assert witness(child, condition), f"{statement.id} can never give its answer: an earlier rule always does"


@pytest.mark.parametrize("name", SETS)
def test_the_diagram_is_the_ordered_set(name: str) -> None:
    statements, diagram = SETS[name]
    child = Child(KNOWLEDGE.vocabulary)
    rules = outcomes(child, statements)
    for outcome in dict.fromkeys(label for label, _ in rules):
        by_rules = z3.Or(*(condition for label, condition in rules if label == outcome))
        by_diagram = child.diagram(diagram, outcome)
        found = witness(child, by_rules != by_diagram)
        assert found is None, f"{name} gives {outcome} by one and not by the other: {found}"


@pytest.mark.parametrize("protocol", KNOWLEDGE.protocols.values(), ids=lambda p: p.id)
def test_the_eligibility_diagram_is_the_criteria(protocol: Any) -> None:
    child = Child(KNOWLEDGE.vocabulary)
    failing = []
    for statement in protocol.eligibility:
        if statement.rule is not None:
            rule = child.rule(statement.rule)
            failing.append(z3.Not(rule) if statement.effect == "require" else rule)
    found = witness(child, z3.Or(*failing) != child.diagram(protocol.eligibility_diagram, "no"))
    assert found is None, found


def test_interfant_06_high_risk_is_younger_than_six_months(knowledge: Knowledge) -> None:
    """A regression test on the misprint of the paper's mirrors: nobody of six months or more is ever high risk."""
    statements, _ = SETS["interfant-06"]
    child = Child(knowledge.vocabulary)
    high = z3.Or(*(condition for label, condition in outcomes(child, statements) if label == "HR"))
    assert witness(child, high, child.fact("age_months_at_diagnosis") >= 6) is None
    assert witness(child, high, child.fact("age_months_at_diagnosis") < 6)


def test_interfant_21_high_risk_needs_300_or_a_poor_response(knowledge: Knowledge) -> None:
    """The page prints "under 300": nobody with a lower count and a good response is ever high risk."""
    statements, _ = SETS["interfant-21"]
    child = Child(knowledge.vocabulary)
    high = z3.Or(*(condition for label, condition in outcomes(child, statements) if label == "HR"))
    good = child.fact("prednisone_response") == child.code("prednisone_response", "good")
    assert witness(child, high, good, child.fact("wbc_at_diagnosis") < 300) is None
