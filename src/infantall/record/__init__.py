"""One child's dated record, and its readers and writer.

    model.py     Record, Finding, Treatment, Event: immutable
    reader.py    YAML and JSON files (dated or relative form) -> Record
    findings.py  one finding: name, value, unit, bounds
    table.py     a flat table (CSV, Parquet): one row an infant -> facts
    writer.py    Record -> YAML or JSON; reading it back gives the same record

Imports from ``facts`` and ``text``. Patient data goes nowhere but into the Record and the messages about it; messages never
repeat more than the value that is wrong.
"""
