"""A calibrated pixel's deviation is what it truly scatters by, the noise of its masters included: a Monte Carlo."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import ccdproc
import numpy as np
import pytest
from astropy import units as u
from astropy.io import fits
from astropy.nddata import CCDData

from obsy.engine.frames.frame import Frame
from obsy.engine.library.master import Master, Masters
from obsy.engine.reduce.light import open_light
from obsy.engine.reduce.orders import LightOrder, MasterOrder, Optics
from obsy.engine.reduce.steps import STEPS
from obsy.engine.reduce.work import build_master
from obsy.schemas.pipeline import Pipeline
from tests.support.cases import mostly_long
from tests.support.frames import A_LIGHT

SHAPE = (160, 160)
GAIN, READ_E = 1.2, 12.0
OPTICS = Optics(2.0, GAIN, READ_E, 60000.0)
FEW = 2
"""Frames in a master: so few that its noise shows."""
WARM, DIM, SKY, LIT = 100.0, 60.0, 6000.0, 6000.0
"""ADU of the dark current, of two skies, and of the flats: under the dim one the bias shows, else the flat."""


class Camera:
    """A sensor with a pattern, whose every exposure has noise of its own."""

    def __init__(self, folder: Path, save) -> None:  # type: ignore[no-untyped-def]
        self.folder, self.save, self.random = folder, save, np.random.default_rng(3)
        row, column = np.mgrid[: SHAPE[0], : SHAPE[1]]
        self.pattern = 500 + self.random.normal(0, 3, SHAPE)
        flat = 1 - 0.5 * ((row - 80) ** 2 + (column - 80) ** 2) / (2 * 80**2)
        self.flat = flat / flat.mean()

    def expose(self, name: str, light, exptime: float) -> Path:  # type: ignore[no-untyped-def]
        electrons = self.random.poisson(np.broadcast_to(light * GAIN, SHAPE)) + self.random.normal(0, READ_E, SHAPE)
        return self.save(name, self.pattern + electrons / GAIN, raw=False, exptime=exptime)

    def master(self, kind: str, light, exptime: float, masters: Masters) -> Master:  # type: ignore[no-untyped-def]
        name = f"{kind}-{self.random.integers(1 << 40)}"
        sources = tuple(self.expose(f"{name}-{number}.fits", light, exptime) for number in range(FEW))
        order = MasterOrder(kind, exptime, sources, self.folder / f"{name}.fits", masters, reject=50.0)
        at = datetime(2026, 11, 21, tzinfo=UTC)
        said = (None, 100, 30, 1, -10.0, "cam", at.date(), at, FEW)
        pedestal = masters.bias is None
        return Master(order.target, build_master(order), "newton", kind, exptime, *said, pedestal=pedestal)


@pytest.mark.once
@pytest.mark.parametrize("steps", [("bias",), ("bias", "dark"), ("bias", "dark", "flat"), ("bias", "flat")])
@pytest.mark.parametrize("same_bias", [True, False, None])
@pytest.mark.parametrize("sky", mostly_long([SKY, DIM], 2))
def test_a_pixel_scatters_by_its_deviation(  # type: ignore[no-untyped-def]
    steps: tuple[str, ...], sky: float, same_bias: bool | None, tmp_path: Path, save
) -> None:
    """same_bias: whether the dark was freed of the light's own bias, or of another; None for one that has it still."""
    camera = Camera(tmp_path, save)
    bias = camera.master("bias", 0.0, 0.0, Masters())
    older = bias if same_bias else camera.master("bias", 0.0, 0.0, Masters())
    dark = camera.master("dark", WARM, 60.0, Masters() if same_bias is None else Masters(older))
    flat = camera.master("flat", LIT * camera.flat, 0.0, Masters(bias))
    pipeline = Pipeline.model_validate({"kind": "pipeline", "name": "p", "steps": [{"step": step} for step in steps]})
    warm = WARM if "dark" in steps else 0.0
    source = camera.expose("light.fits", sky * camera.flat + warm, 60.0)
    frame = Frame(**A_LIGHT | {"path": source})
    masters = Masters(bias, dark, flat)
    light = open_light(LightOrder(frame, tmp_path / "c", tmp_path / "a", masters, pipeline, None, OPTICS, None))
    for step in pipeline.steps:
        light = STEPS[step.step].run(light, step)
    truth = sky if "flat" in steps else sky * camera.flat
    scatter = float(np.std((light.counts - truth) / light.deviation()))
    assert scatter == pytest.approx(1.0, abs=0.08 if same_bias is False and "dark" in steps else 0.025)


@pytest.mark.long
@pytest.mark.once
@pytest.mark.parametrize("freed", [True, False])
@pytest.mark.parametrize("steps", [("bias", "dark"), ("dark",)])
def test_a_pedestal_is_taken_off_once_whatever_the_dark_was_made_of_as_ccdproc_does(  # type: ignore[no-untyped-def]
    steps: tuple[str, ...], freed: bool, tmp_path: Path, save
) -> None:
    camera = Camera(tmp_path, save)
    bias = camera.master("bias", 0.0, 0.0, Masters())
    dark = camera.master("dark", WARM, 60.0, Masters(bias) if freed else Masters())
    pipeline = Pipeline.model_validate({"kind": "pipeline", "name": "p", "steps": [{"step": step} for step in steps]})
    frame = Frame(**A_LIGHT | {"path": camera.expose("light.fits", SKY + WARM, 60.0)})
    masters = Masters(bias, dark)
    light = open_light(LightOrder(frame, tmp_path / "c", tmp_path / "a", masters, pipeline, None, OPTICS, None))
    for step in pipeline.steps:
        light = STEPS[step.step].run(light, step)
    raw, no_light, pattern = (
        CCDData(fits.getdata(each).astype(float), unit="adu") for each in (frame.path, dark.path, bias.path)
    )
    if "bias" in steps:
        raw = ccdproc.subtract_bias(raw, pattern)
        no_light = no_light if freed else ccdproc.subtract_bias(no_light, pattern)
    theirs = ccdproc.subtract_dark(raw, no_light, dark_exposure=60 * u.s, data_exposure=60 * u.s)
    assert light.counts == pytest.approx(theirs.data, abs=0.01)
    left = 500.0 if steps == ("dark",) and freed else 0.0  # what no step was asked to take off
    assert float(light.counts.mean()) == pytest.approx(SKY + left, abs=3.0)


def test_a_flat_that_does_not_say_how_bright_its_frames_were_adds_no_noise(tmp_path: Path, save) -> None:  # type: ignore[no-untyped-def]
    camera = Camera(tmp_path, save)
    bias = camera.master("bias", 0.0, 0.0, Masters())
    flat = camera.master("flat", LIT * camera.flat, 0.0, Masters(bias))
    pipeline = Pipeline.model_validate({"kind": "pipeline", "name": "p", "steps": [{"step": "bias"}, {"step": "flat"}]})
    found = []
    for said in (True, False):
        if not said:
            with fits.open(flat.path, mode="update") as hdus:
                del hdus[0].header["LEVEL"]
            flat = replace(flat, sha256="another")
        frame = Frame(**A_LIGHT | {"path": camera.expose(f"{said}.fits", SKY * camera.flat, 60.0)})
        order = LightOrder(
            frame, tmp_path / "c", tmp_path / "a", Masters(bias, None, flat), pipeline, None, OPTICS, None
        )
        light = open_light(order)
        for step in pipeline.steps:
            light = STEPS[step.step].run(light, step)
        found.append(float(np.median(light.deviation())))
    assert found[1] < found[0] < 1.3 * found[1]
