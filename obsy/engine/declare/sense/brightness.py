"""Exposures that the sky or the target star fills, and those whose sky drowns in the camera's read noise."""

from collections.abc import Iterator
from functools import cache
from math import ceil, erf, log, pi, sqrt

from obsy.diagnostics import Diagnostic
from obsy.engine.declare.catalogue import CatalogueObject, Variability, hits
from obsy.engine.declare.declared import Declared
from obsy.engine.declare.instrument import Standing, standing
from obsy.engine.declare.names import lookup
from obsy.engine.declare.star_names import table_star
from obsy.schemas.goal import Goal
from obsy.schemas.plan import Plan
from obsy.schemas.target import NamedTarget, Planet
from obsy.schemas.train import Train
from obsy.units import duration

PHOTONS = 9960.0
"""Of a star of V = 0, per s, cm2 and nm above the air. Source: Bessell et al. 1998, A&A 333, 231, table A2."""
WIDTH_NM = {"l": 300.0, "c": 400.0, "clear": 400.0, "osc": 100.0, "rc": 90.0, "ic": 90.0} | dict.fromkeys(
    "rgbuvi", 90.0
)
WIDTH_NM |= dict.fromkeys(("ha", "oiii", "sii", "nii", "hb"), 6.0)
"""How much of the spectrum usual filters let through; what has another role is not judged."""
CAUGHT = 0.5
"""The share of the light that mirrors, glass and sensor leave; typical, and good to a factor of two."""
SHARPNESS_ARCSEC = 4.0
"""The width of a star in a poor night: what it fills then, it fills in better ones."""
OF_A_RED_STAR = {"b": 0.25, "u": 0.05}
"""A star's colour is not known: one as red as B - V = 1.5 gives so much of a white one's light."""
CALM_MAG = 2.0
"""A star that changes by more is judged at its faintest, for nobody knows how it stands; others at their brightest."""
ECLIPSED = "E"
"""So begin the GCVS's types of stars that are as bright as they get most of the time."""
SAME_DEG = 0.02
"""Entries of two tables this near to each other are one star: 'T Tau' and 't Tau' are not."""
LEAST_S = 0.001
"""Shorter exposures are beyond many cameras."""
LARGEST_ADU = 65535.0
STACKED_S = 1800.0
"""So much exposure in one go is stacked, however its frames are counted."""
Words = tuple[str, str, str]


def check(declared: Declared) -> Iterator[Diagnostic]:
    """Warn of a goal for which this is so with every train that serves its plan."""
    trains = list(standing(declared))
    for entry in declared.of(Plan):
        served = [each for each in trains if entry.document.served_by(each.train.document)]
        for number, goal in enumerate(entry.document.want if served else ()):
            full = [_overfull(entry.document, goal, each) or _filled(goal, each) for each in served]
            hidden = [_hidden(goal, each) for each in served]
            if all(full) and full[0]:
                yield entry.complain("saturates", full[0], "want", number, "exposure")
            elif all(hidden) and hidden[0] and not isinstance(entry.document.target, Planet):
                yield entry.complain("read-noise", hidden[0], "want", number, "exposure")


Star = tuple[str, float]
"""Its name and magnitude, as a complaint has it; and the magnitude: V, or what the tables have in its place."""


@cache
def star(name: str) -> Star | None:
    """Return the star of that name with the magnitude to judge it by; None if it is none, or that is not known."""
    found = lookup(name)
    if found is None or found.kind != "star" or found.mag is None:
        return None
    if (varies := found.varies or _variability(name, found)) is None:
        return f"'{name}' (magnitude {found.mag:g})", found.mag
    if (brightest := varies.brightest_mag) is None or (faintest := varies.faintest_mag) is None:
        return None
    is_calm = faintest - brightest <= CALM_MAG or varies.type.startswith(ECLIPSED)
    mag, when = (brightest, "brightest") if is_calm else (faintest, "faintest")
    return f"'{name}' (magnitude {mag:g} at its {when})", mag


def _variability(name: str, found: CatalogueObject) -> Variability | None:
    """Return how a star of another table varies; None if it is not known to."""
    from obsy.engine.separation import separation_deg  # noqa: PLC0415 - few plans point at a star

    here = (each for each in (*hits(name), *hits(found.name)) if separation_deg(each[1:3], found[1:3]) < SAME_DEG)
    return next((each.varies for each in here if each.varies is not None), None)


def _overfull(plan: Plan, goal: Goal, each: Standing) -> Words | None:
    """Say in which filter the target itself fills a pixel; None if in none, or nobody knows how bright it is."""
    known = None if isinstance(plan.target, NamedTarget) else table_star(plan)
    name = plan.target.name if isinstance(plan.target, NamedTarget) else known and known.name
    target = star(name) if name else None
    if target is None:
        return None
    full, train = well(each.train.document), each.train.document
    for role in goal.filter:
        rate = peak_electrons(train, role, target[1])
        if rate is not None and rate * goal.exposure >= full:
            found = f"{target[0]} fills a pixel of '{train.name}' in {role}, in {duration(full / rate)}"
            half = f"write an exposure of at most {duration(full / rate / 2)}, or "
            mend = f"{half if full / rate / 2 > LEAST_S else ''}choose a filter that lets less light through"
            return found, "an exposure that the target does not saturate", mend
    return None


def _filled(goal: Goal, each: Standing) -> Words | None:
    """Say in which filter the sky fills a pixel; None if in none."""
    full = well(each.train.document)
    for role in goal.filter:
        rate = sky_electrons(each.train.document, role, each.site.sky)
        if rate is not None and rate * goal.exposure >= full:
            found = f"the sky alone fills a pixel {_where(role, each)}, in {duration(full / rate)}"
            mend = f"write an exposure of at most {duration(full / rate / 2)}"
            return found, "an exposure in which stars stand out of the sky", mend
    return None


def _hidden(goal: Goal, each: Standing) -> Words | None:
    """Say in which filter the read noise is larger than the sky's own noise; None if in none, or nothing is stacked."""
    noise_e = each.train.document.camera.read_noise
    for role in goal.filter if is_stacked(goal) else ():
        rate = sky_electrons(each.train.document, role, each.site.sky)
        if rate is not None and rate * goal.exposure < noise_e**2:
            sky = f"{rate * goal.exposure:.2g} e of sky"
            found = f"{sky} in a pixel {_where(role, each)}, and {noise_e:g} e of read noise"
            mend = f"write 'exposure: {_longer(noise_e**2 / rate)}', or longer"
            return found, "an exposure in which the sky is noisier than the camera", mend
    return None


def is_stacked(goal: Goal) -> bool:
    """Return whether the frames of a goal are meant as one picture: not those of a cadence or an event."""
    counted_s = (goal.count or 0) * goal.exposure if goal.every is None else 0.0
    return goal.total is not None or counted_s >= STACKED_S


def _where(role: str, each: Standing) -> str:
    return f"of '{each.train.document.name}' in {role}, under {each.site.sky:g} mag/arcsec2"


def sky_electrons(train: Train, role: str, sky_mag: float) -> float | None:
    """Electrons per s that a moonless sky at the zenith gives a binned pixel through a filter; None if it is unknown.

    sky_mag: V magnitudes per square arcsecond.
    """
    of_one = electrons(train, role, sky_mag)
    return None if of_one is None else of_one * train.scale**2


def electrons(train: Train, role: str, mag: float) -> float | None:
    """Electrons per s that all the light of something of magnitude V makes through a filter; None if it is unknown."""
    width_nm = WIDTH_NM.get(role.lower())
    area_cm2 = pi / 4 * (train.telescope.aperture / 10) ** 2
    per_s = PHOTONS * area_cm2 * CAUGHT * 10 ** (-0.4 * mag)
    return None if width_nm is None else width_nm * per_s


def peak_electrons(train: Train, role: str, mag: float) -> float | None:
    """Electrons per s that a star gives the binned pixel in whose middle it stands; None if it is unknown."""
    light = electrons(train, role, mag)
    return None if light is None else light * OF_A_RED_STAR.get(role.lower(), 1.0) * peak(train.scale)


def peak(scale: float, width_arcsec: float = SHARPNESS_ARCSEC) -> float:
    """Return the share of a star's light that the pixel in whose middle it stands gets; scale: arcsec a pixel.

    A Gaussian over a square is the product of two error functions.
    """
    sigma = width_arcsec / sqrt(8 * log(2))
    return erf(scale / 2 / (sqrt(2) * sigma)) ** 2


def well(train: Train) -> float:
    """Return the electrons at which a binned pixel is full, or its number as large as 16 bits hold."""
    camera = train.camera
    return min(camera.full_well * camera.binning**2, (LARGEST_ADU - camera.pedestal) * camera.conversion)


def _longer(seconds: float) -> str:
    """A time that is no shorter, in whole seconds or minutes as people write them."""
    return f"{ceil(seconds)} s" if seconds < 100 else f"{ceil(seconds / 60)} min"  # noqa: PLR2004
