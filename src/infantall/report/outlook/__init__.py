"""The outlook of a child as text, page, figures and plain data: published groups, each row by itself, never a forecast.

From outside use :func:`infantall.report.outlook.text.outlook_text`, :func:`infantall.report.outlook.html.outlook_html`,
:func:`infantall.report.outlook.sections.outlook_sections` (for a page of the caller's own),
:func:`infantall.report.outlook.figures.outlook_figures` and :func:`infantall.report.outlook.data.outlook_data`. A group of fewer
than ten infants is a count in all of them, and a standard error is never called an interval.
"""
