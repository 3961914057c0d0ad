"""The board of a roof closes it by itself when obsy is not heard or it rains, and only over a parked mount."""

import itertools
import os
import re
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from obsy.engine.runtime.guard.board import firmware
from obsy.errors import UserError

ROOT = Path(__file__).parents[5]
GOLDEN = ROOT / "tests" / "golden" / "board" / "expected.yaml"
OUTPUT = "kind: output\nname: house\nwrite: {mqtt: 'broker.local:1884', topic: obsy/nerpio}\n"
SWITCHES = ("heard", "rain", "closed", "opened", "by_hand", "parked", "close_roof")
"""What is on, or runs."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "site", tmp_path / "site")
    shutil.copytree(ROOT / "library", tmp_path / "library")
    (tmp_path / "site" / "house.yaml").write_text(OUTPUT)
    return tmp_path


@pytest.fixture
def clears(folder: Path) -> Path:
    """The same with a roof that clears its mount."""
    roof = folder / "site" / "roof.yaml"
    roof.write_text(roof.read_text().replace("clearance: parked", "clearance: free"))
    return folder


def understood(text: str) -> Any:
    yaml = YAML(typ="safe")
    for tag in ("!secret", "!lambda"):
        yaml.constructor.add_constructor(tag, lambda _, node: node.value)
    return yaml.load(text)


def holds(condition: Any, on: Mapping[str, bool]) -> bool:
    """Whether a condition of ESPHome holds. Source: its documentation, "Automations", "Conditions"."""
    if isinstance(condition, list):
        return all(holds(each, on) for each in condition)
    ((kind, said),) = condition.items()
    kinds: dict[str, Callable[[], bool]] = {
        "or": lambda: any(holds(each, on) for each in said),
        "not": lambda: not holds(said, on),
        "script.is_running": lambda: on[said],
        "binary_sensor.is_on": lambda: on[said],
        "binary_sensor.is_off": lambda: not on[said],
    }
    return kinds[kind]()


def done(board: Any, on: Mapping[str, bool]) -> list[dict[str, str]]:
    """What the board does in one of its seconds."""
    (each_second,) = board["interval"]
    steps = [step["if"] for step in each_second["then"]]
    return [deed for step in steps for deed in step.get("then" if holds(step["condition"], on) else "else", ())]


def test_the_firmware_reads_as_written(folder: Path) -> None:
    found = firmware(folder, None, "roll-off")
    if os.environ.get("OBSY_RENEW"):
        GOLDEN.write_text(found)
    assert found == GOLDEN.read_text()


@pytest.mark.parametrize("site", ["folder", "clears"])
def test_in_every_state_it_closes_what_it_must_and_may_and_lets_open_only_what_is_safe(
    request: pytest.FixtureRequest, site: str
) -> None:
    board = understood(firmware(request.getfixturevalue(site), None, "roll-off"))
    for states in itertools.product((True, False), repeat=len(SWITCHES)):
        on = dict(zip(SWITCHES, states, strict=True))
        may_move = not on["by_hand"] and (on["parked"] or site == "clears")
        deeds = done(board, on)
        assert ({"switch.turn_on": "may_open"} in deeds) == (
            may_move and on["heard"] and not on["rain"] and not on["close_roof"]
        )
        assert ({"switch.turn_off": "may_open"} in deeds) != ({"switch.turn_on": "may_open"} in deeds)
        is_shut = on["closed"] and not on["opened"]
        closes = may_move and (not on["heard"] or on["rain"]) and not is_shut and not on["close_roof"]
        assert ({"script.execute": "close_roof"} in deeds) == closes


def test_nothing_moves_when_it_begins_by_the_network_or_for_longer_than_declared(folder: Path) -> None:
    board = understood(firmware(folder, None, "roll-off"))
    assert {each["id"]: (each["restore_mode"], each["internal"]) for each in board["switch"]} == {
        "closing": ("ALWAYS_OFF", True),
        "may_open": ("ALWAYS_OFF", True),
    }
    scripts = {each["id"]: each for each in board["script"]}
    turned_on, waited, turned_off, pause = scripts["close_roof"]["then"]
    assert (turned_on, turned_off) == ({"switch.turn_on": "closing"}, {"switch.turn_off": "closing"})
    assert waited["wait_until"]["timeout"] == "90s"
    assert pause == {"delay": "600s"}
    contacts = {each["id"]: each for each in board["binary_sensor"] if "id" in each}
    assert contacts["parked"]["on_release"] == contacts["by_hand"]["on_press"] == [{"script.execute": "stand_still"}]
    assert {"switch.turn_off": "closing"} in scripts["stand_still"]["then"]


def test_a_broken_wire_is_rain_and_no_parked_mount_or_closed_roof(folder: Path) -> None:
    board = understood(firmware(folder, None, "roll-off"))
    contacts = [each["pin"] | {"id": each["id"]} for each in board["binary_sensor"] if "pin" in each]
    assert {each["id"] for each in contacts if not each.get("inverted")} == {"rain"}
    assert all(each["mode"] == {"input": True, "pullup": True} for each in contacts)
    assert len({each["number"] for each in contacts} | {each["pin"] for each in board["switch"]}) == 7


def test_it_hears_the_guard_and_nobody_else(folder: Path) -> None:
    board = understood(firmware(folder, None, "roll-off"))
    mqtt, (heard, *_) = board["mqtt"], board["script"]
    assert (mqtt["broker"], mqtt["port"], mqtt["clean_session"]) == ("broker.local", 1884, True)
    then = [{"script.execute": "heard"}]
    assert mqtt["on_message"] == [{"topic": "obsy/nerpio/guard", "payload": "in-hand", "then": then}]
    assert (heard["id"], heard["mode"], heard["then"]) == ("heard", "restart", [{"delay": "90s"}])
    assert "username" not in mqtt


def test_no_secret_is_in_it(folder: Path) -> None:
    (folder / "site" / "house.yaml").write_text(OUTPUT.replace("topic:", "login: !secret broker, topic:"))
    (folder / "secrets.yaml").write_text("broker: observer:hush\n")
    (folder / "secrets.yaml").chmod(0o600)
    found = firmware(folder, None, "roll-off")
    assert "hush" not in found
    assert set(re.findall(r"!secret (\w+)", found)) == {
        "wifi_ssid",
        "wifi_password",
        "ota_password",
        "mqtt_username",
        "mqtt_password",
    }


@pytest.mark.parametrize("write", ["roof: /run/roof", "mqtt: 'broker.local:8883'"])
def test_a_board_that_would_hear_nothing_is_refused(folder: Path, write: str) -> None:
    (folder / "site" / "house.yaml").write_text(f"kind: output\nname: house\nwrite: {{{write}}}\n")
    with pytest.raises(UserError, match=r"would hear nothing: declare an output .*enclosure: roll-off"):
        firmware(folder, None, "roll-off")


def test_what_tells_of_this_roof_alone_comes_before_what_tells_of_all(folder: Path) -> None:
    alone = OUTPUT.replace("house", "roof").replace("obsy/nerpio", "obsy/roof") + "enclosure: roll-off\n"
    (folder / "site" / "zz.yaml").write_text(alone)
    assert '"obsy/roof/guard"' in firmware(folder, None, "roll-off")


def test_a_roof_that_is_not_there_is_refused_by_name(folder: Path) -> None:
    with pytest.raises(UserError, match="no roof 'dome' here: name roll-off"):
        firmware(folder, None, "dome")


def test_a_long_name_is_cut_to_what_a_network_takes(folder: Path) -> None:
    roof = folder / "site" / "roof.yaml"
    roof.write_text(roof.read_text().replace("name: roll-off", f"name: {'long-' * 8}roof"))
    mount = folder / "site" / "mount.yaml"
    mount.write_text(mount.read_text().replace("enclosure: roll-off", f"enclosure: {'long-' * 8}roof"))
    board = understood(firmware(folder, None, f"{'long-' * 8}roof"))
    assert board["esphome"]["name"] == f"obsy-{'long-' * 8}roof"[:31]


@pytest.mark.parametrize("broker", ["localhost", "127.0.0.1:1884", "LOCALHOST:1883", "127.1"])
def test_a_broker_that_only_its_own_machine_reaches_is_refused(folder: Path, broker: str) -> None:
    (folder / "site" / "house.yaml").write_text(OUTPUT.replace("broker.local:1884", broker))
    with pytest.raises(UserError, match=f"cannot reach '{broker}', .* in the output 'house', name this machine"):
        firmware(folder, None, "roll-off")
    (folder / "site" / "house.yaml").write_text(OUTPUT.replace("broker.local:1884", "localhost.example.org"))
    firmware(folder, None, "roll-off")
