"""Bring everything to safety: mounts parked and seen parked, then the roof closed and seen closed, until it is."""

import asyncio
from collections.abc import Callable
from itertools import count

from obsy.engine.devices.ports import Roof
from obsy.engine.events import Event, Log
from obsy.engine.events.roof import AlarmRaised, CloseFailed, MountParked, ParkFailed, RoofClosed, RoofClosing
from obsy.engine.journal import tell_stderr
from obsy.engine.safety import moving, seeing
from obsy.engine.safety.asking import ask, attempt, told
from obsy.engine.safety.shelter import Shelter, ShelteredMount
from obsy.errors import DeviceError

PAUSES_S = (1.0, 2.0, 5.0, 10.0, 30.0)
"""Before each further attempt; the last for all that follow."""
TOLD_EVERY = 20
"""Of the attempts after those that the policy grants, one of so many is told, and calls people again."""


async def make_safe(shelter: Shelter, log: Log, in_danger: Callable[[], bool] = lambda: True) -> None:
    """Return when the switches prove the roof closed; it is tried without end.

    From now on no mount under it is sent anywhere. What fails, raised by a device or by us, is one failed attempt.
    log: must wait for nothing; what it raises is told on stderr.
    in_danger: whether the weather is unsafe now, for a policy that closes over a mount that does not park.
    Raise DeviceError only in a rehearsal, when it `ends`.
    """
    stance, say = shelter.stance, _never_failing(log)
    stance.meant = Roof.UNKNOWN
    async with stance.closing:
        stance.meant = Roof.UNKNOWN
        patience = _Patience(shelter, in_danger)
        for number in count(1):
            if (reason := await _fails(shelter, say, patience)) is None:
                break
            if number <= shelter.policy.retries or number % TOLD_EVERY == 0:
                say(CloseFailed(attempt=number, reason=reason))
            if number == shelter.policy.retries or number % TOLD_EVERY == 0:
                say(AlarmRaised(reason="the roof does not close: it needs hands, now"))
            if shelter.ends is not None and shelter.clock.now() >= shelter.ends:
                raise DeviceError(f"the roof is not seen closed after {number} attempts")
            await shelter.clock.sleep(PAUSES_S[min(number, len(PAUSES_S)) - 1])
        stance.meant, stance.exposed = Roof.CLOSED, False


class _Patience:
    """How long a mount that does not park may keep a roof open in bad weather."""

    def __init__(self, shelter: Shelter, in_danger: Callable[[], bool]) -> None:
        self._choice, self._in_danger, self._clock = shelter.policy.if_not_parked, in_danger, shelter.clock
        self._since: float | None = None

    def is_over(self) -> bool:
        """Whether the roof closes anyway; asked at each attempt, for it counts only while it is unsafe."""
        if self._choice is None or not self._in_danger():
            self._since = None
            return False
        now = self._clock.monotonic()
        self._since = now if self._since is None else self._since
        return now - self._since >= self._choice.close_after


async def _fails(shelter: Shelter, say: Log, patience: _Patience) -> str | None:
    """Return why an attempt failed; None if the roof is closed."""
    try:
        await _bring_home(shelter, say, anyway=patience.is_over())
    except (asyncio.CancelledError, GeneratorExit):  # this task's own end: a device's becomes a DeviceError
        raise
    except DeviceError as error:
        return str(error)
    except BaseException as fault:  # noqa: BLE001 - ours too: what makes safe is the last that gives up
        return told(fault)
    return None


async def _bring_home(shelter: Shelter, say: Log, *, anyway: bool) -> None:
    """Park, then close; a roof that clears the mounts waits for none.

    A switch may be believed rather than seen, so the command is sent whatever it says. Only where the roof was closed
    all the time is no mount moved under it, nor the roof over a mount.
    """
    if not shelter.stance.exposed and await seeing.roof(shelter) is Roof.CLOSED:
        if not await moving.why_in_the_way(shelter):
            await _shut(shelter, lambda _: None)
    elif shelter.clears:
        shut, *_ = await asyncio.gather(attempt(_shut(shelter, say)), _park_all(shelter, say, tells=True))
        if shut is not None:
            raise shut
    else:
        failed = await _park_all(shelter, say, tells=anyway)
        if failed is not None and not anyway:
            raise failed
        await _shut(shelter, say, over_anything=failed is not None)


async def _park_all(shelter: Shelter, say: Log, *, tells: bool) -> DeviceError | None:
    """Park every mount at the same time; return how the first failed that did.

    tells: whether the roof goes on without those that failed, so that only an event tells of them.
    """
    failures = await asyncio.gather(*(attempt(park(mount, say)) for mount in shelter.mounts))
    for mount, failure in zip(shelter.mounts, failures, strict=True):
        if failure is not None and tells:
            say(ParkFailed(mount=mount.declared.name, reason=str(failure)))
    return next(filter(None, failures), None)


async def park(mount: ShelteredMount, log: Log) -> None:
    """Return when the mount is seen parked, whatever it answered. Raise DeviceError if it is not."""
    if not await seeing.why_not_parked(mount):
        return
    name = f"the mount '{mount.declared.name}'"
    await attempt(ask(f"{name}, told to stop,", mount.port.stop))  # one that cannot be stopped may still park
    failure = await attempt(ask(f"{name}, told to park,", mount.port.park, mount.moves_within_s))
    if why_not := await seeing.why_not_parked(mount):
        raise DeviceError(f"{why_not}: {failure or 'it was told to park'}")
    log(MountParked(mount=mount.declared.name))


async def _shut(shelter: Shelter, say: Log, *, over_anything: bool = False) -> None:
    """Return when the roof is seen closed, whatever it answered. The command goes out before it is written down.

    A mount that is seen to leave its park stops it; one that falls silent now was parked a moment ago, and does not.
    """

    async def why_stop() -> str:
        return "" if over_anything else await moving.why_astray(shelter)

    failure = await attempt(
        moving.move(shelter, "the roof, told to close,", shelter.port.close, why_stop, begun=lambda: say(RoofClosing()))
    )
    if (seen := await seeing.roof(shelter)) is not Roof.CLOSED:
        raise DeviceError(f"the roof's switches say '{seen}': {failure or 'it was told to close'}")
    say(RoofClosed())


def _never_failing(log: Log) -> Log:
    """Return a log that cannot stop what makes safe."""

    def say(event: Event) -> None:
        try:
            log(event)
        except BaseException as trouble:  # noqa: BLE001 - a full disk, or any fault of whoever keeps the events
            tell_stderr(f"obsy: not written ({told(trouble)}): {event}")

    return say
