"""The pack to take home stays on four sheets of paper, for every example family and both papers."""

from __future__ import annotations

import pytest

from helpers.examples import EXAMPLES
from infantall.family.packs import booklet
from infantall.guiding import Choices, material_for
from infantall.report.guide.pdf import booklet_pdf, sheets

pytest.importorskip("typst")


@pytest.mark.parametrize("paper", ["a4", "us-letter"])
@pytest.mark.parametrize("family", ["going-home", "maintenance-at-home", "blinatumomab-at-home", "after-transplant"])
@pytest.mark.parametrize("site", [None, EXAMPLES / "site-pack"], ids=["no site pack", "site pack"])
def test_the_pack_to_take_home_is_four_sheets(family: str, paper: str, site: object) -> None:
    material = material_for(EXAMPLES / "families" / f"{family}.yaml", Choices(language="en", site=site))  # type: ignore[arg-type]
    made = booklet(material, "go-home")
    assert [page.id for page in made.pages] == ["today", "red-flags", "line-and-medicines", "questions"]
    assert sheets(booklet_pdf(made, material.wording.words.say, paper)) == 4
