"""What was seen in published groups of infants like this one: never one number for one child, never a pooled one.

A published row is listed where its definition is true of the child, or may be: then with what it waits for, and for which KMT2A
status it would hold. Of a child who is not known to be an infant only what is true, or holds for all infants, is listed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from infantall.facts.values import Interval, is_known
from infantall.knowledge.evidence import Factor, Gap, Outcome, Timing
from infantall.knowledge.library import Conflict, Statement
from infantall.rules import tree
from infantall.rules.interpret import Explanation, Values, Verdict, all_of, explain, verdict

from .assess import INFANT_DAYS
from .criteria import never_sure, open_facts
from .result import Assessment, Reason

INFANT = tree.Compare("<=", tree.Fact("age_days_at_diagnosis"), tree.Number(INFANT_DAYS))
ANY_INFANT: Values = {"age_days_at_diagnosis": Interval(0, INFANT_DAYS), "age_months_at_diagnosis": Interval(0, 11)}
WORLDS = ("rearranged", "germline")
SMALL = 10
"""Below this many infants a result is shown as a count, not as a percentage."""

TRANSPLANT_FACTORS = ("transplant", "transplant_after_relapse")
_TOPICS = ("outcomes", "risk", "transplant", "relapse", "late_effects")


@dataclass(frozen=True, slots=True)
class OutcomeMatch:
    """A published row and how it stands for this child.

    Attributes:
        reason: the definition with its verdict: TRUE, or None where the child may belong.
        waits_for: the open facts that would tell.
        world: where KMT2A is not known and the row holds for one status only: ``rearranged`` or ``germline``.
        asks: what the definition asks about, most telling first; empty for all infants.
        before_relapse: a relapse is recorded and the definition does not ask for one: it tells what was seen from the first
            treatment on, not what follows now.
    """

    outcome: Outcome
    reason: Reason
    waits_for: tuple[str, ...]
    world: str
    asks: tuple[str, ...]
    before_relapse: bool = False

    @property
    def verdict(self) -> Verdict:
        return self.reason.verdict

    @property
    def as_count(self) -> bool:
        """Whether the group is too small for a percentage."""
        return self.outcome.n is not None and self.outcome.n < SMALL

    @property
    def count(self) -> int | None:
        """How many of ``n``: as printed, or the nearest whole number of infants where the group is small."""
        outcome = self.outcome
        if outcome.count is not None or outcome.n is None or not self.as_count:
            return outcome.count
        return round(outcome.estimate_pct * outcome.n / 100)


@dataclass(frozen=True, slots=True)
class FactorMatch:
    """A prognostic factor among infants of whom this child is or may be one.

    Attributes:
        side: where this child stands: ``level``, ``reference``, ``not known``; empty where no rule can say.
        waits_for: the open facts that would tell whether the finding is about this child.
    """

    factor: Factor
    reason: Reason
    waits_for: tuple[str, ...]
    side: str


@dataclass(frozen=True, slots=True)
class TimingMatch:
    timing: Timing
    reason: Reason
    waits_for: tuple[str, ...]


@dataclass(frozen=True)
class Outlook:
    """Everything published about infants like this one.

    Attributes:
        rows: of infants with ALL, nearest definition first.
        other_series: of series that count older children or other leukaemias too; never beside the rows.
        factors: prognostic factors, without transplant.
        transplant: who benefited from transplant, as each study found it.
        timing: when relapse came, how often remission and early death.
        not_known: gaps that matter for this child.
        conflicts: where sources disagree about something listed here.
        left_out: how many rows are not shown, by reason.
    """

    assessment: Assessment
    rows: tuple[OutcomeMatch, ...]
    other_series: tuple[OutcomeMatch, ...]
    factors: tuple[FactorMatch, ...]
    transplant: tuple[FactorMatch, ...]
    timing: tuple[TimingMatch, ...]
    not_known: tuple[Gap, ...]
    conflicts: tuple[Conflict, ...]
    left_out: tuple[tuple[str, int], ...]
    notices: tuple[str, ...]


def outlook(assessment: Assessment) -> Outlook:
    """The outlook of an assessed child."""
    return _Matcher(assessment).outlook()


class _Matcher:
    def __init__(self, assessment: Assessment) -> None:
        self.a = assessment
        self.values = assessment.values
        self.infant = verdict(INFANT, self.values)
        self.has_relapsed = self.values.get("relapse_recorded") == "yes"

    def outlook(self) -> Outlook:
        evidence = self.a.knowledge.evidence
        outcomes = [self.outcome(o) for o in evidence.outcomes if o.population != "comparator" and o.section]
        factors = [m for m in (self.factor(f) for f in evidence.factors if f.population != "comparator") if m]
        timing = [m for m in (self.timing(t) for t in evidence.timing if t.population != "comparator") if m]
        matches = [m for m in outcomes if m]
        gaps = [g for g in evidence.gaps if g.topic in _TOPICS and self.stands(g.statement) is not False]
        rows = tuple(sorted((m for m in matches if m.outcome.population == "infants"), key=_nearness))
        others = tuple(sorted((m for m in matches if m.outcome.population != "infants"), key=_nearness))
        shown = [*(m.reason for m in matches), *(m.reason for m in factors), *(m.reason for m in timing)]
        return Outlook(
            assessment=self.a,
            rows=rows,
            other_series=others,
            factors=tuple(m for m in factors if m.factor.factor not in TRANSPLANT_FACTORS),
            transplant=tuple(m for m in factors if m.factor.factor in TRANSPLANT_FACTORS),
            timing=tuple(timing),
            not_known=tuple(gaps),
            conflicts=self.conflicts(reason.statement for reason in shown),
            left_out=self.left_out(),
            notices=tuple(self.notices(rows)),
        )

    # -- what a definition says of this child ----------------------------------------------------------------------------

    def stands(self, statement: Statement, beyond: str = "") -> Verdict:
        """Whether the definition is true of this child, as an infant; never TRUE where it asks what no record holds."""
        if statement.rule is None or not statement.computed:
            return False
        found = all_of([self.infant, verdict(statement.rule, self.values)])
        return never_sure(found, beyond)

    def listed(self, statement: Statement, beyond: str = "") -> tuple[Reason, tuple[str, ...]] | None:
        """How a definition stands and the open facts that would tell; None where it is not listed.

        Open definitions are listed for an infant; for a child of unknown age only those true of every infant.
        """
        found = self.stands(statement, beyond)
        if found is False or statement.rule is None:
            return None
        explanation = explain(statement.rule, self.values)
        if not (self.infant or explanation.verdict or is_for_all(statement.rule)):
            return None
        return Reason(statement, explanation._replace(verdict=found)), () if found else self.waits_for(explanation)

    def waits_for(self, explanation: Explanation) -> tuple[str, ...]:
        names = open_facts(explanation, self.values)
        asks_age = self.infant is None and not any(name.startswith("age_") for name in names)
        return (*names, "age_days_at_diagnosis") if asks_age else names

    def world(self, rule: tree.Rule) -> str:
        """The only KMT2A status for which the rule could hold, where the status is not known."""
        if is_known(self.values.get("kmt2a_status")) or "kmt2a_status" not in tree.facts_of(rule):
            return ""
        could = [w for w in WORLDS if verdict(rule, {**self.values, "kmt2a_status": w}) is not False]
        return could[0] if len(could) == 1 else ""

    # -- rows ------------------------------------------------------------------------------------------------------------

    def outcome(self, outcome: Outcome) -> OutcomeMatch | None:
        rule, listed = outcome.statement.rule, self.listed(outcome.statement, outcome.beyond)
        if listed is None or rule is None:
            return None
        asks = () if is_for_all(rule) else features(rule)
        before_relapse = self.has_relapsed and "relapse_recorded" not in tree.facts_of(rule)
        return OutcomeMatch(outcome, *listed, self.world(rule), asks, before_relapse)

    def factor(self, factor: Factor) -> FactorMatch | None:
        level, listed = factor.level_statement, self.listed(factor.statement, factor.beyond)
        if listed is None or _is_of_older_children(level):
            return None
        side = ""
        if level is not None and level.rule is not None:
            side = {True: "level", False: "reference", None: "not known"}[verdict(level.rule, self.values)]
        return FactorMatch(factor, *listed, side)

    def timing(self, timing: Timing) -> TimingMatch | None:
        listed = self.listed(timing.statement, timing.beyond)
        return None if listed is None else TimingMatch(timing, *listed)

    # -- what stands beside them -----------------------------------------------------------------------------------------

    def conflicts(self, shown: Iterable[Statement]) -> tuple[Conflict, ...]:
        known = self.a.knowledge.conflicts_by_statement
        return tuple({c.id: c for s in shown for c in known.get(s.id, ())}.values())

    def left_out(self) -> tuple[tuple[str, int], ...]:
        outcomes = self.a.knowledge.evidence.outcomes
        comparators = sum(1 for o in outcomes if o.population == "comparator")
        unverified = sum(1 for o in outcomes if not o.statement.computed)
        features = sum(1 for o in outcomes if not o.section and o.statement.computed)
        return (
            ("shares of infants with a feature, which are no results", features),
            ("groups without infants, kept as comparators", comparators),
            ("figures kept from memory, not yet checked in a source", unverified),
        )

    def notices(self, rows: Sequence[OutcomeMatch]) -> list[str]:
        said = []
        if self.values.get("death_recorded") == "yes":
            said.append("Death is recorded. What follows is published knowledge about groups, not about this child.")
        if self.infant is False:
            said.append(f"Older than {INFANT_DAYS} days at diagnosis: the published infant groups do not apply.")
        if self.infant is not False:
            said += self.another_leukaemia()
        if self.infant is None:
            said.append("The age at diagnosis is not known: only what holds for all infants is listed.")
        status = self.values.get("kmt2a_status")
        if self.infant is not False and not is_known(status):
            said.append("KMT2A status is not known. What it would mean if rearranged and if germline stands apart, labelled.")
        if self.has_relapsed and self.infant is not False:
            said.append(AFTER_RELAPSE)
        if status == "not_evaluable":
            said.append("KMT2A was reported as not evaluable: groups defined by KMT2A status are not listed.")
        if self.values.get("relapse_recorded") == "no" and rows:
            said.append("No relapse is recorded, so results that ask for a relapse are not listed.")
        if any(m.verdict and m.outcome.blinatumomab == "without" for m in rows):
            said.append("Most published groups were treated without blinatumomab; each row says so.")
        return [*said, ABOUT_GROUPS] if self.infant is not False else said

    def another_leukaemia(self) -> list[str]:
        """What must be said where the record does not show acute lymphoblastic leukaemia: every group counts infants with it."""
        kind, lineage = self.values.get("leukaemia_class"), self.values.get("lineage")
        if kind == "mature_b":
            return ["The record shows mature B-cell leukaemia, which infant ALL trials exclude: these groups are not about it."]
        if self.values.get("all_established") == "no":
            return ["ALL is not established by this record. Every group here counts infants with ALL."]
        if kind == "mixed_phenotype":
            return ["The record shows mixed phenotype. Some studies counted such infants; of most it was not read."]
        if lineage == "ambiguous" and self.values.get("cd19") == "negative":
            return [
                "The record shows neither B nor T lineage: this may be another leukaemia. Every group counts infants with ALL."
            ]
        if self.values.get("all_established") != "yes":
            return ["Whether this is ALL is not shown by this record. Every group here counts infants with ALL."]
        return []


ABOUT_GROUPS = (
    "These are published groups, not this child. Studies differ in treatment, years and definitions: rows are not added up, "
    "and no single figure for one child is given."
)

AFTER_RELAPSE = (
    "A relapse is recorded. Groups after relapse stand first; all others tell what was seen from the first treatment on, "
    "not what follows a relapse."
)


def is_for_all(rule: tree.Rule) -> bool:
    """Whether the definition is true of every infant."""
    return verdict(rule, ANY_INFANT) is True


def _is_of_older_children(level: Statement | None) -> bool:
    """Whether no infant is on this side: older children against infants say nothing of one infant against another."""
    return level is not None and level.rule is not None and verdict(level.rule, ANY_INFANT) is False


_ORDER = ("kmt2a_status", "age", "lineage")


def features(rule: tree.Rule) -> tuple[str, ...]:
    """What a definition asks about, KMT2A and age first; the two forms of age are one, events are none.

    What is true of every infant makes a definition no nearer, nor does what it only leaves out.
    """
    parts = rule.terms if isinstance(rule, tree.And) else (rule,)
    asked = (part for part in parts if not isinstance(part, tree.Not) and not is_for_all(part))
    names = ("age" if name.startswith("age_") else name for part in asked for name in tree.facts_of(part))
    found = dict.fromkeys(name for name in names if not name.endswith("_recorded"))
    return tuple(sorted(found, key=lambda name: _ORDER.index(name) if name in _ORDER else len(_ORDER)))


def _nearness(match: OutcomeMatch) -> tuple[object, ...]:
    """What follows a relapse, if any; sure before open; what asks most; KMT2A, age; blinatumomab and large groups first."""
    outcome = match.outcome
    ranks = [_ORDER.index(name) for name in match.asks if name in _ORDER]
    return (
        match.before_relapse,
        match.verdict is not True,
        len(match.waits_for),
        match.world != "rearranged" if match.world else False,
        -len(match.asks),
        min(ranks, default=len(_ORDER)),
        outcome.blinatumomab != "with",
        -(outcome.n or 0),
        outcome.statement.id,
    )
