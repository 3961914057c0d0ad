"""A process that looks at one image: `python -m obsy.engine.clouds.look ZONE [MODEL] < image` prints what it saw."""

import json
import resource
import sys
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo

from obsy.engine.clouds.fingerprint import fingerprint
from obsy.engine.clouds.image import opened
from obsy.engine.clouds.model import SHIPPED, SkySeen, looked_at, read_model
from obsy.errors import UserError

MOST_MEMORY, MOST_CPU_S = 2 * 2**30, 20
"""Bytes of address space, and seconds, that an image may cost: whatever is in it, this machine goes on."""


@dataclass(frozen=True)
class Look:
    """What was seen in an image, when its own header says it was exposed, and its fingerprint."""

    seen: SkySeen
    exposed_at: datetime | None
    blocks: tuple[str, ...]

    def as_json(self) -> str:
        """Return it as the process prints it."""
        seen, at = self.seen, self.exposed_at
        told = {"sky": seen.sky, "why": seen.why, "cloud": seen.cloud, "probabilities": seen.probabilities}
        return json.dumps({**told, "exposed_at": at.isoformat() if at else None, "blocks": self.blocks})


def look(raw: bytes, zone: tzinfo, path: Path = SHIPPED) -> Look:
    """Return what a model sees in an image; what cannot be read is unusable. Raise UserError if the model is unfit."""
    model = read_model(path)
    try:
        picture = opened(raw, zone)
    except UserError as fault:
        return Look(SkySeen("unusable", {}, str(fault)), None, ())
    return Look(looked_at(picture.rgb, model, path.parent), picture.exposed_at, fingerprint(picture.rgb))


def main() -> None:
    """Look at the image on the standard input."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_CPU_S, MOST_CPU_S))
    zone, *model = sys.argv[1:]
    try:
        print(look(sys.stdin.buffer.read(), ZoneInfo(zone), *(Path(each) for each in model)).as_json())
    except UserError as fault:
        sys.exit(str(fault))


if __name__ == "__main__":
    main()
