"""Runs every benchmark, compares answers before times, and writes benchmarks/results/latest.md."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
ROWS, RUNS = 10_000_000, 5


def run(script: str, *arguments: str) -> dict[str, Any]:
    """A benchmark in a process of its own, so that its peak memory is its own."""
    done = subprocess.run([sys.executable, HERE / script, *arguments], check=True, capture_output=True, text=True)
    return dict(json.loads(done.stdout.strip().splitlines()[-1]))


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    lines = [
        f"# Benchmarks\n\n{platform.python_implementation()} {platform.python_version()}, {os.cpu_count()} cores. Medians.\n"
    ]
    lines += one_child(run("assess.py"))
    lines += outlook(run("outlook.py"))
    lines += family_guide(run("guide.py"))
    lines += many_rows(rows)
    lines += peers(run("peers.py"))
    lines.append(
        subprocess.run([sys.executable, HERE / "survival" / "report.py"], check=True, capture_output=True, text=True).stdout
    )
    text = "\n".join(lines) + "\n"
    (HERE / "results").mkdir(exist_ok=True)
    (HERE / "results" / "latest.md").write_text(text, encoding="utf-8")
    print(text)


def one_child(found: dict[str, Any]) -> list[str]:
    lines = ["## One child\n", "| work | median | aim | peak memory |", "|---|---|---|---|"]
    for name, label, aim in (
        ("help", "`infantall --help`, whole process", "0.25 s"),
        ("assess", "`infantall assess`, whole process", "0.6 s"),
    ):
        lines.append(f"| {label} | {found[name]['seconds']:.2f} s | under {aim} | {found[name]['peak_mb']:.0f} MB |")
    for name, milliseconds in found["warm_ms"].items():
        lines.append(f"| warm, every protocol explained: {name} | {milliseconds:.1f} ms | under 5 ms | |")
    return lines


def outlook(found: dict[str, Any]) -> list[str]:
    """One child's outlook: absolute times, as no other program makes one."""
    lines = ["\n## One child's outlook\n", f"Whole process, cold: {found['cold process, seconds']:.2f} s.\n"]
    records = found["milliseconds, warm"]
    lines += ["| step, warm | " + " | ".join(records) + " |", "|---|" + "---|" * len(records)]
    for step in next(iter(records.values())):
        times = [f"{record[step]:.1f} ms" for record in records.values()]
        lines.append(f"| {step} | {' | '.join(times)} |")
    return lines


def family_guide(found: dict[str, Any]) -> list[str]:
    """There is no peer that makes such a guide, so there is nothing to compare with: the times are absolute."""
    lines = ["\n## One family's guide\n", "No other program makes such a guide from a record: times stand by themselves."]
    lines += [f"The slowest tenth of a fixed piece of work took {found['noise_pct']:.0f} % longer than its median.\n"]
    lines += ["| work | median | aim | peak memory |", "|---|---|---|---|"]
    aims = {"today, HTML": "under 200 ms"}
    for name, one in found["cold"].items():
        lines.append(f"| `infantall guide`, whole process: {name} | {one['seconds']:.2f} s | | {one['peak_mb']:.0f} MB |")
    for name, milliseconds in found["renders"].items():
        lines.append(f"| warm: {name} | {milliseconds:.1f} ms | {aims.get(name, '')} | |")
    for name, milliseconds in found["prints"].items():
        lines.append(f"| warm, PDF: {name} | {milliseconds / 1000:.2f} s | {'under 2 s' if name.startswith('all') else ''} | |")
    for name, milliseconds in found["loads"].items():
        lines.append(f"| the guide's knowledge: {name} | {milliseconds:.1f} ms | | |")
    return lines


def many_rows(rows: int) -> list[str]:
    engines = {
        name: run("stratify.py", name, str(rows), str(RUNS))
        for name in ("numpy", "duckdb-counts", "duckdb", "duckdb-text", "duckdb-columns")
    }
    yardstick = engines["numpy"]
    for name, found in engines.items():
        if found["counts"] != yardstick["counts"]:
            raise SystemExit(f"{name} answers differently from the NumPy kernel: nothing is timed")
    lines = [f"\n## {rows:,} infants, six protocols with groups, eligibility and possible groups\n"]
    lines += ["| engine | seconds | against the kernel | peak memory |", "|---|---|---|---|"]
    labels = {
        "numpy": "hand-written NumPy kernel (1 thread), masks a row",
        "duckdb-counts": "compiled rules, DuckDB (2 threads), counts of every combination",
        "duckdb": "compiled rules, DuckDB (2 threads), written: every answer of an infant, side by side in one integer",
        "duckdb-text": "the same, categories as text",
        "duckdb-columns": "the same, categories as dictionary columns, every answer a column of its own",
    }
    for name, found in engines.items():
        ratio = found["seconds"] / yardstick["seconds"]
        lines.append(f"| {labels[name]} | {found['seconds']:.2f} | {ratio:.1f} × | {found['peak_mb']:.0f} MB |")
    return lines


def peers(found: dict[str, Any]) -> list[str]:
    lines = ["\n## One risk rule over rows, a tenth of the values missing\n", "| engine | rows a second |", "|---|---|"]
    lines += [f"| {name} | {rate:,.0f} |" for name, rate in sorted(found["rates"].items(), key=lambda item: -item[1])]
    if found["zen_wrong"] is not None:
        lines.append(
            f"\nThe ordinary decision table answers {found['zen_wrong']:.1%} of these rows with one group where the truth is "
            f"open or another; {found['zen_missed_high_risk']:.1%} of all rows it calls medium risk although they could "
            "be high risk."
        )
    return lines


if __name__ == "__main__":
    main()
