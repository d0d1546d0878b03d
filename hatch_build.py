"""Compiles the knowledge into the wheel, so that an installed package loads it without sqlglot or pydantic; adds the examples."""

import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompileKnowledge(BuildHookInterface):  # type: ignore[misc]
    """Writes the compiled knowledge and the compiled guide and puts them into the wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":  # a checkout compiles at first use, into the cache folder
            return
        source = Path(self.root) / "src"
        sys.path.insert(0, str(source))
        from infantall.knowledge import store

        folder = Path(tempfile.mkdtemp())
        parts = ((store.SHIPPED, store.compiled, store.fingerprint()),
                 (store.SHIPPED_GUIDE, store.compiled_guide, store.guide_fingerprint()))  # fmt: skip
        for shipped, compile_now, fingerprint in parts:
            target = folder / shipped.name
            store.write(target, compile_now(fingerprint))
            build_data["force_include"][str(target)] = f"infantall/knowledge/{shipped.name}"
        build_data["force_include"][str(Path(self.root) / "examples")] = "infantall/examples"
