"""Attacks on the safety invariants (DESIGN 7) that concern the family guide, over many invented families, packs and forms.

1: what is not known silences nothing and reassures nobody. 2: no dose on any page. 6: survival figures only for the parent who
chose to see them, never on paper or in a calendar, and always with n, years, treatment, endpoint and spread. 9: nothing leaves
the machine, and nothing reads a clock.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import socket
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.families import material, words
from infantall.facts.values import Value
from infantall.family import PACKS
from infantall.family.booklet import Icons
from infantall.family.calendar import entries
from infantall.family.choose import Selection, choose
from infantall.family.material import Material
from infantall.family.packs import booklet
from infantall.knowledge.guide.library import GuideKnowledge
from infantall.knowledge.guide.overlay import NO_SITE
from infantall.knowledge.guide.site import read_site
from infantall.knowledge.store import load_guide, load_knowledge
from infantall.record.model import Family, Record
from infantall.record.reader import COURSES, read_record_data
from infantall.report.guide.calendar_file import calendar_text
from infantall.report.guide.html import booklet_html
from infantall.report.guide.text import booklet_text
from infantall.text.yaml_places import Places

EXAMPLE = Path(__file__).parents[2] / "examples" / "site-pack"
FEW, SOME = settings(max_examples=10), settings(max_examples=50)
DIAGNOSED = dt.date(2026, 3, 20)
DAY = dt.date(2026, 6, 20)
LANGUAGES = ("en", "es", "ar")
NAME, IDENTIFIER = "Zebrafinch", "secret-id-77"

AMOUNT = re.compile(
    r"\d\s*(?:mg|mcg|[µμ]g|g|m[lL]|ml|IU|UI|units?|unidades|tablets?|drops?|gotas|comprimidos?|mmol|mg/m|ملغ|مل|وحدة|غرام)(?:\b|/)"
)
PERCENT = re.compile(r"[%٪]|per ?cent|por ciento|في المئة|بالمئة")


# -- invented families ------------------------------------------------------------------------------------------------------------

DRUGS = ("vincristine", "dexamethasone", "6-MP", "methotrexate", "cytarabine", "cyclophosphamide", "pegaspargase", "blinatumomab",
         "co-trimoxazole", "fluconazole", "omeprazole", "busulfan", "Examplomab", "vincristine 0.5 mg", "Examplomab 12.5 mg/m2")  # fmt: skip
YES_NO = st.sampled_from(["yes", "no"])
DATES = st.integers(0, 92).map(lambda n: DIAGNOSED + dt.timedelta(days=n))


@st.composite
def treatments(draw: st.DrawFn) -> dict[str, Any]:
    day = draw(DATES)
    what = draw(st.sampled_from(["course", "dose", "medicine"]))
    if what == "course":
        protocol = draw(st.sampled_from(["interfant-06", "aall15p1", "blinfant", "interfant-21", ""]))
        return {"on": day, "what": what, "course": draw(st.sampled_from(COURSES)), **({"protocol": protocol} if protocol else {})}
    entry = {
        "on": day,
        "what": what,
        "drug": draw(st.sampled_from(DRUGS)),
        "amount": 417.25,
        "unit": "mg",
        "note": "give 88.5 mL",
    }
    entry["route"] = draw(st.sampled_from(["iv", "po", "it", ""]))
    if what == "medicine":
        entry |= draw(
            st.fixed_dictionaries(
                {}, optional={"daily": YES_NO, "setting": st.sampled_from(["home", "hospital"]), "at": st.just(["20:00"])}
            )
        )
        if draw(st.booleans()):
            entry["until"] = day + dt.timedelta(days=draw(st.integers(0, 60)))
    return entry


FAMILY = st.fixed_dictionaries(
    {"baby": st.just(NAME)},
    optional={
        "line": st.sampled_from(["broviac", "port", "picc", "none"]),
        "feeding": st.lists(st.sampled_from(["breast_milk", "formula", "tube", "solids"]), max_size=2, unique=True),
        "place": st.sampled_from(["home", "hospital"]), "been_home": YES_NO, "teeth": YES_NO,
        "region": st.sampled_from(["gb", "nz", "atlantis"]),
        "at_home": st.fixed_dictionaries({}, optional=dict.fromkeys(("pregnant", "breastfeeding", "smoker", "pets", "siblings", "twin"), YES_NO)),
        "medicines_complete_on": DATES,
        "transplant": st.sampled_from(["considered", "planned", "none"]), "trial": st.sampled_from(["offered", "joined", "none"]),
        "blinatumomab_at_home": YES_NO,
        "figures": st.dictionaries(st.sampled_from(["mother", "father"]), st.sampled_from(["show_now", "talk_first", "not_now"]), max_size=2),
        "state": st.sampled_from(["active", "active", "active", "paused", "bereaved"]),
        "opened": st.lists(st.sampled_from(["relapse", "comfort", "end_of_life"]), max_size=2, unique=True),
        "visits": st.just([{"on": dt.date(2026, 6, 24), "at": "09:30", "what": "Blood test"}]),
    },
)  # fmt: skip
FINDINGS = st.lists(
    st.sampled_from([
        {"on": DIAGNOSED, "what": "kmt2a_status", "value": "rearranged"}, {"on": DIAGNOSED, "what": "kmt2a_status", "value": "germline"},
        {"on": DIAGNOSED, "what": "cd19", "value": "positive"}, {"on": DIAGNOSED, "what": "cd10", "value": "negative"},
        {"on": DIAGNOSED, "what": "cd3_cytoplasmic", "value": "negative"}, {"on": DIAGNOSED, "what": "marrow_blasts", "value": 94, "unit": "%"},
        {"on": DIAGNOSED, "what": "mpo", "value": "negative"}, {"on": DIAGNOSED, "what": "weight", "value": 6.8, "unit": "kg"},
    ]),
    max_size=6, unique_by=lambda f: f["what"],
)  # fmt: skip
EVENTS = st.lists(
    st.builds(
        lambda what, on: {"on": on, "what": what}, st.sampled_from(["relapse", "transplant", "end_of_treatment", "death"]), DATES
    ),
    max_size=1,
)


@st.composite
def children(draw: st.DrawFn) -> Record:
    data = {
        "id": IDENTIFIER, "born": dt.date(2026, 1, 4), "diagnosed": DIAGNOSED, "findings": draw(FINDINGS),
        "treatment": draw(st.lists(treatments(), max_size=6)), "events": draw(EVENTS), "family": draw(FAMILY),
    }  # fmt: skip
    return read_record_data(data, Places(), load_knowledge().vocabulary)


def of(record: Record, **choices: Any) -> Material:
    return material(record, **{"day": DAY, **choices})


def outputs(found: Material) -> Iterator[tuple[str, str]]:
    """Everything that can leave the house, but paper, whose pages are among these. The other packs are parts of ``all``."""
    for pack in ("go-home", "phase", "medicines"):
        yield f"{pack}.txt", booklet_text(booklet(found, pack))
    everything = booklet(found, "all")
    yield "all.txt", booklet_text(everything) if everything.language == "en" else words(everything)
    yield "all.html", visible(booklet_html(everything))
    for details in (False, True):
        yield "ics", calendar_text(entries(found), DAY, details)


def visible(html: str) -> str:
    """A page without its style sheet, script and their hashes, which have per cents and letters of their own."""
    return re.sub(r"(?s)<(style|script)\b.*?</\1>|<meta\b[^>]*>|style=\"[^\"]*\"|<svg\b.*?</svg>", " ", html)


# -- 6: survival figures ------------------------------------------------------------------------------------------------------------

B_REARRANGED = {
    "id": IDENTIFIER, "born": dt.date(2026, 1, 4), "diagnosed": DIAGNOSED,
    "findings": [{"on": DIAGNOSED, "what": name, "value": value} for name, value in (
        ("kmt2a_status", "rearranged"), ("cd19", "positive"), ("cd10", "negative"), ("cd3_cytoplasmic", "negative"), ("mpo", "negative"))]
    + [{"on": DIAGNOSED, "what": "marrow_blasts", "value": 94, "unit": "%"}],
    "treatment": [{"on": DIAGNOSED, "what": "course", "course": "induction", "protocol": "interfant-06"}],
    "family": {"figures": {"mother": "show_now", "father": "not_now"}},
}  # fmt: skip


@cache
def with_figures() -> Record:
    return read_record_data(B_REARRANGED, Places(), load_knowledge().vocabulary)


def icons(part: Any) -> Iterator[Icons]:
    if isinstance(part, Icons):
        yield part
    for inner in part if isinstance(part, tuple) else (getattr(part, "blocks", ()) or ()) if not isinstance(part, Icons) else ():
        yield from icons(inner)


@cache
def figure_sentences(language: str) -> tuple[str, ...]:
    """What the pages of figures say, sentence by sentence, for the parent who chose to see them."""
    found = of(with_figures(), parent="mother", language=language)
    said = [i.said.text for page in booklet(found, "all").pages for i in icons(page.blocks)]
    assert len(said) >= 4
    return tuple(said)


@pytest.mark.parametrize("language", LANGUAGES)
def test_figures_are_shown_to_the_parent_who_chose_so_and_to_nobody_else(language: str) -> None:
    shown = words(booklet(of(with_figures(), parent="mother", language=language), "all"))
    assert all(sentence in shown for sentence in figure_sentences(language))
    for choices in ({"parent": "father"}, {}, {"parent": "mother", "figures": "not_now"}, {"figures": "talk_first"}):
        found = of(with_figures(), language=language, **choices)
        assert found.selection.numbers == ()
        for name, text in outputs(found):
            assert not [s for s in figure_sentences(language) if s in text], (choices, name)


@FEW
@given(children(), st.sampled_from(["", "mother", "father"]), st.sampled_from(LANGUAGES))
def test_no_family_sees_a_figure_that_its_parent_did_not_choose(record: Record, parent: str, language: str) -> None:
    chose = record.family.figures.get(parent) == "show_now" and bool(parent)
    if parent and parent not in record.family.figures:
        parent = ""
    found = of(record, parent=parent, language=language)
    pages = [page for pack in PACKS for page in booklet(found, pack).pages]
    drawn = [i for page in pages for i in icons(page.blocks)]
    if not chose or record.family.state != "active":
        assert not drawn and found.selection.numbers == ()
    assert all(page.screen_only for page in pages if list(icons(page.blocks)))


def test_a_figure_always_stands_with_who_when_how_treated_how_many_what_and_how_sure() -> None:
    knowledge = load_knowledge()
    outcomes = {outcome.statement.id: outcome for outcome in knowledge.outcomes}
    found = of(with_figures(), parent="mother")
    assert found.selection.numbers
    pages = {page.id: page for page in booklet(found, "all").pages}
    for number in found.selection.numbers:
        page = pages[f"outlook-{number.id}"]
        text, said = number.text["en"], words(page)
        assert text.group in said and text.treatment in said and all(line in said for line in text.caution)
        for identifier in number.outcomes:
            outcome = outcomes[identifier]
            assert f"n = {outcome.n}" in said and outcome.era in said and text.endpoint[outcome.endpoint] in said
            assert f"{outcome.time_years:g} years" in said
        spreads = said.count("By chance alone the true number may lie between") + said.count(
            "How sure this number is was not printed"
        )
        assert spreads == len(list(icons(page.blocks))) == len(number.outcomes)
        assert "Sources: " in said


def test_figures_never_go_on_paper_or_into_a_calendar() -> None:
    pytest.importorskip("typst", reason="typst is not installed")
    pypdf = pytest.importorskip("pypdf", reason="pypdf is not installed")
    from infantall.report.guide.pdf import PrintError, booklet_pdf

    found = of(with_figures(), parent="mother")
    made = booklet(found, "all")
    figures = [page for page in made.pages if page.id.startswith("outlook")]
    assert figures and all(page.screen_only for page in figures)
    with pytest.raises(PrintError, match="for a screen only"):
        booklet_pdf(replace(made, pages=tuple(figures)))
    few = replace(made, pages=(*figures, made.pages[0]))
    text = " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(booklet_pdf(few))).pages).split())
    assert "Today" in text and not [s for s in figure_sentences("en") if s in text] and "n = " not in text
    for details in (False, True):
        calendar = calendar_text(entries(found), DAY, details)
        assert "of every" not in calendar and "n = " not in calendar


@pytest.mark.parametrize(
    "changes", [{"opened": ("relapse",)}, {"opened": ("end_of_life",)}, {"state": "paused"}, {"state": "bereaved"}]
)
def test_no_figure_once_it_would_be_the_wrong_one(changes: dict[str, Any]) -> None:
    record = with_figures()
    found = of(replace(record, family=replace(record.family, **changes)), parent="mother")
    assert found.selection.numbers == ()
    assert not [i for page in booklet(found, "all").pages for i in icons(page.blocks)]


def test_a_figure_needs_a_child_who_surely_belongs_to_the_group() -> None:
    record = with_figures()
    for gone in ("kmt2a_status", "cd19"):
        less = replace(record, findings=tuple(f for f in record.findings if f.what != gone))
        numbers = of(less, parent="mother").selection.numbers
        assert numbers == () or of(less, parent="mother").situation.values["lineage"] == "B", gone


# -- 2: no dose, no per cent ----------------------------------------------------------------------------------------------------------


@FEW
@given(children(), st.sampled_from(LANGUAGES), st.booleans())
def test_no_dose_and_no_per_cent_in_any_output_even_when_the_record_holds_doses(
    record: Record, language: str, show: bool
) -> None:
    found = of(record, language=language, figures="show_now" if show else "")
    for name, text in outputs(found):
        for secret in ("417.25", "88.5", "12.5 mg", "0.5 mg"):
            assert secret not in text, (name, secret)
        amounts = [text[max(0, m.start() - 30) : m.end() + 10] for m in AMOUNT.finditer(text)]
        assert not amounts, (name, amounts)
        assert not PERCENT.search(text), (name, text[max(0, PERCENT.search(text).start() - 60) : PERCENT.search(text).end()])  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "drug", ["vincristine 0.5 mg", "Examplomab 12.5 mg/m2", "mercaptopurine (7,5 mL)", "12.5 mg dexamethasone"]
)
def test_an_amount_inside_the_name_of_a_medicine_is_on_no_page_and_in_no_calendar(drug: str) -> None:
    entry = {"on": DAY, "what": "medicine", "drug": drug, "daily": "yes", "setting": "home", "at": ["20:00"]}
    data = {"id": IDENTIFIER, "born": dt.date(2026, 1, 4), "diagnosed": DIAGNOSED, "treatment": [entry]}
    found = of(read_record_data(data, Places(), load_knowledge().vocabulary))
    for name, text in (*outputs(found), *((pack, words(booklet(found, pack))) for pack in ("today", "emergency"))):
        assert not AMOUNT.search(text) and not re.search(r"12\.5|0\.5|7,5", text), name


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_dose_and_no_per_cent_in_any_text_of_the_guide(language: str) -> None:
    guide = load_guide()
    for topic in guide.topics:
        if language in topic.text:
            text = json.dumps(
                [topic.text[language].title, topic.text[language].because, *topic.text[language].parts.values()],
                ensure_ascii=False,
            )
            assert not AMOUNT.search(text) and not PERCENT.search(text), topic.id


# -- 1: unknown silences nothing ----------------------------------------------------------------------------------------------------


def ids(selection: Selection) -> dict[str, set[str]]:
    return {
        "shown": {c.topic.id for c in selection.shown}, "offered": {c.topic.id for c in selection.offered},
        "story": {c.topic.id for c in selection.story}, "signs": {f.id for f in selection.flags},
    }  # fmt: skip


KEPT = ("family_state", "opened_relapse", "opened_comfort", "opened_end_of_life", "figures")
"""What is never unknown, or where unknown is the careful choice."""


@st.composite
def situations(draw: st.DrawFn) -> tuple[dict[str, Value], dict[str, Value]]:
    """Any values of the guide's facts, and the same with some forgotten."""
    facts = load_guide().vocabulary.facts
    named = [f for f in facts.values() if f.read["by"] in ("situation", "medicine")] + [facts["kmt2a_status"], facts["lineage"]]
    values: dict[str, Value] = {}
    for fact in named:
        values[fact.name] = draw(st.sampled_from(fact.values)) if fact.values else draw(st.integers(0, 900))
    values["family_state"] = "active"
    values["relapse_recorded"] = draw(st.sampled_from(["yes", "no"]))
    forgotten = draw(st.sets(st.sampled_from(sorted(set(values) - set(KEPT))), min_size=1))
    return values, {name: None if name in forgotten else value for name, value in values.items()}


@SOME
@given(situations())
def test_what_is_forgotten_silences_nothing_that_could_harm(both: tuple[Mapping[str, Value], Mapping[str, Value]]) -> None:
    """With any facts forgotten: every safety topic and sign that was shown stays, and nothing else is ruled out."""
    guide: GuideKnowledge = load_guide()
    known, less = (ids(choose(guide, values)) for values in both)
    must = {f.id for f in guide.flags if f.if_unknown == "show"}
    assert known["signs"] & must <= less["signs"]
    urgent = {t.id for t in guide.topics if t.if_unknown == "show" and t.mode == "show"}
    assert known["shown"] & urgent <= less["shown"]
    anywhere = less["shown"] | less["offered"] | less["story"]
    own = {t.id for t in guide.topics if t.mode == "team" or t.group == "outlook"}
    assert (known["shown"] | known["offered"] | known["story"]) - own <= anywhere


@SOME
@given(situations())
def test_what_is_forgotten_opens_nothing_that_only_the_team_opens(both: tuple[Mapping[str, Value], Mapping[str, Value]]) -> None:
    guide = load_guide()
    team = {t.id for t in guide.topics if t.mode == "team"}
    known, less = (ids(choose(guide, values)) for values in both)
    before, after = (team & (found["shown"] | found["offered"] | found["story"]) for found in (known, less))
    assert after <= before


def less_said(record: Record) -> Iterator[tuple[str, Record]]:
    """The record with each entry deleted in turn. With a medicine goes the word that the list is complete: it would be untrue."""
    family = record.family
    open_list = replace(family, medicines_complete=None)
    for key in ("findings", "treatment"):
        for i, entry in enumerate(getattr(record, key)):
            rest = tuple(e for j, e in enumerate(getattr(record, key)) if j != i)
            yield f"{key}[{i}] {entry.what}", replace(record, family=open_list, **{key: rest})
    yield "medicines_complete_on", replace(record, family=open_list)
    nothing = Family()
    for name in ("line", "feeding", "stopped_breast_milk", "teeth", "place", "been_home", "at_home", "rotavirus", "region", "transplant",
                 "blinatumomab_at_home", "trial"):  # fmt: skip
        if getattr(family, name) != getattr(nothing, name):
            yield name, replace(record, family=replace(family, **{name: getattr(nothing, name)}))


@FEW
@given(children())
def test_deleting_an_entry_removes_no_sign_that_could_harm_and_turns_no_gloves_off(record: Record) -> None:
    record = replace(record, family=replace(record.family, state="active"), events=())
    must = {f.id for f in load_guide().flags if f.if_unknown == "show"}
    whole = of(record)
    before = ids(whole.selection)
    for name, less in less_said(record):
        found = of(less)
        after = ids(found.selection)
        assert before["signs"] & must <= after["signs"], name
        if whole.situation.values["gloves_needed"] != "no":
            assert found.situation.values["gloves_needed"] != "no", name
        if whole.situation.values["numbing_cream_risk"] != "no":
            assert found.situation.values["numbing_cream_risk"] != "no", name
        assert {"safety.gloves"} & before["shown"] <= after["shown"], name
        assert {t for t in before["shown"] if t.startswith(("safety.", "line."))} <= after["shown"], name


@FEW
@given(children())
def test_a_no_is_never_said_of_a_medicine_unless_the_list_is_complete(record: Record) -> None:
    record = replace(record, family=replace(record.family, medicines_complete=None), events=())
    values = of(record).situation.values
    said_no = {name for name, value in values.items() if name.startswith(("gets_", "gloves_", "numbing_")) and value == "no"}
    assert said_no <= ({"gets_blinatumomab"} if values.get("lineage") == "T" else set())


@FEW
@given(children())
def test_the_signs_for_every_baby_are_on_the_page_of_today_whatever_the_record_says(record: Record) -> None:
    guide = load_guide()
    always = [f for f in guide.flags if f.level == "red" and f.statement.rule_text == "TRUE"]
    assert len(always) >= 5
    found = of(record)
    if found.selection.state == "bereaved":
        return
    for pack in ("today", "go-home", "all"):
        said = words(booklet(found, pack))
        assert all(flag.text["en"] in said for flag in always), pack


# -- privacy, sameness, no clock, no network --------------------------------------------------------------------------------------------


def test_nickname_id_and_birth_are_in_no_property_of_the_paper_and_not_in_the_calendar() -> None:
    pytest.importorskip("typst", reason="typst is not installed")
    pikepdf = pytest.importorskip("pikepdf", reason="pikepdf is not installed")
    from infantall.report.guide.pdf import booklet_pdf

    record = replace(with_figures(), family=replace(with_figures().family, baby=NAME, language="en"))
    made = booklet(of(record), "emergency")
    with pikepdf.open(BytesIO(booklet_pdf(made))) as pdf:
        properties = repr(dict(pdf.docinfo)) + (pdf.Root.Metadata.read_bytes().decode() if "/Metadata" in pdf.Root else "")
    calendar = calendar_text(entries(of(record)), DAY, details=True).replace("\r\n ", "")
    for secret in (NAME, IDENTIFIER, "2026-01-04", "20260104", "4 January"):
        assert secret not in properties and secret not in calendar, secret
    assert "leuk" in properties.lower()  # the title, which names no child


@FEW
@given(children())
def test_no_date_of_birth_on_any_page_and_no_name_in_any_calendar(record: Record) -> None:
    found = of(record)
    for name, text in outputs(found):
        assert "2026-01-04" not in text and "4 January 2026" not in text, name
        if name == "ics":
            assert NAME not in text and IDENTIFIER not in text


@FEW
@given(children(), st.sampled_from(PACKS), st.sampled_from(LANGUAGES))
def test_the_same_inputs_give_the_same_booklet(record: Record, pack: str, language: str) -> None:
    one, two = (booklet(of(record, language=language), pack) for _ in range(2))
    assert one == two and one.fingerprint == two.fingerprint and re.fullmatch(r"[0-9a-f]{12}", one.fingerprint)
    assert booklet_html(one) == booklet_html(two) and booklet_text(one) == booklet_text(two)


def test_another_day_language_pack_or_site_has_another_fingerprint() -> None:
    record = with_figures()
    base = booklet(of(record), "today").fingerprint
    site = read_site(EXAMPLE, load_guide())
    others = [
        booklet(of(record, day=DAY + dt.timedelta(days=1)), "today"), booklet(of(record, language="es"), "today"), booklet(of(record), "log"),
        booklet(of(record, site=site), "today"),
    ]  # fmt: skip
    assert len({base, *(other.fingerprint for other in others)}) == 5
    assert booklet(of(record, site=NO_SITE), "today").fingerprint == base


def test_nothing_reads_a_clock_or_opens_a_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    found = of(with_figures(), parent="mother")
    wanted = dict(outputs(found))

    def never(*_: Any, **__: Any) -> None:
        raise AssertionError("a clock was read or a connection opened")

    class NoToday(dt.date):
        today = never  # type: ignore[assignment]

    class NoNow(dt.datetime):
        now = utcnow = today = never  # type: ignore[assignment]

    for module in [m for n, m in sys.modules.items() if n.startswith("infantall.")]:
        for name, value in list(vars(module).items()):
            if value is dt:
                monkeypatch.setattr(module, name, _Calendar(dt, date=NoToday, datetime=NoNow))
    monkeypatch.setattr(socket.socket, "connect", never)
    monkeypatch.setattr(socket, "getaddrinfo", never)
    monkeypatch.setattr(time, "time", never)
    assert dict(outputs(of(with_figures(), parent="mother"))) == wanted


class _Calendar:
    """The module datetime whose classes know no today."""

    def __init__(self, module: Any, **instead: Any) -> None:
        self.__dict__ |= {**vars(module), **instead}


def test_no_page_loads_anything_from_elsewhere() -> None:
    html = booklet_html(booklet(of(with_figures(), parent="mother"), "all"))
    loads = re.findall(
        r"""(?:src|href|action)\s*=\s*["']?(?!#|tel:|data:|URL\.createObjectURL)([^"'\s>]+)|url\((?!["']?(?:data:|#))([^)]*)\)|@import|fetch\(|XMLHttp|sendBeacon""",
        html,
    )
    assert not loads, loads
