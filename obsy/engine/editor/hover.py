"""What a key means, and how a target stands tonight, in the few lines of a hover."""

from datetime import datetime
from zoneinfo import ZoneInfo

from obsy.engine.declare.known import Known, declared, find
from obsy.engine.declare.own_names import own_names
from obsy.engine.declare.spelling import key
from obsy.engine.editor.cursor import Cursor
from obsy.engine.editor.vocabulary import about
from obsy.engine.editor.workspace import TARGETS, Workspace
from obsy.moments import night_of
from obsy.schemas.site import Site
from obsy.schemas.target import OverGround, Satellite


def hover(at: Cursor, word: str, workspace: Workspace, now: datetime) -> str:
    """Return what is shown of a word, as Markdown; '' if there is nothing to say.

    word: the whole key or value that the cursor is in.
    """
    if at.is_key:
        return about(at.kind, (*at.path, word))
    if at.kind == "plan" and at.path in TARGETS:
        return _target(word, workspace, now)
    named = workspace.place(at, word)
    return f"{named}" if named is not None else about(at.kind, at.path)


def _target(name: str, workspace: Workspace, now: datetime) -> str:
    own = own_names(workspace.declared) if workspace.declared else {}
    known = declared(name, own[key(name)]) if key(name) in own else find(name)
    if known is None:
        return f"obsy knows nothing by the name '{name}'."
    bright = f" of magnitude {known.fixed.mag:g}" if known.fixed and known.fixed.mag is not None else ""
    lines = [f"**{known.name}**: {known.kind}{bright}, from {known.source}"]
    if workspace.site is not None and not isinstance(known.target, OverGround | Satellite):
        lines += _tonight(known, workspace.site, now)
    return "\n\n".join(lines)


def _tonight(known: Known, site: Site, now: datetime) -> list[str]:
    """How it is seen; what takes a second to load is loaded here."""
    from obsy.engine.schedule.appearance import appearance  # noqa: PLC0415

    seen = appearance(known.target, site, night_of(now, site.longitude))
    course = f"culminates at {_clock(seen.transit, site)}, {seen.highest_deg:.0f} deg high"
    dark = "there is no dark"
    if seen.best_deg is not None:
        far = f", {seen.moon_deg:.0f} deg from the Moon" if seen.moon_deg is not None else ""
        dark = f"in the dark at most {seen.best_deg:.0f} deg, at {_clock(seen.best, site)}{far}"
    place = f"`{seen.ra_deg:.4f} deg {seen.dec_deg:+.4f} deg` (ICRS)"
    return [place, f"On {seen.night} at {site.name}: {course}; {dark}."]


def _clock(when: datetime | None, site: Site) -> str:
    return f"{when.astimezone(ZoneInfo(site.timezone)):%H:%M}" if when else "-"
