from dataclasses import replace
from typing import Any

import pytest

from obsy.engine.report.inputs import ReportInputs
from obsy.engine.report.story import Curves, Story
from obsy.engine.report.strip import Row, Strip, frame_strip, weather_strip
from obsy.engine.report.tell import tell


@pytest.fixture
def told(night_entries: list[dict[str, Any]], night_shelf: ReportInputs, night_curves: Curves) -> Story:
    """The made-up night's story."""
    return tell(night_entries, night_shelf, night_curves)


def row(strip: Strip | None, name: str) -> Row:
    assert strip is not None
    return next(each for each in strip.rows if each.name == name)


def test_a_silent_sensor_leaves_one_gap(told: Story) -> None:
    strip = weather_strip(told)
    assert [len(each.gaps) for each in strip.rows if strip] == [0, 0, 1, 0, 0] if strip else False


def test_a_sensor_that_dies_is_silent_to_the_end(told: Story) -> None:
    half = len(told.weather) // 2
    dead = [replace(n, values={k: v for k, v in n.values.items() if k != "rain"}) for n in told.weather[half:]]
    (gap,) = row(weather_strip(replace(told, weather=(*told.weather[:half], *dead))), "Rain").gaps
    assert gap[0] + gap[1] > 900


def test_what_breaks_its_limit_is_drawn_over(told: Story) -> None:
    strip = weather_strip(told)
    assert row(strip, "Cloud").over.startswith("M")
    assert row(strip, "Humidity").over == ""


def test_a_limit_stands_between_bottom_and_top(told: Story) -> None:
    cloud = row(weather_strip(told), "Cloud")
    assert cloud.limit is not None
    assert cloud.top < cloud.limit < cloud.bottom


def test_every_measured_light_is_a_dot(told: Story) -> None:
    assert len(row(frame_strip(told), "Stars").dots) == len(told.lights)


def test_rejected_frames_are_told_apart(told: Story) -> None:
    dots = row(frame_strip(told), "Star width (FWHM)").dots
    assert sum(not dot.accepted for dot in dots) == sum(shot.verdict == "rejected" for shot in told.lights)


def test_a_night_without_measures_has_no_strip(told: Story) -> None:
    bare = replace(told, weather=(), shots=())
    assert (weather_strip(bare), frame_strip(bare)) == (None, None)
