"""A drill of a real roof that may not be begins nothing."""

import subprocess
from pathlib import Path

import pytest

from obsy.engine.declare.equipment import read_equipment
from obsy.engine.drills.real.boundary import ORDERS
from obsy.engine.drills.real.drill import MISHAPS, RealDrill
from obsy.engine.runtime.guard.begin import devices
from obsy.engine.safety.lock import only_keeper
from obsy.errors import GuardRunning, UserError
from tests.support.house import site


@pytest.fixture
def no_child(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subprocess, "Popen", lambda *_, **__: pytest.fail("something was begun"))


def drill(folder: Path, **settings: str) -> RealDrill:
    (folder / "site").mkdir()
    (folder / "site" / "all.yaml").write_text(site(12.0, **settings))
    return RealDrill(folder, read_equipment(folder), print)


def test_what_the_policy_does_not_allow_is_not_begun(tmp_path: Path, no_child: None) -> None:
    with pytest.raises(UserError, match="drills: by day"):
        next(drill(tmp_path).play(["rain"]))


def test_a_roof_that_another_keeps_is_left_alone(tmp_path: Path, no_child: None) -> None:
    drilled = drill(tmp_path, choice=", drills: by day")
    with (
        only_keeper(devices(read_equipment(tmp_path), tmp_path)),
        pytest.raises(GuardRunning, match="is kept by another process"),
    ):
        next(drilled.play(["rain"]))


def test_every_mishap_is_an_order_or_the_end_of_a_process() -> None:
    deeds = {each.deed for each in MISHAPS.values()}
    assert deeds - set(ORDERS) == {"kill-night", "silence-night", "kill-guard"}
    assert set(ORDERS) - deeds == {"well"}
