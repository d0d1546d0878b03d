"""A figure as a file: SVG as it is, PDF (tagged, words as words) and PNG (300 dpi) through the ``typst`` package."""

from __future__ import annotations

import html
import re
import tempfile
from pathlib import Path
from typing import Any

from .drawing import Figure

FONTS = Path(__file__).parent / "fonts"
PNG_DPI = 300
_COVERED = (
    (0x20, 0x7E), (0xA0, 0x17F), (0x218, 0x21B), (0x370, 0x3FF), (0x400, 0x45F), (0x2010, 0x2015), (0x2018, 0x201E),
    (0x2020, 0x2022), (0x2026, 0x2026), (0x2030, 0x2030), (0x2032, 0x2033), (0x2070, 0x2094), (0x20AC, 0x20AC), (0x2190, 0x2194),
    (0x2212, 0x2213), (0x221A, 0x221A), (0x221E, 0x221E), (0x2248, 0x2248), (0x2260, 0x2260), (0x2264, 0x2265),
)  # fmt: skip
"""The characters of the fonts that travel with the package; for any other the machine's fonts are asked."""
_PAGE = """#set document(title: sys.inputs.title)
#set text(lang: "en", region: "GB", font: "DejaVu Sans")
#set page(width: WIDTHpt, height: HEIGHTpt, margin: 0pt)
#image("figure.svg", width: 100%, height: 100%, alt: sys.inputs.alt)
"""


class FigureError(Exception):
    """A figure cannot be written; the message says what would help."""


def write_figure(figure: Figure | str, path: Path) -> None:
    """Write a figure in the form that the file's ending names: ``.svg``, ``.pdf`` or ``.png``.

    Args:
        figure: a figure, or the text of a standalone SVG.
        path: where to; an existing file is replaced.

    Raises:
        FigureError: for another ending, or where PDF or PNG is wanted and the extra ``infantall[pdf]`` is not installed.
        OSError: where the file cannot be written.
    """
    svg = figure.standalone() if isinstance(figure, Figure) else figure
    ending = path.suffix.lower()
    if ending == ".svg":
        path.write_text(svg, encoding="utf-8")
    elif ending in (".pdf", ".png"):
        path.write_bytes(_compiled(svg, ending[1:]))
    else:
        raise FigureError(f"{path}: a figure is written as .svg, .pdf or .png; found {path.suffix or 'no ending'}")


def _compiled(svg: str, form: str) -> bytes:
    """The page of a figure, set by typst with the fonts that travel with the package."""
    typst = typst_package()
    title, said = _between(svg, "title"), _between(svg, "desc")
    width, height = _size(svg)
    # One pixel of a figure is three quarters of a point, as everywhere on paper.
    page = _PAGE.replace("WIDTH", f"{width * 0.75:.2f}").replace("HEIGHT", f"{height * 0.75:.2f}")
    own = all(any(first <= ord(ch) <= last for first, last in _COVERED) or ch == "\n" for ch in _words(svg))
    # PDF/UA is refused where a character has no font; then the figure is written without that promise.
    options: dict[str, Any] = {"ppi": float(PNG_DPI)} if form == "png" else {"pdf_standards": "ua-1"} if own else {}
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "figure.svg").write_text(svg, encoding="utf-8")
        (Path(folder) / "figure.typ").write_text(page, encoding="utf-8")
        made = typst.compile(
            str(Path(folder) / "figure.typ"),
            format=form,
            font_paths=[str(FONTS)],
            ignore_system_fonts=own,
            sys_inputs={"title": title, "alt": f"{title}. {said}"},
            **options,
        )
    if not isinstance(made, bytes):
        raise FigureError(f"the figure needs one page; found {len(made)}")
    return made


def typst_package() -> Any:
    """The ``typst`` package. Raises FigureError where it is not installed."""
    try:
        import typst
    except ImportError as missing:
        raise FigureError("PDF and PNG need the extra: pip install 'infantall[pdf]'; SVG works without it") from missing
    return typst


def _words(svg: str) -> str:
    """All words that the figure shows or says."""
    return html.unescape("".join(re.findall(r"<(?:text|title|desc)\b[^>]*>([^<]*)<", svg)))


def _between(svg: str, name: str) -> str:
    found = re.search(rf"<{name}\b[^>]*>(.*?)</{name}>", svg, re.DOTALL)
    return html.unescape(found[1]) if found else "Figure"


def _size(svg: str) -> tuple[float, float]:
    found = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg)
    if found is None:
        raise FigureError("the SVG has no viewBox, so its size is not known; expected a figure made by infantall")
    return float(found[1]), float(found[2])
