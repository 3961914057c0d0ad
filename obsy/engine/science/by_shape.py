"""Whether a night's stars are compared by their fitted shapes or in apertures: all of them one way, never mixed."""

from collections.abc import Sequence

from obsy.engine.reduce.star_table import PSF, Flag, StarTable

MOSTLY = 0.5
"""Of the frames, in which the target is blended, or has no fit, for that to count."""


def by_shape(
    tables: Sequence[StarTable], target: tuple[float, float], within_arcsec: float
) -> tuple[list[StarTable], str]:
    """Return the tables as they are to be compared, and what is to be told of it; '' of plain apertures.

    target: right ascension and declination, degrees. Shapes count where the pipeline asks for them, or leaves it open
    (auto) and the target is blended in most frames. Then target, comparison and check star are all measured so, and
    frames without are left out; where most are without, all are measured in apertures.
    """
    asked = any(each.observation.method == PSF for each in tables)
    is_blended = sum(_is_blended(each, target, within_arcsec) for each in tables) > MOSTLY * len(tables)
    if not asked and not (is_blended and any(each.observation.method == "auto" for each in tables)):
        return list(tables), ""
    fitted = [each.by(PSF) for each in tables if PSF in each.ways]
    lacking = f"{len(tables) - len(fitted)} of {len(tables)} frames"
    if len(fitted) <= MOSTLY * len(tables):
        return (
            list(tables),
            f"{lacking} show too few lonely stars to tell their shape, or too many to fit: all are in apertures",
        )
    if len(fitted) < len(tables):
        return (
            fitted,
            f"{lacking}: too few lonely stars to tell their shape by, or too many to fit, as the others are",
        )
    return fitted, ""


def _is_blended(table: StarTable, target: tuple[float, float], within_arcsec: float) -> bool:
    row = table.nearest(*target, within_arcsec)
    return row is not None and bool(table.flags[row] & int(Flag.BLENDED))
