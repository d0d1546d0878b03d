"""What to find out next, laid out for reading: answers that mean the same are joined, and what no answer changes is said once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from infantall.care.result import Assessment, NextStep, ProtocolResult
from infantall.knowledge.library import Statement

from .words import answer_outcomes, listed, outcomes

MANY = 6
"""Beyond this many open questions, only those that can change a group are shown in full."""


_MANY_NAMES = 5


@dataclass(frozen=True, slots=True)
class Meaning:
    """Answers that mean the same, and what they mean under each protocol."""

    answers: str
    meanings: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Question:
    """One thing to find out.

    Attributes:
        behind: labels of the findings behind a judgement; empty where the question is a finding itself.
        due: when it is due, in words.
        meanings: what the answers would mean, where an answer alone narrows something.
        together: protocols whose group no single answer narrows, and the facts that count together with it.
        waits: what else waits for it.
        statements: the statements behind "by when".
    """

    title: str
    behind: tuple[str, ...]
    due: tuple[str, ...]
    meanings: tuple[Meaning, ...]
    together: str
    waits: tuple[str, ...]
    statements: tuple[Statement, ...]
    overdue: bool
    settles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Questions:
    """The open questions: in full, and as mere names of what is missing."""

    full: tuple[Question, ...]
    for_diagnosis: tuple[NextStep, ...]
    for_eligibility: tuple[NextStep, ...]


def questions(assessment: Assessment) -> Questions:
    """The next steps, those that can change a group first and in full; the rest in full only if they are few."""
    steps = assessment.next_steps
    results = {result.protocol.title: result for result in assessment.protocols}
    changing = [step for step in steps if step.matters_for]
    rest = [step for step in steps if not step.matters_for]
    shown = [*changing, *rest] if len(steps) <= MANY else changing
    short = [] if len(steps) <= MANY else rest
    return Questions(
        full=tuple(_question(assessment, step, results) for step in shown),
        for_diagnosis=tuple(step for step in short if _is_for_diagnosis(step)),
        for_eligibility=tuple(step for step in short if not _is_for_diagnosis(step)),
    )


def _is_for_diagnosis(step: NextStep) -> bool:
    return any(not opened.startswith("eligibility for") for opened in step.opens)


def _question(assessment: Assessment, step: NextStep, results: dict[str, ProtocolResult]) -> Question:
    telling = [title for title in step.matters_for if len({_meaning(a.meanings, title) for a in step.answers}) > 1]
    silent = [title for title in step.matters_for if title not in telling]
    return Question(
        title=step.label,
        behind=() if step.ask == (step.fact,) else tuple(map(short, step.ask_labels)),
        due=tuple(due_words(assessment, step)),
        meanings=tuple(_joined(step, telling, results)),
        together=_together(assessment, step, silent, results),
        waits=waits(step),
        statements=step.due,
        overdue=step.overdue,
        settles=step.settles,
    )


def due_words(assessment: Assessment, step: NextStep) -> list[str]:
    """By when: the day where there is one, then the source's own words, each with its finding where there are several."""
    said = []
    if step.due_on:
        day = f"protocol day {min(s.day for s in step.due if s.day is not None)}"
        said.append(f"{step.due_on} ({day}){': OVERDUE' if step.overdue else ''}")
    for statement in step.due:
        label = f"{short(assessment.label(statement.fact))} " if len(step.due) > 1 else ""
        said.append(label + statement.by)
    return said


def waits(step: NextStep) -> tuple[str, ...]:
    """What else waits for a step; a long list of protocols as their number."""
    said = []
    for opened in step.opens:
        names = opened.removeprefix("eligibility for ").replace(" and ", ", ").split(", ")
        is_long = opened.startswith("eligibility for ") and len(names) > _MANY_NAMES
        said.append(f"eligibility for {len(names)} protocols" if is_long else opened)
    return tuple(said)


def short(label: str) -> str:
    """A label without the words that its place in the report says already."""
    for tail in (" at the diagnostic lumbar puncture", " at diagnosis"):
        label = label.removesuffix(tail)
    return label


def _meaning(meanings: Sequence[tuple[str, str]], title: str) -> str:
    return next((words for name, words in meanings if name == title), "")


def _joined(step: NextStep, titles: Sequence[str], results: dict[str, ProtocolResult]) -> list[Meaning]:
    """One row for all answers that mean the same."""
    rows: dict[tuple[tuple[str, str], ...], list[str]] = {}
    if not titles:
        return []
    for answer in step.answers:
        said = tuple((title, _changed(_meaning(answer.meanings, title), results[title])) for title in titles)
        rows.setdefault(said, []).append(answer.answer)
    return [Meaning(listed(answers, "or"), said) for said, answers in rows.items()]


def _changed(words: str, result: ProtocolResult) -> str:
    said = answer_outcomes(words)
    now = outcomes((*result.possible, *result.without_group))
    return f"still {said}" if said == now and len(result.possible) + len(result.without_group) > 1 else said


def _together(assessment: Assessment, step: NextStep, titles: Sequence[str], results: dict[str, ProtocolResult]) -> str:
    """What is said of protocols whose group no single answer narrows."""
    by_company: dict[tuple[str, ...], list[str]] = {}
    for title in titles:
        settle = next((names for names in results[title].would_settle if step.fact in names), ())
        company = tuple(assessment.label(name) for name in settle if name != step.fact)
        by_company.setdefault(company, []).append(title)
    said = []
    for company, names in by_company.items():
        tail = f"; it counts together with {listed(company)}" if company else ""
        said.append(f"Under {listed(names)} no answer alone narrows the group{tail}.")
    return " ".join(said)
