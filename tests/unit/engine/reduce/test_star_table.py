"""The table of a frame's stars: kept whole, read as it was, searched by place."""

from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from astropy.coordinates import SkyCoord
from astropy.table import QTable
from hypothesis import given
from hypothesis import strategies as st

from obsy.engine.reduce.star_table import Flag, Observation, StarTable
from obsy.engine.reduce.star_ways import WayLight
from obsy.errors import FrameError
from tests.support.star_tables import star_table


def same(one: StarTable, other: StarTable) -> bool:
    """Whether two tables say the same of the same stars."""
    columns = [each.name for each in fields(StarTable) if each.name not in ("observation", "ways")]
    alike = (np.array_equal(getattr(one, name), getattr(other, name)) for name in columns if name != "fwhm")
    return one.observation == other.observation and all(alike) and np.array_equal(one.fwhm, other.fwhm, equal_nan=True)


@pytest.mark.parametrize("count", [0, 1, 40])
def test_a_table_is_read_as_it_was_written(tmp_path: Path, count: int) -> None:
    """Also one without stars, and one where no star has a name."""
    table = star_table(count)
    table.write(tmp_path / "stars.ecsv")
    assert same(StarTable.read(tmp_path / "stars.ecsv"), table)
    nameless = replace(table, star=np.full(count, ""))
    nameless.write(tmp_path / "stars.ecsv")
    assert same(StarTable.read(tmp_path / "stars.ecsv"), nameless)


def test_the_same_stars_give_the_same_bytes_and_their_hash(tmp_path: Path) -> None:
    """A product is known by its hash."""
    one, other = (star_table(5).write(tmp_path / name) for name in ("a.ecsv", "b.ecsv"))
    assert one == other != star_table(6).write(tmp_path / "b.ecsv")
    assert [path.name for path in sorted(tmp_path.iterdir())] == ["a.ecsv", "b.ecsv"]


def test_astropy_reads_it_with_its_units(tmp_path: Path) -> None:
    """Others need nothing of ours."""
    star_table(3).write(tmp_path / "stars.ecsv")
    told = QTable.read(tmp_path / "stars.ecsv", format="ascii.ecsv")
    assert str(told["flux"].unit) == "electron"
    assert str(told["ra"].unit) == "deg"
    assert told.meta["annulus_px"] == [12.0, 20.0]


@pytest.mark.parametrize(
    "content", ["", "no table\n", "# %ECSV 1.0\n# ---\n# datatype:\n# - {name: x, datatype: int8}\nx\n"]
)
def test_what_is_no_table_is_named(tmp_path: Path, content: str) -> None:
    """The message says which file."""
    (tmp_path / "odd.ecsv").write_text(content)
    with pytest.raises(FrameError, match="odd.ecsv holds no table of stars"):
        StarTable.read(tmp_path / "odd.ecsv")


@pytest.mark.parametrize(
    "wrong",
    [
        {"exposure_s": "60"}, {"exposure_s": None}, {"exposure_s": float("nan")}, {"gain": True}, {"filter": 5},
        {"jd_utc": [1.0]}, {"target": "M31"}, {"target": (1.0,)}, {"annulus_px": 12.0}, {"target": (1.0, float("inf"))},
        {"annulus_px": ("a", "b")}, {"frame": None},
    ],
)  # fmt: skip
def test_a_head_that_says_what_is_no_number_or_word_is_named(tmp_path: Path, wrong: dict[str, Any]) -> None:
    """Else it is met later, where nobody can tell of which file it is."""
    table = star_table(2)
    replace(table, observation=replace(table.observation, **wrong)).write(tmp_path / "odd.ecsv")
    with pytest.raises(FrameError, match=f"odd.ecsv holds no table of stars: its head says {next(iter(wrong))}: "):
        StarTable.read(tmp_path / "odd.ecsv")


def test_what_may_be_unknown_is(tmp_path: Path) -> None:
    """Everything that has None by default, and whole numbers are numbers."""
    table = star_table(1)
    unknown = {each.name: None for each in fields(Observation) if each.default is None}
    about = replace(table.observation, exposure_s=60, **unknown)
    replace(table, observation=about).write(tmp_path / "stars.ecsv")
    assert StarTable.read(tmp_path / "stars.ecsv").observation == about


def test_a_later_versions_head_is_read_as_far_as_it_is_known(tmp_path: Path) -> None:
    """A store outlives versions."""
    path = tmp_path / "stars.ecsv"
    star_table(3).write(path)
    path.write_text(path.read_text().replace("# - {gain:", "# - {moonlight: 3}\n# - {gain:"))
    assert "moonlight" in path.read_text()
    assert same(StarTable.read(path), star_table(3))


@given(st.floats(0, 360), st.floats(-89, 89))
def test_the_nearest_star_is_the_one_that_astropy_finds(ra_deg: float, dec_deg: float) -> None:
    """Also across the pole and the equinox."""
    table = star_table(30)
    away = SkyCoord(table.ra, table.dec, unit="deg").separation(SkyCoord(ra_deg, dec_deg, unit="deg")).arcsec
    best = int(np.argmin(away))
    assert table.nearest(ra_deg, dec_deg, float(away[best]) + 0.01) == best
    assert table.nearest(ra_deg, dec_deg, float(away[best]) - 0.01) is None


def test_a_star_without_a_place_is_never_the_nearest() -> None:
    """A frame that was not solved has none."""
    table = star_table(3)
    nowhere = replace(table, ra=np.full(3, np.nan), dec=np.full(3, np.nan))
    assert nowhere.nearest(float(table.ra[0]), float(table.dec[0]), 1e6) is None
    assert star_table(0).nearest(0, 0, 1e6) is None


def test_a_flagged_star_is_not_good() -> None:
    """Nor one without a flux."""
    table = star_table(3)
    assert table.good.all()
    assert list(replace(table, flags=np.array([0, int(Flag.BLENDED), 0])).good) == [True, False, True]
    assert list(replace(table, flux=np.array([1.0, 2.0, np.nan])).good) == [True, True, False]


def with_ways(count: int) -> StarTable:
    """A table whose stars were measured in a narrower aperture and by their shape too, one of them in neither."""
    table = star_table(count)
    flux = table.flux * 0.9
    flux[:1] = np.nan
    light = WayLight(flux, table.flux_error * 0.8, np.full(count, int(Flag.BLENDED), dtype=np.int64))
    about = replace(table.observation, aperture_fwhm=1.5)
    return replace(table, ways={"1": light, "psf": light._replace(flux=flux * 1.1)}, observation=about)


def test_other_ways_of_measuring_are_read_as_they_were_written(tmp_path: Path) -> None:
    """To eight digits, and errors to four."""
    table = with_ways(20)
    table.write(tmp_path / "stars.ecsv")
    read = StarTable.read(tmp_path / "stars.ecsv")
    assert same(read, table) and list(read.ways) == ["1", "psf"]
    for name, light in table.ways.items():
        np.testing.assert_allclose(read.ways[name].flux, light.flux, rtol=1e-7)
        np.testing.assert_allclose(read.ways[name].flux_error, light.flux_error, rtol=1e-3)
        assert (read.ways[name].flags == int(Flag.BLENDED)).all()


def test_a_table_is_shown_as_it_was_measured_another_way() -> None:
    """With the radius of that; by the star's shape there is none but the declared one."""
    table = with_ways(20)
    narrow = table.by("1")
    assert narrow.observation.aperture_px == pytest.approx(6.25 / 1.5) and narrow.observation.way == "1"
    np.testing.assert_array_equal(narrow.flux, table.ways["1"].flux)
    assert not narrow.good.any() and narrow.by("1") is narrow and table.by("") is table
    assert table.by("psf").observation.aperture_px == 6.25
    with pytest.raises(KeyError):
        table.by("1.25")


def test_a_table_of_before_there_were_other_ways_is_read(tmp_path: Path) -> None:
    """Its head lacks what was not asked then."""
    table = star_table(3)
    table.write(tmp_path / "stars.ecsv")
    text = (tmp_path / "stars.ecsv").read_text()
    old = [line for line in text.splitlines() if not any(word in line for word in ("aperture_fwhm", "method", "way:"))]
    assert len(old) == len(text.splitlines()) - 3
    (tmp_path / "stars.ecsv").write_text("\n".join(old) + "\n")
    assert same(StarTable.read(tmp_path / "stars.ecsv"), table)
