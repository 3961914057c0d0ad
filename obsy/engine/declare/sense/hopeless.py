"""What would never come true: a roof that opens in no weather, and masters that are old before they are built."""

from collections.abc import Iterator

from obsy.diagnostics import Diagnostic
from obsy.engine.declare.declared import Declared, Entry
from obsy.engine.declare.instrument import in_use
from obsy.schemas.calibration import Calibration
from obsy.schemas.plan import Plan
from obsy.schemas.policy import Policy
from obsy.schemas.quantities import FAIR
from obsy.schemas.train import Train
from obsy.units import DURATION, WEATHER, duration


def check(declared: Declared) -> Iterator[Diagnostic]:
    """Warn of limits that fair weather breaks, and of calibration frames that take longer than their master is good."""
    for entry in declared.of(Policy):
        yield from _limits(entry)
    trains = {entry.document.name: entry.document for entry in in_use(declared)}
    for each in declared.of(Calibration):
        if (train := trains.get(each.document.train)) is not None:
            yield from _masters(each, train, [entry.document for entry in declared.of(Plan)])


def _limits(entry: Entry[Policy]) -> Iterator[Diagnostic]:
    limits = entry.document.safety.limits if entry.document.safety is not None else None
    for name in WEATHER:
        limit = getattr(limits, name, None)
        if limit is None:
            continue
        above, below, fair = getattr(limit, "above", None), getattr(limit, "below", None), FAIR[name]
        if (above is not None and fair > above) or (below is not None and fair < below):
            loc = ("safety", "limits", name)
            said = f"{fair:g} {WEATHER[name].unit}"
            found = f"{entry.written.said(*loc)}, and in fair weather it is some {said}: no roof would open"
            yield entry.complain(
                "never-opens", (found, "a limit that fair weather keeps", _otherwise(above, said)), *loc
            )


def _otherwise(above: float | None, fair: str) -> str:
    return f"write 'above {fair}' or more" if above is not None else f"write 'below {fair}' or less"


def _masters(entry: Entry[Calibration], train: Train, plans: list[Plan]) -> Iterator[Diagnostic]:
    """Warn of each set of frames that takes longer than its master is good."""
    calibration, download = entry.document, train.camera.download
    lights = [goal.exposure for plan in plans if plan.served_by(train) for goal in plan.want]
    sets = {"bias": (calibration.bias, 0.0), "dark": (calibration.dark, max(lights, default=0.0))}
    if calibration.flat is not None and calibration.flat.exposure is not None:
        sets["flat"] = (calibration.flat, calibration.flat.exposure)
    for name, (need, exposure) in sets.items():
        taken_s = need.count * (exposure + download)
        if taken_s >= need.max_age * DURATION["d"]:
            each = f" of {duration(exposure)}" if exposure else ""
            found = f"{need.count} frames{each} take {duration(taken_s)}, and their master is old by then"
            words = (found, "a master that lasts for some nights", "write 'max_age: 60 d', or fewer frames")
            yield entry.complain("never-fresh", words, name, "max_age")
