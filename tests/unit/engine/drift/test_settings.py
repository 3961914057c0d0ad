"""Settings of the newest lights are held against the train's, each fault with its line and its cure."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from obsy.engine.declare.survey import survey
from obsy.engine.drift.settings import limits, newest, settings, strangers
from obsy.engine.store.record import TakenAlike
from obsy.schemas.mount import Mount
from obsy.schemas.train import Train

ROOT = Path(__file__).parents[4]
DECLARED = survey(ROOT).declared
(TRAIN,), (MOUNT,) = DECLARED.of(Train), DECLARED.of(Mount)
TAKEN = TakenAlike("2026-11-21", "newton", "Example 47-10", "L", 1, 10, 1, 1024, 1024, 3, 1.5, "l.fits")


def test_what_was_taken_as_declared_is_in_step() -> None:
    unsaid = replace(TAKEN, camera=None, gain=None, offset=None, binning=None, filter=None)
    assert [*settings(TRAIN, [TAKEN, unsaid])] == []
    assert [*limits(MOUNT, [TAKEN, replace(TAKEN, airmass=None)])] == []
    assert [*strangers([TAKEN], [TRAIN])] == []


@pytest.mark.parametrize(
    ("changed", "code", "line", "mend"),
    [
        ({"camera": "Other"}, "model", "model: Example 47-10", "write 'model: Other'"),
        ({"gain": 100}, "gain", "gain: 1", "write 'gain: 100'"),
        ({"offset": 30}, "offset", "offset: 10", "write 'offset: 30'"),
        ({"binning": 2, "rows": 512, "columns": 512}, "binning", "camera:", "write 'binning: 2'"),
        ({"rows": 768}, "size", "size: 1024 x 1024 px", "write 'size: 1024 x 768 px'"),
        ({"filter": "Luminanz"}, "filter", "filters:", "if it is L, write 'label: Luminanz' in its slot"),
        ({"filter": "Duo-band"}, "filter", "filters:", "add a slot with 'label: Duo-band'"),
    ],
)
def test_a_setting_that_lights_say_otherwise_is_told_at_its_line(
    changed: dict[str, Any], code: str, line: str, mend: str
) -> None:
    (told,) = settings(TRAIN, [TAKEN, replace(TAKEN, **changed, path="odd.fits")])
    assert (told.code, told.frame) == (code, "odd.fits")
    assert Path(told.mark.file).read_text().splitlines()[told.mark.line - 1].strip().startswith(line)
    assert told.mend.startswith(mend)
    assert "used for 3 lights of 2026-11-21" in told.found


def test_only_the_newest_night_of_a_train_counts() -> None:
    before = replace(TAKEN, night="2026-11-20", gain=7)
    after = replace(TAKEN, night="2026-11-22", train="other")
    assert newest([before, TAKEN, after], "newton") == [TAKEN]
    assert newest([before], "other") == []


def test_a_light_below_the_mounts_limit_is_told() -> None:
    (told,) = limits(MOUNT, [TAKEN, replace(TAKEN, airmass=4.8, path="low.fits")])
    assert (told.code, told.frame) == ("limits", "low.fits")
    assert "no lower than 15 deg, and a light was begun at 12 deg" in told.found


def test_lights_of_no_declared_train_are_told_by_their_camera() -> None:
    told = [*strangers([replace(TAKEN, train=None, camera="Guide"), replace(TAKEN, train="old"), TAKEN], [TRAIN])]
    assert [each.mend for each in told] == [
        "declare 'model: Guide'",
        "give the train its name 'old' back, or declare it",
    ]
