"""What is well written and still makes no sense: one file a check, all of them listed here."""

from collections.abc import Callable, Iterator

from obsy.diagnostics import Diagnostic
from obsy.engine.declare.declared import Declared
from obsy.engine.declare.sense import (
    audience,
    clouds,
    devices,
    effect,
    extremes,
    flats,
    goals,
    machinery,
    mosaic,
    needs,
    outputs,
    overrides,
    packs,
    pipeline,
    rises,
    rooms,
    season,
    secrets,
    target,
    weather,
    whole,
    window,
)

CHECKS: tuple[Callable[[Declared], Iterator[Diagnostic]], ...] = (
    whole.check,
    rooms.check,
    machinery.check,
    devices.check,
    weather.check,
    clouds.check,
    overrides.check,
    effect.check,
    packs.check,
    secrets.check,
    outputs.check,
    audience.check,
    pipeline.check,
    target.check,
    goals.check,
    needs.check,
    flats.check,
    mosaic.check,
    rises.check,
    window.check,
)

WARNINGS: tuple[Callable[[Declared], Iterator[Diagnostic]], ...] = (
    overrides.expired,
    outputs.nowhere,
    extremes.check,
    target.aged,
    season.check,
)
"""What keeps no night from running."""


def sense(declared: Declared) -> Iterator[Diagnostic]:
    """What every check has to say."""
    for check in CHECKS:
        yield from check(declared)


def warnings(declared: Declared) -> Iterator[Diagnostic]:
    """What wants a hand all the same."""
    for check in WARNINGS:
        yield from check(declared)
