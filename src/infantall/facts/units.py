"""Exact conversion between the units that laboratories print.

Every unit is a rational number of its dimension's base unit, so that 300,000 /mm3 is 300 10*9/L and not
300.00000000000006. Inside InfantALL a number is a plain float in its finding's one canonical unit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .vocabulary import Conversion, FindingDefinition


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit: ``base = value * factor + offset``."""

    code: str
    dimension: str
    factor: Fraction
    offset: Fraction


_PER_EQUIVALENT = ("meq/l", "mval/l", "meq/litre", "meq/liter")


class UnitError(ValueError):
    """A unit that is missing, unknown, or of another kind than the finding's."""


@dataclass(frozen=True)
class UnitTable:
    """All units, found by any accepted spelling within a dimension."""

    units: Mapping[str, Mapping[str, Unit]]
    spellings: Mapping[str, Mapping[str, str]]
    refused: Mapping[tuple[str, str], str]

    @classmethod
    def from_data(cls, data: Mapping[str, Any], refused: Sequence[Mapping[str, Any]] = ()) -> UnitTable:
        """From ``{dimension: {code: {"factor": "1/1000", "offset": "0", "spellings": [...]}}}``.

        ``refused`` lists spellings whose right reading cannot be known (``109/L``: a superscript was lost), with the reason.
        """
        units: dict[str, dict[str, Unit]] = {}
        spellings: dict[str, dict[str, str]] = {}
        for dimension, entries in data.items():
            units[dimension] = {}
            spellings[dimension] = {}
            for code, entry in entries.items():
                offset = Fraction(entry.get("offset") or 0)
                units[dimension][code] = Unit(code, dimension, Fraction(entry["factor"]), offset)
                for spelling in (code, *(entry.get("spellings") or ())):
                    spellings[dimension][_plain(spelling)] = code
        reasons = {
            (dimension, _plain(spelling)): entry["reason"]
            for entry in refused
            for dimension in entry["dimensions"]
            for spelling in entry["spellings"]
        }
        return cls(units, spellings, reasons)

    @cached_property
    def _folded(self) -> dict[str, dict[str, str | None]]:
        """Spellings without regard to case; None where two units differ only by case."""
        folded: dict[str, dict[str, str | None]] = {}
        for dimension, known in self.spellings.items():
            table = folded.setdefault(dimension, {})
            for spelling, code in known.items():
                key = spelling.lower()
                table[key] = code if table.get(key, code) == code else None
        return folded

    @cached_property
    def _dimensions_of(self) -> dict[str, set[str]]:
        """The dimensions in which a spelling stands, the litre in either case: ``g/l`` is a mass, ``G/l`` a count."""
        dimensions: dict[str, set[str]] = {}
        for dimension, known in self.spellings.items():
            for spelling in known:
                dimensions.setdefault(spelling.replace("l", "L"), set()).add(dimension)
        return dimensions

    def find(self, spelling: str, dimension: str) -> Unit | None:
        """The unit of this spelling within a dimension; upper and lower case matter only where they must.

        A spelling of another dimension is never bent into one of this: ``g/L`` is no spelling of ``G/L``.
        """
        plain = _plain(spelling)
        code = self.spellings.get(dimension, {}).get(plain)
        if code is None and (dimension, plain) not in self.refused:
            meant = self._dimensions_of.get(plain.replace("l", "L"), {dimension})
            code = self._folded.get(dimension, {}).get(plain.lower()) if dimension in meant else None
        return self.units[dimension][code] if code else None

    def why_refused(self, spelling: str, dimension: str) -> str:
        """Why a known bad spelling is refused; empty for any other."""
        plain = _plain(spelling)
        reason = self.refused.get((dimension, plain), "")
        if reason or self.find(spelling, dimension) is not None:
            return reason
        return next((r for (d, s), r in self.refused.items() if d == dimension and s.lower() == plain.lower()), "")

    def accepted(self, dimension: str) -> list[str]:
        """The codes of a dimension's units, for messages."""
        return list(self.units.get(dimension, ()))

    def to_canonical(self, finding: FindingDefinition, value: float | int | Fraction, unit: str, name: str = "") -> float:
        """The value in the finding's canonical unit, exactly converted and then rounded once to a float.

        Mass and molar concentration are converted into each other only where the finding names the factor.

        Args:
            finding: what was measured.
            value: the number as printed.
            unit: the unit as printed.
            name: the name it was recorded under, where another quantity is accepted (``bun`` for urea).

        Raises:
            UnitError: the unit is not known for this finding.
        """
        exact = exactly(value)
        conversion = finding.named_conversions.get(name.lower().replace(" ", "_").replace("-", "_"), finding.conversion)
        target = self.units[finding.dimension][finding.unit]
        given = self.find(unit, finding.dimension)
        if given is not None:
            return float((exact * given.factor + given.offset - target.offset) / target.factor)
        if finding.per_equivalent and _plain(unit).lower() in _PER_EQUIVALENT:
            mmol = self.units["substance_concentration"]["mmol/L"]
            return float(exact * Fraction(finding.per_equivalent) * mmol.factor / target.factor)
        other = self._through_molar_mass(finding, conversion, exact, unit) if conversion else None
        if other is None:
            raise UnitError(unit)
        return float(other)

    def units_of(self, finding: FindingDefinition) -> list[str]:
        """Codes of the units that a finding may be recorded in, its canonical unit first."""
        codes = [finding.unit, *(code for code in self.accepted(finding.dimension) if code != finding.unit)]
        if finding.conversion:
            other = next(d for d in ("mass_concentration", "substance_concentration") if d != finding.dimension)
            codes += self.accepted(other)
        return codes

    def _through_molar_mass(
        self, finding: FindingDefinition, conversion: Conversion, value: Fraction, unit: str
    ) -> Fraction | None:
        mass, molar = "mass_concentration", "substance_concentration"
        if finding.dimension == molar:
            source, target, factor = mass, molar, Fraction(conversion.factor)
            from_code, to_code = conversion.mass_unit, conversion.molar_unit
        else:
            source, target, factor = molar, mass, 1 / Fraction(conversion.factor)
            from_code, to_code = conversion.molar_unit, conversion.mass_unit
        given = self.find(unit, source)
        if given is None:
            return None
        in_from = value * given.factor / self.units[source][from_code].factor
        in_to = in_from * factor
        return in_to * self.units[target][to_code].factor / self.units[target][finding.unit].factor


def exactly(value: float | int | Fraction) -> Fraction:
    """The number as it was written: 0.1 is one tenth, not the nearest binary fraction."""
    return Fraction(repr(value)) if isinstance(value, float) else Fraction(value)


def _plain(spelling: str) -> str:
    """One form for the many ways to type the same unit: no spaces, one micro sign, one multiplication sign.

    Superscripts stay as they are: Unicode's own normalisation would turn 10⁹ into 109.
    """
    return "".join(spelling.replace("μ", "u").replace("µ", "u").replace("×", "x").split())
