"""The ``infantall`` command.

Exit status: 0 answered; 1 the input is wrong (one message a problem on standard error); 2 bad usage; 3 a fault of InfantALL
itself. Each command imports only what it needs, so that ``--help`` and one assessment start fast.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from infantall import __version__
from infantall.cohort_cli import cohort
from infantall.console import ONE_DOCUMENT, OUR_FAULT, PATH, WRONG_INPUT, format_option, print_text, the_day
from infantall.evidence_cli import outlook, therapies, trials
from infantall.guide_cli import guide
from infantall.text.problems import InputError, Problem

if TYPE_CHECKING:
    from infantall.assessing import Outcome
    from infantall.knowledge.library import Knowledge
    from infantall.report.cohort.blocks import Document

KINDS_OF_FILES = (
    "judgement", "protocol", "statements", "outcomes", "factors", "timing", "therapy", "trial", "gaps", "conflicts", "pack",
)  # fmt: skip


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, "--version", message="infantall %(version)s")
def app() -> None:
    """Infant acute lymphoblastic leukaemia: published knowledge that can be computed, checked and read.

    Decision support for people who remain responsible. Not a medical device; gives no dose.
    """


for command in (outlook, therapies, trials, guide):
    app.add_command(command)
app.add_command(cohort)


# -- assess --------------------------------------------------------------------------------------------------------------


@app.command()
@click.argument("records", metavar="RECORD...", nargs=-1, required=True, type=PATH)
@click.option(
    "--as-of",
    metavar="DATE",
    help="Assess as things stood on this day: YYYY-MM-DD, or days from diagnosis. Default: the record's latest date.",
)
@click.option("--protocol", "protocols", metavar="P", multiple=True, help="Only this protocol; may be given several times.")
@format_option("text", "json", "html", said=ONE_DOCUMENT)
@click.option("--out", metavar="DIR", type=PATH, help="Write one file a child into this folder instead of printing.")
@click.option("--with-outlook", is_flag=True, help="Also put the published outcomes (survival figures) into the HTML page.")
def assess(
    records: tuple[Path, ...],
    as_of: str | None,
    protocols: tuple[str, ...],
    output: str,
    out: Path | None,
    with_outlook: bool,
) -> None:
    """Assess one child or many.

    RECORD is a record file (YAML, JSON), a table (CSV, Parquet), or a folder of them. Says what to find out next, whether ALL
    is established, the group under every protocol, and why.
    """
    from infantall.assessing import assess_files
    from infantall.knowledge.store import load_knowledge

    if with_outlook and output != "html":
        raise click.BadParameter("only the page holds it; infantall outlook prints it otherwise", param_hint="--with-outlook")
    knowledge = load_knowledge()
    _check_protocols(protocols, knowledge)
    outcomes = _with_progress(*assess_files(records, knowledge, the_day(as_of), protocols))
    if out is None:
        print_text(_rendered(outcomes, output, with_outlook))
    else:
        _write_each(outcomes, output, out, with_outlook)
    for outcome in outcomes:
        for notice in outcome.table_notices:
            click.echo(notice, err=True)
        for problem in outcome.problems:
            click.echo(str(problem), err=True)
    if any(outcome.problems for outcome in outcomes):
        sys.exit(WRONG_INPUT)


def _check_protocols(names: tuple[str, ...], knowledge: Knowledge) -> None:
    from infantall.text.problems import did_you_mean

    for name in names:
        if name not in knowledge.protocols:
            hint = did_you_mean(name, knowledge.protocols)
            known = ", ".join(knowledge.protocols)
            raise click.BadParameter(f"no protocol '{name}'{hint}; known: {known}", param_hint="--protocol")


def _with_progress(total: int, outcomes: Any) -> list[Outcome]:
    """The outcomes, with a progress bar on standard error where somebody watches and there are many."""
    if total < 20 or not sys.stderr.isatty():
        return list(outcomes)
    from rich.console import Console
    from rich.progress import track

    return list(track(outcomes, description="Assessing", total=total, console=Console(stderr=True)))


def _rendered(outcomes: list[Outcome], output: str, with_outlook: bool) -> str:
    good = [outcome.assessment for outcome in outcomes if outcome.assessment is not None]
    if output == "json":
        import json

        from infantall.care.as_json import to_json

        items = [
            to_json(o.assessment) if o.assessment is not None else {"id": o.id, "file": o.file, "errors": o.errors()}
            for o in outcomes
        ]
        return json.dumps(items, ensure_ascii=False, indent=1, allow_nan=False) + "\n"
    if output == "html":
        from infantall.report.html import assessment_html

        return assessment_html(good, with_outlook) if good else ""
    from infantall.report.text import assessment_text

    return ("\n" + "=" * 80 + "\n\n").join(assessment_text(assessment) for assessment in good)


def _write_each(outcomes: list[Outcome], output: str, folder: Path, with_outlook: bool) -> None:
    """One file a child, named by its id; two children of one id get numbered names."""
    suffix = {"text": "txt", "json": "json", "html": "html"}[output]
    used: set[str] = set()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for outcome in outcomes:
            if outcome.assessment is None:
                continue
            path = folder / f"{_free_name(outcome.id, used)}.{suffix}"
            path.write_text(_rendered([outcome], output, with_outlook), encoding="utf-8")
            click.echo(path)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise InputError([Problem(str(folder), error.strerror or "a folder that cannot be written", "a folder")]) from None


def _free_name(identifier: str, used: set[str]) -> str:
    plain = "".join(c if c.isalnum() or c in "-_." else "-" for c in identifier).strip(".") or "record"
    name, number = plain[:80], 2
    while name.lower() in used:
        name, number = f"{plain[:80]}-{number}", number + 1
    used.add(name.lower())
    return name


# -- demo ----------------------------------------------------------------------------------------------------------------


@app.command()
@click.option(
    "--out", metavar="DIR", type=PATH, default=Path("infantall-demo"), show_default=True, help="Where the HTML reports go."
)
def demo(out: Path) -> None:
    """Assess three invented babies and the published case reports; make the guide of an invented family.

    Prints an overview and one report, and writes one HTML report a child and the family's guide.
    """
    from infantall.demo import run_demo

    run_demo(out)


# -- knowledge -----------------------------------------------------------------------------------------------------------


@app.group()
def knowledge() -> None:
    """Browse and check what InfantALL knows."""


@knowledge.command("list")
@click.option("--kind", metavar="KIND", help="Only statements of this kind, such as group, eligibility or pitfall.")
@format_option("text", "json")
def knowledge_list(kind: str | None, output: str) -> None:
    """Every statement: id, kind, confidence, and what it says."""
    from infantall.report.knowledge import list_json, list_text

    known = _load()
    kinds = sorted({statement.kind for statement in known.statements()})
    if kind is not None and kind not in kinds:
        raise click.BadParameter(f"no kind '{kind}'; known: {', '.join(kinds)}", param_hint="--kind")
    print_text(list_text(known, kind) if output == "text" else list_json(known, kind))


@knowledge.command("show")
@click.argument("identifier", metavar="ID")
@format_option("text", "json")
def knowledge_show(identifier: str, output: str) -> None:
    """One statement, protocol, fact, finding, conflict or source, whole."""
    from infantall.report.knowledge import show_json, show_text

    print_text(show_text(_load(), identifier) if output == "text" else show_json(_load(), identifier))


@knowledge.command("check")
@click.argument("folder", metavar="[DIR]", required=False, type=PATH)
@format_option("text", "json")
def knowledge_check(folder: Path | None, output: str) -> None:
    """Check a folder of knowledge files; by default our own.

    Says every problem with file and line, and whether every group can be reached.
    """
    from infantall.knowledge.check import check_folder

    report = check_folder(folder)
    print_text(report.text() if output == "text" else report.json())
    for problem in report.problems:
        click.echo(str(problem), err=True)
    if report.problems:
        sys.exit(WRONG_INPUT)


@knowledge.command("conflicts")
@format_option("text", "json", "html")
def knowledge_conflicts(output: str) -> None:
    """What disagrees in the literature: both sides, the choice made, why, and who must confirm it."""
    from infantall.report.knowledge import conflicts_json
    from infantall.report.literature import conflicts_document

    known = _load()
    print_text(conflicts_json(known) if output == "json" else _document(conflicts_document(known), output))


@knowledge.command("gaps")
@format_option("text", "json", "html")
def knowledge_gaps(output: str) -> None:
    """What is missing in the literature, what would help, and which figures wait for a reader."""
    import json

    from infantall.report.literature import gaps_data, gaps_document

    known = _load()
    if output == "json":
        print_text(json.dumps(gaps_data(known), ensure_ascii=False, indent=1) + "\n")
    else:
        print_text(_document(gaps_document(known), output))


@knowledge.command("sources")
@format_option("text", "json", "html")
def knowledge_sources(output: str) -> None:
    """The bibliography: what was read, how far, and what rests on it."""
    from infantall.report.knowledge import sources_json
    from infantall.report.literature import sources_document

    known = _load()
    print_text(sources_json(known) if output == "json" else _document(sources_document(known), output))


def _document(document: Document, output: str) -> str:
    if output == "html":
        from infantall.report.cohort.page import document_html

        return document_html(document)
    from infantall.report.cohort.blocks import document_text

    return document_text(document, width=80)


@knowledge.command("review")
@format_option("text", "json")
def knowledge_review(output: str) -> None:
    """What no clinician has reviewed, what is unverified, and where sources disagree."""
    from infantall.report.knowledge import review_json, review_text

    print_text(review_text(_load()) if output == "text" else review_json(_load()))


@knowledge.command("schema")
@click.argument("kind", metavar="KIND", type=click.Choice(KINDS_OF_FILES))
def knowledge_schema(kind: str) -> None:
    """The JSON Schema of one kind of knowledge file, for editors.

    KIND is judgement, protocol, statements, outcomes, factors, timing, therapy, trial, gaps, conflicts or pack.
    """
    import json

    from infantall.knowledge.schema import json_schema

    print_text(json.dumps(json_schema(kind), indent=2) + "\n")


@knowledge.command("translations")
@click.argument("language", metavar="[LANG]", required=False)
def knowledge_translations(language: str | None) -> None:
    """The state of the guide's translations: reviewed, unreviewed, stale, missing.

    Each with the fingerprint of the English that its `of:` must name, and its own, which a review names.
    """
    from infantall.knowledge.guide.translations import translations_text
    from infantall.knowledge.store import load_guide

    print_text(translations_text(load_guide(), language))


@knowledge.command("seal")
@click.argument("folder", metavar="DIR", type=PATH)
def knowledge_seal(folder: Path) -> None:
    """Seal a site pack, once everything in it is approved. A pack changed after it was sealed is refused."""
    from infantall.knowledge.guide.site import seal
    from infantall.knowledge.store import load_guide

    click.echo(f"{folder}: sealed {seal(folder, load_guide())}")


def _load() -> Knowledge:
    from infantall.knowledge.store import load_all

    return load_all()


# -- the door ------------------------------------------------------------------------------------------------------------


def main() -> None:
    """Runs the command. No traceback reaches a user; ``INFANTALL_DEBUG=1`` shows it to a developer."""
    try:
        app(prog_name="infantall")
    except InputError as error:
        for problem in error.problems:
            click.echo(str(problem), err=True)
        sys.exit(WRONG_INPUT)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except OSError as error:
        click.echo(f"{error.filename or 'output'}: {error.strerror or 'cannot be read or written'}", err=True)
        sys.exit(WRONG_INPUT)
    except Exception as error:  # the last door: a fault of ours is said as one
        if os.environ.get("INFANTALL_DEBUG"):
            raise
        kind = type(error).__name__
        click.echo(
            f"InfantALL itself failed ({kind}). Nothing was changed. INFANTALL_DEBUG=1 shows where; please report it.", err=True
        )
        sys.exit(OUR_FAULT)
