"""Gain and offset in a sequence of EKOS, and what one is whose maker says nothing else of it."""

from pathlib import Path

import pytest

from obsy.engine.devices.ekos.dialects import dialect_of
from obsy.engine.devices.ekos.jobs import EkosFrames, levels, sequence_text
from obsy.engine.devices.indi.camera_profiles import CameraProfile


@pytest.mark.parametrize(
    ("gain", "offset", "told"),
    [
        (("CCD_CONTROLS", "Gain"), ("CCD_CONTROLS", "Offset"), {"CCD_CONTROLS": {"Gain": 100, "Offset": 10}}),
        (("CCD_GAIN", "GAIN"), ("CCD_OFFSET", "OFFSET"), {"CCD_GAIN": {"GAIN": 100}, "CCD_OFFSET": {"OFFSET": 10}}),
        (("CCD_GAIN", "GAIN"), None, {"CCD_GAIN": {"GAIN": 100}}),
        (("CCD_ISO", ""), None, {}),
    ],
)
def test_gain_and_offset_are_numbers_where_the_driver_keeps_them(gain, offset, told):
    assert levels(CameraProfile(gain, offset), 100, 10) == told


def test_a_sequence_is_its_owner_s_and_focuses_only_as_asked_unless_it_is_said_otherwise():
    spoken, series = dialect_of((3, 8, 0)), [EkosFrames("light", 60.0, 5, "M 31", Path("/frames"), (6248, 4176))]
    said = sequence_text(series, spoken)
    assert said == sequence_text(series, spoken, driven=False, refocus_min=0)
    assert said not in {sequence_text(series, spoken, driven=True), sequence_text(series, spoken, refocus_min=60)}
