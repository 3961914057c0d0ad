"""The first target is up in the dark wherever there is a dark sky, and there is one where there is none."""

from datetime import date

import pytest

from obsy.engine.declare.names import known
from obsy.engine.schedule.appearance import appearance
from obsy.engine.starting.first import first_target
from obsy.schemas.site import Site


def at(latitude: float, longitude: float) -> Site:
    return Site(
        kind="site",
        name="here",
        latitude=f"{latitude} deg",
        longitude=f"{longitude} deg",
        elevation="0 m",
        timezone="UTC",
    )


@pytest.mark.parametrize(("latitude", "month"), [(-90, 9), (-35, 3), (60, 9)])
def test_somewhere_in_the_dark_it_is_up_for_an_hour(latitude: float, month: int) -> None:
    found = first_target(at(latitude, 10.0), date(2026, month, 20))
    assert found.hours > 1.0 or latitude == -90  # at the pole it does not get dark at an equinox
    target = known(found.name)
    assert target is not None
    assert latitude != 60 or (appearance(target, at(latitude, 10.0), found.day).best_deg or 0.0) > 30.0


def test_without_dark_there_is_one_that_stands_high() -> None:
    found = first_target(at(69.0, 20.0), date(2026, 6, 20))
    assert (found.hours, found.name) == (0.0, "M81")


def test_what_the_moon_stands_beside_is_not_chosen() -> None:
    assert first_target(at(38.0, -2.33), date(2026, 9, 28)).name == "M27"  # the Moon passes 30 deg from M31
