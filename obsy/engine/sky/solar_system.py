"""The Moon and the planets, which need no elements."""

from dataclasses import dataclass
from typing import Literal, get_args

BodyName = Literal["moon", "mercury", "venus", "mars", "jupiter", "saturn", "uranus", "neptune"]


@dataclass(frozen=True)
class SolarSystemBody:
    """A body of the solar system that needs no elements."""

    name: BodyName

    def __post_init__(self) -> None:
        if self.name not in get_args(BodyName):
            raise ValueError(f"'{self.name}' is none of {', '.join(get_args(BodyName))}")
