"""Pure functions for the care team: data in, data out, no clock, no files, no randomness.

    judge.py     facts that are judgements over other facts
    assess.py    a record -> the assessment: diagnosis, classification, groups under every protocol, early response
    next_steps.py    what to find out next, what each answer would mean, and by when
    criteria.py  criteria of entry one by one, for protocols and trials
    classify.py  what each classification calls the leukaemia
    side_by_side.py  how every protocol would treat this child, in one table
    outlook.py   what was seen in published groups of infants like this one
    therapies.py, trials.py    newer therapies and trials, and what of them fits this child
    result.py, as_json.py    the assessment as objects, and as the JSON of the contract

Imports from ``knowledge``, ``record``, ``rules`` and ``facts``.
"""
