"""A family's booklet (:mod:`infantall.family.booklet`) on a screen, on paper and as text."""
