"""What it costs, and what it needs, to load this room."""

import subprocess
import sys

import pytest


@pytest.mark.long
@pytest.mark.once
def test_skyline_windows_and_constraints_do_not_load_astropy():
    names = ("horizon", "grid", "orbit", "track", "constraints")
    imports = "; ".join(f"import obsy.engine.sky.{name}" for name in names)
    subprocess.run([sys.executable, "-c", f"import sys; {imports}; assert 'astropy' not in sys.modules"], check=True)


@pytest.mark.long
def test_a_whole_night_never_asks_the_network():
    night = """
import socket
def refuse(*_, **__): raise AssertionError("the network was asked")
socket.socket.connect = socket.getaddrinfo = refuse
from datetime import date
from obsy.engine.sky.body import Fixed
from obsy.engine.sky.grid import Grid
from obsy.engine.sky.tracks import tracks
from obsy.schemas.site import Location
from obsy.engine.sky.twilight import night
place = Location(37.2, -2.5, 2168.0)
found = night(date(2027, 10, 1), place)
tracks([Fixed(10.7, 41.3)], Grid.over(found.start, found.end, 600.0), place)
"""
    done = subprocess.run([sys.executable, "-W", "error", "-c", night], check=True, capture_output=True)
    assert done.stderr == b""
