"""What the model of a knowledge file refuses, in plain words: one problem a mistake, and what was expected instead."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from infantall.text.problems import Problem, did_you_mean, one_of
from infantall.text.yaml_places import Places

Loc = tuple[str | int, ...]
_MOST_FOUND = 60
_KINDS = {
    "string_type": "text (in quotes where it looks like a number, a date or true)",
    "list_type": "a list",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "date_type": "a date, YYYY-MM-DD",
    "date_parsing": "a date, YYYY-MM-DD",
    "date_from_datetime_parsing": "a date, YYYY-MM-DD",
    "date_from_datetime_inexact": "a date, YYYY-MM-DD",
}
_BOUNDS = {
    "greater_than_equal": ("ge", "{:g} or more"),
    "less_than_equal": ("le", "{:g} or less"),
    "less_than": ("lt", "less than {:g}"),
}
_TAGS = ("str", "int", "Review", "SourceAt")


def problems_of(error: ValidationError, model: type[BaseModel], places: Places, file: str) -> list[Problem]:
    """Every mistake once, with its place: where several forms may stand, the one that was meant, else all that may."""
    found: dict[Loc, list[tuple[Loc, Any]]] = {}
    for item in error.errors():
        loc = item["loc"]
        tag = next((i for i, part in enumerate(loc) if _is_union_tag(part)), None)
        path = tuple(part for part in loc if not _is_union_tag(part))
        root = path if tag is None else loc[:tag]
        found.setdefault(root, []).append((path, item))
    problems = []
    for root, items in found.items():
        inside = [(path, item) for path, item in items if path != root]
        if inside:
            problems += [Problem(places.say(p), _found(i, p), _expected(i, p, model), file) for p, i in inside]
        else:
            expected = " or ".join(dict.fromkeys(_expected(item, path, model) for path, item in items))
            problems.append(Problem(places.say(root), _found(items[0][1], root), expected, file))
    return problems


def _found(item: Mapping[str, Any], path: Loc) -> str:
    value, kind = item["input"], item["type"]
    if kind == "extra_forbidden":
        return f"the unknown key '{path[-1]}'"
    if kind == "missing" or value is None:
        return "nothing"
    if kind == "value_error":
        return "values that do not go together"
    said = f"'{value}'" if isinstance(value, str) else repr(value) if isinstance(value, list | dict) else str(value)
    return said if len(said) <= _MOST_FOUND else f"{said[:_MOST_FOUND]}…"


def _expected(item: Mapping[str, Any], path: Loc, model: type[BaseModel]) -> str:
    kind, context = str(item["type"]), item.get("ctx", {})
    if kind == "missing":
        return f"the key '{path[-1]}', which is required"
    if kind == "extra_forbidden":
        keys = _keys_at(model, path[:-1])
        return one_of(sorted(keys)) + did_you_mean(str(path[-1]), keys)
    if kind == "literal_error":
        words = str(context["expected"])
        return words + did_you_mean(str(item["input"]), words.replace(" or ", ", ").replace("'", "").split(", "))
    if kind == "value_error":
        return str(context["error"])
    if kind in ("too_short", "too_long"):
        end, number = ("least", context["min_length"]) if kind == "too_short" else ("most", context["max_length"])
        return f"at {end} {number} {'item' if number == 1 else 'items'}"
    if kind == "string_too_short":
        return f"at least {context['min_length']} character"
    if kind == "string_pattern_mismatch":
        return "lower-case letters, digits, '.', '_' and '-'"
    if kind == "model_type":
        return f"the keys {', '.join(sorted(_keys_at(model, path)))}"
    if kind in _BOUNDS:
        name, said = _BOUNDS[kind]
        return f"a number: {said.format(context[name])}"
    return _KINDS.get(kind, str(item["msg"]).removeprefix("Input should be "))


def _keys_at(model: type[BaseModel], path: Iterable[str | int]) -> set[str]:
    """The keys that may stand at a place of a file: those of every model that may be there."""
    models = {model}
    for part in path:
        if isinstance(part, str):
            models = {
                inner for m in models if part in m.model_fields for inner in _models_in(m.model_fields[part].annotation)
            } or models
    return {key for m in models for key in m.model_fields}


def _models_in(annotation: Any) -> set[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return {annotation}
    return {model for argument in get_args(annotation) for model in _models_in(argument)}


def _is_union_tag(part: str | int) -> bool:
    return isinstance(part, str) and (part in _TAGS or "literal[" in part or "constrained-" in part)
