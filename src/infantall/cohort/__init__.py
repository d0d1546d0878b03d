"""Many infants at once: tables, engines, the same rules for every row, and the survival analysis of the field.

``tables/`` opens and cleans a table, ``engines/`` runs SQL on DuckDB or Spark, ``survival/`` is the statistics (arrays in,
numbers out; usable on its own), ``quality/`` says what is wrong with a table. The modules here are the commands: ``stratify``,
``describe``, ``analysis`` (survival), ``compare``, ``small_cells``; what they give is in ``results``. How it looks is in
``infantall.report``.
"""
