"""The family guide: which topics a family is shown now, and the pages made of them.

    situation.py   a record on one day -> facts of the family; medicines.py: which medicines, glove time
    choose.py      facts -> topics, signs, questions and figures, each with its reason
    wording.py     ids -> words: the language, its review, the unit's rules; topics.py: one topic as blocks
    material.py    what pages are made from
    pages.py, calling.py, questions.py, sheets.py, outlook.py   the pages
    packs.py       packs of pages -> a booklet (booklet.py)
    calendar.py    what goes into a family's calendar

Pure: data in, data out; no clock, no files. Its knowledge (topics, unit rules, translations) lives in ``knowledge/data/guide``;
forms (screen, paper, text, calendar file) live in ``report/guide``; ``guiding.py`` puts all of it together.
"""

PACKS = ("today", "go-home", "phase", "medicines", "questions", "log", "letter", "emergency", "story", "all")
"""The packs by name; here, so that a command can name them without loading the room."""
