"""The table and the house rules that the example ships."""

from pathlib import Path

import pytest
from ruamel.yaml import YAML

from obsy.schemas.night import NightTable
from obsy.schemas.policy import Safety

ROOT = Path(__file__).parents[4]


@pytest.fixture(scope="session")
def table() -> NightTable:
    return NightTable.model_validate(YAML(typ="safe").load((ROOT / "library/nights/roll-off.yaml").read_text()))


@pytest.fixture(scope="session")
def safety() -> Safety:
    return Safety.model_validate(
        {
            "limits": {"rain": "above 0 mm/h", "cloud": "above 50 % and hold for 3 min"},
            "dwell": "15 min",
        }
    )
