"""A dated record to facts: which finding gives which fact, and what is noticed on the way.

Every reader is a pure function of the record, the definition and the day of assessment. Judgements (facts that are rules over
other facts) are not made here: see :mod:`infantall.care.judge`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from infantall.facts.ages import completed_months, days_between, months_from_days
from infantall.facts.values import Choice, Interval, Value, bounds, is_known
from infantall.facts.vocabulary import FactDefinition, Vocabulary
from infantall.rules.english import say_value, say_word

from .model import Event, Finding, Record, Treatment

DIAGNOSIS_WINDOW = (-7, 3)  # docs/clarifications.md: at-diagnosis-window
LUMBAR_PUNCTURE_WINDOW = (-7, 14)  # docs/clarifications.md: diagnostic-lumbar-puncture


@dataclass(frozen=True, slots=True)
class Reading:
    """What is known of one fact, and from where.

    Attributes:
        value: the value, an interval, a choice, or None.
        findings: the findings it was read from.
        notices: what a reader of the assessment should know about this fact.
        judged: for a judgement, whether rules gave it (and not a recorded value).
    """

    value: Value
    findings: tuple[Finding, ...] = ()
    notices: tuple[str, ...] = ()
    judged: bool = False


UNREAD = Reading(None)


@dataclass(frozen=True, slots=True)
class AsOf:
    """The day of assessment: a date, and the same counted from diagnosis. Never a hidden today."""

    on: dt.date | None
    day: int | None

    def __str__(self) -> str:
        if self.on is not None:
            return self.on.isoformat()
        return f"day {self.day}" if self.day is not None else "undated"


def latest_day(record: Record) -> AsOf:
    """The latest date in the record: the day of assessment where none is asked for."""
    entries: Iterable[Finding | Treatment | Event] = (*record.findings, *record.treatment, *record.events)
    moments = [entry.when for entry in entries]
    if record.diagnosed is not None:
        latest = max([record.diagnosed, *(w.on for w in moments if w.on is not None)])
        return AsOf(latest, (latest - record.diagnosed).days)
    dates = [w.on for w in moments if w.on is not None]
    if dates:
        return AsOf(max(dates), None)
    return AsOf(None, max([0, *(w.day for w in moments if w.day is not None)]))


def derive_facts(record: Record, vocabulary: Vocabulary, as_of: AsOf) -> dict[str, Reading]:
    """A reading of every fact of the vocabulary that is not a judgement, and of judgements that were recorded directly."""
    view = _view(record, as_of)
    readings = {}
    for name, definition in vocabulary.facts.items():
        reader = _READERS[definition.read["by"]]
        readings[name] = reader(view, definition)
    return readings


def record_notices(record: Record, as_of: AsOf) -> list[str]:
    """What concerns the record as a whole: entries after the day of assessment, results that are none yet."""
    notices = list(record.notices)
    entries: Iterable[Finding | Treatment | Event] = (*record.findings, *record.treatment, *record.events)
    later = sum(1 for entry in entries if _is_after(entry, as_of))
    if later:
        notices.append(f"{later} {'entry is' if later == 1 else 'entries are'} dated after {as_of} and not used.")
    for finding in record.findings:
        if finding.value is None and not finding.word.startswith(("negative", "positive")):
            word = finding.word or "no value"
            notices.append(f"{_name(finding.what)} is recorded as '{word}' ({finding.place}): it stays unknown.")
    if record.diagnosed is None and any(f.when.on is not None for f in record.findings):
        notices.append("No date of diagnosis is recorded, so dated results cannot be placed in time.")
    return notices


@dataclass(frozen=True)
class _View:
    """The record as it stood on the day of assessment."""

    record: Record
    as_of: AsOf
    findings: dict[str, list[Finding]]
    treatment: list[Treatment]
    events: list[Event]
    treatment_start: int | None
    induction_start: int | None
    relapse_day: int | None = field(default=None)


def _view(record: Record, as_of: AsOf) -> _View:
    findings: dict[str, list[Finding]] = {}
    for finding in record.findings:
        if not _is_after(finding, as_of):
            findings.setdefault(finding.what, []).append(finding)
    treatment = [entry for entry in record.treatment if not _is_after(entry, as_of)]
    events = [event for event in record.events if not _is_after(event, as_of)]
    days = [t.when.day for t in treatment if t.when.day is not None]
    inductions = [t.when.day for t in treatment if t.course in ("prophase", "induction") and t.when.day is not None]
    relapses = [e.when.day for e in events if e.what == "relapse" and e.when.day is not None]
    return _View(
        record, as_of, findings, treatment, events, min(days, default=None), min(inductions, default=None),
        min(relapses, default=None),
    )  # fmt: skip


def _is_after(entry: Finding | Treatment | Event, as_of: AsOf) -> bool:
    if entry.when.on is not None and as_of.on is not None:
        return entry.when.on > as_of.on
    return entry.when.day is not None and as_of.day is not None and entry.when.day > as_of.day


# -- readers -------------------------------------------------------------------------------------------------------------


def _read_record(view: _View, definition: FactDefinition) -> Reading:
    return Reading(view.record.sex)


def _read_age(view: _View, definition: FactDefinition) -> Reading:
    return Reading(view.record.age_days if definition.read["unit"] == "d" else view.record.age_months)


def _read_age_now(view: _View, definition: FactDefinition) -> Reading:
    days, months = _age_on(view.record, view.as_of)
    return Reading(days if definition.read["unit"] == "d" else months)


def _age_on(record: Record, day: AsOf) -> tuple[int | Interval | None, Value]:
    """Age in days and in completed months on a day; open where the age at diagnosis is, unknown on a day before birth."""
    if record.born is not None and day.on is not None:
        known = day.on >= record.born
        return (days_between(record.born, day.on), completed_months(record.born, day.on)) if known else (None, None)
    age = record.age_days
    if age is None or day.day is None:
        return None, None
    low, high = (int(age.low), int(age.high)) if isinstance(age, Interval) else (age, age)
    low, high = max(low + day.day, 0), high + day.day
    if high < 0:
        return None, None
    return (Interval(low, high) if isinstance(age, Interval) else high), months_from_days(low, high)


def _read_at_diagnosis(view: _View, definition: FactDefinition) -> Reading:
    """The value at diagnosis: marked so, else nearest to the day of diagnosis within the window and before treatment."""
    found = _with_result(view, definition)
    marked = [f for f in found if f.timepoint == "diagnosis"]
    if marked:
        return _together(marked, definition)
    candidates = [f for f in found if not f.timepoint]
    inside = [f for f in candidates if _within(f, DIAGNOSIS_WINDOW) and _is_untreated(f, view.treatment_start)]
    if inside:
        nearest = min(inside, key=lambda f: (abs(f.when.day or 0), f.when.day or 0)).when.day
        reading = _together([f for f in inside if f.when.day == nearest], definition)
        if nearest != 0:
            side = "before" if (nearest or 0) < 0 else "after"
            text = f"{_sentence(definition.label)} is taken from {abs(nearest or 0)} days {side} diagnosis."
            return Reading(reading.value, reading.findings, (*reading.notices, text))
        return reading
    if candidates:
        text = (
            f"{_sentence(definition.label)}: results are recorded, but none within 7 days before to 3 days after diagnosis "
            "and before treatment, so it stays unknown."
        )
        return Reading(None, notices=(text,)) if _is_one_off(candidates) else UNREAD
    return UNREAD


def _is_one_off(candidates: Sequence[Finding]) -> bool:
    """Whether the results look like a diagnostic value that misses its window, and not like later monitoring."""
    return all(f.when.day is None or f.when.day <= DIAGNOSIS_WINDOW[1] + 4 for f in candidates)


def _read_lumbar_puncture(view: _View, definition: FactDefinition) -> Reading:
    """From the first lumbar puncture only: cells of one puncture are never joined with blasts of another."""
    fluid = [
        f
        for name in ("csf_wbc", "csf_rbc", "csf_blasts")
        for f in view.findings.get(name, [])
        if f.value is not None and f.timepoint in ("", "diagnosis")
    ]
    marked = [f for f in fluid if f.timepoint == "diagnosis"]
    usable = marked or [f for f in fluid if _within(f, LUMBAR_PUNCTURE_WINDOW)]
    if not usable:
        return UNREAD
    first = min((f.when.day for f in usable if f.when.day is not None), default=None)
    same = [f for f in usable if f.what == definition.read["finding"] and f.when.day == first]
    return _together(same, definition)


def _read_any_time(view: _View, definition: FactDefinition) -> Reading:
    """The leukaemia as it was diagnosed, whatever the date of the result; results after a relapse are another leukaemia's."""
    found = [f for f in _with_result(view, definition) if f.timepoint in ("", "diagnosis") and _is_first_leukaemia(f, view)]
    definite = [f for f in found if f.value != "not_evaluable"]
    reading = _together(definite or found, definition)
    if definite and len(definite) < len(found):
        text = f"{_sentence(definition.label)} was reported as not evaluable as well; the evaluable result is used."
        return Reading(reading.value, reading.findings, (*reading.notices, text))
    return reading


def _is_first_leukaemia(finding: Finding, view: _View) -> bool:
    """Whether a result is about the leukaemia before any relapse; one without a day counts, because most reports give none."""
    return view.relapse_day is None or finding.when.day is None or finding.when.day < view.relapse_day


def _read_at_timepoint(view: _View, definition: FactDefinition) -> Reading:
    wanted = definition.read["timepoint"]
    found = [f for f in view.findings.get(definition.read["finding"], []) if f.timepoint == wanted]
    with_value = [f for f in found if f.value is not None]
    reading = _together(with_value, definition) if with_value else Reading(None, tuple(found))
    unclear = [f for f in found if f.word and (not with_value or _is_unbounded(f))]
    return Reading(reading.value, reading.findings, (*reading.notices, *(_why_open(f, definition) for f in unclear)))


def _is_unbounded(finding: Finding) -> bool:
    """Positive, but not quantifiable below no stated limit: above 0, and no more is known."""
    return finding.word == "positive_not_quantifiable" and not finding.extra.get("quantitative_range")


def _why_open(finding: Finding, definition: FactDefinition) -> str:
    if finding.word == "negative":
        return (
            f"{_sentence(definition.label)} is negative, but its sensitivity is not recorded: below which level it lies is not "
            "known."
        )
    if finding.word == "positive_not_quantifiable":
        return (
            f"{_sentence(definition.label)} is positive but not quantifiable, and its quantitative range is not recorded: it is "
            "above 0, how far is not known."
        )
    return f"{_sentence(definition.label)} is recorded as {say_word(finding.word)}: it stays unknown."


def _read_day8_blasts(view: _View, definition: FactDefinition) -> Reading:
    """Marked ``timepoint: day_8``, else counted: day 8 is the start of the prophase or induction + 7 days, ± 1 day."""
    found = _with_result(view, definition)
    start = view.induction_start
    eighth = (0 if start is None else start) + 7
    marked = [f for f in found if f.timepoint == "day_8"]
    if marked:
        reading = _together(marked, definition)
        far = [f.when.day for f in marked if f.when.day is not None and abs(f.when.day - eighth) > 1]
        if far:
            counted_from = "the day of diagnosis as day 1" if start is None else "the recorded start"
            text = f"The blast count marked day 8 was taken on day {far[0] - eighth + 8} by {counted_from}."
            return Reading(reading.value, reading.findings, (*reading.notices, text))
        return reading
    counted = [f for f in found if not f.timepoint and f.when.day is not None]
    for distance in (0, 1):
        near = [f for f in counted if abs((f.when.day or 0) - eighth) == distance]
        if near:
            reading = _together(near, definition)
            notices = list(reading.notices)
            if distance:
                days = " and ".join(sorted({str((f.when.day or 0) - eighth + 8) for f in near}))
                notices.append(f"No blast count is recorded on day 8; the one on day {days} is used.")
            if start is None:
                notices.append(
                    "The start of the prophase is not recorded: the day of diagnosis counts as day 1 for the day-8 blasts."
                )
            return Reading(reading.value, reading.findings, tuple(notices))
    return UNREAD


def _read_latest(view: _View, definition: FactDefinition) -> Reading:
    dated = [f for f in _with_result(view, definition) if f.when.day is not None or f.when.on is not None]
    if not dated:
        return UNREAD
    last = max(_order(f) for f in dated)
    return _together([f for f in dated if _order(f) == last], definition)


def _read_recorded(view: _View, definition: FactDefinition) -> Reading:
    """A fact about the record itself, never unknown: is a finding with this value recorded?"""
    read = definition.read
    wanted = set(read.get("values") or [read["value"]])
    found = [
        f
        for f in view.findings.get(read["finding"], [])
        if (f.value in wanted if isinstance(f.value, str) else f.word in wanted)
        and (not read.get("methods") or f.extra.get("method") in read["methods"])
        and (f.timepoint == read["timepoint"] if read.get("timepoint") else f.timepoint in ("", "diagnosis"))
        and _is_first_leukaemia(f, view)
        and (
            read.get("at") != "diagnosis"
            or f.timepoint == "diagnosis"
            or f.when.day is None
            or _within(f, LUMBAR_PUNCTURE_WINDOW)
        )
    ]
    return Reading("yes" if found else "no", tuple(found))


def _read_judgement(view: _View, definition: FactDefinition) -> Reading:
    """A judgement that somebody recorded directly."""
    name = definition.read.get("finding")
    if name is None:
        return UNREAD
    timepoint = definition.read.get("timepoint")
    found = [
        f
        for f in view.findings.get(name, [])
        if f.value is not None and (not timepoint or f.timepoint == timepoint) and _is_first_leukaemia(f, view)
    ]
    return _together(found, definition)


def _read_treatment(view: _View, definition: FactDefinition) -> Reading:
    read = definition.read
    courses = [t for t in view.treatment if t.what == "course"]
    match read["what"]:
        case "started":
            return Reading("yes" if any(t.course in read["courses"] for t in courses) else None)
        case "intrathecal_doses":
            doses = [t for t in view.treatment if t.what == "dose" and t.route.lower() in ("it", "intrathecal")]
            return Reading(float(len(doses)) if doses else None)
    dated = [t for t in courses if t.when.day is not None]
    if not dated:
        return UNREAD
    last = max(dated, key=lambda t: t.when.day or 0)
    if read["what"] == "current_course":
        return Reading(last.course if last.course in definition.values else "other")
    return Reading(
        float(view.as_of.day - last.when.day + 1) if view.as_of.day is not None and last.when.day is not None else None
    )


def _read_events(view: _View, definition: FactDefinition) -> Reading:
    return Reading("yes" if any(e.what == definition.read["event"] for e in view.events) else "no")


_READERS: dict[str, Callable[[_View, FactDefinition], Reading]] = {
    "record": _read_record,
    "age": _read_age,
    "age_now": _read_age_now,
    "at_diagnosis": _read_at_diagnosis,
    "diagnostic_lumbar_puncture": _read_lumbar_puncture,
    "any_time": _read_any_time,
    "at_timepoint": _read_at_timepoint,
    "day8_blasts": _read_day8_blasts,
    "latest": _read_latest,
    "recorded": _read_recorded,
    "judgement": _read_judgement,
    "treatment": _read_treatment,
    "events": _read_events,
}


# -- what several findings say together ----------------------------------------------------------------------------------


def _with_result(view: _View, definition: FactDefinition) -> list[Finding]:
    return [f for f in view.findings.get(definition.read["finding"], []) if f.value is not None]


def _together(found: Sequence[Finding], definition: FactDefinition) -> Reading:
    """One value where all agree; where they differ both stand: the fact is open between them, and it is said."""
    if not found:
        return UNREAD
    values = {f.value for f in found}
    if len(values) == 1:
        return Reading(found[0].value, tuple(found))
    merged: Value
    if definition.type == "category":
        merged = Choice(frozenset(str(value) for value in values))
    else:
        lows, highs = zip(*(bounds(value) for value in values), strict=True)
        merged = Interval(min(lows), max(highs))
    said = "; ".join(f"{f.printed} ({f.when}{_by_method(f)})" for f in found)
    text = f"Contradictory results for {definition.label}: {said}. Both stand, so it is open: {say_value(merged, definition)}."
    return Reading(merged, tuple(found), (text,))


def _by_method(finding: Finding) -> str:
    return f", {finding.extra['method']}" if finding.extra.get("method") else ""


def _within(finding: Finding, window: tuple[int, int]) -> bool:
    return finding.when.day is not None and window[0] <= finding.when.day <= window[1]


def _is_untreated(finding: Finding, start: int | None) -> bool:
    return start is None or finding.when.day is None or finding.when.day <= start


def _order(finding: Finding) -> int:
    if finding.when.day is not None:
        return finding.when.day
    return finding.when.on.toordinal() if finding.when.on is not None else 0


def _name(finding: str) -> str:
    return finding.replace("_", " ")


def _sentence(label: str) -> str:
    return label[:1].upper() + label[1:]


def open_or_unknown(value: Value) -> bool:
    """Whether a fact is not fully known."""
    return not is_known(value)
