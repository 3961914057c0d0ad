"""The folder of a new observatory: made and checked beside its place, then put there whole."""

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path

from obsy.engine.declare.declared import Declared
from obsy.engine.declare.folders import SCHEMA
from obsy.engine.declare.survey import survey
from obsy.engine.disk import make_folder
from obsy.engine.render import render_yaml
from obsy.engine.starting.first import first_target
from obsy.engine.starting.from_frames import USUAL_FLAT
from obsy.engine.starting.wheel import slots_of
from obsy.errors import UnfitFiles, UserError
from obsy.moments import night_of
from obsy.schemas.json_schema import as_file, every
from obsy.schemas.site import Site
from obsy.schemas.train import Train

TEMPLATES = "observatory"
RENDERED = (
    *("site/site.yaml", "site/roof.yaml", "site/mount.yaml", "site/telescope.yaml", "site/weather.yaml"),
    *("site/policy.yaml", "library/calibration.yaml", "library/nights/night.yaml", "library/pipelines/deep-sky.yaml"),
    *("library/pipelines/photometry.yaml", "library/pipelines/exoplanet.yaml"),
    *("library/scenarios/clear.yaml", "library/scenarios/rain-at-two.yaml"),
)
HIDDEN = {
    "README.md": "README.md",
    "gitignore": ".gitignore",
    "pre-commit-config.yaml": ".pre-commit-config.yaml",
    "workflow.yml": ".github/workflows/obsy.yml",
}
"""What is no document, by its template, and what it is called in the folder."""
PLAN, WANTED = "plans/first.yaml", ("L", "R", "G", "B")
MAY_STAY = "README.md"
"""What is left as it is where it is there already, as in a clone of a new repository."""
TOP = sorted({each.partition("/")[0] for each in (*RENDERED, *HIDDEN.values(), PLAN, SCHEMA)})
"""What it puts into its folder."""
DEVICES = ("camera", "wheel", "focuser", "mount", "roof", "weather", "panel")


def make(folder: Path, answers: Mapping[str, str], now: datetime) -> list[str]:
    """Make an observatory of these answers at `folder`; return its files. Its first plan is up in the night of `now`.

    answers: by the keys of the questions; `camera_device` and the like name INDI's devices, `indi_server` the server
    that has them, `weather_untold` what of the weather the named device does not tell. Raise UserError if anything of
    that name is there, or nothing can be written, UnfitFiles if what the answers make together is not well. Then
    nothing is left behind.
    """
    folder = folder.absolute()
    try:
        make_folder(folder.parent)
        draft = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", suffix=".part", dir=folder.parent))
    except OSError as refusal:
        raise UserError(f"{folder.parent} takes no folder: {refusal.strerror}; name another one") from None
    try:
        draft.chmod(0o777 & ~_umask())
        made = [*_written(draft, answers, now)]
        if (folder / MAY_STAY).exists():
            (draft / MAY_STAY).unlink()
            made.remove(MAY_STAY)
        _put(draft, folder)
    except OSError as refusal:
        raise UserError(f"{folder} cannot be written: {refusal.strerror}; nothing was left behind") from None
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return made


def _written(draft: Path, answers: Mapping[str, str], now: datetime) -> Iterator[str]:
    """Write every file into a folder; yield their names."""
    (draft / SCHEMA).write_text(as_file(every()), encoding="utf-8")
    yield SCHEMA
    repository, _, commit = answers["obsy"].partition("@")
    values = {f"{each}_device": "" for each in DEVICES} | {key.replace("-", "_"): said for key, said in answers.items()}
    values |= {"indi_server": answers.get("indi_server", ""), "obsy_repository": repository, "obsy_commit": commit}
    values |= {"train": "telescope", "carried_by": "", "is_found": "", "flats": USUAL_FLAT}
    lists: dict[str, object] = {
        "why": {},
        "filters": slots_of(answers["filters"]),
        "weather_untold": answers.get("weather_untold", "").split(", "),
    }
    for name, place in {**{each: each for each in RENDERED}, **HIDDEN}.items():
        yield _write(draft, name, place, **values | lists)
    declared = _sound(draft)
    site = declared.of(Site)[0].document
    day = night_of(now, site.longitude)
    first = first_target(site, day)
    has = declared.of(Train)[0].document.roles
    roles = [role for role in WANTED if role in has] or list(has[:1])
    told = {"target": first.name, "hours": round(first.hours), "day": f"{day:%-d %B %Y}"}
    yield _write(draft, PLAN, PLAN, **told, roles=roles)
    _sound(draft, draft / "plans")


def _write(draft: Path, template: str, place: str, **values: object) -> str:
    path = draft / place
    path.parent.mkdir(parents=True, exist_ok=True)
    schema = f"# yaml-language-server: $schema={'../' * place.count('/')}{SCHEMA}\n"
    head = schema if place in (*RENDERED, PLAN) else ""
    path.write_text(head + render_yaml(f"{TEMPLATES}/{template}", **values), encoding="utf-8")
    return place


def _sound(draft: Path, *plans: Path) -> Declared:
    """Return what the folder declares. Raise UnfitFiles with what is wrong, warnings too, by the places to be."""
    seen = survey(draft, *plans)
    if told := [*seen.complaints, *seen.warnings]:
        inside = [each.mark._replace(file=os.path.relpath(each.mark.file, draft)) for each in told]
        raise UnfitFiles([each._replace(mark=mark) for each, mark in zip(told, inside, strict=True)])
    return seen.declared


def _put(draft: Path, folder: Path) -> None:
    """Move all of it to its place: at once if there is nothing, else each part, and all back if one fails."""
    if not folder.exists():
        draft.rename(folder)
        return
    refuse_if_taken(folder)
    moved: list[str] = []
    try:
        for part in sorted(os.listdir(draft)):
            (draft / part).rename(folder / part)
            moved.append(part)
    except OSError:
        for part in moved:
            (folder / part).rename(draft / part)
        raise


def refuse_if_taken(folder: Path) -> None:
    """Raise UserError if anything that an observatory has is in a folder already, or if it is none."""
    if folder in (Path(folder.anchor), Path.home()):
        raise UserError(f"{folder} would make everything below it part of the observatory: name a folder of its own")
    if os.path.islink(folder) and not os.path.exists(folder):
        raise UserError(f"{folder} is a link that leads nowhere: remove it, or name another folder")
    if os.path.exists(folder) and not os.path.isdir(folder):
        raise UserError(f"{folder} is a file, and nothing is overwritten: name another folder")
    if taken := [part for part in TOP if part != MAY_STAY and os.path.lexists(folder / part)]:
        raise UserError(f"{folder} has {', '.join(taken)} already, and nothing is overwritten: name another folder")


def _umask() -> int:
    os.umask(held := os.umask(0))
    return held
