"""Topics of an MQTT broker, as Home Assistant and its sensors publish them."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion

from obsy.engine.devices.ports import Clock, Reading
from obsy.engine.devices.sources.apart import Apart, device_errors, login
from obsy.engine.devices.sources.text import LARGEST, Said, decoded, number, parsed, said
from obsy.errors import DeviceError
from obsy.schemas.spots import Spot
from obsy.schemas.weather import Source

PORT, TLS_PORT = 1883, 8883
KEEP_ALIVE_S = 20
FIRST_WORD_S = 5.0
"""How long a first message is waited for."""


@dataclass(frozen=True, slots=True)
class Newest:
    """The newest of a topic. `at` is when it arrived; None if the broker had kept it, nobody knows how long."""

    payload: bytes
    at: datetime | None


class MqttSource:
    """A weather input behind a broker; a message is as old as its own time, or as its arrival."""

    def __init__(self, clock: Clock, declared: Source, zone: tzinfo) -> None:
        self._clock, self._declared, self._zone = clock, declared, zone
        self._spots: Mapping[str, Spot] = declared.read.spots() if declared.read else {}
        self._topics = {declared.topic} if declared.topic else {spot.path for spot in self._spots.values()}
        self._newest: dict[str, Newest] = {}
        self._client: Client | None = None
        self._apart = Apart(f"the MQTT broker '{declared.mqtt}'")

    async def read(self) -> Reading:
        """Return what was published last; several topics are as old as the oldest of them. Raise DeviceError if
        nothing was, or only what the broker had kept without a time.
        """
        if self._client is None:
            self._client = await self._apart.run(self._connected)
        for _ in range(int(FIRST_WORD_S * 10)):
            if self._newest.keys() >= self._topics:
                break
            await asyncio.sleep(0.1)
        with device_errors(f"the MQTT broker '{self._declared.mqtt}'"):
            reading = self._one() if self._declared.topic else self._several()
            if reading is None:
                raise DeviceError("it has sent nothing whose age is known")
            return reading

    def close(self) -> None:
        """Disconnect; a later reading connects anew."""
        client, self._client = self._client, None
        if client is not None:
            client.disconnect()
            client.loop_stop()

    def _connected(self) -> Client:
        """A client that connects in a thread of its own, and again whenever it is cut off."""
        host, _, port = (self._declared.mqtt or "").partition(":")
        client = Client(CallbackAPIVersion.VERSION2)
        client.on_connect, client.on_message = self._subscribe, self._keep
        client.reconnect_delay_set(1, 15)
        if self._declared.login is not None:
            client.username_pw_set(*login(self._declared.login))
        if port == str(TLS_PORT):
            client.tls_set()
        client.connect_async(host, int(port or PORT), KEEP_ALIVE_S)
        client.loop_start()
        return client

    def _subscribe(self, client: Client, *_: Any) -> None:
        client.subscribe([(topic, 0) for topic in sorted(self._topics)])

    def _keep(self, _client: Client, _data: Any, message: MQTTMessage) -> None:
        """Called in the client's thread. What was kept while the line was cut is no older than what came before."""
        if len(message.payload) <= LARGEST:
            before = self._newest.get(message.topic, Newest(b"", None))
            at = before.at if message.retain else self._clock.now()
            self._newest[message.topic] = Newest(bytes(message.payload), at)

    def _one(self) -> Reading | None:
        newest = self._newest.get(self._declared.topic or "")
        if newest is None:
            return None
        found: Said = said(parsed(decoded(newest.payload), "json"), self._spots, self._declared.time, self._zone)
        times = [time for time in (newest.at, found.taken_at) if time is not None]
        return Reading(found.values, min(times)) if times else None

    def _several(self) -> Reading | None:
        """Each quantity from a topic of its own; what was kept without a time is left out."""
        values, times = {}, []
        for name, spot in self._spots.items():
            newest = self._newest.get(spot.path)
            value = number(name, decoded(newest.payload), spot.unit) if newest is not None else None
            if value is not None and newest is not None and newest.at is not None:
                values[name] = value
                times.append(newest.at)
        return Reading(values, min(times)) if times else None
