"""Who is told, read by itself: a fault in a plan keeps nobody from hearing that the roof does not close."""

from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from obsy.engine.declare.equipment import known_equipment
from obsy.engine.declare.folders import ROOMS, files
from obsy.engine.declare.read import Reader
from obsy.schemas.enclosure import Enclosure
from obsy.schemas.heartbeat import Heartbeat
from obsy.schemas.kinds import KINDS
from obsy.schemas.model import Document
from obsy.schemas.output import Output
from obsy.schemas.recipient import Recipient
from obsy.schemas.site import Site

NEEDED = (Site, Enclosure, Recipient, Heartbeat, Output)


@dataclass(frozen=True, slots=True)
class Audience:
    """Those who are told of one site's nights."""

    site: Site
    recipients: tuple[Recipient, ...]
    heartbeats: tuple[Heartbeat, ...]
    outputs: tuple[Output, ...] = ()
    root: Path = Path()
    """The folder that holds `site/`."""

    @property
    def is_empty(self) -> bool:
        """Return whether there is nobody."""
        return not self.recipients and not self.heartbeats and not self.outputs


def audience(root: Path, site: str | None = None) -> Audience | None:
    """Return who is told of a site's nights; None if the site is unknown. What is unfit is left out.

    A site whose own document is unfit is known from the last good night.
    """
    said = Reader(root).read([path for room in ROOMS for path in files(root / room)])
    found = [each for each in (_fit(written.value) for written in said) if each is not None]
    known = [each for each in found if isinstance(each, Site)]
    known = known or [each.site for each in known_equipment(root, site, "real")]
    sites = [each for each in known if site in (None, each.name)]
    if len(sites) != 1:
        return None
    here = [each for each in found if getattr(each, "site", None) in (None, sites[0].name)]
    elsewhere = {each.name for each in found if isinstance(each, Enclosure) and each not in here}
    return Audience(
        sites[0],
        tuple(each for each in here if isinstance(each, Recipient)),
        tuple(each for each in here if isinstance(each, Heartbeat)),
        tuple(each for each in here if isinstance(each, Output) and each.enclosure not in elsewhere),
        root,
    )


def _fit(said: dict[str, object]) -> Document | None:
    model = KINDS.get(str(said.get("kind")))
    if model not in NEEDED:
        return None
    try:
        return model.model_validate(said)
    except ValidationError:  # told by whoever needs all of the files
        return None
