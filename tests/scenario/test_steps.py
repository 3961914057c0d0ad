"""A night whose mount misses and whose guider fails: targets are centred, guided and dithered, or it says so."""

from typing import Any

import pytest

from tests.scenario.conftest import Observatory, small

pytestmark = pytest.mark.slow

GUIDED = """\
kind: plan
name: guided
target: SS Cyg
dither: every 1 frames and by 20 px
want: [{filter: V, exposure: 60 s, count: 4}]
when: {altitude: above 40 deg}
pipeline: photometry
---
kind: plan
name: must
target: NGC 1342
priority: 3
guiding: required
want: [{filter: V, exposure: 60 s, count: 3}]
when: {airmass: below 1.6}
pipeline: photometry
---
kind: plan
name: alone
target: NGC 1502
priority: 1
guiding: none
dither: every 2 frames
want: [{filter: V, exposure: 60 s, count: 3}]
when: {airmass: below 1.6}
pipeline: photometry
"""
WITH_GUIDER = 'guider: {phd2: "localhost:4400"}\nrotation:'


@pytest.fixture(scope="module")
def night(root: Any, tmp_path_factory: pytest.TempPathFactory) -> Observatory:
    """It misses by five arcminutes; the guider finds no star from eight to a quarter past nine."""
    made = small(root, tmp_path_factory.mktemp("steps"))
    made.declare("plans/small.yaml", GUIDED)
    made.change("site/newton.yaml", "rotation:", WITH_GUIDER)
    made.change("site/newton.yaml", "size: 256 x 256 px", "size: 512 x 512 px")  # a field with stars to solve by
    made.change("site/mount.yaml", "settle: 8 s", "settle: 8 s\ncentre: within 20 arcsec")
    faults = "faults:\n  - {at: 20:00, device: guider, fault: stuck, until: 21:15}\n"
    made.scenario("beside", f"misses: 5 arcmin\n{faults}")
    code, said = made.apply("beside")
    assert code == 0, said
    return made


def test_everything_that_was_wanted_is_taken_in_the_end(night: Observatory) -> None:
    assert night.frames() == {("guided", "V-60s"): 4, ("must", "V-60s"): 3, ("alone", "V-60s"): 3}


def test_each_target_is_centred_before_it_is_exposed(night: Observatory) -> None:
    order = [each for each in night.journal() if each["event"] in ("centred", "exposure-started")]
    for name in ("SS Cyg", "NGC 1342", "NGC 1502"):
        assert next(each["event"] for each in order if each["object"] == name) == "centred"
    missed = [each["off_arcsec"] for each in night.events("pointing-measured")]
    assert max(missed) > 250
    assert all(each["off_arcsec"] <= 20 for each in night.events("centred"))


def test_what_must_be_guided_waits_until_the_guider_sees_its_star(night: Observatory) -> None:
    tried = [each for each in night.events("guiding-failed") if each["object"] == "NGC 1342"]
    assert [each["then"] for each in tried] == ["gives up"] * len(tried)
    assert {each["plan"] for each in night.events("block-failed")} <= {"must"}
    guided = {each["block"] for each in night.events("guiding-started")}
    assert {each["block"] for each in night.events("exposure-started") if each["object"] == "NGC 1342"} <= guided


def test_dithers_are_the_guiders_or_the_mounts(night: Observatory) -> None:
    by = {(each["object"], each["with"], each["by_px"]) for each in night.events("dithered")}
    assert ("SS Cyg", "guider", 20.0) in by
    assert {each for each in by if each[0] == "NGC 1502"} <= {("NGC 1502", "mount", 12.0)}
    assert any(each[0] == "NGC 1502" for each in by)


def test_the_telescope_is_parked_and_nothing_struck(night: Observatory) -> None:
    assert night.world()["collisions"] == []
    assert night.world()["mounts"]["gem"]["parked"] is True
    assert night.roof()["goal"] == 0.0
