"""The report room: an assessment as text for a terminal and as one self-contained HTML page.

Pure functions, data in, words out: no file, no clock, no network. From outside use
:func:`infantall.report.text.assessment_text` and :func:`infantall.report.html.assessment_html`.
"""
