"""Scenes to render, without a world around them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from obsy.engine.devices.simulated.picture.brightness import Glow, Moonlight
from obsy.engine.devices.simulated.picture.scene import Air, CameraSettings, FieldOfView, LightSource, Scene, VisibleSky
from obsy.schemas.train import Train

TRAIN = Train.model_validate(
    {
        "kind": "train",
        "name": "apo",
        "mount": "m",
        "telescope": {"aperture": "130 mm", "focal_length": "650 mm"},
        "camera": {
            "model": "A 384",
            "size": "384 x 320 px",
            "pixel": "5.4 um",
            "gain": 100,
            "offset": 50,
            "temperature": "-10 degC",
            "conversion": "0.8 e/ADU",
            "read_noise": "1.5 e",
            "dark_current": "0.02 e/s",
            "full_well": "50000 e",
            "pedestal": "500 ADU",
            "download": "2 s",
            "timeout": "30 s",
        },
        "filters": {"change": "3 s", "slots": [{"role": "V", "label": "V"}]},
        "focuser": {
            "travel": "60000 steps",
            "best": "30000 steps",
            "drift": "-20 steps/degC",
            "sample": "100 steps",
            "every": "1 h",
        },
    }
)


@dataclass(frozen=True)
class Grid:
    """Forty stars of known places and magnitudes around RA 150, Dec +40."""

    ra_deg: np.ndarray
    dec_deg: np.ndarray
    mag: np.ndarray


def forty(ra_deg: float, dec_deg: float, radius_deg: float) -> Grid:
    chance = np.random.default_rng(3)
    east, north = np.meshgrid(np.linspace(-0.07, 0.07, 8), np.linspace(-0.055, 0.055, 5))
    east, north = (a.ravel() + chance.uniform(-0.004, 0.004, 40) for a in (east, north))
    return Grid(150 + east / np.cos(np.radians(40)), 40 + north, np.linspace(7.5, 9.5, 40))


def scene(kind: str = "light", seconds: float = 30, seed: int = 1, **how: Any) -> Scene:
    """A scene of the forty stars, or a calibration frame; `how` changes temperature, defocus, drift, up, role, mag."""
    shot = CameraSettings(seconds, how.get("role", "V"), 100, 50, how.get("binning", 1), how.get("temperature", -10.0))
    glow = Glow(60, -40, Moonlight(-20, 90, 90))
    air = Air(how.get("seeing", 3.0), how.get("defocus", 0.0), 1.2, how.get("transmission", 1.0), glow)
    view = FieldOfView(150, 40, how.get("up", 0.0), how.get("drift", (0.0, 0.0)))
    sky = VisibleSky(view, air, forty, bodies=how.get("bodies", ()))
    light = {"light": LightSource.SKY, "flat": LightSource.PANEL}.get(kind, LightSource.NONE)
    return Scene(TRAIN, shot, light, sky if kind == "light" else None, seed, ())


@pytest.fixture
def staged() -> Callable[..., Scene]:
    return scene


@pytest.fixture
def stars() -> Grid:
    return forty(150, 40, 1)
