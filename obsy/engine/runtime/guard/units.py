"""Units for systemd, so that the guard of the roofs outlives whoever else is at work."""

import getpass
import re
import sys
from pathlib import Path

GUARD = """\
# /etc/systemd/system/obsy-guard.service
[Unit]
Description=obsy keeps the roofs of {path}
After=network.target time-sync.target
StartLimitIntervalSec=0

[Service]
Type=notify
User={user}
WorkingDirectory={path}
ExecStart={program} guard {folder}{site}
Restart=always
RestartSec=1
# It says so while it truly watches; one that hangs is killed and begun again, and first looks at the roofs.
WatchdogSec=30
WatchdogSignal=SIGKILL
# Told to stop, it closes every roof first, however long that takes; nothing may kill it before.
TimeoutStopSec=infinity
SendSIGKILL=no
KillMode=mixed
OOMScoreAdjust=-900
Nice=-5

[Install]
WantedBy=multi-user.target
"""
NIGHT = """\
# /etc/systemd/system/obsy-night.service
[Unit]
Description=obsy observes tonight from {path}
Wants=obsy-guard.service
After=obsy-guard.service

[Service]
Type=exec
User={user}
WorkingDirectory={path}
ExecStart={program} apply plans/{site}
Restart=on-failure
RestartSec=30
# What tells people of a night that died outlives it.
KillMode=process
TimeoutStopSec=infinity
"""
TIMER = """\
# /etc/systemd/system/obsy-night.timer
[Unit]
Description=obsy begins every night in the afternoon

[Timer]
OnCalendar=*-*-* 14:00
Persistent=true

[Install]
WantedBy=timers.target
"""


def unit_files(folder: Path, site: str | None, program: str = "", user: str = "") -> str:
    """Return the units of an observatory, each headed by where it belongs."""
    words = {
        "path": _literal(str(folder)),
        "folder": _word(str(folder)),
        "site": f" --site {_word(site)}" if site else "",
        "program": program or f"{_word(sys.executable)} -P -m obsy",
        "user": user or getpass.getuser(),
    }
    return "\n".join(each.format(**words) for each in (GUARD, NIGHT, TIMER))


def _literal(text: str) -> str:
    """Return a text in which systemd replaces nothing. Source: systemd.unit(5), "Specifiers"."""
    return text.replace("%", "%%")


def _word(text: str) -> str:
    """Return one word of a command. Source: systemd.service(5), "Command lines"."""
    if re.fullmatch(r"[\w/.:@+-]+", text):
        return text
    return '"' + re.sub(r'([\\"])', r"\\\1", _literal(text)).replace("$", "$$") + '"'
