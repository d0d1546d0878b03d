"""``load_knowledge()``, ``load_guide()``: knowledge compiled once to a hashed file, and loaded from it after.

The family guide's knowledge is a part of its own, so that assessing a child does not read sixty topics in three languages.

The compiled file names the fingerprint of everything it was made from (each knowledge file, and the compiler itself) and the
hash of its own body. A changed pack or a damaged file is compiled anew, never trusted stale. A wheel carries its compiled
file; a source checkout keeps one in the user's cache folder.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .library import Knowledge

if TYPE_CHECKING:
    from .guide.library import GuideKnowledge

_PACKAGE = Path(__file__).parent.parent
_FACTS = _PACKAGE / "facts" / "data"
_PACK = _PACKAGE / "knowledge" / "data"
_COMPILER_FOLDERS = (_PACKAGE / "facts", _PACKAGE / "rules", _PACKAGE / "knowledge", _PACKAGE / "text")


@dataclass(frozen=True)
class _Part:
    """A part of the knowledge that is compiled and loaded by itself."""

    name: str
    data: tuple[Path, ...]
    without: tuple[Path, ...]
    code: tuple[Path, ...]

    @property
    def shipped(self) -> Path:
        return _PACKAGE / "knowledge" / ("compiled.json" if self.name == "knowledge" else f"compiled-{self.name}.json")

    def fingerprint(self) -> str:
        """The hash of every file that the compiled part depends on."""
        digest = hashlib.sha256()
        for folder in self.data:
            for path in sorted(folder.rglob("*")):
                if path.suffix in (".yaml", ".json") and not any(path.is_relative_to(other) for other in self.without):
                    _add(digest, path)
        for folder in self.code:
            for path in sorted(folder.glob("*.py")):
                _add(digest, path)
        return digest.hexdigest()


KNOWLEDGE = _Part("knowledge", (_FACTS, _PACK), (_PACK / "guide", _FACTS / "guide_facts.yaml"), _COMPILER_FOLDERS)
GUIDE = _Part("guide", (_FACTS, _PACK / "guide"), (), (*_COMPILER_FOLDERS, _PACKAGE / "knowledge" / "guide"))
"""The guide also names sources, but no more of the bibliography than their ids: a test holds that each is there."""
SHIPPED = KNOWLEDGE.shipped


def fingerprint() -> str:
    """The fingerprint of the knowledge without the guide."""
    return KNOWLEDGE.fingerprint()


def _add(digest: Any, path: Path) -> None:
    digest.update(path.relative_to(_PACKAGE).as_posix().encode())
    digest.update(b"\0")
    digest.update(path.read_bytes())


def cache_folder() -> Path:
    """Where compiled knowledge is kept: ``INFANTALL_CACHE``, else the user's cache folder."""
    chosen = os.environ.get("INFANTALL_CACHE")
    if chosen:
        return Path(chosen)
    base = os.environ.get("XDG_CACHE_HOME") or (Path.home() / ".cache")
    return Path(base) / "infantall"


@cache
def load_knowledge() -> Knowledge:
    """The knowledge of the core pack.

    Raises:
        InputError: a knowledge file is wrong (only in a checkout; a wheel carries checked knowledge).
    """
    return Knowledge.from_data(_loaded(KNOWLEDGE, compiled))


@cache
def load_guide() -> GuideKnowledge:
    """The family guide's knowledge. Raises InputError as :func:`load_knowledge` does."""
    from .guide.library import GuideKnowledge

    return GuideKnowledge.from_data(_loaded(GUIDE, compiled_guide))


def _loaded(part: _Part, compile_now: Callable[[str], dict[str, Any]]) -> dict[str, Any]:
    wanted = part.fingerprint()
    cached = cache_folder() / f"{part.name}-{wanted[:16]}.json"
    for path in (part.shipped, cached):
        data = _read(path, wanted)
        if data is not None:
            return data
    data = compile_now(wanted)
    _write_quietly(cached, part.name, data)
    return data


def compiled(wanted: str) -> dict[str, Any]:
    """The core pack without the guide, compiled now."""
    from .compiler import compile_packs

    return {**compile_packs(), "fingerprint": wanted}


def compiled_guide(wanted: str) -> dict[str, Any]:
    """The guide of the core pack, compiled now."""
    from .guide.compiler import compile_guide

    return {**compile_guide(), "fingerprint": wanted}


def write(path: Path, data: dict[str, Any]) -> None:
    """Writes a compiled file whole or not at all."""
    body = json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()
    header = json.dumps({"fingerprint": data["fingerprint"], "sha256": hashlib.sha256(body).hexdigest()}).encode()
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(header + b"\n" + body)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _write_quietly(path: Path, name: str, data: dict[str, Any]) -> None:
    """A cache that cannot be written (read-only home, full disk) costs time, nothing else."""
    try:
        write(path, data)
        for old in path.parent.glob(f"{name}-*.json"):
            if old != path:
                old.unlink(missing_ok=True)
    except OSError:
        return


def _read(path: Path, wanted: str) -> dict[str, Any] | None:
    """The compiled data, or None where the file is absent, stale or damaged."""
    try:
        header, _, body = path.read_bytes().partition(b"\n")
        said = json.loads(header)
        if said["fingerprint"] != wanted or said["sha256"] != hashlib.sha256(body).hexdigest():
            return None
        return dict(json.loads(body))
    except (OSError, ValueError, KeyError, TypeError):
        return None
