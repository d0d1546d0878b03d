"""Knowledge that is wrong never loads, and the message says where and what was probably meant."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from infantall.knowledge.check import check_folder
from infantall.knowledge.compiler import CORE_PACK, compile_packs, knowledge_files
from infantall.knowledge.library import Knowledge
from infantall.knowledge.schema import FILES, json_schema
from infantall.rules.tree import facts_of
from infantall.text.problems import InputError, Problem

INTERFANT = "protocols/interfant-06.yaml"
RESPONSE = "judgements/prednisone_response.yaml"
CNS = "judgements/cns_status.yaml"
DUE = "statements/due.yaml"


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """A copy of the core pack, to be broken."""
    return Path(shutil.copytree(CORE_PACK, tmp_path / "pack"))


def change(pack: Path, file: str, old: str, new: str) -> int:
    """Replaces the first occurrence of a text; the line on which it stood."""
    path = pack / file
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{old!r} is not in {file}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def problems(pack: Path) -> tuple[Problem, ...]:
    with pytest.raises(InputError) as caught:
        compile_packs(pack)
    return caught.value.problems


def test_the_good_copy_compiles_to_the_knowledge_that_is_used(pack: Path, knowledge: Knowledge) -> None:
    data = compile_packs(pack)
    assert Knowledge.from_data({**data, "fingerprint": knowledge.fingerprint}) == knowledge
    assert Knowledge.from_data({**json.loads(json.dumps(data)), "fingerprint": knowledge.fingerprint}) == knowledge


BROKEN = {
    # what is broken: file, text, instead, lines from there to the line named, found, expected
    "unknown fact": (
        INTERFANT, "age_days_at_diagnosis <= 365", "age_day_at_diagnosis <= 365", -1,
        "the unknown fact 'age_day_at_diagnosis'", "did you mean 'age_days_at_diagnosis'?",
    ),
    "unknown value of a category": (
        INTERFANT, "kmt2a_status = 'germline'", "kmt2a_status = 'germlin'", -1,
        "'germlin' as a value of kmt2a_status", "did you mean 'germline'?",
    ),
    "text compared with a number": (
        RESPONSE, "day8_blasts < 1000", "day8_blasts < '1000'", -1, "a text compared with the number", "a number in /uL",
    ),
    "rule that is no rule": (RESPONSE, "day8_blasts < 1000", "day8_blasts <", -1, "text that is no rule", "comparisons"),
    "missing data asked for in a group rule": (
        INTERFANT, "kmt2a_status = 'germline'", "kmt2a_status IS NULL", -1, "IS NULL asked of kmt2a_status", "what is known",
    ),
    "unknown source": (
        RESPONSE, "sources: [doerdelmann-1999]", "sources: [dordelmann-1999]", 0,
        "the source 'dordelmann-1999'", "did you mean 'doerdelmann-1999'?",
    ),
    "no source": (RESPONSE, "sources: [doerdelmann-1999]", "sources: []", 0, "[]", "at least 1 item"),
    "group rule on an unverified value": (
        INTERFANT, "whatever the age, white cell count or prednisone response.\n"
        "    sources: [interfant-06-gpoh, ash-2018-655]\n    confidence: seen",
        "x\n    sources: [interfant-06-gpoh]\n    confidence: unverified", -2,
        "a rule on an unverified value", "seen, seen-secondary or derived",
    ),
    "judgement on an unverified value": (
        RESPONSE, "confidence: seen", "confidence: unverified", -4, "a rule on an unverified value", "seen",
    ),
    "bad confidence word": (RESPONSE, "confidence: seen", "confidence: sene", 0, "'sene'", "did you mean 'seen'?"),
    "unknown key": (
        INTERFANT, "registry: [", "registri: [", 0, "the unknown key 'registri'", "did you mean 'registry'?",
    ),
    "unknown key inside a rule": (
        RESPONSE, "    clarification: prednisone-cut", "    clarificaton: prednisone-cut", 0,
        "the unknown key 'clarificaton'", "did you mean 'clarification'?",
    ),
    "unknown key inside a criterion": (
        INTERFANT, "    label: 365 days", "    lable: 365 days", 0, "the unknown key 'lable'", "did you mean 'label'?",
    ),
    "unknown kind of statement": (DUE, "kind: due", "kind: deu", 0, "'deu'", "did you mean 'due'?"),
    "unknown fact of a due statement": (
        DUE, "fact: marrow_blasts_at_diagnosis", "fact: marow_blasts_at_diagnosis", 0,
        "'marow_blasts_at_diagnosis'", "did you mean 'marrow_blasts_at_diagnosis'?",
    ),
    "judgement of an unknown fact": (
        RESPONSE, "judgement: prednisone_response", "judgement: prednisone_respons", 0,
        "'prednisone_respons'", "did you mean 'prednisone_response'?",
    ),
    "judgement of a fact that is measured": (
        RESPONSE, "judgement: prednisone_response", "judgement: wbc_at_diagnosis", 0,
        "'wbc_at_diagnosis'", "a fact that is read by judgement",
    ),
    "judgement that gives an unknown value": (
        RESPONSE, "gives: poor", "gives: pour", 0, "'pour'", "did you mean 'poor'?",
    ),
    "move of an unknown group": (
        INTERFANT, "applies_to: [MR]", "applies_to: [MRR]", 0, "'MRR'", "did you mean 'MR'?",
    ),
    "conflict about an unknown statement": (
        "conflicts.yaml", "affects: [interfant-06.group.HR]", "affects: [interfant-06.group.HRR]", 0,
        "'interfant-06.group.HRR'", "did you mean 'interfant-06.group.HR'?",
    ),
    "conflict with one side": (
        "conflicts.yaml", "      - says: Older than six months (mirrors of the journal abstract).\n"
        "        sources: [pieters-2019-mirrors]\n", "", -2, "", "at least 2 items",
    ),
    "YAML that is none": (INTERFANT, "title: Interfant-06", "title: Interfant-06: again", 0, "no YAML", "readable YAML"),
    "a key twice": (RESPONSE, "title: Pred", "judgement: twice\ntitle: Pred", 0, "the key 'judgement' twice", "each key once"),
    "an alias": (RESPONSE, "gives: good", "gives: &good good", 0, "anchor", "written out"),
    "two effects of a criterion": (
        INTERFANT, "    administrative: true", "    administrative: true\n    exclude: sex = 'male'", -2, "", "exactly one of",
    ),
    "a review by nobody": (RESPONSE, "review: none", "review: {by: [], on: 2026-01-01}", 0, "[]", "at least 1 item"),
    "pack without a licence": ("pack.yaml", "licence:", "license:", 0, "the unknown key 'license'", "did you mean 'licence'?"),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_refused_with_file_and_line(name: str, pack: Path) -> None:
    file, old, new, offset, found, expected = BROKEN[name]
    line = change(pack, file, old, new) + offset
    said = [p for p in problems(pack) if found in p.found and expected in p.expected]
    assert said, "\n".join(map(str, problems(pack)))
    assert said[0].file == file
    assert re.search(rf"\bline {line}\b", said[0].place), (line, said[0].place)


def test_no_message_is_without_its_file_and_place(pack: Path) -> None:
    for file, old, new, *_ in BROKEN.values():
        if old in (pack / file).read_text(encoding="utf-8"):
            change(pack, file, old, new)
    for problem in problems(pack):
        assert problem.file
        assert problem.place
        assert problem.found
        assert problem.expected
        assert "\n" not in str(problem)


def test_several_problems_are_reported_together(pack: Path) -> None:
    for name in ("unknown fact", "unknown value of a category", "judgement that gives an unknown value", "unknown source"):
        file, old, new, *_ = BROKEN[name]
        change(pack, file, old, new)
    change(pack, DUE, "fact: cd19", "fact: cd91x")
    found = " ".join(problem.found for problem in problems(pack))
    for words in ("age_day_at_diagnosis", "germlin", "pour", "dordelmann-1999", "cd91x"):
        assert words in found
    assert {problem.file for problem in problems(pack)} == {INTERFANT, RESPONSE, DUE}


def test_the_place_within_a_rule_is_line_and_column(pack: Path) -> None:
    line = change(pack, INTERFANT, "AND (wbc_at_diagnosis >= 300 OR", "AND (wbc_at_diagnose >= 300 OR") - 2
    (problem,) = problems(pack)
    assert problem.place == f"groups[1].when (line {line}), rule line 2, column 6"


def test_an_id_used_twice_names_the_first_use(pack: Path) -> None:
    line = change(pack, DUE, "id: due.cd3\n", "id: due.cd19\n")
    first = 1 + (pack / DUE).read_text().split("id: due.cd19\n")[0].count("\n")
    (problem,) = problems(pack)
    assert problem.place == f"statements[2] (line {line})"
    assert problem.found == "the id 'due.cd19' again"
    assert f"{DUE}:{first}" in problem.expected


def test_an_id_used_twice_in_two_files_is_refused(pack: Path) -> None:
    other = re.findall(r"id: (\S+)", (pack / "statements/cns.yaml").read_text())[0]
    change(pack, DUE, "id: due.cd19\n", f"id: {other}\n")
    said = next(problem for problem in problems(pack) if "again" in problem.found)
    assert said.file == DUE
    assert "statements/cns.yaml:" in said.expected


def test_a_missing_key_is_named(pack: Path) -> None:
    line = change(pack, RESPONSE, "    when: |\n      day8_blasts < 1000\n", "")
    (problem, *_) = problems(pack)
    assert problem.file == RESPONSE
    assert problem.place == f"rules[0].when (line {line - 1})"
    assert (problem.found, problem.expected) == ("nothing", "the key 'when', which is required")


def test_judgements_in_a_circle_are_refused_with_every_step(pack: Path) -> None:
    first = change(pack, RESPONSE, "day8_blasts < 1000", "day8_blasts < 1000 AND cns_status = 'CNS1'")
    second = change(pack, CNS, "csf_blasts = 'absent'", "csf_blasts = 'absent' AND prednisone_response = 'good'")
    said = {problem.file: problem for problem in problems(pack)}
    assert set(said) == {RESPONSE, CNS}
    assert "prednisone_response reads cns_status, in a circle" in said[RESPONSE].found
    assert "cns_status reads prednisone_response, in a circle" in said[CNS].found
    assert said[RESPONSE].place == f"rule (line {first - 2})"
    assert said[CNS].place == f"rule (line {second - 2})"


def test_a_judgement_that_reads_itself_is_refused(pack: Path) -> None:
    change(pack, RESPONSE, "day8_blasts < 1000", "day8_blasts < 1000 OR prednisone_response = 'good'")
    (problem,) = problems(pack)
    assert "prednisone_response -> prednisone_response" in problem.found


def test_a_circle_does_not_hide_other_problems(pack: Path) -> None:
    change(pack, RESPONSE, "day8_blasts < 1000", "day8_blasts < 1000 OR prednisone_response = 'good'")
    change(pack, INTERFANT, "age_days_at_diagnosis <= 365", "age_day_at_diagnosis <= 365")
    assert {problem.file for problem in problems(pack)} == {RESPONSE, INTERFANT}


def test_a_judgement_follows_those_whose_facts_it_reads(knowledge: Knowledge) -> None:
    done: set[str] = set()
    names = {judgement.fact for judgement in knowledge.judgements}
    for judgement in knowledge.judgements:
        read = {fact for s in judgement.statements if s.rule is not None for fact in facts_of(s.rule)}
        assert read & names <= done
        done.add(judgement.fact)


@pytest.mark.parametrize("file", ["pack.yaml", "conflicts.yaml", "sources.json", RESPONSE])
def test_a_missing_file_is_named(file: str, pack: Path) -> None:
    (pack / file).unlink()
    said = [problem for problem in problems(pack) if Path(file).name in str(problem)]
    assert said


def test_a_file_that_is_not_utf8_is_named(pack: Path) -> None:
    (pack / RESPONSE).write_bytes(b"judgement: \xff\n")
    (problem, *_) = problems(pack)
    assert (problem.file, problem.found) == (RESPONSE, "text that is not UTF-8")


@pytest.mark.parametrize("text", ["", "- a list\n", "a word\n", "5\n"])
def test_a_file_without_keys_is_refused(text: str, pack: Path) -> None:
    (pack / RESPONSE).write_text(text)
    assert problems(pack)[0].file == RESPONSE


SOURCES = {
    "no JSON": "[{",
    "no list": '{"title": "x"}',
    "no id": '[{"title": "x"}]',
    "an id that is a number": '[{"id": 5}]',
    "a word in the list": '["x"]',
    "the same id twice": '[{"id": "pieters-2007"}, {"id": "pieters-2007"}]',
}


@pytest.mark.parametrize("text", SOURCES.values(), ids=SOURCES)
def test_a_broken_bibliography_is_refused(text: str, pack: Path) -> None:
    (pack / "sources.json").write_text(text)
    assert problems(pack)[0].file == "sources.json"


def test_every_file_of_the_pack_counts_for_the_fingerprint() -> None:
    names = {path.name for path in knowledge_files()}
    assert {"facts.yaml", "findings.yaml", "units.yaml", "sources.json", "pack.yaml", "interfant-06.yaml"} <= names


def test_an_editor_gets_a_schema_for_each_kind_of_file() -> None:
    for kind in FILES:
        assert json_schema(kind)["additionalProperties"] is False


# -- knowledge check -----------------------------------------------------------------------------------------------------


def test_the_core_pack_is_checked_and_found_good() -> None:
    report = check_folder()
    assert report.problems == ()
    assert report.counts["protocols"] == len(list((CORE_PACK / "protocols").glob("*.yaml")))
    assert report.text().startswith("the core pack: ")
    assert "no problem" in report.text()
    assert json.loads(report.json())["problems"] == []


def test_a_broken_folder_is_reported_and_not_raised(pack: Path) -> None:
    change(pack, INTERFANT, "age_days_at_diagnosis <= 365", "age_day_at_diagnosis <= 365")
    report = check_folder(pack)
    assert len(report.problems) == 1
    assert report.text() == f"{pack}: 1 problem.\n"
    assert json.loads(report.json())["problems"][0]["file"] == INTERFANT


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    (problem,) = check_folder(tmp_path / "nothing").problems
    assert "nothing of that name" in problem.found


def test_a_group_that_no_child_can_get_is_a_problem(pack: Path) -> None:
    change(pack, INTERFANT, "kmt2a_status = 'rearranged' AND age_months_at_diagnosis < 6", "kmt2a_status = 'germline'")
    (problem,) = check_folder(pack).problems
    assert problem.place == "interfant-06"
    assert problem.found == "'HR', which no child can ever get"
    assert problem.file.startswith(INTERFANT + ":")


def test_a_group_behind_one_that_takes_all_children_is_a_problem(pack: Path) -> None:
    change(pack, INTERFANT, "kmt2a_status = 'germline'", "TRUE")
    assert {problem.found.split(",")[0] for problem in check_folder(pack).problems} == {"'HR'", "'MR'"}


def test_a_result_that_no_group_covers_is_remarked(pack: Path) -> None:
    change(pack, INTERFANT, "  - group: MR\n    when: |\n      TRUE\n", "  - group: MR\n    when: kmt2a_status = 'rearranged'\n")
    report = check_folder(pack)
    assert report.problems == ()
    assert any(remark.startswith("interfant-06: ") and "not_covered" in remark for remark in report.remarks)
