"""Figures as files: SVG as drawn, PDF with real words, a title and tags, PNG at 300 dpi; clear words where a part is missing."""

from __future__ import annotations

import shutil
import struct
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from helpers import cohort_results as results
from infantall.report.cohort import figures as pictures
from infantall.report.figures.curves import curve_figure
from infantall.report.figures.drawing import Figure
from infantall.report.figures.files import FONTS, FigureError, write_figure


@pytest.fixture(scope="module")
def figure() -> Figure:
    return pictures.survival_figure(results.survival())


def test_svg_is_written_as_drawn(figure: Figure, tmp_path: Path) -> None:
    write_figure(figure, tmp_path / "a.svg")
    assert (tmp_path / "a.svg").read_text(encoding="utf-8") == figure.standalone()


def test_pdf_has_words_title_language_and_tags(figure: Figure, tmp_path: Path) -> None:
    pytest.importorskip("typst", reason="typst is not installed")
    pypdf = pytest.importorskip("pypdf", reason="pypdf is not installed")
    write_figure(figure, tmp_path / "a.pdf")
    pdf = pypdf.PdfReader(tmp_path / "a.pdf")
    assert len(pdf.pages) == 1
    assert pdf.metadata.title == figure.title
    root = pdf.trailer["/Root"]
    assert root["/Lang"] == "en-GB"
    assert root["/MarkInfo"]["/Marked"]
    assert float(pdf.pages[0].mediabox.width) == pytest.approx(figure.width * 0.75, abs=0.1)
    assert b"DejaVuSans" in (tmp_path / "a.pdf").read_bytes()
    reader = shutil.which("pdftotext")
    if reader is None:
        pytest.skip("pdftotext is not installed (apt-get install poppler-utils)")
    said = subprocess.run([reader, "-layout", str(tmp_path / "a.pdf"), "-"], capture_output=True, text=True, check=True).stdout
    for word in ("Number at risk", "Event-free survival, %", "Time in years", "SIMULATED DATA", "148"):
        assert word in said.replace("\N{NO-BREAK SPACE}", " ")


def test_png_has_300_dots_an_inch(figure: Figure, tmp_path: Path) -> None:
    pytest.importorskip("typst", reason="typst is not installed")
    write_figure(figure, tmp_path / "a.png")
    data = (tmp_path / "a.png").read_bytes()
    width, _ = struct.unpack(">II", data[16:24])
    assert data.startswith(b"\x89PNG")
    assert width == pytest.approx(figure.width * 0.75 / 72 * 300, abs=2)


def test_every_figure_compiles(tmp_path: Path) -> None:
    pytest.importorskip("typst", reason="typst is not installed")
    named = {
        **pictures.of_survival(results.survival()),
        **pictures.of_compare(results.compare()),
        **pictures.of_stratify(results.stratify()),
    }
    for name, one in named.items():
        write_figure(one, tmp_path / f"{name}.pdf")
        assert (tmp_path / f"{name}.pdf").read_bytes().startswith(b"%PDF-")


@pytest.mark.parametrize("name", ["组 高危", "ГВР", "grp \N{GRINNING FACE}", '#strong[x] \\ " $', results.EVIL])
def test_any_name_can_be_printed(name: str, tmp_path: Path) -> None:
    pytest.importorskip("typst", reason="typst is not installed")
    curve = replace(results.curve("A", 20, seed=1, hazard=0.001), group=name)
    drawn = curve_figure([curve], name="x", title=name, y_title="EFS, %", unit="day")
    for ending in ("pdf", "png"):
        write_figure(drawn, tmp_path / f"x.{ending}")
        assert (tmp_path / f"x.{ending}").stat().st_size > 5_000


def test_another_ending_and_a_missing_extra_are_said_clearly(
    figure: Figure, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(FigureError, match=r"\.svg, \.pdf or \.png; found \.gif"):
        write_figure(figure, tmp_path / "a.gif")
    monkeypatch.setitem(sys.modules, "typst", None)
    with pytest.raises(FigureError, match=r"pip install 'infantall\[pdf\]'"):
        write_figure(figure, tmp_path / "a.pdf")
    assert not (tmp_path / "a.pdf").exists()


def test_the_fonts_travel_with_their_licence_and_are_small() -> None:
    fonts = list(FONTS.glob("*.ttf"))
    assert len(fonts) == 2
    assert sum(font.stat().st_size for font in fonts) < 120_000
    licence = (FONTS / "LICENCE.txt").read_text(encoding="utf-8")
    assert "Bitstream" in licence and "Tavmjong Bah" in licence
