import json
from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits
from click.testing import CliRunner
from PIL import Image

from obsy.cli.sun import sun
from tests.support.made_sun import MadeSun, write_ser


def test_a_film_becomes_pictures_that_any_program_opens(tmp_path: Path) -> None:
    film = write_ser(tmp_path / "2026-06-01.ser", MadeSun().film())
    film.write_bytes(film.read_bytes().replace(b"P. Ana", b"J\xfcrgen", 1))
    words = [str(film), "--out", str(tmp_path / "out"), "--json"]
    told = json.loads(CliRunner().invoke(sun, words, catch_exceptions=False).stdout)
    assert told["radius_px"] == pytest.approx(55, rel=0.01)
    assert len(told["files"]) == 10
    line = tmp_path / "out" / "2026-06-01-line.fits"
    cards, data = fits.getheader(line), fits.getdata(line)
    assert (cards["SUNRAD"], cards["DATE-OBS"]) == (told["radius_px"], "2022-09-28T22:13:20.000")
    assert cards["OBSERVER"] == "J?rgen", "a card holds ASCII alone"
    shown = np.asarray(Image.open(line.with_suffix(".png")))
    assert (shown.dtype, shown.shape) == (np.uint16, data.shape)
    assert np.corrcoef(shown[::-1].ravel(), np.clip(data, *np.percentile(data, (0.5, 99.9))).ravel())[0, 1] > 0.999


def test_it_says_what_it_found_and_what_is_doubtful(tmp_path: Path) -> None:
    film = write_ser(tmp_path / "sun.ser", MadeSun().film(), count=0)
    said = CliRunner().invoke(sun, [str(film)], catch_exceptions=False).output
    assert "240 frames of 150 x 36 px of 16 bit, 2022-09-28 22:13:20 UTC" in said
    assert "doubt: the header says 0 frames, the file holds 240" in said
    assert (tmp_path / "sun-doppler.png").exists()
