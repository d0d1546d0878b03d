"""``infantall demo``: invented babies and published case reports, assessed; one HTML report a child; a family's guide."""

from __future__ import annotations

from pathlib import Path

import click

from infantall.assessing import Outcome, assess_files
from infantall.care.result import Assessment, ProtocolResult
from infantall.guiding import Choices, booklet_for
from infantall.knowledge.library import Knowledge
from infantall.knowledge.store import load_knowledge
from infantall.report.guide.html import booklet_html
from infantall.report.html import assessment_html
from infantall.report.text import assessment_text

SHOWN = ("interfant-21", "interfant-06", "interfant-99", "aall0631", "mll-10")
SHOWN_IN_FULL = "baby-03"


def examples_folder() -> Path:
    """The example records: inside an installed package, or beside a checkout's sources."""
    installed = Path(__file__).parent / "examples"
    return installed if installed.is_dir() else Path(__file__).parents[2] / "examples"


def run_demo(out: Path) -> None:
    """Assesses every example, prints an overview and one report, and writes the HTML reports into ``out``."""
    knowledge = load_knowledge()
    folder = examples_folder()
    children = [
        *sorted(_assessed(folder / "babies", knowledge), key=lambda child: child.id),
        *_assessed(folder / "case-reports", knowledge),
    ]
    _write_reports(children, out)
    _write_guide(folder, out)
    click.echo("InfantALL: three invented babies, then published case reports as far as they were read.\n")
    click.echo(overview([outcome.assessment for outcome in children if outcome.assessment is not None]))
    shown = next(outcome for outcome in children if outcome.id == SHOWN_IN_FULL)
    if shown.assessment is not None:
        click.echo(f"\nOne of them in full ({shown.id}: everything is recorded but KMT2A):\n")
        click.echo(assessment_text(shown.assessment))
    click.echo(_next(out, folder))


def _assessed(folder: Path, knowledge: Knowledge) -> list[Outcome]:
    _, outcomes = assess_files([folder], knowledge, None, None)
    return [outcome for outcome in outcomes if outcome.assessment is not None]


def overview(assessments: list[Assessment]) -> str:
    """One line a child: the group under each protocol, and the first thing to find out."""
    wide = max(len(a.record.id) for a in assessments)
    head = (f"{'':{wide}}  " + "".join(f"{name:<14}" for name in SHOWN)).rstrip()
    lines = [head, "-" * len(head)]
    for assessment in assessments:
        results = {result.protocol.id: result for result in assessment.protocols}
        groups = "".join(f"{_group(results[name]):<14}" for name in SHOWN)
        lines.append(f"{assessment.record.id:{wide}}  {groups}".rstrip())
        if assessment.next_steps:
            step = assessment.next_steps[0]
            lines.append(f"{'':{wide}}  find out first: {step.ask_labels[0]}")
    lines += ["", "In brackets: the group, if the child is eligible. With a question mark: every group that is still possible."]
    return "\n".join(lines)


def _group(result: ProtocolResult) -> str:
    if result.eligible == "no":
        return "not eligible"
    if result.group:
        return result.group if result.eligible == "yes" else f"({result.group})"
    short = "/".join(result.possible)
    return f"{short}?" if len(short) < 13 else "open"


def _write_reports(children: list[Outcome], out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    for child in children:
        if child.assessment is not None:
            (out / f"{child.id}.html").write_text(assessment_html([child.assessment]), encoding="utf-8")


def _write_guide(folder: Path, out: Path) -> None:
    """The guide of the invented family, with the invented hospital's rules, as they would open it on a phone."""
    made = booklet_for(folder / "families" / "going-home.yaml", "all", Choices(site=folder / "site-pack"))
    (out / "family-01-guide.html").write_text(booklet_html(made), encoding="utf-8")


def _next(out: Path, folder: Path) -> str:
    return "\n".join(
        [
            "",
            f"HTML reports, one a child: {out}/  (open {out}/baby-01.html in a browser)",
            f"A family's guide: {out}/family-01-guide.html  (best on a phone)",
            "",
            "Try next:",
            f"  infantall assess {folder / 'babies' / 'high-risk.yaml'}",
            f"  infantall assess {folder / 'babies'} --format json",
            f"  infantall guide {folder / 'families' / 'going-home.yaml'} --pack go-home",
            "  infantall knowledge show interfant-06.group.HR",
            "  infantall knowledge review",
            "",
            "Decision support for people who remain responsible. Not a medical device; gives no dose.",
        ]
    )
