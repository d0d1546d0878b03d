"""One child: the whole process cold, and warm inside one process with every protocol explained."""

from __future__ import annotations

import json
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

EXAMPLES = Path(__file__).parents[1] / "examples"
RECORDS = ("babies/high-risk.yaml", "babies/kmt2a-missing.yaml", "case-reports/twins-pmid8611455-a.yaml")


def cold(arguments: list[str], runs: int = 9) -> dict[str, float]:
    """Median wall seconds and peak memory of the whole command."""
    times, memory = [], 0.0
    for _ in range(runs + 1):
        start = time.perf_counter()
        subprocess.run([sys.executable, "-m", "infantall", *arguments], check=True, capture_output=True)
        times.append(time.perf_counter() - start)
        memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return {"seconds": statistics.median(times[1:]), "peak_mb": memory}


def warm(name: str, runs: int = 100) -> float:
    """Median milliseconds of one assessment, all protocols, with explanations."""
    from infantall.care.assess import assess
    from infantall.knowledge.store import load_knowledge
    from infantall.record.reader import read_record_file

    knowledge = load_knowledge()
    record = read_record_file(EXAMPLES / name, knowledge.vocabulary)
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        assess(record, knowledge)
        times.append(time.perf_counter() - start)
    return statistics.median(times) * 1000


def main() -> dict[str, Any]:
    record = str(EXAMPLES / RECORDS[0])
    return {
        "help": cold(["--help"]),
        "assess": cold(["assess", record, "--format", "json"]),
        "warm_ms": {name: warm(name) for name in RECORDS},
    }


if __name__ == "__main__":
    print(json.dumps(main()))
