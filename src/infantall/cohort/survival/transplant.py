"""Survival and transplant in first remission: the fair comparisons, and the naive one beside them.

An infant must live long enough to be transplanted, so comparing those ever transplanted with those never transplanted credits
transplant with the time spent waiting for it. Mantel and Byar (1974) count every infant as not transplanted until the day of
transplant; Simon and Makuch (1984) draw the curves of that comparison; a landmark fixes the groups on a day declared beforehand.

Rules about the day of transplant, the same everywhere here:

- missing (NaN): never transplanted;
- after the end of follow-up: not seen, so never transplanted, and a notice says how many;
- on the very day follow-up ends: the infant counts as not transplanted until the end, so that a death on the day of transplant
is a
  death before transplant;
- on day 0: transplanted from the start.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from infantall.cohort.survival.curves import Curve, Scale
from infantall.cohort.survival.errors import StatisticsError
from infantall.cohort.survival.kaplan_meier import kaplan_meier
from infantall.cohort.survival.life_table import LifeTable, life_table
from infantall.cohort.survival.log_rank import GroupTest, log_rank
from infantall.cohort.survival.observations import Codes, Floats, Observations, checked, numbers, refuse

NOT_TRANSPLANTED, TRANSPLANTED = "not transplanted", "transplanted"  # sorted, the transplanted come second


@dataclass(frozen=True, eq=False)
class Pieces:
    """Follow-up cut at the day of transplant, as rows of a counting process (at risk at t where entry < t <= time).

    Attributes:
        entry, time, event: of each piece, [pieces]; the event is that of the last piece. The first piece begins at 0, or
            before it (at -1) where somebody's follow-up ends on day 0, so that all are at risk on that day.
        transplanted: 1 after transplant, 0 before, [pieces].
        row: the index of the infant's row, [pieces].
        n_transplanted: infants with time after transplant.
        notices: what was decided about the days of transplant.
    """

    entry: Floats
    time: Floats
    event: Codes
    transplanted: Codes
    row: Codes
    n_transplanted: int
    notices: tuple[str, ...]


def split_at_transplant(time: ArrayLike, event: ArrayLike, transplant: ArrayLike) -> Pieces:
    """Cut each row at its transplant.

    Args:
        time, event: as for ``checked``, without late entry.
        transplant: the day of transplant counted from the same start; NaN where there was none.

    Raises:
        StatisticsError: as ``checked``; a negative day of transplant.
    """
    o = checked(time, event)
    day = _days_of_transplant(transplant, o)
    cut = day < o.time  # never true of NaN
    start = -1.0 if bool((o.time == 0.0).any()) else 0.0
    waits = ~cut | (day > 0.0)  # time before transplant
    rows = np.arange(o.n)
    before_end = np.where(cut, day, o.time)
    before_event = np.where(cut, 0, o.event)
    entry = np.concatenate([np.full(int(waits.sum()), start), day[cut]])
    ends = np.concatenate([before_end[waits], o.time[cut]])
    events = np.concatenate([before_event[waits], o.event[cut]])
    state = np.concatenate([np.zeros(int(waits.sum()), dtype=np.int64), np.ones(int(cut.sum()), dtype=np.int64)])
    row = np.concatenate([rows[waits], rows[cut]])
    order = np.lexsort((state, row))
    if start < 0.0:  # on day 0 even those transplanted from the start are at risk
        entry = np.where((state == 1) & (entry == 0.0), start, entry)
    return Pieces(entry[order], ends[order], events[order], state[order], row[order], int(cut.sum()), _notices(o.time, day))


def _days_of_transplant(transplant: ArrayLike, o: Observations) -> Floats:
    day = numbers("transplant", transplant)
    if len(day) != o.n:
        raise StatisticsError(
            f"transplant: found {len(day)} values for {o.n} times; expected one a row, missing where there was none"
        )
    refuse("transplant", (day < 0) | np.isinf(day), "are negative or infinite", "the day of transplant, counted as the times are")
    return day


def _notices(time: Floats, day: Floats) -> tuple[str, ...]:
    said = []
    late, same = int((day > time).sum()), int((day == time).sum())
    if late:
        said.append(f"{late} transplants lie after the end of follow-up and are not counted")
    if same:
        said.append(f"{same} transplants fall on the very day follow-up ends: those infants count as not transplanted")
    return tuple(said)


def mantel_byar(time: ArrayLike, event: ArrayLike, transplant: ArrayLike) -> GroupTest:
    """The Mantel-Byar test: the log-rank test in which an infant moves to the transplanted on the day of transplant.

    The second group of the answer is the transplanted.

    Raises:
        StatisticsError: as ``split_at_transplant``; nobody was transplanted within follow-up, or everybody from the start.
    """
    pieces = split_at_transplant(time, event, transplant)
    return mantel_byar_of_intervals(pieces.entry, pieces.time, pieces.event, pieces.transplanted)


def mantel_byar_of_intervals(entry: ArrayLike, time: ArrayLike, event: ArrayLike, transplanted: ArrayLike) -> GroupTest:
    """The Mantel-Byar test of rows already cut at transplant; ``transplanted`` is 0 or 1.

    Raises:
        StatisticsError: as ``checked``; there are no two states to compare.
    """
    return log_rank(_two_states(entry, time, event, transplanted))


def _two_states(entry: ArrayLike, time: ArrayLike, event: ArrayLike, transplanted: ArrayLike) -> LifeTable:
    state = np.asarray(transplanted)
    labels = np.where(state == 1, TRANSPLANTED, NOT_TRANSPLANTED)
    if len(np.unique(labels)) < 2:
        raise StatisticsError(
            "transplant: found time in one state only; expected infants before and after transplant. "
            "Is the day of transplant counted from the same start as the times?"
        )
    return life_table(checked(time, event, entry=entry, group=labels))


def simon_makuch(
    time: ArrayLike,
    event: ArrayLike,
    transplant: ArrayLike,
    *,
    start: float = 0.0,
    scale: Scale = "log-log",
    confidence: float = 0.95,
) -> tuple[Curve, ...]:
    """The Simon-Makuch curves: survival while not transplanted, and while transplanted, each infant counted where it then is.

    Args:
        start: the clock starts at this day, with those followed beyond it. Few infants are transplanted early, and one early
            death among them would bring the curve down; a later start avoids that.

    Raises:
        StatisticsError: as ``split_at_transplant``; nobody is in one of the states after ``start``.
    """
    p = split_at_transplant(time, event, transplant)
    kept = p.time > start if start > 0.0 else np.ones(len(p.time), dtype=bool)
    entry = np.maximum(p.entry, start) if start > 0.0 else p.entry
    if not kept.any():
        raise StatisticsError(f"start: found nobody followed beyond {start:g}; expected an earlier day")
    table = _two_states(entry[kept], p.time[kept], p.event[kept], p.transplanted[kept])
    return kaplan_meier(table, scale=scale, confidence=confidence)


@dataclass(frozen=True, eq=False)
class Landmark:
    """A landmark comparison.

    Attributes:
        day: the landmark.
        curves: survival of those followed beyond the landmark, on the original clock: 1 up to the landmark.
        test: log-rank; the second group is the transplanted.
        n, n_transplanted: infants compared, and those of them transplanted by the landmark.
        events_before, censored_before: infants left out, by why follow-up had ended by the landmark.
        transplanted_later: infants counted as not transplanted, who were transplanted after the landmark.
        notices: the same in words.
    """

    day: float
    curves: tuple[Curve, ...]
    test: GroupTest
    n: int
    n_transplanted: int
    events_before: int
    censored_before: int
    transplanted_later: int
    notices: tuple[str, ...]


def landmark(
    time: ArrayLike, event: ArrayLike, transplant: ArrayLike, day: float, *, scale: Scale = "log-log", confidence: float = 0.95
) -> Landmark:
    """Compare by transplant up to ``day`` the infants who were event-free and still followed after it.

    Raises:
        StatisticsError: as ``split_at_transplant``; nobody is left, or all are in one group.
    """
    o = checked(time, event)
    moved = _days_of_transplant(transplant, o)
    transplanted = moved <= day  # never true of NaN
    kept = o.time > day
    if not kept.any() or transplanted[kept].all() or not transplanted[kept].any():
        raise StatisticsError(
            f"landmark: found {int(kept.sum())} infants followed beyond day {day:g}, {int(transplanted[kept].sum())} "
            "transplanted by then; expected some in both groups. Choose another day, for a reason that is not the result"
        )
    group = np.where(transplanted, TRANSPLANTED, NOT_TRANSPLANTED)
    table = life_table(checked(o.time[kept], o.event[kept], group=group[kept]))
    gone = ~kept
    had_event, lost = int((o.event[gone] > 0).sum()), int((o.event[gone] == 0).sum())
    later = int((kept & (moved > day) & (moved <= o.time)).sum())
    notices = [f"landmark day {day:g}: {had_event} infants with an event by then and {lost} no longer followed are left out"]
    if later:
        notices.append(f"{later} infants transplanted after the landmark count as not transplanted")
    curves = kaplan_meier(table, scale=scale, confidence=confidence)
    counted = int(transplanted[kept].sum())
    return Landmark(day, curves, log_rank(table), int(kept.sum()), counted, had_event, lost, later, tuple(notices))


def naive(
    time: ArrayLike, event: ArrayLike, transplant: ArrayLike, *, scale: Scale = "log-log", confidence: float = 0.95
) -> tuple[tuple[Curve, ...], GroupTest]:
    """Ever against never transplanted: biased in favour of transplant (immortal time), to be shown only beside a fair comparison.

    Ever: transplanted on or before the day follow-up ended.

    Raises:
        StatisticsError: as ``split_at_transplant``; all are in one group.
    """
    o = checked(time, event)
    ever = _days_of_transplant(transplant, o) <= o.time
    table = life_table(checked(o.time, o.event, group=np.where(ever, TRANSPLANTED, NOT_TRANSPLANTED)))
    return kaplan_meier(table, scale=scale, confidence=confidence), log_rank(table)
