"""Against others' own data, where somebody has put it: it has no licence to lie here.

OBSY_FOREIGN_DATA names a folder with `HatP32Dec202017/` of EXOTIC's sample data and `sampledata.json` of its examples,
and the light curves of space are those in `timeseries/` of astropy's data.
"""

import json
import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits

from obsy.cli.known_planet import planet_called
from obsy.engine.declare.target import Ephemeris
from obsy.engine.reduce.mid_exposure import mid_exposure
from obsy.engine.science.period.found import search
from obsy.engine.science.period.periodogram import PeriodRule
from obsy.engine.science.period.series import MagnitudeSeries
from obsy.engine.science.transit.curve import RelativeFlux
from obsy.engine.science.transit.fit import fit
from obsy.engine.science.transit.folder import SaidBeside, folder_curve
from obsy.engine.science.transit.model import PlanetOrbit
from obsy.engine.science.transit.outside import outside_of
from obsy.engine.science.transit.planet import of_duration
from obsy.engine.science.transit.refit import refitted
from obsy.schemas.site import Location

FOREIGN = Path(os.environ.get("OBSY_FOREIGN_DATA", "nowhere"))
pytestmark = [
    pytest.mark.once,
    pytest.mark.skipif(not FOREIGN.is_dir(), reason="OBSY_FOREIGN_DATA names no folder with EXOTIC's sample data"),
]
STAR = 31.042828, 46.687840


@pytest.fixture(scope="module")
def planet(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("nowhere"))
        return planet_called("HAT-P-32 b", "6.05, 88.9 deg, reference set A", "0.35, 0.25")


def published():
    """EXOTIC's own light curve: BJD_TDB and flux, not detrended."""
    told = json.loads(" ".join((FOREIGN / "sampledata.json").read_text().split()))
    return np.array(told["time"]), np.array(told["flux"])


def test_the_published_light_curve_gives_the_published_middle(planet):
    times, flux = published()
    place = Location(31.68, -110.88, 2600.0)
    moments = [datetime(2017, 12, 20, tzinfo=UTC) + timedelta(days=at - 2458107.5) for at in times]
    air = np.array([mid_exposure(at, 0.0, STAR, place).airmass for at in moments])
    found = fit(RelativeFlux(times, flux, np.full(len(flux), 0.0055), {"airmass": air}, 60.0), planet)
    assert found.middle.value == pytest.approx(2458107.71406, abs=0.001)  # EXOTIC's README, +- 0.00097
    assert found.solution.errors["tc"] == pytest.approx(0.001, abs=0.0003)
    assert found.middle.error < 0.0016  # with red noise, which the published one leaves out
    assert found.ratio.value == pytest.approx(0.1541, abs=0.0066)  # twice its 0.0033
    assert found.rms < 0.0058


def of_space(name, quality, first_jd):
    """A light curve of Kepler or TESS: BJD_TDB, flux over its median, and its error, without what is flagged."""
    with fits.open(FOREIGN / name) as file:
        table = file[1].data
        columns = [np.asarray(table[each], dtype=float) for each in ("TIME", "PDCSAP_FLUX", "PDCSAP_FLUX_ERR")]
        times, flux, error = np.stack(columns)[:, np.isfinite(sum(columns)) & (np.asarray(table[quality]) == 0)]
    return times + first_jd, flux / np.median(flux), error / np.median(flux)


SPACE = {
    "HAT-P-7 b": (
        ("kplr010666592-2009131110544_slc.fits", "SAP_QUALITY", 2454833.0),
        (Ephemeris(2455430.58123, 2.20473657, 3.882, "BJD_TDB"), PlanetOrbit(2.20473657, 4.15, 83.14), 58.8, 10),
        (0.0060, 0.00005),  # that of obsy's own table, to two digits; the orbit from memory
    ),
    "WASP-126 b": (
        ("hlsp_tess-data-alerts_tess_phot_00025155310-s01_tess_v1_lc.fits", "QUALITY", 2457000.0),
        (Ephemeris(2458327.519958, 3.2887898, 3.4368, "BJD_TDB"), None, 120.0, 5),
        (0.0061, 0.0002),  # Maxted et al. 2016, from memory
    ),
}
"""File; published ephemeris (TESS's own of TOI-114), orbit, exposure in seconds, points summed to one for a search;
radius ratio squared with its error."""


@pytest.mark.parametrize("name", SPACE)
def test_period_and_depth_of_a_light_curve_of_space_are_the_published_ones(name):
    """Sought without a guess, then by the middles of all transits, each fitted alone."""
    file, (ephemeris, orbit, exposure_s, together), (depth, depth_error) = SPACE[name]
    times, flux, error = of_space(*file)
    many = len(times) // together * together
    t, f, e = (each[:many].reshape(-1, together).mean(axis=1) for each in (times, flux, error))
    points = MagnitudeSeries(t, -2.5 * np.log10(f), 1.086 * e / np.sqrt(together))
    blind = search(points, 1.0, 5.0, [PeriodRule.BOX]).best
    assert abs(blind.period - ephemeris.period_d) < 3 * blind.period_error < 0.001

    known = of_duration(name, ephemeris, depth**0.5)
    known = known if orbit is None else replace(known, orbit=orbit, axis_ratio_error=0.0, reference="published")
    turns = np.unique(np.round((times - ephemeris.epoch_jd) / ephemeris.period_d)).astype(int)
    fitted = []
    for middle in ephemeris.epoch_jd + turns * ephemeris.period_d:
        near = np.abs(times - middle) < 1.5 * ephemeris.duration_h / 24
        if (np.abs(times - middle) < 0.02).sum() > 10:  # the middle itself was taken
            fitted.append(fit(RelativeFlux(times[near], flux[near], error[near], {}, exposure_s), known, ("time",)))
    made = refitted([each.middle for each in fitted], ephemeris)
    assert len(fitted) >= 5
    assert abs(made.ephemeris.period_d - ephemeris.period_d) < 3 * made.ephemeris.period_error_d < 0.0005
    ratios, errors = (np.array([getattr(each.ratio, part) for each in fitted]) for part in ("value", "error"))
    weights = 1 / errors**2
    mean = (ratios * weights).sum() / weights.sum()
    grown = max(1.0, np.sqrt((((ratios - mean) / errors) ** 2).sum() / (len(fitted) - 1)))
    mean_error = grown / np.sqrt(weights.sum())
    assert abs(mean**2 - depth) < 3 * np.hypot(2 * mean * mean_error, depth_error)


@pytest.fixture(scope="module")
def taken(planet):
    return folder_curve(FOREIGN / "HatP32Dec202017", STAR, SaidBeside(), outside_of(planet))


def test_the_frames_give_the_middle_of_the_ephemeris(planet, taken):
    assert taken.frames == 142 and not taken.refused and taken.curve.usable.sum() >= 135
    assert taken.place.longitude_deg == pytest.approx(-110.88)
    found = fit(taken.curve, planet)
    assert found.middle.value == pytest.approx(2458107.7113, abs=0.0015)
    assert 0.0007 < found.middle.error < 0.0015
    assert found.rms <= 0.0055
    assert 0.145 < found.ratio.value < 0.170


def test_barycentric_times_are_those_that_were_published(taken):
    apart_s = np.array([np.abs(taken.curve.bjd_tdb - at).min() * 86400 for at in published()[0]])
    assert len(apart_s) == 140 and apart_s.max() < 0.05
