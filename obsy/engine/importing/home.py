"""The observatory that a file is brought to: its trains, its pipelines, and the plans that it has."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from obsy.diagnostics import Mark
from obsy.engine.declare.own_names import own_names
from obsy.engine.declare.survey import Survey
from obsy.engine.exchange.filters import role_of
from obsy.engine.exchange.plan_file import TAKEN, as_written, graded_by
from obsy.engine.importing.wish import UNSAID
from obsy.errors import UserError
from obsy.schemas.catalogue import CatalogueEntry
from obsy.schemas.enclosure import Enclosure
from obsy.schemas.site import Site
from obsy.schemas.train import Train


@dataclass(frozen=True, slots=True)
class Home:
    """What is declared where plans are brought to."""

    root: Path
    folder: Path
    """Where new plans go."""
    trains: Sequence[Train]
    pipelines: Sequence[str]
    plans: Mapping[str, Mark]
    """Where each plan that there is stands."""
    sites: Sequence[Site]
    names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """By kind, what may come with a plan of a friend and is here already, as it is written."""
    own: Mapping[str, CatalogueEntry] = field(default_factory=dict)
    """What names mean here that obsy does not know, or knows otherwise, by their keys."""
    graded_by: str = ""
    """The quality of the policy in one line."""
    renamed: Mapping[str, str] = field(default_factory=dict)
    """Filters of the other program that the person named, and what they are called here."""
    like: Mapping[str, Any] = field(default_factory=dict)
    """A plan, as it is written, from which comes what a file does not say."""

    def role(self, said: str) -> str | None:
        """Return the role of a filter here, by the name that another program has for it; None if there is none."""
        if said in self.renamed:
            return self.renamed[said]
        slots = [slot for train in self.trains for slot in train.slots]
        if said == UNSAID and len({slot.role for slot in slots}) == 1:
            return slots[0].role
        exact = [slot.role for slot in slots if said in (slot.role, slot.label)]
        alike = [slot.role for slot in slots if said.casefold() in (slot.role.casefold(), slot.label.casefold())]
        if exact or alike:
            return (exact + alike)[0]
        meant = role_of(said).casefold()
        return next((slot.role for slot in slots if slot.role.casefold() == meant), None)

    def pipeline(self, purpose: str) -> str:
        """Return the pipeline for a purpose, by its name; another one, if none is called so."""
        there = (name for name in (purpose, "photometry", *self.pipelines) if name in self.pipelines)
        return str(self.like.get("pipeline") or next(there, purpose))


def home_of(seen: Survey, folder: Path, like: str | None = None, renamed: Mapping[str, str] | None = None) -> Home:
    """Return what an observatory declares. Raise UserError where there is none, or no plan of the name `like`."""
    declared = seen.declared
    if not declared.of(Site) or not declared.of(Enclosure):
        raise UserError(f"no observatory beside '{folder}': go to one, or name its plans with '--to'")
    plans = {each.name: each for each in declared.written if each.kind == "plan" and each.name}
    if like is not None and like not in plans:
        raise UserError(f"no plan is named '{like}'; there are {', '.join(plans) or 'none'}")
    return Home(
        declared.root,
        folder,
        [each.document for each in declared.of(Train)],
        list(declared.names("pipeline")),
        {name: each.at() for name, each in plans.items()},
        [each.document for each in declared.of(Site)],
        {kind: {each.name: as_written(each) for each in declared.written if each.kind == kind} for kind in TAKEN},
        own_names(declared),
        graded_by(declared),
        renamed or {},
        plans[like].value if like is not None else {},
    )
