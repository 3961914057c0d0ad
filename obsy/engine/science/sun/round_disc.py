"""The Sun made round: an ellipse through its limb says how much faster the film was than the sky, and how aslant."""

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import affine_transform, gaussian_filter

from obsy.engine.mad_std import mad_std
from obsy.engine.science.sun.solar_line import Floats
from obsy.errors import UserError

EDGE = 0.5
"""Of the light that the disc's limb has inside of it, at which it ends."""
FEWEST = 40
"""Places of the limb without which no ellipse is believed."""
WIDEST_GAP_DEG = 150.0
"""So much of the limb may be missing in one piece: of a smaller part any ellipse can be laid through it."""
MARGIN = 1.25
"""How many radii a picture reaches from the Sun's middle, where the film does."""


@dataclass(frozen=True, slots=True)
class SolarDisc:
    """The Sun on a raw picture, (slit, frames), and how that becomes round."""

    middle: tuple[float, float]
    """Frame, place on the slit."""
    stretch: float
    """By how much frames are to be drawn apart."""
    shear: float
    """By how many places on the slit a frame is moved for each frame."""
    radius: float
    """Of the round Sun, pixels: places on the slit."""
    rms: float
    """Of the limb's places about the ellipse, pixels along the slit."""


def solar_disc(picture: Floats) -> SolarDisc:
    """Return the ellipse that the limb of a raw picture lies on. Raises UserError if the limb is not to be seen."""
    x, y = _limb(np.asarray(gaussian_filter(picture, 1.0), dtype=float))
    if len(x) < FEWEST:
        raise UserError(f"the Sun's limb shows at {len(x)} places: let the slit run from beside the Sun to beside it")
    kept = np.ones(len(x), dtype=bool)
    scale = max(float(np.ptp(x)), float(np.ptp(y)), 1.0)
    for _ in range(6):
        conic = _conic(x[kept] / scale, y[kept] / scale)
        off = np.abs(_away(conic, x / scale, y / scale)) * scale
        kept = off < 4 * max(mad_std(off[kept], 0.0), 0.3)
    middle, spread = _ellipse(conic)
    spread = spread * scale**2
    shear = -spread[0, 1] / spread[0, 0]
    radius = float(np.sqrt(spread[1, 1] - spread[0, 1] ** 2 / spread[0, 0]))
    rms = float(np.sqrt((off[kept] ** 2).mean()))
    centre = float(middle[0] * scale), float(middle[1] * scale)
    found = SolarDisc(centre, radius / float(np.sqrt(spread[0, 0])), float(shear), radius, rms)
    if (gap_deg := _widest_gap_deg(found, x[kept], y[kept])) > WIDEST_GAP_DEG:
        shown = f"the film shows {360 - gap_deg:.0f} deg of the Sun's limb, of which no round Sun can be told"
        raise UserError(f"{shown}: let the slit run from beside the Sun to beside it, and the film from before it on")
    return found


def _widest_gap_deg(disc: SolarDisc, x: Floats, y: Floats) -> float:
    """Return the widest part of the round limb on which no place lies."""
    across, along = (x - disc.middle[0]) * disc.stretch, y - disc.middle[1] + disc.shear * (x - disc.middle[0])
    angle = np.sort(np.degrees(np.arctan2(along, across)))
    return float(np.diff(angle, append=angle[0] + 360.0).max())


def _limb(smooth: Floats) -> tuple[Floats, Floats]:
    """Return the places where the disc ends along rows and along columns: half the light that is just inside."""
    dark = float(np.percentile(smooth, 2))
    lit = dark + 0.5 * (float(np.percentile(smooth, 90)) - dark)
    found: list[tuple[float, float]] = []
    for number, line in enumerate(smooth):
        found += [(at, float(number)) for at in _ends(line, lit, dark)]
    for number, line in enumerate(smooth.T):
        found += [(float(number), at) for at in _ends(line, lit, dark)]
    places = np.array(found, dtype=float).reshape(-1, 2)
    return places[:, 0], places[:, 1]


def _ends(line: Floats, lit: float, dark: float) -> list[float]:
    """Return where a line across the disc enters and leaves it; nothing where it begins or ends within."""
    inside = np.flatnonzero(line > lit)
    if len(inside) < 8:  # noqa: PLR2004 - it grazes the limb
        return []
    made = []
    for end, step in ((inside[0], -1), (inside[-1], 1)):
        deep = end - 4 * step
        level = dark + EDGE * (float(line[deep]) - dark)
        at = deep
        while 0 < at < len(line) - 1 and line[at] > level:
            at += step
        if line[at] > level:
            continue
        one, other = line[at - step], line[at]
        made.append(float(at - step * (level - other) / max(one - other, 1e-9)))
    return made


def _conic(x: Floats, y: Floats) -> Floats:
    """Return a, b, c, d, e of the ellipse a x2 + b x y + c y2 + d x + e y = 1 through places, around their middle."""
    terms = np.stack([x * x, x * y, y * y, x, y], axis=1)
    made: Floats = np.asarray(np.linalg.lstsq(terms, np.ones(len(x)), rcond=None)[0], dtype=float)
    if 4 * made[0] * made[2] <= made[1] ** 2:
        raise UserError("the Sun's limb lies on no ellipse: the film lost the Sun, or shows a part of it alone")
    return made


def _ellipse(conic: Floats) -> tuple[Floats, Floats]:
    """Return an ellipse's middle, and its form as the matrix C of x C^-1 x = 1."""
    a, b, c, d, e = conic
    form = np.array([[a, b / 2], [b / 2, c]])
    middle = np.linalg.solve(2 * form, [-d, -e])
    size = 1 + middle @ form @ middle
    return middle, np.linalg.inv(form / size)


def _away(conic: Floats, x: Floats, y: Floats) -> Floats:
    """Return how far places are from an ellipse, to first order: its value over its slope."""
    a, b, c, d, e = conic
    value = a * x * x + b * x * y + c * y * y + d * x + e * y - 1
    slope = np.hypot(2 * a * x + b * y + d, b * x + 2 * c * y + e)
    made: Floats = value / np.maximum(slope, 1e-9)
    return made


def made_round(picture: Floats, disc: SolarDisc) -> tuple[Floats, tuple[float, float]]:
    """Return a raw picture with a round Sun, (rows, columns), and the Sun's middle on it (column, row)."""
    half = int(np.ceil(MARGIN * disc.radius))
    ahead = np.array([[1.0, disc.shear], [0.0, disc.stretch]])  # (slit, frame) of the round picture from the raw one
    back = np.linalg.inv(ahead)
    centre = np.array([disc.middle[1], disc.middle[0]])
    offset = centre - back @ np.array([half, half], dtype=float)
    made = affine_transform(picture, back, offset, (2 * half + 1, 2 * half + 1), order=1, mode="nearest")
    return np.asarray(made, dtype=float), (float(half), float(half))
