"""Rule text, a small subset of SQL, to the tree; checked against the vocabulary before anything is loaded.

``parse_rule`` is the only entry. It needs sqlglot and is therefore never imported by a running assessment: rules are parsed
when knowledge is compiled.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any

import sqlglot
from sqlglot import expressions as exp

from infantall.facts.vocabulary import FactDefinition, Vocabulary
from infantall.text.problems import InputError, Problem, did_you_mean, one_of

from . import tree

MAX_RULE_LENGTH = 5_000

_COMPARISONS: dict[type, str] = {
    exp.EQ: "=", exp.NEQ: "<>", exp.LT: "<", exp.LTE: "<=", exp.GT: ">", exp.GTE: ">=",
}  # fmt: skip
_FLIPPED = {"=": "=", "<>": "<>", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_ARITHMETIC: dict[type, str] = {exp.Add: "+", exp.Sub: "-", exp.Mul: "*", exp.Div: "/"}


def parse_rule(text: str, vocabulary: Vocabulary, *, may_ask_missing: bool = False) -> tree.Rule:
    """The tree of a rule text.

    Args:
        text: the rule, e.g. ``kmt2a_status = 'rearranged' AND wbc_at_diagnosis >= 300``.
        vocabulary: the facts that a rule may use.
        may_ask_missing: allow ``IS [NOT] NULL`` (only for statements about what is missing or due).

    Raises:
        InputError: one problem, placed by line and column within the rule, with the nearest valid name.
    """
    if len(text) > MAX_RULE_LENGTH:
        raise _error("rule", "a rule of more than 5,000 characters", "a rule that a person can read")
    try:
        parsed = _syntax(text)
    except sqlglot.errors.ParseError as error:
        first = error.errors[0] if error.errors else {}
        near = str(first.get("highlight") or "")
        column = first.get("col", 1) - max(len(near) - 1, 0)  # sqlglot counts to the end of the word
        place = f"rule line {first.get('line', 1)}, column {column}"
        raise _error(place, f"text that is no rule (near '{near}')", _EXPECTED) from None
    except sqlglot.errors.SqlglotError as error:
        raise _error("rule", f"text that is no rule ({str(error)[:60]})", _EXPECTED) from None
    except RecursionError:
        raise _error("rule", "a rule nested too deeply", "a rule that a person can read") from None
    if len(parsed) != 1 or parsed[0] is None:
        raise _error("rule", "no rule, or more than one", _EXPECTED)
    try:
        return _Reader(vocabulary, may_ask_missing).rule(parsed[0])
    except RecursionError:
        raise _error("rule", "a rule nested too deeply", "a rule that a person can read") from None


@lru_cache(maxsize=4_096)
def _syntax(text: str) -> list[Any]:
    """What the SQL parser makes of a text; it is only read. Packs that are checked again and again hold mostly the same rules."""
    return sqlglot.parse(text, read="duckdb")


_EXPECTED = "comparisons of facts joined by AND, OR and NOT"


def _error(place: str, found: str, expected: str) -> InputError:
    return InputError([Problem(place, found, expected)])


class _Reader:
    """Turns sqlglot's expressions into ours, refusing all that the rule language does not have."""

    def __init__(self, vocabulary: Vocabulary, may_ask_missing: bool) -> None:
        self.vocabulary = vocabulary
        self.may_ask_missing = may_ask_missing

    def rule(self, node: Any) -> tree.Rule:
        match node:
            case exp.Paren():
                return self.rule(node.this)
            case exp.And():
                return tree.And(tuple(self.flat(node, exp.And)))
            case exp.Or():
                return tree.Or(tuple(self.flat(node, exp.Or)))
            case exp.Not():
                return tree.Not(self.rule(node.this))
            case exp.Boolean():
                return tree.Constant(bool(node.this))
            case exp.Between():
                if node.args.get("symmetric") is not None:
                    raise _error(_place(node), f"'{_say(node)}'", "BETWEEN the lower AND the higher value")
                low = self.compare(">=", node.this, node.args["low"], node)
                high = self.compare("<=", node.this, node.args["high"], node)
                return tree.And((low, high))
            case exp.In():
                return self.one_of(node)
            case exp.Is():
                return self.missing(node)
        op = _COMPARISONS.get(type(node))
        if op:
            return self.compare(op, node.this, node.expression, node)
        raise _error(_place(node), f"'{_say(node)}'", _EXPECTED)

    def flat(self, node: Any, kind: type) -> list[tree.Rule]:
        """A AND B AND C as one list, parentheses around the same connective removed."""
        terms: list[tree.Rule] = []
        for side in (node.this, node.expression):
            inner = side.unnest()
            terms.extend(self.flat(inner, kind) if isinstance(inner, kind) else [self.rule(side)])
        return terms

    def compare(self, op: str, left: Any, right: Any, node: Any) -> tree.Rule:
        left, right = left.unnest(), right.unnest()
        if isinstance(left, exp.Literal) and not isinstance(right, exp.Literal):
            left, right, op = right, left, _FLIPPED[op]
        if isinstance(right, exp.Null):
            raise _error(_place(node), f"'{_say(node)}'", "IS NULL, in a statement about what is missing")
        if isinstance(right, exp.Literal) and right.is_string:
            return self.category(op, left, [right], node)
        return tree.Compare(op, self.number(left), self.number(right))

    def category(self, op: str, left: Any, values: list[Any], node: Any) -> tree.Rule:
        fact = self.fact(left)
        if fact.type != "category":
            raise _error(_place(left), f"a text compared with the {fact.type} {fact.name}", f"a number in {fact.unit}")
        if op not in ("=", "<>"):
            raise _error(_place(left), f"'{op}' between values of {fact.name}", "=, <> or IN: its values have no order")
        words = tuple(self.value(fact, value) for value in values)
        test = tree.IsOneOf(tree.Fact(fact.name), words)
        return tree.Not(test) if op == "<>" else test

    def value(self, fact: FactDefinition, literal: Any) -> str:
        if not (isinstance(literal, exp.Literal) and literal.is_string):
            raise _error(_place(literal), f"{_say(literal)} as a value of {fact.name}", one_of(fact.values))
        word = str(literal.this)
        if word not in fact.values:
            raise _error(
                _place(literal),
                f"'{word}' as a value of {fact.name}",
                one_of(fact.values) + did_you_mean(word, fact.values),
            )
        return word

    def one_of(self, node: Any) -> tree.Rule:
        if node.args.get("query") or node.args.get("unnest") or not node.expressions:
            raise _error(_place(node.this), f"'{_say(node)}'", "IN followed by a list of values")
        fact = self.fact(node.this.unnest())
        if fact.type == "category":
            return self.category("=", node.this.unnest(), node.expressions, node)
        tests = tuple(tree.Compare("=", tree.Fact(fact.name), self.number(value)) for value in node.expressions)
        return tests[0] if len(tests) == 1 else tree.Or(tests)

    def missing(self, node: Any) -> tree.Rule:
        if not isinstance(node.expression, exp.Null):
            raise _error(_place(node), f"'{_say(node)}'", "a comparison, or IS [NOT] NULL")
        fact = self.fact(node.this.unnest())
        if not self.may_ask_missing:
            raise _error(
                _place(node.this.unnest()),
                f"IS NULL asked of {fact.name}",
                "a rule over what is known: missing data may decide only what is said to be missing or due",
            )
        return tree.IsMissing(tree.Fact(fact.name))

    def number(self, node: Any) -> tree.Operand:
        node = node.unnest()
        if isinstance(node, exp.Neg):
            inner = self.number(node.this)
            if isinstance(inner, tree.Number):
                return tree.Number(-inner.value)
        if isinstance(node, exp.Literal) and not node.is_string:
            return tree.Number(self.literal(node))
        op = _ARITHMETIC.get(type(node))
        if op:
            return tree.Arithmetic(op, self.number(node.this), self.number(node.expression))
        fact = self.fact(node)
        if fact.type != "number":
            expected = f"one of its values: {one_of(fact.values)}" if fact.values else "a number fact"
            raise _error(_place(node), f"the {fact.type} {fact.name} used as a number", expected)
        return tree.Fact(fact.name)

    def literal(self, node: Any) -> float:
        try:
            number = float(node.this)
        except ValueError:  # sqlglot reads ``5e`` and ``1e3+1`` as one number
            number = math.inf
        if math.isinf(number):
            raise _error(_place(node), f"the number {_say(node)}", "a finite number, with spaces around + and -")
        return number

    def fact(self, node: Any) -> FactDefinition:
        if not isinstance(node, exp.Column) or node.args.get("table"):
            raise _error(_place(node), f"'{_say(node)}'", "the name of a fact")
        name = node.name
        fact = self.vocabulary.facts.get(name)
        if fact is None:
            raise _error(
                _place(node),
                f"the unknown fact '{name}'",
                "a fact of the vocabulary" + did_you_mean(name, self.vocabulary.facts),
            )
        return fact


def _place(node: Any) -> str:
    """Where the first word of a part stands; of a part without a place of its own (``NULL``), where that which holds it does."""
    while node is not None:
        metas = [part.meta for part in node.walk() if "line" in part.meta]
        if metas:
            line, column = min((meta["line"], meta["col"] - (meta["end"] - meta["start"])) for meta in metas)
            return f"rule line {line}, column {column}"
        node = node.parent
    return "rule"


def _say(node: Any) -> str:
    return str(node.sql(dialect="duckdb"))[:60]
