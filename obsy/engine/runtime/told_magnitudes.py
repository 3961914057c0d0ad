"""The magnitudes of a night, filed and for its page. What is wrong with them is told there: no night fails for it."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from obsy.engine.declare.observatory import Observatory
from obsy.engine.report.magnitudes import MagnitudesStory, magnitudes_story
from obsy.engine.store.store import Store
from obsy.errors import UserError
from obsy.schemas.plan import Plan

if TYPE_CHECKING:
    from obsy.engine.science.night_magnitudes import NightMagnitudes


OTHERWISE = "{} stands, made another way: 'obsy photometry {} --report aavso' replaces it"
UNSIGNED = "nobody signs it: write 'codes: {aavso: …}' of the plan's owner, or say --observer CODE to 'obsy photometry'"


def told_magnitudes(
    observatory: Observatory, store: Store, night: date, filed_in: Path | None = None
) -> tuple[MagnitudesStory, ...]:
    """Return those of each plan that has star tables of the night and declared comparison stars.

    filed_in: where its files are written, each whole; what stands there of an earlier time is replaced. None for a
    night that still runs, of which nothing is to be sent.
    """
    if not observatory.comparisons:
        return ()
    told = (_told(plan, observatory, store, night, filed_in) for plan in observatory.plans)
    return tuple(each for each in told if each is not None)


def _told(
    plan: Plan, observatory: Observatory, store: Store, night: date, filed_in: Path | None
) -> MagnitudesStory | None:
    target = plan.name
    try:
        from obsy.engine.runtime import comparisons, photometry  # noqa: PLC0415  few nights have magnitudes; they need astropy

        if not (declared := comparisons.comparisons_of(observatory, plan)):
            return None
        target = declared[0].of
        if (tables := photometry.tables_of(store, plan.name, night)) is None:
            return None
        found = photometry.magnitudes(observatory, plan, tables, comparisons.compared_with(observatory, plan))
        story = magnitudes_story(found, observatory.site.timezone)
        return story if filed_in is None else _filed(story, plan, observatory, found, filed_in)
    except UserError as fault:
        why = str(fault)
    except Exception as fault:  # noqa: BLE001  one plan's tables must keep no night from its page
        why = f"a fault of obsy: {fault!r}; 'obsy photometry {plan.name} --night {night}' shows where"
    return MagnitudesStory(plan.name, target, faults=(why,))


def _filed(
    story: MagnitudesStory, plan: Plan, observatory: Observatory, found: "NightMagnitudes", filed_in: Path
) -> MagnitudesStory:
    """Write a plan's magnitudes, with a report for the AAVSO where somebody signs it; return their story with that."""
    from obsy.engine.runtime.magnitude_files import write_magnitudes  # noqa: PLC0415  as above
    from obsy.engine.runtime.observer_code import observer_code  # noqa: PLC0415  as above

    code = observer_code(None, observatory.people, plan.owner)
    try:
        made = write_magnitudes(filed_in / f"{found.night}-{found.plan}", found, code, is_page=True)
    except UserError as fault:
        return replace(story, unfiled=str(fault))
    reports = [each for each in made.written if each.name.endswith("-aavso.txt")]
    bears_one = any(not each.refusal for each in found.filters)
    why = "; ".join(OTHERWISE.format(each.name, found.plan) for each in made.kept)
    why = why or (UNSIGNED if bears_one and not reports else "")
    return replace(story, files=(*made.written, *made.kept), unfiled=why)
