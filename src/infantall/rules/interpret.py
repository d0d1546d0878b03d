"""One child: a rule and what is known, to TRUE, FALSE or UNKNOWN, and why.

Verdicts are Python's ``True``, ``False`` and ``None`` (unknown), combined by Kleene's three-valued logic, which is SQL's.
``verdict`` is the bare answer; ``explain`` is the same answer with the reason of every part.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping
from typing import NamedTuple, TypeAlias

from infantall.facts.values import Choice, Value, bounds, is_known

from . import tree

Verdict: TypeAlias = bool | None
Values: TypeAlias = Mapping[str, Value]

_ARITHMETIC: dict[str, Callable[[float, float], float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}


_POINT: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "=": operator.eq, "<>": operator.ne,
}  # fmt: skip


def verdict(rule: tree.Rule, values: Values) -> Verdict:
    """Does the rule apply? ``values`` holds what is known of each fact; an absent fact is unknown."""
    if isinstance(rule, tree.IsOneOf):
        return _is_one_of(values.get(rule.fact.name), rule.values)
    if isinstance(rule, tree.Compare):
        return _comparison(rule, values)
    if isinstance(rule, tree.And):
        return all_of([verdict(term, values) for term in rule.terms])
    if isinstance(rule, tree.Or):
        return any_of([verdict(term, values) for term in rule.terms])
    if isinstance(rule, tree.Not):
        return negated(verdict(rule.term, values))
    if isinstance(rule, tree.IsMissing):
        return not is_known(values.get(rule.fact.name))
    return rule.value


def _comparison(rule: tree.Compare, values: Values) -> Verdict:
    """A comparison; first the usual one, of a known number with a threshold."""
    left, right = rule.left, rule.right
    if isinstance(left, tree.Fact) and isinstance(right, tree.Number):
        value = values.get(left.name)
        if value is None:
            return None
        if isinstance(value, int | float) and -math.inf < value < math.inf:
            return _POINT[rule.op](value, right.value)
    return _compare(rule.op, _range(left, values), _range(right, values))


def all_of(verdicts: list[Verdict]) -> Verdict:
    """AND: FALSE if any is FALSE, else UNKNOWN if any is UNKNOWN, else TRUE."""
    if False in verdicts:
        return False
    return None if None in verdicts else True


def any_of(verdicts: list[Verdict]) -> Verdict:
    """OR: TRUE if any is TRUE, else UNKNOWN if any is UNKNOWN, else FALSE."""
    if True in verdicts:
        return True
    return None if None in verdicts else False


def negated(value: Verdict) -> Verdict:
    """NOT: UNKNOWN stays UNKNOWN."""
    return None if value is None else not value


def _is_one_of(value: Value, words: tuple[str, ...]) -> Verdict:
    if value is None:
        return None
    if isinstance(value, Choice):
        if value.values.issubset(words):
            return True
        return False if value.values.isdisjoint(words) else None
    return value in words


def _range(operand: tree.Operand, values: Values) -> tuple[float, float] | None:
    """Lowest and highest number the operand may be; None where nothing is known."""
    match operand:
        case tree.Number(value):
            return value, value
        case tree.Fact(name):
            value_known = values.get(name)
            return None if value_known is None else bounds(value_known)
        case tree.Arithmetic(op, left, right):
            return _arithmetic(op, _range(left, values), _range(right, values))


def _arithmetic(op: str, left: tuple[float, float] | None, right: tuple[float, float] | None) -> tuple[float, float] | None:
    """Arithmetic over known numbers only: an interval inside a formula leaves the result unknown."""
    if left is None or right is None or left[0] != left[1] or right[0] != right[1]:
        return None
    if op == "/" and right[0] == 0:
        return None
    result = _ARITHMETIC[op](left[0], right[0])
    return result, result


def _compare(op: str, left: tuple[float, float] | None, right: tuple[float, float] | None) -> Verdict:
    if left is None or right is None:
        return None
    match op:
        case "<":
            return _ordered(left[1] < right[0], left[0] >= right[1])
        case "<=":
            return _ordered(left[1] <= right[0], left[0] > right[1])
        case ">":
            return _ordered(left[0] > right[1], left[1] <= right[0])
        case ">=":
            return _ordered(left[0] >= right[1], left[1] < right[0])
    apart = left[1] < right[0] or left[0] > right[1]
    same = left[0] == left[1] == right[0] == right[1]
    equal = True if same else (False if apart else None)
    return equal if op == "=" else negated(equal)


def _ordered(surely: bool, surely_not: bool) -> Verdict:
    return True if surely else (False if surely_not else None)


class Explanation(NamedTuple):
    """Why a rule, or a part of it, got its verdict.

    Attributes:
        kind: ``all``, ``any``, ``not``, ``test``, ``missing`` or ``constant``.
        verdict: True, False or None (unknown).
        leaf: the condition, where this is one.
        parts: the explanations of the parts.
    """

    kind: str
    verdict: Verdict
    leaf: tree.Leaf | None = None
    parts: tuple[Explanation, ...] = ()

    @property
    def facts(self) -> tuple[str, ...]:
        """Names of the facts that the condition read."""
        return () if self.leaf is None else tree.facts_of_leaf(self.leaf)

    def deciding(self) -> list[Explanation]:
        """The conditions that made the verdict: those without which it could have been another."""
        if not self.parts:
            return [self]
        wanted = negated(self.verdict) if self.kind == "not" else self.verdict
        return [leaf for part in self.parts if part.verdict is wanted for leaf in part.deciding()]


def explain(rule: tree.Rule, values: Values) -> Explanation:
    """The verdict of :func:`verdict`, with the reason of every part."""
    if isinstance(rule, tree.And):
        parts = tuple([explain(term, values) for term in rule.terms])
        return Explanation("all", all_of([part.verdict for part in parts]), None, parts)
    if isinstance(rule, tree.Or):
        parts = tuple([explain(term, values) for term in rule.terms])
        return Explanation("any", any_of([part.verdict for part in parts]), None, parts)
    if isinstance(rule, tree.Not):
        part = explain(rule.term, values)
        return Explanation("not", negated(part.verdict), None, (part,))
    if isinstance(rule, tree.Constant):
        return Explanation("constant", rule.value, rule)
    return Explanation("missing" if isinstance(rule, tree.IsMissing) else "test", verdict(rule, values), rule)
