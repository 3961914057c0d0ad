"""`obsy notify` and `obsy ack` by hand, with real services on this machine."""

import json
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from obsy.cli.ack import ack
from obsy.cli.apply import apply
from obsy.cli.notify import notify
from obsy.errors import UserError
from tests.support.hill import HILL
from tests.support.services import WebServer, web_server

NIGHT = "2026-11-21"
SITE = (
    HILL
    + """\
kind: recipient
name: ana
address: !secret ana
hears: [alarm, notice]
---
kind: recipient
name: bob
address: !secret bob
hears: [alarm]
after: 10 min
---
kind: recipient
name: carla
address: !secret bob
hears: [summary]
---
kind: heartbeat
name: pulse
address: !secret pulse
"""
)


@pytest.fixture
def web() -> Iterator[WebServer]:
    with web_server() as server:
        yield server


@pytest.fixture
def here(tmp_path: Path, web: WebServer, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A site alone; what else an observatory needs is missing, and a plan is unfit."""
    (tmp_path / "site").mkdir()
    (tmp_path / "plans").mkdir()
    (tmp_path / "plans" / "m31.yaml").write_text("kind: plam\n")
    (tmp_path / "site" / "site.yaml").write_text(SITE)
    secrets = tmp_path / "secrets.yaml"
    secrets.write_text(f"ana: {web.address('ana')}\nbob: {web.address('bob')}\npulse: {web.page('pulse')}\n")
    secrets.chmod(0o600)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def keep(here: Path, realm: str, *events: dict[str, Any]) -> Path:
    """Write a journal of a night."""
    path = here / "data" / realm / "journal" / f"{NIGHT}.jsonl"
    path.parent.mkdir(parents=True)
    lines = ({"time": f"{NIGHT}T20:0{minute}:00.000Z", "night": NIGHT, **each} for minute, each in enumerate(events))
    path.write_text("".join(json.dumps(each) + "\n" for each in lines))
    return path


def said(*arguments: str, verb: Any = notify) -> Result:
    result = CliRunner().invoke(verb, arguments)
    assert result.exception is None or isinstance(result.exception, UserError | SystemExit), result.exc_info
    return result


BEGIN = {"event": "night-started", "state": "waiting"}
ALARM = {"event": "alarm", "reason": "the mount moves"}


def test_it_says_who_hears_what_and_what_the_newest_night_makes_them_read(here: Path) -> None:
    keep(here, "simulated", BEGIN, ALARM)
    lines = said().output.splitlines()
    assert lines[:4] == [
        "ana hears of alarm, notice",
        "bob hears of alarm, 10 min after an alarm that nobody acknowledges",
        "carla hears of summary",
        "pulse is asked every 5 min while a night is awake",
    ]
    assert "The simulated night of 2026-11-21 makes this to read:" in lines
    assert "21:01  ana: rehearsal: ALARM hill: the mount moves" in lines
    told = json.loads(said("--json").output)
    assert [each["recipient"] for each in told["recipients"]] == ["ana", "bob", "carla"]
    assert {each["to"] for each in told["messages"]} == {"ana"}


def test_a_test_is_sent_and_said_and_a_refusal_is_the_users_to_mend(here: Path, web: WebServer) -> None:
    assert "'ana' has taken it" in said("--test", "ana").output
    assert web.told("ana") == ["hill: a test"]
    assert "'pulse' has taken it" in said("--test", "pulse").output
    assert "did you mean 'bob'?" in str(said("--test", "bobb").exception)
    web.status = 500
    assert str(said("--test", "ana").exception) == "'ana' was not reached: the service answered 500"


def test_a_night_that_was_cut_off_calls_everybody_who_hears_of_alarms(here: Path, web: WebServer) -> None:
    journal = keep(here, "real", BEGIN)
    told = said("--check")
    assert "was cut off: give 'obsy apply' again" in str(told.exception)
    title = "ALARM hill: obsy died, and nobody watches the roof: give 'obsy apply' again"
    assert (web.told("ana"), web.told("bob")) == ([title], [title])
    os.utime(journal, (time.time() - 60, time.time() - 60))
    assert "ana takes care of the alarms so far" in said("--by", "ana", verb=ack).output
    assert "somebody takes care of it" in str(said("--check").exception)
    assert web.told("ana") == [title]


@pytest.mark.parametrize("end", ["night-finished", "night-interrupted", "night-ended-early"])
def test_a_night_with_a_last_word_calls_nobody(here: Path, web: WebServer, end: str) -> None:
    keep(here, "real", BEGIN, {"event": end, "mount_is": "parked", "roof_is": "closed"})
    assert said("--check").output == "The last real night has ended well, or goes on.\n"
    assert web.got == []


def test_nor_does_one_that_another_process_runs_or_that_never_was(here: Path, web: WebServer) -> None:
    assert said("--check").output == "No real night has run here yet.\n"
    keep(here, "real", BEGIN)
    from obsy.engine.safety.lock import only_one  # noqa: PLC0415

    with only_one(here / "data/real/lock"):
        assert said("--check").exit_code == 0
    assert web.got == []


def test_whoever_acknowledges_is_written_down_for_real_nights_and_rehearsals(here: Path) -> None:
    keep(here, "simulated", BEGIN, ALARM, ALARM)
    assert json.loads(said("--by", "bob", "--json", verb=ack).output) == {"by": "bob", "alarms": 3}
    assert [(here / f"data/{realm}/told/acknowledged").read_text() for realm in ("real", "simulated")] == ["bob"] * 2


def test_where_nobody_was_called_there_is_nothing_to_take_care_of(here: Path) -> None:
    keep(here, "real", BEGIN, {"event": "night-finished", "mount_is": "parked", "roof_is": "closed"})
    assert said(verb=ack).output == "There is no alarm in the last night: nobody was called.\n"
    told = here / f"data/real/told/{NIGHT}.jsonl"
    told.write_text(
        json.dumps({"time": f"{NIGHT}T20:00:00.000Z", "event": "message-sent", "title": "ALARM hill: x"}) + "\n"
    )
    assert "takes care of the alarms so far" in said(verb=ack).output


def test_an_observatory_without_recipients_says_how_to_declare_one(here: Path) -> None:
    (here / "site" / "site.yaml").write_text(SITE.partition("---")[0])
    assert said().output == "Nobody is told of the nights of 'hill': declare a recipient, as docs/language.md says.\n"


def test_secrets_that_others_may_read_tell_nobody(here: Path) -> None:
    (here / "secrets.yaml").chmod(0o640)
    assert "Nobody is told" in said().output


def test_a_real_night_takes_no_option_to_tell() -> None:
    told = CliRunner().invoke(apply, ["--tell"])
    assert (told.exit_code, "a real night tells people anyway" in told.output) == (2, True)
