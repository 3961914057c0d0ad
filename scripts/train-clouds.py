"""Make labelled all-sky images, and the model of them that obsy ships.

    python scripts/train-clouds.py images DIR        # 100 cameras, ten images each; ten minutes
    python scripts/train-clouds.py model DIR         # writes obsy/engine/clouds/shipped.json, and its figures

Each camera has a place, a lens and a day of its own, so that what is held out by night is held out by camera.
"""

import sys
from concurrent.futures import ProcessPoolExecutor
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np

from obsy.cli.clouds import told
from obsy.engine.clouds.folders import labelled
from obsy.engine.clouds.learn import learn
from obsy.engine.clouds.model import SHIPPED
from scripts.allsky_scene import CLASSES, Camera, scene, seen

CAMERAS, PER_CLASS = 100, 2
SEED = 20261126
FIRST = date(2020, 1, 1)


def images_of(folder: Path, number: int) -> None:
    """Write the images of one camera into a folder for each class, under the names of one night."""
    rng = np.random.default_rng([SEED, number])
    camera = Camera.drawn(rng)
    sky, day = seen(camera), FIRST + timedelta(days=number)
    for hour in range(PER_CLASS):
        for minute, what in enumerate(CLASSES):
            path = folder / what / f"eye{number:04d}_{day:%Y%m%d}_{20 + hour:02d}{minute:02d}00.jpg"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(scene(rng, camera, sky, what))


def model_of(folder: Path) -> None:
    """Write the model of the images, and print what it is worth on cameras that it has not seen."""
    found = labelled(folder, ZoneInfo("UTC"))
    trial = learn(found.samples, None)
    SHIPPED.write_text(trial.model.model_dump_json(exclude_none=True) + "\n")
    for line in (*told(trial, "shipped", SHIPPED), f"left out: {len(found.left_out)}"):
        print(line)


def main() -> None:
    """Do what the arguments say."""
    deed, folder = sys.argv[1], Path(sys.argv[2])
    if deed == "model":
        return model_of(folder)
    with ProcessPoolExecutor() as pool:
        list(pool.map(partial(images_of, folder), range(CAMERAS)))


if __name__ == "__main__":
    main()
