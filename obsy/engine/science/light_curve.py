"""How bright a star was in each frame of a night, with what each number rests on."""

from dataclasses import dataclass

import numpy as np

from obsy.engine.science.same_stars import Floats, Mask


@dataclass(frozen=True, slots=True, eq=False)
class LightCurve:
    """Magnitudes of one star in one filter, in order of time; all arrays are (points,)."""

    jd_utc: Floats
    """Middles of the exposures, days."""
    hjd_utc: Floats
    """The same as the Sun's middle sees it; NaN where it is not known."""
    bjd_tdb: Floats
    """The same at the barycentre, in TDB; NaN where it is not known."""
    magnitude: Floats
    """In the catalogue's system; where `is_limit`, what the star was fainter than."""
    error: Floats
    """One standard deviation: photons, what scatters beside them, zero point and catalogue together; NaN of a limit."""
    is_limit: Mask
    """Whether the star was not seen."""
    instrumental: Floats
    """-2.5 log10 of electrons a second."""
    airmass: Floats
    zero_point: Floats
    """What was added to `instrumental`, mag."""
    transformation: Floats
    """What was added besides, to be in the standard system; NaN where nothing was."""
    group: Floats
    """The number of the frames, in two filters, that told its colour for it; NaN where nothing was added."""
    check: Floats
    """Magnitude of the check star, measured as the target was; NaN where it was not seen whole."""
    check_error: Floats
    """As that of the target, without the catalogue's share, which is the same in all frames."""
    check_instrumental: Floats
    compared_with: Floats
    """How many comparison stars count."""
    exposure_s: Floats
    """Of all its frames together."""
    of_frames: Floats
    """How many frames each point is the mean of."""
    frame: tuple[str, ...]
    """The frames' hashes, of a point of several that of its first."""

    def __len__(self) -> int:
        return len(self.jd_utc)

    @property
    def seen(self) -> Mask:
        """Which points say how bright it was: no limits, and of a curve that is transformed those that are."""
        is_moved = np.isfinite(self.transformation)
        return np.asarray(~self.is_limit & (is_moved if is_moved.any() else True))

    def only(self, which: Mask) -> "LightCurve":
        """Return the points that are asked for; which: (points,)."""
        arrays = {name: getattr(self, name)[which] for name in ARRAYS}
        return LightCurve(**arrays, frame=tuple(np.asarray(self.frame, dtype=object)[which]))


ARRAYS = tuple(each for each in LightCurve.__slots__ if each != "frame")
