"""Request groups of the Observatory Control System of Las Cumbres Observatory (JSON of its portal)."""

from collections.abc import Iterator, Mapping
from typing import Any

from obsy.engine.importing.given import GivenFile, Part, tree_of_json
from obsy.engine.importing.places import place
from obsy.engine.importing.rtml import utc
from obsy.engine.importing.wish import UNSAID, Leftover, Wish, frames, plain

_LIMITS = {"max_airmass": ("airmass", "below {}"), "min_lunar_distance": ("moon", "farther than {} deg")}
_LIGHTS = ("EXPOSE", "REPEAT_EXPOSE", "STANDARD", "")
_MOTION = {"proper_motion_ra": 0, "proper_motion_dec": 0, "parallax": 0, "epoch": 2000}
"""Of a place, as it is where none is meant."""


def groups(source: GivenFile) -> Iterator[Wish | Leftover]:
    """Yield a wish for each target of each request of a group, of a list of groups, or of a page of them."""
    root = tree_of_json(source)
    for group in [*root, *root["results"]] or [root]:
        for request in [*group["requests"]] or [group["request"]]:
            yield from _targets(request, group, source)


def _targets(request: Part, group: Part, source: GivenFile) -> Iterator[Wish | Leftover]:
    of: dict[str, list[Part]] = {}
    for configuration in request["configurations"]:
        name, sort = configuration["target"]["name"].text or group["name"].text, configuration["type"].text
        if sort in _LIGHTS:
            of.setdefault(name, []).append(configuration)
        else:
            yield Leftover(source.line_of(f'"{name}"'), f"not carried over: the {sort} of '{name}'")
    turns = request["configuration_repeats"].number or 1
    for name, configurations in of.items():
        target, line = configurations[0]["target"], source.line_of(f'"{name}"')
        if target["type"].text not in ("ICRS", "I", ""):
            yield Leftover(
                line, f"'{name}': a target of the type {target['type'].text}", "write 'target:' of its plan by hand"
            )
            continue
        lost = list(_unsaid(configurations))
        when = _when(configurations[0]["constraints"], request, lost)
        if (phase := configurations[0]["constraints"]["max_lunar_phase"].number) is not None and phase < 1:
            when["moon"] = " and ".join(
                [*([when["moon"]] if "moon" in when else []), f"fainter than {plain(phase * 100)} %"]
            )
        goals = [goal for each in configurations for goal in _goals(each, turns)]
        yield Wish(
            name, line, place(target["ra"].number, target["dec"].number), tuple(goals), when, {}, lost=tuple(lost)
        )


def _goals(configuration: Part, turns: float) -> Iterator[Mapping[str, Any]]:
    """Yield the goals of a configuration; one that repeats for a time shares it among its exposures."""
    found = [
        (each, (each["exposure_time"].number or 0) * (each["exposure_count"].number or 0))
        for each in configuration["instrument_configs"]
    ]
    once_s, for_s = sum(exposed_s for _, exposed_s in found), configuration["repeat_duration"].number or 0
    for each, exposed_s in found:
        filters = each["optical_elements"]["filter"].text or UNSAID
        goal = frames(filters, each["exposure_time"].number, turns * (each["exposure_count"].number or 0))
        if goal is not None and configuration["type"].text == "REPEAT_EXPOSE" and 0 < once_s <= for_s < 1e6:  # noqa: PLR2004
            goal = {**goal, "total": f"{plain(turns * for_s * exposed_s / once_s)} s"}
            del goal["count"]
        if goal is not None:
            yield goal


def _unsaid(configurations: list[Part]) -> Iterator[str]:
    """Yield what the configurations of a target say beyond places, exposures and the first one's limits."""
    limits = configurations[0]["constraints"]
    for each in configurations:
        if each["instrument_type"].text:
            yield f"the instrument {each['instrument_type'].text}"
        yield from (
            f"{key} {plain(value)}"
            for key, usual in _MOTION.items()
            if (value := each["target"][key].number) is not None and value != usual
        )
        said = each["constraints"]
        yield from (
            f"{key} {said[key].text}"
            for key in said.keys
            if said[key].text and (said[key] != limits[key] or key not in (*_LIMITS, "max_lunar_phase"))
        )
        for one in each["instrument_configs"]:
            more = one["extra_params"]
            yield from (f"{key} {one[key].text}" for key in ("mode", "rotator_mode") if one[key].text)
            yield from (f"{key} {more[key].text}" for key in more.keys if more[key].text)


def _when(constraints: Part, request: Part, lost: list[str]) -> dict[str, str]:
    when = {
        word: phrase.format(plain(value))
        for key, (word, phrase) in _LIMITS.items()
        if (value := constraints[key].number) is not None and value > 1
    }
    windows = list(request["windows"])
    if windows:
        first, last = utc(windows[0]["start"].text), utc(windows[0]["end"].text)
        when["dates"] = " and ".join(f"{word} {said}" for word, said in (("after", first), ("before", last)) if said)
        lost += [f"the window from {utc(each['start'].text)}: give it a plan of its own" for each in windows[1:]]
    return {key: said for key, said in when.items() if said}
