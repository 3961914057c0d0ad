"""Which grid a picture lies on, and whether another lies on the same."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from astropy.io import fits
from astropy.wcs import WCS

from obsy.engine.frames.fits import glance
from obsy.engine.identity import Card
from obsy.engine.reduce.orders import GRID_VERSION, Field
from obsy.engine.reduce.plane import grid, pixels, sky
from obsy.engine.reduce.wcs_cards import plane_said
from obsy.errors import FrameError

NEAR_PX = 0.05
"""Grids are one whose opposite corners lie nearer to each other than that: scale, turn and place are told by two."""


@dataclass(frozen=True)
class PixelGrid:
    """The grid of a picture, as far as it is known."""

    shape: tuple[Any, Any]
    """(rows, columns)."""
    plane: WCS | None
    version: int
    id: str = ""
    """Empty where nobody said it, as in files of earlier versions: then its plane tells it."""
    reference: str = ""

    @classmethod
    def of(cls, field: Field) -> "PixelGrid":
        """Return the grid of a plan's field."""
        return cls((field.rows, field.columns), grid(field), GRID_VERSION, field.id, field.reference)

    @classmethod
    def said(cls, header: Mapping[str, Any]) -> "PixelGrid":
        """Return the grid that a header tells of."""
        shape = header.get("NAXIS2"), header.get("NAXIS1")
        named = str(header.get("GRIDID", "")), str(header.get("GRIDREF", ""))
        return cls(shape, plane_said(header), int(header.get("GRIDVER", 1)), *named)

    def is_same(self, other: "PixelGrid") -> bool:
        """Whether pictures of both may be added pixel by pixel."""
        if (self.shape, self.version) != (other.shape, other.version):
            return False
        if self.id and other.id and self.id == other.id:
            return True
        if self.plane is None or other.plane is None:
            return self.plane is other.plane
        rows, columns = self.shape
        corners = np.array([(0, 0), (columns, rows)])
        there = pixels(other.plane, *self.plane.wcs_pix2world(corners, 0).T)  # NaN for what lies behind the other
        return bool(np.hypot(*(there - corners).T).max() < NEAR_PX)

    def __str__(self) -> str:
        rows, columns = self.shape
        if self.plane is None:
            return f"a grid of {columns} x {rows} px that says no place"
        ra, dec = sky(self.plane, (columns - 1) / 2, (rows - 1) / 2)
        matrix = self.plane.wcs.cd
        scale, turn = 3600 * abs(np.linalg.det(matrix)) ** 0.5, np.degrees(np.arctan2(matrix[0, 1], matrix[1, 1]))
        rule = f", by rule {self.version}" if self.version != GRID_VERSION else ""
        place = f"{ra:.4f} {dec:+.4f}, {scale:.3f} arcsec/px, turned {turn:.1f} deg, {columns} x {rows} px{rule}"
        return f"the grid of {self.reference} ({place})" if self.reference else f"the grid {place}"


def grid_cards(field: Field) -> tuple[Card, ...]:
    """Return the cards that name the grid of a plan's field."""
    return (
        ("GRIDID", field.id, "grid that its pixels lie on"),
        ("GRIDREF", field.reference, "picture that the grid is of"),
        ("GRIDVER", GRID_VERSION, "rule by which frames are laid on it"),
    )


def lies_on(path: Path, field: Field) -> bool:
    """Whether the picture in a file lies on the grid of a plan's field; not where the file cannot be read."""
    try:
        cards = glance(path)
    except OSError:
        return False
    return cards is not None and PixelGrid.said(cards).is_same(PixelGrid.of(field))


def refuse_other(name: str, header: fits.Header, wanted: PixelGrid) -> None:
    """Raise FrameError other-grid for a picture that does not lie on the wanted grid."""
    found = PixelGrid.said(header)
    if not found.is_same(wanted):
        raise FrameError("other-grid", f"other-grid: {name} lies on {found}, not on {wanted}")
