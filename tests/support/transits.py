"""Light curves with a transit that is known, and a fit of one whose every number is given."""

import numpy as np

from obsy.engine.declare.target import Ephemeris
from obsy.engine.science.transit.curve import RelativeFlux
from obsy.engine.science.transit.fit import NumberWithError, TransitFit
from obsy.engine.science.transit.model import LimbDarkening, PlanetOrbit, exposed_flux
from obsy.engine.science.transit.parameters import BestFit, TransitModel
from obsy.engine.science.transit.planet import KnownPlanet

EPHEMERIS = Ephemeris(2458000.0, 2.15, 3.1, "BJD_TDB", 0.0002, 1e-6)
ORBIT, LIMB = PlanetOrbit(2.15, 6.05, 88.9), LimbDarkening(0.35, 0.25)
KNOWN = KnownPlanet("Ours b", EPHEMERIS, 0.12, ORBIT, limb=LIMB, reference="ours")
EXPECTED = 2458000.0 + 10 * 2.15
RATIO, SCATTER, LEVEL = 0.15, 0.004, 0.37
BETA = 1.2


def seen(late_d=0.0, slope=0.0, *, seed=1, hours=(-2.7, 2.7), count=120):
    """A light curve with a known transit, in hours about the time predicted; airmass bends it by `slope` a unit."""
    dice = np.random.default_rng(seed)
    times = EXPECTED + np.linspace(*hours, count) / 24
    airmass = 1.1 + 0.05 * (np.linspace(-1, 2.5, count)) ** 2
    true = exposed_flux(times - EXPECTED - late_d, 60.0, RATIO, ORBIT, LIMB) * LEVEL * np.exp(slope * (airmass - 1))
    flux = true * (1 + dice.normal(0, SCATTER, count))
    trends = {"airmass": airmass, "x": dice.normal(300, 1, count)}
    return RelativeFlux(times, flux, np.full(count, LEVEL * SCATTER), trends, 60.0, times - 0.003)


def fitted(*, hours=(-2.7, 2.7), count=40, ratio=RATIO, late_d=0.001, reference="ours"):
    """A fit whose numbers are given, not found: the same on every machine. The third point is an outlier."""
    curve = seen(0.001, -0.08, hours=hours, count=count)
    air = curve.trends["airmass"]
    known = KnownPlanet("Ours b", EPHEMERIS, 0.12, ORBIT, limb=LIMB, reference=reference)
    model = TransitModel(curve, known, EXPECTED, {"airmass": (air - air.mean()) / air.std()})
    level = LEVEL * float(np.exp(-0.08 * (air.mean() - 1)))
    values = {"tc": late_d, "ratio": ratio, "linear": 0.35, "square": 0.25, "level": level}
    values["airmass"] = -0.08 * float(air.std())
    errors = {"tc": 0.0007, "ratio": 0.003, "linear": 0.1, "square": 0.1, "level": 0.0004, "airmass": 0.0004}
    base = model.baseline(values)
    left = (curve.flux - model.transit(values, curve.bjd_tdb) * base) / base
    return TransitFit(
        curve=curve,
        planet=known,
        model=model,
        solution=BestFit(values, errors, left, left / SCATTER),
        middle=NumberWithError(EXPECTED + late_d, 0.0007 * BETA),
        ratio=NumberWithError(ratio, 0.003 * BETA),
        trends=("airmass",),
        bic={"": 300.0, "airmass": 20.0},
        is_outlier=np.arange(count) == 2,
        inflation=1.1,
        beta=BETA,
    )
