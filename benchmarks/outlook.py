"""What was seen in infants like this one: each step of one child's outlook in a warm process. There is no peer."""

from __future__ import annotations

import json
from collections.abc import Callable

from assess import EXAMPLES, cold
from guide import spread, warm

RECORDS = {
    "rearranged, high risk": EXAMPLES / "babies" / "high-risk.yaml",
    "KMT2A not known": EXAMPLES / "babies" / "kmt2a-missing.yaml",
}


def steps() -> dict[str, dict[str, float]]:
    """Median milliseconds of each step, by record."""
    from infantall.assessing import assess_record
    from infantall.care.outlook import outlook
    from infantall.care.therapies import therapies
    from infantall.care.trials import trials
    from infantall.knowledge.store import load_knowledge
    from infantall.report.outlook.data import outlook_data
    from infantall.report.outlook.html import outlook_html
    from infantall.report.outlook.text import outlook_text

    knowledge = load_knowledge()
    found = {}
    for name, path in RECORDS.items():
        assessment = assess_record(path, knowledge)
        result = outlook(assessment)
        work: dict[str, Callable[[], object]] = {
            "record file to outlook": lambda path=path: outlook(assess_record(path, knowledge)),
            "matching alone": lambda assessment=assessment: outlook(assessment),
            "as JSON": lambda result=result: outlook_data(result),
            "as text": lambda result=result: outlook_text(result),
            "as a page with figures": lambda result=result: outlook_html([result]),
            "therapies": lambda a=assessment: therapies(a.values, knowledge),
            "trials": lambda a=assessment: trials(a.values, knowledge),
        }
        for step in work.values():
            step()
        found[name] = {step: round(warm(run, 30), 2) for step, run in work.items()}
    return found


def run() -> dict[str, object]:
    """All measurements."""
    return {
        "machine noise, percent": round(spread(), 1),
        "cold process, seconds": round(cold(["outlook", str(RECORDS["rearranged, high risk"])])["seconds"], 3),
        "milliseconds, warm": steps(),
    }


if __name__ == "__main__":
    print(json.dumps(run(), indent=1))
