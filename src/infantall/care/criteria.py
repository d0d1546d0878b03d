"""Criteria of entry, of protocols and trials: met, not met or unknown, one by one."""

from __future__ import annotations

from collections.abc import Iterable

from infantall.facts.values import is_known
from infantall.knowledge.library import Statement
from infantall.rules.interpret import Explanation, Values, Verdict, all_of, explain, negated

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


def never_sure(found: Verdict, beyond: str) -> Verdict:
    """A definition that asks something ``beyond`` the record is never surely true of a child."""
    return None if beyond and found else found


def open_facts(explanation: Explanation, values: Values) -> tuple[str, ...]:
    """The facts that an open rule waits for: those of its undecided conditions that are not known."""
    if explanation.verdict is not None:
        return ()
    names = dict.fromkeys(name for leaf in explanation.deciding() for name in leaf.facts)
    return tuple(name for name in names if not is_known(values.get(name)))
