"""An attacker who adds and subtracts: no hidden count may have only one possible value.

The attacker writes down every sum that must hold, fixes every number that is shown, and asks a linear program for the least and
the greatest value of each hidden count. (The sums form a network, so the bounds are whole numbers that real tables reach.)
"""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infantall.cohort.results import Cell, CrossTable, DescribeResult, Line, ProtocolCounts, QualityReport, StratifyResult
from infantall.cohort.small_cells import HIDDEN, suppress_describe, suppress_stratify

optimize = pytest.importorskip("scipy.optimize")

NOTHING = QualityReport(0, ())


class Attacker:
    """Counts with bounds, and sums that must hold."""

    def __init__(self) -> None:
        self.bounds: list[tuple[float, float | None]] = []
        self.sums: list[tuple[dict[int, float], float]] = []

    def count(self, shown: int | None, least: int = 0) -> int:
        """A new count: fixed where it is shown."""
        self.bounds.append((least, None) if shown is None else (shown, shown))
        return len(self.bounds) - 1

    def adds_up(self, parts: list[int], whole: int | None = None, number: float = 0) -> None:
        row = dict.fromkeys(parts, 1.0)
        if whole is not None:
            row[whole] = row.get(whole, 0) - 1.0
        self.sums.append((row, number))

    def possible(self, count: int) -> float:
        """How far apart the least and the greatest possible value lie."""
        matrix = np.zeros((len(self.sums), len(self.bounds)))
        for i, (row, _) in enumerate(self.sums):
            for place, factor in row.items():
                matrix[i, place] = factor
        numbers = [number for _, number in self.sums]
        goal = np.zeros(len(self.bounds))
        values = []
        for sign in (1, -1):
            goal[count] = sign
            found = optimize.linprog(goal, A_eq=matrix, b_eq=numbers, bounds=self.bounds, method="highs")
            assert found.status in (0, 3), "the true table must be possible"
            values.append(np.inf if found.status == 3 else sign * found.fun)
        return values[1] - values[0]


# -- Table 1 --------------------------------------------------------------------------------------------------------------


def table_one(counts: list[list[int]], missing: list[int], number: bool) -> DescribeResult:
    """One variable: ``counts[level][group]``. ``number``: with a line for the number itself, the levels being its bands."""
    groups = [f"g{i}" for i in range(len(missing))]
    sizes = {group: sum(level[i] for level in counts) + missing[i] for i, group in enumerate(groups)}
    absent = {group: missing[i] for i, group in enumerate(groups)} | {"all": sum(missing)}
    sizes["all"] = sum(sizes.values())
    rows = [{g: level[i] for i, g in enumerate(groups)} | {"all": sum(level)} for level in counts]
    lines = [
        Line("x", "x", "", f"level {i}", {g: Cell(sizes[g] - absent[g], absent[g], count=row[g]) for g in sizes})
        for i, row in enumerate(rows)
    ]
    if number:
        lines.insert(0, Line("x", "x", "", "", {g: Cell(sizes[g] - absent[g], absent[g], 1, 1, 1, 1, 1) for g in sizes}))
    else:
        lines.append(Line("x", "x", "", "missing", {g: Cell(sizes[g], absent[g], count=absent[g]) for g in sizes}))
    return DescribeResult("t", "by", sizes["all"], (*groups, "all"), sizes, tuple(lines), NOTHING, ())


def attack_table_one(true: DescribeResult, shown: DescribeResult, number: bool) -> None:
    groups = [g for g in shown.columns if g != "all"]
    attacker = Attacker()
    sizes = {g: attacker.count(shown.sizes[g], least=1) for g in groups}
    if groups:
        attacker.adds_up(list(sizes.values()), number=true.n)
    rows: list[tuple[dict[str, int], dict[str, int | None]]] = []
    for before, after in zip(true.lines, shown.lines, strict=True):
        cells = before.cells
        if number and before.level == "":
            rows.append(
                (
                    {g: cells[g].missing for g in cells},
                    {g: None if c.suppressed or c.missing == HIDDEN else c.missing for g, c in after.cells.items()},
                )
            )
        else:
            rows.append((
                {g: cells[g].count or 0 for g in cells}, {g: None if c.suppressed else c.count for g, c in after.cells.items()},
            ))  # fmt: skip
    everything = all(value is None for _, known in rows for value in known.values())
    interior: dict[str, list[int]] = {g: [] for g in groups}
    total: list[int] = []
    targets = [sizes[g] for g in groups if shown.sizes[g] is None]
    for truth, known in rows:
        places = []
        for g in groups:
            least = 0 if everything or shown.sizes[g] is None else 1
            places.append(attacker.count(known[g], least))
            interior[g].append(places[-1])
            if known[g] is None and truth[g] > 0:
                targets.append(places[-1])
        whole = attacker.count(known["all"], 0 if everything else 1)
        total.append(whole)
        if known["all"] is None and truth["all"] > 0:
            targets.append(whole)
        if groups:
            attacker.adds_up(places, whole)
    if not groups:
        attacker.adds_up(total, number=true.n)
    for g in groups:
        attacker.adds_up(interior[g], sizes[g])
    for target in targets:
        assert attacker.possible(target) > 0.5


@settings(max_examples=80, deadline=None)
@given(data=st.data(), threshold=st.sampled_from([3, 5, 6]), number=st.booleans())
def test_no_count_of_table_one_follows_from_what_is_shown(data, threshold, number):
    groups, levels = data.draw(st.integers(1, 4)), data.draw(st.integers(1, 4))
    count = st.one_of(st.integers(0, 7), st.integers(0, 40))
    row = st.lists(count, min_size=groups, max_size=groups)
    counts = data.draw(st.lists(row, min_size=levels, max_size=levels))
    missing = data.draw(st.one_of(st.just([0] * groups), row))
    for i in range(groups):  # a group without infants is no group
        counts[0][i] += not (missing[i] or any(level[i] for level in counts))
    true = table_one(counts, missing, number)
    shown = suppress_describe(true, threshold)
    if true.n < threshold:
        assert all(cell.suppressed for item in shown.lines for cell in item.cells.values())
        return
    for before, after in zip(true.lines, shown.lines, strict=True):
        for group, cell in after.cells.items():
            assert cell.count is None or not 0 < cell.count < threshold
            assert not 0 < cell.missing < threshold and (
                before.cells[group].count is None or cell.n != 0 or cell.suppressed or cell == before.cells[group]
            )
            assert cell.low is None and cell.high is None
    attack_table_one(true, shown, number)


def test_large_counts_stay():
    true = table_one([[20, 30], [40, 50]], [0, 0], number=False)
    shown = suppress_describe(true, 5)
    assert [line.cells for line in shown.lines] == [line.cells for line in true.lines]
    assert shown.sizes == true.sizes


def test_a_small_count_takes_no_more_with_it_than_needed():
    true = table_one([[3, 30, 40], [40, 50, 60], [20, 20, 20]], [0, 0, 0], number=False)
    shown = suppress_describe(true, 5)
    hidden = [(line.level, g) for line in shown.lines for g, cell in line.cells.items() if cell.suppressed]
    assert len(hidden) == 4 and ("level 0", "g0") in hidden


# -- protocols ------------------------------------------------------------------------------------------------------------

LABELS = ("LR", "HR", "undetermined", "no group", "not eligible")
COMBINATIONS = ("HR or LR", "HR or MR")


def protocol_counts(name: str, infants: list[tuple[str, str, str]]) -> ProtocolCounts:
    """Each infant: label, combination if undetermined, eligibility if not known to be no."""
    labels = [label for label, _, _ in infants]
    answers = ["no" if label == "not eligible" else answer for label, _, answer in infants]
    open_ = [combination for label, combination, _ in infants if label == "undetermined"]
    return ProtocolCounts(
        name, name, True,
        {answer: answers.count(answer) for answer in ("yes", "no", "undetermined")},
        {group: labels.count(group) for group in ("LR", "HR")},
        {combination: open_.count(combination) for combination in dict.fromkeys(open_)},
        labels.count("no group"),
        {"kmt2a_status": len(open_) // 2},
    )  # fmt: skip


def stratified(seed: int, n: int) -> StratifyResult:
    random.seed(seed)
    weights = [[random.random() ** 3 for _ in LABELS] for _ in range(2)]
    sides = [
        [
            (
                random.choices(LABELS, weight)[0],
                random.choices(COMBINATIONS, (9, 1))[0],
                random.choices(("yes", "undetermined"), (5, 1))[0],
            )
            for _ in range(n)
        ]
        for weight in weights
    ]
    pairs = [(a[0], b[0]) for a, b in zip(*sides, strict=True)]
    cross = CrossTable("p", "q", LABELS, LABELS, {(r, c): pairs.count((r, c)) for r in LABELS for c in LABELS})
    return StratifyResult("t", n, (protocol_counts("p", sides[0]), protocol_counts("q", sides[1])), (cross,), NOTHING, ())


def protocol_attack(attacker: Attacker, true: ProtocolCounts, shown: ProtocolCounts, n: int) -> tuple[dict[str, int], list[int]]:
    """The attacker's counts of each label of one protocol, and which were hidden."""
    targets: list[int] = []
    parts_shown = (*shown.groups.values(), *shown.undetermined.values(), shown.without_group)
    everything = all(count == HIDDEN for count in (*parts_shown, shown.eligible["no"]))
    everything = everything or all(count == HIDDEN for count in shown.eligible.values())

    def add(before: int, after: int) -> int:
        place = attacker.count(None if after == HIDDEN else after, least=1 if after == HIDDEN and not everything else 0)
        if after == HIDDEN and before > 0:
            targets.append(place)
        return place

    labels = {group: add(true.groups[group], shown.groups[group]) for group in true.groups}
    labels["no group"] = add(true.without_group, shown.without_group)
    eligible = {answer: add(true.eligible[answer], shown.eligible[answer]) for answer in true.eligible}
    labels["not eligible"] = eligible["no"]
    parts = [add(true.undetermined[c], shown.undetermined[c]) for c in true.undetermined]
    labels["undetermined"] = attacker.count(None)
    attacker.adds_up(parts, labels["undetermined"])
    attacker.adds_up(list(labels.values()), number=n)
    attacker.adds_up(list(eligible.values()), number=n)
    return labels, targets


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**6), n=st.one_of(st.integers(3, 40), st.integers(40, 300)), threshold=st.sampled_from([3, 5]))
def test_no_count_of_protocols_and_their_cross_table_follows_from_what_is_shown(seed, n, threshold):
    true = stratified(seed, max(n, threshold))
    shown = suppress_stratify(true, threshold)
    attacker = Attacker()
    rows, targets = protocol_attack(attacker, true.protocols[0], shown.protocols[0], true.n)
    columns, more = protocol_attack(attacker, true.protocols[1], shown.protocols[1], true.n)
    targets += more
    before, after = true.crosses[0].counts, shown.crosses[0].counts
    places = {}
    for place, count in after.items():
        assert count == before[place] or count == HIDDEN
        assert not 0 < count < threshold
        places[place] = attacker.count(None if count == HIDDEN else count)
        if count == HIDDEN and before[place] > 0:
            targets.append(places[place])
    for label in LABELS:
        attacker.adds_up([places[label, c] for c in LABELS], rows[label])
        attacker.adds_up([places[r, label] for r in LABELS], columns[label])
    for protocol in shown.protocols:
        for counts in (protocol.eligible, protocol.groups, protocol.undetermined, protocol.missing):
            assert not any(0 < count < threshold for count in counts.values())
    for target in targets:
        assert attacker.possible(target) > 0.5
