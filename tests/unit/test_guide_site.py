"""A site pack: the seal, approvals that run out, figures that cannot be, reviews of translations."""

from __future__ import annotations

import datetime as dt
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from helpers.families import CHILD, material, words
from infantall.family.packs import booklet
from infantall.knowledge.guide.library import GuideKnowledge
from infantall.knowledge.guide.overlay import NO_SITE, Site, expired, with_reviews
from infantall.knowledge.guide.site import read_site, seal
from infantall.knowledge.store import load_guide
from infantall.text.problems import InputError, Problem

EXAMPLE = Path(__file__).parents[2] / "examples" / "site-pack"
APPROVED = "{by: A Example, role: pharmacist, on: 2026-03-01, until: 2027-03-01}"
WHY = f"replaces: the core rule, because: invented, approved: {APPROVED}"


@pytest.fixture(scope="module")
def guide() -> GuideKnowledge:
    return load_guide()


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """A copy of the example, to be changed."""
    return Path(shutil.copytree(EXAMPLE, tmp_path / "site"))


def change(pack: Path, old: str, new: str) -> None:
    path = pack / "site.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def made(tmp_path: Path, text: str, guide: GuideKnowledge) -> Site:
    """A site of this text, sealed."""
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "site.yaml").write_text(f"site: own\nname: Own hospital\n{text}", encoding="utf-8")
    seal(folder, guide)
    return read_site(folder, guide)


def refused(action: Any) -> Problem:
    with pytest.raises(InputError) as caught:
        action()
    assert len(caught.value.problems) == 1, caught.value.problems
    problem: Problem = caught.value.problems[0]
    assert problem.found and problem.expected and problem.file
    return problem


# -- the seal ---------------------------------------------------------------------------------------------------------------


def test_the_example_is_sealed_and_read(guide: GuideKnowledge) -> None:
    site = read_site(EXAMPLE, guide)
    assert site.demonstration and site.emergency_number == "999" and len(site.phones) == 2
    assert set(site.rules) == {"fever", "gloves", "line_dressing"} and len(site.fingerprint) == 64


@pytest.mark.parametrize(
    ("old", "new"),
    [("any_high: 38.0", "any_high: 38.5"), ("hours: 48", "hours: 24"), ("01632 960123", "01632 960124"), ('"999"', '"998"'),
     ("until: 2027-03-01", "until: 2037-03-01"), ("Dr Ada Example", "Dr Bob Example"), ("demonstration: true", "demonstration: false"),
     ("once a week", "once a month"), ("[10, 11, 12", "[11, 12"), ("every_days: 7", "every_days: 14"), ("house guideline 7", "no guideline")],
)  # fmt: skip
def test_a_change_after_the_seal_is_refused(old: str, new: str, pack: Path, guide: GuideKnowledge) -> None:
    change(pack, old, new)
    problem = refused(lambda: read_site(pack, guide))
    assert problem.place == "seal" and "changed after it was sealed" in problem.found
    assert "infantall knowledge seal DIR" in problem.expected


def test_comments_and_layout_are_not_sealed(pack: Path, guide: GuideKnowledge) -> None:
    change(pack, "# After a change", "# A note of ours. After a change")
    change(pack, "numbers: {hours: 48}", "numbers:\n      hours: 48")
    assert read_site(pack, guide).fingerprint == read_site(EXAMPLE, guide).fingerprint


def test_a_file_that_was_never_sealed_is_refused(pack: Path, guide: GuideKnowledge) -> None:
    path = pack / "site.yaml"
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("seal:")]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert refused(lambda: read_site(pack, guide)).found == "no seal"


def test_sealing_again_makes_a_changed_file_good_and_keeps_its_comments(pack: Path, guide: GuideKnowledge) -> None:
    change(pack, "hours: 48", "hours: 72")
    wanted = seal(pack, guide)
    site = read_site(pack, guide)
    assert site.rules["gloves"].numbers == {"hours": 72} and site.fingerprint == wanted
    text = (pack / "site.yaml").read_text(encoding="utf-8")
    assert text.startswith("# DEMONSTRATION ONLY") and text.count("seal:") == 1
    assert seal(pack, guide) == wanted and (pack / "site.yaml").read_text(encoding="utf-8") == text


def test_a_wrong_file_is_not_sealed(pack: Path, guide: GuideKnowledge) -> None:
    change(pack, "any_high: 38.0", "any_high: 100.4")
    before = (pack / "site.yaml").read_bytes()
    with pytest.raises(InputError):
        seal(pack, guide)
    assert (pack / "site.yaml").read_bytes() == before


# -- files that are no site pack ----------------------------------------------------------------------------------------------


def test_a_folder_without_a_site_file(tmp_path: Path, guide: GuideKnowledge) -> None:
    problem = refused(lambda: read_site(tmp_path, guide))
    assert "no site.yaml" in problem.found and "examples/site-pack" in problem.expected and problem.file == str(tmp_path)


def test_a_folder_that_is_not_there(tmp_path: Path, guide: GuideKnowledge) -> None:
    assert "no site.yaml" in refused(lambda: read_site(tmp_path / "nowhere", guide)).found


@pytest.mark.parametrize(
    ("content", "found"),
    [(b"\xff\xfe", "not UTF-8"), (b"site: [", "no YAML"), (b"site: a\nsite: b\n", "twice"), (b"site: &x a\n", "anchor")],
)
def test_a_file_that_cannot_be_read(content: bytes, found: str, tmp_path: Path, guide: GuideKnowledge) -> None:
    (tmp_path / "site.yaml").write_bytes(content)
    assert found in refused(lambda: read_site(tmp_path, guide)).found


# -- what a rule may say --------------------------------------------------------------------------------------------------------

WRONG = {
    "Fahrenheit": (f"rules: {{fever: {{numbers: {{armpit_high: 99.5, any_high: 38, low: 36}}, {WHY}}}}}", "rules.fever.numbers.armpit_high", "99.5", "from 34 to 41"),
    "too cold": (f"rules: {{fever: {{numbers: {{armpit_high: 37.5, any_high: 38, low: 3.6}}, {WHY}}}}}", "rules.fever.numbers.low", "3.6", "from 34 to 41"),
    "no number": (f"rules: {{fever: {{numbers: {{armpit_high: .nan, any_high: 38, low: 36}}, {WHY}}}}}", "rules.fever.numbers.armpit_high", "nan", "number"),
    "a figure that is missing": (f"rules: {{fever: {{numbers: {{any_high: 38, low: 36}}, {WHY}}}}}", "rules.fever.numbers", "any_high, low", "armpit_high"),
    "a figure too many": (f"rules: {{gloves: {{numbers: {{hours: 48, days: 2}}, {WHY}}}}}", "rules.gloves.numbers", "hours, days", "exactly hours"),
    "no figures": (f"rules: {{gloves: {{says: {{en: [Two days.]}}, {WHY}}}}}", "rules.gloves.numbers", "nothing", "exactly hours"),
    "no time at all": (f"rules: {{gloves: {{numbers: {{hours: 0}}, {WHY}}}}}", "rules.gloves.numbers.hours", "0", "from 1"),
    "minutes for hours": (f"rules: {{gloves: {{numbers: {{hours: 2880}}, {WHY}}}}}", "rules.gloves.numbers.hours", "2880", "to 744"),
    "figures of a rule of sentences": (f"rules: {{bath: {{numbers: {{days: 2}}, says: {{en: [Ask.]}}, {WHY}}}}}", "rules.bath.numbers", "days", "no numbers"),
    "no English": (f"rules: {{bath: {{says: {{es: [Pregunte.]}}, {WHY}}}}}", "rules.bath.says", "no English sentences", "says: {en"),
    "unknown rule": (f"rules: {{glove: {{numbers: {{hours: 48}}, {WHY}}}}}", "rules.glove", "'glove'", "did you mean 'gloves'?"),
    "unknown key": ("phone: []", "phone", "unknown key 'phone'", "did you mean 'phones'?"),
    "unknown key of a rule": (f"rules: {{bath: {{say: {{en: [Ask.]}}, {WHY}}}}}", "rules.bath.say", "unknown key 'say'", "did you mean 'says'?"),
    "no approval": ("rules: {bath: {says: {en: [Ask.]}, replaces: x, because: y}}", "rules.bath.approved", "nothing", "required"),
    "no reason": (f"rules: {{bath: {{says: {{en: [Ask.]}}, replaces: x, approved: {APPROVED}}}}}", "rules.bath.because", "nothing", "required"),
    "an approval that ends before it begins": (
        f"rules: {{bath: {{says: {{en: [Ask.]}}, {WHY.replace('2027-03-01', '2026-03-01')}}}}}", "rules.bath.approved.until", "2026-03-01", "a day after",
    ),
    "an approval by nobody": (f"rules: {{bath: {{says: {{en: [Ask.]}}, {WHY.replace('A Example', '')}}}}}".replace("by: ,", 'by: "",'), "rules.bath.approved.by", "''", "at least 1"),
    "a month that is none": ("rsv_months: [13]", "rsv_months[0]", "13", "12"),
    "a phone without a number": ("phones: [{label: {en: Ward}}]", "phones[0].number", "nothing", "required"),
    "a dressing change every 100 days": (f"rules: {{line_dressing: {{says: {{en: [Ask.]}}, every_days: 100, {WHY}}}}}", "rules.line_dressing.every_days", "100", "31"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_in_a_site_pack_is_one_message_with_its_place(name: str, tmp_path: Path, guide: GuideKnowledge) -> None:
    text, place, found, expected = WRONG[name]
    problem = refused(lambda: made(tmp_path, text + "\n", guide))
    assert problem.place.startswith(place) and found in problem.found and expected in problem.expected, problem
    assert problem.file.endswith("site.yaml")


def test_a_phone_needs_an_english_label(tmp_path: Path, guide: GuideKnowledge) -> None:
    problem = refused(lambda: made(tmp_path, 'phones: [{label: {es: Sala}, number: "123"}]\n', guide))
    assert problem.place.startswith("phones[0].label") and "{en: …}" in problem.expected
    (tmp_path / "own" / "site.yaml").unlink()
    (tmp_path / "own").rmdir()
    problem = refused(lambda: made(tmp_path, 'phones: [{label: {en: Ward}, note: {es: Diga}, number: "123"}]\n', guide))
    assert problem.place.startswith("phones[0].note")


# -- approvals on a day -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "stands"),
    [("2026-02-28", False), ("2026-03-01", True), ("2026-10-01", True), ("2027-03-01", True), ("2027-03-02", False)],
)
def test_an_approval_stands_from_its_first_to_its_last_day(day: str, stands: bool, guide: GuideKnowledge) -> None:
    site = read_site(EXAMPLE, guide)
    date = dt.date.fromisoformat(day)
    assert expired(site.rules["gloves"], date) is not stands
    found = material(CHILD, site, day=date).wording
    assert found.unit_sets("gloves") is stands
    assert found.number("gloves", "hours") == (48 if stands else 168)
    assert found.number("fever", "armpit_high") == (37.5 if stands else 37.4)
    box = found.rule_box("fever")
    assert box.kind == ("unit" if stands else "until_set")
    assert ("Dr Ada Example" in words(box)) is stands


def test_a_glove_time_by_an_approval_that_has_run_out_is_the_cautious_one(guide: GuideKnowledge) -> None:
    text = (
        f"{CHILD}treatment: [{{on: 2027-02-25, what: dose, drug: vincristine}}]\nfamily: {{medicines_complete_on: 2027-03-01}}\n"
    )
    site = read_site(EXAMPLE, guide)
    assert material(text, site, day=dt.date(2027, 3, 1)).situation.values["gloves_needed"] == "no"
    assert material(text, site, day=dt.date(2027, 3, 2)).situation.values["gloves_needed"] == "yes"


def test_without_a_date_no_approval_is_known_to_hold(guide: GuideKnowledge) -> None:
    site = read_site(EXAMPLE, guide)
    assert expired(site.rules["fever"], None)
    found = material("id: x\nage_at_diagnosis_days: 75\n", site)
    assert not found.wording.unit_sets("fever")


def test_the_fingerprint_of_a_booklet_tells_another_site_pack(guide: GuideKnowledge) -> None:
    with_site, without = (booklet(material(CHILD, s), "today").fingerprint for s in (read_site(EXAMPLE, guide), NO_SITE))
    assert with_site != without


def test_a_demonstration_says_so_on_every_pack(guide: GuideKnowledge) -> None:
    found = material(CHILD, read_site(EXAMPLE, guide))
    for pack in ("today", "go-home", "emergency", "letter"):
        assert "DEMONSTRATION ONLY" in words(booklet(found, pack)), pack


# -- reviews of translations --------------------------------------------------------------------------------------------------------


def review(guide: GuideKnowledge, file: str, language: str = "es", of: str = "") -> str:
    of = of or next(t.fingerprint for t in guide.translations if (t.language, t.file) == (language, file))
    return f"reviews: [{{language: {language}, file: {file}, of: {of}, by: A Example, role: nurse, on: 2026-03-01}}]\n"


def test_a_review_by_fingerprint_marks_one_translated_file(tmp_path: Path, guide: GuideKnowledge) -> None:
    site = made(tmp_path, review(guide, "topics/safety.fever.yaml"), guide)
    reviewed = with_reviews(guide, site)
    assert reviewed.reviewed_translations == guide.reviewed_translations | {("es", "topics/safety.fever.yaml")}
    (found,) = [t for t in reviewed.translations if t.state == "reviewed"]
    assert found.review == "A Example, nurse, 2026-03-01"
    assert with_reviews(guide, NO_SITE) is guide


def test_what_a_unit_reviewed_needs_no_english_beside_it(tmp_path: Path, guide: GuideKnowledge) -> None:
    site = made(tmp_path, review(guide, "red-flags.yaml"), guide)
    before, after = (
        [b.kind for page in booklet(material(CHILD, site, g, language="es"), "today").pages for b in boxes(page.blocks)]
        for g in (guide, with_reviews(guide, site))
    )
    assert before.count("english") > after.count("english")


def boxes(blocks: Any) -> Any:
    for block in blocks:
        if hasattr(block, "kind"):
            yield block
        yield from boxes(getattr(block, "blocks", ()))


@pytest.mark.parametrize(("file", "language"), [("topics/safety.fevr.yaml", "es"), ("topics/safety.fever.yaml", "fr")])
def test_a_review_of_no_text_of_the_guide_is_refused(file: str, language: str, tmp_path: Path, guide: GuideKnowledge) -> None:
    problem = refused(lambda: made(tmp_path, review(guide, file, language, "000000000000"), guide))
    assert problem.place.startswith("reviews[0]") and "a translated file" in problem.expected


def test_a_review_of_an_older_text_is_not_used_and_said(tmp_path: Path, guide: GuideKnowledge) -> None:
    """A corrected translation must not cost a unit its phone numbers and rules."""
    site = made(tmp_path, review(guide, "topics/safety.fever.yaml", "es", "000000000000"), guide)
    assert not with_reviews(guide, site).reviewed_translations
    assert len(site.notices) == 1 and "000000000000" in site.notices[0] and "not used" in site.notices[0]


def test_a_review_does_not_carry_over_to_another_language(tmp_path: Path, guide: GuideKnowledge) -> None:
    of = next(t.fingerprint for t in guide.translations if (t.language, t.file) == ("es", "topics/safety.fever.yaml"))
    site = made(tmp_path, review(guide, "topics/safety.fever.yaml", "ar", of), guide)
    assert not with_reviews(guide, site).reviewed_translations and site.notices


def test_a_units_own_sentence_is_held_to_the_same_phrases(tmp_path: Path, guide: GuideKnowledge) -> None:
    text = f'rules: {{bath: {{says: {{en: ["Take the temperature by mouth."]}}, {WHY}}}}}\n'
    problem = refused(lambda: made(tmp_path, text, guide))
    assert "rules.bath" in problem.place and "mouth" in problem.found


def test_a_stale_translation_stays_stale_whoever_reviewed_it(tmp_path: Path, guide: GuideKnowledge) -> None:
    site = made(tmp_path, review(guide, "topics/safety.fever.yaml"), guide)
    stale = replace(guide, translations=tuple(replace(t, state="stale") for t in guide.translations))
    assert not with_reviews(stale, site).reviewed_translations
