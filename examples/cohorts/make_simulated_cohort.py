"""Writes simulated-cohort.csv: 240 infants who never lived, so that every cohort command can be tried.

    python examples/cohorts/make_simulated_cohort.py

The hazards are round numbers chosen to give curves of a plausible shape. They are not estimates, and nothing about infant ALL can
be learned from them.
"""

from __future__ import annotations

import csv
import random
from pathlib import Path

INFANTS, SEED, MISSING = 240, 2026, 0.06
FIRST_EVENTS = ("relapse", "death_in_remission", "second_cancer")


def infant(number: int, source: random.Random) -> dict[str, object]:
    """One row: facts at diagnosis, early response, transplant, and what became of the infant."""
    age = source.randrange(5, 366)
    rearranged = source.random() < 0.76 - 0.0005 * age
    status = "rearranged" if rearranged else source.choice(["germline"] * 9 + ["not_evaluable"])
    wbc = round(source.lognormvariate(4.9 if rearranged else 3.6, 1.2), 1)
    day8 = round(source.lognormvariate(5.2 if wbc > 300 else 4.2, 2.0))
    high = rearranged and age < 184 and (wbc >= 300 or day8 >= 1000)
    yearly = {"relapse": 0.55 if high else 0.30 if rearranged else 0.06, "death_in_remission": 0.02, "second_cancer": 0.002}
    times = {name: source.expovariate(rate) * 365.25 for name, rate in yearly.items()}
    cured = source.random() < (0.18 if high else 0.35 if rearranged else 0.72)
    if cured:
        times["relapse"] = float("inf")
    follow_up = source.uniform(400, 3_000)
    early = source.random()
    hsct = source.gauss(150, 40) if rearranged and source.random() < (0.8 if high else 0.4) else None
    if early < 0.04:
        first, efs = "induction_death", source.randrange(2, 40)
    elif early < 0.08:
        first, efs = "no_remission", 33
    else:
        first = min(times, key=lambda name: times[name])
        efs = max(round(times[first]), 40)
        if efs > follow_up:
            first, efs = "none", round(follow_up)
    died = first in ("induction_death", "death_in_remission") or (first != "none" and source.random() < 0.7)
    after = 0 if first in ("induction_death", "death_in_remission") else round(source.expovariate(1 / 250)) + 1
    death = efs + after if died else None
    if death is not None and death > follow_up > efs:
        death = None
    last = death if death is not None else max(round(follow_up), efs)
    return {
        "id": f"sim-{number:03d}",
        "simulated": "true",
        "sex": source.choice(("female", "male")),
        "age_days_at_diagnosis": age,
        "wbc_at_diagnosis": wbc,
        "kmt2a_status": status,
        "cns_disease": source.choice(["no"] * 5 + ["yes"]),
        "day8_blasts": day8,
        "efs_days": efs,
        "efs_event": int(first != "none"),
        "first_event": first,
        "os_days": last,
        "os_event": int(death is not None),
        "hsct_day": max(round(hsct), 60) if hsct is not None and hsct < efs else "",
        "follow_up_days": last,
    }


def main() -> None:
    source = random.Random(SEED)
    rows = [infant(number, source) for number in range(1, INFANTS + 1)]
    for row in rows:
        for name in ("wbc_at_diagnosis", "kmt2a_status", "cns_disease", "day8_blasts"):
            if source.random() < MISSING:
                row[name] = ""
    with (Path(__file__).parent / "simulated-cohort.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    main()
