"""What makes the frames of a stack alike: the light of the stars that they share, and the level of their skies."""

from dataclasses import dataclass

import numpy as np
from astropy.io import fits

from obsy.engine.reduce.combine import Footing, FrameSet, offset
from obsy.engine.reduce.common_stars import Floats, Ratio, landmarks, ratio, usual_light
from obsy.engine.reduce.noise import pixel_noise
from obsy.engine.reduce.stack_cards import like_s

ALIKE_SIGMAS = 2.5
"""Frames whose light differs by less than so many times its error are taken to show the same."""
SPARSE = 8
"""Levels are compared on every eighth row and column."""


@dataclass(frozen=True)
class Alike:
    """What makes frames alike, and the one that the others are made like."""

    footing: Footing
    reference: int
    """The frame whose stars stand highest above its noise."""
    compared: int
    """Frames whose light was compared by common stars, not by exposure."""


def alike(frames: FrameSet) -> Alike:
    """Put the frames on the footing of the quietest, each to weigh by the inverse square of its noise."""
    richest = int(np.argmax([int(header.get("NSTARS", 0)) for header in frames.headers]))
    marks = landmarks(frames.frame(richest), frames.headers)
    sparse, noises, lights = [], [], []
    for index in range(len(frames)):
        counts = frames.frame(index)
        sparse.append(counts[::SPARSE, ::SPARSE].copy())
        noises.append(pixel_noise(counts))
        lights.append(marks.light(counts, noises[-1]))
    first = [ratio(light, lights[richest]) for light in lights]
    among_all = usual_light(lights, first, richest)
    found = [each and ratio(light, among_all) for each, light in zip(first, lights, strict=True)]
    share = shares(found, frames.headers)
    inner = np.array(_said_noises(frames.headers) or noises) / share
    reference = int(np.argmin(inner))
    factor = _light_of(reference, found, share, frames.headers) / share
    shift = [offset(part * np.float32(scale), sparse[reference]) for part, scale in zip(sparse, factor, strict=True)]
    noise = np.array(noises) * factor
    weight = (inner * share[reference]) ** -2.0
    return Alike(Footing(factor, np.array(shift), weight, noise), reference, sum(each is not None for each in found))


def _light_of(reference: int, found: list[Ratio | None], share: Floats, headers: list[fits.Header]) -> float:
    """Return how much light the reference shows: the mean of the frames that show the same, as far as is known.

    It is the clearest also because chance has lifted its stars most: by itself it would make the stack too bright, by
    1.6 of its errors among twelve equal frames. Frames of other exposures count by what they would show of its own.
    """
    own, length = found[reference], _exposures(headers)
    if own is None:
        return float(share[reference])
    light = share * length[reference] / length
    error = np.array([each.error / each.value if each else np.inf for each in found]) * light
    same = np.abs(light - share[reference]) <= ALIKE_SIGMAS * np.hypot(error, error[reference])
    same &= np.isfinite(error)
    return float(np.average(light[same], weights=error[same] ** -2.0))


def shares(found: list[Ratio | None], headers: list[fits.Header]) -> Floats:
    """Return how much light each frame shows: by its stars, else by its exposure, as clear as frames usually were."""
    exposures = _exposures(headers)
    clear = [each.value / exposure for each, exposure in zip(found, exposures, strict=True) if each]
    usual = float(np.median(clear)) if clear else 1.0
    return np.array([each.value if each else usual * exposure for each, exposure in zip(found, exposures, strict=True)])


def _exposures(headers: list[fits.Header]) -> Floats:
    """The exposure of each frame, or that its counts are like, in seconds; 1 for one that does not say it."""
    return np.array([like_s(header) or 1.0 for header in headers])


def _said_noises(headers: list[fits.Header]) -> list[float]:
    """The noise of each frame before it was resampled, which links neighbours and so hides some; none if one lacks."""
    said = [float(header.get("NOISE", 0.0)) for header in headers]
    return said if min(said) > 0 else []
