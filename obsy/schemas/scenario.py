"""Faults and weather for a rehearsal: what the simulated world does, and when."""

from typing import Literal

from pydantic import Field

from obsy.schemas.model import Document, Model, Text, Whole
from obsy.units import (
    WEATHER,
    AirTemperature,
    Arcseconds,
    BatteryCharge,
    ClockError,
    ClockTime,
    CloudCover,
    FreeSpace,
    Humidity,
    MainsShare,
    RainRate,
    Seconds,
    SkyTemperature,
    WindSpeed,
)


class Conditions(Model):
    """How it is; what is left out stays as it was, which when the night begins is fair weather."""

    seeing: Arcseconds | None = None
    """FWHM of a star at the zenith, with the optics."""
    cloud: CloudCover | None = None
    """Share of the sky that is covered."""
    wind: WindSpeed | None = None
    """Wind, gusts included."""
    humidity: Humidity | None = None
    """Relative humidity."""
    temperature: AirTemperature | None = None
    """Of the air."""
    rain: RainRate | None = None
    """How much falls."""
    sky: SkyTemperature | None = None
    """How warm the sky is to an infrared sensor."""
    battery: BatteryCharge | None = None
    """The charge of the UPS."""
    mains: MainsShare | None = None
    """100 % while the UPS is fed, 0 % while it is not."""
    disk: FreeSpace | None = None
    """Free space."""
    clock: ClockError | None = None
    """How wrong the clock is."""


FAIR = dict.fromkeys(WEATHER, 0.0) | {"seeing": 3.0, "wind": 5.0, "humidity": 50.0, "temperature": 10.0, "sky": -25.0}
FAIR |= {"battery": 100.0, "mains": 100.0, "disk": 1000.0}
"""The weather when a night begins, where its scenario does not say it, in the units of the quantities."""


class Change(Conditions):
    """From this time on, what is named here is so."""

    at: ClockTime
    """Local time; times before noon belong to the morning."""
    over: Seconds = 0.0
    """How long the change takes."""
    input: Text | None = None
    """The only weather input that sees it; unsaid, all do, and the sky too."""


class Fault(Model):
    """From this time on, a device misbehaves."""

    at: ClockTime
    """Local time; times before noon belong to the morning."""
    device: Text
    """A weather input, an enclosure or a mount by name; `newton camera`; or all of roof, mount, camera, focuser, wheel,
    panel."""
    fault: Literal["dead", "stuck", "timeout", "slow"]
    """`dead` no longer answers, `stuck` repeats its last value or stays where it is,
    `timeout` never finishes, `slow` takes thrice as long."""
    until: ClockTime | None = None
    """Until then; without it, to the end of the night."""


class Scenario(Document):
    """One rehearsal; the same seed gives the same night, byte for byte."""

    kind: Literal["scenario"]
    seed: Whole = Field(default=1, ge=0)
    """What every chance of the night is drawn from."""
    start: Conditions = Conditions.model_construct()
    """How it is when the night begins; unsaid: 3 arcsec, 5 km/h, 50 %, 10 degC, and all else well."""
    changes: tuple[Change, ...] = ()
    """How the weather turns, in order."""
    faults: tuple[Fault, ...] = ()
    """What breaks."""
