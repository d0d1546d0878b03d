"""R as a referee: data frames go in as CSV, the object called ``result`` comes back as plain lists and dictionaries."""

from __future__ import annotations

import csv
import json
import math
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

_PRINT = r"""
.json <- function(x) {
  if (is.null(x)) return("null")
  if (is.factor(x)) x <- as.character(x)
  if (is.list(x)) {
    parts <- vapply(x, .json, "")
    if (is.null(names(x))) return(paste0("[", paste(parts, collapse = ","), "]"))
    return(paste0("{", paste0(encodeString(names(x), quote = '"'), ":", parts, collapse = ","), "}"))
  }
  if (is.matrix(x)) {
    rows <- vapply(seq_len(nrow(x)), function(i) .json(as.vector(x[i, ])), "")
    return(paste0("[", paste(rows, collapse = ","), "]"))
  }
  if (is.character(x)) one <- ifelse(is.na(x), "null", encodeString(x, quote = '"'))
  else if (is.logical(x)) one <- ifelse(is.na(x), "NaN", ifelse(x, "true", "false"))
  else one <- ifelse(is.na(x), "NaN", ifelse(is.infinite(x), ifelse(x > 0, "Infinity", "-Infinity"), sprintf("%.17g", as.double(x))))
  paste0("[", paste(one, collapse = ","), "]")
}
"""


def _cell(value: Any) -> str:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return "NA"
    if hasattr(value, "item"):
        return _cell(value.item())
    return repr(value) if isinstance(value, float) else str(value)


def run_r(code: str, **frames: Mapping[str, Sequence[Any]]) -> Any:
    """Run R code once; every keyword is a data frame of that name. The code leaves its answer in ``result``.

    Returns: a list for every vector (also of length one), rows for a matrix, a dictionary for a named list. NA and NaN are NaN.
    The test is skipped where R, or a package the code loads, is not installed.
    """
    program = shutil.which("Rscript")
    if program is None:
        pytest.skip("R is not installed")
    with tempfile.TemporaryDirectory() as folder:
        lines = [_PRINT]
        for name, columns in frames.items():
            path = Path(folder) / f"{name}.csv"
            with path.open("w", newline="") as file:
                writer = csv.writer(file)
                writer.writerow(columns)
                writer.writerows([[_cell(v) for v in row] for row in zip(*columns.values(), strict=True)])
            lines.append(f'{name} <- read.csv("{path.as_posix()}", check.names = FALSE)')
        lines += [code, 'cat("\\n<<<answer>>>\\n"); cat(.json(result)); cat("\\n")']
        script = Path(folder) / "referee.R"
        script.write_text("\n".join(lines))
        done = subprocess.run([program, "--vanilla", str(script)], capture_output=True, text=True, timeout=120)
    if "there is no package called" in done.stderr:
        pytest.skip(f"an R package is missing: {done.stderr.strip().splitlines()[-1]}")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.split("<<<answer>>>")[1])
