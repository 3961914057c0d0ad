"""The drills that ship, played on the example."""

from datetime import date

import pytest

from obsy.engine.drills import SHIPPED
from obsy.engine.drills.drill import drill
from tests.support.effort import EFFORT
from tests.support.equipment import example

pytestmark = pytest.mark.slow
NAMES = sorted(path.stem for path in SHIPPED.glob("*.yaml"))
SAMPLE = ("rain", "killed-closing", "roof-stuck", "power-cut")
"""What there is time for on every commit; `make drills` plays all."""


@pytest.mark.parametrize("name", NAMES if EFFORT > 1 else SAMPLE)
def test_a_drill_passes(name: str) -> None:
    played = drill(example(), name, date(2026, 12, 21))
    assert played.passed, played
