"""Small counts in survival results, findings and words; the tables are attacked in tests/property/test_small_cells_attack.py."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from infantall.cohort.disclosure import Table, follows, hide
from infantall.cohort.results import CurveResult, Finding, ModelResult, QualityReport, SurvivalResult
from infantall.cohort.small_cells import HIDDEN, suppress_survival
from infantall.cohort.small_counts import hidden_groups, holds_small_count, suppress_quality
from infantall.cohort.small_curves import suppress_curves


def kaplan_meier(group: str, rows: list[tuple[float, int]], cause: str = "") -> CurveResult:
    """A curve of rows (time, cause), cause 0 for censored; for a cause its cumulative incidence."""
    times, estimate, at_risk = [0.0], [0.0 if cause else 1.0], [float(len(rows))]
    free, happened = 1.0, 0.0
    for time in sorted({t for t, _ in rows}):
        n = sum(t >= time for t, _ in rows)
        any_event = sum(t == time and e > 0 for t, e in rows)
        mine = sum(t == time and e == int(cause or 0) for t, e in rows) if cause else any_event
        happened += free * mine / n
        free *= 1 - any_event / n
        times.append(time)
        estimate.append(happened if cause else free)
        at_risk.append(float(n))
    zeros = [0.0] * len(times)
    events = sum(e == int(cause) if cause else e > 0 for _, e in rows)
    read = {"at": [5.0, 500.0], **{name: [0.5, 0.5] for name in ("estimate", "se", "ci_low", "ci_high")}, "at_risk": [50.0, 2.0]}
    return CurveResult(
        group,
        cause,
        len(rows),
        events,
        times,
        estimate,
        zeros,
        zeros,
        zeros,
        at_risk,
        [t for t, e in rows if not e],
        read,
        (9.0, 8.0, 10.0),
    )


def rows(n: int, causes: int = 1) -> list[tuple[float, int]]:
    return [(float(i + 1), (i % 3 > 0) * (1 + i % causes)) for i in range(n)]


def test_between_two_shown_times_lie_enough_events():
    data = rows(60)
    ((shown,), _) = suppress_curves([kaplan_meier("all", data)], [], 5)
    assert len(shown.times) > 4
    for start, end in zip(shown.times, shown.times[1:], strict=False):
        assert sum(start < t <= end and e > 0 for t, e in data) >= 5


def test_a_shown_estimate_is_the_exact_one():
    whole = kaplan_meier("all", rows(60))
    ((shown,), _) = suppress_curves([whole], [], 5)
    exact = dict(zip(whole.times, whole.estimate, strict=True))
    assert all(exact[time] == value for time, value in zip(shown.times, shown.estimate, strict=True))


def test_a_curve_ends_where_few_are_at_risk_and_gives_no_exact_numbers():
    whole = kaplan_meier("all", rows(60))
    ((shown,), _) = suppress_curves([whole], [], 5)
    assert max(shown.times) <= 56 and shown.censor_times == ()
    assert all(n % 5 == 0 for n in shown.at_risk)


@pytest.mark.parametrize("cause", ["1", "2"])
def test_steps_of_an_incidence_hold_enough_events_of_its_cause(cause):
    data = rows(90, causes=2)
    curves = [kaplan_meier("all", data, "1"), kaplan_meier("all", data, "2")]
    _, shown = suppress_curves([kaplan_meier("all", data)], curves, 5)
    (curve,) = [c for c in shown if c.cause == cause]
    assert len(curve.times) > 3
    for start, end in zip(curve.times, curve.times[1:], strict=False):
        assert sum(start < t <= end and e == int(cause) for t, e in data) >= 5


def test_a_small_group_goes_and_takes_the_next_smallest_with_it():
    curves = [kaplan_meier("A", rows(3)), kaplan_meier("B", rows(30)), kaplan_meier("C", rows(60))]
    shown, _ = suppress_curves(curves, [], 5)
    assert [c.n for c in shown] == [HIDDEN, HIDDEN, 60]
    assert shown[0].times == (0.0,) and math.isnan(shown[0].at_risk[0]) and shown[0].median is None
    assert all(math.isnan(value) for value in shown[0].at["estimate"])


def test_few_events_or_few_without_an_event_are_hidden_in_two_groups():
    few = [(float(i + 1), int(i < 2)) for i in range(40)]
    most = [(float(i + 1), int(i >= 2)) for i in range(40)]
    shown, _ = suppress_curves([kaplan_meier("A", few), kaplan_meier("B", most)], [], 5)
    assert [c.events for c in shown] == [HIDDEN, HIDDEN]
    alone, _ = suppress_curves([kaplan_meier("A", few), kaplan_meier("B", rows(60)), kaplan_meier("C", rows(90))], [], 5)
    assert sum(c.events == HIDDEN for c in alone) == 2


def test_estimates_at_asked_times_come_from_the_coarse_curve():
    whole = kaplan_meier("all", rows(60))
    ((shown,), _) = suppress_curves([whole], [], 5)
    place = max(i for i, time in enumerate(shown.times) if time <= 5)
    assert shown.at["at"] == [5.0, 500.0]
    assert shown.at["estimate"][0] == shown.estimate[place]
    assert shown.at["at_risk"][0] % 5 == 0 and math.isnan(shown.at["estimate"][1])


def test_the_whole_result():
    finding = Finding("negative_time", "error", "2 rows: a negative 'time'.", 2, ("a", "b"), "Correct it.")
    result = SurvivalResult(
        "t", "time", "event", "", 60, 2, ("1",), (kaplan_meier("all", rows(60)),), (), (),
        (ModelResult("cox", "1", 60, 3, (), left_out=4, notices=("3 rows left out",)),), None, QualityReport(62, (finding,)), (), ("2 rows left out",),
    )  # fmt: skip
    shown = suppress_survival(result, 5)
    assert shown.left_out == HIDDEN and shown.models[0].events == HIDDEN and shown.models[0].left_out == HIDDEN
    assert shown.models[0].notices == () and not any("2 rows" in notice for notice in shown.notices)
    (said,) = shown.quality.findings
    assert (said.check, said.rows, said.examples, said.what_to_do) == ("negative_time", HIDDEN, (), "Correct it.")
    assert "2" not in said.says


def test_findings_about_many_rows_keep_their_words_but_no_names():
    finding = Finding("x", "note", "40 rows: something.", 40, ("a",))
    assert suppress_quality(QualityReport(100, (finding,)), 5).findings == (replace(finding, examples=()),)
    all_but_two = suppress_quality(QualityReport(42, (finding,)), 5).findings[0]
    assert all_but_two.rows == HIDDEN and "40" not in all_but_two.says


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("3 rows", True),
        ("has 4.", True),
        ("12 rows", False),
        ("0.3 %", False),
        ("1.2 years", False),
        ("3,000 rows", False),
        ("age_4x", False),
    ],
)
def test_small_counts_in_words(text, holds):
    assert holds_small_count(text, 5) is holds


def test_hidden_groups_are_two_at_least_and_together_not_small():
    assert hidden_groups({"a": 50, "b": 60}, 5) == set()
    assert hidden_groups({"a": 3, "b": 60, "c": 20}, 5) == {"a", "c"}
    assert hidden_groups({"a": 2, "b": 2, "c": 20, "d": 30}, 5) == {"a", "b", "c"}
    assert hidden_groups({"a": 1, "b": 1, "c": 1}, 3) == {"a", "b", "c"}


def test_a_count_follows_where_nothing_else_in_its_line_is_hidden():
    table = Table([[3, 30], [20, 40]], [33, 60], has_groups=True)
    assert follows(table, {(0, 0)}, (0, 0))
    assert follows(table, {(0, 0), (0, 1)}, (0, 0))
    assert not follows(table, {(0, 0), (0, 1), (1, 0), (1, 1)}, (0, 0))
    assert (0, 0) in hide(table, 5) and len(hide(table, 5)) == 4


def test_ones_that_must_be_ones_take_the_whole_table():
    assert hide(Table([[], [], []], [1, 1, 1], has_groups=False), 3) == {(0, 0), (1, 0), (2, 0)}
