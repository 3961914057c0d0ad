"""A plan's magnitudes over all its nights."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from obsy.engine.declare.folders import rooms
from obsy.engine.declare.survey import declare
from obsy.engine.frames.data_root import DataRoot
from obsy.engine.runtime.comparisons import compared_with
from obsy.engine.runtime.nightly_magnitudes import nightly_magnitudes
from obsy.engine.store.store import Store
from obsy.errors import UserError
from tests.support.measured_night import NIGHT, add_night, measured_night
from tests.unit.engine.science.star_fields import StarField

NEXT = date(2026, 11, 22)


def nights(here, role=None):
    root, paths = rooms(here / "plans")
    observatory = declare(root, *paths)
    data_root = DataRoot.of(root, observatory.site, True)
    (plan,) = observatory.plans
    with Store(data_root.known_store()) as store:
        return nightly_magnitudes(observatory, plan, compared_with(observatory, plan), store, role)


def test_each_night_gives_its_points_with_their_own_errors(tmp_path):
    measured_night(tmp_path, StarField(frames=4))
    add_night(tmp_path, StarField(frames=3, first_jd=2461001.4), NEXT)
    found = nights(tmp_path)
    assert found.filter == "V" and {night: len(part.series) for night, part in found.parts.items()} == {
        NIGHT: 4,
        NEXT: 3,
    }
    assert found.left_out == {} and np.all(np.diff(found.parts[NEXT].series.bjd_tdb) > 0)
    assert (
        0 < found.parts[NIGHT].series.error.max() < 0.01
    )  # without the catalogue's 0.01 mag, which moves a night alike


def test_a_night_that_the_check_star_contradicts_is_left_out_with_the_reason(tmp_path):
    measured_night(tmp_path, StarField(frames=4))
    add_night(tmp_path, StarField(frames=4, first_jd=2461001.4, shift={1: np.full(4, 0.4)}), NEXT)
    found = nights(tmp_path)
    assert list(found.parts) == [NIGHT] and "check star" in found.left_out[NEXT]


def by(train, first_jd, frames=3):
    """A field whose tables say by which train they were taken."""
    field = StarField(frames=frames, first_jd=first_jd)
    tables = field.tables
    field.tables = lambda: [replace(each, observation=replace(each.observation, train=train)) for each in tables()]
    return field


@pytest.mark.long
def test_who_else_observed_that_night_changes_no_trains_nights(tmp_path):
    measured_night(tmp_path, by("newton", 2461000.4))
    add_night(tmp_path, by("newton", 2461001.4), NEXT)
    add_night(tmp_path, by("refractor", 2461001.45), NEXT)
    add_night(tmp_path, by("refractor", 2461002.4), date(2026, 11, 23))
    with pytest.raises(UserError, match="V by newton, V by refractor: choose one, --filter 'V by newton'"):
        nights(tmp_path)
    found = nights(tmp_path, "V by newton")
    assert list(found.parts) == [NIGHT, NEXT] and found.left_out == {date(2026, 11, 23): "not taken in V by newton"}


def test_what_the_aavso_calls_a_filter_may_be_said_with_it(tmp_path):
    measured_night(tmp_path, StarField(frames=2))
    with pytest.raises(UserError, match="in 'B'"):
        nights(tmp_path, "V=B")


def test_a_filter_that_no_night_has_is_named_with_those_that_are(tmp_path):
    measured_night(tmp_path, StarField(frames=2))
    with pytest.raises(UserError, match="'v1' has no magnitudes in 'R': it has V"):
        nights(tmp_path, "R")
