"""However a verb is called, a person gets a sentence and a machine gets JSON; nobody gets a traceback."""

import gc
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import obsy.cli
from obsy.__main__ import main, meaning, wants_json
from obsy.cli import VERBS
from obsy.errors import DeviceError, NightRunning

Say = Callable[..., tuple[int, str, str]]
ABOUT_PLANS = {"alert": ("--plans",), "report": ("--plans",), "why": ("m31",)}
"""What stands before the plans' folder; most verbs take it as their only argument."""
ABOUT = {"why": ("m31",)}
"""What a verb cannot do without."""
ABOUT_OTHERS = {"schema", "blame", "guard", "replay", "clouds", "board", "target", "import", "export", "init", "doctor"}
ABOUT_OTHERS |= {"pack", "lsp", "sky", "devices", "ingest"}
ABOUT_OTHERS |= {"transit", "photometry", "period", "coefficients", "astrometry", "spectrum", "sun", "estimates"}
"""What is asked of something else than an observatory's plans."""


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Say]:
    """Call obsy as a shell does; the exit code, what was printed, and what was complained."""

    def _say(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["obsy", *arguments])
        try:
            main()
            code = 0
        except SystemExit as end:
            code = int(end.code or 0)
        told = capsys.readouterr()
        return code, told.out, told.err

    masked = os.umask(0o022)
    # What is asked of the real observatory here begins no guard, which would outlive the test.
    monkeypatch.setattr("obsy.engine.runtime.guard.begin.start_guard", lambda *_: subprocess.Popen(["false"]))
    heard = signal.getsignal(signal.SIGINT)
    yield _say
    signal.signal(signal.SIGINT, heard)
    os.umask(masked)
    gc.enable()
    gc.unfreeze()


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_explains_itself(say: Say, verb: str) -> None:
    code, out, err = say(verb, "--help")
    assert (code, err) == (0, "")
    assert out.startswith(f"Usage: obsy {verb}")
    assert ("--json" in out) is (verb not in {"guard", "clouds", "board", "lsp"})  # which answer nothing by themselves


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_refuses_an_option_that_it_does_not_have(say: Say, verb: str) -> None:
    code, out, err = say(verb, "--jsn")
    assert (code, out) == (2, "")
    assert f"Try 'obsy {verb} --help'" in err
    assert "--jsn" in err.splitlines()[-1]


@pytest.mark.parametrize("verb", VERBS)
def test_a_usage_error_is_json_for_a_machine(say: Say, verb: str) -> None:
    code, out, err = say(verb, "--json", "--nonsense")
    assert code == 2
    error = json.loads(out)["error"]
    assert (error["kind"], error["exit"], error["complaints"]) == ("usage", 2, [])
    assert error["message"] in err


@pytest.mark.parametrize(
    "verb", [verb for verb in VERBS if verb not in ABOUT_OTHERS | {"validate", "drill", "up", "transits"}]
)
def test_every_verb_that_reads_plans_says_that_there_is_no_such_folder(say: Say, here: Path, verb: str) -> None:
    code, out, err = say(verb, *ABOUT_PLANS.get(verb, ()), "plams", "--json")
    assert code == 1
    error = json.loads(out)["error"]
    assert error["kind"] == "unfit-files"
    assert [each["code"] for each in error["complaints"]] == ["no-such-folder"]
    assert "no folder 'plams'" in err


@pytest.mark.parametrize("verb", [verb for verb in VERBS if verb not in ABOUT_OTHERS])
def test_every_verb_says_that_there_is_no_observatory(
    say: Say, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, verb: str
) -> None:
    monkeypatch.chdir(tmp_path)
    code, _, err = say(verb, *ABOUT.get(verb, ()))
    assert code == 1
    assert "no observatory beside the plans" in err
    assert "Traceback" not in err


@pytest.mark.parametrize("verb", [verb for verb in VERBS if verb not in ABOUT_OTHERS | {"validate", "drill"}])
def test_a_site_that_nobody_declared_is_named_with_those_there_are(say: Say, here: Path, verb: str) -> None:
    code, _, err = say(verb, *ABOUT.get(verb, ()), "--site", "nerpo")
    assert code == 1
    assert "no site is named 'nerpo'" in err
    assert "nerpio" in err


def test_a_guard_says_that_there_is_no_observatory(say: Say, tmp_path: Path) -> None:
    code, _, err = say("guard", str(tmp_path))
    assert code == 1
    assert f"no observatory in {tmp_path}" in err


def test_a_frame_that_is_not_there_is_named(say: Say, here: Path) -> None:
    code, out, err = say("blame", "gone.fits", "--json")
    assert code == 1
    assert "gone.fits cannot be read" in err
    assert json.loads(out)["error"]["message"] in err


def test_nothing_that_obsy_writes_is_for_everybody_to_read(say: Say, here: Path) -> None:
    say("--help")
    (here / "written").touch()
    assert (here / "written").stat().st_mode & 0o777 == 0o640


def test_no_arguments_list_the_verbs(say: Say) -> None:
    _, out, err = say()
    assert all(verb in out + err for verb in VERBS)


def test_a_misspelt_verb_is_told_its_neighbour(say: Say) -> None:
    code, _, err = say("aply")
    assert code == 2
    assert "'aply' is no verb of obsy: did you mean 'apply'?" in err


@pytest.mark.parametrize("night", ["0001-01-01", "9999-12-31", "1960-12-31", "2100-01-01"])
def test_a_night_that_nobody_can_foretell_is_a_usage_error(say: Say, here: Path, night: str) -> None:
    for call in (("apply", "--dry-run", "--simulate", "--night", night), ("report", night)):
        code, _, err = say(*call)
        assert code == 2
        assert f"obsy knows the sky from 1961-01-01 to 2099-12-31, and {night} is not among these nights" in err


@pytest.mark.parametrize(
    ("switches", "words"),
    [
        (("--simulate", "--runner", "ekos"), "choose one of the two"),
        (("--scenario", "clear"), "--scenario plays on the simulated observatory: add --simulate"),
        (("--tell",), "--tell is for --simulate"),
    ],
)
def test_a_rehearsal_with_a_runner_and_a_real_night_with_a_scenario_are_usage_errors(
    say: Say, here: Path, switches: tuple[str, ...], words: str
) -> None:
    code, _, err = say("apply", *switches)
    assert code == 2
    assert words in err
    assert not (here / "data").exists()


def test_an_unknown_scenario_is_heard_of_before_a_night_begins(say: Say, here: Path) -> None:
    code, out, err = say("apply", "--simulate", "--scenario", "claer", "--json")
    assert code == 1
    assert json.loads(out)["error"]["message"] in err
    assert "did you mean 'clear'?" in err
    assert [path.name for path in (here / "data").rglob("*") if path.is_file()] == ["lock"]


@pytest.mark.parametrize(
    ("error", "code", "kind"),
    [
        (KeyboardInterrupt(), 130, "interrupted"),
        (NightRunning("another"), 1, "user"),
        (DeviceError("no roof"), 3, "failed"),
        (ZeroDivisionError("ours"), 3, "fault"),
    ],
)
def test_every_end_has_its_code_and_its_word(
    say: Say, monkeypatch: pytest.MonkeyPatch, error: BaseException, code: int, kind: str
) -> None:
    def fail(**_: object) -> None:
        raise error

    monkeypatch.setattr(obsy.cli.cli, "main", fail)
    said, out, err = say("status", "--json")
    assert (said, meaning(error).kind) == (code, kind)
    assert json.loads(out)["error"] | {"message": ""} == {"kind": kind, "exit": code, "message": "", "complaints": []}
    assert ("Traceback" in err) == (kind == "fault")


IMPATIENT = """\
import atexit, os, signal, obsy.cli
from obsy.__main__ import main
def interrupted(**_):
    raise KeyboardInterrupt
obsy.cli.cli.main = interrupted
atexit.register(os.kill, os.getpid(), signal.SIGINT)
main()
"""


def test_a_second_interrupt_as_it_ends_does_not_hide_what_became_of_it() -> None:
    hears = ["env", "--default-signal=INT"]
    ended = subprocess.run([*hears, sys.executable, "-c", IMPATIENT], capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stderr) == (130, meaning(KeyboardInterrupt()).words + "\n")


def test_a_fault_says_that_it_is_ours_and_what_to_do(say: Say) -> None:
    words = meaning(ZeroDivisionError()).words
    assert "a fault of obsy, not of your files" in words
    assert "run the same command again" in words


@pytest.mark.parametrize(
    ("arguments", "wanted"),
    [
        (["status", "--json"], True),
        (["validate", "--format", "json"], True),
        (["validate", "--format=json"], True),
        (["validate", "--format", "text"], False),
        (["validate", "json"], False),
    ],
)
def test_json_is_asked_for_in_three_ways(arguments: list[str], wanted: bool) -> None:
    assert wants_json(arguments) is wanted
