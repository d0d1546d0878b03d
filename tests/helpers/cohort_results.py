"""Made-up results of every cohort command, with what is hard to show: NaN, tiny groups, causes, transplant, hidden cells."""

from __future__ import annotations

import math
import random

from infantall.cohort.results import (
    Cell,
    CompareResult,
    Comparison,
    CrossTable,
    CurveResult,
    DescribeResult,
    Finding,
    Line,
    ModelResult,
    ProtocolCounts,
    PublishedPoint,
    QualityReport,
    StratifyResult,
    SurvivalResult,
    Term,
    TestResult,
    TransplantResult,
)

NAN = math.nan
EVIL = "<script>alert('x')</script>\"&=\x1b[31m"
QUALITY = QualityReport(
    rows=412,
    findings=(
        Finding(
            "event_after_death",
            "error",
            "3 infants have an event after their death.",
            3,
            ("b-7", "b-19", "b-44"),
            "They were left out; mend the dates.",
        ),
        Finding(
            "time_zero_event",
            "warning",
            "2 infants have an event on day 0.",
            2,
            ("b-3", "b-5"),
            "They count as events at time 0.",
        ),
        Finding("censoring", "note", "Half of the infants were followed for 4.1 years or longer.", 0),
    ),
)


def curve(
    group: str, n: int, *, seed: int, hazard: float, cause: str = "", last: float = 2600.0, kind: str = "survival"
) -> CurveResult:
    """A Kaplan–Meier curve of made-up infants, or an incidence that is its complement."""
    draw = random.Random(seed)
    rows = []
    for _ in range(n):
        event, censored = round(draw.expovariate(hazard)), round(draw.uniform(300, last))
        rows.append((min(event, censored), event <= censored))
    times, estimate, se, low, high, risk, censor = [0.0], [1.0], [0.0], [1.0], [1.0], [float(n)], []
    survival, variance = 1.0, 0.0
    for time in sorted({t for t, _ in rows if t > 0} | {t for t, e in rows if t == 0 and e}):
        here = [e for t, e in rows if t == time]
        left = sum(t >= time for t, _ in rows)
        dead = sum(here)
        if len(here) > dead:
            censor += [float(time)] * (len(here) - dead)
        survival *= 1 - dead / left
        variance += dead / left / max(left - dead, 0) if left > dead else 0.0
        spread = 1.96 * math.sqrt(variance) / abs(math.log(survival)) if 0 < survival < 1 else NAN
        times.append(float(time))
        estimate.append(survival)
        se.append(survival * math.sqrt(variance))
        low.append(survival ** math.exp(spread) if spread == spread else (1.0 if survival == 1 else NAN))
        high.append(survival ** math.exp(-spread) if spread == spread else (1.0 if survival == 1 else NAN))
        risk.append(float(left))
    if kind == "incidence":
        estimate, low, high = [1 - v for v in estimate], [1 - v for v in high], [1 - v for v in low]
    at = [365.25, 1826.25, 9000.0]

    def there(column: list[float]) -> list[float]:
        return [column[max(i for i, t in enumerate(times) if t <= a)] if a <= times[-1] else NAN for a in at]

    half = next((t for t, s in zip(times, estimate, strict=True) if s <= 0.5), NAN)
    return CurveResult(
        group=group,
        cause=cause,
        n=n,
        events=sum(e for _, e in rows),
        times=times,
        estimate=estimate,
        se=se,
        ci_low=low,
        ci_high=high,
        at_risk=risk,
        censor_times=censor,
        at={
            "at": at,
            "estimate": there(estimate),
            "se": there(se),
            "ci_low": there(low),
            "ci_high": there(high),
            "at_risk": [float(n), float(n // 2), 0.0],
        },
        median=(half, half * 0.7, NAN) if kind == "survival" else None,
        rmst=(1311.5, 44.25) if kind == "survival" else None,
        rmst_until=1826.25 if kind == "survival" else None,
    )


def transplant() -> TransplantResult:
    """Fair and naive comparisons of transplant."""
    cox = ModelResult("cox", "", 408, 190, (Term("transplant (time-dependent)", -0.05, 0.17, 0.951, 0.68, 1.33, 0.771),), "efron")
    naive = ModelResult("cox", "", 408, 190, (Term("transplant (ever)", -0.62, 0.16, 0.538, 0.393, 0.736, 0.0001),), "efron")
    return TransplantResult(
        n_transplanted=61,
        simon_makuch=(
            curve("not transplanted", 300, seed=11, hazard=1 / 2600),
            curve("transplanted", 61, seed=12, hazard=1 / 2500),
        ),
        landmark_day=150.0,
        landmark=(
            curve("not transplanted by day 150", 240, seed=13, hazard=1 / 2600),
            curve("transplanted by day 150", 48, seed=14, hazard=1 / 2700),
        ),
        naive=(curve("never", 347, seed=15, hazard=1 / 1800), curve("ever", 61, seed=16, hazard=1 / 5200)),
        tests=(
            TestResult("mantel-byar", 0.175, 1, 0.6756),
            TestResult("log-rank (landmark)", 0.02, 1, 0.888),
            TestResult("ever against never log-rank", 14.2, 1, 0.00016, note="biased"),
        ),
        time_dependent_cox=cox,
        naive_cox=naive,
        notices=("73 infants had an event or left before day 150 and are not in the landmark comparison.",),
    )


def survival(*, groups: tuple[str, ...] = ("HR", "MR", "LR"), simulated: bool = True, whole: bool = True) -> SurvivalResult:
    """Several groups, two competing causes, tests, two models and transplant (``whole``), or the plain curves."""
    hazards = [1 / (900 * 2.2**i) for i in range(len(groups))]
    sizes = [max(148 - 40 * i, 3) for i in range(len(groups))]
    terms = (
        Term("interfant-06: MR (reference: HR)", -0.81, 0.14, 0.445, 0.338, 0.585, 7.3e-9, "HR", 0.21),
        Term("interfant-06: LR (reference: HR)", -1.62, 0.31, 0.198, 0.108, 0.363, 1.9e-7, "HR", 0.034),
        Term("wbc_at_diagnosis", 0.0012, 0.0004, 1.0012, 1.0004, 1.002, 0.0027, "", 0.5),
        Term("cns_status: CNS3 (reference: CNS1)", 14.1, 900.0, 1.33e6, 0.0, math.inf, 0.98, "CNS1", NAN),
    )
    return SurvivalResult(
        table="cohort.parquet",
        time="efs_days",
        event="efs_event",
        by="interfant-06",
        n=sum(sizes),
        left_out=4,
        causes={"1": "1", "2": "2"} if whole else {"1": "1"},
        survival=tuple(curve(g, s, seed=i, hazard=h) for i, (g, s, h) in enumerate(zip(groups, sizes, hazards, strict=True))),
        incidence=tuple(
            curve(g, s, seed=50 + i + 10 * int(c), hazard=h / (1.4 if c == "1" else 6), cause=c, kind="incidence")
            for c in ("1", "2")
            for i, (g, s, h) in enumerate(zip(groups, sizes, hazards, strict=True))
        )
        if whole
        else (),
        tests=(
            TestResult("log-rank", 61.24, 2, 5.1e-14, "", "", 1.5e-13),
            TestResult("gray", 40.02, 2, 2.0e-9, "1", "", 4.0e-9),
            TestResult("gray", NAN, 2, NAN, "2", "no event of this cause in LR"),
        ),
        models=(
            ModelResult(
                "cox",
                "",
                296,
                181,
                terms,
                "efron",
                -901.25,
                -950.5,
                0.11,
                6,
                ("cns_status: CNS3 has no event: its hazard ratio has no upper bound.",),
            ),
            ModelResult("finegray", "1", 296, 140, terms[:2], "breslow"),
        )
        if whole
        else (),
        transplant=transplant() if whole else None,
        quality=QUALITY,
        methods=("Kaplan–Meier with Greenwood's variance; intervals on the log(-log) scale.", "Gray's test as in cmprsk."),
        notices=("The follow-up of LR is shorter than that of HR.",),
        simulated=simulated,
    )


def stratify(*, simulated: bool = False) -> StratifyResult:
    """Two protocols that give groups, one that gives none, their cross-table, a hidden cell."""
    first = ProtocolCounts(
        "interfant-06",
        "Interfant-06",
        True,
        {"yes": 380, "no": 12, "undetermined": 20},
        {"HR": 130, "MR": 181, "LR": 52},
        {"HR or MR": 30, "HR, LR or MR": 7},
        0,
        {"kmt2a_status": 25, "prednisone_response": 12},
    )
    second = ProtocolCounts(
        "mll-10", "JPLSG MLL-10", True, {"yes": 400, "no": 2, "undetermined": 10}, {"LR": 60, "IR": 120, "HR": 220}, {}, 10
    )
    third = ProtocolCounts("p9407", "POG 9407", False, {"yes": 390, "no": 22, "undetermined": 0}, {}, {}, 412)
    rows, columns = ("HR", "MR", "LR", "undetermined"), ("HR", "IR", "LR", "no group")
    counts = {
        (r, c): v
        for (r, c), v in zip(
            [(r, c) for r in rows for c in columns], [120, 10, 0, 0, 90, 80, 3, 8, 0, 2, 50, 0, 12, 15, 8, 2], strict=True
        )
    }
    return StratifyResult(
        "registry.csv",
        412,
        (first, second, third),
        (CrossTable("interfant-06", "mll-10", rows, columns, counts),),
        QUALITY,
        (),
        simulated,
    )


def describe(*, small: int = 2, simulated: bool = False) -> DescribeResult:
    """Table 1 by group: numbers, categories, a missing line and suppressed cells."""
    columns = ("HR", "MR", "all")

    def count(n: int, value: int | None, missing: int = 2) -> Cell:
        return Cell(n, missing, count=value, suppressed=value is None)

    lines = (
        Line(
            "wbc_at_diagnosis",
            "White cell count at diagnosis",
            "10*9/L",
            "",
            {
                "HR": Cell(128, 2, 410.0, 210.5, 655.25, 22.0, 1280.0),
                "MR": Cell(180, 1, 88.2, 30.0, 190.0, 1.1, 299.0),
                "all": Cell(0, 311),
            },
        ),
        Line(
            "kmt2a_status",
            "KMT2A status",
            "",
            "rearranged",
            {"HR": count(128, 128), "MR": count(176, 173), "all": count(304, 301)},
        ),
        Line(
            "kmt2a_status", "KMT2A status", "", "germline", {"HR": count(128, 0), "MR": count(176, None), "all": count(304, None)}
        ),
        Line("kmt2a_status", "KMT2A status", "", "missing", {"HR": count(130, 2), "MR": count(181, 5), "all": count(311, 7)}),
    )
    return DescribeResult(
        "registry.csv",
        "interfant-06",
        311,
        columns,
        {"HR": 130, "MR": 181, "all": None},
        lines,
        QUALITY,
        ("One note.",),
        small,
        simulated,
    )


def compare(*, simulated: bool = True) -> CompareResult:
    """One comparison with two published points and a test, one without an interval, and a standardised one."""
    points = (
        PublishedPoint(
            "Interfant-99",
            "high risk",
            61,
            "EFS",
            4.0,
            0.197,
            0.115,
            0.3,
            "SE 5.1",
            "1999-2005",
            "chemotherapy",
            "pieters-2007",
            "seen",
        ),
        PublishedPoint(
            "Interfant-06",
            "high risk",
            164,
            "EFS",
            6.0,
            0.208,
            0.144,
            0.282,
            "SE 3.5",
            "2006-2016",
            "chemotherapy, HSCT in CR1",
            "pieters-2019",
            "seen",
        ),
        PublishedPoint(
            "Interfant-06",
            "high risk",
            164,
            "EFS",
            2.0,
            0.31,
            None,
            None,
            "",
            "2006-2016",
            "chemotherapy, HSCT in CR1",
            "pieters-2019",
            "seen-secondary",
        ),
    )
    ours = curve("high risk", 120, seed=3, hazard=1 / 900)
    test = TestResult("one-sample log-rank", 4.83, 1, 0.028)
    first = Comparison(
        "KMT2A-r, under 6 months, WBC at least 300",
        ours,
        points,
        78.0,
        96.4,
        (0.809, 0.64, 1.01),
        test,
        ("Not randomised; eras differ.", "Published curve known at two times only."),
        {"kmt2a_status not known": 12},
    )
    second = Comparison(
        "All infants",
        curve("all", 40, seed=9, hazard=1 / 1900),
        points[2:],
        14.0,
        NAN,
        None,
        None,
        ("The published curve has a single point, so no test was made.",),
    )
    return CompareResult(
        "cohort.parquet", "EFS", 160, (first, second), (first,), QUALITY, ("Published numbers are read from print.",), simulated
    )
