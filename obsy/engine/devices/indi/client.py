"""The one door to INDI: pyindi-client's thread writes down what arrives and when, obsy reads it without waiting."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from threading import Lock
from typing import Any

import PyIndi

from obsy.engine.devices.indi.connection import Blob, Value, Vector, until
from obsy.engine.devices.ports import Clock
from obsy.errors import DeviceError, DeviceTimeout
from obsy.schemas.address import ServerAddress

CONNECTION, ON = "CONNECTION", "CONNECT"
CONNECT_S = 10.0
QUIET_S, LOOKS = 1.0, 20
"""A device tells one after the other what it has: when for so long nothing new has come, that was all."""
_STATES = ("Idle", "Ok", "Busy", "Alert")
_READERS: dict[int, tuple[Any, Callable[[Any], Value]]] = {
    PyIndi.INDI_NUMBER: (PyIndi.PropertyNumber, lambda item: float(item.getValue())),
    PyIndi.INDI_SWITCH: (PyIndi.PropertySwitch, lambda item: item.getState() == PyIndi.ISS_ON),
    PyIndi.INDI_TEXT: (PyIndi.PropertyText, lambda item: str(item.getText())),
    PyIndi.INDI_LIGHT: (PyIndi.PropertyLight, lambda item: _STATES[item.getState()]),
}
Key = tuple[str, str]


class _Notes(PyIndi.BaseClient):  # type: ignore[misc]  # pyindi-client has no types
    """What has arrived; its methods run in a thread of libindi, which must never wait."""

    def __init__(self, losses: Counter[str]) -> None:
        self.lock, self._losses = Lock(), losses
        self.connected = False  # libindi's own answer stays yes after the server has gone
        self.newest: dict[Key, Vector] = {}
        self.good: dict[Key, Vector] = {}
        self.busy: dict[Key, Vector] = {}
        self.aside: dict[Key, Vector] = {}  # of devices that are silent
        self.alerts, self.turns = Counter[Key](), Counter[Key]()
        self.blobs: dict[Key, Blob] = {}
        super().__init__()  # last: libindi may call from now on

    def newProperty(self, prop: PyIndi.Property) -> None:  # noqa: D102
        self._note(prop, None)

    def updateProperty(self, prop: PyIndi.Property) -> None:  # noqa: D102
        if prop.getType() == PyIndi.INDI_BLOB:
            self._keep(prop)
        else:
            self._note(prop, datetime.now(UTC))

    def removeProperty(self, prop: PyIndi.Property) -> None:  # noqa: D102
        with self.lock:
            for noted in (self.newest, self.good, self.busy, self.aside):
                noted.pop((prop.getDeviceName(), prop.getName()), None)

    def removeDevice(self, device: PyIndi.BaseDevice) -> None:  # noqa: D102
        self.forget(device.getDeviceName())
        with self.lock:
            self.aside = {key: vector for key, vector in self.aside.items() if key[0] != device.getDeviceName()}

    def forget(self, device: str) -> None:
        """Take a device for gone, until it is recalled."""
        with self.lock:
            self._losses[device] += 1
            for key in [key for key in self.newest if key[0] == device]:
                self.aside[key] = self.newest.pop(key)
                self.good.pop(key, None)
                self.busy.pop(key, None)

    def recall(self, device: str) -> None:
        """Take what a forgotten device has for defined: libindi does not tell of it anew."""
        with self.lock:
            for key in [key for key in self.aside if key[0] == device]:
                self.newest.setdefault(key, replace(self.aside.pop(key), received=None))

    def serverConnected(self) -> None:  # noqa: D102
        self.connected = True

    def serverDisconnected(self, _code: int) -> None:  # noqa: D102
        self.connected = False
        with self.lock:
            self._losses.update({device for device, _ in self.newest})
            for noted in (self.newest, self.good, self.busy, self.aside):
                noted.clear()

    def _keep(self, prop: PyIndi.Property) -> None:
        """Copy what has come: the library writes over it when the next one comes."""
        for item in PyIndi.PropertyBlob(prop):
            kept = Blob(bytes(item.getblobdata()), item.getFormat())
            with self.lock:
                self.blobs[prop.getDeviceName(), prop.getName()] = kept

    def _note(self, prop: PyIndi.Property, received: datetime | None) -> None:
        if prop.getType() not in _READERS:
            return
        kind, value = _READERS[prop.getType()]
        values: dict[str, Value] = {item.getName(): value(item) for item in kind(prop)}
        switches = kind(prop) if prop.getType() == PyIndi.INDI_SWITCH else ()
        labels = {item.getName(): str(item.getLabel()) for item in switches}
        vector = Vector(_STATES[prop.getState()], values, received, prop.getPermission() != PyIndi.IP_RO, labels)
        key = (prop.getDeviceName(), prop.getName())
        with self.lock:
            was, self.newest[key] = self.newest.get(key), vector
            if prop.getName() == CONNECTION and was is not None and was.chosen() == ON != vector.chosen():
                self._losses[prop.getDeviceName()] += 1  # from its driver, which takes back what it has
            self.alerts[key] += vector.state == "Alert"
            self.turns[key] += was is None or vector.chosen() not in (None, was.chosen())
            if received is not None and vector.state in ("Ok", "Busy"):
                (self.good if vector.state == "Ok" else self.busy)[key] = vector


class IndiConnection:
    """A Line to one server, taken up again whenever it was lost."""

    def __init__(self, clock: Clock, host: str, port: int) -> None:
        self._clock, self._host, self._port = clock, host, port
        self.address = ServerAddress(host, port)
        self._losses = Counter[str]()
        self._notes = _Notes(self._losses)
        self._dialling = asyncio.Lock()
        self._known: dict[str, int] = {}

    async def ready(self, device: str) -> None:
        """Return when the device is connected; raises DeviceError if the server or the device is not there."""
        await self._reach_server()
        if self._is_connected(device):
            return
        await until(self._clock, lambda: self.vector(device, CONNECTION) is not None, CONNECT_S, f"'{device}'")
        if not self._is_connected(device):
            self._known.pop(device, None)  # what it has is told when it is connected
            self.press(device, CONNECTION, ON)
        await until(self._clock, lambda: self._is_connected(device), CONNECT_S, f"the connection of '{device}'")

    async def known(self, device: str) -> None:
        """Return when the device is connected and has told all that it has; raises as `ready` does."""
        await self.ready(device)
        losses = self.losses(device)
        if self._known.get(device) == losses:
            return
        for _ in range(LOOKS):
            before = self._defined(device)
            await self._clock.sleep(QUIET_S)
            if self._defined(device) == before:
                break
        self._known[device] = losses

    def _defined(self, device: str) -> int:
        with self._notes.lock:
            return sum(1 for each, _ in self._notes.newest if each == device)

    def vector(self, device: str, name: str) -> Vector | None:
        """A property as it stands, None if the device, the property or the server is not there."""
        with self._notes.lock:
            return self._notes.newest.get((device, name))

    def good(self, device: str, name: str) -> Vector | None:
        """The newest of its updates whose state was Ok."""
        with self._notes.lock:
            return self._notes.good.get((device, name))

    def busy(self, device: str, name: str) -> Vector | None:
        """The newest of its updates whose state was Busy."""
        with self._notes.lock:
            return self._notes.busy.get((device, name))

    def alerts(self, device: str, name: str) -> int:
        """How often it has told of a fault."""
        with self._notes.lock:
            return self._notes.alerts[device, name]

    def turns(self, device: str, name: str) -> int:
        """How often another of its switches was turned on, or it was defined anew."""
        with self._notes.lock:
            return self._notes.turns[device, name]

    def losses(self, device: str) -> int:
        """How often the device has gone, by itself, with its server or from its driver."""
        with self._notes.lock:
            return self._losses[device]

    def press(self, device: str, name: str, switch: str) -> None:
        """Turn one switch on and the others off; raises DeviceError if there is none such."""
        prop = PyIndi.PropertySwitch(self._property(device, name, switch))
        for item in prop:
            item.setState(PyIndi.ISS_ON if item.getName() == switch else PyIndi.ISS_OFF)
        self._notes.sendNewProperty(prop)

    def put(self, device: str, name: str, values: Mapping[str, float | str]) -> None:
        """Send numbers or texts; raises DeviceError if there is no such property."""
        said, texts = self._property(device, name, *values), any(isinstance(each, str) for each in values.values())
        prop = PyIndi.PropertyText(said) if texts else PyIndi.PropertyNumber(said)
        for item in prop:
            if item.getName() in values:
                (item.setText if texts else item.setValue)(values[item.getName()])
        self._notes.sendNewProperty(prop)

    def listen(self, device: str) -> None:
        """Have the files that the device makes sent over this connection, beside all else that it says."""
        self._notes.setBLOBMode(PyIndi.B_ALSO, device, None)

    def take(self, device: str, name: str) -> Blob | None:
        """The newest file that has come, once."""
        with self._notes.lock:
            return self._notes.blobs.pop((device, name), None)

    def close(self) -> None:
        """Leave the server; the devices stay as they are."""
        self._notes.disconnectServer()

    def hang_up(self) -> None:
        """Forget all that the server has said, as if it had gone; the next question dials it again."""
        notes = self._notes
        notes.serverDisconnected(0)  # first: the library may take its time, and what is old counts no more
        notes.disconnectServer()
        notes.serverDisconnected(0)  # what has come meanwhile

    def forget(self, devices: Iterable[str]) -> None:
        """Forget what some devices have said, as if they had gone, until they are recalled."""
        for each in devices:
            self._notes.forget(each)

    def recall(self, devices: Iterable[str]) -> None:
        """Take forgotten devices for there: what they said before is what they have, and of no known age."""
        for each in devices:
            self._notes.recall(each)

    async def _reach_server(self) -> None:
        async with self._dialling:
            if self._notes.connected:
                return
            notes = _Notes(self._losses)  # one that has lost its server never finds it again
            notes.setServer(self._host, self._port)
            try:
                async with asyncio.timeout(CONNECT_S):
                    reached = await asyncio.to_thread(notes.connectServer)
            except TimeoutError:
                raise DeviceTimeout(f"the INDI server at {self._host}:{self._port} did not answer") from None
            if not reached:
                raise DeviceError(f"no INDI server answers at {self._host}:{self._port}")
            self._notes = notes

    def _is_connected(self, device: str) -> bool:
        connection = self.vector(device, CONNECTION)
        return connection is not None and connection.chosen() == ON and connection.state == "Ok"

    def _property(self, device: str, name: str, *items: str) -> PyIndi.Property:
        """The library's own object, once it is sure to be there: it crashes on one that is not."""
        vector = self.vector(device, name)
        if vector is None or not self._notes.connected:
            why = f"has no property {name} now" if self._is_connected(device) else f"has gone: it has no {name} now"
            raise DeviceError(f"the INDI device '{device}' {why}")
        if missing := [item for item in items if item not in vector.values]:
            raise DeviceError(f"{name} of the INDI device '{device}' has no element {', '.join(missing)}")
        return self._notes.getDevice(device).getProperty(name)
