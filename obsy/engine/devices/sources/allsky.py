"""An all-sky camera as a weather input: the probability that the sky is not clear."""

import json
import subprocess
import sys
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from obsy.engine.devices.ports import Clock, Reading
from obsy.engine.devices.sources.apart import Apart
from obsy.engine.devices.sources.newest import Found, newest
from obsy.errors import DeviceError
from obsy.schemas.weather import Source

LOOKS_FOR_S, ANSWER_S = 7.0, 9.5
"""How long an image may be looked at, and be found and looked at; it takes half a second of an idle machine."""
KEPT = 8
"""So many images are remembered: a placeholder in between makes a frozen one no younger."""


@dataclass(frozen=True)
class View:
    """Pixels that were seen, by their fingerprint, and when they were exposed at the latest."""

    blocks: tuple[str, ...]
    exposed_at: datetime


class AllSkySource:
    """An all-sky camera. An image is as old as its pixels: one that comes again under a new time is no younger.

    Nothing is believed before its pixels have been seen to change.
    """

    def __init__(self, clock: Clock, source: Source, zone: tzinfo) -> None:
        self._clock, self._source, self._zone = clock, source, zone
        self._apart = Apart(f"the all-sky camera '{source.allsky}'")
        self._views: deque[View] = deque(maxlen=KEPT)
        self._lives = False

    async def read(self) -> Reading:
        """Return how cloudy it is. Raise DeviceError if there is no image, or nothing can be seen in it."""
        return await self._apart.run(self._read, ANSWER_S)

    def _read(self) -> Reading:
        found = newest(self._clock, self._source, self._zone)
        seen = looked_at(found, self._source.model, self._zone)
        if seen["sky"] == "unusable":
            raise DeviceError(f"'{found.name}' shows nothing: {seen['why']}")
        exposed_at = self._exposed(found, seen)
        if not self._lives:
            raise DeviceError(f"'{found.name}' may be frozen: it has not been seen to change yet")
        return Reading({"cloud": float(seen["cloud"])}, exposed_at)

    def _exposed(self, found: Found, seen: dict[str, Any]) -> datetime:
        """Return the oldest of all moments that date the image: what its pixels had before belongs to them."""
        told = [found.dated_at, *([datetime.fromisoformat(seen["exposed_at"])] if seen["exposed_at"] else [])]
        blocks = tuple(seen["blocks"])
        if before := [view.exposed_at for view in self._views if same(view.blocks, blocks)]:
            return min(*told, *before)
        self._lives = self._lives or bool(self._views)
        self._views.append(View(blocks, min(told)))
        return min(told)


def same(one: Sequence[str], other: Sequence[str]) -> bool:
    """Return whether two fingerprints are of one exposure: half of what varies is equal, whatever clock is drawn on it.

    A camera's noise never repeats. Two images in which nothing varies are the same.
    """
    if len(one) != len(other):
        return False
    pairs = [(a, b) for a, b in zip(one, other, strict=True) if a or b]
    return sum(a == b for a, b in pairs) * 2 >= len(pairs)


def looked_at(found: Found, model: str | None, zone: tzinfo) -> dict[str, Any]:
    """Return what is seen in an image: `sky`, `why`, `cloud`, `exposed_at` and `blocks`, its fingerprint.

    A process of its own looks, for the decoders of images are not this one's to die of. Raise DeviceError if it fails.
    """
    command = [sys.executable, "-P", "-m", "obsy.engine.clouds.look", str(zone), *([model] if model else [])]
    try:
        done = subprocess.run(command, input=found.raw, capture_output=True, timeout=LOOKS_FOR_S, check=False)  # noqa: S603
    except subprocess.TimeoutExpired:
        raise DeviceError(f"'{found.name}' was looked at for {LOOKS_FOR_S:g} s without an end") from None
    if done.returncode != 0:
        last = done.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2]
        raise DeviceError(f"'{found.name}': {last or f'looking at it ended with {done.returncode}'}")
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer
