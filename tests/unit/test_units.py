"""What a laboratory prints, turned exactly into one unit, or refused with the reason."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infantall.facts.units import UnitError, UnitTable, exactly
from infantall.facts.vocabulary import Vocabulary
from infantall.record.findings import ValueRefusedError, finding_definition, number_value


def read(vocabulary: Vocabulary, what: str, value: Any, unit: Any) -> float:
    """The number as a record file's entry would give it."""
    number, word = number_value(value, unit, finding_definition(what, vocabulary), vocabulary, {}, what)
    assert word == ""
    assert isinstance(number, float)
    return number


def refusal(vocabulary: Vocabulary, what: str, value: Any, unit: Any) -> ValueRefusedError:
    with pytest.raises(ValueRefusedError) as caught:
        read(vocabulary, what, value, unit)
    return caught.value


def test_300000_per_mm3_is_exactly_300(vocabulary: Vocabulary) -> None:
    assert read(vocabulary, "wbc", 300_000, "/mm3") == 300.0
    assert read(vocabulary, "wbc", 300_000.0, "/mm3") == 300.0
    assert read(vocabulary, "wbc", 299_999, "/mm3") == 299.999


SPELLINGS_OF_412 = [
    (412, "10*9/L"), (412, "10^9/L"), (412, "x10^9/L"), (412, "×10^9/L"), (412, "× 10⁹/L"), (412, "10⁹/L"), (412, "x 10⁹ / L"),
    (412, "10e9/L"), (412, "1e9/L"), (412, "10**9/L"), (412, "G/L"), (412, "Giga/L"), (412, "Gpt/L"), (412, "10^9/litre"),
    (412, "10^9 cells/L"), (412, "10*9/l"), (412, "X10^9/l"), (412, "/nL"),
    (412, "10*3/uL"), (412, "10^3/µL"), (412, "10³/μL"), (412, "K/uL"), (412, "k/ul"), (412, "K/µL"), (412, "thou/uL"),
    (412, "10^3/mm3"), (412, "10³/mm³"), (412, "K/cumm"), (412, "10^6/mL"),
    (412_000, "/uL"), (412_000, "/µL"), (412_000, "/mcL"), (412_000, "cells/µL"), (412_000, "/mm3"), (412_000, "/mm³"),
    (412_000, "/mm^3"), (412_000, "cells/mm3"), (412_000, "/cumm"), (412_000, "per microlitre"), (412_000, "{cells}/uL"),
    (4.12, "lakh/mm3"), (4.12, "lakhs/cumm"), (41.2, "10^4/uL"), (0.412, "10*6/uL"), (0.412, "10^12/L"),
    (412_000_000, "/mL"), (412_000_000_000, "/L"), (412_000, "10^6/L"), (4120, "10^2/uL"),
]  # fmt: skip


@pytest.mark.parametrize(("value", "unit"), SPELLINGS_OF_412, ids=[f"{value} {unit}" for value, unit in SPELLINGS_OF_412])
def test_a_white_cell_count_is_read_in_every_usual_spelling(value: float, unit: str, vocabulary: Vocabulary) -> None:
    assert read(vocabulary, "wbc", value, unit) == 412.0


def test_a_number_in_quotes_is_no_number(vocabulary: Vocabulary) -> None:
    assert refusal(vocabulary, "wbc", "412", "10*9/L").key == "value"


SAME = [
    ("hemoglobin", 8.5, "g/dL", 8.5),
    ("hemoglobin", 85, "g/L", 8.5),
    ("Hb", 8.5, "gm/dl", 8.5),
    ("hemoglobin", 8.5, "g/100 mL", 8.5),
    ("hemoglobin", 8.5, "g%", 8.5),
    ("hemoglobin", 6.2063, "mmol/L", 10.0),
    ("platelets", 20_000, "/mm3", 20.0),
    ("platelets", 1.5, "lakh/mm3", 150.0),
    ("blood_rbc", 3.1, "10*6/uL", 3.1),
    ("blood_rbc", 3_100_000, "/uL", 3.1),
    ("blood_blasts", 1.5, "10*9/L", 1500.0),
    ("blood_blasts", 1500, "/mm³", 1500.0),
    ("csf_wbc", 5, "cells/mm3", 5.0),
    ("csf_wbc", 5, "10*6/L", 5.0),
    ("csf_wbc", 0.005, "10*9/L", 5.0),
    ("marrow_blasts", 0.96, "1", 96.0),
    ("marrow_blasts", 96, "%", 96.0),
    ("mrd", 0.04, "%", 0.0004),
    ("mrd", 0.0004, "1", 0.0004),
    ("mrd", 0.05, "percent", 0.0005),
    ("mrd", 0.5, "‰", 0.0005),
    ("creatinine", 35.36, "umol/L", 35.36),
    ("creatinine", 0.5, "mg/dL", 44.2),
    ("creatinine", 5, "mg/L", 44.2),
    ("creatinine", 0.0442, "mmol/L", 44.2),
    ("bilirubin_total", 1, "mg/dL", 17.1),
    ("urate", 1, "mg/dL", 59.48),
    ("uric_acid", 10, "mg/dL", 594.8),
    ("urate", 0.5948, "mmol/L", 594.8),
    ("potassium", 4.5, "meq/L", 4.5),
    ("potassium", 4.5, "mEq/L", 4.5),
    ("potassium", 4.5, "mval/l", 4.5),
    ("sodium", 140, "mEq/L", 140.0),
    ("calcium", 5, "mEq/L", 2.5),
    ("magnesium", 2, "meq/L", 1.0),
    ("urea", 5, "mmol/L", 5.0),
    ("bun", 10, "mg/dL", 3.57),
    ("BUN", 10, "mg/dL", 3.57),
    ("urea_nitrogen", 10, "mg/dL", 3.57),
    ("Blood Urea Nitrogen", 10, "mg/dL", 3.57),
    ("urea-nitrogen", 100, "mg/L", 3.57),
    ("weight", 5100, "g", 5.1),
    ("weight", 5.1, "kilograms", 5.1),
    ("weight", 10, "lb", 4.5359237),
    ("weight", 16, "oz", 0.45359237),
    ("length", 0.58, "m", 58.0),
    ("length", 580, "mm", 58.0),
    ("length", 20, "in", 50.8),
    ("temperature", 38.5, "°C", 38.5),
    ("temperature", 101.3, "°F", 38.5),
    ("temperature", 98.6, "Fahrenheit", 37.0),
    ("albumin", 3.5, "g/dL", 35.0),
]


@pytest.mark.parametrize(("what", "value", "unit", "number"), SAME, ids=[f"{w} {v} {u}" for w, v, u, _ in SAME])
def test_a_laboratory_value_is_converted_exactly(
    what: str, value: float, unit: str, number: float, vocabulary: Vocabulary
) -> None:
    assert read(vocabulary, what, value, unit) == number


@pytest.mark.parametrize("what", ["creatinine", "bilirubin_total", "urate", "phosphate", "calcium", "magnesium", "glucose"])
@pytest.mark.parametrize("printed", ["2.5", "1.01", "3.1"])
def test_mass_to_molar_and_back_gives_the_printed_number(what: str, printed: str, vocabulary: Vocabulary) -> None:
    definition = finding_definition(what, vocabulary)
    assert definition.conversion is not None
    factor = Fraction(definition.conversion.factor)
    units = vocabulary.units.units["substance_concentration"]
    molar = Fraction(printed) * factor * units[definition.conversion.molar_unit].factor / units[definition.unit].factor
    there = vocabulary.units.to_canonical(definition, Fraction(printed), "mg/dL")
    assert there == float(molar)
    back = exactly(there) * units[definition.unit].factor / units[definition.conversion.molar_unit].factor / factor
    assert float(back) == pytest.approx(float(printed), rel=1e-15)


def test_hemoglobin_goes_both_ways(vocabulary: Vocabulary) -> None:
    definition = finding_definition("hemoglobin", vocabulary)
    molar = Fraction("10") * Fraction("0.62063")
    assert vocabulary.units.to_canonical(definition, molar, "mmol/L") == 10.0
    assert vocabulary.units.to_canonical(definition, 10, "g/dL") == 10.0


# -- refused -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("unit", ["109/L", "x109/L", "×109/L", "x 109 / L", "109/l", "1012/L", "106/L", "103/uL", "103/µL"])
def test_a_lost_superscript_is_refused_with_its_reason(unit: str, vocabulary: Vocabulary) -> None:
    error = refusal(vocabulary, "wbc", 412, unit)
    assert error.key == "unit"
    assert "superscript was lost" in error.expected
    assert "10^9/L" in error.expected


REFUSED_WITH_REASON = [
    ("wbc", "10^9", "volume is missing"),
    ("wbc", "K", "volume is missing"),
    ("wbc", "thousand", "volume is missing"),
    ("csf_wbc", "/3", "Fuchs-Rosenthal"),
    ("csf_wbc", "cells/HPF", "microscope field"),
    ("mrd", "10^-4", "power of ten is part of the value"),
    ("mrd", "log", "power of ten is part of the value"),
    ("potassium", "M", "Milli, micro and mega look alike"),
    ("weight", "lb oz", "compound"),
]


@pytest.mark.parametrize(("what", "unit", "reason"), REFUSED_WITH_REASON, ids=[f"{w} {u}" for w, u, _ in REFUSED_WITH_REASON])
def test_a_unit_of_unknowable_meaning_is_refused_with_its_reason(
    what: str, unit: str, reason: str, vocabulary: Vocabulary
) -> None:
    assert reason in refusal(vocabulary, what, 1, unit).expected


WRONG_DIMENSION = [
    ("wbc", "g/L"), ("wbc", "%"), ("wbc", "kg"), ("wbc", "1"), ("hemoglobin", "10*9/L"), ("weight", "cm"),
    ("weight", "10*9/L"), ("length", "kg"), ("mrd", "/uL"), ("marrow_blasts", "10*9/L"), ("creatinine", "U/L"),
    ("urea", "mg/dL"), ("potassium", "mg/dL"), ("sodium", "mg/dL"), ("temperature", "K"), ("albumin", "mmol/L"),
    ("creatinine", "meq/L"), ("wbc", "meq/L"), ("wbc", "furlong"), ("wbc", "L"), ("wbc", "{}"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("what", "unit"),
    WRONG_DIMENSION,
    ids=[f"{w} {u}" for w, u in WRONG_DIMENSION],
)
def test_a_unit_of_another_kind_is_refused_with_the_units_that_fit(what: str, unit: str, vocabulary: Vocabulary) -> None:
    error = refusal(vocabulary, what, 1, unit)
    assert error.key == "unit"
    assert repr(unit)[1:-1] in error.found
    assert finding_definition(what, vocabulary).unit in error.expected


@pytest.mark.parametrize("unit", [None, "", "   "])
def test_a_missing_unit_is_refused_and_never_assumed(unit: str | None, vocabulary: Vocabulary) -> None:
    error = refusal(vocabulary, "wbc", 412, unit)
    assert (error.key, error.found) == ("unit", "no unit")
    assert "10*9/L" in error.expected


def test_giga_per_litre_never_meets_gram_per_litre(vocabulary: Vocabulary) -> None:
    assert read(vocabulary, "wbc", 3, "G/L") == 3.0
    assert read(vocabulary, "hemoglobin", 85, "g/L") == 8.5
    assert read(vocabulary, "wbc", 3, "G/l") == 3.0
    assert read(vocabulary, "hemoglobin", 85, "g/l") == 8.5
    for unit in ("g/L", "g/l", "gm/L"):
        assert refusal(vocabulary, "wbc", 3, unit).key == "unit"
    for unit in ("G/L", "G/l"):
        assert refusal(vocabulary, "hemoglobin", 85, unit).key == "unit"


OUT_OF_BOUNDS = [
    ("wbc", 412_000, "10*9/L"), ("wbc", -1, "10*9/L"), ("hemoglobin", 85, "g/dL"), ("mrd", 4, "1"), ("mrd", 101, "%"),
    ("marrow_blasts", 101, "%"), ("temperature", 101.3, "Cel"), ("creatinine", 0.5, "umol/L"), ("weight", 5100, "kg"),
    ("calcium", 9.5, "mmol/L"), ("csf_wbc", 6, "10*9/L"), ("wbc", 1e300, "10*12/L"), ("wbc", 10**400, "10*9/L"),
    ("wbc", float("nan"), "10*9/L"), ("wbc", float("inf"), "10*9/L"), ("wbc", True, "10*9/L"), ("wbc", [3], "10*9/L"),
]  # fmt: skip


@pytest.mark.parametrize(("what", "value", "unit"), OUT_OF_BOUNDS, ids=[f"{w} {str(v)[:8]} {u}" for w, v, u in OUT_OF_BOUNDS])
def test_an_impossible_number_is_refused(what: str, value: Any, unit: str, vocabulary: Vocabulary) -> None:
    error = refusal(vocabulary, what, value, unit)
    assert error.key == "value"
    assert len(error.found) < 100


# -- spellings that differ only by case ----------------------------------------------------------------------------------

CASE_CLASH = UnitTable.from_data(
    {
        "activity": {
            "mU/L": {"factor": "1/1000", "spellings": ["mU/L", "milliunit/L"]},
            "MU/L": {"factor": "1000000", "spellings": ["MU/L"]},
            "U/L": {"factor": "1", "spellings": ["U/L", "units/L"]},
        }
    },
    [{"dimensions": ["activity"], "spellings": ["m/L"], "reason": "Half a unit."}],
)


@pytest.mark.parametrize(
    ("spelling", "code"),
    [
        ("mU/L", "mU/L"), ("MU/L", "MU/L"), ("m U / L", "mU/L"), ("u/l", "U/L"), ("U/L", "U/L"), ("UNITS/l", "U/L"),
        ("MilliUnit/L", "mU/L"), ("mu/l", None), ("Mu/l", None), ("MU/l", None), ("x", None), ("m/L", None),
    ],
)  # fmt: skip
def test_case_matters_only_where_two_units_differ_by_it(spelling: str, code: str | None) -> None:
    unit = CASE_CLASH.find(spelling, "activity")
    assert (unit.code if unit else None) == code


def test_a_reason_is_given_only_for_what_is_refused() -> None:
    assert CASE_CLASH.why_refused("m/L", "activity") == "Half a unit."
    assert CASE_CLASH.why_refused("m / l", "activity") == "Half a unit."
    assert CASE_CLASH.why_refused("mU/L", "activity") == ""
    assert CASE_CLASH.why_refused("m/L", "mass") == ""


def test_an_accepted_spelling_is_never_refused_for_its_case(vocabulary: Vocabulary) -> None:
    for dimension, spellings in vocabulary.units.spellings.items():
        for spelling in spellings:
            assert vocabulary.units.why_refused(spelling, dimension) == "", (dimension, spelling)


def test_an_unknown_dimension_has_no_units(vocabulary: Vocabulary) -> None:
    assert vocabulary.units.find("kg", "nothing") is None
    assert vocabulary.units.accepted("nothing") == []


# -- exactness -----------------------------------------------------------------------------------------------------------

DECIMALS = st.decimals(min_value=0, max_value=1_000_000, allow_nan=False, allow_infinity=False, places=4)


@given(value=DECIMALS, data=st.data())
def test_there_and_back_is_exact_for_every_unit_of_every_number(value: Any, data: st.DataObject, vocabulary: Vocabulary) -> None:
    table = vocabulary.units
    name = data.draw(st.sampled_from(sorted(n for n, d in vocabulary.findings.items() if d.type == "number")))
    definition = vocabulary.findings[name]
    unit = table.units[definition.dimension][data.draw(st.sampled_from(table.accepted(definition.dimension)))]
    canonical = table.units[definition.dimension][definition.unit]
    printed = Fraction(value)
    exact = (printed * unit.factor + unit.offset - canonical.offset) / canonical.factor
    assert table.to_canonical(definition, printed, unit.code) == float(exact)
    assert (exact * canonical.factor + canonical.offset - unit.offset) / unit.factor == printed


@given(value=DECIMALS)
def test_a_number_in_its_own_unit_is_unchanged(value: Any, vocabulary: Vocabulary) -> None:
    for name in ("wbc", "hemoglobin", "creatinine", "weight", "mrd", "temperature"):
        definition = vocabulary.findings[name]
        assert vocabulary.units.to_canonical(definition, float(value), definition.unit) == float(value)


def test_one_tenth_is_one_tenth() -> None:
    assert exactly(0.1) == Fraction(1, 10)
    assert exactly(3) == 3
    assert exactly(Fraction(1, 3)) == Fraction(1, 3)


def test_an_unknown_unit_is_an_error_also_without_a_message(vocabulary: Vocabulary) -> None:
    with pytest.raises(UnitError):
        vocabulary.units.to_canonical(vocabulary.findings["wbc"], 1, "furlong")
