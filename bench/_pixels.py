"""Cases of pixels: star widths, combination, resampling, recognising a field; and SEP beside photutils."""

from typing import Any

import ccdproc
import numpy as np
import reproject
import sep
from astropy.coordinates import SkyCoord
from astropy.nddata import CCDData
from astropy.stats import SigmaClip, sigma_clip
from astropy.wcs.utils import fit_wcs_from_points
from numpy.typing import NDArray
from photutils.aperture import ApertureStats, CircularAnnulus, CircularAperture, aperture_photometry
from photutils.background import Background2D, MedianBackground
from photutils.psf import fit_2dgaussian
from photutils.segmentation import SourceCatalog, detect_sources

from bench._case import Case
from bench.reduce import SCALE, SIDE, field
from obsy.engine.reduce import plane
from obsy.engine.reduce.combine import clipped_mean
from obsy.engine.reduce.orders import Field
from obsy.engine.reduce.resample import resample
from obsy.engine.reduce.shape import shapes
from obsy.engine.reduce.star_light import rings, sums
from obsy.engine.reduce.stars import detect

Image = NDArray[np.float32]
FRAMES, BAND_ROWS, MESH = 15, 256, 64


def pixels() -> list[Case]:
    """The cases, on one megapixel of a real field in Cygnus."""
    counts = field(np.random.default_rng(1), 0.0).astype(np.float32)
    return [*_found(counts), _widths(counts), _light(counts), _combination(), _resampling(counts), _plane()]


def _most(ours: Any, theirs: Any) -> float:
    return float(np.nanmax(np.abs(np.asarray(ours) - np.asarray(theirs))))


def _found(counts: Image) -> list[Case]:
    """The library that obsy uses beside the one it does not."""
    bare = counts - sep.Background(counts, bw=MESH, bh=MESH).back()
    full = counts > 60000

    def background() -> Any:
        return Background2D(counts, MESH, filter_size=3, bkg_estimator=MedianBackground()).background

    def detected() -> Any:
        noise = Background2D(bare, MESH, filter_size=3, bkg_estimator=MedianBackground()).background_rms
        return SourceCatalog(bare, detect_sources(bare, 3.0 * noise, n_pixels=5)).x_centroid

    return [
        Case(
            "background mesh",
            {"sep": lambda: sep.Background(counts, bw=MESH, bh=MESH).back(), "photutils": background},
            _most,
            "adu at most",
        ),
        Case(
            "detection and centroids",
            {"sep": lambda: detect(bare, 5.0, MESH, full).x, "photutils": detected},
            lambda ours, theirs: len(theirs) - len(ours),
            "stars",
        ),
    ]


def _light(counts: Image) -> Case:
    """Of one frame; a night of a transit has hundreds."""
    full = counts > 60000
    bare = counts - sep.Background(counts, bw=MESH, bh=MESH).back()
    stars = detect(bare, 5.0, MESH, full)
    x, y = (np.tile(axis, 200)[:200] for axis in (stars.x, stars.y))

    def straightforward() -> Any:
        places = np.column_stack([x, y])
        level = ApertureStats(counts, CircularAnnulus(places, 12.0, 24.0), sigma_clip=SigmaClip(3.0)).mean
        aperture = CircularAperture(places, 5.0)
        return np.asarray(aperture_photometry(counts, aperture)["aperture_sum"]) - level * aperture.area

    return Case(
        "light of 200 stars above their own sky",
        {
            "ours": lambda: sums(counts, full, (x, y), 5.0, rings(counts, x, y, (12.0, 24.0)).level).flux,
            "photutils": straightforward,
        },
        lambda ours, theirs: float(np.nanmedian(np.abs(ours - theirs))),
        "adu in the median",
    )


def _widths(counts: Image) -> Case:
    bare = counts - sep.Background(counts, bw=MESH, bh=MESH).back()
    stars = detect(bare, 5.0, MESH, counts > 60000)
    x, y = (np.tile(axis, 200)[:200] for axis in (stars.x, stars.y))

    def fitted() -> Any:
        made = fit_2dgaussian(bare, xypos=np.column_stack([x, y]), fix_fwhm=False, fit_shape=15)
        return np.asarray(made.results["fwhm_fit"])

    return Case(
        "width and roundness of 200 stars",
        {"ours": lambda: shapes(bare, x, y, 15).fwhm, "photutils_without_roundness": fitted},
        lambda ours, theirs: float(np.nanmedian(np.asarray(theirs) - np.asarray(ours))),
        "px in the median",
        2,
    )


def _combination() -> Case:
    """A band of rows, as it comes from the files."""
    rng = np.random.default_rng(3)
    cube = rng.normal(500, 10, (FRAMES, BAND_ROWS, SIDE)).astype(np.float32)
    cube[rng.random(cube.shape) < 1e-3] += 3000
    weights = np.ones(FRAMES, dtype=np.float32)

    def ours() -> Any:
        columns = np.ascontiguousarray(cube.reshape(FRAMES, -1).T)
        return clipped_mean(columns, weights, 3.0, np.full_like(weights, 1e-9))[0].reshape(BAND_ROWS, SIDE)

    def combiner() -> Any:
        made = ccdproc.Combiner([CCDData(frame, unit="adu") for frame in cube], dtype=np.float32)
        made.sigma_clipping(low_thresh=3, high_thresh=3, func="median", dev_func="mad_std")
        return made.average_combine().data

    def astropy() -> Any:
        kept = sigma_clip(cube, sigma=3, maxiters=1, stdfunc="mad_std", axis=0, masked=False)
        return np.nanmean(kept, axis=0)

    ways = {"ours": ours, "ccdproc": combiner, "astropy_without_weights": astropy}
    return Case("clipped mean of 15 frames", ways, _most, "adu at most")


def _resampling(counts: Image) -> Case:
    target = plane.grid(Field(300.0, 40.0, SCALE, 0.0, SIDE, SIDE))
    angle = SCALE / 3600 * np.array([[-np.cos(0.3), np.sin(0.3)], [np.sin(0.3), np.cos(0.3)]])
    source = plane.tangent(300.01, 40.005, (511.5, 511.5), angle)
    shape = counts.shape

    def interp() -> Any:
        return reproject.reproject_interp(
            (counts, source), target, shape, order="bicubic", return_footprint=False, roundtrip_coords=False
        )

    return Case(
        "resampling",
        {
            "ours": lambda: resample(counts, plane.between(target, source, shape), shape),
            "reproject_interp": interp,
            "reproject_adaptive": lambda: reproject.reproject_adaptive(
                (counts, source), target, shape, conserve_flux=True, return_footprint=False
            ),
        },
        lambda ours, theirs: float(np.nanmedian(np.abs(ours - theirs))),
        "adu in the median",
        2,
    )


def _plane() -> Case:
    """One round of the fit of a plate solution, on a hundred matched stars."""
    rng = np.random.default_rng(2)
    truth = plane.tangent(300.0, 40.0, (511.5, 511.5), SCALE / 3600 * np.diag([-1.0, 1.0]))
    x, y = rng.uniform(0, SIDE, (2, 100))
    ra, dec = truth.wcs_pix2world(x, y, 0)

    def ours() -> Any:
        flat = plane.tangent(300.0, 40.0, (0.0, 0.0), np.eye(2))
        offsets = np.column_stack([x - 511.5, y - 511.5, np.ones(100)])
        fitted = np.linalg.lstsq(offsets, plane.pixels(flat, ra, dec), rcond=None)[0]
        return plane.tangent(*plane.sky(flat, *fitted[2]), (511.5, 511.5), fitted[:2].T).wcs_pix2world(0, 0, 0)

    def theirs() -> Any:
        return fit_wcs_from_points((x, y), SkyCoord(ra, dec, unit="deg")).wcs_pix2world(0, 0, 0)

    return Case("fit of a tangent plane to 100 stars", {"ours": ours, "astropy": theirs}, _most, "deg")
