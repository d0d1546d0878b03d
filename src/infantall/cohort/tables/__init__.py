"""Tables of infants: from files and databases to one cleaned view inside an engine.

opening.py      open_table: what kind of source it is
duckdb_reading.py, spark_reading.py     raw rows of CSV and Parquet inside each engine
databases.py    a table of a DuckDB file or of PostgreSQL
record_files.py a folder of children's records
csv_head.py     separator and header of a CSV file
cell_sql.py     what one cell means, as SQL
cleaning.py     raw rows to a CohortTable
notices.py      what cleaning noticed, in words
model.py        CohortTable, Column
"""

from .model import CohortTable, Column
from .opening import open_table

__all__ = ["CohortTable", "Column", "open_table"]
