"""The step that makes a frame's table of stars, on made frames of which the truth is known."""

from dataclasses import fields, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from astropy.nddata import CCDData

from obsy.engine.frames.frame import Frame
from obsy.engine.library.master import Masters
from obsy.engine.reduce.light import LightFrame
from obsy.engine.reduce.orders import LightOrder, Measures, Optics
from obsy.engine.reduce.plane import pixels, sky, tangent
from obsy.engine.reduce.star_table import Flag, StarTable
from obsy.engine.reduce.steps import measure, photometry
from obsy.engine.reduce.steps.photometry import designation
from obsy.engine.sky.catalogue import cone
from obsy.schemas.pipeline import Pipeline
from obsy.schemas.site import Location
from tests.support.frames import A_LIGHT

SHAPE, SIGMA, GAIN, LEVEL = (400, 400), 1.5, 1.2, 300.0
RA, DEC = 10.6847, 41.2690
HERE = Location(40.0, -3.0, 700.0)
OPTICS = Optics(3.8, GAIN, 5.0, 60000.0, 200.0)
PIPELINE = Pipeline.model_validate(
    {"kind": "pipeline", "name": "p", "steps": [{"step": "measure"}, {"step": "photometry"}]}
)
MEASURE, PHOTOMETRY = PIPELINE.steps
PLANE = tangent(RA, DEC, (199.5, 199.5), np.diag([-3.8, 3.8]) / 3600)


def table_of(
    counts: np.ndarray,
    aim: tuple[float, float] | None = None,
    keep: int = 999,
    optics: Optics = OPTICS,
    exposure_s: float = 60.0,
    **changed: object,
) -> StarTable | None:
    """What the two steps make of a frame of a field that is known."""
    whatever = Path("whatever")
    frame = Frame(**A_LIGHT | {"path": whatever, "taken_at": datetime(2026, 11, 28, 21, tzinfo=UTC)})
    order = LightOrder(frame, whatever, whatever, Masters(), PIPELINE, None, optics, None, aim=aim, place=HERE)
    adu = CCDData(counts.astype(np.float32), unit="adu")
    light = LightFrame(
        order, {}, adu, np.nan_to_num(counts) >= OPTICS.saturation_adu, exposure_s, Measures(), plane=PLANE
    )
    settings = PHOTOMETRY.model_copy(update={"method": changed.pop("method", "aperture")})
    return photometry.run(replace(known(measure.run(light, MEASURE), keep), **changed), settings).table


def known(light: LightFrame, keep: int) -> LightFrame:
    """A light of which only the brightest stars were detected."""
    stars, shapes = (
        type(each)(**{part.name: getattr(each, part.name)[:keep] for part in fields(each)})
        for each in (light.stars, light.shapes)
    )
    return replace(light, stars=stars, shapes=shapes)


@pytest.fixture
def seen(draw_stars):  # type: ignore[no-untyped-def]
    """Makes frames of stars (x, y, flux) on an even sky."""

    def made(*stars: tuple[float, float, float], seed: int = 1) -> np.ndarray:
        x, y, flux = np.array(stars, dtype=float).T
        truth = LEVEL + draw_stars(SHAPE, x, y, flux, (SIGMA, SIGMA, 0.0))
        dice = np.random.default_rng(seed)
        return (dice.poisson(truth * GAIN) + dice.normal(0, OPTICS.read_noise_e, SHAPE)) / GAIN

    return made


FIELD = [(60.0 + 70 * column, 60.0 + 70 * row, 8000.0 + 4000 * row) for row in range(5) for column in range(5)]


def at(table: StarTable, x: float, y: float) -> int:
    """Which star lies there."""
    found = int(np.argmin(np.hypot(table.x - x, table.y - y)))
    assert np.hypot(table.x[found] - x, table.y[found] - y) < 1
    return found


def test_every_star_has_its_light_its_place_and_its_width(seen) -> None:  # type: ignore[no-untyped-def]
    table = table_of(seen(*FIELD))
    assert table is not None
    assert table.good[: len(FIELD)].all()
    assert len(FIELD) + 20 > len(table)
    for x, y, flux in FIELD:
        star = at(table, x, y)
        assert table.flux[star] == pytest.approx(flux * GAIN, abs=4 * table.flux_error[star] + 0.003 * flux * GAIN)
        assert sky(PLANE, x, y) == pytest.approx((table.ra[star], table.dec[star]), abs=0.3 * 3.8 / 3600)
    assert table.sky == pytest.approx(LEVEL * GAIN, abs=5)
    assert table.fwhm[: len(FIELD)] == pytest.approx(2.3548 * SIGMA, rel=0.1)
    assert table.observation.aperture_px == pytest.approx(1.5 * 2.3548 * SIGMA, rel=0.05)
    assert table.observation.airmass == pytest.approx(1.0, abs=0.05)


def test_doubts_about_a_star_are_told(seen) -> None:  # type: ignore[no-untyped-def]
    """A full pixel, the frame's edge, a neighbour, and a pixel without a value: each in its own star's aperture."""
    counts = seen(*FIELD, (60.0, 200.0 + 35, 20000.0), (66.5, 200.0 + 35, 9000.0), (2.0, 130.0, 9000.0))
    counts[130, 131] = np.nan
    counts[60, 60] = 65535.0
    table = table_of(counts)
    assert table is not None
    for place, flag in {
        (60, 60): Flag.SATURATED,
        (2, 130): Flag.EDGE,
        (60, 235): Flag.BLENDED,
        (130, 130): Flag.HOLE,
    }.items():
        assert Flag(int(table.flags[at(table, *place)])) == flag
    assert table.flags[at(table, 200, 200)] == 0


def test_a_target_that_nobody_sees_is_measured_where_it_must_be(seen) -> None:  # type: ignore[no-untyped-def]
    """What is reported of it is an upper limit."""
    table = table_of(seen(*FIELD), aim=sky(PLANE, 95.0, 95.0))
    assert table is not None
    assert (table.x[-1], table.y[-1]) == pytest.approx((95.0, 95.0), abs=1e-6)
    assert table.flags[-1] & Flag.FAINT
    assert abs(table.flux[-1]) < 4 * table.flux_error[-1]
    assert table.nearest(*(table.observation.target or (0, 0)), 1.0) == len(table) - 1


def test_a_target_that_is_seen_is_in_the_table_once(seen) -> None:  # type: ignore[no-untyped-def]
    """Half a pixel from where it must be."""
    table = table_of(seen(*FIELD), aim=sky(PLANE, 130.5, 130.0))
    assert table is not None
    assert np.sum(np.hypot(table.x - 130, table.y - 130) < 3) == 1
    beside = table_of(seen(*FIELD), aim=sky(PLANE, -90.0, 130.0))
    assert beside is not None
    assert len(beside) == len(table)


def test_a_frame_that_was_not_placed_has_no_table(seen) -> None:  # type: ignore[no-untyped-def]
    assert table_of(seen(*FIELD), plane=None) is None


def test_stars_are_called_as_in_the_catalogue(seen) -> None:  # type: ignore[no-untyped-def]
    """One of them is not in it."""
    listed = cone(RA, DEC, 0.15)
    brightest = pixels(PLANE, listed.ra_deg[:6], listed.dec_deg[:6])
    table = table_of(seen(*((x, y, 20000.0) for x, y in brightest), (25.0, 375.0, 20000.0)))
    assert table is not None
    names = {table.star[at(table, *place)] for place in brightest}
    assert names == {designation(*place) for place in zip(listed.ra_deg[:6], listed.dec_deg[:6], strict=True)}
    assert table.star[at(table, 25.0, 375.0)] == ""


@pytest.mark.parametrize(
    ("place", "name"),
    [
        ((325.679, 43.586), "TYC2 J214242.9+433509"),
        ((0.0, -0.5), "TYC2 J000000.0-003000"),
        ((359.9999, 89.99999), "TYC2 J235959.9+895959"),
    ],
)
def test_a_place_is_cut_to_a_name(place: tuple[float, float], name: str) -> None:
    """By hand; cut, not rounded."""
    assert designation(*place) == name


def test_scintillation_is_in_the_error_where_the_telescope_is_known_and_the_head_says_how_much(seen) -> None:  # type: ignore[no-untyped-def]
    """By that share whoever has measured it takes the law's away again."""
    counts = seen(*FIELD, (95.0, 95.0, 2e5))
    table, blind = table_of(counts), table_of(counts, optics=replace(OPTICS, aperture_mm=None))
    assert table is not None
    assert blind is not None
    star = at(table, 95.0, 95.0)
    share = 1.5 * (1e-5 * 0.2 ** (-4 / 3) / 60 * np.exp(-1400 / 8000)) ** 0.5
    assert table.observation.scintillation == pytest.approx(share, rel=0.02)
    assert blind.observation.scintillation == 0.0
    assert table.flux[star] == blind.flux[star]
    without = table.flux_error**2 - (table.observation.scintillation * np.maximum(table.flux, 0.0)) ** 2
    np.testing.assert_allclose(without, blind.flux_error**2, rtol=1e-9)
    assert table.flux_error[star] > 1.2 * blind.flux_error[star]


def test_the_head_says_how_the_frame_was_taken(seen) -> None:  # type: ignore[no-untyped-def]
    """A table's light becomes electrons by the camera's own conversion, and a magnitude by its own exposure."""
    counts, aim = seen(*FIELD), sky(PLANE, 130.0, 130.0)
    once = table_of(counts, aim=aim)
    twice = table_of(counts, optics=replace(OPTICS, conversion=2 * GAIN), exposure_s=120.0)
    assert once is not None
    assert twice is not None
    assert (once.observation.gain, twice.observation.gain) == (GAIN, 2 * GAIN)
    assert (once.observation.exposure_s, twice.observation.exposure_s) == (60.0, 120.0)
    assert (once.observation.target, twice.observation.target) == (aim, None)
    np.testing.assert_allclose(twice.flux[:25], 2 * once.flux[:25])
    np.testing.assert_allclose(twice.sky[:25], 2 * once.sky[:25])
    later_s = (twice.observation.jd_utc - once.observation.jd_utc) * 86400
    assert later_s == pytest.approx(30.0, abs=1e-3)
    inner, outer = once.observation.annulus_px
    radius = once.observation.aperture_px
    assert (inner / radius, outer / radius) == (pytest.approx(4 / 1.5), pytest.approx(8 / 1.5))
    theirs = once.observation.filter, once.observation.train, once.observation.plan, once.observation.object
    assert theirs == tuple(A_LIGHT.get(key) for key in ("filter", "train", "plan", "object"))
    assert once.observation.frame == A_LIGHT["sha256"]


def test_the_catalogue_s_stars_are_measured_whether_detected_or_not(seen) -> None:  # type: ignore[no-untyped-def]
    """Half a pixel off, as if only brighter stars were detected; light curves need the same in every frame."""
    listed = cone(RA, DEC, 0.15)
    places = pixels(PLANE, listed.ra_deg[:6], listed.dec_deg[:6]) + 0.3
    counts = seen(*FIELD, *((x, y, 6000.0) for x, y in places))
    table, alike = table_of(counts, keep=len(FIELD)), table_of(counts)
    assert table is not None
    assert alike is not None
    for ra_deg, dec_deg in zip(listed.ra_deg[:6], listed.dec_deg[:6], strict=True):
        (star,), (detected,) = (np.flatnonzero(each.star == designation(ra_deg, dec_deg)) for each in (table, alike))
        assert table.flux[star] == pytest.approx(alike.flux[detected], rel=0.01)
        assert table.x[star] == pytest.approx(alike.x[detected], abs=0.05)
    assert len(set(table.star) - {""}) == np.sum(table.star != "")


def test_a_star_s_own_wings_are_no_neighbour(draw_stars) -> None:  # type: ignore[no-untyped-def]
    """Of 25 bright stars, round or not, as faint ones' noise would show it."""
    x, y, flux = np.array([(x + 0.3, y + 0.4, 10 ** (3.4 + 0.08 * n)) for n, (x, y, _) in enumerate(FIELD)]).T
    for sigma in ((1.5, 1.5, 0.0), (1.8, 1.4, 0.5), (2.4, 1.6, 1.0)):
        truth = LEVEL + draw_stars(SHAPE, x, y, flux, sigma)
        table = table_of(np.random.default_rng(3).poisson(truth * GAIN) / GAIN)
        assert table is not None
        assert not (table.flags & Flag.BLENDED).any()


def test_each_star_is_measured_in_other_radii_too(seen) -> None:  # type: ignore[no-untyped-def]
    """What lies in them of a Gaussian; a neighbour that only the widest reaches is told of that alone."""
    table = table_of(seen(*FIELD, (60.0, 235.0, 60000.0), (68.4, 235.0, 20000.0)))
    assert table is not None and list(table.ways) == ["0.8", "1", "1.25", "2"]
    bright = [at(table, x, y) for x, y, flux in FIELD if flux > 20000]
    fwhm = table.observation.aperture_px / 1.5
    for way, light in table.ways.items():
        share = 1 - np.exp(-((float(way) * fwhm) ** 2) / (SIGMA**2 + 1 / 12) / 2)  # of pixels that have a width
        assert light.flux[bright] / table.flux[bright] == pytest.approx(share, abs=0.02)
        assert (light.flux_error[bright] > 0).all() and not light.flags[bright].any()
    star = at(table, 60, 235)
    told = {way: bool(light.flags[star] & int(Flag.BLENDED)) for way, light in table.ways.items()}
    assert told == {"0.8": False, "1": False, "1.25": False, "2": True} and table.flags[star] == 0
