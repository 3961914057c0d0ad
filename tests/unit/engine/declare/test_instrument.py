"""What belongs to what: said where there is a choice, the only one where there is none."""

import shutil
from datetime import date
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from obsy.engine.declare.instrument import chosen
from obsy.engine.declare.survey import declare
from obsy.engine.night.tally import Tally
from obsy.engine.runtime.planner import prepare
from tests.support.equipment import club, example

ENCLOSURES = club().enclosures


def test_every_instrument_stands_where_its_documents_say() -> None:
    assert {(each.name, each.mount.name, each.enclosure.name, each.site.name) for each in club().instruments} == {
        ("newton", "east-pier", "shed", "las-lomas"),
        ("refractor", "west-pier", "shed", "las-lomas"),
        ("colour", "west-pier", "shed", "las-lomas"),
        ("cassegrain", "fork", "dome", "las-lomas"),
    }


def test_every_instrument_has_its_own_calibration() -> None:
    assert all(each.calibration.train == each.name for each in club().instruments)


def test_what_is_left_unsaid_is_said_in_the_observatory() -> None:
    assert [each.site for each in ENCLOSURES] == ["las-lomas", "las-lomas"]
    assert {each.train.mount for each in example().instruments} == {"gem"}


def test_both_enclosures_run_by_the_only_table() -> None:
    assert set(club().nights) == {"shed", "dome"}
    assert club().nights["shed"] == club().nights["dome"]


def test_an_input_counts_for_its_own_enclosure_or_for_all() -> None:
    shed, dome = (next(each for each in ENCLOSURES if each.name == name) for name in ("shed", "dome"))
    assert [each.name for each in club().inputs_of(shed)] == ["mast", "shed-rain"]
    assert [each.name for each in club().inputs_of(dome)] == ["mast", "dome-rain"]


@given(name=st.sampled_from([None, "shed", "dome", "barn"]), count=st.integers(0, 2))
def test_only_a_name_or_the_lack_of_a_choice_chooses(name: str | None, count: int) -> None:
    among = ENCLOSURES[:count]
    found = chosen(name, among)
    if name is None:
        assert found == (among[0] if count == 1 else None)
    else:
        assert found == next((each for each in among if each.name == name), None)


MOUNT = """\
kind: mount
name: new-pier
enclosure: dome
type: alt-azimuth
slew: 5 deg/s
settle: 5 s
altitude: above 20 deg
park: {azimuth: 90 deg, altitude: 0 deg}
"""
TRAIN = """\
kind: train
name: lens
mount: new-pier
telescope: {aperture: 60 mm, focal_length: 200 mm}
camera: !include cameras/mono.yaml
filter: {role: SII, label: S-II 5 nm}
panel: {settle: 4 s}
---
kind: calibration
name: lens
train: lens
bias: {count: 3, max_age: 60 d}
dark: {count: 3, max_age: 60 d}
flat: {count: 3, exposure: 3 s, max_age: 60 d}
"""
PLAN = """\
kind: plan
name: heart
target: IC 1805
want: [{filter: SII, exposure: 120 s, count: 2}]
pipeline: deep-sky
"""


def test_a_mount_and_a_train_are_added_by_yaml_alone(root: Path, tmp_path: Path) -> None:
    here = shutil.copytree(root / "docs/club", tmp_path / "club")
    for place, text in (("site/new.yaml", MOUNT), ("site/lens.yaml", TRAIN), ("plans/heart.yaml", PLAN)):
        (here / place).write_text(text)
    grown = declare(here, here / "plans")
    assert (len(grown.mounts), len(grown.instruments)) == (4, 5)
    lens = grown.instrument("lens")
    assert (lens.mount.name, lens.enclosure.name, lens.train.roles) == ("new-pier", "dome", ("SII",))
    planner = prepare(grown, date(2026, 11, 21))
    blocks = planner.schedule(Tally(), planner.night.start).blocks
    assert {block.request.train for block in blocks} == {each.name for each in grown.instruments}
