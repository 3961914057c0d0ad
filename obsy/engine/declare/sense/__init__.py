"""What is well written and still makes no sense: one file a check, all of them listed here."""

from collections.abc import Iterator, Mapping
from importlib import import_module

from obsy.diagnostics import Diagnostic
from obsy.engine.declare.declared import Declared

CHECKS: dict[str, tuple[str, ...]] = {
    "whole.check": (),
    "rooms.check": (),
    "machinery.check": (),
    "retired.check": (),
    "devices.check": (),
    "guiders.check": (),
    "servers.check": (),
    "weather.check": (),
    "clouds.check": ("weather",),
    "overrides.check": ("override",),
    "effect.check": (),
    "packs.check": ("pack",),
    "secrets.check": ("recipient", "heartbeat", "output"),
    "outputs.check": ("output",),
    "audience.check": ("recipient",),
    "pipeline.check": (),
    "target.check": (),
    "goals.check": (),
    "proofs.check": (),
    "spectra.check": (),
    "counting_together.check": ("plan",),
    "shares.check": ("share",),
    "needs.check": (),
    "flats.check": (),
    "mosaic.check": (),
    "following.check": (),
    "flyover.check": (),
    "standing.check": (),
    "rises.check": (),
    "window.check": (),
    "rules.check": ("rule",),
    "asked.check": ("rule",),
}
"""File and function of each, and the kinds of document without which it has nothing to say; none if it always may.

A file is loaded with the models of its kinds when one of them is declared: start-up counts.
"""

WARNINGS: dict[str, tuple[str, ...]] = {
    "overrides.expired": ("override",),
    "outputs.nowhere": ("output",),
    "place.check": (),
    "extremes.check": (),
    "target.aged": (),
    "season.check": (),
    "downtime.check": (),
    "endless.check": (),
    "brightness.check": (),
    "effect.turned": ("scenario",),
    "events.check": (),
    "hopeless.check": (),
    "retired.warned": (),
    "standing.warned": (),
    "flyover.warned": (),
    "shares.owners": ("person",),
    "triggers.check": ("rule",),
    "watched.check": (),
}
"""What keeps no night from running."""


def sense(declared: Declared) -> Iterator[Diagnostic]:
    """What every check has to say."""
    return _said(CHECKS, declared)


def warnings(declared: Declared) -> Iterator[Diagnostic]:
    """What wants a hand all the same."""
    return _said(WARNINGS, declared)


def _said(checks: Mapping[str, tuple[str, ...]], declared: Declared) -> Iterator[Diagnostic]:
    for place, kinds in checks.items():
        if not kinds or declared.has(*kinds):
            file, _, name = place.partition(".")
            yield from getattr(import_module(f"{__name__}.{file}"), name)(declared)
