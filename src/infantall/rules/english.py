"""A rule as an English sentence, and numbers as people write them. Derived from the tree alone."""

from __future__ import annotations

import math

from infantall.facts.values import Choice, Interval, Value
from infantall.facts.vocabulary import FactDefinition, Vocabulary
from infantall.text.problems import one_of

from . import tree
from .diagram import Cell

_COMPARED = {"<": "under", "<=": "at most", ">": "over", ">=": "at least", "=": "exactly", "<>": "not"}
_OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "=": "<>", "<>": "="}
_ARITHMETIC = {"+": "plus", "-": "minus", "*": "×", "/": "÷"}

UNITS_IN_WORDS = {
    "10*9/L": "×10⁹/L", "10*12/L": "×10¹²/L", "/uL": "/µL", "umol/L": "µmol/L", "ug/L": "µg/L", "1": "", "Cel": "°C",
    "mm[Hg]": "mmHg", "[iU]/L": "IU/L", "/min": "per minute",
    "d": "days", "wk": "weeks", "mo": "completed months",
}  # fmt: skip

CATEGORY_WORDS = {
    "b_kmt2a_rearranged": "B-lineage, KMT2A rearranged",
    "b_kmt2a_germline": "B-lineage, KMT2A germline",
    "b_kmt2a_not_evaluable": "B-lineage, KMT2A not evaluable",
    "b": "B-lineage",
    "t": "T-lineage",
    "mature_b": "mature B-cell leukaemia",
    "b_bcr_abl1": "B-ALL, BCR::ABL1",
    "b_etv6_runx1": "B-ALL, ETV6::RUNX1",
    "b_tcf3_pbx1": "B-ALL, TCF3::PBX1",
    "b_nutm1": "B-ALL, NUTM1 rearranged",
    "b_pax5_altered": "B-ALL, PAX5 altered",
    "b_myc": "B-ALL, MYC rearranged",
    "b_igh_il3": "B-ALL, IGH::IL3",
    "b_hlf": "B-ALL, HLF rearranged",
    "b_tcf3_hlf": "B-ALL, TCF3::HLF",
    "b_dux4": "B-ALL, DUX4 rearranged",
    "b_mef2d": "B-ALL, MEF2D rearranged",
    "b_znf384": "B-ALL, ZNF384 rearranged",
    "b_cdx2_ubtf": "B-ALL, CDX2/UBTF",
    "b_pax5_p80r": "B-ALL, PAX5 P80R",
    "b_ikzf1_n159y": "B-ALL, IKZF1 N159Y",
    "b_iamp21": "B-ALL, iAMP21",
    "b_hypodiploidy": "B-ALL, hypodiploidy",
    "b_high_hyperdiploidy": "B-ALL, high hyperdiploidy",
    "b_bcr_abl1_like": "B-ALL, BCR::ABL1-like",
    "b_etv6_runx1_like": "B-ALL, ETV6::RUNX1-like",
    "b_other_defined": "B-ALL, other defined genetic abnormality",
    "b_nos": "B-ALL, not otherwise specified",
    "mpal_bcr_abl1": "mixed phenotype, BCR::ABL1",
    "mpal_kmt2a": "mixed phenotype, KMT2A rearranged",
    "mpal_znf384": "mixed phenotype, ZNF384 rearranged",
    "mpal_bcl11b": "mixed phenotype, BCL11B activated",
    "mpal_b_myeloid": "mixed phenotype, B/myeloid",
    "mpal_t_myeloid": "mixed phenotype, T/myeloid",
    "mpal_rare_types": "mixed phenotype, rare types",
    "mpal_b_t_myeloid": "mixed phenotype, B/T/myeloid",
    "mpal_b_t": "mixed phenotype, B/T",
    "t_etp": "early T-precursor ALL",
    "t_etp_bcl11b": "early T-precursor ALL, BCL11B activated",
    "t_etp_nos": "early T-precursor ALL, not otherwise specified",
    "t_nos": "T-ALL, not otherwise specified",
    "aul": "acute undifferentiated leukaemia",
    "igh_il3": "IGH::IL3",
    "tcf3_hlf": "TCF3::HLF",
    "dux4": "DUX4 rearranged",
    "mef2d": "MEF2D rearranged",
    "znf384": "ZNF384 rearranged",
    "cdx2_ubtf": "CDX2/UBTF",
    "pax5_p80r": "PAX5 P80R",
    "ikzf1_n159y": "IKZF1 N159Y",
    "iamp21": "iAMP21",
    "bcr_abl1_like": "BCR::ABL1-like",
    "etv6_runx1_like": "ETV6::RUNX1-like",
    "bcl11b": "BCL11B activated",
    "b_t": "B and T",
    "b_myeloid": "B and myeloid",
    "t_myeloid": "T and myeloid",
    "b_t_myeloid": "B, T and myeloid",
}


def sentence(rule: tree.Rule, vocabulary: Vocabulary) -> str:
    """The rule in words, without a capital or a full stop: ``KMT2A status is rearranged and …``."""
    match rule:
        case tree.Constant(value):
            return "always" if value else "never"
        case tree.And(terms):
            return " and ".join(_part(term, vocabulary) for term in terms)
        case tree.Or(terms):
            return " or ".join(_part(term, vocabulary) for term in terms)
        case tree.Not(term):
            return _negated(term, vocabulary)
        case tree.IsMissing(fact):
            return f"{vocabulary.facts[fact.name].label} is not known"
        case tree.IsOneOf(fact, words):
            return _category(vocabulary.facts[fact.name], words)
        case tree.Compare(op, left, right):
            return _comparison(op, left, right, vocabulary)


def _category(fact: FactDefinition, words: tuple[str, ...]) -> str:
    """A label that is a sentence of its own ("a clinical sign is recorded") is not followed by "is yes"."""
    if _is_sentence(fact, words):
        return fact.label if words == ("yes",) else fact.label.replace(" is recorded", " is not recorded")
    return f"{fact.label} is {one_of([say_word(w) for w in words])}"


def _is_sentence(fact: FactDefinition, words: tuple[str, ...]) -> bool:
    return len(words) == 1 and set(fact.values) == {"yes", "no"} and " is recorded" in fact.label


def _part(rule: tree.Rule, vocabulary: Vocabulary) -> str:
    text = sentence(rule, vocabulary)
    return f"({text})" if isinstance(rule, tree.And | tree.Or) else text


def _negated(rule: tree.Rule, vocabulary: Vocabulary) -> str:
    match rule:
        case tree.IsOneOf(fact, words):
            definition = vocabulary.facts[fact.name]
            if _is_sentence(definition, words):
                return _category(definition, ("no",) if words == ("yes",) else ("yes",))
            said = one_of([say_word(w) for w in words])
            return f"{definition.label} is {'other than' if said.startswith('not ') else 'not'} {said}"
        case tree.IsMissing(fact):
            return f"{vocabulary.facts[fact.name].label} is known"
        case tree.Compare(op, left, right):
            return _comparison(_OPPOSITE[op], left, right, vocabulary)
    return f"it is not so that ({sentence(rule, vocabulary)})"


def _comparison(op: str, left: tree.Operand, right: tree.Operand, vocabulary: Vocabulary) -> str:
    if isinstance(left, tree.Fact) and isinstance(right, tree.Number):
        fact = vocabulary.facts[left.name]
        label = fact.label.removesuffix(" in days").removesuffix(" in completed months")  # the unit follows
        return f"{label} is {_COMPARED[op]} {say_number(right.value, fact.unit)}"
    return f"{_operand(left, vocabulary)} is {_COMPARED[op]} {_operand(right, vocabulary)}"


def _operand(operand: tree.Operand, vocabulary: Vocabulary) -> str:
    match operand:
        case tree.Fact(name):
            return vocabulary.facts[name].label
        case tree.Number(value):
            return plain_number(value)
        case tree.Arithmetic(op, left, right):
            return f"{_term(left, op, False, vocabulary)} {_ARITHMETIC[op]} {_term(right, op, True, vocabulary)}"


def _term(operand: tree.Operand, op: str, is_right: bool, vocabulary: Vocabulary) -> str:
    """One side of a calculation, in brackets where it would otherwise be read as another one."""
    text = _operand(operand, vocabulary)
    if not isinstance(operand, tree.Arithmetic):
        return text
    looser = op in "*/" and operand.op in "+-"
    taken_away = is_right and op in "-/" and (op == "-") == (operand.op in "+-")
    return f"({text})" if looser or taken_away else text


def plain_number(value: float) -> str:
    """A number without needless zeros, thousands set apart: ``1,500``, ``0.05``, ``5 × 10⁻⁵``."""
    if value == 0 or 1e-4 <= abs(value) < 1e7:
        text = f"{value:,.10f}".rstrip("0").rstrip(".")
        return text if text != "-0" else "0"
    mantissa, exponent = f"{value:.6e}".split("e")
    power = str(int(exponent)).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
    mantissa = mantissa.rstrip("0").rstrip(".")
    return f"10{power}" if mantissa == "1" else f"{mantissa} × 10{power}"


def say_number(value: float, unit: str) -> str:
    """A number with its unit as a reader expects it: ``412 ×10⁹/L``, ``4.2%``."""
    words = UNITS_IN_WORDS.get(unit, unit)
    number = plain_number(value)
    if unit == "1" and 0 < value < 1:
        return f"{number} ({plain_number(value * 100)}%)"
    if unit == "%":
        return f"{number}%"
    return f"{number} {words}".strip()


def say_word(word: str) -> str:
    """A category value as a reader expects it."""
    return CATEGORY_WORDS.get(word, word.replace("_", " "))


def say_value(value: Value, fact: FactDefinition) -> str:
    """What is known of a fact, in words."""
    if value is None:
        return "not known"
    if isinstance(value, Interval):
        return _interval(value.low, value.high, fact.unit)
    if isinstance(value, Choice):
        return one_of([say_word(word) for word in fact.values if word in value.values])
    if isinstance(value, int | float):
        return say_number(value, fact.unit)
    return say_word(value)


def say_cell(cell: Cell, fact: FactDefinition) -> str:
    """One answer to an open question, in words: ``300 ×10⁹/L or more``, ``rearranged``."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell[0], str):
        return one_of([say_word(str(word)) for word in cell])
    return _interval(float(cell[0]), float(cell[1]), fact.unit)


def _interval(low: float, high: float, unit: str) -> str:
    """An interval in words. Bounds that are the float beside a threshold are said as "under" and "over" it."""
    starts_after, low = _threshold(low, math.inf)
    ends_before, high = _threshold(high, -math.inf)
    if low == high:
        return f"exactly {say_number(low, unit)}"
    open_low = low == -math.inf or (low == 0 and not starts_after)
    if open_low and high == math.inf:
        return "any value"
    if high == math.inf:
        return f"over {say_number(low, unit)}" if starts_after else f"{say_number(low, unit)} or more"
    upper = f"under {say_number(high, unit)}" if ends_before else f"{say_number(high, unit)} or less"
    if open_low:
        return upper
    link = "to under" if ends_before else "to"
    return f"{'over ' if starts_after else ''}{plain_number(low)} {link} {say_number(high, unit)}"


def _threshold(bound: float, away: float) -> tuple[bool, float]:
    """Whether a bound is the float beside a shorter number, and that number."""
    if math.isinf(bound):
        return False, bound
    neighbour = math.nextafter(bound, -away)
    shorter = len(repr(neighbour)) < len(repr(bound))
    return shorter, neighbour if shorter else bound
