"""Faults and weather for a rehearsal: what the simulated world does, and when."""

from collections.abc import Collection, Iterator
from typing import Annotated, Literal, NamedTuple, Self

from pydantic import Field, field_validator, model_validator

from obsy.diagnostics import unfit
from obsy.moments import ClockTime
from obsy.schemas.model import Document, Model, Text, Whole
from obsy.schemas.quantities import by_quantity
from obsy.units import WEATHER, Arcseconds, Seconds, TimeShift


class Conditions(by_quantity("Weather", lambda name: Annotated[float, WEATHER[name]] | None)):  # type: ignore[misc]
    """How it is; what is left out stays as it was, which when the night begins is fair weather."""

    seeing: Arcseconds | None = None
    """FWHM of a star at the zenith, with the optics."""


Happening = Literal["dusk", "roof-opens", "roof-closes", "roof-moves", "mount-slews", "mount-parks"]


class Timed(Model):
    """What begins at a time, or when something happens for the first time; with both, the first time after `at`."""

    at: ClockTime | None = None
    """Local time, within the night: from noon of the longitude on."""
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
Sort = Literal[
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


class Befalls(NamedTuple):
    """What a fault can befall, and what else must and may be said of it."""

    sorts: tuple[str, ...]
    needs: tuple[str, ...] = ()
    may: tuple[str, ...] = ()


NAMED = ("roof", "mount", "weather")
"""The sorts of devices that have names of their own."""
OF_A_TRAIN = {
    "camera": "camera",
    "focuser": "focuser",
    "wheel": "filters",
    "panel": "panel",
    "guider": "guider",
    "rotator": "rotator",
}
"""The sorts that a train has, each with the key that declares it there."""
DEVICES = (*NAMED, *OF_A_TRAIN)
THE_COMPUTER = ("obsy", "clock", "disk", "power")
"""The process, and what is the computer's under it."""
ENDS = ("until", "lasts")
FAULTS: dict[Sort, tuple[Befalls, ...]] = {
    "disconnect": (Befalls(DEVICES, may=ENDS),),
    "freeze": (Befalls(DEVICES, may=ENDS), Befalls(("obsy",), needs=("lasts",))),
    "garbage": (Befalls((*NAMED, "focuser", "wheel", "panel", "rotator"), may=ENDS),),
    "delay": (Befalls(DEVICES, needs=("by",), may=ENDS),),
    "stuck": (Befalls(DEVICES, may=ENDS),),
    "lie": (Befalls(("roof", "mount"), may=(*ENDS, "says")), Befalls(("weather",), may=ENDS)),
    "disagree": (Befalls(("weather",), may=ENDS),),
    "moved": (Befalls(("roof", "mount")),),
    "timeout": (Befalls(DEVICES, may=ENDS),),
    "slow": (Befalls(DEVICES, may=ENDS),),
    "kill": (Befalls(("obsy",), may=("lasts",)),),
    "signal": (Befalls(("obsy",), needs=("signal",)),),
    "clock-step": (Befalls(("clock",), needs=("by",)),),
    "disk-full": (Befalls(("disk",), may=ENDS),),
    "power-cut": (Befalls(("power",), may=("lasts",)),),
}
"""Every fault, and what it can befall."""
OTHER_WORDS = {
    "dead": "disconnect",
    "offline": "disconnect",
    "silent": "disconnect",
    "hang": "freeze",
    "jammed": "stuck",
}
"""What people call some of them."""
SAYS = {"roof": ("closed", "open"), "mount": ("parked",)}
"""What a device of each sort may say when it lies."""
EXAMPLES = {"by": "10 s", "signal": "SIGHUP", "lasts": "5 min"}


class Fault(Timed):
    """From this time on, a device misbehaves."""

    device: Text
    """A weather input, an enclosure or a mount by name; `newton camera`; or all of roof, mount, weather, camera,
    focuser, wheel, panel, guider. `obsy` is the process, `clock`, `disk` and `power` are the computer's."""
    fault: Sort
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
    says: Literal["open", "closed", "parked"] | None = None
    """What the switches of a roof that lies say; unsaid, closed. Of a mount, that it claims to be `parked`, and its
    encoders say the truth; unsaid, they say too that it stands where it parks."""
    signal: Signal | None = None
    """Which signal is sent."""

    @field_validator("fault", mode="before")
    @classmethod
    def _meant(cls, said: object) -> object:
        meant = OTHER_WORDS.get(said) if isinstance(said, str) else None
        if meant is not None:
            raise unfit("unknown-word", expected=f"one of {', '.join(FAULTS)}", mend=f"did you mean '{meant}'?")
        return said

    @field_validator("says", mode="before")
    @classmethod
    def _said(cls, said: object) -> object:
        if said not in (None, "open", "closed", "parked"):
            cure = "write 'says: open' of a roof, or 'says: parked' of a mount; of anything else, remove 'says'"
            raise unfit("unknown-word", expected="open or closed of a roof, parked of a mount", mend=cure)
        return said

    @model_validator(mode="after")
    def _fits(self) -> Self:
        word = self.device.rpartition(" ")[2]
        for at, found, expected, mend in self.misfits((word,) if word in (*DEVICES, *THE_COMPUTER) else NAMED):
            raise unfit("no-such-fault", at=(at,) if at else (), found=found, expected=expected, mend=mend)
        return self

    def misfits(self, sorts: Collection[str]) -> Iterator[tuple[str, str, str, str]]:
        """Yield what this fault cannot be or say of a device of one of these sorts.

        Each is the key that is wrong (empty for one that lacks), what was found and expected, and the cure.
        """
        befalls = FAULTS[self.fault]
        fits = [each for each in befalls if not set(sorts).isdisjoint(each.sorts)]
        if not fits:
            able = [sort for each in befalls for sort in each.sorts]
            mend = f"write 'device: {able[0]}'" if len(able) == 1 else "name another device, or fault"
            yield "device", f"'{self.device}' cannot have '{self.fault}'", f"one of {', '.join(able)}", mend
            return
        if self.until is not None and self.lasts is not None:
            yield "lasts", "'lasts' beside 'until'", "one of the two", "remove 'lasts'"
        takes = dict.fromkeys(key for each in fits for key in (*each.needs, *each.may))
        expected = f"when it begins, and {', '.join(takes)}" if takes else "when it begins, and no more"
        for key in ("until", "lasts", "by", "says", "signal"):
            if getattr(self, key) is None:
                if all(key in each.needs for each in fits):
                    yield "", f"'{self.fault}' without '{key}'", expected, f"add '{key}: {EXAMPLES[key]}'"
            elif key not in takes:
                yield key, f"'{self.fault}' of '{self.device}' with '{key}'", expected, f"remove '{key}'"
        known = [word for sort in sorts for word in SAYS.get(sort, ())]
        if self.says is not None and "says" in takes and self.says not in known:
            yield "says", f"'{self.device}' that says '{self.says}'", " or ".join(known), f"write '{known[0]}'"


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
    misses: Arcseconds | None = None
    """How far beside its target each mount ends its slews, the same way on one side of the pier; unsaid, 25 arcsec,
    and without centring each slew another way."""
    roof: Literal["opens", "stays-closed"] = "opens"
    """What a drill expects: one in which no roof opens has rehearsed nothing, unless it says so."""
