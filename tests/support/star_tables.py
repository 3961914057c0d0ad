"""Tables of stars that tests make up."""

import numpy as np

from obsy.engine.reduce.star_table import Observation, StarTable

OBSERVATION = Observation(
    frame="ab" * 32,
    exposure_s=60.0,
    aperture_px=6.25,
    annulus_px=(12.0, 20.0),
    gain=1.2,
    filter="V",
    train="newton",
    plan="ss-cyg",
    object="SS Cyg",
    jd_utc=2461373.50012345,
    hjd_utc=2461373.50412345,
    bjd_tdb=2461373.50492345,
    airmass=1.234,
    target=(325.679, 43.586),
)


def star_table(count: int, observation: Observation = OBSERVATION) -> StarTable:
    """Return a table of so many good stars all over the sky; the first one's shape is not known."""
    rng = np.random.default_rng(count)
    flux = np.sort(rng.uniform(1e3, 1e6, count))[::-1].copy()
    fwhm = rng.uniform(2, 4, count)
    fwhm[:1] = np.nan
    return StarTable(
        x=rng.uniform(0, 1000, count),
        y=rng.uniform(0, 800, count),
        ra=rng.uniform(0, 360, count),
        dec=rng.uniform(-90, 90, count),
        flux=flux,
        flux_error=np.sqrt(flux),
        sky=rng.uniform(90, 110, count),
        fwhm=fwhm,
        flags=np.zeros(count, dtype=np.int64),
        star=np.array([f"TYC 1-{index}-1" for index in range(count)], dtype=np.str_),
        observation=observation,
    )
