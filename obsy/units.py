"""The only place where a string becomes a number: every quantity a person writes carries its unit."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import inf, nan
from typing import Annotated, Any, ClassVar, Final

from pydantic import GetCoreSchemaHandler, WithJsonSchema
from pydantic_core import CoreSchema, core_schema

from obsy.diagnostics import unfit

_SIGNED: Final = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
_QUANTITY: Final = re.compile(rf"\s*({_SIGNED})\s*([^\d\s.+-].*?)\s*\Z", re.ASCII)
_SEXAGESIMAL: Final = re.compile(
    r"\s*([+-]?)(\d{1,3})\s*([hd°:])\s*(\d{1,2})\s*(?:[m'′:]\s*(?:(\d{1,2}(?:\.\d*)?)\s*(?:s|\x22|″|))?)?\s*\Z",
    re.ASCII,
)
_SPANS: Final = re.compile(r"\s*([+-]?)((?:\d+\.?\d*\s*(?:d|h|min|s)\s*){2,})\Z", re.ASCII)
_SPAN: Final = re.compile(r"(\d+\.?\d*)\s*([a-z]+)", re.ASCII)
_END: Final = r"\Z"
DEGREES_PER_HOUR: Final = 15.0
MISTAKEN: Final = 3600.0
"""Units are not taken for each other that differ by more than this, as a day and a second do."""
ANGLE: Final = {"deg": 1.0, "°": 1.0, "arcmin": 1 / 60, "arcsec": 1 / 3600}
DURATION: Final = {"s": 1.0, "min": 60.0, "h": 3600.0, "d": 86400.0}
LENGTH: Final = {"m": 1.0, "km": 1000.0, "cm": 0.01, "mm": 1e-3, "um": 1e-6, "µm": 1e-6}


class Before:
    """How what is written is read before its type is asked; pydantic's own asks each time how a function is called."""

    def __init__(self, read: Callable[[Any], object]) -> None:
        """read: raises what `unfit` makes."""
        self.read = read

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Read first, then let the type be checked."""
        return core_schema.no_info_before_validator_function(self.read, handler(source))


@dataclass(frozen=True, eq=False)
class Quantity:
    """How a number with its unit is read: the factor of each unit, an example, and the range it may lie in."""

    what: str
    units: Mapping[str, float]
    example: str
    least: float = -inf
    most: float = inf
    label: str = ""
    """What a table or a chart calls it; empty for what is only ever declared."""
    about: str = ""
    """What it is of, for the help of an editor; empty likewise."""
    besides: ClassVar[tuple[str, ...]] = ()
    """What is read besides a number and its unit, as expressions."""

    @property
    def unit(self) -> str:
        """The unit whose factor is 1, in which the number is kept."""
        return next(unit for unit, factor in self.units.items() if factor == 1.0)

    def plausible(self, number: float) -> bool:
        """Return whether the number lies in the range; what is not a number does not."""
        return self.least <= number <= self.most

    def read(self, value: object) -> float:
        """The number in the unit whose factor is 1."""
        if (found := self.number(value)) is None:
            from obsy.reworded import no_quantity  # noqa: PLC0415 - only what is amiss needs it

            raise no_quantity(value, self)
        return self.within(*found)

    def number(self, value: object) -> tuple[float, str] | None:
        """Return the number in the unit whose factor is 1, and as it was said; None if it is no such quantity."""
        if not isinstance(value, str):
            return None
        match = _QUANTITY.match(value)
        if match is not None and (factor := self.units.get(match[2])) is not None:
            return float(match[1]) * factor, match[1]
        spans = self._spans(value)
        return None if spans is None else (spans, "")

    def _spans(self, value: str) -> float | None:
        """A time span in several units, the larger first and each once, such as '3 h 30 min'; None if it is none."""
        match = _SPANS.match(value)
        parts = [(float(number), self.units.get(unit)) for number, unit in _SPAN.findall(match[2])] if match else []
        factors = [factor for _, factor in parts if factor is not None]
        if not parts or len(factors) < len(parts) or factors != sorted(set(factors), reverse=True):
            return None
        size = sum(number * factor for (number, _), factor in zip(parts, factors, strict=True))
        return -size if match is not None and match[1] == "-" else size

    def within(self, number: float, written: str = "") -> float:
        """The number itself, if it lies in the range.

        written: the number as it was said, without its unit.
        """
        if not self.plausible(number) or abs(number) == inf:
            bounds = [f"at least {self._said(self.least)}"] if self.least > -inf else []
            bounds += [f"at most {self._said(self.most)}"] if self.most < inf else []
            expected = f"{self.what}, {' and '.join(bounds) or 'not infinite'}"
            expected += ", and not infinite" if bounds and abs(number) == inf else ""
            raise unfit("out-of-range", expected=expected, mend=self._meant(number, written))
        return number

    def _said(self, number: float) -> str:
        return duration(number) if self.units is DURATION else f"{number:.7g} {self.unit}"

    def _meant(self, number: float, written: str) -> str:
        """The bound of a time that is near it; else the number with the example's unit, if one takes it for its own."""
        for bound, how in ((self.least, "at least"), (self.most, "at most")) if self.units is DURATION else ():
            if 0.0 < bound < inf and 0.25 <= number / bound <= 4.0:  # of these the unit was meant
                return f"write {how} '{self._said(bound)}'"
        unit = self.example.rpartition(" ")[2]
        other = float(written or nan) * self.units.get(unit, nan)
        if self.plausible(other) and abs(other) < inf and abs(number) <= MISTAKEN * abs(other):
            return f"did you mean '{written} {unit}'?"
        return f"write for example '{self.example}'"

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Read first, then let the float be checked as one."""
        return core_schema.no_info_before_validator_function(self.read, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: Any) -> dict[str, Any]:
        """What an editor shows, and what may be written."""
        units = "|".join(map(re.escape, self.units))
        spans = "".join(rf"(?:\d+\.?\d*\s*{unit}\s*)?" for unit in reversed(DURATION) if unit in self.units)
        several = [rf"\s*[+-]?(?=\d){spans}"] if spans else []
        read = (rf"\s*{_SIGNED}\s*(?:{units})\s*", *several, *self.besides)
        return told(self.what, self.example, *read).json_schema or {}


def pattern(*read: str) -> str:
    """Return one pattern of JSON Schema for all that these expressions of a parser take."""
    return f"^(?:{'|'.join(each.replace(_END, '') for each in read)})$"


class SunAltitudeQuantity(Quantity):
    """An altitude of the Sun in darkness: never above the horizon, where a minus has been forgotten."""

    def within(self, number: float, written: str = "") -> float:
        """Return the number itself, if the Sun is down."""
        if 0.0 < number <= -self.least:
            cure = f"put a minus before it: 'below {-number:g} {self.unit}'"
            raise unfit("sun-not-down", expected="the Sun at or below the horizon: 0 deg or less", mend=cure)
        return super().within(number, written)


class ParallaxQuantity(Quantity):
    """A parallax: what a catalogue measured below nothing is lost in its own error."""

    def _meant(self, number: float, written: str) -> str:
        return "leave it out: it is too small to be measured" if number < 0 else super()._meant(number, written)


class Sexagesimal(Quantity):
    """An angle that may also be written '+41d16m09s' or '+41:16:09'."""

    besides = (_SEXAGESIMAL.pattern,)

    def number(self, value: object) -> tuple[float, str] | None:
        """Return the angle in degrees."""
        parts = sexagesimal(value) if isinstance(value, str) else None
        return (parts[0], "") if parts is not None and parts[1] in "d:" else super().number(value)


class RightAscensionQuantity(Quantity):
    """An angle that may also be written in hours: '00h42m44.3s', '00:42:44.3' or '0.7123 h'."""

    besides = (_SEXAGESIMAL.pattern,)

    def number(self, value: object) -> tuple[float, str] | None:
        """Return the angle in degrees."""
        hours, mark = (sexagesimal(value) if isinstance(value, str) else None) or (0.0, "d")
        if mark == "d":
            return super().number(value)
        is_round = hours * DEGREES_PER_HOUR == self.most and re.search(r":60|m60", str(value))  # 23h59m60.0s
        return 0.0 if is_round else hours * DEGREES_PER_HOUR, ""

    def within(self, number: float, written: str = "") -> float:
        """Return the angle itself, if it is less than a turn."""
        if number >= self.most:
            raise unfit("out-of-range", expected="a right ascension from 0h to below 24h", mend="write '00h42m44.3s'")
        return super().within(number, written)


def duration(seconds: float) -> str:
    """'2.5 s', '45 s', '12 min', '3 h', '3 h 12 min'."""
    if round(seconds) < DURATION["min"]:
        return f"{seconds:.2g} s"
    hours, minutes = divmod(round(seconds / DURATION["min"]), 60)
    return " ".join([f"{hours} h"] * bool(hours) + [f"{minutes} min"] * bool(minutes))


def sexagesimal(text: str) -> tuple[float, str] | None:
    """Value and leading unit mark (h, d or :) of '00h42m44.3s', '+41d16m09s' or '+41:16:09'; None if it is neither.

    Seconds of exactly 60, as programs write them that round, are the next minute.
    """
    match = _SEXAGESIMAL.match(text)
    if match is None:
        return None
    sign, whole, mark, *parts = match.groups()
    minutes, seconds = (float(part or 0) for part in parts)
    if minutes >= 60 or seconds > 60:
        return None
    size = float(whole) + minutes / 60 + seconds / 3600
    return (-size if sign == "-" else size), ("d" if mark == "°" else mark)


def told(title: str, example: str, *read: str) -> WithJsonSchema:
    """Return what an editor is told of a text that these expressions of a parser take."""
    words = {"title": title, "examples": [example], "patternErrorMessage": f"{title}, such as '{example}'"}
    return WithJsonSchema({"type": "string", **words, "pattern": pattern(*read)})


Degrees = Annotated[float, Quantity("an angle", ANGLE, "35 deg")]
AltitudeDegrees = Annotated[float, Quantity("an altitude", ANGLE, "35 deg", -90.0, 90.0)]
Azimuth = Annotated[float, Quantity("an azimuth", ANGLE, "180 deg", -360.0, 360.0)]
SunAltitude = Annotated[float, SunAltitudeQuantity("an altitude of the Sun", ANGLE, "-18 deg", -90.0, 0.0)]
SunDistance = Annotated[float, Quantity("a distance from the Sun", ANGLE, "30 deg", 10.0, 180.0)]
Separation = Annotated[float, Quantity("an angle between two places", ANGLE, "60 deg", 0.0, 180.0)]
Arcseconds = Annotated[
    float, Quantity("a small angle", {"arcsec": 1.0, "arcmin": 60.0, "deg": 3600.0}, "2.5 arcsec", 0.0)
]
RightAscension = Annotated[
    float, RightAscensionQuantity("a right ascension", {"deg": 1.0, "°": 1.0, "h": 15.0}, "00h42m44.3s", 0.0, 360.0)
]
Declination = Annotated[float, Sexagesimal("a declination", ANGLE, "+41d16m09s", -90.0, 90.0)]
_A_YEAR: Final = {"mas/y": 1.0, "mas/yr": 1.0, "arcsec/y": 1000.0, "arcsec/yr": 1000.0}
ProperMotion = Annotated[float, Quantity("a proper motion", _A_YEAR, "10 mas/y", -20_000.0, 20_000.0)]
Parallax = Annotated[float, ParallaxQuantity("a parallax", {"mas": 1.0, "arcsec": 1000.0}, "10 mas", 0.0, 1000.0)]
Latitude = Annotated[float, Sexagesimal("a latitude, north positive", ANGLE, "38.16 deg", -90.0, 90.0)]
Longitude = Annotated[float, Sexagesimal("a longitude, east positive", ANGLE, "-2.33 deg", -180.0, 180.0)]
Seconds = Annotated[float, Quantity("a time span", DURATION, "180 s", 0.0)]
TimeShift = Annotated[float, Quantity("a time span", DURATION, "-20 min", -86400.0, 86400.0)]
DownloadTime = Annotated[float, Quantity("a time span", DURATION, "2 s", 0.0, 600.0)]
MaxAge = Annotated[float, Quantity("the age of a reading", DURATION, "60 s", 1.0, 900.0)]
Hours = Annotated[float, Quantity("a time span", {"h": 1.0, "min": 1 / 60, "s": 1 / 3600}, "3 h", 0.0)]
Days = Annotated[float, Quantity("a time span", {"d": 1.0, "h": 1 / 24, "min": 1 / 1440, "s": 1 / 86400}, "4 d", 0.0)]
Metres = Annotated[float, Quantity("a length", LENGTH, "340 m")]
Millimetres = Annotated[float, Quantity("a length", {"mm": 1.0, "cm": 10.0, "m": 1000.0}, "800 mm", 0.3, 100_000.0)]
Micrometres = Annotated[float, Quantity("a length", {"um": 1.0, "µm": 1.0, "mm": 1000.0}, "3.76 um", 0.5, 100.0)]
SetPoint = Annotated[float, Quantity("a set point", {"degC": 1.0, "°C": 1.0, "C": 1.0}, "-10 degC", -150.0, 50.0)]
"""Of a camera's cooler: from liquid nitrogen's to a warm room's."""
CelsiusApart = Annotated[float, Quantity("a difference of temperature", {"degC": 1.0, "K": 1.0}, "1 degC", 0.0)]
Percent = Annotated[float, Quantity("a share", {"%": 1.0}, "50 %", 0.0, 100.0)]
DegreesPerSecond = Annotated[
    float, Quantity("a slew rate", {"deg/s": 1.0, "arcmin/s": 1 / 60, "arcsec/s": 1 / 3600}, "4 deg/s", 0.03)
]
Counts = Annotated[float, Quantity("a level", {"adu": 1.0, "ADU": 1.0}, "25000 adu", 0.0)]
ReadNoise = Annotated[float, Quantity("a read noise", {"e": 1.0, "ke": 1000.0}, "1.5 e", 0.05, 200.0)]
FullWell = Annotated[float, Quantity("a full well", {"e": 1.0, "ke": 1000.0}, "50 ke", 100.0, 5_000_000.0)]
ElectronsPerCount = Annotated[float, Quantity("a gain", {"e/adu": 1.0, "e/ADU": 1.0}, "1.2 e/adu", 0.0001, 100.0)]
ElectronsPerSecond = Annotated[
    float, Quantity("a dark current", {"e/s": 1.0, "e/min": 1 / 60, "e/h": 1 / 3600}, "0.02 e/s", 0.0)
]
Steps = Annotated[float, Quantity("a focuser travel", {"steps": 1.0, "step": 1.0}, "120 steps")]
StepsPerCelsius = Annotated[float, Quantity("a focus drift", {"steps/degC": 1.0}, "-12 steps/degC")]
Pixels = Annotated[float, Quantity("a size on the sensor", {"px": 1.0, "pixel": 1.0, "pixels": 1.0}, "64 px", 0.0)]
Widths = Annotated[float, Quantity("a length in widths of a star", {"fwhm": 1.0, "FWHM": 1.0}, "1.5 fwhm", 0.0)]
Sigmas = Annotated[float, Quantity("a significance", {"sigma": 1.0}, "5 sigma", 0.0)]
AstronomicalUnits = Annotated[
    float, Quantity("a distance in the solar system", {"au": 1.0, "AU": 1.0}, "1.05 au", 1e-4)
]
_SHARE: Final = {"%": 1.0}
_WARMTH: Final = {"degC": 1.0, "°C": 1.0, "C": 1.0}
_SPEED: Final = {"km/h": 1.0, "m/s": 3.6, "mph": 1.609344, "kn": 1.852}
WEATHER: Final = {
    "rain": Quantity("a rain rate", {"mm/h": 1.0}, "0.2 mm/h", 0.0, 500.0, "Rain", "How much rain falls."),
    "cloud": Quantity("a share of the sky", _SHARE, "40 %", 0.0, 100.0, "Cloud", "How much of the sky is covered."),
    "wind": Quantity("a wind speed", _SPEED, "40 km/h", 0.0, 400.0, "Wind", "Wind, gusts included."),
    "humidity": Quantity("a humidity", _SHARE, "90 %", 0.0, 100.0, "Humidity", "Relative humidity."),
    "temperature": Quantity(
        "a temperature of the air", _WARMTH, "-10 degC", -90.0, 60.0, "Temperature", "How warm the air is."
    ),
    "sky": Quantity(
        "a warmth of the sky", _WARMTH, "-15 degC", -100.0, 60.0, "Sky", "How warm the sky is to an infrared sensor."
    ),
    "battery": Quantity("a charge", _SHARE, "50 %", 0.0, 100.0, "Battery", "The charge of the UPS."),
    "mains": Quantity(
        "a share of the mains", _SHARE, "50 %", 0.0, 100.0, "Mains", "100 % while the UPS is fed, 0 % on its battery."
    ),
    "monitor": Quantity(
        "a monitor's word", _SHARE, "50 %", 0.0, 100.0, "Monitor", "100 % while a safety monitor says safe, else 0 %."
    ),
    "disk": Quantity("free space", {"GB": 1.0, "MB": 1e-3, "TB": 1e3}, "20 GB", 0.0, 1e9, "Disk", "Free space."),
    "clock": Quantity(
        "an error of the clock", {"s": 1.0, "ms": 1e-3}, "1 s", 0.0, 1e10, "Clock", "How wrong the clock is."
    ),
}
"""What weather inputs measure, and policies, scenarios, verdicts, journals and reports speak of.

The range is what a working sensor can say. Source of the extremes: WMO archive of weather extremes, rounded outwards.
"""
