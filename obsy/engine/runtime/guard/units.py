"""Units for systemd, so that the guard of the roofs outlives whoever else is at work."""

import getpass
import shlex
import sys
from pathlib import Path

GUARD = """\
# /etc/systemd/system/obsy-guard.service
[Unit]
Description=obsy keeps the roofs of {folder}
After=network.target time-sync.target
StartLimitIntervalSec=0

[Service]
User={user}
WorkingDirectory={folder}
ExecStart={program} guard {folder}{site}
Restart=always
RestartSec=1
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
Description=obsy observes tonight from {folder}
Wants=obsy-guard.service
After=obsy-guard.service

[Service]
Type=exec
User={user}
WorkingDirectory={folder}
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
        "folder": shlex.quote(str(folder)),
        "site": f" --site {shlex.quote(site)}" if site else "",
        "program": program or f"{sys.executable} -m obsy",
        "user": user or getpass.getuser(),
    }
    return "\n".join(each.format(**words) for each in (GUARD, NIGHT, TIMER))
