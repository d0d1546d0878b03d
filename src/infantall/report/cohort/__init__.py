"""The cohort's results as text, Markdown, HTML, JSON and CSV.

``survival``, ``describe``, ``stratify`` and ``compare`` each offer ``RENDERERS``. A report is built once, as a document of
``blocks``, and written by ``page`` (HTML) or as text. ``figures`` names the pictures of a result; they are drawn in
``infantall.report.figures``.
"""
