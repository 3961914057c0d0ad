"""The master a light needs, read once by each worker."""

from functools import lru_cache
from pathlib import Path

from astropy import units as u
from astropy.nddata import CCDData

from obsy.engine.library.master import Master
from obsy.engine.reduce.light import LightFrame
from obsy.engine.reduce.product import read
from obsy.errors import FrameError


def of_light(light: LightFrame, kind: str) -> CCDData:
    """Return the light's master of this kind. Raises FrameError no-master if it has none of its size."""
    masters = light.order.masters
    master: Master | None = {"bias": masters.bias, "dark": masters.dark, "flat": masters.flat}[kind]
    if master is None:
        why = next((line for line in masters.missing if line.startswith(kind)), f"no master {kind}")
        raise FrameError("no-master", f"no-master: {why}")
    pixels = _pixels(master.path, master.sha256)
    if pixels.shape != light.counts.shape:
        rows, columns = pixels.shape
        raise FrameError("no-master", f"no-master: {master.path.name} is {columns} x {rows} px, unlike the light")
    return pixels


@lru_cache(maxsize=6)
def _pixels(path: Path, sha256: str) -> CCDData:
    """The file's pixels; its hash is only the key, so that a rebuilt master is read anew."""
    pixels = read(path)[0].astype("float32", copy=False)
    pixels.setflags(write=False)
    return CCDData(pixels, unit=u.adu)
