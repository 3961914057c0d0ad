"""Optimal extraction: each pixel weighted by what the star's profile across the spectrum and the noise say of it.

Source: Horne 1986, PASP 98, 609. Ours, and not specreduce's `HorneExtract` (1.9): that shifts columns by whole pixels
along a bent trace, the light but neither its variance nor its mask, and leaves cosmic rays in; decision 50.
"""

from dataclasses import dataclass

import numpy as np
from numpy.polynomial.polynomial import polyval
from numpy.typing import NDArray
from scipy.ndimage import map_coordinates

from obsy.engine.mad_std import mad_std
from obsy.engine.science.spectrum.lamp_lines import Floats
from obsy.engine.science.spectrum.traced import TracedLight

Mask = NDArray[np.bool_]
STEP_PX, REACH_PX = 0.5, 0.8
"""How finely the profile is sampled across the spectrum, and how far around a sample pixels tell it."""
SHARP = 0.02
"""By how much of itself a profile may be off, which is no hit, where it does not tell that it is off by more."""
BRIGHT = 30.0
"""Sigmas of its own noise from which a pixel tells how well the profile fits."""
BENDS = 2
"""Degree by which each sample of the profile changes along the spectrum."""
HIT_SIGMAS = 5.0
FEWEST = 0.5
"""Of the profile, without which a column says nothing."""


@dataclass(frozen=True, slots=True)
class Extracted:
    """A spectrum by column; each array (columns,)."""

    flux: Floats
    """Electrons, less the sky; nan where nothing can be said."""
    error: Floats
    hits: int
    """Pixels that were left out: cosmic rays, hot and dead ones."""


def extracted(light: Floats, way: TracedLight, noise: float) -> Extracted:
    """Return the spectrum along a trace; light: electrons, (rows, columns), nan where a pixel says nothing.

    noise: of a pixel without light, electrons.
    """
    centre, half, sky = way.centre, way.half, way.sky
    rows = np.arange(light.shape[0])[:, None]
    away = rows - centre[None, :]
    inside = np.abs(away) <= half
    net = light - sky[None, :]
    good = inside & np.isfinite(net)
    variance = noise**2 + np.maximum(np.where(np.isfinite(light), light, 0.0), 0.0)
    flux = np.where(good, net, 0.0).sum(axis=0)
    profile = np.zeros_like(net)
    for _ in range(3):
        profile = _profile(net, flux, away, good, half)
        for _ in range(4):
            flux = _weighted(net, variance, profile, good)
            model = flux[None, :] * profile
            variance = noise**2 + np.maximum(model + sky[None, :], 0.0)
            unlike = max(SHARP, _unlike(net - model, model, variance, good))
            off = np.where(good, (net - model) ** 2 / (variance + (unlike * model) ** 2), 0.0)
            worst = off.argmax(axis=0)
            hit = off[worst, np.arange(off.shape[1])] > HIT_SIGMAS**2
            if not hit.any():
                break
            good[worst[hit], np.flatnonzero(hit)] = False
    seen = np.where(good, profile, 0.0)
    weight = (seen**2 / variance).sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        of_sky = way.sky_variance * ((seen / variance).sum(axis=0) / weight) ** 2
        error = np.sqrt(1 / weight + of_sky)
    known = seen.sum(axis=0) > FEWEST
    return Extracted(np.where(known, flux, np.nan), np.where(known, error, np.nan), int((inside & ~good).sum()))


def _weighted(net: Floats, variance: Floats, profile: Floats, good: Mask) -> Floats:
    """Return each column's light as the profile and the noise weigh it."""
    weight = np.where(good, profile / variance, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        made: Floats = np.nan_to_num((weight * np.where(good, net, 0.0)).sum(axis=0) / (weight * profile).sum(axis=0))
    return made


def _unlike(off: Floats, model: Floats, variance: Floats, good: Mask) -> float:
    """Return by how much of itself the profile is off beyond the noise: seeing and guiding change it."""
    bright = good & (model > BRIGHT * np.sqrt(variance))
    if bright.sum() < 10 * off.shape[0]:
        return 0.0
    beyond = mad_std(off[bright] / model[bright]) ** 2 - float(np.median(variance[bright] / model[bright] ** 2))
    return float(np.sqrt(max(beyond, 0.0)))


def _profile(net: Floats, flux: Floats, away: Floats, good: Mask, half: int) -> Floats:
    """Return the share of a column's light that falls on each pixel: smooth along the spectrum, none below 0."""
    steps = np.arange(-half - 1, half + 1 + STEP_PX, STEP_PX)
    x = np.linspace(-1, 1, net.shape[1])
    column, weight = np.broadcast_to(x, net.shape), np.broadcast_to(np.maximum(flux, 1.0), net.shape)
    bright = good & (flux > 0.3 * max(float(np.median(flux)), 0.0))[None, :]
    with np.errstate(divide="ignore", invalid="ignore"):
        share = net / flux[None, :]
    near = [bright & (np.abs(away - step) < REACH_PX) for step in steps]
    sampled = np.array(
        [
            polyval(x, _sample(column[of], away[of] - step, share[of], weight[of]))
            for step, of in zip(steps, near, strict=True)
        ]
    )
    made = map_coordinates(sampled, [(away - steps[0]) / STEP_PX, np.broadcast_to(np.arange(len(x)), net.shape)])
    made = np.where(np.abs(away) <= half, np.clip(made, 0.0, None), 0.0)
    total = made.sum(axis=0)
    normed: Floats = made / np.where(total > 0, total, 1.0)
    return normed


def _sample(x: Floats, away: Floats, share: Floats, weight: Floats) -> Floats:
    """Return a sample of the profile as a polynomial along the spectrum, without what lies far off.

    A parabola across goes with it, so that a sample is no mean of what is around it. x: -1 to 1. away: pixels.
    """
    kept = np.isfinite(share)
    if kept.sum() < 10 * (BENDS + 1):
        return np.array([float(np.median(share[kept]))]) if kept.any() else np.zeros(1)
    terms = np.stack([*(x**power for power in range(BENDS + 1)), away, away**2], axis=1)
    found = np.zeros(terms.shape[1])
    for _ in range(3):
        root = np.sqrt(weight[kept])
        found = np.linalg.lstsq(terms[kept] * root[:, None], share[kept] * root, rcond=None)[0]
        off = (share - terms @ found) * np.sqrt(weight)
        kept = np.isfinite(share) & (np.abs(off) < HIT_SIGMAS * max(_spread(off[kept]), 1e-9))
    made: Floats = found[: BENDS + 1]
    return made


def _spread(values: Floats) -> float:
    low, high = np.percentile(values, [16, 84])
    return float(high - low) / 2
