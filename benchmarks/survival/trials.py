"""Two-arm trials of 200 analysed as fast as can be: ``python trials.py ENGINE`` prints trials a second, and the power found.

Exponential events, hazard ratio 0.6, accrual over 24 months, analysed at the 100th event. rpact simulates and analyses in one
call, so ours is timed with its simulation too; the two powers must agree.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time

import numpy as np

PATIENTS, TRIALS, EVENTS, HAZARD, RATIO, ACCRUAL = 200, 20_000, 100, 0.1, 0.6, 24.0


def simulated(trials: int, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Times, events [trials, patients], and arms [patients]: as they stand when the 100th event happens."""
    source = np.random.Generator(np.random.Philox(seed))
    arm = np.arange(PATIENTS) % 2
    entered = (np.arange(PATIENTS) + 1) * ACCRUAL / PATIENTS
    times = source.standard_exponential((trials, PATIENTS)) / np.where(arm == 1, HAZARD * RATIO, HAZARD)
    analysed = np.partition(times + entered, EVENTS - 1, axis=1)[:, EVENTS - 1 : EVENTS]
    followed = np.maximum(analysed - entered, 0.0)
    return np.minimum(times, followed), (times <= followed).astype(np.int64), arm


def rates(work: object, trials: int, runs: int = 5) -> float:
    times = []
    for run in range(runs + 1):
        start = time.perf_counter()
        work(run)  # type: ignore[operator]
        times.append(time.perf_counter() - start)
    return trials / statistics.median(times[1:])


def infantall() -> dict[str, float]:
    from infantall.cohort.survival.batch import batch_cox, batch_log_rank

    z = batch_log_rank(*simulated(TRIALS, 1))
    data = simulated(TRIALS, 2)
    return {
        "power": float((z < -1.959964).mean()),
        "log-rank, simulated and analysed": rates(lambda run: batch_log_rank(*simulated(TRIALS, run)), TRIALS),
        "log-rank, analysed": rates(lambda run: batch_log_rank(*data), TRIALS),
        "Cox, analysed": rates(lambda run: batch_cox(*data), TRIALS),
    }


def lifelines() -> dict[str, float]:
    from lifelines.statistics import logrank_test

    time_, event, arm = simulated(100, 3)

    def work(run: int) -> None:
        for t, e in zip(time_, event, strict=True):
            logrank_test(t[arm == 0], t[arm == 1], e[arm == 0], e[arm == 1])

    return {"log-rank, analysed": rates(work, 100, 2)}


R_CODE = """
suppressMessages(library(rpact))
n <- 20000
run <- function(seed) getSimulationSurvival(getDesignGroupSequential(kMax = 1, alpha = 0.025, sided = 1), lambda2 = 0.1,
  hazardRatio = 0.6, accrualTime = c(0, 24), accrualIntensity = 200 / 24, plannedEvents = 100, maxNumberOfSubjects = 200,
  maxNumberOfIterations = n, seed = seed, directionUpper = FALSE)
found <- run(1); t <- sapply(2:4, function(s) system.time(run(s))[[3]])
cat(sprintf('{"power": %.5f, "log-rank, simulated and analysed": %.1f}', found$overallReject, n / median(t)))
"""


def rpact() -> dict[str, float]:
    done = subprocess.run(["Rscript", "--vanilla", "-e", R_CODE], capture_output=True, text=True, check=True, timeout=300)
    return dict(json.loads(done.stdout.strip().splitlines()[-1]))


if __name__ == "__main__":
    print(json.dumps({"InfantALL": infantall, "lifelines": lifelines, "rpact": rpact}[sys.argv[1]]()))
