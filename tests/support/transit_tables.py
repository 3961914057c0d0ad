"""Star tables of a night in which a star's light dims by a known share."""

from dataclasses import replace

import numpy as np

from obsy.engine.reduce.star_table import StarTable
from tests.support.star_tables import OBSERVATION

STAR = (94.79, 73.83)
AROUND = np.array([[0.00, 0.00], [0.10, 0.05], [-0.12, 0.02], [0.03, -0.09], [0.21, 0.11]])
"""Degrees from the target, the target first."""
LIGHT = np.array([1e5, 2e5, 1.5e5, 9e4, 3e5])


def night_of(shares, start=2461366.30, *, airmass=1.2, seed=4):
    """One table a share of the target's light, 2 min apart, through clouds; its stars in another order each time."""
    dice = np.random.default_rng(seed)
    return [_table(share, start + n / 720, airmass, dice) for n, share in enumerate(shares)]


def flagged(table, star, flag):
    """The table with a flag on the target (0) or a neighbour."""
    row = table.nearest(*_place(star), 1.0)
    flags = table.flags.copy()
    flags[row] |= int(flag)
    return replace(table, flags=flags)


def dimmed(table, star, share):
    """The table with a share of the light of the target (0) or a neighbour."""
    flux = table.flux.copy()
    flux[table.nearest(*_place(star), 1.0)] *= share
    return replace(table, flux=flux)


def without(table, star):
    """The table without a star."""
    row = table.nearest(*_place(star), 1.0)
    kept = np.arange(len(table)) != row
    columns = ("x", "y", "ra", "dec", "flux", "flux_error", "sky", "fwhm", "flags", "star")
    return replace(table, **{name: getattr(table, name)[kept] for name in columns})


def _place(star):
    return STAR[0] + AROUND[star][0] / np.cos(np.radians(STAR[1])), STAR[1] + AROUND[star][1]


def _table(share, bjd, airmass, dice):
    order = dice.permutation(len(LIGHT))
    ra, dec = np.array([_place(n) for n in range(len(LIGHT))]).T
    light = LIGHT * np.where(np.arange(len(LIGHT)) == 0, share, 1.0) * dice.uniform(0.6, 1.0)
    light = light + dice.normal(0, np.sqrt(light))
    count, seen = len(LIGHT), replace(OBSERVATION, bjd_tdb=bjd, jd_utc=bjd - 0.004, airmass=airmass, target=STAR)
    return StarTable(
        x=(100 + 1000 * AROUND[order, 0]),
        y=(100 + 1000 * AROUND[order, 1]),
        ra=ra[order],
        dec=dec[order],
        flux=light[order],
        flux_error=np.sqrt(light)[order],
        sky=np.full(count, 100.0),
        fwhm=np.full(count, 2.5),
        flags=np.zeros(count, dtype=np.int64),
        star=np.array([""] * count, dtype=np.str_),
        observation=seen,
    )
