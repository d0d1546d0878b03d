"""Rule text to the tree: every construct that is allowed, every one that is refused, and where the message points."""

from __future__ import annotations

import pytest

from infantall.facts.vocabulary import Vocabulary
from infantall.knowledge.library import Knowledge
from infantall.rules.parse import MAX_RULE_LENGTH, parse_rule
from infantall.rules.tree import (
    And,
    Arithmetic,
    Compare,
    Constant,
    Fact,
    IsMissing,
    IsOneOf,
    Not,
    Number,
    Or,
    Rule,
    facts_of,
    from_data,
    leaves,
    to_data,
)
from infantall.text.problems import InputError, Problem

WBC, AGE, HB = Fact("wbc_at_diagnosis"), Fact("age_days_at_diagnosis"), Fact("hemoglobin_at_diagnosis")
REARRANGED = IsOneOf(Fact("kmt2a_status"), ("rearranged",))
GIRL, BOY = IsOneOf(Fact("sex"), ("female",)), IsOneOf(Fact("sex"), ("male",))


def wbc(op: str, number: float) -> Compare:
    return Compare(op, WBC, Number(number))


ALLOWED: list[tuple[str, Rule]] = [
    ("wbc_at_diagnosis >= 300", wbc(">=", 300)),
    ("wbc_at_diagnosis > 300", wbc(">", 300)),
    ("wbc_at_diagnosis < 300", wbc("<", 300)),
    ("wbc_at_diagnosis <= 300", wbc("<=", 300)),
    ("wbc_at_diagnosis = 300", wbc("=", 300)),
    ("wbc_at_diagnosis <> 300", wbc("<>", 300)),
    ("wbc_at_diagnosis != 300", wbc("<>", 300)),
    # a number on the left is turned round, with its sign
    ("300 <= wbc_at_diagnosis", wbc(">=", 300)),
    ("300 < wbc_at_diagnosis", wbc(">", 300)),
    ("300 >= wbc_at_diagnosis", wbc("<=", 300)),
    ("300 > wbc_at_diagnosis", wbc("<", 300)),
    ("300 = wbc_at_diagnosis", wbc("=", 300)),
    ("300 <> wbc_at_diagnosis", wbc("<>", 300)),
    # numbers
    ("wbc_at_diagnosis > 0.5", wbc(">", 0.5)),
    ("wbc_at_diagnosis > .5", wbc(">", 0.5)),
    ("wbc_at_diagnosis > 5e-4", wbc(">", 0.0005)),
    ("wbc_at_diagnosis > -1", wbc(">", -1)),
    ("wbc_at_diagnosis > - 1", wbc(">", -1)),
    # facts and arithmetic on both sides
    ("wbc_at_diagnosis > hemoglobin_at_diagnosis", Compare(">", WBC, HB)),
    ("wbc_at_diagnosis * 2 > 3", Compare(">", Arithmetic("*", WBC, Number(2)), Number(3))),
    ("wbc_at_diagnosis + 1 - 2 > 3", Compare(">", Arithmetic("-", Arithmetic("+", WBC, Number(1)), Number(2)), Number(3))),
    ("wbc_at_diagnosis / hemoglobin_at_diagnosis < 3", Compare("<", Arithmetic("/", WBC, HB), Number(3))),
    ("1 + 2 * 3 > wbc_at_diagnosis",
     Compare(">", Arithmetic("+", Number(1), Arithmetic("*", Number(2), Number(3))), WBC)),
    ("(1 + 2) * 3 > wbc_at_diagnosis",
     Compare(">", Arithmetic("*", Arithmetic("+", Number(1), Number(2)), Number(3)), WBC)),
    # categories
    ("kmt2a_status = 'rearranged'", REARRANGED),
    ("'rearranged' = kmt2a_status", REARRANGED),
    ("kmt2a_status <> 'rearranged'", Not(REARRANGED)),
    ("kmt2a_status != 'rearranged'", Not(REARRANGED)),
    ("kmt2a_status IN ('rearranged')", REARRANGED),
    ("kmt2a_status IN ('germline', 'not_evaluable')", IsOneOf(Fact("kmt2a_status"), ("germline", "not_evaluable"))),
    ("kmt2a_status NOT IN ('rearranged')", Not(REARRANGED)),
    # IN and BETWEEN over numbers
    ("wbc_at_diagnosis IN (5)", wbc("=", 5)),
    ("wbc_at_diagnosis IN (5, 7)", Or((wbc("=", 5), wbc("=", 7)))),
    ("wbc_at_diagnosis NOT IN (5, 7)", Not(Or((wbc("=", 5), wbc("=", 7))))),
    ("wbc_at_diagnosis BETWEEN 5 AND 7", And((wbc(">=", 5), wbc("<=", 7)))),
    ("wbc_at_diagnosis NOT BETWEEN 5 AND 7", Not(And((wbc(">=", 5), wbc("<=", 7))))),
    ("wbc_at_diagnosis BETWEEN 5 AND 7 AND sex = 'female'", And((And((wbc(">=", 5), wbc("<=", 7))), GIRL))),
    # connectives: AND binds closer than OR, NOT closer than AND; a chain is one list
    ("TRUE", Constant(True)),
    ("false", Constant(False)),
    ("NOT sex = 'female'", Not(GIRL)),
    ("NOT NOT sex = 'female'", Not(Not(GIRL))),
    ("NOT sex = 'female' AND wbc_at_diagnosis > 5", And((Not(GIRL), wbc(">", 5)))),
    ("NOT (sex = 'female' AND wbc_at_diagnosis > 5)", Not(And((GIRL, wbc(">", 5))))),
    ("sex = 'female' OR sex = 'male' AND wbc_at_diagnosis > 5", Or((GIRL, And((BOY, wbc(">", 5)))))),
    ("(sex = 'female' OR sex = 'male') AND wbc_at_diagnosis > 5", And((Or((GIRL, BOY)), wbc(">", 5)))),
    ("sex = 'female' AND sex = 'male' AND wbc_at_diagnosis > 5", And((GIRL, BOY, wbc(">", 5)))),
    ("sex = 'female' AND (sex = 'male' AND wbc_at_diagnosis > 5)", And((GIRL, BOY, wbc(">", 5)))),
    ("sex = 'female' OR (sex = 'male' OR wbc_at_diagnosis > 5)", Or((GIRL, BOY, wbc(">", 5)))),
    ("((sex = 'female'))", GIRL),
    # layout and remarks mean nothing
    ("sex='female'\n   and\twbc_at_diagnosis>5", And((GIRL, wbc(">", 5)))),
    ("sex = 'female' -- a remark\n AND wbc_at_diagnosis > 5", And((GIRL, wbc(">", 5)))),
    ("sex = 'female' /* OR TRUE */ AND wbc_at_diagnosis > 5", And((GIRL, wbc(">", 5)))),
    ("sex = 'female';", GIRL),
]  # fmt: skip


def refused(text: str, vocabulary: Vocabulary, *, may_ask_missing: bool = False) -> Problem:
    """The one problem that a rule is refused with."""
    with pytest.raises(InputError) as caught:
        parse_rule(text, vocabulary, may_ask_missing=may_ask_missing)
    (problem,) = caught.value.problems
    return problem


@pytest.mark.parametrize(("text", "tree"), ALLOWED, ids=[text for text, _ in ALLOWED])
def test_an_allowed_rule_has_one_meaning(text: str, tree: Rule, vocabulary: Vocabulary) -> None:
    assert parse_rule(text, vocabulary) == tree
    assert from_data(to_data(tree)) == tree


UNKNOWN_NAMES = [
    ("wbc_at_diagnosi >= 300", "rule line 1, column 1", "'wbc_at_diagnosi'", "'wbc_at_diagnosis'"),
    ("sex = 'female' AND wbc_at_dx >= 300", "rule line 1, column 20", "'wbc_at_dx'", "'wbc_at_diagnosis'"),
    ("sex = 'female'\n  AND kmt2_status = 'rearranged'", "rule line 2, column 7", "'kmt2_status'", "'kmt2a_status'"),
    ("sex = 'female'\n\n OR day8_blast > 1000", "rule line 3, column 5", "'day8_blast'", "'day8_blasts'"),
    ("WBC_AT_DIAGNOSIS > 1", "rule line 1, column 1", "'WBC_AT_DIAGNOSIS'", "'wbc_at_diagnosis'"),
    ("5 < wbc_at_diagnoses", "rule line 1, column 5", "'wbc_at_diagnoses'", "'wbc_at_diagnosis'"),
    ("wbc_at_diagnosis > 2 * hemoglobin", "rule line 1, column 24", "'hemoglobin'", "'hemoglobin_at_diagnosis'"),
    ("kmt2a_statu IN ('germline')", "rule line 1, column 1", "'kmt2a_statu'", "'kmt2a_status'"),
    ("sexx <> 'female'", "rule line 1, column 1", "'sexx'", "'sex'"),
]


@pytest.mark.parametrize(("text", "place", "name", "near"), UNKNOWN_NAMES, ids=[row[0] for row in UNKNOWN_NAMES])
def test_an_unknown_fact_is_named_with_its_place_and_the_nearest_fact(
    text: str, place: str, name: str, near: str, vocabulary: Vocabulary
) -> None:
    problem = refused(text, vocabulary)
    assert problem.place == place
    assert problem.found == f"the unknown fact {name}"
    assert problem.expected == f"a fact of the vocabulary (did you mean {near}?)"


def test_no_name_is_suggested_where_none_is_near(vocabulary: Vocabulary) -> None:
    assert refused("zzzqqq = 1", vocabulary).expected == "a fact of the vocabulary"


UNKNOWN_VALUES = [
    ("kmt2a_status = 'rearanged'", "rule line 1, column 16", "'rearanged'", "(did you mean 'rearranged'?)"),
    ("kmt2a_status IN ('germline', 'unknown_x')", "rule line 1, column 30", "'unknown_x'", "rearranged, germline or not_eval"),
    ("sex = 'female' AND\ncns_status = 'CNS2d'", "rule line 2, column 14", "'CNS2d'", "did you mean 'CNS2"),
    ("sex = 'FEMALE'", "rule line 1, column 7", "'FEMALE'", "did you mean 'female'?"),
    ("sex <> ' female'", "rule line 1, column 8", "' female'", "did you mean 'female'?"),
    ("'girl' = sex", "rule line 1, column 1", "'girl'", "female or male"),
    ("sex = ''", "rule line 1, column 7", "''", "female or male"),
    ("sex IN ('female', 3)", "rule line 1, column 19", "3", "female or male"),
    ("sex IN ('female', NULL)", "rule line 1, column 1", "NULL", "female or male"),
    ("kmt2a_status NOT IN (NULL)", "rule line 1, column 1", "NULL", "rearranged"),
]


@pytest.mark.parametrize(("text", "place", "found", "expected"), UNKNOWN_VALUES, ids=[row[0] for row in UNKNOWN_VALUES])
def test_an_unknown_category_value_is_refused_with_the_values_there_are(
    text: str, place: str, found: str, expected: str, vocabulary: Vocabulary
) -> None:
    problem = refused(text, vocabulary)
    assert problem.place == place
    assert found in problem.found
    assert expected in problem.expected


@pytest.mark.parametrize("op", ["<", "<=", ">", ">="])
def test_values_of_a_category_have_no_order(op: str, vocabulary: Vocabulary) -> None:
    problem = refused(f"cns_status {op} 'CNS1'", vocabulary)
    assert problem == Problem(
        "rule line 1, column 1", f"'{op}' between values of cns_status", "=, <> or IN: its values have no order"
    )


def test_between_two_category_values_is_refused(vocabulary: Vocabulary) -> None:
    assert "no order" in refused("cns_status BETWEEN 'CNS1' AND 'CNS3a'", vocabulary).expected


WRONG_TYPES = [
    ("wbc_at_diagnosis >= '300'", "a text compared with the number wbc_at_diagnosis", "a number in 10*9/L"),
    ("'300' <= wbc_at_diagnosis", "a text compared with the number wbc_at_diagnosis", "a number in 10*9/L"),
    ("wbc_at_diagnosis BETWEEN '1' AND '2'", "a text compared with the number", "a number in 10*9/L"),
    ("sex = 3", "the category sex used as a number", "female or male"),
    ("sex > 3", "the category sex used as a number", "female or male"),
    ("sex + 1 > 3", "the category sex used as a number", "female or male"),
    ("2 * sex > 3", "the category sex used as a number", "female or male"),
    ("wbc_at_diagnosis > sex", "the category sex used as a number", "female or male"),
    ("sex = sex", "the category sex used as a number", "female or male"),
    ("sex = female", "the category sex used as a number", "female or male"),
    ("wbc_at_diagnosis IN ('a')", "''a''", "the name of a fact"),
    ("'a' = 'a'", "''a''", "the name of a fact"),
    ("wbc_at_diagnosis > TRUE", "'TRUE'", "the name of a fact"),
]


@pytest.mark.parametrize(("text", "found", "expected"), WRONG_TYPES, ids=[row[0] for row in WRONG_TYPES])
def test_numbers_and_texts_are_not_mixed(text: str, found: str, expected: str, vocabulary: Vocabulary) -> None:
    problem = refused(text, vocabulary)
    assert problem.place.startswith("rule line 1, column ")
    assert found in problem.found
    assert expected in problem.expected


ASKING_MISSING = [
    ("kmt2a_status IS NULL", IsMissing(Fact("kmt2a_status"))),
    ("kmt2a_status IS NOT NULL", Not(IsMissing(Fact("kmt2a_status")))),
    ("wbc_at_diagnosis IS NULL", IsMissing(WBC)),
    ("sex = 'female' AND wbc_at_diagnosis IS NULL", And((GIRL, IsMissing(WBC)))),
]


@pytest.mark.parametrize(("text", "tree"), ASKING_MISSING, ids=[text for text, _ in ASKING_MISSING])
def test_only_a_statement_about_what_is_missing_may_ask_for_null(text: str, tree: Rule, vocabulary: Vocabulary) -> None:
    assert parse_rule(text, vocabulary, may_ask_missing=True) == tree
    assert from_data(to_data(tree)) == tree
    problem = refused(text, vocabulary)
    assert problem.found.startswith("IS NULL asked of ")
    assert "missing data may decide only" in problem.expected


def test_is_null_of_an_unknown_fact_names_the_nearest(vocabulary: Vocabulary) -> None:
    assert "'kmt2a_status'" in refused("kmt2a_statu IS NULL", vocabulary, may_ask_missing=True).expected


@pytest.mark.parametrize("may_ask", [False, True], ids=["elsewhere", "in a due statement"])
@pytest.mark.parametrize(
    "text",
    [
        "kmt2a_status = NULL", "wbc_at_diagnosis <> NULL", "wbc_at_diagnosis > NULL", "NULL = wbc_at_diagnosis",
        "wbc_at_diagnosis IN (1, NULL)", "wbc_at_diagnosis BETWEEN NULL AND 5", "wbc_at_diagnosis + NULL > 5",
        "NULL", "NOT NULL", "sex = 'female' OR NULL",
    ],
)  # fmt: skip
def test_null_is_never_a_value(text: str, may_ask: bool, vocabulary: Vocabulary) -> None:
    assert refused(text, vocabulary, may_ask_missing=may_ask).place.startswith("rule")


def test_equals_null_says_what_to_write_instead(vocabulary: Vocabulary) -> None:
    problem = refused("kmt2a_status = NULL", vocabulary)
    assert problem.place == "rule line 1, column 1"
    assert problem.expected == "IS NULL, in a statement about what is missing"


NOT_IN_THE_LANGUAGE = [
    "lower(kmt2a_status) = 'rearranged'",
    "coalesce(wbc_at_diagnosis, 0) > 1",
    "abs(wbc_at_diagnosis) > 1",
    "random() > 0.5",
    "count(*) > 1",
    "greatest(wbc_at_diagnosis, 1) > 1",
    "(SELECT 1) = 1",
    "wbc_at_diagnosis > (SELECT 1)",
    "wbc_at_diagnosis IN (SELECT 1)",
    "EXISTS (SELECT 1)",
    "SELECT wbc_at_diagnosis > 1",
    "CASE WHEN wbc_at_diagnosis > 1 THEN TRUE ELSE FALSE END",
    "IF(wbc_at_diagnosis > 1, TRUE, FALSE)",
    "kmt2a_status LIKE 'rea%'",
    "kmt2a_status NOT LIKE 'rea%'",
    "kmt2a_status ILIKE 'rea%'",
    "kmt2a_status SIMILAR TO 'rea%'",
    "kmt2a_status GLOB 'rea*'",
    "CAST(wbc_at_diagnosis AS INT) > 1",
    "TRY_CAST(wbc_at_diagnosis AS INT) > 1",
    "wbc_at_diagnosis::int > 1",
    "wbc_at_diagnosis > 'NaN'::double",
    "kmt2a_status || 'x' = 'rearrangedx'",
    "wbc_at_diagnosis % 2 = 1",
    "wbc_at_diagnosis // 2 = 1",
    "wbc_at_diagnosis ^ 2 > 1",
    "wbc_at_diagnosis & 2 > 1",
    "-wbc_at_diagnosis > 1",
    "kmt2a_status IS TRUE",
    "kmt2a_status IS DISTINCT FROM 'rearranged'",
    "sex IS 'female'",
    "sex IN ()",
    "sex IN 'female'",
    "wbc_at_diagnosis BETWEEN SYMMETRIC 2 AND 1",
    "1 < wbc_at_diagnosis < 3",
    "(sex = 'female') = TRUE",
    "sex = 'female' AND sex",
    "wbc_at_diagnosis",
    "5",
    "'female'",
    "*",
    "t.wbc_at_diagnosis > 1",
    "wbc_at_diagnosis[1] > 1",
    "wbc_at_diagnosis > ANY([1, 2])",
    "wbc_at_diagnosis > (1, 2)",
    "wbc_at_diagnosis > INTERVAL 1 DAY",
    "wbc_at_diagnosis > DATE '2020-01-01'",
    "wbc_at_diagnosis > ?",
    "wbc_at_diagnosis > $1",
    "wbc_at_diagnosis > 1 AS x",
    "x -> x > 1",
    "wbc_at_diagnosis > 1 ORDER BY 1",
    "wbc_at_diagnosis > 1 LIMIT 1",
    "wbc_at_diagnosis > 1 WHERE sex = 'female'",
    "sex = 'female' XOR sex = 'male'",
    "sex = 'female' && sex = 'male'",
    "DROP TABLE x",
    "DELETE FROM x",
    "PRAGMA x",
    "wbc_at_diagnosis > 1 OR",
    "AND wbc_at_diagnosis > 1",
    "wbc_at_diagnosis >",
    "wbc_at_diagnosis 1",
    "(wbc_at_diagnosis > 1",
    "wbc_at_diagnosis > 1)",
    "sex = 'female",
    "sex = 'female' ' OR TRUE",
    "wbc_at_diagnosis > 0x10",
    "wbc_at_diagnosis > NaN",
    "wbc_at_diagnosis > 5e",
    "wbc_at_diagnosis > 1e999",
    "wbc_at_diagnosis > 1e3+1",
]


@pytest.mark.parametrize("may_ask", [False, True], ids=["elsewhere", "in a due statement"])
@pytest.mark.parametrize("text", NOT_IN_THE_LANGUAGE)
def test_the_rest_of_sql_is_refused(text: str, may_ask: bool, vocabulary: Vocabulary) -> None:
    problem = refused(text, vocabulary, may_ask_missing=may_ask)
    assert problem.place.startswith("rule")
    assert problem.found
    assert problem.expected


PLACES = [
    ("kmt2a_status LIKE 'rea%'", "rule line 1, column 1"),
    ("sex = 'female' AND\n  lower(kmt2a_status) = 'rearranged'", "rule line 2, column 3"),
    ("sex = 'female' AND CAST(wbc_at_diagnosis AS INT) > 1", "rule line 1, column 25"),
    ("sex = 'female' XOR sex = 'male'", "rule line 1, column 16"),
    ("sex = 'female' OR", "rule line 1, column 16"),
    ("sex = 'female'\nOR OR sex = 'male'", "rule line 2, column 4"),
    ("sex = 'female' AND t.wbc_at_diagnosis > 1", "rule line 1, column 20"),
    ("sex = 'female' AND wbc_at_diagnosis > 1e999", "rule line 1, column 39"),
    ("sex = 'female' AND kmt2a_status IN (NULL)", "rule line 1, column 20"),
    ("sex = 'female' AND wbc_at_diagnosis > NULL", "rule line 1, column 20"),
]


@pytest.mark.parametrize(("text", "place"), PLACES, ids=[text for text, _ in PLACES])
def test_a_refused_construct_is_placed_by_line_and_column(text: str, place: str, vocabulary: Vocabulary) -> None:
    assert refused(text, vocabulary).place == place


@pytest.mark.parametrize("text", ["", "   ", "\n", ";", "-- only a remark", "/* only a remark */"])
def test_an_empty_rule_is_no_rule(text: str, vocabulary: Vocabulary) -> None:
    assert refused(text, vocabulary).found == "no rule, or more than one"


def test_two_statements_are_refused(vocabulary: Vocabulary) -> None:
    assert refused("sex = 'female'; sex = 'male'", vocabulary).found == "no rule, or more than one"
    assert refused("sex = 'female'; DROP TABLE infants", vocabulary).found == "no rule, or more than one"


def test_a_rule_is_at_most_5000_characters_long(vocabulary: Vocabulary) -> None:
    rule = "sex = 'female'"
    assert parse_rule(rule.ljust(MAX_RULE_LENGTH), vocabulary) == GIRL
    assert "5,000 characters" in refused(rule.ljust(MAX_RULE_LENGTH + 1), vocabulary).found


@pytest.mark.parametrize(
    "text",
    [
        "(" * 2_400 + "sex = 'female'" + ")" * 2_400,
        "NOT " * 1_200 + "sex = 'female'",
        "wbc_at_diagnosis > " + "- " * 2_400 + "1",
        "wbc_at_diagnosis > 1" + " + 1" * 1_200,
        "(" * 4_900,
    ],
    ids=["parentheses", "NOT", "minus", "plus", "open parentheses"],
)
def test_a_rule_nested_very_deep_is_refused_and_does_not_crash(text: str, vocabulary: Vocabulary) -> None:
    assert "nested too deeply" in refused(text, vocabulary).found


def test_a_long_chain_of_conditions_is_no_deep_nesting(vocabulary: Vocabulary) -> None:
    rule = parse_rule(" AND ".join(["wbc_at_diagnosis > 1"] * 200), vocabulary)
    assert rule == And((wbc(">", 1),) * 200)


def test_every_rule_of_the_knowledge_survives_being_written_and_read(knowledge: Knowledge) -> None:
    rules = [statement.rule for statement in knowledge.statements() if statement.rule is not None]
    assert len(rules) > 200
    for rule in rules:
        assert from_data(to_data(rule)) == rule


def test_every_rule_of_the_knowledge_is_what_its_text_says(knowledge: Knowledge) -> None:
    for statement in knowledge.statements():
        if statement.rule is not None:
            asks = statement.kind in ("missing", "due")
            assert parse_rule(statement.rule_text, knowledge.vocabulary, may_ask_missing=asks) == statement.rule, statement.id


def test_only_statements_about_what_is_missing_or_due_ask_for_null(knowledge: Knowledge) -> None:
    asking = {
        statement.kind
        for statement in knowledge.statements()
        if statement.rule is not None and any(isinstance(leaf, IsMissing) for leaf in leaves(statement.rule))
    }
    assert asking <= {"missing", "due"}
    assert asking


def test_facts_of_a_rule_are_listed_once_in_the_order_written(vocabulary: Vocabulary) -> None:
    text = "wbc_at_diagnosis > 5 AND (sex = 'male' OR age_days_at_diagnosis / hemoglobin_at_diagnosis < wbc_at_diagnosis)"
    assert facts_of(parse_rule(text, vocabulary)) == (WBC.name, "sex", AGE.name, HB.name)


def test_a_damaged_compiled_rule_is_refused() -> None:
    with pytest.raises(ValueError, match="no such node"):
        from_data(["exec", "rm"])
