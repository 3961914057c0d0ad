"""An Alpaca server of ours: a state machine with the members that obsy asks, as the API's reference says them.

It moves by a clock that the test turns, and misbehaves as it is told to.
"""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import numpy as np

PATIENCE_S = 60.0
NOT_IMPLEMENTED, INVALID_VALUE, NOT_CONNECTED, PARKED, INVALID_OPERATION = 0x400, 0x401, 0x407, 0x408, 0x40B
KINDS = {1: "<i2", 2: "<i4", 3: "<f8", 8: "<u2"}
START: dict[str, dict[str, Any]] = {
    "telescope/0": {
        "atpark": True, "slewing": False, "tracking": False, "rightascension": 0.0, "declination": 89.0,
        "altitude": 10.0, "azimuth": 0.0, "sideofpier": 0, "equatorialsystem": 1,
    },
    "camera/0": {
        "camerastate": 0, "imageready": False, "cameraxsize": 8, "cameraysize": 6, "binx": 1, "biny": 1, "startx": 0,
        "starty": 0, "numx": 8, "numy": 6, "gain": 0, "offset": 0, "exposuremin": 0.001, "cansetccdtemperature": True,
        "ccdtemperature": 12.0, "setccdtemperature": 12.0, "cooleron": False,
    },
    "filterwheel/0": {"position": 0, "names": ["Red", "H_Alpha", "Luminance"]},
    "dome/0": {"shutterstatus": 1, "slewing": False},
    "observingconditions/0": {
        "rainrate": 0.0, "cloudcover": 20.0, "windspeed": 5.0, "windgust": 10.0, "humidity": 55.0, "temperature": 4.0,
        "skytemperature": -25.0, "timesincelastupdate": 7.0,
    },
    "safetymonitor/0": {"issafe": True},
    "covercalibrator/0": {"coverstate": 3, "calibratorstate": 1, "maxbrightness": 255},
    "rotator/0": {"ismoving": False, "position": 5.0, "mechanicalposition": 5.0},
    "focuser/0": {"absolute": True, "ismoving": False, "position": 10000, "temperature": 4.5},
}  # fmt: skip


class RefusedHere(Exception):
    """The number and the words of a refusal."""


@dataclass
class AlpacaPeer:
    """One server with its devices; what it does wrong is set from outside, at any time."""

    now_s: Callable[[], float] = time.monotonic
    takes_s: float = 3.0
    """How long whatever moves does so."""
    devices: dict[str, dict[str, Any]] = field(
        default_factory=lambda: {name: {"connected": False, **its} for name, its in START.items()}
    )
    says: dict[tuple[str, str], Any] = field(default_factory=dict)
    """What a member says, whatever is true."""
    refuses: dict[tuple[str, str], tuple[int, str]] = field(default_factory=dict)
    raw: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    """What is answered to a member, as status and bytes."""
    silent: set[str] = field(default_factory=set)
    """Devices, or members, that do not answer until they are taken out."""
    asked: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    """The commands, in order: device, member, what was said."""
    image: Any = None
    """Counts, columns first; None: numbered pixels."""
    sent_as: int | None = 8
    """The element type of ImageBytes; None: JSON."""
    port: int = 0
    answers: Callable[[int], int] = lambda number: number
    """Which question it says to answer."""
    _due: dict[str, tuple[float, dict[str, Any]]] = field(default_factory=dict)
    """What becomes of a device, and when."""
    _serves: ThreadingHTTPServer | None = None
    _lock: threading.RLock = field(default_factory=threading.RLock)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @contextmanager
    def listening(self) -> Iterator["AlpacaPeer"]:
        peer = self

        class Answers(Answering):
            alpaca = peer

        with ThreadingHTTPServer(("127.0.0.1", self.port), Answers) as server:
            server.daemon_threads = True
            self._serves, self.port = server, server.server_address[1]
            thread = threading.Thread(target=server.serve_forever, args=(0.01,))
            thread.start()
            try:
                yield self
            finally:
                self.silent.clear()
                self.die()
                thread.join()

    def die(self) -> None:
        """Listen no more."""
        if self._serves is not None:
            self._serves.shutdown()
            self._serves.server_close()

    def told(self, device: str) -> list[str]:
        return [member for name, member, _ in self.asked if name == device]

    def answer(self, method: str, device: str, member: str, said: dict[str, str]) -> Any:
        """The value, after whatever has become due."""
        with self._lock:
            if (device, member) in self.refuses:
                raise RefusedHere(*self.refuses[device, member])
            its = self.devices[device]
            due_s, becomes = self._due.get(device, (0.0, {}))
            if becomes and self.now_s() >= due_s:
                its.update(becomes)
                del self._due[device]
            if method == "GET":
                if not its["connected"] and member != "connected":
                    raise RefusedHere(NOT_CONNECTED, "not connected")
                if (device, member) in self.says:
                    return self.says[device, member]
                if member not in its:
                    raise RefusedHere(NOT_IMPLEMENTED, f"{member} is not implemented")
                return its[member]
            self.asked.append((device, member, said))
            if not its["connected"] and member != "connected":
                raise RefusedHere(NOT_CONNECTED, "not connected")
            getattr(self, f"_{member}", self._set)(device, member, said)
            return None

    def becomes(self, device: str, within_s: float, **values: Any) -> None:
        self._due[device] = self.now_s() + within_s, values

    def _set(self, device: str, member: str, said: dict[str, str]) -> None:
        value = next(each for name, each in said.items() if name not in ("ClientID", "ClientTransactionID"))
        if member not in self.devices[device]:
            raise RefusedHere(NOT_IMPLEMENTED, f"{member} is not implemented")
        self.devices[device][member] = value == "True" if value in ("True", "False") else float(value)

    def _utcdate(self, device: str, member: str, said: dict[str, str]) -> None:
        self.devices[device][member] = said["UTCDate"]

    def _setccdtemperature(self, device: str, member: str, said: dict[str, str]) -> None:
        self._set(device, member, said)
        self.becomes(device, self.takes_s, ccdtemperature=self.devices[device][member])

    def _park(self, device: str, member: str, said: dict[str, str]) -> None:
        its = self.devices[device]
        its.update(slewing=not its["atpark"], tracking=False)
        self.becomes(device, self.takes_s, slewing=False, atpark=True, altitude=10.0, azimuth=0.0)

    def _unpark(self, device: str, member: str, said: dict[str, str]) -> None:
        self.devices[device]["atpark"] = False

    def _slewtocoordinatesasync(self, device: str, member: str, said: dict[str, str]) -> None:
        its = self.devices[device]
        if its["atpark"]:
            raise RefusedHere(PARKED, "parked")
        if not its["tracking"]:
            raise RefusedHere(INVALID_OPERATION, "not tracking")
        its["slewing"] = True
        place = {"rightascension": float(said["RightAscension"]), "declination": float(said["Declination"])}
        self.becomes(device, self.takes_s, slewing=False, **place)

    def _abortslew(self, device: str, member: str, said: dict[str, str]) -> None:
        if self.devices[device].get("atpark"):
            raise RefusedHere(PARKED, "parked")
        self._due.pop(device, None)
        self.devices[device]["slewing"] = False

    def _startexposure(self, device: str, member: str, said: dict[str, str]) -> None:
        its, seconds = self.devices[device], float(said["Duration"])
        if its["camerastate"]:
            raise RefusedHere(INVALID_OPERATION, "an exposure is under way")
        its.update(camerastate=2, imageready=False)
        self.becomes(device, seconds, camerastate=0, imageready=True, lastexposureduration=seconds)

    def _abortexposure(self, device: str, member: str, said: dict[str, str]) -> None:
        self._due.pop(device, None)
        self.devices[device].update(camerastate=0, imageready=False)

    def _openshutter(self, device: str, member: str, said: dict[str, str]) -> None:
        self.devices[device]["shutterstatus"] = 2
        self.becomes(device, self.takes_s, shutterstatus=0)

    def _closeshutter(self, device: str, member: str, said: dict[str, str]) -> None:
        if self.devices[device]["shutterstatus"] != 1:
            self.devices[device]["shutterstatus"] = 3
        self.becomes(device, self.takes_s, shutterstatus=1)

    def _closecover(self, device: str, member: str, said: dict[str, str]) -> None:
        self.devices[device]["coverstate"] = 2
        self.becomes(device, self.takes_s, coverstate=1)

    def _opencover(self, device: str, member: str, said: dict[str, str]) -> None:
        self.devices[device]["coverstate"] = 2
        self.becomes(device, self.takes_s, coverstate=3)

    def _calibratoron(self, device: str, member: str, said: dict[str, str]) -> None:
        self.devices[device]["calibratorstate"] = 2
        self.becomes(device, self.takes_s, calibratorstate=3)

    def _calibratoroff(self, device: str, member: str, said: dict[str, str]) -> None:
        self.devices[device]["calibratorstate"] = 1

    def listed(self) -> list[dict[str, Any]] | None:
        """What the server says that it has."""
        places = ((name, *name.split("/")) for name in self.devices)
        return [
            {"DeviceName": f"our {kind}", "DeviceType": kind.title(), "DeviceNumber": int(number), "UniqueID": name}
            for name, kind, number in places
        ]

    def _position(self, device: str, member: str, said: dict[str, str]) -> None:
        wanted = int(said["Position"])
        if not 0 <= wanted < len(self.devices[device]["names"] or range(9)):
            raise RefusedHere(INVALID_VALUE, f"there is no place {wanted}")
        self.devices[device]["position"] = -1
        self.becomes(device, self.takes_s, position=wanted)

    def _move(self, device: str, member: str, said: dict[str, str]) -> None:
        self.devices[device]["ismoving"] = True
        self.becomes(device, self.takes_s, ismoving=False, position=int(said["Position"]))

    def _movemechanical(self, device: str, member: str, said: dict[str, str]) -> None:
        self.devices[device]["ismoving"] = True
        place = "mechanicalposition" if member == "movemechanical" else "position"
        self.becomes(device, self.takes_s, ismoving=False, **{place: float(said["Position"])})

    _moveabsolute = _movemechanical

    def _halt(self, device: str, member: str, said: dict[str, str]) -> None:
        self._due.pop(device, None)
        self.devices[device]["ismoving"] = False

    def pixels(self) -> Any:
        """Counts, columns first, as Alpaca has them."""
        its = self.devices["camera/0"]
        columns, rows = int(its["numx"]), int(its["numy"])
        counted = np.arange(columns * rows).reshape(rows, columns).T
        return counted if self.image is None else np.asarray(self.image)

    def picture(self, accept: str, number: int = 0) -> tuple[str, bytes]:
        image = self.pixels()
        if self.sent_as is None or "imagebytes" not in accept:
            said = {"Type": 2, "Rank": image.ndim, "Value": image.tolist(), "ErrorNumber": 0, "ErrorMessage": ""}
            said["ClientTransactionID"] = number
            return "application/json", json.dumps(said).encode()
        sizes = [*image.shape, 0, 0][:3]
        head = np.array([1, 0, number, 1, 44, 2, self.sent_as, image.ndim, *sizes], "<i4").tobytes()
        return "application/imagebytes", head + np.ascontiguousarray(image).astype(KINDS[self.sent_as]).tobytes()


class Answering(BaseHTTPRequestHandler):
    """One request."""

    alpaca: AlpacaPeer

    def do_GET(self) -> None:
        place = urlsplit(self.path)
        self._answer(place.path, dict(parse_qsl(place.query)))

    def do_PUT(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self._answer(self.path, dict(parse_qsl(body)))

    def _answer(self, path: str, said: dict[str, str]) -> None:
        if path == "/management/v1/configureddevices":
            if self.alpaca.listed() is None:
                return self._send(*self.alpaca.raw.get("configureddevices", (404, b"Not Found")), "text/html")
            listed = {"Value": self.alpaca.listed(), "ClientTransactionID": int(said["ClientTransactionID"])}
            return self._send(200, json.dumps(listed).encode(), "application/json")
        peer, (kind, number, member) = self.alpaca, path.removeprefix("/api/v1/").split("/")
        device, until = f"{kind}/{number}", time.monotonic() + PATIENCE_S
        while peer.silent & {device, member} and time.monotonic() < until:
            time.sleep(0.005)
        if member in peer.raw:
            return self._send(*peer.raw[member], "text/plain")
        if device not in peer.devices:
            return self._send(400, f"there is no {device}".encode(), "text/plain")
        asked = int(said["ClientTransactionID"])
        words = {"ClientTransactionID": peer.answers(asked), "ErrorNumber": 0, "ErrorMessage": ""}
        try:
            if member == "imagearray":
                kind, content = peer.picture(self.headers["Accept"], int(said["ClientTransactionID"]))
                return self._send(200, content, kind)
            words["Value"] = peer.answer(self.command, device, member, said)
        except RefusedHere as refusal:
            words["ErrorNumber"], words["ErrorMessage"] = refusal.args
        self._send(200, json.dumps(words).encode(), "application/json")

    def _send(self, status: int, content: bytes, kind: str) -> None:
        with suppress(ConnectionError):  # who asked has hung up
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

    def log_message(self, *said: object) -> None:
        """Say nothing."""
