"""The family guide: which topics a family is shown now, and the pages made of them.

Pure: data in, data out. The way through: :mod:`situation` (what is so for this baby on this day, as facts), :mod:`choose`
(which topics, flags and questions apply, and why), :mod:`pages` (packs as a :class:`booklet.Booklet`), :mod:`calendar`.
Its knowledge (topics, unit rules, translations) lives in ``knowledge/data/guide``; forms live in ``report/guide``.
"""
