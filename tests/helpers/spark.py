"""One Spark session for all tests of a run: starting it costs seconds."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest


@pytest.fixture(scope="session")
def spark() -> Iterator[Any]:
    """The engine on a local session; skipped where PySpark or Java is missing."""
    pytest.importorskip("pyspark")
    if not (shutil.which("java") or os.environ.get("JAVA_HOME")):
        pytest.skip("Spark needs Java")
    from infantall.cohort.engines.spark_engine import SparkEngine

    engine = SparkEngine()
    yield engine
    engine.session.stop()
