"""Every number of the reference results that belongs to methods without a regression, to the digits printed there."""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from infantall.cohort.survival.cumulative_incidence import cumulative_incidence, gray_test
from infantall.cohort.survival.curves import Curve
from infantall.cohort.survival.kaplan_meier import kaplan_meier
from infantall.cohort.survival.life_table import LifeTable, life_table
from infantall.cohort.survival.log_rank import log_rank
from infantall.cohort.survival.observations import checked
from infantall.cohort.survival.transplant import mantel_byar_of_intervals

DATA = Path(__file__).parents[2].parent / "shared" / "evidence" / "data"
pytestmark = [pytest.mark.referee, pytest.mark.skipif(not DATA.is_dir(), reason="the evidence folder is not beside the project")]

OURS = (
    "Kaplan-Meier",
    "log-rank",
    "Aalen-Johansen",
    "cumulative incidence",
    "Gray test",
    "median",
    "complete EFS rows",
)
OURS_EXACTLY = ("Mantel-Byar", "Mantel-Byar (score test of exact partial likelihood)")


def reference_rows() -> list[tuple[str, str, str, str]]:
    if not DATA.is_dir():
        return []
    with (DATA / "reference_results.csv").open() as file:
        rows = [(r["dataset"], r["analysis"], r["quantity"], r["value"]) for r in csv.DictReader(file)]
    return [r for r in rows if r[1].startswith(OURS) or r[1] in OURS_EXACTLY]


def columns(name: str) -> dict[str, list[str]]:
    with (DATA / f"{name}.csv").open() as file:
        rows = list(csv.DictReader(file))
    return {key: [row[key] for row in rows] for key in rows[0]}


def floats(values: Sequence[str]) -> np.ndarray:
    return np.array([float(v) for v in values])


@cache
def tables() -> dict[str, LifeTable]:
    bmt, pairs, crr, grin = (
        columns("KMsurv_bmt"),
        columns("KMsurv_drug6mp"),
        columns("casebase_bmtcrr"),
        columns("GRIN2_clin_data"),
    )
    relapse, either = floats(bmt["d2"]), floats(bmt["d3"])
    cause = np.where(relapse == 1, 1, np.where(either == 1, 2, 0))
    group = [int(g) for g in bmt["group"]]
    known = [
        i
        for i, (t, m) in enumerate(zip(grin["efs.time"], grin["MRD.binary"], strict=True))
        if t not in ("", "NA") and m not in ("", "NA")
    ]
    pick: Callable[[str], list[str]] = lambda name: [grin[name][i] for i in known]  # noqa: E731
    drug = np.concatenate([np.ones(len(pairs["t1"])), floats(pairs["relapse"])])
    return {
        "KMsurv_bmt": life_table(checked(floats(bmt["t2"]), cause, group=group)),
        "KMsurv_drug6mp": life_table(
            checked(floats(pairs["t1"] + pairs["t2"]), drug, group=[0] * len(pairs["t1"]) + [1] * len(pairs["t2"]))
        ),
        "casebase_bmtcrr": life_table(checked(floats(crr["ftime"]), floats(crr["Status"]), group=crr["D"])),
        "GRIN2_clin_data": life_table(
            checked(floats(pick("efs.time")), floats(pick("efs.censor")), group=[int(x) for x in pick("MRD.binary")])
        ),
    }


def of_group(curves: tuple[Curve, ...], label: str) -> Curve:
    return next(c for c in curves if str(c.group) == label)


def our_value(dataset: str, analysis: str, quantity: str) -> float:
    """Our answer to one row of the reference."""
    if dataset == "survival_heart":
        heart = columns(dataset)
        tested = mantel_byar_of_intervals(
            floats(heart["start"]), floats(heart["stop"]), floats(heart["event"]), floats(heart["transplant"])
        )
        return {
            "observed deaths after transplant": tested.observed[1],
            "expected deaths after transplant": tested.expected[1],
            "variance (hypergeometric)": tested.variance[1, 1],
        }.get(quantity, tested.statistic)
    table = tables()[dataset]
    if analysis.startswith("log-rank"):
        return getattr(log_rank(table), {"chisq": "statistic", "df": "df"}[quantity])
    if analysis.startswith("Gray"):
        cause, what = re.fullmatch(r"cause (\d) (chisq|p)", quantity).groups()
        return getattr(gray_test(table, int(cause)), {"chisq": "statistic", "p": "p"}[what])
    if analysis == "median":
        return of_group(kaplan_meier(table), {"placebo": "0", "6-MP": "1"}[quantity]).median()[0]
    if analysis == "complete EFS rows":
        return float(table.n.sum())
    if analysis.startswith("Kaplan-Meier"):
        group, time, what = re.fullmatch(r".*=(\S+) t= *(\S+) (\S+)", quantity).groups()
        read = of_group(kaplan_meier(table), group).at([float(time)])
        return read[{"surv": "estimate", "std.err": "se", "lower": "ci_low", "upper": "ci_high", "n.risk": "at_risk"}[what]][0]
    group, cause, time, what = re.fullmatch(r"(\S+) (\d) t= *(\S+)(?: (est|var))?", quantity).groups()
    read = of_group(cumulative_incidence(table, int(cause)), group).at([float(time)])
    return read["se"][0] ** 2 if what == "var" else read["estimate"][0]


@pytest.mark.parametrize(("dataset", "analysis", "quantity", "value"), reference_rows())
def test_reference_row(dataset: str, analysis: str, quantity: str, value: str) -> None:
    ours = our_value(dataset, analysis, quantity)
    if value in ("NA", "NaN"):
        assert math.isnan(ours)
    else:
        assert f"{ours:.8g}" == f"{float(value):.8g}"


def test_no_row_is_overlooked() -> None:
    """180 rows are ours: if the reference grows, so must the tests."""
    assert len(reference_rows()) == 60 + 2 + 36 + 4 + 30 + 1 + 2 + 16 + 4 + 30 + 1 + 1 + 4 + 1
