"""What the cohort commands give: plain data, no drawing, no engine.

Times are in the table's own unit, probabilities in 0..1. Where small cells were asked to be hidden, a hidden count is ``HIDDEN``:
it is small, or it would give a small one away; ``small_cells`` is the threshold, 0 where nothing was hidden.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

Numbers = Sequence[float]
"""A float that could not be estimated is NaN; it is written as null in JSON and as an empty cell in CSV."""


HIDDEN = -1

# -- the data themselves --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Finding:
    """One thing noticed about the data before anything is analysed.

    Attributes:
        check: a short name, such as ``event_after_death``.
        severity: ``error`` (the rows cannot be used as they are), ``warning`` (look before you trust), ``note``.
        says: what was found, in words, with numbers.
        rows: how many rows.
        examples: up to five row identifiers (the table's own id column, else ``row-7``), never values.
        what_to_do: what would mend it, or what was done.
    """

    check: str
    severity: Literal["error", "warning", "note"]
    says: str
    rows: int
    examples: tuple[str, ...] = ()
    what_to_do: str = ""


@dataclass(frozen=True)
class QualityReport:
    """Everything noticed, worst first."""

    rows: int
    findings: tuple[Finding, ...]


# -- survival -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class CurveResult:
    """One step curve: survival, or the cumulative incidence of one cause.

    Attributes:
        group: the group's label; ``all`` without groups.
        cause: empty for survival; the cause's number as text for an incidence.
        n, events: rows, and events (of this cause).
        times: distinct times, the first is 0; ``estimate`` and the rest have one entry a time (value from this time on).
        at_risk: number at risk just before each time.
        censor_times: times at which somebody was censored.
        at: the times asked for with ``--at``, then estimate, se, ci_low, ci_high, at_risk there.
        median: with its interval; NaN where the curve does not come down to one half. Survival only.
        rmst: restricted mean up to ``rmst_until``, with its standard error. Survival only.
    """

    group: str
    cause: str
    n: int
    events: int
    times: Numbers
    estimate: Numbers
    se: Numbers
    ci_low: Numbers
    ci_high: Numbers
    at_risk: Numbers
    censor_times: Numbers = ()
    at: Mapping[str, Numbers] = field(default_factory=dict)
    median: tuple[float, float, float] | None = None
    rmst: tuple[float, float] | None = None
    rmst_until: float | None = None


@dataclass(frozen=True)
class TestResult:
    """One test. ``adjusted_p`` is set where a correction for several tests was asked for."""

    name: str
    statistic: float
    df: int
    p: float
    cause: str = ""
    note: str = ""
    adjusted_p: float | None = None

    __test__ = False  # not a pytest class


@dataclass(frozen=True)
class Term:
    """One coefficient: ``coef`` is the logarithm of ``hr``. ``reference`` names the level it is compared with."""

    name: str
    coef: float
    se: float
    hr: float
    ci_low: float
    ci_high: float
    p: float
    reference: str = ""
    ph_p: float | None = None


@dataclass(frozen=True)
class ModelResult:
    """A regression. ``kind`` is cox or finegray; ``ties`` efron, breslow or exact."""

    kind: str
    cause: str
    n: int
    events: int
    terms: tuple[Term, ...]
    ties: str = ""
    loglik: float | None = None
    loglik_null: float | None = None
    ph_global_p: float | None = None
    left_out: int = 0
    notices: tuple[str, ...] = ()


@dataclass(frozen=True)
class TransplantResult:
    """The fair ways, and the naive comparison beside them, labelled as biased."""

    n_transplanted: int
    simon_makuch: tuple[CurveResult, ...]
    landmark_day: float | None
    landmark: tuple[CurveResult, ...]
    naive: tuple[CurveResult, ...]
    tests: tuple[TestResult, ...]
    time_dependent_cox: ModelResult | None
    naive_cox: ModelResult | None
    notices: tuple[str, ...] = ()


@dataclass(frozen=True)
class SurvivalResult:
    """``infantall cohort survival``."""

    table: str
    time: str
    event: str
    by: str
    n: int
    left_out: int
    causes: Mapping[str, str]
    survival: tuple[CurveResult, ...]
    incidence: tuple[CurveResult, ...]
    tests: tuple[TestResult, ...]
    models: tuple[ModelResult, ...]
    transplant: TransplantResult | None
    quality: QualityReport
    methods: tuple[str, ...]
    notices: tuple[str, ...]
    simulated: bool = False
    unit: str = "days"
    confidence: float = 0.95
    correction: str = ""
    small_cells: int = 0


# -- stratify -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ProtocolCounts:
    """How a table falls under one protocol.

    Attributes:
        eligible: infants whose eligibility is yes, no, undetermined.
        groups: each group's infants (those not excluded by eligibility).
        undetermined: infants by what stays possible, such as ``HR or MR``.
        without_group: infants of whom the source says nothing, or who are off study.
        missing: for undetermined infants, how many lack each fact that could settle it.
    """

    protocol: str
    title: str
    stratified: bool
    eligible: Mapping[str, int]
    groups: Mapping[str, int]
    undetermined: Mapping[str, int]
    without_group: int
    missing: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class CrossTable:
    """One protocol against another.

    ``counts[(row, column)]``; labels are groups, ``undetermined``, ``not eligible``, ``no group``.
    """

    rows: str
    columns: str
    row_labels: tuple[str, ...]
    column_labels: tuple[str, ...]
    counts: Mapping[tuple[str, str], int]


@dataclass(frozen=True)
class StratifyResult:
    """``infantall cohort stratify``."""

    table: str
    n: int
    protocols: tuple[ProtocolCounts, ...]
    crosses: tuple[CrossTable, ...]
    quality: QualityReport
    notices: tuple[str, ...]
    simulated: bool = False
    small_cells: int = 0


# -- describe -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Cell:
    """One cell of Table 1. Numbers: median, quartiles, range. Categories: count and denominator.

    ``suppressed``: a small count.
    """

    n: int
    missing: int
    median: float | None = None
    q1: float | None = None
    q3: float | None = None
    low: float | None = None
    high: float | None = None
    count: int | None = None
    suppressed: bool = False


@dataclass(frozen=True)
class Line:
    """One line of Table 1: a number, or one level of a category. ``cells`` by column label."""

    column: str
    label: str
    unit: str
    level: str
    cells: Mapping[str, Cell]


@dataclass(frozen=True)
class DescribeResult:
    """``infantall cohort describe``: the field's Table 1. ``columns`` are group labels, ``all`` the last."""

    table: str
    by: str
    n: int
    columns: tuple[str, ...]
    sizes: Mapping[str, int | None]
    lines: tuple[Line, ...]
    quality: QualityReport
    notices: tuple[str, ...]
    small_cells: int = 0
    simulated: bool = False


# -- compare --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PublishedPoint:
    """One published number: ``estimate`` and interval in 0..1 as printed; ``uncertainty`` is the printed text (``SE 5.6``)."""

    study: str
    subgroup: str
    n: int | None
    endpoint: str
    time_years: float
    estimate: float
    low: float | None
    high: float | None
    uncertainty: str
    era: str
    treatment: str
    source: str
    confidence: str


@dataclass(frozen=True)
class Comparison:
    """The cohort's rows of one definition against one published curve.

    Attributes:
        ours: our curve.
        published: the published points.
        observed, expected: events, and those expected had the published curve held (one-sample log-rank).
        smr: observed / expected, with its exact Poisson interval.
        test: the one-sample log-rank; None where it cannot be made, and ``limits`` says why.
        limits: everything that keeps this from being a fair comparison.
    """

    definition: str
    ours: CurveResult
    published: tuple[PublishedPoint, ...]
    observed: float
    expected: float
    smr: tuple[float, float, float] | None
    test: TestResult | None
    limits: tuple[str, ...]
    not_matched: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class CompareResult:
    """``infantall cohort compare``."""

    table: str
    endpoint: str
    n: int
    comparisons: tuple[Comparison, ...]
    standardised: tuple[Comparison, ...]
    quality: QualityReport
    notices: tuple[str, ...]
    simulated: bool = False
    unit: str = "days"
