"""Finds what a name on the command line means here, and the site that is meant."""

from shlex import quote
from typing import TYPE_CHECKING

from obsy.engine.declare.known import Known, declared, find
from obsy.engine.declare.spelling import key
from obsy.schemas.site import Site

if TYPE_CHECKING:
    from obsy.engine.declare.declared import Declared
    from obsy.schemas.plan import Plan


def here() -> "Declared":
    """Return what `site/` and `library/` of the observatory declare that the working folder lies in, if it does."""
    from obsy.engine.declare.folders import rooms
    from obsy.engine.declare.survey import survey

    return survey(rooms()[0]).declared


def known_by(said: str, here: "Declared") -> Known | None:
    """Return what bears a name, in the observatory's own catalogues or in obsy's tables; None if nothing does."""
    from obsy.engine.declare.own_names import own_names

    entry = own_names(here).get(key(said))
    return declared(said, entry) if entry else find(said)


def plan_called(said: str) -> "Plan | None":
    """Return the plan of that name in the observatory that the working folder lies in; None if it has none."""
    from obsy.engine.declare.folders import rooms
    from obsy.engine.declare.survey import survey
    from obsy.schemas.plan import Plan

    root, plans = rooms()
    every = (entry.document for entry in survey(root, *plans).declared.of(Plan))
    return next((each for each in every if each.name == said), None)


def unknown(said: str) -> str:
    """Return what is to be said of a name that nothing bears: the nearest ones, or how to ask the network."""
    from obsy.engine.declare.names import cure

    online = f"ask the network with 'obsy target --online {quote(said)}'"
    return f"obsy knows nothing by the name '{said}': {cure(said, online)}"


def site_of(here: "Declared", name: str | None) -> Site | None:
    """Return the site that is meant; None if there is no observatory here and none was named."""
    from obsy.engine.declare.join import site_named

    return site_named(here, name) if here.of(Site) or name is not None else None
