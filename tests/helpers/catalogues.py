"""Adds the strings of new pages to the catalogues of interface words: ``python tests/helpers/catalogues.py``.

It finds what is given to ``say`` and ``said`` as a literal in ``family`` and ``report/guide``, and appends what a catalogue lacks,
with an empty translation. It removes nothing: strings that reach ``say`` through a name or a table are written in by hand.
"""

from __future__ import annotations

import ast
from pathlib import Path

from babel.messages.pofile import read_po

SOURCE = Path(__file__).parents[2] / "src" / "infantall"
FOLDERS = (SOURCE / "family", SOURCE / "report" / "guide")
CATALOGUES = SOURCE / "report" / "guide" / "locale"


def strings() -> list[str]:
    """What the sources say, in their order."""
    found: list[str] = []
    for file in sorted(file for folder in FOLDERS for file in folder.glob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args and _name(node.func) in ("say", "said"):
                found += _literals(node.args[0])
    return list(dict.fromkeys(found))


def _name(called: ast.expr) -> str:
    return called.attr if isinstance(called, ast.Attribute) else called.id if isinstance(called, ast.Name) else ""


def _literals(given: ast.expr) -> list[str]:
    """A literal, or those of either side of a choice."""
    if isinstance(given, ast.IfExp):
        return _literals(given.body) + _literals(given.orelse)
    return [given.value] if isinstance(given, ast.Constant) and isinstance(given.value, str) else []


def lacking(catalogue: Path) -> list[str]:
    """The strings that stand in the sources and not in the catalogue."""
    with catalogue.open("rb") as stream:
        known = {message.id for message in read_po(stream)}
    return [string for string in strings() if string not in known]


def quoted(string: str) -> str:
    """A string as a catalogue writes it."""
    return '"' + string.replace("\\", "\\\\").replace('"', '\\"') + '"'


def main() -> None:
    """Append and tell."""
    for catalogue in sorted(CATALOGUES.glob("*.po")):
        new = lacking(catalogue)
        with catalogue.open("a", encoding="utf-8") as stream:
            for string in new:
                stream.write(
                    f'\n{"#, python-brace-format" + chr(10) if "{" in string else ""}msgid {quoted(string)}\nmsgstr ""\n'
                )
        print(f"{catalogue.name}: {len(new)} added")


if __name__ == "__main__":
    main()
