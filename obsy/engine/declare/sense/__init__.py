"""What is well written and still makes no sense: one file a check, all of them listed here."""

from collections.abc import Callable, Iterator

from obsy.diagnostics import Diagnostic
from obsy.engine.declare.declared import Declared
from obsy.engine.declare.sense import (
    audience,
    clouds,
    devices,
    effect,
    flats,
    goals,
    machinery,
    mosaic,
    needs,
    overrides,
    pipeline,
    rises,
    rooms,
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
    secrets.check,
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


def sense(declared: Declared) -> Iterator[Diagnostic]:
    """What every check has to say."""
    for check in CHECKS:
        yield from check(declared)
