"""`obsy reduce`: what a person is told of old frames that are reduced without a night."""

from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from obsy.cli.reduce import _as_json, _page, reduce
from obsy.engine.declare.survey import declare
from obsy.engine.frames.data_root import DataRoot
from obsy.engine.processing.backlog import WorkedOff
from obsy.engine.processing.stale import Stale
from obsy.engine.schedule.goal_line import lines
from obsy.engine.store.record import State, StoredFrame
from obsy.errors import UserError
from tests.support.frames import A_LIGHT

NIGHT = date(2026, 11, 21)


def light(**said) -> StoredFrame:
    return StoredFrame(**A_LIGHT | {"source": "a.fits", "night": NIGHT, "state": State.GRADED, "pending": False} | said)


def test_where_nothing_was_brought_in_it_says_how_to(here: Path) -> None:
    with pytest.raises(UserError, match="has no frames: bring some in by 'obsy ingest FOLDER'"):
        CliRunner().invoke(reduce, catch_exceptions=False)
    assert not (here / "data" / "real").exists()


def test_frames_that_fare_alike_are_one_line(tmp_path: Path) -> None:
    good = {"plan": "m31", "goal": "L-180s", "accepted": True}
    lights = [light(**good), light(**good), light(**good | {"accepted": False, "reason": "fwhm: 8 arcsec"}), light()]
    assert [*_page(WorkedOff(lights=lights, amiss=["no master"]), DataRoot(tmp_path))] == [
        "no master",
        "1 light of 2026-11-21: M31 L 180 s is wanted by no plan: declare one, and say it again",
        "2 lights of 2026-11-21: m31 L-180s, accepted",
        "1 light of 2026-11-21: m31 L-180s, rejected, fwhm: 8 arcsec",
    ]
    assert [*_page(WorkedOff(matched={"newton": 29}), DataRoot(tmp_path))] == [
        "29 frames that were brought in without a train: now of newton, as it is declared"
    ]
    stale = WorkedOff(stale={Stale("west", (("read_noise_e", 5.1, 3.4),)): 40})
    assert [*_page(stale, DataRoot(tmp_path))] == [
        "40 lights reduced again, with what is declared by now of west: the read noise was 5.1 e, is 3.4 e"
    ]
    assert _as_json(stale)["stale"] == [{"train": "west", "what": "read_noise_e", "was": 5.1, "is": 3.4, "lights": 40}]
    assert [*_page(WorkedOff(), DataRoot(tmp_path))] == ["nothing was left to do"]


def test_lights_without_an_object_are_told_what_their_headers_lack(tmp_path: Path) -> None:
    (line,) = _page(WorkedOff(lights=[light(object="", filter="V", exposure_s=30.0)]), DataRoot(tmp_path))
    assert line.startswith("1 light of 2026-11-21: V 30 s, whose headers have no OBJECT: no plan can know what")
    assert "write OBJECT" in line and "'obsy ingest'" in line and "declare one" not in line


def test_where_a_plan_wants_the_object_otherwise_it_is_named_with_what_differs(tmp_path: Path, root: Path) -> None:
    plan = declare(root, root / "plans").plans[0]
    wanted = lines(plan)
    first, other_s = wanted[0], 7.5
    own = {"object": first.object, "exposure_s": first.goal.exposure}
    cases = [
        ({"filter": first.filter, "exposure_s": other_s}, "its exposure differs"),
        ({"filter": "none"}, "its filter differs"),
        ({"filter": "none", "exposure_s": other_s}, "its filter and exposure differ"),
    ]
    for said, differs in cases:
        (line,) = _page(WorkedOff(lights=[light(**own | said)]), DataRoot(tmp_path), wanted)
        assert f"is wanted by no plan: plan {plan.name} wants {first.filter} {first.goal.exposure:g} s" in line
        assert line.endswith(f"of it, and {differs}: add a goal to it, and say it again")
