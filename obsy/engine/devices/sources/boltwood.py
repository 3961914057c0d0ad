"""The one-line file of the Boltwood Cloud Sensor II, which AAG CloudWatcher and many others write too.

Source: Cloud Sensor II user's manual, Diffraction Limited, "One line data format": date, time, units of temperature
and wind, sky (less ambient), ambient and sensor temperature, wind, humidity, dew point, heater, rain and wet flags,
seconds since the last good data, the time of writing in days since 1899-12-30, and the conditions of cloud, wind, rain
and daylight, roof close and alert.
"""

from datetime import UTC, datetime, timedelta, tzinfo

from obsy.engine.devices.sources.text import NUMBER, Said, moment, number
from obsy.errors import DeviceError
from obsy.units import WEATHER

COLUMNS = 21
FLAGS_FROM = 15
DAY_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001 - of whatever zone the writer's clock is in
TEMPERATURES = {"C": "degC", "F": "degF"}
WINDS = {"K": "km/h", "M": "mph", "m": "m/s"}
NO_PROBE = 998.0
"""A temperature that far from zero means saturated or wet."""
DRY = ("0", "0", "1")
WET, DAMP = ("1", "2"), ("2", "3")


def boltwood(text: str, zone: tzinfo) -> Said:
    """Return what the line says; what the sensor itself does not know is left out.

    Clear is 0 % of cloud, cloudy and very cloudy are 100 %. Wet, damp or rain is the most rain that is plausible, since
    the sensor tells not how much falls. Raise DeviceError if it is not one whole line of this format.
    """
    words = text.split()
    whole = len(words) >= COLUMNS and all(len(word) == 1 for word in words[FLAGS_FROM:COLUMNS])
    if not whole or len(text.strip().splitlines()) != 1 or words[2] not in TEMPERATURES or words[3] not in WINDS:
        raise DeviceError("it is no whole line of the Boltwood format")
    degrees = TEMPERATURES[words[2]]
    found = {
        "sky": _sky(words[4], degrees),
        "temperature": None if _off(words[5]) else number("temperature", words[5], degrees),
        "wind": number("wind", words[7], WINDS[words[3]]),
        "humidity": number("humidity", words[8], "%"),
        "cloud": {"1": 0.0, "2": 100.0, "3": 100.0}.get(words[15]),
        "rain": _rain(words[11], words[12], words[17]),
    }
    values = {name: value for name, value in found.items() if value is not None}
    if values.get("wind", 0.0) < 0.0:  # -1 heating, -2 wet, -3 and below: the probe is ill
        del values["wind"]
    return Said(values, _measured(words, zone))


def _off(word: str) -> bool:
    return not NUMBER.fullmatch(word) or abs(float(word)) >= NO_PROBE


def _sky(word: str, degrees: str) -> float | None:
    """A difference of temperatures, so Fahrenheit is scaled only."""
    if _off(word):
        return None
    return float(word) / (1.8 if degrees == "degF" else 1.0)


def _rain(rain: str, wet: str, condition: str) -> float | None:
    if rain in WET or wet in WET or condition in DAMP:
        return WEATHER["rain"].most
    return 0.0 if (rain, wet, condition) == DRY else None


def _measured(words: list[str], zone: tzinfo) -> datetime:
    """When the last good data came: by the older of its two clocks, less the seconds since."""
    since, days = words[13], words[14]
    if not NUMBER.fullmatch(since) or not NUMBER.fullmatch(days) or float(since) < 0:
        raise DeviceError("it does not say how old its data are")
    try:
        stamps = [moment(f"{words[0]} {words[1]}", zone)]
        if float(days) > 0:
            stamps.append((DAY_ZERO + timedelta(days=float(days))).replace(tzinfo=zone).astimezone(UTC))
        return min(stamps) - timedelta(seconds=float(since))
    except OverflowError:
        raise DeviceError("it does not say how old its data are") from None
