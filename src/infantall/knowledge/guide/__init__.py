"""The family guide's knowledge: topics, signs, questions, unit rules, medicines, figures, and their translations.

    schema.py     what a file may hold
    lint.py       sentences that are unsafe for a baby, or wrong in tone
    compiler.py   files -> plain, checked data
    library.py    plain data -> objects
    site.py       a hospital's own folder laid over it

Loaded by :func:`infantall.knowledge.store.load_guide`, apart from the knowledge that assessing a child needs.
"""

SITE_FILE = "site.yaml"
"""The one file of a hospital's folder. It may lie among records and is none."""
