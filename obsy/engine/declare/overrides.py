"""Which overrides are honoured: those that are dated, name what there is, and never leave rain unwatched."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from obsy.engine.declare.declared import Declared
from obsy.engine.declare.refusals import TWICE, concerned, faults
from obsy.schemas.override import Override
from obsy.schemas.policy import Safety
from obsy.schemas.site import Site

Said = Mapping[str, Any] | Override
"""An override, perhaps as it was written."""


@dataclass(frozen=True, slots=True)
class Overrides:
    """Those that are honoured, and why others are not, in words."""

    honoured: tuple[Override, ...] = ()
    refused: tuple[str, ...] = ()


def concerns(said: Said, site: Site, found: Declared) -> bool:
    """Return whether an override is one of a site's. One of which nobody knows whose it is concerns every site."""
    override = _understood(said)
    return override is None or concerned(override, found) in (None, site)


def sorted_out(said: Iterable[Said], safety: Safety, site: Site, found: Declared) -> Overrides:
    """Return which overrides of a site are honoured; one that is not understood is none."""
    here, refused = list[Override](), list[str]()
    for each in said:
        override = _understood(each)
        if override is None:
            name = each.get("name") if isinstance(each, Mapping) else ""
            refused.append(f"the override '{name}' is not understood and changes nothing: run 'obsy validate'")
        elif concerns(override, site, found):
            here.append(override)
    wrong = list(faults(here, safety, found))
    for override, fault in wrong:
        if (fault.code, fault.key) == (TWICE, "ignore"):
            continue  # nobody is called to what changes nothing
        counts = "counts only where it is the tighter" if fault.code == TWICE else "changes nothing"
        refused.append(f"the override '{override.name}' {counts}: {fault.words[0]}")
    unfit = [id(override) for override, fault in wrong if fault.code != TWICE]
    return Overrides(tuple(each for each in here if id(each) not in unfit), tuple(refused))


def _understood(said: Said) -> Override | None:
    try:
        return said if isinstance(said, Override) else Override.model_validate(said)
    except ValidationError:
        return None
