"""Every link leads somewhere, the built pages load nothing from elsewhere, and no file names a place that is not ours."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "examples/README.md", *sorted(DOCS.rglob("*.md"))]
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_CODE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)


def _slug(heading: str) -> str:
    plain = re.sub(r"[^\w\s-]", "", re.sub(r"[`*]", "", heading)).strip().lower()
    return re.sub(r"[-\s]+", "-", plain)


@cache
def _anchors(path: Path) -> Counter[str]:
    """The anchors of a page, and how often each stands there."""
    text = _CODE.sub("", path.read_text(encoding="utf-8"))
    return Counter(_slug(heading) for heading in re.findall(r"^#+ (.+?)\s*$", text, re.MULTILINE))


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_link_inside_the_project_resolves(page: Path) -> None:
    broken = []
    for target in dict.fromkeys(_LINK.findall(_CODE.sub("", page.read_text(encoding="utf-8")))):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        path = (page.parent / name).resolve() if name else page
        if not path.exists() or (anchor and anchor not in _anchors(path)):
            broken.append(target)
    assert broken == []


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_two_headings_share_an_anchor(page: Path) -> None:
    assert sorted(name for name, times in _anchors(page).items() if times > 1) == []


def test_the_site_builds_strictly_and_loads_nothing_from_elsewhere(tmp_path: Path) -> None:
    pytest.importorskip("mkdocs")
    build = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(tmp_path / "site")]
    done = subprocess.run(build, cwd=ROOT, capture_output=True, encoding="utf-8", timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    pages = sorted((tmp_path / "site").rglob("*.html"))
    assert len(pages) >= len(list(DOCS.rglob("*.md")))
    outside = re.compile(r"<(?:script|link|img|iframe|source)\b[^>]*\b(?:src|href)=[\"']?(?:https?:)?//[^\"'\s>]+", re.IGNORECASE)
    for page in pages:
        assert outside.findall(page.read_text(encoding="utf-8")) == [], page.name
    for sheet in (tmp_path / "site").rglob("*.css"):
        assert not re.search(r"(?:@import|url\()\s*[\"']?(?:https?:)?//", sheet.read_text(encoding="utf-8")), sheet.name
    assert not list((tmp_path / "site").rglob("*.py"))


# -- what no file may name -----------------------------------------------------------------------------------------------

FORBIDDEN = [
    "py" + r"pi\.org",
    "python" + r"hosted\.org",
    "ana" + r"conda\.org",
    "registry\\." + r"npm" + r"js\.org",
    "proxy\\." + r"golang\.org",
    "index" + r"\.crates\.io",
    r"(?<![\w.-])/wo" + r"rk/",
    r"\.\./sha" + "red",
]
"""Hosts of package registries and paths of a developer's machine; put together here so that this file does not hold them."""
BINARY = {".png", ".jpg", ".gif", ".ico", ".woff", ".woff2", ".parquet", ".gz", ".zip", ".pdf"}


def _files() -> list[Path]:
    """What is tracked, or would be."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, encoding="utf-8", check=False
    )
    if listed.returncode != 0:
        if os.environ.get("INFANTALL_CI"):
            raise AssertionError("the list of tracked files could not be read: " + listed.stderr)
        pytest.skip("not a checkout")
    return [ROOT / name for name in listed.stdout.splitlines() if Path(name).suffix not in BINARY]


def test_no_file_names_a_registry_host_or_a_path_of_one_machine() -> None:
    forbidden = re.compile("|".join(FORBIDDEN), re.IGNORECASE)
    found = []
    for path in _files():
        if path.is_file():
            text = path.read_text(encoding="utf-8", errors="replace")
            found += [f"{path.relative_to(ROOT)}: {hit.group()}" for hit in forbidden.finditer(text)]
    assert found == []
