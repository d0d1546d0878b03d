"""``load_knowledge()``: knowledge compiled once to a hashed file, and loaded from it after.

The compiled file names the fingerprint of everything it was made from (each knowledge file, and the compiler itself) and the
hash of its own body. A changed pack or a damaged file is compiled anew, never trusted stale. A wheel carries its compiled
file; a source checkout keeps one in the user's cache folder.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from .library import Knowledge

_PACKAGE = Path(__file__).parent.parent
_DATA_FOLDERS = (_PACKAGE / "facts" / "data", _PACKAGE / "knowledge" / "data")
_COMPILER_FOLDERS = (_PACKAGE / "facts", _PACKAGE / "rules", _PACKAGE / "knowledge", _PACKAGE / "text")
SHIPPED = Path(__file__).parent / "compiled.json"


def fingerprint() -> str:
    """The hash of every file that the compiled knowledge depends on."""
    digest = hashlib.sha256()
    for folder in _DATA_FOLDERS:
        for path in sorted(folder.rglob("*")):
            if path.suffix in (".yaml", ".json"):
                _add(digest, path)
    for folder in _COMPILER_FOLDERS:
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
    wanted = fingerprint()
    cached = cache_folder() / f"knowledge-{wanted[:16]}.json"
    for path in (SHIPPED, cached):
        data = _read(path, wanted)
        if data is not None:
            return Knowledge.from_data(data)
    data = compiled(wanted)
    _write_quietly(cached, data)
    return Knowledge.from_data(data)


def compiled(wanted: str) -> dict[str, Any]:
    """The core pack, compiled now."""
    from .compiler import compile_packs

    return {**compile_packs(), "fingerprint": wanted}


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


def _write_quietly(path: Path, data: dict[str, Any]) -> None:
    """A cache that cannot be written (read-only home, full disk) costs time, nothing else."""
    try:
        write(path, data)
        for old in path.parent.glob("knowledge-*.json"):
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
