"""A made-up night: cloud at midnight, a sensor that falls silent, a roof that needs two attempts, three plans."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from math import cos, pi, sin
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from obsy.engine.fold import fold
from obsy.engine.journal import stamp
from obsy.engine.report.curves import Curve, Curves
from obsy.engine.report.inputs import GoalInput, Limit, ReportInputs, StackInput
from obsy.engine.report.story import Story, story_of

NIGHT = "2026-11-21"
DUSK = datetime(2026, 11, 21, 18, 30, tzinfo=UTC)
DAWN = datetime(2026, 11, 22, 5, 30, tzinfo=UTC)
CLOUDS = DUSK + timedelta(hours=5)
CLEAR = DUSK + timedelta(hours=6, minutes=30)
MADE_OF = {"version": "0.1.0", "commit": "1f2e3d4c5b6a", "scenario": "clouds", "seed": 7}
BLOCKS = (
    ("m31", "L-180s", "L", 180.0, 18.6, 22.9),
    ("m31", "R-180s", "R", 180.0, 22.95, 23.4),
    ("veil", "Ha-300s", "Ha", 300.0, 25.2, 27.0),
    ("v1159-ori", "V-60s", "V", 60.0, 27.05, 27.4),
    ("m31", "G-180s", "G", 180.0, 27.5, 29.3),
)


def at(hours: float) -> datetime:
    """So many hours after the evening's midnight UTC."""
    return datetime(2026, 11, 21, tzinfo=UTC) + timedelta(hours=hours)


def entry(when: datetime, event: str, **facts: Any) -> dict[str, Any]:
    """One line of a journal."""
    return {"time": stamp(when), "night": NIGHT, "event": event, **facts}


def move(when: datetime, source: str, dest: str, on: str) -> dict[str, Any]:
    """One change of state."""
    return entry(when, "state", **{"from": source, "to": dest, "on": on, "facts": {}, "detail": ""})


def calibration(kind: str, filter_: str | None, exposure_s: float, start: datetime) -> Iterator[dict[str, Any]]:
    """Ten frames and their master."""
    facts = {"kind": kind, "filter": filter_, "exposure_s": exposure_s}
    for index in range(10):
        when = start + timedelta(seconds=index * (exposure_s + 4))
        name = f"{kind}{filter_ or ''}_{exposure_s:g}_{index:03}.fits"
        own = {**facts, "frame": name, "plan": None, "goal": None}
        yield entry(when + timedelta(seconds=exposure_s), "frame-taken", **own, train="main", began=when.isoformat())
        judged = when + timedelta(seconds=exposure_s + 20)
        yield entry(judged, "frame-accepted", **own, reason="", measures={"level_adu": 500.0})
    yield entry(
        when + timedelta(minutes=3), "master-built", **facts, frames=10, sha256=f"{kind:0<64}"[:64], train="main"
    )


def lights(block: tuple[str, str, str, float, float, float]) -> Iterator[dict[str, Any]]:
    """A block's frames, the third of them, and those under cloud, rejected."""
    plan, goal, role, exposure_s, first, last = block
    chance = np.random.default_rng(int(first * 100))
    when, index = at(first), 0
    began = when - timedelta(seconds=90)
    yield entry(began + timedelta(seconds=30), "slewed", train="main", object=plan, ra_deg=12.0 * first, dec_deg=40.0)
    yield entry(began + timedelta(seconds=85), "focused", train="main", filter=role, position=1e4, half_flux_px=1.9)
    yield entry(
        began,
        "block-started",
        plan=plan,
        goal=goal,
        train="main",
        filter=role,
        exposure_s=exposure_s,
        count=int((last - first) * 3600 / (exposure_s + 4)),
        start=stamp(when - timedelta(seconds=10)),
        end=stamp(at(last)),
    )
    while (end := when + timedelta(seconds=exposure_s + 5)) <= at(last):
        name = f"{plan}_{role}_{when:%H%M%S}.fits"
        own = {"frame": name, "kind": "light", "filter": role, "exposure_s": exposure_s, "plan": plan, "goal": goal}
        yield entry(end, "frame-taken", **own, train="main", began=when.isoformat())
        width = round(float(2.6 + 0.3 * chance.standard_normal() + (4.5 if index == 2 else 0.0)), 3)
        measures = {
            "background_adu": round(float(300 + 40 * chance.random()), 3),
            "eccentricity": 0.41,
            "fwhm_arcsec": width,
            "stars": float(chance.integers(300, 420)),
        }
        said = f"fwhm: {width:.1f} arcsec, above 6" if width > 6 else ""
        yield entry(
            end + timedelta(seconds=30),
            "frame-rejected" if said else "frame-accepted",
            **own,
            reason=said,
            measures=measures,
        )
        when, index = end, index + 1
    yield entry(when, "block-done", train="main", plan=plan, goal=goal, frames=index)


def weather() -> Iterator[dict[str, Any]]:
    """A note every five minutes; the anemometer is silent from two to three."""
    for index in range(14 * 12):
        when = at(17) + timedelta(minutes=5 * index)
        cloudy = CLOUDS <= when < CLEAR - timedelta(minutes=30)
        values = {
            "rain": 0.0,
            "cloud": 78.0 if cloudy else round(9 + 6 * sin(index / 9), 2),
            "wind": round(11 + 5 * sin(index / 20), 2),
            "humidity": round(55 + index / 8, 2),
            "temperature": round(9 - index / 25, 2),
        }
        if at(26) <= when < at(27):
            del values["wind"]
        yield entry(when, "weather", **values)


def intent() -> dict[str, Any]:
    """What was intended at the beginning: the blocks, one that the clouds took, and one without a place."""
    blocks = [
        {
            "plan": p,
            "goal": g,
            "train": "main",
            "filter": f,
            "exposure_s": e,
            "count": 9,
            "start": stamp(at(a)),
            "end": stamp(at(b)),
        }
        for p, g, f, e, a, b in (*BLOCKS, ("ngc7331", "L-180s", "L", 180.0, 23.6, 25.0))
    ]
    comet = {"plan": "comet", "goal": "R-60s", "code": "altitude", "reason": "it stays below 25 deg while it is dark"}
    return {
        "night": NIGHT,
        "site": "hill",
        "dusk": stamp(DUSK),
        "dawn": stamp(DAWN),
        "blocks": blocks,
        "unplaced": [comet],
        "actions": [],
    }


def made_up() -> list[dict[str, Any]]:
    """The journal."""
    told = [
        entry(at(16.5), "night-started", **MADE_OF, intent=intent()),
        entry(at(16.5), "verdict", safe=False, reason="not yet: it must stay safe until 16:45:00 UTC", input=""),
        entry(at(16.75), "verdict", safe=True, reason="every input is fresh and within its limits", input=""),
        *calibration("bias", None, 0.0, at(16.5)),
        *calibration("flat", "L", 2.0, at(16.8)),
        move(at(17.6), "calibrating", "waiting", "done"),
        move(DUSK, "waiting", "opening", "dusk"),
        entry(DUSK, "roof-opening"),
        entry(DUSK + timedelta(seconds=45), "roof-opened"),
        entry(DUSK + timedelta(seconds=50), "mount-unparked"),
        move(DUSK + timedelta(seconds=50), "opening", "observing", "done"),
        entry(
            at(22.92),
            "focus-failed",
            train="main",
            filter="R",
            position=10012.0,
            reason="no minimum within the samples",
        ),
        entry(CLOUDS, "verdict", safe=False, reason="cloud 78.0 %, above 40", input="sky"),
        move(CLOUDS, "observing", "closing", "unsafe"),
        entry(CLOUDS + timedelta(seconds=40), "mount-parked"),
        entry(CLOUDS + timedelta(seconds=41), "roof-closing"),
        entry(CLOUDS + timedelta(seconds=90), "close-failed", attempt=1, reason="its switches say 'moving'"),
        entry(CLOUDS + timedelta(seconds=110), "roof-closing"),
        entry(CLOUDS + timedelta(seconds=150), "roof-closed"),
        move(CLOUDS + timedelta(seconds=150), "closing", "sheltering", "done"),
        entry(CLEAR, "verdict", safe=True, reason="every input is fresh and within its limits", input=""),
        move(CLEAR, "sheltering", "opening", "safe"),
        entry(CLEAR, "roof-opening"),
        entry(CLEAR + timedelta(seconds=45), "roof-opened"),
        move(CLEAR + timedelta(seconds=50), "opening", "observing", "done"),
        entry(
            CLEAR + timedelta(seconds=50),
            "replanned",
            train="main",
            planned="ngc7331 L-180s",
            instead="m31 R-180s",
            cause="weather",
            reason="it was not safe: cloud 78.0 %, above 40",
        ),
        move(DAWN, "observing", "closing", "dawn"),
        entry(DAWN + timedelta(seconds=90), "roof-closed"),
        move(DAWN + timedelta(seconds=90), "closing", "finishing", "done"),
        entry(DAWN + timedelta(minutes=12), "stack-built", object="m31", filter="L", frames=80),
        entry(
            DAWN + timedelta(minutes=13),
            "hindsight",
            value=48.2,
            best=56.0,
            share_percent=86.1,
            lost={"rejected": 4.6, "idle": 2.2, "order": 1.0},
        ),
        move(DAWN + timedelta(minutes=13), "finishing", "finished", "done"),
        entry(DAWN + timedelta(minutes=13), "night-finished"),
        *(each for block in BLOCKS for each in lights(block)),
        *weather(),
    ]
    return sorted(told, key=lambda each: each["time"])


def made_up_curves() -> Curves:
    """Curves that rise and set, without any astronomy."""
    times = tuple(at(16.5) + timedelta(minutes=5 * index) for index in range(15 * 12))
    hours = [16.5 + index / 12 for index in range(len(times))]

    def curve(name: str, top_at: float, top: float, skyline: float = 12.0) -> Curve:
        altitudes = tuple(round(top - 45 * (1 - cos((hour - top_at) * pi / 12)), 4) for hour in hours)
        return Curve(name, times, altitudes, (skyline,) * len(times))

    plans = (
        curve("m31", 20.5, 85),
        curve("veil", 18.0, 70),
        curve("v1159-ori", 27.5, 50),
        curve("ngc7331", 19.5, 80),
        curve("comet", 17.0, 20),
    )
    return Curves(plans, curve("Sun", 12.0, 30, 0.0), curve("Moon", 23.0, 55, 0.0), 91.0, 20.0)


def made_up_inputs(folder: Path) -> ReportInputs:
    """What was declared and done before, with two pictures on disk."""
    stacks = []
    for role, level in (("L", 1.0), ("R", 0.9), ("G", 0.8), ("B", 0.7)):
        y, x = np.mgrid[-150:150, -150:150]
        grey = 20 + 220 * level * np.exp(-np.hypot(x * 0.6 + y * 0.4, y - x * 0.5) / 45)
        path = folder / f"m31_{role}.png"
        Image.fromarray(grey.astype(np.uint8)).save(path)
        stacks.append(StackInput("m31", role, "m31", 80, 14400.0, path, f"{role}abc".ljust(64, "0"), "main"))
    goals = (
        GoalInput("m31", "L-180s", "L", 180.0, 6 * 3600.0, "6 h", 4, 720.0),
        GoalInput("m31", "R-180s", "R", 180.0, 3600.0, "1 h", 15, 2700.0),
        GoalInput("m31", "G-180s", "G", 180.0, 3600.0, "1 h"),
        GoalInput("m31", "B-180s", "B", 180.0, 3600.0, "1 h"),
        GoalInput("veil", "Ha-300s", "Ha", 300.0, 4 * 3600.0, "4 h", 30, 9000.0),
        GoalInput("v1159-ori", "V-60s", "V", 60.0, None, "3 frames every 4 d", 12, 720.0),
        GoalInput("ngc7331", "L-180s", "L", 180.0, 7200.0, "2 h"),
        GoalInput("comet", "R-60s", "R", 60.0, 1800.0, "30 min"),
    )
    targets = {"m31": "M31", "veil": "NGC 6992", "v1159-ori": "V1159 Ori", "ngc7331": "NGC 7331", "comet": "C/2026 A1"}
    limits = {
        "cloud": Limit(40.0),
        "wind": Limit(40.0),
        "humidity": Limit(88.0),
        "rain": Limit(0.0),
        "fwhm_arcsec": Limit(6.0),
        "temperature": Limit(-12.0, above_is_bad=False),
    }
    return ReportInputs("hill", "Europe/Madrid", goals, targets, tuple(stacks), limits)


@pytest.fixture(scope="session")
def night_entries() -> list[dict[str, Any]]:
    """A whole night's journal."""
    return made_up()


@pytest.fixture(scope="session")
def night_curves() -> Curves:
    """Its curves."""
    return made_up_curves()


@pytest.fixture(scope="session")
def night_inputs(tmp_path_factory: pytest.TempPathFactory) -> ReportInputs:
    """What was known before it."""
    return made_up_inputs(tmp_path_factory.mktemp("inputs"))


@pytest.fixture(scope="session")
def told(night_entries: list[dict[str, Any]], night_inputs: ReportInputs, night_curves: Curves) -> Story:
    """Its story."""
    return story_of(NIGHT, fold(night_entries), night_inputs, night_curves)
