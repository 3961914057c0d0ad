"""The edges: each asks the machine one thing, and answers None where it cannot be asked."""

import hashlib
import locale
import os
import re
import resource
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from importlib import metadata
from importlib.resources import files
from pathlib import Path

from obsy.engine.declare.catalogue import TABLES
from obsy.engine.declare.declared import Declared
from obsy.engine.declare.history import commit
from obsy.engine.declare.instrument import in_use
from obsy.engine.declare.servers import server_of
from obsy.engine.declare.survey import Survey
from obsy.engine.devices.ekos.installed import kstars_version
from obsy.engine.devices.indi.drivers import program_of
from obsy.engine.devices.offers import offers_of
from obsy.engine.devices.phd2.present import is_present
from obsy.engine.doctor.checks import OPTIONAL, PROGRAMS
from obsy.engine.doctor.facts import Facts
from obsy.engine.doctor.second_opinion import opinions
from obsy.engine.identity import DIRTY
from obsy.errors import DeviceError, UserError
from obsy.schemas.device import Device
from obsy.schemas.enclosure import Enclosure
from obsy.schemas.mount import Mount
from obsy.schemas.plan import Plan
from obsy.schemas.recipient import Recipient
from obsy.schemas.server import DeviceServer
from obsy.schemas.site import Site
from obsy.schemas.weather import Weather

SKY = Path(str(files("obsy.engine.sky")))
PATIENCE_S = 5.0
BYTES_A_PIXEL = 12
"""Of one light: two as it was taken, four calibrated, four on the plan's grid, and two while it is copied."""
LONGEST_NIGHT_S, USUAL_S = 12 * 3600.0, 120.0
REQUIREMENT = re.compile(r"([\w.-]+)>=([\d.]+)(?:.*extra == ['\"](\w+)['\"])?")
LISTENING, EVERYBODY, INDI = "0A", {"0" * 8, "0" * 32}, 7624


def gather(root: Path, seen: Survey) -> Facts:
    """Return what can be found out on this machine about it and the observatory at `root`."""
    declared = seen.declared
    site = next((entry.document for entry in declared.of(Site)), None)
    every = tuple(dict.fromkeys(_devices(declared)))
    hanging = {each: server for each in every if site is not None and (server := _server_of(each, site)) is not None}
    begun = {each.indi: program_of(each) or "" for each in every if each.indi is not None and each not in hanging}
    devices = tuple(begun)
    told = (entry.document.guider for entry in in_use(declared))
    guiders = tuple(dict.fromkeys(each.phd2 for each in told if each is not None))
    data = root / site.data if site else root
    sought = {*PROGRAMS, *OPTIONAL, *begun.values()}
    git = commit(root)
    sky, midnights = opinions(declared, datetime.now(UTC), events=not seen.complaints)
    return Facts(
        python=sys.version_info[:2],
        libraries=_libraries({"ekos", "indi"} if any(each.indi for each in every) else set(), declared),
        programs=frozenset(filter(shutil.which, sought)),
        kstars=_kstars(),
        data=(*_unlicensed(), *_broken(SKY / "planets")),
        declared=site is not None,
        complaints=len(seen.complaints) if site else 0,
        devices=devices,
        drivers={each: program for each, program in begun.items() if program},
        servers=tuple(f"{each.name} at {each.at}" for each in dict.fromkeys(hanging.values())),
        lacking=tuple(_lacking(hanging, declared)),
        guiders=guiders,
        silent=tuple(each for each in guiders if not is_present(each)),
        must_guide=any(entry.document.guiding == "required" for entry in declared.of(Plan)),
        night_gb=_night_gb(declared),
        free_gb=shutil.disk_usage(_above(data)).free / 1e9,
        writable=all(os.access(_above(each), os.W_OK) for each in (data, root / ".obsy")),
        git=None if git is None else "changed" if git.endswith(DIRTY) else "clean",
        shadows=tuple(path.name for path in root.glob("*.py") if path.stem in sys.stdlib_module_names),
        sky=sky,
        midnights=midnights,
        synchronised=_synchronised(),
        encoding=locale.getpreferredencoding(),
        open_files=resource.getrlimit(resource.RLIMIT_NOFILE)[0],
        open_ports=tuple(open_ports(_tables(), _indi_ports())),
        guard_enabled=_systemd("obsy-guard.service", "enabled"),
        lingers=_said("loginctl", "show-user", str(os.getuid()), "--property=Linger", "--value") == "yes",
        suspends=any(Path("/sys/class/power_supply").glob("BAT*")) and not _systemd("sleep.target", "masked"),
        container=any(Path(each).exists() for each in ("/.dockerenv", "/run/.containerenv")),
    )


def _server_of(device: Device, site: Site) -> DeviceServer | None:
    with suppress(UserError):  # a complaint, which is counted
        return server_of(device, site)
    return None


def _lacking(hanging: Mapping[Device, DeviceServer], declared: Declared) -> Iterator[str]:
    """Yield which servers do not answer, and which devices and gauges one that does has not."""
    for server in dict.fromkeys(hanging.values()):
        names = [each.called for each, its in hanging.items() if its == server]
        try:
            seen = offers_of(server)
        except DeviceError as silent:
            yield f"{silent} ('{server.name}')"
        else:
            if gone := [f"no '{name}'" for name in names if name not in seen]:
                has = ", ".join(f"'{each}'" for each in sorted(seen)) or "no device"
                yield f"'{server.name}' has {' and '.join(gone)}, but {has}"
            for each in (entry.document for entry in declared.of(Weather)):
                name = each.device.called if each.device is not None else ""
                if name in names and name in seen and (lacks := seen[name].untold(each.measures, each.device)):
                    yield f"'{name}' tells no {' and no '.join(lacks)}, which weather '{each.name}' is to measure"


def _devices(declared: Declared) -> Iterator[Device]:
    parts: list[Device | None] = [entry.document.device for entry in declared.of(Enclosure)]
    parts += [entry.document.device for entry in declared.of(Mount)]
    for train in (entry.document for entry in in_use(declared)):
        parts += [each.device for each in train.parts.values()]
    parts += [entry.document.device for entry in declared.of(Weather)]
    return (each for each in parts if each is not None and each.called)


def _libraries(extras: set[str], declared: Declared) -> dict[str, tuple[str | None, str]]:
    """What is installed of what obsy asks for, with what else these documents need."""
    if declared.of(Recipient):
        extras.add("telling")
    sources = [entry.document.device for entry in declared.of(Weather)]
    if any(each is not None and (each.mqtt or each.serial) for each in sources):
        extras.add("sensors")
    found: dict[str, tuple[str | None, str]] = {}
    for each in metadata.requires("obsy") or ():
        match = REQUIREMENT.match(each)
        if match and match[3] in {None, *extras}:
            found[match[1]] = (_installed(match[1]), match[2])
    return found


def _installed(name: str) -> str | None:
    with suppress(metadata.PackageNotFoundError):
        return metadata.version(name)
    return None


def _kstars() -> tuple[int, int, int] | None:
    with suppress(DeviceError, OSError):
        return kstars_version()
    return None


def _unlicensed() -> Iterator[str]:
    """Yield shipped tables that are missing, or of which the README beside them says nothing."""
    for folder, kind in ((TABLES, "*.csv"), (SKY / "stars", "*.npy"), (SKY / "planets", "*.npy")):
        terms = (folder / "README.md").read_text(encoding="utf-8")
        named = set(re.findall(r"[\w-]+\.(?:csv|npy)", terms))
        yield from sorted(named ^ {path.name for path in folder.glob(kind)})


def _broken(folder: Path) -> Iterator[str]:
    """Yield the numbers of the planets and the Moon if they are not those whose hash stands beside them."""
    known = re.search(r"\b[0-9a-f]{64}\b", (folder / "README.md").read_text(encoding="utf-8"))
    path = folder / "planets.npy"
    if path.exists() and (known is None or hashlib.sha256(path.read_bytes()).hexdigest() != known[0]):
        yield f"{path.name}, which is not whole"


def _night_gb(declared: Declared) -> float:
    goals = [goal for entry in declared.of(Plan) for goal in entry.document.want]
    exposure_s = sum(each.exposure for each in goals) / len(goals) if goals else USUAL_S
    shapes = ((entry.document.shape, entry.document.camera.download) for entry in in_use(declared))
    return sum(
        rows * columns * BYTES_A_PIXEL * LONGEST_NIGHT_S / (exposure_s + read_s) / 1e9
        for (rows, columns), read_s in shapes
    )


def _above(path: Path) -> Path:
    return next(each for each in (path, *path.absolute().parents) if each.is_dir())


def _said(*command: str) -> str | None:
    """What a program prints; None if it is not there, fails or takes too long."""
    with suppress(OSError, subprocess.TimeoutExpired):
        told = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_S, check=False)  # noqa: S603
        return told.stdout.strip() or None
    return None


def _synchronised() -> bool | None:
    if (said := _said("timedatectl", "show", "--property=NTPSynchronized", "--value")) is not None:
        return said == "yes"
    said = _said("chronyc", "-c", "tracking")
    return None if said is None else not said.startswith("00000000")


def _systemd(unit: str, state: str) -> bool | None:
    said = _said("systemctl", "is-enabled", unit)
    return None if said is None else said == state


def _tables() -> Iterator[str]:
    for name in ("tcp", "tcp6"):
        with suppress(OSError):
            yield from Path("/proc/net", name).read_text(encoding="ascii").splitlines()[1:]


def _indi_ports() -> Iterator[int]:
    """Yield the ports of INDI servers on this machine, and the usual one."""
    yield INDI
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError, ValueError):
            words = (process / "cmdline").read_text(encoding="utf-8").split("\0")
            if Path(words[0]).name == "indiserver" and "-p" in words:
                yield int(words[words.index("-p") + 1])


def open_ports(lines: Iterable[str], sought: Iterable[int]) -> Iterator[int]:
    """Yield those of the ports at which everybody is listened to.

    lines: of /proc/net/tcp, without its head. Source: proc_net_tcp in the kernel's documentation.
    """
    wanted = set(sought)
    for line in lines:
        _, local, _, state, *_ = line.split()
        address, port = local.split(":")
        if state == LISTENING and address in EVERYBODY and int(port, 16) in wanted:
            wanted.remove(int(port, 16))
            yield int(port, 16)
