"""Weather closes the roof in time, and only proof opens it again."""

from datetime import timedelta
from typing import Any

import pytest

from obsy.engine.journal import moment

pytestmark = pytest.mark.slow(minutes=0.7)


def closed_again(night: Any) -> None:
    """However the night went, it ends under a closed roof that struck nothing, with no frame lost."""
    assert night.roof()["goal"] == 0.0
    assert night.events("roof-opened", "roof-closed")[-1]["event"] == "roof-closed"


@pytest.fixture(scope="module")
def cloudy(root: Any, tmp_path_factory: pytest.TempPathFactory, scenarios: Any) -> Any:
    return scenarios.long_night(root, tmp_path_factory.mktemp("cloudy"), "clouds-at-midnight")


@pytest.fixture(scope="module")
def rainy(root: Any, tmp_path_factory: pytest.TempPathFactory, scenarios: Any) -> Any:
    return scenarios.long_night(root, tmp_path_factory.mktemp("rainy"), "rain-at-two")


# The first closing of a night is its keeper's, as it begins.


def test_clouds_close_the_roof_after_their_hold(cloudy: Any) -> None:
    closing = moment(cloudy.events("roof-closing")[1]["time"])
    # 23:50 and ten minutes to 85 %: above 40 % at 23:54:42 local, and three minutes of hold.
    assert moment("2026-11-21T22:57:30.000Z") < closing < moment("2026-11-21T22:59:30.000Z")


def test_after_clouds_the_roof_opens_when_the_dwell_is_over(cloudy: Any) -> None:
    safe = next(e for e in cloudy.events("verdict") if e["safe"] and e["time"] > "2026-11-21T23")
    reopening = cloudy.events("roof-opening")[1]
    # Below 40 % again at 01:25:29 local, and twenty minutes of dwell.
    assert moment("2026-11-22T00:45:00.000Z") < moment(safe["time"]) < moment("2026-11-22T00:47:00.000Z")
    assert timedelta(0) <= moment(reopening["time"]) - moment(safe["time"]) < timedelta(minutes=1)


def test_after_clouds_the_night_goes_on(cloudy: Any) -> None:
    frames = [entry["time"] for entry in cloudy.events("frame-taken") if entry["kind"] == "light"]
    assert any(time < "2026-11-21T22:57" for time in frames)
    assert not any("2026-11-21T22:59" < time < "2026-11-22T00:45" for time in frames)
    assert any(time > "2026-11-22T01" for time in frames)
    closed_again(cloudy)


def test_an_exposure_that_clouds_interrupt_leaves_no_file(cloudy: Any, scenarios: Any) -> None:
    begun = len(cloudy.events("exposure-started"))
    delivered = len([entry for entry in cloudy.events("frame-taken") if entry["kind"] == "light"])
    assert begun == delivered + 1
    assert list((cloudy.data / "scratch").iterdir()) == []
    scenarios.assert_nothing_is_lost(cloudy)


def test_rain_closes_the_roof_at_once(rainy: Any) -> None:
    unsafe = next(e for e in rainy.events("verdict") if e["reason"].startswith("rain ") and not e["safe"])
    closing = rainy.events("roof-closing")[1]
    assert timedelta(0) <= moment(unsafe["time"]) - moment("2026-11-22T01:00:00.000Z") <= timedelta(seconds=15)
    assert moment(closing["time"]) - moment(unsafe["time"]) < timedelta(minutes=2)  # the mount parks first


def test_a_dead_rain_sensor_keeps_the_roof_closed_till_morning(rainy: Any) -> None:
    assert len(rainy.events("roof-opening")) == 1
    assert not any(entry["safe"] for entry in rainy.events("verdict") if entry["time"] > "2026-11-22T01")
    closed_again(rainy)


def test_the_roof_moves_over_a_parked_mount_only(cloudy: Any, rainy: Any, scenarios: Any) -> None:
    for night in (cloudy, rainy):
        scenarios.assert_the_roof_moves_over_a_parked_mount_only(night)


def test_an_evening_that_is_never_safe_opens_nothing(stormy_night: Any) -> None:
    assert stormy_night.events("roof-opening") == []
    assert stormy_night.frames() == {}
