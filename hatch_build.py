"""Compiles the knowledge into the wheel, so that an installed package loads it without sqlglot or pydantic; adds the examples."""

import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompileKnowledge(BuildHookInterface):  # type: ignore[misc]
    """Writes ``infantall/knowledge/compiled.json`` and puts it into the wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":  # a checkout compiles at first use, into the cache folder
            return
        source = Path(self.root) / "src"
        sys.path.insert(0, str(source))
        from infantall.knowledge import store

        target = Path(tempfile.mkdtemp()) / "compiled.json"
        store.write(target, store.compiled(store.fingerprint()))
        build_data["force_include"][str(target)] = "infantall/knowledge/compiled.json"
        build_data["force_include"][str(Path(self.root) / "examples")] = "infantall/examples"
