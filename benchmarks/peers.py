"""One risk rule (Interfant-06) over rows with missing values: an ordinary decision table against engines that keep "unknown".

zen-engine runs the rule as a first-hit decision table, as a rules team would write it. Such a table has no third value: a missing
number fails its test, so a child of whom nothing is known falls through to "medium risk". Its wrong answers are counted.
"""

from __future__ import annotations

import json
import random
import time
from typing import Any

import duckdb
import pyarrow as pa

from infantall.cohort.stratify_sql import stratification
from infantall.knowledge.library import Protocol
from infantall.knowledge.store import load_knowledge
from infantall.rules.ordered import possible_outcomes

PROTOCOL = "interfant-06"
FACTS = ("kmt2a_status", "age_months_at_diagnosis", "wbc_at_diagnosis", "prednisone_response")


def rows(number: int, missing: float = 0.1) -> list[dict[str, Any]]:
    """Random infants, a tenth of all values missing."""
    source = random.Random(2026)

    def maybe(value: Any) -> Any:
        return None if source.random() < missing else value

    return [
        {
            "kmt2a_status": maybe(source.choice(("rearranged", "germline", "not_evaluable"))),
            "age_months_at_diagnosis": maybe(source.randrange(12)),
            "wbc_at_diagnosis": maybe(float(source.randrange(1, 600))),
            "prednisone_response": maybe(source.choice(("good", "poor", "not_evaluable"))),
        }
        for _ in range(number)
    ]


def by_interpreter(protocol: Protocol, infants: list[dict[str, Any]]) -> list[str]:
    """Our diagram, one child at a time: a group, or every group still possible."""
    return ["/".join(possible_outcomes(protocol.group_diagram, infant)) for infant in infants]


def by_duckdb(infants: list[dict[str, Any]]) -> tuple[list[str], float]:
    """The same from the compiled SQL; seconds of the query alone."""
    connection = duckdb.connect()
    arrow = pa.table({"n": list(range(len(infants))), **{name: [row[name] for row in infants] for name in FACTS}})
    connection.register("raw", arrow)
    connection.execute("CREATE TABLE infants AS SELECT * FROM raw")
    query = stratification(load_knowledge(), "infants", FACTS, [PROTOCOL], keep=["n"])
    start = time.perf_counter()
    found = connection.execute(f'SELECT "{PROTOCOL}__groups" FROM ({query.sql}) ORDER BY n').fetchall()
    seconds = time.perf_counter() - start
    outcomes = query.protocols[0].group_diagram.outcomes
    return ["/".join(o for i, o in enumerate(outcomes) if mask >> i & 1) for (mask,) in found], seconds


def by_plain_python(infants: list[dict[str, Any]]) -> list[str]:
    """Kleene logic written by hand for this one rule."""
    found = []
    for row in infants:
        kmt2a, age, wbc, response = (row[name] for name in FACTS)
        may_high = (age is None or age < 6) and (wbc is None or wbc >= 300 or response in (None, "poor"))
        may_medium = (age is None or age >= 6) or ((wbc is None or wbc < 300) and response != "poor")
        groups = []
        if kmt2a in (None, "germline"):
            groups.append("LR")
        if kmt2a in (None, "rearranged") and may_high:
            groups.append("HR")
        if kmt2a in (None, "not_evaluable") or (kmt2a == "rearranged" and may_medium):
            groups.append("MR")
        found.append("/".join(groups))
    return found


TABLE = {
    "nodes": [
        {"id": "in", "name": "in", "type": "inputNode"},
        {
            "id": "table",
            "name": "table",
            "type": "decisionTableNode",
            "content": {
                "hitPolicy": "first",
                "inputs": [{"id": f"i{i}", "name": name, "type": "expression", "field": name} for i, name in enumerate(FACTS)],
                "outputs": [{"id": "o", "name": "group", "type": "expression", "field": "group"}],
                "rules": [
                    {"_id": "1", "i0": '"germline"', "i1": "", "i2": "", "i3": "", "o": '"LR"'},
                    {"_id": "2", "i0": '"rearranged"', "i1": "< 6", "i2": ">= 300", "i3": "", "o": '"HR"'},
                    {"_id": "3", "i0": '"rearranged"', "i1": "< 6", "i2": "", "i3": '"poor"', "o": '"HR"'},
                    {"_id": "4", "i0": "", "i1": "", "i2": "", "i3": "", "o": '"MR"'},
                ],
            },
        },
        {"id": "out", "name": "out", "type": "outputNode"},
    ],
    "edges": [
        {"id": "e1", "sourceId": "in", "targetId": "table", "type": "edge"},
        {"id": "e2", "sourceId": "table", "targetId": "out", "type": "edge"},
    ],
}


def by_zen(infants: list[dict[str, Any]]) -> list[str] | None:
    """The ordinary decision table; None where zen-engine is not installed."""
    try:
        import zen
    except ImportError:
        return None
    decision = zen.ZenEngine().create_decision(json.dumps(TABLE))
    return [decision.evaluate(infant)["result"]["group"] for infant in infants]


def main() -> dict[str, Any]:
    """Rates (rows a second), and how often the ordinary table is wrong."""
    knowledge = load_knowledge()
    infants = rows(20_000)
    results: dict[str, Any] = {}

    def timed(name: str, work: Any) -> Any:
        start = time.perf_counter()
        answers = work()
        results[name] = len(infants) / (time.perf_counter() - start)
        return answers

    ours = timed("InfantALL, one child at a time", lambda: by_interpreter(knowledge.protocols[PROTOCOL], infants))
    plain = timed("plain Python, by hand", lambda: by_plain_python(infants))
    assert plain == ours, "answers differ: nothing is timed"
    many = infants * 25
    in_sql, seconds = by_duckdb(many)
    assert in_sql == ours * 25, "answers differ: nothing is timed"
    results["InfantALL, DuckDB (500,000 rows)"] = len(many) / seconds
    table = timed("zen-engine decision table", lambda: by_zen(infants))
    if table is None:
        del results["zen-engine decision table"]
        return {"rates": results, "zen_wrong": None}
    wrong = sum(1 for mine, theirs in zip(ours, table, strict=True) if mine != theirs)
    missed = sum(1 for mine, theirs in zip(ours, table, strict=True) if theirs == "MR" and "HR" in mine.split("/"))
    return {"rates": results, "zen_wrong": wrong / len(infants), "zen_missed_high_risk": missed / len(infants)}


if __name__ == "__main__":
    print(json.dumps(main()))
