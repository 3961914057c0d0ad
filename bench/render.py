"""How long one simulated frame of 1024 x 1024 pixels keeps a core busy, to the finished file."""

import tempfile
import time
from pathlib import Path
from statistics import median

from bench._answer import Figures, answer
from obsy.engine.devices.simulated.parts import Extended
from obsy.engine.devices.simulated.picture.brightness import Glow, Moonlight
from obsy.engine.devices.simulated.picture.render import render_to_file
from obsy.engine.devices.simulated.picture.scene import Air, CameraSettings, FieldOfView, LightSource, Scene, VisibleSky
from obsy.engine.sky.catalogue import cone
from obsy.schemas.train import Train

ROUNDS = 7
TRAIN = Train.model_validate(
    {
        "kind": "train",
        "name": "apo",
        "mount": "pier",
        "telescope": {"aperture": "130 mm", "focal_length": "650 mm"},
        "camera": {
            "model": "bench",
            "size": "1024 x 1024 px",
            "pixel": "5.4 um",
            "gain": 100,
            "offset": 50,
            "temperature": "-10 degC",
            "conversion": "0.8 e/ADU",
            "read_noise": "1.5 e",
            "dark_current": "0.01 e/s",
            "full_well": "50000 e",
            "pedestal": "500 ADU",
            "download": "2 s",
            "timeout": "30 s",
        },
        "filters": {"change": "3 s", "slots": [{"role": "L", "label": "L"}]},
        "focuser": {
            "travel": "60000 steps",
            "best": "30000 steps",
            "drift": "-20 steps/degC",
            "sample": "100 steps",
            "every": "1 h",
        },
    }
)
GLOW = Glow(60, -40, Moonlight(-20, 70, 60))
SKIES = {
    "galaxy_l": ("L", Extended("m81", "galaxy", 148.888, 69.065, 26.9, 14.1, 157, 6.9)),
    "nebula_ha": ("Ha", Extended("ngc7000", "nebula", 314.75, 44.37, 120, 100, 0, 4.0)),
    "globular_v": ("V", Extended("m13", "globular", 250.423, 36.461, 20, 20, 0, 5.8)),
}


def _scene(light: LightSource, seconds: float, role: str = "L", thing: Extended | None = None) -> Scene:
    capture = CameraSettings(seconds, role, 100, 50, 1, -10.0)
    if thing is None:
        return Scene(TRAIN, capture, light, None, 1, ())
    view = FieldOfView(thing.ra_deg, thing.dec_deg, 0.0, (0.4, 0.2))
    return Scene(TRAIN, capture, light, VisibleSky(view, Air(3.0, 0.5, 1.2, 1.0, GLOW), cone, (thing,)), 1, ())


def _milliseconds(scene: Scene, path: Path) -> float:
    taken = []
    for _ in range(ROUNDS):
        begin = time.process_time()
        render_to_file(scene, path)
        taken.append(time.process_time() - begin)
    return 1000 * median(taken[1:])


def figures() -> Figures:
    """Milliseconds of processor time, the median of some after the first."""
    scenes = {name: _scene(LightSource.SKY, 180, role, thing) for name, (role, thing) in SKIES.items()}
    scenes |= {
        "bias": _scene(LightSource.NONE, 0),
        "dark_180s": _scene(LightSource.NONE, 180),
        "flat": _scene(LightSource.PANEL, 3),
    }
    with tempfile.TemporaryDirectory(prefix="obsy-render-") as folder:
        return {f"{name}_ms": _milliseconds(scene, Path(folder) / "a.fits") for name, scene in scenes.items()}


if __name__ == "__main__":
    answer("one simulated frame of 1024 x 1024 pixels", figures())
