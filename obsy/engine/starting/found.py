"""Answers that were found, and not given by a person."""

from collections.abc import Mapping
from typing import NamedTuple

from obsy.engine.starting.questions import QUESTIONS
from obsy.engine.starting.wheel import as_said
from obsy.errors import UserError


class FoundAnswers(NamedTuple):
    """What something that is there says of an observatory."""

    answers: Mapping[str, str]
    """By the keys of the questions; `camera_device` and the like are names of INDI's devices."""
    remarks: tuple[str, ...] = ()
    """What a person should look at."""


def sound(devices: Mapping[str, str], labels: list[str], answers: dict[str, str], remarks: list[str]) -> FoundAnswers:
    """Return those of the answers that a person might have given; what is none is remarked.

    devices: by the part that each is; labels: of the filters in the wheel.
    """
    kept, told = {f"{part}_device": device for part, device in devices.items()} | answers, list(remarks)
    kept |= {"filters": as_said(labels)} if labels else {}
    kept |= {"roof": "roll-off" if "roll" in devices["roof"].lower() else "dome"} if "roof" in devices else {}
    for question in QUESTIONS:
        if question.key in kept:
            try:
                kept[question.key] = question.answer(kept[question.key])
            except UserError as fault:
                del kept[question.key]
                told.append(f"left at its default: {fault}")
    return FoundAnswers(kept, tuple(told))


def number(value: float, unit: str) -> str:
    """Return a quantity as a document has it."""
    return f"{round(value, 4):.10g} {unit}"
