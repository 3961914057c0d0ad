"""The index of what is done: a handle on one database, and every question that obsy asks of it."""

from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import fields
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any, Self, TypeVar

from django.core.management import call_command
from django.db import DatabaseError, OperationalError, connections, transaction
from django.db.migrations.executor import MigrationExecutor

from obsy.engine.disk import within
from obsy.engine.frames.copy import Seen
from obsy.engine.frames.frame import Exposed
from obsy.engine.library.master import Master
from obsy.engine.progress import GoalKey, Progress
from obsy.engine.store.kept import KeptStatements, whole
from obsy.engine.store.models import ArrivalRow, FrameRow, ProductRow
from obsy.engine.store.nights import NightQuestions
from obsy.engine.store.prepare import one_at_a_time
from obsy.engine.store.proven import NONE, Claim, Proofs, progress_by_goal
from obsy.engine.store.record import (
    LIGHTS,
    OPEN,
    TAKEN,
    Arrival,
    GradedLight,
    Product,
    State,
    StoredFrame,
    TakenAlike,
    alike,
    as_columns,
    as_master,
    as_value,
    damaged,
)
from obsy.errors import ArchiveError, UserError

StoreError = DatabaseError
"""Raised by every question and change when the database cannot be read or written, as when the disk is full."""
DiskError = OperationalError  # of the disk, and not of what is written

T = TypeVar("T")
_handles = count(1)
_ARRIVES_ONCE = ("path", "size", "changed_ns", "inode")
"""What tells one delivered file from another."""
_DAMAGE = (ValueError, KeyError, TypeError, AttributeError)
"""What a row raises that cannot be understood."""


def as_said(light: Exposed) -> GoalKey | None:
    """Return the plan and goal that a light says."""
    return light.plan or "", light.goal or ""


class Store(NightQuestions):
    """One database and the folder that its paths are relative to; any number may be open in one process.

    Usable from any thread; each thread that has used it calls `leave` before it ends.
    """

    def __init__(self, path: Path) -> None:
        """Open the SQLite file at `path`, made if it is not there. Paths are relative to the folder that holds it.

        Raises UserError if it is damaged, cannot be opened, or was made by another version of obsy.
        """
        self.folder = path.parent
        self.left_aside: dict[str, str] = {}
        """What is wrong with each row that was met and could not be understood, by its path; see `obsy rebuild`."""
        self._alias = f"store-{next(_handles)}"
        self._kept = KeptStatements(self._alias)
        connections.databases[self._alias] = {**connections.databases["default"], "NAME": str(path)}
        try:
            with one_at_a_time(path):
                fault = self._make()
            fault = fault or self._amiss()
        except DatabaseError as trouble:
            if OperationalError in (type(trouble), type(trouble.__context__)):  # Django wraps that of a first table
                self.close()
                raise UserError(f"{path} cannot be opened: {trouble}") from None
            fault = f"is damaged ({trouble})"
        if fault:
            self.close()
            raise UserError(f"{path} {fault}: run 'obsy rebuild' to make it again from the files beside it")

    def _make(self) -> str:
        """Make what tables are missing; return why that cannot be done to a database that is there."""
        executor = MigrationExecutor(connections[self._alias])
        if set(executor.loader.applied_migrations) - set(executor.loader.disk_migrations):
            return "was made by another version of obsy"
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            call_command("migrate", database=self._alias, verbosity=0, interactive=False)
        return ""

    def _amiss(self) -> str:
        """Return what is wrong with a database that has been made."""
        connection = connections[self._alias]
        tables = {row._meta.db_table for row in (ArrivalRow, FrameRow, ProductRow)}  # noqa: SLF001 (Django's own way)
        with connection.cursor() as cursor:
            if lost := tables - set(connection.introspection.table_names(cursor)):
                return f"is damaged (it has lost {', '.join(sorted(lost))})"
            if connection.vendor == "sqlite":  # 5 ms a megabyte
                said = cursor.execute("PRAGMA quick_check(1)").fetchone()[0]
                return "" if said == "ok" else f"is damaged ({' '.join(said.split())})"
        return ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def leave(self) -> None:
        """Close this thread's own connection; the next question opens it again."""
        connections[self._alias].close()

    def close(self) -> None:
        """Close this thread's connection and forget the database."""
        self.leave()
        del connections[self._alias]
        connections.databases.pop(self._alias, None)

    def together(self) -> AbstractContextManager[None]:
        """Write all that the block changes at its end, or nothing."""
        return transaction.atomic(using=self._alias)

    # Arrivals

    def note(self, arrival: Arrival) -> Arrival:
        """Remember a delivered file; what is known of it already if it was noted before."""
        columns = self._arrival_columns(arrival)
        key = {name: columns[name] for name in _ARRIVES_ONCE}
        if not (found := self._kept.rows(ArrivalRow, key)):
            self._kept.write(ArrivalRow, columns, *_ARRIVES_ONCE, anew=False)
            found = self._kept.rows(ArrivalRow, key)
        return self._arrival(found[0])

    def move(self, arrival: Arrival) -> None:
        """Write how far a delivered file has come."""
        self._same_arrivals(arrival).update(state=arrival.state, reason=arrival.reason, sha256=arrival.sha256)

    def forget(self, arrival: Arrival) -> None:
        """Drop a delivered file that went away before anything was made of it."""
        self._same_arrivals(arrival).delete()

    def newest_arrival(self, path: Path) -> Arrival | None:
        """The last file that came as `path`; if none did, as after a restart, the last one of its name."""
        named = {"name": path.name}
        rows = self._kept.rows(ArrivalRow, {**named, "path": within(path, self.folder).as_posix()}, newest=True)
        rows = rows or self._kept.rows(ArrivalRow, named, newest=True)
        return self._arrival(rows[0]) if rows else None

    def arrivals(self, sha256: str | None = None) -> tuple[Arrival, ...]:
        """Every delivered file in the order they came, or those that hold one frame."""
        wanted = {"sha256": sha256} if sha256 else {}
        return tuple(map(self._arrival, self._kept.rows(ArrivalRow, wanted)))

    def open_arrivals(self) -> tuple[Arrival, ...]:
        """Delivered files of which nothing was made yet."""
        rows = ArrivalRow.objects.using(self._alias).filter(state__in=(State.ARRIVED, State.REFUSED))
        return tuple(self._arrival(row) for row in rows)

    def archive(self, arrival: Arrival, frame: StoredFrame) -> bool:
        """Write that a file is in the archive as this frame; return whether the frame is new. All or nothing."""
        with self.together():
            self.note(arrival)
            self.move(arrival)
            return self.register(frame)

    # Frames

    def register(self, frame: StoredFrame) -> bool:
        """Return whether the frame is new; one that is there stays as it is."""
        return self._kept.write(FrameRow, as_columns(frame, self.folder), "sha256", anew=False)

    def put(self, frame: StoredFrame, products: Iterable[Product] = (), stale: Iterable[Product] = ()) -> None:
        """Write a frame, products made from it in the place of older ones, and forget the stale; all or nothing."""
        with self.together():
            self._kept.write(FrameRow, as_columns(frame, self.folder), "sha256", anew=True)
            for product in products:
                self.put_product(product)
            for product in stale:
                ProductRow.objects.using(self._alias).filter(path=as_columns(product, self.folder)["path"]).delete()

    def frame(self, sha256: str) -> StoredFrame | None:
        """The frame with this hash. Raises ArchiveError if its row cannot be understood."""
        found = next(self._sound(FrameRow, self._frame, sha256=sha256), None)
        if found is None and self.left_aside:
            rows = FrameRow.objects.using(self._alias).filter(sha256=sha256)
            if path := rows.values_list("path", flat=True).first():
                raise ArchiveError(self.left_aside[path])
        return found

    def frames(
        self, night: date | None = None, kind: str | None = None, accepted: bool | None = None, plan: str | None = None
    ) -> tuple[StoredFrame, ...]:
        """Frames in the order of time; only those of a night, a kind, a verdict and a plan where one is given."""
        return tuple(self._sound(FrameRow, self._frame, night=night, kind=kind, accepted=accepted, plan=plan))

    def open_frames(self) -> tuple[StoredFrame, ...]:
        """Frames that processing still has to do something about, in the order of time."""
        return tuple(self._sound(FrameRow, self._frame, pending=True))

    def reopen_unjudged(self) -> None:
        """Give every frame that could not be graded another chance."""
        FrameRow.objects.using(self._alias).filter(accepted=None, pending=False).update(pending=True)

    def lights(self, before: date = date.max, measured: bool = False) -> Iterator[tuple[Exposed, list[GradedLight]]]:
        """Yield the lights of the nights before one that say their plan and goal, those together that show the same.

        The first of each group stands for all: they were asked for the same, and point at the same place to 0.01 deg,
        which is finer than any rule about it. Its site, block and commit are left out; so are its measures, if not
        `measured`.
        """
        asked = LIGHTS.format(measures="measures" if measured else "NULL")
        with connections[self._alias].cursor() as cursor:  # the models would take three times as long
            found, amiss = alike(cursor.execute(asked, [before.isoformat()]))
        self.left_aside |= amiss
        yield from found

    def taken(self) -> tuple[TakenAlike, ...]:
        """Return with which settings the lights of every night were taken, oldest first."""
        with connections[self._alias].cursor() as cursor:
            return tuple(TakenAlike(*row) for row in cursor.execute(TAKEN))

    def done(
        self, claim: Claim = as_said, before: date = date.max, proofs: Proofs = NONE, colour: Collection[str] = ()
    ) -> dict[GoalKey, Progress]:
        """Return what the nights before one, or all, have of each (plan, goal) that has any frame.

        colour: trains with one-shot-colour cameras, whose frames prove no signal to noise.
        """
        return progress_by_goal(self.lights(before, measured=bool(proofs)), claim, proofs, colour)

    # Products

    def put_product(self, product: Product) -> None:
        """Remember a product in the place of what was at its path."""
        self._kept.write(ProductRow, as_columns(product, self.folder), "path", anew=True)

    def products(self, kind: str | None = None, night: date | None = None) -> tuple[Product, ...]:
        """Products by night and path; only those of a kind and of a night where one is given."""
        return tuple(self._sound(ProductRow, self._product, kind=kind, night=night))

    def masters(self) -> tuple[Master, ...]:
        """Every calibration master, as the library weighs it."""
        return tuple(self._sound(ProductRow, lambda row: as_master(self._product(row)), kind="master"))

    def products_of(self, sha256: str) -> tuple[Product, ...]:
        """What was made of one frame alone."""
        return tuple(self._sound(ProductRow, self._product, frame=sha256))

    # Between rows and values

    def _same_arrivals(self, arrival: Arrival) -> Any:
        columns = self._arrival_columns(arrival)
        key = {name: columns[name] for name in _ARRIVES_ONCE}
        return ArrivalRow.objects.using(self._alias).filter(**key)

    def _arrival_columns(self, arrival: Arrival) -> dict[str, Any]:
        columns = as_columns(arrival, self.folder)
        seen = columns.pop("seen")
        return {**columns, "name": arrival.path.name, **{key.name: getattr(seen, key.name) for key in fields(Seen)}}

    def _arrival(self, row: ArrivalRow) -> Arrival:
        seen = Seen(row.size, row.changed_ns, row.inode)
        return Arrival(self.folder / row.path, seen, State(row.state), row.reason, row.sha256)

    def _sound(self, model: Any, make: Callable[[Any], T], **asked: Any) -> Iterator[T]:
        """Yield what rows say. One that cannot be understood is left aside, and `left_aside` says why."""
        rows: Any = ()
        wanted = {key: value for key, value in asked.items() if value is not None}
        try:
            found: list[Any] = self._kept.rows(model, wanted)
        except _DAMAGE:  # a column that no row gets by: one by one, then
            rows = model.objects.using(self._alias).filter(**wanted)
            found = list(rows.values_list("pk", "path"))
        for each in found:
            key, path = each if isinstance(each, tuple) else (each.pk, each.path)
            try:
                value = make(rows.get(pk=key) if isinstance(each, tuple) else each)
            except _DAMAGE as damage:
                self.left_aside[path] = damaged(path, damage)
            else:
                yield value

    def _frame(self, row: FrameRow) -> StoredFrame:
        frame = as_value(StoredFrame, whole(row), self.folder)
        if frame.pending and frame.state not in OPEN:
            raise ValueError(f"it is {frame.state}, and something is still to be done about it")
        return frame

    def _product(self, row: ProductRow) -> Product:
        return as_value(Product, whole(row), self.folder)
