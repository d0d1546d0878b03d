"""The state of the guide's translations, as a list to work from."""

from __future__ import annotations

from collections.abc import Iterator

from infantall.text.problems import InputError, Problem, did_you_mean

from .library import ENGLISH, GuideKnowledge

_ONE_FILE_EACH = ("red-flags.yaml", "questions.yaml", "rules.yaml", "medicines.yaml", "courses.yaml", "numbers.yaml")


def translations_text(guide: GuideKnowledge, language: str | None = None) -> str:
    """Every file of one language or of all: its state, the English it must name, its own fingerprint; and what is missing.

    Raises:
        InputError: a language of which the guide has nothing.
    """
    languages = [name for name in guide.languages if name != ENGLISH]
    if language is not None and language not in languages:
        expected = "one of " + ", ".join(languages) + did_you_mean(language, languages)
        raise InputError([Problem("LANG", f"'{language}'", expected)])
    lines: list[str] = []
    for name in [language] if language else languages:
        lines += [f"{name}: {counted(guide, name)}", *_of(guide, name), ""]
    return "\n".join(lines)


def counted(guide: GuideKnowledge, language: str) -> str:
    """How many files are in which state."""
    states = [t.state for t in guide.translations if t.language == language]
    missing = len(missing_files(guide, language))
    parts = [f"{states.count(state)} {state}" for state in ("reviewed", "unreviewed", "stale")]
    return ", ".join([*parts, f"{missing} missing"])


def missing_files(guide: GuideKnowledge, language: str) -> list[str]:
    """What of the English has no translation at all."""
    wanted = [*(f"topics/{topic.id}.yaml" for topic in guide.topics), *_ONE_FILE_EACH]
    wanted += [f"texts/{name}.yaml" for name in guide.sheets]
    have = {t.file for t in guide.translations if t.language == language}
    return [file for file in wanted if file not in have]


def _of(guide: GuideKnowledge, language: str) -> Iterator[str]:
    for t in guide.translations:
        if t.language == language:
            by = f"  by {t.review}" if t.review else ""
            yield f"  {t.state:<10}  of: {t.english}  itself: {t.fingerprint}  {t.file}{by}"
    for file in missing_files(guide, language):
        yield f"  missing     {file}"
