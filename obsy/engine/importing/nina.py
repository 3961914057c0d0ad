"""N.I.N.A.: a target or a sequence (JSON with names of .NET types), and the export of its Target Scheduler."""

from collections.abc import Iterator, Mapping
from typing import Any

from obsy.engine.importing.given import DEEPEST, GivenFile, Part, tree_of_json
from obsy.engine.importing.places import HOURS, place
from obsy.engine.importing.wish import UNSAID, Leftover, Wish, frames, plain

PRIORITY = {"Low": 3, "High": 8}
TWILIGHT = {"Civil": 0, "3": 0, "Nautical": -6, "2": -6, "Astronomical": -12, "1": -12}
"""How low the Sun must be, degrees: each is the twilight that is still used. Source: TwilightCircumstances.cs."""


_OF_TEMPLATES = {
    "Gain": "-1",
    "Offset": "-1",
    "BinningMode": "1",
    "ReadoutMode": "-1",
    "MaximumHumidity": "0",
    "MoonRelaxScale": "0",
}
_OF_PROJECTS = {"MinimumTime": "0", "UseCustomHorizon": "False", "HorizonOffset": "0", "FilterSwitchFrequency": "0"}
_OF_TARGETS = {"ROI": "100"}
"""What of the Target Scheduler is not carried over, and what means that nothing is asked for."""


def sequence(source: GivenFile) -> Iterator[Wish | Leftover]:
    """Yield a wish for each target of a target file or a sequence."""
    every = list(_inside(tree_of_json(source)))
    if triggers := dict.fromkeys(_kind(each) for part in every for each in part["Triggers"]):
        yield Leftover(1, f"not carried over: the triggers {', '.join(triggers)}")
    conditions = (each for part in every for each in part["Conditions"] if each["Iterations"].value is None)
    if ends := dict.fromkeys(map(_kind, conditions)):
        yield Leftover(1, f"not carried over: the conditions {', '.join(ends)}; counts are those of one pass")
    found = [each for each in every if each["Target"]["InputCoordinates"].value is not None]
    for container in found:
        target = container["Target"]
        name = target["TargetName"].text or container["Name"].text
        line = source.line_of(f'"{target["TargetName"].text}"')
        if not name:
            yield Leftover(line, "a target without a name", "give it one in N.I.N.A.")
            continue
        want, lost = _exposures(container)
        yield Wish(name, line, _place(target["InputCoordinates"]), want, more=_angle(target), lost=lost)


def scheduler(source: GivenFile) -> Iterator[Wish | Leftover]:
    """Yield a wish for each target of a Target Scheduler export, unpacked or as the zip that it writes."""
    root = tree_of_json(source)
    projects = root["projects.json"] if root["projects.json"].value is not None else root
    beside = source.beside("exposureTemplates.json")
    listed = tree_of_json(GivenFile(source.path, beside)) if beside is not None else root["exposureTemplates.json"]
    templates = {each["Id"].text: each for each in listed}
    if not templates:
        mend = "import the zip that the Target Scheduler wrote"
        yield Leftover(1, "no exposure templates, which name the filters", mend)
    for project in projects:
        for target in project["Targets"]:
            line = source.line_of(f'"{target["Name"].text}"')
            yield _scheduled(project, target, templates, line)


def _inside(part: Part, depth: int = 0) -> Iterator[Part]:
    """Yield a container and all that it holds, in order."""
    if depth > DEEPEST:
        return
    yield part
    for item in part["Items"]:
        yield from _inside(item, depth + 1)


def _place(coordinates: Part) -> dict[str, str] | None:
    ra = [coordinates[f"RA{each}"].number for each in ("Hours", "Minutes", "Seconds")]
    dec = [coordinates[f"Dec{each}"].number for each in ("Degrees", "Minutes", "Seconds")]
    if None in ra[:1] + dec[:1]:
        return None
    hours, degrees = (sum(abs(each or 0) / 60**power for power, each in enumerate(parts)) for parts in (ra, dec))
    south = coordinates["NegativeDec"].value is True or (dec[0] or 0) < 0
    return place(hours * HOURS, -degrees if south else degrees)


def _angle(target: Part) -> dict[str, str]:
    """Return the position angle; before N.I.N.A. 3, `Rotation` was counted to the west."""
    angle, west = target["PositionAngle"].number, target["Rotation"].number
    angle = (360 - west) % 360 if angle is None and west else angle
    return {"angle": f"{plain(angle)} deg"} if angle else {}


def _exposures(container: Part) -> tuple[tuple[Mapping[str, Any], ...], tuple[str, ...]]:
    """Return the goals of a container, a loop's exposures as often as it turns, and the instructions that were left."""
    want: list[Mapping[str, Any]] = []
    lost: dict[str, None] = {}
    _walk(container, (UNSAID, 1), want, lost)
    for info in container["ExposureInfoList"] if not want else ():
        goal = frames(info["Filter"].text or UNSAID, info["ExposureTime"].number, info["Count"].number)
        want += [goal] if goal else []
    return tuple(want), tuple(f"the instruction {each}" for each in lost)


def _walk(
    part: Part, now: tuple[str, float], want: list[Mapping[str, Any]], lost: dict[str, None], depth: int = 0
) -> str:
    """Add what a container's instructions expose; return the filter that is in place after them."""
    filter_name, turns = now
    turns *= next((each["Iterations"].number or 1 for each in part["Conditions"] if each["Iterations"].number), 1)
    for item in part["Items"] if depth <= DEEPEST else ():
        kind = _kind(item)
        if item["Filter"]["_name"].text:
            filter_name = item["Filter"]["_name"].text
        if kind == "TakeExposure" and item["ImageType"].text.upper() in ("LIGHT", ""):
            exposure = item["ExposureTime"].number
            goal = frames(filter_name, exposure, turns, setting=_setting(item))
            want += [goal] if goal else []
        elif item["Items"].value is not None:
            filter_name = _walk(item, (filter_name, turns), want, lost, depth + 1)
        elif kind not in ("SwitchFilter", ""):
            lost[f"{kind} {item['ImageType'].text}".strip()] = None
    return filter_name


def _kind(item: Part) -> str:
    """Return the .NET class of an instruction, without where it comes from."""
    return item["$type"].text.partition(",")[0].rpartition(".")[2]


def _setting(item: Part) -> dict[str, int]:
    binning = item["Binning"]["X"].number
    levels = {key.lower(): item[key].number for key in ("Gain", "Offset")}  # -1 is N.I.N.A.'s 'as the camera is'
    setting = {key: int(value) for key, value in levels.items() if value is not None and 0 <= value < 1e4}  # noqa: PLR2004
    return setting | ({"binning": int(binning)} if binning and 1 < binning < 10 else {})  # noqa: PLR2004


def _scheduled(project: Part, target: Part, templates: Mapping[str, Part], line: int) -> Wish:
    want: list[Mapping[str, Any]] = []
    lost = [f"rule weights of '{project['Name'].text}'"] if list(project["RuleWeights"]) else []
    lost += [*_unlike(project, _OF_PROJECTS), *_unlike(target, _OF_TARGETS)]
    for plan in target["ExposurePlans"]:
        template = templates.get(plan["ExposureTemplateId"].text, Part(None))
        lost += [f"{each}, of {template['FilterName'].text}" for each in _unlike(template, _OF_TEMPLATES)]
        exposure = plan["Exposure"].number
        exposure = exposure if exposure and exposure > 0 else template["DefaultExposure"].number
        goal = frames(template["FilterName"].text or UNSAID, exposure, plan["Desired"].number, when=_when(template))
        want += [goal] if goal else []
        if (accepted := plan["Accepted"].number or 0) > 0:
            lost.append(f"{plain(accepted)} accepted frames in {template['FilterName'].text}: they stay N.I.N.A.'s")
    priority = PRIORITY.get(project["Priority"].text)
    more: dict[str, Any] = {"priority": priority} if priority else {}
    if (dither := project["DitherEvery"].number or 0) > 0:
        more["dither"] = f"every {plain(dither)} frames"
    if angle := target["Rotation"].number:
        more["angle"] = f"{plain(angle)} deg"
    if project["State"].text not in ("Active", "") or target["Enabled"].value is False:
        lost.append("that it is switched off: add 'paused: until' with a date")
    hours = target["RA"].number
    here = place(hours * HOURS if hours is not None else None, target["Dec"].number)
    return Wish(target["Name"].text, line, here, tuple(want), _project_when(project), more, lost=tuple(lost))


def _unlike(part: Part, usual: Mapping[str, str]) -> Iterator[str]:
    for key, nothing in usual.items():
        said = part[key].text if (value := part[key].number) is None else plain(value)
        if said not in ("", nothing):
            yield f"{key} {said}"


def _project_when(project: Part) -> dict[str, str]:
    low, high = project["MinimumAltitude"].number or 0, project["MaximumAltitude"].number or 0
    limits = [f"above {plain(low)} deg"] * (low > 0) + [f"below {plain(high)} deg"] * (high > 0)
    when = {"altitude": " and ".join(limits)} if limits else {}
    window = project["MeridianWindow"].number or 0
    return when | ({"meridian": f"within {plain(window)} min"} if window > 0 else {})


def _when(template: Part) -> dict[str, str]:
    """Return what a template says of Moon and twilight."""
    when: dict[str, str] = {}
    if template["MoonAvoidanceEnabled"].value is True and (apart := template["MoonAvoidanceSeparation"].number):
        when["moon"] = f"farther than {plain(apart)} deg"
        if (width := template["MoonAvoidanceWidth"].number or 0) > 0:
            when["moon"] += f" and width {plain(width)} d"
    if (sun := TWILIGHT.get(template["TwilightLevel"].text)) is not None:
        when["sun"] = f"below {sun} deg"
    return when
