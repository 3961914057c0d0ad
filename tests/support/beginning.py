"""An observatory whose devices obsy may not be able to begin: what is changed of the example, and what a start says."""

from pathlib import Path

import pytest

from obsy.engine.runtime.beginnable import check_beginnable
from obsy.errors import UserError

BOTH = pytest.mark.parametrize("runner", ["indi", "ekos"])
CURES = {
    "Rain Sensor": "Weather Simulator",
    "Cloud Sensor": "Weather Simulator",
}
SERVERS = {"elevation: 1650 m": "elevation: 1650 m\nservers: [{name: pier, indi: 'raspberry.local:7700'}]"}
WHEEL = {"FILTER_NAME": {f"FILTER_SLOT_NAME_{n}": name for n, name in enumerate(("Luminance", "Red", "Grün"), 1)}}
PIER = dict.fromkeys(("RollOff Simulator", "Rain Sensor", "Cloud Sensor", "Weather Simulator"), {}) | dict.fromkeys(
    ("Telescope Simulator", "CCD Simulator", "Focuser Simulator", "Light Panel Simulator"), {}
)
HALL = {
    "elevation: 1650 m": "elevation: 1650 m\nservers: [{name: hall, alpaca: http://127.0.0.1:1}]",
    "indi: RollOff Simulator": "alpaca: dome/0",
    "indi: Telescope Simulator": "alpaca: telescope/0",
    "indi: CCD Simulator": "alpaca: camera/0",
    "indi: Filter Simulator": "alpaca: filterwheel/0",
    "indi: Focuser Simulator": "alpaca: focuser/0",
    "indi: Rain Sensor": "alpaca: observingconditions/0",
    "indi: Cloud Sensor": "alpaca: observingconditions/1",
}


def change(folder: Path, changes: dict[str, str]) -> None:
    for file in (*folder.glob("site/*.yaml"), *folder.rglob("library/**/*.yaml")):
        text = file.read_text()
        for old, new in changes.items():
            text = text.replace(old, new)
        file.write_text(text)


def check(folder: Path, runner: str = "indi") -> None:
    check_beginnable(folder, (folder / "plans",), None, runner)


def refused(folder: Path, runner: str = "indi") -> str:
    with pytest.raises(UserError) as said:
        check(folder, runner)
    return str(said.value)
