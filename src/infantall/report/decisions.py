"""How a group was reached: the standing of each rule of an ordered set, its deciding facts, and its nearest miss."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from infantall.care.result import Assessment, ProtocolResult, Reason
from infantall.knowledge.library import Conflict, Statement
from infantall.record.model import Finding
from infantall.rules.english import sentence as rule_sentence
from infantall.rules.interpret import Explanation

from .citing import conflicts_about
from .words import is_silent, known, label, listed, outcomes

APPLIES, NOT, OPEN, OTHERWISE, PASSED = (
    "applies",
    "does not apply",
    "not known",
    "if none above applies",
    "not reached",
)


@dataclass(frozen=True, slots=True)
class Standing:
    """A rule of an ordered set and how it stands for this child."""

    reason: Reason
    word: str

    @property
    def gives(self) -> str:
        return self.reason.statement.gives


def standings(reasons: Sequence[Reason]) -> list[Standing]:
    """The rules in their order: the first that is true applies, unless an earlier one is not known."""
    found: list[Standing] = []
    is_open = is_decided = False
    for reason in reasons:
        if reason.verdict is False:
            word = NOT
        elif is_decided:
            word = PASSED
        elif reason.verdict is None:
            word, is_open = OPEN, True
        else:
            word, is_decided = (OTHERWISE if is_open else APPLIES), True
        found.append(Standing(reason, word))
    return found


def applied(reasons: Sequence[Reason]) -> Reason | None:
    """The rule that surely decides; None while that is open."""
    return next((s.reason for s in standings(reasons) if s.word == APPLIES), None)


def deciding_facts(explanation: Explanation) -> tuple[str, ...]:
    """Names of the facts that made the verdict."""
    return tuple(dict.fromkeys(name for leaf in explanation.deciding() for name in leaf.facts))


def waits_for(assessment: Assessment, reasons: Sequence[Reason]) -> str:
    """A sentence on the facts that an open ordered set waits for; empty where none is open."""
    names: dict[str, None] = {}
    for standing in standings(reasons):
        if standing.word == OPEN:
            names.update(dict.fromkeys(deciding_facts(standing.reason.explanation)))
    labels = [assessment.label(name) for name in names if not is_silent(assessment, name)]
    return f"It waits for {listed(labels)}." if labels else ""


def nearest_miss(explanation: Explanation) -> tuple[Explanation, ...]:
    """The fewest conditions that would have to be otherwise for a rule to apply."""
    if explanation.verdict is not False:
        return ()
    if explanation.kind == "all":
        return tuple(leaf for part in explanation.parts for leaf in nearest_miss(part))
    if explanation.kind == "any":
        return min((nearest_miss(part) for part in explanation.parts), key=len)
    return tuple(explanation.deciding())


def leaf_words(assessment: Assessment, leaf: Explanation) -> str:
    """The condition of a leaf as a sentence."""
    if leaf.leaf is None:
        return ""
    said = rule_sentence(leaf.leaf, assessment.knowledge.vocabulary)
    return said.replace(" in completed months is ", " is ").replace(" in days is ", " is ")


def roots(assessment: Assessment, fact: str) -> tuple[Finding, ...]:
    """The findings behind a fact: its own, or for a judgement those of the facts that decided it."""
    reading = assessment.readings[fact]
    if reading.findings or fact not in assessment.judgements:
        return reading.findings
    reason = applied(assessment.judgements[fact])
    if reason is None:
        return ()
    names = deciding_facts(reason.explanation)
    return tuple(finding for name in names for finding in roots(assessment, name))


def facts_said(assessment: Assessment, names: Sequence[str]) -> str:
    """``KMT2A status rearranged (2026-03-24, FISH); prednisone response poor (…)``, with what a judgement rests on."""
    return "; ".join(fact_said(assessment, name) for name in names if not is_silent(assessment, name))


def fact_said(assessment: Assessment, name: str) -> str:
    """One fact with its value; for a judgement, what it was judged from."""
    if assessment.knowledge.vocabulary.facts[name].read.get("by") in ("recorded", "events"):
        return f"{assessment.label(name)}: {known(assessment, name)}"
    said = f"{label(assessment, name)}: {known(assessment, name)}"
    if name in assessment.judgements and not assessment.readings[name].findings:
        reason = applied(assessment.judgements[name])
        if reason is not None:
            behind = [n for n in deciding_facts(reason.explanation) if n != name and not is_silent(assessment, n)]
            if behind:
                said += f", from {listed([f'{label(assessment, n)} {known(assessment, n)}' for n in behind])}"
    return said


# -- a protocol in one line ----------------------------------------------------------------------------------------------


def group_words(result: ProtocolResult) -> str:
    """``HR``, ``HR or MR``, ``no groups``, ``none (not eligible)``."""
    if not result.protocol.stratified:
        return "assigns no groups"
    if result.eligible == "no":
        return "none"
    said = outcomes((*result.possible, *result.without_group)) or "none"
    return f"{said}, if eligible" if result.eligible == "undetermined" else said


def failed(result: ProtocolResult) -> list[Statement]:
    """The criteria that are not met."""
    return [c.statement for c in result.criteria if c.reason is not None and c.met is False]


def open_criteria_facts(result: ProtocolResult) -> tuple[str, ...]:
    """Facts on which open criteria wait."""
    found: dict[str, None] = {}
    for criterion in result.criteria:
        if criterion.reason is not None and criterion.met is None:
            found.update(dict.fromkeys(deciding_facts(criterion.reason.explanation)))
    return tuple(found)


def open_group_facts(result: ProtocolResult) -> tuple[str, ...]:
    """Facts that would settle the group, in the rules' own terms."""
    return result.would_settle[0] if result.would_settle else ()


def why_words(assessment: Assessment, result: ProtocolResult) -> str:
    """The few words of the protocol table."""
    if result.eligible == "no":
        return "not eligible: " + "; ".join(s.label for s in failed(result))
    said = []
    if result.protocol.stratified:
        waits = open_group_facts(result)
        reason = applied(result.reasons)
        if waits:
            said.append("group waits for " + listed([assessment.label(f) for f in waits]))
        elif reason is not None:
            facts = deciding_facts(reason.explanation)
            told = [f"{label(assessment, f)} {assessment.say(f)}" for f in facts if not is_silent(assessment, f)]
            said.append("; ".join(told) or "all others")
    if result.eligible == "undetermined":
        facts = open_criteria_facts(result)
        labels = [assessment.label(f) for f in facts[:3]]
        more = f" and {len(facts) - 3} more" if len(facts) > 3 else ""
        said.append("eligibility waits for " + (", ".join(labels) + more if more else listed(labels)))
    return "; ".join(said)


def relevant_conflicts(assessment: Assessment, result: ProtocolResult) -> list[Conflict]:
    """Conflicts of sources that touch this child's group, moves, or a criterion that is not plainly met."""
    statements = [s.reason.statement for s in standings(result.reasons) if s.word != PASSED]
    statements += [m.reason.statement for m in result.moves if m.verdict is not False]
    statements += [c.statement for c in result.criteria if c.reason is not None and c.met is not True]
    return conflicts_about(assessment.knowledge, statements)


def later_results(assessment: Assessment) -> list[str]:
    """Labels of facts on which a later move still waits, under any protocol that is not ruled out."""
    found: dict[str, None] = {}
    for result in assessment.protocols:
        if result.eligible == "no":
            continue
        for move in result.moves:
            if move.verdict is None:
                found.update(dict.fromkeys(deciding_facts(move.reason.explanation)))
    return [assessment.label(name) for name in found if assessment.values.get(name) is None]
