"""Rules as sentences, and numbers as people write them."""

from __future__ import annotations

import math

import pytest

from infantall.facts.values import Choice, Interval, below
from infantall.facts.vocabulary import Vocabulary
from infantall.knowledge.library import Knowledge
from infantall.rules.english import plain_number, say_cell, say_number, say_value, say_word, sentence
from infantall.rules.parse import parse_rule

SENTENCES = [
    ("TRUE", "always"),
    ("FALSE", "never"),
    ("wbc_at_diagnosis >= 300", "white cell count at diagnosis is at least 300 ×10⁹/L"),
    ("wbc_at_diagnosis > 300", "white cell count at diagnosis is over 300 ×10⁹/L"),
    ("wbc_at_diagnosis < 300", "white cell count at diagnosis is under 300 ×10⁹/L"),
    ("wbc_at_diagnosis <= 300", "white cell count at diagnosis is at most 300 ×10⁹/L"),
    ("wbc_at_diagnosis = 300", "white cell count at diagnosis is exactly 300 ×10⁹/L"),
    ("wbc_at_diagnosis <> 300", "white cell count at diagnosis is not 300 ×10⁹/L"),
    ("300 > wbc_at_diagnosis", "white cell count at diagnosis is under 300 ×10⁹/L"),
    ("day8_blasts >= 1000", "at least 1,000 /µL"),
    ("age_months_at_diagnosis < 6", "age at diagnosis is under 6 completed months"),
    ("age_days_at_diagnosis <= 365", "age at diagnosis is at most 365 days"),
    ("mrd_end_of_induction >= 0.0005", "is at least 0.0005 (0.05%)"),
    ("marrow_blasts_at_diagnosis >= 25", "marrow blast percentage at diagnosis is at least 25%"),
    ("creatinine_at_diagnosis > 50.5", "is over 50.5 µmol/L"),
    # NOT turns a comparison round instead of saying "not under"
    ("NOT wbc_at_diagnosis >= 300", "white cell count at diagnosis is under 300 ×10⁹/L"),
    ("NOT wbc_at_diagnosis > 300", "white cell count at diagnosis is at most 300 ×10⁹/L"),
    ("NOT wbc_at_diagnosis < 300", "white cell count at diagnosis is at least 300 ×10⁹/L"),
    ("NOT wbc_at_diagnosis <= 300", "white cell count at diagnosis is over 300 ×10⁹/L"),
    ("NOT wbc_at_diagnosis = 300", "white cell count at diagnosis is not 300 ×10⁹/L"),
    ("NOT wbc_at_diagnosis <> 300", "white cell count at diagnosis is exactly 300 ×10⁹/L"),
    ("sex = 'female'", "sex is female"),
    ("sex <> 'female'", "sex is not female"),
    ("kmt2a_status IN ('germline', 'not_evaluable')", "is germline or not evaluable"),
    ("cns_status IN ('CNS2a', 'CNS2b', 'CNS2c')", "is CNS2a, CNS2b or CNS2c"),
    ("cns_status NOT IN ('CNS1', 'CNS2a')", "is not CNS1 or CNS2a"),
    ("wbc_at_diagnosis BETWEEN 50 AND 100",
     "white cell count at diagnosis is at least 50 ×10⁹/L and white cell count at diagnosis is at most 100 ×10⁹/L"),
    ("sex = 'female' AND day8_blasts < 5 AND csf_blasts = 'absent'",
     "sex is female and blood blast count on day 8 is under 5 /µL and CSF blasts at the diagnostic lumbar puncture is absent"),
    # who belongs to whom is said by brackets
    ("sex = 'female' AND (sex = 'male' OR wbc_at_diagnosis > 5)",
     "sex is female and (sex is male or white cell count at diagnosis is over 5 ×10⁹/L)"),
    ("sex = 'female' OR sex = 'male' AND wbc_at_diagnosis > 5",
     "sex is female or (sex is male and white cell count at diagnosis is over 5 ×10⁹/L)"),
    ("NOT (sex = 'female' AND wbc_at_diagnosis > 5)",
     "it is not so that (sex is female and white cell count at diagnosis is over 5 ×10⁹/L)"),
    ("kmt2a_status IS NULL", "is not known"),
    ("kmt2a_status IS NOT NULL", "is known"),
    # a label that is a sentence of its own
    ("cns_signs_recorded = 'yes'", "a clinical sign of CNS disease is recorded"),
    ("cns_signs_recorded = 'no'", "a clinical sign of CNS disease is not recorded"),
    ("cns_signs_recorded <> 'yes'", "a clinical sign of CNS disease is not recorded"),
    ("NOT cns_signs_recorded = 'no'", "a clinical sign of CNS disease is recorded"),
    ("down_syndrome <> 'yes'", "Down syndrome is not yes"),
    # arithmetic
    ("csf_wbc > wbc_at_diagnosis",
     "CSF white cell count at the diagnostic lumbar puncture is over white cell count at diagnosis"),
    ("wbc_at_diagnosis * 2 > 3",
     "white cell count at diagnosis × 2 is over 3"),
    ("wbc_at_diagnosis + 2 - 1 < 1500",
     "white cell count at diagnosis plus 2 minus 1 is under 1,500"),
    ("(wbc_at_diagnosis + 2) * 3 < 10",
     "(white cell count at diagnosis plus 2) × 3 is under 10"),
    ("6 / (wbc_at_diagnosis * 3) < 10",
     "6 ÷ (white cell count at diagnosis × 3) is under 10"),
    ("6 + wbc_at_diagnosis / 7 > 36",
     "6 plus white cell count at diagnosis ÷ 7 is over 36"),
    ("6 - (wbc_at_diagnosis - 3) < 10",
     "6 minus (white cell count at diagnosis minus 3) is under 10"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "words"), SENTENCES, ids=[text for text, _ in SENTENCES])
def test_a_rule_reads_as_a_sentence(text: str, words: str, vocabulary: Vocabulary) -> None:
    said = sentence(parse_rule(text, vocabulary, may_ask_missing=True), vocabulary)
    whole = not words.startswith(("is ", "at "))
    assert said == words if whole else said.endswith(words)


NUMBERS = [
    (0, "0"), (0.0, "0"), (-0.0, "0"), (1, "1"), (300.0, "300"), (0.5, "0.5"), (0.05, "0.05"), (-2.5, "-2.5"),
    (1500, "1,500"), (1234567, "1,234,567"), (1000.25, "1,000.25"), (0.0004, "0.0004"), (0.0001, "0.0001"),
    (9_999_999, "9,999,999"), (10_000_000, "10⁷"), (25_000_000, "2.5 × 10⁷"), (0.00005, "5 × 10⁻⁵"), (0.00001, "10⁻⁵"),
    (1.25e-6, "1.25 × 10⁻⁶"), (-0.00005, "-5 × 10⁻⁵"), (100, "100"), (10, "10"), (0.1, "0.1"), (0.3, "0.3"),
    (1e21, "10²¹"), (1 / 3, "0.3333333333"),
]  # fmt: skip


@pytest.mark.parametrize(("number", "words"), NUMBERS, ids=[f"{n}-{w}" for n, w in NUMBERS])
def test_a_number_is_written_without_needless_zeros(number: float, words: str) -> None:
    assert plain_number(number) == words


WITH_UNITS = [
    (412, "10*9/L", "412 ×10⁹/L"), (4.2, "%", "4.2%"), (0, "%", "0%"), (1500, "/uL", "1,500 /µL"), (5.1, "kg", "5.1 kg"),
    (38.5, "Cel", "38.5 °C"), (6, "mo", "6 completed months"), (75, "d", "75 days"), (0.0004, "1", "0.0004 (0.04%)"),
    (0.5, "1", "0.5 (50%)"), (0.00005, "1", "5 × 10⁻⁵ (0.005%)"), (0, "1", "0"), (1, "1", "1"), (3, "1", "3"), (7, "", "7"),
    (88.4, "umol/L", "88.4 µmol/L"), (120, "mm[Hg]", "120 mmHg"), (9.5, "g/dL", "9.5 g/dL"),
]  # fmt: skip


@pytest.mark.parametrize(("number", "unit", "words"), WITH_UNITS, ids=[w for _, _, w in WITH_UNITS])
def test_a_number_has_its_unit_as_a_reader_expects_it(number: float, unit: str, words: str) -> None:
    assert say_number(number, unit) == words


INF = math.inf
CELLS = [
    ("wbc_at_diagnosis", (300.0, INF), "300 ×10⁹/L or more"),
    ("wbc_at_diagnosis", (math.nextafter(300.0, INF), INF), "over 300 ×10⁹/L"),
    ("wbc_at_diagnosis", (-INF, below(300.0)), "under 300 ×10⁹/L"),
    ("wbc_at_diagnosis", (0.0, below(300.0)), "under 300 ×10⁹/L"),
    ("wbc_at_diagnosis", (-INF, 300.0), "300 ×10⁹/L or less"),
    ("wbc_at_diagnosis", (100.0, below(300.0)), "100 to under 300 ×10⁹/L"),
    ("wbc_at_diagnosis", (100.0, 300.0), "100 to 300 ×10⁹/L"),
    ("wbc_at_diagnosis", (math.nextafter(100.0, INF), 300.0), "over 100 to 300 ×10⁹/L"),
    ("wbc_at_diagnosis", (math.nextafter(100.0, INF), below(300.0)), "over 100 to under 300 ×10⁹/L"),
    ("wbc_at_diagnosis", (300.0, 300.0), "exactly 300 ×10⁹/L"),
    ("wbc_at_diagnosis", (0.0, 0.0), "exactly 0 ×10⁹/L"),
    ("wbc_at_diagnosis", (-INF, INF), "any value"),
    ("wbc_at_diagnosis", (0.0, INF), "any value"),
    ("day8_blasts", (1000.0, INF), "1,000 /µL or more"),
    ("mrd_end_of_induction", (-INF, below(0.0005)), "under 0.0005 (0.05%)"),
    ("mrd_end_of_induction", (0.0005, INF), "0.0005 (0.05%) or more"),
    ("mrd_end_of_induction", (math.nextafter(0.0, INF), below(0.0005)), "over 0 to under 0.0005 (0.05%)"),
    ("mrd_end_of_induction", (math.nextafter(0.0, INF), INF), "over 0"),
    ("age_months_at_diagnosis", (6.0, INF), "6 completed months or more"),
    ("kmt2a_status", ("rearranged",), "rearranged"),
    ("kmt2a_status", ("germline", "not_evaluable"), "germline or not evaluable"),
    ("sex", True, "true"),
    ("sex", False, "false"),
]  # fmt: skip


@pytest.mark.parametrize(("fact", "cell", "words"), CELLS, ids=[f"{fact}: {words}" for fact, _, words in CELLS])
def test_an_open_question_has_its_answers_in_words(fact: str, cell: object, words: str, vocabulary: Vocabulary) -> None:
    assert say_cell(cell, vocabulary.facts[fact]) == words  # type: ignore[arg-type]


VALUES = [
    ("wbc_at_diagnosis", None, "not known"),
    ("wbc_at_diagnosis", 412.0, "412 ×10⁹/L"),
    ("age_months_at_diagnosis", Interval(5, 6), "5 to 6 completed months"),
    ("age_days_at_diagnosis", Interval(181, 213), "181 to 213 days"),
    ("mrd_end_of_induction", Interval(0.0, below(0.0001)), "under 0.0001 (0.01%)"),
    ("kmt2a_status", "not_evaluable", "not evaluable"),
    ("kmt2a_status", Choice(frozenset({"germline", "rearranged"})), "rearranged or germline"),
    ("kmt2a_partner", "AFF1", "AFF1"),
]


@pytest.mark.parametrize(("fact", "value", "words"), VALUES, ids=[f"{fact}: {words}" for fact, _, words in VALUES])
def test_what_is_known_of_a_fact_is_said_in_words(fact: str, value: object, words: str, vocabulary: Vocabulary) -> None:
    assert say_value(value, vocabulary.facts[fact]) == words  # type: ignore[arg-type]


def test_underscores_are_not_shown_to_readers() -> None:
    assert say_word("mixed_phenotype") == "mixed phenotype"
    assert say_word("not_evaluable") == "not evaluable"
    assert say_word("yes") == "yes"


def test_every_statement_of_the_knowledge_reads_as_its_rule(knowledge: Knowledge) -> None:
    for statement in knowledge.statements():
        if statement.rule is not None:
            words = sentence(statement.rule, knowledge.vocabulary)
            assert words == statement.in_words, statement.id
            assert "_" not in words.replace("day_8", ""), statement.id
            assert words.count("(") == words.count(")"), statement.id
