"""The AAVSO's exoplanet report, format 0.62: one file, one transit. Its keys are case-sensitive."""

import json
from collections.abc import Iterator

import numpy as np

from obsy.engine.science.transit.fit import NumberWithError, TransitFit
from obsy.engine.science.transit.model import Floats
from obsy.engine.science.transit.observation import TransitObservation

FIXED = 0.0
"""The error of what was not fitted."""
_SOFTWARE = 255


def aavso_exoplanet(fit: TransitFit, about: TransitObservation) -> str:
    """Return the report. DIFF is the flux over the star's level, not detrended; the last column divides it.

    Source: AAVSO Exoplanet Section, report format 0.62, in the order in which EXOTIC writes it.
    """
    columns = _columns(fit)
    names = [name.upper() for name in columns]
    head = {
        "TYPE": "EXOPLANET",
        "OBSCODE": about.observer,
        "SECONDARY_OBSCODES": "",
        "SOFTWARE": about.software[:_SOFTWARE],
        "DELIM": ",",
        "DATE_TYPE": "BJD_TDB",
        "OBSTYPE": "CCD",
        "STAR_NAME": about.star,
        "EXOPLANET_NAME": about.planet,
        "BINNING": about.binning,
        "EXPOSURE_TIME": f"{fit.curve.exposure_s:g}" if fit.curve.exposure_s else "na",
        "COMP_STAR-XC": json.dumps([{"x": f"{x:.2f}", "y": f"{y:.2f}"} for x, y in about.comparison_stars]),
        "NOTES": about.notes,
        "DETREND_PARAMETERS": ", ".join(names),
        "MEASUREMENT_TYPE": "Rnflux",
        "FILTER": about.filter,
        "FILTER-XC": json.dumps({"name": about.filter, "desc": about.filter, "fwhm": []}),
        **_given("PRIORS", _priors(fit)),
        **_given("RESULTS", _results(fit)),
    }
    lines = [f"#{key}={value}" for key, value in head.items()]
    lines.append(",".join(["#DATE", "DIFF", "ERR", *(f"DETREND_{n + 1}" for n in range(len(columns)))]))
    return "\n".join([*lines, *_rows(fit, columns)]) + "\n"


def _columns(fit: TransitFit) -> dict[str, Floats]:
    """Return what the baseline is made of, and last the baseline itself, 1 where nothing bends it."""
    given = {"time": fit.curve.bjd_tdb, **fit.curve.trends}
    names = fit.trends or (("airmass",) if "airmass" in given else ())
    bend = fit.model.baseline(fit.solution.values) / fit.solution.values["level"]
    last = "airmass correction function" if names == ("airmass",) else "correction function"
    return {**{name: given[name] for name in names}, last: bend}


def _rows(fit: TransitFit, columns: dict[str, Floats]) -> Iterator[str]:
    level = fit.solution.values["level"]
    table = np.column_stack([fit.curve.flux / level, fit.curve.error * fit.inflation / level, *columns.values()])
    for when, values in zip(fit.curve.bjd_tdb, table, strict=True):
        yield ",".join([f"{when:.8f}", *(f"{value:.7f}" for value in values)])


def _priors(fit: TransitFit) -> dict[str, tuple[NumberWithError, str]]:
    known, ephemeris = fit.planet, fit.planet.ephemeris
    omega = {"omega": (NumberWithError(known.orbit.periastron_deg, FIXED), "degrees")}
    return {
        "Period": (NumberWithError(ephemeris.period_d, ephemeris.period_error_d), "days"),
        "Rp/R*": (NumberWithError(known.ratio, FIXED), ""),
        "a/R*": (NumberWithError(known.orbit.axis_ratio, known.axis_ratio_error), ""),
        "inc": (NumberWithError(known.orbit.inclination_deg, known.inclination_error_deg), "degrees"),
        "ecc": (NumberWithError(known.orbit.eccentricity, FIXED), ""),
        **(omega if known.orbit.eccentricity else {}),
        "u1": (NumberWithError(known.limb.linear, known.limb_error), ""),
        "u2": (NumberWithError(known.limb.square, known.limb_error), ""),
    }


def _results(fit: TransitFit) -> dict[str, tuple[NumberWithError, str]]:
    found = {"Tc": (fit.middle, "BJD_TDB"), "Rp/R*": (fit.ratio, "")}
    if "axis_ratio" in fit.solution.values:
        found["a/R*"] = (fit.stated("axis_ratio"), "")
    if "inclination_deg" in fit.solution.values:
        found["inc"] = (fit.stated("inclination_deg"), "degrees")
    if fit.trends == ("airmass",):
        found |= {name: (value, "") for name, value in airmass_terms(fit).items()}
    return found


def airmass_terms(fit: TransitFit) -> dict[str, NumberWithError]:
    """Return Am1 and Am2, where air alone bent the curve: flux = Am1 exp(Am2 X), of a flux over the star's level."""
    air, slope = fit.curve.trends["airmass"], fit.stated("airmass")
    width, middle = float(air.std()), float(air.mean())
    bend = NumberWithError(slope.value / width, slope.error / width)
    level = float(np.exp(-bend.value * middle))
    share = fit.stated("level").error / fit.solution.values["level"]
    return {"Am1": NumberWithError(level, level * float(np.hypot(share, bend.error * middle))), "Am2": bend}


def _given(key: str, values: dict[str, tuple[NumberWithError, str]]) -> dict[str, str]:
    """Return one set of numbers twice, as the format asks: for people, and as JSON whose values are text."""
    told = {name: _worded(name, *each) for name, each in values.items()}
    plain = ",".join(f"{name}={each['value']} +/- {each['uncertainty']}" for name, each in told.items())
    return {key: plain, f"{key}-XC": json.dumps(told)}


def _worded(name: str, each: NumberWithError, unit: str) -> dict[str, str]:
    value = f"{each.value:.6f}" if name == "Tc" else f"{each.value:.9g}"
    return {"value": value, "uncertainty": f"{each.error:.2g}", "units": unit}
