"""Which train `obsy up` and `obsy transits` take where none is named."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from obsy.cli.which_train import for_transits, trains_of
from obsy.engine.declare.observatory import Observatory
from obsy.engine.declare.survey import declare
from obsy.errors import UserError


@pytest.fixture(scope="module")
def club(root: Path) -> Observatory:
    return declare(root / "docs" / "club", site=None)


def test_transits_are_looked_for_with_the_largest_aperture_that_has_a_filter_for_them(
    club: Observatory, capsys: pytest.CaptureFixture[str]
) -> None:
    one = club.instruments[0].train
    wide = one.telescope.model_copy(update={"aperture": 900.0})
    small = one.model_copy(
        update={"name": "small", "filters": None, "filter": one.slots[0].model_copy(update={"role": "V"})}
    )
    large = small.model_copy(update={"name": "large", "telescope": wide})
    narrow = large.model_copy(update={"name": "ha", "filter": one.slots[0].model_copy(update={"role": "Ha"})})
    assert for_transits([small, narrow, large]).name == "large"
    assert capsys.readouterr().err == (
        "for large, the largest aperture with a filter R or V; '--for' chooses small and ha\n"
    )
    assert for_transits([narrow]).name == "ha"
    assert capsys.readouterr().err == ""


def test_a_retired_train_is_none_that_is_looked_for(club: Observatory) -> None:
    first, *others = club.instruments
    gone = replace(first, train=first.train.model_copy(update={"retired": date(2024, 5, 1)}))
    now = replace(club, instruments=tuple(others), retired=(gone,))
    assert first.name not in [each.name for each in trains_of(now, None)]
    with pytest.raises(UserError, match=f"'{first.name}' is retired since 2024-05-01: name one of {others[0].name}"):
        trains_of(now, first.name)
    with pytest.raises(UserError, match=f": name {others[0].name}$"):
        trains_of(replace(now, instruments=tuple(others[:1])), first.name)
    with pytest.raises(UserError, match=f"is named 'zz': there is {others[0].name}$"):
        trains_of(replace(now, instruments=tuple(others[:1])), "zz")
