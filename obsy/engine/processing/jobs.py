"""A frame's way: its state in the store says what comes next, and one pass takes every frame as far as it can go."""

from collections.abc import Callable, Iterable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import asdict, replace
from typing import Any, NamedTuple

from obsy.engine.events.frames import FrameUncounted, LiveStackFailed
from obsy.engine.frames.data_root import DataRoot
from obsy.engine.frames.name import word
from obsy.engine.library.master import Masters
from obsy.engine.library.match import match
from obsy.engine.processing.rules import Credit, Crew
from obsy.engine.processing.sidecar import write_sidecar
from obsy.engine.reduce.masters import CheckOrder, check_calibration
from obsy.engine.reduce.orders import LightOrder, LightResult, LiveOrder
from obsy.engine.store.record import ASTRAY, UNPLACED, Product, State, StoredFrame

NO_PLAN, NO_TRAIN, CONTRADICTS = "no-plan", "no-train", "contradicts-itself"
Submit = Callable[[Callable[[Any], Any], Any], "Future[Any]"]


class StackKey(NamedTuple):
    """The stack that a light belongs to."""

    train: str
    picture: str
    filter: str

    @classmethod
    def of(cls, frame: StoredFrame) -> "StackKey":
        """The stack of this light."""
        return cls(frame.train or "", frame.picture, frame.filter or "")

    @property
    def name(self) -> str:
        """What its file is called."""
        return "_".join(word(part) for part in (self.picture, self.filter) if part)


class FrameWork(NamedTuple):
    """What a worker does for a frame, and what it was told."""

    answer: "Future[Any]"
    order: Any


class Jobs:
    """Takes frames from archived to reduced, graded and stacked.

    Each step does its work, and writes the next state only when that is done: a step that was cut short is done again.
    """

    def __init__(self, crew: Crew, submit: Submit) -> None:
        self._crew, self._store, self._submit = crew, crew.store, submit
        self._at_work: dict[str, FrameWork] = {}
        self._steps = {State.ARCHIVED: self._reduce, State.REDUCED: self._grade, State.GRADED: self._stack}

    def advance(self) -> None:
        """Take every open frame as far as it can go now."""
        held: set[StackKey] = set()
        for found in self._store.open_frames():
            frame: StoredFrame | None = found
            while frame is not None and frame.pending:
                # A stack grows in the order its frames were taken in: one that waits holds up those behind it.
                waits = frame.state is State.GRADED and StackKey.of(frame) in held
                frame = None if waits else self._steps[frame.state](frame)
            if frame is None:
                held.add(StackKey.of(found))

    def masters_for(self, frame: StoredFrame) -> Masters:
        """The library's choice for this frame of a train of ours, as the library stands now."""
        return match(frame, self._store.masters(), self._crew.rules.trains[frame.train or ""].calibration)

    def _reduce(self, frame: StoredFrame) -> StoredFrame | None:
        """Have a worker measure a frame; None while it does."""
        if (work := self._at_work.get(frame.sha256)) is None:
            return self._begin(frame)
        if not work.answer.done():
            return None
        products: tuple[Product, ...] = ()
        stale: tuple[Product, ...] = ()
        if error := failure(work.answer):
            verb = "reduced" if frame.kind == "light" else "checked"
            after = replace(frame, pending=False, reason=f"not-{verb}: {error}")
        elif isinstance(work.order, LightOrder):
            result: LightResult = work.answer.result()
            products = _light_products(frame, result, work.order)
            stale = () if result.reason else self._no_longer_made(frame, products)
            measures = {key: float(value) for key, value in asdict(result.measures).items() if value is not None}
            frame = replace(frame, measures=measures, missing=work.order.masters.missing)
            after = replace(frame, state=State.REDUCED, reason=result.reason or _aside(result, work.order))
        else:
            reason, found = work.answer.result()
            after = replace(frame, state=State.REDUCED, reason=reason, measures=found)
        self._keep(after, products, stale)
        del self._at_work[frame.sha256]
        return after

    def _no_longer_made(self, frame: StoredFrame, made: Iterable[Product]) -> tuple[Product, ...]:
        """Return what a light's earlier reductions left that its newest did not make: it shows what is not so any more.

        A light that is rejected made nothing; what it left stays, for its own file may be what is broken.
        """
        paths = {each.path for each in made}
        return tuple(each for each in self._store.products_of(frame.sha256) if each.path not in paths)

    def _begin(self, frame: StoredFrame) -> StoredFrame | None:
        """Give a frame to a worker; one that nobody here wants is left as it is until something is declared anew."""
        rules = self._crew.rules.trains.get(frame.train or "")
        if rules is None:
            return self._leave(frame, NO_TRAIN)
        if frame.kind != "light":
            check = CheckOrder(frame.path, frame.kind, rules.shape, rules.optics.saturation_adu)
            self._at_work[frame.sha256] = FrameWork(self._submit(check_calibration, check), check)
            return None
        if (wanted := self._crew.rules.credit(frame)) is None:
            if against := self._crew.rules.contradiction(frame):
                self._crew.tell(FrameUncounted(frame=frame.source, reason=against))
            return self._leave(frame, NO_PLAN)
        if against := self._crew.rules.contradiction(frame):  # forged, or the wheel stuck: it counts for no goal
            self._keep(rejected := replace(frame, state=State.REDUCED, reason=f"{CONTRADICTS}: {against}"))
            return rejected
        ours = {None, self._crew.rules.site, *self._crew.rules.sites}
        if frame.plan is None or frame.site not in ours:  # a foreign frame counts for what it looks like
            self._store.put(frame := replace(frame, plan=wanted.plan, goal=wanted.goal))
        order = _light_order(frame, wanted, self.masters_for(frame), self._crew)
        answer = self._submit(self._crew.reduce_light, order)
        self._at_work[frame.sha256] = FrameWork(answer, order)
        return None

    def _leave(self, frame: StoredFrame, reason: str) -> StoredFrame:
        left = replace(frame, pending=False, reason=reason)
        self._keep(left)
        return left

    def _grade(self, frame: StoredFrame) -> StoredFrame:
        """Accept a frame with which nothing is wrong; it is open still if it joins a stack."""
        accepted = not frame.reason or frame.reason.startswith((UNPLACED, ASTRAY))
        joins = accepted and self._joins(frame) is not None
        graded = replace(frame, state=State.GRADED, accepted=accepted, pending=joins)
        self._keep(graded)
        return graded

    def _stack(self, frame: StoredFrame) -> StoredFrame | None:
        """Have a worker add a frame to the night's growing stack; None while it does."""
        work = self._at_work.get(frame.sha256)
        if work is None:
            if (joins := self._joins(frame)) is None:
                after = replace(frame, pending=False)
                self._keep(after)
                return after
            order = _live_order(frame, *joins, self._crew.data_root)
            self._at_work[frame.sha256] = FrameWork(self._submit(self._crew.add_live, order), order)
            return None
        if not work.answer.done():
            return None
        after = replace(frame, state=State.STACKED, pending=False)
        if error := failure(work.answer):
            after = replace(frame, pending=False)
            filter_, reason = frame.filter or "", str(error)
            self._crew.tell(LiveStackFailed(picture=frame.picture, filter=filter_, reason=reason, train=frame.train))
        self._keep(after)
        del self._at_work[frame.sha256]
        return after

    def _joins(self, frame: StoredFrame) -> tuple[Product, Credit] | None:
        """The aligned picture of an accepted light whose plan stacks, and the credit it earned."""
        wanted = self._crew.rules.credit(frame) if frame.kind == "light" and not frame.reason else None
        if wanted is None or wanted.stacking is None:
            return None
        aligned = next((each for each in self._store.products_of(frame.sha256) if each.kind == "aligned"), None)
        return (aligned, wanted) if aligned is not None else None

    def _keep(self, frame: StoredFrame, made: Iterable[Product] = (), stale: Iterable[Product] = ()) -> None:
        """Write a frame's state in the store; beside its file, before that, if it has come to the end of its way.

        A sidecar that lags behind costs a store that is made again from it no more than the work since. The files of
        stale products go before the store forgets them: who is killed between finds them again by its rows.
        """
        made = tuple(made)
        if not frame.pending:
            products = {each.path: each for each in (*self._store.products_of(frame.sha256), *made)}
            arrivals = self._store.arrivals(frame.sha256)
            write_sidecar(frame.path, self._store.folder, frame=frame, arrivals=arrivals, products=products.values())
        for product in stale:
            with suppress(OSError):
                product.path.unlink()
        self._store.put(frame, made, stale)


def failure(answer: "Future[Any]") -> BaseException | None:
    """What went wrong with work that is done."""
    return RuntimeError("the work was cancelled") if answer.cancelled() else answer.exception()


def _aside(result: LightResult, order: LightOrder) -> str:
    """Why a light with which nothing is wrong counts for nothing, or is in no stack if its pipeline stacks."""
    if result.astray:
        return f"{ASTRAY}: {result.astray}"
    stacks = any(step.step == "stack" for step in order.pipeline.steps)
    return f"{UNPLACED}: {result.unplaced}" if stacks and result.unplaced else ""


def _light_order(frame: StoredFrame, credit: Credit, masters: Masters, crew: Crew) -> LightOrder:
    """Reduce this light as its plan wants it."""
    place = crew.data_root.products(frame.night, frame.object)
    return LightOrder(
        frame=frame,
        calibrated=place / f"{frame.path.stem}_calibrated.fits",
        aligned=place / f"{frame.path.stem}_aligned.fits",
        masters=masters,
        pipeline=credit.pipeline,
        quality=credit.quality,
        optics=crew.rules.trains[frame.train or ""].optics,
        field=credit.field,
        cards=credit.cards,
        trails=credit.trails,
        aim=credit.aim,
        table=place / f"{frame.path.stem}_stars.ecsv",
        place=crew.rules.place if frame.site in (None, crew.rules.site) else None,
    )


def _light_products(frame: StoredFrame, result: LightResult, order: LightOrder) -> tuple[Product, ...]:
    """What a reduced light left behind."""
    steps = [step.step for step in order.pipeline.steps]
    parents = (frame.sha256, *(master.sha256 for master in order.masters.used(steps)))
    recipe = order.pipeline.model_dump(mode="json", exclude={"kind"}) | {"optics": asdict(order.optics)}
    told = {"aligned": order.field.about()} if order.field else {}
    whose = frame.night, frame.site, frame.train, frame.sha256
    return tuple(
        Product(each.kind, each.path, each.sha256, *whose, parents, recipe, told.get(each.kind, {}))
        for each in result.products
    )


def _live_order(frame: StoredFrame, aligned: Product, credit: Credit, data_root: DataRoot) -> LiveOrder:
    """Add this aligned frame to the night's growing stack."""
    place = data_root.stacks(frame.night, frame.train or "") / f"{StackKey.of(frame).name}_live.fits"
    return LiveOrder(aligned.path, frame.sha256, place, place.with_suffix(".png"), credit.cards)
