"""Where a source of the weather says each quantity, and in which unit."""

import re
from typing import Annotated, Any, NamedTuple

from pydantic import PlainValidator, WithJsonSchema

from obsy.diagnostics import unfit
from obsy.schemas.quantities import by_quantity
from obsy.units import WEATHER

SWITCH = "on/off"
"""What stands for a unit where a sensor says only yes or no."""
SWITCHED = ("rain", "cloud", "mains", "monitor")
FOREIGN: dict[str, dict[str, tuple[float, float]]] = {
    "rain": {"in/h": (25.4, 0.0), "mm/min": (60.0, 0.0)},
    "temperature": {"degF": (1 / 1.8, -32 / 1.8), "K": (1.0, -273.15)},
}
"""Factor and offset of units that sensors use and policies do not."""


class Spot(NamedTuple):
    """Where a source says a quantity, and in which unit."""

    path: str
    unit: str


def units_of(quantity: str) -> dict[str, tuple[float, float]]:
    """Return factor and offset of each unit in which a source may say a quantity."""
    return {unit: (factor, 0.0) for unit, factor in WEATHER[quantity].units.items()} | FOREIGN.get(quantity, {})


def _spot(quantity: str) -> Any:
    """The type of one line of `read`."""
    units = [*units_of(quantity), *([SWITCH] if quantity in SWITCHED else [])]
    example = f"sensor.{quantity} in {units[0]}"

    def read(value: object) -> Spot:
        match = re.fullmatch(r"(\S.*?)\s+in\s+(\S+)", value.strip()) if isinstance(value, str) else None
        expected, mend = f"where the source says {quantity}, 'in', and its unit", f"write for example '{example}'"
        if match is None:
            raise unfit("not-understood", expected=expected, mend=mend)
        if match.group(2) not in units:
            raise unfit("unknown-unit", expected=f"{quantity} in {', '.join(units)}", mend=mend)
        return Spot(*match.groups())

    told = {"type": "string", "title": f"where {quantity} is said", "examples": [example]}
    return Annotated[Spot | None, PlainValidator(read), WithJsonSchema(told)]


class Read(by_quantity("Places", _spot)):  # type: ignore[misc]
    """Where a source says each quantity: `main.wind in m/s`."""

    def spots(self) -> dict[str, Spot]:
        """Return the quantities that are said, and where."""
        return {name: spot for name in type(self).model_fields if (spot := getattr(self, name)) is not None}
