"""The unit table against ucumvert and pint, which know UCUM but compute in floating point."""

from __future__ import annotations

import math
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml
from ucumvert import PintUcumRegistry

UNITS_FILE = Path(__file__).parents[2] / "src" / "infantall" / "facts" / "data" / "units.yaml"
TABLE: dict[str, Any] = yaml.safe_load(UNITS_FILE.read_text(encoding="utf-8"))
DIMENSIONS: dict[str, Any] = TABLE["dimensions"]

# UCUM calls the international unit arbitrary: it converts to nothing. For an enzyme a laboratory means U.
ARBITRARY = {"[iU]/L": "U/L", "[iU]/mL": "U/mL"}


EVERY_UNIT = [
    pytest.param(content["base"], code, unit, id=f"{dimension}: {code}")
    for dimension, content in DIMENSIONS.items()
    for code, unit in content["units"].items()
]


@pytest.fixture(scope="module")
def registry() -> PintUcumRegistry:
    return PintUcumRegistry()


@pytest.mark.parametrize(("base", "code", "unit"), EVERY_UNIT)
def test_factor_agrees_with_ucum(registry: PintUcumRegistry, base: str, code: str, unit: dict[str, Any]) -> None:
    factor, offset = Fraction(unit["factor"]), Fraction(unit.get("offset", "0"))
    ours = registry.from_ucum(ARBITRARY.get(code, code))
    theirs = registry.from_ucum(base)
    for value in (1, 37, 250):
        # Quantity(value, units) rather than value * quantity: a temperature has an offset.
        peer = registry.Quantity(value * ours.magnitude, ours.units).to(theirs.units).magnitude / theirs.magnitude
        assert math.isclose(value * factor + offset, peer, rel_tol=1e-12)


def test_every_spelling_has_one_meaning_in_its_dimension() -> None:
    for dimension, content in DIMENSIONS.items():
        meaning: dict[str, str] = {}
        for code, unit in content["units"].items():
            for spelling in (code, *unit["spellings"]):
                alike = "".join(spelling.replace("×", "x").replace("µ", "u").replace("μ", "u").split()).lower()
                assert meaning.setdefault(alike, code) == code, (dimension, spelling)


def test_the_base_of_a_dimension_is_one_of_its_units() -> None:
    for content in DIMENSIONS.values():
        assert Fraction(content["units"][content["base"]]["factor"]) == 1
        assert content["canonical"] in content["units"]


def test_a_spelling_is_not_both_accepted_and_refused() -> None:
    for entry in TABLE["refused"]:
        for dimension in entry["dimensions"]:
            accepted = {s for unit in DIMENSIONS[dimension]["units"].values() for s in unit["spellings"]}
            assert accepted.isdisjoint(entry["spellings"])


def test_no_length_is_given_to_a_month() -> None:
    assert "mo" not in DIMENSIONS["time"]["units"]
    assert "mo" in TABLE["not_convertible"]
