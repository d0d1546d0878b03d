"""``infantall guide`` from outside: every pack in every form and language, and one clear message for whatever is wrong."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from helpers import command
from infantall.family import PACKS

ROOT = Path(__file__).parents[2]
FAMILIES = sorted((ROOT / "examples" / "families").glob("*.yaml"))
HOME = ROOT / "examples" / "families" / "going-home.yaml"
SITE = ROOT / "examples" / "site-pack"
LANGUAGES = ("en", "es", "ar")
COUNTED = "id: counted\nage_at_diagnosis_days: 75\nfindings: [{day: 0, what: weight, value: 6, unit: kg}]\n"
run = partial(command.run, "guide")
refused = partial(command.refused, "guide")


def changed(tmp_path: Path, old: str, new: str, name: str = "family.yaml") -> Path:
    text = HOME.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / name
    path.write_text(text.replace(old, new), encoding="utf-8")
    return path


# -- every pack, form and language ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("pack", PACKS)
def test_every_pack_as_text_and_on_screen(pack: str, language: str) -> None:
    text = run(HOME, "--pack", pack, "--lang", language, "--site", SITE).text
    html = run(HOME, "--pack", pack, "--lang", language, "--site", SITE, "--format", "html").text
    assert text.endswith("\n") and len(text) > 200 and "{" not in text
    assert html.startswith("<!DOCTYPE html>") or html.lower().startswith("<!doctype html>")
    assert f'lang="{language}"' in html[:500] and ('dir="rtl"' in html[:500]) is (language == "ar")
    assert "DEMONSTRATION ONLY" in text and "DEMONSTRATION ONLY" in html


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", FAMILIES, ids=lambda path: path.stem)
def test_every_example_family(path: Path, language: str) -> None:
    assert len(run(path, "--pack", "all", "--lang", language).text) > 3_000
    assert run(path, "--pack", "today", "--lang", language, "--format", "html").out


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("pack", ["today", "emergency", "log", "letter"])
def test_paper(pack: str, language: str, tmp_path: Path) -> None:
    pytest.importorskip("typst", reason="typst is not installed")
    path = tmp_path / "guide.pdf"
    done = run(HOME, "--pack", pack, "--lang", language, "--format", "pdf", "--out", path)
    assert path.read_bytes().startswith(b"%PDF-") and done.out == b"" and str(path) in done.err


def test_paper_through_a_pipe_and_us_letter() -> None:
    pytest.importorskip("typst", reason="typst is not installed")
    done = run(HOME, "--pack", "emergency", "--format", "pdf", "--paper", "us-letter")
    assert done.out.startswith(b"%PDF-")
    assert done.out == run(HOME, "--pack", "emergency", "--format", "pdf", "--paper", "us-letter").out


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_calendar(language: str, tmp_path: Path) -> None:
    path = tmp_path / "guide.ics"
    run(HOME, "--lang", language, "--format", "ics", "--out", path)
    first = path.read_bytes()
    assert first.startswith(b"BEGIN:VCALENDAR\r\n") and first.count(b"BEGIN:VEVENT") >= 4 and b"DESCRIPTION" not in first
    assert run(HOME, "--lang", language, "--format", "ics").out == first
    assert b"DESCRIPTION" in run(HOME, "--lang", language, "--format", "ics", "--details").out


def test_the_next_calendar_cancels_what_fell_out(tmp_path: Path) -> None:
    old = tmp_path / "old.ics"
    run(HOME, "--format", "ics", "--out", old)
    less = changed(tmp_path, '    - {on: 2026-09-24, at: "09:30", what: Blood test, where: Day unit}\n', "")
    text = run(less, "--format", "ics", "--previous", old).text
    assert text.count("STATUS:CANCELLED") == 1 and "STATUS:CANCELLED" not in old.read_text(encoding="utf-8")


def test_an_output_file_is_written_as_the_command_prints(tmp_path: Path) -> None:
    for form in ("text", "html"):
        path = tmp_path / f"guide.{form}"
        done = run(HOME, "--format", form, "--out", path)
        assert done.out == b"" and path.read_bytes() == run(HOME, "--format", form).out


def test_the_familys_own_language_is_the_default(tmp_path: Path) -> None:
    path = changed(tmp_path, "language: en", "language: es-MX")
    assert run(path).out == run(path, "--lang", "es").out != run(path, "--lang", "en").out


def test_notices_go_to_the_error_stream_and_not_onto_a_page() -> None:
    done = run(HOME)
    assert "was not read whole" in done.err and "was not read whole" not in done.text


def test_the_day_of_the_guide_is_on_it() -> None:
    assert "22 September 2026" in run(HOME).text
    assert "25 September 2026" in run(HOME, "--as-of", "2026-09-25").text
    assert run(HOME, "--as-of", "24").out == run(HOME, "--as-of", "2026-09-25").out


def test_a_record_that_counts_days_has_every_page(tmp_path: Path) -> None:
    path = tmp_path / "counted.yaml"
    path.write_text(COUNTED, encoding="utf-8")
    for language in LANGUAGES:
        assert len(run(path, "--pack", "all", "--lang", language).text) > 3_000


# -- why ------------------------------------------------------------------------------------------------------------------------


def test_why_says_the_rule_the_verdict_and_the_sources() -> None:
    done = run(HOME, "--why", "medicine.vincristine").text
    assert done.startswith("medicine.vincristine: ") and "Rule: gets_vincristine" in done and "Sources: " in done
    assert "yes: " in done


def test_why_not() -> None:
    assert "not shown" in run(HOME, "--why", "phase.maintenance").text.splitlines()[0]
    assert "not shown" in run(HOME, "--why", "comfort.end-of-life").text.splitlines()[0]


def test_why_a_topic_that_is_none() -> None:
    message = refused(HOME, "--why", "medicine.vincristin")
    assert "'medicine.vincristin'" in message and "did you mean 'medicine.vincristine'?" in message


# -- what is wrong ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "place", "hint"),
    [
        ("line: broviac", "line: brovac", "family.line", "tunnelled"),
        ("transplant: considered", "transplan: considered", "family.transplan", "did you mean 'transplant'?"),
        ("setting: home, at: [", "setting: hom, at: [", "treatment[2].setting", "did you mean 'home'?"),
        ("medicines_complete_on: 2026-09-22", "medicines_complete_on: 22.09.2026", "family.medicines_complete_on", "YYYY-MM-DD"),
    ],
)
def test_a_wrong_record(old: str, new: str, place: str, hint: str, tmp_path: Path) -> None:
    path = changed(tmp_path, old, new)
    message = refused(path)
    assert message.startswith(f"{path}: {place}") and "(line " in message and hint in message


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert "nowhere.yaml" in refused(tmp_path / "nowhere.yaml")


def test_a_wrong_language_with_the_nearest_name(tmp_path: Path) -> None:
    assert "'esp'" in refused(HOME, "--lang", "esp") and "did you mean 'es'?" in refused(HOME, "--lang", "esp")
    assert "one of en" in refused(HOME, "--lang", "klingon")
    path = changed(tmp_path, "language: en", "language: xx")
    message = refused(path)
    assert message.startswith(f"{path}: family.language") and "'xx'" in message
    run(path, "--lang", "en")


def test_a_wrong_parent() -> None:
    message = refused(HOME, "--parent", "aunt")
    assert "--parent" in message and "'aunt'" in message and "mother, father" in message
    run(HOME, "--parent", "aunt", "--figures", "not-now")


@pytest.mark.parametrize("day", ["2026-02-30", "tomorrow", "22/09/2026", "9999999"])
def test_a_wrong_day(day: str) -> None:
    done = run(HOME, "--as-of", day, status=2)
    assert "--as-of" in done.err and done.out == b""


def test_a_day_beyond_the_calendar_is_no_fault_of_ours(tmp_path: Path) -> None:
    path = tmp_path / "late.yaml"
    path.write_text("id: x\nborn: 9999-11-01\ndiagnosed: 9999-12-01\n", encoding="utf-8")
    for day in ("99999", "9999-12-31"):
        assert "--as-of" in refused(path, "--as-of", day)
    assert "9999-12-01" in refused(path)


@pytest.mark.parametrize(
    "arguments", [["--pack", "tomorow"], ["--format", "docx"], ["--figures", "show"], ["--paper", "a5"], ["--nonsense"], []]
)
def test_bad_usage(arguments: list[str]) -> None:
    done = run(*([HOME, *arguments] if arguments else []), status=2)
    assert "Usage: infantall guide" in done.err and done.out == b""


def test_a_pdf_is_not_thrown_at_a_terminal() -> None:
    done = run(HOME, "--format", "pdf", status=2, terminal=True)
    assert "--out FILE" in done.err and done.out == b""


def test_a_calendar_needs_dates(tmp_path: Path) -> None:
    path = tmp_path / "counted.yaml"
    path.write_text(COUNTED, encoding="utf-8")
    done = run(path, "--format", "ics", status=2)
    assert "a calendar needs a record with dates" in done.err and done.out == b""


def test_a_previous_calendar_that_is_none(tmp_path: Path) -> None:
    path = tmp_path / "old.ics"
    path.write_text("BEGIN:VCALENDAR\nPRODID:other\nEND:VCALENDAR\n", encoding="utf-8")
    assert "another program's calendar" in refused(HOME, "--format", "ics", "--previous", path)
    assert "nowhere.ics" in refused(HOME, "--format", "ics", "--previous", tmp_path / "nowhere.ics")


def test_an_output_that_cannot_be_written(tmp_path: Path) -> None:
    done = run(HOME, "--out", tmp_path / "no" / "folder" / "guide.txt", status=1)
    assert "guide.txt" in done.err and done.out == b""


def test_a_broken_site_pack(tmp_path: Path) -> None:
    folder = tmp_path / "site"
    folder.mkdir()
    assert "no site.yaml" in refused(HOME, "--site", folder)
    text = (SITE / "site.yaml").read_text(encoding="utf-8")
    (folder / "site.yaml").write_text(text.replace("hours: 48", "hours: 24"), encoding="utf-8")
    assert "changed after it was sealed" in refused(HOME, "--site", folder)
    (folder / "site.yaml").write_text("site: [", encoding="utf-8")
    assert str(folder) in refused(HOME, "--site", folder)


def test_an_old_bad_record_prints_nothing_of_the_child(tmp_path: Path) -> None:
    path = changed(tmp_path, "line: broviac", "line: brovac")
    message = refused(path)
    for word in ("Bean", "2026-04-02", "6.8", "Dr Example"):
        assert word not in message
