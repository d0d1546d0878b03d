"""What the browser tests of large pages share."""

from __future__ import annotations

FEW_OF_A_KIND = """document.querySelectorAll('tbody tr:nth-child(n+3), main li:nth-child(n+5), details ~ details ~ details')
    .forEach(part => part.remove())"""
"""Rows of a table and items of a list are of one kind: axe looks at some of each, or a large page would take it minutes."""
