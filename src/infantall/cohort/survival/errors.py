"""What cannot be calculated, said so that the reader knows what to do."""

from __future__ import annotations


class StatisticsError(ValueError):
    """Numbers that a method cannot use, or a question that it cannot answer. The message says what was found and what to do."""
