"""EKOS: scheduler lists (.esl) with the sequences (.esq) that they name, as KStars 3.6.2 to 3.8 write them."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from obsy.engine.importing.format import reads
from obsy.engine.importing.given import GivenFile
from obsy.engine.importing.places import place
from obsy.engine.importing.plain_text import digits, number
from obsy.engine.importing.trees import Part
from obsy.engine.importing.wish import UNSAID, Leftover, Wish, angle, frames, phrase
from obsy.errors import UserError
from obsy.units import DEGREES_PER_HOUR

UNTURNED_DEG = -181
"""KStars's word for: do not rotate."""
_DONE_ANYWAY = {"Track", "Focus", "Align"}
_CONSTRAINTS = ("MinimumAltitude", "MoonSeparation", "MoonMaxAltitude", "EnforceTwilight", "EnforceWeather")
_LEVELS = {
    **dict.fromkeys(("ccd_gain.gain", "ccd_controls.gain"), "gain"),
    **dict.fromkeys(("ccd_offset.offset", "ccd_controls.offset"), "offset"),
}
_NOTHING = (
    r"(version|Profile|Observer|Format|Encoding|\w*Prefix|\w*Directory|Placeholder\w*|UploadMode|CCD|FilterWheel|Camera"
    r"|W|H) .*|(Filter|Exp|TimeStamp)Enabled [01]|Group |Priority 10|(Delay|X|Y|Binning) [01]|ISOIndex -1"
    r"|Condition ASAP|GuideDitherPerJob (0|-1)|Type (1|Manual)|(PreMountPark|PreDomePark|SkyFlat) [Ff]alse"
)
_BECAUSE = {
    "Temperature": "the train's counts",
    **dict.fromkeys(("StartupProcedure", "ShutdownProcedure"), "obsy's own night and policy see to that"),
}


@reads("EKOS scheduler list", r"<SchedulerList\b", "'Job'", _NOTHING, _BECAUSE)
def scheduler_list(source: GivenFile) -> Iterator[Wish | Leftover]:
    """Yield a wish for each job of a scheduler list."""
    root, leader = source.xml(), ""
    for job in root["Job"]:
        name = job["Name"].text
        if any(kind["@lead"].text == "false" for kind in job["JobType"]):
            found = f"a follower of '{leader}': which trains serve a plan is not said in it"
            yield Leftover(job.line, found, parts=(job,))
        elif not name:
            yield Leftover(job.line, "a job without a name", "give it one in KStars", (job,))
        else:
            leader = name
            yield _job(job, source)


@reads("EKOS sequence", r"<SequenceQueue\b", "'Job'", _NOTHING, _BECAUSE)
def sequence(source: GivenFile) -> Iterator[Wish | Leftover]:
    """Yield a wish of a sequence alone, which says its target since KStars 3.6.8."""
    root = source.xml()
    name = next((said for job in root["Job"] if (said := job["TargetName"].text)), "")
    if name:
        want, lost = goals(root)
        yield Wish(name, root.line, want=want, more=_dither(root), lost=lost, parts=(root,))
    else:
        mend = "import the scheduler list (.esl) that names this file"
        yield Leftover(root.line, "a sequence without a target", mend)


def goals(root: Part) -> tuple[tuple[Mapping[str, Any], ...], tuple[str, ...]]:
    """Return the goals of a sequence, those of one filter and exposure together, and what was left of it."""
    found: dict[str, dict[str, Any]] = {}
    lost: dict[str, None] = {}
    vain: list[str] = []
    for job in root["Job"]:
        sort, _ = job["Type"].text or "Light", job["TargetName"].text  # of a list, the job's own name counts
        named = job["Filter"].text.strip("-")  # KStars writes '--' where there is no wheel
        goal = frames(named or UNSAID, job["Exposure"].number, job["Count"].number, vain, setting=_setting(job, lost))
        if sort != "Light" or goal is None:
            why = vain[-1] if vain else "a job without exposures"
            lost[f"{sort} frames, which obsy takes by itself" if sort != "Light" else why] = None
        elif found.setdefault(str({**goal, "count": 0}), goal) is not goal:
            found[str({**goal, "count": 0})]["count"] += goal["count"]
    return tuple(found.values()), tuple(lost)


def _dither(root: Part) -> dict[str, str]:
    """Return after how many frames a sequence dithers; what differs from row to row is told instead, as it stands."""
    lights = [job for job in root["Job"] if (job["Type"].text or "Light") == "Light"]
    every = [job["GuideDitherPerJob"].number or 0.0 for job in lights]
    if len(set(every)) == 1 and every[0] > 0:
        return {"dither": f"every {digits(every[0])} frames"}
    for job in lights:
        job["GuideDitherPerJob"].leave()
    return {}


def _setting(job: Part, lost: dict[str, None]) -> dict[str, Any]:
    """Return what differs from a train's camera; note what else its driver is told."""
    values = {
        f"{vector['@name'].text}.{one['@name'].text}": one.text
        for vector in job["Properties"]["PropertyVector"]
        for one in vector["OneElement"]
    }
    setting: dict[str, Any] = {}
    for name, said in values.items():
        level = _LEVELS.get(name.lower())
        if level and (value := number(said)) is not None:
            setting.setdefault(level, int(value))
        else:
            lost[f"{name} {said}"] = None
    binning = job["Binning"]["X"].number or 1
    if job["Binning"]["Y"].number != job["Binning"]["X"].number:
        job["Binning"]["Y"].leave()
    return setting | ({"binning": int(binning)} if binning > 1 else {})


def _job(job: Part, source: GivenFile) -> Wish:
    hours, dec_deg = job["Coordinates"]["J2000RA"].number, job["Coordinates"]["J2000DE"].number
    said = job["Sequence"].text
    lost = [f"the exposures of '{said}', which does not lie beside the list"]
    want: tuple[Mapping[str, Any], ...] = ()
    held: dict[str, str] = {}
    parts = [job]
    try:
        if said and (text := source.beside(said)) is not None:
            parts.append(GivenFile(Path(said), text).xml())
            want, lost[:] = goals(parts[1])
            held = _dither(parts[1])
    except UserError as error:
        lost = [f"the exposures: {error}"]
    when, more, further = _conditions(job)
    turns = next((each for each in job["CompletionCondition"]["Condition"] if each.text == "Repeat"), None)
    times = max(1, int(turns["@value"].number or 1)) if turns else 1
    want = tuple({**goal, "count": goal["count"] * times} for goal in want)
    turned = job["PositionAngle"].number
    more |= held | angle(turned if turned != UNTURNED_DEG else None)
    here = place(hours * DEGREES_PER_HOUR if hours is not None else None, dec_deg)
    return Wish(job["Name"].text, job.line, here, want, when, more, lost=(*lost, *further), parts=tuple(parts))


def _conditions(job: Part) -> tuple[dict[str, str], dict[str, Any], list[str]]:
    """Return `when`, further keys and what was left of a job's conditions and steps."""
    limits = {each.text: each["@value"].text for each in job["Constraints"]["Constraint"]}
    moon = (("farther than {} deg", limits.get("MoonSeparation")), ("below {} deg", limits.get("MoonMaxAltitude")))
    when = {"altitude": phrase(("above {} deg", limits.get("MinimumAltitude"))), "moon": phrase(*moon)}
    twilight = "frames in twilight: unsaid, obsy takes none while the Sun is above -18 deg"
    lost = [f"the constraint {each} {said}".strip() for each, said in limits.items() if each not in _CONSTRAINTS]
    lost += [] if "EnforceTwilight" in limits else [twilight]
    start, end = job["StartupCondition"]["Condition"], job["CompletionCondition"]["Condition"]
    if start.text == "At":
        moment = start["@value"].text.replace("T", " ")[:16]
        lost.append(f"the start at {moment}, local time: write 'dates: after {moment} +01:00' with the site's zone")
    if end.text in ("Loop", "At"):
        until = f"{end.text} {end['@value'].text}".strip()
        lost.append(f"'{until}': counts are those of one pass")
    steps = {step.text for step in job["Steps"]["Step"]}
    if done := sorted(_DONE_ANYWAY & steps):
        lost.append(f"the steps {', '.join(done)}: obsy does that by itself")
    lost += [f"no step {step}: obsy does it" for step in sorted(_DONE_ANYWAY - steps) if steps]
    return when, {"guiding": "required"} if "Guide" in steps else {}, lost
