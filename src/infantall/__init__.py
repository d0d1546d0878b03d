"""InfantALL: published knowledge of infant acute lymphoblastic leukaemia that can be computed, checked and read.

Decision support and education for people who remain responsible. Not a medical device; never originates a dose.
"""

__version__ = "0.1.0"
