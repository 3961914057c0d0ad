"""Every number of a fitted transit, for a machine."""

from typing import Any

from obsy.engine.science.as_json import plain
from obsy.engine.science.transit.coverage import TransitResult
from obsy.engine.science.transit.fit import NumberWithError, TransitFit
from obsy.engine.science.transit.observation import TransitObservation
from obsy.engine.science.transit.posterior import SampledTransit


def shape(
    fit: TransitFit, result: TransitResult, about: TransitObservation, drawn: SampledTransit | None = None
) -> dict[str, Any]:
    """Return what a fit says as JSON takes it: times BJD_TDB, spans in days, angles in degrees; null for no number.

    drawn: what its free values may be, where that was sampled.
    """
    told: dict[str, Any] = plain(_shape(fit, result, about) | ({} if drawn is None else {"sampled": _sampled(drawn)}))
    return told


def _sampled(drawn: SampledTransit) -> dict[str, Any]:
    values = {name: {"value": v.value, "below": v.below, "above": v.above} for name, v in drawn.values.items()}
    long = {"walkers": drawn.walkers, "steps": drawn.steps, "memory_steps": drawn.memory, "settled": drawn.is_settled}
    return {**long, "values": values}


def _shape(fit: TransitFit, result: TransitResult, about: TransitObservation) -> dict[str, Any]:
    known = fit.planet
    return {
        "planet": about.planet,
        "middle_bjd_tdb": _both(fit.middle),
        "radius_ratio": _both(fit.ratio),
        "depth": _both(result.depth),
        "duration_d": result.duration_d,
        "predicted_bjd_tdb": _both(result.predicted),
        "turn": result.turn,
        "observed_less_calculated_d": _both(result.late_d),
        "fitted": {name: _both(fit.stated(name)) for name in fit.solution.values},
        "orbit": {
            "reference": known.reference or None,
            "axis_ratio": known.orbit.axis_ratio,
            "inclination_deg": known.orbit.inclination_deg,
            "eccentricity": known.orbit.eccentricity,
            "periastron_deg": known.orbit.periastron_deg,
        },
        "trends": list(fit.trends),
        "bic": dict(fit.bic),
        "points": len(fit.curve),
        "outliers": [int(n) for n in fit.is_outlier.nonzero()[0]],
        "rms": fit.rms,
        "error_inflation": fit.inflation,
        "red_noise_beta": fit.beta,
        "coverage": result.coverage,
        "aperture_px": about.aperture_px or None,
        "apertures": [{"radius_px": radius, "scatter": each} for radius, each in about.apertures.items()],
        "doubts": list(result.doubts),
        "refused": result.refusal or None,
    }


def _both(each: NumberWithError) -> dict[str, float]:
    return {"value": each.value, "error": each.error}
