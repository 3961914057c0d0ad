"""Of where frames were taken: a longitude counted to the west is told by the header's own clocks."""

from datetime import UTC, datetime

import pytest

from obsy.engine.science.transit.where_taken import where_taken
from obsy.errors import UserError

BEGAN = datetime(2017, 12, 20, 1, 33, 43, tzinfo=UTC)
# MicroObservatory's own cards, whose longitude counts to the west and whose LST-OBS is that of no place.
WEST = {"LATITUDE": 31.68, "LONGITUD": 110.88, "HA": 330.06374, "RA": 31.312099, "LST-OBS": "17:04:23"}


def test_a_longitude_counted_to_the_west_is_turned_by_hour_angle_and_right_ascension():
    assert where_taken(WEST, BEGAN)[:2] == (31.68, -110.88)


def test_a_longitude_counted_to_the_east_stays():
    assert where_taken(WEST | {"LONGITUD": -110.88}, BEGAN).longitude_deg == -110.88


def test_a_sidereal_clock_tells_it_too():
    cards = {"SITELAT": 31.68, "SITELONG": 249.12, "SITEELEV": 2600.0, "LST": "00 05 10"}
    assert where_taken(cards, BEGAN) == (31.68, pytest.approx(-110.88), 2600.0)


@pytest.mark.parametrize("clocks", [{}, {"LST": "12:00:00"}])
def test_a_header_that_does_not_say_which_way_it_counts_is_asked_about(clocks):
    with pytest.raises(UserError, match="east or west: name the site with '--site'"):
        where_taken({"LATITUDE": 31.68, "LONGITUD": 110.88} | clocks, BEGAN)


def test_near_greenwich_the_sign_does_not_matter():
    assert where_taken({"LATITUDE": 51.5, "LONGITUD": 0.1}, BEGAN).longitude_deg == pytest.approx(0.1)


@pytest.mark.parametrize("wrong", [{"LATITUDE": 9999.0}, {"LATITUDE": -90.1}, {"LONGITUD": 361.0}])
def test_a_place_that_is_nowhere_on_earth_is_asked_about(wrong):
    name, value = next(iter(wrong.items()))
    with pytest.raises(UserError, match=rf"{name} = {value:g} is nowhere on Earth: name the site with '--site'"):
        where_taken(WEST | wrong, BEGAN)


@pytest.mark.parametrize(("said", "believed"), [(-999.0, 0.0), (1e6, 0.0), (-430.0, -430.0), (8848.0, 8848.0)])
def test_an_elevation_that_is_none_is_not_believed(said, believed):
    assert where_taken(WEST | {"ALT-OBS": said}, BEGAN).elevation_m == believed


def test_a_header_without_a_place_names_none():
    assert where_taken({"LATITUDE": 31.68}, BEGAN) is None
