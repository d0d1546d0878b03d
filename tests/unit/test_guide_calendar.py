"""A family's calendar: private titles, stable ids, what moved and what fell out, nothing that is past."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from helpers.families import material
from infantall.family.calendar import Entry, entries, replacing
from infantall.knowledge.guide.overlay import NO_SITE, Site
from infantall.knowledge.guide.site import read_site
from infantall.knowledge.store import load_guide
from infantall.report.guide.calendar_file import PRODUCT, calendar_text, read_calendar
from infantall.text.problems import InputError

icalendar = pytest.importorskip("icalendar")

EXAMPLE = Path(__file__).parents[2] / "examples" / "site-pack"
DAY = dt.date(2026, 9, 22)
VISITS = """\
    - {on: 2026-09-24, at: "09:30", what: Blood test for leukaemia, where: Ward 3 of the Hospital}
    - {on: 2026-09-29, what: Marrow test of Zebrafinch}
"""
RECORD = """\
id: secret-id-77
born: 2026-04-02
diagnosed: 2026-09-01
treatment:
  - {on: 2026-09-01, what: course, course: induction}
  - {on: 2026-09-08, what: medicine, drug: dexamethasone, daily: "yes", setting: home, at: ["08:00", "16:00"], until: 2026-09-28}
  - {on: 2026-09-10, what: medicine, drug: co-trimoxazole, daily: "yes", setting: home}
  - {on: 2026-09-10, what: medicine, drug: methotrexate, route: po, daily: "no", setting: home, at: "20:00"}
  - {on: 2026-09-10, what: medicine, drug: fluconazole, daily: "yes", setting: hospital, at: "20:00"}
  - {on: 2026-09-21, what: dose, drug: vincristine, route: iv, amount: 0.4, unit: mg}
family:
  baby: Zebrafinch
  line: broviac
  figures: {mother: show_now}
  state: active
  visits:
"""
TEXT = RECORD + VISITS


@pytest.fixture(scope="module")
def site() -> Site:
    return read_site(EXAMPLE, load_guide())


def made(text: str = TEXT, day: dt.date = DAY, site: Site = NO_SITE, **choices: Any) -> tuple[Entry, ...]:
    return entries(material(text, site, day=day, **choices))


def events(text: str) -> list[Any]:
    return list(icalendar.Calendar.from_ical(text).walk("VEVENT"))


def written(tmp_path: Path, found: tuple[Entry, ...], day: dt.date = DAY) -> tuple[Entry, ...]:
    """What is read back of a calendar."""
    path = tmp_path / "old.ics"
    path.write_text(calendar_text(found, day), encoding="utf-8", newline="")
    return read_calendar(path)


def by_detail(found: tuple[Entry, ...], words: str) -> Entry:
    (entry,) = [entry for entry in found if words in entry.detail]
    return entry


# -- what is in it --------------------------------------------------------------------------------------------------------------


def test_the_entries_of_one_family(site: Site) -> None:
    found = made(site=site)
    assert by_detail(found, "Blood test").start == dt.datetime(2026, 9, 24, 9, 30)
    assert by_detail(found, "Marrow test").start == dt.date(2026, 9, 29)
    steroid = sorted((e for e in found if "Dexamethasone" in e.detail), key=lambda e: str(e.start))
    assert [(e.start, e.until) for e in steroid] == [
        (dt.datetime(2026, 9, 22, 8), dt.date(2026, 9, 28)), (dt.datetime(2026, 9, 22, 16), dt.date(2026, 9, 28)),
    ]  # fmt: skip
    without_end = by_detail(found, "o-trimoxazole")
    assert (without_end.start, without_end.until) == (DAY, DAY + dt.timedelta(days=27))
    assert [e.start for e in found if "Dressing" in e.detail] == [DAY + dt.timedelta(days=7 * n) for n in (1, 2, 3, 4)]
    assert by_detail(found, "new guide").start == DAY + dt.timedelta(days=7)


def test_a_weekly_medicine_is_never_reminded_daily_and_hospital_medicines_are_not_reminded() -> None:
    text = "\n".join(e.detail.lower() for e in made())
    assert "methotrexate" not in text and "fluconazole" not in text


def test_dressing_changes_only_where_the_unit_says_how_often(site: Site) -> None:
    assert not [e for e in made() if "Dressing" in e.detail]
    for line in ("none", "unknown"):
        assert not [e for e in made(TEXT.replace("broviac", line), site=site) if "Dressing" in e.detail]


def test_no_dressing_change_by_an_approval_that_has_run_out(site: Site) -> None:
    assert not [e for e in made(day=dt.date(2027, 3, 2), site=site) if "Dressing" in e.detail]


@pytest.mark.parametrize(("drug", "end"), [("vincristine", dt.date(2026, 9, 28)), ("dexamethasone", None)])
def test_the_end_of_the_glove_time(drug: str, end: dt.date | None) -> None:
    text = f"id: x\ndiagnosed: 2026-09-01\ntreatment: [{{on: 2026-09-21, what: dose, drug: {drug}}}]\n"
    assert [e.start for e in made(text) if "Glove" in e.detail] == ([end] if end else [])


def test_a_glove_time_without_an_end_has_no_end_in_the_calendar() -> None:
    text = "id: x\ndiagnosed: 2026-09-01\ntreatment: [{on: 2026-09-21, what: medicine, drug: mercaptopurine}]\n"
    assert not [e for e in made(text) if "Glove" in e.detail]


def test_a_record_without_dates_has_no_calendar() -> None:
    assert made("id: x\nfamily: {visits: [{day: 9, what: Blood test}]}\n", day=None) == ()  # type: ignore[arg-type]


def test_nothing_that_is_past() -> None:
    text = TEXT.replace("2026-09-24", "2026-09-21") + "    - {on: 2026-09-22, what: Today}\n"
    found = made(text)
    assert not [e for e in found if "Blood test" in e.detail] and by_detail(found, "Today")
    for day in (DAY, dt.date(2026, 9, 28), dt.date(2026, 9, 29), dt.date(2027, 1, 1)):
        assert all(
            (e.until or (e.start.date() if isinstance(e.start, dt.datetime) else e.start)) >= day for e in made(day=day)
        ), day
        assert all((e.start.date() if isinstance(e.start, dt.datetime) else e.start) >= day for e in made(day=day)), day


# -- privacy --------------------------------------------------------------------------------------------------------------------

SECRETS = ("zebrafinch", "secret-id-77", "leuk", "blood", "marrow", "ward", "hospital", "chemo", "dexamethasone", "trimoxazole", "vincristine",
           "baby", "glove", "dressing", "2026-04-02", "20260402", "cancer", "induction", "broviac", "bebé", "guantes", "hospital",
           "طفل", "لوكيميا", "مستشفى")  # fmt: skip


@pytest.mark.parametrize("language", ["en", "es", "ar"])
def test_by_default_nothing_says_who_or_what(language: str, site: Site) -> None:
    text = calendar_text(made(site=site, language=language), DAY)
    for secret in SECRETS:
        assert secret not in text.lower().replace("\r\n ", ""), secret
    for event in events(text):
        assert "description" not in event and "location" not in event and "attendee" not in event and not event.walk("VALARM")
        assert str(event["class"]) == "PRIVATE"


def test_titles_are_the_same_for_every_family(site: Site) -> None:
    titles = {str(e["summary"]) for e in events(calendar_text(made(site=site), DAY))}
    assert titles == {"Visit", "Medicine 1", "Medicine 2", "Home care", "Look again"}


def test_details_only_on_request_and_titles_stay_neutral(site: Site) -> None:
    found = made(site=site)
    details = events(calendar_text(found, DAY, details=True))
    assert any("Blood test for leukaemia" in str(e.get("description")) for e in details)
    assert any("as on the label" in str(e.get("description")) for e in details)
    assert [str(e["summary"]) for e in details] == [str(e["summary"]) for e in events(calendar_text(found, DAY))]


def test_no_amount_and_no_figure_even_with_details(site: Site) -> None:
    text = calendar_text(made(site=site, parent="mother"), DAY, details=True)
    assert "0.4" not in text and " mg" not in text and "%" not in text and "of every" not in text


def test_an_id_tells_nothing_and_differs_between_families() -> None:
    one, other = made(), made(TEXT.replace("secret-id-77", "secret-id-78"))
    assert all(e.uid.endswith("@infantall") and len(e.uid) == 34 for e in one)
    assert len({e.uid for e in one}) == len(one)
    assert not {e.uid for e in one} & {e.uid for e in other}


# -- ids and versions -------------------------------------------------------------------------------------------------------------


def test_ids_are_stable_from_day_to_day_and_versions_rise() -> None:
    first, second = made(), made(day=DAY + dt.timedelta(days=1))
    for words in ("Blood test", "Marrow test", "o-trimoxazole", "new guide"):
        old, new = by_detail(first, words), by_detail(second, words)
        assert new.uid == old.uid and new.version == old.version + 1, words


@pytest.mark.parametrize("language", ["es", "ar"])
def test_ids_are_the_same_in_every_language(language: str) -> None:
    assert {e.uid for e in made()} == {e.uid for e in made(language=language)}


def test_a_visit_that_moved_keeps_its_id_and_gets_a_higher_version(tmp_path: Path) -> None:
    old = made()
    moved = replacing(made(TEXT.replace('2026-09-24, at: "09:30"', '2026-09-26, at: "10:00"')), written(tmp_path, old), DAY)
    before, after = by_detail(old, "Blood test"), by_detail(moved, "Blood test")
    assert after.uid == before.uid and after.version > before.version and after.start == dt.datetime(2026, 9, 26, 10)
    assert not after.cancelled and len(moved) == len(old)


def test_two_visits_of_one_purpose_are_two() -> None:
    found = [e for e in made(TEXT + "    - {on: 2026-10-01, what: Marrow test of Zebrafinch}\n") if "Marrow" in e.detail]
    assert len({e.uid for e in found}) == 2


def test_what_fell_out_is_cancelled_with_a_higher_version(tmp_path: Path) -> None:
    old = made()
    dropped = replacing(made(RECORD + VISITS.splitlines()[1] + "\n"), written(tmp_path, old), DAY)
    gone = [e for e in dropped if e.cancelled]
    assert [e.uid for e in gone] == [by_detail(old, "Blood test").uid]
    assert gone[0].version > by_detail(old, "Blood test").version
    event = next(e for e in events(calendar_text(dropped, DAY)) if str(e["uid"]) == gone[0].uid)
    assert str(event["status"]) == "CANCELLED" and int(event["sequence"]) == gone[0].version
    assert event.decoded("dtstart") == dt.datetime(2026, 9, 24, 9, 30)


def test_what_was_cancelled_is_not_cancelled_again(tmp_path: Path) -> None:
    new = made(RECORD + VISITS.splitlines()[1] + "\n")
    once = replacing(new, written(tmp_path, made()), DAY)
    assert not [e for e in replacing(new, written(tmp_path, once), DAY) if e.cancelled]


def test_a_visit_that_comes_back_is_planned_again(tmp_path: Path) -> None:
    once = replacing(made(RECORD + VISITS.splitlines()[1] + "\n"), written(tmp_path, made()), DAY)
    again = by_detail(replacing(made(), written(tmp_path, once), DAY), "Blood test")
    assert not again.cancelled and again.version > max(e.version for e in once if e.uid == again.uid)


def test_a_visit_that_took_place_is_not_cancelled(tmp_path: Path) -> None:
    later = DAY + dt.timedelta(days=5)
    found = replacing(made(day=later), written(tmp_path, made()), later)
    assert by_detail(made(), "Blood test").uid not in {e.uid for e in found}
    assert not [e for e in found if e.cancelled]


def test_versions_rise_even_where_the_same_day_is_made_twice(tmp_path: Path) -> None:
    old = made()
    again = {e.uid: e.version for e in replacing(made(), written(tmp_path, old), DAY)}
    assert all(again[e.uid] == e.version + 1 for e in old)


def test_versions_never_fall_when_an_earlier_day_is_made(tmp_path: Path) -> None:
    old = made(day=DAY + dt.timedelta(days=1))
    found = replacing(made(), written(tmp_path, old), DAY)
    before = {e.uid: e.version for e in old}
    assert all(e.version > before[e.uid] for e in found if e.uid in before)


# -- paused and bereaved ------------------------------------------------------------------------------------------------------------


def ways() -> Iterator[tuple[str, str]]:
    yield "paused", TEXT.replace("state: active", "state: paused")
    yield "bereaved", TEXT.replace("state: active", "state: bereaved")
    yield "a death is recorded", TEXT + "events: [{on: 2026-09-22, what: death}]\n"


@pytest.mark.parametrize(("name", "text"), list(ways()), ids=[name for name, _ in ways()])
def test_everything_ahead_is_cancelled(name: str, text: str, tmp_path: Path) -> None:
    alone = made(text)
    assert alone and all(e.cancelled for e in alone)
    old = made()
    found = replacing(alone, written(tmp_path, old), DAY)
    assert {e.uid for e in found} >= {e.uid for e in old} and all(e.cancelled for e in found)
    before = {e.uid: e.version for e in old}
    assert all(e.version > before[e.uid] for e in found if e.uid in before)
    assert all(str(e["status"]) == "CANCELLED" for e in events(calendar_text(found, DAY)))


def test_after_a_pause_everything_is_planned_again(tmp_path: Path) -> None:
    paused = made(TEXT.replace("state: active", "state: paused"))
    back = replacing(made(), written(tmp_path, paused), DAY)
    before = {e.uid: e.version for e in paused}
    assert not any(e.cancelled for e in back) and all(e.version > before[e.uid] for e in back)


# -- the file ---------------------------------------------------------------------------------------------------------------------


def test_a_daily_entry_ends(site: Site) -> None:
    for event in events(calendar_text(made(site=site), DAY)):
        if str(event["summary"]).startswith("Medicine"):
            rule = event["rrule"]
            assert rule["freq"] == ["DAILY"] and len(rule["until"]) == 1 and "count" not in rule
            assert isinstance(rule["until"][0], dt.datetime) == isinstance(event.decoded("dtstart"), dt.datetime)
        else:
            assert "rrule" not in event


def test_every_event_has_what_the_standard_asks_for(site: Site) -> None:
    text = calendar_text(made(site=site), DAY)
    calendar = icalendar.Calendar.from_ical(text)
    assert (str(calendar["prodid"]), str(calendar["version"])) == (PRODUCT, "2.0")
    assert "\r\n" in text and "\n" not in text.replace("\r\n", "") and max(map(len, text.encode().split(b"\r\n"))) <= 75
    for event in events(text):
        assert event.decoded("dtstamp") == dt.datetime(2026, 9, 22, tzinfo=dt.UTC)
        assert {"uid", "sequence", "dtstart", "summary", "status"} <= {key.lower() for key in event}
        assert "TZID" not in event["dtstart"].params


def test_the_same_inputs_give_the_same_bytes(site: Site) -> None:
    assert calendar_text(made(site=site), DAY) == calendar_text(made(site=site), DAY)


def test_what_is_written_is_read_back(tmp_path: Path, site: Site) -> None:
    found = made(site=site)
    again = written(tmp_path, found)
    assert [(e.uid, e.start, e.until, e.private, e.version, e.cancelled) for e in again] == [
        (e.uid, e.start, e.until, e.private, e.version, e.cancelled) for e in found
    ]


@pytest.mark.parametrize(
    ("content", "found"),
    [(b"", "no calendar"), (b"hello", "no calendar"), (b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:other\r\nEND:VCALENDAR\r\n", "another program's"),
     (b"\xff\xfe\x00", "no calendar"), (b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n", "no calendar"), (b"BEGIN:VEVENT\r\nUID:a\r\nEND:VEVENT\r\n", ""),
     (f"BEGIN:VCALENDAR\r\nPRODID:{PRODUCT}\r\nBEGIN:VEVENT\r\nSUMMARY:x\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n".encode(), "no calendar")],
)  # fmt: skip
def test_another_file_is_refused(content: bytes, found: str, tmp_path: Path) -> None:
    path = tmp_path / "old.ics"
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        read_calendar(path)
    (problem,) = caught.value.problems
    assert found in problem.found and problem.file == str(path)


def test_a_calendar_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        read_calendar(tmp_path / "nowhere.ics")
