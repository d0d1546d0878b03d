"""``infantall cohort compare``: a cohort beside published results of the same group, never a verdict.

For each published subgroup: the infants of whom its definition is TRUE, their own curve, and what was published. Where a study
gives one number at one time the two are compared at that time, on the complementary log–log scale, with the published standard
error where one was printed. Where several times were published, or a curve was given, the one-sample log-rank test compares
events with those expected. A study whose parts divide its infants also gives the result expected for this cohort's own mix.
"""

from __future__ import annotations

import csv
import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from infantall.cohort.causes import event_column
from infantall.cohort.counting import life_table_of
from infantall.cohort.curve_results import curve_result
from infantall.cohort.definitions import OPEN, YES, with_definitions
from infantall.cohort.quality import quality, roles_of, usable_sql
from infantall.cohort.question import Unit
from infantall.cohort.results import CompareResult, Comparison, CurveResult, PublishedPoint, TestResult
from infantall.cohort.survival.cumulative_incidence import cumulative_incidence
from infantall.cohort.survival.distributions import critical_value, normal_two_sided
from infantall.cohort.survival.errors import StatisticsError
from infantall.cohort.survival.kaplan_meier import kaplan_meier
from infantall.cohort.survival.life_table import LifeTable
from infantall.cohort.survival.one_sample import one_sample_log_rank
from infantall.knowledge.evidence import Outcome
from infantall.knowledge.library import Knowledge
from infantall.rules import tree
from infantall.rules.sql import literal, quoted
from infantall.text.problems import InputError, Problem, did_you_mean

if TYPE_CHECKING:
    from infantall.cohort.tables import CohortTable

PER_YEAR = {"days": 365.25, "weeks": 365.25 / 7, "months": 12.0, "years": 1.0}
COLUMNS = {"EFS": ("efs_days", "efs_event"), "OS": ("os_days", "os_event"), "CIR": ("efs_days", "first_event")}
FEW = 10
"""With fewer infants no percentage is compared; the counts are shown."""


@dataclass(frozen=True)
class Request:
    """What is compared.

    Attributes:
        endpoint: which published results: EFS, OS, DFS (the cohort's clock must start at remission) or CIR.
        studies: only these; by default every study with that endpoint.
        time, event: the cohort's columns; by default those of the cohort table.
        curve: a published curve of one's own, CSV with ``time_years`` and ``survival``; all infants are held against it.
    """

    endpoint: Literal["EFS", "OS", "DFS", "CIR"] = "EFS"
    studies: Sequence[str] = ()
    time: str | None = None
    event: str | None = None
    curve: Path | None = None
    unit: Unit = "days"


def compare(table: CohortTable, knowledge: Knowledge, request: Request) -> CompareResult:
    """Every published result of the endpoint beside the same infants of the cohort.

    Raises:
        InputError: an unknown study, missing columns, an unreadable curve, or nobody left to analyse.
    """
    try:
        return _Comparing(table, knowledge, request).result()
    except StatisticsError as error:
        raise InputError([Problem("the comparison", str(error), "data that can be compared", table.name)]) from None


class _Comparing:
    def __init__(self, table: CohortTable, knowledge: Knowledge, request: Request) -> None:
        self.knowledge, self.request = knowledge, request
        self.outcomes = self.wanted()
        time, event = self.columns(table)
        roles = roles_of(table, time=time, event=event, time_unit=request.unit if request.unit != "weeks" else "")
        events = event_column(table, event)
        self.quality = quality(events.table, replace(roles, event=events.column))
        self.time, self.event = time, events.column
        self.cause = next((number for number, name in events.causes.items() if name == "relapse"), 1)
        self.relapse_is_named = "relapse" in events.causes.values()
        view = table.engine.new_name("compared")
        usable = usable_sql(events.table, replace(roles, event=events.column))
        table.engine.create_view(view, f"SELECT * FROM {events.table.relation} WHERE {usable}")
        self.table = replace(events.table, relation=view, coded="", enums=())
        ((n,),) = table.engine.rows(f"SELECT count(*) FROM {view}")
        self.n = int(n)
        if not self.n:
            raise InputError([Problem("the rows", "none that can be analysed", f"rows with {time} and {event}", table.name)])
        self.names = {
            rule: f"published group {i}" for i, rule in enumerate(dict.fromkeys(o.statement.rule_text for o in self.outcomes))
        }
        self.marked = with_definitions(self.table, knowledge, self.rules())

    def rules(self) -> dict[str, tree.Rule]:
        """The definitions, each once."""
        return {self.names[o.statement.rule_text]: rule for o in self.outcomes if (rule := o.statement.rule) is not None}

    def wanted(self) -> tuple[Outcome, ...]:
        known = list(dict.fromkeys(o.study for o in self.knowledge.outcomes))
        for study in self.request.studies:
            if study not in known:
                expected = ", ".join(known) + did_you_mean(study, known)
                raise InputError([Problem("--study", f"no published results of '{study}'", expected)])
        return tuple(
            o
            for o in self.knowledge.outcomes
            if o.endpoint == self.request.endpoint
            and _is_comparable(o)
            and (not self.request.studies or o.study in self.request.studies)
        )

    def columns(self, table: CohortTable) -> tuple[str, str]:
        r = self.request
        if r.endpoint == "DFS" and not (r.time and r.event):
            expected = "--time and --event with a clock that starts at remission: the cohort table has no such columns"
            raise InputError([Problem("--endpoint", "DFS", expected, table.name)])
        time, event = COLUMNS.get(r.endpoint, ("", ""))
        return r.time or time, r.event or event

    # -- one definition --------------------------------------------------------------------------------------------------

    def result(self) -> CompareResult:
        comparisons = []
        for study in dict.fromkeys(o.study for o in self.outcomes):
            by_rule: dict[str, list[Outcome]] = defaultdict(list)
            for outcome in self.outcomes:
                if outcome.study == study:
                    by_rule[outcome.subgroup].append(outcome)
            comparisons += [self.comparison(sorted(rows, key=_years)) for rows in by_rule.values()]
        if self.request.curve is not None:
            comparisons.insert(0, self.own_curve(self.request.curve))
        notices = [
            "Published groups beside this cohort: not a test of a treatment. Infants differ in more than the definition says.",
            f"One year is {PER_YEAR[self.request.unit]:g} {self.request.unit}.",
        ]
        if not comparisons:
            notices.append(f"No published result of {self.request.endpoint} is held for these studies.")
        return CompareResult(
            table=self.table.name,
            endpoint=self.request.endpoint,
            n=self.n,
            comparisons=tuple(comparisons),
            standardised=tuple(self.standardised()),
            quality=self.quality,
            notices=tuple(notices),
            simulated=self.table.simulated,
            unit=self.request.unit,
        )

    def life(self, outcome: Outcome | None) -> LifeTable | None:
        """The counted rows of a definition; of everybody without one; None where it is true of nobody."""
        relation = self.marked.relation
        if outcome is not None:
            name = quoted(self.names[outcome.statement.rule_text])
            view = self.table.engine.new_name("matched")
            self.table.engine.create_view(view, f"SELECT * FROM {relation} WHERE {name} = {literal(YES)}")
            relation = view
            ((n,),) = self.table.engine.rows(f"SELECT count(*) FROM {view}")
            if not int(n):
                return None
        return life_table_of(self.table.engine, relation, self.time, self.event, None, None, None)

    def curve(self, life: LifeTable | None, at: Sequence[float]) -> CurveResult:
        if life is None:
            nothing = dict.fromkeys(("estimate", "se", "ci_low", "ci_high", "at_risk"), [math.nan] * len(at))
            return CurveResult("all", "", 0, 0, (), (), (), (), (), (), (), {"at": list(at), **nothing})
        if self.request.endpoint == "CIR":
            return curve_result(cumulative_incidence(life, self.cause)[0], at=at)
        return curve_result(kaplan_meier(life)[0], at=at)

    def comparison(self, rows: Sequence[Outcome]) -> Comparison:
        first = rows[0]
        times = [_years(o) * PER_YEAR[self.request.unit] for o in rows]
        life = self.life(first)
        ours = self.curve(life, times)
        points = tuple(self.point(o) for o in rows)
        name = quoted(self.names[first.statement.rule_text])
        counts = dict(self.table.engine.rows(f"SELECT {name}, count(*) FROM {self.marked.relation} GROUP BY {name}"))
        not_matched = {"not in this group": 0, "open: what the definition asks is missing": int(counts.get(OPEN, 0))}
        not_matched["not in this group"] = self.n - ours.n - not_matched["open: what the definition asks is missing"]
        limits = self.limits(rows, ours, not_matched["open: what the definition asks is missing"])
        comparison = Comparison(
            f"{first.title}: {first.subgroup}", ours, points, ours.events, math.nan, None, None, tuple(limits), not_matched
        )
        if life is None or ours.n < FEW:
            said = f"{ours.n} infants here, fewer than {FEW}: the numbers stand side by side and no test is made."
            return replace(comparison, limits=(said, *comparison.limits))
        if len(rows) > 1 and self.request.endpoint != "CIR":
            return against_curve(comparison, life, times, [o.estimate_pct / 100 for o in rows])
        return at_one_time(comparison, points[0])

    def point(self, outcome: Outcome) -> PublishedPoint:
        low, high = outcome.ci_pct if outcome.ci_pct else (None, None)
        sources = "; ".join(citation.source for citation in outcome.statement.citations)
        return PublishedPoint(
            study=outcome.title,
            subgroup=outcome.subgroup,
            n=outcome.n,
            endpoint=outcome.endpoint,
            time_years=_years(outcome),
            estimate=outcome.estimate_pct / 100,
            low=None if low is None else low / 100,
            high=None if high is None else high / 100,
            uncertainty=outcome.printed,
            era=outcome.era,
            treatment=outcome.treatment_said,
            source=sources,
            confidence=outcome.statement.confidence,
        )

    def limits(self, rows: Sequence[Outcome], ours: CurveResult, is_open: int) -> list[str]:
        """What keeps this from being a fair comparison."""
        first, said = rows[0], []
        said.append(f"Treatment there: {first.treatment_said}. Era: {first.era}. Where: {first.countries}.")
        if first.clock != "diagnosis":
            start = (
                "The start of the published clock was not read."
                if first.clock == "not_stated"
                else f"The published clock starts at {first.clock}."
            )
            said.append(start)
        said.append("What the study counts as an event was not read.")
        if first.n is None:
            said.append("How many infants the published number rests on was not read.")
        if all(o.se_pct is None and o.ci_pct is None for o in rows):
            printed = f" ({first.printed})" if first.printed else ""
            said.append(f"No standard error or interval was printed{printed}: the published number is taken as if it were exact.")
        if is_open:
            some = "1 infant" if is_open == 1 else f"{is_open:,} infants"
            said.append(f"{some} of the cohort may belong here, but lack what the definition asks: left out.")
        if any(math.isnan(value) for value in ours.at.get("estimate", ())):
            said.append("The cohort's follow-up does not reach the published time.")
        if first.note:
            said.append(first.note)
        if self.request.endpoint == "CIR" and not self.relapse_is_named:
            said.append(f"Cause {self.cause} of the cohort is taken as relapse: the table has numbers, not words.")
        return said

    def own_curve(self, path: Path) -> Comparison:
        """All infants against a curve that the user brings."""
        years, survival = read_curve(path)
        times = [year * PER_YEAR[self.request.unit] for year in years]
        life = self.life(None)
        assert life is not None
        ours = self.curve(life, times)
        points = tuple(
            PublishedPoint(path.name, "all infants", None, self.request.endpoint, year, s, None, None, "", "", "", path.name, "")
            for year, s in zip(years, survival, strict=True)
        )
        limits = ("The curve is the user's own; it is taken as exact and as that of all infants here.",)
        comparison = Comparison(f"{path.name}: all infants", ours, points, ours.events, math.nan, None, None, limits)
        if self.request.endpoint == "CIR":
            return replace(comparison, limits=(*limits, "A one-sample log-rank test is not made of an incidence."))
        return against_curve(comparison, life, times, survival)

    # -- the same mix ----------------------------------------------------------------------------------------------------

    def standardised(self) -> list[Comparison]:
        """For each study whose parts divide its infants: the published parts, weighed by this cohort's own mix."""
        parts: dict[tuple[str, str, float], list[Outcome]] = defaultdict(list)
        for outcome in self.outcomes:
            if outcome.part_of:
                parts[outcome.study, outcome.part_of, _years(outcome)].append(outcome)
        return [found for rows in parts.values() if (found := self.same_mix(rows)) is not None]

    def same_mix(self, rows: Sequence[Outcome]) -> Comparison | None:
        time = _years(rows[0]) * PER_YEAR[self.request.unit]
        columns = [quoted(self.names[o.statement.rule_text]) for o in rows]
        anyone = " OR ".join(f"{column} = {literal(YES)}" for column in columns)
        view = self.table.engine.new_name("mix")
        self.table.engine.create_view(view, f"SELECT * FROM {self.marked.relation} WHERE {anyone}")
        counts = [
            int(self.table.engine.rows(f"SELECT count(*) FROM {view} WHERE {column} = {literal(YES)}")[0][0])
            for column in columns
        ]
        n = sum(counts)
        if n < FEW:
            return None
        shares = [count / n for count in counts]
        estimate = sum(share * o.estimate_pct / 100 for share, o in zip(shares, rows, strict=True))
        spreads = [o.se_pct for o in rows]
        known = [se for se in spreads if se is not None]
        se = (
            math.sqrt(sum((share * s / 100) ** 2 for share, s in zip(shares, known, strict=True)))
            if len(known) == len(rows)
            else None
        )
        z = critical_value(0.95)
        mix = ", ".join(f"{share:.0%} {o.subgroup}" for share, o in zip(shares, rows, strict=True))
        first = rows[0]
        point = replace(
            self.point(first),
            subgroup=f"this cohort's mix: {mix}",
            n=sum(o.n or 0 for o in rows) or None,
            estimate=estimate,
            low=None if se is None else max(estimate - z * se, 0.0),
            high=None if se is None else min(estimate + z * se, 1.0),
            uncertainty="" if se is None else f"SE {100 * se:.1f}, derived from the parts",
            source="; ".join(dict.fromkeys(c.source for o in rows for c in o.statement.citations)),
            confidence="derived",
        )
        life = life_table_of(self.table.engine, view, self.time, self.event, None, None, None)
        ours = self.curve(life, [time])
        limits = [
            f"Derived: the published results of {first.title}'s parts, weighed by this cohort's own mix of them.",
            f"{self.n - n:,} infants belong to no part, or lack what the definitions ask.",
            *self.limits(rows, ours, 0),
        ]
        comparison = Comparison(f"{first.title}, same mix", ours, (point,), ours.events, math.nan, None, None, tuple(limits))
        return at_one_time(comparison, point, published_se=se)


# -- tests ----------------------------------------------------------------------------------------------------------------


def against_curve(comparison: Comparison, life: LifeTable, times: Sequence[float], survival: Sequence[float]) -> Comparison:
    """The one-sample log-rank test against several published points; without it where the points are no survival curve."""
    try:
        done = one_sample_log_rank(life, times, survival)
    except StatisticsError as error:
        return replace(comparison, limits=(*comparison.limits, f"No one-sample log-rank test: {error}."))
    limits = (*comparison.limits, *(notice[:1].upper() + notice[1:] + "." for notice in done.notices))
    test = TestResult("one-sample log-rank", done.statistic, done.df, done.p)
    return replace(
        comparison,
        observed=done.observed,
        expected=done.expected,
        smr=(done.ratio, done.low, done.high),
        test=test,
        limits=limits,
    )


def at_one_time(comparison: Comparison, point: PublishedPoint, *, published_se: float | None = None) -> Comparison:
    """The difference at the published time on the complementary log–log scale, log(-log S), by a normal test.

    The variance of log(-log S) is (se / (S log S))²; of a printed interval it is that of an interval symmetric on this scale.
    """
    estimate, se = comparison.ours.at["estimate"][0], comparison.ours.at["se"][0]
    if not (0 < estimate < 1 and se > 0 and 0 < point.estimate < 1):
        said = "No test at that time: one of the two is not known there, or is 0 or 100%."
        return replace(comparison, limits=(*comparison.limits, said))
    variance = (se / (estimate * math.log(estimate))) ** 2 + _published_variance(point, published_se)
    z = (math.log(-math.log(estimate)) - math.log(-math.log(point.estimate))) / math.sqrt(variance)
    test = TestResult("difference at one time", z * z, 1, normal_two_sided(z), note=f"at {point.time_years:g} years")
    said = "One published time: events expected before it cannot be told, so the estimates at that time are compared."
    return replace(comparison, test=test, limits=(*comparison.limits, said))


def _published_variance(point: PublishedPoint, published_se: float | None) -> float:
    """Of log(-log S), from a printed standard error or interval; 0 where neither was printed (and the limits say so)."""
    s = point.estimate
    if published_se is None and point.uncertainty.startswith("SE "):
        published_se = float(point.uncertainty.split()[1].rstrip(",")) / 100
    if published_se is not None:
        return (published_se / (s * math.log(s))) ** 2
    if point.low is not None and point.high is not None and 0 < point.low < point.high < 1:
        half = (math.log(-math.log(point.low)) - math.log(-math.log(point.high))) / 2
        return (half / critical_value(0.95)) ** 2
    return 0.0


def read_curve(path: Path) -> tuple[list[float], list[float]]:
    """The points of a published curve: CSV with the columns ``time_years`` and ``survival`` (a proportion, or per cent).

    Raises:
        InputError: no such file, no such columns, or a cell that is no number, each with its line.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        found = getattr(error, "strerror", None) or "a file that is no CSV"
        raise InputError([Problem("the file", found, "CSV with the columns time_years and survival", str(path))]) from None
    wanted = ("time_years", "survival")
    problems, points = [], []
    for line, row in enumerate(rows, start=2):
        values = []
        for name in wanted:
            try:
                values.append(float(row[name]))
            except (KeyError, TypeError, ValueError):
                problems.append(Problem(f"line {line}, column {name}", f"'{(row.get(name) or '')[:20]}'", "a number", str(path)))
        points.append(values)
    if not rows or problems:
        raise InputError(problems or [Problem("the file", "no rows", "the columns time_years and survival", str(path))])
    years, survival = [p[0] for p in points], [p[1] for p in points]
    if max(survival) > 1:
        survival = [s / 100 for s in survival]
    return years, survival


def _is_comparable(outcome: Outcome) -> bool:
    """A time is needed, of infants with ALL, from a clock and of a group that a cohort of the newly diagnosed has."""
    late = outcome.clock in ("transplant", "infusion", "relapse")
    return outcome.time_years is not None and outcome.population == "infants" and not outcome.beyond and not late


def _years(outcome: Outcome) -> float:
    assert outcome.time_years is not None  # _is_comparable
    return outcome.time_years
