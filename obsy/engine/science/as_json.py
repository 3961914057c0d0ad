"""Results of science for a machine: null where a number is none, for JSON has no word for NaN."""

from dataclasses import asdict
from math import isfinite
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from obsy.engine.science.night_magnitudes import FilterNight


def plain(told: Any) -> Any:
    """Return it with None where a number is NaN or infinite."""
    match told:
        case dict():
            return {key: plain(each) for key, each in told.items()}
        case list():
            return [plain(each) for each in told]
        case float():
            return told if isfinite(told) else None
        case _:
            return told


def filter_shape(one: "FilterNight") -> dict[str, Any]:
    """Return a filter of a night's magnitudes as JSON takes it: magnitudes, and null for no number."""
    told: dict[str, Any] = plain(_filter_shape(one))
    return told


def _filter_shape(one: "FilterNight") -> dict[str, Any]:
    found, curve = one.found, one.found.curve
    mean, error = found.mean
    return {
        "filter": one.role,
        "train": one.train,
        "aavso_filter": one.filter,
        "frames": one.frames,
        "points": len(curve),
        "frames_used": int(curve.of_frames.sum()),
        "limits": int(curve.is_limit.sum()),
        "magnitude": mean,
        "error": error,
        "scatter": found.scatter,
        "common_error": found.common_error,
        "aperture": found.search and found.search.shape(),
        "check": asdict(found.check) | {"deviation": found.check.deviation},
        "compared_with": list(found.compared),
        "left_out": [*one.left_out, *found.left_out],
        "doubts": list(found.doubts),
        "transformed_by": one.terms and one.terms.source,
        "untransformed": one.untransformed,
        "refused": one.refusal,
    }
