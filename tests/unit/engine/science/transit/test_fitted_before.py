"""Earlier fits are read from the files that they wrote; what does not count is said."""

import json

import pytest

from obsy.engine.science.transit.fit import NumberWithError
from obsy.engine.science.transit.fitted_before import fitted_before
from obsy.errors import UserError


def put(folder, night, **said):
    told = {"planet": "XO-6 b", "middle_bjd_tdb": {"value": 2461000.5, "error": 0.001}, "refused": None} | said
    (folder / f"{night}-XO-6-b-transit.json").write_text(json.dumps(told))


def test_those_of_the_planet_that_may_be_reported_count(tmp_path):
    put(tmp_path, "2026-11-01")
    put(tmp_path, "2026-11-02", planet="xo6b")
    put(tmp_path, "2026-11-03", planet="HAT-P-32 b")
    put(tmp_path, "2026-11-04", refused="no transit is seen")
    put(tmp_path, "2026-11-05", middle_bjd_tdb={"value": 2461000.5, "error": None})
    (tmp_path / "2026-11-06-x-transit.json").write_text("[1")
    (tmp_path / "2026-11-07-x-aavso.txt").write_text("no JSON")
    found = fitted_before(tmp_path, "XO-6 b")
    assert [path.name[:10] for path in found.middles] == ["2026-11-01", "2026-11-02"]
    assert set(found.middles.values()) == {NumberWithError(2461000.5, 0.001)}
    assert {path.name[:10]: why for path, why in found.left_out.items()} == {
        "2026-11-04": "no transit is seen",
        "2026-11-05": "it says no middle with its error",
        "2026-11-06": "it is none that 'obsy transit --out' wrote",
    }


def test_a_folder_without_any_names_those_of_other_planets(tmp_path):
    put(tmp_path, "2026-11-03", planet="HAT-P-32 b")
    with pytest.raises(UserError, match="no fitted transit of XO-6 b; it has HAT-P-32 b: fit some with 'obsy transit"):
        fitted_before(tmp_path, "XO-6 b")
    with pytest.raises(UserError, match="No such file or directory: name the folder of '--out'"):
        fitted_before(tmp_path / "none", "XO-6 b")
