"""The ``family:`` part of a record file: what the family guide needs to know beyond the disease."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from .model import Family, Visit

if TYPE_CHECKING:
    from .reader import _Reader

LINES = ("tunnelled", "port", "picc", "none")
LINE_WORDS = {"broviac": "tunnelled", "hickman": "tunnelled", "portacath": "port", "port_a_cath": "port"}
FEEDING = ("breast_milk", "formula", "tube", "solids")
AT_HOME = ("pregnant", "breastfeeding", "smoker", "pets", "siblings", "twin")
FIGURES = ("show_now", "talk_first", "not_now")
STATES = ("active", "paused", "bereaved")
OPENED = ("relapse", "comfort", "end_of_life")
_YES_NO = ("yes", "no")
_CHOICES = {
    "stopped_breast_milk": _YES_NO, "teeth": _YES_NO, "place": ("home", "hospital"), "been_home": _YES_NO,
    "transplant": ("considered", "planned", "none"), "blinatumomab_at_home": _YES_NO, "trial": ("offered", "joined", "none"),
    "state": STATES,
}  # fmt: skip
_TEXTS = ("baby", "language", "region")
_OTHER = (
    "line", "feeding", "at_home", "sibling_rotavirus_vaccine", "medicines_complete_on", "figures", "opened", "visits",
    "questions", "answers",
)  # fmt: skip
_VISIT = {"on", "day", "at", "what", "where"}
_ROOT = ("family",)


def read_family(value: Any, reader: _Reader) -> Family:
    """The family's part; wrong entries become problems of the reader."""
    if value is None:
        return Family()
    if not isinstance(value, dict):
        reader.problem(_ROOT, "no mapping", "{line: …, feeding: […], …}")
        return Family()
    reader.known_keys(value, {*_TEXTS, *_CHOICES, *_OTHER}, _ROOT)
    chosen = {key: reader.choice(value.get(key), known, (*_ROOT, key)) for key, known in _CHOICES.items()}
    chosen["state"] = chosen["state"] or "active"
    return Family(
        **{key: reader.text(value.get(key), (*_ROOT, key)) for key in _TEXTS},
        **chosen,
        line=_line(value.get("line"), reader),
        feeding=_words(value, "feeding", FEEDING, reader),
        at_home=_choices(value.get("at_home"), "at_home", dict.fromkeys(AT_HOME, _YES_NO), reader),
        rotavirus=reader.day_given(value.get("sibling_rotavirus_vaccine"), (*_ROOT, "sibling_rotavirus_vaccine")),
        medicines_complete=reader.day_given(value.get("medicines_complete_on"), (*_ROOT, "medicines_complete_on")),
        figures=_figures(value.get("figures"), reader),
        opened=_words(value, "opened", OPENED, reader) or (),
        visits=_visits(value.get("visits"), reader),
        questions=_texts(value.get("questions"), "questions", reader),
        answers=_answers(value.get("answers"), reader),
        entered=value,
    )


def _line(value: Any, reader: _Reader) -> str:
    word = str(value).strip().lower().replace(" ", "_").replace("-", "_")
    return reader.choice(LINE_WORDS.get(word, value), LINES, (*_ROOT, "line"))


def _words(value: Mapping[str, Any], key: str, known: tuple[str, ...], reader: _Reader) -> tuple[str, ...] | None:
    entries = value.get(key)
    if entries is None:
        return None
    if not isinstance(entries, list):
        reader.problem((*_ROOT, key), "no list", f"a list, such as [{known[0]}]")
        return None
    found = [reader.choice(entry, known, (*_ROOT, key, i)) for i, entry in enumerate(entries)]
    return tuple(word for word in dict.fromkeys(found) if word)


def _choices(value: Any, key: str, known: Mapping[str, tuple[str, ...]], reader: _Reader) -> dict[str, str]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        reader.problem((*_ROOT, key), "no mapping", "{" + f"{next(iter(known))}: yes" + "}")
        return {}
    reader.known_keys(value, set(known), (*_ROOT, key))
    return {
        name: word
        for name, said in value.items()
        if name in known and (word := reader.choice(said, known[name], (*_ROOT, key, name)))
    }


def _figures(value: Any, reader: _Reader) -> dict[str, str]:
    """Each parent's own choice, under whatever name they use."""
    if value is None:
        return {}
    if not isinstance(value, dict):
        reader.problem((*_ROOT, "figures"), "one choice for all", "one for each parent: {mother: show_now, father: not_now}")
        return {}
    names = {str(name): said for name, said in value.items()}
    return _choices(names, "figures", dict.fromkeys(names, FIGURES), reader)


def _visits(value: Any, reader: _Reader) -> tuple[Visit, ...]:
    found = []
    for i, item in enumerate(_list(value, "visits", reader)):
        path = (*_ROOT, "visits", i)
        if not isinstance(item, dict):
            reader.problem(path, "no mapping", "{on: …, what: …}")
            continue
        reader.known_keys(item, _VISIT, path)
        before = len(reader.problems)
        when = reader.when(item, path)
        if when.on is None and when.day is None and len(reader.problems) == before:
            reader.problem((*path, "on"), "no date", "the day of the visit")
        at = reader.times(item.get("at"), (*path, "at"))
        where = reader.text(item.get("where"), (*path, "where"))
        found.append(Visit(reader.text(item.get("what"), (*path, "what")) or "", when, at[0] if at else "", where))
    return tuple(found)


def _texts(value: Any, key: str, reader: _Reader) -> tuple[str, ...]:
    return tuple(reader.text(item, (*_ROOT, key, i)) for i, item in enumerate(_list(value, key, reader)))


def _list(value: Any, key: str, reader: _Reader) -> list[Any]:
    if value is not None and not isinstance(value, list):
        reader.problem((*_ROOT, key), "no list", f"a list of {key}")
        return []
    return value or []


def _answers(value: Any, reader: _Reader) -> dict[str, str]:
    if value is not None and not isinstance(value, dict):
        reader.problem((*_ROOT, "answers"), "no mapping", "{question: what was answered}")
        return {}
    return {str(name): reader.text(said, (*_ROOT, "answers", str(name))) for name, said in (value or {}).items()}
