"""What a server offers, as the YAML that would declare it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from obsy.engine.devices.offer import DeviceOffer
from obsy.engine.exchange.filters import role_of
from obsy.engine.render import scalar
from obsy.schemas.server import DeviceServer

PLACES = {
    "mount": "kind: mount\ndevice: {}",
    "roof": "kind: enclosure\ndevice: {}",
    "weather": "kind: weather\ndevice: {}",
    "monitor": "kind: weather\nmeasures: [monitor]\ndevice: {}",
    "camera": "kind: train\ncamera:\n  device: {}",
    "wheel": "kind: train\nfilters:\n  device: {}",
    "focuser": "kind: train\nfocuser:\n  device: {}",
    "rotator": "kind: train\nrotator:\n  device: {}",
    "cap": "kind: train\npanel:\n  device: {}",
    "panel": "kind: train\npanel:\n  device: {}",
}
"""Where a device of each ability is declared."""


@dataclass(frozen=True, slots=True)
class OfferingServer:
    """A server as a site declares it or would, and whether it is one of several of its kind.

    Then each device says which.
    """

    declared: DeviceServer
    among_several: bool = False


def declaration(devices: Iterable[DeviceOffer], server: OfferingServer) -> str:
    """Return the YAML that would declare a server and its devices, part by part, for a person to choose from."""
    way, name = server.declared.way, scalar(server.declared.name)
    parts = [f"kind: site\nservers: [{{name: {name}, {way}: '{server.declared.at}'}}]"]
    which = f", server: {name}" if server.among_several else ""
    for each in devices:
        device = f"{{{way}: {scalar(each.name)}{which}}}"
        for ability in each.abilities:
            if ability in PLACES:
                parts.append(PLACES[ability].format(device) + "".join(_more(ability, each)))
    return "\n---\n".join(dict.fromkeys(parts)) + "\n"


def _more(ability: str, offer: DeviceOffer) -> Iterator[str]:
    """Yield what else a device tells of its part."""
    if ability == "camera":
        yield from (f"\n  {key}: {offer.facts[key]}" for key in ("size", "pixel") if key in offer.facts)
    elif ability == "wheel" and offer.filters:
        yield "\n  slots:"
        for label in offer.filters:
            yield f"\n    - {{role: {scalar(role_of(label))}, label: {scalar(label)}}}"
