"""The magnitudes that a night's page shows. Whatever is wrong with them is told there: no night fails for its page."""

from datetime import date

from obsy.engine.declare.observatory import Observatory
from obsy.engine.report.magnitudes import MagnitudesStory, magnitudes_story
from obsy.engine.store.store import Store
from obsy.errors import UserError
from obsy.schemas.plan import Plan


def told_magnitudes(observatory: Observatory, store: Store, night: date) -> tuple[MagnitudesStory, ...]:
    """Return those of each plan that has star tables of the night and declared comparison stars."""
    if not observatory.comparisons:
        return ()
    told = (_told(plan, observatory, store, night) for plan in observatory.plans)
    return tuple(each for each in told if each is not None)


def _told(plan: Plan, observatory: Observatory, store: Store, night: date) -> MagnitudesStory | None:
    target = plan.name
    try:
        from obsy.engine.runtime import comparisons, photometry  # noqa: PLC0415  few nights have magnitudes; they need astropy

        if not (declared := comparisons.comparisons_of(observatory, plan)):
            return None
        target = declared[0].of
        if (tables := photometry.tables_of(store, plan.name, night)) is None:
            return None
        found = photometry.magnitudes(observatory, plan, tables, comparisons.compared_with(observatory, plan))
        return magnitudes_story(found, observatory.site.timezone)
    except UserError as fault:
        why = str(fault)
    except Exception as fault:  # noqa: BLE001  one plan's tables must keep no night from its page
        why = f"a fault of obsy: {fault!r}; 'obsy photometry {plan.name} --night {night}' shows where"
    return MagnitudesStory(plan.name, target, faults=(why,))
