"""Guide files that are wrong never load; a translation of an older English is not used. On a small guide of its own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from infantall.knowledge.compiler import CORE_PACK, FACTS_DATA
from infantall.knowledge.guide import compiler as compiling
from infantall.knowledge.guide.compiler import compile_guide, fingerprint_of
from infantall.knowledge.guide.library import GuideKnowledge
from infantall.knowledge.guide.schema import TopicText
from infantall.text.problems import InputError, Problem

CITED = "sources: [src-a]\nconfidence: seen\n"
FILES = {
    "sources.json": json.dumps([{"id": "src-a", "type": "webpage", "title": "A page"}, {"id": "src-b", "type": "webpage", "title": "B"}]),
    "guide/topics/safety.one.yaml": f"""\
topic: safety.one
tier: 1
mode: show
order: 100
urgent: true
when: "line = 'port'"
if_unknown: show
review: none
{CITED}text:
  title: One
  shown_because: "Your baby has a port."
  short: ["Look at the skin.", "Call if it is red."]
  do: ["Wash your hands.", "{{rule:gloves}}"]
  call: ["Call your team."]
questions: [ask.first.one]
""",
    "guide/topics/medicine.two.yaml": f"""\
topic: medicine.two
tier: 2
mode: show
order: 400
when: "gets_vincristine IN ('yes', 'recent')"
if_unknown: list
review: none
{CITED}text: {{title: Two, shown_because: "It is one of the medicines.", short: ["Keep it for {{gloves_time}}."]}}
""",
    "guide/red-flags/signs.yaml": """\
review: none
items:
  - {id: red.blue, level: red, order: 10, when: "TRUE", if_unknown: show, sources: [src-a], confidence: seen, text: "Your baby is blue."}
  - {id: amber.line, level: amber, order: 20, when: "line = 'port'", if_unknown: show, sources: [src-a], confidence: seen, text: "The skin is red."}
""",
    "guide/questions/first.yaml": f"""\
review: none
moment: first
title: At first
when: "phase = 'diagnosis'"
order: 10
{CITED}items:
  - {{id: ask.first.one, text: "Which type is it?"}}
  - {{id: ask.first.two, text: "Who is our nurse?", when: "place = 'home'"}}
""",
    "guide/rules.yaml": """\
review: none
rules:
  - id: gloves
    title: Gloves
    must_ask: true
    numbers: {hours: 168}
    numbers_unit: {hours: h}
    until_set: ["Wear gloves for {hours}."]
    sources: [src-a]
    confidence: seen
""",
    "guide/medicines.yaml": """\
review: none
medicines:
  - {id: vincristine, name: Vincristine, names: [oncovin], group: vincristine, topic: medicine.two, gloves: "yes", numbing_cream_risk: "no",
     look_for: ["A hoarse cry"], sources: [src-a], confidence: seen}
""",
    "guide/courses.yaml": """\
review: none
courses:
  - {id: study.induction, protocol: study, course: induction, phase: induction, title: Induction, medicines: [vincristine], complete: true,
     sources: [src-a], confidence: seen}
""",
    "guide/numbers.yaml": """\
review: none
numbers:
  - id: study.babies
    outcomes: [outcome.study.os]
    when: "kmt2a_status = 'germline'"
    order: 10
    sources: [src-a]
    confidence: seen
    text: {group: "Babies of a study.", treatment: "They had chemo.", endpoint: {OS: "were alive"}, followed: "after {years} years"}
""",
    "guide/texts/letter.yaml": f"""\
review: none
{CITED}text: {{title: Letter, please: ["Wash your hands.", "Stay away when ill."], columns: [{{id: day, label: Day}}]}}
""",
    "guide/rsv-seasons.yaml": """\
review: none
regions:
  - {id: gb, name: Britain, months: [10, 11, 12], sources: [src-a], confidence: seen}
""",
    "guide/unsafe-phrases/en.yaml": """\
phrases:
  - {id: not, pattern: '\\b(no|not|never)\\b', because: "turns it round"}
  - {id: honey, pattern: '\\bhoney\\b', because: "no honey under one year", allowed_if: ['{not}']}
""",
    "guide/unsafe-phrases/es.yaml": """\
phrases:
  - {id: not, pattern: '\\b(no|nunca)\\b', because: "turns it round"}
  - {id: honey, pattern: '\\bmiel\\b', because: "no honey under one year", allowed_if: ['{not}']}
""",
}  # fmt: skip

SPANISH = {"title": "Uno", "shown_because": "Su bebé tiene un port.", "short": ["Mire la piel.", "Llame si está roja."],
           "do": ["Lávese las manos.", "{rule:gloves}"], "call": ["Llame a su equipo."]}  # fmt: skip
ES_TOPIC = "guide/translations/es/topics/safety.one.yaml"


@pytest.fixture(scope="module", autouse=True)
def vocabulary_once() -> Any:
    """The vocabulary of the real facts, read once."""
    data = compiling._GuideCompiler(CORE_PACK, FACTS_DATA).guide_vocabulary()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(compiling._GuideCompiler, "guide_vocabulary", lambda self: data)
        yield


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """A small good guide, to be broken."""
    for name, text in FILES.items():
        put(tmp_path, name, text)
    return tmp_path


def put(pack: Path, name: str, text: Any) -> None:
    path = pack / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text if isinstance(text, str) else json.dumps(text, ensure_ascii=False), encoding="utf-8")


def change(pack: Path, name: str, old: str, new: str) -> None:
    text = (pack / name).read_text(encoding="utf-8")
    assert old in text, f"{old!r} is not in {name}"
    put(pack, name, text.replace(old, new, 1))


def guide_of(pack: Path) -> GuideKnowledge:
    data = compile_guide(pack)
    return GuideKnowledge.from_data({**json.loads(json.dumps(data)), "fingerprint": "x"})


def problems(pack: Path) -> tuple[Problem, ...]:
    with pytest.raises(InputError) as caught:
        compile_guide(pack)
    assert all(p.file and p.found and p.expected for p in caught.value.problems)
    return caught.value.problems


def only(pack: Path) -> Problem:
    found = problems(pack)
    assert len(found) == 1, found
    return found[0]


def english_of_topic(pack: Path) -> str:
    """The fingerprint that a translation of the topic must name."""
    from infantall.text.yaml_places import read_yaml

    value, _ = read_yaml((pack / "guide/topics/safety.one.yaml").read_text(encoding="utf-8"))
    return fingerprint_of(TopicText.model_validate(value["text"]).model_dump())


def translate(pack: Path, of: str | None = None, **text: Any) -> None:
    put(
        pack,
        ES_TOPIC,
        {
            "topic": "safety.one",
            "of": english_of_topic(pack) if of is None else of,
            "review": "none",
            "text": {**SPANISH, **text},
        },
    )


# -- a good guide -----------------------------------------------------------------------------------------------------------


def test_the_small_guide_is_good(pack: Path) -> None:
    guide = guide_of(pack)
    assert [t.id for t in guide.topics] == ["safety.one", "medicine.two"] and [f.id for f in guide.flags] == [
        "red.blue",
        "amber.line",
    ]
    assert guide.languages == ("en",) and not guide.translations
    assert guide.topics[0].statement.place.startswith("guide/topics/safety.one.yaml:")
    assert {s.id for s in guide.statements()} >= {"guide.safety.one", "guide.red.blue", "guide.moment.first", "guide.rule.gloves"}


def test_the_same_files_compile_to_the_same_data(pack: Path) -> None:
    assert json.dumps(compile_guide(pack)) == json.dumps(compile_guide(pack))


# -- each refusal -----------------------------------------------------------------------------------------------------------

TOPIC, TWO, SIGNS = "guide/topics/safety.one.yaml", "guide/topics/medicine.two.yaml", "guide/red-flags/signs.yaml"
QUESTIONS, RULES, MEDICINES = "guide/questions/first.yaml", "guide/rules.yaml", "guide/medicines.yaml"
COURSES, NUMBERS, LETTER, SEASONS = (
    "guide/courses.yaml",
    "guide/numbers.yaml",
    "guide/texts/letter.yaml",
    "guide/rsv-seasons.yaml",
)
BROKEN = {
    # what: file, old, new, words of what was found, words of what was expected
    "a rule over an unknown fact": (TOPIC, "line = 'port'", "lines = 'port'", "unknown fact 'lines'", "did you mean 'line'?"),
    "a rule over an unknown value": (TOPIC, "line = 'port'", "line = 'prot'", "'prot' as a value of line", "did you mean 'port'?"),
    "a rule that is none": (TOPIC, "line = 'port'", "line =", "no rule", ""),
    "a sign's rule over an unknown fact": (SIGNS, "line = 'port'", "lines = 'port'", "unknown fact 'lines'", "line"),
    "a moment's rule over an unknown fact": (QUESTIONS, "phase = 'diagnosis'", "fase = 'diagnosis'", "unknown fact 'fase'", "phase"),
    "a question's rule over an unknown fact": (QUESTIONS, "place = 'home'", "plase = 'home'", "unknown fact 'plase'", "place"),
    "a figure's rule over an unknown fact": (NUMBERS, "kmt2a_status", "kmt2a_statu", "unknown fact 'kmt2a_statu'", "kmt2a_status"),
    "no source": (TOPIC, "[src-a]", "[]", "[]", "at least 1"),
    "a source that is in no bibliography": (TOPIC, "[src-a]", "[src-aa]", "the source 'src-aa'", "did you mean 'src-a'?"),
    "a sign without its source": (SIGNS, "sources: [src-a]", "sources: [srca]", "the source 'srca'", "src-a"),
    "a medicine without its source": (MEDICINES, "sources: [src-a]", "sources: [srca]", "the source 'srca'", "src-a"),
    "a course without its source": (COURSES, "sources: [src-a]", "sources: [srca]", "the source 'srca'", "src-a"),
    "a season without its source": (SEASONS, "sources: [src-a]", "sources: [srca]", "the source 'srca'", "src-a"),
    "a letter without its source": (LETTER, "[src-a]", "[srca]", "the source 'srca'", "src-a"),
    "a claim that nobody read": (TOPIC, "confidence: seen", "confidence: unverified", "unverified", "seen"),
    "no state of review": (TOPIC, "review: none\n", "", "nothing", "required"),
    "a question that does not exist": (TOPIC, "ask.first.one", "ask.first.onee", "question 'ask.first.onee'", "did you mean 'ask.first.one'?"),
    "a unit rule that does not exist": (TOPIC, "{rule:gloves}", "{rule:glovs}", "unit rule 'glovs'", "did you mean 'gloves'?"),
    "a medicine's topic that does not exist": (MEDICINES, "topic: medicine.two", "topic: medicine.too", "'medicine.too'", "did you mean 'medicine.two'?"),
    "a medicine's group that does not exist": (MEDICINES, "group: vincristine", "group: vincristin", "'vincristin'", "did you mean 'gets_vincristine'?"),
    "a course's medicine that does not exist": (COURSES, "[vincristine]", "[vincristin]", "'vincristin'", "did you mean 'vincristine'?"),
    "an unknown placeholder": (TWO, "{gloves_time}", "{glove_time}", "placeholder '{glove_time}'", "gloves_time"),
    "a rule inside a sentence": (TWO, "Keep it for {gloves_time}.", "See {rule:gloves} here.", "placeholder '{rule:gloves}'", "alone on its line"),
    "a figure that a unit rule lacks": (RULES, "for {hours}", "for {days}", "placeholder '{days}'", "a name of its numbers"),
    "a figure without a unit": (RULES, "numbers_unit: {hours: h}", "numbers_unit: {}", "numbers without units", "the same names"),
    "an unsafe phrase in a topic": (TOPIC, "Wash your hands.", "Try honey.", "'honey' in 'Try honey.'", "no honey under one year"),
    "an unsafe phrase in a title": (TOPIC, "title: One", "title: Honey", "'Honey' in 'Honey'", "no honey"),
    "an unsafe phrase in a sign": (SIGNS, "The skin is red.", "Try honey.", "'honey'", "no honey"),
    "an unsafe phrase in a question": (QUESTIONS, "Who is our nurse?", "May we give honey?", "'honey'", "no honey"),
    "an unsafe phrase in what to look for": (MEDICINES, "A hoarse cry", "Give honey", "'honey'", "no honey"),
    "an unsafe phrase in a figure's words": (NUMBERS, "They had chemo.", "They had honey.", "'honey'", "no honey"),
    "an unsafe phrase in a letter": (LETTER, "Stay away when ill.", "Bring honey.", "'honey'", "no honey"),
    "a phrase that is no pattern": ("guide/unsafe-phrases/en.yaml", "\\bhoney\\b", "(honey", "pattern", "regular expression"),
    "a sign whose id names another level": (SIGNS, "id: amber.line, level: amber", "id: amber.line, level: red", "the level red", "the id names"),
    "a file named otherwise": (TOPIC, "topic: safety.one", "topic: safety.eins", "'safety.eins'", "'safety.one', as the file is named"),
    "an unknown key": (TOPIC, "urgent: true", "urgnt: true", "unknown key 'urgnt'", "did you mean 'urgent'?"),
    "an unknown part": (TOPIC, "  call:", "  cal:", "unknown key 'cal'", ""),
    "an unknown mode": (TOPIC, "mode: show", "mode: shown", "'shown'", "did you mean 'show'?"),
    "no text": (TOPIC, 'short: ["Look at the skin.", "Call if it is red."]', "short: []", "[]", "at least 1"),
    "a key twice": (TOPIC, "tier: 1\n", "tier: 1\ntier: 2\n", "'tier' twice", "once"),
    "an id twice": (SIGNS, "id: amber.line, level: amber", "id: red.blue, level: red", "the id 'guide.red.blue' again", "one use"),
    "a bibliography that is none": ("sources.json", "[", "", "", "CSL-JSON"),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_wrong_does_not_load_and_is_said_with_its_place(name: str, pack: Path) -> None:
    file, old, new, found, expected = BROKEN[name]
    line = (pack / file).read_text(encoding="utf-8").split(old)[0].count("\n") + 1
    change(pack, file, old, new)
    said = problems(pack)
    about = [p for p in said if found in p.found and expected in p.expected]
    assert about, said
    assert all(file.endswith(p.file) or p.file in file for p in about), about
    if name not in ("a bibliography that is none", "a phrase that is no pattern") and "(line" in about[0].place:
        placed = int(about[0].place.partition("(line ")[2].partition(")")[0])
        assert abs(placed - line) <= 12, (placed, line, about[0])


def test_an_unsafe_phrase_is_said_with_the_line_on_which_it_stands(pack: Path) -> None:
    change(pack, TOPIC, "Call if it is red.", "Call if it is red. Try honey.")
    line = 1 + (pack / TOPIC).read_text(encoding="utf-8").split("Try honey")[0].count("\n")
    problem = only(pack)
    assert problem.place == f"text.short[1] (line {line})" and problem.file == TOPIC


def test_a_phrase_that_is_excused_loads(pack: Path) -> None:
    change(pack, TOPIC, "Wash your hands.", "Never give honey.")
    assert guide_of(pack).topics


def test_every_problem_of_every_file_is_said_at_once(pack: Path) -> None:
    for file, old, new in (
        (TOPIC, "line = 'port'", "lines = 'port'"),
        (COURSES, "[vincristine]", "[x]"),
        (RULES, "for {hours}", "for {days}"),
    ):
        change(pack, file, old, new)
    assert {p.file for p in problems(pack)} == {TOPIC, COURSES, RULES}


@pytest.mark.parametrize("file", [RULES, MEDICINES, COURSES, NUMBERS, SEASONS])
def test_a_missing_file_is_named(file: str, pack: Path) -> None:
    (pack / file).unlink()
    assert any(p.file == file and p.found == "nothing" for p in problems(pack))


def test_text_that_is_not_utf_8(pack: Path) -> None:
    (pack / TOPIC).write_bytes(b"topic: \xff")
    assert any("UTF-8" in p.found for p in problems(pack))


# -- translations -----------------------------------------------------------------------------------------------------------


def test_a_translation_of_the_present_english_is_used_and_unreviewed(pack: Path) -> None:
    translate(pack)
    guide = guide_of(pack)
    assert guide.topic_by_id["safety.one"].text["es"].title == "Uno" and guide.languages == ("en", "es")
    (state,) = guide.translations
    assert (state.language, state.file, state.state, state.of) == ("es", "topics/safety.one.yaml", "unreviewed", state.english)


@pytest.mark.parametrize("of", ["", "0123456789ab"])
def test_a_stale_translation_is_not_used_and_english_stands(of: str, pack: Path) -> None:
    translate(pack, of)
    guide = guide_of(pack)
    assert set(guide.topic_by_id["safety.one"].text) == {"en"}
    assert [t.state for t in guide.translations] == ["stale"] and not guide.reviewed_translations


@pytest.mark.parametrize(
    ("old", "new"),
    [("Call if it is red.", "Call if it is red or hot."), ("title: One", "title: First"), ("Your baby has a port.", "A port."),
     ('call: ["Call your team."]', 'call: ["Call your team.", "Call again."]'), ('do: ["Wash your hands.", ', 'do: [')],
)  # fmt: skip
def test_any_change_of_the_english_makes_a_translation_stale(old: str, new: str, pack: Path) -> None:
    translate(pack)
    change(pack, TOPIC, old, new)
    guide = guide_of(pack)
    assert [t.state for t in guide.translations] == ["stale"] and set(guide.topic_by_id["safety.one"].text) == {"en"}


def test_a_change_of_rule_or_source_makes_no_translation_stale(pack: Path) -> None:
    translate(pack)
    change(pack, TOPIC, "sources: [src-a]", "sources: [src-a, src-b]")
    change(pack, TOPIC, "line = 'port'", "line = 'picc'")
    assert [t.state for t in guide_of(pack).translations] == ["unreviewed"]


def test_a_reviewed_stale_translation_is_stale(pack: Path) -> None:
    put(
        pack,
        ES_TOPIC,
        {"topic": "safety.one", "of": "0" * 12, "review": {"by": ["A Example"], "on": "2026-03-01"}, "text": SPANISH},
    )
    assert [t.state for t in guide_of(pack).translations] == ["stale"]


def test_a_review_in_the_file_is_kept_and_does_not_change_the_fingerprint(pack: Path) -> None:
    translate(pack)
    before = guide_of(pack).translations[0].fingerprint
    change(pack, ES_TOPIC, '"review": "none"', '"review": {"by": ["A Example"], "on": "2026-03-01"}')
    guide = guide_of(pack)
    assert guide.translations[0].state == "reviewed" and "A Example" in guide.translations[0].review
    assert guide.translations[0].fingerprint == before and guide.reviewed_translations == {("es", "topics/safety.one.yaml")}


def test_another_text_has_another_fingerprint(pack: Path) -> None:
    translate(pack)
    before = guide_of(pack).translations[0].fingerprint
    translate(pack, title="El uno")
    assert guide_of(pack).translations[0].fingerprint != before


@pytest.mark.parametrize(
    ("part", "lines", "found", "expected"),
    [("short", ["Mire la piel."], "1 items", "2, as in the English"), ("short", ["a", "b", "c"], "3 items", "2, as"),
     ("do_not", ["Nunca."], "1 items", "0, as"), ("call", [], "0 items", "1, as")],
)  # fmt: skip
def test_a_translation_with_other_list_lengths_is_refused(
    part: str, lines: list[str], found: str, expected: str, pack: Path
) -> None:
    translate(pack, **{part: lines})
    problem = only(pack)
    assert problem.file == ES_TOPIC and problem.place.startswith(f"text.{part}" if lines else "text")
    assert problem.found == found and expected in problem.expected


def test_a_translation_that_lost_its_unit_rule_is_refused(pack: Path) -> None:
    translate(pack, do=["Lávese las manos.", "Use guantes dos días."])
    assert "unit rules []" in only(pack).found


def test_an_unsafe_phrase_of_a_translation_is_refused_by_its_own_language(pack: Path) -> None:
    translate(pack, call=["Dele miel."])
    problem = only(pack)
    assert "'miel'" in problem.found and problem.place.startswith("text.call[0]") and problem.file == ES_TOPIC
    translate(pack, call=["Nunca dele miel."])
    assert guide_of(pack).languages == ("en", "es")


def test_an_unknown_placeholder_of_a_translation_is_refused(pack: Path) -> None:
    translate(pack, call=["Llame a {equipo}."])
    assert "{equipo}" in only(pack).found


def test_a_stale_translation_is_not_checked_against_the_new_english(pack: Path) -> None:
    translate(pack, "0" * 12, short=["Una sola."])
    assert [t.state for t in guide_of(pack).translations] == ["stale"]


def partial(pack: Path, file: str, **content: Any) -> None:
    """A translation of a file with many entries, of its present English."""
    put(pack, f"guide/translations/es/{file}", {"of": "", "review": "none", **content})
    state = next(t for t in guide_of(pack).translations if t.file == file)
    put(pack, f"guide/translations/es/{file}", {"of": state.english, "review": "none", **content})


def test_a_partial_translation_leaves_the_rest_in_english(pack: Path) -> None:
    partial(pack, "red-flags.yaml", items={"red.blue": "Su bebé está azul."})
    partial(pack, "questions.yaml", titles={}, items={"ask.first.two": "¿Quién es?"})
    partial(pack, "medicines.yaml", names={"vincristine": "Vincristina"})
    guide = guide_of(pack)
    assert [set(f.text) for f in guide.flags] == [{"en", "es"}, {"en"}]
    (moment,) = guide.moments
    assert [set(q.text) for q in moment.questions] == [{"en"}, {"en", "es"}]
    assert set(guide.medicines["vincristine"].name) == {"en", "es"} and set(guide.medicines["vincristine"].look_for) == {"en"}


def test_a_title_that_is_not_translated_does_not_pass_for_spanish(pack: Path) -> None:
    partial(pack, "questions.yaml", titles={}, items={"ask.first.two": "¿Quién es?"})
    (moment,) = guide_of(pack).moments
    assert "es" not in moment.title


PARTIAL = {
    "red-flags.yaml": ({"items": {"red.bleu": "x"}}, "'red.bleu'", "did you mean 'red.blue'?"),
    "questions.yaml": ({"titles": {}, "items": {"ask.first.tow": "x"}}, "'ask.first.tow'", "did you mean 'ask.first.two'?"),
    "rules.yaml": ({"items": {"glovs": {"title": "x", "until_set": ["x"]}}}, "'glovs'", "did you mean 'gloves'?"),
    "medicines.yaml": ({"names": {"vincristin": "x"}}, "'vincristin'", "did you mean 'vincristine'?"),
    "courses.yaml": ({"titles": {"study.inducton": "x"}}, "'study.inducton'", "did you mean 'study.induction'?"),
    "numbers.yaml": (
        {"items": {"study.baby": {"group": "x", "treatment": "x", "endpoint": {"OS": "x"}, "followed": "x"}}}, "'study.baby'", "study.babies",
    ),
}  # fmt: skip


def of_now(pack: Path, file: str, content: Any) -> None:
    """Writes a translation, whatever is wrong in it, with the fingerprint of the present English."""
    empty = {key: {} for key in content}
    partial(pack, file, **empty)
    state = next(t for t in guide_of(pack).translations if t.file == file)
    put(pack, f"guide/translations/es/{file}", {"of": state.english, "review": "none", **content})


@pytest.mark.parametrize("file", PARTIAL)
def test_a_translation_of_an_id_that_the_english_lacks_is_refused(file: str, pack: Path) -> None:
    content, found, expected = PARTIAL[file]
    of_now(pack, file, content)
    problem = only(pack)
    assert problem.found == found and expected in problem.expected and problem.file.endswith(file)


@pytest.mark.parametrize("title", ["Inducción", "Inducción con miel"])
def test_titles_and_rules_of_a_translation_are_looked_through_too(title: str, pack: Path) -> None:
    of_now(pack, "rules.yaml", {"items": {"gloves": {"title": "Guantes", "until_set": ["Use guantes {hours}."]}}})
    of_now(pack, "courses.yaml", {"titles": {"study.induction": title}})
    if "miel" in title:
        assert "'miel'" in only(pack).found
    else:
        assert guide_of(pack).rules["gloves"].text["es"].title == "Guantes"


def test_an_unsafe_rule_of_a_unit_is_refused_in_english_and_in_translation(pack: Path) -> None:
    change(pack, RULES, "Wear gloves for {hours}.", "Give honey for {hours}.")
    assert "'honey'" in only(pack).found
    change(pack, RULES, "Give honey for {hours}.", "Wear gloves for {hours}.")
    of_now(pack, "rules.yaml", {"items": {"gloves": {"title": "Guantes", "until_set": ["Dele miel {hours}."]}}})
    assert "'miel'" in only(pack).found


@pytest.mark.parametrize("until", [["Use guantes."], ["Use guantes {horas}."], ["Use guantes {hours}.", "Y más."]])
def test_a_translated_unit_rule_keeps_its_figures_and_its_lines(until: list[str], pack: Path) -> None:
    of_now(pack, "rules.yaml", {"items": {"gloves": {"title": "Guantes", "until_set": until}}})
    assert {p.file for p in problems(pack)} == {"guide/translations/es/rules.yaml"}


def test_a_translated_sheet_has_the_shape_of_its_english(pack: Path) -> None:
    of = fingerprint_of(
        {"title": "Letter", "please": ["Wash your hands.", "Stay away when ill."], "columns": [{"id": "day", "label": "Day"}]}
    )
    good = {"title": "Carta", "please": ["Lávese.", "No venga."], "columns": [{"id": "day", "label": "Día"}]}
    name = "guide/translations/es/texts/letter.yaml"
    put(pack, name, {"of": of, "review": "none", "text": good})
    assert guide_of(pack).sheets["letter"].text["es"]["title"] == "Carta"
    for wrong in ({**good, "please": ["Lávese."]}, {"title": "Carta"}, {**good, "columns": [{"id": "dia", "label": "Día"}]}):
        put(pack, name, {"of": of, "review": "none", "text": wrong})
        assert "shape" in only(pack).found


def test_a_translation_named_for_another_topic_is_refused(pack: Path) -> None:
    translate(pack)
    change(pack, ES_TOPIC, '"topic": "safety.one"', '"topic": "safety.two"')
    assert "safety.two" in only(pack).found


def test_a_translation_of_no_topic_is_refused(pack: Path) -> None:
    translate(pack)
    put(pack, "guide/translations/es/topics/safety.onne.yaml", (pack / ES_TOPIC).read_text(encoding="utf-8"))
    assert only(pack).file.endswith("safety.onne.yaml")
