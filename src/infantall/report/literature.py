"""What disagrees and what is missing in the literature of infant ALL, and what was read: reports that a study group can print."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from infantall.knowledge.evidence import Gap
from infantall.knowledge.library import Citation, Conflict, Knowledge
from infantall.rules import tree

from .citing import Sources
from .cohort.blocks import Block, Document, Facts, Heading, Para, Points, Section, Table
from .words import count, sentence

GAP_TOPICS = {
    "diagnosis": "Diagnosis and classification",
    "risk": "Risk groups and prognostic factors",
    "protocols": "Protocols and their treatment",
    "outcomes": "Outcomes",
    "transplant": "Transplant",
    "relapse": "Relapse",
    "new_therapies": "Newer therapies",
    "trials": "Trials",
    "toxicity": "Toxicity and supportive care",
    "late_effects": "Late effects",
}
GAP_KINDS = {
    "not_known": "no study found has answered it",
    "not_found": "looked for and not found",
    "not_read": "published, but could not be read",
}
TABLES = {"outcomes": "published outcomes", "hazard_ratios": "prognostic factors", "timing": "timing"}
CONFLICT_LEAD = (
    "Where two sources say different things, both stand here. What InfantALL uses is a choice, with its reason; somebody named "
    "must confirm it. Most sources were read as abstracts: a conflict may be resolved in the full paper."
)
GAP_LEAD = (
    "What was looked for and is not known, not found, or could not be read, and what would help. A gap is shown, never filled. "
    "“Looked for” means the pages named in the bibliography, November 2026, without a library's access to whole papers."
)
SOURCES_LEAD = (
    "Every source that a statement rests on, and how far it was read. Most could be read only as an abstract or the opening of a "
    "page; a statement is no better than that."
)


# -- conflicts -----------------------------------------------------------------------------------------------------------


def conflicts_document(knowledge: Knowledge) -> Document:
    """Every conflict by its first topic: both sides, the choice, why, and who must confirm it."""
    sources = Sources(knowledge)
    by_topic: dict[str, list[Conflict]] = defaultdict(list)
    for conflict in knowledge.conflicts:
        by_topic[conflict.topics[0] if conflict.topics else "other"].append(conflict)
    sections = [
        Section(sentence(topic), tuple(block for c in conflicts for block in _conflict(c, knowledge, sources)))
        for topic, conflicts in sorted(by_topic.items())
    ]
    number = count(len(knowledge.conflicts), "conflict")
    title = "Where the literature of infant ALL disagrees"
    return Document(title, (*sections, _cited(sources)), lead=(f"{number} of sources.", CONFLICT_LEAD))


def _conflict(conflict: Conflict, knowledge: Knowledge, sources: Sources) -> list[Block]:
    sides = tuple(f"{side.says} {_numbers(side.citations, sources)}" for side in conflict.sides)
    rows = [("Used here", conflict.choice), ("Because", conflict.because), ("To confirm", conflict.confirm)]
    read = [name for name in conflict.affects if knowledge.by_id[name].confidence != "unverified"]
    if read:
        rows.append(("Touches", count(len(read), "statement") + f" ({', '.join(read)})"))
    return [Heading(conflict.title), Points(sides), Facts(tuple(rows))]


# -- gaps ----------------------------------------------------------------------------------------------------------------


def gaps_document(knowledge: Knowledge) -> Document:
    """Every gap by topic; then what the evidence tables hold that is not used, and why."""
    sources, evidence = Sources(knowledge), knowledge.evidence
    sections = []
    for topic, title in GAP_TOPICS.items():
        gaps = [gap for gap in evidence.gaps if gap.topic == topic]
        if gaps:
            sections.append(Section(title, tuple(block for gap in gaps for block in _gap(gap, sources))))
    sections += [s for s in (_unverified(knowledge), _not_held(knowledge)) if s]
    lead = (f"{count(len(evidence.gaps), 'gap')}.", GAP_LEAD)
    return Document("What is missing in the literature of infant ALL", (*sections, _cited(sources)), lead=lead)


def _gap(gap: Gap, sources: Sources) -> list[Block]:
    rows = [("How", GAP_KINDS[gap.kind]), ("What would help", gap.would_help)]
    if gap.statement.rule != tree.Constant(True):
        rows.insert(1, ("Matters where", gap.statement.in_words))
    says = f"{gap.statement.says} {_numbers(gap.statement.citations, sources)}"
    return [Heading(gap.title), Para(says), Facts(tuple(rows))]


def _unverified(knowledge: Knowledge) -> Section | None:
    """What is kept from memory: that it is, never the figure."""
    evidence = knowledge.evidence
    numbers: dict[str, int] = defaultdict(int)
    for title, statement in (
        *((o.title, o.statement) for o in evidence.outcomes),
        *((f.study_facts.title, f.statement) for f in evidence.factors),
        *((t.study, t.statement) for t in evidence.timing),
    ):
        if statement.confidence == "unverified":
            numbers[title] += 1
    if not numbers:
        return None
    said = Para("Kept from memory, read in no source: never computed with and never shown. Each needs a reader of the paper.")
    return Section(
        "Figures that wait for a reader", (said, Points(tuple(f"{t}: {count(n, 'figure')}" for t, n in numbers.items())))
    )


def _not_held(knowledge: Knowledge) -> Section | None:
    rows = tuple((TABLES[e.table], ", ".join(map(str, e.rows)), e.what, e.reason) for e in knowledge.evidence.not_loaded)
    if not rows:
        return None
    return Section("Rows of the evidence tables that are not held", (Table("Why not", ("Table", "Rows", "What", "Why"), rows),))


# -- sources -------------------------------------------------------------------------------------------------------------


def sources_document(knowledge: Knowledge) -> Document:
    """The bibliography by how far each source was read, most used first."""
    used: dict[str, int] = defaultdict(int)
    for statement in knowledge.statements():
        for name in {c.source for c in statement.citations}:
            used[name] += 1
    by_read: dict[str, list[str]] = defaultdict(list)
    for source in knowledge.sources.values():
        by_read[reading(source.read)].append(source.id)
    overview = tuple((sentence(name), str(len(by_read[name]))) for name in (*READINGS, PART) if by_read[name])
    table = Table("Sources by how far they were read", ("Read", "Sources"), overview)
    sections = [Section("How far the sources were read", (table,))]
    for name in (*READINGS, PART):
        found = sorted(by_read[name], key=lambda i: (-used[i], i))
        if found:
            sections.append(Section(sentence(name), (Points(tuple(_source(knowledge, i, used[i]) for i in found)),)))
    lead = (f"{count(len(knowledge.sources), 'source')}.", SOURCES_LEAD)
    return Document("What was read, and how far", tuple(sections), lead=lead)


READINGS = {
    "a page as it was stored": ("page", "whole page", "one page"),
    "abstract": ("abstract", "three abstracts", "opening of the abstract", "key points"),
    "registry record": ("registry", "eligibility section", "summary and eligibility"),
    "secondary": ("news", "secondary", "mirror", "commentary", "summary"),
    "not read": ("not read",),
}
"""How far sources were read, by the words that their notes begin with; all others are a part of a page."""
PART = "part of a page"


def reading(read: str) -> str:
    """The kind of reading behind the words of a source."""
    return next((name for name, begins in READINGS.items() if read.lower().startswith(begins)), PART if read else "not read")


def _source(knowledge: Knowledge, identifier: str, used: int) -> str:
    source = knowledge.sources[identifier]
    links = f" {'; '.join(source.links)}." if source.links else ""
    return f"{source.text}.{links} Read: {source.read}. Key {source.id}; {count(used, 'statement')}."


# -- shared --------------------------------------------------------------------------------------------------------------


def _numbers(citations: Iterable[Citation], sources: Sources) -> str:
    return f"[{', '.join(str(number) for number, _ in sources.numbers(citations))}]"


def _cited(sources: Sources) -> Section:
    rows = tuple(f"[{number}] {source.text} (read: {source.read})" for number, source in sources.listed())
    return Section("Sources, and how far each was read", (Points(rows),))


def gaps_data(knowledge: Knowledge) -> dict[str, Any]:
    """The gaps, and what is not held, as plain data."""
    evidence = knowledge.evidence
    return {
        "gaps": [
            {
                "id": gap.id,
                "title": gap.title,
                "kind": gap.kind,
                "topic": gap.topic,
                "says": gap.statement.says,
                "matters_where": gap.statement.rule_text,
                "would_help": gap.would_help,
                "sources": [c.source for c in gap.statement.citations],
            }
            for gap in evidence.gaps
        ],
        "unverified": [s.id for s in evidence.statements if s.confidence == "unverified"],
        "not_held": [{"table": e.table, "rows": list(e.rows), "what": e.what, "reason": e.reason} for e in evidence.not_loaded],
    }
