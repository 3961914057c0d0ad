"""Where every file is kept: real nights and rehearsals never share a folder."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from obsy.engine.frames.name import word
from obsy.errors import UserError
from obsy.schemas.site import Site


@dataclass(frozen=True, slots=True)
class DataRoot:
    """One data folder: archive, store, journals and reports of either the real sky or a simulated one."""

    folder: Path

    @classmethod
    def of(cls, root: Path, site: Site, simulated: bool) -> "DataRoot":
        """The data folder below the one that holds `site/` and `plans/`."""
        return cls(root / site.data / ("simulated" if simulated else "real"))

    @classmethod
    def own(cls, root: Path, data: str) -> tuple[Path, ...]:
        """What is obsy's below a site's data folder: all of it, unless that holds the declared files as well."""
        whole = root / data
        holds_more = root.resolve().is_relative_to(whole.resolve())
        return (whole / "real", whole / "simulated") if holds_more else (whole,)

    @property
    def incoming(self) -> Path:
        """Where the camera delivers finished files."""
        return self.folder / "incoming"

    @property
    def scratch(self) -> Path:
        """What is being written and what nobody keeps."""
        return self.folder / "scratch"

    @property
    def archive(self) -> Path:
        """Every frame, by observing night."""
        return self.folder / "archive"

    @property
    def quarantine(self) -> Path:
        """Files that are no frames, with their reasons."""
        return self.folder / "quarantine"

    @property
    def store(self) -> Path:
        """The index of what is done."""
        return self.folder / "store.sqlite"

    def known_store(self) -> Path:
        """The store; raise UserError if it is gone, or empty, while there are frames that it should know."""
        is_there = self.store.exists() and self.store.stat().st_size > 0
        if not is_there and next(self.archive.rglob("*.fits"), None) is not None:
            raise UserError(
                f"{self.store} is gone, and with it what is done of each plan: run 'obsy rebuild' to make it again"
            )
        return self.store

    @property
    def lock(self) -> Path:
        """Held by the one `apply` that runs, and by an `ingest` for some files at a time."""
        return self.folder / "lock"

    @property
    def lock_by_hand(self) -> Path:
        """Held by the one `ingest` or `rebuild` that runs: none makes the store anew between another's files."""
        return self.folder / "lock-by-hand"

    @property
    def world(self) -> Path:
        """The simulated hardware's own state, which outlives obsy as real hardware does."""
        return self.folder / "world.json"

    def journal(self, night: date) -> Path:
        """A night's journal."""
        return self.folder / "journal" / f"{night.isoformat()}.jsonl"

    def journals(self) -> dict[date, Path]:
        """Return the journals that lie there by their nights, oldest first; what is named after no day is none."""
        found: dict[date, Path] = {}
        for path in sorted((self.folder / "journal").glob("????-??-??.jsonl")):
            with suppress(ValueError):
                found[date.fromisoformat(path.stem)] = path
        return found

    @property
    def alerts(self) -> Path:
        """What brokers told, and what became of it."""
        return self.folder / "alerts"

    def told(self, night: date) -> Path:
        """Whom a night's messages reached."""
        return self.folder / "told" / f"{night.isoformat()}.jsonl"

    @property
    def acknowledged(self) -> Path:
        """Who takes care of the alarms; written anew each time that somebody says so."""
        return self.folder / "told" / "acknowledged"

    def report(self, night: date) -> Path:
        """A night's report."""
        return self.folder / "reports" / f"{night.isoformat()}.html"

    @property
    def magnitudes(self) -> Path:
        """What was measured of the stars of all nights, and may be sent."""
        return self.folder / "reports" / "magnitudes"

    @property
    def transits(self) -> Path:
        """What was fitted of the transits of all nights, and may be sent."""
        return self.folder / "reports" / "transits"

    def masters(self, night: date) -> Path:
        """The calibration masters of a night."""
        return self.folder / "masters" / night.isoformat()

    def products(self, night: date, name: str) -> Path:
        """What became of a night's lights of one object."""
        return self.folder / "products" / night.isoformat() / word(name)

    def stacks(self, night: date, train: str) -> Path:
        """A train's stacks as they were when a night ended, and those that grow while it runs."""
        return self.folder / "stacks" / night.isoformat() / word(train)

    def short(self, path: Path) -> str:
        """A path within the folder, for people and the journal."""
        return path.relative_to(self.folder).as_posix()
