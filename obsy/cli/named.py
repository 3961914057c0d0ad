"""Finds what a name on the command line means here, and the site that is meant."""

from shlex import quote
from typing import TYPE_CHECKING

from obsy.schemas.site import Site

if TYPE_CHECKING:
    from obsy.engine.declare.declared import Declared
    from obsy.schemas.plan import Plan


def here() -> "Declared":
    """Return what `site/` and `library/` of the observatory declare that the working folder lies in, if it does."""
    from obsy.engine.declare.folders import rooms
    from obsy.engine.declare.survey import survey

    return survey(rooms()[0]).declared


def with_plans() -> "Declared":
    """Return what `here` does, and the plans beside it."""
    from obsy.engine.declare.folders import rooms
    from obsy.engine.declare.survey import survey

    root, plans = rooms()
    return survey(root, *plans).declared


def plan_called(said: str) -> "Plan | None":
    """Return the plan of that name in the observatory that the working folder lies in; None if it has none."""
    from obsy.schemas.plan import Plan

    every = (entry.document for entry in with_plans().of(Plan))
    return next((each for each in every if each.name == said), None)


def nearest_plan(said: str) -> str:
    """Return what is to be said where no plan is called so: the nearest one, or which there are."""
    from obsy.diagnostics import did_you_mean, there_are
    from obsy.schemas.plan import Plan

    names = sorted(entry.document.name for entry in with_plans().of(Plan))
    return did_you_mean(said, names, there_are(names))


def unknown(said: str) -> str:
    """Return what is to be said of a name that nothing bears: the nearest ones, or how to ask the network."""
    from obsy.engine.declare.names import cure

    online = f"ask the network with 'obsy target --online {quote(said)}'"
    return f"obsy knows nothing by the name '{said}': {cure(said, online)}"


def site_of(here: "Declared", name: str | None) -> Site | None:
    """Return the site that is meant; None if there is no observatory here and none was named."""
    from obsy.engine.declare.join import site_named

    return site_named(here, name) if here.of(Site) or name is not None else None
