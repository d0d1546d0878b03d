"""Newer therapies for one child: what each is, what was seen in infants, which label fits this age, and what is not known."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from infantall.care.as_json import JsonWriter
from infantall.care.result import NOT_A_DEVICE, Assessment, say_verdict
from infantall.care.therapies import PartResult, TherapyResult

from . import words
from .citing import Sources
from .explanations import Explainer, verdict
from .markup import Content, Safe, details, items, join, pairs, table, tag
from .shell import page
from .text import TextReport

TITLE = "Newer therapies: what is known in infants, and does this child fit?"
LEAD = (
    "No dose and no advice to use any of these. A label is what an authority had printed on the day given; a trial or a "
    "named-patient use has its own rules. “Fits” is about the age and findings that a record can show, on the day of the report."
)
WITHOUT_RESULTS = "What was seen in treated infants is left out here, as it holds survival figures: infantall therapies shows it."
PART_TITLES = {
    "what": "What it is",
    "evidence": "Seen in infants",
    "label": "Label",
    "standing": "Where it stands in the protocols",
    "harm": "Key harms",
    "unknown": "Not known",
}
_FITS = {True: "fits", False: "does not fit", None: "not known"}
_ABOUT = {True: "about a child like this", False: "about other children", None: "not known whether about this child"}


def fit_words(assessment: Assessment, part: PartResult) -> str:
    """``fits``, ``does not fit``, or what it waits for and what must be checked."""
    said = _FITS[part.verdict] if part.part.part == "label" else _ABOUT[part.verdict]
    if part.verdict is not None:
        return said
    waits = [f"waits for {words.listed([assessment.label(name) for name in part.waits_for])}"] if part.waits_for else []
    check = [f"to check: {part.part.beyond}"] if part.part.beyond else []
    return f"{said}: {'; '.join((*waits, *check))}"


def label_head(part: PartResult) -> str:
    """``EU, as of 2025-01-20``."""
    as_of = f", as of {part.part.as_of}" if part.part.as_of else ", date of the text not read"
    return f"{part.part.region}{as_of}"


def n_words(part: PartResult) -> str:
    """``n = 30``; empty where no number stands."""
    return f"n = {part.part.n}" if part.part.n is not None else ""


# -- HTML ----------------------------------------------------------------------------------------------------------------


def therapies_html(results: Sequence[TherapyResult], assessment: Assessment) -> str:
    """A page of its own."""
    explainer = Explainer(assessment, Sources(assessment.knowledge), "")
    section = tag(
        "section", tag("h2", TITLE, id="therapies"), therapies_section(results, explainer, 2), aria_labelledby="therapies"
    )
    body = [join(pairs(*words.header(assessment))), section]
    contents = items("ul", *(tag("a", r.therapy.title, href=f"#therapy-{r.therapy.id}") for r in results))
    return page(f"Newer therapies: {assessment.record.id}", contents, body, explainer.sources, assessment.knowledge)


def therapies_section(results: Sequence[TherapyResult], explainer: Explainer, level: int, with_results: bool = True) -> Safe:
    """An overview of labels, then each therapy in a part that opens and closes.

    Args:
        with_results: also what was seen in treated infants, which holds survival figures.
    """
    rows = [
        (
            tag("a", r.therapy.title, href=f"#{explainer.prefix}therapy-{r.therapy.id}"),
            label_head(p),
            verdict(p.verdict, fit_words(explainer.a, p)),
            p.part.statement.says,
        )
        for r in results
        for p in r.of("label")
    ]
    overview = table("Labels, and whether this child's age and findings fit", ("Therapy", "Region", "This child", "Label"), *rows)
    hidden = None if with_results else tag("p", WITHOUT_RESULTS)
    return join(
        tag("p", LEAD),
        hidden,
        tag("div", overview, class_="labels"),
        *(_therapy(r, explainer, level, with_results) for r in results),
    )


def _therapy(result: TherapyResult, explainer: Explainer, level: int, with_results: bool) -> Safe:
    parts: list[Content] = []
    for name, title in PART_TITLES.items():
        found = result.of(name)
        if found and (with_results or name != "evidence"):
            parts += [tag(f"h{min(level + 1, 6)}", title), items("ul", *(_part(p, explainer) for p in found))]
    return details(
        join(result.therapy.title, f": {result.therapy.sort}"),
        *parts,
        id=f"{explainer.prefix}therapy-{result.therapy.id}",
        class_="protocol",
    )


def _part(part: PartResult, explainer: Explainer) -> Safe:
    name = part.part.part
    head: list[Content] = []
    if name == "label":
        head += [tag("strong", label_head(part)), " ", verdict(part.verdict, fit_words(explainer.a, part)), ". "]
    elif name == "evidence":
        shown = [words_ for words_ in (part.part.statement.label, n_words(part)) if words_]
        head += [tag("strong", ", ".join(shown)), ": "] if shown else []
    why = (
        explainer.why(part.reason, "Is it about this child?", fit_words(explainer.a, part))
        if name in ("label", "evidence")
        else None
    )
    return join(explainer.statement(part.part.statement, join(*head)), why)


# -- text ----------------------------------------------------------------------------------------------------------------


class TherapiesText(TextReport):
    """The page as text."""

    def __init__(self, results: Sequence[TherapyResult], assessment: Assessment, width: int = 80) -> None:
        super().__init__(assessment, width)
        self.results = results

    def text(self) -> str:
        """The whole text, ending with a newline."""
        self.opening("Newer therapies", LEAD)
        for result in self.results:
            self.page.heading(f"{result.therapy.title}: {result.therapy.sort}")
            for part in result.parts:
                self.page.item(self.part(part))
        self.source_list()
        return self.page.text()

    def part(self, part: PartResult) -> str:
        title, said = PART_TITLES[part.part.part], self.cited(part.part.statement)
        match part.part.part:
            case "label":
                return f"{title}, {label_head(part)}: {fit_words(self.a, part)}. {said}"
            case "evidence":
                shown = ", ".join(w for w in (part.part.statement.label, n_words(part)) if w)
                return f"{title}{f' ({shown})' if shown else ''}: {said} ({fit_words(self.a, part)})"
            case _:
                return f"{title}: {said}"


# -- data ----------------------------------------------------------------------------------------------------------------


def therapies_data(results: Sequence[TherapyResult], assessment: Assessment) -> dict[str, Any]:
    """Every therapy with its parts; ``about_this_child`` is yes, no or undetermined."""
    writer = JsonWriter(assessment)
    return {
        "id": assessment.record.id,
        "as_of": str(assessment.as_of),
        "therapies": [
            {
                "therapy": r.therapy.id,
                "title": r.therapy.title,
                "sort": r.therapy.sort,
                "parts": [_part_data(p, writer) for p in r.parts],
            }
            for r in results
        ],
        "sources": writer.bibliography(),
        "disclaimer": NOT_A_DEVICE,
    }


def _part_data(part: PartResult, writer: JsonWriter) -> dict[str, Any]:
    return {
        **writer.reason(part.reason),
        "part": part.part.part,
        "about_this_child": say_verdict(part.verdict),
        "waits_for": list(part.waits_for),
        "beyond": part.part.beyond or None,
        "region": part.part.region or None,
        "label_as_of": part.part.as_of or None,
        "n": part.part.n,
    }
