"""A PostgreSQL table, from a cluster that the test starts and stops itself."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from infantall.cohort.tables import databases, open_table
from infantall.knowledge.library import Knowledge
from infantall.text.problems import InputError

psycopg = pytest.importorskip("psycopg")


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The address of an empty database that listens on a socket alone."""
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not programs:
        pytest.skip("no PostgreSQL on this machine")
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    user: dict[str, int] = {}
    if os.getuid() == 0:  # PostgreSQL does not run as root
        nobody = pwd.getpwnam("nobody")
        os.chown(folder, nobody.pw_uid, nobody.pw_gid)
        user = {"user": nobody.pw_uid, "group": nobody.pw_gid}
    data = folder / "data"

    def run(*command: str) -> None:
        subprocess.run(command, check=True, capture_output=True, cwd=folder, **user)  # type: ignore[call-overload]

    try:
        run(str(programs[-1] / "initdb"), "-D", str(data), "-U", "anna", "-A", "trust", "-E", "UTF8", "--no-sync")
        options = f"-c listen_addresses='' -k {folder} -c fsync=off"
        run(str(programs[-1] / "pg_ctl"), "-D", str(data), "-w", "-l", str(folder / "log"), "-o", options, "start")
        try:
            yield f"postgresql://anna@/postgres?host={folder}"
        finally:
            run(str(programs[-1] / "pg_ctl"), "-D", str(data), "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def fill(address: str, *statements: str) -> None:
    with psycopg.connect(address, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)


def test_a_table_is_read_in_parts(address: str, knowledge: Knowledge, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(databases, "ROWS_AT_ONCE", 7)
    fill(
        address,
        "CREATE TABLE infants (id int, kmt2a_status text, wbc_at_diagnosis numeric, cd19 varchar(20), efs_event bool, born date)",
        """INSERT INTO infants SELECT i, CASE WHEN i % 2 = 0 THEN ' Germline' END, CASE WHEN i % 5 = 0 THEN 'NaN' ELSE i * 1.5 END,
           E'po\\ns', i % 3 = 0, date '2026-01-01' + i FROM generate_series(1, 100) AS i""",
        "UPDATE infants SET cd19 = 'pos'",
    )
    table = open_table(f"{address}::infants", knowledge)
    assert table.rows == 100
    rows = table.engine.rows(
        f"SELECT _row, kmt2a_status, wbc_at_diagnosis, cd19, efs_event, born FROM {table.relation} ORDER BY CAST(_row AS INTEGER)"
    )
    assert rows[0] == ("1", None, 1.5, "positive", 0.0, "2026-01-02")
    assert rows[5] == ("6", "germline", 9.0, "positive", 1.0, "2026-01-07")
    assert rows[4][2] is None and len(rows) == 100


def test_names_of_tables(address: str, knowledge: Knowledge) -> None:
    fill(
        address,
        "CREATE SCHEMA registry",
        "CREATE TABLE registry.babies AS SELECT 1 AS x",
        "CREATE TABLE IF NOT EXISTS infants (x int)",
    )
    assert open_table(f"{address}::registry.babies", knowledge).rows == 1
    with pytest.raises(InputError, match=r"did you mean 'registry\.babies'"):
        open_table(f"{address}::registry.babys", knowledge)
    with pytest.raises(InputError, match="no name of a table"):
        open_table(address, knowledge)
