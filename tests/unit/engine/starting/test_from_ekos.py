"""A profile of EKOS becomes answers; its database is read from a copy, and stays as it is."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from obsy.engine.starting.from_ekos import from_ekos
from obsy.errors import UserError

# The columns of KStars 3.6.2, those that are read.
TABLES = """
CREATE TABLE profile (id INTEGER PRIMARY KEY, name TEXT, host TEXT, port INTEGER);
CREATE TABLE driver (id INTEGER PRIMARY KEY, label TEXT, role TEXT, profile INTEGER);
CREATE TABLE profilesettings (id INTEGER PRIMARY KEY, profile INTEGER, settings TEXT);
CREATE TABLE opticaltrains (id INTEGER PRIMARY KEY, profile INTEGER, name TEXT, mount TEXT, scope TEXT, reducer REAL,
    focuser TEXT, filterwheel TEXT, camera TEXT, guider TEXT);
CREATE TABLE filter (id INTEGER PRIMARY KEY, Vendor TEXT, Color TEXT);
INSERT INTO profile VALUES (1, 'Simulators', '', 0), (2, 'Hill', '', 0);
INSERT INTO driver VALUES (1, 'Telescope Simulator', 'Mount', 1), (2, 'EQMod Mount', 'Mount', 2),
    (3, 'ZWO CCD', 'CCD', 2), (4, 'RollOff Simulator', 'Dome', 2), (5, 'x', 'Aux1', 2);
INSERT INTO opticaltrains VALUES
    (1, 2, 'Guide', 'EQMod Mount', 'Sample Guide 300@F/6.0', 1.0, '--', '--', 'Guide', '--'),
    (2, 2, 'Main', 'EQMod Mount', 'GSO Newton 1000@F/5.0', 0.8, 'ZWO EAF', 'ZWO EFW', 'ZWO CCD ASI2600MM', '--');
INSERT INTO profilesettings VALUES (1, 2, '{"0": 2, "1": 2}');
INSERT INTO filter VALUES (1, 'ZWO EFW', 'Lum'), (2, 'ZWO EFW', 'Ha 7nm'), (3, 'other', 'Red');
"""
RC = "[Colors]\nx\n[Location]\nLatitude=38.16\nLongitude=-2.33\nElevation=1650\nTimeZone=1\n"


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "userdb.sqlite"
    with closing(sqlite3.connect(":memory:")) as made:  # the disk is written once
        made.executescript(TABLES)
        path.write_bytes(made.serialize())
    return path


def test_a_profile_says_its_train_its_filters_and_its_place(database: Path, tmp_path: Path) -> None:
    (tmp_path / "kstarsrc").write_text(RC)
    before, names = database.read_bytes(), sorted(tmp_path.iterdir())
    database.chmod(0o400)
    answers, remarks = from_ekos(database, settings=tmp_path / "kstarsrc")
    assert answers == {
        "mount_device": "EQMod Mount", "camera_device": "ZWO CCD ASI2600MM", "roof_device": "RollOff Simulator",
        "focuser_device": "ZWO EAF", "wheel_device": "ZWO EFW", "focal-length": "800 mm", "aperture": "200 mm",
        "camera": "ZWO CCD ASI2600MM", "filters": "L=Lum, Ha=Ha 7nm", "roof": "roll-off", "latitude": "38.16 deg",
        "longitude": "-2.33 deg", "elevation": "1650 m",
    }  # fmt: skip
    assert remarks[0] == "one train is taken, 'Main', and not Guide"
    assert (database.read_bytes(), sorted(tmp_path.iterdir())) == (before, names)


def test_what_kstars_has_not_yet_checkpointed_is_read_too(database: Path) -> None:
    with closing(sqlite3.connect(database)) as kstars:
        kstars.executescript(
            "PRAGMA journal_mode=WAL; DELETE FROM profile WHERE id = 1; UPDATE profile SET name='New';"
        )
        assert "camera" in from_ekos(database, "New").answers


def test_a_kstars_that_writes_at_that_moment_is_not_waited_for(database: Path) -> None:
    with closing(sqlite3.connect(database)) as kstars:
        kstars.execute("BEGIN EXCLUSIVE")
        assert from_ekos(database).answers["mount_device"] == "EQMod Mount"


@pytest.mark.parametrize(
    ("name", "told"),
    [("Hil", "no profile 'Hil': did you mean 'Hill'?"), (None, "say '--profile' with one of Simulators")],
)
def test_which_profile_is_said_where_there_are_several(database: Path, name: str | None, told: str) -> None:
    with closing(sqlite3.connect(database)) as more, more:
        more.execute("INSERT INTO profile VALUES (3, 'Club', '', 0)")
    with pytest.raises(UserError, match=told.replace("?", r"\?")):
        from_ekos(database, name)


def test_what_is_no_database_of_kstars_is_told(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="cannot be read"):
        from_ekos(tmp_path / "gone.sqlite")
    (tmp_path / "text").write_text("no database, however long this text may be, and it is long enough by now. " * 9)
    with pytest.raises(UserError, match=r"no database of KStars 3\.6 or later: file is not a database"):
        from_ekos(tmp_path / "text")


def test_a_profile_without_train_and_place_says_its_drivers(database: Path) -> None:
    answers, _ = from_ekos(database, "Simulators", database.parent / "gone")
    assert answers == {"mount_device": "Telescope Simulator"}
