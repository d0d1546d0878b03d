"""What ``infantall cohort survival`` is asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from infantall.cohort.survival.curves import Scale

Unit = Literal["days", "weeks", "months", "years"]


@dataclass(frozen=True)
class Question:
    """What is asked of a table; column names as in the table, times in its own unit.

    Attributes:
        time, event: the endpoint; see ``causes`` for what an event column may hold.
        by: compared groups. strata: held apart in tests and regressions. entry: left truncation.
        at: times at which the estimates are printed.
        covariates, model, ties: a regression on ``covariates``, or on ``by`` where there are none.
        transplant, landmark: the day of transplant, and the landmark declared beforehand.
        rmst: restricted mean survival up to this time.
        confidence, interval: of every interval.
        correction: of p-values for the number of tests; None leaves them as they are.
        order: the values of a column in their own order, such as a protocol's groups; the first is the reference.
    """

    time: str
    event: str
    by: str | None = None
    strata: str | None = None
    entry: str | None = None
    at: Sequence[float] = ()
    covariates: Sequence[str] = ()
    model: Literal["cox", "finegray"] | None = None
    ties: Literal["efron", "breslow", "exact"] = "efron"
    transplant: str | None = None
    landmark: float | None = None
    rmst: float | None = None
    unit: Unit = "days"
    confidence: float = 0.95
    interval: Scale = "log-log"
    correction: Literal["holm", "hochberg", "benjamini-hochberg"] | None = None
    order: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def terms(self) -> tuple[str, ...]:
        """The columns of the regression."""
        return tuple(self.covariates) or ((self.by,) if self.by else ())
