"""Cameras that nobody has declared, as their frames tell them."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from obsy.engine.frames.frame import FrameKind
from obsy.engine.frames.taken_with import TakenWith
from obsy.engine.starting.from_frames import UNTOLD, FoundTrain, UndeclaredFrame, trains_of
from obsy.engine.starting.measured_camera import MeasuredCamera
from tests.unit.engine.starting.test_measured_camera import BLANK

LIGHT = replace(BLANK, kind=FrameKind.LIGHT, filter="Luminance", exposure_s=60.0)
TAKEN = TakenWith("ASI2600MM Pro", (6248, 4176), 1, 3.76, 530.0, 106.0, None, 0.25, -10.0, None)

NOTHING = MeasuredCamera()


def seen(many: int = 1, frame: Any = LIGHT, **changes: Any) -> list[UndeclaredFrame]:
    return [UndeclaredFrame(frame, TAKEN._replace(**changes))] * many


def found(frames: list[UndeclaredFrame], measured: MeasuredCamera = NOTHING) -> FoundTrain:
    trains, remarks = trains_of(frames, measure=lambda *_: measured)
    assert len(trains) == 1, remarks
    return trains[0]


def test_a_train_is_what_its_frames_say_with_how_many_say_it() -> None:
    flat = replace(LIGHT, kind=FrameKind.FLAT, filter="H-alpha 5 nm", exposure_s=2.5)
    train = found([*seen(5), *seen(2, replace(LIGHT, gain=0)), *seen(3, flat, focal_mm=None, aperture_mm=None)])
    assert (train.name, train.frames, train.place) == ("asi2600mm-pro", 10, "site/asi2600mm-pro.yaml")
    assert train.values == {
        "camera": "ASI2600MM Pro", "size": "6248 x 4176 px", "pixel": "3.76 um", "focal_length": "530 mm",
        "aperture": "106 mm", "gain": 100, "offset": 50, "binning": 1, "temperature": "-10 degC",
        "conversion": "0.25 e/adu", "full_well": "16384 e",
    }  # fmt: skip
    assert train.why["gain"] == "5 frames of 7"
    assert train.why["focal_length"] == "7 frames"
    assert train.filters == (("Ha", "H-alpha 5 nm"), ("L", "Luminance"))
    assert train.flats == "2.5 s"
    told = ("read_noise", "dark_current", "full_well", "pedestal", "download", "timeout", "panel", "change of filters")
    assert train.guesses == told


def test_a_train_whose_newest_frame_is_more_than_a_year_old_is_retired_since_the_day_after() -> None:
    old = replace(LIGHT, taken_at=datetime(2019, 3, 4, 23, tzinfo=UTC))
    train = found([*seen(3, replace(LIGHT, taken_at=datetime(2024, 5, 1, 2, tzinfo=UTC))), *seen(1, old)])
    assert train.retired(date(2025, 5, 1)) is None
    assert train.retired(date(2025, 5, 2)) == date(2024, 5, 2)


def test_what_no_frame_says_is_a_guess_or_nothing() -> None:
    bare = replace(LIGHT, gain=None, offset=None, filter=None, temperature_c=None)
    train = found(seen(1, bare, camera="", aperture_mm=None, conversion=None, set_c=None))
    assert train.name == "camera-6248x4176"
    assert (train.values["gain"], train.why["gain"]) == (0, "no frame says one")
    assert train.values["aperture"] == "106 mm"  # a fifth
    assert (train.filters, train.flats) == ((), "3 s")
    everything = ("aperture", "temperature", "conversion", "read_noise", "dark_current", "full_well", "pedestal")
    assert train.guesses == (*everything, *UNTOLD)


def test_where_no_cooler_was_set_the_sensor_says_how_cold_it_was() -> None:
    warm = [each for c in (-4.6, -5.2, None) for each in seen(1, replace(LIGHT, temperature_c=c), set_c=None)]
    assert found(warm).values["temperature"] == "-5 degC"


def test_an_aperture_that_no_telescope_has_is_not_believed() -> None:
    assert "aperture" in found(seen(aperture_mm=5300.0)).guesses


def test_a_focal_length_is_that_of_a_solution_where_there_is_one() -> None:
    assert found(seen(binning=2, scale_arcsec=3.1, focal_mm=9.0)).values["focal_length"] == "500.3585 mm"


def test_a_nominal_focal_length_beside_a_measured_one_is_told_and_no_second_telescope() -> None:
    train = found([*seen(3, focal_mm=600.0), *seen(2, focal_mm=600.0, scale_arcsec=1.25)])
    assert train.values["focal_length"] == "620.4445 mm"
    assert train.why["focal_length"] == "2 frames (by their scale; headers say 600 mm)"


def test_pairs_of_frames_are_asked_at_the_lights_own_settings_and_tell_what_headers_do_not() -> None:
    asked: list[Any] = []

    def measure(frames: Any, *settings: Any) -> MeasuredCamera:
        asked.append((len(frames), *settings))
        return MeasuredCamera(500.04, 0.8123, 4.0)

    trains, _ = trains_of(seen(2, conversion=None), measure=measure)
    assert asked == [(2, 100, 50, 1)]
    values = {key: trains[0].values[key] for key in ("conversion", "read_noise", "pedestal", "full_well")}
    assert values == {
        "conversion": "0.812 e/adu",
        "read_noise": "3.25 e",
        "pedestal": "500 adu",
        "full_well": "53234 e",
    }
    assert trains[0].guesses == ("dark_current", "full_well", *UNTOLD)


@pytest.mark.parametrize(("by_flats", "told"), [(0.29, "1 frame"), (0.31, "1 frame (a pair of flats says 0.31 e/adu)")])
def test_a_pair_of_flats_that_contradicts_the_headers_is_told(by_flats: float, told: str) -> None:
    train = found(seen(), MeasuredCamera(500.0, by_flats, 4.0))
    assert (train.values["conversion"], train.why["conversion"]) == ("0.25 e/adu", told)


def test_names_that_are_taken_are_not_given_again() -> None:
    small = seen(size=(100, 100))
    trains, _ = trains_of([*seen(), *small], {"asi2600mm-pro"}, measure=lambda *_: NOTHING)
    assert [each.name for each in trains] == ["asi2600mm-pro-2", "asi2600mm-pro-3"]


def test_labels_of_one_role_keep_apart() -> None:
    both = [*seen(), *seen(1, replace(LIGHT, filter="L"))]
    assert len(dict(found(both).filters)) == 2


@pytest.mark.parametrize(
    ("frames", "why"),
    [
        (seen(2, pixel_um=None), "ASI2600MM Pro, 2 frames: no header has the size of a pixel"),
        (seen(1, focal_mm=None), "ASI2600MM Pro, 1 frame: no header has a focal length"),
        ([*seen(), *seen(focal_mm=371.0)], "focal lengths from 371 to 530 mm"),
        (seen(1, camera="", focal_mm=None), "a camera of 6248 x 4176 px, 1 frame"),
    ],
)
def test_frames_that_cannot_tell_a_train_say_why(frames: list[UndeclaredFrame], why: str) -> None:
    trains, remarks = trains_of(frames)
    assert trains == []
    assert why in remarks[0]
