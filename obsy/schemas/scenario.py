"""Faults and weather for a rehearsal: what the simulated world does, and when."""

from typing import Literal

from pydantic import Field

from obsy.schemas.model import Document, Model, Text
from obsy.units import Arcseconds, Celsius, ClockTime, KilometresPerHour, MillimetresPerHour, Percent, Seconds


class Conditions(Model):
    """The weather when the night begins."""

    seeing: Arcseconds = 3.0
    """FWHM of a star at the zenith, with the optics."""
    cloud: Percent = 0.0
    wind: KilometresPerHour = 5.0
    humidity: Percent = 50.0
    temperature: Celsius = 10.0
    rain: MillimetresPerHour = 0.0


class Change(Model):
    """From this time on, what is named here is so."""

    at: ClockTime
    """Local time; times before noon belong to the morning."""
    over: Seconds = 0.0
    """How long the change takes."""
    seeing: Arcseconds | None = None
    cloud: Percent | None = None
    wind: KilometresPerHour | None = None
    humidity: Percent | None = None
    temperature: Celsius | None = None
    rain: MillimetresPerHour | None = None


class Fault(Model):
    """From this time on, a device misbehaves."""

    at: ClockTime
    device: Text
    """The name of a weather input, or one of roof, mount, camera, focuser, wheel, panel."""
    fault: Literal["dead", "stuck", "timeout", "slow"]
    """`dead` no longer answers, `stuck` repeats its last value or stays where it is, `timeout` never finishes, `slow` takes thrice as long."""
    until: ClockTime | None = None


class Scenario(Document):
    """One rehearsal; the same seed gives the same night, byte for byte."""

    kind: Literal["scenario"]
    seed: int = Field(default=1, ge=0)
    start: Conditions = Conditions()
    changes: tuple[Change, ...] = ()
    faults: tuple[Fault, ...] = ()
