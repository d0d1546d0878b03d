"""The ``infantall`` command.

Exit status: 0 answered; 1 the input is wrong (one message a problem on standard error); 2 bad usage; 3 a fault of InfantALL
itself. Each command imports only what it needs, so that ``--help`` and one assessment start fast.
"""

from __future__ import annotations

import datetime as dt
import os
import sys
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from infantall import __version__
from infantall.text.problems import InputError, Problem

if TYPE_CHECKING:
    from infantall.assessing import Outcome
    from infantall.knowledge.library import Knowledge

app = typer.Typer(
    help="Infant acute lymphoblastic leukaemia: published knowledge that can be computed, checked and read. "
    "Decision support for people who remain responsible; not a medical device; gives no dose.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
)
knowledge_app = typer.Typer(help="Browse and check what InfantALL knows.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(knowledge_app, name="knowledge")

WRONG_INPUT, BAD_USAGE, OUR_FAULT = 1, 2, 3


class Format(str, Enum):
    """How an assessment is printed."""

    text = "text"
    json = "json"
    html = "html"


class ListFormat(str, Enum):
    """How knowledge is printed."""

    text = "text"
    json = "json"


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"infantall {__version__}")
        raise typer.Exit


@app.callback()
def _top(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")] = False,
) -> None:
    pass


# -- assess --------------------------------------------------------------------------------------------------------------


@app.command()
def assess(
    records: Annotated[
        list[Path],
        typer.Argument(metavar="RECORD...", help="Record files (YAML, JSON), tables (CSV, Parquet), or folders of them."),
    ],
    as_of: Annotated[
        str | None,
        typer.Option(
            metavar="DATE",
            help="Assess as things stood on this day (YYYY-MM-DD, or days from diagnosis); default: the record's latest date.",
        ),
    ] = None,
    protocol: Annotated[
        list[str] | None, typer.Option(metavar="P", help="Only this protocol; may be given several times.")
    ] = None,
    output: Annotated[Format, typer.Option("--format", help="How to print.")] = Format.text,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Write one file a child into this folder instead of printing.")
    ] = None,
) -> None:
    """Assess one child or many: what to find out next, whether ALL is established, the group under every protocol, and why."""
    from infantall.assessing import assess_files
    from infantall.knowledge.store import load_knowledge

    knowledge = load_knowledge()
    _check_protocols(protocol, knowledge)
    outcomes = list(_with_progress(assess_files(records, knowledge, _day(as_of), protocol)))
    if out is None:
        _print(_rendered(outcomes, output, many=len(outcomes) > 1))
    else:
        _write_each(outcomes, output, out)
    for outcome in outcomes:
        for notice in outcome.table_notices:
            typer.echo(notice, err=True)
        for problem in outcome.problems:
            typer.echo(str(problem), err=True)
    if any(outcome.problems for outcome in outcomes):
        raise typer.Exit(WRONG_INPUT)


def _day(text: str | None) -> dt.date | int | None:
    if text is None:
        return None
    try:
        return int(text) if text.lstrip("-").isdigit() and len(text) < 6 else dt.date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"'{text}' is no day: give YYYY-MM-DD, or days from diagnosis", param_hint="--as-of") from None


def _check_protocols(names: list[str] | None, knowledge: Knowledge) -> None:
    from infantall.text.problems import did_you_mean

    for name in names or ():
        if name not in knowledge.protocols:
            hint = did_you_mean(name, knowledge.protocols)
            known = ", ".join(knowledge.protocols)
            raise typer.BadParameter(f"no protocol '{name}'{hint}; known: {known}", param_hint="--protocol")


def _with_progress(outcomes: tuple[int, object]) -> list[Outcome]:
    """The outcomes, with a progress bar on standard error where somebody watches and there are many."""
    total, each = outcomes
    if total < 20 or not sys.stderr.isatty():
        return list(each)  # type: ignore[call-overload]
    from rich.console import Console
    from rich.progress import track

    return list(track(each, description="Assessing", total=total, console=Console(stderr=True)))  # type: ignore[arg-type]


def _rendered(outcomes: list[Outcome], output: Format, *, many: bool) -> str:
    good = [outcome.assessment for outcome in outcomes if outcome.assessment is not None]
    if output is Format.json:
        import json

        from infantall.care.result import to_json

        items = [
            to_json(o.assessment) if o.assessment is not None else {"file": o.file, "id": o.id, "errors": o.errors()}
            for o in outcomes
        ]
        return json.dumps(items, ensure_ascii=False, indent=2 if not many else 1, allow_nan=False) + "\n"
    if output is Format.html:
        from infantall.report.html import assessment_html

        return assessment_html(good) if good else ""
    from infantall.report.text import assessment_text

    return ("\n" + "=" * 80 + "\n\n").join(assessment_text(assessment) for assessment in good)


def _write_each(outcomes: list[Outcome], output: Format, folder: Path) -> None:
    """One file a child, named by its id; two children of one id get numbered names."""
    suffix = {Format.text: "txt", Format.json: "json", Format.html: "html"}[output]
    used: set[str] = set()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for outcome in outcomes:
            if outcome.assessment is None:
                continue
            path = folder / f"{_free_name(outcome.id, used)}.{suffix}"
            path.write_text(_rendered([outcome], output, many=False), encoding="utf-8")
            typer.echo(path)
    except OSError as error:
        raise InputError([Problem(str(folder), error.strerror or "a folder that cannot be written", "a folder")]) from None


def _free_name(identifier: str, used: set[str]) -> str:
    plain = "".join(c if c.isalnum() or c in "-_." else "-" for c in identifier).strip(".") or "record"
    name, number = plain[:80], 2
    while name.lower() in used:
        name, number = f"{plain[:80]}-{number}", number + 1
    used.add(name.lower())
    return name


def _print(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


# -- demo ----------------------------------------------------------------------------------------------------------------


@app.command()
def demo(
    out: Annotated[Path, typer.Option(metavar="DIR", help="Where the HTML reports go.")] = Path("infantall-demo"),
) -> None:
    """Assess three invented babies and the published case reports; print the result and write one HTML report a child."""
    from infantall.demo import run_demo

    run_demo(out)


# -- knowledge -----------------------------------------------------------------------------------------------------------


_ListFormatOption = Annotated[ListFormat, typer.Option("--format", help="How to print.")]


@knowledge_app.command("list")
def knowledge_list(
    kind: Annotated[str | None, typer.Option(metavar="KIND", help="Only statements of this kind.")] = None,
    output: _ListFormatOption = ListFormat.text,
) -> None:
    """Every statement: id, kind, confidence, and what it says."""
    from infantall.report.knowledge import list_json, list_text

    knowledge = _load()
    kinds = sorted({statement.kind for statement in knowledge.statements()})
    if kind is not None and kind not in kinds:
        raise typer.BadParameter(f"no kind '{kind}'; known: {', '.join(kinds)}", param_hint="--kind")
    _print(list_text(knowledge, kind) if output is ListFormat.text else list_json(knowledge, kind))


@knowledge_app.command("show")
def knowledge_show(
    identifier: Annotated[str, typer.Argument(metavar="ID", help="A statement, protocol, fact, source or conflict.")],
    output: _ListFormatOption = ListFormat.text,
) -> None:
    """One statement, protocol, fact, source or conflict, whole: its rule in words, its sources, its conflicts."""
    from infantall.report.knowledge import show_json, show_text

    knowledge = _load()
    _print(show_text(knowledge, identifier) if output is ListFormat.text else show_json(knowledge, identifier))


@knowledge_app.command("check")
def knowledge_check(
    folder: Annotated[Path | None, typer.Argument(metavar="[DIR]", help="A folder of knowledge files; default: our own.")] = None,
    output: _ListFormatOption = ListFormat.text,
) -> None:
    """Check a folder of knowledge: every problem with file and line; every group reachable."""
    from infantall.knowledge.check import check_folder

    report = check_folder(folder)
    _print(report.text() if output is ListFormat.text else report.json())
    for problem in report.problems:
        typer.echo(str(problem), err=True)
    if report.problems:
        raise typer.Exit(WRONG_INPUT)


@knowledge_app.command("sources")
def knowledge_sources(output: _ListFormatOption = ListFormat.text) -> None:
    """The bibliography: what was read, how far, and what rests on it."""
    from infantall.report.knowledge import sources_json, sources_text

    knowledge = _load()
    _print(sources_text(knowledge) if output is ListFormat.text else sources_json(knowledge))


@knowledge_app.command("review")
def knowledge_review(output: _ListFormatOption = ListFormat.text) -> None:
    """What no clinician has reviewed, what is unverified, and where sources disagree."""
    from infantall.report.knowledge import review_json, review_text

    knowledge = _load()
    _print(review_text(knowledge) if output is ListFormat.text else review_json(knowledge))


@knowledge_app.command("schema")
def knowledge_schema(
    kind: Annotated[str, typer.Argument(metavar="KIND", help="judgement, protocol, statements, conflicts or pack.")],
) -> None:
    """The JSON Schema of one kind of knowledge file, for editors."""
    import json

    from infantall.knowledge.schema import FILES, json_schema

    if kind not in FILES:
        raise typer.BadParameter(f"no kind '{kind}'; known: {', '.join(FILES)}", param_hint="KIND")
    _print(json.dumps(json_schema(kind), indent=2) + "\n")


def _load() -> Knowledge:
    from infantall.knowledge.store import load_knowledge

    return load_knowledge()


# -- the door ------------------------------------------------------------------------------------------------------------


def main() -> None:
    """Runs the command. No traceback reaches a user; ``INFANTALL_DEBUG=1`` shows it to a developer."""
    try:
        app()
    except InputError as error:
        for problem in error.problems:
            typer.echo(str(problem), err=True)
        sys.exit(WRONG_INPUT)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except OSError as error:
        typer.echo(f"{error.filename or 'output'}: {error.strerror or 'cannot be read or written'}", err=True)
        sys.exit(WRONG_INPUT)
    except Exception as error:  # the last door: a fault of ours is said as one
        if os.environ.get("INFANTALL_DEBUG"):
            raise
        kind = type(error).__name__
        typer.echo(
            f"InfantALL itself failed ({kind}). Nothing was changed. INFANTALL_DEBUG=1 shows where; please report it.", err=True
        )
        sys.exit(OUR_FAULT)
