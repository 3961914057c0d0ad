"""How the newest lights of a train were taken, against how it is declared."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from math import asin, degrees
from typing import Any, NamedTuple

from obsy.diagnostics import nearest
from obsy.engine.declare.declared import Entry
from obsy.engine.drift.finding import Drift
from obsy.engine.store.record import TakenAlike
from obsy.schemas.mount import Mount
from obsy.schemas.train import Train

LOW_DEG = 1.0
"""An air mass says the altitude of the light's beginning, and refraction lifts it by less."""


class ComparedSetting(NamedTuple):
    """One setting: where it is declared, and what lights say of it."""

    place: tuple[str, ...]
    declared: Callable[[Train], Any]
    taken: Callable[[TakenAlike], Any]


SETTINGS = (
    ComparedSetting(("camera", "model"), lambda train: train.camera.model, lambda said: said.camera),
    ComparedSetting(("camera", "gain"), lambda train: train.camera.gain, lambda said: said.gain),
    ComparedSetting(("camera", "offset"), lambda train: train.camera.offset, lambda said: said.offset),
    ComparedSetting(("camera", "binning"), lambda train: train.camera.binning, lambda said: said.binning),
    ComparedSetting(
        ("camera", "size"),
        lambda train: f"{train.camera.size[0]} x {train.camera.size[1]} px",
        lambda said: f"{said.columns * (said.binning or 1)} x {said.rows * (said.binning or 1)} px",
    ),
)


def newest(taken: Iterable[TakenAlike], train: str) -> list[TakenAlike]:
    """Return the lights of a train's newest night: what was declared before is none of today's business."""
    own = [each for each in taken if each.train == train]
    return [each for each in own if each.night == own[-1].night]


def settings(entry: Entry[Train], taken: list[TakenAlike]) -> Iterator[Drift]:
    """Yield the settings and the filters that lights have, and that are declared otherwise."""
    train = entry.document
    for setting in SETTINGS:
        declared = setting.declared(train)
        odd = [each for each in taken if setting.taken(each) not in (None, declared)]
        for said in dict.fromkeys(map(setting.taken, odd)):
            alike = [each for each in odd if setting.taken(each) == said]
            key = setting.place[-1]
            words = f"{key} {declared} is declared, and {said} was used for {_lights(alike)}"
            mend = f"write '{key}: {said}', or set it so where the frames are taken"
            yield Drift(entry.written.at(*setting.place), key, words, alike[0].path, mend)
    for role in dict.fromkeys(each.filter for each in taken if each.filter not in {None, *train.roles}):
        alike = [each for each in taken if each.filter == role]
        slot = nearest(str(role), [word for each in train.slots for word in (each.role, each.label)])
        meant = next((each.role for each in train.slots if slot in (each.role, each.label)), None)
        cure = f"if it is {meant}, write 'label: {role}' in its slot" if meant else f"add a slot with 'label: {role}'"
        words = f"no filter here is '{role}', which was used for {_lights(alike)}"
        yield Drift(entry.written.at("filters" if train.filters else "name"), "filter", words, alike[0].path, cure)


def limits(entry: Entry[Mount], taken: Iterable[TakenAlike]) -> Iterator[Drift]:
    """Yield the lowest light, if it was taken lower than the mount may point."""
    above = entry.document.altitude.above
    airmass = [(each.airmass, each.path) for each in taken if each.airmass is not None and each.airmass >= 1.0]
    if airmass and above is not None:
        most, path = max(airmass)
        if (altitude := degrees(asin(1.0 / most))) < above - LOW_DEG:
            words = f"it points no lower than {above:g} deg, and a light was begun at {altitude:.0f} deg"
            cure = f"write 'altitude: above {int(altitude)} deg' if nothing is touched there, or mend what points it"
            yield Drift(entry.written.at("altitude"), "limits", words, path, cure)


def strangers(taken: Iterable[TakenAlike], trains: Sequence[Entry[Train]]) -> Iterator[Drift]:
    """Yield the lights that are of no declared train, by their camera."""
    known = {entry.document.name for entry in trains}
    odd = [each for each in taken if trains and each.train not in known]
    for train, camera in dict.fromkeys((each.train, each.camera) for each in odd):
        alike = [each for each in odd if (each.train, each.camera) == (train, camera)]
        whose = f"the train '{train}'" if train else "no train that is known"
        words = f"there are {_lights(alike)}, of {whose} ({camera or 'unnamed camera'})"
        cure = f"give the train its name '{train}' back, or declare it" if train else f"declare 'model: {camera}'"
        yield Drift(trains[0].written.at("name"), "train", words, alike[0].path, cure)


def _lights(alike: list[TakenAlike]) -> str:
    count = sum(each.lights for each in alike)
    nights = sorted({each.night for each in alike})
    when = nights[0] if len(nights) == 1 else f"{nights[0]} to {nights[-1]}"
    return f"{count} light{'s' * (count > 1)} of {when}"
