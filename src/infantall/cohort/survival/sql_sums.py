"""Sums by time made by an engine with SQL: the rows stay where they are, and only one line for each distinct time comes back.

The SQL is portable: ``exp``, ``sum``, ``avg``, ``stddev_pop``, ``CASE`` and ``GROUP BY``. Numbers are written with an exponent,
which both DuckDB and Spark read as DOUBLE, never as DECIMAL.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from infantall.cohort.survival.errors import StatisticsError
from infantall.cohort.survival.time_sums import Bins, Floats, Integers, term_names, upper_triangle

LARGEST_TABLE = 2_000_000
"""Distinct (stratum, time, code) that are brought back to this process, at most."""


class ColumnEngine(Protocol):
    """The part of an engine that is needed: a small result as columns, with NaN for NULL numbers."""

    def columns(self, sql: str) -> dict[str, NDArray[Any]]:
        """Run a query and return its columns by name."""
        ...


class SqlSource:
    """Rows in an engine. All expressions are SQL over the relation's columns; identifiers come quoted by the caller.

    Args:
        engine: runs the queries.
        relation: a table or view, or a query in brackets.
        time, event: expressions of the time at which a row ends, and of what happened: 0 censored, 1, 2, ... a cause.
        covariates: p expressions that give numbers.
        terms: names of the covariates; the expressions themselves without them.
        entry: expression of the time at which a row comes under observation.
        weight: expression of the case weight.
        stratum: expression of any type.
        where: condition that a row must meet to be used; the caller says how many do not.

    Raises:
        StatisticsError: no rows; missing values, negative times, entries not before the end, or weights not positive among the
            rows used; more distinct times than can be brought back.
    """

    def __init__(
        self,
        engine: ColumnEngine,
        relation: str,
        *,
        time: str,
        event: str,
        covariates: Sequence[str],
        terms: Sequence[str] | None = None,
        entry: str | None = None,
        weight: str | None = None,
        stratum: str | None = None,
        where: str | None = None,
    ) -> None:
        self._engine = engine
        self._p = len(covariates)
        if not covariates:
            raise StatisticsError("covariates: expected at least one expression")
        self.terms = term_names(covariates if terms is None else terms, self._p)
        self.weighted = weight is not None
        columns = [
            f"{time} AS t",
            f"{event} AS e",
            f"{weight or '1.0e0'} AS w",
            f"{stratum or '0'} AS s",
            f"{entry or '-1.0e0'} AS b",
        ]
        columns += [f"CAST({expression} AS DOUBLE) AS x{j}" for j, expression in enumerate(covariates)]
        condition = f" WHERE {where}" if where else ""
        self._rows = f"(SELECT {', '.join(columns)} FROM {relation} AS source_rows{condition}) AS q"
        self._examine(entry is not None)
        self._labels: NDArray[Any] | None = None
        self.bins = self._bins("t", "e")
        self.entries = self._bins("b", "0") if entry is not None else None

    def sums(self, beta: Floats) -> Floats:
        """See `TimeSource.sums`."""
        return self._sums(beta, "t", "e", self.bins)

    def entry_sums(self, beta: Floats) -> Floats:
        """See `TimeSource.entry_sums`."""
        if self.entries is None:
            raise StatisticsError("These rows have no entry times: all are observed from the start.")
        return self._sums(beta, "b", "0", self.entries)

    # -- queries --------------------------------------------------------------------------------------------------------------

    def _examine(self, entered: bool) -> None:
        """One pass: how many rows, what is wrong with them, and the mean and spread of each covariate."""
        xs = [f"x{j}" for j in range(self._p)]
        faults = {
            "time": "t IS NULL OR t < 0",
            "event": "e IS NULL OR e < 0 OR e <> floor(e)",
            "weight": "w IS NULL OR w <= 0",
            "stratum": "s IS NULL",
            "entry": "b IS NULL OR b >= t" if entered else "1 = 0",
            **{f"covariate {term!r}": f"{x} IS NULL" for term, x in zip(self.terms, xs, strict=True)},
        }
        wanted = [f"sum(CASE WHEN {fault} THEN 1.0e0 ELSE 0.0e0 END) AS fault{i}" for i, fault in enumerate(faults.values())]
        wanted += [f"avg({x}) AS mean{j}, stddev_pop({x}) AS spread{j}" for j, x in enumerate(xs)]
        found = self._engine.columns(f"SELECT count(*) AS n, {', '.join(wanted)} FROM {self._rows}")
        self.n = int(found["n"][0])
        if self.n == 0:
            raise StatisticsError("time: found no rows; expected at least one")
        for i, name in enumerate(faults):
            bad = int(found[f"fault{i}"][0])
            if bad:
                raise StatisticsError(
                    f"{name}: {bad} of {self.n} values are missing or out of range. "
                    "Mend those rows, or leave them out and say how many"
                )
        self.centre = np.array([float(found[f"mean{j}"][0]) for j in range(self._p)])
        spread = np.array([float(found[f"spread{j}"][0]) for j in range(self._p)])
        if not (np.isfinite(self.centre) & np.isfinite(spread)).all():
            raise StatisticsError("covariates: found values that are not finite; expected a number in every row")
        self.scale = np.where(spread <= 1e-12 * np.abs(self.centre), 1.0, spread)
        self.scale[self.scale == 0.0] = 1.0

    def _z(self) -> str:
        standardised = [f"(x{j} - ({_literal(self.centre[j])})) / ({_literal(self.scale[j])}) AS z{j}" for j in range(self._p)]
        return f"(SELECT s, t, e, b, w, {', '.join(standardised)} FROM {self._rows}) AS standardised"

    def _bins(self, when: str, what: str) -> Bins:
        keys = self._distinct(when, what)
        if keys > LARGEST_TABLE:
            raise StatisticsError(
                f"time: {keys} distinct times are too many to bring back (at most {LARGEST_TABLE}). "
                "Round the times, for example to whole days"
            )
        sums = ", ".join(f"sum(w * z{j}) AS v{j}" for j in range(self._p))
        found = self._engine.columns(
            f"SELECT s, {when} AS t, {what} AS e, count(*) AS n, sum(w) AS w, {sums} FROM {self._z()} "
            f"GROUP BY s, {when}{_key(what)}"
        )
        stratum, order = self._ordered(found)
        return Bins(
            stratum=stratum[order],
            time=found["t"][order].astype(np.float64),
            code=found["e"][order].astype(np.int64),
            rows=found["n"][order].astype(np.int64),
            weight=found["w"][order].astype(np.float64),
            weight_z=np.column_stack([found[f"v{j}"][order].astype(np.float64) for j in range(self._p)]),
        )

    def _distinct(self, when: str, what: str) -> int:
        found = self._engine.columns(
            f"SELECT count(*) AS n FROM (SELECT s FROM {self._rows} GROUP BY s, {when}{_key(what)}) AS keys"
        )
        return int(found["n"][0])

    def _ordered(self, found: dict[str, NDArray[Any]]) -> tuple[Integers, Integers]:
        """Numbers of the strata (in sorted order of their labels), and the order by stratum, time and code."""
        if self._labels is None:
            self._labels = np.unique(found["s"])
        stratum = np.searchsorted(self._labels, found["s"]).astype(np.int64)
        return stratum, np.lexsort((found["e"].astype(np.float64), found["t"].astype(np.float64), stratum))

    def _sums(self, beta: Floats, when: str, what: str, bins: Bins) -> Floats:
        linear = " + ".join(f"({_literal(b)}) * z{j}" for j, b in enumerate(beta))
        first, second = upper_triangle(self._p)
        wanted = ["sum(r) AS v0"] + [f"sum(r * z{j}) AS v{1 + j}" for j in range(self._p)]
        wanted += [f"sum(r * z{i} * z{j}) AS v{1 + self._p + k}" for k, (i, j) in enumerate(zip(first, second, strict=True))]
        zs = ", ".join(f"z{j}" for j in range(self._p))
        found = self._engine.columns(
            f"SELECT s, {when} AS t, {what} AS e, {', '.join(wanted)} "
            f"FROM (SELECT s, t, e, b, {zs}, w * exp({linear}) AS r FROM {self._z()}) AS risks GROUP BY s, {when}{_key(what)}"
        )
        order = self._ordered(found)[1]
        if len(order) != len(bins.time):
            raise StatisticsError("The table changed while the model was being fitted: start again")
        return np.stack([found[f"v{k}"][order].astype(np.float64) for k in range(len(wanted))])


def _literal(value: float) -> str:
    """A DOUBLE to the last digit; an exponent keeps engines from reading it as a DECIMAL."""
    return f"{value:.17e}"


def _key(what: str) -> str:
    """A constant is no key to group by."""
    return "" if what == "0" else f", {what}"
