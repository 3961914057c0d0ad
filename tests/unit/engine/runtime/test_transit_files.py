"""Of a transit's files: which night's they are, and that none of an earlier result is left to be sent."""

import json
from datetime import date

import numpy as np
import pytest

from obsy.engine.runtime.transit_files import transit_stem, write_transit
from obsy.engine.science.transit.coverage import result
from obsy.engine.science.transit.curve import MeasuredCurve, RelativeFlux
from obsy.engine.science.transit.observation import TransitObservation
from obsy.errors import UserError
from obsy.schemas.site import Location
from tests.support.transits import fitted

ABOUT = TransitObservation("Ours", "Ours b", "ABCD", "V")
REPORTS = {"aavso.txt", "exoclock.txt", "etd.txt"}
ALWAYS = {"transit.json", "transit.svg", "conditions.svg"}


def taken(begin, **said):
    times = begin + np.arange(3) / 100
    return MeasuredCurve(RelativeFlux(times, np.ones(3), np.ones(3)), (), 0.0, 3, {}, (), **said)


@pytest.mark.parametrize(
    ("begin", "longitude_deg", "night"),
    [
        (2458107.9, None, "2017-12-19"),  # 2017-12-20 09:36 UTC, and nobody says where
        (2458107.9, -155.0, "2017-12-19"),
        (2458107.9, 149.0, "2017-12-20"),  # half past seven in the evening
        (2458108.1, None, "2017-12-20"),
    ],
)
def test_a_night_is_the_evening_s_by_the_sun_where_the_place_is_known(begin, longitude_deg, night):
    place = None if longitude_deg is None else Location(10.0, longitude_deg, 0.0)
    assert transit_stem(taken(begin, place=place), "Ours b") == f"{night}-Ours-b"


def test_a_night_that_the_archive_knows_is_its_own():
    assert transit_stem(taken(2458108.1, night=date(2026, 11, 21)), "a/b c") == "2026-11-21-a-b-c"


def test_a_night_begins_with_the_first_point_that_has_a_time():
    times = np.array([np.nan, 2458108.1, 2458107.9])
    curve = MeasuredCurve(RelativeFlux(times, np.ones(3), np.ones(3)), (), 0.0, 3, {}, ())
    assert transit_stem(curve, "Ours b") == "2017-12-19-Ours-b"


def names(folder):
    return {each.name.removeprefix("night-") for each in folder.iterdir()}


def test_reports_come_and_go_with_the_result_that_bears_them(tmp_path):
    good, none = fitted(), fitted(ratio=0.001)
    made = write_transit(tmp_path / "night", good, result(good), ABOUT)
    assert {each.name for each in made.written} == {f"night-{each}" for each in REPORTS | ALWAYS} and not made.withdrawn
    assert names(tmp_path) == REPORTS | ALWAYS
    was = (tmp_path / "night-aavso.txt").read_text()

    made = write_transit(tmp_path / "night", none, result(none), ABOUT)
    gone = {f"{each.removesuffix('.txt')}-withdrawn.txt" for each in REPORTS}
    assert names(tmp_path) == ALWAYS | gone and {each.name for each in made.withdrawn} == {f"night-{n}" for n in gone}
    assert (tmp_path / "night-aavso-withdrawn.txt").read_text() == was
    assert json.loads((tmp_path / "night-transit.json").read_text())["refused"]

    write_transit(tmp_path / "night", good, result(good), ABOUT)
    assert names(tmp_path) == REPORTS | ALWAYS


def test_a_folder_that_cannot_be_is_told(tmp_path):
    (tmp_path / "filed").write_text("a file")
    with pytest.raises(UserError, match="filed' cannot be written into"):
        write_transit(tmp_path / "filed" / "night", fitted(), result(fitted()), ABOUT)
