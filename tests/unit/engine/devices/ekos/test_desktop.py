from configparser import ConfigParser

from obsy.engine.devices.ekos.desktop import write_settings
from obsy.schemas.site import Location


def test_kstars_stands_at_the_site_and_its_clock_shows_utc(tmp_path):
    write_settings(Location(-33.25, -70.5, 1500.0), tmp_path)
    found = ConfigParser()
    found.optionxform = str
    found.read(tmp_path / "kstarsrc")
    place = found["Location"]
    assert (place["Latitude"], place["Longitude"], place["Elevation"]) == ("-33.250000", "-70.500000", "1500.0")
    assert (place["TimeZone"], place["DST"]) == ("0", "--")


def test_ekos_neither_guards_the_roof_nor_counts_old_files(tmp_path):
    write_settings(Location(0, 0, 0), tmp_path)
    text = (tmp_path / "kstarsrc").read_text()
    assert "SchedulerWeather=false" in text
    assert "RememberJobProgress=false" in text
