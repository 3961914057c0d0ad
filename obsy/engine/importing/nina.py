"""N.I.N.A.: a target or a sequence (JSON with names of .NET types), and the export of its Target Scheduler."""

from collections.abc import Iterator, Mapping
from typing import Any

from obsy.engine.importing.format import reads
from obsy.engine.importing.given import GivenFile
from obsy.engine.importing.places import place
from obsy.engine.importing.plain_text import digits
from obsy.engine.importing.trees import Part, tree_of_json
from obsy.engine.importing.wish import UNSAID, Leftover, Wish, angle, frames, phrase
from obsy.units import DEGREES_PER_HOUR

PRIORITY = {"Low": 3, "High": 8}
TWILIGHT = {"Civil": 0, "3": 0, "Nautical": -6, "2": -6, "Astronomical": -12, "1": -12}
"""How low the Sun must be, degrees: each is the twilight that is still used. Source: TwilightCircumstances.cs."""
_NOTHING = (
    r"(\$id|\$type|\$ref|Name|Expanded|IsExpanded|Strategy|Parent|ErrorBehavior|Attempts|CompletedIterations|ExposureCount"
    r"|_\w+|FlatWizard\w+|Inherited|ImageType|Y|BinningY) ?.*|(Gain|Offset) -1|ROI 1(\.0)?"
)
_NOTHING_SCHEDULED = (
    r"(Id|ProfileId|ProjectId|TargetId|Guid|guid|Name|\w*Date|Epoch|Acquired|IsMosaic) .*"
    r"|(ReadoutMode|TwilightLevel) -1|ROI 100(\.0)?"
    r"|(MaximumHumidity|MoonRelaxScale|MinimumTime|HorizonOffset|FilterSwitchFrequency|DitherEvery) 0(\.0)?"
)


@reads("Target Scheduler export", r"\"ExposurePlans\"|\"exposureTemplates\.", "'Targets'", _NOTHING_SCHEDULED)
def scheduler(source: GivenFile) -> Iterator[Wish | Leftover]:
    """Yield a wish for each target of a Target Scheduler export, unpacked or as the zip that it writes."""
    root = source.json()
    projects = root["projects.json"] if root["projects.json"].value is not None else root
    beside = source.beside("exposureTemplates.json")
    listed = tree_of_json(beside, source.path) if beside is not None else root["exposureTemplates.json"]
    templates = {each["Id"].text: each for each in listed}
    if not templates:
        mend = "import the zip that the Target Scheduler wrote"
        yield Leftover(1, "no exposure templates, which name the filters", mend)
    for project in projects:
        for target in project["Targets"]:
            yield _scheduled(project, target, templates, source.line_of(f'"{target["Name"].text}"'))


@reads("N.I.N.A. sequence", r"\"NINA\.|\"InputCoordinates\"", "'InputCoordinates'", _NOTHING)
def sequence(source: GivenFile) -> Iterator[Wish | Leftover]:
    """Yield a wish for each target of a target file or a sequence."""
    every = list(_inside(source.json()))
    if triggers := dict.fromkeys(_kind(each) for part in every for each in part["Triggers"]):
        yield Leftover(1, f"not carried over: the triggers {', '.join(triggers)}")
    conditions = (each for part in every for each in part["Conditions"] if each["Iterations"].value is None)
    if ends := dict.fromkeys(map(_kind, conditions)):
        yield Leftover(1, f"not carried over: the conditions {', '.join(ends)}; counts are those of one pass")
    for container in every:
        target = container["Target"]
        name = target["TargetName"].text or container["Name"].text
        line = source.line_of(f'"{target["TargetName"].text}"')
        if target["InputCoordinates"].value is None:
            continue
        if not name:
            yield Leftover(line, "a target without a name", "give it one in N.I.N.A.", (container,))
            continue
        want, lost = _exposures(container)
        here = _place(target["InputCoordinates"])
        yield Wish(name, line, here, want, more=_angle(target), lost=lost, parts=(container,))


def _inside(part: Part) -> Iterator[Part]:
    """Yield a container and all that it holds, in order."""
    yield part
    for item in part["Items"]:
        yield from _inside(item)


def _place(coordinates: Part) -> dict[str, str] | None:
    ra = [coordinates[f"RA{each}"].number for each in ("Hours", "Minutes", "Seconds")]
    dec = [coordinates[f"Dec{each}"].number for each in ("Degrees", "Minutes", "Seconds")]
    if None in ra[:1] + dec[:1]:
        return None
    if any(not 0 <= each <= 60 for each in (*ra, *dec[1:]) if each is not None):  # noqa: PLR2004 - as on a clock
        return {}
    hours, degrees = (sum(abs(each or 0) / 60**power for power, each in enumerate(parts)) for parts in (ra, dec))
    south = coordinates["NegativeDec"].value is True or (dec[0] or 0) < 0
    return place(hours * DEGREES_PER_HOUR, -degrees if south else degrees)


def _angle(target: Part) -> dict[str, str]:
    """Return the position angle; before N.I.N.A. 3, `Rotation` was counted to the west."""
    east, west = target["PositionAngle"].number, target["Rotation"].number
    return angle((360 - west) % 360 if east is None and west is not None else east)


def _exposures(container: Part) -> tuple[tuple[Mapping[str, Any], ...], tuple[str, ...]]:
    """Return the goals of a container, a loop's exposures as often as it turns, and the instructions that were left."""
    want: list[Mapping[str, Any]] = []
    lost: list[str] = []
    _walk(container, (UNSAID, 1), want, lost)
    for info in container["ExposureInfoList"] if not want else ():
        name, count = info["Filter"].text or UNSAID, info["Count"].number
        goal = frames(name, info["ExposureTime"].number, count, lost, setting=_setting(info))
        want += [goal] if goal else []
    return tuple(want), tuple(dict.fromkeys(lost))


def _walk(part: Part, now: tuple[str, float], want: list[Mapping[str, Any]], lost: list[str]) -> str:
    """Add what a container's instructions expose; return the filter that is in place after them."""
    filter_name, turns = now
    turns *= next((found for each in part["Conditions"] if (found := each["Iterations"].within(0))), 1)
    for item in part["Items"]:
        kind = _kind(item)
        filter_name = item["Filter"]["_name"].text or filter_name
        if kind == "TakeExposure" and item["ImageType"].text.upper() in ("LIGHT", ""):
            goal = frames(filter_name, item["ExposureTime"].number, turns, lost, setting=_setting(item))
            want += [goal] if goal else []
        elif item["Items"].value is not None:
            filter_name = _walk(item, (filter_name, turns), want, lost)
        elif kind not in ("SwitchFilter", ""):
            lost.append(f"the instruction {kind} {item['ImageType'].text}".strip())
    return filter_name


def _kind(item: Part) -> str:
    """Return the .NET class of an instruction, without where it comes from."""
    return item["$type"].text.partition(",")[0].rpartition(".")[2]


def _setting(item: Part) -> dict[str, int]:
    binning = item["Binning"]["X"].number or item["BinningX"].number or item["BinningMode"].number
    levels = {key.lower(): item[key].number for key in ("Gain", "Offset")}  # -1 is N.I.N.A.'s 'as the camera is'
    setting = {key: int(value) for key, value in levels.items() if value is not None and 0 <= value < 1e4}  # noqa: PLR2004
    return setting | ({"binning": int(binning)} if binning and 1 < binning < 10 else {})  # noqa: PLR2004


def _scheduled(project: Part, target: Part, templates: Mapping[str, Part], line: int) -> Wish:
    want: list[Mapping[str, Any]] = []
    lost: list[str] = []
    parts = [project, target]
    for plan in target["ExposurePlans"]:
        template = templates.get(plan["ExposureTemplateId"].text, Part(None))
        parts += [template]
        name, usual_s = template["FilterName"].text, template["DefaultExposure"].number
        exposure_s, setting = _positive(plan["Exposure"]) or usual_s, _setting(template)
        goal = frames(name or UNSAID, exposure_s, plan["Desired"].number, lost, when=_when(template), setting=setting)
        want += [goal] if goal else []
        if (accepted := plan["Accepted"].number or 0) > 0:
            lost.append(f"{digits(accepted)} accepted frames in {name}: they stay N.I.N.A.'s")
    more: dict[str, Any] = {"priority": PRIORITY.get(project["Priority"].text)}
    if (dither := project["DitherEvery"].number or 0) > 0:
        more["dither"] = f"every {digits(dither)} frames"
    more |= angle(target["Rotation"].number)
    if project["State"].text not in ("Active", "") or target["Enabled"].value is False:
        lost.append("that it is switched off: add 'paused: until' with a date")
    hours = target["RA"].number
    here = place(hours * DEGREES_PER_HOUR if hours is not None else None, target["Dec"].number)
    when = _project_when(project)
    return Wish(target["Name"].text, line, here, tuple(want), when, more, lost=tuple(lost), parts=tuple(parts))


def _positive(part: Part) -> float | None:
    """Return a number above 0, which is what the Target Scheduler has for none."""
    return part.number if (part.number or 0) > 0 else None


def _project_when(project: Part) -> dict[str, str]:
    low, high = _positive(project["MinimumAltitude"]), _positive(project["MaximumAltitude"])
    return {
        "altitude": phrase(("above {} deg", low), ("below {} deg", high)),
        "meridian": phrase(("within {} min", _positive(project["MeridianWindow"]))),
    }


def _when(template: Part) -> dict[str, str]:
    """Return what a template says of Moon and twilight."""
    apart, width = template["MoonAvoidanceSeparation"].number, _positive(template["MoonAvoidanceWidth"])
    has_moon = template["MoonAvoidanceEnabled"].value is True and apart
    moon = phrase(("farther than {} deg", apart), ("width {} d", width)) if has_moon else ""
    when = {"moon": moon, "sun": phrase(("below {} deg", TWILIGHT.get(template["TwilightLevel"].text)))}
    return {key: said for key, said in when.items() if said}
