"""A night whose devices obsy cannot reach is refused before anything is begun, unless a roof may stand open."""

from collections.abc import Iterator
from pathlib import Path

from obsy.engine.declare.join import join
from obsy.engine.declare.observatory import Observatory
from obsy.engine.declare.survey import survey
from obsy.engine.devices.ekos.dialects import dialect_of
from obsy.engine.devices.ekos.installed import kstars_version
from obsy.engine.frames.data_root import DataRoot
from obsy.engine.runtime.attach import Attach
from obsy.engine.runtime.guard.wire import greeting, guard_of
from obsy.engine.runtime.missing_devices import lacks
from obsy.engine.runtime.named_devices import elsewhere, uninstalled, unknown
from obsy.errors import DeviceError, UnfitFiles, UserError
from obsy.schemas.site import Site

LEFT_BY_NIGHTS = ("equipment-real-*", "guard-*", "indi-*")
"""What real nights and guards leave in `.obsy/`."""
REHEARSE = "or rehearse with 'obsy apply --simulate'"
OR = (
    "or add to 'device' the 'driver: …' that obsy begins, or to the site the 'servers' on which they are "
    f"('obsy devices' asks one); {REHEARSE}"
)
TO_THE_SITE = "and to the site the 'servers' on which they are ('obsy devices --server http://…' asks one); "


def check_beginnable(
    root: Path, plans: tuple[Path, ...], site: str | None, runner: str, attach: Attach | None = None
) -> None:
    """Raise UserError if a declared device cannot be reached, and nothing is known of an earlier real night.

    Raise UnfitFiles instead where the files have complaints: these are mended first.
    After one, a roof may stand open: then the start goes on and has it closed. Other faults are left to who needs all.
    """
    if _has_left(root / ".obsy", LEFT_BY_NIGHTS):
        return
    try:
        seen = survey(root, *plans)
        observatory = join(seen.declared, site)
    except Exception:  # whatever is wrong with them is told once the roofs are kept
        return
    wrong = tuple(unknown(observatory, runner))
    if _may_stand_open(root, observatory.site):
        return
    if seen.complaints and (wrong or observatory.site.servers):
        raise UnfitFiles(seen.complaints)
    if wrong:
        cures = ", ".join((*wrong, *elsewhere(observatory)))
        has_server = any(each.alpaca is not None for each in observatory.site.servers)
        others = f"{'' if has_server else TO_THE_SITE}{REHEARSE}" if runner == "alpaca" else OR
        raise UserError(f"nothing was begun, for nobody says what drives these: write {cures}; {others}")
    if lacking := [
        *uninstalled(observatory, runner),
        *lacks(observatory, runner),
        *_unread(observatory, runner, attach),
    ]:
        raise UserError(f"nothing was begun: {'; '.join(lacking)}")


def _unread(observatory: Observatory, runner: str, attach: Attach | None) -> Iterator[str]:
    """Yield why the KStars that is installed, or runs, cannot be told what to take, if it is to."""
    try:
        if attach is not None:
            from obsy.engine.runtime.attaching import check_attachable  # noqa: PLC0415  who attaches alone needs it

            check_attachable(observatory, attach)
        elif runner == "ekos":
            dialect_of(kstars_version())
    except (DeviceError, UserError) as error:
        yield str(error)


def _may_stand_open(root: Path, site: Site) -> bool:
    """Return whether a guard of the site runs, or a night of it was, as far as anybody can tell."""
    real = DataRoot.of(root, site, simulated=False).folder
    return greeting(guard_of(root, site.name)) is not None or _has_left(real / "journal", ("*",))


def _has_left(folder: Path, patterns: tuple[str, ...]) -> bool:
    """Return whether something of that name lies there; if that cannot be asked, it does."""
    try:
        names = [path for path in folder.iterdir() if any(path.match(each) for each in patterns)]
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True
    return bool(names)
