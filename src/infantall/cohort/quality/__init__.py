"""What is wrong, doubtful or worth knowing about a cohort table before it is analysed.

``quality(table, roles)`` asks every question of this room and gives the answers worst first. Each question is a function of its
own: ``times`` and ``endpoints`` ask about single rows, ``identity`` about rows and labels together, ``follow_up`` about censoring
and the size of groups, ``comparisons`` about what is compared with what. A row with an *error* cannot be analysed, and
``usable_sql`` is the condition that keeps exactly the others.
"""

from .report import quality
from .roles import Roles, roles_of
from .usable import number_sql, usable_sql

__all__ = ["Roles", "number_sql", "quality", "roles_of", "usable_sql"]
