"""Documents that are well, alone and together, become one Observatory."""

from obsy.engine.declare.declared import Declared
from obsy.engine.declare.observatory import Observatory
from obsy.engine.declare.resolve import resolve
from obsy.schemas.calibration import Calibration
from obsy.schemas.enclosure import Enclosure
from obsy.schemas.horizon import Horizon
from obsy.schemas.mount import Mount
from obsy.schemas.night import NightTable
from obsy.schemas.pipeline import Pipeline
from obsy.schemas.plan import Plan
from obsy.schemas.policy import Policy, Quality, Retention, Safety
from obsy.schemas.scenario import Scenario
from obsy.schemas.site import Site
from obsy.schemas.train import Train
from obsy.schemas.weather import Weather


def join(found: Declared) -> Observatory:
    """The observatory that is declared; only for what has no complaint."""
    site = found.of(Site)[0].document
    plans = tuple(entry.document for entry in found.of(Plan))
    safety, quality, retention = _rules(found)
    targets = {plan.name: target for plan in plans if (target := resolve(plan)) is not None}
    return Observatory(
        root=found.root,
        site=site,
        horizon=next((h.document for h in found.of(Horizon) if h.document.name == site.horizon), None),
        enclosure=found.of(Enclosure)[0].document,
        mount=found.of(Mount)[0].document,
        trains=tuple(entry.document for entry in found.of(Train)),
        weather=tuple(entry.document for entry in found.of(Weather)),
        safety=safety,
        quality=quality,
        retention=retention,
        calibrations=tuple(entry.document for entry in found.of(Calibration)),
        pipelines={entry.document.name: entry.document for entry in found.of(Pipeline)},
        night=found.of(NightTable)[0].document,
        scenarios={entry.document.name: entry.document for entry in found.of(Scenario)},
        plans=plans,
        targets=targets,
        marks={(e.document.kind, e.document.name): e.written.at("name") for e in found.entries},
        files=found.files,
    )


def _rules(declared: Declared) -> tuple[Safety, Quality, Retention]:
    """The sections of the policies, each from the one that has it."""
    policies = [entry.document for entry in declared.of(Policy)]
    safety = next(policy.safety for policy in policies if policy.safety is not None)
    quality = next(policy.quality for policy in policies if policy.quality is not None)
    return safety, quality, next(policy.retention for policy in policies if policy.retention is not None)
