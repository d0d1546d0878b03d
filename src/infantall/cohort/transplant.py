"""Transplant compared fairly: each infant is counted where it then is, or at a landmark; ever against never only beside it.

The rules about the day of transplant are those of ``survival.transplant``: none, or after follow-up: never transplanted; on the
day follow-up ends: not transplanted until then; on day 0: from the start. Here the engine cuts the rows, so that a table of any
size is compared.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from infantall.cohort.counting import life_table_of
from infantall.cohort.curve_results import curve_result, group_test_result
from infantall.cohort.results import CurveResult, ModelResult, TestResult, TransplantResult
from infantall.cohort.survival.errors import StatisticsError
from infantall.cohort.survival.kaplan_meier import kaplan_meier
from infantall.cohort.survival.life_table import LifeTable
from infantall.cohort.survival.log_rank import log_rank
from infantall.cohort.survival.transplant import NOT_TRANSPLANTED, TRANSPLANTED
from infantall.rules.sql import literal, quoted
from infantall.text.problems import InputError

if TYPE_CHECKING:
    from infantall.cohort.question import Question
    from infantall.cohort.tables import CohortTable

STATE, BEGIN, END, HAPPENED, AFTER = "transplant_state", "piece_begin", "piece_end", "piece_event", "transplanted"
BIASED = "biased: the transplanted had to live until transplant (immortal time)"


def compared_fairly(table: CohortTable, relation: str, event: str, question: Question) -> TransplantResult:
    """Mantel–Byar, Simon–Makuch, landmark, time-dependent Cox, and the naive comparison labelled as biased."""
    return _Comparison(table, relation, event, question).result()


class _Comparison:
    def __init__(self, table: CohortTable, relation: str, event: str, question: Question) -> None:
        assert question.transplant is not None
        self.table, self.engine, self.q = table, table.engine, question
        self.relation, self.event_name = relation, event
        self.time, self.event, self.day = quoted(question.time), quoted(event), quoted(question.transplant)
        self.notices: list[str] = []
        self.tests: list[TestResult] = []

    def view(self, word: str, sql: str) -> str:
        name = self.engine.new_name(word)
        self.engine.create_view(name, sql)
        return name

    def result(self) -> TransplantResult:
        moved, late, same, at_zero = self.counted()
        if late:
            self.notices.append(f"{late:,} transplants lie after the end of follow-up and are not counted.")
        if same:
            self.notices.append(f"{same:,} transplants fall on the day follow-up ends; those infants count as not transplanted.")
        if not moved:
            self.notices.append("No infant has time after transplant: there is nothing to compare.")
            return TransplantResult(0, (), self.q.landmark, (), (), (), None, None, tuple(self.notices))
        pieces = self.pieces(starts_before=bool(at_zero))
        simon_makuch = self.states(pieces)
        landmark = self.landmark() if self.q.landmark is not None else ()
        if self.q.landmark is None:
            self.notices.append("No landmark was declared (--landmark), so none is shown.")
        naive, naive_cox = self.naive()
        return TransplantResult(
            n_transplanted=moved,
            simon_makuch=simon_makuch,
            landmark_day=self.q.landmark,
            landmark=landmark,
            naive=naive,
            tests=tuple(self.tests),
            time_dependent_cox=self.cox(pieces, END, HAPPENED, BEGIN),
            naive_cox=naive_cox,
            notices=tuple(self.notices),
        )

    def counted(self) -> tuple[int, int, int, int]:
        """Infants with time after transplant; transplants after follow-up; on its last day; follow-up that ends on day 0."""
        conditions = (f"{self.day} < {self.time}", f"{self.day} > {self.time}", f"{self.day} = {self.time}", f"{self.time} = 0")
        sums = ", ".join(f"coalesce(sum(CASE WHEN {condition} THEN 1 ELSE 0 END), 0)" for condition in conditions)
        ((moved, late, same, at_zero),) = self.engine.rows(f"SELECT {sums} FROM {self.relation}")
        return int(moved), int(late), int(same), int(at_zero)

    def pieces(self, *, starts_before: bool) -> str:
        """Follow-up cut at transplant, one row a piece: at risk at t where begin < t <= end.

        Where somebody's follow-up ends on day 0 all begin just before it, at -1, so that all are at risk on that day.
        """
        start = "-1e0" if starts_before else "0e0"
        begin = quoted(self.q.entry) if self.q.entry else start
        after = f"CASE WHEN {self.day} > {begin} THEN {self.day} ELSE {begin} END"
        first_end = f"CASE WHEN {self.day} < {self.time} THEN {self.day} ELSE {self.time} END"
        first_event = f"CASE WHEN {self.day} < {self.time} THEN 0e0 ELSE {self.event} END"
        waits = f"coalesce({self.day} > {begin} AND ({self.day} > 0e0 OR {self.day} >= {self.time}), TRUE)"
        moved_at = f"CASE WHEN {self.day} = 0e0 THEN {begin} ELSE {after} END"

        def piece(begins: str, ends: str, happened: str, is_after: int, condition: str) -> str:
            state = literal(TRANSPLANTED if is_after else NOT_TRANSPLANTED)
            added = f"{begins} AS {BEGIN}, {ends} AS {END}, {happened} AS {HAPPENED}, {is_after}e0 AS {AFTER}, {state} AS {STATE}"
            return f"SELECT *, {added} FROM {self.relation} WHERE {condition}"

        before = piece(begin, first_end, first_event, 0, waits)
        later = piece(moved_at, self.time, self.event, 1, f"{self.day} < {self.time}")
        return self.view("pieces", f"{before} UNION ALL {later}")

    def states(self, pieces: str) -> tuple[CurveResult, ...]:
        life = life_table_of(self.engine, pieces, END, HAPPENED, STATE, None, BEGIN)
        done = log_rank(life)
        observed, expected = float(done.observed[1]), float(done.expected[1])
        note = f"events after transplant: {observed:.0f} observed, {expected:.1f} expected"
        self.tests.append(
            TestResult("mantel-byar", done.statistic, done.df, done.p, "", "; ".join(filter(None, (note, done.note))))
        )
        return self.curves(life, ("not transplanted", "transplanted"))

    def curves(self, life: LifeTable, names: tuple[str, str]) -> tuple[CurveResult, ...]:
        """The two curves, named; the labels in the table sort the transplanted last."""
        found = kaplan_meier(life, scale=self.q.interval, confidence=self.q.confidence)
        for curve in found:
            self.notices += curve.notices
        return tuple(replace(curve_result(c, at=self.q.at), group=name) for c, name in zip(found, names, strict=True))

    def landmark(self) -> tuple[CurveResult, ...]:
        day = literal(float(self.q.landmark or 0.0))
        state = f"CASE WHEN {self.day} <= {day} THEN {literal(TRANSPLANTED)} ELSE {literal(NOT_TRANSPLANTED)} END AS {STATE}"
        rows = self.view("landmark", f"SELECT *, {state} FROM {self.relation} WHERE {self.time} > {day}")
        happened = f"coalesce(sum(CASE WHEN {self.event} > 0 THEN 1 ELSE 0 END), 0)"
        ((events, left),) = self.engine.rows(f"SELECT {happened}, count(*) FROM {self.relation} WHERE {self.time} <= {day}")
        ((later,),) = self.engine.rows(f"SELECT count(*) FROM {rows} WHERE {self.day} > {day} AND {self.day} <= {self.time}")
        self.notices.append(
            f"Landmark {self.q.landmark:g}: {int(events):,} infants with an event by then and {int(left) - int(events):,} no "
            f"longer followed are left out; {int(later):,} transplanted later count as not transplanted."
        )
        ((groups,),) = self.engine.rows(f"SELECT count(DISTINCT {STATE}) FROM {rows}")
        if int(groups) < 2:
            self.notices.append(
                "At the landmark all infants are in one group: choose another day, for a reason that is not the result."
            )
            return ()
        life = life_table_of(self.engine, rows, self.q.time, self.event_name, STATE, None, self.q.entry)
        done = log_rank(life)
        self.tests.append(group_test_result("landmark log-rank", done))
        by = f"by {self.q.unit[:-1]} {self.q.landmark:g}"
        return self.curves(life, (f"not transplanted {by}", f"transplanted {by}"))

    def naive(self) -> tuple[tuple[CurveResult, ...], ModelResult | None]:
        ever = f"coalesce({self.day} <= {self.time}, FALSE)"
        state = f"CASE WHEN {ever} THEN {literal(TRANSPLANTED)} ELSE {literal(NOT_TRANSPLANTED)} END AS {STATE}"
        rows = self.view("naive", f"SELECT *, CASE WHEN {ever} THEN 1e0 ELSE 0e0 END AS {AFTER}, {state} FROM {self.relation}")
        ((groups,),) = self.engine.rows(f"SELECT count(DISTINCT {STATE}) FROM {rows}")
        if int(groups) < 2:
            return (), None
        life = life_table_of(self.engine, rows, self.q.time, self.event_name, STATE, None, self.q.entry)
        done = log_rank(life)
        self.tests.append(TestResult("ever against never log-rank", done.statistic, done.df, done.p, "", BIASED))
        return self.curves(life, ("never", "ever")), self.cox(rows, self.q.time, self.event_name, self.q.entry)

    def cox(self, rows: str, time: str, event: str, entry: str | None) -> ModelResult | None:
        """Cox regression on transplant alone, any event; None where it cannot be estimated, and a notice says why."""
        from infantall.cohort.regressions import fitted
        from infantall.cohort.tables import Column

        columns = {**self.table.columns, **{n: Column(n, "number", None) for n in (BEGIN, END, HAPPENED, AFTER)}}
        asked = replace(self.q, time=time, event=event, covariates=(AFTER,), model="cox", ties="efron", entry=entry)
        any_event = self.view(
            "any_event", f"SELECT *, CASE WHEN {quoted(event)} > 0 THEN 1e0 ELSE 0e0 END AS any_event FROM {rows}"
        )
        columns["any_event"] = Column("any_event", "number", None)
        try:
            return fitted(replace(self.table, columns=columns), any_event, "any_event", asked, 1, "")
        except (InputError, StatisticsError) as error:
            self.notices.append(f"Cox regression on transplant: {error}")
            return None
