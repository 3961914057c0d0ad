"""`obsy apply --runner ekos`, the whole way: KStars takes the frames; obsy opens, credits, parks, closes, reports."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from astropy.time import Time

pytestmark = [pytest.mark.real, pytest.mark.slow]

HERE = Path(__file__).parent
LATITUDE_DEG = 45.0

SITE = """\
kind: site
name: midnight
latitude: {latitude} deg
longitude: {longitude} deg
elevation: 100 m
timezone: {timezone}
---
kind: enclosure
name: dome
site: midnight
type: dome
travel: 20 s
timeout: 60 s
device: {{indi: Dome Simulator}}
---
kind: mount
name: mount
enclosure: dome
type: fork
slew: 3 deg/s
settle: 2 s
altitude: above 10 deg
park: {{azimuth: 90 deg, altitude: 0 deg}}      # where INDI's simulator parks
device: {{indi: Telescope Simulator}}
---
kind: train
name: refractor
mount: mount
telescope: {{aperture: 120 mm, focal_length: 300 mm}}
camera:
  model: CCD Simulator
  size: 1280 x 1024 px
  pixel: 5.2 um
  gain: 100
  offset: 10
  temperature: 0 degC
  conversion: 1 e/adu
  read_noise: 5 e
  dark_current: 0.1 e/s
  full_well: 60 ke
  pedestal: 100 adu
  download: 2 s
  timeout: 60 s
  device: {{indi: CCD Simulator}}
filters:
  change: 2 s
  slots: [{{role: L, label: Luminance}}, {{role: R, label: Red}}]
  device: {{indi: CCD Simulator}}
focuser:
  travel: 100000 steps
  best: 50000 steps
  drift: 0 steps/degC
  sample: 100 steps
  every: 12 h
  device: {{indi: Focuser Simulator}}
---
kind: weather
name: station
site: midnight
measures: [rain, wind, temperature]
every: 5 s
max_age: 90 s
device: {{indi: Weather Simulator}}
"""

LIBRARY = """\
kind: policy
name: house
safety:
  limits: {rain: above 0 mm/h, wind: above 60 km/h}
  dwell: 60 s
quality:
  stars: at least 3
  verdict: 5 s
retention: {incoming: remove}
---
kind: calibration
name: refractor
train: refractor
bias: {count: 3, max_age: 30 d}
dark: {count: 3, max_age: 30 d}
---
kind: pipeline
name: look
steps: [{step: measure}]
"""

PLAN = """\
kind: plan
name: zenith
target: {{ra: {ra:.5f} deg, dec: {latitude} deg}}
want: [{{filter: R, exposure: 2 s, count: 2}}]
when: {{sun: below -10 deg}}
pipeline: look
"""


def write_observatory(root: Path, now: datetime) -> None:
    """An observatory where it is the middle of the night now, with a target 5 degrees east of its zenith."""
    longitude = (-15.0 * (now.hour + now.minute / 60.0) + 180.0) % 360.0 - 180.0
    ra = (Time(now).sidereal_time("mean", longitude).deg + 7.0) % 360.0
    zone = round(longitude / 15.0)
    timezone = f"Etc/GMT{-zone:+d}" if zone else "Etc/GMT"
    nights = (HERE.parents[1] / "library" / "nights" / "roll-off.yaml").read_text()
    for name, text in {
        "site/all.yaml": SITE.format(latitude=LATITUDE_DEG, longitude=round(longitude, 4), timezone=timezone),
        "library/all.yaml": LIBRARY,
        "library/night.yaml": nights,
        "plans/zenith.yaml": PLAN.format(ra=ra, latitude=LATITUDE_DEG),
    }.items():
        path = root / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)


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
