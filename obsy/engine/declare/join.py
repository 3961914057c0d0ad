"""Documents that are well, alone and together, become one Observatory."""

from collections.abc import Iterable, Iterator

from obsy.diagnostics import did_you_mean, there_are
from obsy.engine.declare.declared import Declared
from obsy.engine.declare.instrument import Instrument, chosen, placed, site_of
from obsy.engine.declare.names import resolve
from obsy.engine.declare.observatory import Observatory
from obsy.engine.declare.overrides import sorted_out
from obsy.errors import UserError
from obsy.schemas.calibration import Calibration
from obsy.schemas.comparison import ComparisonTable
from obsy.schemas.enclosure import Enclosure
from obsy.schemas.horizon import Horizon
from obsy.schemas.mount import Mount
from obsy.schemas.night import NightTable
from obsy.schemas.override import Override
from obsy.schemas.people import Person, Share
from obsy.schemas.pipeline import Pipeline
from obsy.schemas.plan import Plan
from obsy.schemas.policy import Policy, Quality, Retention, Safety
from obsy.schemas.rule import Rule
from obsy.schemas.scenario import Scenario
from obsy.schemas.site import Site
from obsy.schemas.transformation import Transformation
from obsy.schemas.value import Value
from obsy.schemas.weather import Weather


def join(found: Declared, name: str | None = None) -> Observatory:
    """Return the observatory that is declared at a site; only for what has no complaint.

    Whatever was left unsaid, because there is no choice, is said in it: every mount names its enclosure.
    Raise UserError if no site bears the name, or none is named and there are several.
    """
    site = site_named(found, name)
    plans = tuple(entry.document for entry in found.of(Plan))
    safety, quality, retention = _rules(found)
    enclosures = tuple(enclosures_at(found, site))
    mounts = tuple(mounts_under(found, enclosures))
    every = tuple(_instruments(found, site, enclosures, mounts))
    tables = [entry.document for entry in found.of(NightTable)]
    return Observatory(
        root=found.root,
        site=site,
        horizon=next((h.document for h in found.of(Horizon) if h.document.name == site.horizon), None),
        enclosures=enclosures,
        mounts=mounts,
        instruments=tuple(each for each in every if each.train.retired is None),
        retired=tuple(each for each in every if each.train.retired is not None),
        weather=weather_at(found, site),
        safety=safety,
        overrides=sorted_out([entry.document for entry in found.of(Override)], safety, site, found),
        quality=quality,
        retention=retention,
        value=next((p.document.value for p in found.of(Policy) if p.document.value is not None), Value()),
        overheads=next((p.document.overheads for p in found.of(Policy) if p.document.overheads is not None), "learned"),
        pipelines={entry.document.name: entry.document for entry in found.of(Pipeline)},
        nights={each.name: table for each in enclosures if (table := chosen(each.night, tables)) is not None},
        scenarios={entry.document.name: entry.document for entry in found.of(Scenario)},
        plans=plans,
        targets={plan.name: target for plan in plans if (target := resolve(plan)) is not None},
        asked_by=dict(_asked_by(found)),
        rules={entry.document.name: entry.document for entry in found.of(Rule)},
        foreseen=tuple(_foreseen(found)),
        marks={(e.document.kind, e.document.name): e.written.place(("name",)).mark for e in found.entries},
        people=tuple(entry.document for entry in found.of(Person)),
        shares=tuple(entry.document for entry in found.of(Share)),
        comparisons=tuple(entry.document for entry in found.of(ComparisonTable)),
        transformations=tuple(entry.document for entry in found.of(Transformation)),
        sites=frozenset(name for entry in found.of(Site) for name in (entry.document.name, *entry.document.formerly)),
        all_plans=found.all_plans,
        data=frozenset(entry.document.data for entry in found.of(Site)),
    )


def _asked_by(found: Declared) -> Iterator[tuple[str, str]]:
    """Yield each plan that a rule names, and the rule; of a plan with several targets, that of each."""
    rules = {plan.strip(): each.document.name for each in found.of(Rule) if isinstance(plan := each.document.plan, str)}
    for entry in found.of(Plan) if rules else ():
        said = str(entry.written.place(("name",)).node.value)
        if rule := rules.get(entry.document.name) or rules.get(said):
            yield entry.document.name, rule


def _foreseen(found: Declared) -> Iterator[Plan]:
    """Yield the plans that live rules would make of alerts; a plan that a rule names is among the others."""
    for each in found.of(Rule):
        rule = each.document
        if rule.mode == "live" and rule.trigger.alert is not None and not isinstance(rule.plan, str):
            from obsy.engine.declare.sense.rules import plans_of  # noqa: PLC0415  few observatories have such a rule

            made = plans_of(each.written, found, rule.trigger.tells)
            yield from (entry.document for entry in made.entries if isinstance(entry.document, Plan))


def site_named(found: Declared, name: str | None) -> Site:
    """Return the site of that name, or the only one. Raise UserError if there is a choice, or no such site."""
    sites = [entry.document for entry in found.of(Site)]
    site = chosen(name, sites)
    if site is None:
        known = [each.name for each in sites]
        mend = f"add '--site {known[0]}'" if name is None else did_you_mean(name, known, "name one of them")
        said = "which site is meant is not said" if name is None else f"no site is named '{name}'"
        raise UserError(f"{said}; {there_are(known)}: {mend}")
    return site


def enclosures_at(found: Declared, site: Site) -> Iterator[Enclosure]:
    """Yield the enclosures of a site, which they name."""
    for entry in found.of(Enclosure):
        if site_of(entry.document, found) is site:
            yield entry.document.model_copy(update={"site": site.name})


def mounts_under(found: Declared, enclosures: Iterable[Enclosure]) -> Iterator[Mount]:
    """Yield the mounts in these enclosures, which they name."""
    names = {each.name for each in enclosures}
    every = [entry.document for entry in found.of(Enclosure)]
    for entry in found.of(Mount):
        enclosure = chosen(entry.document.enclosure, every)
        if enclosure is not None and enclosure.name in names:
            yield entry.document.model_copy(update={"enclosure": enclosure.name})


def weather_at(found: Declared, site: Site) -> tuple[Weather, ...]:
    """Return the weather inputs of a site."""
    return tuple(each.document for each in found.of(Weather) if site_of(each.document, found) is site)


def _instruments(
    found: Declared, site: Site, enclosures: Iterable[Enclosure], mounts: Iterable[Mount]
) -> Iterator[Instrument]:
    roofs, named = {each.name: each for each in enclosures}, {each.name: each for each in mounts}
    calibrations = {entry.document.train: entry.document for entry in found.of(Calibration)}
    for each in placed(found):
        if each.site is site:
            train = each.train.document.model_copy(update={"mount": each.mount.name})
            place = named[each.mount.name], roofs[each.enclosure.name], site
            yield Instrument(train, *place, calibrations[train.name])


def _rules(declared: Declared) -> tuple[Safety, Quality, Retention]:
    """The sections of the policies, each from the one that has it."""
    policies = [entry.document for entry in declared.of(Policy)]
    safety = next(policy.safety for policy in policies if policy.safety is not None)
    quality = next(policy.quality for policy in policies if policy.quality is not None)
    return safety, quality, next(policy.retention for policy in policies if policy.retention is not None)
