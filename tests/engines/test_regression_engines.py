"""Cox and Fine–Gray: one answer from arrays, from DuckDB and from Spark, and only one line a time comes back."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from helpers.spark import spark  # noqa: F401
from infantall.cohort.engines import Engine, open_engine
from infantall.cohort.survival.cox import fit_cox
from infantall.cohort.survival.fine_gray import fit_fine_gray
from infantall.cohort.survival.proportionality import proportional_hazards_test
from infantall.cohort.survival.sql_sums import SqlSource
from infantall.cohort.survival.time_sums import ArraySource

ROWS = 300
DAYS = 12


def infants() -> dict[str, np.ndarray[Any, Any]]:
    draw = np.random.default_rng(5)
    time = draw.integers(1, DAYS + 1, ROWS).astype(float)
    return {
        "time": time,
        "event": draw.integers(0, 3, ROWS).astype(float),
        "wbc": draw.lognormal(4, 1.5, ROWS),
        "germline": draw.integers(0, 2, ROWS).astype(float),
        "entry": np.floor(time * draw.random(ROWS)),
        "centre": np.array(["north", "it's south"])[draw.integers(0, 2, ROWS)],
    }


def relation(d: dict[str, np.ndarray[Any, Any]]) -> str:
    def written(value: Any) -> str:
        return "'" + value.replace("'", "''") + "'" if isinstance(value, str) else f"{value:.17e}"

    lines = ["(" + ", ".join(written(v) for v in row) + ")" for row in zip(*(c.tolist() for c in d.values()), strict=True)]
    return f"(SELECT * FROM (VALUES {', '.join(lines)}) AS v({', '.join(d)}))"


def test_duckdb_and_arrays_agree() -> None:
    check_against_arrays(open_engine("duckdb"))


@pytest.mark.spark
def test_spark_and_arrays_agree(spark: Engine) -> None:  # noqa: F811
    check_against_arrays(spark)


def check_against_arrays(engine: Engine) -> None:
    d = infants()
    table = engine.new_name("infants")
    engine.create_table(table, f"SELECT * FROM {relation(d)} AS made_up")
    x = np.column_stack((d["wbc"], d["germline"]))
    common: dict[str, Any] = {"time": "time", "event": "event", "covariates": ["wbc", "germline"]}

    plain, from_array = SqlSource(engine, table, **common), ArraySource(d["time"], d["event"], x)
    ours, theirs = fit_fine_gray(plain), fit_fine_gray(from_array)
    np.testing.assert_allclose(ours.coef, theirs.coef, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(ours.covariance, theirs.covariance, rtol=1e-9)

    strata, from_array = (
        SqlSource(engine, table, entry="entry", stratum="centre", **common),
        ArraySource(d["time"], d["event"], x, entry=d["entry"], stratum=d["centre"]),
    )
    fetched = engine.fetched
    ours, theirs = fit_cox(strata, cause=2), fit_cox(from_array, cause=2)
    np.testing.assert_allclose(ours.coef, theirs.coef, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(ours.covariance, theirs.covariance, rtol=1e-9)
    one_pass = 2 * (DAYS + 1) * 4
    assert engine.fetched - fetched <= one_pass * (ours.iterations + 2)
    tests = zip(proportional_hazards_test(strata, ours), proportional_hazards_test(from_array, theirs), strict=True)
    for one, other in tests:
        assert one.chisq == pytest.approx(other.chisq, rel=1e-7)
    engine.drop_table(table)
