"""What spreads the light of a train into a spectrum, and the lamp whose lines say where which wavelength lies."""

from typing import Annotated, Final, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from obsy.diagnostics import unfit
from obsy.schemas.model import Model
from obsy.units import Quantity

Element = Literal["He", "Ne", "Ar", "Hg"]
"""What glows in a lamp; their lines ship with obsy."""
_LENGTH: Final = {"angstrom": 1.0, "Å": 1.0, "nm": 10.0}
WAVELENGTH: Final = Quantity("a wavelength", _LENGTH, "656.3 nm", 2000.0, 25_000.0)
DISPERSION: Final = Quantity(
    "a dispersion", {f"{unit}/px": size for unit, size in _LENGTH.items()}, "0.1 nm/px", 0.001, 200.0
)
Wavelength = Annotated[float, WAVELENGTH]
Dispersion = Annotated[float, DISPERSION]


def _several(value: object) -> object:
    return (value,) if isinstance(value, str) else value


def _differ(elements: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(elements)) < len(elements):
        raise unfit("said-twice", expected="each element once", mend="remove the second one")
    return elements


Lamp = Annotated[
    tuple[Element, ...],
    Field(min_length=1),
    AfterValidator(_differ),
    BeforeValidator(_several, json_schema_input_type=Element | list[Element]),
]


class Spectrograph(Model):
    """What spreads the light: a spectrograph with its slit, or a grating before the camera."""

    entrance: Literal["slit", "slitless"]
    """Whether a slit lets one star through, or a grating spreads the light of all."""
    dispersion: Dispersion
    """Roughly, what a binned pixel is worth; the frames say it better."""
    centre: Wavelength
    """Roughly, what falls onto the middle of the frame."""
    red: Literal["right", "left", "up", "down"] = "right"
    """To which side of a frame wavelengths grow; up is the last row."""
    lamp: Lamp | None = None
    """The elements that glow in the lamp behind the slit."""

    @model_validator(mode="after")
    def _wavelengths_come_from_somewhere(self) -> Self:
        if self.entrance == "slit" and self.lamp is None:
            raise unfit(
                "out-of-range",
                found="a slit without a lamp",
                expected="beside a slit the lamp whose lines give its wavelengths",
                mend="add 'lamp: [Ne, Ar]', or say 'entrance: slitless'",
            )
        if self.entrance == "slitless" and self.lamp is not None:
            raise unfit(
                "never-both",
                at=("lamp",),
                found="a lamp without a slit",
                expected="a lamp behind a slit; without one the star's own image says where wavelengths begin",
                mend="remove 'lamp', or say 'entrance: slit'",
            )
        return self
