"""The guide's files to plain, checked data.

As with all knowledge, everything that is wrong is said at once with file and line, and nothing wrong loads: a topic without a
source, a rule over an unknown fact, a question that does not exist, a medicine of a course without a topic, a placeholder that
no unit rule fills, a translation with other parts than its English, a sentence that is unsafe for a baby.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel

from infantall.facts.vocabulary import Vocabulary
from infantall.knowledge.compiler import CORE_PACK, FACTS_DATA, PackReader, ParsedFile, review_said
from infantall.text.problems import InputError, Problem, did_you_mean

from . import schema
from .library import ENGLISH, LEVELS, PARTS
from .lint import Phrase, lint_lines

GUIDE_FACTS = "guide_facts.yaml"
INLINE = ("gloves_time", "baby", "years")
"""What a text may name in braces (``years`` in figures only); ``{rule:…}`` stands alone on its line."""
_File = TypeVar("_File", bound=BaseModel)
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


def compile_guide(pack: Path = CORE_PACK, facts: Path = FACTS_DATA) -> dict[str, Any]:
    """All files of the guide as plain data for :meth:`GuideKnowledge.from_data`, without its fingerprint.

    Raises:
        InputError: every problem of every file.
    """
    compiler = _GuideCompiler(pack, facts)
    data = compiler.compile_guide()
    if compiler.problems:
        raise InputError(compiler.problems)
    return data


def fingerprint_of(text: Any) -> str:
    """Twelve hexadecimal digits of a text: what a translation's ``of`` and a review name."""
    return hashlib.sha256(json.dumps(text, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:12]


class _GuideCompiler(PackReader):
    def __init__(self, pack: Path, facts: Path) -> None:
        super().__init__(pack, facts)
        self.folder = pack / "guide"
        self.languages = [ENGLISH, *sorted(p.name for p in (self.folder / "translations").glob("*") if p.is_dir())]
        self.translations: list[dict[str, str]] = []
        self.phrases: dict[str, tuple[Phrase, ...]] = {}

    def compile_guide(self) -> dict[str, Any]:
        self.vocabulary_data = self.guide_vocabulary()
        if self.problems:
            return {}
        self.vocabulary = Vocabulary.from_data(self.vocabulary_data)
        self.read_sources()
        self.phrases = {language: self.unsafe_phrases(language) for language in self.languages}
        topics = [t for p in sorted((self.folder / "topics").glob("*.yaml")) if (t := self.topic(p))]
        flags = self.flags()
        moments = self.moments()
        rules = self.unit_rules()
        medicines = self.medicines()
        courses = self.courses()
        data = {
            "vocabulary": self.vocabulary_data,
            "topics": sorted(topics, key=lambda t: (t["order"], t["id"])),
            "flags": sorted(flags, key=lambda f: (LEVELS.index(f["level"]), f["order"], f["id"])),
            "moments": sorted(moments, key=lambda m: (m["order"], m["id"])),
            "rules": rules,
            "medicines": medicines,
            "courses": courses,
            "numbers": sorted(self.numbers(), key=lambda n: (n["order"], n["id"])),
            "sheets": self.sheets(),
            "seasons": self.seasons(),
            "languages": self.languages,
            "unsafe_phrases": {language: [asdict(p) for p in phrases] for language, phrases in self.phrases.items()},
            "translations": self.translations,
        }
        self.check_links(data)
        self.check_orphans()
        return data

    # -- the ground ------------------------------------------------------------------------------------------------------

    def guide_vocabulary(self) -> dict[str, Any]:
        data = self.read_vocabulary()
        own = self.read(self.facts / GUIDE_FACTS)
        if not data or own is None:
            return {}
        names = {fact["name"] for fact in data["facts"]}
        for i, fact in enumerate(own.value["facts"]):
            if fact["name"] in names:
                self.problems.append(own.problem(("facts", i), f"'{fact['name']}' twice", "each name once"))
            names.add(fact["name"])
        return {**data, "facts": [*data["facts"], *({**fact, "codes": []} for fact in own.value["facts"])]}

    def unsafe_phrases(self, language: str) -> tuple[Phrase, ...]:
        path = self.folder / "unsafe-phrases" / f"{language}.yaml"
        read = self.read_model(path, schema.PhrasesFile) if path.exists() else None
        if read is None:
            return ()
        phrases = tuple(Phrase(p.id, p.pattern, p.because, tuple(p.allowed_if)) for p in read[0].phrases)
        try:
            lint_lines([("", "")], phrases)
        except re.error as error:
            self.problems.append(
                read[1].problem(("phrases",), f"the pattern '{error.pattern!r}'", f"a regular expression ({error})")
            )
            return ()
        return phrases

    def check_text(
        self, source: ParsedFile, path: tuple[str | int, ...], language: str, text: Any, inline: Iterable[str] = INLINE
    ) -> None:
        """No unsafe phrase and no unknown placeholder in any line of a nested text."""
        lines = [((*path, *where), line) for where, line in _lines(text)]
        places = {source.places.say(where): where for where, _ in lines}
        said = ((source.places.say(where), line) for where, line in lines)
        for place, found, expected in lint_lines(said, self.phrases[language]):
            self.problems.append(source.problem(places[place], found, expected))
        for where, line in lines:
            for name in _PLACEHOLDER.findall(line):
                if name not in inline and not (name.startswith("rule:") and line == f"{{{name}}}" and inline is INLINE):
                    expected = "{rule:…} alone on its line, or one of " + ", ".join(INLINE)
                    expected = expected if inline is INLINE else "a name of its numbers"
                    self.problems.append(source.problem(where, f"the placeholder '{{{name}}}'", expected))

    # -- translations ----------------------------------------------------------------------------------------------------

    def translated(self, file: str, model: type[_File], english: Any) -> Iterator[tuple[str, _File, ParsedFile]]:
        """The translations of one file that are of its present English; the state of each is kept."""
        for language in self.languages[1:]:
            path = self.folder / "translations" / language / file
            if not path.exists():
                continue
            read = self.read_model(path, model)
            if read is None:
                continue
            translation, source = read
            said: Any = translation
            review, now = review_said(source.value.get("review")), fingerprint_of(english)
            state = "stale" if said.of != now else "reviewed" if review else "unreviewed"
            content = said.model_dump(exclude={"review"})
            self.translations.append(
                {"language": language, "file": file, "state": state, "review": review, "of": said.of, "english": now,
                 "fingerprint": fingerprint_of(content)}
            )  # fmt: skip
            if state != "stale":
                yield language, translation, source

    def known_ids(self, source: ParsedFile, path: str, found: Mapping[str, Any], expected: Iterable[str]) -> None:
        """No id that the English lacks. A translation may be partial: what it lacks is shown in English."""
        names = set(expected)
        for name in found:
            if name not in names:
                hint = "an id of the English" + did_you_mean(name, names)
                self.problems.append(source.problem((path, name), f"'{name}'", hint))

    # -- topics ----------------------------------------------------------------------------------------------------------

    def topic(self, path: Path) -> dict[str, Any] | None:
        read = self.read_model(path, schema.TopicFile)
        if read is None:
            return None
        file, source = read
        if file.topic != path.stem:
            self.problems.append(source.problem(("topic",), f"'{file.topic}'", f"'{path.stem}', as the file is named"))
        statement = self.guide_statement(source, (), file, f"guide.{file.topic}", "topic", " ".join(file.text.short))
        text = {ENGLISH: _topic_text(file.text)}
        self.check_text(source, ("text",), ENGLISH, file.text)
        english = file.text.model_dump()
        for language, translation, where in self.translated(f"topics/{file.topic}.yaml", schema.TopicTranslation, english):
            if translation.topic != file.topic:
                self.problems.append(where.problem(("topic",), f"'{translation.topic}'", f"'{file.topic}', as the file is named"))
            self.same_parts(where, file.text, translation.text)
            self.check_text(where, ("text",), language, translation.text)
            text[language] = _topic_text(translation.text)
        kept = file.model_dump(include={"tier", "mode", "order", "urgent", "if_unknown", "questions"})
        return {"id": file.topic, **kept, "statement": statement, "text": text}

    def same_parts(self, source: ParsedFile, english: schema.TopicText, other: schema.TopicText) -> None:
        for part in PARTS:
            here, there = len(getattr(other, part)), len(getattr(english, part))
            if here != there:
                self.problems.append(source.problem(("text", part), f"{here} items", f"{there}, as in the English"))
        rules = [re.findall(r"\{rule:\w+\}", "\n".join(line for _, line in _lines(text))) for text in (english, other)]
        if rules[0] != rules[1]:
            self.problems.append(source.problem(("text",), f"the unit rules {rules[1]}", f"{rules[0]}, as in the English"))

    def guide_statement(
        self, source: ParsedFile, path: tuple[str | int, ...], item: Any, identifier: str, kind: str, says: str
    ) -> dict[str, Any]:
        said = self.statement(source, path, item, id=identifier, kind=kind)
        return {**said, "says": says}

    # -- signs, questions, unit rules ------------------------------------------------------------------------------------

    def flags(self) -> list[dict[str, Any]]:
        found: dict[str, dict[str, Any]] = {}
        for path in sorted((self.folder / "red-flags").glob("*.yaml")):
            read = self.read_model(path, schema.FlagsFile)
            if read is None:
                continue
            file, source = read
            for i, item in enumerate(file.items):
                place = ("items", i)
                self.check_text(source, place, ENGLISH, item.text)
                if not item.id.startswith(item.level):
                    self.problems.append(source.problem(place, f"the level {item.level}", "the level that the id names"))
                statement = self.guide_statement(source, place, item, f"guide.{item.id}", "sign", item.text)
                kept = item.model_dump(include={"id", "level", "order", "if_unknown"})
                found[item.id] = {**kept, "statement": statement, "text": {ENGLISH: item.text}}
        english = {name: flag["text"][ENGLISH] for name, flag in sorted(found.items())}
        for language, translation, source in self.translated("red-flags.yaml", schema.FlagsTranslation, english):
            self.known_ids(source, "items", translation.items, found)
            for name in found.keys() & translation.items.keys():
                self.check_text(source, ("items", name), language, translation.items[name])
                found[name]["text"][language] = translation.items[name]
        return list(found.values())

    def moments(self) -> list[dict[str, Any]]:
        found = []
        for path in sorted((self.folder / "questions").glob("*.yaml")):
            read = self.read_model(path, schema.QuestionsFile)
            if read is not None:
                found.append(self.moment(*read))
        questions = {question["id"]: question for moment in found for question in moment["questions"]}
        english = {
            "titles": {moment["id"]: moment["title"][ENGLISH] for moment in found},
            "items": {name: question["text"][ENGLISH] for name, question in sorted(questions.items())},
        }
        for language, translation, source in self.translated("questions.yaml", schema.QuestionsTranslation, english):
            self.known_ids(source, "titles", translation.titles, english["titles"])
            self.known_ids(source, "items", translation.items, questions)
            self.check_text(source, ("titles",), language, translation.titles)
            for moment in found:
                if moment["id"] in translation.titles:
                    moment["title"][language] = translation.titles[moment["id"]]
            for name in questions.keys() & translation.items.keys():
                self.check_text(source, ("items", name), language, translation.items[name])
                questions[name]["text"][language] = translation.items[name]
        return found

    def moment(self, file: schema.QuestionsFile, source: ParsedFile) -> dict[str, Any]:
        questions = []
        self.check_text(source, ("title",), ENGLISH, file.title)
        for i, item in enumerate(file.items):
            self.check_text(source, ("items", i), ENGLISH, item.text)
            cited = file.model_copy(update={"when": item.when or "TRUE"})
            statement = self.guide_statement(source, ("items", i), cited, f"guide.{item.id}", "question", item.text)
            questions.append({"id": item.id, "statement": statement, "text": {ENGLISH: item.text}})
        statement = self.guide_statement(source, (), file, f"guide.moment.{file.moment}", "question", file.title)
        return {
            "id": file.moment, "order": file.order, "statement": statement, "title": {ENGLISH: file.title},
            "questions": questions,
        }  # fmt: skip

    def unit_rules(self) -> list[dict[str, Any]]:
        read = self.read_model(self.folder / "rules.yaml", schema.UnitRulesFile)
        if read is None:
            return []
        file, source = read
        found = {}
        for i, item in enumerate(file.rules):
            words = {"title": item.title, "until_set": item.until_set, "unit_says": item.unit_says}
            statement = self.guide_statement(
                source, ("rules", i), item, f"guide.rule.{item.id}", "unit rule", " ".join(item.until_set)
            )
            self.check_text(source, ("rules", i), ENGLISH, words, item.numbers)
            if item.numbers.keys() != item.numbers_unit.keys():
                self.problems.append(source.problem(("rules", i), "numbers without units", "numbers_unit with the same names"))
            kept = item.model_dump(include={"id", "must_ask", "numbers", "numbers_unit", "conflict"})
            found[item.id] = {**kept, "statement": statement, "text": {ENGLISH: words}}
        english = {name: rule["text"][ENGLISH] for name, rule in sorted(found.items())}
        for language, translation, where in self.translated("rules.yaml", schema.UnitRulesTranslation, english):
            self.known_ids(where, "items", translation.items, found)
            for name in found.keys() & translation.items.keys():
                said = translation.items[name].model_dump()
                self.check_text(where, ("items", name), language, said, found[name]["numbers"])
                self.same_rule(where, ("items", name), english[name], said)
                found[name]["text"][language] = said
        return list(found.values())

    def same_rule(self, source: ParsedFile, path: tuple[str | int, ...], english: Any, other: Any) -> None:
        """A translated rule has its English's lines, and the same figures in them."""
        for part in ("until_set", "unit_says"):
            figures = [[sorted(_PLACEHOLDER.findall(line)) for line in said[part]] for said in (english, other)]
            if figures[0] != figures[1]:
                expected = f"{len(figures[0])} lines with the figures of the English, each in its line"
                self.problems.append(source.problem((*path, part), f"{len(figures[1])} lines, figures {figures[1]}", expected))

    # -- medicines and courses -------------------------------------------------------------------------------------------

    def medicines(self) -> list[dict[str, Any]]:
        read = self.read_model(self.folder / "medicines.yaml", schema.MedicinesFile)
        if read is None:
            return []
        file, source = read
        found = {}
        for i, item in enumerate(file.medicines):
            self.check_text(source, ("medicines", i), ENGLISH, item.look_for)
            group = f"gets_{item.group}"
            if item.group != "other" and group not in self.vocabulary.facts:
                expected = "a medicine group of the guide's facts, or other" + did_you_mean(group, self.vocabulary.facts)
                self.problems.append(source.problem(("medicines", i, "group"), f"'{item.group}'", expected))
            found[item.id] = {
                **item.model_dump(include={"id", "names", "routes", "group", "topic", "gloves", "numbing_cream_risk"}),
                "citations": self.citations(source, ("medicines", i), item.sources), "confidence": item.confidence,
                "name": {ENGLISH: item.name}, "look_for": {ENGLISH: item.look_for},
            }  # fmt: skip
        english = {
            "names": {name: medicine["name"][ENGLISH] for name, medicine in sorted(found.items())},
            "look_for": {name: medicine["look_for"][ENGLISH] for name, medicine in sorted(found.items())},
        }
        for language, translation, where in self.translated("medicines.yaml", schema.MedicinesTranslation, english):
            for name in (*translation.names, *translation.look_for):
                if name not in found:
                    expected = "a medicine's id" + did_you_mean(name, found)
                    self.problems.append(where.problem(("names", name), f"'{name}'", expected))
            for name in found.keys() & translation.names.keys():
                found[name]["name"][language] = translation.names[name]
            for name in found.keys() & translation.look_for.keys():
                self.check_text(where, ("look_for", name), language, translation.look_for[name])
                found[name]["look_for"][language] = translation.look_for[name]
        return list(found.values())

    def courses(self) -> list[dict[str, Any]]:
        read = self.read_model(self.folder / "courses.yaml", schema.CoursesFile)
        if read is None:
            return []
        file, source = read
        found = {}
        for i, item in enumerate(file.courses):
            found[item.id] = {
                **item.model_dump(include={"id", "protocol", "course", "phase", "medicines", "complete"}),
                "citations": self.citations(source, ("courses", i), item.sources), "confidence": item.confidence,
                "title": {ENGLISH: item.title},
            }  # fmt: skip
        english = {name: course["title"][ENGLISH] for name, course in sorted(found.items())}
        for language, translation, where in self.translated("courses.yaml", schema.CoursesTranslation, english):
            self.known_ids(where, "titles", translation.titles, found)
            self.check_text(where, ("titles",), language, translation.titles)
            for name in found.keys() & translation.titles.keys():
                found[name]["title"][language] = translation.titles[name]
        return list(found.values())

    # -- figures, sheets, seasons ----------------------------------------------------------------------------------------

    def numbers(self) -> list[dict[str, Any]]:
        read = self.read_model(self.folder / "numbers.yaml", schema.NumbersFile)
        if read is None:
            return []
        file, source = read
        found = {}
        for i, item in enumerate(file.numbers):
            words = item.text.model_dump()
            self.check_text(source, ("numbers", i), ENGLISH, words)
            statement = self.guide_statement(source, ("numbers", i), item, f"guide.numbers.{item.id}", "figure", item.text.group)
            kept = item.model_dump(include={"id", "order", "outcomes"})
            found[item.id] = {**kept, "statement": statement, "text": {ENGLISH: words}}
        english = {name: number["text"][ENGLISH] for name, number in sorted(found.items())}
        for language, translation, where in self.translated("numbers.yaml", schema.NumbersTranslation, english):
            self.known_ids(where, "items", translation.items, found)
            for name in found.keys() & translation.items.keys():
                words = translation.items[name].model_dump()
                self.check_text(where, ("items", name), language, words)
                found[name]["text"][language] = words
        return list(found.values())

    def sheets(self) -> list[dict[str, Any]]:
        found = []
        for path in sorted((self.folder / "texts").glob("*.yaml")):
            read = self.read_model(path, schema.DocumentFile)
            if read is None:
                continue
            file, source = read
            self.check_text(source, ("text",), ENGLISH, file.text)
            text = {ENGLISH: file.text}
            for language, translation, where in self.translated(f"texts/{path.name}", schema.DocumentTranslation, file.text):
                if _shape(translation.text) != _shape(file.text):
                    self.problems.append(where.problem(("text",), "another shape", "the same keys and lists as the English"))
                self.check_text(where, ("text",), language, translation.text)
                text[language] = translation.text
            found.append({"id": path.stem, "text": text, "citations": self.citations(source, (), file.sources)})
        return found

    def seasons(self) -> list[dict[str, Any]]:
        read = self.read_model(self.folder / "rsv-seasons.yaml", schema.SeasonsFile)
        if read is None:
            return []
        file, source = read
        return [
            {
                **item.model_dump(include={"id", "name", "months"}),
                "citations": self.citations(source, ("regions", i), item.sources),
            }
            for i, item in enumerate(file.regions)
        ]

    def check_orphans(self) -> None:
        """No translated topic or sheet without its English: nobody would ever see it."""
        for language in self.languages[1:]:
            root = self.folder / "translations" / language
            for path in sorted((*root.glob("topics/*.yaml"), *root.glob("texts/*.yaml"))):
                file = path.relative_to(root)
                if not (self.folder / file).exists():
                    name = self.name_of(path)
                    self.problems.append(Problem("the file", "a translation of nothing", f"an English {file}", name))

    # -- links -----------------------------------------------------------------------------------------------------------

    def check_links(self, data: Mapping[str, Any]) -> None:
        """Whatever one file names must be there in another."""
        topics = {topic["id"] for topic in data["topics"]}
        questions = {question["id"] for moment in data["moments"] for question in moment["questions"]}
        rules = {rule["id"] for rule in data["rules"]}
        medicines = {medicine["id"] for medicine in data["medicines"]}
        for topic in data["topics"]:
            place = topic["statement"]["place"]
            self.check_names(place, "question", topic["questions"], questions)
            for text in topic["text"].values():
                lines = "\n".join(line for part in text["parts"].values() for line in part)
                self.check_names(place, "unit rule", re.findall(r"\{rule:(\w*)\}", lines), rules)
        for medicine in data["medicines"]:
            self.check_names("guide/medicines.yaml", f"topic of {medicine['id']}", [medicine["topic"]], topics)
        for course in data["courses"]:
            self.check_names("guide/courses.yaml", f"medicine of {course['id']}", course["medicines"], medicines)

    def check_names(self, place: str, what: str, names: Iterable[str], known: set[str]) -> None:
        for name in names:
            if name not in known:
                file, _, line = place.rpartition(":") if place.rpartition(":")[2].isdigit() else (place, "", "")
                expected = f"a known {what.split(' of ')[0]}" + did_you_mean(name, known)
                self.problems.append(Problem(f"line {line}" if line else what, f"the {what} '{name}'", expected, file))


def _topic_text(text: schema.TopicText) -> dict[str, Any]:
    parts = {part: getattr(text, part) for part in PARTS if getattr(text, part)}
    return {"title": text.title, "because": text.shown_because, "parts": parts}


def _lines(text: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Every piece of text inside nested data, with where it stands."""
    if isinstance(text, str):
        yield path, text
    elif isinstance(text, BaseModel):
        yield from _lines(text.model_dump(), path)
    elif isinstance(text, Mapping):
        for key, inner in text.items():
            if key != "id":
                yield from _lines(inner, (*path, key))
    elif isinstance(text, list):
        for i, inner in enumerate(text):
            yield from _lines(inner, (*path, i))


def _shape(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: (inner if key == "id" else _shape(inner)) for key, inner in value.items()}
    return [_shape(inner) for inner in value] if isinstance(value, list) else "text"
