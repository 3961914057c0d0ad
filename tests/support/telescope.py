"""A telescope that notes what it is told, in order: its camera, its filter wheel and its flat panel in one."""

from concurrent.futures import Executor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from obsy.engine.devices.ports import Clock, Exposure
from obsy.engine.sequencer.devices import ImagingDevices
from obsy.errors import DeviceError
from obsy.schemas.train import Train


@dataclass
class Telescope:
    """Every port that obsy moves by itself but the focuser."""

    clock: Clock
    train: Train
    deeds: list[str] = field(default_factory=list)
    broken: set[str] = field(default_factory=set)
    """Deeds that it refuses."""
    taken: list[Exposure] = field(default_factory=list)

    def devices(self, *, panel: bool = True, wheel: bool = True) -> ImagingDevices:
        """Its parts as the night is handed them."""
        me = cast(Any, self)
        pool = cast(Executor, None)
        return ImagingDevices(
            self.train, me, me if wheel else None, None, me if panel else None, lambda path: 0.0, lambda *_: "", pool
        )

    def do(self, deed: str) -> None:
        """Note it; raise DeviceError if it is broken."""
        self.deeds.append(deed)
        if deed in self.broken:
            raise DeviceError(f"no answer to '{deed}'")

    async def cool(self, celsius: float) -> None:
        self.do(f"cool to {celsius:g}")

    async def stay_cool(self) -> None: ...

    async def warm(self) -> None:
        self.do("warm")

    async def expose(self, exposure: Exposure) -> Path:
        await self.clock.sleep(exposure.seconds)
        self.taken.append(exposure)
        self.do(f"{exposure.kind} {exposure.seconds:g} s {exposure.filter}")
        return Path(f"{self.train.name}-{len(self.taken)}.fits")

    async def select(self, role: str) -> None:
        self.do(f"select {role}")

    async def light(self) -> None:
        self.do("cap and shine")

    async def dark(self) -> None:
        self.do("cap")

    async def open(self) -> None:
        self.do("uncap")
