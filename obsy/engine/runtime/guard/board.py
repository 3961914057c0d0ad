"""The firmware of a relay board that closes a roof by itself when obsy falls silent."""

import json
import re
from importlib.resources import files
from math import ceil
from pathlib import Path
from string import Template

from obsy.engine.declare.equipment import equipment_to_keep
from obsy.engine.declare.recipients import audience
from obsy.errors import UserError
from obsy.schemas.enclosure import Enclosure
from obsy.schemas.output import Write

SILENCE_S = 90
"""A lease of 30 s that has ended, and six of the guard's messages, one every 10 s, that have not come."""
PAUSE_S = 600
"""Between two tries to close, so that no motor burns."""
LONGEST_NAME = 31
"""Source: ESPHome's documentation of `esphome: name`."""
PORT, TLS_PORT = "1883", "8883"
LOCAL = re.compile(r"(localhost|ip6-localhost|127\.[\d.]+|0\.0\.0\.0)(:|\.?$)", re.IGNORECASE)
"""A broker that is found under this name from its own machine alone."""
ONLY_IF = re.compile(r" *#: (\w+)$")
"""Ends a line of the template that is there only if something is so."""


def firmware(root: Path, site: str | None, roof: str) -> str:
    """Return the YAML from which ESPHome makes the firmware of a roof's board.

    Raise UserError if there is no such roof, or no MQTT output from which the board could hear of it.
    """
    equipment = equipment_to_keep(root, site)
    known = {each.name: each for each in equipment.enclosures}
    if roof not in known:
        raise UserError(f"no roof '{roof}' here: name {'one of ' * (len(known) > 1)}{', '.join(known)}")
    return _rendered(known[roof], _heard_from(root, equipment.site.name, roof))


def _heard_from(root: Path, site: str, roof: str) -> tuple[Write, str]:
    """Return where obsy tells of this roof, and the topic: of this roof alone, if there is such an output."""
    told = audience(root, site)
    for each in sorted(told.outputs if told else (), key=lambda each: each.enclosure is None):
        broker = each.write.mqtt or ""
        if broker and not broker.endswith(f":{TLS_PORT}") and each.enclosure in (roof, None):
            if LOCAL.match(broker):
                raise UserError(
                    f"the board of '{roof}' cannot reach '{broker}', which for it is the board itself: in the output "
                    f"'{each.name}', name this machine as others in the house do, such as 'mqtt: 192.168.1.20'"
                )
            return each.write, each.write.topic or f"obsy/{each.name}"
    raise UserError(
        f"the board of '{roof}' would hear nothing: declare an output of kind 'output' with "
        f"'write: {{mqtt: HOST}}' on a broker in the house, without TLS, for 'enclosure: {roof}' or for all"
    )


def _rendered(roof: Enclosure, heard: tuple[Write, str]) -> str:
    write, topic = heard
    host, _, port = (write.mqtt or "").partition(":")
    name = re.sub(r"[^a-z0-9]+", "-", f"obsy-{roof.name}".lower())[:LONGEST_NAME].strip("-")
    template = files("obsy").joinpath("templates", "board", "roof.yaml").read_text(encoding="utf-8")
    so = {None, "parked" if roof.clearance == "parked" else None, "login" if write.login is not None else None}
    lines = [(ONLY_IF.search(line), line) for line in template.splitlines()]
    kept = [ONLY_IF.sub("", line) for mark, line in lines if (mark and mark[1]) in so]
    return Template("\n".join([*kept, ""])).substitute(
        roof=roof.name,
        name=name,
        broker=json.dumps(host),
        port=port or PORT,
        prefix=json.dumps(f"{topic}/board"),
        heartbeat=json.dumps(f"{topic}/guard"),
        silence=SILENCE_S,
        timeout=ceil(roof.timeout),
        pause=PAUSE_S,
    )
