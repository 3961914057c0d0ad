"""A filter wheel over INDI, turned by the names that the driver gives its filters."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

from obsy.engine.devices.indi.device import IndiDevice
from obsy.errors import DeviceError, DeviceTimeout
from obsy.schemas.train import Filter

SLOT, NAMES, NAME = "FILTER_SLOT", "FILTER_NAME", "FILTER_SLOT_NAME_"
NAMED_WITHIN_S = 3.0
"""A wheel that tells its filters' names only now is not turned by the declared order meanwhile."""


class IndiFilterWheel:
    """A FilterWheel behind an INDI driver."""

    def __init__(self, device: IndiDevice, slots: Sequence[Filter]) -> None:
        """Nothing has been moved.

        slots: what is declared, in the order of the wheel, which counts where the driver names no filter.
        """
        self._device, self._slots = device, slots

    async def select(self, role: str) -> None:
        """Turn to a filter, also when the wheel is said to stand there. Raise DeviceError if the wheel has it not."""
        await self._device.known()
        with suppress(DeviceTimeout):  # a driver that names none is turned by the declared order
            patient, losses = replace(self._device, timeout_s=NAMED_WITHIN_S), self._device.losses()
            names = f"names of '{self._device.name}'"
            await patient.until(lambda: self._device.vector(NAMES) is not None, names, losses)
        await self._device.set(SLOT, {"FILTER_SLOT_VALUE": self._place(role)})

    def _place(self, role: str) -> int:
        """The number of its place, from 1."""
        declared = [slot.role for slot in self._slots]
        label = self._slots[declared.index(role)].label
        named = self._device.vector(NAMES)
        if named is None:
            return declared.index(role) + 1
        has = {str(said): int(element.removeprefix(NAME)) for element, said in named.values.items()}
        if label not in has:
            raise DeviceError(
                f"the filter wheel '{self._device.name}' has no filter '{label}' for {role}, but {', '.join(has)}: "
                "write one of these as its 'label', or name it so in the driver"
            )
        return has[label]
