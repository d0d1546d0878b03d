"""The survival command's engine room: cut by SQL = cut in arrays, added up by the engine = read into memory, nothing lost silently."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from infantall.cohort import regressions
from infantall.cohort.analysis import survival
from infantall.cohort.question import Question
from infantall.cohort.results import SurvivalResult
from infantall.cohort.survival import transplant as arrays
from infantall.cohort.tables import CohortTable, open_table
from infantall.knowledge.library import Knowledge
from infantall.text.problems import InputError


def table_of(folder: Path, knowledge: Knowledge, columns: dict[str, Sequence[Any]]) -> CohortTable:
    lines = [",".join(columns)]
    lines += [",".join("" if v is None or v != v else str(v) for v in row) for row in zip(*columns.values(), strict=True)]
    path = folder / "table.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return open_table(str(path), knowledge)


def infants(seed: int, n: int = 120, *, on_day_zero: bool = False) -> dict[str, Sequence[Any]]:
    source = np.random.default_rng(seed)
    time = source.integers(0 if on_day_zero else 1, 60, n).astype(float)
    day = np.where(source.random(n) < 0.5, source.integers(0, 40, n), np.nan)
    return {
        "id": [f"i{i}" for i in range(n)],
        "name": [f"infant {i}" for i in range(n)],
        "days": time,
        "status": source.integers(0, 3, n),
        "moved": day,
        "arm": source.choice(["a", "b", "c"], n),
        "centre": source.choice(["x", "y"], n),
        "dose_level": np.round(source.normal(size=n), 2),
    }


def asked(table: CohortTable, **more: Any) -> SurvivalResult:
    return survival(table, Question(time="days", event="status", **more))


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("on_day_zero", [False, True])
def test_transplant_cut_by_the_engine_is_transplant_cut_in_arrays(
    seed: int, on_day_zero: bool, tmp_path: Path, knowledge: Knowledge
) -> None:
    data = infants(seed, on_day_zero=on_day_zero)
    found = asked(table_of(tmp_path, knowledge, data), transplant="moved", landmark=15.0, at=(10.0, 30.0)).transplant
    assert found is not None
    time, event, day = (np.asarray(data[name], dtype=float) for name in ("days", "status", "moved"))
    expected = arrays.mantel_byar(time, event, day)
    mantel_byar = next(test for test in found.tests if test.name == "mantel-byar")
    assert mantel_byar.statistic == pytest.approx(expected.statistic, rel=1e-12)
    for ours, theirs in zip(found.simon_makuch, arrays.simon_makuch(time, event, day), strict=True):
        assert ours.at["estimate"] == pytest.approx(theirs.at([10.0, 30.0])["estimate"].tolist(), nan_ok=True)
        assert ours.at["se"] == pytest.approx(theirs.at([10.0, 30.0])["se"].tolist(), nan_ok=True)
    marked = arrays.landmark(time, event, day, 15.0)
    landmark = next(test for test in found.tests if test.name == "landmark log-rank")
    assert landmark.statistic == pytest.approx(marked.test.statistic, rel=1e-12)
    assert [c.n for c in found.landmark] == [marked.n - marked.n_transplanted, marked.n_transplanted]
    curves, test = arrays.naive(time, event, day)
    naive = next(test for test in found.tests if test.name.startswith("ever"))
    assert naive.statistic == pytest.approx(test.statistic, rel=1e-12)
    assert naive.note.startswith("biased")
    assert [c.n for c in found.naive] == [c.n for c in curves]


@pytest.mark.parametrize(("model", "strata"), [("cox", None), ("cox", "centre"), ("finegray", None)])
def test_added_up_by_the_engine_is_read_into_memory(
    model: Any, strata: str | None, tmp_path: Path, knowledge: Knowledge, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = table_of(tmp_path, knowledge, infants(3))
    question = {"model": model, "covariates": ("arm", "dose_level"), "strata": strata}
    in_memory = asked(table, **question)
    monkeypatch.setattr(regressions, "CELLS_IN_MEMORY", 0)
    by_engine = asked(table, **question)
    assert len(in_memory.models) == len(by_engine.models) == 2
    for a, b in zip(in_memory.models, by_engine.models, strict=True):
        assert [t.coef for t in a.terms] == pytest.approx([t.coef for t in b.terms], rel=1e-8)
        assert [t.se for t in a.terms] == pytest.approx([t.se for t in b.terms], rel=1e-8)
        assert a.ph_global_p == pytest.approx(b.ph_global_p, rel=1e-6) if a.ph_global_p is not None else b.ph_global_p is None


def test_words_are_numbered_and_said(tmp_path: Path, knowledge: Knowledge) -> None:
    data = infants(1) | {"status": ["none", "relapse", "death_in_remission", "surprise"] * 30}
    result = asked(table_of(tmp_path, knowledge, data))
    assert result.causes == {"1": "relapse", "2": "death_in_remission", "3": "surprise"}
    assert any("none taken as censored" in line for line in result.methods)
    assert {curve.cause for curve in result.incidence} == {"1", "2", "3"}


def test_rows_that_cannot_be_used_are_counted(tmp_path: Path, knowledge: Knowledge) -> None:
    data = infants(2)
    data["days"] = [-1.0, None, *data["days"][2:]]  # type: ignore[list-item]
    data["arm"] = ["a", "a", None, *data["arm"][3:]]  # type: ignore[list-item]
    result = asked(table_of(tmp_path, knowledge, data), by="arm")
    assert (result.n, result.left_out) == (117, 3)
    assert sum(curve.n for curve in result.survival) == 117


def test_missing_covariates_are_counted_in_the_model_alone(tmp_path: Path, knowledge: Knowledge) -> None:
    data = infants(4)
    data["dose_level"] = [None] * 7 + list(data["dose_level"][7:])
    result = asked(table_of(tmp_path, knowledge, data), model="cox", covariates=("dose_level",))
    assert result.n == 120
    assert {model.left_out for model in result.models} == {7}
    assert {model.n for model in result.models} == {113}


def test_exact_ties_agree_with_efron_without_ties(tmp_path: Path, knowledge: Knowledge) -> None:
    data = infants(5) | {"days": np.arange(1.0, 121.0)}
    table = table_of(tmp_path, knowledge, data)
    exact, efron = (asked(table, model="cox", covariates=("dose_level",), ties=ties).models[0] for ties in ("exact", "efron"))
    assert exact.terms[0].coef == pytest.approx(efron.terms[0].coef, rel=1e-8)


def test_a_correction_leaves_the_values_and_adds_its_own(tmp_path: Path, knowledge: Knowledge) -> None:
    table = table_of(tmp_path, knowledge, infants(6))
    plain, corrected = asked(table, by="arm"), asked(table, by="arm", correction="holm")
    assert [t.p for t in plain.tests] == [t.p for t in corrected.tests]
    assert all(t.adjusted_p is None for t in plain.tests)
    assert all(t.adjusted_p is not None and t.adjusted_p >= t.p for t in corrected.tests)


def test_restricted_means_and_medians(tmp_path: Path, knowledge: Knowledge) -> None:
    data = infants(7) | {"arm": ["a", "b"] * 60}
    result = asked(table_of(tmp_path, knowledge, data), by="arm", rmst=30.0)
    assert all(curve.rmst is not None and 0 < curve.rmst[0] <= 30 for curve in result.survival)
    between = next(test for test in result.tests if test.name == "restricted mean")
    assert 0 <= between.p <= 1
    first, second = (curve.rmst for curve in result.survival)
    assert first is not None and second is not None
    assert f"{second[0] - first[0]:.4g}" in between.note


def test_late_entry_is_respected(tmp_path: Path, knowledge: Knowledge) -> None:
    data = infants(8)
    data["days"] = np.asarray(data["days"]) + 10
    data["came"] = np.minimum(np.arange(120) % 9, np.asarray(data["days"]) - 1)
    result = asked(table_of(tmp_path, knowledge, data), entry="came", by="arm")
    assert {test.name for test in result.tests} == {"log-rank"}
    assert any("Gray's test is not made" in line for line in result.methods)
    assert sum(curve.at_risk[0] for curve in result.survival) < 120


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"covariates": ("arm",)}, "--model cox"),
        ({"model": "cox"}, "--covariates"),
        ({"landmark": 5.0}, "--transplant"),
        ({"model": "finegray", "covariates": ("arm",), "strata": "centre"}, "without left truncation and strata"),
        ({"by": "centr"}, "did you mean 'centre'"),
        ({"by": "dose_level"}, "at most 20 groups"),
        ({"model": "cox", "covariates": ("name",)}, "different texts"),
        ({"event": "arm"}, "0 = censored"),
    ],
)
def test_a_question_that_cannot_be_answered_says_why(
    more: dict[str, Any], says: str, tmp_path: Path, knowledge: Knowledge
) -> None:
    table = table_of(tmp_path, knowledge, infants(9))
    with pytest.raises(InputError) as caught:
        survival(table, replace(Question(time="days", event="status"), **more))
    assert says in str(caught.value)


def test_nobody_left_to_analyse(tmp_path: Path, knowledge: Knowledge) -> None:
    table = table_of(tmp_path, knowledge, infants(10) | {"days": [-1.0] * 120})
    with pytest.raises(InputError, match="none of 120 rows"):
        asked(table)


def test_nobody_transplanted(tmp_path: Path, knowledge: Knowledge) -> None:
    found = asked(table_of(tmp_path, knowledge, infants(11) | {"moved": [1000.0] * 120}), transplant="moved").transplant
    assert found is not None and found.n_transplanted == 0
    assert any("nothing to compare" in notice for notice in found.notices)


def test_no_event_at_all(tmp_path: Path, knowledge: Knowledge) -> None:
    result = asked(table_of(tmp_path, knowledge, infants(12) | {"status": [0] * 120}), by="arm")
    assert all(curve.events == 0 and curve.estimate[-1] == 1.0 for curve in result.survival)
    assert all(math.isnan(test.p) and test.note for test in result.tests)
