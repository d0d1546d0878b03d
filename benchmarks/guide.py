"""The family guide of one child: the whole process cold; each step warm; on paper. There is no peer: times stand by themselves.

A warm print of the same booklet is answered from the layout's own memory, so each print here is of a booklet with another name,
and the first print is of a process of its own.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from assess import EXAMPLES, cold

RECORD = EXAMPLES / "families" / "going-home.yaml"
LONGEST = EXAMPLES / "families" / "after-transplant.yaml"  # Arabic, English beside it


def warm(work: Callable[[], object], runs: int) -> float:
    """Median milliseconds."""
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times) * 1000


def spread(runs: int = 200) -> float:
    """The machine's noise: how much longer the slowest tenth of one fixed piece of work takes than its median, in percent."""
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        sum(range(50_000))
        times.append(time.perf_counter() - start)
    return (statistics.quantiles(times, n=10)[-1] / statistics.median(times) - 1) * 100


def renders() -> dict[str, float]:
    """A child's guide in a process that has the knowledge: from the record file to the page."""
    from infantall.family.packs import booklet
    from infantall.guiding import Choices, booklet_for, material_for
    from infantall.report.guide.html import booklet_html
    from infantall.report.guide.text import booklet_text

    choices, times = Choices(), {}
    for pack in ("today", "all"):
        times[f"{pack}, HTML"] = warm(lambda pack=pack: booklet_html(booklet_for(RECORD, pack, choices)), 30)
        times[f"{pack}, text"] = warm(lambda pack=pack: booklet_text(booklet_for(RECORD, pack, choices)), 20)
    times["choosing alone: record file to material"] = warm(lambda: material_for(RECORD, choices), 50)
    material = material_for(RECORD, choices)
    times["pages alone: material to booklet, pack all"] = warm(lambda: booklet(material, "all"), 30)
    return times


def prints(runs: int = 7) -> dict[str, float]:
    """Booklets as PDF, warm; each of another baby's name, so that no print is remembered."""
    from infantall.family.booklet import Said
    from infantall.family.packs import booklet
    from infantall.guiding import Choices, material_for
    from infantall.report.guide.pdf import booklet_pdf, sheets

    times = {}
    for record, pack in ((RECORD, "go-home"), (RECORD, "all"), (LONGEST, "all")):
        material = material_for(record, Choices())
        made = booklet(material, pack)
        say, count = material.wording.words.say, sheets(booklet_pdf(made, material.wording.words.say))

        def named(number: int) -> Any:
            footer = (*made.footer, Said(str(number), "en"))  # noqa: B023
            return replace(made, title=Said(f"Guide {number}", "en"), footer=footer)  # noqa: B023

        booklets = iter([named(number) for number in range(runs)])
        label = f"{pack}, {made.language}, {count} sheets"
        times[label] = warm(lambda: booklet_pdf(next(booklets), say), runs)  # noqa: B023
    return times


def loads() -> dict[str, float]:
    """The guide's knowledge from its compiled file."""
    from infantall.knowledge import store
    from infantall.knowledge.guide.library import GuideKnowledge

    store.load_guide()
    wanted = store.guide_fingerprint()
    data = store._loaded("guide", store.SHIPPED_GUIDE, wanted, store.compiled_guide)
    return {
        "fingerprint of its files": warm(store.guide_fingerprint, 20),
        "compiled file read": warm(lambda: store._loaded("guide", store.SHIPPED_GUIDE, wanted, store.compiled_guide), 20),
        "objects built": warm(lambda: GuideKnowledge.from_data(data), 20),
    }


def own_process(name: str) -> dict[str, float]:
    """A part in a process of its own, so that nothing of another part is warm."""
    done = subprocess.run([sys.executable, __file__, name], check=True, capture_output=True, text=True)
    return dict(json.loads(done.stdout.strip().splitlines()[-1]))


PARTS: dict[str, Callable[[], dict[str, float]]] = {"renders": renders, "prints": prints, "loads": loads}


def main() -> dict[str, Any]:
    record, out = str(RECORD), os.devnull
    return {
        "noise_pct": spread(),
        "cold": {
            "today, text": cold(["guide", record]),
            "today, HTML": cold(["guide", record, "--format", "html"]),
            "all, PDF": cold(["guide", record, "--pack", "all", "--format", "pdf", "--out", out], 5),
        },
        **{name: own_process(name) for name in PARTS},
    }


if __name__ == "__main__":
    print(json.dumps(PARTS[sys.argv[1]]() if len(sys.argv) > 1 else main()))
