"""The child's timeline as an inline picture with an equal table: in dates or in days, in black and white, dark or light."""

from __future__ import annotations

import datetime as dt
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass

from infantall.care.result import Assessment
from infantall.facts.values import Interval
from infantall.record.model import When

from . import decisions, words
from .markup import Safe, details, join, table, tag

KIND_WORDS = {
    "birth": "birth",
    "diagnosis": "diagnosis",
    "finding": "finding",
    "course": "course",
    "event": "event",
    "due": "protocol day",
    "now": "day of assessment",
}
_WRAP, _LINE, _GAP, _AXIS, _MARK, _TEXT = 28, 18, 14, 8, 60, 76
_MOST = 6


@dataclass(frozen=True, slots=True)
class Moment:
    """Something on the timeline: its day from diagnosis, when in words, what kind, and what."""

    day: float
    when: str
    kind: str
    says: tuple[str, ...]


def timeline(assessment: Assessment, prefix: str) -> Safe:
    """The picture and its table. A sentence where nothing is dated."""
    found = moments(assessment)
    if len(found) < 2:
        return tag("p", "Nothing in this record is dated, so there is no timeline.")
    rows = [(m.when, KIND_WORDS[m.kind], "; ".join(m.says)) for m in found]
    seen = table("The timeline as a table", ("When", "What kind", "What"), *rows)
    return join(_picture(found, assessment, prefix), details("The timeline as a table", seen))


# -- what is on it -------------------------------------------------------------------------------------------------------


def moments(assessment: Assessment) -> list[Moment]:
    """Birth, diagnosis, the findings that decided something, courses, protocol days, events and the day of assessment."""
    order = list(KIND_WORDS)
    found = [*_birth(assessment), *_findings(assessment), *_treatment(assessment), *_due(assessment)]
    return sorted(found, key=lambda m: (m.day, order.index(m.kind)))


def _day(assessment: Assessment, when: When) -> float | None:
    """Day from diagnosis; for dates without a date of diagnosis, day from the first date of the record."""
    if when.day is not None:
        return float(when.day)
    record = assessment.record
    moments = (*(f.when for f in record.findings), *(t.when for t in record.treatment), *(e.when for e in record.events))
    dates = [moment.on for moment in moments if moment.on]
    return float((when.on - min(dates)).days) if when.on and dates else None


def _said(when: When) -> str:
    if when.on is not None and when.day is not None:
        return f"{when.on.isoformat()}, day {when.day}"
    return str(when)


def _birth(assessment: Assessment) -> Iterator[Moment]:
    record, as_of = assessment.record, assessment.as_of
    age = record.age_days
    if isinstance(age, Interval):
        if age.high != float("inf"):
            yield Moment(-(age.low + age.high) / 2, "about, by the age recorded", "birth", ("Birth",))
    elif age is not None:
        yield Moment(-age, record.born.isoformat() if record.born else f"day {-age}", "birth", ("Birth",))
    if record.diagnosed is not None or as_of.day is not None:
        when = f"{record.diagnosed.isoformat()}, day 0" if record.diagnosed else "day 0"
        yield Moment(0, when, "diagnosis", ("Diagnosis",))
    if as_of.day is not None:
        yield Moment(as_of.day, _said(When(as_of.on, as_of.day)), "now", ("Day of this assessment",))


def _findings(assessment: Assessment) -> Iterator[Moment]:
    """The findings that decided something, by day."""
    by_day: dict[float, tuple[str, dict[str, None]]] = {}
    for fact in _deciding(assessment):
        for finding in assessment.readings[fact].findings:
            day = _day(assessment, finding.when)
            if day is not None:
                said = f"{_short(words.label(assessment, fact))} {assessment.say(fact)}"
                by_day.setdefault(day, (_said(finding.when), {}))[1][said] = None
    for day, (when, labels) in by_day.items():
        says = list(labels)
        more = [f"and {len(says) - _MOST} more"] if len(says) > _MOST else []
        yield Moment(day, when, "finding", (*says[:_MOST], *more))


def _deciding(assessment: Assessment) -> dict[str, None]:
    """Facts behind the groups, the diagnosis, the type and the response; findings in place of judgements."""
    found: dict[str, None] = {}

    def add(fact: str, depth: int = 0) -> None:
        reading = assessment.readings[fact]
        if fact in assessment.judgements and not reading.findings and depth < 6:
            reason = decisions.applied(assessment.judgements[fact])
            for name in decisions.deciding_facts(reason.explanation) if reason else ():
                add(name, depth + 1)
        elif not words.is_silent(assessment, fact):
            found[fact] = None

    for result in assessment.protocols:
        reason = decisions.applied(result.reasons)
        if reason is not None and result.eligible != "no":
            for fact in decisions.deciding_facts(reason.explanation):
                add(fact)
    for fact in ("kmt2a_status", "prednisone_response", "all_established", "lineage", "cns_status"):
        add(fact)
    for point in assessment.mrd:
        add(point.fact)
    add("remission_end_of_induction")
    return found


def _treatment(assessment: Assessment) -> Iterator[Moment]:
    for entry in assessment.record.treatment:
        day = _day(assessment, entry.when)
        if entry.what == "course" and day is not None:
            by = f" ({entry.protocol})" if entry.protocol else ""
            yield Moment(day, _said(entry.when), "course", (f"Start of {entry.course.replace('_', ' ')}{by}",))
    for event in assessment.record.events:
        day = _day(assessment, event.when)
        if day is not None:
            site = f", {event.site.replace('_', ' ')}" if event.site else ""
            yield Moment(day, _said(event.when), "event", (words.sentence(event.what.replace("_", " ")) + site,))


def _due(assessment: Assessment) -> Iterator[Moment]:
    """The protocol days on which something falls due: recorded, to come or overdue."""
    as_of = assessment.as_of
    if as_of.day is None:
        return
    starts = [t.when.day for t in assessment.record.treatment if t.course in ("prophase", "induction") and t.when.day is not None]
    start = min(starts, default=0)
    days: dict[int, dict[str, None]] = {}
    for statement in assessment.knowledge.topics.get("due", ()):
        if statement.day is not None and statement.day > 1:
            days.setdefault(statement.day, {})[statement.fact] = None
    for protocol_day, facts in days.items():
        day = start + protocol_day - 1
        says = [f"Protocol day {protocol_day}{'' if starts else ', if treatment starts on the day of diagnosis'}"]
        for fact in facts:
            is_known = assessment.values.get(fact) is not None
            state = "recorded" if is_known else "not recorded, overdue" if as_of.day > day else "still to come"
            says.append(f"{_short(assessment.label(fact))}: {state}")
        yield Moment(day, _said(When(_date(assessment, day), day)), "due", tuple(says))


def _date(assessment: Assessment, day: int) -> dt.date | None:
    """The date of a day from diagnosis; None without one, or past the last date of the calendar."""
    diagnosed = assessment.record.diagnosed
    try:
        return diagnosed + dt.timedelta(days=day) if diagnosed else None
    except OverflowError:
        return None


def _short(label: str) -> str:
    for tail in (" at the diagnostic lumbar puncture", " at diagnosis", " on day 8", " at the end of induction"):
        label = label.removesuffix(tail)
    return label


# -- the picture ---------------------------------------------------------------------------------------------------------


def _picture(found: list[Moment], assessment: Assessment, prefix: str) -> Safe:
    """A vertical line to scale at the left; each moment in words beside it, led to its place on the line."""
    parts: list[Safe] = []
    rows: list[float] = []
    y = 20.0
    for moment in found:
        rows.append(y)
        lines = [line for said in moment.says for line in textwrap.wrap(words.clean(said), _WRAP)]
        parts.append(_text(_TEXT, y + 5, moment.when, "strong"))
        parts += [_text(_TEXT, y + 5 + _LINE * i, line) for i, line in enumerate(lines, 1)]
        y += _LINE * (len(lines) + 1) + _GAP
    first, last = found[0].day, found[-1].day
    top, bottom = rows[0], rows[-1]
    span = last - first or 1
    for moment, row in zip(found, rows, strict=True):
        place = top + (moment.day - first) / span * (bottom - top)
        parts.append(tag("polyline", points=f"{_AXIS},{place:.1f} {_AXIS + 8},{place:.1f} {_MARK - 10},{row:.1f}", class_="thin"))
        parts.append(_mark(moment.kind, row))
    axis = tag("line", x1=str(_AXIS), x2=str(_AXIS), y1=f"{top:.1f}", y2=f"{bottom:.1f}", class_="line")
    title, desc = f"{prefix}timeline-title", f"{prefix}timeline-desc"
    said = f"{words.count(len(found), 'moment')} from {found[0].when} to {found[-1].when}; the table below says the same."
    return tag(
        "svg",
        tag("title", f"Timeline of {assessment.record.id}", id=title),
        tag("desc", said, id=desc),
        axis,
        *parts,
        role="img",
        aria_labelledby=f"{title} {desc}",
        width="100%",
        height=f"{y:.0f}",
    )


def _text(x: float, y: float, said: str, css: str | None = None) -> Safe:
    return tag("text", said, x=f"{x:g}", y=f"{y:.1f}", class_=css)


def _mark(kind: str, y: float) -> Safe:
    """A shape a kind: no colour is needed to tell them apart."""
    x = _MARK
    match kind:
        case "diagnosis":
            return tag("path", d=f"M{x} {y - 8}L{x + 8} {y}L{x} {y + 8}L{x - 8} {y}Z", class_="solid")
        case "course":
            return tag("rect", x=str(x - 6), y=f"{y - 6:.1f}", width="12", height="12", class_="solid")
        case "event":
            return tag("path", d=f"M{x} {y - 8}L{x + 8} {y + 6}L{x - 8} {y + 6}Z", class_="solid")
        case "due":
            return tag("rect", x=str(x - 6), y=f"{y - 6:.1f}", width="12", height="12", class_="open")
        case "finding":
            return tag("circle", cx=str(x), cy=f"{y:.1f}", r="6", class_="solid")
        case "now":
            return tag("path", d=f"M{x - 7} {y}L{x + 7} {y}M{x} {y - 7}L{x} {y + 7}", class_="line")
    return tag("circle", cx=str(x), cy=f"{y:.1f}", r="6", class_="open")
