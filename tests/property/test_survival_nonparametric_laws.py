"""What must hold of curves and tests for any rows at all."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st

from infantall.cohort.survival.cumulative_incidence import cumulative_incidence, gray_test
from infantall.cohort.survival.kaplan_meier import kaplan_meier
from infantall.cohort.survival.life_table import LifeTable, life_table, life_table_from_counts
from infantall.cohort.survival.log_rank import log_rank
from infantall.cohort.survival.observations import checked
from infantall.cohort.survival.restricted_mean import restricted_mean
from infantall.cohort.survival.transplant import mantel_byar, split_at_transplant


@dataclass(frozen=True)
class Rows:
    time: np.ndarray
    event: np.ndarray
    group: np.ndarray
    stratum: np.ndarray
    weight: np.ndarray


@st.composite
def rows(draw: st.DrawFn) -> Rows:
    """Up to 25 rows; times on a whole, a half or an uneven grid, so that ties are frequent."""
    n = draw(st.integers(1, 25))
    step = draw(st.sampled_from([1.0, 0.5, 0.1]))

    def column(low: int, high: int) -> np.ndarray:
        return np.array(draw(st.lists(st.integers(low, high), min_size=n, max_size=n)))

    return Rows(column(0, 12) * step, column(0, 2), column(0, 2), column(0, 1), column(1, 3).astype(float))


def same(a: LifeTable, b: LifeTable) -> None:
    """Equal tables, to rounding."""
    for name in ("times", "events", "censored", "at_risk"):
        np.testing.assert_allclose(getattr(a, name), getattr(b, name), rtol=1e-12, atol=1e-12)
    assert (a.groups, a.strata, a.causes) == (b.groups, b.strata, b.causes)


def equal(a: float, b: float) -> None:
    np.testing.assert_allclose(a, b, rtol=1e-9, atol=1e-12, equal_nan=True)


@given(rows(), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(r: Rows, random: object) -> None:
    order = np.random.default_rng(random.randrange(2**32)).permutation(len(r.time))
    same(
        life_table(checked(r.time, r.event, group=r.group, stratum=r.stratum)),
        life_table(checked(r.time[order], r.event[order], group=r.group[order], stratum=r.stratum[order])),
    )


@given(rows())
def test_weights_are_repeated_rows(r: Rows) -> None:
    again = np.repeat(np.arange(len(r.time)), r.weight.astype(int))
    weighted = life_table(checked(r.time, r.event, group=r.group, stratum=r.stratum, weight=r.weight))
    repeated = life_table(checked(r.time[again], r.event[again], group=r.group[again], stratum=r.stratum[again]))
    same(weighted, repeated)
    if len(weighted.groups) > 1:
        equal(log_rank(weighted).statistic, log_rank(repeated).statistic)
        equal(gray_test(weighted, 1).statistic, gray_test(repeated, 1).statistic)


@given(rows())
def test_counted_rows_are_plain_rows(r: Rows) -> None:
    keys, counts = np.unique(np.column_stack([r.time, r.event, r.group, r.stratum]), axis=0, return_counts=True)
    counted = life_table_from_counts(keys[:, 0], keys[:, 1], counts, group=keys[:, 2].astype(int), stratum=keys[:, 3].astype(int))
    plain = life_table(checked(r.time, r.event, group=r.group, stratum=r.stratum))
    same(counted, plain)
    assert np.array_equal(counted.n, plain.n)


@given(rows(), st.lists(st.floats(0.05, 0.95), min_size=25, max_size=25))
def test_a_row_cut_in_two_is_the_same_row(r: Rows, where: list[float]) -> None:
    kept = r.time > 0
    assume(kept.any())
    time, event, group = r.time[kept], r.event[kept], r.group[kept]
    cut = time * np.array(where[: len(time)])
    pieces = life_table(
        checked(
            np.concatenate([cut, time]),
            np.concatenate([np.zeros(len(time)), event]),
            entry=np.concatenate([np.zeros(len(time)), cut]),
            group=np.concatenate([group, group]),
        )
    )
    whole = life_table(checked(time, event, group=group))
    if len(whole.groups) > 1:
        equal(log_rank(pieces).statistic, log_rank(whole).statistic)
    for ours, theirs in zip(kaplan_meier(pieces), kaplan_meier(whole), strict=True):
        place = np.searchsorted(ours.times, theirs.times)
        np.testing.assert_allclose(ours.estimate[place], theirs.estimate, rtol=1e-12)
        np.testing.assert_allclose(ours.se[place], theirs.se, rtol=1e-9)


@given(rows())
def test_incidences_add_up_to_one_minus_survival(r: Rows) -> None:
    table = life_table(checked(r.time, r.event, group=r.group))
    by_cause = [cumulative_incidence(table, cause) for cause in (1, 2)]
    for index, curve in enumerate(kaplan_meier(table)):
        total = sum(curves[index].estimate for curves in by_cause)
        np.testing.assert_allclose(total, 1.0 - curve.estimate, rtol=1e-12, atol=1e-13)


@given(rows())
def test_without_censoring_survival_is_the_share_still_alive(r: Rows) -> None:
    (curve,) = kaplan_meier(life_table(checked(r.time, np.ones(len(r.time)))))
    np.testing.assert_allclose(curve.estimate, [(r.time > t).mean() for t in curve.times], rtol=1e-12, atol=1e-13)
    if curve.last > 0:
        equal(restricted_mean(curve, curve.last).mean, r.time.mean())


@given(rows())
def test_curves_keep_within_bounds(r: Rows) -> None:
    table = life_table(checked(r.time, r.event, group=r.group))
    for curve in (*kaplan_meier(table), *cumulative_incidence(table, 1)):
        assert curve.times[0] == 0.0
        assert np.all((curve.estimate >= 0) & (curve.estimate <= 1 + 1e-12))
        known = ~np.isnan(curve.low)
        assert np.all(curve.low[known] <= curve.estimate[known] + 1e-12)
        assert np.all(curve.high[known] >= curve.estimate[known] - 1e-12)
        rising = np.diff(curve.estimate) * (1 if curve.cause else -1)
        assert np.all(rising >= -1e-12)


@given(rows())
def test_groups_by_any_name_give_the_same_test(r: Rows) -> None:
    assume(len(set(r.group)) > 1)
    names = np.array(["low", "medium", "high"], dtype=object)[r.group]
    numbers = life_table(checked(r.time, r.event, group=r.group, stratum=r.stratum))
    named = life_table(checked(r.time, r.event, group=names, stratum=r.stratum))
    equal(log_rank(numbers).statistic, log_rank(named).statistic)
    equal(log_rank(numbers).observed.sum(), log_rank(numbers).expected.sum())


@given(rows())
def test_gray_does_not_depend_on_which_group_is_left_out(r: Rows) -> None:
    assume(len(set(r.group)) > 1)
    forward = gray_test(life_table(checked(r.time, r.event, group=r.group)), 1)
    backward = gray_test(life_table(checked(r.time, r.event, group=-r.group)), 1)
    if not (np.isnan(forward.statistic) or np.isnan(backward.statistic)):
        np.testing.assert_allclose(forward.statistic, backward.statistic, rtol=1e-6, atol=1e-9)


@given(rows(), st.lists(st.integers(0, 14), min_size=25, max_size=25))
def test_cutting_at_transplant_keeps_time_and_events(r: Rows, days: list[int]) -> None:
    day = np.where(r.group == 0, np.nan, np.array(days[: len(r.time)], dtype=float))
    pieces = split_at_transplant(r.time, r.event, day)
    assert np.all(pieces.entry < pieces.time)
    start = pieces.entry.min()
    follow_up = np.bincount(pieces.row, weights=pieces.time - np.maximum(pieces.entry, 0.0), minlength=len(r.time))
    np.testing.assert_allclose(follow_up, r.time)
    assert start in (0.0, -1.0) or np.isnan(day).sum() == 0
    assert np.bincount(pieces.row, weights=pieces.event, minlength=len(r.time)).tolist() == r.event.tolist()
    if 0 < pieces.transplanted.sum() < len(pieces.row):
        assert mantel_byar(r.time, r.event, day).observed.sum() == (r.event > 0).sum()
