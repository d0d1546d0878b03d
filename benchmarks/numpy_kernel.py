"""The groups of six protocols over dictionary-coded columns, written by hand in NumPy: the yardstick for the compiled SQL.

Codes: 0 is missing; 1, 2, … are the values in the vocabulary's order. Numbers are float64 with NaN for missing. Each result is a
bit mask of the outcomes that are still possible, in the order of the protocol's own rules.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Codes = npt.NDArray[np.uint8]
Numbers = npt.NDArray[np.float64]


def _may(codes: Codes, *wanted: int, size: int) -> npt.NDArray[np.bool_]:
    """Whether a coded category is, or may be, one of the wanted values."""
    table = np.zeros(size + 1, bool)
    table[[0, *wanted]] = True
    return table[codes]


def stratify(
    age_days: Numbers, wbc: Numbers, kmt2a: Codes, prednisone: Codes, cns: Codes, lineage: Codes, mrd_eoi: Numbers
) -> dict[str, tuple[Codes, Codes]]:
    """For each protocol: the mask of eligibility (1 no, 2 yes) and the mask of groups."""
    under6, over6 = ~(age_days >= 184), ~(age_days <= 180)
    high, low = ~(wbc < 300), ~(wbc >= 300)
    rearranged, germline, not_evaluable = (_may(kmt2a, i, size=3) for i in (1, 2, 3))
    good, poor, no_response = (_may(prednisone, i, size=3) for i in (1, 2, 3))
    cns_disease, no_cns_disease = _may(cns, 2, 3, 4, 5, 6, 7, size=7), _may(cns, 1, 2, 3, 4, size=7)
    high_risk = under6 & (high | poor)
    not_high = over6 | (low & (good | no_response))
    too_old = age_days >= 366
    known_kmt2a = kmt2a > 1
    t_lineage = lineage == 2
    u8 = np.uint8

    def no(certain: npt.NDArray[np.bool_]) -> Codes:
        return np.where(certain, u8(1), u8(3))

    return {
        "interfant-21": (
            no(too_old | known_kmt2a | t_lineage),
            high_risk.astype(u8) | (not_high & ~(mrd_eoi >= 0.0005)) * u8(2) | (not_high & ~(mrd_eoi < 0.0005)) * u8(4),
        ),
        "interfant-06": (
            no(too_old),
            germline.astype(u8) | (rearranged & high_risk) * u8(2) | (not_evaluable | (rearranged & not_high)) * u8(4),
        ),
        "interfant-99": (no(too_old), good.astype(u8) | poor * u8(2) | no_response * u8(4)),
        "aall0631": (
            no(too_old),
            germline.astype(u8)
            | (rearranged & ~(age_days < 90)) * u8(2)
            | (rearranged & ~(age_days >= 90)) * u8(4)
            | not_evaluable * u8(8),
        ),
        "mll-10": (
            no((age_days >= 365) | t_lineage),
            germline.astype(u8)
            | (rearranged & ~(age_days < 180) & no_cns_disease) * u8(2)
            | (rearranged & (~(age_days >= 180) | cns_disease)) * u8(4)
            | not_evaluable * u8(8),
        ),
        "mll-baby": (
            no(too_old),
            np.full(len(kmt2a), 1, u8) | (rearranged | not_evaluable) * u8(2) | (rearranged | germline) * u8(4),
        ),
    }
