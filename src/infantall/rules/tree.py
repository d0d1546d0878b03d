"""The meaning of a rule: a small, immutable, typed tree.

A rule is a condition over facts. Everything else (explanation, sentence, SQL, decision diagram) is derived from this tree.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

COMPARISONS = ("=", "<>", "<", "<=", ">", ">=")


@dataclass(frozen=True, slots=True)
class Fact:
    """The value of a named fact."""

    name: str


@dataclass(frozen=True, slots=True)
class Number:
    """A number, in the canonical unit of the fact it is compared with."""

    value: float


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """``left op right`` over numbers; op is one of ``+ - * /``. Division by zero is unknown."""

    op: str
    left: Operand
    right: Operand


@dataclass(frozen=True, slots=True)
class Compare:
    """``left op right`` over numbers; op is one of COMPARISONS."""

    op: str
    left: Operand
    right: Operand


@dataclass(frozen=True, slots=True)
class IsOneOf:
    """The category fact has one of these values (``=``, ``<>`` and ``IN`` over categories)."""

    fact: Fact
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IsMissing:
    """The fact is not known. Only statements about what is missing or due may ask this."""

    fact: Fact


@dataclass(frozen=True, slots=True)
class Constant:
    """TRUE or FALSE."""

    value: bool


@dataclass(frozen=True, slots=True)
class Not:
    term: Rule


@dataclass(frozen=True, slots=True)
class And:
    terms: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Or:
    terms: tuple[Rule, ...]


Operand: TypeAlias = Fact | Number | Arithmetic
Leaf: TypeAlias = Compare | IsOneOf | IsMissing | Constant
Rule: TypeAlias = Leaf | Not | And | Or


def operands(operand: Operand) -> Iterator[str]:
    """Names of the facts in a numeric expression, in the order they are written."""
    match operand:
        case Fact(name):
            yield name
        case Arithmetic(_, left, right):
            yield from operands(left)
            yield from operands(right)


def facts_of(rule: Rule) -> tuple[str, ...]:
    """Names of all facts of a rule, each once, in the order they are written."""
    names: dict[str, None] = {}
    for leaf in leaves(rule):
        names.update(dict.fromkeys(facts_of_leaf(leaf)))
    return tuple(names)


def facts_of_leaf(leaf: Leaf) -> tuple[str, ...]:
    """Names of the facts that one condition reads."""
    match leaf:
        case Compare(_, left, right):
            return tuple(dict.fromkeys([*operands(left), *operands(right)]))
        case IsOneOf(fact, _) | IsMissing(fact):
            return (fact.name,)
        case _:
            return ()


def leaves(rule: Rule) -> Iterator[Leaf]:
    """The conditions of a rule, in the order they are written."""
    match rule:
        case Not(term):
            yield from leaves(term)
        case And(terms) | Or(terms):
            for term in terms:
                yield from leaves(term)
        case _:
            yield rule


def to_data(node: Rule | Operand) -> Any:
    """The tree as nested lists, for the compiled knowledge file. Inverse of :func:`from_data`."""
    match node:
        case Fact(name):
            return ["fact", name]
        case Number(value):
            return value
        case Arithmetic(op, left, right):
            return ["arithmetic", op, to_data(left), to_data(right)]
        case Compare(op, left, right):
            return ["compare", op, to_data(left), to_data(right)]
        case IsOneOf(fact, values):
            return ["one_of", fact.name, list(values)]
        case IsMissing(fact):
            return ["missing", fact.name]
        case Constant(value):
            return ["constant", value]
        case Not(term):
            return ["not", to_data(term)]
        case And(terms):
            return ["and", *map(to_data, terms)]
        case Or(terms):
            return ["or", *map(to_data, terms)]


def from_data(data: Any) -> Any:
    """The tree that :func:`to_data` wrote."""
    if isinstance(data, int | float):
        return Number(data)
    kind, *rest = data
    match kind:
        case "fact":
            return Fact(rest[0])
        case "arithmetic":
            return Arithmetic(rest[0], from_data(rest[1]), from_data(rest[2]))
        case "compare":
            return Compare(rest[0], from_data(rest[1]), from_data(rest[2]))
        case "one_of":
            return IsOneOf(Fact(rest[0]), tuple(rest[1]))
        case "missing":
            return IsMissing(Fact(rest[0]))
        case "constant":
            return Constant(rest[0])
        case "not":
            return Not(from_data(rest[0]))
        case "and":
            return And(tuple(map(from_data, rest)))
        case "or":
            return Or(tuple(map(from_data, rest)))
    raise ValueError(f"no such node in a compiled rule: {kind!r}")
