"""EKOS: scheduler lists (.esl) with the sequences (.esq) that they name, as KStars 3.6.2 to 3.8 write them."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from obsy.engine.importing.given import Element, GivenFile, tree_of_xml
from obsy.engine.importing.places import HOURS, place
from obsy.engine.importing.wish import UNSAID, Leftover, Wish, frames, number, plain
from obsy.errors import UserError

UNTURNED_DEG = -181
"""KStars's word for: do not rotate."""
_PROCEDURES = {"StartupProcedure": "start-up", "ShutdownProcedure": "shutdown", "Mosaic": "the mosaic's frame"}
_SCRIPTS = ("PreJobScript", "PreCaptureScript", "PostCaptureScript", "PostJobScript")
_DONE_ANYWAY = {"Track", "Focus", "Align"}


def scheduler_list(source: GivenFile) -> Iterator[Wish | Leftover]:
    """Yield a wish for each job of a scheduler list."""
    root = next(iter(tree_of_xml(source).children))
    for tag, what in _PROCEDURES.items():
        if root.all(tag) and root.all(tag)[0].children:
            yield Leftover(root.all(tag)[0].line, f"{what}: obsy's own night and policy see to that")
    leader = ""
    for job in root.all("Job"):
        name = job.said("Name")
        if any(kind.attributes.get("lead") == "false" for kind in job.all("JobType")):
            yield Leftover(job.line, f"a follower of '{leader}': which trains serve a plan is not said in it")
        elif not name:
            yield Leftover(job.line, "a job without a name", "give it one in KStars")
        else:
            leader = name
            yield _job(job, source)


def sequence(source: GivenFile) -> Iterator[Wish | Leftover]:
    """Yield a wish of a sequence alone, which says its target since KStars 3.6.8."""
    root = next(iter(tree_of_xml(source).children))
    name = next((job.said("TargetName") for job in root.all("Job") if job.said("TargetName")), "")
    if not name:
        mend = "import the scheduler list (.esl) that names this file"
        yield Leftover(root.line, "a sequence without a target", mend)
        return
    want, lost = goals(root)
    yield Wish(name, root.line, want=want, lost=lost)


def goals(root: Element) -> tuple[tuple[Mapping[str, Any], ...], tuple[str, ...]]:
    """Return the goals of a sequence, those of one filter and exposure together, and what was left of it."""
    found: dict[str, dict[str, Any]] = {}
    lost: dict[str, None] = {}
    for job in root.all("Job"):
        sort = job.said("Type") or "Light"
        named = job.said("Filter").strip("-")  # KStars writes '--' where there is no wheel
        goal = frames(named or UNSAID, job.number("Exposure"), job.number("Count"), setting=_setting(job))
        if sort != "Light" or goal is None:
            lost[f"{sort} frames, which obsy takes by itself" if sort != "Light" else "a job without exposures"] = None
            continue
        if found.setdefault(str({**goal, "count": 0}), goal) is not goal:
            found[str({**goal, "count": 0})]["count"] += goal["count"]
        temperature = next((each for each in job.all("Temperature") if each.attributes.get("force") == "true"), None)
        if temperature is not None:
            lost[f"the set point {temperature.text} degC: the train's counts"] = None
        lost |= {f"{script} {job.said(script)}": None for script in _SCRIPTS if job.said(script)}
    return tuple(found.values()), tuple(lost)


def _setting(job: Element) -> dict[str, Any]:
    """Return what differs from a train's camera."""
    values = {
        f"{vector.attributes.get('name')}.{one.attributes.get('name')}".lower(): number(one.text)
        for vector in job.all("Properties/PropertyVector")
        for one in vector.all("OneElement")
    }
    gains = (values.get(f"{vector}.gain") for vector in ("ccd_gain", "ccd_controls"))
    gain = next((each for each in gains if each is not None), None)
    binning = job.number("Binning/X") or 1
    return ({} if gain is None else {"gain": int(gain)}) | ({"binning": int(binning)} if binning > 1 else {})


def _job(job: Element, source: GivenFile) -> Wish:
    hours, dec_deg = job.number("Coordinates/J2000RA"), job.number("Coordinates/J2000DE")
    want, lost = _sequence(job, source)
    when, more, further = _conditions(job)
    turns = [each for each in job.all("CompletionCondition/Condition") if each.text == "Repeat"]
    times = max(1, int(number(turns[0].attributes.get("value")) or 1)) if turns else 1
    want = tuple({**goal, "count": goal["count"] * times} for goal in want)
    angle = job.number("PositionAngle")
    if angle is not None and angle != UNTURNED_DEG:
        more["angle"] = f"{plain(angle)} deg"
    here = place(hours * HOURS if hours is not None else None, dec_deg)
    return Wish(job.said("Name"), job.line, here, want, when, more, lost=(*lost, *further))


def _sequence(job: Element, source: GivenFile) -> tuple[tuple[Mapping[str, Any], ...], tuple[str, ...]]:
    said = job.said("Sequence")
    text = source.beside(said) if said else None
    if text is None:
        return (), (f"the exposures of '{said}', which does not lie beside the list",)
    try:
        tree = tree_of_xml(GivenFile(Path(said), text))
    except UserError as error:
        return (), (f"the exposures: {error}",)
    return goals(tree.children[0])


def _conditions(job: Element) -> tuple[dict[str, str], dict[str, Any], list[str]]:
    """Return `when`, further keys and what was left of a job's conditions and steps."""
    constraints = {each.text: each.attributes.get("value", "") for each in job.all("Constraints/Constraint")}
    when = {"altitude": f"above {constraints['MinimumAltitude']} deg"} if "MinimumAltitude" in constraints else {}
    moon = (("farther than", "MoonSeparation"), ("below", "MoonMaxAltitude"))
    if moons := [f"{said} {constraints[key]} deg" for said, key in moon if key in constraints]:
        when["moon"] = " and ".join(moons)
    twilight = "frames in twilight: unsaid, obsy takes none while the Sun is above -18 deg"
    lost = [] if "EnforceTwilight" in constraints else [twilight]
    start = next(iter(job.all("StartupCondition/Condition")), Element("", 1))
    if start.text == "At":
        moment = start.attributes.get("value", "").replace("T", " ")[:16]
        lost.append(f"the start at {moment}, local time: write 'dates: after {moment} +01:00' with the site's zone")
    end = next(iter(job.all("CompletionCondition/Condition")), Element("", 1))
    if end.text in ("Loop", "At"):
        lost.append(f"'{end.text} {end.attributes.get('value', '')}".strip() + "': counts are those of one pass")
    steps = {step.text for step in job.all("Steps/Step")}
    if done := sorted(_DONE_ANYWAY & steps):
        lost.append(f"the steps {', '.join(done)}: obsy does that by itself")
    lost += [f"no step {step}: obsy does it" for step in sorted(_DONE_ANYWAY - steps) if steps]
    return when, {"guiding": "required"} if "Guide" in steps else {}, lost
