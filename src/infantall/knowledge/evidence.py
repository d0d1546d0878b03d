"""The published evidence as objects: outcomes, prognostic factors, timing, newer therapies, trials, and what is not known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from .library import Statement


class Endpoint(NamedTuple):
    """A kind of result: its label, and the section of an outlook it belongs to; empty where it is no result of an infant."""

    label: str
    section: str


SECTIONS = {
    "events": "Alive without an event (event-free, disease-free and relapse-free survival)",
    "survival": "Alive (overall survival)",
    "relapse": "Relapse",
    "death_in_remission": "Death in remission",
    "early": "The first weeks: remission and early death",
    "course": "Other results: early response, transplant, what was reached",
}
"""The sections of an outlook, in order. Results of different sections are never put into one figure."""

ENDPOINTS = {
    "EFS": Endpoint("event-free survival", "events"),
    "DFS": Endpoint("disease-free survival", "events"),
    "RFS": Endpoint("relapse-free survival", "events"),
    "OS": Endpoint("overall survival", "survival"),
    "relative_survival": Endpoint("relative survival", "survival"),
    "alive": Endpoint("alive at last follow-up", "survival"),
    "CIR": Endpoint("cumulative incidence of relapse", "relapse"),
    "relapse": Endpoint("relapsed (share of infants)", "relapse"),
    "relapse_after_transplant": Endpoint("relapsed after transplant (share of infants)", "relapse"),
    "NRM": Endpoint("death without relapse (cumulative incidence)", "death_in_remission"),
    "death_in_remission": Endpoint("died in remission (share of infants)", "death_in_remission"),
    "infection_death": Endpoint("died of infection after induction (share of infants)", "death_in_remission"),
    "remission": Endpoint("reached remission", "early"),
    "no_remission": Endpoint("alive without remission at the end of induction", "early"),
    "induction_failure": Endpoint("induction failure, as the paper counts it", "early"),
    "induction_death": Endpoint("died in induction", "early"),
    "early_death": Endpoint("died within 90 days", "early"),
    "in_remission": Endpoint("alive in remission at last follow-up", "course"),
    "poor_response": Endpoint("poor prednisone response", "course"),
    "mrd_negative": Endpoint("MRD negative", "course"),
    "mrd_low": Endpoint("MRD low", "course"),
    "transplant": Endpoint("had a transplant", "course"),
    "curative_intent": Endpoint("treated with curative intent", "course"),
    "infused": Endpoint("received the cells", "course"),
    "dose_limiting_toxicity": Endpoint("dose-limiting toxicity", "course"),
    "acute_gvhd": Endpoint("acute graft-versus-host disease, grade III to IV", "course"),
    "relapse_timing": Endpoint("share of relapses within a time", "course"),
    "subgroup_share": Endpoint("share of infants with a feature", ""),
}

BLINATUMOMAB = {
    "with": "with blinatumomab",
    "without": "without blinatumomab",
    "mixed": "some with blinatumomab",
    "not_stated": "blinatumomab not stated",
}
"""Whether a group was treated with it, in words."""

FACTORS = {
    "kmt2a": "KMT2A status",
    "kmt2a_partner": "KMT2A partner gene",
    "age": "Age at diagnosis",
    "wbc": "White cell count at diagnosis",
    "cns": "CNS disease",
    "cd10": "CD10",
    "prednisone_response": "Prednisone response",
    "mrd": "Minimal residual disease (MRD)",
    "sex": "Sex",
    "ras": "RAS mutation",
    "induction_failure": "Induction failure",
    "transplant": "Transplant in first remission",
    "transplant_after_relapse": "Transplant after relapse",
    "consolidation": "Kind of consolidation",
    "flt3_inhibition": "FLT3 inhibition",
    "time_to_relapse": "Time to relapse",
    "relapse_site": "Site of relapse",
    "lineage_switch": "Lineage switch after CAR-T",
}


@dataclass(frozen=True, slots=True)
class Study:
    """What is said once about a study: years, countries, treatment, and whether it had blinatumomab."""

    id: str
    title: str
    era: str
    countries: str
    treatment: str
    blinatumomab: str
    note: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one published subgroup, at one time.

    Attributes:
        statement: the subgroup's definition as its rule, and who says so.
        study_facts: years, countries, treatment of the study; ``treatment`` and ``blinatumomab`` are the row's own.
        subgroup: the definition in the paper's terms.
        population: ``infants``, ``wider`` (older children counted too), ``mixed`` (ALL with other leukaemias), ``comparator``.
        beyond: what the definition asks that no record holds.
        n: infants in the subgroup; None where not read. ``count``: how many of them, where printed.
        endpoint: a name of :data:`ENDPOINTS`.
        clock: what time zero is: diagnosis, remission, randomisation, transplant, infusion, relapse, not_stated.
        time_years: None for a share without a time, or where the source gives none.
        estimate_pct: per cent, as printed.
        printed: the spread in the paper's own terms, or empty; ``se_pct`` or ``ci_pct`` where it is a standard error or interval.
        part_of: subgroups of one study with the same text here divide its infants without overlap.
    """

    statement: Statement
    study_facts: Study
    subgroup: str
    population: str
    beyond: str
    n: int | None
    count: int | None
    endpoint: str
    clock: str
    time_years: float | None
    estimate_pct: float
    se_pct: float | None
    ci_pct: tuple[float, float] | None
    printed: str
    part_of: str
    treatment: str
    blinatumomab: str

    @property
    def study(self) -> str:
        return self.study_facts.id

    @property
    def title(self) -> str:
        return self.study_facts.title

    @property
    def era(self) -> str:
        return self.study_facts.era

    @property
    def countries(self) -> str:
        return self.study_facts.countries

    @property
    def note(self) -> str:
        return self.study_facts.note

    @property
    def treatment_said(self) -> str:
        """The treatment, and whether it had blinatumomab."""
        return f"{self.treatment}; {BLINATUMOMAB[self.blinatumomab]}"

    @property
    def section(self) -> str:
        """The section of an outlook: a key of :data:`SECTIONS`; empty for what describes a group and is no result."""
        return ENDPOINTS[self.endpoint].section


@dataclass(frozen=True, slots=True)
class Factor:
    """What one study found about one prognostic factor: ``level`` against ``reference``.

    Attributes:
        statement: whom the finding is about, as its rule.
        level: a statement of the same source whose rule says which children are on the side of the level; None without one.
        direction: of the level: ``worse``, ``better``, ``no_difference``, ``not_stated``.
        ci: the printed interval of the hazard ratio, at ``ci_level`` per cent.
        p: as printed.
    """

    statement: Statement
    level_statement: Statement | None
    study_facts: Study
    factor: str
    level: str
    reference: str
    direction: str
    outcome: str
    model: str
    hr: float | None
    ci: tuple[float, float] | None
    ci_level: int
    p: str
    n: int | None
    population: str
    beyond: str
    caution: str


@dataclass(frozen=True, slots=True)
class Timing:
    """When or how often something happened, as printed."""

    statement: Statement
    study: str
    group: str
    quantity: str
    printed: str
    value: float | None
    unit: str
    population: str
    beyond: str


@dataclass(frozen=True, slots=True)
class TherapyPart:
    """One thing known about a therapy. ``part``: what, evidence, label, standing, harm, unknown. ``as_of``: ISO date or empty.

    ``beyond``: what must hold beyond its rule that no record shows.
    """

    statement: Statement
    part: str
    beyond: str
    region: str
    as_of: str
    n: int | None


@dataclass(frozen=True, slots=True)
class Therapy:
    """A newer therapy."""

    id: str
    title: str
    sort: str
    parts: tuple[TherapyPart, ...]


@dataclass(frozen=True, slots=True)
class Trial:
    """A trial as a registry page showed it on a day. ``criteria`` are those of the protocol where it names one."""

    id: str
    title: str
    full_title: str
    registry: tuple[str, ...]
    phase: str
    line: str
    intervention: str
    planned: int | None
    status: str
    status_said: str
    status_on: str
    countries: tuple[str, ...]
    sites: str
    protocol: str
    about: str
    statement: Statement
    criteria: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that is not known or was not read. ``kind``: not_known, not_found, not_read."""

    id: str
    title: str
    kind: str
    topic: str
    statement: Statement
    would_help: str


@dataclass(frozen=True, slots=True)
class NotLoaded:
    """Rows of an evidence table that are not held, and why."""

    table: str
    rows: tuple[int, ...]
    what: str
    reason: str


@dataclass(frozen=True)
class Evidence:
    """Everything published that is not a rule of a protocol or a judgement."""

    outcomes: tuple[Outcome, ...]
    factors: tuple[Factor, ...]
    timing: tuple[Timing, ...]
    timing_titles: Mapping[str, str]
    therapies: tuple[Therapy, ...]
    trials: tuple[Trial, ...]
    gaps: tuple[Gap, ...]
    not_loaded: tuple[NotLoaded, ...]

    @property
    def statements(self) -> tuple[Statement, ...]:
        """Every statement, each once: a trial's criteria that belong to its protocol stand there."""
        return (
            *(o.statement for o in self.outcomes),
            *(f.statement for f in self.factors),
            *(t.statement for t in self.timing),
            *(p.statement for therapy in self.therapies for p in therapy.parts),
            *(s for t in self.trials for s in (t.statement, *(() if t.protocol else t.criteria))),
            *(g.statement for g in self.gaps),
        )
