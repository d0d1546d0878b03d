"""Knowledge is compiled once, kept in a file, and never trusted when that file is stale or damaged."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from infantall.knowledge import store
from infantall.knowledge.compiler import compile_packs
from infantall.knowledge.library import Knowledge


@pytest.fixture(scope="module")
def core() -> dict[str, Any]:
    return compile_packs()


class Machine:
    """A machine with an empty cache folder, on which every compilation is counted."""

    def __init__(self, cache: Path) -> None:
        self.cache = cache
        self.compilations = 0

    def load(self) -> Knowledge:
        """As a new process would."""
        load: Callable[[], Knowledge] = store.load_knowledge.__wrapped__
        return load()

    def files(self) -> list[Path]:
        return sorted(self.cache.iterdir())

    def kept(self) -> Path:
        """The one file that is kept."""
        (path,) = self.files()
        return path


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, core: dict[str, Any]) -> Machine:
    made = Machine(tmp_path / "cache")

    def compiled(wanted: str) -> dict[str, Any]:
        made.compilations += 1
        return {**core, "fingerprint": wanted}

    monkeypatch.setenv("INFANTALL_CACHE", str(made.cache))
    monkeypatch.setattr(store, "SHIPPED", tmp_path / "nothing-shipped.json")
    monkeypatch.setattr(store, "compiled", compiled)
    return made


def test_knowledge_is_compiled_once_and_then_read(machine: Machine) -> None:
    first = machine.load()
    kept = machine.kept()
    content = kept.read_bytes()
    second = machine.load()
    assert machine.compilations == 1
    assert second == first
    assert second.fingerprint == store.fingerprint()
    assert kept.read_bytes() == content


def test_what_is_read_is_what_was_compiled(machine: Machine, core: dict[str, Any]) -> None:
    machine.load()
    assert machine.load() == Knowledge.from_data({**core, "fingerprint": store.fingerprint()})


def test_one_process_loads_knowledge_once(machine: Machine) -> None:
    store.load_knowledge.cache_clear()
    try:
        assert store.load_knowledge() is store.load_knowledge()
        assert machine.compilations == 1
    finally:
        store.load_knowledge.cache_clear()


DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "emptied": lambda content: b"",
    "cut short": lambda content: content[: len(content) // 2],
    "one byte missing": lambda content: content[:-1],
    "one byte more": lambda content: content + b" ",
    "a threshold changed": lambda content: content.replace(b"300", b"301"),
    "a letter changed": lambda content: content.replace(b"rearranged", b"Rearranged", 1),
    "header gone": lambda content: content.partition(b"\n")[2],
    "header is a list": lambda content: b"[]\n" + content.partition(b"\n")[2],
    "header is a number": lambda content: b"5\n" + content.partition(b"\n")[2],
    "header without a hash": lambda content: b'{"fingerprint": "x"}\n' + content.partition(b"\n")[2],
    "not JSON": lambda content: b"\xff\xfe\x00 rubbish",
    "not text": lambda content: bytes(range(256)) * 100,
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_a_damaged_file_is_ignored_and_written_anew(machine: Machine, damage: Callable[[bytes], bytes]) -> None:
    first = machine.load()
    kept = machine.kept()
    good = kept.read_bytes()
    kept.write_bytes(damage(good))
    assert kept.read_bytes() != good
    assert machine.load() == first
    assert machine.compilations == 2
    assert machine.kept().read_bytes() == good
    machine.load()
    assert machine.compilations == 2


def test_a_tampered_body_with_its_old_hash_is_not_trusted(machine: Machine) -> None:
    machine.load()
    kept = machine.kept()
    header, _, body = kept.read_bytes().partition(b"\n")
    data = json.loads(body)
    data["protocols"] = data["protocols"][:1]
    kept.write_bytes(header + b"\n" + json.dumps(data).encode())
    assert len(machine.load().protocols) > 1


def test_changed_knowledge_is_compiled_anew(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    machine.load()
    old = machine.kept()
    monkeypatch.setattr(store, "fingerprint", lambda: "f" * 64)
    assert machine.load().fingerprint == "f" * 64
    assert machine.compilations == 2
    assert machine.kept() != old, "the file of the old knowledge is removed"


def test_a_stale_file_under_the_right_name_is_not_trusted(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    machine.load()
    content = machine.kept().read_bytes()
    same_name = machine.kept().name.removeprefix("knowledge-").removesuffix(".json") + "0" * 48
    assert same_name != store.fingerprint()
    monkeypatch.setattr(store, "fingerprint", lambda: same_name)
    assert machine.load().fingerprint == same_name
    assert machine.compilations == 2
    assert machine.kept().read_bytes() != content


def test_a_shipped_file_is_used_only_if_it_fits(machine: Machine, core: dict[str, Any]) -> None:
    store.write(store.SHIPPED, {**core, "fingerprint": store.fingerprint()})
    machine.load()
    assert machine.compilations == 0
    assert not machine.cache.exists()
    store.write(store.SHIPPED, {**core, "fingerprint": "0" * 64})
    machine.load()
    assert machine.compilations == 1


def test_a_cache_that_cannot_be_written_costs_nothing_but_time(
    machine: Machine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a file").write_text("in the way")
    monkeypatch.setenv("INFANTALL_CACHE", str(tmp_path / "a file" / "cache"))
    assert machine.load() == machine.load()
    assert machine.compilations == 2
    assert (tmp_path / "a file").read_text() == "in the way"


def test_a_full_disk_costs_nothing_but_time(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*args: object) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    assert len(machine.load().protocols) > 10
    assert machine.files() == [], "no half-written file stays behind"


def test_a_folder_in_place_of_the_file_is_no_obstacle(machine: Machine) -> None:
    name = f"knowledge-{store.fingerprint()[:16]}.json"
    (machine.cache / name).mkdir(parents=True)
    assert machine.load().protocols
    assert [path.name for path in machine.files()] == [name]


def test_the_file_is_written_whole_or_not_at_all(machine: Machine, monkeypatch: pytest.MonkeyPatch, core: dict[str, Any]) -> None:
    machine.load()
    kept = machine.kept()
    good = kept.read_bytes()

    def killed(*args: object) -> Path:
        assert kept.read_bytes() == good, "the old file stands until the new one is complete"
        assert len(machine.files()) == 2
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", killed)
    with pytest.raises(KeyboardInterrupt):
        store.write(kept, {**core, "fingerprint": "1" * 64})
    assert machine.kept().read_bytes() == good


def test_the_file_names_its_fingerprint_and_hash_and_no_child(machine: Machine) -> None:
    machine.load()
    header = json.loads(machine.kept().read_bytes().partition(b"\n")[0])
    assert set(header) == {"fingerprint", "sha256"}
    assert machine.kept().name == f"knowledge-{store.fingerprint()[:16]}.json"


def test_other_files_in_the_cache_folder_are_left_alone(machine: Machine) -> None:
    machine.cache.mkdir()
    (machine.cache / "notes.txt").write_text("mine")
    (machine.cache / "knowledge-0123456789abcdef.json").write_text("an old one")
    machine.load()
    assert sorted(path.suffix for path in machine.files()) == [".json", ".txt"]
    assert (machine.cache / "notes.txt").read_text() == "mine"


def test_the_cache_folder_follows_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("INFANTALL_CACHE", str(tmp_path / "a"))
    assert store.cache_folder() == tmp_path / "a"
    monkeypatch.delenv("INFANTALL_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "b"))
    assert store.cache_folder() == tmp_path / "b" / "infantall"
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path / "c"))
    assert store.cache_folder() == tmp_path / "c" / ".cache" / "infantall"


def test_the_fingerprint_changes_with_every_file_it_depends_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data, code = tmp_path / "data", tmp_path / "code"
    (data / "protocols").mkdir(parents=True)
    code.mkdir()
    for path in (data / "pack.yaml", data / "protocols" / "a.yaml", data / "sources.json", code / "compiler.py"):
        path.write_text("1")
    monkeypatch.setattr(store, "_PACKAGE", tmp_path)
    monkeypatch.setattr(store, "_DATA_FOLDERS", (data,))
    monkeypatch.setattr(store, "_COMPILER_FOLDERS", (code,))
    seen = {store.fingerprint()}
    for path in (data / "pack.yaml", data / "protocols" / "a.yaml", data / "sources.json", code / "compiler.py"):
        path.write_text("2")
        seen.add(store.fingerprint())
    (data / "protocols" / "a.yaml").rename(data / "protocols" / "b.yaml")
    seen.add(store.fingerprint())
    assert len(seen) == 6
    (data / "README.md").write_text("no knowledge")
    assert store.fingerprint() in seen


def test_the_fingerprint_is_the_same_from_one_look_to_the_next() -> None:
    assert store.fingerprint() == store.fingerprint()
    assert len(store.fingerprint()) == 64
