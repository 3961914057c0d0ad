"""Numbers of things, none of them in parts."""

from obsy.diagnostics import unfit
from obsy.units import Quantity


class WholeQuantity(Quantity):
    """A number of things: the second of its units is what one of them is called."""

    def within(self, number: float, written: str = "") -> float:
        """Return the number itself, if it is a whole one."""
        if number % 1:
            expected = f"a whole {self.what.removeprefix('a ')}"
            raise unfit("not-a-number", expected=expected, mend=f"write for example '{self.example}'")
        return super().within(number, written)

    def _said(self, number: float) -> str:
        several, one = self.units
        return f"{number:.7g} {one if number == 1 else several}"
