"""The protocols as HTML: one table for all, then for each its criteria, rules, later moves and explanation trees."""

from __future__ import annotations

from infantall.care.result import CriterionResult, Move, ProtocolResult
from infantall.rules.interpret import Verdict

from . import decisions, words
from .explanations import Explainer, verdict
from .markup import Content, Safe, details, items, join, pairs, table, tag

_STANDING: dict[str, Verdict] = {decisions.APPLIES: True, decisions.NOT: False}
_ELIGIBLE: dict[str, Verdict] = {"yes": True, "no": False, "undetermined": None}


def protocols_section(explainer: Explainer, level: int) -> Safe:
    """The table, a caution on what "eligible" covers, and each protocol in a part that opens and closes."""
    a = explainer.a
    ordered = sorted(a.protocols, key=lambda r: not r.protocol.stratified)
    rows = [
        (
            join(tag("a", r.protocol.title, href=f"#{explainer.prefix}{r.protocol.id}")),
            verdict(_ELIGIBLE[r.eligible], words.ANSWER[r.eligible]),
            tag("span", decisions.group_words(r), class_="group"),
            decisions.why_words(a, r),
        )
        for r in ordered
    ]
    caution = (
        "Eligible “yes” covers only the criteria that a record can show. Criteria marked “to confirm” are the team's. "
        "“Not covered” means that no source read says which group such a child joins."
    )
    return join(
        tag(
            "div",
            table("Eligibility and risk group under every protocol known here", ("Protocol", "Eligible", "Group", "Why"), *rows),
            class_="protocols",
        ),
        tag("p", caution),
        *(_protocol(explainer, result, level + 1) for result in ordered),
    )


def _protocol(explainer: Explainer, result: ProtocolResult, level: int) -> Safe:
    protocol = result.protocol
    group = f"group: {decisions.group_words(result)}" if protocol.stratified else "assigns no groups"
    summary = join(protocol.title, f": eligible {words.ANSWER[result.eligible]}; {group}")
    about = [
        ("Trial", protocol.full_title),
        ("Registry", "; ".join(protocol.registry)),
        ("Years", protocol.years),
        ("Where", protocol.region),
        ("Sources", explainer.cite(protocol.citations)),
    ]
    criteria = [criterion_row(explainer, criterion) for criterion in result.criteria]
    parts: list[Content] = [
        pairs(*((label, value) for label, value in about if value)),
        table(f"Eligibility for {protocol.title}", ("Criterion", "Verdict", "Why"), *criteria),
    ]
    if protocol.stratified and result.eligible != "no":
        rules = [_rule(explainer, standing) for standing in decisions.standings(result.reasons)]
        parts += [_heading("Risk groups: the first rule that applies decides", level), items("ol", *rules, class_="rules")]
    moves = [_move(explainer, move) for move in result.moves] if result.eligible != "no" else []
    if moves:
        parts += [_heading("Later moves, apart from the group", level), items("ul", *moves)]
    conflicts = explainer.differ(decisions.relevant_conflicts(explainer.a, result))
    if conflicts:
        parts += [_heading("Where sources differ", level), conflicts]
    return details(summary, *parts, id=f"{explainer.prefix}{protocol.id}", class_="protocol")


def _heading(text: str, level: int) -> Safe:
    return tag(f"h{min(level, 6)}", text)


def criterion_row(explainer: Explainer, criterion: CriterionResult) -> tuple[Content, Content, Content]:
    """A criterion, whether it is met, and why: a row of a table."""
    statement = criterion.statement
    label = join(statement.label, " ", explainer.meta(statement))
    note = tag("span", f"Note: {statement.note}", class_="meta") if statement.note else None
    if criterion.reason is None:
        return label, verdict(None, "to confirm"), join("Not judged here. ", note)
    kind = "Excluded if" if statement.effect == "exclude" else "Required"
    word = {True: "yes", False: "no", None: "not known"}[criterion.reason.verdict]
    return label, verdict(criterion.met), join(note, explainer.why(criterion.reason, kind, word))


def _rule(explainer: Explainer, standing: decisions.Standing) -> Safe:
    reason = standing.reason
    mark = verdict(_STANDING.get(standing.word), standing.word, "–" if standing.word == decisions.PASSED else "")
    head = join(tag("strong", words.outcome(standing.gives)), " ", mark, ". ")
    miss = None
    if standing.word == decisions.NOT:
        needed = "; ".join(
            f"{decisions.leaf_words(explainer.a, leaf)} (here {', '.join(words.known(explainer.a, f) for f in leaf.facts)})"
            for leaf in decisions.nearest_miss(reason.explanation)
        )
        miss = tag("p", f"It would need: {needed}.")
    elif standing.word == decisions.OPEN:
        waits = [explainer.a.label(f) for f in decisions.deciding_facts(reason.explanation)]
        miss = tag("p", f"Waits for {words.listed(waits)}.")
    tree = explainer.why(reason, "Its condition is") if reason.explanation.parts else None
    if tree is None and standing.word == decisions.APPLIES:
        tree = explainer.because(reason)
    return join(explainer.statement(reason.statement, head), miss, tree)


def _move(explainer: Explainer, move: Move) -> Safe:
    word = {True: "applies", False: "does not apply", None: "not known yet"}[move.verdict]
    head = join("To ", tag("strong", move.reason.statement.gives), " ", verdict(move.verdict, word), ". ")
    return join(explainer.statement(move.reason.statement, head), explainer.why(move.reason, "The condition is"))
