"""Trials for one child: status as read on a day, and every criterion met, not met or unknown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from infantall.care.as_json import JsonWriter
from infantall.care.result import NOT_A_DEVICE, Assessment, CriterionResult
from infantall.care.trials import TrialResult

from . import decisions, words
from .citing import Sources
from .explanations import Explainer, verdict
from .markup import Content, Safe, details, items, join, pairs, table, tag
from .protocols import criterion_row
from .shell import page
from .text import TextReport

TITLE = "Trials: does this child meet the criteria?"
LEAD = (
    "Status is what a registry page said on the day given; it may have changed, and says nothing of a place at a hospital. Only "
    "criteria that were read are listed. “Meets” covers what a record can show; the rest is the trial team's."
)
BEGUN = (
    "Treatment has begun by the record. By when a trial of first treatment must enrol a child is not among the criteria unless "
    "it is listed: ask the trial."
)
NONE_OPEN = "Trials that no longer take children, and what they asked"
LINES = {"first": "first treatment", "relapse": "relapsed or refractory", "transplant": "around transplant", "any": "any line"}
STATUS = {
    "recruiting": "recruiting",
    "not_yet_recruiting": "not yet recruiting",
    "not_recruiting": "not recruiting",
    "completed": "closed or completed",
    "not_stated": "status not read",
}
MEETS = {"yes": "meets what a record can show", "no": "does not meet the criteria", "undetermined": "open"}
_VERDICT = {"yes": True, "no": False, "undetermined": None}


def notices(assessment: Assessment) -> list[str]:
    """What must be read before the list."""
    return [BEGUN] if assessment.values.get("induction_started") == "yes" else []


def status_words(result: TrialResult) -> str:
    """``recruiting (read as "Recruiting", page of 2026-01-08)``."""
    trial = result.trial
    day = f"page of {trial.status_on}" if trial.status_on else "date of the page not read"
    if trial.status == "not_stated":
        return f"{trial.status_said} ({day})"
    return f"{STATUS[trial.status]} (read as “{trial.status_said}”, {day})"


def where_words(result: TrialResult) -> str:
    """Countries and sites, as far as read."""
    trial = result.trial
    countries = ", ".join(trial.countries) or "countries not read"
    return f"{countries}; {trial.sites}" if trial.sites else countries


def fit_words(assessment: Assessment, result: TrialResult) -> str:
    """Whether the criteria are met; which fails; or what would tell."""
    if result.may_enter == "no":
        failed = [c.statement.label for c in result.criteria if c.met is False] + ([result.too_late] if result.too_late else [])
        return f"{MEETS['no']}: {'; '.join(failed)}"
    if result.may_enter == "undetermined":
        asked = [assessment.label(name) for name in result.would_tell if not words.is_silent(assessment, name)]
        return f"open; would tell: {words.listed(asked)}" if asked else "open: too few of its criteria were read"
    return MEETS["yes"]


# -- HTML ----------------------------------------------------------------------------------------------------------------


def trials_html(results: Sequence[TrialResult], assessment: Assessment) -> str:
    """A page of its own."""
    explainer = Explainer(assessment, Sources(assessment.knowledge), "")
    section = tag("section", tag("h2", TITLE, id="trials"), trials_section(results, explainer, 2), aria_labelledby="trials")
    body = [join(pairs(*words.header(assessment))), section]
    contents = items("ul", *(tag("a", r.trial.title, href=f"#trial-{r.trial.id}") for r in results if r.is_open))
    return page(f"Trials: {assessment.record.id}", contents, body, explainer.sources, assessment.knowledge)


def trials_section(results: Sequence[TrialResult], explainer: Explainer, level: int) -> Safe:
    """An overview of the trials that may take children, then each; the closed ones apart."""
    may, closed = [r for r in results if r.is_open], [r for r in results if not r.is_open]
    rows = [
        (
            tag("a", r.trial.title, href=f"#{explainer.prefix}trial-{r.trial.id}"),
            LINES[r.trial.line],
            verdict(_VERDICT[r.may_enter], fit_words(explainer.a, r)),
            status_words(r),
            where_words(r),
        )
        for r in may
    ]
    head = ("Trial", "For", "This child", "Status as read", "Where, as read")
    overview = (
        table("Trials that may take children", head, *rows) if rows else tag("p", "No trial that may take children is held.")
    )
    return join(
        tag("p", LEAD),
        *(tag("p", notice, class_="alert") for notice in notices(explainer.a)),
        tag("div", overview, class_="trials"),
        *(_trial(r, explainer) for r in may),
        tag(f"h{min(level + 1, 6)}", NONE_OPEN) if closed else None,
        *(_trial(r, explainer) for r in closed),
    )


def _trial(result: TrialResult, explainer: Explainer) -> Safe:
    trial = result.trial
    facts: list[tuple[str, Content]] = [
        ("Trial", trial.full_title),
        ("Registry", "; ".join(trial.registry)),
        ("Phase", trial.phase),
        ("Treatment studied", join(trial.intervention, " ", explainer.meta(trial.statement))),
        ("Planned", f"{trial.planned} children" if trial.planned is not None else ""),
        ("Status", status_words(result)),
        ("Where", where_words(result)),
        ("About", trial.about),
    ]
    criteria = [criterion_row(explainer, c) for c in result.criteria]
    return details(
        f"{trial.title}: {fit_words(explainer.a, result)}",
        pairs(*((label, value) for label, value in facts if value)),
        table(f"Criteria of {trial.title}", ("Criterion", "Verdict", "Why"), *criteria),
        id=f"{explainer.prefix}trial-{trial.id}",
        class_="protocol",
    )


# -- text ----------------------------------------------------------------------------------------------------------------


class TrialsText(TextReport):
    """The page as text."""

    def __init__(self, results: Sequence[TrialResult], assessment: Assessment, width: int = 80) -> None:
        super().__init__(assessment, width)
        self.results = results

    def text(self) -> str:
        """The whole text, ending with a newline."""
        self.opening("Trials", LEAD)
        for notice in notices(self.a):
            self.page.item(notice, mark="!")
        for result in self.results:
            if result.is_open:
                self.trial(result)
        closed = [r for r in self.results if not r.is_open]
        if closed:
            self.page.heading(NONE_OPEN)
        for result in closed:
            self.page.item(
                f"{result.trial.title}: {status_words(result)}. {fit_words(self.a, result)}. {self.ref(result.trial.statement)}"
            )
        self.source_list()
        return self.page.text()

    def trial(self, result: TrialResult) -> None:
        trial = result.trial
        self.page.heading(trial.title)
        self.page.pairs(
            [
                ("This child", fit_words(self.a, result)),
                ("Registry", "; ".join(trial.registry) or "not read"),
                ("Phase, line", f"{trial.phase}; {LINES[trial.line]}"),
                ("Studied", f"{trial.intervention} {self.ref(trial.statement)}"),
                ("Status", status_words(result)),
                ("Where", where_words(result)),
            ],
            widest=12,
        )
        for criterion in result.criteria:
            self.page.item(self.criterion_said(criterion), 2)

    def criterion_said(self, c: CriterionResult) -> str:
        """One criterion with its verdict, what is known, and what would tell."""
        if c.reason is None:
            return f"to confirm: {c.statement.label} {self.ref(c.statement)}"
        facts = decisions.deciding_facts(c.reason.explanation)
        known = decisions.facts_said(self.a, facts)
        said = f"{words.verdict(c.met)}: {c.statement.label}"
        if c.met is None:
            return f"{said}; would tell: {words.listed([self.a.label(name) for name in facts])} {self.ref(c.statement)}"
        return f"{said}{f' ({known})' if known else ''} {self.ref(c.statement)}"


# -- data ----------------------------------------------------------------------------------------------------------------


def trials_data(results: Sequence[TrialResult], assessment: Assessment) -> dict[str, Any]:
    """Every trial with its criteria; ``meets`` is yes, no or undetermined, by what a record can show."""
    writer = JsonWriter(assessment)
    return {
        "id": assessment.record.id,
        "as_of": str(assessment.as_of),
        "notices": notices(assessment),
        "trials": [_trial_data(r, writer) for r in results],
        "sources": writer.bibliography(),
        "disclaimer": NOT_A_DEVICE,
    }


def _trial_data(result: TrialResult, writer: JsonWriter) -> dict[str, Any]:
    trial = result.trial
    return {
        "trial": trial.id,
        "title": trial.title,
        "full_title": trial.full_title or None,
        "registry": list(trial.registry),
        "protocol": trial.protocol or None,
        "phase": trial.phase,
        "line": trial.line,
        "intervention": trial.intervention,
        "planned": trial.planned,
        "status": trial.status,
        "status_said": trial.status_said,
        "status_on": trial.status_on or None,
        "may_take_children": result.is_open,
        "countries": list(trial.countries),
        "sites": trial.sites or None,
        "meets": result.may_enter,
        "too_late": result.too_late or None,
        "would_tell": list(result.would_tell),
        "criteria": [writer.criterion(c) for c in result.criteria],
        "confidence": trial.statement.confidence,
        "sources": writer.sources(trial.statement.citations),
    }
