"""One PHD2 guides one mount: it has one camera and one star, and says the same to whoever asks."""

from collections.abc import Iterator
from itertools import count

from obsy.diagnostics import Diagnostic
from obsy.engine.declare.declared import Declared
from obsy.engine.declare.instrument import standing

FIRST_PORT = 4400
"""Where a PHD2 listens that runs alone; a second one takes the next."""


def check(declared: Declared) -> Iterator[Diagnostic]:
    """Complaints about a PHD2 that trains of two mounts of one site name."""
    guided = [(each, guider.phd2) for each in standing(declared) if (guider := each.train.document.guider) is not None]
    taken = {address for _, address in guided}
    seen: dict[tuple[str, str], tuple[str, str]] = {}
    for each, address in guided:
        name = each.train.document.name
        mount, owner = seen.setdefault((each.site.name, address), (each.mount.name, name))
        if mount == each.mount.name:
            continue
        host = address.rpartition(":")[0]
        own = next(free for port in count(FIRST_PORT) if (free := f"{host}:{port}") not in taken)
        words = (
            f"the guider of '{name}' is the PHD2 of '{owner}', which hangs on another mount",
            "a PHD2 for each mount",
            f"write 'phd2: {own}', and have a second PHD2 listen there",
        )
        yield each.train.complain("device-twice", words, "guider", "phd2")
