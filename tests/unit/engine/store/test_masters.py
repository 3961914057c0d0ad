"""Masters and stacks, with what they came from."""

from dataclasses import replace
from datetime import UTC, date, datetime

from obsy.engine.store.masters import masters, register_master
from obsy.engine.store.record import MasterRecord, StackRecord
from obsy.engine.store.stacks import register_stack, stacks

FLAT = MasterRecord(
    sha256="f" * 64,
    path="masters/2026-11-21/flat_L.fits",
    kind="flat",
    filter="L",
    exposure_s=2.5,
    gain=100,
    offset=10,
    binning=1,
    temperature_c=-10.0,
    camera="cam",
    rows=48,
    columns=64,
    night=date(2026, 11, 21),
    taken_at=datetime(2026, 11, 21, 17, 0, tzinfo=UTC),
    members=("a", "b", "c"),
    parents=("d",),
)
M31 = StackRecord(
    object="m31",
    filter="L",
    path="stacks/2026-11-21/m31_L.fits",
    sha256="1" * 64,
    night=date(2026, 11, 21),
    exposure_s=360.0,
    members=("a", "b"),
)


def test_a_master_comes_back_as_it_went_in():
    assert register_master(FLAT)
    assert not register_master(FLAT)
    assert masters() == (FLAT,)


def test_a_newer_stack_takes_the_place_of_the_older():
    newer = replace(M31, sha256="2" * 64, members=("a", "b", "c"), exposure_s=540.0)
    register_stack(M31)
    register_stack(newer)
    assert stacks() == (newer,)
    assert newer.frames == 3


def test_stacks_of_other_filters_stand_beside_it():
    register_stack(M31)
    register_stack(replace(M31, filter="R"))
    assert [stack.filter for stack in stacks()] == ["L", "R"]
