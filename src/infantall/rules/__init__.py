"""The rule engine: one language, one meaning, several ways to run it.

    parse.py        rule text (a small subset of SQL) -> tree, checked against the vocabulary
    tree.py         the immutable tree: the only meaning a rule has
    interpret.py    tree + one child's values -> TRUE, FALSE or UNKNOWN, with an explanation
    english.py      tree -> a sentence
    sql.py          tree or diagram -> SQL for DuckDB and, transpiled, for others
    diagram.py      an ordered set of rules -> a decision diagram (built once, when knowledge is compiled)
    ordered.py      diagram + values -> the outcome, every possible outcome, and what would settle it

Imports from ``facts`` (names, types, labels). Import from here: the functions named in each module's docstring.
"""
