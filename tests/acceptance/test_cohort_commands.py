"""``infantall cohort`` from outside: files in, one JSON document out, one message a problem, and nothing invented."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from helpers import command

ROOT = Path(__file__).parents[2]
COHORT = ROOT / "examples" / "cohorts" / "simulated-cohort.csv"
INFANTS = ROOT / "examples" / "tables" / "infants.csv"
ENDPOINT = ["--time", "efs_days", "--event", "efs_event"]


@dataclass(frozen=True)
class Done:
    stdout: str
    stderr: str


def run(*arguments: str | Path, status: int = 0) -> Done:
    done = command.run("cohort", *arguments, status=status)
    return Done(done.text, done.err)


def answer(*arguments: str | Path) -> Any:
    def no_constant(text: str) -> None:
        raise AssertionError(f"{text} is no JSON")

    return json.loads(run(*arguments, "--format", "json").stdout, parse_constant=no_constant)


# -- the contract ---------------------------------------------------------------------------------------------------------


def test_survival_has_the_keys_of_the_contract() -> None:
    found = answer(
        "survival", COHORT, *ENDPOINT, "--by", "kmt2a_status", "--at", "365,730", "--model", "cox", "--covariates", "kmt2a_status"
    )
    for group in found["groups"]:
        keys = ("group", "n", "events", "times", "survival", "se", "ci_low", "ci_high", "at_risk")
        assert set(keys) <= set(group)
        assert len({len(group[key]) for key in keys[3:]}) == 1
        assert group["times"][0] == 0 and group["survival"][0] == 1
    assert [set(test) >= {"name", "cause", "statistic", "df", "p"} for test in found["tests"]] == [True]
    assert found["model"]["kind"] == "cox"
    assert set(found["model"]["terms"][0]) >= {"name", "coef", "se", "hr", "ci_low", "ci_high", "p"}
    assert found["simulated"] is True


def test_competing_causes_have_their_incidence() -> None:
    found = answer(
        "survival",
        COHORT,
        "--time",
        "efs_days",
        "--event",
        "first_event",
        "--by",
        "sex",
        "--model",
        "finegray",
        "--covariates",
        "sex",
    )
    assert set(found["cumulative_incidence"]) == {"1", "2", "3", "4"} & set(found["cumulative_incidence"])
    for curves in found["cumulative_incidence"].values():
        assert all(set(curve) >= {"group", "times", "estimate", "se"} for curve in curves)
    assert {test["name"] for test in found["tests"]} == {"log-rank", "gray"}
    assert found["model"]["kind"] == "finegray"


def test_transplant_is_compared_fairly_and_the_naive_way_is_named_biased() -> None:
    found = answer("survival", COHORT, *ENDPOINT, "--transplant", "hsct_day", "--landmark", "180")
    names = {test["name"] for test in [*found["tests"], *found["transplant"]["tests"]]}
    assert {"mantel-byar", "landmark log-rank"} <= names
    assert "biased" in json.dumps(found["transplant"]).lower()


def test_stratify_agrees_with_assess() -> None:
    found = answer("stratify", INFANTS)
    assessed = command.ended("assess", INFANTS, "--format", "json")
    children = [child for child in json.loads(assessed.text) if "protocols" in child]
    for counts in found["protocols"]:
        groups = [p["risk_group"] for child in children for p in child["protocols"] if p["protocol"] == counts["protocol"]]
        for label, number in counts["groups"].items():
            assert groups.count(label) == number, (counts["protocol"], label)


def test_every_infant_is_written_with_its_groups(tmp_path: Path) -> None:
    run("stratify", COHORT, "--protocol", "interfant-06", "-o", tmp_path / "groups.csv")
    rows = list(csv.DictReader((tmp_path / "groups.csv").open(encoding="utf-8")))
    assert len(rows) == 240
    assert {row["interfant-06"] for row in rows} <= {"LR", "MR", "HR", "undetermined", "no group", "not eligible", "refused"}
    assert all(row["simulated"] for row in rows)


@pytest.mark.parametrize("form", ["text", "html", "csv", "markdown"])
@pytest.mark.parametrize("command", ["stratify", "describe"])
def test_every_form_says_that_it_is_simulated(command: str, form: str) -> None:
    assert "simulated" in run(command, COHORT, "--format", form).stdout.lower()


@pytest.mark.parametrize("form", ["text", "html", "csv"])
def test_survival_and_compare_say_so_too(form: str) -> None:
    assert "simulated" in run("survival", COHORT, *ENDPOINT, "--format", form).stdout.lower()
    assert "simulated" in run("compare", COHORT, "--study", "mll-10", "--format", form).stdout.lower()


def test_describe_by_a_protocols_groups() -> None:
    found = answer("describe", COHORT, "--by", "interfant-06")
    assert set(found["columns"]) >= {"LR", "MR", "HR", "undetermined"}


def test_a_rule_selects_and_says_whom_it_leaves_open() -> None:
    found = answer("describe", COHORT, "--where", "kmt2a_status = 'germline'", "--columns", "sex")
    said = json.dumps(found["quality"])
    assert "lack what it asks" in said
    assert found["n"] < 240


def test_comparison_refuses_to_test_a_handful(tmp_path: Path) -> None:
    rows = list(csv.DictReader(COHORT.open(encoding="utf-8")))[:9]
    path = tmp_path / "few.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    found = answer("compare", path)
    assert all(one["test"] is None for one in found["comparisons"])


def test_a_curve_of_ones_own(tmp_path: Path) -> None:
    (tmp_path / "curve.csv").write_text("time_years,survival\n1,0.7\n2,0.55\n5,0.45\n", encoding="utf-8")
    first = answer("compare", COHORT, "--study", "mll-10", "--curve", tmp_path / "curve.csv")["comparisons"][0]
    assert first["test"]["name"] == "one-sample log-rank"
    assert first["expected"] > 0 and first["observed"] > 0


def test_small_cells_are_hidden() -> None:
    shown = run("describe", COHORT, "--by", "kmt2a_status", "--small-cells", "5", "--format", "csv").stdout
    rows = list(csv.reader(io.StringIO(shown)))
    head, body = rows[0], rows[1:]
    counts = [row[head.index(name)] for row in body for name in ("n", "missing", "count")]
    assert not {"-1", "1", "2", "3", "4"} & set(counts)
    assert "true" in {row[head.index("suppressed")] for row in body}


def test_figures_are_written(tmp_path: Path) -> None:
    run(
        "survival",
        COHORT,
        *ENDPOINT,
        "--by",
        "sex",
        "--figures",
        tmp_path,
        "--figure-format",
        "svg",
        "--figure-format",
        "pdf",
        "--figure-format",
        "png",
    )
    assert (tmp_path / "survival.svg").read_text(encoding="utf-8").startswith("<")
    assert (tmp_path / "survival.pdf").read_bytes().startswith(b"%PDF")
    assert (tmp_path / "survival.png").read_bytes().startswith(b"\x89PNG")


def test_folder_of_records() -> None:
    found = answer("stratify", ROOT / "examples" / "babies", "--protocol", "interfant-06")
    assert found["n"] == 3


def test_several_tables_give_a_list() -> None:
    assert [one["n"] for one in answer("describe", COHORT, INFANTS, "--columns", "sex")] == [240, 12]


# -- wrong input ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "status", "says"),
    [
        (["survival", "nothing.csv", *ENDPOINT], 1, "nothing.csv"),
        (["survival", COHORT, "--time", "efs_day", "--event", "efs_event"], 1, "did you mean 'efs_days'"),
        (["survival", COHORT, "--time", "efs_days"], 2, "--event"),
        (["survival", COHORT, *ENDPOINT, "--by", "interfant-6"], 1, "interfant-6"),
        (["survival", COHORT, *ENDPOINT, "--by", "p9407"], 1, "gives no groups"),
        (["survival", COHORT, *ENDPOINT, "--at", "one,two"], 2, "no list of times"),
        (["survival", COHORT, *ENDPOINT, "--at", "-5"], 2, "cannot be"),
        (["survival", COHORT, *ENDPOINT, "--covariates", "sex"], 1, "--model cox"),
        (["survival", COHORT, *ENDPOINT, "--where", "kmt2a_state = 'x'"], 1, "kmt2a_status"),
        (["survival", COHORT, *ENDPOINT, "--where", "age_days_at_diagnosis > 9999"], 1, "no infant"),
        (["stratify", COHORT, "--protocol", "interfant-60"], 2, "did you mean"),
        (["stratify", COHORT, "-o", "groups.xlsx"], 1, ".csv or .parquet"),
        (["describe", COHORT, "--by", "kmt2a"], 1, "kmt2a"),
        (["compare", COHORT, "--study", "mll10"], 1, "did you mean 'mll-10'"),
        (["compare", COHORT, "--endpoint", "DFS"], 1, "starts at remission"),
        (["compare", COHORT, "--curve", "nothing.csv"], 1, "nothing.csv"),
        (["compare", INFANTS], 1, "efs_days"),
    ],
)  # fmt: skip
def test_one_clear_message(arguments: list[str | Path], status: int, says: str) -> None:
    done = run(*arguments, status=status)
    assert says in done.stderr
    assert done.stdout == ""


def test_an_empty_table_and_a_table_of_rubbish(tmp_path: Path) -> None:
    for text in ("", "a,b\n", "\x00\x01\x02", "efs_days,efs_event\nx,y\n"):
        path = tmp_path / "table.csv"
        path.write_text(text, encoding="utf-8")
        done = run("survival", path, *ENDPOINT, status=1)
        assert done.stderr.strip()
