import json
import warnings
from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits
from click.testing import CliRunner

from obsy.cli.spectrum import spectrum
from obsy.engine.science.spectrum.bess import broken_rules
from tests.support.made_spectrum import MadeSpectrum, write_spectra

pytestmark = [pytest.mark.long, pytest.mark.once]
SAID = ("--dispersion", "0.16 nm/px", "--centre", "640 nm", "--red", "left")


@pytest.fixture(scope="module")
def made() -> MadeSpectrum:
    return MadeSpectrum(columns=800, light=8000, hits=30)


@pytest.fixture(scope="module")
def folder(made: MadeSpectrum, tmp_path_factory: pytest.TempPathFactory) -> Path:
    there = tmp_path_factory.mktemp("spectra")
    write_spectra(there, made, named=True)
    return there


@pytest.fixture(scope="module")
def told(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> dict:
    out = tmp_path_factory.mktemp("out")
    words = (*SAID, "--lamp", "NeAr", "--observer", "José Ana", "--instrument", "C8 + LISA", "--out", out, "--json")
    said = CliRunner().invoke(spectrum, [str(each) for each in (folder, *words)], catch_exceptions=False)
    return json.loads(said.stdout)


def test_a_folder_becomes_a_spectrum_with_its_error_and_resolving_power(told: dict, made: MadeSpectrum) -> None:
    assert (told["target"], told["frames"], told["lines"] >= 15) == ("Vega", 2, True)
    assert told["rms_angstrom"] < 0.03
    middle = 0.5 * sum(told["angstrom"])
    assert told["resolving_power"] == pytest.approx(middle / (made.fwhm_px * made.dispersion), rel=0.06)
    assert told["heliocentric_km_s"] is not None
    assert any("the names of" in each for each in told["doubts"])


def test_light_and_wavelengths_in_the_table_are_those_that_were_put_in(told: dict, made: MadeSpectrum) -> None:
    path = next(each for each in told["files"] if each.endswith(".ecsv"))
    wave, flux, error = np.genfromtxt(path, delimiter=",", skip_header=8, unpack=True)
    among = (wave > 5900) & (wave < 6900)
    assert np.abs(wave - made.wavelength)[among].max() < 0.05
    off = (flux - 2 * made.flux) / error
    assert 0.9 < off.std() < 1.15  # the flat's own noise is in no error


def test_the_file_is_what_bess_takes_but_for_the_site_that_nobody_said(told: dict) -> None:
    path = next(each for each in told["files"] if each.endswith(".fits"))
    assert told["bess"] == ["BSS_SITE is missing: the site (--site NAME)"]
    cards, data = fits.getheader(path), fits.getdata(path)
    cards["BSS_SITE"] = "Nerpio"
    assert broken_rules(cards, data) == []
    assert (cards["CUNIT1"], cards["CTYPE1"], cards["BSS_VHEL"]) == ("Angstrom", "Wavelength", 0.0)
    assert (cards["EXPTIME"], cards["OBSERVER"]) == (120.0, "Jos? Ana")


def test_specutils_reads_the_file_and_finds_the_same_wavelengths(told: dict, made: MadeSpectrum) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its own libraries' deprecations
        from specutils import Spectrum  # noqa: PLC0415

        path = next(each for each in told["files"] if each.endswith(".fits"))
        read = Spectrum.read(path)
    wave = read.spectral_axis.to_value("angstrom")
    near = abs(wave - 6562.8) < 15
    line = 1 - read.flux.value[near] / np.median(read.flux.value)
    assert (wave[near] * line).sum() / line.sum() == pytest.approx(6562.8, abs=0.5)


def test_what_is_missing_is_told_with_what_to_say(folder: Path, tmp_path: Path) -> None:
    def said(*words: str) -> str:
        return CliRunner().invoke(spectrum, words).output

    assert "--dispersion '0.1 nm/px' --centre '656 nm'" in said(str(folder))
    assert "say what glows in the arcs: --lamp NeAr" in said(str(folder), *SAID)
    assert "'3 furlongs' is not a dispersion" in said(str(folder), "--dispersion", "3 furlongs")
    assert "there is no folder" in str(CliRunner().invoke(spectrum, [str(tmp_path / "no")]).exception)


def test_a_grating_before_the_camera_counts_from_the_zero_order_and_says_that_nothing_checks_it(tmp_path: Path) -> None:
    bare = MadeSpectrum(columns=800, centre=2875.0, dispersion=9.0, bend=0.0, light=5000, hits=0)
    zero = np.exp(-((bare.x + bare.wavelength[0] / 9.0) ** 2) / (2 * 1.4**2))
    bare.flux = np.where(bare.wavelength > 3500, bare.flux, 1.0) + 60_000 * zero
    write_spectra(tmp_path, bare, lights=1)
    words = [str(tmp_path), "--dispersion", "0.9 nm/px", "--red", "left", "--slitless", "--json"]
    told = json.loads(CliRunner().invoke(spectrum, words, catch_exceptions=False).stdout)
    assert told["angstrom"][1] == pytest.approx(bare.wavelength[-1], abs=4.0)
    assert (told["lines"], told["rms_angstrom"]) == (0, None)
    assert any("no line checks them" in each for each in told["doubts"])


def test_a_standard_stars_response_divides_the_instrument_out(folder: Path, made: MadeSpectrum, tmp_path: Path) -> None:
    known = tmp_path / "vega.txt"
    known.write_text("".join(f"{wave} {1.0}\n" for wave in np.linspace(5500, 7300, 400)))
    words = [str(folder), *SAID, "--lamp", "NeAr", "--out", str(tmp_path), "--json"]
    first = CliRunner().invoke(spectrum, [*words, "--standard", str(known)], catch_exceptions=False)
    response = next(each for each in json.loads(first.stdout)["files"] if each.endswith("-response.txt"))
    again = json.loads(CliRunner().invoke(spectrum, [*words, "--response", response], catch_exceptions=False).stdout)
    path = next(each for each in again["files"] if each.endswith(".ecsv"))
    wave, flux, _ = np.genfromtxt(path, delimiter=",", skip_header=8, unpack=True)
    level = flux[np.isfinite(flux) & (abs(wave - 6562.8) > 30)]
    assert again["is_response_divided_out"]
    assert level.std() / level.mean() < 0.03  # it rose by 30 % before
