"""A transit in a light curve: its middle, its depth, and the files that others take."""

import json
from dataclasses import replace
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from obsy.cli.busy import busy
from obsy.cli.locate import at_site
from obsy.cli.transit_page import page, tell_frames
from obsy.errors import UserError

if TYPE_CHECKING:
    from obsy.engine.science.transit.curve import MeasuredCurve
    from obsy.engine.science.transit.fit import TransitFit
    from obsy.engine.science.transit.observation import TransitObservation
    from obsy.engine.science.transit.planet import KnownPlanet
    from obsy.engine.science.transit.posterior import SampledTransit
    from obsy.schemas.plan import Plan

YAML = ".yaml", ".yml"
UNSAID = "na"
"""So a report for the AAVSO says that nobody said."""
SCALES = 0.01, 3600.0
"""Arcseconds a pixel, of the largest telescope and of an all-sky camera."""


def number(_context: click.Context, _option: click.Parameter, said: float | None) -> float | None:
    """Return an option's number, which a range alone lets be none."""
    if said is not None and isnan(said):
        raise click.BadParameter("'nan' is no number")
    return said


def word(_context: click.Context, _option: click.Parameter, said: str) -> str:
    """Return the AAVSO's name of a filter, which stands in a line of its own in a report."""
    if not said.isprintable() or not said.strip():
        raise click.BadParameter(f"{said!r} is no name of a filter: write it in one line")
    from obsy.engine.science.report_filter import exoplanet_filter

    try:
        return said if said == UNSAID else exoplanet_filter(said.strip())
    except UserError as fault:
        raise click.BadParameter(str(fault)) from None


@click.command()
@click.argument("path", metavar="PLAN|PATH", type=click.Path(path_type=Path))
@click.option("--planet", metavar="NAME", help="Whose transit it is, such as 'HAT-P-32 b'; a plan's own if left out.")
@click.option("--night", "day", metavar="DATE", help="Of a plan: the evening's date; the newest if left out.")
@click.option("--simulated/--real", default=None, help="Of a plan: which nights; those written last if left out.")
@click.option(
    "--orbit", metavar="TEXT", help="a/R*, inclination[, e, periastron], whose: '6.05 +- 0.04, 88.9 deg, set A'."
)
@click.option("--limb", metavar="TEXT", help="Limb darkening, square law: '0.35, 0.25'; or of a star of '6200 K'.")
@click.option(
    "--scale", type=click.FloatRange(*SCALES), metavar="ARCSEC", callback=number, help="A pixel, where headers lack it."
)
@at_site
@click.option("--observer", metavar="CODE", help="Whose report it is at the AAVSO; the person's code if left out.")
@click.option("--filter", "filter_", metavar="NAME", default=UNSAID, callback=word, help="At the AAVSO: V, CV, R, CBB.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="The folder to write the reports into.")
@click.option("--sample", is_flag=True, help="Sample what middle, radius and all else may be; some 10 s.")
@click.option("--all", "every", is_flag=True, help="Of a folder that '--out' filled: all of a planet's, as one line.")
@click.option("--json", "as_json", is_flag=True, help="Print it for a machine.")
def transit(path: Path, planet: str | None, out: Path | None, as_json: bool, **said: Any) -> None:
    """Fit a transit: when it was, how deep, what is doubtful about it.

    It is in the star tables of a PLAN's night, in a light curve, or in a folder of frames. A light curve is a table
    with the columns bjd_tdb and flux, and error, airmass, x, y, fwhm, sky and flip as far as they are known; those that
    bend the curve are chosen by BIC. Frames may be anybody's: the first is found on the sky, each is recognised by its
    stars, and the neighbours that scatter least are compared with. Without '--out' nothing is written; with it, what
    may be reported for the AAVSO, ExoClock and ETD, and in any case a picture and every number as JSON. Exits 1 if
    there is no transit to report. With '--all' nothing is fitted to light: PATH is a folder of earlier results, and
    the planet's ephemeris is worked out anew from all that may be reported ('--out' draws them).
    """
    if said.pop("every"):
        from obsy.cli.all_transits import all_transits

        return all_transits(path, planet, out, as_json)
    from obsy.engine.runtime.transit_files import transit_stem, write_transit
    from obsy.engine.science.transit.as_json import shape
    from obsy.engine.science.transit.coverage import result

    plan = None if path.exists() else _plan(path)
    observer = _observer(said["observer"], plan) if out or said["observer"] else None
    with busy(f"reading the light of {path}"):
        known, taken = _of_path(path, planet, said) if plan is None else _of_plan(plan, planet, said)
    with busy(f"fitting {len(taken.curve)} points"):
        found = _fitted(taken, known, out)
    drawn, found, about_sampling = _sampled(found) if said["sample"] else (None, found, ())
    told = result(found, taken.sides_s)
    told = replace(told, doubts=(*taken.doubts, *about_sampling, *told.doubts))
    about = _about(known.name, observer, _filter(said["filter_"], taken.role), taken)
    if taken.frames:
        tell_frames(taken)
    made = None if out is None else write_transit(out / transit_stem(taken, known.name), found, told, about, drawn)
    written, withdrawn = ([], []) if made is None else ([*map(str, made.written)], [*map(str, made.withdrawn)])
    if lacks := _lacks(about) if written else "":
        click.echo(f"the AAVSO takes no report without {lacks}", err=True)
    if as_json:
        files = {"files": written, "withdrawn": withdrawn}
        click.echo(json.dumps(shape(found, told, about, drawn) | files, indent=2, ensure_ascii=False))
    else:
        named = [f"Written: {each}" for each in written]
        named += map(_withdrawn, withdrawn)
        click.echo("\n".join([*page(found, told), *named]))
    if told.refusal:
        raise SystemExit(1)


def _plan(path: Path) -> "Plan":
    """Return the plan that is meant by what is no file."""
    from obsy.cli.named import nearest_plan, plan_called

    plan = plan_called(str(path))
    if plan is None:
        cure = "name a plan, a light curve with the columns bjd_tdb and flux, or its frames"
        raise UserError(f"there is no '{path}', and no plan of that name ({nearest_plan(str(path))}): {cure}")
    return plan


def _observer(said: str | None, plan: "Plan | None") -> str | None:
    from obsy.cli.named import here
    from obsy.engine.runtime.observer_code import observer_code
    from obsy.schemas.people import Person

    return observer_code(said, (each.document for each in here().of(Person)), plan.owner if plan else None)


def _of_path(path: Path, planet: str | None, said: dict[str, Any]) -> "tuple[KnownPlanet, MeasuredCurve]":
    """Return whose light is measured, and that light, of a file or a folder."""
    from obsy.cli.known_planet import planet_called
    from obsy.engine.science.transit.curve import MeasuredCurve
    from obsy.engine.science.transit.read_curve import read_curve

    if said["day"] is not None:
        raise click.UsageError(f"--night is of a plan, and '{path}' is a {'folder' if path.is_dir() else 'file'}")
    if path.suffix in YAML:
        raise UserError(f"'{path}' is YAML: name the plan that it declares, such as 'obsy transit {path.stem}'")
    if planet is None:
        raise click.UsageError(f"say whose transit it is: obsy transit {path} --planet 'HAT-P-32 b'")
    known = planet_called(planet, said["orbit"], said["limb"], said["filter_"])
    if path.is_dir():
        return known, _of_folder(path, known, said)
    curve = read_curve(path)
    lost, unsaid = len(curve) - int(curve.usable.sum()), "nobody says how long a frame was exposed"
    doubts = [f"{lost} of {len(curve)} rows have no time, or no light or error above 0"] if lost else []
    doubts += [] if curve.exposure_s else [f"{unsaid}: what an exposure smears is left out of the model"]
    return known, MeasuredCurve(curve, (), 0.0, 0, {}, tuple(doubts))


def _of_plan(plan: "Plan", planet: str | None, said: dict[str, Any]) -> "tuple[KnownPlanet, MeasuredCurve]":
    """Return the planet that a plan covers, or the one that was said, and its star's light in a night."""
    from obsy.cli.known_planet import planet_called, with_said
    from obsy.cli.locate import as_night, data_root_of
    from obsy.cli.named import here
    from obsy.engine.declare.folders import rooms
    from obsy.engine.declare.join import site_named
    from obsy.engine.runtime.transit import transit_curve
    from obsy.engine.store.store import Store

    data_root = data_root_of(rooms()[0], site_named(here(), said["site"]), said["simulated"])
    with Store(data_root.known_store()) as store:
        known, taken = transit_curve(store, data_root, plan, as_night(said["day"]) if said["day"] else None)
    theirs = _filter(said["filter_"], taken.role)
    if planet is not None:
        return _of_its_star(planet_called(planet, said["orbit"], said["limb"], theirs), known, plan), taken
    return with_said(known, said["orbit"], said["limb"], theirs), taken


def _of_its_star(said: "KnownPlanet", covered: "KnownPlanet", plan: "Plan") -> "KnownPlanet":
    """Return the planet that was said. Raises UserError if its star is not the one whose light the plan took."""
    from obsy.engine.declare.star_names import NEAR_DEG
    from obsy.engine.separation import separation_deg

    assert said.place is not None and covered.place is not None
    apart_deg = separation_deg(said.place, covered.place)
    if apart_deg > NEAR_DEG:
        told = (
            f"the plan '{plan.name}' took the light of {covered.name}, and {said.name} is {apart_deg:.2f} deg from it"
        )
        raise UserError(f"{told}: leave out '--planet', or name the plan of that star")
    return said


def _of_folder(path: Path, planet: "KnownPlanet", said: dict[str, Any]) -> "MeasuredCurve":
    """Return the light curve of a folder of frames."""
    from obsy.cli.named import here, site_of
    from obsy.engine.science.transit.folder import SaidBeside, folder_curve
    from obsy.engine.science.transit.outside import outside_of

    if inside := _folders_of_frames(path):
        raise UserError(f"'{path}' holds folders of frames, and none of its own: name one, such as '{inside[0]}'")
    assert planet.place is not None
    site = site_of(here(), said["site"]) if said["site"] else None
    beside = SaidBeside(said["scale"], site.location if site else None)
    return folder_curve(path, planet.place, beside, outside_of(planet))


def _folders_of_frames(path: Path) -> list[Path]:
    """Return the folders in a folder that hold frames, if it holds none itself; what cannot be looked into is none."""
    from obsy.engine.science.transit.folder_frames import ENDINGS

    def frames(folder: Path) -> bool:
        return any(each.suffix.lower() in ENDINGS for each in folder.iterdir())

    try:
        return [] if frames(path) else sorted(each for each in path.iterdir() if each.is_dir() and frames(each))
    except OSError:
        return []


def _fitted(taken: "MeasuredCurve", planet: "KnownPlanet", out: Path | None) -> "TransitFit":
    """Return the transit in a light curve. Raises UserError if there is none, once an earlier fit is withdrawn."""
    from obsy.engine.runtime.transit_files import transit_stem, withdraw_transit
    from obsy.engine.science.transit.fit import fit

    try:
        return fit(taken.curve, planet)
    except UserError as fault:
        has_night = taken.night is not None or taken.curve.usable.any()
        withdrawn = withdraw_transit(out / transit_stem(taken, planet.name)) if out and has_night else ()
        raise UserError("; ".join([str(fault), *map(_withdrawn, withdrawn)])) from None


def _sampled(found: "TransitFit") -> "tuple[SampledTransit, TransitFit, tuple[str, ...]]":
    """Return what was sampled around a fit, the fit with it, and a doubt where that has not settled.

    Where it has not, the fit stays that of least squares.
    """
    from obsy.engine.science.transit.posterior import sampled, with_sampled, words

    with busy("sampling what middle, radius and all else may be"):
        drawn = sampled(found)
    if not drawn.is_settled:
        return drawn, found, (f"the sampling has not settled, so this is of least squares: {words(found, drawn)}",)
    click.echo(f"sampled: {words(found, drawn)}", err=True)
    return drawn, with_sampled(found, drawn), ()


def _withdrawn(path: Path | str) -> str:
    return f"Withdrawn, since this result does not bear it: {path}"


def _about(planet: str, observer: str | None, filter_name: str, taken: "MeasuredCurve") -> "TransitObservation":
    import obsy
    from obsy.engine.science.transit.observation import TransitObservation

    return TransitObservation(
        planet.rpartition(" ")[0],
        planet,
        observer or "na",
        filter_name,
        software=f"obsy {obsy.__version__}",
        comparison_stars=taken.comparison_stars,
        aperture_px=taken.aperture_px,
        apertures=taken.apertures,
    )


def _filter(said: str, role: str) -> str:
    """Return the AAVSO's name of a filter: what was said, or what the frames' own role leaves no doubt about."""
    from obsy.engine.science.report_filter import transit_filter

    return said if said != UNSAID else transit_filter(role, ())


def _lacks(about: "TransitObservation") -> str:
    """Return what nobody said of a report for the AAVSO, with the option that says it; empty if all was said."""
    parts = {"an observer (--observer CODE)": about.observer, "a filter (--filter NAME)": about.filter}
    return " and ".join(part for part, said in parts.items() if said == UNSAID)
