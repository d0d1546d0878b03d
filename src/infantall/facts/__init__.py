"""The vocabulary: what can be recorded about a child, and what rules may speak about.

    data/           findings, facts and units, as data
    vocabulary.py   the vocabulary as objects (FactDefinition, FindingDefinition, Vocabulary)
    units.py        exact conversion of what a laboratory prints (UnitTable)
    ages.py         days, weeks, months, completed months; what an age in one leaves open in another
    values.py       what may be known of a fact: a value, an interval, a choice, nothing
    derive.py       a dated record -> facts

Imports nothing of InfantALL but ``text``.
"""
