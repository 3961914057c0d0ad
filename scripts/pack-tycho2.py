"""Pack the Tycho-2 stars of an astrometry.net index file into the two arrays obsy ships.

    python scripts/pack-tycho2.py index-tycho2-07.littleendian.fits obsy/engine/sky/stars

The index comes from Debian's package astrometry-data-tycho2-07-littleendian. Same index, same bytes.
"""

import sys
from pathlib import Path

import numpy as np
from astropy.io import fits

from obsy.engine.sky.catalogue import MAG_ZERO, STEPS, ZONE_DEG, ZONES, cells_in_zones


def kdtree_column(index: Path, name: str, dtype: str) -> np.ndarray:
    """The raw numbers of one kd-tree table, which astrometry.net writes little-endian, against FITS."""
    with fits.open(index) as tables:
        table = next(t for t in tables[1:] if t.columns.names[0] == name)
        length = table.header["NAXIS1"] * table.header["NAXIS2"] // np.dtype(dtype).itemsize
        return np.fromfile(index, dtype, count=length, offset=table.fileinfo()["datLoc"])


def read_index(index: Path) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """RA and Dec in degrees and VT in magnitudes of every star in the index, in its order."""
    box = kdtree_column(index, "kdtree_range_stars", "<f8")  # lowest x, y, z; highest x, y, z; steps per unit
    xyz = box[:3] + kdtree_column(index, "kdtree_data_stars", "<u4").reshape(-1, 3) / box[6]
    with fits.open(index) as tables:
        table = next(t for t in tables[1:] if t.columns.names[0] == "MAG_VT")
        vt = np.asarray(table.data["MAG_VT"], dtype=float)
    ra = np.degrees(np.arctan2(xyz[:, 1], xyz[:, 0])) % 360.0
    dec = np.degrees(np.arctan2(xyz[:, 2], np.hypot(xyz[:, 0], xyz[:, 1])))
    return ra, dec, vt


def pack(ra: np.ndarray, dec: np.ndarray, vt: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Stars as (across, up, magnitude) in uint16, cell after cell, and the first star of each cell in uint32."""
    counts = cells_in_zones()
    first_cell = np.concatenate([[0], np.cumsum(counts)])
    up = (dec + 90.0) / ZONE_DEG
    zone = np.minimum(up.astype(int), ZONES - 1)
    across = ra / 360.0 * counts[zone]
    column = np.minimum(across.astype(int), counts[zone] - 1)
    cell = first_cell[zone] + column
    steps = np.stack([(across - column) * STEPS, (up - zone) * STEPS], axis=1)
    place = np.minimum(steps.astype(int), STEPS - 1)
    mag = np.rint((vt - MAG_ZERO) * 1000.0).astype(int)
    if mag.min() < 0 or mag.max() > np.iinfo(np.uint16).max:
        raise SystemExit("a magnitude does not fit its 16 bits")
    stars = np.column_stack([place, mag]).astype("<u2")
    order = np.lexsort((stars[:, 1], stars[:, 0], stars[:, 2], cell))
    first = np.concatenate([[0], np.cumsum(np.bincount(cell, minlength=first_cell[-1]))]).astype("<u4")
    return stars[order], first


def main() -> None:
    """Read the index named first, write the arrays into the folder named second."""
    index, out = Path(sys.argv[1]), Path(sys.argv[2])
    stars, first = pack(*read_index(index))
    out.mkdir(parents=True, exist_ok=True)
    np.save(out / "stars.npy", stars)
    np.save(out / "cells.npy", first)
    print(f"{len(stars)} stars in {len(first) - 1} cells")


if __name__ == "__main__":
    main()
