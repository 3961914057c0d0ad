"""Whether EKOS could take a frame now, with the devices that are declared and no others."""

from obsy.engine.devices.ekos.bus import Bus, whole
from obsy.engine.devices.ekos.profile import EkosEquipment
from obsy.engine.devices.ekos.scheduler import CAPTURE, EKOS, INDI, STARTED
from obsy.errors import DeviceError

NOTHING = ("", "--", "None")
"""What the capture module calls no device."""


async def hindrance(bus: Bus, equipment: EkosEquipment) -> str:
    """Return why EKOS can take no frame now, with its cure; '' if nothing is in the way."""
    try:
        return await _hindrance(bus, equipment)
    except DeviceError as fault:
        return f"{fault}: start KStars, and in EKOS its profile"


async def _hindrance(bus: Bus, equipment: EkosEquipment) -> str:
    if [whole(name, await bus.read(*EKOS, name)) for name in ("ekosStatus", "indiStatus")] != [STARTED, STARTED]:
        return "EKOS is not at work: start its profile in KStars"
    found = await bus.call(*INDI, "getDevices")
    there = sorted(map(str, found)) if isinstance(found, list) else []
    wanted = (equipment.mount, equipment.camera, equipment.wheel, equipment.focuser)
    if gone := [f"'{each}'" for each in wanted if each is not None and each not in there]:
        has = ", ".join(f"'{each}'" for each in there) or "none"
        return f"EKOS has no {' and no '.join(gone)}, but {has}: add what is missing to its profile, and start it anew"
    for name, ours in (("camera", equipment.camera), ("filterWheel", equipment.wheel)):
        theirs = str(await bus.read(*CAPTURE, name))
        if theirs != ours and (ours is not None or theirs not in NOTHING):
            what = "a wheel" if name == "filterWheel" else "a camera"
            declared = f"'{ours}' is declared" if ours is not None else "none is declared"
            cure = "choose the optical train that has it in EKOS's capture module"
            return f"EKOS takes frames with {what} '{theirs}', and {declared}: {cure}"
    return ""
