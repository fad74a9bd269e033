"""An import can be demonstrated as it comes, and not published until a person has read it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from tests.importers.made_forms import converted, form, page, question
from townhall.engine.library import Library
from townhall.proof.check import check

TODAY = date(2026, 11, 23)
SERVICES = Path(__file__).parents[2] / "services"


@pytest.mark.parametrize(("demonstration", "errors"), [(True, False), (False, True)])
def test_its_faults_are_notes_only_in_a_demonstration(demonstration: bool, errors: bool) -> None:
    library = Library.shipped().with_folder(SERVICES)
    assert library.council is not None
    council = library.council.model_copy(update={"demonstration": demonstration})
    text = converted(form(page("/one", question("EmailAddressField", "a")))).done.text
    faults = check(text, replace(library, council=council), today=TODAY)
    codes = {fault.code for fault in faults if fault.level == "error"}
    assert ("missing-owner" in codes) is errors
    assert bool(codes) is errors
    assert "not-reviewed" in {fault.code for fault in faults}
