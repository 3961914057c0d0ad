"""INDI's simulated camera is told the shipped stars in the form of the Guide Star Catalogue's own program."""

import math
import os
import subprocess
from pathlib import Path

import pytest

from obsy.engine.devices.indi.server import with_sky
from obsy.engine.sky.gsc import main

STAR = "330.7949 18.8843".split()
"""HD 209458, V 7.65 mag, as SIMBAD has it."""
ASKED = ["-c", *STAR, "-r", "12", "-m", "0", "9.5", "-n"]


def rows(text: str) -> list[list[str]]:
    return [line.split() for line in text.splitlines()]


def test_each_star_is_a_line_of_twelve_columns_the_brightest_first(capsys: pytest.CaptureFixture[str]) -> None:
    main([*ASKED, "99"])
    found = rows(capsys.readouterr().out)
    assert {len(row) for row in found} == {12}
    ra, dec, mag = (float(found[0][column]) for column in (1, 2, 4))
    assert (ra, dec) == (pytest.approx(330.7949, abs=0.001), pytest.approx(18.8843, abs=0.001))
    assert mag == pytest.approx(7.65, abs=0.15)
    assert all(float(row[4]) <= 9.5 and float(row[10]) <= 20.0 for row in found)
    assert [float(row[4]) for row in found] == sorted(float(row[4]) for row in found)
    main([*ASKED, "1"])
    assert rows(capsys.readouterr().out) == found[:1]


def test_a_wide_field_is_told_within_its_radius_and_magnitudes(capsys: pytest.CaptureFixture[str]) -> None:
    main(["-c", *STAR, "-r", "60", "-m", "7", "9.5", "-n", "99"])
    found = rows(capsys.readouterr().out)
    assert len(found) > 5
    assert all(7.0 <= float(row[4]) <= 9.5 and float(row[10]) <= 61.0 for row in found)
    (star,) = [row for row in found if float(row[1]) == pytest.approx(330.7949, abs=0.001)]
    assert (float(star[2]), float(star[10])) == (pytest.approx(18.8843, abs=0.001), pytest.approx(0.0, abs=0.1))
    main(["-c", *STAR, "-r", "60", "-m", "8", "9.5", "-n", "99"])
    assert star[1] not in {row[1] for row in rows(capsys.readouterr().out)}, "7.65 mag is brighter than 8"


def test_a_field_on_either_side_of_0_h_holds_the_stars_of_both(capsys: pytest.CaptureFixture[str]) -> None:
    fields = list[list[list[str]]]()
    for centre in ("0.02", "359.98"):
        main(["-c", centre, "20.0", "-r", "60", "-m", "0", "11", "-n", "999"])
        fields.append(rows(capsys.readouterr().out))
    for found, nearer in zip(fields, (1, -1), strict=True):
        east = [(float(row[1]) + 180) % 360 - 180 for row in found]
        assert min(east) < -0.3 < 0.3 < max(east)
        assert all(float(row[10]) <= 61.0 for row in found)
        away = [
            60 * math.hypot((e - 0.02 * nearer) * math.cos(math.radians(20)), float(row[2]) - 20)
            for e, row in zip(east, found, strict=True)
        ]
        assert [float(row[10]) for row in found] == pytest.approx(away, abs=0.01)
        angles = [float(row[11]) for row, e in zip(found, east, strict=True) if e > 0.1]
        assert angles and all(0 < angle < 180 for angle in angles), "east of the centre"


@pytest.mark.long
def test_drivers_that_obsy_begins_find_it_behind_every_other_program_of_that_name(tmp_path: Path) -> None:
    around = with_sky({"PATH": os.environ["PATH"]}, tmp_path)
    assert around["PATH"] == f"{os.environ['PATH']}{os.pathsep}{tmp_path}"
    told = subprocess.run(
        ["/bin/sh", "-c", f"gsc {' '.join(ASKED)} 1"], env=around, capture_output=True, text=True, check=True
    )
    assert rows(told.stdout)[0][8] == "TYC2"


def test_a_folder_in_which_nothing_can_be_written_costs_only_the_stars(tmp_path: Path) -> None:
    assert with_sky({}, tmp_path / "gone")["PATH"].endswith("gone")
