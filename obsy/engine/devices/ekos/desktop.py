"""Where a headless KStars lives: a screen nobody sees, a message bus nobody else uses, a home of its own."""

import os
import select
from pathlib import Path

from obsy.engine.devices.ekos.profile import PROFILE
from obsy.engine.devices.indi.children import Children
from obsy.engine.render import render
from obsy.errors import DeviceError
from obsy.schemas.site import Location

_PATIENCE_S = 20.0
_NOT_OURS = {"WAYLAND_DISPLAY", "LANGUAGE", "SESSION_MANAGER", "QT_STYLE_OVERRIDE"}


def surroundings(home: Path, sockets: Path) -> dict[str, str]:
    """This person's environment, with a home, a language and a time zone that are KStars' alone."""
    environment = {name: value for name, value in os.environ.items() if name not in _NOT_OURS}
    return environment | {
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home / ".config"),
        "XDG_DATA_HOME": str(home / ".local" / "share"),
        "XDG_CACHE_HOME": str(home / ".cache"),
        "XDG_RUNTIME_DIR": str(sockets),
        "QT_QPA_PLATFORM": "xcb",
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
    }


def start_desktop(children: Children, environment: dict[str, str]) -> None:
    """Starts the screen and the bus, and adds where they are to the environment."""
    screen = ["Xvfb", "-screen", "0", "1280x1024x24", "-nolisten", "tcp", "-displayfd", "{pipe}"]
    environment["DISPLAY"] = f":{_told(children, environment, screen)}"
    bus = ["dbus-daemon", "--session", "--nofork", "--nopidfile", "--print-address={pipe}"]
    environment["DBUS_SESSION_BUS_ADDRESS"] = _told(children, environment, bus)


def _told(children: Children, environment: dict[str, str], command: list[str]) -> str:
    """The first line a program writes to the pipe whose number replaces {pipe} in its command."""
    reader, writer = os.pipe()
    with open(reader, encoding="ascii") as answer:
        try:
            children.start([word.format(pipe=writer) for word in command], environment, pipe=writer)
        finally:
            os.close(writer)  # so that a program which ends also ends the answer
        ready, _, _ = select.select([answer], [], [], _PATIENCE_S)
        line = answer.readline().strip() if ready else ""
    if not line:
        raise DeviceError(f"{command[0]} did not start; its words are in {children.logs}")
    return line


def write_settings(site: Location, configuration: Path) -> None:
    """Write kstarsrc and kwalletrc: no wizard, no questions, no network, and a clock that shows UTC.

    configuration: the folder that XDG_CONFIG_HOME names.
    """
    configuration.mkdir(parents=True, exist_ok=True)
    text = render(
        "ekos/kstarsrc",
        profile=PROFILE,
        latitude_deg=f"{site.latitude_deg:.6f}",
        longitude_deg=f"{site.longitude_deg:.6f}",
        elevation_m=f"{site.elevation_m:.1f}",
    )
    (configuration / "kstarsrc").write_text(text, encoding="utf-8")
    (configuration / "kwalletrc").write_text("[Wallet]\nEnabled=false\n", encoding="utf-8")
