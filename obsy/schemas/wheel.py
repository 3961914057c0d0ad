"""The filters in a train, and what brings them before the camera."""

from typing import Self

from pydantic import Field, model_validator

from obsy.diagnostics import unfit
from obsy.schemas.device import Device
from obsy.schemas.model import Model, Text
from obsy.units import Seconds, Steps


class Filter(Model):
    """One place in the wheel."""

    role: Text
    """What plans call it: L, R, G, B, V, Ha, OIII …"""
    label: Text
    """What the driver calls it."""
    focus: Steps = 0.0
    """Where it focuses, relative to the first filter."""


class FilterWheel(Model):
    """The filters in this train."""

    change: Seconds
    """How long it takes to the next filter."""
    slots: tuple[Filter, ...] = Field(min_length=1)
    """In the order of the wheel."""
    device: Device | None = None
    """The driver that turns it."""

    @model_validator(mode="after")
    def _roles_differ(self) -> Self:
        seen: set[str] = set()
        for number, slot in enumerate(self.slots):
            if slot.role in seen:
                raise unfit(
                    "role-twice",
                    expected="each role once in a wheel",
                    mend="give one of the two filters another role",
                    at=("slots", number, "role"),
                )
            seen.add(slot.role)
        return self
