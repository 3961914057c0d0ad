"""The only place where a string becomes a number: every quantity a person writes carries its unit."""

import re
from datetime import UTC, datetime, time
from typing import Annotated, Final

from pydantic import BeforeValidator, WithJsonSchema

from obsy.diagnostics import unfit

_QUANTITY: Final = re.compile(r"\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*([^\d\s.+-].*?)\s*\Z")
_SEXAGESIMAL: Final = re.compile(
    r"\s*([+-]?)(\d{1,3})\s*([hd°:])\s*(\d{1,2})\s*(?:[m'′:]\s*(?:(\d{1,2}(?:\.\d*)?)\s*(?:s|\"|″|))?)?\s*\Z"
)
_SIXTY: Final = 60.0
_DEGREES_PER_HOUR: Final = 15.0

ANGLE: Final = {"deg": 1.0, "°": 1.0, "arcmin": 1 / 60, "arcsec": 1 / 3600}
DURATION: Final = {"s": 1.0, "min": 60.0, "h": 3600.0, "d": 86400.0}
LENGTH: Final = {"m": 1.0, "km": 1000.0, "cm": 0.01, "mm": 1e-3, "um": 1e-6, "µm": 1e-6}


def _quantity(value: object, units: dict[str, float], what: str, example: str) -> float:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        raise unfit("no-unit", expected=f"{what} with its unit", mend=f"write for example '{example}'")
    match = _QUANTITY.match(str(value))
    if match is None:
        raise unfit("not-a-quantity", expected=f"{what} with its unit", mend=f"write for example '{example}'")
    number, unit = match.groups()
    if unit not in units:
        known = ", ".join(units)
        raise unfit("unknown-unit", expected=f"{what} in {known}", mend=f"write for example '{example}'")
    return float(number) * units[unit]


def _reader(units: dict[str, float], what: str, example: str) -> BeforeValidator:
    return BeforeValidator(lambda value: _quantity(value, units, what, example))


def _schema(description: str, example: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "description": description, "examples": [example]})


def sexagesimal(text: str) -> tuple[float, str] | None:
    """Value and leading unit mark (h, d or :) of '00h42m44.3s', '+41d16m09s' or '+41:16:09'; None if it is neither."""
    match = _SEXAGESIMAL.match(text)
    if match is None:
        return None
    sign, whole, mark, minutes, seconds = match.groups()
    if float(minutes) >= _SIXTY or float(seconds or 0) >= _SIXTY:
        return None
    size = float(whole) + float(minutes) / 60 + float(seconds or 0) / 3600
    return (-size if sign == "-" else size), ("d" if mark == "°" else mark)


def _right_ascension(value: object) -> float:
    text = str(value)
    parts = sexagesimal(text)
    if parts is not None and parts[1] in "h:":
        degrees = parts[0] * _DEGREES_PER_HOUR
    else:
        match = _QUANTITY.match(text)
        scale = {"deg": 1.0, "°": 1.0, "h": _DEGREES_PER_HOUR}.get(match.group(2)) if match else None
        if match is None or scale is None:
            raise unfit("not-a-right-ascension", expected="a right ascension", mend="write '00h42m44.3s' or '10.68 deg'")
        degrees = float(match.group(1)) * scale
    if not 0 <= degrees < 360:  # noqa: PLR2004
        raise unfit("out-of-range", expected="a right ascension from 0h to 24h", mend="write '00h42m44.3s'")
    return degrees


def _signed_angle(value: object, limit: float, what: str, example: str) -> float:
    parts = sexagesimal(str(value))
    if parts is not None and parts[1] in "d:":
        degrees = parts[0]
    else:
        degrees = _quantity(value, ANGLE, what, example)
    if not -limit <= degrees <= limit:
        raise unfit("out-of-range", expected=f"{what} from -{limit:g} to +{limit:g} deg", mend=f"write '{example}'")
    return degrees


def _moment(value: object) -> datetime:
    try:
        moment = datetime.fromisoformat(str(value).replace(" UTC", "+00:00").replace("Z", "+00:00"))
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise unfit(
            "not-a-moment", expected="a date and time with its zone", mend="write '2026-11-21 20:30 UTC'"
        )
    return moment.astimezone(UTC)


def _clock_time(value: object) -> time:
    match = re.fullmatch(r"\s*(\d{1,2}):(\d{2})(?::(\d{2}))?\s*", str(value))
    hours, minutes, seconds = (int(part or 0) for part in match.groups()) if match else (99, 0, 0)
    if hours > 23 or minutes > 59 or seconds > 59:  # noqa: PLR2004
        raise unfit("not-a-clock-time", expected="a time of the night at the site", mend="write '02:00' or '23:30:00'")
    return time(hours, minutes, seconds)


def _barycentric(value: object) -> float:
    match = re.fullmatch(r"\s*(\d{7}(?:\.\d+)?)\s*BJD_TDB\s*", str(value))
    if match is None:
        raise unfit("not-an-epoch", expected="a barycentric Julian date", mend="write '2455867.402743 BJD_TDB'")
    return float(match.group(1))


Degrees = Annotated[float, _reader(ANGLE, "an angle", "35 deg"), _schema("an angle, in degrees", "35 deg")]
Arcseconds = Annotated[
    float, _reader({"arcsec": 1.0, "arcmin": 60.0, "deg": 3600.0}, "a small angle", "2.5 arcsec"),
    _schema("a small angle, in arcseconds", "2.5 arcsec"),
]
RightAscension = Annotated[
    float, BeforeValidator(_right_ascension), _schema("a right ascension, kept in degrees", "00h42m44.3s")
]
Declination = Annotated[
    float, BeforeValidator(lambda value: _signed_angle(value, 90, "a declination", "+41d16m09s")),
    _schema("a declination, in degrees", "+41d16m09s"),
]
Latitude = Annotated[
    float, BeforeValidator(lambda value: _signed_angle(value, 90, "a latitude, north positive,", "38.16 deg")),
    _schema("a latitude, north positive, in degrees", "38.16 deg"),
]
Longitude = Annotated[
    float, BeforeValidator(lambda value: _signed_angle(value, 180, "a longitude, east positive,", "-2.33 deg")),
    _schema("a longitude, east positive, in degrees", "-2.33 deg"),
]
Seconds = Annotated[float, _reader(DURATION, "a time span", "180 s"), _schema("a time span, kept in seconds", "180 s")]
Days = Annotated[
    float, _reader({"d": 1.0, "h": 1 / 24, "min": 1 / 1440, "s": 1 / 86400}, "a time span", "4 d"),
    _schema("a time span, kept in days", "4 d"),
]
Hours = Annotated[
    float, _reader({"h": 1.0, "min": 1 / 60}, "a time span", "3 h"), _schema("a time span, kept in hours", "3 h")
]
Metres = Annotated[float, _reader(LENGTH, "a length", "340 m"), _schema("a length, kept in metres", "340 m")]
Millimetres = Annotated[
    float, _reader({"mm": 1.0, "cm": 10.0, "m": 1000.0}, "a length", "800 mm"),
    _schema("a length, kept in millimetres", "800 mm"),
]
Micrometres = Annotated[
    float, _reader({"um": 1.0, "µm": 1.0, "mm": 1000.0}, "a length", "3.76 um"),
    _schema("a length, kept in micrometres", "3.76 um"),
]
Celsius = Annotated[
    float, _reader({"degC": 1.0, "°C": 1.0, "C": 1.0}, "a temperature", "-10 degC"),
    _schema("a temperature, in degrees Celsius", "-10 degC"),
]
Percent = Annotated[float, _reader({"%": 1.0}, "a share", "50 %"), _schema("a share, in percent", "50 %")]
KilometresPerHour = Annotated[
    float, _reader({"km/h": 1.0, "m/s": 3.6, "mph": 1.609344, "kn": 1.852}, "a speed", "40 km/h"),
    _schema("a speed, kept in km/h", "40 km/h"),
]
MillimetresPerHour = Annotated[
    float, _reader({"mm/h": 1.0}, "a rain rate", "0.2 mm/h"), _schema("a rain rate, in mm/h", "0.2 mm/h")
]
DegreesPerSecond = Annotated[
    float, _reader({"deg/s": 1.0, "arcmin/s": 1 / 60, "arcsec/s": 1 / 3600}, "a slew rate", "4 deg/s"),
    _schema("a slew rate, in degrees per second", "4 deg/s"),
]
Counts = Annotated[float, _reader({"adu": 1.0, "ADU": 1.0}, "a level", "25000 adu"), _schema("a level, in ADU", "25000 adu")]
Electrons = Annotated[
    float, _reader({"e": 1.0, "ke": 1000.0}, "a charge", "50 ke"), _schema("a charge, in electrons", "50 ke")
]
ElectronsPerCount = Annotated[
    float, _reader({"e/adu": 1.0, "e/ADU": 1.0}, "a gain", "1.2 e/adu"), _schema("a gain, in e/ADU", "1.2 e/adu")
]
ElectronsPerSecond = Annotated[
    float, _reader({"e/s": 1.0, "e/min": 1 / 60, "e/h": 1 / 3600}, "a dark current", "0.02 e/s"),
    _schema("a dark current, in electrons per pixel and second", "0.02 e/s"),
]
Steps = Annotated[float, _reader({"steps": 1.0, "step": 1.0}, "a focuser travel", "120 steps"),
                  _schema("a focuser travel, in steps", "120 steps")]
StepsPerCelsius = Annotated[
    float, _reader({"steps/degC": 1.0}, "a focus drift", "-12 steps/degC"),
    _schema("a focus drift, in steps per degree Celsius", "-12 steps/degC"),
]
Pixels = Annotated[float, _reader({"px": 1.0, "pixel": 1.0, "pixels": 1.0}, "a size on the sensor", "64 px"),
                   _schema("a size on the sensor, in pixels", "64 px")]
Sigmas = Annotated[float, _reader({"sigma": 1.0}, "a significance", "5 sigma"), _schema("a significance", "5 sigma")]
Magnitudes = Annotated[float, _reader({"mag": 1.0}, "a brightness", "11.5 mag"), _schema("a brightness", "11.5 mag")]
AstronomicalUnits = Annotated[
    float, _reader({"au": 1.0, "AU": 1.0}, "a distance in the solar system", "1.05 au"),
    _schema("a distance, in astronomical units", "1.05 au"),
]
Moment = Annotated[datetime, BeforeValidator(_moment), _schema("a date and time with its zone", "2026-11-21 20:30 UTC")]
ClockTime = Annotated[time, BeforeValidator(_clock_time), _schema("a time of the night at the site", "02:00")]
BarycentricDate = Annotated[
    float, BeforeValidator(_barycentric), _schema("a barycentric Julian date, TDB", "2455867.402743 BJD_TDB")
]
