"""Figures as SVG text, drawn without any library: pure functions, results in, pictures out.

From outside use the ``*_figure`` functions of :mod:`curves`, :mod:`panels`, :mod:`forest` and :mod:`heat` (each gives a
:class:`~infantall.report.figures.drawing.Figure`, to stand inside a page or alone) and
:func:`~infantall.report.figures.files.write_figure`, which writes SVG, PDF or PNG. Nothing is imported here: forest plots need no
NumPy, and a page that shows one should not wait for it.
"""
