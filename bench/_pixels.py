"""Cases of pixels: background, stars, combination, cosmic rays, calibration, projections, matching."""

from typing import Any

import astroalign
import ccdproc
import numpy as np
import reproject
import sep
from astropy import units
from astropy.io import fits
from astropy.nddata import CCDData
from astropy.stats import sigma_clip
from astropy.wcs import WCS
from astroscrappy import detect_cosmics
from numpy.typing import NDArray
from photutils.background import Background2D, MedianBackground
from photutils.psf import fit_2dgaussian
from photutils.segmentation import detect_sources

from bench._case import Case
from bench.reduce import SCALE, SIDE, field
from obsy.engine.reduce.background import background
from obsy.engine.reduce.clip import clipped_mean
from obsy.engine.reduce.orders import Field
from obsy.engine.reduce.resample import resample
from obsy.engine.reduce.shape import shapes
from obsy.engine.reduce.solution import Near, solve
from obsy.engine.reduce.stars import detect
from obsy.engine.reduce.tan import Tan, between, grid
from obsy.engine.sky.catalogue import cone

Image = NDArray[np.float32]
FRAMES = 15
COSMICS = {"sigclip": 5.0, "gain": 1.2, "readnoise": 3.0, "satlevel": np.inf, "niter": 2, "cleantype": "medmask"}


def pixels() -> list[Case]:
    """The cases, on one megapixel of a real field in Cygnus."""
    counts = field(np.random.default_rng(1), 0.0).astype(np.float32)
    return [
        _background(counts),
        *_stars(counts),
        _combination(),
        Case(
            "cosmic rays",
            {
                "astroscrappy": lambda: detect_cosmics(counts, **COSMICS)[1],
                "ccdproc": lambda: ccdproc.cosmicray_lacosmic(counts, gain_apply=False, **COSMICS)[0],
            },
            _most,
            "adu",
            2,
        ),
        _calibration(counts),
        *_planes(counts),
        _match(),
    ]


def _most(ours: Any, theirs: Any) -> float:
    return float(np.nanmax(np.abs(np.asarray(ours) - np.asarray(theirs))))


def _background(counts: Image) -> Case:
    def photutils() -> Any:
        return Background2D(counts, 64, filter_size=3, bkg_estimator=MedianBackground()).background

    return Case(
        "background mesh",
        {
            "ours": lambda: background(counts, 64).image(),
            "sep": lambda: sep.Background(counts, bw=64, bh=64, fw=3, fh=3).back(),
            "photutils": photutils,
        },
        _most,
        "adu at most",
    )


def _stars(counts: Image) -> list[Case]:
    mesh = background(counts, 64)
    bare, noise, full = counts - mesh.image(), mesh.noise_image(), counts > 60000
    line = np.exp(-0.5 * (np.arange(-4, 5) / 1.5) ** 2)
    stars = detect(bare, mesh, 5.0, full)
    x, y = (np.tile(axis, 200)[:200] for axis in (stars.x, stars.y))

    def fitted() -> Any:
        fits_made = fit_2dgaussian(bare, xypos=np.column_stack([x, y]), fix_fwhm=False, fit_shape=15)
        return np.asarray(fits_made.results["fwhm_fit"])

    return [
        Case(
            "detection",
            {
                "ours": lambda: len(detect(bare, mesh, 5.0, full)),
                "sep": lambda: len(sep.extract(bare / noise, 5.0, filter_kernel=np.outer(line, line), minarea=5)),
                "photutils": lambda: detect_sources(bare, 3.0 * noise, n_pixels=5).n_labels,
            },
            lambda ours, theirs: theirs - ours,
            "stars",
        ),
        Case(
            "width of 200 stars",
            {"ours": lambda: shapes(bare, x, y, 15).fwhm, "photutils": fitted},
            lambda ours, theirs: float(np.nanmedian(np.asarray(theirs) - np.asarray(ours))),
            "px in the median",
            2,
        ),
        Case(
            "half-flux radius of 200 stars",
            {
                "ours": lambda: shapes(bare, x, y, 15).hfr,
                "sep": lambda: sep.flux_radius(bare, x, y, np.full(200, 8.8), 0.5, subpix=5)[0],
            },
            lambda ours, theirs: float(np.nanmedian(np.asarray(theirs) - np.asarray(ours))),
            "px in the median",
        ),
    ]


def _combination() -> Case:
    rng = np.random.default_rng(3)
    cube = rng.normal(500, 10, (FRAMES, SIDE, SIDE)).astype(np.float32)
    cube[rng.random(cube.shape) < 1e-3] += 3000
    frames = [CCDData(frame, unit="adu") for frame in cube]
    weights = np.ones(FRAMES, dtype=np.float32)

    def ours() -> Any:
        columns = np.ascontiguousarray(cube.reshape(FRAMES, -1).T)
        return clipped_mean(columns, weights, 3.0, 0.0)[0].reshape(SIDE, SIDE)

    def combiner() -> Any:
        made = ccdproc.Combiner(frames, dtype=np.float32)
        made.sigma_clipping(low_thresh=3, high_thresh=3, func="median", dev_func="mad_std")
        return made.average_combine().data

    def astropy() -> Any:
        kept = sigma_clip(cube, sigma=3, maxiters=1, stdfunc="mad_std", axis=0, masked=False)
        return np.nanmean(kept, axis=0)

    ways = {"ours": ours, "ccdproc": combiner, "astropy_without_a_floor": astropy}
    return Case("clipped mean of 15 frames", ways, _most, "adu at most", 2)


def _calibration(counts: Image) -> Case:
    bias, dark, flat = (np.full(counts.shape, level, dtype=np.float32) for level in (500, 6, 1))
    light, *masters = (CCDData(part, unit="adu") for part in (counts, bias, dark))
    even = CCDData(flat, unit="adu")
    times = {"dark_exposure": 60 * units.s, "data_exposure": 60 * units.s}

    def theirs() -> Any:
        bare = ccdproc.subtract_dark(ccdproc.subtract_bias(light, masters[0]), masters[1], **times)
        return ccdproc.flat_correct(bare, even, norm_value=1.0).data

    return Case("bias, dark and flat", {"ours": lambda: (counts - bias - dark) / flat, "ccdproc": theirs}, _most, "adu")


def _wcs(plane: Tan) -> WCS:
    made = WCS(fits.Header({key: value for key, value, _ in plane.cards()}))
    made.wcs.set()
    return made


def _planes(counts: Image) -> list[Case]:
    plane, stars = grid(Field(300.0, 40.0, SCALE, 0.0, SIDE, SIDE)), cone(300.0, 40.0, 0.7)
    angle = SCALE / 3600 * np.array([[-np.cos(0.3), np.sin(0.3)], [np.sin(0.3), np.cos(0.3)]])
    turned = Tan(300.01, 40.005, 511.5, 511.5, angle)
    mapping, shape, places = between(plane, turned), (SIDE, SIDE), np.column_stack([stars.ra_deg, stars.dec_deg])
    source, target = _wcs(turned), _wcs(plane)
    return [
        Case(
            "sky to pixels",
            {
                "ours": lambda: plane.pixels(stars.ra_deg, stars.dec_deg),
                "astropy": lambda: target.wcs_world2pix(places, 0),
            },
            _most,
            "px",
        ),
        Case(
            "resampling",
            {
                "ours": lambda: resample(counts, mapping, shape),
                "reproject": lambda: reproject.reproject_interp(
                    (counts, source), target, shape, "bicubic", return_footprint=False, roundtrip_coords=False
                ),
                "reproject_adaptive": lambda: reproject.reproject_adaptive(
                    (counts, source), target, shape, conserve_flux=True, return_footprint=False
                ),
            },
            lambda ours, theirs: float(np.nanmedian(np.abs(ours - theirs))),
            "adu in the median",
            2,
        ),
    ]


def _match() -> Case:
    """Six fields all over the sky, a tenth of a degree off, a sixth of the stars missing and as many false ones."""
    rng = np.random.default_rng(2)
    made = []
    for _ in range(6):
        ra, dec, turn = rng.uniform(0, 360), rng.uniform(-70, 80), rng.uniform(0, 2 * np.pi)
        matrix = SCALE / 3600 * np.array([[-np.cos(turn), np.sin(turn)], [np.sin(turn), np.cos(turn)]])
        listed = cone(ra, dec, 0.9)
        places = Tan(ra, dec, 511.5, 511.5, matrix).pixels(listed.ra_deg, listed.dec_deg)
        seen = places[((places > 5) & (places < SIDE - 6)).all(axis=1)]
        seen = seen[rng.random(len(seen)) > 0.15][:200] + rng.normal(0, 0.1)
        mixed = np.stack([seen, rng.uniform(5, SIDE - 6, seen.shape)], axis=1).reshape(-1, 2)
        near = Near(ra + 0.1 / np.cos(np.radians(dec)), dec - 0.1, SCALE * 1.009, (SIDE, SIDE))
        made.append((mixed, listed, near))

    def ours() -> int:
        return sum(not isinstance(solve(seen, sky.ra_deg, sky.dec_deg, near), str) for seen, sky, near in made)

    def theirs() -> int:
        found = 0
        for seen, sky, near in made:
            believed = Tan(near.ra_deg, near.dec_deg, 511.5, 511.5, np.diag([-1.0, 1.0]) * near.scale_arcsec / 3600)
            try:
                astroalign.find_transform(believed.pixels(sky.ra_deg, sky.dec_deg)[:400], seen, max_control_points=60)
                found += 1
            except (astroalign.MaxIterError, ValueError, TypeError):
                continue
        return found

    ways = {"ours": ours, "astroalign": theirs}
    return Case("six fields recognised", ways, lambda one, other: other - one, "fields", 1)
