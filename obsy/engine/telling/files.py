"""What other programs read from a file. A file that is old must say by itself that it is."""

import json
import shlex
from datetime import datetime, timedelta
from pathlib import Path

from obsy.engine.disk import write_whole
from obsy.engine.journal import stamp
from obsy.engine.report.words import by_local_clocks, stamped
from obsy.engine.telling.situation import Outlook
from obsy.units import WEATHER

VALID_S = 60
"""How long a file may be believed after it was written."""
LONGEST = 300
"""Characters of a reason; the Weather Safety Proxy reads 8191 bytes in all."""
SCRIPT = """\
#!/bin/sh
# Written by obsy for INDI's Weather Safety Proxy: safe only while obsy says so, and has said so within {valid} seconds.
said=$(timeout 1 cat {state} 2>/dev/null)
until=${{said%% *}} now=$(date +%s)
if [ "$until" -ge "$now" ] 2>/dev/null && [ "$until" -le "$((now + {valid}))" ]; then
    printf '%s\\n' "${{said#* }}"
else
    printf '%s\\n' '{{"roof_status":{{"open_ok":0,"reasons":"obsy is silent"}}}}'
fi
"""


def write_safety_proxy(path: Path, told: Outlook, now: datetime, timezone: str) -> None:
    """Write the script, unless it is there, and beside it the answer that it gives, with its last second."""
    state = path.with_name(f"{path.name}.state")
    script = SCRIPT.format(state=shlex.quote(str(state.absolute())), valid=VALID_S).encode()
    reason = by_local_clocks(told.reason, timezone, now)[:LONGEST]
    answer = {"roof_status": {"open_ok": int(told.safe), "reasons": reason}}
    write_whole(state, f"{int(now.timestamp()) + VALID_S} {json.dumps(answer)}\n".encode())
    if not path.exists() or path.read_bytes() != script or not path.stat().st_mode & 0o100:
        write_whole(path, script)
        path.chmod(0o755)


def write_watcher(path: Path, told: Outlook, now: datetime, timezone: str) -> None:
    """Write one key, which is always there: the driver keeps the old value of one that is missing."""
    write_whole(path, f"clouds={0 if told.safe else 100}\n".encode())


def write_roof(path: Path, told: Outlook, now: datetime, timezone: str) -> None:
    """Write how the roof stands, and until when that may be believed."""
    write_whole(path, f"{told.roof}\nvalid until {stamp(now + timedelta(seconds=VALID_S))}\n".encode())


def write_overlay(path: Path, told: Outlook, now: datetime, timezone: str) -> None:
    """Write what belongs under a picture of the sky, with the time at which it was true."""
    reason = "" if told.safe else f": {by_local_clocks(told.reason, timezone, now)}"
    weather = [f"{WEATHER[name].label} {value:g} {WEATHER[name].unit}" for name, value in told.weather.items()]
    lines = [f"{'safe' if told.safe else 'UNSAFE'}{reason}", f"roof {told.roof}, {told.state}", ", ".join(weather)]
    write_whole(path, "\n".join([*filter(None, lines), f"obsy, {stamped(now, timezone)}", ""]).encode())


FORMS = {"safety_proxy": write_safety_proxy, "watcher": write_watcher, "roof": write_roof, "overlay": write_overlay}
"""By the word in `write`."""
