"""A PHD2 of ours: its states, its events and their order as observed of 2.6.13, with a frame as short as a test likes.

It is a machine, not a tape: it guides what it is asked to, and misbehaves as it is told to.
"""

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

FRAME_S = 0.004
CALIBRATION_STEPS = 16
NO_STAR = "failed to find a suitable guide star"
LATE = "timed-out waiting for guider to settle"


@dataclass
class Phd2Peer:
    """One PHD2 with its clients; what it does wrong is set from outside, at any time."""

    state: str = "Stopped"
    calibrated: bool = False
    connected: bool = False
    pixel_scale: object = 3.26586
    star: bool = True
    """Whether there is one to be seen."""
    settles: bool = True
    calibrates: bool = True
    equipment: bool = True
    stops: bool = True
    silent: bool = False
    shuffles: bool = False
    """Whether it answers a request only after the next frame, so that answers come late and among events."""
    dies_at: str = ""
    """The method that ends it."""
    says: bytes = b""
    """What it says in the place of an answer."""
    asked: list[tuple[str, Any]] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    """The names of its events, in order."""
    dithers: list[float] = field(default_factory=list)
    port: int = 0
    frame_s: float = FRAME_S
    _writers: set[asyncio.StreamWriter] = field(default_factory=set)
    _work: "asyncio.Task[None] | None" = None
    _operation: str = ""
    _stopping: bool = False
    _serving: int = 0
    _server: asyncio.Server | None = None

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    @asynccontextmanager
    async def listening(self) -> AsyncIterator["Phd2Peer"]:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            for _ in range(10):  # who has just been let in is served now; a server that closes before drops it unclosed
                await asyncio.sleep(0)
            await self.die()
            while self._serving:
                await asyncio.sleep(0)

    async def die(self) -> None:
        """Go, with every connection."""
        self._begin(None)
        if self._server is not None:
            self._server.close()
        for writer in [*self._writers]:
            writer.close()

    def methods(self) -> list[str]:
        return [method for method, _ in self.asked]

    def tell(self, name: str, **facts: Any) -> None:
        """Send an event to every client."""
        self.told.append(name)
        self._send({"Event": name, "Timestamp": 1.0, "Host": "host", "Inst": 1, **facts}, *self._writers)

    @staticmethod
    def _send(message: Any, *writers: asyncio.StreamWriter) -> None:
        for writer in writers:
            if not writer.is_closing():
                writer.write(json.dumps(message).encode() + b"\r\n")

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._serving += 1
        try:
            await self._talk(reader, writer)
        finally:
            writer.close()
            with suppress(ConnectionError, asyncio.CancelledError):
                await writer.wait_closed()
            self._serving -= 1

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._send({"Event": "Version", "PHDVersion": "2.6.13", "MsgVersion": 1}, writer)
        if self.state == "Guiding":
            self._send({"Event": "StartGuiding"}, writer)
        self._send({"Event": "AppState", "State": self.state}, writer)
        self._writers.add(writer)
        with suppress(ConnectionError, asyncio.CancelledError):
            while line := await reader.readline():
                await self._answer(json.loads(line), writer)
        self._writers.discard(writer)

    async def _answer(self, request: dict[str, Any], writer: asyncio.StreamWriter) -> None:
        method, params = request["method"], request.get("params")
        self.asked.append((method, params))
        if method == self.dies_at:
            await self.die()
            return
        if self.silent:
            return
        if self.says:
            writer.write(self.says + b"\r\n")
            return
        try:
            said: dict[str, Any] = {"result": getattr(self, f"_{method}")(params)}
        except ValueError as fault:
            said = {"error": {"code": 1, "message": str(fault)}}
        answer = {"jsonrpc": "2.0", **said, "id": request["id"]}
        if self.shuffles:
            asyncio.get_running_loop().call_later(2 * self.frame_s, self._send, answer, writer)
        else:
            self._send(answer, writer)

    def _get_app_state(self, _: Any) -> str:
        return self.state

    def _get_connected(self, _: Any) -> bool:
        return self.connected

    def _set_connected(self, params: Any) -> int:
        if not self.equipment:
            raise ValueError("equipment failed to connect: camera")
        self.tell("ConfigurationChange")
        self.connected = params[0]
        return 0

    def _get_pixel_scale(self, _: Any) -> object:
        return self.pixel_scale

    def _guide(self, params: Any) -> int:
        self._check("guide")
        if not self.connected:
            raise ValueError("all equipment must be connected first")
        self._begin(self._guiding(params["settle"]), "guide")
        return 0

    def _dither(self, params: Any) -> int:
        self._check("dither")
        if self.state not in ("Guiding", "LostLock"):
            raise ValueError("Dither error")
        self.dithers.append(params["amount"])
        for name in ("LockPositionSet", "GuidingDithered", "SettleBegin"):
            self.tell(name)
        self._begin(self._held(params["settle"]), "dither")
        return 0

    def _stop_capture(self, _: Any) -> int:
        if self.stops and self.state != "Stopped" and not self._stopping:
            self._stopping = True
            asyncio.get_running_loop().call_later(3 * self.frame_s, self._stopped)
        return 0

    def _check(self, method: str) -> None:
        if self._operation:
            raise ValueError(f"Cannot initiate {method} while {self._operation} is in progress")

    def _begin(self, work: Any, operation: str = "") -> None:
        if self._work is not None:
            self._work.cancel()
        self._operation, self._work = operation, None if work is None else asyncio.ensure_future(work)

    def _stopped(self) -> None:
        """What stopping brings, after it was answered."""
        if self.state in ("Guiding", "LostLock"):
            self.tell("GuidingStopped")
        if self._operation:
            self.tell("SettleDone", Status=1, Error="Guiding stopped", TotalFrames=0, DroppedFrames=0)
        self.tell("LoopingExposuresStopped")
        self.tell("LockPositionLost")
        self._begin(None)
        self.state, self._stopping = "Stopped", False

    async def _guiding(self, settle: dict[str, float]) -> None:
        if self.state not in ("Guiding", "LostLock"):
            self.state = "Looping"
            for _ in range(3):
                await asyncio.sleep(self.frame_s)
                self.tell("LoopingExposures", Frame=1)
            if not self.star:
                self._done(1, NO_STAR)
                await self._looping()
            self.tell("LockPositionSet", X=1.0, Y=1.0)
            self.tell("StarSelected", X=1.0, Y=1.0)
            if not self.calibrated:
                await self._calibrating()
            self.state = "Guiding"
            self.tell("StartGuiding")
        self.tell("SettleBegin")
        await self._held(settle)

    async def _calibrating(self) -> None:
        self.state = "Calibrating"
        self.tell("StartCalibration", Mount="On Camera")
        for step in range(CALIBRATION_STEPS):
            await asyncio.sleep(self.frame_s)
            self.tell("Calibrating", Mount="On Camera", dir="West", step=step)
            if not self.calibrates and step > 2:
                self.tell("Alert", Msg="the star did not move enough", Type="warning")
                self.tell("CalibrationFailed", Mount="On Camera", Reason="Star did not move enough")
                self.tell("LockPositionLost")
                await self._looping()  # with no SettleDone, and every further guide refused until it is stopped
        self.tell("CalibrationComplete", Mount="On Camera")
        self.calibrated = True

    async def _looping(self) -> None:
        self.state = "Looping"
        while True:
            await asyncio.sleep(self.frame_s)
            self.tell("LoopingExposures", Frame=1)

    async def _held(self, settle: dict[str, float]) -> None:
        """Guide for ever; settle first. A frame is as long as one of the settle's seconds."""
        held_s = 0.0
        for passed_s in range(round(settle["timeout"]) + 1):
            await self._frame()
            held_s = held_s + 1.0 if self.star and self.settles else 0.0
            self.tell("Settling", Distance=1.0, Time=held_s, SettleTime=settle["time"], StarLocked=self.star)
            if held_s > settle["time"]:
                self._done(0)
                break
            if passed_s >= settle["timeout"]:
                self._done(1, LATE)
                break
        while True:
            await self._frame()

    async def _frame(self) -> None:
        await asyncio.sleep(self.frame_s)
        self.state = "Guiding" if self.star else "LostLock"
        self.tell("GuideStep" if self.star else "StarLost")

    def _done(self, status: int, error: str = "") -> None:
        self._operation = ""
        self.tell("SettleDone", Status=status, **({"Error": error} if error else {}), TotalFrames=9, DroppedFrames=0)


@contextmanager
def beside(peer: Phd2Peer) -> Iterator[Phd2Peer]:
    """Let it listen on a thread of its own, for programs that are none of this process."""
    loop, over = asyncio.new_event_loop(), asyncio.Event()

    async def listen(listens: threading.Event) -> None:
        async with peer.listening():
            listens.set()
            await over.wait()

    listens = threading.Event()
    thread = threading.Thread(target=lambda: loop.run_until_complete(listen(listens)))
    thread.start()
    try:
        listens.wait(10.0)
        yield peer
    finally:
        loop.call_soon_threadsafe(over.set)
        thread.join()
        loop.close()
