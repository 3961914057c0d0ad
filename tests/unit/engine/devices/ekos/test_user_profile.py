"""The profile at work is the one on whose server KStars is."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from obsy.engine.devices.ekos.user_profile import UserProfile, at_work, profiles_of
from obsy.errors import DeviceError
from obsy.schemas.address import ServerAddress

HERE = ServerAddress("127.0.0.1", 7624)
STOCK = UserProfile("Simulators", ServerAddress("localhost", 7624), is_local=True)
PIER = UserProfile("Pier", ServerAddress("127.0.0.1", 7700), is_local=False)
SAME = UserProfile("Same", ServerAddress("127.0.0.1", 7624), is_local=False)


def test_profiles_are_read_with_their_servers_and_without_a_host_kstars_begins_it(tmp_path: Path):
    with closing(sqlite3.connect(":memory:")) as made:
        made.execute("CREATE TABLE profile (id INTEGER PRIMARY KEY, name TEXT, host TEXT, port INTEGER)")
        made.execute("INSERT INTO profile VALUES (1, 'Simulators', NULL, NULL), (2, 'Pier', '127.0.0.1', 7700)")
        (tmp_path / "userdb.sqlite").write_bytes(made.serialize())
    assert profiles_of(tmp_path / "userdb.sqlite") == [STOCK, PIER]


def test_the_one_to_whose_server_kstars_is_connected_is_at_work():
    assert at_work([STOCK, PIER], {ServerAddress("127.0.0.1", 7700), ServerAddress("10.0.0.1", 443)}) == PIER
    assert at_work([STOCK, PIER], {HERE}) == STOCK


def test_of_two_on_one_server_the_local_one_counts_since_it_may_end_others():
    assert at_work([SAME, STOCK], {HERE}) == at_work([STOCK, SAME], {HERE}) == STOCK


def test_without_one_at_work_those_that_are_there_are_told():
    with pytest.raises(
        DeviceError, match=r"none of its profiles \('Simulators' on localhost:7624, 'Pier' on .*: start"
    ):
        at_work([STOCK, PIER], {ServerAddress("127.0.0.1", 9999)})
