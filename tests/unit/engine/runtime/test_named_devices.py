"""Each device that nobody is known to drive is told where it is declared, with what to write."""

from pathlib import Path

import pytest

from obsy.errors import UnfitFiles
from tests.support.alpaca import AlpacaPeer
from tests.support.beginning import BOTH, CURES, HALL, change, check, refused

pytestmark = pytest.mark.usefixtures("installed")


def test_drivers_of_mount_and_train_by_other_names_are_told_too(here: Path) -> None:
    others = {each: f"My {each}" for each in ("Telescope Simulator", "CCD Simulator", "Focuser Simulator")}
    change(here, CURES | others)
    said = refused(here)
    assert all(f"'{each}' for 'My {each}'" in said for each in others), said


def test_a_device_that_is_missing_is_told_and_an_input_without_driver_needs_none(here: Path) -> None:
    change(here, {"device: {indi: RollOff Simulator}": "", "indi: Rain Sensor": "serial: /dev/ttyUSB0"} | CURES)
    said = refused(here)
    assert "'RollOff Simulator' as the INDI device that is missing (enclosure 'roll-off', " in said
    assert "Weather Simulator" not in said


def test_a_panel_is_asked_for_by_the_one_runner_that_moves_it(here: Path) -> None:
    change(here, CURES | {"Light Panel Simulator": "My Panel"})
    assert "'Light Panel Simulator' for 'My Panel' (train 'newton', " in refused(here)
    check(here, "ekos")


@BOTH
def test_a_driver_that_this_machine_has_not_is_told_with_its_place_and_its_cure(
    here: Path, runner: str, installed: set[str]
) -> None:
    change(here, CURES | {"indi: Telescope Simulator": "indi: EQMod Mount, driver: indi_eqmod_telescop"})
    said = refused(here, runner)
    assert (
        "the driver 'indi_eqmod_telescop' of 'EQMod Mount' is not on this machine (mount 'gem', site/mount.yaml)"
        in said
    )
    assert "mend 'driver'" in said
    installed.discard("indi_rolloff_dome")
    assert "'indi_rolloff_dome' of 'RollOff Simulator' is not on this machine" in refused(here, runner)
    installed |= {"indi_rolloff_dome", "indi_eqmod_telescop"}
    check(here, runner)


def test_a_driver_that_is_named_needs_no_server(here: Path, installed: set[str]) -> None:
    installed |= {"indi_rolloff_dome", "indi_rain"}
    drivers = {"RollOff Simulator}": "RollOff Simulator, driver: indi_rolloff_dome}"}
    drivers |= {f"{each} Sensor}}": f"{each} Sensor, driver: indi_rain}}" for each in ("Rain", "Cloud")}
    change(here, drivers)
    check(here)


def test_a_device_that_two_servers_may_have_is_told_of(here: Path) -> None:
    change(here, {"elevation: 1650 m": "elevation: 1650 m\nservers: [{name: a, indi: a}, {name: b, indi: b}]"})
    with pytest.raises(UnfitFiles, match="'CCD Simulator' may be on any of 2 servers"):
        check(here)


def test_a_device_that_kstars_is_to_move_is_told_before_the_night(here: Path, hall: AlpacaPeer) -> None:
    assert "'CCD Simulator' as the INDI device that is missing (train 'newton'" in refused(here, "ekos")


def test_where_no_device_is_said_an_alpaca_night_is_cured_by_one_of_alpacas(here: Path, hall: AlpacaPeer) -> None:
    change(here, {"device: {alpaca: telescope/0}": ""})
    assert "'device: {alpaca: telescope/0}' where none is (mount 'gem', site/mount.yaml)" in (
        said := refused(here, "alpaca")
    )
    assert "driver" not in said, "obsy begins none for Alpaca"
    assert "'servers'" not in said, "the site has one"
    change(here, dict.fromkeys(("servers: ", *(f"device: {{{each}}}" for each in HALL.values())), "# "))
    assert "'obsy devices --server http://…' asks one" in refused(here, "alpaca")
