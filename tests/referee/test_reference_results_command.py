"""The command itself gives the reference numbers: public data in, R's answers out."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
DATA = ROOT.parent / "shared" / "evidence" / "data"
pytestmark = [pytest.mark.referee, pytest.mark.skipif(not DATA.is_dir(), reason="the evidence folder is not beside the project")]


def answer(*arguments: str | Path) -> Any:
    command = [sys.executable, "-m", "infantall", "cohort", "survival", *map(str, arguments), "--format", "json"]
    return json.loads(subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT, env=None).stdout)


def reference(dataset: str, analysis: str) -> dict[str, float]:
    rows = csv.DictReader((DATA / "reference_results.csv").open(encoding="utf-8"))
    return {r["quantity"]: float(r["value"]) for r in rows if r["dataset"] == dataset and r["analysis"] == analysis}


def test_bone_marrow_transplants() -> None:
    table = DATA / "KMsurv_bmt.csv"
    found = answer(
        table,
        "--time",
        "t2",
        "--event",
        "d3",
        "--by",
        "group",
        "--at",
        "180,365",
        "--model",
        "cox",
        "--covariates",
        "factor(group),z8",
    )
    wanted = reference("KMsurv_bmt", "Cox DFS Efron")
    terms = {term["name"]: term for term in found["model"]["terms"]}
    for ours, theirs in (("factor(group): 2", "factor(group)2"), ("factor(group): 3", "factor(group)3"), ("z8", "z8")):
        assert terms[ours]["coef"] == pytest.approx(wanted[f"{theirs} coef"], rel=1e-7, abs=1e-9)
        assert terms[ours]["se"] == pytest.approx(wanted[f"{theirs} se"], rel=1e-7)
    log_rank = next(test for test in found["tests"] if test["name"] == "log-rank")
    assert log_rank["statistic"] == pytest.approx(reference("KMsurv_bmt", "log-rank DFS by group")["chisq"], rel=1e-7)
    curves = reference("KMsurv_bmt", "Kaplan-Meier disease-free survival by group (log-log 95% CI)")
    for group in found["groups"]:
        assert group["at"]["survival"][0] == pytest.approx(curves[f"group={group['group']} t= 180 surv"], rel=1e-7)


def test_relapse_after_transplant_by_disease() -> None:
    found = answer(DATA / "casebase_bmtcrr.csv", "--time", "ftime", "--event", "Status", "--by", "D")
    gray = {test["cause"]: test for test in found["tests"] if test["name"] == "gray"}
    wanted = reference("casebase_bmtcrr", "Gray test ALL vs AML")
    for cause in ("1", "2"):
        assert gray[cause]["statistic"] == pytest.approx(wanted[f"cause {cause} chisq"], rel=1e-7)
        assert gray[cause]["p"] == pytest.approx(wanted[f"cause {cause} p"], rel=1e-7)
