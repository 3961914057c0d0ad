"""Request groups of the Observatory Control System of Las Cumbres Observatory (JSON of its portal)."""

from collections.abc import Iterator, Mapping
from typing import Any

from obsy.engine.importing.all_or_one import ALL, ONE, joined
from obsy.engine.importing.format import reads
from obsy.engine.importing.given import GivenFile
from obsy.engine.importing.places import place
from obsy.engine.importing.plain_text import digits
from obsy.engine.importing.rtml import utc
from obsy.engine.importing.trees import Part
from obsy.engine.importing.wish import UNSAID, Leftover, Wish, frames, phrase

_LIGHTS = ("EXPOSE", "REPEAT_EXPOSE", "STANDARD", "")
_NOTHING = (
    r"(name|proposal|ipp_value|observation_type|state|submitter|created|modified|id) .*"
    r"|type ICRS|type SIDEREAL|epoch 2000(\.0)?|(proper_motion_ra|proper_motion_dec|parallax) 0(\.0)?"
    r"|(min_lunar_distance [01]|max_lunar_phase 1)(\.0)?"
)


@reads("OCS request group", r"\"configurations\"", "'requests' with 'configurations'", _NOTHING)
def groups(source: GivenFile) -> Iterator[Wish | Leftover]:
    """Yield a wish for each target of each request of a group, of a list of groups, or of a page of them."""
    root = source.json()
    taken: set[str] = set()
    for group in [*root, *root["results"]] or [root]:
        requests = [*group["requests"]] or [group["request"]]
        found = [list(_targets(request, group, source)) for request in requests]
        operator = group["operator"]
        if operator.text not in ("", "SINGLE", "MANY", ALL, ONE):
            operator.leave()
        yield from joined(operator.text, group["name"].text, found, taken)


def _targets(request: Part, group: Part, source: GivenFile) -> Iterator[Wish | Leftover]:
    of: dict[tuple[str, ...], list[Part]] = {}
    for configuration in request["configurations"]:
        name, sort = configuration["target"]["name"].text or group["name"].text, configuration["type"].text
        if sort in _LIGHTS:
            place_of_it = (configuration["target"][key].text for key in ("type", "ra", "dec"))
            of.setdefault((name, *place_of_it), []).append(configuration)
        else:
            yield Leftover(
                source.line_of(f'"{name}"'), f"not carried over: the {sort} of '{name}'", "", (configuration,)
            )
    turns = request["configuration_repeats"].number or 1
    for (name, *_), configurations in of.items():
        target, line = configurations[0]["target"], source.line_of(f'"{name}"')
        if target["type"].text not in ("ICRS", "I", ""):
            found = f"'{name}': a target of the type {target['type'].text}"
            yield Leftover(line, found, "write 'target:' of its plan by hand", tuple(configurations))
            continue
        lost = [
            f"the window from {utc(each['start'])} to {utc(each['end'])}: give it a plan of its own"
            for each in list(request["windows"])[1:]
        ]
        when = _when(configurations[0]["constraints"], request)
        goals = tuple(goal for each in configurations for goal in _goals(each, turns, lost))
        here = place(target["ra"].number, target["dec"].number)
        yield Wish(name, line, here, goals, when, lost=tuple(lost), parts=(*configurations, request))


def _goals(configuration: Part, turns: float, lost: list[str]) -> Iterator[Mapping[str, Any]]:
    """Yield the goals of a configuration; one that repeats for a time shares it among its exposures."""
    found = [
        (each, (each["exposure_time"].number or 0) * (each["exposure_count"].number or 0))
        for each in configuration["instrument_configs"]
    ]
    once_s, for_s = sum(exposed_s for _, exposed_s in found), configuration["repeat_duration"].number or 0
    for each, exposed_s in found:
        filters = each["optical_elements"]["filter"].text or UNSAID
        goal = frames(filters, each["exposure_time"].number, turns * (each["exposure_count"].number or 0), lost)
        if goal is not None and configuration["type"].text == "REPEAT_EXPOSE" and 0 < once_s <= for_s < 1e6:  # noqa: PLR2004
            goal = {**goal, "total": f"{digits(turns * for_s * exposed_s / once_s)} s"}
            del goal["count"]
        if goal is not None:
            yield goal


def _when(limits: Part, request: Part) -> dict[str, str]:
    """Return the limits of a target's first configuration, and the first window of its request."""
    air, apart = limits["max_airmass"].within(1), limits["min_lunar_distance"].within(1)
    lit = limits["max_lunar_phase"].within(0, 1)
    window = next(iter(request["windows"]), Part(None))
    return {
        "airmass": phrase(("below {}", air)),
        "moon": phrase(("farther than {} deg", apart), ("fainter than {} %", lit if lit is None else lit * 100)),
        "dates": phrase(("after {}", utc(window["start"])), ("before {}", utc(window["end"]))),
    }
