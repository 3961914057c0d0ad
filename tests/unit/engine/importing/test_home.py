"""Filters of other programs, by what they are called here."""

from dataclasses import replace
from pathlib import Path

import pytest

from obsy.engine.declare.survey import survey
from obsy.engine.importing.home import Home, home_of
from obsy.engine.importing.wish import UNSAID
from obsy.errors import UserError
from obsy.schemas.train import Filter


@pytest.fixture(scope="module")
def home(root: Path) -> Home:
    return home_of(survey(root, root / "plans"), root / "plans", None, {"Lum 2": "L"})


@pytest.mark.parametrize(
    ("said", "role"),
    [("L", "L"), ("Lum", "L"), ("luminance", "L"), ("Lum 2", "L"), ("RED", "R"), ("h_alpha", "Ha"), ("Ha 6.5 nm", "Ha")]
    + [
        ("O3", "OIII"),
        ("OIII 3nm", "OIII"),
        ("Johnson V", "V"),
        ("v", "V"),
        ("SII", None),
        ("Ic", None),
        ("?", None),
        ("", None),
    ],
)
def test_a_filter_is_known_by_role_label_and_usual_names(said: str, role: str | None, home: Home) -> None:
    assert home.role(said) == role


def test_a_filter_that_is_not_named_is_the_only_one_there_is(home: Home) -> None:
    colour = home.trains[0].model_copy(update={"filters": None, "filter": Filter(role="OSC", label="OSC")})
    assert replace(home, trains=[colour]).role(UNSAID) == "OSC"
    assert replace(home, trains=[colour]).role("Ha") is None
    assert replace(home, trains=[colour, *home.trains]).role(UNSAID) is None


def test_a_plan_to_be_like_is_named_with_those_there_are(root: Path) -> None:
    with pytest.raises(UserError, match="no plan is named 'm13'; there are bubble, "):
        home_of(survey(root, root / "plans"), root / "plans", "m13")
    assert home_of(survey(root, root / "plans"), root / "plans", "m31").like["pipeline"] == "deep-sky"
