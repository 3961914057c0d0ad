"""Earlier fits are read from the files that they wrote; what does not count is said."""

import json

import pytest

from obsy.engine.declare.target import Ephemeris
from obsy.engine.science.transit.fit import NumberWithError
from obsy.engine.science.transit.fitted_before import fitted_before
from obsy.errors import UserError

DECLARED = Ephemeris(2461000.5, 2.0, 3.0)


def put(folder, night, **said):
    told = {"planet": "XO-6 b", "middle_bjd_tdb": {"value": 2461000.5, "error": 0.001}, "refused": None} | said
    (folder / f"{night}-XO-6-b-transit.json").write_text(json.dumps(told))


def test_those_of_the_planet_that_may_be_reported_count(tmp_path):
    put(tmp_path, "2026-11-01")
    put(tmp_path, "2026-11-02", planet="xo6b", middle_bjd_tdb={"value": 2461002.5, "error": 0.001})
    put(tmp_path, "2026-11-03", planet="HAT-P-32 b")
    put(tmp_path, "2026-11-04", refused="no transit is seen")
    put(tmp_path, "2026-11-05", middle_bjd_tdb={"value": 2461000.5, "error": None})
    (tmp_path / "2026-11-06-x-transit.json").write_text("[1")
    (tmp_path / "2026-11-07-x-aavso.txt").write_text("no JSON")
    found = fitted_before(tmp_path, "XO-6 b", DECLARED)
    assert [path.name[:10] for path in found.middles] == ["2026-11-01", "2026-11-02"]
    assert set(found.middles.values()) == {NumberWithError(2461000.5, 0.001), NumberWithError(2461002.5, 0.001)}
    assert {path.name[:10]: why for path, why in found.left_out.items()} == {
        "2026-11-04": "no transit is seen",
        "2026-11-05": "it says no middle in BJD_TDB with an error between a millisecond and a day",
        "2026-11-06": "it is none that 'obsy transit --out' wrote",
    }


def test_a_folder_without_any_names_those_of_other_planets(tmp_path):
    put(tmp_path, "2026-11-03", planet="HAT-P-32 b")
    with pytest.raises(UserError, match="no fitted transit of XO-6 b; it has HAT-P-32 b: fit some with 'obsy transit"):
        fitted_before(tmp_path, "XO-6 b", DECLARED)
    with pytest.raises(UserError, match="No such file or directory: name the folder of '--out'"):
        fitted_before(tmp_path / "none", "XO-6 b", DECLARED)


def test_of_copies_one_counts_and_it_is_said_which(tmp_path):
    for night in ("2026-11-01", "2026-11-02", "2026-11-03"):
        put(tmp_path, night)
    found = fitted_before(tmp_path, "XO-6 b", DECLARED)
    assert [path.name[:10] for path in found.middles] == ["2026-11-01"]
    assert [path.name[:10] for path in found.left_out] == ["2026-11-02", "2026-11-03"]
    assert {why[:24] for why in found.left_out.values()} == {"a copy of 2026-11-01-XO-"}


@pytest.mark.parametrize(("late_h", "error_d", "counts"), [
    (2.9, 0.0, True), (-2.9, 0.0, True), (3.1, 0.0, False), (-23.0, 0.0, False),
    (6.0, 0.1, True), (8.0, 0.1, False),
])  # fmt: skip
def test_what_comes_later_than_the_transit_lasts_and_its_ephemeris_may_be_wrong_is_none(
    tmp_path, late_h, error_d, counts
):
    put(tmp_path, "2026-11-01")
    put(tmp_path, "2026-11-02", middle_bjd_tdb={"value": 2461002.5 + late_h / 24, "error": 0.001})
    found = fitted_before(tmp_path, "XO-6 b", DECLARED._replace(epoch_error_d=error_d))
    assert len(found.middles) == 1 + counts
    said = f"{late_h:+.1f} h from the nearest transit that is declared, which lasts 3.0 h"
    assert [*found.left_out.values()] == ([] if counts else [said])


@pytest.mark.parametrize(("value", "error"), [
    (1e300, 0.001), (2399999.5, 0.001), (2500000.5, 0.001), (-1.5, 0.001), (float("nan"), 0.001),
    (2461002.5, 1e-300), (2461002.5, 1e-9), (2461002.5, 0.0), (2461002.5, 2.5), (2461002.5, float("nan")),
])  # fmt: skip
def test_no_middle_of_another_age_counts_nor_one_that_no_clock_could_tell(tmp_path, value, error):
    put(tmp_path, "2026-11-01")
    put(tmp_path, "2026-11-02", middle_bjd_tdb={"value": value, "error": error})
    found = fitted_before(tmp_path, "XO-6 b", DECLARED)
    assert [*found.left_out.values()] == ["it says no middle in BJD_TDB with an error between a millisecond and a day"]
