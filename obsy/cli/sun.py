"""A spectroheliograph's film of the Sun: pictures in the line, beside it, and of how the Sun turns."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from obsy.cli.busy import busy

if TYPE_CHECKING:
    from obsy.engine.science.sun.ser import SerVideo
    from obsy.engine.science.sun.sun_pictures import SunPictures


@click.command()
@click.argument("video", metavar="VIDEO.ser", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--at", "shift", type=float, default=0.0, metavar="ROWS", help="The line's picture so far off its middle."
)
@click.option("--wing", type=click.FloatRange(min=0.1), metavar="ROWS", help="The wings so far off; half its width.")
@click.option(
    "--near", type=click.FloatRange(min=0), metavar="ROW", help="Which line is meant; the deepest if left out."
)
@click.option("--red", type=click.Choice(["last", "first"]), default="last", help="The row to which wavelengths grow.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="The folder to write into; the film's.")
@click.option("--json", "as_json", is_flag=True, help="Print it for a machine.")
def sun(video: Path, out: Path | None, as_json: bool, red: str, **said: Any) -> None:
    """Make pictures of the Sun of a film that a spectroheliograph took (Sol'Ex, SHG 700 and their like), in SER.

    The line is found and followed along the slit, each frame's light at it put beside the last one's, and the disc made
    round by its limb. Written are a picture in the line, one beside it, one of each wing, and one of their difference,
    in which what approaches is bright; each as FITS and PNG.
    """
    from obsy.engine.runtime.sun_files import write_sun
    from obsy.engine.science.sun.ser import opened
    from obsy.engine.science.sun.sun_pictures import WantedOfSun, sun_pictures

    film = opened(video)
    with busy(f"reading {len(film.frames)} frames"):
        found = sun_pictures(film, WantedOfSun(is_red_first=red == "first", **said))
        written = write_sun(out or video.parent, found, film)
    if as_json:
        click.echo(json.dumps(_shape(found, film) | {"files": [str(each) for each in written]}, indent=2))
        return
    line, disc = found.line, found.disc
    count, rows, columns = film.frames.shape
    when = f", {film.began:%Y-%m-%d %H:%M:%S} UTC" if film.began else ""
    told = [
        f"{video.name}: {count} frames of {columns} x {rows} px of {film.frames.dtype.itemsize * 8} bit{when}",
        f"    line         {line.depth:.0%} deep, {line.fwhm:.0f} px wide, bent by {line.bend:+.1f} px along the slit",
        f"    Sun          radius {disc.radius:.1f} px; frames drawn apart {disc.stretch:.3f}, shear {disc.shear:+.4f}",
        f"    limb         within {disc.rms:.2f} px of its ellipse",
        *(f"    doubt: {each}" for each in found.doubts),
    ]
    click.echo("\n".join([*told, *(f"Written: {each}" for each in written)]))


def _shape(found: "SunPictures", film: "SerVideo") -> dict[str, Any]:
    """Return what was found, as a machine reads it."""
    line, disc = found.line, found.disc
    return {
        "frames": len(film.frames),
        "began": film.began.isoformat() if film.began else None,
        "ended": film.ended.isoformat() if film.ended else None,
        "slit_along": found.slit_along,
        "line": {"fwhm_px": line.fwhm, "depth": round(line.depth, 4), "bend_px": round(line.bend, 3)},
        "continuum_px": line.continuum,
        "wing_px": round(found.wing, 3),
        "radius_px": round(disc.radius, 3),
        "stretch": round(disc.stretch, 5),
        "shear": round(disc.shear, 5),
        "limb_rms_px": round(disc.rms, 3),
        "doubts": list(found.doubts),
    }
