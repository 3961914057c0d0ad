"""What other programs hear from an MQTT broker, Home Assistant among them. What nobody renews is unsafe there."""

import json
import time
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from obsy.engine.journal import stamp
from obsy.engine.telling.service import NotSent
from obsy.engine.telling.situation import Outlook
from obsy.schemas.output import Output
from obsy.units import WEATHER

PORT, TLS_PORT, KEEP_ALIVE_S = 1883, 8883, 20
CONNECTS_WITHIN_S = 5.0
EXPIRES_S = 90
SAFE, UNSAFE, IN_HAND = "safe", "unsafe", "in-hand"
CLASSES = {
    "rain": "precipitation_intensity",
    "wind": "wind_speed",
    "humidity": "humidity",
    "temperature": "temperature",
}
"""What Home Assistant calls a quantity, where it has a word for it."""


class BrokerOutput:
    """One output's topics: `verdict`, which the broker itself turns to unsafe if we are gone, and `state`, as JSON."""

    def __init__(self, declared: Output) -> None:
        self._declared = declared
        self._topic = declared.write.topic or f"obsy/{declared.name}"
        self._client: Any = None
        self._newest: dict[str, str] = {}

    def write(self, told: Outlook, now: datetime) -> None:
        """Publish it, now or when the broker is back. Raise NotSent while it is not reached."""
        state = {**asdict(told), "valid_until": stamp(now + timedelta(seconds=EXPIRES_S))}
        self._newest = {"verdict": SAFE if told.safe else UNSAFE, "state": json.dumps(state)}
        self._publish(self._reached())

    def beat(self) -> None:
        """Publish that a guard has its roofs in hand; the broker keeps nothing of it. Raise NotSent as `write`."""
        self._reached().publish(f"{self._topic}/guard", IN_HAND)

    def _reached(self) -> Any:
        self._client = self._client or self._connected()
        if not self._client.is_connected():
            raise NotSent("the broker is not reached")
        return self._client

    def _publish(self, client: Any) -> None:
        """Without a receipt: what would be sent again later is no longer true then."""
        for topic, value in self._newest.items():
            client.publish(f"{self._topic}/{topic}", value, retain=True)

    def _connected(self) -> Any:
        try:
            from paho.mqtt.client import Client  # noqa: PLC0415 - only who has such an output needs it
            from paho.mqtt.enums import CallbackAPIVersion  # noqa: PLC0415
        except ImportError:
            raise NotSent("the library paho-mqtt is not installed: give 'pip install obsy[telling]'") from None
        host, _, port = (self._declared.write.mqtt or "").partition(":")
        client = Client(CallbackAPIVersion.VERSION2)
        client.will_set(f"{self._topic}/verdict", UNSAFE, retain=True)
        client.on_connect = self._introduce
        client.reconnect_delay_set(1, 15)
        if self._declared.write.login is not None:
            client.username_pw_set(*self._declared.write.login.get_secret_value().partition(":")[::2])
        if port == str(TLS_PORT):
            client.tls_set()
        client.connect_async(host, int(port or PORT), KEEP_ALIVE_S)
        client.loop_start()
        until_s = time.monotonic() + CONNECTS_WITHIN_S
        while not client.is_connected() and time.monotonic() < until_s:
            time.sleep(0.05)
        return client

    def _introduce(self, client: Any, *_: Any) -> None:
        """Tell Home Assistant what there is: told again each time, for it may have been set up anew."""
        for name, config in discovery(self._declared.name, self._topic).items():
            client.publish(f"homeassistant/{name}/config", json.dumps(config), retain=True)
        self._publish(client)


def discovery(name: str, topic: str) -> dict[str, dict[str, Any]]:
    """Return what Home Assistant is told, by the rest of its topic. Its sensors for safety are on when it is unsafe."""
    identity, device = f"obsy_{name.replace('-', '_')}", {"identifiers": [f"obsy-{name}"], "name": f"obsy {name}"}
    common = {"device": device, "expire_after": EXPIRES_S}
    found: dict[str, dict[str, Any]] = {
        f"binary_sensor/{identity}/safety": {
            **common,
            "name": "Safety",
            "unique_id": f"{identity}_safety",
            "state_topic": f"{topic}/verdict",
            "payload_on": UNSAFE,
            "payload_off": SAFE,
            "device_class": "safety",
        }
    }
    sensors = {"roof": "Roof", "state": "State", "reason": "Reason"} | {each: WEATHER[each].label for each in CLASSES}
    for key, label in sensors.items():
        weather = {"unit_of_measurement": ha_unit(key), "device_class": CLASSES[key]} if key in CLASSES else {}
        path = f"weather.{key}" if key in CLASSES else key
        found[f"sensor/{identity}/{key}"] = {
            **common,
            "name": label[:1].upper() + label[1:],
            "unique_id": f"{identity}_{key}",
            "state_topic": f"{topic}/state",
            "value_template": f"{{{{ value_json.{path} }}}}",
            **weather,
        }
    return found


def ha_unit(quantity: str) -> str:
    """Return how Home Assistant spells the unit of a quantity."""
    return {"degC": "°C"}.get(WEATHER[quantity].unit, WEATHER[quantity].unit)
