"""What must happen before a rule asks for its plan, and what that tells of it."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Annotated, Any, Self

from pydantic import Field, create_model, model_validator

from obsy.diagnostics import unfit
from obsy.schemas.constraints.moon import Moon
from obsy.schemas.magnitude_alert import Magnitude
from obsy.schemas.model import Model, Text, plain_name
from obsy.schemas.phrase import Phrase
from obsy.schemas.quantities import by_quantity
from obsy.schemas.when import When
from obsy.units import DURATION, WEATHER, Before, Quantity, duration

CONDITION = "what is measured, the Sun, the light of the Moon, dates or a season"
"""What may be asked of the sky where there is no target."""
Lasting = Annotated[float, Quantity("a time span", DURATION, "10 min", 0.0, 86_400.0)]

SAMPLES: Mapping[str, str] = MappingProxyType(
    {"name": "at-2026xyz", "called": "AT 2026xyz", "ra": "05h12m30s", "dec": "12.5 deg", "magnitude": "14.2 mag"}
)
"""What an alert or a measured star tells: `$ra` in a plan stands for its right ascension. Plans are checked by these.

`name` is what it is called in small letters and dashes, as plans are.
"""


class _Between(Phrase):
    """Limits of one quantity that can hold at once."""

    @model_validator(mode="after")
    def _can_be(self) -> Self:
        above, below = (getattr(self, side, None) for side in ("above", "below"))
        if above is not None and below is not None and above >= below:
            raise unfit("never-both", expected="the lower limit below the upper one", mend="exchange the two limits")
        return self


def _wanted(name: str) -> Any:
    bound: Any = (Annotated[float, WEATHER[name]] | None, Field(None, description="The limit."))
    about = f"Between which limits: {WEATHER[name].about}"
    return create_model(f"{name.title()}Wanted", __base__=_Between, __doc__=about, above=bound, below=bound) | None


class WeatherWanted(by_quantity("WantedWeather", _wanted)):  # type: ignore[misc]
    """What the weather inputs must read, all at once."""


def _no_sentence(value: object) -> object:
    if isinstance(value, str):
        from obsy.schemas.sentence import rewritten  # noqa: PLC0415 - only what is amiss needs it

        meant = rewritten(value, Trigger)[1:-1].removeprefix("when: ") or "{seeing: below 1.5 arcsec}"
        raise unfit("not-a-mapping", expected=CONDITION, mend=f"write '{meant}'")
    return value


class Trigger(Model):
    """What must happen."""

    alert: Text | None = None
    """A notice of this broker and topic comes in."""
    of: Text | None = None
    """The object whose brightness is watched,"""
    brighter_than: Magnitude | None = None
    """and which is measured to be so bright,"""
    fainter_than: Magnitude | None = None
    """or so faint."""
    when: Annotated[When | None, Before(_no_sentence)] = None
    """All of this holds, which asks for no target: what is measured, the Sun, dates, a season;"""
    weather: WeatherWanted | None = None
    """and the weather is so,"""
    hold_for: Lasting = 0.0
    """and both have been for so long."""

    @model_validator(mode="after")
    def _one_thing(self) -> Self:
        sides = [self.brighter_than, self.fainter_than].count(None)
        watched, asked = self.of is not None and sides == 1, self.of is not None or sides < 2  # noqa: PLR2004 - both
        if self.of is None and asked and self.alert is None and not self.is_condition:
            found, expected = "'of' is missing", "of: the object whose brightness is watched"
            raise unfit("missing-key", found=found, expected=expected, mend="add 'of: SS Cyg'")
        if watched != asked or [watched, self.alert is not None, self.is_condition].count(True) != 1:
            expected = "an alert, or an object with a magnitude, or a condition"
            examples = "'{alert: gcn/swift}', '{of: SS Cyg, brighter_than: 11 mag}'"
            mend = f"write {examples} or '{{when: {{seeing: below 1.5 arcsec}}}}'"
            raise unfit("how-much", found="a trigger of nothing, or of several", expected=expected, mend=mend)
        if self.hold_for and not self.is_condition:
            expected = "a condition, which alone can last"
            raise unfit("says-nothing", at=("hold_for",), expected=expected, mend="remove 'hold_for'")
        for word, limit in self.when.constraints() if self.when is not None else ():
            if limit.rests_on != "time" and not (isinstance(limit, Moon) and limit.farther_than is None):
                found = f"'{word}' has no meaning here: a condition has no target"
                mend = f"put '{word}' under 'when' of the plan"
                raise unfit("unknown-key", at=("when", word), found=found, expected=CONDITION, mend=mend)
        return self

    @property
    def is_condition(self) -> bool:
        """Whether it is the weather and the sky that ask, and not something that is seen there."""
        return any(each is not None and each.said() for each in (self.when, self.weather))

    @property
    def tells(self) -> Mapping[str, str]:
        """By what it tells, such as `$ra` in a plan: a sample."""
        if self.of is not None:
            return {**SAMPLES, "name": plain_name(self.of), "called": self.of}
        return {} if self.is_condition else SAMPLES

    def aloud(self) -> str:
        """What happens, in words that follow 'when'."""
        if self.alert is not None:
            return f"{self.alert} sends an alert"
        if self.of is not None:
            side = "brighter" if self.brighter_than is not None else "fainter"
            return f"{self.of} is {side} than {self.brighter_than or self.fainter_than or 0.0:g} mag"
        held = f" for {duration(self.hold_for)}" if self.hold_for else ""
        return f"{' and '.join((*_aloud(self.when), *_aloud(self.weather)))}{held}"


def _aloud(asked: When | WeatherWanted | None) -> Iterator[str]:
    """Yield each limit as it might be read aloud: 'seeing below 1.5 arcsec'."""
    for word, limits in asked.said().items() if asked is not None else ():
        said = (f"{key.replace('_', ' ')} {limit}".replace(".0 ", " ") for key, limit in limits.items())
        yield f"{word.replace('_', ' ')} {' and '.join(said)}"
