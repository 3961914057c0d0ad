"""A night with KStars/EKOS: it takes the frames, obsy keeps roof, mount and verdict over INDI."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import ExitStack, asynccontextmanager
from dataclasses import asdict
from functools import partial

from obsy.engine.declare.instrument import Instrument
from obsy.engine.declare.observatory import Observatory
from obsy.engine.declare.servers import server_of
from obsy.engine.devices.clock import WallClock
from obsy.engine.devices.ekos.dialects import dialect_of
from obsy.engine.devices.ekos.executor import EkosExecutor, ExecutorFolders
from obsy.engine.devices.ekos.installed import kstars_version
from obsy.engine.devices.ekos.kstars import KStarsSetup, start_kstars
from obsy.engine.devices.ekos.profile import EkosEquipment
from obsy.engine.devices.ekos.readiness import hindrance
from obsy.engine.devices.indi.camera_profiles import PLAIN, PROFILES
from obsy.engine.devices.ports import BlockExecutor
from obsy.engine.events.frames import FramesAsked
from obsy.engine.identity import Identity
from obsy.engine.night.ports import Ports
from obsy.engine.runtime.guard.line import GuardLine
from obsy.engine.runtime.guarded import come_home, guard_line, guarded, indi_server, run_on
from obsy.engine.runtime.reach import mount_port
from obsy.engine.runtime.server_lines import Lines, indi_device
from obsy.engine.runtime.setup import NightSetup
from obsy.engine.safety.guard import GuardedExecutor
from obsy.errors import DeviceError, UserError
from obsy.schemas.train import PARTS


def run(setup: NightSetup) -> None:
    """Run the night under the real clock, with a KStars of our own; see `run_on`."""
    run_on(hardware, setup)


@asynccontextmanager
async def hardware(setup: NightSetup, clock: WallClock) -> AsyncIterator[dict[str, Ports]]:
    """The declared devices behind a KStars of our own; everything is stopped when the block ends."""
    observatory, data_root = setup.observatory, setup.data_root
    instrument = only(observatory)
    equipment, dialect = equipment_of(instrument), dialect_of(kstars_version())  # before anything begins
    async with guard_line(setup) as guard:
        if (address := await indi_server(guard)) is None:
            raise DeviceError("the guard of the roof reaches no INDI server, and KStars needs one")
        house = KStarsSetup(data_root.folder / "ekos", observatory.site.location, equipment, indi=address)
        async with start_kstars(house) as running:
            with ExitStack() as held:
                lines = Lines(clock, observatory.site, address, held)
                executor = EkosExecutor(running.ekos, clock, equipment, dialect, folders(setup, clock))
                lacks = partial(hindrance, running.ekos.bus, equipment)
                yield {instrument.enclosure.name: ports(setup, lines, executor, guard, lacks)}


def folders(setup: NightSetup, clock: WallClock) -> ExecutorFolders:
    """Return where blocks and frames go, each with its ticket in the journal."""
    data_root = setup.data_root

    def ticket(folder: str, asked: Identity) -> None:
        setup.journal.write(clock.now(), FramesAsked(folder=folder, **asdict(asked)))
        setup.tickets.add(folder, asked)

    return ExecutorFolders(
        data_root.folder / "ekos" / "blocks", data_root.incoming, lambda: tuple(setup.arrived), ticket
    )


def ports(
    setup: NightSetup,
    lines: Lines,
    executor: BlockExecutor,
    guard: GuardLine,
    lacks: Callable[[], Awaitable[str]],
) -> Ports:
    """Return what stands in the enclosure. lacks: why EKOS could take no frame now, or ''."""
    observatory, clock = setup.observatory, lines.clock
    instrument = only(observatory)
    mount = instrument.mount
    bare = {mount.name: mount_port(lines, mount, observatory.site.location)}
    mounts = guarded(observatory, bare, clock)
    return Ports(
        clock=clock,
        keeper=guard.keeper(instrument.enclosure.name, clock, come_home(observatory, bare)),
        mounts=mounts,
        executors={mount.name: GuardedExecutor(executor, mounts[mount.name])},
        hindrance=lacks,
    )


def only(observatory: Observatory) -> Instrument:
    """Return the one instrument that EKOS runs. Raise UserError if there are several, or more mounts to park.

    A mount whose trains are all retired counts: nobody says that it is gone, and a roof closes over parked mounts only.
    """
    names, runs = [each.name for each in observatory.instruments], "--runner ekos runs one train on one mount under one"
    if len(names) != 1:
        cure = "keep the others in an observatory of their own" if names else "declare one that is not retired"
        raise UserError(f"{runs} roof, and here are the trains {', '.join(names) or 'none'}: {cure}")
    if there := _beside(observatory, observatory.instruments[0]):
        cure = (
            "use --runner indi, which keeps them too; or keep them, with their trains, in an observatory of their own"
        )
        raise UserError(f"{runs} roof, and beside '{names[0]}' stands {' and '.join(there)}: {cure}")
    return observatory.instruments[0]


def _beside(observatory: Observatory, used: Instrument) -> list[str]:
    """Return the mounts and enclosures that the train in use has not, each with why it stands idle."""
    found = []
    for mount in observatory.mounts:
        if mount.name != used.mount.name:
            gone = [f"'{each.name}'" for each in observatory.retired if each.mount.name == mount.name]
            why = f"whose trains are retired ({', '.join(gone)})" if gone else "which carries no train"
            found.append(f"the mount '{mount.name}', {why}")
    roofs = (each.name for each in observatory.enclosures if each.name != used.enclosure.name)
    return found + [f"the enclosure '{name}'" for name in roofs]


def equipment_of(instrument: Instrument) -> EkosEquipment:
    """The instrument as EKOS knows it. Raise UserError if it hangs on several INDI servers: KStars is given one."""
    train, mount, site = instrument.train, instrument.mount, instrument.site
    columns, rows = train.camera.size
    moved = {key: part.device for key, part in train.parts.items() if key not in ("panel", "rotator")}
    found = {key: indi_device(device, f"{PARTS[key]} of", train.name, site) for key, device in moved.items()}
    found["mount"] = indi_device(mount.device, "mount", mount.name, site)
    if len({server_of(each, site) for each in found.values()}) > 1:
        raise UserError("--runner ekos gives KStars one INDI server, and here are several: use --runner indi")
    names = {what: each.indi or "" for what, each in found.items()}
    return EkosEquipment(
        mount=names["mount"],
        camera=names["camera"],
        wheel=names.get("filters"),
        focuser=names.get("focuser"),
        aperture_mm=train.telescope.aperture,
        focal_mm=train.telescope.focal_length,
        columns=columns,
        rows=rows,
        late_s=train.camera.download + train.camera.timeout,
        labels={slot.role: slot.label for slot in train.slots},
        drivers={each.indi or "": each.label for each in found.values() if each.label is not None},
        settings=PROFILES.get(found["camera"].driver or "", PLAIN),
    )
