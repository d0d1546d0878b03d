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
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .library import Knowledge

if TYPE_CHECKING:
    from .guide.library import GuideKnowledge

_PACKAGE = Path(__file__).parent.parent
_PACK = _PACKAGE / "knowledge" / "data"
_DATA_FOLDERS = (_PACKAGE / "facts" / "data", _PACK)
_GUIDE_FOLDERS = (_PACKAGE / "facts" / "data", _PACK / "guide")
_GUIDE_ALONE = ("guide", "guide_facts.yaml")  # what of the data only the guide depends on
_COMPILER_FOLDERS = (_PACKAGE / "facts", _PACKAGE / "rules", _PACKAGE / "knowledge", _PACKAGE / "text")
_GUIDE_COMPILER_FOLDERS = (*_COMPILER_FOLDERS, _PACKAGE / "knowledge" / "guide")
SHIPPED = _PACKAGE / "knowledge" / "compiled.json"
SHIPPED_GUIDE = _PACKAGE / "knowledge" / "compiled-guide.json"


def fingerprint() -> str:
    """The hash of every file that the compiled knowledge depends on; the guide's files are not among them."""
    return _hash(_DATA_FOLDERS, _COMPILER_FOLDERS, _GUIDE_ALONE)


def guide_fingerprint() -> str:
    """The hash of every file that the compiled guide depends on.

    The guide names sources too, but only by their ids; a test holds that each is in the bibliography.
    """
    return _hash(_GUIDE_FOLDERS, _GUIDE_COMPILER_FOLDERS, ())


def _hash(data: tuple[Path, ...], code: tuple[Path, ...], without: tuple[str, ...]) -> str:
    digest = hashlib.sha256()
    for folder in data:
        for path in sorted(folder.rglob("*")):
            if path.suffix in (".yaml", ".json") and path.relative_to(folder).parts[0] not in without:
                _add(digest, path)
    for folder in code:
        for path in sorted(folder.glob("*.py")):
            _add(digest, path)
    return digest.hexdigest()


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
    return Knowledge.from_data(_loaded("knowledge", SHIPPED, fingerprint(), compiled))


@cache
def load_guide() -> GuideKnowledge:
    """The family guide's knowledge. Raises InputError as :func:`load_knowledge` does."""
    from .guide.library import GuideKnowledge

    return GuideKnowledge.from_data(_loaded("guide", SHIPPED_GUIDE, guide_fingerprint(), compiled_guide))


def load_all() -> Knowledge:
    """The knowledge together with the guide's statements and facts: for those who look knowledge up or review it."""
    guide = load_guide()
    return replace(load_knowledge(), guide=tuple(guide.statements()), vocabulary=guide.vocabulary)


def _loaded(name: str, shipped: Path, wanted: str, compile_now: Callable[[str], dict[str, Any]]) -> dict[str, Any]:
    cached = cache_folder() / f"{name}-{wanted[:16]}.json"
    for path in (shipped, cached):
        data = _read(path, wanted)
        if data is not None:
            return data
    data = compile_now(wanted)
    _write_quietly(cached, name, data)
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
