"""Runs every engine on every piece of work, compares answers before times, and writes the survival part of the results.

    python benchmarks/survival/report.py [ROWS ...]

An engine whose answer differs is named and not timed. Each runs in a process of its own, so that its memory is its own.
"""

from __future__ import annotations

import json
import math
import subprocess
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
SIZES = (2_000, 100_000, 1_000_000)
WORK = {
    "km": ("Kaplan–Meier, two-group log-rank", "10 ms"),
    "aj": ("Aalen–Johansen, Gray's test", "50 ms"),
    "cox": ("Cox, Efron, 5 covariates", "0.4 s"),
    "finegray": ("Fine–Gray, 2 covariates", "1 s"),
}
ENGINES = {
    "InfantALL": ("km", "aj", "cox", "finegray"),
    "R survival/cmprsk": ("km", "aj", "cox", "finegray"),
    "lifelines": ("km", "aj", "cox"),
    "scikit-survival": ("km", "aj", "cox"),
    "greenwood": ("km", "cox"),
    "comprisk": ("aj", "finegray"),
}
LARGEST = {("R survival/cmprsk", "finegray"): 2_000, ("scikit-survival", "cox"): 100_000, ("greenwood", "cox"): 100_000}
"""Beyond this an engine takes minutes."""
TOLERANCE = {"finegray": 5e-6}  # crr and comprisk stop at a gradient of 1e-6; everything else agrees to 1e-6


def run(script: str, *arguments: str) -> dict[str, Any] | None:
    done = subprocess.run([sys.executable, HERE / script, *arguments], capture_output=True, text=True, timeout=900)
    return dict(json.loads(done.stdout.strip().splitlines()[-1])) if done.returncode == 0 else None


def differs(ours: dict[str, float], theirs: dict[str, float], tolerance: float) -> str:
    """The first number on which they differ, or nothing; a name that ends in ``~`` is jittered by its engine and not compared."""
    for name, value in theirs.items():
        if name in ours and not math.isclose(value, ours[name], rel_tol=tolerance, abs_tol=1e-8):
            return f"{name}: {value:.8g} against {ours[name]:.8g}"
    return ""


def said(seconds: float) -> str:
    return f"{seconds * 1000:.3g} ms" if seconds < 1 else f"{seconds:.3g} s"


def table(work: str, sizes: tuple[int, ...]) -> list[str]:
    title, aim = WORK[work]
    lines = [
        f"\n### {title}\n",
        f"| engine | {' | '.join(f'{n:,} rows' for n in sizes)} | peak memory, last |",
        "|---" * (len(sizes) + 2) + "|",
    ]
    ours: dict[int, dict[str, Any]] = {}
    for engine, offered in ENGINES.items():
        if work not in offered:
            continue
        cells, memory = [], ""
        for n in sizes:
            found = run("engines.py", engine, work, str(n)) if n <= LARGEST.get((engine, work), 10**9) else None
            if found is None:
                cells.append("not run")
                continue
            if engine == "InfantALL":
                ours[n] = found
            wrong = differs(ours[n]["answer"], found["answer"], TOLERANCE.get(work, 1e-6))
            cells.append(f"another answer ({wrong})" if wrong else said(found["seconds"]))
            memory = f"{found['peak_mb']:.0f} MB"
        lines.append(f"| {engine} | {' | '.join(cells)} | {memory} |")
        print(lines[-1], file=sys.stderr, flush=True)
    return [*lines, f"\nAim at a million rows: under {aim}."]


def trials() -> list[str]:
    lines = ["\n### Two-arm trials of 200, trials a second\n", "| engine | work | trials a second |", "|---|---|---|"]
    found = {engine: run("trials.py", engine) or {} for engine in ("InfantALL", "rpact", "lifelines")}
    power = {engine: rates.pop("power") for engine, rates in found.items() if "power" in rates}
    if len(power) > 1 and abs(power["InfantALL"] - power["rpact"]) > 0.015:  # 4 standard errors of 20,000 trials each
        return ["\nThe trials of rpact and ours have another power: nothing is timed."]
    lines += [f"| {engine} | {name} | {rate:,.0f} |" for engine, rates in found.items() for name, rate in rates.items()]
    return [*lines, "\nPower: " + ", ".join(f"{engine} {value:.1%}" for engine, value in power.items()) + "."]


def main(sizes: tuple[int, ...] = SIZES) -> list[str]:
    lines = [
        "\n## Survival analysis\n",
        "Whole days, so that almost every time is tied. Five covariates, two causes, censoring over ten years. Answers are",
        "compared before times. lifelines breaks ties of its cumulative incidence by chance: not compared. InfantALL without",
        "its first call, which compiles (about a second).",
    ]
    for work in WORK:
        lines += table(work, sizes)
    return [*lines, *growth(), *trials()]


def growth() -> list[str]:
    """How our own time grows with the rows, as a picture."""
    sizes = (10_000, 100_000, 1_000_000, 4_000_000)
    points = {work: [(n, run("engines.py", "InfantALL", work, str(n))) for n in sizes] for work in WORK}
    plotted = {work: [(n, found["seconds"]) for n, found in found_at if found] for work, found_at in points.items()}
    (HERE.parent / "results" / "growth.svg").write_text(drawn(plotted), encoding="utf-8")
    lines = [
        "\n### Growth\n",
        "![Seconds by rows, both axes logarithmic](growth.svg)\n",
        "| work | " + " | ".join(f"{n:,}" for n in sizes) + " |",
        "|---" * 5 + "|",
    ]
    return [*lines, *(f"| {WORK[work][0]} | {' | '.join(said(s) for _, s in found)} |" for work, found in plotted.items())]


def drawn(plotted: dict[str, list[tuple[int, float]]]) -> str:
    """A small log–log chart."""

    def x(n: float) -> float:
        return 70 + (math.log10(n) - 4) / 2.7 * 400

    def y(seconds: float) -> float:
        return 280 - (math.log10(seconds) + 4) / 5 * 250

    parts = ['<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 330" font-family="sans-serif" font-size="12" role="img">']
    parts.append('<title>Seconds by number of rows</title><rect width="640" height="330" fill="#fff"/>')
    for power in range(-4, 2):
        parts.append(
            f'<path d="M70 {y(10**power):.0f}H470" stroke="#ddd"/><text x="8" y="{y(10**power) + 4:.0f}">{10**power:g} s</text>'
        )
    for power in (4, 5, 6):
        parts.append(f'<text x="{x(10**power) - 22:.0f}" y="305">{10**power:,}</text>')
    parts.append('<text x="240" y="324">rows</text>')
    for i, (work, found) in enumerate(plotted.items()):
        dash = ("", "8 4", "2 3", "8 3 2 3")[i]
        path = " ".join(f"{'L' if k else 'M'}{x(n):.0f} {y(s):.0f}" for k, (n, s) in enumerate(found))
        parts.append(f'<path d="{path}" fill="none" stroke="#111" stroke-width="2" stroke-dasharray="{dash}"/>')
        parts.append(f'<text x="{x(found[-1][0]) + 8:.0f}" y="{y(found[-1][1]) + 4:.0f}">{WORK[work][0].split(",")[0]}</text>')
    return "".join([*parts, "</svg>\n"])


if __name__ == "__main__":
    print("\n".join(main(tuple(map(int, sys.argv[1:])) or SIZES)))
