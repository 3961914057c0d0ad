"""One thing that is declared otherwise than frames say."""

from typing import Any, NamedTuple

from obsy.diagnostics import Mark


class Drift(NamedTuple):
    """Both places, what each says, and the cure."""

    mark: Mark
    """Where it is declared."""
    code: str
    found: str
    frame: str
    """The frame that says otherwise, seen from the data folder."""
    mend: str

    def __str__(self) -> str:
        """The lines people read."""
        return (
            f"{self.mark}: {self.code}: {self.found}\n    frame: {self.frame or 'in the store'}\n    mend: {self.mend}"
        )

    def as_json(self) -> dict[str, Any]:
        """The same for a machine."""
        told = self._asdict()
        return {**told.pop("mark")._asdict(), **told}
