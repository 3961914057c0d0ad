"""A spectrum on even steps of wavelength, as files of spectra want it: no light is lost, and errors go with it."""

import numpy as np

from obsy.engine.science.spectrum.lamp_lines import Floats


def even_steps(wavelength: Floats, flux: Floats, error: Floats) -> tuple[float, float, Floats, Floats]:
    """Return first wavelength and step, and light and error a step, where the spectrum is known from end to end.

    Each step gets the light of the columns that it covers, by their share; errors as if steps were independent, though
    neighbours share a column. Columns of which nothing is known get their neighbours' light.
    """
    known = np.isfinite(flux) & np.isfinite(error)
    ends = np.flatnonzero(known)
    part = slice(int(ends[0]), int(ends[-1]) + 1)
    wave, known = wavelength[part], known[part]
    light = np.interp(wave, wave[known], flux[part][known])
    sigma = np.interp(wave, wave[known], error[part][known])
    edges = np.concatenate(
        [[1.5 * wave[0] - 0.5 * wave[1]], (wave[1:] + wave[:-1]) / 2, [1.5 * wave[-1] - 0.5 * wave[-2]]]
    )
    step = float(np.median(np.diff(edges)))
    count = int((edges[-1] - edges[0]) / step)
    new = edges[0] + step * np.arange(count + 1)
    low, high = np.searchsorted(edges, new[:-1], "right") - 1, np.searchsorted(edges, new[1:], "left")
    summed = np.concatenate([[0.0], np.cumsum(light)])
    made = np.diff(np.interp(new, edges, summed))
    wide = np.diff(edges)
    variance = np.zeros(count)
    for beyond in range(int((high - low).max())):
        column = np.minimum(low + beyond, len(light) - 1)
        share = (np.minimum(edges[column + 1], new[1:]) - np.maximum(edges[column], new[:-1])) / wide[column]
        variance += np.where(low + beyond < high, np.clip(share, 0, 1) * sigma[column] ** 2, 0.0)
    return float(new[0] + step / 2), step, made, np.sqrt(variance)
