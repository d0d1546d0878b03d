"""Knowledge files to plain, checked data.

Everything that can be wrong with a file is said at once, with file and line. A rule that does not parse, type-check or name
known facts, a statement without a resolvable source, and a rule that would compute with an unverified value never load.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from infantall.facts.vocabulary import Vocabulary
from infantall.rules import diagram, english, tree
from infantall.rules.parse import parse_rule
from infantall.text.problems import InputError, Problem, did_you_mean
from infantall.text.yaml_places import Places, read_yaml

from . import schema
from .bibliography import BIBLIOGRAPHY, read_bibliography
from .evidence_compiler import EvidenceCompiler
from .library import NOT_COVERED, UNDEFINED
from .refusals import problems_of
from .vocabulary_files import vocabulary_data

FACTS_DATA = Path(__file__).parent.parent / "facts" / "data"
CORE_PACK = Path(__file__).parent / "data"

_File = TypeVar("_File", bound=BaseModel)


def compile_packs(pack: Path = CORE_PACK, facts: Path = FACTS_DATA) -> dict[str, Any]:
    """All files of a pack as plain data for :meth:`Knowledge.from_data`, without its fingerprint.

    Raises:
        InputError: every problem of every file.
    """
    compiler = _Compiler(pack, facts)
    data = compiler.compile()
    if compiler.problems:
        raise InputError(compiler.problems)
    return data


def knowledge_files(pack: Path = CORE_PACK, facts: Path = FACTS_DATA) -> list[Path]:
    """Every file that the compiled knowledge depends on, in a fixed order."""
    return [*sorted(facts.glob("*.yaml")), *sorted(p for p in pack.rglob("*") if p.suffix in (".yaml", ".json"))]


class ParsedFile:
    """One parsed file: its value, and the lines of its parts."""

    def __init__(self, path: Path, name: str, value: Any, places: Places) -> None:
        self.path = path
        self.name = name
        self.value = value
        self.places = places

    @property
    def review(self) -> str:
        return review_said(self.value.get("review"))

    def problem(self, path: tuple[str | int, ...], found: str, expected: str) -> Problem:
        return Problem(self.places.say(path), found, expected, self.name)


class PackReader:
    """Reads the files of a pack and collects every problem. The compilers of knowledge and of the guide are made on it.

    Attributes:
        unread: folders, and files beside them, of which something was refused: what they define is not asked for then, so that
            one mistake is said once.
        ids: every statement's id, and where it stands.
    """

    def __init__(self, pack: Path, facts: Path) -> None:
        self.pack = pack
        self.facts = facts
        self.problems: list[Problem] = []
        self.unread: set[str] = set()
        self.ids: dict[str, str] = {}
        self.source_ids: set[str] = set()
        self.rules: dict[tuple[str, bool], tree.Rule] = {}
        self.vocabulary_data: dict[str, Any] = {}
        self.vocabulary: Vocabulary

    # -- files -----------------------------------------------------------------------------------------------------------

    def files(self, folder: str) -> list[Path]:
        return sorted((self.pack / folder).glob("*.yaml"))

    def name_of(self, path: Path) -> str:
        for root in (self.pack, self.facts):
            if path.is_relative_to(root):
                return f"{root.name}/{path.relative_to(root)}" if root == self.facts else str(path.relative_to(root))
        return str(path)

    def read(self, path: Path) -> ParsedFile | None:
        name = self.name_of(path)
        try:
            value, places = read_yaml(path.read_text(encoding="utf-8"))
            return ParsedFile(path, name, value, places)
        except FileNotFoundError:
            self.problems.append(Problem("the file", "nothing", f"a file {name}", name))
        except OSError as error:
            self.problems.append(Problem("the file", error.strerror or "nothing readable", "a file that can be read", name))
        except UnicodeDecodeError:
            self.problems.append(Problem("the file", "text that is not UTF-8", "UTF-8", name))
        except InputError as error:
            self.problems.extend(problem.in_file(name) for problem in error.problems)
        self.unread.add(_folder(name))
        return None

    def read_model(self, path: Path, model: type[_File]) -> tuple[_File, ParsedFile] | None:
        source = self.read(path)
        if source is None:
            return None
        try:
            return model.model_validate(source.value), source
        except ValidationError as error:
            self.problems += problems_of(error, model, source.places, source.name)
            self.unread.add(_folder(source.name))
            return None

    def read_vocabulary(self) -> dict[str, Any]:
        findings, facts, units = (self.read(self.facts / f"{name}.yaml") for name in ("findings", "facts", "units"))
        if findings is None or facts is None or units is None:
            return {}
        try:
            data = vocabulary_data(findings.value, facts.value, units.value)
        except (KeyError, TypeError, AttributeError) as error:
            self.problems.append(Problem("the vocabulary", f"no {error}", "the keys of docs/reference/knowledge-files.md"))
            return {}
        self.check_vocabulary(findings, facts, data["units"])
        return data

    def check_vocabulary(self, findings: ParsedFile, facts: ParsedFile, dimensions: Mapping[str, Any]) -> None:
        known = set()
        for i, item in enumerate(findings.value["findings"]):
            if item["name"] in known:
                self.problems.append(findings.problem(("findings", i), f"'{item['name']}' twice", "each name once"))
            known.add(item["name"])
            if item["type"] == "number" and item.get("unit") not in dimensions.get(item.get("dimension"), {}):
                self.problems.append(
                    findings.problem(("findings", i), f"the unit {item.get('unit')!r}", "a unit of its dimension")
                )
        names = set()
        for i, item in enumerate(facts.value["facts"]):
            if item["name"] in names:
                self.problems.append(facts.problem(("facts", i), f"'{item['name']}' twice", "each name once"))
            names.add(item["name"])
            finding = (item.get("read") or {}).get("finding")
            if finding is not None and finding not in known:
                hint = "a finding" + did_you_mean(finding, known)
                self.problems.append(facts.problem(("facts", i, "read"), f"the finding '{finding}'", hint))

    def read_sources(self) -> list[dict[str, Any]]:
        sources, problems = read_bibliography(self.pack / BIBLIOGRAPHY)
        self.problems += problems
        if problems:
            self.unread.add(BIBLIOGRAPHY)
        self.source_ids = {source["id"] for source in sources}
        return sources

    # -- statements ------------------------------------------------------------------------------------------------------

    def statement(self, source: ParsedFile, path: tuple[str | int, ...], item: Any, **values: Any) -> dict[str, Any]:
        """What every statement has: id, rule, words, citations, confidence, review, place.

        ``values`` stand over the item's own; ``rule_text`` is a rule other than its ``when``, found under ``rule_key``.
        """
        identifier = values["id"]
        place = f"{source.name}:{source.places.get(path, 1)}"
        if identifier in self.ids:
            self.problems.append(source.problem(path, f"the id '{identifier}' again", f"one use ({self.ids[identifier]})"))
        self.ids[identifier] = place
        rule_text = values.pop("rule_text", "") or getattr(item, "when", "")
        rule_key = values.pop("rule_key", "") or values.get("effect") or "when"
        statement: dict[str, Any] = {
            "says": getattr(item, "says", "") or getattr(item, "label", ""),
            "citations": self.citations(source, path, item.sources),
            "confidence": getattr(item, "confidence", ""),
            "note": getattr(item, "note", ""),
            "clarification": getattr(item, "clarification", ""),
            "review": source.review,
            "place": place,
            **values,
        }
        if rule_text:
            statement["rule_text"] = " ".join(rule_text.split())
            self.add_rule(source, (*path, rule_key), rule_text, statement)
        return {key: value for key, value in statement.items() if value not in ("", None, [], ())} | {
            "says": statement["says"],
            "citations": statement["citations"],
        }

    def criterion(
        self, source: ParsedFile, path: tuple[str | int, ...], item: schema.Criterion, identifier: str
    ) -> dict[str, Any]:
        """A criterion of entry, of a protocol or of a trial."""
        effect = "require" if item.require else "exclude" if item.exclude else ""
        return self.statement(
            source, path, item, id=identifier, kind="eligibility", label=item.label, effect=effect,
            rule_text=item.require or item.exclude,
        )  # fmt: skip

    def add_rule(self, source: ParsedFile, path: tuple[str | int, ...], text: str, statement: dict[str, Any]) -> None:
        may_ask = statement["kind"] in ("missing", "due")
        if statement["confidence"] == "unverified" and statement["kind"] in (
            "group",
            "judgement",
            "eligibility",
            "reallocation",
        ):
            self.problems.append(source.problem(path, "a rule on an unverified value", "seen, seen-secondary or derived"))
        try:
            rule = self.parsed(text, may_ask)
        except InputError as error:
            for problem in error.problems:
                place = f"{source.places.say(path)}, {problem.place}"
                self.problems.append(Problem(place, problem.found, problem.expected, source.name))
            return
        statement["rule"] = tree.to_data(rule)
        statement["in_words"] = english.sentence(rule, self.vocabulary)

    def parsed(self, text: str, may_ask: bool) -> tree.Rule:
        """The rule of a text; many published groups share one."""
        if (text, may_ask) not in self.rules:
            self.rules[text, may_ask] = parse_rule(text, self.vocabulary, may_ask_missing=may_ask)
        return self.rules[text, may_ask]

    def citations(self, source: ParsedFile, path: tuple[str | int, ...], sources: Iterable[Any]) -> list[list[str]]:
        cited = [[s, ""] if isinstance(s, str) else [s.id, s.at] for s in sources]
        for name, _ in cited:
            if name not in self.source_ids and BIBLIOGRAPHY not in self.unread:
                expected = "an id of sources.json" + did_you_mean(name, self.source_ids)
                self.problems.append(source.problem((*path, "sources"), f"the source '{name}'", expected))
        return cited

    def rule_of(self, statement: Mapping[str, Any]) -> tree.Rule:
        """The parsed rule; a rule that did not parse is already a problem and counts as FALSE here."""
        return tree.from_data(statement["rule"]) if "rule" in statement else tree.Constant(False)

    def diagram_of(self, rules: list[tuple[str, tree.Rule]], otherwise: str) -> dict[str, Any]:
        categories = {fact.name: fact.values for fact in self.vocabulary.facts.values()}
        return diagram.build(rules, categories, otherwise).to_data()


class _Compiler(PackReader):
    def compile(self) -> dict[str, Any]:
        self.vocabulary_data = self.read_vocabulary()
        if self.problems:
            return {}
        self.vocabulary = Vocabulary.from_data(self.vocabulary_data)
        sources = self.read_sources()
        pack = self.read_model(self.pack / "pack.yaml", schema.PackFile)
        judgements = [j for p in self.files("judgements") if (j := self.judgement(p))]
        protocols = [j for p in self.files("protocols") if (j := self.protocol(p))]
        topics = [j for p in self.files("statements") if (j := self.topic(p))]
        evidence = EvidenceCompiler(self, [protocol["id"] for protocol in protocols]).compile()
        conflicts = self.conflicts()
        self.check_judgements(judgements)
        return {
            "vocabulary": self.vocabulary_data,
            "judgements": self.in_order(judgements),
            "protocols": sorted(protocols, key=_protocol_order),
            "topics": {topic["topic"]: topic["statements"] for topic in topics},
            "topic_titles": {topic["topic"]: topic["title"] for topic in topics},
            "evidence": evidence,
            "conflicts": conflicts,
            "sources": sources,
            "packs": [pack[0].model_dump(mode="json", include={"id", "title", "version", "licence"})] if pack else [],
        }

    # -- judgements ------------------------------------------------------------------------------------------------------

    def judgement(self, path: Path) -> dict[str, Any] | None:
        read = self.read_model(path, schema.JudgementFile)
        if read is None:
            return None
        file, source = read
        name = file.judgement
        definition = self.vocabulary.facts.get(name)
        if definition is None or not definition.judged:
            expected = "a fact that is read by judgement" + did_you_mean(name, self.vocabulary.facts)
            self.problems.append(source.problem(("judgement",), f"'{name}'", expected))
            return None
        statements = []
        for i, item in enumerate(file.rules):
            if item.gives not in definition.values:
                expected = f"a value of {name}" + did_you_mean(item.gives, definition.values)
                self.problems.append(source.problem(("rules", i, "gives"), f"'{item.gives}'", expected))
            same = sum(1 for other in file.rules[:i] if other.gives == item.gives)
            identifier = f"{name}.{item.gives}" + (f".{same + 1}" if same else "")
            statements.append(
                self.statement(source, ("rules", i), item, id=identifier, kind="judgement", gives=item.gives, fact=name)
            )
        for i, undefined in enumerate(file.undefined):
            identifier = f"{name}.undefined.{i + 1}"
            statements.append(
                self.statement(source, ("undefined", i), undefined, id=identifier, kind="judgement", gives=UNDEFINED, fact=name)
            )
        rules = [(s["gives"], self.rule_of(s)) for s in statements]
        return {
            "fact": name,
            "title": file.title,
            "note": file.note,
            "statements": statements,
            "diagram": self.diagram_of(rules, NOT_COVERED),
        }

    def check_judgements(self, judgements: list[dict[str, Any]]) -> None:
        if "judgements" in self.unread:
            return
        given = {judgement["fact"] for judgement in judgements}
        for fact in self.vocabulary.facts.values():
            if fact.judged and fact.name not in given:
                self.problems.append(
                    Problem(f"fact {fact.name}", "no judgement", f"a file judgements/{fact.name}.yaml", "facts.yaml")
                )

    def in_order(self, judgements: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Each judgement after those whose facts it reads. A circle is a mistake in the knowledge."""
        waiting = {judgement["fact"]: judgement for judgement in judgements}
        ordered: list[dict[str, Any]] = []
        while waiting:
            ready = [name for name, judgement in waiting.items() if not _facts_read(judgement) & waiting.keys()]
            if not ready:
                self.add_circle(waiting)
                break
            ordered.extend(waiting.pop(name) for name in ready)
        return ordered

    def add_circle(self, waiting: Mapping[str, dict[str, Any]]) -> None:
        """Walks from judgement to judgement that it needs until one comes again, and says where each is read."""
        walk = [next(iter(waiting))]
        while walk[-1] not in walk[:-1]:
            walk.append(min(_facts_read(waiting[walk[-1]]) & waiting.keys()))
        circle = walk[walk.index(walk[-1]) :]
        for name, needed in itertools.pairwise(circle):
            reading = next(s for s in waiting[name]["statements"] if needed in _facts_read({"statements": [s]}))
            file, _, line = reading["place"].rpartition(":")
            found = f"{name} reads {needed}, in a circle: {' -> '.join(circle)}"
            self.problems.append(Problem(f"rule (line {line})", found, "judgements that do not need each other", file))

    # -- protocols -------------------------------------------------------------------------------------------------------

    def protocol(self, path: Path) -> dict[str, Any] | None:
        read = self.read_model(path, schema.ProtocolFile)
        if read is None:
            return None
        file, source = read
        name = file.protocol
        eligibility = [
            self.criterion(source, ("eligibility", i), item, f"{name}.eligibility.{item.id}")
            for i, item in enumerate(file.eligibility)
        ]
        groups = []
        for i, rule in enumerate(file.groups):
            gives = rule.group or rule.outcome
            same = sum(1 for other in file.groups[:i] if (other.group or other.outcome) == gives)
            identifier = f"{name}.group.{gives}" + (f".{same + 1}" if same else "")
            groups.append(self.statement(source, ("groups", i), rule, id=identifier, kind="group", gives=gives))
        labels = [rule.group for rule in file.groups if rule.group]
        parts: list[tuple[str, Sequence[schema.Reallocation | schema.TreatmentLine]]] = [
            ("reallocation", file.reallocation),
            ("treatment", file.treatment),
        ]
        for part, i, item in ((part, i, item) for part, found in parts for i, item in enumerate(found)):
            for label in item.applies_to:
                if label not in labels:
                    expected = "a group of this protocol" + did_you_mean(label, labels)
                    self.problems.append(source.problem((part, i, "applies_to"), f"'{label}'", expected))
        reallocation = [
            self.statement(
                source, ("reallocation", i), move, id=f"{name}.reallocation.{move.id}", kind="reallocation",
                gives=move.to, applies_to=move.applies_to,
            )
            for i, move in enumerate(file.reallocation)
        ]  # fmt: skip
        response = [
            self.statement(source, ("response", i), rule, id=f"{name}.response.{rule.id}", kind="response")
            for i, rule in enumerate(file.response)
        ]
        treatment = [
            self.statement(
                source, ("treatment", i), line, id=f"{name}.treatment.{line.id}", kind="treatment", topic=line.what,
                applies_to=line.applies_to,
            )
            for i, line in enumerate(file.treatment)
        ]  # fmt: skip
        failing = [("no", self.failing(criterion)) for criterion in eligibility if "rule" in criterion]
        return {
            "id": name,
            "title": file.title,
            "full_title": file.full_title,
            "about": file.about,
            "stratified": file.stratified,
            "registry": file.registry,
            "years": str(file.years),
            "region": file.region,
            "citations": self.citations(source, (), file.sources),
            "eligibility": eligibility,
            "groups": groups,
            "reallocation": reallocation,
            "response": response,
            "treatment": treatment,
            "eligibility_diagram": self.diagram_of(failing, "yes"),
            "group_diagram": self.diagram_of([(g["gives"], self.rule_of(g)) for g in groups], NOT_COVERED),
        }

    def failing(self, criterion: Mapping[str, Any]) -> tree.Rule:
        """The rule that is TRUE where the criterion is not met."""
        rule = self.rule_of(criterion)
        return tree.Not(rule) if criterion["effect"] == "require" else rule

    # -- topics and conflicts --------------------------------------------------------------------------------------------

    def topic(self, path: Path) -> dict[str, Any] | None:
        read = self.read_model(path, schema.TopicFile)
        if read is None:
            return None
        file, source = read
        statements = []
        for i, item in enumerate(file.statements):
            if item.fact and item.fact not in self.vocabulary.facts:
                expected = "a fact of the vocabulary" + did_you_mean(item.fact, self.vocabulary.facts)
                self.problems.append(source.problem(("statements", i, "fact"), f"'{item.fact}'", expected))
            statements.append(
                self.statement(
                    source, ("statements", i), item, id=item.id, kind=item.kind, label=item.label, fact=item.fact,
                    by=item.by, day=item.day, topic=file.topic,
                )
            )  # fmt: skip
        return {"topic": file.topic, "title": file.title, "statements": statements}

    def conflicts(self) -> list[dict[str, Any]]:
        read = self.read_model(self.pack / "conflicts.yaml", schema.ConflictsFile)
        if read is None:
            return []
        file, source = read
        entries = []
        for i, item in enumerate(file.conflicts):
            for identifier in item.affects:
                if identifier not in self.ids and not self.unread:
                    expected = "a statement id" + did_you_mean(identifier, self.ids)
                    self.problems.append(source.problem(("conflicts", i, "affects"), f"'{identifier}'", expected))
            sides = [
                {"says": side.says, "citations": self.citations(source, ("conflicts", i, "sides", j), side.sources)}
                for j, side in enumerate(item.sides)
            ]
            entries.append({**item.model_dump(exclude={"sides"}), "sides": sides})
        return entries


_ORDER = ("interfant-21", "interfant-06", "interfant-99", "aall0631", "mll-10")


def _protocol_order(protocol: Mapping[str, Any]) -> tuple[int, str]:
    name = protocol["id"]
    return (_ORDER.index(name) if name in _ORDER else len(_ORDER), name)


def _facts_read(judgement: Mapping[str, Any]) -> set[str]:
    rules = [tree.from_data(s["rule"]) for s in judgement["statements"] if "rule" in s]
    return {fact for rule in rules for fact in tree.facts_of(rule)}


def _folder(name: str) -> str:
    """The folder of a file of the pack, or the file's own name where it lies in none."""
    return name.partition("/")[0]


def review_said(review: Any) -> str:
    if not isinstance(review, Mapping):
        return ""
    return f"{', '.join(review['by'])}, {review['on']}"
