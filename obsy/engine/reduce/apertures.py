"""photutils' apertures, loaded without photutils' look through every file of every installed package.

By that list photutils finds out what its own distribution is called; without one it takes its own name, which is right.
The look costs 0.2 s of each worker's start, a fifth of it, and more where more is installed.
"""

import importlib.metadata

_listed = importlib.metadata.packages_distributions
importlib.metadata.packages_distributions = lambda: {}
try:
    from photutils.aperture import CircularAperture
finally:
    importlib.metadata.packages_distributions = _listed

__all__ = ["CircularAperture"]
