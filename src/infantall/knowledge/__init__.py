"""Everything known, as cited statements with a ``when``.

    data/         the packs: protocols, judgements, statements, conflicts, the bibliography
    schema.py     what a knowledge file may hold (pydantic; exported as JSON Schema for editors)
    compiler.py   files -> checked, parsed, proven-loadable plain data
    library.py    the knowledge as objects, from that plain data
    store.py      ``load_knowledge()``: compiled once to a hashed file, loaded from it after

Imports from ``rules``, ``facts`` and ``text``. An assessment needs only ``library`` and ``store``.
"""
