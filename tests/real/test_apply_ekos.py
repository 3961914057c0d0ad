"""`obsy apply --runner ekos`, the whole way: KStars takes the frames; obsy opens, credits, parks, closes, reports."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.support.midnight import write_observatory

pytestmark = [pytest.mark.real, pytest.mark.slow(minutes=4)]

HERE = Path(__file__).parent


def obsy(root: Path, *words: str) -> Any:
    """What a verb prints with --json."""
    path = os.pathsep.join([str(HERE / "bin"), str(Path(sys.executable).parent), os.environ["PATH"]])
    done = subprocess.run(
        [sys.executable, "-m", "obsy", *words, "--json"],
        cwd=root,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        timeout=480,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("observatory")
    write_observatory(root, datetime.now(UTC))
    obsy(root, "apply", "plans/", "--runner", "ekos")
    return root


def entries(root: Path) -> list[dict[str, Any]]:
    (journal,) = (root / "data" / "real" / "journal").glob("*.jsonl")
    return [json.loads(line) for line in journal.read_text().splitlines()]


def test_the_frames_that_ekos_took_are_credited_to_their_plan(night):
    (plan,) = obsy(night, "status", "plans/")["plans"]
    assert [(g["goal"], g["frames"], g["accepted"], g["done_s"]) for g in plan["goals"]] == [("R-2s", 2, 2, 4.0)]


def test_the_roof_opened_for_them_and_closed_over_a_parked_mount(night):
    order = [e["event"] for e in entries(night) if e["event"].startswith(("roof-", "mount-", "frame-taken", "night-"))]
    # A shutter that INDI has not yet been seen to move is unknown, so the guard closes it: the night that is beginning
    # hears the end of that, or the guard itself tells of it.
    (said,) = (night / ".obsy").glob("guard-*.log")
    before = order[: order.index("roof-opening")]
    assert before[0] == "night-started" and set(before[1:]) <= {"mount-parked", "roof-closing", "roof-closed"}
    assert "roof-closed" in before or "obsy: the roof is closed" in said.read_text()
    assert order[order.index("roof-opening") :] == [
        "roof-opening",
        "roof-opened",
        "mount-unparked",
        "frame-taken",
        "frame-taken",
        "mount-parked",
        "roof-closing",
        "roof-closed",
        "night-finished",
    ]


def test_the_night_is_told_on_a_page(night):
    (page,) = (night / "data" / "real" / "reports").glob("*.html")
    assert "zenith" in page.read_text()


def test_the_same_command_again_changes_nothing(night):
    before = entries(night)
    obsy(night, "apply", "plans/", "--runner", "ekos")
    assert entries(night) == before
