"""Questions about censoring and size: how long the infants were followed, by group, and whether there is enough to analyse.

Everything is read from counted rows (group, time, censored or not), so that the size of the table does not matter. The median
follow-up is the reverse Kaplan–Meier one: censoring is the event. Where an event and a censoring fall on one time, both are at
risk, as ``survfit(Surv(time, event == 0) ~ 1)`` of R has it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from infantall.cohort.results import Finding
from infantall.rules.sql import quoted

from .asking import Asked, counted, named
from .roles import DAYS_IN
from .usable import usable_sql

FEW_INFANTS, FEW_EVENTS, EVENTS_PER_TERM = 10, 5, 10
ENOUGH_TO_COMPARE = 20
MOST_GROUPS = 40
MOST_TIMES = 100_000

Ends = dict[float, tuple[int, int]]
"""At each time: how many had an event, how many were censored."""


@dataclass(frozen=True)
class Group:
    """The ends of one group's follow-up."""

    label: str
    ends: Ends

    @property
    def infants(self) -> int:
        return sum(map(sum, self.ends.values()))

    @property
    def events(self) -> int:
        return sum(events for events, _ in self.ends.values())

    @property
    def censored(self) -> int:
        return self.infants - self.events

    def censored_before(self, time: float) -> int:
        return sum(censored for t, (_, censored) in self.ends.items() if t < time)

    @property
    def median_follow_up(self) -> float:
        """NaN where fewer than half were censored, so that the curve does not come down to one half."""
        return reverse_kaplan_meier_median(self.ends)


def reverse_kaplan_meier_median(ends: Ends) -> float:
    """The first time at which the curve of still being followed is one half or less; the middle of the step where it is
    exactly one half, as R's ``quantile`` of a survfit has it. NaN where it never is.
    """
    at_risk = sum(map(sum, ends.values()))
    followed, half_since = 1.0, math.nan
    for time in sorted(ends):
        events, censored = ends[time]
        if censored:
            if not math.isnan(half_since):
                return (half_since + time) / 2
            followed *= 1 - censored / at_risk
            if abs(followed - 0.5) < 1e-12:
                half_since = time
            elif followed < 0.5:
                return time
        at_risk -= events + censored
    return half_since


def groups_of(asked: Asked) -> tuple[Group, ...]:
    """The usable rows by group; nothing where the table has too many groups or distinct times to look at."""
    roles = asked.roles
    if not asked.has(roles.time, roles.event):
        return ()
    group = quoted(roles.by) if asked.has(roles.by) else "'all'"
    event = f"CASE WHEN {asked.number(roles.event)} >= 1 THEN 1 ELSE 0 END"
    sql = (
        f"SELECT {group} AS in_group, {asked.number(roles.time)} AS ended, {event} AS happened, count(*) AS n "
        f"FROM {asked.table.relation} WHERE {usable_sql(asked.table, roles)} GROUP BY 1, 2, 3"
    )
    labels, times = asked.table.engine.rows(f"SELECT count(DISTINCT in_group), count(*) FROM ({sql}) AS ends")[0]
    if int(labels) > MOST_GROUPS or int(times) > MOST_TIMES:
        return ()
    ends: dict[str, Ends] = {}
    for value, time, happened, n in asked.table.engine.rows(sql):
        label = f"{value:.10g}" if isinstance(value, float) else str(value)
        group_ends = ends.setdefault(label, {})
        events, censored = group_ends.get(float(time), (0, 0))
        group_ends[float(time)] = (events + int(n), censored) if int(happened) else (events, censored + int(n))
    return tuple(Group(label, ends[label]) for label in sorted(ends))


def too_small(asked: Asked, groups: Sequence[Group]) -> Iterator[Finding]:
    """Groups in which nothing can be estimated well."""
    for group in groups if asked.roles.by else ():
        lacking = []
        if group.infants < FEW_INFANTS:
            lacking.append(counted(group.infants).replace("row", "infant"))
        if group.events < FEW_EVENTS:
            lacking.append(counted(group.events).replace("row", "event"))
        if lacking:
            says = f"The group {named(group.label)} has only {' and '.join(lacking)}."
            todo = "Its curve, and every test with it, says little; look at the intervals, not at p."
            yield Finding("small_group", "warning", says, group.infants, (), todo)


def events_per_term(asked: Asked, groups: Sequence[Group]) -> Iterator[Finding]:
    """Fewer than ten events for each term of the regression (a common rule of thumb)."""
    covariates = [name for name in asked.roles.covariates if asked.has(name)]
    if not covariates or not groups:
        return
    known = " AND ".join(f"{quoted(name)} IS NOT NULL" for name in covariates)
    distinct = ", ".join(f"count(DISTINCT {quoted(name)})" for name in covariates)
    event = asked.number(asked.roles.event)
    sql = (
        f"SELECT count(*) FILTER (WHERE {event} = 1), {distinct} FROM {asked.table.relation} "
        f"WHERE {known} AND {usable_sql(asked.table, asked.roles)}"
    )
    events, *levels = map(int, asked.table.engine.rows(sql)[0])
    terms = sum(1 if not asked.is_text(name) else max(n - 1, 1) for name, n in zip(covariates, levels, strict=True))
    if events < EVENTS_PER_TERM * terms:
        says = f"{events} events of cause 1 for {terms} terms of the regression: fewer than {EVENTS_PER_TERM} a term."
        todo = "Use fewer covariates or fewer levels; the hazard ratios are unstable and their intervals too narrow."
        yield Finding("few_events_per_term", "warning", says, events, (), todo)


def median_follow_up(asked: Asked, groups: Sequence[Group]) -> Iterator[Finding]:
    """How long the infants were followed, and whether the groups were followed alike."""
    if not groups:
        return
    unit = f" {asked.roles.unit}" if asked.roles.unit else ""
    medians = {group.label: group.median_follow_up for group in groups}
    words = {label: f"{value:,.4g}{unit}" if not math.isnan(value) else "not reached" for label, value in medians.items()}
    listed = next(iter(words.values())) if len(words) == 1 else "; ".join(f"{label} {word}" for label, word in words.items())
    says = f"Median follow-up (reverse Kaplan–Meier): {listed}."
    yield Finding("median_follow_up", "note", says, sum(g.infants for g in groups), (), "Give it beside every estimate.")
    large = [medians[g.label] for g in groups if g.censored >= ENOUGH_TO_COMPARE and medians[g.label] > 0]
    if len(large) > 1 and max(large) > 1.5 * min(large):
        todo = "The groups may come from different years. Compare only times that all of them reached."
        says = f"Groups were followed for different times: median from {min(large):,.4g} to {max(large):,.4g}{unit}."
        yield Finding("follow_up_differs", "warning", says, sum(g.infants for g in groups), (), todo)


def early_censoring(asked: Asked, groups: Sequence[Group]) -> Iterator[Finding]:
    """Infants lost in the first and second year, when most events happen."""
    unit = asked.roles.unit
    n = sum(group.infants for group in groups)
    if not n or not unit:
        return
    for years in (1, 2):
        time = years * 365.25 / DAYS_IN[unit]
        lost = {group.label: group.censored_before(time) for group in groups}
        share = sum(lost.values()) / n
        span = f"{years} year" + ("s" if years > 1 else "")
        if share > 0.1:
            says = f"{sum(lost.values()):,} of {n:,} infants ({100 * share:.0f} %) are censored before {span}."
            todo = "If they were lost because they did badly or well, every estimate after is biased. Say why they were lost."
            yield Finding("early_censoring", "warning" if share > 0.25 else "note", says, sum(lost.values()), (), todo)
        shares = {g.label: lost[g.label] / g.infants for g in groups if g.infants >= ENOUGH_TO_COMPARE}
        if len(shares) > 1 and max(shares.values()) - min(shares.values()) >= 0.2:
            listed = "; ".join(f"{label} {100 * value:.0f} %" for label, value in shares.items())
            todo = "Censoring that depends on the group is seldom harmless: look for the reason."
            says = f"Groups are censored before {span} to different shares: {listed}."
            yield Finding("early_censoring_differs", "warning", says, n, (), todo)


def censoring_spike(asked: Asked, groups: Sequence[Group]) -> Iterator[Finding]:
    """Many censored at exactly one time: a cut-off, or a filled-in value."""
    at: dict[float, int] = {}
    for group in groups:
        for time, (_, censored) in group.ends.items():
            at[time] = at.get(time, 0) + censored
    total = sum(at.values())
    time = max(at, key=lambda t: (at[t], -t), default=0.0)
    if total and at[time] >= 5 and at[time] >= 0.2 * total:
        says = f"{at[time]:,} of {total:,} censored infants are censored at exactly {time:g}."
        examples = asked.examples(
            f"{asked.number(asked.roles.time)} = {time!r}e0 AND {asked.number(asked.roles.event)} = 0"
            if "e" not in repr(time)
            else "FALSE"
        )
        todo = "Right if follow-up was cut off there on purpose; else a filled-in or default value."
        yield Finding("censoring_spike", "note", says, at[time], examples, todo)


def end_of_curve(asked: Asked, groups: Sequence[Group]) -> Iterator[Finding]:
    """A last event when nobody else is followed any more: the curve ends at zero because of one infant."""
    for group in groups:
        last = max(group.ends)
        events, censored = group.ends[last]
        if events and not censored and group.censored and events <= 2:
            where = f" of {named(group.label)}" if asked.roles.by else ""
            infants = counted(events).replace("row", "infant")
            says = f"The curve{where} falls to 0 at its end because of {infants}: everybody else had left before."
            todo = "Read the curve only as far as enough infants were at risk."
            yield Finding("end_of_curve", "note", says, events, (), todo)


GROUP_CHECKS = (too_small, events_per_term, median_follow_up, early_censoring, censoring_spike, end_of_curve)
