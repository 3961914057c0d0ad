"""An observatory for EKOS and INDI's simulators, where it is the middle of the night now."""

from datetime import datetime
from pathlib import Path

from astropy.time import Time

import tests.support.turning  # noqa: F401  astropy asks no network

ROOT = Path(__file__).parents[2]
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
    nights = (ROOT / "library" / "nights" / "roll-off.yaml").read_text()
    for name, text in {
        "site/all.yaml": SITE.format(latitude=LATITUDE_DEG, longitude=round(longitude, 4), timezone=timezone),
        "library/all.yaml": LIBRARY,
        "library/night.yaml": nights,
        "plans/zenith.yaml": PLAN.format(ra=ra, latitude=LATITUDE_DEG),
    }.items():
        path = root / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
