"""A star's spectrum: of frames traced, extracted and given their wavelengths, and the files that others take."""

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from obsy.cli.busy import busy
from obsy.cli.locate import at_site
from obsy.errors import UserError

if TYPE_CHECKING:
    from obsy.engine.science.spectrum.bess import SpectrumObservation
    from obsy.engine.science.spectrum.measured import MeasuredSpectrum
    from obsy.engine.science.spectrum.observed_spectrum import SaidOfSpectrograph
    from obsy.engine.science.spectrum.spectrum_frames import SpectrumFrames
    from obsy.schemas.plan import Plan
    from obsy.schemas.train import Train


def quantity(_context: click.Context, option: click.Parameter, said: str | None) -> float | None:
    """Return what an option says, in angstrom, or angstrom a pixel."""
    from obsy.schemas.spectrograph import DISPERSION, WAVELENGTH

    kind = DISPERSION if option.name == "dispersion" else WAVELENGTH
    if said is None:
        return None
    if (found := kind.number(said)) is None or not kind.plausible(found[0]):
        raise click.BadParameter(f"'{said}' is not {kind.what}: write for example '{kind.example}'")
    return found[0]


@click.command()
@click.argument("of", metavar="PLAN|FOLDER", type=click.Path(path_type=Path))
@click.option("--object", "target", metavar="NAME", help="Whose spectrum, where a folder holds those of several.")
@click.option("--night", "day", metavar="DATE", help="Of a plan: the evening's date; the newest if left out.")
@click.option("--simulated/--real", default=None, help="Of a plan: which nights; those written last if left out.")
@click.option("--train", "train_name", metavar="NAME", help="Of a folder: the train whose 'spectrograph' took it.")
@click.option("--dispersion", callback=quantity, metavar="TEXT", help="Roughly, of a pixel: '0.1 nm/px'.")
@click.option("--centre", callback=quantity, metavar="TEXT", help="Roughly, in the middle of a frame: '656 nm'.")
@click.option("--red", type=click.Choice(["right", "left", "up", "down"]), help="Where wavelengths grow; right.")
@click.option("--lamp", metavar="NAME|FILE", help="What glows in the arcs: Ne, NeAr, HgAr, relco, or a file of lines.")
@click.option("--slitless", is_flag=True, help="No lamp: the zero order and the dispersion say the wavelengths.")
@click.option("--gain", type=click.FloatRange(min=1e-3, max=1e3), metavar="E_ADU", help="Electrons per ADU.")
@click.option("--read-noise", type=click.FloatRange(min=0.1, max=500), metavar="E", help="Of one read, electrons.")
@click.option("--response", type=click.Path(path_type=Path, dir_okay=False), help="Divide by it: 'angstrom light'.")
@click.option("--standard", type=click.Path(path_type=Path, dir_okay=False), help="The star's known light: find it.")
@click.option("--observer", metavar="NAME", default="", help="Who took it, as BeSS knows them.")
@click.option(
    "--instrument", metavar="TEXT", default="", help="Telescope, spectrograph, camera; the train's if left out."
)
@at_site
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="The folder to write the files into.")
@click.option("--json", "as_json", is_flag=True, help="Print it for a machine.")
def spectrum(of: Path, out: Path | None, as_json: bool, **said: Any) -> None:
    """Reduce the spectra of a PLAN's night, or of a FOLDER with its arcs, flats and darks.

    The star's light is traced, the sky beside it taken off, each pixel weighted by the noise (Horne 1986), cosmic rays
    left out, and wavelengths, in air, found by the lamp's lines. What frames are for, their headers say, or their
    names: 'neon-1.fit' is an arc. With '--out' it is written as FITS that BeSS takes, as a table with errors, a
    picture and JSON. With '--standard' the instrument's response is written too, which '--response' divides by.
    """
    from obsy.engine.science.spectrum.as_json import shape
    from obsy.engine.science.spectrum.observed_spectrum import observed_spectrum

    with busy(f"reading the spectra of {of}"):
        frames, train, plan = _of_folder(of, said) if of.is_dir() else _of_plan(of, said)
        known = _instrument(train, said)
        if known.conversion is None:
            known = replace(known, conversion=_conversion(frames))
        measured = observed_spectrum(frames, known)
    about, star = _about(train, frames, plan, said)
    measured = _corrected(measured, star, about)
    measured, more = _with_response(measured, said, out)
    written: list[Path] = []
    broken: list[str] = []
    if out is not None:
        from obsy.engine.runtime.spectrum_files import write_spectrum

        written, broken = write_spectrum(out, measured, about)
    if as_json:
        told = {"refused": frames.refused, "files": [str(each) for each in (*written, *more)], "bess": broken}
        click.echo(json.dumps(shape(measured) | told, indent=2, ensure_ascii=False))
        return
    for name, why in list(frames.refused.items())[:5]:
        click.echo(f"not used: {name}: {why}", err=True)
    click.echo("\n".join([*_page(measured), *(f"Written: {each}" for each in (*written, *more))]))
    for each in broken:
        click.echo(f"BeSS would not take it: {each}")


def _of_folder(folder: Path, said: dict[str, Any]) -> "tuple[SpectrumFrames, Train | None, Plan | None]":
    from obsy.engine.science.spectrum.spectrum_frames import in_folder, spectrum_frames

    if said["day"] is not None:
        raise click.UsageError(f"--night is of a plan, and '{folder}' is a folder")
    train = _train(said["train_name"]) if said["train_name"] else None
    return spectrum_frames(in_folder(folder), said["target"]), train, None


def _of_plan(name: Path, said: dict[str, Any]) -> "tuple[SpectrumFrames, Train | None, Plan | None]":
    from obsy.cli.locate import as_night, data_root_of
    from obsy.cli.named import here, nearest_plan, plan_called
    from obsy.engine.declare.folders import rooms
    from obsy.engine.declare.join import site_named
    from obsy.engine.runtime.spectrum_night import spectrum_paths
    from obsy.engine.science.spectrum.spectrum_frames import spectrum_frames
    from obsy.engine.store.store import Store

    plan = plan_called(str(name))
    if plan is None:
        raise UserError(f"there is no folder '{name}', and no plan of that name: {nearest_plan(str(name))}")
    data_root = data_root_of(rooms()[0], site_named(here(), said["site"]), said["simulated"])
    with Store(data_root.known_store()) as store:
        train, _, paths = spectrum_paths(store, plan, as_night(said["day"]) if said["day"] else None)
    return spectrum_frames(paths, said["target"]), _train(said["train_name"] or train), plan


def _train(name: str) -> "Train":
    from obsy.cli.named import here
    from obsy.diagnostics import did_you_mean, there_are
    from obsy.schemas.train import Train

    trains = {each.document.name: each.document for each in here().of(Train)}
    if name not in trains:
        mend = did_you_mean(name, trains, there_are(trains))
        raise UserError(f"no train here is named '{name}': {mend}")
    return trains[name]


def _instrument(train: "Train | None", said: dict[str, Any]) -> "SaidOfSpectrograph":
    """Return what is known of the spectrograph: by the train, and before that by what was said."""
    from obsy.engine.science.spectrum.lamp_lines import lamp_lines
    from obsy.engine.science.spectrum.observed_spectrum import SaidOfSpectrograph

    spread = train.spectrograph if train is not None else None
    dispersion = said["dispersion"] or (spread and spread.dispersion)
    centre = said["centre"] or (spread and spread.centre)
    if train is not None and spread is None and not (dispersion and centre):
        raise UserError(f"the train '{train.name}' declares no spectrograph: say --dispersion and --centre")
    lamp = said["lamp"] or (spread.lamp if spread is not None else None)
    slitless = said["slitless"] or (spread is not None and spread.entrance == "slitless" and not said["lamp"])
    if not dispersion or not (centre or slitless):
        raise click.UsageError("say how it spreads light: --dispersion '0.1 nm/px' --centre '656 nm', or --train NAME")
    if lamp is None and not slitless:
        raise click.UsageError("say what glows in the arcs: --lamp NeAr, or --slitless where there is no lamp")
    camera = train.camera if train is not None else None
    return SaidOfSpectrograph(
        dispersion=float(dispersion),
        centre=float(centre or 0.0),
        red=said["red"] or (spread.red if spread is not None else "right"),
        lamp=None if slitless or lamp is None else lamp_lines(lamp),
        conversion=said["gain"] or (camera.conversion if camera else None),
        read_noise=said["read_noise"] or (camera.read_noise if camera else None),
    )


def _conversion(frames: "SpectrumFrames") -> float | None:
    """Return electrons per ADU as the first frame's header says them; None if it does not."""
    from obsy.engine.frames.fact import amount
    from obsy.engine.frames.taken_with import CONVERSIONS, LEAST_E_PER_ADU, MOST_E_PER_ADU

    found = amount(frames.lights[0].cards, *CONVERSIONS)
    return found[0] if found and LEAST_E_PER_ADU <= found[0] <= MOST_E_PER_ADU else None


def _about(
    train: "Train | None", frames: "SpectrumFrames", plan: "Plan | None", said: dict[str, Any]
) -> "tuple[SpectrumObservation, tuple[float, float] | None]":
    """Return who took it with what and where, and where the star is."""
    import obsy
    from obsy.cli.named import here, site_of
    from obsy.engine.declare.names import lookup, resolve
    from obsy.engine.declare.target import FixedTarget
    from obsy.engine.science.spectrum.bess import SpectrumObservation
    from obsy.engine.science.spectrum.where_and_when import place_of, star_of

    first = frames.lights[0]
    site = site_of(here(), said["site"]) if said["site"] or plan is not None else None
    target = resolve(plan) if plan is not None else None
    found = lookup(said["target"] or first.target)
    star = (found.ra_deg, found.dec_deg) if found is not None else star_of(first)
    if isinstance(target, FixedTarget):
        star = target.ra_deg, target.dec_deg
    instrument = said["instrument"] or (f"{train.name} {train.camera.model}" if train is not None else "")
    place = site.location if site is not None else place_of(first)
    software = f"obsy {obsy.__version__}"
    return SpectrumObservation(said["observer"], instrument, site.name if site else "", place, software), star


def _corrected(
    measured: "MeasuredSpectrum", star: tuple[float, float] | None, about: "SpectrumObservation"
) -> "MeasuredSpectrum":
    from obsy.engine.science.spectrum.where_and_when import with_correction

    return with_correction(measured, star, about.place)


def _with_response(
    measured: "MeasuredSpectrum", said: dict[str, Any], out: Path | None
) -> "tuple[MeasuredSpectrum, list[Path]]":
    """Return a spectrum over the instrument's response, if one is said; or the response itself, of a standard star."""
    import numpy as np

    from obsy.engine.science.spectrum.response import response, two_columns

    if said["response"] is not None:
        wave, light = two_columns(said["response"])
        over = np.interp(measured.wavelength, wave, light, left=np.nan, right=np.nan)
        return replace(measured, flux=measured.flux / over, error=measured.error / over, is_relative=True), []
    if said["standard"] is None:
        return measured, []
    if out is None:
        raise click.UsageError("--standard writes the response: say '--out FOLDER' too")
    from obsy.engine.runtime.spectrum_files import write_response

    return measured, [write_response(out, measured, response(measured, *two_columns(said["standard"])))]


def _page(found: "MeasuredSpectrum") -> list[str]:
    """Return what a spectrum is worth, in words."""
    low, high = found.wavelength[0], found.wavelength[-1]
    by = f"by {found.lines} lines, rms {found.rms:.3f} angstrom, +- {found.wavelength_error:.3f} in the middle"
    towards = found.heliocentric_km_s
    return [
        f"{found.target}: {found.frames} x {found.exposure_s:g} s, {low:.1f} to {high:.1f} angstrom in air",
        f"    wavelengths  {by if found.lines else 'by the zero order and the declared dispersion'}",
        f"    resolves     R {found.resolving_power:.0f}, {found.dispersion:.3f} angstrom a pixel",
        f"    signal       S/N {found.snr:.0f} a pixel (median); {found.hits} pixels left out for cosmic rays",
        *(
            [f"    to the Sun   {towards:+.2f} km/s to be added to velocities, not applied"]
            if towards is not None
            else []
        ),
        *(f"    doubt: {each}" for each in found.doubts),
    ]
