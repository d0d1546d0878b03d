"""The files of the published evidence to plain, checked data: outcomes, factors, timing, therapies, trials, gaps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel

from infantall.text.problems import did_you_mean

from . import schema
from .evidence import ENDPOINTS

if TYPE_CHECKING:
    from .compiler import PackReader, ParsedFile

Plain = dict[str, Any]
_File = TypeVar("_File", bound=BaseModel)
_STUDY = {"study", "title", "era", "countries", "treatment", "blinatumomab", "note"}


class EvidenceCompiler:
    """Reads the evidence of a pack; problems and ids are collected by the pack's reader."""

    def __init__(self, reader: PackReader, protocols: Sequence[str]) -> None:
        self.reader = reader
        self.protocols = protocols

    def compile(self) -> Plain:
        """The evidence for :func:`infantall.knowledge.library.evidence_from_data`."""
        timing = [self.timing(*read) for read in self.read("timing", schema.TimingFile, "topic")]
        therapies = [self.therapy(*read) for read in self.read("therapies", schema.TherapyFile, "therapy")]
        return {
            "outcomes": [row for read in self.read("outcomes", schema.OutcomeFile, "study") for row in self.outcomes(*read)],
            "factors": [row for read in self.read("factors", schema.FactorFile, "study") for row in self.factors(*read)],
            "timing": [row for topic in timing for row in topic["timing"]],
            "timing_titles": {topic["topic"]: topic["title"] for topic in timing},
            "therapies": sorted(therapies, key=lambda t: (t.pop("order"), t["id"])),
            "trials": [self.trial(*read) for read in self.read("trials", schema.TrialFile, "trial")],
            **self.gaps(),
        }

    def read(self, folder: str, model: type[_File], key: str) -> Iterator[tuple[_File, ParsedFile]]:
        """The readable files of a folder. What each names itself by, its ``key``, names no other file of the folder."""
        named: dict[str, str] = {}
        for path in self.reader.files(folder):
            read = self.reader.read_model(path, model)
            if read is None:
                continue
            file, source = read
            name = getattr(file, key)
            if name in named:
                self.reader.problems.append(source.problem((key,), f"'{name}' again", f"one file of that name ({named[name]})"))
                self.reader.unread.add(folder)
                continue
            named[name] = source.name
            yield file, source

    # -- numbers ---------------------------------------------------------------------------------------------------------

    def outcomes(self, file: schema.OutcomeFile, source: ParsedFile) -> list[Plain]:
        """One study's published results, each a statement with its numbers beside it."""
        study = _study(file)
        found = []
        for i, item in enumerate(file.outcomes):
            numbers = item.model_dump(
                include={
                    "subgroup", "population", "beyond", "n", "count", "endpoint", "clock", "time_years", "estimate_pct",
                    "part_of",
                }
            )  # fmt: skip
            printed = item.uncertainty
            numbers["se_pct"] = printed.se if printed else None
            numbers["ci_pct"] = printed.ci if printed else None
            numbers["printed"] = printed.in_words() if printed else ""
            numbers["treatment"] = item.treatment or file.treatment
            numbers["blinatumomab"] = item.blinatumomab or file.blinatumomab
            statement = self.reader.statement(
                source, ("outcomes", i), item, id=f"outcome.{file.study}.{item.id}", kind="outcome", label=item.subgroup
            )
            says = f"{file.title}: {outcome_sentence(item)}"
            found.append({"statement": {**statement, "says": says}, "study_facts": study, **numbers})
        return found

    def factors(self, file: schema.FactorFile, source: ParsedFile) -> list[Plain]:
        """One study's prognostic factors."""
        study = _study(file)
        found = []
        for i, item in enumerate(file.factors):
            identifier = f"factor.{file.study}.{item.id}"
            where = ("factors", i)
            statement = self.reader.statement(
                source, where, item, id=identifier, kind="factor", label=f"{file.title}: {item.level}"
            )
            level = None
            if item.level_when:
                level = self.reader.statement(
                    source,
                    where,
                    item,
                    id=f"{identifier}.level",
                    kind="factor_level",
                    says=item.level,
                    rule_text=item.level_when,
                    rule_key="level_when",
                )
            numbers = item.model_dump(
                exclude={"id", "when", "level_when", "says", "sources", "confidence", "note", "clarification", "rows"}
            )
            found.append({"statement": statement, "level_statement": level, "study_facts": study, **numbers})
        return found

    def timing(self, file: schema.TimingFile, source: ParsedFile) -> Plain:
        """One topic of when and how often things happened."""
        rows = []
        for i, item in enumerate(file.timing):
            statement = self.reader.statement(
                source,
                ("timing", i),
                item,
                id=f"timing.{file.topic}.{item.id}",
                kind="timing",
                label=item.quantity,
                topic=file.topic,
            )
            numbers = item.model_dump(include={"study", "group", "quantity", "printed", "value", "unit", "population", "beyond"})
            rows.append({"statement": statement, **numbers})
        return {"topic": file.topic, "title": file.title, "timing": rows}

    # -- therapies and trials --------------------------------------------------------------------------------------------

    def therapy(self, file: schema.TherapyFile, source: ParsedFile) -> Plain:
        """One newer therapy."""
        parts = []
        for i, item in enumerate(file.parts):
            statement = self.reader.statement(
                source,
                ("parts", i),
                item,
                id=f"therapy.{file.therapy}.{item.id}",
                kind="therapy",
                label=item.label,
                topic=item.part,
            )
            as_of = item.as_of.isoformat() if item.as_of else ""
            parts.append(
                {
                    "statement": statement,
                    "part": item.part,
                    "beyond": item.beyond,
                    "region": item.region,
                    "as_of": as_of,
                    "n": item.n,
                }
            )
        return {"id": file.therapy, "title": file.title, "sort": file.sort, "order": file.order, "parts": parts}

    def trial(self, file: schema.TrialFile, source: ParsedFile) -> Plain:
        """One trial, with its own criteria or those of the protocol it names."""
        if file.protocol and file.protocol not in self.protocols and "protocols" not in self.reader.unread:
            expected = "the id of a protocol" + did_you_mean(file.protocol, self.protocols)
            self.reader.problems.append(source.problem(("protocol",), f"'{file.protocol}'", expected))
        plain = file.model_dump(
            include={
                "title", "full_title", "registry", "phase", "line", "intervention", "planned", "status", "status_said",
                "countries", "sites", "protocol", "about",
            }
        )  # fmt: skip
        identifier = f"trial.{file.trial}"
        self.reader.ids[identifier] = f"{source.name}:1"
        statement = {
            "id": identifier,
            "kind": "trial",
            "says": file.intervention,
            "label": file.title,
            "citations": self.reader.citations(source, (), file.sources),
            "confidence": file.confidence,
            "review": source.review,
            "place": f"{source.name}:1",
        }
        criteria = [self.criterion(source, i, item, file.trial) for i, item in enumerate(file.criteria)]
        status_on = file.status_on.isoformat() if file.status_on else ""
        return {"id": file.trial, **plain, "status_on": status_on, "statement": statement, "criteria": criteria}

    def criterion(self, source: ParsedFile, i: int, item: schema.Criterion, trial: str) -> Plain:
        return self.reader.criterion(source, ("criteria", i), item, f"trial.{trial}.{item.id}")

    # -- gaps ------------------------------------------------------------------------------------------------------------

    def gaps(self) -> Plain:
        """What is missing, and which rows of the evidence tables are not held."""
        path = self.reader.pack / "gaps.yaml"
        read = self.reader.read_model(path, schema.GapsFile) if path.exists() else None
        if read is None:
            return {"gaps": [], "not_loaded": []}
        file, source = read
        gaps = []
        for i, item in enumerate(file.gaps):
            statement = self.reader.statement(
                source, ("gaps", i), item, id=f"gap.{item.id}", kind="gap", label=item.title, confidence="seen", note=""
            )
            plain = item.model_dump(include={"id", "title", "kind", "topic", "would_help"})
            gaps.append({**plain, "statement": statement})
        return {"gaps": gaps, "not_loaded": [item.model_dump() for item in file.not_loaded]}


def _study(file: schema._StudyFile) -> Plain:
    plain = file.model_dump(include=_STUDY)
    return {"id": plain.pop("study"), **plain}


def outcome_sentence(row: schema.OutcomeRow) -> str:
    """``EFS 94.4% at 3 years (SE 5.4), 19 infants``: the numbers as printed, in one line."""
    printed = f" ({row.uncertainty.in_words()})" if row.uncertainty else ""
    infants = f", {row.n} infants" if row.n is not None else ", number of infants not read"
    counted = f" ({row.count} of {row.n})" if row.count is not None else ""
    at = f" at {row.time_years:g} years" if row.time_years is not None else ""
    short = row.endpoint if row.endpoint.isupper() else ENDPOINTS[row.endpoint].label
    return f"{row.subgroup}: {short} {row.estimate_pct:g}%{counted}{at}{printed}{infants}"
