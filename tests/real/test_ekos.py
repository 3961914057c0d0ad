"""EKOS itself takes two frames of a real sky, is interrupted, loses KStars, and leaves nothing behind.

One house serves every test, since it takes half a minute: `played` is what was seen in it.
"""

import asyncio
import importlib.util
import os
import re
import signal
import time
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest
from astropy.coordinates import SkyCoord
from astropy.io import fits
from astropy.stats import sigma_clipped_stats
from astropy.time import Time
from photutils.detection import DAOStarFinder

import tests.support.turning  # noqa: F401  astropy asks no network
from obsy.engine.devices.clock import WallClock
from obsy.engine.devices.ekos.dialects import dialect_of
from obsy.engine.devices.ekos.executor import EkosExecutor, ExecutorFolders
from obsy.engine.devices.ekos.installed import kstars_version
from obsy.engine.devices.ekos.jobs import EkosFrames, EkosTarget, list_text, sequence_text
from obsy.engine.devices.ekos.kstars import KStarsSetup, start_kstars
from obsy.engine.devices.ekos.scheduler import CAPTURE, Ekos, SchedulerState
from obsy.engine.devices.indi.device import IndiDevice
from obsy.engine.devices.indi.glance import glance
from obsy.engine.devices.indi.mount import IndiMount
from obsy.engine.devices.indi.weather import IndiWeather
from obsy.engine.devices.ports import Exposure, Job, MountState, Pointing, Reading
from obsy.engine.frames.fits import is_complete
from obsy.engine.starting.folder import make
from obsy.engine.starting.from_ekos import from_ekos
from obsy.engine.starting.from_indi import from_indi
from obsy.engine.starting.questions import usual
from obsy.errors import DeviceError
from obsy.schemas.site import Location
from tests.support.ci import is_ci
from tests.support.ekos import simulated_equipment

pytestmark = [pytest.mark.real, pytest.mark.slow(minutes=1)]

LATITUDE_DEG = 45.0
NAME = "m31 & <friends>"
SIZE, LEVELS = (1280, 1024), {"CCD_GAIN": {"GAIN": 100}, "CCD_OFFSET": {"OFFSET": 10}}
SERIES = [
    EkosFrames("light", 180.0, 20, NAME, Path("/frames/1"), SIZE, "Luminance", 1, -10.0, LEVELS),
    EkosFrames("light", 0.5, 5, NAME, Path("/frames/1 & 2"), SIZE, "H_Alpha", 2),
    EkosFrames("bias", 0.0, 50, "bias", Path("/frames/bias"), SIZE, levels=LEVELS),
    EkosFrames("dark", 180.0, 20, "dark", Path("/frames/dark"), SIZE, temperature_c=-10.0),
    EkosFrames("flat", 3.0, 20, "flat", Path("/frames/flat"), SIZE, "Red"),
]
LIMITS = {"EnforceWeather": None, "MinimumAltitude": 35.0, "EnforceTwilight": None}
TARGETS = [
    EkosTarget(NAME, Pointing(10.6847083, 41.26875), Path("1.esq"), start=datetime(2026, 12, 17, 21, 30)),  # noqa: DTZ001
    EkosTarget(
        "NGC 253", Pointing(11.888, -25.28822), Path("2.esq"), ("Track", "Focus", "Align", "Guide"), None, LIMITS
    ),
]


@dataclass
class Played:
    """What was seen, in the order in which it happened."""

    target: Pointing
    files: list[Path] = field(default_factory=list)
    first_frame_s: float = 0.0
    weather: Reading | None = None
    after_cancel: SchedulerState | None = None
    parked: MountState | None = None
    after_end: list[Path] | None = None
    nameless: str = ""
    begun: dict[str, dict[str, str]] = field(default_factory=dict)
    """What `obsy init` would answer by itself, by where it asked."""
    without_kstars: str = ""
    rewritten: dict[str, Path] = field(default_factory=dict)
    """Sequences as KStars wrote them anew, by what they were called when it read them."""
    left: dict[int, str] = field(default_factory=dict)


def midnight(now: datetime) -> tuple[Location, Pointing]:
    """A site where it is local midnight now, and a target 5 degrees east of its zenith: no clock need be turned."""
    longitude = (-15.0 * (now.hour + now.minute / 60.0) + 180.0) % 360.0 - 180.0
    zenith = Time(now).sidereal_time("mean", longitude).deg
    return Location(LATITUDE_DEG, longitude, 100.0), Pointing((zenith + 7.0) % 360.0, LATITUDE_DEG)


def job(target: Pointing, seconds: float, count: int) -> Job:
    exposure = Exposure("light", seconds, "R", gain=100, offset=10, binning=1, object=NAME)
    return Job("simulators", NAME, target, exposure, count, end=datetime.now(UTC) + timedelta(minutes=3))


def running(folder: Path) -> dict[int, str]:
    """The programs whose surroundings name a folder; those that have ended and wait to be buried have none."""
    found = {}
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if process.name != str(os.getpid()) and str(folder).encode() in (process / "environ").read_bytes():
                found[int(process.name)] = (process / "comm").read_text().strip()
    return found


def count_stars(path: Path) -> int:
    counts = fits.getdata(path).astype(float)
    _, median, scatter = sigma_clipped_stats(counts)
    found = DAOStarFinder(threshold=10 * scatter, fwhm=3.0)(counts - median)
    return 0 if found is None else len(found)


def whole(folder: Path) -> list[Path]:
    """The finished files below a folder, oldest first."""
    return sorted(filter(is_complete, folder.rglob("*.fits")), key=lambda path: path.stat().st_mtime)


async def interrupt(files: AsyncGenerator[Path, None]) -> None:
    """Cancel a job while its first exposure runs."""
    taking = asyncio.create_task(anext(files))
    await asyncio.sleep(15.0)
    taking.cancel()
    with suppress(asyncio.CancelledError):
        await taking


async def complaint(executor: EkosExecutor, wanted: Job) -> str:
    """What is said of a job that cannot be taken."""
    async with aclosing(executor.run(wanted)) as files:
        try:
            await anext(files)
        except DeviceError as fault:
            return str(fault)
    return "nothing"


async def rewrite(ekos: Ekos, folder: Path) -> dict[str, Path]:
    """Let KStars read each kind of file that obsy writes for it, and write its sequences anew."""
    found = {}
    for name, driven in (("driven", True), ("by-hand", False)):
        given, back, listed = (folder / f"{name}{end}" for end in (".esq", "-back.esq", ".esl"))
        given.write_text(sequence_text(SERIES, dialect_of((3, 6, 2)), driven, 0 if driven else 60))
        targets = [replace(each, sequence=given) for each in TARGETS]
        listed.write_text(list_text(targets, dialect_of((3, 6, 2)), "obsy" if driven else None))
        for method, path in (("clearSequenceQueue", ()), ("loadSequenceQueue", [given]), ("saveSequenceQueue", [back])):
            await ekos.bus.call(*CAPTURE, method, *map(str, path))
        await ekos.load(listed)  # raises if it complains
        found[name] = back
    return found


def rows(path: Path) -> list[dict[str, object]]:
    """What each job of a sequence says, numbers as numbers; without what KStars 3.6.2 does not write."""
    text = re.sub(r"&(?!amp;|lt;|gt;)", "&amp;", path.read_text("utf-8"))  # it writes a bare one
    root = ElementTree.fromstring(text)
    return [
        {"/".join(at): said for at, said in leaves(job) if at[0] not in ("RemoteDirectory", "ISOIndex")}
        for job in root.iter("Job")
    ]


def leaves(element: ElementTree.Element, at: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], object]]:
    for each in element:
        here = (*at, " ".join([each.tag, *each.attrib.values()]))
        yield from leaves(each, here)
        if not len(each):
            said = (each.text or "").strip()
            yield here, float(said) if re.fullmatch(r"-?[\d.]+", said) else said


async def play(folder: Path) -> Played:
    from obsy.engine.devices.indi.client import IndiConnection  # noqa: PLC0415  # pyindi-client may not be there

    site, target = midnight(datetime.now(UTC))
    seen, equipment, clock = Played(target), simulated_equipment(focal_mm=300.0), WallClock()
    began = time.monotonic()
    async with start_kstars(KStarsSetup(folder, site, equipment)) as house:
        folders = ExecutorFolders(
            folder / "blocks", folder / "frames", lambda: whole(folder / "frames"), lambda *ticket: None
        )
        executor = EkosExecutor(house.ekos, clock, equipment, dialect_of(kstars_version()), folders)
        line = IndiConnection(clock, house.indi.host, house.indi.port)
        mount = IndiMount(
            IndiDevice(clock, line, equipment.mount, 90.0), Location(site.latitude_deg, site.longitude_deg)
        )
        profiles = folder / "home" / ".local" / "share" / "kstars" / "userdb.sqlite"
        seen.begun["ekos"] = dict(from_ekos(profiles, settings=folder / "home" / ".config" / "kstarsrc").answers)
        told = await asyncio.to_thread(glance, house.indi.host, house.indi.port)
        seen.begun["indi"] = dict(from_indi(told).answers)
        await mount.unpark()
        seen.rewritten = await rewrite(house.ekos, folder)
        seen.weather = await IndiWeather(clock, line, "Weather Simulator").read()
        async with aclosing(executor.run(job(target, seconds=2.0, count=2))) as files:
            async for path in files:
                seen.first_frame_s = seen.first_frame_s or time.monotonic() - began
                seen.files.append(path)
        await interrupt(executor.run(job(target, seconds=60.0, count=5)))
        seen.after_cancel = await house.ekos.state()
        late = replace(job(target, seconds=2.0, count=1), end=datetime.now(UTC))
        seen.after_end = [path async for path in executor.run(late)]
        seen.nameless = await complaint(executor, replace(late, object=""))
        await mount.park()
        seen.parked = await mount.state()
        os.kill(next(pid for pid, name in running(folder).items() if name == "kstars"), signal.SIGKILL)
        seen.without_kstars = await complaint(executor, job(target, seconds=2.0, count=1))
        line.close()
    seen.left = running(folder)
    return seen


@pytest.fixture(scope="module")
def setup(tmp_path_factory: pytest.TempPathFactory) -> Played:
    if importlib.util.find_spec("PyIndi") is None:
        miss = pytest.fail if is_ci() else pytest.skip
        miss("pyindi-client not installed; scripts/install.sh installs it")
    seen = asyncio.run(play(tmp_path_factory.mktemp("ekos")))
    print(f"first frame {seen.first_frame_s:.0f} s after the start")
    return seen


def test_both_frames_are_there_and_whole(setup):
    assert [is_complete(path) for path in setup.files] == [True, True]


def test_the_frames_bear_the_name_the_filter_and_the_exposure_of_the_job(setup):
    for path in setup.files:
        head = fits.getheader(path)
        assert (head["OBJECT"], head["FILTER"], head["EXPTIME"], head["GAIN"]) == (NAME, "Red", 2.0, 100)


def test_the_telescope_pointed_where_it_was_told(setup):
    head = fits.getheader(setup.files[0])
    there = SkyCoord(head["RA"], head["DEC"], unit="deg")
    wanted = SkyCoord(setup.target.ra_deg, setup.target.dec_deg, unit="deg")
    # INDI's simulated mount forgets that the sky moves on while it slews: 15 arcsec for each of some 15 s.
    assert there.separation(wanted).arcmin < 6.0


def test_the_frames_show_stars(setup):
    assert count_stars(setup.files[0]) > 5


@pytest.mark.parametrize("name", ["driven", "by-hand"])
def test_kstars_reads_each_job_as_it_was_meant(setup, name):
    back = setup.rewritten[name]
    wanted, got = rows(back.with_name(f"{name}.esq")), rows(back)
    assert len(got) == len(SERIES)
    for frames, one, other in zip(SERIES, wanted, got, strict=True):
        if frames.kind != "light":  # without a filter said, it names the one that is in
            one["Filter"] = other["Filter"]
        if frames.kind == "bias":  # the shortest exposure of INDI's camera
            assert one["Exposure"] == 0.001
            one["Exposure"] = 0.01
        assert other == one


def test_an_interrupted_job_stops_the_scheduler(setup):
    assert setup.after_cancel in {SchedulerState.IDLE, SchedulerState.ABORTED}


def test_a_job_whose_end_has_come_takes_nothing(setup):
    assert setup.after_end == []


def test_a_job_that_ekos_could_not_read_is_told_though_it_says_loaded(setup):
    assert "Target name is required" in setup.nameless


def test_the_weather_is_read_with_its_own_time(setup):
    assert set(setup.weather.values) == {"rain", "wind", "temperature"}


def test_the_mount_is_seen_parked(setup):
    # INDI's simulated mount parks with its counterweight down, looking at the east point.
    assert setup.parked.parked is True
    assert (setup.parked.altitude_deg, setup.parked.azimuth_deg) == pytest.approx((0.0, 90.0), abs=0.2)


def test_a_kstars_that_has_died_is_told(setup):
    assert "KStars refused" in setup.without_kstars


DEVICES = {
    "mount_device": "Telescope Simulator",
    "camera_device": "CCD Simulator",
    "focuser_device": "Focuser Simulator",
}
WHEEL = "R=Red, G=Green, B=Blue, Ha=H_Alpha, SII, OIII, LPR, L=Luminance"


@pytest.mark.parametrize(
    ("where", "known"),
    [
        (
            "ekos",
            {"focal-length": "300 mm", "aperture": "120 mm", "latitude": "45 deg", "wheel_device": "CCD Simulator"},
        ),
        ("indi", {"size": "1280 x 1024 px", "pixel": "5.2 um", "filters": WHEEL, "roof_device": "Dome Simulator"}),
    ],
)
def test_an_observatory_can_be_begun_from_what_kstars_and_indi_know(setup, where, known, tmp_path):
    answers = setup.begun[where]
    assert answers.items() >= (DEVICES | known).items()
    make(tmp_path / "new", {**usual("new"), **answers}, datetime.now(UTC))  # raises if it is not well


def test_nothing_is_left_running(setup):
    assert setup.left == {}
