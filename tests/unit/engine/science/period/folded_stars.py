"""Stars that repeat themselves, seen in some of sixty nights."""

import numpy as np

from obsy.engine.science.period.series import MagnitudeSeries, series_of

PERIOD, EPOCH, NOISE = 0.3456, 2460000.5, 0.02


def wave(phase):
    """A star that swells and shrinks: faintest at phase 0."""
    return 12 + 0.2 * np.cos(2 * np.pi * phase)


def eclipsing(phase):
    """Two stars: the deeper eclipse at phase 0, another half a turn later."""
    deeper, other = (phase + 0.5) % 1 - 0.5, phase % 1 - 0.5
    return 12 + 0.5 * np.exp(-((deeper / 0.08) ** 2)) + 0.2 * np.exp(-((other / 0.08) ** 2))


def seen(light=wave, seed=1, nights=10, every_d=0.006, noise=NOISE):
    """Return what was seen of it in quarters of a day; light: by phase; noise: as drawn."""
    dice = np.random.default_rng(seed)
    days = np.sort(dice.choice(60, nights, replace=False))
    time = np.concatenate([2460000.3 + day + np.arange(0, 0.25, every_d) for day in days])
    magnitude = light((time - EPOCH) / PERIOD) + dice.normal(0, noise, len(time))
    return series_of([MagnitudeSeries(time, magnitude, np.full(len(time), NOISE))])
