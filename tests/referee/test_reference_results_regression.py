"""Every regression among the reference results of the evidence folder, to the digits printed there (eight)."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from infantall.cohort.survival.cox import cox
from infantall.cohort.survival.cox_exact import cox_exact
from infantall.cohort.survival.design_matrix import design
from infantall.cohort.survival.fine_gray import SubdistributionLikelihood, fine_gray
from infantall.cohort.survival.regression import Fit
from infantall.cohort.survival.time_sums import ArraySource

DATA = Path(__file__).parents[2].parent / "shared" / "evidence" / "data"
pytestmark = [pytest.mark.referee, pytest.mark.skipif(not DATA.is_dir(), reason="the evidence folder is not here")]

Columns = dict[str, np.ndarray[Any, Any]]


def table(name: str) -> Columns:
    with (DATA / f"{name}.csv").open() as file:
        rows = list(csv.DictReader(file))
    columns: Columns = {}
    for column in rows[0]:
        texts = [row[column] for row in rows]
        try:
            columns[column] = np.array([np.nan if text in ("", "NA") else float(text) for text in texts])
        except ValueError:
            columns[column] = np.array(texts, dtype=object)
    return columns


def reference() -> dict[tuple[str, str], dict[str, float]]:
    found: dict[tuple[str, str], dict[str, float]] = {}
    with (DATA / "reference_results.csv").open() as file:
        for row in csv.DictReader(file):
            if any(word in row["analysis"] for word in ("Cox", "Fine-Gray", "score test")):
                found.setdefault((row["dataset"], row["analysis"]), {})[row["quantity"]] = float(row["value"])
    return found


def agree(ours: dict[str, float], printed: dict[str, float]) -> None:
    """Eight digits, of which the last may be rounded otherwise; R's usual stopping rule leaves coefficients uncertain by some 1e-9."""
    assert set(ours) == set(printed)
    for quantity, value in printed.items():
        assert ours[quantity] == pytest.approx(value, rel=6e-8, abs=4e-9), quantity


def coefficients(fit: Fit, names: list[str], *, se: bool) -> dict[str, float]:
    out = {f"{name} coef": float(c) for name, c in zip(names, fit.coef, strict=True)}
    if se:
        out |= {f"{name} se": float(s) for name, s in zip(names, fit.se, strict=True)}
    return out


def fine_gray_as_printed(time: Any, event: Any, x: Any, names: list[str], cause: int = 1) -> dict[str, float]:
    """What ``crr`` printed. By default it stops as soon as the gradient is below a millionth of the log-likelihood, up to 1e-6 from
    the maximum; so the same steps are stopped here by the same rule, and the maximum itself has to be as near as that."""
    source = ArraySource(time, event, x)
    likelihood = SubdistributionLikelihood(source, cause)
    beta = np.zeros(x.shape[1])
    point = likelihood.at(beta)
    while np.max(np.abs(point.score * source.scale) * np.maximum(np.abs(beta / source.scale), 1)) >= 1e-6 * max(
        abs(point.loglik), 1
    ):
        beta = beta + np.linalg.solve(point.information, point.score)
        point = likelihood.at(beta)
    inverse = np.linalg.inv(point.information)
    se = np.sqrt(np.diagonal(inverse @ likelihood.influence_variance(beta) @ inverse)) / source.scale
    coef = beta / source.scale
    fit = fine_gray(time, event, x, cause=cause)
    np.testing.assert_allclose(fit.coef, coef, atol=2e-6)
    np.testing.assert_allclose(fit.se, se, rtol=1e-5)
    both = zip(names, coef, se, strict=True)
    return {f"{name} {what}": float(value) for name, c, s in both for what, value in (("coef", c), ("se", s))}


def bone_marrow() -> dict[tuple[str, str], dict[str, float]]:
    d = table("KMsurv_bmt")
    names = ["factor(group)2", "factor(group)3", "z8"]
    x = np.column_stack((d["group"] == 2, d["group"] == 3, d["z8"]))
    efron = cox(d["t2"], d["d3"], x)
    cause = np.where(d["d2"] == 1, 1, np.where(d["d3"] == 1, 2, 0))
    out = {
        "Cox DFS Breslow": coefficients(cox(d["t2"], d["d3"], x, ties="breslow"), names, se=True),
        "Cox DFS Efron": {**coefficients(efron, names, se=True), "loglik null": efron.loglik_null, "loglik fit": efron.loglik},
    }
    for k in (1, 2):
        out[f"cause-specific Cox Efron cause {k}"] = coefficients(cox(d["t2"], cause, x, cause=k), names, se=False)
        out[f"Fine-Gray cause {k}"] = fine_gray_as_printed(d["t2"], cause, x, ["g2", "g3", "fab"], k)
    return {("KMsurv_bmt", analysis): values for analysis, values in out.items()}


def heart() -> dict[tuple[str, str], dict[str, float]]:
    d = table("survival_heart")
    rows = {"time": d["stop"], "event": d["event"], "entry": d["start"]}
    transplant = d["transplant"]
    both = np.column_stack((d["age"], d["surgery"], transplant, d["age"] * transplant, d["surgery"] * transplant))
    names = ["age", "surgery", "transplant1", "age:transplant1", "surgery:transplant1"]
    efron, breslow, exact = cox(x=transplant, **rows), cox(x=transplant, ties="breslow", **rows), cox_exact(x=transplant, **rows)
    out = {
        "time-dependent Cox (Efron)": coefficients(efron, ["transplant"], se=True),
        "Mantel-Byar (score test of time-dependent Cox, Efron ties)": {"chisq": efron.score_statistic},
        "time-dependent Cox (Breslow)": coefficients(breslow, ["transplant"], se=False),
        "score test (Breslow ties)": {"chisq": breslow.score_statistic},
        "Mantel-Byar (score test of exact partial likelihood)": {"chisq": exact.score_statistic},
        "time-dependent Cox (age+surgery)*transplant": coefficients(cox(x=both, **rows), names, se=False),
    }
    return {("survival_heart", analysis): values for analysis, values in out.items()}


def six_mercaptopurine() -> dict[tuple[str, str], dict[str, float]]:
    d = table("KMsurv_drug6mp")
    time, event = np.concatenate((d["t1"], d["t2"])), np.concatenate((np.ones(len(d["t1"])), d["relapse"]))
    treated = np.repeat([0.0, 1.0], len(d["t1"]))
    efron, breslow = cox(time, event, treated), cox(time, event, treated, ties="breslow")
    return {
        ("KMsurv_drug6mp", "Cox Efron"): {"trt(6-MP) coef": float(efron.coef[0]), "se": float(efron.se[0])},
        ("KMsurv_drug6mp", "Cox Breslow"): {"trt(6-MP) coef": float(breslow.coef[0])},
    }


def relapse_after_transplant() -> dict[tuple[str, str], dict[str, float]]:
    d = table("casebase_bmtcrr")
    columns = {name: d[name] for name in ("Age", "Sex", "D", "Phase", "Source")}
    model = design(columns, {"Phase": "Relapse"})
    assert model.names[1:3] == ("Sex: M (reference: F)", "D: AML (reference: ALL)")
    ours = fine_gray_as_printed(d["ftime"], d["Status"], model.matrix(columns), ["Age", "SexM", "AML", "CR1", "CR2", "CR3", "PB"])
    return {("casebase_bmtcrr", "Fine-Gray relapse (reference: female, ALL, Relapse, BM+PB)"): ours}


def target_t_all() -> dict[tuple[str, str], dict[str, float]]:
    d = table("GRIN2_clin_data")
    x = np.column_stack((d["MRD.binary"], np.log2(d["WBC"]), d["Age_Days"] / 365.25))
    complete = np.isfinite(x).all(axis=1) & np.isfinite(d["efs.time"]) & np.isfinite(d["efs.censor"])
    fit = cox(d["efs.time"][complete], d["efs.censor"][complete], x[complete])
    names = ["MRD.binary", "log2(WBC)", "I(Age_Days/365.25)"]
    return {("GRIN2_clin_data", "Cox EFS Efron"): coefficients(fit, names, se=True)}


@pytest.mark.parametrize("study", [bone_marrow, heart, six_mercaptopurine, relapse_after_transplant, target_t_all])
def test_a_study(study: Any) -> None:
    printed = reference()
    for key, ours in study().items():
        agree(ours, printed[key])


def test_no_printed_regression_is_left_out() -> None:
    ours: set[tuple[str, str]] = set()
    for study in (bone_marrow, heart, six_mercaptopurine, relapse_after_transplant, target_t_all):
        ours |= set(study())
    assert ours == set(reference())
