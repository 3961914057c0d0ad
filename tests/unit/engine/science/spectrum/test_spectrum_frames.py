from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits

from obsy.engine.science.spectrum.spectrum_frames import in_folder, spectrum_frames
from obsy.errors import UserError


def write(folder: Path, name: str, kind: str = "Light Frame", target: str = "") -> None:
    hdu = fits.PrimaryHDU(np.zeros((4, 4), dtype=np.uint16))
    hdu.header.update(IMAGETYP=kind, EXPTIME=60.0)
    hdu.header["DATE-OBS"] = "2026-08-01T22:00:00", "UTC"
    if target:
        hdu.header["OBJECT"] = target
    hdu.writeto(folder / f"{name}.fit")


def test_what_a_file_is_for_its_header_says_and_where_that_says_light_its_name(tmp_path: Path) -> None:
    for name, kind in (("Vega", "LIGHT"), ("neonn", "LIGHT"), ("Flat-001", "LIGHT"), ("b-1", "Bias Frame")):
        write(tmp_path, name, kind)
    write(tmp_path, "arcturus-2", "LIGHT", "Vega")  # no arc, though it begins like one
    found = spectrum_frames(in_folder(tmp_path))
    sorted_ = [[each.path.stem for each in kind] for kind in (found.lights, found.arcs, found.flats, found.biases)]
    assert sorted_ == [["Vega", "arcturus-2"], ["neonn"], ["Flat-001"], ["b-1"]]
    assert sorted(found.by_name) == ["Flat-001.fit", "neonn.fit"]


def test_light_of_several_stars_is_told_apart_by_name(tmp_path: Path) -> None:
    write(tmp_path, "a", target="Vega")
    write(tmp_path, "b", target="gam Cas")
    with pytest.raises(UserError, match="spectra of Vega, gam Cas: name one, such as \"--object 'Vega'\""):
        spectrum_frames(in_folder(tmp_path))
    assert [each.path.stem for each in spectrum_frames(in_folder(tmp_path), "GamCas").lights] == ["b"]


@pytest.mark.parametrize("exposure_s", [0.0, -60.0])
def test_a_spectrum_that_was_never_exposed_is_refused(exposure_s: float, tmp_path: Path) -> None:
    write(tmp_path, "a", target="Vega")
    fits.setval(tmp_path / "a.fit", "EXPTIME", value=exposure_s)
    with pytest.raises(UserError, match=f"a.fit: .*exposed for {exposure_s:g} s"):
        spectrum_frames(in_folder(tmp_path))


def test_a_folder_without_a_spectrum_is_told(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="holds no file that ends in"):
        in_folder(tmp_path)
    with pytest.raises(UserError, match="cannot be read"):
        in_folder(tmp_path / "gone")
    (tmp_path / "broken.fit").write_text("no")
    with pytest.raises(UserError, match=r"there is no spectrum: broken\.fit"):
        spectrum_frames(in_folder(tmp_path))
