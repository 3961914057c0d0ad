"""What a machine must have, and what it had better have: one row a check, judged from facts alone."""

from collections.abc import Callable
from enum import StrEnum
from typing import NamedTuple

from obsy.engine.devices.ekos.dialects import KNOWN, is_known
from obsy.engine.devices.indi.simulators import SIMULATORS
from obsy.engine.doctor.facts import Facts


class Level(StrEnum):
    """How a check came out."""

    FIT = "fit"
    UNNEEDED = "unneeded"
    """It is not there, and nothing here asks for it."""
    WARNING = "warning"
    LACKING = "lacking"


class Finding(NamedTuple):
    """What was found of one thing, and the command or deed that mends it; '' if nothing need be."""

    check: str
    level: Level
    found: str
    mend: str = ""


class Check(NamedTuple):
    """One thing that is looked at."""

    name: str
    fits: Callable[[Facts], bool | None]
    """None if nobody can say."""
    found: Callable[[Facts], str]
    mend: str
    unfit: Level = Level.LACKING
    """What it is when it does not fit; what nobody can say is a warning at most."""
    real: bool = False
    """Whether it matters for real nights alone."""


PROGRAMS = {
    "indiserver": ("INDI's server, which moves roof and mount", "indi-bin"),
    "Xvfb": ("the screen on which KStars runs unseen", "xvfb"),
    "dbus-daemon": ("the message bus by which obsy speaks with KStars", "dbus"),
}
"""What a real night starts, by program: what it is, and Debian's package."""
OPTIONAL = {
    "phd2": "no guider is declared",
    "solve-field": "obsy solves frames by its own stars",
    "siril": "obsy reduces and stacks by itself",
}
"""What observers have, and obsy does without; why."""
OLDEST, FILES = (3, 11), 1024


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(".") if part.isdecimal())


def _unmet(facts: Facts) -> list[str]:
    wanted = facts.libraries.items()
    return [f"{name} {has or 'missing'} (needs {least})" for name, (has, least) in wanted if not _meets(has, least)]


def _meets(has: str | None, least: str) -> bool:
    return has is not None and _version(has) >= _version(least)


def _said(kstars: tuple[int, ...] | None) -> str:
    return f"KStars {'.'.join(map(str, kstars))}" if kstars else "not installed"


def _program(name: str, what: str, package: str) -> Check:
    where = f"{what}; not on the PATH"
    found = lambda facts: what if name in facts.programs else where  # noqa: E731
    return Check(name, lambda facts: name in facts.programs, found, f"sudo apt-get install {package}", real=True)


def _strange(facts: Facts) -> list[str]:
    return [each for each in facts.devices if facts.drivers.get(each) not in facts.programs]


def _guides(facts: Facts) -> bool | None:
    """Return whether every PHD2 that is declared is there; where no plan requires one, nobody can say until the night.

    Somebody begins it, perhaps at dusk only.
    """
    return not facts.silent or (False if facts.must_guide else None)


def _guiders(facts: Facts) -> str:
    said = f"no PHD2 answers at {', '.join(facts.silent)}" if facts.silent else f"PHD2 at {', '.join(facts.guiders)}"
    needed = "; a plan requires guiding" if facts.silent and facts.must_guide else ""
    return f"{said}{needed}" if facts.guiders else "none is declared"


def _room(facts: Facts) -> str:
    free = "unknown" if facts.free_gb is None else f"{facts.free_gb:.0f} GB free"
    return f"{free}; a night can fill {facts.night_gb:.0f} GB"


def _sky(facts: Facts) -> str:
    """Say what of tonight is too far from astroplan's; else that which comes nearest to it."""
    if not facts.sky:
        return "no site is declared"
    far = [f"{each.what} is {each.by:.3g} {each.unit} from astroplan's" for each in facts.sky if each.by > each.at_most]
    most = max(facts.sky, key=lambda each: each.by / each.at_most)
    agree = f"astroplan agrees on {len(facts.sky)} times and heights of tonight"
    return "; ".join(far) or f"{agree}; farthest apart: {most.what}, by {most.by:.2g} {most.unit}"


def _strange_clocks(facts: Facts) -> list[str]:
    return [each.site for each in facts.midnights if each.off_h > MIDNIGHT_H]


def _midnights(facts: Facts) -> str:
    clocks = [f"the Sun is lowest over {each.site} at {each.clock} of {each.timezone}" for each in facts.midnights]
    return "; ".join(clocks) or "nobody can say when the Sun is lowest"


MIDNIGHT_H = 4.0
"""From midnight by the clock; in China's west, and in Alaska's in summer, the Sun is lowest after three."""
CLOCK = {True: "synchronised", False: "nothing sets it", None: "nobody can tell"}
SLEEP = "sudo systemctl mask sleep.target suspend.target hibernate.target hybrid-sleep.target"
CHECKS = (
    Check("python", lambda f: f.python >= OLDEST, lambda f: f"Python {f.python[0]}.{f.python[1]}",
          "install Python 3.11 or newer, and run scripts/install.sh again"),
    Check("libraries", lambda f: not _unmet(f), lambda f: "; ".join(_unmet(f)) or f"{len(f.libraries)} are there",
          "run scripts/install.sh in obsy's folder"),
    Check("tables", lambda f: not f.data, lambda f: ", ".join(f.data) or "stars, names, planets, and their licences",
          "install obsy anew: its files are damaged"),
    Check("observatory", lambda f: f.declared, lambda f: "declared here" if f.declared else "none here",
          "obsy init my-observatory", Level.WARNING),
    Check("files", lambda f: not f.complaints, lambda f: f"complaints: {f.complaints or 'none'}", "obsy validate"),
    Check("kstars", lambda f: is_known(f.kstars), lambda f: _said(f.kstars),
          f"install KStars {KNOWN}: scripts/real-parts.sh, on a system that has it", real=True),
    *(_program(name, *about) for name, about in PROGRAMS.items()),
    Check("drivers", lambda f: not _strange(f), lambda f: ", ".join(_strange(f) or f.devices) or "none is declared",
          "say what drives each ('device: {indi: …, driver: …}'), and install that; or name the site's 'servers'; "
          f"or rehearse; without, obsy begins INDI's simulators: {', '.join(SIMULATORS)}", real=True),
    Check("servers", lambda f: not f.lacking, lambda f: "; ".join(f.lacking or f.servers) or "none is declared",
          "begin server and drivers where they are, or correct 'servers' in site/ and the names of the devices",
          real=True),
    Check("guider", _guides, _guiders, "start PHD2 there, and enable its server (Tools, Enable Server); or correct "
          "'phd2' in the train's 'guider'", real=True),
    Check("disk", lambda f: None if f.free_gb is None else f.free_gb > f.night_gb, _room,
          "make room, or name another disk: 'data: /big/disk' in site/", Level.WARNING),
    Check("writable", lambda f: f.writable, lambda f: "data and .obsy" if f.writable else "data or .obsy is read-only",
          "sudo chown -R $USER the observatory's folder"),
    Check("clock", lambda f: f.synchronised, lambda f: CLOCK[f.synchronised],
          "sudo timedatectl set-ntp true", real=True),
    Check("sky", lambda f: all(each.by <= each.at_most for each in f.sky), _sky,
          "run scripts/install.sh in obsy's folder: ERFA, astropy or a table of the Earth's turning is damaged or of "
          "another year"),
    Check("midnight", lambda f: not _strange_clocks(f), _midnights,
          "correct 'longitude' (east is positive) or 'timezone' in site/", Level.WARNING),
    Check("locale", lambda f: f.encoding.lower().replace("-", "") == "utf8", lambda f: f.encoding,
          "export LANG=C.UTF-8", Level.WARNING),
    Check("open-files", lambda f: f.open_files >= FILES, lambda f: f"{f.open_files} at once",
          f"ulimit -n {FILES}", Level.WARNING),
    Check("git", lambda f: f.git == "clean", lambda f: {"clean": "all committed", "changed": "changes not committed",
          None: "no repository: frames cannot say what asked for them"}[f.git],
          "git init; git add . && git commit", Level.WARNING),
    Check("file-names", lambda f: not f.shadows, lambda f: ", ".join(f.shadows) or "none is Python's",
          "give the file another name: Python may take it for its own", Level.WARNING),
    Check("indi-port", lambda f: not f.open_ports, lambda f: ", ".join(map(str, f.open_ports)) or "none is open",
          "sudo ufw deny PORT: whoever reaches it moves the roof", Level.WARNING),
    Check("guard", lambda f: f.guard_enabled, lambda f: "systemd keeps it" if f.guard_enabled else "no systemd unit",
          "obsy guard --units, and put them where they say", Level.WARNING, real=True),
    Check("linger", lambda f: f.guard_enabled or f.lingers, lambda f: "outlives the login" if f.lingers else "does not",
          "loginctl enable-linger", Level.WARNING, real=True),
    Check("sleep", lambda f: None if f.suspends is None else not f.suspends,
          lambda f: "a laptop that may suspend" if f.suspends else "stays awake", SLEEP, Level.WARNING, real=True),
    Check("container", lambda f: not f.container, lambda f: "in a container" if f.container else "none",
          "keep one obsy for a device: outside of the container its locks are not seen", Level.WARNING, real=True),
)  # fmt: skip


def findings(facts: Facts, checks: tuple[Check, ...] = CHECKS) -> list[Finding]:
    """Return what every check says of a machine, what observers often have and obsy does without too."""
    found = [_judged(each, facts) for each in checks]
    return found + [
        _optional(name, why, facts) for name, why in OPTIONAL.items() if name != "phd2" or not facts.guiders
    ]


def _judged(check: Check, facts: Facts) -> Finding:
    fits, said = check.fits(facts), check.found(facts)
    if fits:
        return Finding(check.name, Level.FIT, said)
    if check.real and not facts.is_real:
        return Finding(check.name, Level.UNNEEDED, f"{said}; rehearsals need none")
    level = Level.WARNING if fits is None else check.unfit
    return Finding(check.name, level, said, check.mend)


def _optional(name: str, why: str, facts: Facts) -> Finding:
    is_there = name in facts.programs
    return Finding(name, Level.FIT if is_there else Level.UNNEEDED, f"{'' if is_there else 'not '}installed; {why}")
