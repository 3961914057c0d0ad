"""`obsy init` asks on a terminal, takes flags elsewhere, and ends with the next two commands."""

import io
import json
import socket
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

import obsy.cli.init as module
from obsy.cli.init import init
from obsy.cli.validate import validate
from obsy.engine.declare.survey import declare
from obsy.engine.devices.indi import glance
from obsy.errors import UserError


def said(*words: str, keys: str | None = None) -> Result:
    return CliRunner().invoke(init, [*words], input=keys, catch_exceptions=False)


@pytest.mark.long
def test_without_a_terminal_nothing_is_asked_and_the_next_commands_are_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    told = said("our hill", "--name", "hill", "--latitude", "-30.2", "--timezone", "America/Santiago", "--roof", "none")
    assert told.exit_code == 0
    assert told.output.endswith("Next:\n  cd 'our hill' && obsy validate\n  obsy apply plans/ --dry-run\n")
    assert "  Latitude                  -30.2 deg\n" in told.output
    monkeypatch.chdir("our hill")
    assert CliRunner().invoke(validate, ["--strict"], catch_exceptions=False).output.startswith("All is well: 1 plan;")


def test_the_folder_one_stands_in_is_filled_only_if_one_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert "name the FOLDER to be made, or fill the one you are in with '--yes'" in said().output
    assert list(tmp_path.iterdir()) == []


def test_on_a_terminal_each_question_is_asked_with_its_reason_until_it_is_answered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module.sys, "stdin", Terminal())
    keys = iter(["hill", "Europe/Madrid", "95", "50", *[""] * 20])
    monkeypatch.setattr(module.click, "prompt", lambda ask, default, **_: next(keys) or default)
    made: list[dict[str, str]] = []
    monkeypatch.setattr(module, "_make", lambda folder, answers: made.append(dict(answers)) or [])
    told = io.StringIO()
    monkeypatch.setattr(module.click, "echo", lambda words, err=False: told.write(f"{words}\n"))
    assert init.callback is not None
    init.callback(folder=tmp_path / "x", from_indi=None, from_ekos=None, profile=None, yes=False, as_json=False)
    assert (
        "\nLatitude ('38.16 deg', '+38d09m36s'; unsaid, the time zone's city)\n  --latitude '95': expected"
        in told.getvalue()
    )
    assert (made[0]["name"], made[0]["latitude"], made[0]["longitude"]) == ("hill", "50 deg", "-3.68 deg")  # Madrid's


class Terminal(io.StringIO):
    """A keyboard."""

    def isatty(self) -> bool:
        return True


def test_a_machine_is_told_what_was_made(tmp_path: Path) -> None:
    told: dict[str, Any] = json.loads(said(str(tmp_path / "new"), "--json").stdout)
    assert told["answers"]["name"] == "new"
    assert {"site/site.yaml", "plans/first.yaml"} <= set(told["files"])
    assert told["next"] == [f"cd {tmp_path / 'new'} && obsy validate", "obsy apply plans/ --dry-run"]


def test_a_server_that_tells_of_nothing_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(glance, "QUIET_S", 0.05)
    with socket.create_server(("127.0.0.1", 0)) as mute, pytest.raises(UserError, match="tells of no device"):
        said(str(tmp_path / "x"), "--from-indi", f"127.0.0.1:{mute.getsockname()[1]}")
    assert not (tmp_path / "x").exists()


def test_the_server_that_was_asked_is_the_one_that_a_night_hangs_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mount = {"DRIVER_INFO": {"DRIVER_INTERFACE": "1"}, "CONNECTION": {"CONNECT": "On"}}
    monkeypatch.setattr(glance, "glance", lambda *at: {"EQMod Mount": mount})
    told = said(str(tmp_path / "x"), "--yes", "--from-indi", "raspberry.local:7700")
    assert "INDI server               raspberry.local:7700" in told.output
    site = declare(tmp_path / "x", tmp_path / "x" / "plans").site
    assert [(each.name, each.address) for each in site.servers] == [("indi", ("raspberry.local", 7700))]


def test_flags_that_speak_against_each_other_are_told(tmp_path: Path) -> None:
    assert "choose one of the two" in said("x", "--from-indi", "localhost", "--from-ekos").output
    assert "add --from-ekos" in said("x", "--profile", "Hill").output
    assert "write 'localhost:7624'" in said("x", "--from-indi", "host:port").output
    alpaca = " ".join(said("x", "--from-indi", "http://hut:11111").output.split())
    assert "'obsy devices --server http://hut:11111' lists" in alpaca
    assert "write 'localhost:7624'" in said("x", "--from-indi", "localhost:99999").output
    with pytest.raises(UserError, match="begin it with 'indiserver"):
        said("x", "--from-indi", "127.0.0.1:1")
    with pytest.raises(UserError, match=r"gone\.sqlite cannot be read"):
        said("x", "--from-ekos", str(tmp_path / "gone.sqlite"))
