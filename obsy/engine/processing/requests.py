"""What the night asks for besides verdicts: masters and final stacks. Each yields where it waits for workers."""

from collections.abc import Generator
from concurrent.futures import Future
from dataclasses import replace
from datetime import date
from typing import Any

from obsy.engine.events.frames import StackFailed
from obsy.engine.library.master import CalibrationSet, Master
from obsy.engine.processing.jobs import Jobs, Submit, failure
from obsy.engine.processing.recipes import (
    StackKey,
    as_master,
    master_frames,
    master_order,
    master_product,
    stack_members,
    stack_order,
    stack_product,
)
from obsy.engine.processing.rules import Crew
from obsy.engine.processing.sidecar import write_sidecar
from obsy.engine.reduce.orders import StackOrder
from obsy.engine.store.record import Product, State, StoredFrame

Members = list[tuple[StoredFrame, Product]]


def build(crew: Crew, jobs: Jobs, submit: Submit, asked: tuple[CalibrationSet, date]) -> Generator[None, None, Master]:
    """The registered master of a night's accepted frames of a set. Raises FrameError if there are too few."""
    kept = master_frames(crew.store, *asked)
    order = master_order(kept, jobs.masters_for(kept[0]), crew.data_root)
    answer = submit(crew.craft.build_master, order)
    yield
    product = master_product(answer.result(), kept, order)
    _register(crew, product)
    return as_master(product)


def finish(crew: Crew, jobs: Jobs, submit: Submit, night: date) -> Generator[None, None, tuple[Product, ...]]:
    """The final stacks of what was taken that night, over all nights.

    Lights that lacked a master which is there by now are reduced again first.
    """
    for frame in crew.store.frames(night, "light"):
        if frame.missing and jobs.credit(frame) and len(jobs.masters_for(frame).missing) < len(frame.missing):
            crew.store.put(replace(frame, state=State.ARCHIVED, pending=True))
    yield
    done: list[Product] = []
    running: list[tuple[StackKey, Members, StackOrder, Future[Any]]] = []
    known = {(each.path, each.parents): each for each in crew.store.products("stack") if each.path.exists()}
    for key, kept in stack_members(crew, night).items():
        wanted = jobs.credit(kept[-1][0])
        if wanted is None or wanted.stacking is None:
            continue
        aligned = [product for _, product in kept]
        target = crew.data_root.stacks(night, key.train) / f"{key.name}.fits"
        if same := known.get((target, tuple(product.sha256 for product in aligned))):
            done.append(same)
            continue
        order = stack_order(aligned, target, wanted.stacking.reject, wanted)
        running.append((key, kept, order, submit(crew.craft.combine_stack, order)))
    yield
    for key, kept, order, answer in running:
        if error := failure(answer):
            crew.tell(StackFailed(object=key.object, filter=key.filter, reason=str(error), train=key.train or None))
            continue
        product = stack_product(key, answer.result(), kept, order)
        _register(crew, product)
        done.append(product)
    return tuple(sorted(done, key=lambda stack: (stack.about["object"], stack.about["filter"], stack.train or "")))


def _register(crew: Crew, product: Product) -> None:
    """Write what a product is beside its file, then in the store."""
    write_sidecar(product.path, crew.store.folder, products=[product])
    crew.store.put_product(product)
