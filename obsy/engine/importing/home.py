"""The observatory that a file is imported to: what it declares, and what the person said."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from obsy.diagnostics import there_are
from obsy.engine.declare.declared import Declared
from obsy.engine.declare.instrument import in_use
from obsy.engine.declare.survey import Survey
from obsy.engine.declare.written import Written
from obsy.engine.exchange.filters import role_of
from obsy.engine.importing.wish import UNSAID
from obsy.errors import UserError
from obsy.schemas.enclosure import Enclosure
from obsy.schemas.site import Site
from obsy.schemas.train import Train


@dataclass(frozen=True, slots=True)
class Home:
    """What is declared where plans are imported to."""

    declared: Declared
    folder: Path
    """Where new plans go."""
    trains: Sequence[Train] = ()
    renamed: Mapping[str, str] = field(default_factory=dict)
    """Filters of the other program that the person named, and what they are called here."""
    like: Mapping[str, Any] = field(default_factory=dict)
    """A plan, as it is written, from which comes what a file does not say."""

    def there(self, kind: str, name: str) -> Written | None:
        """Return the document of a kind and a name that is here already."""
        return next((each for each in self.declared.written if (each.kind, each.name) == (kind, name)), None)

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
        declared = list(self.declared.names("pipeline"))
        there = (name for name in (purpose, "photometry", *declared) if name in declared)
        return str(self.like.get("pipeline") or next(there, purpose))


def home_of(seen: Survey, folder: Path, like: str | None = None, renamed: Mapping[str, str] | None = None) -> Home:
    """Return what an observatory declares. Raise UserError where there is none, or no plan of the name `like`."""
    declared = seen.declared
    if not declared.of(Site) or not declared.of(Enclosure):
        raise UserError(f"no observatory beside '{folder}': go to one, or name its plans with '--to'")
    home = Home(declared, folder, [each.document for each in in_use(declared)], renamed or {})
    model = home.there("plan", like) if like is not None else None
    if like is not None and model is None:
        raise UserError(f"no plan is named '{like}'; {there_are(declared.names('plan'))}")
    return replace(home, like=model.value if model is not None else {})
