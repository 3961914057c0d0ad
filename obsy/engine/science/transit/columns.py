"""Plain columns, as the web forms of ExoClock and ETD take them: a time, a flux not detrended, its error."""

from obsy.engine.science.transit.fit import TransitFit
from obsy.engine.science.transit.model import Floats


def exoclock(fit: TransitFit) -> str:
    """Return the three columns for ExoClock's form, to which 'BJD_TDB', 'mid-exposure' and 'flux' are said."""
    return _columns(fit, fit.curve.bjd_tdb)


def etd(fit: TransitFit) -> str | None:
    """Return the three columns for ETD, which takes Julian dates of UTC at mid-exposure; None if unknown."""
    return None if fit.curve.jd_utc is None else _columns(fit, fit.curve.jd_utc)


def _columns(fit: TransitFit, times: Floats) -> str:
    level = fit.solution.values["level"]
    rows = zip(times, fit.curve.flux / level, fit.curve.error * fit.inflation / level, strict=True)
    return "".join(f"{when:.8f} {flux:.7f} {error:.7f}\n" for when, flux, error in rows)
