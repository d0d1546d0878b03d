"""Pure functions for the care team: data in, data out, no clock, no files, no randomness.

    judge.py     facts that are judgements over other facts
    assess.py    a record -> the assessment: diagnosis, classification, groups under every protocol, early response
    next_steps.py    what to find out next, what each answer would mean, and by when
    result.py    the assessment as objects, and as the JSON of the contract

Imports from ``knowledge``, ``record``, ``rules`` and ``facts``.
"""
