"""What filters are called where nobody says."""

from pathlib import Path

import pytest

from obsy.engine.declare.declared import Entry
from obsy.engine.declare.survey import survey
from obsy.engine.exporting.wanted import series
from obsy.schemas.plan import Plan


@pytest.mark.parametrize(
    ("plan", "filters"), [("m31", ["Luminance", "Red", "Green", "Blue"]), ("m67", ["B", "V", "R"])]
)
def test_a_photometric_blue_is_not_that_of_a_picture(plan: str, filters: list[str], root: Path) -> None:
    seen = survey(root, root / "plans").declared
    entry: Entry[Plan] = next(each for each in seen.of(Plan) if each.document.name == plan)
    assert [one.filter for one in series(entry, "ACP")] == filters
