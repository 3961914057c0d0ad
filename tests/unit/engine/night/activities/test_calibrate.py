"""Under a closed roof: the sets that are missing, the lamp only for flats, and a master of each set."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from obsy.engine.devices.ports import Exposure
from obsy.engine.identity import Identity
from obsy.engine.library.master import CalibrationSet
from obsy.engine.night.activities import calibrate
from obsy.errors import DeviceError, ObsyError
from obsy.schemas.night import NightTable
from tests.support import fakes
from tests.support.stage import DUSK, START, TRAIN, Stage, document
from tests.support.telescope import Telescope

DARK = CalibrationSet("newton", "dark", 60.0, None, 2)
FLAT = CalibrationSet("newton", "flat", 2.0, "L", 3)
FOR_THE_DARK = NightTable.model_validate(document("docs/simulators/library/nights/roof.yaml"))
COOL = f"cool to {TRAIN.camera.temperature:g}"


class Building(fakes.FakeProcessing):
    """Makes a master of every set, or refuses to."""

    def __init__(self) -> None:
        self.refuses = ""

    def build(self, wanted: Any, night: date) -> Future[Any]:
        if wanted.kind != self.refuses:
            return fakes.done(SimpleNamespace(frames=wanted.count, sha256=f"of {wanted.kind}", wanted=wanted))
        future: Future[Any] = Future()
        future.set_exception(ObsyError(f"the {wanted.kind} frames differ"))
        return future


class Calibrating(Stage):
    """A stage whose library lacks sets."""

    def __init__(self, *missing: CalibrationSet, **begun: Any) -> None:
        super().__init__(**begun)
        self.missing, self.building = missing, Building()
        self.telescope = Telescope(self.clock, TRAIN)
        self.context.processing = self.building
        self.context.lacking = lambda tally, now: tuple(
            each for each in self.missing if each not in [made.wanted for made in tally.masters]
        )
        self.use(newton=self.telescope.devices())

    def use(self, **devices: Any) -> None:
        self.context.ports = replace(self.context.ports, devices=devices)

    def take(self) -> list[str]:
        """What the telescope was told."""
        self.runner.run(calibrate.run(self.context))
        return self.telescope.deeds

    def told(self, *events: str) -> list[dict[str, Any]]:
        return [entry for entry in self.journal.entries if entry["event"] in events]


@pytest.fixture
def calibrating() -> Iterator[Callable[..., Calibrating]]:
    made: list[Calibrating] = []

    def make(*missing: CalibrationSet, **begun: Any) -> Calibrating:
        made.append(Calibrating(*missing, **begun))
        return made[-1]

    yield make
    for stage in made:
        stage.close()


def test_the_sensor_is_cooled_darks_are_capped_flats_are_lit_and_the_cap_stays_on(calibrating: Any) -> None:
    dark, flat = "dark 60 s None", "flat 2 s L"
    assert calibrating(DARK, FLAT).take() == [
        COOL,
        *("cap", dark, dark),
        *("select L", "cap and shine", flat, flat, flat),
        "cap",
    ]


def test_a_telescope_without_a_wheel_and_a_panel_takes_its_flats_as_it_is(calibrating: Any) -> None:
    stage = calibrating(replace(FLAT, count=1))
    stage.use(newton=stage.telescope.devices(wheel=False))
    assert stage.take() == [COOL, "cap and shine", "flat 2 s L", "cap"]
    stage = calibrating(replace(FLAT, count=1))
    stage.use(newton=stage.telescope.devices(panel=False))
    assert stage.take() == [COOL, "flat 2 s L"]


def test_a_frame_is_taken_as_the_camera_is_declared_and_says_what_it_is_for(calibrating: Any) -> None:
    stage = calibrating(replace(DARK, count=1))
    stage.take()
    camera, asked = TRAIN.camera, Identity(train="newton")
    expected = Exposure("dark", 60.0, None, camera.gain, camera.offset, camera.binning, "dark", asked=asked)
    assert stage.telescope.taken == [expected]
    (taken,) = stage.told("frame-taken")
    assert (taken["frame"], taken["train"], taken["kind"], taken["exposure_s"]) == (
        "newton-1.fits",
        "newton",
        "dark",
        60.0,
    )
    assert taken["began"] == START


def test_each_set_becomes_a_master_a_minute_after_its_last_verdict(calibrating: Any) -> None:
    stage = calibrating(DARK, FLAT)
    stage.take()
    darks, flats = stage.told("master-built")
    verdict_s, built_s = stage.context.rules.verdict_s, 60.0
    assert darks["time"] == START + timedelta(seconds=2 * 60.0 + verdict_s + built_s)
    assert flats["time"] == darks["time"] + timedelta(seconds=3 * 2.0 + verdict_s + built_s)
    assert {name: darks[name] for name in ("train", "kind", "filter", "exposure_s", "frames", "sha256")} == {
        "train": "newton",
        "kind": "dark",
        "filter": None,
        "exposure_s": 60.0,
        "frames": 2,
        "sha256": "of dark",
    }
    assert [master.wanted for master in stage.context.tally.masters] == [DARK, FLAT]


def test_a_set_that_cannot_be_combined_is_journaled_and_the_next_one_is_taken(calibrating: Any) -> None:
    stage = calibrating(DARK, FLAT)
    stage.building.refuses = "dark"
    stage.take()
    (failed,) = stage.told("master-failed")
    assert (failed["kind"], failed["reason"]) == ("dark", "the dark frames differ")
    assert [master["kind"] for master in stage.told("master-built")] == ["flat"]
    assert [master.wanted for master in stage.context.tally.masters] == [FLAT]


def test_frames_that_are_in_hand_are_not_taken_again(calibrating: Any) -> None:
    stage = calibrating(DARK)
    stage.context.tally.keep("newton", "dark", None, 60.0)
    assert stage.take() == [COOL, "cap", "dark 60 s None", "cap"]


def test_an_archive_that_refuses_a_frame_is_given_no_more_and_no_master_is_made(calibrating: Any) -> None:
    stage = calibrating(replace(DARK, count=5), FLAT)

    def outcome(path: Path) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_exception(ObsyError("the disk is full"))
        return future

    stage.building.outcome = outcome
    assert stage.take() == [COOL, "cap", "dark 60 s None", "dark 60 s None", "select L", "cap and shine", "cap"]
    assert stage.told("master-built", "master-failed") == []


def test_nothing_that_is_taken_under_an_open_roof_is_a_dark(calibrating: Any) -> None:
    stage = calibrating(DARK)
    stage.roof.at = 1.0
    with pytest.raises(DeviceError, match="no calibration under a roof whose switches say 'open'"):
        stage.take()
    assert stage.telescope.deeds == []


def test_where_nothing_is_missing_nobody_looks_at_the_roof(calibrating: Any) -> None:
    stage = calibrating()
    stage.roof.at = 1.0
    assert stage.take() == []


def test_each_train_takes_its_own_sets_at_the_same_time(calibrating: Any) -> None:
    stage = calibrating(DARK, replace(DARK, train="refractor"))
    other = Telescope(stage.clock, TRAIN.model_copy(update={"name": "refractor"}))
    stage.use(newton=stage.telescope.devices(), refractor=other.devices())
    assert stage.take() == other.deeds == [COOL, "cap", "dark 60 s None", "dark 60 s None", "cap"]
    first, second = stage.told("master-built")
    assert first["time"] == second["time"]
    assert {first["train"], second["train"]} == {"newton", "refractor"}


def test_a_set_of_a_camera_that_obsy_does_not_move_is_left_alone(calibrating: Any) -> None:
    assert calibrating(replace(DARK, train="elsewhere")).take() == []


@pytest.mark.parametrize("begin_in", [None, "closing"], ids=["taken up under a closed roof", "roof closed first"])
@pytest.mark.parametrize("begun", [DUSK - timedelta(seconds=90), DUSK + timedelta(seconds=30)], ids=["dusk", "dark"])
def test_by_the_table_for_the_dark_no_roof_opens_before_the_masters_of_its_lights_are_built(
    calibrating: Any, begun: datetime, begin_in: str | None
) -> None:
    stage = calibrating(DARK, FLAT, start=begun, table=FOR_THE_DARK)
    stage.begin(begin_in)
    assert stage.play() is None
    events = stage.events()
    opens = events.index("roof-opening")
    assert events[:opens].count("master-built") == 2
    assert events.count("master-built") == 2, "and none is taken again at dawn"
    assert stage.executor.slews > 0
