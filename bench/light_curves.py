"""How long the light of 200 stars in each of 1,000 frames takes, beside photutils' plain loop.

An argument is another number of frames. Both sum the same apertures less the sky of the same rings, with errors; ours
also says which stars have a neighbour.
"""

import sys
import time
from collections.abc import Callable
from functools import partial

import numpy as np
from astropy.stats import SigmaClip
from numpy.typing import NDArray
from photutils.aperture import ApertureStats, CircularAnnulus, CircularAperture, aperture_photometry
from photutils.utils import calc_total_error

from bench._answer import answer
from bench.reduce import SIDE, field
from obsy.engine.reduce.blends import blended
from obsy.engine.reduce.star_light import rings, sums
from obsy.engine.reduce.star_noise import ccd_error
from obsy.engine.reduce.stars import detect

LONG = True
FRAMES, STARS = 1000, 200
RADIUS, RING, FWHM, GAIN, READ_NOISE_E = 5.0, (12.0, 24.0), 3.5, 1.2, 3.0
Image = NDArray[np.float32]
Floats = NDArray[np.float64]
Measured = tuple[Floats, Floats]


def main() -> None:
    """Measure and tell."""
    frames = next((int(word) for word in sys.argv[1:] if word.isdigit()), FRAMES)
    dice = np.random.default_rng(1)
    sky = field(dice, 0.0).astype(np.float32)
    stars = detect(sky - np.float32(1400), 5.0, 64, sky > 60000)  # noqa: PLR2004 (as bright as field() has its sky)
    x, y = (np.tile(axis, STARS)[:STARS] for axis in (stars.x, stars.y))
    spent = dict.fromkeys(WAYS, 0.0)
    apart = []
    for _ in range(frames):
        counts = sky + dice.normal(0, 5, (SIDE, SIDE)).astype(np.float32)
        found = {}
        for name, way in WAYS.items():
            begun = time.process_time()
            found[name] = way(counts, x, y)
            spent[name] += time.process_time() - begun
        apart.append(np.nanmedian(np.abs(found["ours"][0] - found["photutils"][0]) / found["photutils"][1]))
    told: dict[str, float | int | str] = {"frames": frames, "stars": STARS}
    told |= {f"{name}_cpu_ms_a_frame": 1000 * each / frames for name, each in spent.items()}
    told |= {"photutils_over_ours": spent["photutils"] / spent["ours"], "differ_in_errors": float(np.median(apart))}
    answer(str(__doc__).splitlines()[0], told)


def ours(counts: Image, x: Floats, y: Floats, *, neighbours: bool = True) -> Measured:
    """Light and error in ADU, and which stars have a neighbour, as `steps/photometry` makes them."""
    sky = rings(counts, x, y, RING)
    found = sums(counts, np.zeros(counts.shape, dtype=bool), (x, y), RADIUS, sky.level)
    error = ccd_error(found.flux * GAIN, sky.times(GAIN), np.pi * RADIUS**2, READ_NOISE_E) / GAIN
    if neighbours:
        blended(counts, (x, y), sky, (RADIUS + FWHM / 2, FWHM))
    return found.flux, error


def plain(counts: Image, x: Floats, y: Floats) -> Measured:
    """The same as photutils' manual has it."""
    places = np.column_stack([x, y])
    around = ApertureStats(counts, CircularAnnulus(places, *RING), sigma_clip=SigmaClip(3.0))
    aperture = CircularAperture(places, RADIUS)
    noise = np.full(counts.shape, np.nanmedian(around.std))
    error = calc_total_error(counts - np.nanmedian(around.mean), noise, GAIN)
    summed = aperture_photometry(counts, aperture, error=error)
    return np.asarray(summed["aperture_sum"]) - around.mean * aperture.area, np.asarray(summed["aperture_sum_err"])


WAYS: dict[str, Callable[[Image, Floats, Floats], Measured]] = {
    "ours": ours,
    "ours_without_neighbours": partial(ours, neighbours=False),
    "photutils": plain,
}

if __name__ == "__main__":
    main()
