"""From columns to covariates, and the same model from SQL."""

from __future__ import annotations

from typing import Any

import duckdb
import numpy as np
import pytest

from infantall.cohort.survival.cox import fit_cox
from infantall.cohort.survival.design_matrix import design, design_of_levels
from infantall.cohort.survival.errors import StatisticsError
from infantall.cohort.survival.fine_gray import fit_fine_gray
from infantall.cohort.survival.proportionality import proportional_hazards_test
from infantall.cohort.survival.sql_sums import SqlSource
from infantall.cohort.survival.time_sums import ArraySource

Columns = dict[str, np.ndarray[Any, Any]]


class TinyEngine:
    """DuckDB in ten lines: what `SqlSource` needs of an engine."""

    def __init__(self, columns: Columns) -> None:
        self.connection = duckdb.connect()
        kinds = {name: "VARCHAR" if values.dtype == object else "DOUBLE" for name, values in columns.items()}
        self.connection.execute(f"CREATE TABLE infants ({', '.join(f'{name} {kind}' for name, kind in kinds.items())})")
        rows = [list(row) for row in zip(*(values.tolist() for values in columns.values()), strict=True)]
        self.connection.executemany(f"INSERT INTO infants VALUES ({', '.join('?' * len(kinds))})", rows)
        self.lines = 0

    def columns(self, sql: str) -> Columns:
        found = self.connection.execute(sql).fetchnumpy()
        self.lines = max(self.lines, len(next(iter(found.values()))))
        return {
            name: np.ma.filled(values.astype(float) if values.dtype != object else values, np.nan)
            for name, values in found.items()
        }


def infants(n: int = 500, days: int = 25) -> Columns:
    draw = np.random.default_rng(8)
    status = np.array(["rearranged", "germline", "don't know"], dtype=object)[draw.integers(0, 3, n)]
    wbc = draw.lognormal(4, 1.5, n)
    time = np.ceil(days * draw.exponential(np.where(status == "germline", 2.0, 0.7)))
    return {
        "time": time,
        "event": draw.integers(0, 3, n).astype(float),
        "wbc": wbc,
        "status": status,
        "weight": draw.integers(1, 4, n) / 2,
        "entry": np.floor(time * 0.9 * draw.random(n)),
        "centre": np.array(["north", "south"], dtype=object)[draw.integers(0, 2, n)],
    }


def test_categories_name_their_reference() -> None:
    d = infants()
    model = design({"wbc": d["wbc"], "status": d["status"]}, {"status": "rearranged"})
    assert model.names == ("wbc", "status: don't know (reference: rearranged)", "status: germline (reference: rearranged)")
    assert model.groups == {"wbc": [0], "status": [1, 2]}
    assert model.references == {"status": "rearranged"}
    x = model.matrix(d)
    assert x[:, 0].tolist() == d["wbc"].tolist()
    assert x[:, 2].tolist() == (d["status"] == "germline").tolist()
    assert design({"status": d["status"]}).references == {"status": "don't know"}


def test_what_a_design_refuses() -> None:
    d = infants(20)
    with pytest.raises(StatisticsError, match="every value is missing"):
        design({"wbc": np.full(3, np.nan)})
    with pytest.raises(StatisticsError, match="same in all rows"):
        design({"wbc": np.array([2.0, np.nan, 2.0])})
    with pytest.raises(StatisticsError, match="only one level"):
        design({"status": np.array(["a", None, "a"], dtype=object)})
    with pytest.raises(StatisticsError, match="found 'purple'; expected one of"):
        design({"status": d["status"]}, {"status": "purple"})
    with pytest.raises(StatisticsError, match="is not a category"):
        design({"wbc": d["wbc"]}, {"wbc": "high"})
    with pytest.raises(StatisticsError, match="identifier"):
        design_of_levels({"id": [f"row {i}" for i in range(80)]})
    model = design({"status": d["status"]})
    with pytest.raises(StatisticsError, match="1 of 20 values are missing"):
        model.matrix({"status": np.where(np.arange(20) == 3, None, d["status"])})
    with pytest.raises(StatisticsError, match="found 'purple'"):
        model.matrix({"status": np.where(np.arange(20) == 3, "purple", d["status"])})


@pytest.mark.parametrize("options", [(), ("weight",), ("entry",), ("stratum",), ("weight", "entry", "stratum")])
def test_sql_and_arrays_give_one_cox_model(options: tuple[str, ...]) -> None:
    d = infants()
    model = design({"wbc": d["wbc"], "status": d["status"]})
    column = {"weight": "weight", "entry": "entry", "stratum": "centre"}
    engine = TinyEngine(d)
    by_sql = SqlSource(
        engine,
        "infants",
        time="time",
        event="event",
        covariates=model.sql({"wbc": '"wbc"', "status": '"status"'}),
        terms=model.names,
        **{option: column[option] for option in options},
    )
    by_array = ArraySource(
        d["time"], d["event"], model.matrix(d), terms=model.names, **{option: d[column[option]] for option in options}
    )
    for cause in (1, 2):
        ours, theirs = fit_cox(by_sql, cause=cause), fit_cox(by_array, cause=cause)
        np.testing.assert_allclose(ours.coef, theirs.coef, rtol=1e-9)
        np.testing.assert_allclose(ours.covariance, theirs.covariance, rtol=1e-9)
        assert ours.loglik == pytest.approx(theirs.loglik, rel=1e-12)
        assert (ours.n, ours.events, ours.terms) == (theirs.n, theirs.events, theirs.terms)
        for line, other in zip(
            proportional_hazards_test(by_sql, ours, groups=model.groups),
            proportional_hazards_test(by_array, theirs, groups=model.groups),
            strict=True,
        ):
            assert line.chisq == pytest.approx(other.chisq, rel=1e-7)
    assert engine.lines <= 6 * len(np.unique(d["time"]))


def test_sql_and_arrays_give_one_fine_gray_model() -> None:
    d = infants()
    x = np.column_stack((d["wbc"], d["status"] == "germline"))
    expressions = ["wbc", "CASE WHEN status = 'germline' THEN 1.0e0 ELSE 0.0e0 END"]
    by_sql = SqlSource(TinyEngine(d), "infants", time="time", event="event", covariates=expressions)
    ours, theirs = fit_fine_gray(by_sql), fit_fine_gray(ArraySource(d["time"], d["event"], x))
    np.testing.assert_allclose(ours.coef, theirs.coef, rtol=1e-9)
    np.testing.assert_allclose(ours.covariance, theirs.covariance, rtol=1e-9)


def test_sql_refuses_what_arrays_refuse_and_where_leaves_out() -> None:
    d = infants(60)
    d["wbc"] = np.where(np.arange(60) < 4, np.nan, d["wbc"])
    engine = TinyEngine(d)
    engine.connection.execute("UPDATE infants SET wbc = NULL WHERE isnan(wbc)")
    common: dict[str, Any] = {"time": "time", "event": "event"}
    with pytest.raises(StatisticsError, match=r"'wbc': 4 of 60 values are missing"):
        SqlSource(engine, "infants", covariates=["wbc"], **common)
    left = SqlSource(engine, "infants", covariates=["wbc"], where="wbc IS NOT NULL", **common)
    kept = ~np.isnan(d["wbc"])
    np.testing.assert_allclose(
        fit_cox(left).coef, fit_cox(ArraySource(d["time"][kept], d["event"][kept], d["wbc"][kept])).coef, rtol=1e-9
    )
    with pytest.raises(StatisticsError, match="entry: 60 of 60"):
        SqlSource(engine, "infants", covariates=["weight"], entry="time", **common)
    with pytest.raises(StatisticsError, match="weight: 60 of 60"):
        SqlSource(engine, "infants", covariates=["weight"], weight="-weight", **common)
    with pytest.raises(StatisticsError, match="found no rows"):
        SqlSource(engine, "infants", covariates=["weight"], where="time < 0", **common)
    with pytest.raises(StatisticsError, match="at least one"):
        SqlSource(engine, "infants", covariates=[], **common)


def test_too_many_distinct_times_are_not_brought_back(monkeypatch: pytest.MonkeyPatch) -> None:
    from infantall.cohort.survival import sql_sums

    monkeypatch.setattr(sql_sums, "LARGEST_TABLE", 5)
    with pytest.raises(StatisticsError, match="Round the times"):
        SqlSource(TinyEngine(infants(60)), "infants", time="time", event="event", covariates=["wbc"])
