"""Faults and weather for a rehearsal: what the simulated world does, and when."""

from typing import Literal

from pydantic import Field

from obsy.schemas.model import Document, Model, Text, Whole
from obsy.units import (
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
    """The weather when the night begins."""

    seeing: Arcseconds = 3.0
    """FWHM of a star at the zenith, with the optics."""
    cloud: CloudCover = 0.0
    """Share of the sky that is covered."""
    wind: WindSpeed = 5.0
    """Wind, gusts included."""
    humidity: Humidity = 50.0
    """Relative humidity."""
    temperature: AirTemperature = 10.0
    """Of the air."""
    rain: RainRate = 0.0
    """How much falls."""
    sky: SkyTemperature = -25.0
    """How warm the sky is to an infrared sensor."""
    battery: BatteryCharge = 100.0
    """The charge of the UPS."""
    mains: MainsShare = 100.0
    """100 % while the UPS is fed, 0 % while it is not."""
    disk: FreeSpace = 1000.0
    """Free space."""
    clock: ClockError = 0.0
    """How wrong the clock is."""


class Change(Model):
    """From this time on, what is named here is so."""

    at: ClockTime
    """Local time; times before noon belong to the morning."""
    over: Seconds = 0.0
    """How long the change takes."""
    input: Text | None = None
    """The only weather input that sees it; unsaid, all do, and the sky too."""
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
    """How it is when the night begins."""
    changes: tuple[Change, ...] = ()
    """How the weather turns, in order."""
    faults: tuple[Fault, ...] = ()
    """What breaks."""
