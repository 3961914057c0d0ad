"""Faults and weather for a rehearsal: what the simulated world does, and when."""

from typing import Literal, Self

from pydantic import Field, model_validator

from obsy.diagnostics import unfit
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
    TimeShift,
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


Happening = Literal["dusk", "roof-opens", "roof-closes", "roof-moves", "mount-slews", "mount-parks"]


class Timed(Model):
    """What begins at a time, or when something happens for the first time; with both, the first time after `at`."""

    at: ClockTime | None = None
    """Local time; times before noon belong to the morning."""
    when: Happening | None = None
    """What it waits for: a roof or a mount is about to move."""
    after: Seconds = 0.0
    """How much later it begins."""

    @model_validator(mode="after")
    def _begins(self) -> Self:
        if self.at is None and self.when is None:
            found = "nothing says when it begins"
            raise unfit("never-begins", found=found, expected="'at' or 'when'", mend="add 'when: roof-closes'")
        return self


class Change(Conditions, Timed):
    """From this time on, what is named here is so."""

    over: Seconds = 0.0
    """How long the change takes."""
    input: Text | None = None
    """The only weather input that sees it; unsaid, all do, and the sky too."""


Signal = Literal["SIGHUP", "SIGINT", "SIGTERM"]
OF_THE_COMPUTER = {
    "kill": "obsy",
    "signal": "obsy",
    "clock-step": "clock",
    "disk-full": "disk",
    "power-cut": "power",
}
"""What can befall obsy and the computer under it, and the word that stands for its device."""
THE_COMPUTER = tuple(dict.fromkeys(OF_THE_COMPUTER.values()))
EXTRAS = {"by": ("delay", "clock-step"), "signal": ("signal",)}
"""The keys that some faults need, and no other may have."""
EXAMPLES = {"by": "10 s", "signal": "SIGHUP"}


class Fault(Timed):
    """From this time on, a device misbehaves."""

    device: Text
    """A weather input, an enclosure or a mount by name; `newton camera`; or all of roof, mount, weather, camera,
    focuser, wheel, panel. `obsy` is the process, `clock`, `disk` and `power` are the computer's."""
    fault: Literal[
        "disconnect",
        "freeze",
        "garbage",
        "delay",
        "stuck",
        "lie",
        "disagree",
        "moved",
        "timeout",
        "slow",
        "kill",
        "signal",
        "clock-step",
        "disk-full",
        "power-cut",
    ]
    """`disconnect` no longer answers, `freeze` never returns, `garbage` answers nonsense, `delay` answers later,
    `stuck` repeats its last value or stays where it is, `lie` says that all is well, `disagree` says the contrary of
    the weather, `moved` is sent somewhere by another hand, `timeout` never finishes, `slow` takes thrice as long.
    Of `obsy`: `kill`, `freeze` and `signal`; of `clock`, `disk` and `power`: `clock-step`, `disk-full`, `power-cut`."""
    until: ClockTime | None = None
    """Until then; without it and `lasts`, to the end of the night."""
    lasts: Seconds | None = None
    """For so long; of `kill` and `power-cut`, how long until obsy is begun again."""
    by: TimeShift | None = None
    """How much later it answers, or how far the clock is set."""
    says: Literal["open", "closed"] | None = None
    """What the switches of a roof that lies say; unsaid, closed."""
    signal: Signal | None = None
    """Which signal is sent."""

    @model_validator(mode="after")
    def _fits(self) -> Self:
        of = OF_THE_COMPUTER.get(self.fault)
        process = self.fault == "freeze" and self.device == "obsy"
        if (of is not None and self.device != of) or (of is None and self.device in THE_COMPUTER and not process):
            device = of or "roof"
            expected = f"a fault that '{self.device}' can have, and '{self.fault}' of '{device}' or the like"
            raise unfit("no-such-fault", at=("device",), expected=expected, mend=f"write 'device: {device}'")
        for key, faults in EXTRAS.items():
            needed = self.fault in faults
            if (getattr(self, key) is None) is needed:
                found = f"'{self.fault}' {'without' if needed else 'with'} '{key}'"
                expected = f"'{key}' for {' and '.join(faults)}, and for nothing else"
                mend = f"add '{key}: {EXAMPLES[key]}'" if needed else f"remove '{key}'"
                at = () if needed else (key,)
                raise unfit("no-such-fault", at=at, found=found, expected=expected, mend=mend)
        return self


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
