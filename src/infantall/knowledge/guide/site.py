"""A hospital's own folder laid over the guide: its phone numbers, its rules, its reviews of translations.

    site.yaml     name, phones, rules, RSV months, reviews, seal

Each rule names what it replaces, why, who approved it and until when. The seal is the SHA-256 of everything else in the file: a
file that was changed after it was sealed is refused. It shows a change; it does not prove who made it. An approval that has run
out on the day of the guide is not used: the cautious rule stands again, and the guide says so.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from infantall.text.problems import InputError, Problem, did_you_mean
from infantall.text.yaml_places import Places, read_yaml

from ..refusals import problems_of
from . import SITE_FILE
from .library import ENGLISH, GuideKnowledge, UnitRule
from .lint import lint_lines
from .overlay import Site

Text = Annotated[str, Field(min_length=1)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, frozen=True)


class Approval(_Strict):
    """Who stands for a rule, and until when."""

    by: Text
    role: Text
    on: dt.date
    until: dt.date


class PhoneEntry(_Strict):
    """Whom to ring; ``label`` by language, English at least."""

    label: dict[str, Text]
    number: Text
    note: dict[str, Text] = {}


class SiteRule(_Strict):
    """A unit's own rule: figures for the sentences of the guide, or its own sentences by language.

    ``every_days`` puts what the rule asks for (a dressing change) into the calendar.
    """

    numbers: dict[str, float] = {}
    says: dict[str, list[Text]] = {}
    every_days: Annotated[int, Field(ge=1, le=31)] | None = None
    replaces: Text
    because: Text
    approved: Approval


class SiteReview(_Strict):
    """The review of one translated file; ``of`` is the translation's fingerprint."""

    language: Text
    file: Text
    of: Text
    by: Text
    role: Text
    on: dt.date


class SiteFile(_Strict):
    """``site.yaml``."""

    site: Text
    name: Text
    demonstration: bool = False
    emergency_number: str = ""
    phones: list[PhoneEntry] = []
    rules: dict[str, SiteRule] = {}
    rsv_months: list[Annotated[int, Field(ge=1, le=12)]] = []
    reviews: list[SiteReview] = []
    seal: str = ""


def read_site(folder: Path, guide: GuideKnowledge) -> Site:
    """The site pack of a folder.

    Raises:
        InputError: every problem of the file, a rule that the guide does not know, or a seal that does not fit.
    """
    file, places, name = _read(folder)
    problems = _problems(file, guide, places, name)
    wanted = seal_of(file)
    if file.seal != wanted:
        found = "no seal" if not file.seal else "a seal that does not fit: the file was changed after it was sealed"
        problems.append(Problem("seal", found, "the seal that 'infantall knowledge seal DIR' writes once all is approved", name))
    if problems:
        raise InputError(problems)
    return Site(
        file.site, file.name, file.demonstration, file.emergency_number, tuple(file.phones), file.rules,
        tuple(file.rsv_months), tuple(file.reviews), file.seal, _old_reviews(file, guide),
    )  # fmt: skip


def seal_of(file: SiteFile) -> str:
    """The seal that fits a site file: the SHA-256 of all its values but the seal."""
    content = file.model_dump(mode="json", exclude={"seal"})
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def seal(folder: Path, guide: GuideKnowledge) -> str:
    """Writes the seal into ``site.yaml``, after everything else in it was checked; gives the seal.

    Raises:
        InputError: the file is wrong.
    """
    file, places, name = _read(folder)
    problems = _problems(file, guide, places, name)
    if problems:
        raise InputError(problems)
    wanted, path = seal_of(file), folder / SITE_FILE
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("seal:")]
    path.write_text("\n".join([*lines, f"seal: {wanted}"]) + "\n", encoding="utf-8")
    return wanted


def _read(folder: Path) -> tuple[SiteFile, Places, str]:
    path = folder / SITE_FILE
    name = str(path)
    try:
        value, places = read_yaml(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise InputError(
            [Problem("the folder", f"no {SITE_FILE}", "a site pack (see examples/site-pack)", str(folder))]
        ) from None
    except UnicodeDecodeError:
        raise InputError([Problem("the file", "text that is not UTF-8", "UTF-8", name)]) from None
    except InputError as error:
        raise InputError(problem.in_file(name) for problem in error.problems) from None
    try:
        return SiteFile.model_validate(value), places, name
    except ValidationError as error:
        raise InputError(problems_of(error, SiteFile, places, name)) from None


def _problems(file: SiteFile, guide: GuideKnowledge, places: Places, name: str) -> list[Problem]:
    phones = [
        Problem(places.say(("phones", i, key)), "no English", "{en: …}, and other languages beside it", name)
        for i, phone in enumerate(file.phones)
        for key, texts in (("label", phone.label), ("note", phone.note))
        if ENGLISH not in texts and (texts or key == "label")
    ]
    return [
        *phones,
        *_rule_problems(file, guide, places, name),
        *_review_problems(file, guide, places, name),
        *_unsafe(file, guide, places, name),
    ]


def _rule_problems(file: SiteFile, guide: GuideKnowledge, places: Places, name: str) -> list[Problem]:
    problems = []
    for identifier, rule in file.rules.items():
        path = ("rules", identifier)
        known = guide.rules.get(identifier)
        if known is None:
            expected = "a unit rule of the guide" + did_you_mean(identifier, guide.rules)
            problems.append(Problem(places.say(path), f"the rule '{identifier}'", expected, name))
            continue
        problems += [Problem(places.say((*path, *at)), found, expected, name) for at, found, expected in _wrong(rule, known)]
    return problems


_POSSIBLE = {"Cel": (34.0, 41.0), "h": (1.0, 24.0 * 31)}
"""What a figure can be at all: a temperature in Fahrenheit or a time in days is refused, not believed."""


def _wrong(rule: SiteRule, known: UnitRule) -> list[tuple[tuple[str, ...], str, str]]:
    found: list[tuple[tuple[str, ...], str, str]] = []
    if set(rule.numbers) != set(known.numbers):
        expected = "exactly " + ", ".join(known.numbers) if known.numbers else "no numbers: this rule is sentences"
        found.append((("numbers",), ", ".join(rule.numbers) or "nothing", expected))
    if not known.numbers and not rule.says.get(ENGLISH):
        found.append((("says",), "no English sentences", "says: {en: [...]}"))
    for key, value in rule.numbers.items():
        low, high = _POSSIBLE.get(known.numbers_unit.get(key, ""), (0.0, 1e6))
        if not low <= value <= high:
            found.append((("numbers", key), f"{value:g}", f"a number from {low:g} to {high:g}"))
    if rule.approved.until <= rule.approved.on:
        found.append((("approved", "until"), f"{rule.approved.until}", "a day after the approval"))
    return found


def _review_problems(file: SiteFile, guide: GuideKnowledge, places: Places, name: str) -> list[Problem]:
    """A review of a file that the guide does not have; one of an older translation is a notice, see :func:`_old_reviews`."""
    known = {(t.language, t.file) for t in guide.translations}
    return [
        Problem(
            places.say(("reviews", i)), f"the review of {review.language} {review.file}", "a translated file of the guide", name
        )
        for i, review in enumerate(file.reviews)
        if (review.language, review.file) not in known
    ]


def _old_reviews(file: SiteFile, guide: GuideKnowledge) -> tuple[str, ...]:
    """Reviews of a translation that has changed since: they count no longer, and that is said."""
    shown = {(t.language, t.file): t.fingerprint for t in guide.translations}
    return tuple(
        f"The review of {r.language} {r.file} by {r.by} is of another text ({r.of}; now {shown[(r.language, r.file)]}): not used."
        for r in file.reviews
        if shown[(r.language, r.file)] != r.of
    )


def _unsafe(file: SiteFile, guide: GuideKnowledge, places: Places, name: str) -> list[Problem]:
    """The unit's own sentences are held to the same phrases as the guide's."""
    found = []
    for identifier, rule in file.rules.items():
        for language, lines in rule.says.items():
            path = ("rules", identifier, "says", language)
            phrases = guide.unsafe_phrases.get(language, ())
            for _, what, expected in lint_lines(((str(i), line) for i, line in enumerate(lines)), phrases):
                found.append(Problem(places.say(path), what, expected, name))
    return found
