"""What is well written and still makes no sense: one file a check, all of them listed here."""

from collections.abc import Callable, Iterator

from obsy.diagnostics import Diagnostic
from obsy.engine.declare.declared import Declared
from obsy.engine.declare.sense import (
    devices,
    effect,
    exposure,
    filters,
    goals,
    machinery,
    mosaic,
    needs,
    pipeline,
    rises,
    target,
    transit,
    weather,
    whole,
)

CHECKS: tuple[Callable[[Declared], Iterator[Diagnostic]], ...] = (
    whole.check,
    machinery.check,
    devices.check,
    weather.check,
    effect.check,
    pipeline.check,
    target.check,
    goals.check,
    filters.check,
    needs.check,
    mosaic.check,
    rises.check,
    exposure.check,
    transit.check,
)


def sense(declared: Declared) -> Iterator[Diagnostic]:
    """What every check has to say."""
    for check in CHECKS:
        yield from check(declared)
