"""``infantall cohort survival``: which rows, which counts, which methods; the statistics are in ``survival``.

Nothing larger than the distinct times leaves the engine for curves and tests. A regression reads its columns into memory where
they fit (``ROWS_IN_MEMORY``) and otherwise has the engine add up what it needs, time by time; the answers are the same.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from infantall.cohort.causes import EventColumn, event_column
from infantall.cohort.counting import life_table_of
from infantall.cohort.covariates import levels_of, with_factors
from infantall.cohort.curve_results import curve_result, group_test_result, label
from infantall.cohort.quality import quality, roles_of, usable_sql
from infantall.cohort.question import Question
from infantall.cohort.regressions import fitted
from infantall.cohort.results import CurveResult, ModelResult, SurvivalResult, TestResult
from infantall.cohort.survival.cumulative_incidence import cumulative_incidence, gray_test
from infantall.cohort.survival.curves import Curve
from infantall.cohort.survival.errors import StatisticsError
from infantall.cohort.survival.kaplan_meier import kaplan_meier
from infantall.cohort.survival.life_table import LifeTable
from infantall.cohort.survival.log_rank import GroupTest, log_rank
from infantall.cohort.survival.multiplicity import benjamini_hochberg, hochberg, holm
from infantall.cohort.survival.restricted_mean import mean_difference
from infantall.cohort.transplant import compared_fairly
from infantall.rules.sql import quoted
from infantall.text.problems import InputError, Problem

if TYPE_CHECKING:
    from infantall.cohort.tables import CohortTable

MAX_GROUPS = 20
CORRECTIONS = {"holm": holm, "hochberg": hochberg, "benjamini-hochberg": benjamini_hochberg}


def survival(table: CohortTable, question: Question) -> SurvivalResult:
    """Everything that was asked, the data's own faults first.

    Raises:
        InputError: a column that the table does not have, or that cannot play its part; nobody left to analyse.
    """
    try:
        return _Analysis(table, question).result()
    except StatisticsError as error:
        raise InputError([Problem("the analysis", str(error), "data that answer the question", table.name)]) from None


class _Analysis:
    def __init__(self, table: CohortTable, question: Question) -> None:
        self.q = question
        self.notices: list[str] = []
        self.methods: list[str] = []
        self.check_options()
        table = with_factors(table, question.covariates)
        self.roles = roles_of(
            table,
            **{
                k: v
                for k in ("time", "event", "entry", "transplant", "by", "strata", "landmark")
                if (v := getattr(question, k)) is not None
            },
            covariates=tuple(question.covariates),
            time_unit=question.unit if question.unit != "weeks" else "",
        )
        self.events: EventColumn = event_column(table, question.event)
        self.table = self.events.table
        self.roles = replace(self.roles, event=self.events.column)
        self.quality = quality(self.table, self.roles)
        self.relation = self.usable()
        self.check_groups()

    def check_options(self) -> None:
        """Options that only make sense together."""
        q = self.q
        wrong = []
        if q.covariates and not q.model:
            wrong.append(Problem("--covariates", "terms without a regression", "--model cox or --model finegray as well"))
        if q.model and not q.terms:
            wrong.append(Problem("--model", "a regression without terms", "--covariates, or groups with --by"))
        if q.landmark is not None and not q.transplant:
            wrong.append(Problem("--landmark", "a landmark without transplants", "--transplant as well"))
        if q.model == "finegray" and (q.entry or q.strata):
            wrong.append(Problem("--model", "finegray with --entry or --strata", "Fine–Gray without left truncation and strata"))
        if wrong:
            raise InputError(wrong)

    def usable(self) -> str:
        """A relation of the rows that can be analysed."""
        view = self.table.engine.new_name("analysed")
        condition = usable_sql(self.table, self.roles)
        self.table.engine.create_view(view, f"SELECT * FROM {self.table.relation} WHERE {condition}")
        ((n,),) = self.table.engine.rows(f"SELECT count(*) FROM {view}")
        self.n = int(n)
        if not self.n:
            found = f"none of {self.table.rows:,} rows with a usable {self.q.time} and {self.q.event}"
            reasons = "; ".join(finding.says for finding in self.quality.findings if finding.severity == "error")
            raise InputError([Problem("the rows", found, f"at least one row to analyse. {reasons}".strip(), self.table.name)])
        return view

    def check_groups(self) -> None:
        for name, option in ((self.q.by, "--by"), (self.q.strata, "--strata")):
            if name is None:
                continue
            ((number,),) = self.table.engine.rows(f"SELECT count(DISTINCT {quoted(name)}) FROM {self.relation}")
            if int(number) > MAX_GROUPS:
                found = f"the column {name} with {int(number):,} different values"
                raise InputError([Problem(option, found, f"at most {MAX_GROUPS} groups", self.table.name)])

    # -- the answer ------------------------------------------------------------------------------------------------------

    def result(self) -> SurvivalResult:
        q = self.q
        life = life_table_of(self.table.engine, self.relation, q.time, self.events.column, q.by, q.strata, q.entry)
        curves = kaplan_meier(life, scale=q.interval, confidence=q.confidence)
        self.method(f"Survival: Kaplan–Meier, Greenwood's standard error, {q.confidence:.0%} {q.interval} intervals.")
        if self.events.says:
            self.method(self.events.says)
        incidence = self.incidence(life)
        tests = [*self.tests(life), *self.restricted_means(curves)]
        models = self.models()
        transplant = None
        if q.transplant:
            transplant = compared_fairly(self.table, self.relation, self.events.column, q)
            self.notices += transplant.notices
            tests_run = [*tests, *(t for t in transplant.tests if not t.note.startswith("biased"))]
        else:
            tests_run = tests
        corrected = self.corrected(tests_run)
        own, others = corrected[: len(tests)], corrected[len(tests) :]
        if transplant is not None:
            biased = tuple(t for t in transplant.tests if t.note.startswith("biased"))
            transplant = replace(transplant, tests=(*others, *biased))
        return SurvivalResult(
            table=self.table.name,
            time=q.time,
            event=q.event,
            by=q.by or "",
            n=self.n,
            left_out=self.table.rows - self.n,
            causes={str(number): name for number, name in self.events.causes.items()},
            survival=tuple(self.ordered(map(self.curve, curves))),
            incidence=incidence,
            tests=tuple(own),
            models=models,
            transplant=transplant,
            quality=self.quality,
            methods=tuple(dict.fromkeys(self.methods)),
            notices=tuple(dict.fromkeys(self.notices)),
            simulated=self.table.simulated,
            unit=q.unit,
            confidence=q.confidence,
            correction=q.correction or "",
        )

    def method(self, says: str) -> None:
        self.methods.append(says)

    def curve(self, curve: Curve) -> CurveResult:
        self.notices += curve.notices
        result = curve_result(curve, at=self.q.at, rmst_until=self.q.rmst)
        if result.rmst is not None and math.isnan(result.rmst[0]):
            self.notices.append(f"{result.group} is not followed to {self.q.rmst:g}: no restricted mean up to there.")
        return result

    def ordered(self, curves: Iterable[CurveResult]) -> list[CurveResult]:
        """Groups of a fact in the vocabulary's order, others as they are."""
        found = list(curves)
        if self.q.by is None:
            return found
        order = (
            {str(word): i for i, word in enumerate(levels_of(self.table, self.relation, self.q.by, self.q.order))}
            if self.is_words
            else {}
        )
        return sorted(found, key=lambda c: order.get(c.group, len(order)))

    @property
    def is_words(self) -> bool:
        return self.q.by is not None and self.table.columns[self.q.by].kind == "text"

    def incidence(self, life: LifeTable) -> tuple[CurveResult, ...]:
        if len(life.causes) < 2:
            return ()
        self.method(
            "Cumulative incidence: Aalen–Johansen, variance as R's cmprsk, log–log intervals. "
            "One minus Kaplan–Meier would overstate it."
        )
        found: list[CurveResult] = []
        for cause in life.causes:
            found += self.ordered(
                curve_result(curve, at=self.q.at) for curve in cumulative_incidence(life, cause, confidence=self.q.confidence)
            )
        return tuple(found)

    def tests(self, life: LifeTable) -> list[TestResult]:
        if len(life.groups) < 2:
            return []
        q, found = self.q, []
        stratified = f", stratified by {q.strata}" if q.strata else ""
        found.append(self.test("log-rank", None, log_rank(life)))
        self.method(f"Survival of the groups: log-rank test{stratified}.")
        if len(life.causes) > 1 and q.entry is None:
            self.method(f"Incidence of the groups, cause by cause: Gray's test{stratified}.")
            for cause in life.causes:
                found.append(self.test("gray", cause, gray_test(life, cause)))
        if len(life.causes) > 1 and q.entry is not None:
            self.method("Gray's test is not made with left truncation; the cause-specific log-rank tests stand instead.")
            for cause in life.causes:
                found.append(self.test("log-rank", cause, log_rank(life, cause=cause)))
        return found

    def test(self, name: str, cause: int | None, done: GroupTest) -> TestResult:
        found = group_test_result(name, done, cause=cause)
        if self.q.strata:
            return replace(found, note="; ".join(part for part in (found.note, f"stratified by {self.q.strata}") if part))
        return found

    def restricted_means(self, curves: Sequence[Curve]) -> list[TestResult]:
        """The difference of two groups' restricted means as a test; of more groups the means are only shown."""
        if self.q.rmst is None:
            return []
        self.method(f"Restricted mean survival: the area under the curve up to {self.q.rmst:g} {self.q.unit}.")
        if len(curves) != 2:
            return []
        try:
            between = mean_difference(curves[0], curves[1], self.q.rmst, confidence=self.q.confidence)
        except StatisticsError:
            return []  # each group's own notice says why
        first, second = (label(group) for group in between.groups)
        note = f"{second} less {first}: {between.difference:.4g} {self.q.unit} ({between.low:.4g} to {between.high:.4g})"
        return [TestResult("restricted mean", between.z**2, 1, between.p, "", note)]

    def models(self) -> tuple[ModelResult, ...]:
        q = self.q
        if q.model is None:
            return ()
        causes = tuple(self.events.causes) or (1,)
        if q.model == "cox":
            self.method(f"Regression: Cox, {q.ties} ties" + (f", stratified by {q.strata}" if q.strata else "") + ".")
            self.method(
                "Proportional hazards: score test of a time-varying effect, time on the Kaplan–Meier scale (R's cox.zph)."
            )
            if len(causes) > 1:
                self.method("With several causes each has its own Cox regression (cause-specific hazards: why).")
        else:
            self.method(
                "Regression: Fine–Gray for each cause, robust variance as R's cmprsk (subdistribution hazards: how many)."
            )
        return tuple(
            fitted(self.table, self.relation, self.events.column, q, cause, "" if len(causes) == 1 else str(cause))
            for cause in causes
        )

    def corrected(self, tests: Sequence[TestResult]) -> list[TestResult]:
        if self.q.correction is None:
            return list(tests)
        made = [i for i, test in enumerate(tests) if not math.isnan(test.p)]
        values = CORRECTIONS[self.q.correction]([tests[i].p for i in made])
        found = list(tests)
        for i, value in zip(made, values, strict=True):
            found[i] = replace(tests[i], adjusted_p=float(value))
        return found
