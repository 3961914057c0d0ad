"""A place is held against the city of its time zone."""

from pathlib import Path

import pytest

from obsy.engine.declare.sense.place import city_of
from obsy.engine.declare.survey import survey


def test_a_zone_that_links_to_another_has_its_city() -> None:
    assert city_of("US/Eastern") == city_of("America/New_York") == (40.7, -74.0)
    assert city_of("UTC") is city_of("Nowhere/Else") is None


@pytest.mark.parametrize(
    ("latitude", "longitude", "zone", "mend"),
    [
        (30.2, 70.8, "America/Santiago", "write 'latitude: -30.2 deg' and 'longitude: -70.8 deg'; or correct"),
        (40.7, 74.0, "US/Eastern", "write 'longitude: -74 deg'; or correct"),
    ],
)
def test_one_minus_that_lacks_is_told_and_so_are_two(
    latitude: float, longitude: float, zone: str, mend: str, tmp_path: Path
) -> None:
    (tmp_path / "site").mkdir()
    said = f"latitude: {latitude} deg\nlongitude: {longitude} deg\nelevation: 9 m\ntimezone: {zone}\n"
    (tmp_path / "site" / "site.yaml").write_text(f"kind: site\nname: home\n{said}")
    (warning,) = (each for each in survey(tmp_path).warnings if each.code == "far-from-its-zone")
    assert warning.mend.startswith(mend)
