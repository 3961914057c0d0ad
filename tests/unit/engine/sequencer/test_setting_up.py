"""What setting a telescope up takes as a rule is what it is then given."""

import subprocess
import sys

import pytest

from obsy.engine.sequencer.setting_up import SOLVED_S, aims_s, usual_s
from obsy.schemas.centring import Centring
from obsy.schemas.guider import Guider
from obsy.schemas.rotator import Rotator
from tests.support.safety import a_mount
from tests.support.stage import TRAIN


def test_it_looks_as_long_as_it_is_planned_to() -> None:
    mount = a_mount().model_copy(update={"centre": Centring.model_validate("within 5 arcsec and exposing 6 s")})
    assert usual_s(mount, TRAIN) == 2 * (6.0 + TRAIN.camera.download + SOLVED_S) + mount.settle
    assert usual_s(a_mount(), TRAIN) == 0.0


def test_a_guider_takes_its_time_too() -> None:
    train = TRAIN.model_copy(update={"guider": Guider.model_validate({"settle": "lasting 12 s"})})
    assert usual_s(a_mount(), train) == 12.0 + 5.0


def test_a_rotator_turns_by_half_of_its_farthest_way_and_is_looked_at_twice() -> None:
    rotator = Rotator.model_validate({"speed": "6 deg/s", "turn": "within 1 deg and exposing 3 s"})
    train = TRAIN.model_copy(update={"rotator": rotator})
    assert usual_s(a_mount(), train) == 2 * (3.0 + TRAIN.camera.download + SOLVED_S) + 90.0 / 6.0


def test_a_mount_is_sent_ahead_by_twenty_degrees_at_most_and_settles() -> None:
    mount = a_mount().model_copy(update={"slew": 4.0, "settle": 3.0})
    assert aims_s(mount) == 20.0 / 4.0 + 3.0


@pytest.mark.long
@pytest.mark.once
def test_who_plans_loads_nothing_that_waits_for_devices() -> None:
    asked = "import sys, obsy.engine.runtime.why.past, obsy.engine.runtime.why.answer as a; print(*sys.modules)"
    said = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    loaded = {*said.stdout.split()}
    assert "obsy.engine.runtime.why.answer" in loaded
    assert not loaded & {"asyncio", "ssl", "tarfile", "obsy.engine.devices.ports", "obsy.engine.safety.asking"}
