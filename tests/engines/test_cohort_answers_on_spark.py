"""The cohort's answers on Spark are those on DuckDB, number by number, and no table is collected."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from helpers.spark import spark  # noqa: F401
from infantall.cohort.analysis import survival
from infantall.cohort.compare import Request, compare
from infantall.cohort.describe import describe
from infantall.cohort.question import Question
from infantall.cohort.tables import CohortTable, open_table
from infantall.knowledge.library import Knowledge

pytestmark = pytest.mark.spark
COHORT = str(Path(__file__).parents[2] / "examples" / "cohorts" / "simulated-cohort.csv")
QUESTION = Question(
    time="efs_days", event="first_event", by="kmt2a_status", at=(365.0, 1096.0), transplant="hsct_day", landmark=180.0,
    model="cox", covariates=("wbc_at_diagnosis", "sex"),
)  # fmt: skip
WORK: dict[str, Callable[[CohortTable, Knowledge], Any]] = {
    "describe": lambda table, knowledge: describe(table, "kmt2a_status"),
    "survival": lambda table, knowledge: survival(table, QUESTION),
    "compare": lambda table, knowledge: compare(table, knowledge, Request(studies=("mll-10",))),
}


def differences(ours: Any, theirs: Any, place: str = "") -> list[str]:
    """Where two answers differ by more than rounding."""
    if isinstance(ours, dict):
        found = [] if set(ours) == set(theirs) else [f"{place}: other keys"]
        return found + [d for key in ours.keys() & theirs.keys() for d in differences(ours[key], theirs[key], f"{place}/{key}")]
    if isinstance(ours, list | tuple):
        found = [] if len(ours) == len(theirs) else [f"{place}: {len(ours)} and {len(theirs)}"]
        return found + [d for i, (a, b) in enumerate(zip(ours, theirs, strict=False)) for d in differences(a, b, f"{place}[{i}]")]
    if isinstance(ours, float) and isinstance(theirs, float):
        same = math.isclose(ours, theirs, rel_tol=1e-9, abs_tol=1e-12) or (math.isnan(ours) and math.isnan(theirs))
        return [] if same else [f"{place}: {ours} and {theirs}"]
    return [] if ours == theirs else [f"{place}: {ours!r} and {theirs!r}"]


@pytest.mark.parametrize("name", WORK)
def test_one_answer_on_both_engines(name: str, spark: Any, knowledge: Knowledge) -> None:  # noqa: F811
    here, there = (open_table(COHORT, knowledge, engine) for engine in ("duckdb", "spark"))
    assert differences(asdict(WORK[name](here, knowledge)), asdict(WORK[name](there, knowledge))) == []
