"""A KStars that believes to stand elsewhere would tell the mount so."""

import asyncio
import json

import pytest

from obsy.engine.devices.ekos.place import check_place
from obsy.errors import DeviceError
from obsy.schemas.site import Location

HILL = Location(38.16, -2.33, 1650.0)
DATE_LINE = Location(-17.0, 179.95, 10.0)


def check(site: Location, said: object) -> None:
    class Kstars:
        async def call(self, path: str, interface: str, method: str, *words: str) -> object:
            assert (path, interface, method) == ("/KStars", "org.kde.kstars", "location")
            return said

    asyncio.run(check_place(Kstars(), site))


def at(latitude: object, longitude: object) -> str:
    return json.dumps({"country": "Spain", "latitude": latitude, "longitude": longitude, "tz": 1})


def test_the_town_beside_the_site_is_near_enough_also_across_the_date_line():
    check(HILL, at(38.3, -2.5))
    check(HILL, at(38.16, 357.67))
    check(DATE_LINE, at(-17.0, -179.95))


@pytest.mark.parametrize("place", [(51.468, 0.0), (38.4, -2.33), (38.16, -2.6), (38.16, 2.33), (float("nan"), -2.33)])
def test_another_place_is_told_with_both_and_what_to_do(place: tuple[float, float]):
    with pytest.raises(DeviceError, match=r"and the site at 38.16 deg and -2.33 deg: set KStars' location"):
        check(HILL, at(*place))


@pytest.mark.parametrize("said", [None, "", "{}", "[]", at(None, 0.0), at("north", 0.0)])
def test_an_answer_that_is_no_place_is_not_taken_for_the_site(said: object):
    with pytest.raises(DeviceError, match="asked where it stands and answered"):
        check(HILL, said)
