"""A filter wheel over Alpaca, turned by the names that the driver gives its filters."""

from collections.abc import Sequence

from obsy.engine.devices.alpaca.device import AlpacaDevice
from obsy.errors import DeviceError
from obsy.schemas.train import Filter


class AlpacaFilterWheel:
    """A FilterWheel behind an Alpaca driver."""

    def __init__(self, device: AlpacaDevice, slots: Sequence[Filter]) -> None:
        """Nothing has been moved.

        slots: what is declared, in the order of the wheel, which counts where the driver names no filter.
        """
        self._device, self._slots = device, slots

    async def select(self, role: str) -> None:
        """Turn to a filter, also when the wheel is said to stand there. Raise DeviceError if the wheel has it not."""
        await self._device.ready()
        place = await self._place(role)
        await self._device.tell("position", self._device.timeout_s, Position=place)

        async def stands() -> bool:
            return await self._device.number("position") == place  # -1 as long as it turns

        await self._device.until(stands, f"the filter {role} of '{self._device.name}'")

    async def hold(self, role: str) -> None:
        """Raise DeviceError if it does not stand at a filter, to which somebody else may have turned it."""
        await self._device.ready()
        place, stands = await self._place(role), await self._device.whole("position")
        if stands != place:
            where = f"at its place {stands}" if stands >= 0 else "at none"
            raise DeviceError(f"the filter wheel '{self._device.name}' stands {where}, not at {place}, {role}")

    async def _place(self, role: str) -> int:
        """The number of its place, from 0."""
        declared = [slot.role for slot in self._slots]
        label = self._slots[declared.index(role)].label
        said = await self._device.has("names")
        named = [str(each) for each in said] if isinstance(said, list) else []
        if not any(named):
            return declared.index(role)
        if named.count(label) > 1:
            raise DeviceError(
                f"the filter wheel '{self._device.name}' has more than one filter '{label}': give each a name of its "
                "own in the driver"
            )
        if label not in named:
            raise DeviceError(
                f"the filter wheel '{self._device.name}' has no filter '{label}' for {role}, but {', '.join(named)}: "
                "write one of these as its 'label', or name it so in the driver"
            )
        return named.index(label)
