"""The example records that the project ships: every folder of examples that holds records."""

from __future__ import annotations

from pathlib import Path

EXAMPLES = Path(__file__).parents[2] / "examples"
EXAMPLE_RECORDS = sorted(path for folder in ("babies", "case-reports", "families") for path in (EXAMPLES / folder).glob("*.yaml"))
