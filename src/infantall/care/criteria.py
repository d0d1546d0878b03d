"""Criteria of entry, of protocols and trials: met, not met or unknown, one by one."""

from __future__ import annotations

from collections.abc import Iterable

from infantall.facts.values import is_known
from infantall.knowledge.library import Statement
from infantall.rules import tree
from infantall.rules.interpret import Values, Verdict, all_of, explain, negated

from .result import CriterionResult, Reason


def criterion(statement: Statement, values: Values) -> CriterionResult:
    """One criterion. An administrative one is not judged: its ``reason`` is None."""
    if statement.rule is None:
        return CriterionResult(statement, None, None)
    explanation = explain(statement.rule, values)
    met = explanation.verdict if statement.effect == "require" else negated(explanation.verdict)
    return CriterionResult(statement, Reason(statement, explanation), met)


def all_met(criteria: Iterable[CriterionResult]) -> Verdict:
    """Whether every criterion that can be judged is met; administrative ones are the team's to confirm."""
    return all_of([c.met for c in criteria if c.reason is not None])


def open_facts(rule: tree.Rule, values: Values) -> tuple[str, ...]:
    """The facts of a rule that are not known: what could still tell."""
    return tuple(name for name in tree.facts_of(rule) if not is_known(values.get(name)))
