"""Begins the package `alpaca-simulators` in its own environment, with a roof that takes its time and a sky of ours.

python -P alpaca_hall.py PORT FOLDER. Its dome is where it was told to be at once, which obsy takes for an echo, and
its sky asks the network for Gaia: both are put in its place here. What it says to whoever asks is its own.
"""

import sys
import threading
import types
from importlib import import_module
from pathlib import Path

import numpy as np

TRAVELS_S = 4.0
OPEN, CLOSED, OPENING, CLOSING = range(4)
"""Source: ASCOM, ShutterState."""
STARS, WIDE_PX, BRIGHT = 60, 2.0, 20_000.0
"""How many stars a frame has, how wide, and how many counts each."""


def sky() -> types.ModuleType:
    """Stand for `cabaret`: stars at fixed places over noise."""
    module = types.ModuleType("cabaret")

    class Part:
        def __init__(self, **said: object) -> None:
            self.__dict__.update(said)

    class Observatory(Part):
        def generate_image(self, exp_time: float, light: int, **_: object) -> np.ndarray:
            camera = self.camera
            shape = camera.height // camera.bin_y, camera.width // camera.bin_x
            dice = np.random.default_rng()
            image = dice.normal(500.0, 8.0, shape)
            if light:
                image += dice.normal(40.0 * exp_time, 5.0, shape)
                rows, columns = np.mgrid[0 : shape[0], 0 : shape[1]]
                places = np.random.default_rng(1)
                for _star in range(STARS):
                    row, column = places.uniform(20, shape[0] - 20), places.uniform(20, shape[1] - 20)
                    r, c = int(row), int(column)
                    near = np.s_[r - 15 : r + 16, c - 15 : c + 16]
                    wide = WIDE_PX * self.site.seeing
                    away = (rows[near] - row) ** 2 + (columns[near] - column) ** 2
                    image[near] += BRIGHT / wide**2 * np.exp(-away / (2 * wide**2))
            return np.clip(image, 0, 65535).astype(np.uint16)

    module.Camera = module.Site = module.Telescope = Part
    module.Observatory = Observatory
    return module


def main(port: int, folder: Path) -> None:
    """Serve until ended. folder: its `config.yaml` is what the devices are like."""
    sys.modules["cabaret"] = sky()
    config = import_module("alpaca_simulators.config")
    config.Config.CONFIG_DIR = folder
    config.Config("config.yaml")
    simulators, dome = import_module("alpaca_simulators.main"), import_module("alpaca_simulators.api.dome")

    moves = {OPEN: OPENING, CLOSED: CLOSING}
    update = dome.update_device_state

    def in_time(kind: str, number: int, new: dict[str, object]) -> None:
        end = new.get("shutterstatus")
        if end not in moves or dome.get_device_state(kind, number).get("shutterstatus") == end:
            return update(kind, number, new)
        update(kind, number, {**new, "shutterstatus": moves[end]})
        threading.Timer(TRAVELS_S, update, (kind, number, {"shutterstatus": end})).start()

    dome.update_device_state = in_time
    import_module("uvicorn").run(simulators.app, host="127.0.0.1", port=port, log_level="warning")


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
