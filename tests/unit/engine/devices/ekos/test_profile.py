import json
import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest

from obsy.engine.devices.ekos.profile import write_profile
from obsy.schemas.address import ServerAddress

# The tables KStars 3.6.2 makes, schema 312, in as far as obsy writes to them.
TABLES = """
CREATE TABLE profile (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, host TEXT, port INTEGER,
    autoconnect INTEGER, guidertype INTEGER, indihub INTEGER, portselector INTEGER);
CREATE TABLE driver (id INTEGER PRIMARY KEY AUTOINCREMENT, label TEXT NOT NULL, role TEXT NOT NULL,
    profile INTEGER NOT NULL);
CREATE TABLE telescope (id INTEGER PRIMARY KEY AUTOINCREMENT, Vendor TEXT, Aperture REAL NOT NULL, Model TEXT,
    Type TEXT, FocalLength REAL);
CREATE TABLE opticaltrains (id INTEGER PRIMARY KEY AUTOINCREMENT, profile INTEGER, name TEXT, mount TEXT, dustcap TEXT,
    lightbox TEXT, scope TEXT, reducer REAL, rotator TEXT, focuser TEXT, filterwheel TEXT, camera TEXT, guider TEXT);
CREATE TABLE profilesettings (id INTEGER PRIMARY KEY AUTOINCREMENT, profile INTEGER, settings TEXT);
INSERT INTO profile (name) VALUES ('Simulators');
"""


@pytest.fixture
def database(tmp_path):
    path = tmp_path / "userdb.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(TABLES)
    return path


def rows(database, query):
    with closing(sqlite3.connect(database)) as connection:
        return connection.execute(query).fetchall()


def test_the_profile_points_at_the_server(database, equipment):
    write_profile(database, equipment, ServerAddress("localhost", 7700))
    assert rows(database, "SELECT host, port FROM profile WHERE name = 'obsy'") == [("localhost", 7700)]


def test_a_wheel_inside_the_camera_is_no_driver_of_its_own(database, equipment):
    write_profile(database, equipment, ServerAddress("localhost", 7700))
    assert [role for (role,) in rows(database, "SELECT role FROM driver")] == ["Mount", "CCD", "Focuser"]


def test_a_driver_that_kstars_calls_otherwise_than_its_device_is_named_as_it_calls_it(database, equipment):
    named = replace(equipment, drivers={equipment.camera: "ZWO CCD"})
    write_profile(database, named, ServerAddress("localhost", 7700))
    assert rows(database, "SELECT label FROM driver WHERE role = 'CCD'") == [("ZWO CCD",)]
    assert rows(database, "SELECT camera FROM opticaltrains") == [(equipment.camera,)]


def test_the_train_names_the_telescope_as_kstars_labels_it(database, equipment):
    write_profile(database, equipment, ServerAddress("localhost", 7700))
    assert rows(database, "SELECT scope FROM opticaltrains") == [("obsy Telescope 700@F/5.8",)]


def test_every_module_uses_the_train(database, equipment):
    write_profile(database, equipment, ServerAddress("localhost", 7700))
    [(train,)] = rows(database, "SELECT id FROM opticaltrains")
    [(settings,)] = rows(database, "SELECT settings FROM profilesettings")
    assert json.loads(settings) == {str(module): train for module in range(7)}


def test_writing_it_again_leaves_one_and_touches_no_other(database, equipment):
    write_profile(database, equipment, ServerAddress("localhost", 7700))
    write_profile(database, equipment, ServerAddress("localhost", 7701))
    assert rows(database, "SELECT name, port FROM profile") == [("Simulators", None), ("obsy", 7701)]
    assert rows(database, "SELECT count(*) FROM opticaltrains") == [(1,)]
    assert rows(database, "SELECT count(*) FROM driver") == [(3,)]
