"""How the observatory stands, for other programs."""

import os
from pathlib import Path
from typing import ClassVar, Literal, Self

from pydantic import SecretStr, model_validator

from obsy.diagnostics import unfit
from obsy.schemas.device import check_broker
from obsy.schemas.model import Document, Model, Text


class Write(Model):
    """Exactly one way out."""

    ways: ClassVar[tuple[str, ...]] = ("safety_proxy", "watcher", "roof", "overlay", "mqtt")

    safety_proxy: Text | None = None
    """The path of a script for INDI's Weather Safety Proxy; what it reads is written beside it, as `PATH.state`."""
    watcher: Text | None = None
    """The path of a file for INDI's Watcher Weather: `clouds=0` while it is safe, else `clouds=100`."""
    roof: Text | None = None
    """The path of a file that says `open`, `closed` or `unknown`."""
    overlay: Text | None = None
    """The path of a file with a few lines for the picture of an all-sky camera."""
    mqtt: Text | None = None
    """The host of an MQTT broker, with `:port` unless it is 1883; Home Assistant finds it there by itself."""
    topic: Text | None = None
    """Where the topics stand; `obsy/` and the output's name if nothing is said."""
    login: SecretStr | None = None
    """`user:password` for the broker, always as `!secret name`."""

    @property
    def way(self) -> str:
        """Return which of the ways it is."""
        return next(way for way in self.ways if getattr(self, way) is not None)

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        said = [way for way in self.ways if getattr(self, way) is not None]
        if len(said) != 1:
            found = f"both {' and '.join(said)}" if said else "no way out"
            expected, mend = f"one of {', '.join(self.ways)}", "write 'write: {safety_proxy: /run/obsy/safety}'"
            raise unfit("one-way-out", found=found, expected=expected, mend=mend)
        for key in ("topic", "login"):
            if self.mqtt is None and getattr(self, key) is not None:
                found = f"'{key}' says nothing of {said[0]}"
                raise unfit("no-effect", found=found, expected=said[0], mend=f"remove '{key}'", at=(key,))
        check_broker(self.mqtt, {("topic",): self.topic} if self.topic is not None else {})
        return self


class Output(Document):
    """Another program that is told whether it is safe, and how roof and mounts stand."""

    kind: Literal["output"]
    site: Text | None = None
    """The site it tells of; unsaid, its enclosure's or the only one."""
    enclosure: Text | None = None
    """The one enclosure it tells of; unsaid, all of them: safe only if it is safe under each."""
    write: Write
    """Where it is told, and in which form."""

    def places(self, root: Path) -> tuple[str, ...]:
        """Return the paths that are written, or broker and topic. root: relative paths are seen from there."""
        if self.write.mqtt is not None:
            return (f"{self.write.mqtt.lower().removesuffix(':1883')} {self.write.topic or f'obsy/{self.name}'}",)
        path = os.path.normpath(root / os.path.expanduser(getattr(self.write, self.write.way)))
        return (path, f"{path}.state") if self.write.safety_proxy is not None else (path,)
