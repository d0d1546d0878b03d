"""An ordered set never says less than the truth: possible outcomes are those of the completions, settling sets settle."""

from __future__ import annotations

from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from helpers.rules import CATEGORIES, NUMBERS, OTHERWISE, Source, completions, first_true, ordered_sets, partials, random_known
from infantall.facts.values import Choice, Interval, is_known
from infantall.rules.diagram import Diagram, build
from infantall.rules.ordered import answers, open_facts, possible_outcomes, settling_sets


def diagram_of(ordered: Any) -> Diagram:
    return build(ordered, CATEGORIES, OTHERWISE)


@given(ordered_sets(), partials())
def test_possible_outcomes_are_exactly_those_of_the_completions(ordered: Any, values: Any) -> None:
    diagram = diagram_of(ordered)
    assert set(possible_outcomes(diagram, values)) == {first_true(ordered, child) for child in completions(diagram, values)}


@given(ordered_sets(several_facts=True), partials(), st.data())
def test_possible_outcomes_hold_every_completion_also_of_rules_over_several_facts(ordered: Any, values: Any, data: Any) -> None:
    diagram = diagram_of(ordered)
    child = fill(values, Source(data.draw))
    try:
        outcome = first_true(ordered, child)
    except ZeroDivisionError:
        assume(False)
        return
    assert outcome in possible_outcomes(diagram, values)


def fill(values: Any, source: Source, only: Any = None) -> dict[str, Any]:
    """One completion: every open fact (or only these) gets a value that what is known allows."""
    child = dict(values)
    for name in (*NUMBERS, *CATEGORIES):
        value = values.get(name)
        if is_known(value) or (only is not None and name not in only):
            continue
        if isinstance(value, Interval):
            child[name] = source.pick([value.low, value.high])
        elif isinstance(value, Choice):
            child[name] = source.pick(sorted(value.values))
        else:
            child[name] = random_known(source, name)
    return child


@given(ordered_sets(), partials(), st.data())
def test_a_settling_set_once_filled_in_settles(ordered: Any, values: Any, data: Any) -> None:
    diagram = diagram_of(ordered)
    for facts in settling_sets(diagram, values):
        filled = fill(values, Source(data.draw), only=set(facts))
        assert len(possible_outcomes(diagram, filled)) == 1


@given(ordered_sets(), partials())
def test_settling_sets_are_smallest_and_there_when_needed(ordered: Any, values: Any) -> None:
    diagram = diagram_of(ordered)
    sets = [frozenset(facts) for facts in settling_sets(diagram, values)]
    assert bool(sets) == (len(possible_outcomes(diagram, values)) > 1)
    assert not any(a < b for a in sets for b in sets)
    assert all(facts <= set(open_facts(diagram, values)) for facts in sets)


@given(ordered_sets(), partials())
def test_the_answers_to_an_open_question_together_give_what_is_possible(ordered: Any, values: Any) -> None:
    diagram = diagram_of(ordered)
    for fact in open_facts(diagram, values):
        said = {outcome for answer in answers(diagram, values, fact) for outcome in answer.outcomes}
        assert said == set(possible_outcomes(diagram, values))


@given(ordered_sets(), partials(), st.data())
def test_knowing_more_never_adds_a_possibility(ordered: Any, values: Any, data: Any) -> None:
    diagram = diagram_of(ordered)
    more = fill(values, Source(data.draw), only={data.draw(st.sampled_from([*NUMBERS, *CATEGORIES]))})
    assert set(possible_outcomes(diagram, more)) <= set(possible_outcomes(diagram, values))


@given(ordered_sets(several_facts=True))
def test_a_diagram_survives_the_compiled_file(ordered: Any) -> None:
    import json

    diagram = diagram_of(ordered)
    assert Diagram.from_data(json.loads(json.dumps(diagram.to_data(), allow_nan=False))) == diagram
