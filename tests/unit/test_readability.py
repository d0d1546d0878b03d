"""The readability helper against scores counted by hand and against texts whose scores are known."""

from __future__ import annotations

import pytest

from helpers.readability import NAMES, lines_of, score, sentences_of, syllables_of

FEVER = """Fever is an emergency for your baby. It can be the first sign of a bad infection. Your baby may look well and still
need help fast. Take the temperature under the arm. Never use the bottom. It can cause bleeding or let germs in. Call the unit now,
day or night, if the number is {rule} or higher. Call if it is below {low}. Call if your baby looks or acts unwell, even with a
normal number. Do not give fever medicine first. It can hide the fever. Do not put it down to teething or a shot. While you wait,
pack your bag and bring this sheet."""
GLOVES = """Some chemo leaves your baby's body in pee, poop and vomit. It can harm the skin of people who touch it. Put on gloves
before you change a nappy. Tie the nappy in a bag. Take off the gloves. Wash your hands with soap. Start with the first dose. Keep
going until {window} hours after the last one. If your baby takes chemo by mouth each day, wear gloves each day. If you are
pregnant, ask someone else to do it. You can still hug, kiss and hold your baby. That is safe."""
NUMBERS = """Some parents want to see survival numbers. Some do not. Both are fine. You can change your mind at any time. Numbers
come from groups of babies who were treated in the past. They cannot say what will happen to your baby. Some of those babies did
not get the newer medicines. Your team knows things about your baby that a number does not. You can talk with your team first. You
can see the numbers now. You can leave them closed."""
MERCAPTOPURINE = """Give this medicine each day, at the same time. Use the oral syringe from the pharmacy. Check the mL line twice.
Wear gloves. Your team will tell you if it can go with milk or food. If you miss a dose, call the team. If your baby throws up, call
the team. Do not give it again until they tell you to. Blood tests help the team pick the right dose. The dose may go up or down.
That is normal."""


def test_scores_counted_by_hand() -> None:
    easy = score(["The cat sat on the mat. It was warm."])
    assert (easy.words, easy.sentences, easy.syllables, easy.long_words, easy.longest_sentence) == (9, 2, 9, 0, 6)
    assert easy.flesch_kincaid == pytest.approx(0.39 * 4.5 + 11.8 - 15.59) == pytest.approx(-2.035)
    assert easy.smog == pytest.approx(3.1291)

    call = score(["Call your team now.", "A fever is an emergency."])
    assert (call.words, call.sentences, call.syllables, call.long_words) == (9, 2, 13, 1)
    assert call.flesch_kincaid == pytest.approx(3.2094, abs=1e-4)
    assert call.smog == pytest.approx(7.1686, abs=1e-4)


def test_spanish_scores_counted_by_hand() -> None:
    fever = score(["Su bebé tiene fiebre. Llame ya."], "es")
    assert (fever.words, fever.sentences, fever.syllables) == (6, 2, 10)
    assert fever.inflesz == pytest.approx(100.0017, abs=1e-4)


@pytest.mark.parametrize(
    ("text", "grade", "smog"), [(FEVER, 2.5, 6.3), (GLOVES, 1.3, 3.1), (NUMBERS, 1.9, 5.6), (MERCAPTOPURINE, 0.5, 5.6)]
)
def test_texts_whose_scores_were_measured_elsewhere(text: str, grade: float, smog: float) -> None:
    measured = score([" ".join(text.split())])
    assert measured.flesch_kincaid == pytest.approx(grade, abs=0.6)
    assert measured.smog == pytest.approx(smog, abs=0.6)


@pytest.mark.parametrize(
    ("word", "syllables"),
    [
        ("fever", 2), ("leukaemia", 4), ("diarrhoea", 4), ("nappies", 2), ("baby's", 2), ("colour", 2), ("labelled", 2),
        ("swaddled", 2), ("washes", 2), ("gloves", 1), ("soothed", 1), ("every", 3), ("temperature", 3), ("paediatric", 4),
        ("ready-made", 3), ("co-trimoxazole", 5), ("7", 2), ("24", 3), ("38.0", 6), ("37.4", 6), ("168", 6), ("1,000", 3),
    ],
)  # fmt: skip
def test_english_syllables(word: str, syllables: int) -> None:
    assert syllables_of(word) == syllables


@pytest.mark.parametrize(
    ("word", "syllables"),
    [
        ("bebé", 2), ("fiebre", 2), ("guardería", 4), ("leucemia", 3), ("temperatura", 5), ("quimioterapia", 5), ("día", 2),
        ("agua", 2), ("oír", 2), ("país", 2), ("cuidado", 3), ("pañal", 2), ("guantes", 2), ("sangre", 2), ("vía", 2),
        ("vacuna", 3), ("equipo", 3), ("que", 1), ("pingüino", 3), ("ahora", 3), ("búho", 2), ("muy", 1), ("y", 1),
        ("mayo", 2), ("diarrea", 3), ("poeta", 3), ("zoológico", 5), ("oían", 3), ("antibiótico", 5), ("siguiente", 3),
        ("después", 2), ("leer", 2), ("16", 3), ("37", 5), ("38,5", 9),
    ],
)  # fmt: skip
def test_spanish_syllables(word: str, syllables: int) -> None:
    assert syllables_of(word, "es") == syllables


def test_a_name_that_must_be_said_counts_as_two() -> None:
    said = ["Vincristine helps."]
    assert score(said).syllables == 4
    assert score(said, known=NAMES).syllables == 3
    assert score(said, known=NAMES).long_words == 0


def test_each_line_ends_a_sentence_and_so_do_colon_and_semicolon_but_no_decimal_point() -> None:
    assert sentences_of(["Call now", "It is 37.4 or more. Go in: bring this; wait."]) == [
        "Call now", "It is 37.4 or more.", "Go in:", "bring this;", "wait.",
    ]  # fmt: skip


def test_lines_of_a_topic_leave_out_titles_and_unit_rules_and_read_placeholders_as_words() -> None:
    text = {"title": "A title", "short": ["Wear gloves for {gloves_time}."], "do": ["{rule:fever}", "Call."]}
    assert list(lines_of(text)) == ["Wear gloves for two days.", "Call."]


def test_no_text_has_no_score_to_fail() -> None:
    assert score([]).words == 0
    assert score(["", "…"]).longest_sentence == 0
