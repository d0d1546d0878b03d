"""Cohort reports: the JSON contract, null for what is not known, no formula in a CSV, no markup from data, the same said in all forms."""

from __future__ import annotations

import csv
import io
import itertools
import json
import math
import re
from collections import Counter
from dataclasses import fields, is_dataclass, replace
from html.parser import HTMLParser
from typing import Any

import numpy as np
import pytest

from helpers import cohort_results as results
from infantall.cohort.small_cells import suppress_stratify
from infantall.report.cohort import compare, describe, stratify, survival
from infantall.report.cohort.blocks import markdown
from infantall.report.cohort.data import csv_cell, csv_text, jsonable
from infantall.report.cohort.words import interval, is_coarse, p_value, percent, plain
from infantall.report.figures.forest import ratio_with_interval

NAN = math.nan
REPORTS = {
    "survival": (survival.RENDERERS, results.survival),
    "describe": (describe.RENDERERS, results.describe),
    "stratify": (stratify.RENDERERS, results.stratify),
    "compare": (compare.RENDERERS, results.compare),
}
FORMS = [(name, form) for name, (renderers, _) in REPORTS.items() for form in renderers]
VOID = {"meta", "br", "hr", "img", "input", "link"}


def written(name: str, form: str, result: Any = None) -> str:
    renderers, made = REPORTS[name]
    found = renderers[form](made() if result is None else result)
    return found if isinstance(found, str) else json.dumps(found, allow_nan=False)


# -- numbers in words ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("p", "said"),
    [
        (5e-14, "<0.001"),
        (0.00099, "<0.001"),
        (0.001, "0.001"),
        (0.0496, "0.050"),
        (0.049, "0.049"),
        (0.12, "0.12"),
        (0.9951, ">0.99"),
        (NAN, "–"),
        (None, "–"),
    ],
)
def test_p_values_are_printed_as_journals_do(p: float | None, said: str) -> None:
    assert p_value(p) == said


def test_percentages_intervals_and_ratios() -> None:
    assert percent(0.6214) == "62.1" and percent(NAN) == "–" and percent(None) == "–"
    assert interval(0.5, 0.7512) == "50.0 to 75.1"
    assert interval(NAN, NAN) == "–" and interval(0.2, NAN) == "20.0 to –"
    assert plain(1311.5) == "1,311.5" and plain(math.inf) == "∞" and plain(120.0) == "120"
    assert ratio_with_interval(1.0012, 1.0004, 1.002) == "1.001 (1.000–1.002)"
    assert ratio_with_interval(0.45, 0.338, 0.5853) == "0.45 (0.34–0.59)"
    assert ratio_with_interval(1e6, 0.0, math.inf) == ">1000 (0.00–∞)"
    assert ratio_with_interval(NAN, NAN, NAN) == "not estimated"


# -- JSON ----------------------------------------------------------------------------------------------------------------


def test_survival_json_keeps_the_contract() -> None:
    found = json.loads(written("survival", "json"))
    for group in found["groups"]:
        assert {"group", "n", "events", "times", "survival", "se", "ci_low", "ci_high", "at_risk"} <= set(group)
        assert len({len(group[key]) for key in ("times", "survival", "se", "ci_low", "ci_high", "at_risk")}) == 1
        assert group["times"][0] == 0 and group["survival"][0] == 1
    assert set(found["cumulative_incidence"]) == {"1", "2"}
    assert {"group", "times", "estimate", "se"} <= set(found["cumulative_incidence"]["1"][0])
    assert {"name", "cause", "statistic", "df", "p"} <= set(found["tests"][0])
    assert found["model"]["kind"] == "cox"
    assert {"name", "coef", "se", "hr", "ci_low", "ci_high", "p"} <= set(found["model"]["terms"][0])
    assert [m["kind"] for m in found["models"]] == ["finegray"]
    assert found["n"] == 324 and found["left_out"] == 4 and found["simulated"] is True
    assert found["tests_run"] == 6
    assert all(isinstance(n, int) for n in found["groups"][0]["at_risk"])


def test_causes_go_by_their_names_where_the_table_has_them() -> None:
    named = replace(results.survival(), causes={"1": "relapse", "2": "death_in_remission"})
    assert json.loads(written("survival", "json", named))["causes"] == {"1": "relapse", "2": "death_in_remission"}
    assert json.loads(written("survival", "json"))["causes"] == {"1": "1", "2": "2"}
    said = written("survival", "text", named)
    assert "Cumulative incidence by interfant-06: death in remission at chosen times" in said
    assert "Fine–Gray regression of relapse" in said and re.search(r"gray +relapse", said)
    assert "Cumulative incidence by interfant-06: cause 2" in written("survival", "text")


def test_survival_that_has_come_down_to_zero_stays_there() -> None:
    down = replace(
        results.curve("A", 3, seed=1, hazard=0.001),
        times=[0, 10],
        estimate=[1, 0.0],
        se=[0, NAN],
        ci_low=[1, NAN],
        ci_high=[1, NAN],
        at_risk=[3, 3],
        censor_times=(),
        at={},
    )
    later = replace(results.curve("B", 3, seed=1, hazard=0.001), at={})
    said = written("survival", "text", replace(results.survival(whole=False), survival=(down, later)))
    assert re.search(r"A +3 +\d+ years? +0 +0\.0 +– +–", said)


def test_a_wide_table_1_goes_on_in_further_tables() -> None:
    result = results.describe()
    names = tuple(f"group {i}" for i in range(6))
    lines = tuple(replace(line, cells=dict.fromkeys(names, line.cells["HR"])) for line in result.lines)
    said = written("describe", "text", replace(result, columns=names, sizes=dict.fromkeys(names, 130), lines=lines))
    assert said.count("White cell count at diagnosis") == 2
    assert all(said.count(f"{name} (n = 130)") == 1 for name in names)


def test_without_a_model_or_causes_the_contract_still_holds() -> None:
    found = json.loads(written("survival", "json", results.survival(whole=False)))
    assert found["model"] is None and found["models"] == [] and found["transplant"] is None
    assert found["cumulative_incidence"] == {}


def test_json_has_null_for_what_is_not_known_and_never_nan() -> None:
    found = json.loads(written("survival", "json"))
    assert found["tests"][2]["p"] is None
    assert found["model"]["terms"][3]["ci_high"] is None
    assert found["groups"][2]["at"]["survival"][2] is None
    assert jsonable({"a": np.float64(NAN), "b": np.arange(2), "c": (1.5, math.inf)}) == {"a": None, "b": [0, 1], "c": [1.5, None]}
    for name in REPORTS:
        assert not re.search(r"\b(NaN|Infinity)\b", written(name, "json"))


def test_the_naive_comparison_is_marked_in_json_and_csv() -> None:
    found = json.loads(written("survival", "json"))["transplant"]
    assert found["naive"]["biased"] is True
    assert [t["biased"] for t in found["tests"]] == [False, False, True]
    rows = list(csv.DictReader(io.StringIO(written("survival", "csv"))))
    assert {row["biased"] for row in rows if row["curve"] == "naive"} == {"true"}
    assert {row["biased"] for row in rows if row["curve"] != "naive"} == {"false"}


# -- CSV -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("said", ["=cmd|' /C calc'!A0", "+1", "-x", "@sum", "\t=x", "\r=x", " =1"])
def test_no_text_becomes_a_formula(said: str) -> None:
    said = said.replace("\t", " ").replace("\r", " ")
    assert csv_cell(said) == f"'{said}"
    read = next(csv.reader(io.StringIO(csv_text([said], []), newline="")))
    assert read == [f"'{said}"]


def test_numbers_in_a_csv_read_back_and_are_not_quoted() -> None:
    assert [csv_cell(v) for v in (-1.5, 0.1, 3.0, np.float64(2), 7, NAN, None, True, np.bool_(False))] == [
        "-1.5",
        "0.1",
        "3",
        "2",
        "7",
        "",
        "",
        "true",
        "false",
    ]


def test_the_survival_csv_is_tidy_and_whole() -> None:
    result = results.survival()
    rows = list(csv.DictReader(io.StringIO(written("survival", "csv"))))
    curves = [r for r in rows if r["curve"] == "survival" and r["group"] == "HR" and r["asked_for"] == "false"]
    assert [float(r["estimate"]) for r in curves] == list(result.survival[0].estimate)
    assert [r["estimate"] for r in rows if r["asked_for"] == "true" and r["curve"] == "survival" and r["time"] == "9000"] == [
        "",
        "",
        "",
    ]
    assert {r["simulated"] for r in rows} == {"true"}


def test_every_csv_has_one_width() -> None:
    for name in REPORTS:
        assert len({len(row) for row in csv.reader(io.StringIO(written(name, "csv")))}) == 1


# -- all forms -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "form"), FORMS)
def test_simulated_data_are_called_so_in_every_form_and_real_ones_in_none(name: str, form: str) -> None:
    made = REPORTS[name][1]
    assert "simulated" in written(name, form, made(simulated=True)).lower()
    real = written(name, form, made(simulated=False))
    if form in ("text", "markdown"):
        assert "simulated" not in real.lower()
    if form == "html":
        assert "simulated data" not in re.sub(r"<(style|script)\b.*?</\1>", "", real, flags=re.DOTALL).lower()


@pytest.mark.parametrize(("name", "form"), [(n, f) for n, f in FORMS if f in ("text", "markdown", "html")])
def test_every_report_begins_with_the_table_itself_and_says_how_many_tests_were_run(name: str, form: str) -> None:
    said = re.sub(r"<script\b.*?</script>", "", written(name, form), flags=re.DOTALL).replace("\N{NO-BREAK SPACE}", " ")
    assert "event after their death" in said and "mend the dates" in " ".join(said.split())
    assert re.search(r"Number of tests run: \d+|No test was run", said)


def test_corrections_are_said() -> None:
    assert "Number of tests run: 14" in written("survival", "text")
    assert "p values are not corrected" in " ".join(written("survival", "text").split())
    assert "p values corrected by holm" in " ".join(
        written("survival", "text", replace(results.survival(), correction="holm")).split()
    )


@pytest.mark.parametrize("width", [60, 80, 100])
@pytest.mark.parametrize("name", REPORTS)
def test_no_line_is_longer_than_the_width(name: str, width: int) -> None:
    module = {"survival": survival.survival_text, "describe": describe.describe_text}
    module |= {"stratify": stratify.stratify_text, "compare": compare.compare_text}
    said = module[name](REPORTS[name][1](), width)
    assert max(map(len, said.splitlines())) <= width
    assert said.endswith("\n") and not said.endswith("\n\n")


def test_the_text_tells_estimates_with_n_error_and_interval() -> None:
    said = written("survival", "text")
    assert re.search(r"HR +148 +1826\.25 days +74 +16\.1 +3\.8 +9\.5 to 24\.3", said)
    assert re.search(r"LR +68 +9000 days +0 +– +– +–", said)
    assert "not reached" in said and "BIASED: immortal time" in said
    assert "Event-free survival" in said


def test_another_level_of_confidence_is_said() -> None:
    assert "90 % CI" in written("survival", "text", replace(results.survival(), confidence=0.9))


# -- small cells ---------------------------------------------------------------------------------------------------------


def test_hidden_counts_are_hidden_in_every_form() -> None:
    result = suppress_stratify(results.stratify(), 5)
    hidden = sum(v < 0 for v in result.crosses[0].counts.values())
    assert hidden > 0
    assert "hidden" in written("stratify", "text", result)
    found = json.loads(written("stratify", "json", result))
    assert sum(v is None for row in found["crosses"][0]["counts"] for v in row) == hidden
    for form in ("text", "json", "csv", "html", "markdown"):
        assert not re.search(
            r"(?<![\w.-])-1(?![\w.])",
            re.sub(r"<style.*?</style>", "", written("stratify", form, result), flags=re.DOTALL).replace('"-1 ', ""),
        )


def test_a_coarse_curve_is_known_by_its_threshold() -> None:
    assert is_coarse(replace(results.survival(), small_cells=5)) and not is_coarse(results.survival())
    text = written("survival", "text", replace(results.survival(), left_out=-1, small_cells=5))
    assert "hidden left out" in text


def test_a_hidden_cell_of_table_1_gives_nothing_away() -> None:
    said = written("describe", "text")
    assert re.search(r"germline +0/128 \(0\.0 %\) +hidden +hidden", said)
    rows = list(csv.DictReader(io.StringIO(written("describe", "csv"))))
    (cell,) = [r for r in rows if r["level"] == "germline" and r["group"] == "MR"]
    assert cell["suppressed"] == "true" and cell["count"] == cell["n"] == cell["missing"] == ""
    lines = json.loads(written("describe", "json"))["lines"]
    assert lines[2]["cells"]["MR"]["n"] is None and lines[2]["cells"]["MR"]["suppressed"] is True


# -- markup --------------------------------------------------------------------------------------------------------------


class Page(HTMLParser):
    """Every element with its attributes, and what is out of place."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.faults: list[str] = []
        self.feed(html)
        self.close()
        self.faults += [f"<{name}> never closed" for name in self.open]

    def handle_starttag(self, name: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((name, {key: value or "" for key, value in attrs}))
        if name not in VOID:
            self.open.append(name)

    def handle_endtag(self, name: str) -> None:
        if not self.open or self.open.pop() != name:
            self.faults.append(f"</{name}> out of place at {self.getpos()}")


@pytest.mark.parametrize("name", REPORTS)
def test_pages_are_well_formed_with_unique_ids_and_whole_links(name: str) -> None:
    page = Page(written(name, "html"))
    assert page.faults == []
    ids = [attrs["id"] for _, attrs in page.elements if "id" in attrs]
    assert [i for i, number in Counter(ids).items() if number > 1] == []
    for _, attrs in page.elements:
        for key in ("aria-labelledby", "aria-describedby", "for"):
            assert set(attrs.get(key, "").split()) <= set(ids)
        assert attrs.get("href", "#main").removeprefix("#") in ids
        assert not [key for key in attrs if key.startswith("on") or key in ("style", "src")]
    levels = [int(name[1]) for name, _ in page.elements if re.fullmatch("h[1-6]", name)]
    assert levels[0] == 1 and all(after - before <= 1 for before, after in itertools.pairwise(levels))


def poisoned(value: Any) -> Any:
    """The same result with every text hostile, but for words that the program itself chooses."""
    own = {"severity", "kind", "check", "cause", "unit", "endpoint", "correction"}
    if isinstance(value, str):
        return results.EVIL
    if isinstance(value, tuple):
        return tuple(poisoned(item) for item in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(
            value,
            **{
                f.name: poisoned(getattr(value, f.name))
                for f in fields(value)
                if f.name not in own and not isinstance(getattr(value, f.name), dict)
            },
        )
    return value


@pytest.mark.parametrize("name", REPORTS)
def test_hostile_names_stay_words_in_every_form(name: str) -> None:
    result = poisoned(REPORTS[name][1]())
    html = written(name, "html", result)
    assert Page(html).faults == []
    assert len(re.findall("<script", html)) == html.count("</script>") and "<script>alert" not in html
    assert "&lt;script&gt;" in html or "\\u003cscript\\u003e" in html
    assert "\x1b" not in html and "\x1b" not in written(name, "text", result)
    for row in csv.reader(io.StringIO(written(name, "csv", result))):
        assert not [cell for cell in row if cell.startswith(("=", "@", "\t"))]
    if "markdown" in REPORTS[name][0]:
        assert "<script" not in written(name, "markdown", result)


def test_markdown_escapes_what_would_be_markup() -> None:
    assert markdown("a|b*c_<i>&`") == "a\\|b\\*c\\_&lt;i&gt;&amp;\\`"


def test_the_data_of_a_figure_cannot_end_their_element_and_are_whole() -> None:
    result = replace(
        results.survival(), survival=(replace(results.curve("A", 40, seed=1, hazard=0.001), group="</script><b>=1"),)
    )
    html = written("survival", "html", result)
    embedded = re.search(r'<script type="application/json">(.*?)</script>', html, re.DOTALL)
    assert embedded is not None
    data = json.loads(embedded[1])
    assert data["groups"][0]["name"] == "</script><b>=1"
    assert data["groups"][0]["times"] == list(result.survival[0].times)


def test_a_curve_of_very_many_steps_does_not_make_a_page_of_megabytes() -> None:
    n = 200_000
    times = np.sort(np.random.default_rng(2).exponential(900, n))
    left = 1 - np.arange(1, n + 1) / n
    big = replace(
        results.curve("all", 5, seed=1, hazard=0.001),
        n=n,
        events=n,
        times=times,
        estimate=left,
        se=left * 0,
        ci_low=left,
        ci_high=left,
        at_risk=n * left,
        censor_times=(),
        at={},
    )
    html = written("survival", "html", replace(results.survival(whole=False), survival=(big,)))
    assert len(html) < 700_000
    assert "can show apart" in html
