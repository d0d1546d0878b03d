"""Curves, tests and refusals of the statistics room, by hand."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from infantall.cohort.curve_results import curve_result, group_test_result
from infantall.cohort.survival import counting
from infantall.cohort.survival import life_table as life_tables
from infantall.cohort.survival.cumulative_incidence import cumulative_incidence, gray_test
from infantall.cohort.survival.distributions import chi_square_upper_tail, critical_value, poisson_interval
from infantall.cohort.survival.errors import StatisticsError
from infantall.cohort.survival.kaplan_meier import kaplan_meier
from infantall.cohort.survival.life_table import life_table, life_table_from_counts
from infantall.cohort.survival.log_rank import log_rank, log_rank_trend
from infantall.cohort.survival.multiplicity import benjamini_hochberg, hochberg, holm
from infantall.cohort.survival.observations import checked
from infantall.cohort.survival.one_sample import one_sample_log_rank
from infantall.cohort.survival.restricted_mean import mean_difference, restricted_mean

# Freireich 1963, weeks in remission: the maintenance arm of the 6-MP trial, and its controls.
SIX_MP = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
SIX_MP_RELAPSE = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]
PLACEBO = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]


def freireich() -> Any:
    time = SIX_MP + PLACEBO
    event = SIX_MP_RELAPSE + [1] * len(PLACEBO)
    return life_table(checked(time, event, group=["6-MP"] * 21 + ["placebo"] * 21))


def test_the_textbook_table_of_the_six_mp_trial() -> None:
    """Survival 0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448; log-rank 16.79; medians 23 and 8 weeks."""
    treated, control = kaplan_meier(freireich())
    read = treated.at([6, 7, 10, 13, 16, 22, 23])
    assert np.round(read["estimate"], 3).tolist() == [0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448]
    assert read["at_risk"].tolist() == [21, 17, 15, 12, 11, 7, 6]
    assert (treated.median()[0], control.median()[0]) == (23.0, 8.0)
    test = log_rank(freireich())
    assert round(test.statistic, 2) == 16.79
    assert np.round(test.expected, 2).tolist() == [19.25, 10.75]
    assert test.p == pytest.approx(4.169e-5, rel=1e-3)
    assert log_rank_trend(test, [0, 1])[0] == pytest.approx(test.statistic)


def test_a_curve_by_hand() -> None:
    (curve,) = kaplan_meier(life_table(checked([1, 2, 2, 3], [1, 1, 0, 0])))
    assert curve.times.tolist() == [0, 1, 2, 3]
    assert curve.estimate.tolist() == [1.0, 0.75, 0.5, 0.5]
    assert curve.at_risk.tolist() == [4, 4, 3, 1]
    assert curve.se[2] == pytest.approx(0.5 * math.sqrt(1 / 12 + 1 / 6))
    assert curve.censor_times.tolist() == [2, 3]
    assert math.isnan(curve.low[0])
    assert not math.isnan(curve.low[1])


def test_an_exact_half_gives_the_middle_of_the_step() -> None:
    (curve,) = kaplan_meier(life_table(checked([1, 2, 4, 6], [1, 1, 1, 1])))
    assert curve.median()[0] == 3.0
    (curve,) = kaplan_meier(life_table(checked([1, 2, 4, 6], [1, 1, 0, 0])))
    assert curve.median()[0] == 2.0


def test_nothing_is_claimed_beyond_follow_up() -> None:
    alive, dead = kaplan_meier(life_table(checked([2, 5, 2, 3], [1, 0, 1, 1], group=[0, 0, 1, 1])))
    assert math.isnan(alive.at([5.1])["estimate"][0])
    assert alive.at([5.0])["estimate"][0] == 0.5
    assert dead.at([99.0])["estimate"][0] == 0.0
    assert alive.at([99.0])["at_risk"][0] == 0.0
    assert math.isnan(alive.at([-1.0])["estimate"][0])
    assert alive.at([0.0])["estimate"][0] == 1.0


def test_an_incidence_holds_for_ever_once_everybody_had_an_event() -> None:
    (complete,) = cumulative_incidence(life_table(checked([1, 2], [1, 2])), 1)
    (open_end,) = cumulative_incidence(life_table(checked([1, 2], [1, 0])), 1)
    assert complete.at([9.0])["estimate"][0] == 0.5
    assert math.isnan(open_end.at([9.0])["estimate"][0])


def test_rounding_of_weights_leaves_nobody_behind() -> None:
    """0.1 + 0.2 + 0.3 is not 0.6 to the last digit; survival must still come down to 0, and stay defined."""
    table = life_table(checked([2, 2, 2, 5], [1, 1, 1, 1], entry=[0, 1, 0, 2], weight=[0.1, 0.2, 0.3, 0.7]))
    (curve,) = kaplan_meier(table)
    assert curve.estimate.tolist() == [1, 0, 0]
    assert "falls to 0" in curve.notices[0]


def test_a_death_on_day_0_counts() -> None:
    (curve,) = kaplan_meier(life_table(checked([0, 3, 4], [1, 1, 0])))
    assert curve.times.tolist() == [0, 3, 4]
    assert curve.estimate.tolist() == pytest.approx([2 / 3, 1 / 3, 1 / 3])


def test_no_event_at_all() -> None:
    table = life_table(checked([1, 2, 3], [0, 0, 0], group=[0, 1, 1]))
    curve = kaplan_meier(table)[1]
    assert set(curve.estimate) == {1.0}
    assert math.isnan(curve.median()[0])
    test = log_rank(table)
    assert math.isnan(test.p)
    assert "no event" in test.note
    assert "no event" in gray_test(table, 1).note
    assert cumulative_incidence(table, 1)[0].events == 0


def test_only_one_group_at_risk_when_events_happen() -> None:
    test = log_rank(life_table(checked([1, 5, 6], [0, 1, 1], group=["a", "b", "b"])))
    assert (test.df, math.isnan(test.p)) == (0, True)
    assert "only one group" in test.note


def test_late_entry_that_empties_the_risk_set_is_said() -> None:
    (curve,) = kaplan_meier(life_table(checked([1, 5, 6], [1, 1, 0], entry=[0, 2, 2])))
    assert curve.estimate.tolist() == [1, 0, 0, 0]
    assert "falls to 0 at time 1" in curve.notices[0]
    assert curve.at_risk.tolist() == [1, 1, 2, 1]


def test_an_entry_before_the_start_is_follow_up_from_the_very_beginning() -> None:
    late = life_table(checked([0, 3, 4], [1, 1, 0], entry=[-1, -1, -1]))
    plain = life_table(checked([0, 3, 4], [1, 1, 0]))
    assert late.at_risk.tolist() == plain.at_risk.tolist()


def test_cumulative_incidence_by_hand() -> None:
    """Two causes among four infants: at time 1 relapse, at 2 death, at 3 relapse, at 4 censored."""
    table = life_table(checked([1, 2, 3, 4], [1, 2, 1, 0]))
    (relapse,) = cumulative_incidence(table, 1)
    (death,) = cumulative_incidence(table, 2)
    assert relapse.estimate.tolist() == [0.0, 0.25, 0.25, 0.5, 0.5]
    assert death.estimate.tolist() == [0.0, 0.0, 0.25, 0.25, 0.25]
    with pytest.raises(StatisticsError, match="found a cumulative incidence"):
        relapse.median()


def test_gray_refuses_late_entry_and_says_what_to_do() -> None:
    table = life_table(checked([2, 3], [1, 1], entry=[0, 1], group=[0, 1]))
    with pytest.raises(StatisticsError, match="cause-specific"):
        gray_test(table, 1)


def test_restricted_mean_by_hand() -> None:
    """Four deaths at 1, 2, 3, 4: the area up to 3 is 1 + 0.75 + 0.5."""
    curve, other = kaplan_meier(life_table(checked([1, 2, 3, 4, 4, 4], [1, 1, 1, 1, 0, 0], group=[0, 0, 0, 0, 1, 1])))
    assert restricted_mean(curve, 3.0).mean == 2.25
    difference = mean_difference(curve, other, 3.0)
    assert difference.difference == 0.75
    assert difference.low < 0.75 < difference.high
    with pytest.raises(StatisticsError, match="followed to 4 only"):
        restricted_mean(other, 5.0)
    assert restricted_mean(curve, 9.0).mean == 2.5
    with pytest.raises(StatisticsError, match="positive time"):
        restricted_mean(curve, 0.0)


def test_one_sample_by_hand() -> None:
    """A constant hazard of 0.1 up to time 10: the expected events are a tenth of the follow-up up to then."""
    table = life_table(checked([2, 5, 20], [1, 0, 1]))
    points = [5.0, 10.0]
    test = one_sample_log_rank(table, points, np.exp(-0.1 * np.array(points)))
    assert test.observed == 1
    assert test.expected == pytest.approx(0.2 + 0.5 + 1.0)
    assert test.statistic == pytest.approx(0.7**2 / 1.7)
    assert test.cut == 1
    assert any("1 infants followed beyond 10" in n for n in test.notices)
    assert test.low < test.ratio < test.high
    late = one_sample_log_rank(life_table(checked([5], [1], entry=[2])), points, np.exp(-0.1 * np.array(points)))
    assert late.expected == pytest.approx(0.3)


@pytest.mark.parametrize(
    ("times", "survival", "message"),
    [
        ([1.0], [0.0], "not above 0"),
        ([1.0, 2.0], [0.5, 0.6], "rise"),
        ([2.0, 1.0], [0.9, 0.8], "increasing"),
        ([], [], "one of each"),
        ([0.0], [1.0], "no point after"),
        ([1.0], [80.0], "as a proportion"),
    ],
)
def test_one_sample_refuses_what_is_no_curve(times: list[float], survival: list[float], message: str) -> None:
    with pytest.raises(StatisticsError, match=message):
        one_sample_log_rank(life_table(checked([1], [1])), times, survival)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"time": [], "event": []}, "no rows"),
        (
            {"time": [1, math.nan, math.nan], "event": [0, 0, 0]},
            r"time: 2 of 3 values are missing or not finite \(the first at index 1",
        ),
        ({"time": [1, -2], "event": [0, 0]}, "negative"),
        ({"time": [1, math.inf], "event": [0, 0]}, "not finite"),
        ({"time": ["a", "b"], "event": [0, 0]}, "not numbers"),
        ({"time": [[1, 2]], "event": [0, 0]}, "2 dimensions"),
        ({"time": [1, 2], "event": [0]}, "1 values for 2 times"),
        ({"time": [1, 2], "event": [0, None]}, "event: 1 of 2 values are missing"),
        ({"time": [1, 2], "event": [0, 0.5]}, "not whole numbers"),
        ({"time": [1, 2], "event": [0, -1]}, "negative"),
        ({"time": [1, 2], "event": [0, 1], "entry": [1, 1]}, r"entry: 1 of 2 values are not before"),
        ({"time": [1, 2], "event": [0, 1], "entry": [0, math.nan]}, "entry: 1 of 2 values are missing"),
        ({"time": [1, 2], "event": [0, 1], "weight": [1, 0]}, "positive weight"),
        ({"time": [1, 2], "event": [0, 1], "group": ["a", None]}, "group: 1 of 2 values are missing"),
        ({"time": [1, 2], "event": [0, 1], "group": [1.0, math.nan]}, "group: 1 of 2 values are missing"),
        ({"time": [1, 2], "event": [0, 1], "stratum": ["a"]}, "stratum: found labels of shape"),
    ],
)
def test_refusals_say_how_many_and_where(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(StatisticsError, match=message):
        checked(**arguments)


def test_labels_of_any_kind_are_kept() -> None:
    assert checked([1, 2], [0, 1], group=[True, False]).group_labels == (False, True)
    assert checked([1, 2], [0, 1], group=np.array([900_000, 5])).group_labels == (5, 900_000)
    assert checked([1, 2, 3], [0, 1, 1], group=[3, "HR", 3]).group_labels == (3, "HR")
    assert checked([1, 2], [0, 1], group=np.array(["b", "a"])).group_labels == ("a", "b")
    assert checked([1, 2], [0, 7]).causes == (7,)


def test_causes_with_gaps_keep_their_numbers() -> None:
    table = life_table(checked([1, 2, 3], [7, 2, 0]))
    assert table.causes == (2, 7)
    assert table.events_of(7).sum() == 1
    assert table.events_of(5).sum() == 0


def test_one_group_and_unknown_groups_are_refused() -> None:
    table = life_table(checked([1, 2], [0, 1]))
    with pytest.raises(StatisticsError, match="two or more"):
        log_rank(table)
    with pytest.raises(StatisticsError, match="two or more"):
        gray_test(table, 1)
    with pytest.raises(StatisticsError, match="expected one of all"):
        table.only("HR")
    with pytest.raises(StatisticsError, match="log-log, log or plain"):
        kaplan_meier(table, scale="logit")  # type: ignore[arg-type]
    with pytest.raises(StatisticsError, match="between 0 and 1"):
        kaplan_meier(table, confidence=95)


def test_one_group_of_several_and_all_together() -> None:
    table = life_table(checked([1, 2, 3], [1, 1, 0], group=["a", "b", "a"], stratum=[1, 2, 2]))
    assert table.only("a").n.tolist() == [[1.0], [1.0]]
    assert table.one_group().one_stratum().at_risk.tolist() == [[[3, 2, 1]]]
    assert kaplan_meier(table.one_group())[0].n == 3


def test_counted_rows_with_late_entry() -> None:
    rows = life_table(checked([3, 3, 5], [1, 1, 0], entry=[0, 1, 1], group=["a", "b", "b"]))
    counted = life_table_from_counts(
        [3, 3, 5], [1, 1, 0], [1, 1, 1], group=["a", "b", "b"], entries=([0, 1], [1, 2], ["a", "b"], None)
    )
    assert counted.at_risk.tolist() == rows.at_risk.tolist()
    with pytest.raises(StatisticsError, match="as many of each"):
        life_table_from_counts([3], [1], [2], entries=([0], [1], None, None))
    with pytest.raises(StatisticsError, match="expected one of a"):
        life_table_from_counts([3], [1], [1], group=["a"], entries=([0], [1], ["z"], None))
    with pytest.raises(StatisticsError, match="not whole"):
        life_table_from_counts([3], [1], [1.5])


def test_many_rows_are_counted_as_few_are() -> None:
    """Above 200,000 rows another way of counting is taken where Numba is installed; NumPy's is the witness."""
    random = np.random.default_rng(7)
    n = 250_000
    time, event = random.integers(0, 900, n).astype(float), random.integers(0, 3, n)
    group, stratum = random.integers(0, 3, n), random.integers(0, 2, n)
    table = life_table(checked(time, event, group=group, stratum=stratum))
    for s in range(2):
        for g in range(3):
            here = (group == g) & (stratum == s)
            for cause in (1, 2):
                assert np.array_equal(
                    table.events_of(cause)[s, g], np.bincount(time[here & (event == cause)].astype(int), minlength=900)
                )
            assert table.at_risk[s, g, 0] == here.sum() == table.n[s, g]
    with pytest.raises(StatisticsError, match="negative"):
        checked(np.where(np.arange(n) == 7, -1.0, time), event)
    with pytest.raises(StatisticsError, match="not finite"):
        checked(np.where(np.arange(n) == 7, np.nan, time), event)
    assert checked(time + 0.5, event).last_day is None
    assert checked(time, event * 3, group=group * 5 - 5).causes == (3, 6)
    assert checked(time, event, group=group * 5 - 5).group_labels == (-5, 0, 5)


def test_numpy_counts_what_numba_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    random = np.random.default_rng(8)
    n = 210_000
    rows = {"time": random.integers(0, 400, n), "event": random.integers(0, 2, n), "group": random.integers(0, 2, n) * 3}
    entry = rows["time"] - random.integers(1, 300, n)
    tables = [life_table(checked(**rows)), life_table(checked(**rows, entry=entry))]
    monkeypatch.setattr(counting, "numba_available", lambda: False)
    for fast, slow in zip(tables, [life_table(checked(**rows)), life_table(checked(**rows, entry=entry))], strict=True):
        assert fast.groups == slow.groups == (0, 3)
        for name in ("times", "events", "censored", "at_risk", "n"):
            assert np.array_equal(getattr(fast, name), getattr(slow, name))


def test_times_off_the_grid_are_counted_alike() -> None:
    """The same rows in days and in years: other times, the same counts."""
    random = np.random.default_rng(9)
    days, event, group = random.integers(1, 50, 300), random.integers(0, 3, 300), random.integers(0, 2, 300)
    whole, years = life_table(checked(days, event, group=group)), life_table(checked(days / 365.25, event, group=group))
    assert np.array_equal(whole.events, years.events)
    assert np.array_equal(whole.at_risk, years.at_risk)
    assert np.allclose(whole.times / 365.25, years.times)


def test_too_many_cells_are_refused_before_memory_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(life_tables, "_MOST_CELLS", 10)
    with pytest.raises(StatisticsError, match="Round the times to whole days"):
        life_table(checked([0.5, 1.5, 2.5], [1, 1, 0], group=[0, 1, 2]))


def test_results_are_plain() -> None:
    curve = kaplan_meier(freireich())[0]
    result = curve_result(curve, at=[10, 23], rmst_until=20)
    assert (result.group, result.cause, result.n, result.events) == ("6-MP", "", 21, 9)
    assert result.at["at_risk"] == [15, 6]
    assert result.median is not None
    assert result.median[0] == 23
    assert result.rmst is not None
    assert 0 < result.rmst[1] < result.rmst[0] < 20
    assert math.isnan(curve_result(curve, rmst_until=1_000.0).rmst[0])  # type: ignore[index]
    incidence = curve_result(cumulative_incidence(freireich(), 1)[0], rmst_until=20)
    assert (incidence.cause, incidence.median, incidence.rmst, incidence.at) == ("1", None, None, {})
    assert group_test_result("log-rank", log_rank(freireich())).df == 1


def test_small_probabilities_keep_their_digits() -> None:
    assert chi_square_upper_tail(1000.0, 1) == pytest.approx(1.7958327e-219, rel=1e-6)
    assert chi_square_upper_tail(0.0, 3) == 1.0
    assert chi_square_upper_tail(math.inf, 3) == 0.0
    assert math.isnan(chi_square_upper_tail(math.nan, 2))
    assert math.isnan(chi_square_upper_tail(1.0, 0))
    with pytest.raises(StatisticsError, match="whole number"):
        chi_square_upper_tail(1.0, 1.5)  # type: ignore[arg-type]


def test_intervals_of_a_count() -> None:
    assert poisson_interval(0) == (0.0, pytest.approx(-math.log(0.025)))
    low, high = poisson_interval(10)
    assert (low, high) == (pytest.approx(4.795389, rel=1e-6), pytest.approx(18.390356, rel=1e-6))
    with pytest.raises(StatisticsError, match="whole number"):
        poisson_interval(1.5)  # type: ignore[arg-type]
    assert critical_value(0.95) == pytest.approx(1.959963984540054)


def test_a_test_without_a_p_is_not_counted() -> None:
    p = [0.01, math.nan, 0.02]
    assert holm(p)[[0, 2]].tolist() == [0.02, 0.02]
    assert math.isnan(holm(p)[1])
    assert hochberg(p)[[0, 2]].tolist() == [0.02, 0.02]
    assert benjamini_hochberg(p)[[0, 2]].tolist() == [0.02, 0.02]
    with pytest.raises(StatisticsError, match="p values"):
        holm([1.2])
