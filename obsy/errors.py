"""What can go wrong while obsy acts; what is wrong in a person's files is a Diagnostic instead.

ObsyError
├── UserError          the person can mend it: exit 1
│   ├── UnfitFiles     the declared files have complaints; carries them
│   ├── NightRunning   another process holds this observatory
│   └── GuardRunning   another guard keeps this hardware
├── DeviceError        a device did not do, or did not answer, what was asked
│   └── DeviceTimeout  it did not answer in its declared time
├── FrameError         a file that is not, or not yet, a usable frame
└── ArchiveError       the archive cannot take a frame (no space, no permission, copy differs)
    └── SourceError    the file itself cannot be had; the archive is not to blame
"""

from collections.abc import Sequence

from obsy.diagnostics import Diagnostic


class ObsyError(Exception):
    """The root of everything obsy raises on purpose."""


class UserError(ObsyError):
    """Something the person at the keyboard can mend; the text says how."""


class UnfitFiles(UserError):
    """The declared files have complaints."""

    def __init__(self, diagnostics: Sequence[Diagnostic]) -> None:
        super().__init__("\n".join(str(diagnostic) for diagnostic in diagnostics))
        self.diagnostics = tuple(diagnostics)


class NightRunning(UserError):
    """Another process holds this observatory: a night, or what brings frames in or makes the store again."""


class GuardRunning(UserError):
    """Another process already keeps the roofs of this hardware."""


class DeviceError(ObsyError):
    """A device refused or failed; says what was asked, of what, and what it answered."""


class DeviceTimeout(DeviceError):
    """A device did not finish within its declared time."""


class FrameError(ObsyError):
    """A file cannot be used as a frame; `code` is stable, the text is for people."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code, message)  # both, so that it can be sent from a worker
        self.code = code

    def __str__(self) -> str:
        return str(self.args[1])


class ArchiveError(ObsyError):
    """The archive cannot take a frame now; the source stays where it is."""


class SourceError(ArchiveError):
    """The file itself cannot be had: it stays where it is, and others are taken. `code` is stable."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code, message)  # both, so that it can be sent from a worker
        self.code = code

    def __str__(self) -> str:
        return str(self.args[1])
