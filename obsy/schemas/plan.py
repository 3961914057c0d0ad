"""What the observer asks for: a target, what is wanted of it, and when it may be taken."""

import re
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import BeforeValidator, ConfigDict, Discriminator, Field, Tag, model_validator

from obsy.diagnostics import unfit
from obsy.moments import NightOrMoment
from obsy.schemas.goal import Cover, Formerly, Goal
from obsy.schemas.magnitude_alert import MagnitudeAlert
from obsy.schemas.model import LONGEST_NAME, Document, Model, Text, Whole, spelt
from obsy.schemas.phrase import Phrase
from obsy.schemas.target import OverGround, Satellite, Target, TargetTable, short
from obsy.schemas.together import SaidTogether
from obsy.schemas.train import Train
from obsy.schemas.when import When
from obsy.schemas.whole import WholeQuantity
from obsy.units import Degrees, Percent, Quantity

__all__ = ["Comparison", "Cover", "Goal", "Mosaic", "Needs", "Plan", "holds"]


class Mosaic(Model):
    """A field larger than one frame, taken as tiles."""

    columns: Annotated[Whole, Field(ge=1, le=20)]
    """Tiles side by side."""
    rows: Annotated[Whole, Field(ge=1, le=20)]
    """Tiles above one another."""
    overlap: Annotated[Percent, Field(lt=95)] = 15.0
    """Share of a tile's edge that the next tile takes again."""


_ARCSECONDS = {"arcsec": 1.0, "arcmin": 60.0, "deg": 3600.0}
_COMPARISON = r"\s*(above|below|<|>)\s*(\d+\.?\d*|\.\d+)\s*(arcsec|arcmin|deg)\s*"


def _comparison(value: object) -> tuple[str, float]:
    match = re.fullmatch(_COMPARISON, str(value), re.ASCII)
    if match is None:
        from obsy.reworded import phrase  # noqa: PLC0415 - only what is amiss needs it

        meant = [
            each
            for each in (phrase(str(value), ("above", "below")), f"below {value}", f"above {value} deg")
            if re.fullmatch(_COMPARISON, each, re.ASCII)
        ]
        mend = f"write '{meant[0]}'" if meant else "write 'below 2 arcsec' or 'above 1.5 deg'"
        raise unfit("not-a-comparison", expected="'above' or 'below', and an angle", mend=mend)
    word, number, unit = match.groups()
    return {"above": ">", "below": "<"}.get(word, word), float(number) * _ARCSECONDS[unit]


Comparison = Annotated[
    tuple[Literal["<", ">"], float],
    BeforeValidator(_comparison, json_schema_input_type=spelt(_COMPARISON)),
]
"""A bound in arcseconds."""


def holds(comparison: tuple[str, float] | None, value: float) -> bool:
    """Return whether a value keeps a bound; no bound is always kept."""
    if comparison is None:
        return True
    sign, bound = comparison
    return value < bound if sign == "<" else value > bound


class Needs(Model):
    """What a train must offer for this plan, so that a plan can be given to a friend with other equipment."""

    field: Comparison | None = None
    """The shorter edge of a frame, such as `above 0.5 deg`."""
    scale: Comparison | None = None
    """The size of a pixel on the sky, such as `below 4 arcsec`."""


Frames = Annotated[float, WholeQuantity("a number of frames", {"frames": 1.0, "frame": 1.0}, "6 frames", 1.0, 10_000.0)]
DitherStep = Annotated[
    float, Quantity("a step between frames", {"px": 1.0, "pixel": 1.0, "pixels": 1.0}, "12 px", 0.5, 100.0)
]


class Dither(Phrase):
    """Moving the pointing between frames, so that no pixel's fault falls on the same stars."""

    every: Frames
    """After how many frames."""
    by: DitherStep = 12.0
    """How far at most, in pixels of the camera."""


class Paused(Phrase):
    """A rest with an end."""

    until: NightOrMoment
    """The night of a day alone is the first one again."""


class Choose(Model):
    """How many plans of a list get time in one night."""

    most: Annotated[Whole, Field(ge=1)]
    """Plans that get time; those that have begun go on."""
    of: Text | None = None
    """The list; all plans that name it are in it. Unsaid, the plan's own `targets`."""


_CHOICE = r"\s*(\d+) a night(?: of ([a-z0-9-]+))?\s*"


def _choice(value: object) -> object:
    if isinstance(value, int) and not isinstance(value, bool):
        value = f"{value} nights"  # which is not understood, and told how it is said
    match = re.fullmatch(_CHOICE, value, re.ASCII) if isinstance(value, str) else None
    if isinstance(value, str) and match is None:
        most = (re.search(r"\d+", value) or ["5"])[0]
        mend = f"write '{most} a night'"
        raise unfit("not-understood", found="", expected="how many a night, and of which list", mend=mend)
    return {"most": int(match[1]), "of": match[2]} if match else value


def _several(value: object) -> object:
    """Let the first of several targets stand for all of them, until the plan is written out."""
    if not isinstance(value, dict) or "targets" not in value:
        return value
    several = value["targets"]
    if "target" in value and several:
        mend = "put the one target into 'targets', and remove 'target'"
        raise unfit("never-both", at=("targets",), found="'target' beside 'targets'", expected="one of them", mend=mend)
    if "target" in value:
        return value
    if isinstance(several, str):
        mend = f"write 'targets: [{several}]', or 'target: {several}'"
        raise unfit("not-a-list", at=("targets",), expected="a list of targets", mend=mend)
    if isinstance(several, list):
        return {**value, "target": several[0]} if several else value
    return {**value, "target": {"altitude": "90 deg", "azimuth": "0 deg"}}  # a table is reserved


def _as_written(schema: dict[str, Any]) -> None:
    """Let an editor take one of target and targets, and the names of exposure sets among the goals."""
    schema["required"] = [key for key in schema.get("required", ()) if key != "target"]
    schema["anyOf"] = [{"required": ["target"]}, {"required": ["targets"]}]
    want, name = schema["properties"]["want"], {"type": "string", "title": "the name of exposures"}
    given = {"exposures": name, "with": {"type": "object", "description": "What its variables are here."}}
    a_set = {"type": "object", "properties": given, "required": ["exposures"], "additionalProperties": False}
    goals = {"type": "array", "minItems": 1, "items": {"anyOf": [want.pop("items"), name, a_set]}}
    del want["type"], want["minItems"]
    want["anyOf"] = [goals, name, a_set]


class Plan(Document):
    """A file in `plans/`."""

    in_place_of: ClassVar[dict[str, str]] = {"targets": "target"}
    model_config = ConfigDict(json_schema_extra=_as_written)

    kind: Literal["plan"]
    targets: Annotated[
        Annotated[tuple[Target, ...], Tag("list")] | Annotated[TargetTable, Tag("table")],
        Discriminator(lambda said: "table" if isinstance(said, dict | TargetTable) else "list"),
    ] = ()
    """Or several, each with a plan of its own that is called by this one's name and the target's."""
    choose: Annotated[Choose | None, BeforeValidator(_choice, json_schema_input_type=spelt(_CHOICE) | Choose)] = None
    """How many of them get time in one night."""
    together: SaidTogether | None = None
    """All of its goals in one night, or none of them."""
    target: Target
    """A name, a position, orbital elements, or a body of the solar system."""
    priority: Annotated[Whole, Field(ge=1, le=10)] = 5
    """How much it is wanted among plans, from 1 to 10, the most; a deadline in `dates` adds up to 3."""
    urgency: Literal["normal", "immediate"] = "normal"
    """Immediate goes before all other plans, from the next block on."""
    paused: Paused | None = None
    """Take nothing until then."""
    owner: Text | None = None
    """The person it is for."""
    want: Annotated[tuple[Goal, ...], Field(min_length=1)]
    """The goals, which may take many nights."""
    turns: Frames | None = None
    """Change to the goal that lags most after so many frames, and not only after half an hour."""
    dither: Dither | None = None
    """Move a little between frames."""
    guiding: Literal["none", "required"] | None = None
    """Whether a guider must hold the telescope; unsaid, the train's does if it has one and can."""
    tracking: Literal["target", "stars", "none"] = "target"
    """What the mount follows: the target at its own pace, the stars, or nothing."""
    when: When = When.model_construct()
    """All that must hold while a frame is taken."""
    mosaic: Mosaic | None = None
    """Tiles, where one frame is too small."""
    angle: Degrees | None = None
    """Position angle of the camera's up, east of north; the train's own where there is no rotator."""
    needs: Needs = Needs.model_construct()
    """What a train must offer."""
    pipeline: Text
    """What happens to each frame."""
    alert: MagnitudeAlert | None = None
    """At which magnitude of its target the night tells people, once: `brighter than 10.5 mag`."""
    formerly: Formerly = ()
    """Names that this plan had before; what was taken for them counts on."""
    notes: str = ""
    """What the observer wants to remember."""

    _stands_for_all = model_validator(mode="before")(_several)

    @model_validator(mode="after")
    def _targets_have_names(self) -> Self:
        number = next((n for n, each in enumerate(self.each_target) if not short(each)), None)
        if number is not None:
            mend = "give it a plan of its own"
            raise unfit("not-text", at=("targets", number), expected="a target with a name or a position", mend=mend)
        return self

    @model_validator(mode="after")
    def _one_night_may_have_all(self) -> Self:
        if self.together is not None:
            self.together.refuse(self.name, self.want, self.tiles * sum(len(goal.filter) for goal in self.want))
        if self.together is not None and isinstance(self.target, Satellite):
            expected = "something that does not fly: others decide how much of it a night has"
            raise unfit("never-whole", at=("together",), expected=expected, mend="remove 'together'")
        return self

    @property
    def bond(self) -> str | None:
        """Return the name of the bond of its goals, which count only `together`; None if each counts alone."""
        return None if self.together is None else self.together.of or self.name

    @property
    def tiles(self) -> int:
        """Return how many pictures it has."""
        return 1 if self.mosaic is None else self.mosaic.columns * self.mosaic.rows

    @property
    def follows(self) -> bool:
        """Whether the mount follows what it points at, as a guider can hold it."""
        return self.tracking != "none" and not isinstance(self.target, OverGround | Satellite)

    @property
    def each_target(self) -> tuple[Target, ...]:
        """Return the several targets; none if there is one, or a table."""
        return self.targets if isinstance(self.targets, tuple) else ()

    def written_out(self) -> tuple["Plan", ...]:
        """Return a plan for each of several targets, in their order; itself, if there is but one."""
        choose = self.choose
        if choose is not None and choose.of is None:
            choose = choose.model_copy(update={"of": self.name})
        if not self.each_target:
            return (self.model_copy(update={"choose": choose}) if choose else self,)
        names = [f"{self.name}-{short(each)}"[:LONGEST_NAME].rstrip("-") for each in self.each_target]
        one = {"targets": (), "choose": choose}
        pairs = zip(names, self.each_target, strict=True)
        return tuple(self.model_copy(update={**one, "name": name, "target": each}) for name, each in pairs)

    @model_validator(mode="after")
    def _turns_leave_room_for_runs(self) -> Self:
        running = next((number for number, goal in enumerate(self.want) if goal.run is not None), None)
        if self.turns is not None and running is not None:
            raise unfit(
                "never-both",
                found="'turns' beside a goal with a 'run'",
                expected="goals that alternate, or goals that are taken long in one go",
                mend="remove one of the two",
                at=("turns",),
            )
        return self

    @property
    def roles(self) -> frozenset[str]:
        """Return every filter it wants."""
        return frozenset(role for goal in self.want for role in goal.filter)

    def served_by(self, train: Train) -> bool:
        """Return whether a train has every filter, the field, the scale, the angle and the guider that it needs."""
        field, scale = self.needs.field, self.needs.scale
        return (
            self.roles <= set(train.roles)
            and (field is None or holds(field, min(train.field) * 3600))
            and holds(scale, train.scale)
            and train.can_stand_at(self.angle)
            and (self.guiding != "required" or train.guider is not None)
        )
