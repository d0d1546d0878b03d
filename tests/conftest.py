"""What every test shares: the package on the path, hypothesis profiles, the knowledge compiled once a session.

``INFANTALL_LONG=1`` runs the generated tests with many more, and random, examples.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "src"))
os.environ.setdefault("INFANTALL_CACHE", str(Path(tempfile.gettempdir()) / f"infantall-tests-{os.getuid()}"))

if TYPE_CHECKING:
    from infantall.facts.vocabulary import Vocabulary
    from infantall.knowledge.library import Knowledge

_SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
settings.register_profile("ci", derandomize=True, database=None, deadline=None, max_examples=90, suppress_health_check=_SLOW)
settings.register_profile("long", deadline=None, max_examples=5_000, suppress_health_check=_SLOW)
settings.load_profile("long" if os.environ.get("INFANTALL_LONG") else "ci")


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    from infantall.knowledge.store import load_knowledge

    return load_knowledge()


@pytest.fixture(scope="session")
def vocabulary(knowledge: Knowledge) -> Vocabulary:
    return knowledge.vocabulary


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    """Where INFANTALL_CI is set nothing may be skipped: a missing browser or tool is a failure there."""
    report = yield
    if report.skipped and os.environ.get("INFANTALL_CI") and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped, where nothing may be skipped: {report.longrepr}"
    return report
