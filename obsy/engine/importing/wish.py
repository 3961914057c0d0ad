"""What an importer makes of a file: wishes in the words of plans, and what could not be understood."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from obsy.engine.importing.plain_text import digits, words
from obsy.engine.importing.trees import Part

UNSAID = "?"
"""The filter of frames for which a file names none: the only one that there is, if so."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What becomes one plan. Its values are those of a plan, in the language's own spelling."""

    name: str
    line: int
    """Where it stands in the file."""
    target: Any = None
    """As a plan has it; unsaid, the name is looked up."""
    want: tuple[Mapping[str, Any], ...] = ()
    """Goals, with the filters' names in the other program."""
    when: Mapping[str, str] = field(default_factory=dict)
    """Conditions; '' is none."""
    more: Mapping[str, Any] = field(default_factory=dict)
    """Other keys of the plan."""
    purpose: str = "deep-sky"
    """Which pipeline it looks for: deep-sky, photometry or exoplanet."""
    lost: tuple[str, ...] = ()
    """What was not carried over, besides what nobody asked for in `parts`."""
    parts: tuple[Part, ...] = ()
    """Of the file, what it was read from."""
    written: str = ""
    """The plan itself, as somebody wrote it for obsy; then only its name counts of the rest."""
    kind: str = "plan"
    """Which document it becomes; of another one than a plan, `written` is the whole."""
    needed: tuple[tuple[str, str, str], ...] = ()
    """Documents that come with it: kind, name and text."""
    comes_from: str = ""
    """What the file says of the observatory that it comes from."""


@dataclass(frozen=True, slots=True)
class Leftover:
    """Something of the file that became no plan, with a cure; without one it is only told."""

    line: int
    found: str
    mend: str = ""
    parts: tuple[Part, ...] = ()
    """Of the file, what is told with it."""


def frames(
    filter_name: str, exposure_s: float | None, count: float | None, lost: list[str] | None = None, **more: Any
) -> dict[str, Any] | None:
    """Return a goal of so many frames; None unless exposure and count are those of a goal.

    lost: gets what was asked for and is none, or is cut.
    """
    lost = [] if lost is None else lost
    asked = f"{'?' if count is None else digits(count)} frames of {'?' if exposure_s is None else digits(exposure_s)} s"
    if not exposure_s or not count or not (1e-5 <= exposure_s <= 1e6 and 1 <= count <= 1e6):  # noqa: PLR2004
        lost += [f"{asked} in {words(filter_name) or UNSAID}, which obsy cannot take"] if exposure_s is not None else []
        return None
    lost += [f"the part of a frame in {asked}"] if count % 1 else []
    more = {key: value for key, value in more.items() if value not in (None, {}, "")}
    return {"filter": words(filter_name), "exposure": f"{digits(exposure_s)} s", "count": int(count), **more}


def phrase(*limits: tuple[str, float | str | None]) -> str:
    """Return limits as a condition has them, 'above 30 deg and below 60 deg'; those that nobody set are left out."""
    said = ((form, digits(each) if isinstance(each, (int, float)) else each) for form, each in limits)
    return " and ".join(form.format(each) for form, each in said if each)


def angle(value: float | None) -> dict[str, str]:
    """Return a position angle, degrees, as a plan has it."""
    return {} if value is None else {"angle": f"{digits(value)} deg"}
