"""Phrasing that the text and the HTML report share: verdicts, ages, values with their dates, lists, cleaned strings."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

from infantall.care.judge import possible_words
from infantall.care.result import Assessment
from infantall.facts.values import Interval
from infantall.knowledge.library import NO_GROUP
from infantall.record.model import Finding
from infantall.rules.english import plain_number, say_word
from infantall.rules.interpret import Verdict

VERDICT = {True: "met", False: "not met", None: "not known"}
ANSWER = {"yes": "yes", "no": "no", "undetermined": "open"}
CONFIDENCE = {
    "seen": "",
    "seen-secondary": "secondary source",
    "derived": "derived",
    "unverified": "unverified, decides nothing",
}
CONFIDENCE_MEANS = {
    "seen": "read in the named source",
    "seen-secondary": "read in a source that reports another",
    "derived": "follows by logic or arithmetic from what was read",
    "unverified": "believed, not read; decides nothing",
}
WITHOUT_GROUP = {"not_covered": "not covered", "off_study": "off study", "undefined": "undefined"}
NOTHING_OPEN = "No open question changes a group."
NOT_REVIEWED = "None of these statements has been reviewed by a clinician."
SHORT_DISCLAIMER = "Decision support for people who remain responsible; not a medical device."

_SAID_BY_VALUE = (" in completed months", " in days")
_FIRST = (
    "Not infant ALL",
    "Whether this is infant ALL",
    "Age at diagnosis is not known",
    "Contradictory results",
    "No date of diagnosis",
)
_BOTH_STAND = "Both stand"
_NUMBER_AND_UNIT = re.compile(r"(?<=\d) (?=%|×|µL|/µL|10[⁰¹²³⁴⁵⁶⁷⁸⁹]|days?\b|\d{3}\b)")


def clean(text: str) -> str:
    """Text without control, direction and invisible characters, which could forge lines or colours of a report."""
    if text.isprintable():
        return text
    return "".join(" " if ch.isspace() else ch for ch in text if ch.isspace() or unicodedata.category(ch)[0] != "C")


def glued(text: str) -> str:
    """The text with numbers and units tied together by no-break spaces."""
    return _NUMBER_AND_UNIT.sub("\N{NO-BREAK SPACE}", text)


def sentence(text: str) -> str:
    """With a capital letter, except where a name such as t(8;14) begins."""
    return text if text[1:2] == "(" else text[:1].upper() + text[1:]


def listed(items: Sequence[str], last: str = "and") -> str:
    """``a, b and c``; ``a, b; c, d; and e`` where the items hold commas themselves."""
    if len(items) < 2:
        return items[0] if items else ""
    if any(", " in item for item in items):
        return f"{'; '.join(items[:-1])}; {last} {items[-1]}"
    return f"{', '.join(items[:-1])} {last} {items[-1]}"


def count(number: int, noun: str, plural: str = "") -> str:
    """``1 answer``, ``2 answers``."""
    return f"{number} {noun if number == 1 else plural or noun + 's'}"


def verdict(value: Verdict) -> str:
    """met, not met or not known."""
    return VERDICT[value]


def outcome(name: str) -> str:
    """A group's label, or words for an outcome without a group."""
    return WITHOUT_GROUP.get(name, name)


def outcomes(names: Iterable[str]) -> str:
    """Possible outcomes in words, groups first: ``HR, MR or not covered``."""
    words = list(dict.fromkeys(names))
    return listed([outcome(n) for n in sorted(words, key=lambda n: n in NO_GROUP)], "or")


def answer_outcomes(words: str) -> str:
    """The words of an :class:`~infantall.care.result.AnswerMeaning`, groups first."""
    last = set(WITHOUT_GROUP.values())
    return listed(sorted(words.split(" or "), key=lambda word: word in last), "or")


# -- the child -----------------------------------------------------------------------------------------------------------


def age(assessment: Assessment) -> str:
    """Age at diagnosis in days and completed months, as far as known."""
    record = assessment.record
    days, months = record.age_days, record.age_months
    if days is None and months is None:
        return "not known"
    said = [_span(days, "day")] if days is not None else []
    if months is not None:
        said.append(_span(months, "completed month"))
    return f"{said[0]} ({said[1]})" if len(said) == 2 else said[0]


def _span(value: int | Interval, noun: str) -> str:
    if not isinstance(value, Interval):
        return count(value, noun)
    low, high = plain_number(value.low), plain_number(value.high)
    if value.high == value.low:
        return count(int(value.low), noun)
    if value.high == float("inf"):
        return f"{low} {noun}s or more"
    return f"{low} {'or' if value.high - value.low == 1 else 'to'} {high} {noun}s"


def diagnosed(assessment: Assessment) -> str:
    """The date of diagnosis, or that days are counted from it."""
    record = assessment.record
    if record.diagnosed is not None:
        return record.diagnosed.isoformat()
    return "not recorded" if assessment.as_of.day is None else "no date recorded; days count from diagnosis (day 0)"


def as_of(assessment: Assessment) -> str:
    """The day of assessment: date, and day from diagnosis."""
    moment = assessment.as_of
    if moment.on is not None:
        return moment.on.isoformat() + (f" (day {moment.day} from diagnosis)" if moment.day is not None else "")
    return f"day {moment.day} from diagnosis" if moment.day is not None else "undated"


def header(assessment: Assessment) -> list[tuple[str, str]]:
    """Who, how old, when: label and value."""
    rows = [
        ("Sex", assessment.record.sex or "not known"),
        ("Age at diagnosis", age(assessment)),
        ("Diagnosed", diagnosed(assessment)),
        ("As of", as_of(assessment)),
    ]
    cited = assessment.record.source.get("citation")
    return [*rows, ("Published case", clean(str(cited)))] if cited else rows


# -- facts with their evidence -------------------------------------------------------------------------------------------


def evidence(finding: Finding) -> str:
    """When and how: ``2026-03-24, FISH``."""
    method = finding.extra.get("method")
    return clean(f"{finding.when}, {method}" if method else str(finding.when))


def label(assessment: Assessment, fact: str) -> str:
    """A fact's label for use before its value, whose unit need not be said twice."""
    text = assessment.label(fact)
    for tail in _SAID_BY_VALUE:
        text = text.removesuffix(tail)
    return text


def is_silent(assessment: Assessment, fact: str) -> bool:
    """Whether a fact only says that nothing of the kind is recorded: no news to a reader."""
    by = assessment.knowledge.vocabulary.facts[fact].read.get("by")
    return by in ("recorded", "events") and assessment.values.get(fact) == "no"


def category(word: str) -> str:
    """A category value in words."""
    return say_word(word)


def known(assessment: Assessment, fact: str) -> str:
    """What is known of a fact with when and how: ``412 ×10⁹/L (2026-03-20)``."""
    said = assessment.say(fact)
    findings = assessment.readings[fact].findings
    if not findings or (not said or said == "not known"):
        return said
    return f"{said} ({'; '.join(dict.fromkeys(evidence(f) for f in findings))})"


def judged_words(assessment: Assessment, fact: str, possible: Sequence[str] = ()) -> str:
    """A judgement in words; where open, the values still possible."""
    value = assessment.values.get(fact)
    if isinstance(value, str):
        return category(value)
    definition = assessment.knowledge.vocabulary.facts[fact]
    still = list(possible) or list(possible_words(fact, assessment.values, assessment.knowledge))
    if not still:
        return "open: no rule gives a value for these results"
    if set(still) == set(definition.values):
        return "open; every value is still possible"
    return f"open; still possible: {listed([category(word) for word in still], 'or')}"


# -- notices -------------------------------------------------------------------------------------------------------------


def first_notices(assessment: Assessment) -> list[str]:
    """Notices that change how everything else is to be read: not infant ALL, contradictions."""
    return [clean(n) for n in assessment.notices if n.startswith(_FIRST) or _BOTH_STAND in n]


def other_notices(assessment: Assessment) -> list[str]:
    """All other notices. What a protocol says of ``not_covered`` and ``off_study`` its group column says already."""
    first = set(first_notices(assessment))
    own = [notice for notice in map(clean, assessment.notices) if notice not in first]
    coded = ("(not_covered).", "(off_study).", "so no group is given.")
    return [*own, *(clean(n) for result in assessment.protocols for n in result.notices if not n.endswith(coded))]
