"""Phrasing that all forms of an outlook share: a published row in words, blocks of rows, and what a factor means here."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from infantall.care.outlook import SMALL, WORLDS, FactorMatch, OutcomeMatch, Outlook, TimingMatch, is_for_all
from infantall.care.result import Assessment
from infantall.knowledge.evidence import BLINATUMOMAB, ENDPOINTS, FACTORS, Factor, Gap, Outcome
from infantall.knowledge.library import Conflict

from ..words import category, clean, count, header, known, listed, sentence
from ..words import label as fact_label

TITLE = "Published groups, not a forecast for this child"
OTHER_TITLE = "Series that count other children too"
FACTORS_TITLE = "What went with better and worse results"
TRANSPLANT_TITLE = "Who benefited from transplant"
TIMING_TITLE = "When relapse came, and other timing"
NOT_KNOWN_TITLE = "What is not known"
CONFLICTS_TITLE = "Where sources differ"
STUDIES_TITLE = "What to know of these studies"
LEFT_OUT_TITLE = "What is left out, and why"
OTHER_LEAD = "Older children or other leukaemias are counted here too, so these never stand beside the rows above."
FACTORS_LEAD = "Each study by itself: effects of different studies are never multiplied with one another."
TRANSPLANT_LEAD = (
    "Who is transplanted has first lived long enough to be: a comparison that does not allow for the wait flatters transplant."
)
NOT_KNOWN_LEAD = "What is missing weighs as much as the numbers above."
NOTHING = "Nothing published about infants like this one is held here."
NOTHING_ELSE = "Nothing is held here."

CLOCKS = {
    "diagnosis": "from diagnosis",
    "remission": "from remission",
    "randomisation": "from randomisation",
    "transplant": "from transplant",
    "infusion": "from infusion of the cells",
    "relapse": "from relapse",
    "not_stated": "start of the clock not stated",
}
POPULATIONS = {
    "wider": "older children are counted too",
    "mixed": "other leukaemias are counted too",
}
DIRECTIONS = {
    "worse": "worse",
    "better": "better",
    "no_difference": "no difference found",
    "not_stated": "direction not stated",
}
KINDS = {"not_known": "not known", "not_found": "looked for, not found", "not_read": "not read"}

_CURVES = ("EFS", "DFS", "RFS", "OS", "relative_survival", "CIR", "NRM")
"""Results that mean nothing without a time and a start of the clock; the others are shares."""
_HAPPENED = {
    "EFS": "were alive without an event",
    "DFS": "were alive and free of disease",
    "RFS": "were alive without relapse",
    "OS": "were alive",
    "alive": "were alive at last follow-up",
    "in_remission": "were alive in remission at last follow-up",
    "CIR": "had relapsed",
    "relapse": "relapsed",
    "NRM": "had died without relapse",
    "death_in_remission": "died in remission",
    "remission": "reached remission",
    "induction_death": "died in induction",
}
_PRINTED = re.compile(r"\d+(?:\.\d+)?")
_UNSURE = 4.0
"""A percentage further than this from a whole number of ten infants is said in twentieths."""


# -- a published row -----------------------------------------------------------------------------------------------------


def infants(outcome: Outcome) -> str:
    """Whom the row counts: infants, or children where older ones are among them."""
    return "children" if outcome.population == "wider" else "infants"


def result(match: OutcomeMatch, *, counted: bool = True) -> str:
    """``43.2% (95% CI 30.7 to 55.1)``, or ``4 of 9 infants`` where a percentage would say too much.

    ``counted``: with how many infants it was, where that was printed.
    """
    outcome = match.outcome
    if match.as_count:
        worked_out = "about " if outcome.count is None else ""
        return f"{worked_out}{match.count} of {outcome.n} {infants(outcome)}"
    said = f"{outcome.estimate_pct:g}%"
    if outcome.printed.startswith("±"):
        said += f" {outcome.printed}"
    elif outcome.printed:
        said += f" ({outcome.printed})"
    return f"{said}, {outcome.count} of {outcome.n} {infants(outcome)}" if counted and outcome.count is not None else said


def endpoint(outcome: Outcome) -> str:
    """The full name of what was counted."""
    return ENDPOINTS[outcome.endpoint].label


def time(outcome: Outcome) -> str:
    """``at 3 years``, ``at 6 months``; empty for a share that has no time."""
    years = outcome.time_years
    if years is None:
        return "time not stated" if outcome.endpoint in _CURVES else ""
    months = years * 12
    if years < 1 and abs(months - round(months)) < 1e-9:
        return f"at {count(round(months), 'month')}"
    return f"at {years:g} {'year' if years == 1 else 'years'}"


def clock(outcome: Outcome) -> str:
    """What time zero is; empty for a share without a time whose source names no start."""
    if outcome.clock == "not_stated" and outcome.time_years is None and outcome.endpoint not in _CURVES:
        return ""
    return CLOCKS[outcome.clock]


def when(outcome: Outcome) -> str:
    """What follows a result: `` at 3 years from diagnosis``, `` at 4 years, start of the clock not stated``, or nothing."""
    start = clock(outcome)
    if outcome.time_years is None:
        return "".join(f", {part}" for part in (time(outcome), start) if part)
    return f" {time(outcome)}{', ' if outcome.clock == 'not_stated' else ' '}{start}"


def number(outcome: Outcome) -> str:
    """How many were studied."""
    return f"n = {outcome.n}" if outcome.n is not None else "n not read"


def years(era: str) -> str:
    """The years of treatment."""
    return "years not read" if era == "not read" else era


def places(countries: str) -> str:
    return "countries not read" if countries == "not read" else countries


def treatment(outcome: Outcome) -> str:
    """The treatment, and plainly whether blinatumomab was part of it."""
    given = "treatment not read" if outcome.treatment == "not read" else outcome.treatment
    return sentence(f"{given}; {BLINATUMOMAB[outcome.blinatumomab]}")


def remark(match: OutcomeMatch) -> str:
    """What must be said beside a row: what else its definition asks, whom it counts, its own note."""
    outcome = match.outcome
    said = [f"The group also asks: {outcome.beyond}."] if outcome.beyond else []
    if outcome.population in POPULATIONS:
        said.append(f"{sentence(POPULATIONS[outcome.population])}.")
    return " ".join([*said, full_stop(outcome.statement.note)]).strip()


def full_stop(said: str) -> str:
    return said if not said or said.endswith((".", "!", "?")) else f"{said}."


def frequency(match: OutcomeMatch, *, timed: bool = True) -> str:
    """``About 4 of 10 infants were alive without an event at 4 years; 62 infants were studied``, or nothing.

    Only of ten infants or more, at a time, where their number was not printed, and where neither none nor all would be said.
    ``timed``: with the time, unless it stands just before.
    """
    outcome = match.outcome
    lacks_time = outcome.time_years is None and outcome.endpoint in _CURVES
    if outcome.n is None or outcome.n < SMALL or outcome.count is not None or outcome.endpoint not in _HAPPENED or lacks_time:
        return ""
    found = _of_ten(outcome.estimate_pct)
    if found is None:
        return ""
    part, whole = found
    who = infants(outcome)
    at = f" {time(outcome)}" if timed and outcome.time_years is not None else ""
    said = f"About {part} of {whole} {who} {_HAPPENED[outcome.endpoint]}{at}; {outcome.n} {who} were studied"
    if outcome.ci_pct is None:
        return f"{said}."
    low, high = (round(bound * whole / 100) for bound in outcome.ci_pct)
    return f"{said}, so the true figure could be from about {low} to {high} of {whole}."


def tenths(match: OutcomeMatch) -> str:
    """``about 4 of 10``: the short form of :func:`frequency`."""
    if not frequency(match):
        return ""
    found = _of_ten(match.outcome.estimate_pct)
    return f"about {found[0]} of {found[1]}" if found else ""


def short_endpoint(outcome: Outcome) -> str:
    """``EFS``, or the name of a share."""
    return outcome.endpoint if outcome.endpoint.isupper() else sentence(endpoint(outcome))


def short_when(outcome: Outcome) -> str:
    """`` 4 y``, `` 4 y from transplant``; the start is left out where the source does not state it."""
    start = "" if outcome.clock == "not_stated" else f" {CLOCKS[outcome.clock]}"
    if outcome.time_years is None:
        return f", {time(outcome)}{start}" if time(outcome) else start
    return f" {outcome.time_years:g} y{start}"


def _of_ten(percent: float) -> tuple[int, int] | None:
    """The nearest tenths, or twentieths where tenths are too coarse; None for what would sound like none or all."""
    tenths = round(percent / 10)
    if abs(percent - 10 * tenths) <= _UNSURE and 0 < tenths < 10:
        return tenths, 10
    twentieths = round(percent / 5)
    return (twentieths, 20) if 0 < twentieths < 20 else None


# -- rows in blocks ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Block:
    """Rows of one section that stand alike for this child.

    Attributes:
        world: the KMT2A status they would hold for, where it is not known and matters.
        belongs: whether the child surely belongs to these groups.
        waits: whether more would have to be known than the KMT2A status.
    """

    label: str
    world: str
    belongs: bool
    waits: bool
    rows: tuple[OutcomeMatch, ...]


def blocks(matches: Iterable[OutcomeMatch], assessment: Assessment) -> list[Block]:
    """The rows in blocks: those of groups the child belongs to, may belong to, then each world of KMT2A by itself."""
    found: dict[_Key, list[OutcomeMatch]] = {}
    for match in matches:
        waits = tuple(name for name in match.waits_for if not (match.world and name == "kmt2a_status"))
        beyond = bool(match.outcome.beyond) and not match.verdict
        key = (match.world, match.verdict is True, waits, beyond, match.before_relapse)
        found.setdefault(key, []).append(match)
    order = ("", *WORLDS)
    keys = sorted(found, key=lambda key: (order.index(key[0]), key[4], not key[1], key[3], len(key[2])))
    return [
        Block(_block_label(key, assessment), key[0], key[1], not key[1] and bool(key[2] or key[3]), tuple(found[key]))
        for key in keys
    ]


_Key = tuple[str, bool, tuple[str, ...], bool, bool]
"""What rows of a block share: world, belongs, waits for, asks what no record holds, tells of the time before the relapse."""


def _block_label(key: _Key, assessment: Assessment) -> str:
    world, belongs, waits, beyond, before = key
    if belongs and before:
        return "Before the relapse: groups this child belonged to, nearest definition first"
    if belongs:
        return "Groups this child belongs to, nearest definition first"
    if world and not waits and not beyond:
        return "Groups it would belong to"
    said = "Groups it may then belong to" if world else "Groups this child may belong to"
    if before:
        said = "Before the relapse: groups this child may have belonged to"
    why = [f"waits for {waiting(waits, assessment)}"] if waits else []
    if beyond:
        why.append("the definition also asks what no record holds")
    return f"{said}: {'; '.join(why)}"


def waiting(names: Sequence[str], assessment: Assessment) -> str:
    """The open facts in words; an age is one, in days or in months."""
    return listed(list(dict.fromkeys(fact_label(assessment, name) for name in names)))


def world_title(world: str) -> str:
    """``If KMT2A turns out rearranged``."""
    return f"If KMT2A turns out {world}"


def span(rows: Sequence[OutcomeMatch]) -> list[str]:
    """How far the rows lie apart, one sentence an endpoint of which two studies or more are shown."""
    said = []
    for name in dict.fromkeys(m.outcome.endpoint for m in rows):
        same = [m.outcome for m in rows if m.outcome.endpoint == name and not m.as_count]
        studies = {o.study for o in same}
        if len(same) < 3 or len(studies) < 2:
            continue
        low, high = min(o.estimate_pct for o in same), max(o.estimate_pct for o in same)
        said.append(
            f"{sentence(ENDPOINTS[name].label)} runs from {low:g}% to {high:g}% over {len(same)} rows of {len(studies)} studies. "
            "They differ in group, treatment, years and time, so no middle of them means anything."
        )
    return said


def standing(match: OutcomeMatch) -> str:
    """``belongs`` or ``may belong``; of groups before a relapse, in the past."""
    if match.before_relapse:
        return "belonged, before the relapse" if match.verdict else "may have belonged, before the relapse"
    return "belongs" if match.verdict else "may belong"


# -- factors, timing, gaps -----------------------------------------------------------------------------------------------


def by_factor(matches: Iterable[FactorMatch]) -> dict[str, list[FactorMatch]]:
    """The findings under the title of their factor, in the order of :data:`FACTORS`."""
    found = list(matches)
    titles = {name: [m for m in found if m.factor.factor == name] for name in FACTORS}
    return {FACTORS[name]: some for name, some in titles.items() if some}


def finding(factor: Factor) -> str:
    """``Under 6 months against 6 months or older: worse (EFS; multivariable)``."""
    how = "; ".join(part for part in (factor.outcome, factor.model) if part)
    return f"{sentence(factor.level)} against {factor.reference}: {DIRECTIONS[factor.direction]} ({how})"


def ratio(factor: Factor) -> str:
    """``hazard ratio 0.36 (95% CI 0.15 to 0.86)``: only where its interval was printed with it."""
    if factor.hr is None or factor.ci is None:
        return ""
    return f"hazard ratio {factor.hr:g} ({factor.ci_level}% CI {factor.ci[0]:g} to {factor.ci[1]:g})"


def p_value(factor: Factor) -> str:
    """As printed: ``p = 0.03``, ``p <0.0001``, ``significant``."""
    printed = factor.p
    return f"p = {printed}" if printed[:1].isdigit() else f"p {printed}" if printed[:1] in "<>=" and printed else printed


def numbers(factor: Factor) -> str:
    """Ratio, p and n, as far as they were printed."""
    said = [ratio(factor), p_value(factor), f"n = {factor.n}" if factor.n is not None else ""]
    return "; ".join(part for part in said if part)


def side(match: FactorMatch) -> str:
    """Where this child stands; the first side is what comes before ``against``."""
    said = {
        "level": "This child is on the first side.",
        "reference": "This child is not on the first side.",
        "not known": "Which side this child is on is not known.",
        "": "No record says which side a child is on.",
    }
    return said[match.side]


_EVERY_INFANT = "age at diagnosis is under 12 completed months"
_EVERY_STATUS = "KMT2A status is rearranged or germline"
"""What goes without saying: all of them are infants, and a factor needs a result."""


def whether(match: FactorMatch | TimingMatch, assessment: Assessment) -> str:
    """Whom a finding is about, where not all infants, and why it may not be about this child."""
    found = match.factor if isinstance(match, FactorMatch) else match.timing
    statement = found.statement
    said = []
    if statement.rule is not None and not is_for_all(statement.rule):
        waits = f"; for this child that waits for {waiting(match.waits_for, assessment)}" if match.waits_for else ""
        among = statement.in_words.replace(f"{_EVERY_INFANT} and ", "").replace(f" and {_EVERY_INFANT}", "")
        if waits or among != _EVERY_STATUS:
            said.append(f"About infants where {among}{waits}.")
    elif match.waits_for:
        said.append(f"For this child that waits for {waiting(match.waits_for, assessment)}.")
    if found.beyond:
        said.append(f"The group also asks: {found.beyond}.")
    if found.population in POPULATIONS:
        said.append(f"{sentence(POPULATIONS[found.population])}.")
    return " ".join(said)


def disagreement(matches: Sequence[FactorMatch]) -> list[str]:
    """Where studies of one factor do not agree about the same infants: who found a difference, and who none."""
    alike: dict[str, list[Factor]] = {}
    for match in matches:
        factor, rule = match.factor, match.factor.statement.rule
        if factor.population == "infants" and factor.direction != "not_stated" and rule is not None:
            alike.setdefault("" if is_for_all(rule) else factor.statement.in_words, []).append(factor)
    return [said for whom, factors in alike.items() if (said := _disagree(whom, factors))]


def _disagree(whom: str, factors: Sequence[Factor]) -> str:
    among = f", where {whom}" if whom else ""
    none = dict.fromkeys(f.study_facts.title for f in factors if f.direction == "no_difference")
    some = dict.fromkeys(f.study_facts.title for f in factors if f.direction != "no_difference")
    if none.keys() - some.keys() and some.keys() - none.keys():
        return f"Studies disagree{among}: a difference in {listed(list(some))}; none in {listed(list(none))}."
    ways: dict[tuple[str, str], set[str]] = {}
    for factor in factors:
        ways.setdefault((clean(factor.level).lower(), clean(factor.reference).lower()), set()).add(factor.direction)
    if any({"worse", "better"} <= found for found in ways.values()):
        return f"Studies disagree{among}: the same side did better in one and worse in another."
    return ""


def findings(matches: Sequence[FactorMatch], assessment: Assessment) -> list[list[FactorMatch]]:
    """Findings of one study that share their caution, sources and infants, together."""
    found: dict[tuple[object, ...], list[FactorMatch]] = {}
    for match in matches:
        statement = match.factor.statement
        key = (
            match.factor.study_facts.id,
            match.factor.caution,
            whether(match, assessment),
            statement.citations,
            statement.confidence,
        )
        found.setdefault(key, []).append(match)
    return list(found.values())


def timing_said(match: TimingMatch) -> str:
    """What was found, with the number as printed where the sentence does not hold it."""
    timing = match.timing
    told = _PRINTED.findall(timing.statement.says.lower())
    missing = [part for part in _PRINTED.findall(timing.printed.lower()) if part not in told]
    printed = f" Printed: {full_stop(timing.printed)}" if missing else ""
    return f"{timing.study}: {full_stop(timing.statement.says)}{printed}"


def by_topic(outlook: Outlook) -> dict[str, list[TimingMatch]]:
    """When things happened, under the title of their topic."""
    titles = outlook.assessment.knowledge.evidence.timing_titles
    found: dict[str, list[TimingMatch]] = {}
    for match in outlook.timing:
        found.setdefault(titles.get(match.timing.statement.topic, "Timing"), []).append(match)
    return found


def gap(found: Gap) -> str:
    """What is missing, and what would help, in sentences."""
    return (
        f"{full_stop(found.title)} ({sentence(KINDS[found.kind])}.) {full_stop(found.statement.says)} "
        f"What would help: {full_stop(found.would_help)}"
    )


def conflict_use(conflict: Conflict) -> str:
    """What is used, why, and who could confirm it."""
    return f"Used here: {conflict.choice} {conflict.because} To confirm: {full_stop(conflict.confirm)}"


# -- around them ---------------------------------------------------------------------------------------------------------


def about(assessment: Assessment) -> list[tuple[str, str]]:
    """Who, and what the definitions of most groups ask of the child."""
    asked = [
        (sentence(assessment.label(name)), known(assessment, name) if assessment.values.get(name) is not None else "not known")
        for name in ("kmt2a_status", "kmt2a_partner")
    ]
    lineage = assessment.values.get("lineage")
    return [*header(assessment), *asked, ("Lineage", category(lineage) if isinstance(lineage, str) else "not known")]


def left_out(outlook: Outlook) -> list[tuple[str, int]]:
    """What is not shown, by reason, with those whose definition is not this child's."""
    held = sum(1 for o in outlook.assessment.knowledge.outcomes if o.population != "comparator" and o.section)
    elsewhere = held - len(outlook.rows) - len(outlook.other_series)
    said = "rows of groups that this child is not in, or that cannot be judged without the age at diagnosis"
    return [(reason, n) for reason, n in ((said, elsewhere), *outlook.left_out) if n]


def study_notes(matches: Iterable[OutcomeMatch | FactorMatch]) -> dict[str, str]:
    """What is to be known of the studies shown, once a study."""
    studies = (m.outcome.study_facts if isinstance(m, OutcomeMatch) else m.factor.study_facts for m in matches)
    return {study.title: study.note for study in studies if study.note}
