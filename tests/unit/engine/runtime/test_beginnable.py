"""A start that can come to nothing is refused before it begins, unless a roof may stand open."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from obsy.cli.apply import apply
from obsy.engine.devices.indi import offer
from obsy.engine.devices.indi.simulators import SIMULATORS
from obsy.engine.runtime import beginnable, named_devices
from obsy.engine.runtime.beginnable import check_beginnable
from obsy.engine.runtime.guard import start
from obsy.errors import DeviceError, UnfitFiles, UserError
from tests.support.alpaca import AlpacaPeer

BOTH = pytest.mark.parametrize("runner", ["indi", "ekos"])
CURES = {
    "Rain Sensor": "Weather Simulator",
    "Cloud Sensor": "Weather Simulator",
}


@pytest.fixture(autouse=True)
def installed(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The drivers that this machine has: INDI's simulators."""
    programs = {*SIMULATORS.values()}
    monkeypatch.setattr(named_devices, "which", lambda program: program if program in programs else None)
    monkeypatch.setattr(beginnable, "kstars_version", lambda: (3, 6, 2))
    return programs


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


@BOTH
def test_the_example_is_refused_with_its_cure_and_nothing_is_begun(
    here: Path, runner: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(start, "roofs_first", lambda *_: pytest.fail("the roofs were asked for"))
    said = str(CliRunner().invoke(apply, ["plans", "--runner", runner]).exception)
    assert all(f"'{new}' for '{old}'" in said for old, new in CURES.items()), said
    assert "mount 'gem', site/mount.yaml" in said, "its roof would not close over where the simulator parks"
    assert "site/roof.yaml" not in said, "INDI has a simulator of that name"
    assert "obsy apply --simulate" in said
    assert sorted(path.name for path in here.iterdir()) == ["library", "plans", "site"]


@BOTH
@pytest.mark.parametrize(
    "left",
    [
        ".obsy/equipment-real-nerpio.json",
        ".obsy/guard-nerpio.log",
        ".obsy/indi-nerpio/children.json",
        "data/real/journal/2026-11-21.jsonl",
    ],
)
def test_after_a_real_night_the_roofs_come_first_as_ever(
    here: Path, left: str, runner: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (here / left).parent.mkdir(parents=True)
    (here / left).touch()

    def asked(*_: object) -> None:
        raise LookupError("the roofs come first")

    monkeypatch.setattr(start, "roofs_first", asked)
    assert isinstance(CliRunner().invoke(apply, ["plans", "--runner", runner]).exception, LookupError)


def test_while_a_guard_of_the_site_answers_nothing_is_refused(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beginnable, "greeting", lambda name: {} if "'nerpio'" in name else None)
    check(here)


def test_what_cannot_be_asked_is_taken_for_a_night_that_was(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_: Path) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "iterdir", fails)
    check(here)


def test_a_rehearsal_leaves_no_record_of_a_real_night(here: Path) -> None:
    (here / ".obsy").mkdir()
    (here / ".obsy" / "equipment-simulated-nerpio.json").touch()
    (here / "data/simulated/journal").mkdir(parents=True)
    (here / "data/simulated/journal/2026-11-21.jsonl").touch()
    assert "'Rain Sensor'" in refused(here)


def test_names_that_obsy_can_begin_are_not_refused_whatever_else_is_wrong(here: Path) -> None:
    change(here, CURES)
    check(here)
    (here / "site" / "site.yaml").write_text("kind: [")
    check(here)


def test_a_plan_that_is_unfit_is_told_first_and_nothing_is_begun_either(here: Path) -> None:
    (here / "plans" / "wrong.yaml").write_text("kind: plan\nname: wrong\n")
    with pytest.raises(UnfitFiles):
        check(here)


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


def test_a_kstars_that_nobody_has_read_is_told_to_who_wants_it(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    change(here, CURES)
    monkeypatch.setattr(beginnable, "kstars_version", lambda: (3, 9, 0))
    said = refused(here, "ekos")
    assert said.startswith("nothing was begun: what KStars 3.9.0 reads is not known; obsy writes for 3.6.2 to 3.6.9")
    assert "or '--runner indi'" in said
    check(here, "indi")


SERVERS = {"elevation: 1650 m": "elevation: 1650 m\nservers: [{name: pier, indi: 'raspberry.local:7700'}]"}
WHEEL = {"FILTER_NAME": {f"FILTER_SLOT_NAME_{n}": name for n, name in enumerate(("Luminance", "Red", "Grün"), 1)}}
PIER = dict.fromkeys(("RollOff Simulator", "Rain Sensor", "Cloud Sensor", "Weather Simulator"), {}) | dict.fromkeys(
    ("Telescope Simulator", "CCD Simulator", "Focuser Simulator", "Light Panel Simulator"), {}
)


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


@BOTH
def test_a_server_that_nobody_answers_at_is_told_once_with_its_place_and_its_cure(
    here: Path, runner: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def silent(host: str, port: int) -> None:
        raise DeviceError(f"no INDI server answers at {host}:{port} (Connection refused)")

    monkeypatch.setattr(offer, "glance", silent)
    change(here, SERVERS)
    said = refused(here, runner)
    told = "no INDI server answers at raspberry.local:7700 (Connection refused) (server 'pier', site/site.yaml)"
    assert said == f"nothing was begun: {told}: begin it there, or mend its address"


def test_what_a_server_lacks_is_told_with_device_place_and_cure(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(offer, "glance", lambda host, port: PIER | {"Filter Simulator": WHEEL})
    change(here, SERVERS | {"indi: Telescope Simulator": "indi: Telescop Simulator", "Rain Sensor": "AAG"})
    said = refused(here)
    assert "the INDI server 'pier' has no 'Telescop Simulator' (mount 'gem', site/mount.yaml), but " in said
    assert "did you mean 'Telescope Simulator'?" in said
    assert "has no 'AAG' (weather 'rain-sensor', site/weather.yaml), but" in said
    assert "begin its driver there, or name one of these" in said
    place = "the wheel 'Filter Simulator' (train 'newton', site/newton.yaml)"
    assert f"{place} has no filter 'Green' for G, but Luminance, Red, Grün: " in said
    assert "'Luminance'" not in said
    assert "'Dome Simulator' for" not in said


def test_a_weather_input_without_a_gauge_that_is_declared_is_refused_before_the_night(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = {"WEATHER_PARAMETERS": {"WEATHER_CLOUD": "10", "WEATHER_HUMIDITY": "40"}}
    offers = PIER | {"Filter Simulator": {}, "Rain Sensor": told, "Cloud Sensor": told}
    monkeypatch.setattr(offer, "glance", lambda host, port: offers)
    change(here, SERVERS)
    place = "the weather input 'Rain Sensor' (weather 'rain-sensor', site/weather.yaml)"
    said = refused(here)
    assert f"{place} tells no rain, but WEATHER_CLOUD, WEATHER_HUMIDITY: leave it out of 'measures'" in said
    assert "'Cloud Sensor'" not in said
    told["WEATHER_PARAMETERS"]["WEATHER_RAIN_HOUR"] = "0"
    check(here)


def test_whatever_its_drivers_are_called_a_server_that_has_them_all_is_enough(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ("EQMod Mount", "ZWO CCD ASI294MC Pro", "AAG")
    monkeypatch.setattr(offer, "glance", lambda host, port: PIER | {"Filter Simulator": {}} | dict.fromkeys(names, {}))
    others = {"Telescope Simulator": names[0], "CCD Simulator": names[1], "Rain Sensor": names[2]}
    change(here, SERVERS | others)
    check(here)


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


@pytest.fixture
def hall(here: Path) -> Iterator[AlpacaPeer]:
    """The example, its devices all on an Alpaca server."""
    with AlpacaPeer().listening() as peer:
        peer.devices["observingconditions/1"] = dict(peer.devices["observingconditions/0"])
        change(
            here,
            HALL | {"elevation: 1650 m": HALL["elevation: 1650 m"].replace("127.0.0.1:1", f"127.0.0.1:{peer.port}")},
        )
        yield peer


def test_an_alpaca_server_that_has_them_all_is_enough(here: Path, hall: AlpacaPeer) -> None:
    check(here, "alpaca")
    check(here, "indi")
    assert hall.asked == [], "nothing is connected or moved"


def test_what_an_alpaca_server_lacks_is_told_as_indis_is(here: Path, hall: AlpacaPeer) -> None:
    del hall.devices["dome/0"]
    for its in hall.devices.values():
        its["connected"] = True
    del hall.devices["observingconditions/0"]["rainrate"]
    said = refused(here, "alpaca")
    assert "the Alpaca server 'hall' has no 'dome/0' (enclosure 'roll-off', site/roof.yaml), but 'camera/0'" in said
    assert "the weather input 'observingconditions/0' (weather 'rain-sensor', site/weather.yaml) tells no rain" in said
    assert "the wheel 'filterwheel/0' (train 'newton', site/newton.yaml) has no filter" in said


def test_an_alpaca_server_that_is_gone_is_told_once(here: Path, hall: AlpacaPeer) -> None:
    hall.die()
    assert refused(here, "alpaca").count("no Alpaca server answers") == 1


def test_a_device_that_kstars_is_to_move_is_told_before_the_night(here: Path, hall: AlpacaPeer) -> None:
    assert "'CCD Simulator' as the INDI device that is missing (train 'newton'" in refused(here, "ekos")


def test_an_alpaca_device_of_another_type_or_without_a_server_is_a_complaint_before_the_night(
    here: Path, hall: AlpacaPeer
) -> None:
    change(here, {"alpaca: telescope/0": "alpaca: dome/0"})
    with pytest.raises(UnfitFiles, match="a device of the type 'telescope' for the mount"):
        check(here, "alpaca")
    assert hall.asked == []
    change(here, {"alpaca: dome/0": "alpaca: telescope/0", "servers: ": "# "})
    with pytest.raises(UnfitFiles, match="an Alpaca server of the site 'nerpio': none is declared"):
        check(here, "alpaca")


def test_where_no_device_is_said_an_alpaca_night_is_cured_by_one_of_alpacas(here: Path, hall: AlpacaPeer) -> None:
    change(here, {"device: {alpaca: telescope/0}": ""})
    assert "'device: {alpaca: telescope/0}' where none is (mount 'gem', site/mount.yaml)" in (
        said := refused(here, "alpaca")
    )
    assert "driver" not in said, "obsy begins none for Alpaca"
    assert "'servers'" not in said, "the site has one"
    change(here, dict.fromkeys(("servers: ", *(f"device: {{{each}}}" for each in HALL.values())), "# "))
    assert "'obsy devices --server http://…' asks one" in refused(here, "alpaca")
