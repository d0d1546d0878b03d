"""One engine, one piece of work: ``python engines.py ENGINE WORK ROWS`` prints seconds, peak memory and the answer as JSON.

The answer is a dict of named numbers, so that engines are compared in what they all give. Data are made before the clock starts,
in the form that the engine wants.
"""

from __future__ import annotations

import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from data import Rows, rows

HERE = Path(__file__).parent
AT = (365.0, 730.0, 1825.0)
Answer = dict[str, float]
Work = Callable[[], Answer]
BUDGET, RUNS = 12.0, 7


def named(prefix: str, values: Any) -> Answer:
    return {f"{prefix}{i}": float(value) for i, value in enumerate(np.asarray(values, dtype=float).ravel())}


def step(times: Any, values: Any, at: Any = AT) -> Any:
    """A step function read at ``at``."""
    place = np.searchsorted(np.asarray(times, dtype=float), at, side="right") - 1
    return np.asarray(values, dtype=float)[place]


# -- InfantALL ------------------------------------------------------------------------------------------------------------


def infantall(work: str, d: Rows) -> Work:
    from infantall.cohort.survival.cox import cox
    from infantall.cohort.survival.cumulative_incidence import cumulative_incidence, gray_test
    from infantall.cohort.survival.fine_gray import fine_gray
    from infantall.cohort.survival.kaplan_meier import kaplan_meier
    from infantall.cohort.survival.life_table import life_table
    from infantall.cohort.survival.log_rank import log_rank
    from infantall.cohort.survival.observations import checked

    happened = (d.event > 0).astype(np.int64)

    def km() -> Answer:
        table = life_table(checked(d.time, happened, group=d.group))
        curve = kaplan_meier(table)[0].at(AT)
        return {**named("s", curve["estimate"]), **named("se", curve["se"]), "chi2": log_rank(table).statistic}

    def aj() -> Answer:
        table = life_table(checked(d.time, d.event, group=d.group))
        curve = cumulative_incidence(table, 1)[0].at(AT)
        return {**named("f", curve["estimate"]), **named("se", curve["se"]), "gray": gray_test(table, 1).statistic}

    def cox_model() -> Answer:
        fit = cox(d.time, happened, d.x)
        return {**named("b", fit.coef), **named("bse", fit.se)}

    def fg() -> Answer:
        fit = fine_gray(d.time, d.event, d.x[:, :2])
        return {**named("b", fit.coef), **named("bse", fit.se)}

    return {"km": km, "aj": aj, "cox": cox_model, "finegray": fg}[work]


# -- peers ----------------------------------------------------------------------------------------------------------------


def lifelines(work: str, d: Rows) -> Work:
    import pandas as pd
    from lifelines import AalenJohansenFitter, CoxPHFitter, KaplanMeierFitter
    from lifelines.statistics import logrank_test

    zero = d.group == 0

    def km() -> Answer:
        fitter = KaplanMeierFitter().fit(d.time[zero], d.event[zero] > 0)
        one = ~zero
        test = logrank_test(d.time[zero], d.time[one], d.event[zero] > 0, d.event[one] > 0)
        curve = fitter.survival_function_
        return {**named("s", step(curve.index, curve.iloc[:, 0])), "chi2": test.test_statistic}

    def aj() -> Answer:
        fitter = AalenJohansenFitter(calculate_variance=False, seed=1).fit(d.time[zero], d.event[zero], event_of_interest=1)
        curve = fitter.cumulative_density_
        return {f"{k}~": v for k, v in named("f", step(curve.index, curve.iloc[:, 0])).items()}

    frame = (
        pd.DataFrame(d.x, columns=[f"x{i}" for i in range(5)]).assign(time=d.time, event=d.event > 0) if work == "cox" else None
    )

    def cox_model() -> Answer:
        fitter = CoxPHFitter().fit(frame, "time", "event")
        return {**named("b", fitter.params_), **named("bse", fitter.standard_errors_)}

    return {"km": km, "aj": aj, "cox": cox_model}[work]


def scikit_survival(work: str, d: Rows) -> Work:
    from sksurv.compare import compare_survival
    from sksurv.linear_model import CoxPHSurvivalAnalysis
    from sksurv.nonparametric import cumulative_incidence_competing_risks, kaplan_meier_estimator
    from sksurv.util import Surv

    y = Surv.from_arrays(d.event > 0, d.time)
    zero = d.group == 0

    def km() -> Answer:
        times, survival = kaplan_meier_estimator(d.event[zero] > 0, d.time[zero])
        return {**named("s", step(times, survival)), "chi2": compare_survival(y, d.group)[0]}

    def aj() -> Answer:
        times, curves = cumulative_incidence_competing_risks(d.event[zero], d.time[zero])
        return named("f", step(times, curves[1]))

    def cox_model() -> Answer:
        return named("b", CoxPHSurvivalAnalysis(ties="efron").fit(d.x, y).coef_)

    return {"km": km, "aj": aj, "cox": cox_model}[work]


def comprisk(work: str, d: Rows) -> Work:
    import comprisk as package

    def aj() -> Answer:
        curve = package.CumulativeIncidence([1]).fit(d.time, d.event, group=d.group).curves_[0, 1]
        test = package.gray_test(d.time, d.event, d.group)
        return {
            **named("f", step(curve.times, curve.cif)),
            **named("se", np.sqrt(step(curve.times, curve.var))),
            "gray": float(test.stat),
        }

    def fg() -> Answer:
        fit = package.FineGrayRegression().fit(d.x[:, :2], time=d.time, event=d.event)
        return named("b", fit.coef_)

    return {"aj": aj, "finegray": fg}[work]


def greenwood(work: str, d: Rows) -> Work:
    import greenwood as package
    import pandas as pd

    frame = pd.DataFrame(d.x, columns=[f"x{i}" for i in range(5)])
    zero = d.group == 0

    def km() -> Answer:
        fit = package.KaplanMeier().fit(package.Surv(d.time[zero], event=d.event[zero] > 0))
        return {**named("s", step(fit.time_, fit.survival_)), **named("se", step(fit.time_, fit.std_error_))}

    def cox_model() -> Answer:
        return named("b", package.CoxPH(ties="efron").fit(package.Surv(d.time, event=d.event > 0), frame).coef_)

    return {"km": km, "cox": cox_model}[work]


def r(work: str, d: Rows) -> Work:
    """R in a process of its own; its own clock, its own peak memory."""
    folder = Path(tempfile.mkdtemp())
    np.column_stack([d.time, d.event, d.group, d.x]).T.astype("<f8").tofile(folder / "rows.bin")

    def run() -> Answer:
        done = subprocess.run(
            ["Rscript", "--vanilla", HERE / "peers.R", work, str(len(d.time)), folder / "rows.bin"],
            capture_output=True, text=True, check=True, timeout=300,
        )  # fmt: skip
        return dict(json.loads(done.stdout))

    return run


ENGINES: dict[str, Callable[[str, Rows], Work]] = {
    "InfantALL": infantall,
    "R survival/cmprsk": r,
    "lifelines": lifelines,
    "scikit-survival": scikit_survival,
    "greenwood": greenwood,
    "comprisk": comprisk,
}


def measured(engine: str, work: str, n: int) -> dict[str, Any]:
    """Median seconds of repeated runs after one that is not counted (unless it is long), and the answer."""
    run = ENGINES[engine](work, rows(n))
    start = time.perf_counter()
    answer = run()
    times = [time.perf_counter() - start]
    while times[0] < BUDGET / 2 and sum(times) < BUDGET and len(times) <= RUNS:
        start = time.perf_counter()
        answer = run()
        times.append(time.perf_counter() - start)
    seconds = answer.pop("seconds") if "seconds" in answer else statistics.median(times[1:] or times)
    peak = answer.pop("peak_mb") if "peak_mb" in answer else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"seconds": seconds, "first": times[0], "peak_mb": peak, "runs": max(len(times) - 1, 1), "answer": answer}


if __name__ == "__main__":
    print(json.dumps(measured(sys.argv[1], sys.argv[2], int(sys.argv[3]))))
