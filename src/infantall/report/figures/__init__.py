"""Figures of a cohort as SVG text, drawn without any library: pure functions, results in, pictures out.

From outside use the ``*_figure`` functions (each gives a :class:`~infantall.report.figures.drawing.Figure`, to stand inside a
page or alone) and :func:`~infantall.report.figures.files.write_figure`, which writes SVG, PDF or PNG.
"""

from .curves import curve_figure, incidence_figures
from .drawing import Figure
from .files import FigureError, write_figure
from .forest import ForestRow, forest_figure, model_forest, published_forest
from .heat import cross_figure
from .panels import comparison_figure, transplant_figure

__all__ = [
    "Figure",
    "FigureError",
    "ForestRow",
    "comparison_figure",
    "cross_figure",
    "curve_figure",
    "forest_figure",
    "incidence_figures",
    "model_forest",
    "published_forest",
    "transplant_figure",
    "write_figure",
]
