"""The statistics room: arrays in, numbers out. No files, no engine, no drawing, no randomness.

``observations.checked`` proves the rows once. Methods without a regression work on a ``LifeTable`` (counts at each distinct
time), made from rows or from counts that an engine returned. Regressions work on sums by time. Everything is refereed by R's
survival and cmprsk.

May import: ``infantall.cohort.results`` and ``infantall.text``. Import each module by its own name; nothing is loaded here.
"""
