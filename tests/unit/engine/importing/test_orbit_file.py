"""A file of orbits of the Minor Planet Center is read as columns, and what is no orbit is told or passed over."""

import pytest

from obsy.engine.importing.orbit_file import filed_orbits
from obsy.errors import UserError

CERES = (
    "00001    3.34  0.15 K2555 188.70269   73.27343   80.25221   10.58780  0.0794013  0.21424651   2.7660512  0 E2024-"
    "V47  7330 125 1801-2024 0.80 M-v 30k MPCLINUX   4000      (1) Ceres              20241101"
)


def test_lines_are_read_and_the_head_is_passed_over(tmp_path):
    path = tmp_path / "MPCORB.DAT"
    path.write_text("Des'n     H     G   Epoch\n-----\n" + CERES + "\n" + CERES[:60] + "\n")
    (one,) = filed_orbits(path)
    assert (one.name, one.epoch) == ("(1) Ceres", "2025-05-05")
    assert (one.mean_anomaly, one.inclination, one.eccentricity, one.semi_major_axis) == (
        188.70269, 10.5878, 0.0794013, 2.7660512,
    )  # fmt: skip


def test_what_is_no_such_file_is_told(tmp_path):
    path = tmp_path / "notes.txt"
    path.write_text("nothing\n")
    with pytest.raises(UserError, match="holds no orbit in the form"):
        filed_orbits(path)
    with pytest.raises(UserError, match="cannot be read"):
        filed_orbits(tmp_path)
