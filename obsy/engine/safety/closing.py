"""Bring everything to safety: mounts parked and seen parked, then the roof closed and seen closed, until it is."""

import asyncio
from collections.abc import Callable, Coroutine
from itertools import count
from typing import Any

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
CALM_S, CALMER = 30.0, 4.0
"""So long mounts must stay parked after a closing that one of them stopped; each further time, so much longer."""
LOOK_S = 1.0
"""How often it is asked whether the patience with a mount is over."""


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
            if (reason := await _fails(shelter, say, patience, first=number == 1)) is None:
                break
            if number <= shelter.policy.retries or number % TOLD_EVERY == 0:
                say(CloseFailed(attempt=number, reason=reason))
            if number == shelter.policy.retries or number % TOLD_EVERY == 0:
                say(AlarmRaised(reason="the roof does not close: it needs hands, now"))
            if shelter.is_over():
                raise DeviceError(f"the roof is not seen closed after {number} attempts")
            await patience.pause(PAUSES_S[min(number, len(PAUSES_S)) - 1])
        stance.meant, stance.exposed, stance.aborted = Roof.CLOSED, False, 0


class _Patience:
    """How long a mount that does not park may keep a roof open in bad weather."""

    def __init__(self, shelter: Shelter, in_danger: Callable[[], bool]) -> None:
        self._choice, self._in_danger, self._clock = shelter.policy.if_not_parked, in_danger, shelter.clock
        self._since: float | None = None

    def is_over(self) -> bool:
        """Whether the roof closes anyway; asked every second, for it counts only while it is unsafe."""
        if self._choice is None or not self._is_dangerous():
            self._since = None
            return False
        now = self._clock.monotonic()
        self._since = now if self._since is None else self._since
        return now - self._since >= self._choice.close_after

    async def pause(self, seconds: float) -> None:
        """Sleep for so long, or until the patience runs out."""
        until, was_over = self._clock.monotonic() + seconds, self.is_over()
        while (left_s := until - self._clock.monotonic()) > 0 and self.is_over() is was_over:
            await self._clock.sleep(left_s if self._choice is None else min(left_s, LOOK_S))

    async def bounds(self, work: Coroutine[Any, Any, None], what: str) -> None:
        """Return when the work is done. Raise DeviceError, with the work given up, if the patience is over before."""
        task = asyncio.ensure_future(work)
        try:
            while not (await asyncio.wait({task}, timeout=None if self._choice is None else LOOK_S))[0]:
                if self.is_over():
                    raise DeviceError(f"{what} takes longer than it may in bad weather")
        finally:
            if not task.done():
                task.cancel()
                await asyncio.wait({task})
        task.result()

    def _is_dangerous(self) -> bool:
        try:
            return self._in_danger()
        except Exception:  # ours: what cannot be judged is not safe
            return True


async def _fails(shelter: Shelter, say: Log, patience: _Patience, *, first: bool) -> str | None:
    """Return why an attempt failed; None if the roof is closed."""
    try:
        if first:
            await asyncio.gather(_bring_home(shelter, say, patience), _tell_of_doubt(shelter, say))
        else:
            await _bring_home(shelter, say, patience)
    except (asyncio.CancelledError, GeneratorExit):  # this task's own end: a device's becomes a DeviceError
        raise
    except DeviceError as error:
        return str(error)
    except BaseException as fault:  # noqa: BLE001 - ours too: what makes safe is the last that gives up
        return told(fault)
    return None


async def _tell_of_doubt(shelter: Shelter, say: Log) -> None:
    """Call people if the switches say that the roof is closed over a mount that it does not clear: one of them lies."""
    seen, in_the_way = await asyncio.gather(seeing.roof(shelter), moving.why_in_the_way(shelter))
    if seen is Roof.CLOSED and in_the_way:
        say(AlarmRaised(reason=f"the roof's switches say 'closed', and {in_the_way}"))


async def _bring_home(shelter: Shelter, say: Log, patience: _Patience) -> None:
    """Park, then close; a roof that clears the mounts waits for none.

    A switch may be believed rather than seen, so the command is sent whatever it says. Only where the roof was closed
    all the time is no mount moved under it, nor the roof over a mount.
    """
    if not shelter.stance.exposed and await seeing.roof(shelter) is Roof.CLOSED:
        if not await moving.why_in_the_way(shelter):
            await _shut(shelter, lambda _: None)
    elif not shelter.clears and not shelter.mounts and await seeing.roof(shelter) is Roof.CLOSED:
        return
    elif shelter.clears:
        both = attempt(_shut(shelter, say)), _park_all(shelter, say, patience)
        shut, parked = await asyncio.gather(*both, return_exceptions=True)
        if isinstance(parked, Exception) and not isinstance(parked, DeviceError):  # ours: it fails no closing
            tell_stderr(f"obsy: the mounts were not parked: {told(parked)}")
        if shut is not None:
            raise shut
    else:
        failed = await _free_the_way(shelter, say, patience)
        if failed is not None and not patience.is_over():
            raise failed
        await _shut(shelter, say, over_anything=failed is not None)


async def _free_the_way(shelter: Shelter, say: Log, patience: _Patience) -> DeviceError | None:
    """Return why the way of a roof is not known to be free, with the mounts parked unless it may stand half-way.

    Under such a roof no mount is sent anywhere: what it would strike on its way home, nobody knows. After closings that
    a mount has stopped, it must stay parked for ever longer, or the roof would creep over it.
    """
    failed = await (_stop_all(shelter) if shelter.stance.travels else _park_all(shelter, say, patience))
    if failed is None:
        failed = await attempt(_let_go(shelter))
    if failed is None and (calm_s := _calm_s(shelter.stance.aborted)):
        failed = await attempt(patience.bounds(_stay_parked(shelter, calm_s), "staying parked"))
    return failed


async def _let_go(shelter: Shelter) -> None:
    """Return when no night moves a mount any more. Raise DeviceError unless each is seen parked then."""
    let_go = shelter.stance.let_go
    if let_go is None or let_go.done():
        return
    await asyncio.wait({let_go})
    if why := await moving.why_in_the_way(shelter):
        raise DeviceError(why)


async def _stop_all(shelter: Shelter) -> DeviceError | None:
    """Stop every mount that is not seen parked; return that there is one."""
    if not (why := await moving.why_in_the_way(shelter)):
        return None
    await moving.stop_mounts(shelter)
    return DeviceError(f"the roof may stand half-way over a mount, and neither is moved: {why}")


def _calm_s(aborted: int) -> float:
    return CALM_S * CALMER ** (aborted - 1) if aborted else 0.0


async def _stay_parked(shelter: Shelter, seconds: float) -> None:
    """Return when every mount has been seen parked for so long. Raise DeviceError as soon as one is not."""
    until_s = shelter.clock.monotonic() + seconds
    while shelter.clock.monotonic() < until_s:
        if why := await moving.why_in_the_way(shelter):
            raise DeviceError(f"the roof waits until its mounts have stayed parked for {seconds:.0f} s: {why}")
        await shelter.clock.sleep(LOOK_S)


async def _park_all(shelter: Shelter, say: Log, patience: _Patience) -> DeviceError | None:
    """Park every mount at the same time, while there is patience; return how the first failed that did.

    A roof under which nobody knows a mount is not known to be free of them.
    """
    if not shelter.mounts and not shelter.clears:
        return DeviceError("it may move only over parked mounts, and no mount under it is known")

    async def parked(mount: ShelteredMount) -> DeviceError | None:
        return await attempt(patience.bounds(park(mount, say), f"parking the mount '{mount.declared.name}'"))

    failures = await asyncio.gather(*(parked(mount) for mount in shelter.mounts))
    for mount, failure in zip(shelter.mounts, failures, strict=True):
        if failure is not None and (shelter.clears or patience.is_over()):  # the roof goes on without it
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
    stance = shelter.stance
    stance.passes, stance.astray = over_anything, False
    whys = () if over_anything else moving.whys_astray(shelter)
    begun_s = shelter.clock.monotonic()
    failure = await attempt(
        moving.move(shelter, "the roof, told to close,", shelter.port.close, whys, begun=lambda: say(RoofClosing()))
    )
    if (seen := await seeing.roof(shelter)) is not Roof.CLOSED:
        stance.aborted += stance.astray
        raise DeviceError(f"the roof's switches say '{seen}': {failure or 'it was told to close'}")
    say(RoofClosed())
    why = stance.sightings.why_hasty(begun_s, shelter.declared.travel)
    if why and stance.sightings.was_just(Roof.OPEN, begun_s):
        say(AlarmRaised(reason=f"look whether the roof is closed: {why}"))


def _never_failing(log: Log) -> Log:
    """Return a log that cannot stop what makes safe."""

    def say(event: Event) -> None:
        try:
            log(event)
        except BaseException as trouble:  # noqa: BLE001 - a full disk, or any fault of whoever keeps the events
            tell_stderr(f"obsy: not written ({told(trouble)}): {event}")

    return say
