"""A train's coefficients as they are declared: the text of a `kind: transformation`."""

from obsy.engine.exchange.layout import written
from obsy.engine.runtime.coefficients import TrainCoefficients
from obsy.engine.runtime.photometry import NightTables
from obsy.schemas.comparison import ComparisonTable, spelt_magnitude
from obsy.schemas.transformation import spelt_coefficient


def document(found: TrainCoefficients, night: NightTables, stars: ComparisonTable) -> str:
    """Return the coefficients as the language has them, a `kind: transformation`."""
    told = {
        "kind": "transformation",
        "name": f"{found.train}-{night.night}",
        "train": found.train,
        "night": str(night.night),
        "sky": "simulated" if night.is_simulated else "real",
        "field": stars.of,
        "chart": stars.chart,
        "filters": dict(found.filters),
        "coefficients": {line.name: spelt_coefficient(*line.value) for line in found.lines},
        "stars": {line.name[1:]: line.line.points for line in found.lines if "_" not in line.name},
        "left_out": list(found.left_out),
        "extinction": {each.band: spelt_magnitude(*each.extinction) for each in found.fields if each.extinction},
        "second_order": {band: spelt_coefficient(*value) for band, value in found.second_order.items()},
        "frames": {each.band: list(each.frames) for each in found.fields},
    }
    comments = ["Written by 'obsy coefficients'. Change 'until' when a filter or the camera is changed."]
    return written({key: value for key, value in told.items() if value}, comments)
