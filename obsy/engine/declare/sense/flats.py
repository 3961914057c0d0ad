"""A train that serves a plan must be able to take the flats that its pipeline divides by, or no light counts."""

from collections.abc import Iterator
from typing import Any

from obsy.diagnostics import Diagnostic
from obsy.engine.declare.declared import Declared, Entry
from obsy.engine.declare.instrument import in_use
from obsy.schemas.calibration import Calibration
from obsy.schemas.pipeline import Pipeline
from obsy.schemas.plan import Plan


def check(declared: Declared) -> Iterator[Diagnostic]:
    """Complain of each train that takes no flats though a plan that it serves divides by them."""
    divides = {each.document.name for each in declared.of(Pipeline) if "flat" in {s.step for s in each.document.steps}}
    plans = [each.document for each in declared.of(Plan) if each.document.pipeline in divides]
    calibrations = {each.document.train: each for each in declared.of(Calibration)}
    for train in in_use(declared):
        plan = next((each for each in plans if each.served_by(train.document)), None)
        calibration = calibrations.get(train.document.name)
        lacking: tuple[Entry[Any], str, str] | None = None
        flat = calibration.document.flat if calibration is not None else None
        if flat is not None and flat.light != "panel":
            continue
        if train.document.panel is None:
            lacking = train, "no panel to take flats", "panel: {settle: 5 s}"
        elif calibration is not None and calibration.document.flat is None:
            lacking = calibration, "no flats in its calibration", "flat: {count: 9, exposure: 3 s, max_age: 10 d}"
        if plan is not None and lacking is not None:
            entry, what, cure = lacking
            found = (
                f"'{train.document.name}' has {what}, and '{plan.pipeline}', the pipeline of '{plan.name}', needs them"
            )
            yield entry.complain("no-flats", (found, "flats, or pipelines without them", f"add '{cure}'"), "name")
