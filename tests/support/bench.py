"""A processing room whose workers answer at once, and a camera that writes where it is told."""

import hashlib
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from astropy.io import fits

from obsy.engine.events import Event
from obsy.engine.library.master import CalibrationSet
from obsy.engine.processing.limited import LimitedWorker
from obsy.engine.processing.processing import Outcome, Processing
from obsy.engine.processing.rules import Credit, Crew, ProcessingRules
from obsy.engine.reduce.orders import (
    LightOrder,
    LightResult,
    LiveOrder,
    MasterOrder,
    Measures,
    ProductFile,
    StackOrder,
)
from obsy.engine.store.store import Store
from obsy.schemas.calibration import Calibration
from obsy.schemas.pipeline import Pipeline
from tests.support.waiting import PATIENCE_S

NIGHT = date(2026, 11, 21)
START = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)
SHAPE = (32, 40)
LEVELS = {"Bias": 500, "Dark": 520, "Flat": 30000, "Light": 900}
CALIBRATION = Calibration.model_validate(
    {
        "kind": "calibration",
        "name": "main",
        "train": "main",
        "bias": {"count": 3, "max_age": "30 d"},
        "dark": {"count": 3, "max_age": "30 d"},
        "flat": {"count": 3, "exposure": "2 s", "max_age": "30 d"},
    }
)
PIPELINE = Pipeline.model_validate(
    {"kind": "pipeline", "name": "deep-sky", "steps": [{"step": "dark"}, {"step": "align"}, {"step": "stack"}]}
)
SOON_S = PATIENCE_S


@dataclass
class Hands:
    """What the workers are asked, and how they answer; `spoil` sees each light first."""

    lights: list[LightOrder] = field(default_factory=list)
    lives: list[str] = field(default_factory=list)
    stacked: list[StackOrder] = field(default_factory=list)
    spoil: Callable[[LightOrder], None] = lambda order: None
    unplaced: str = ""
    """Why no light can be laid on its grid."""
    astray: str = ""
    """What a light shows in the place of its plan's field."""

    def reduce_light(self, order: LightOrder) -> LightResult:
        self.lights.append(order)
        self.spoil(order)
        good = fits.getheader(order.source)["AIRMASS"] < 2
        for product in (order.calibrated, order.aligned):
            product.parent.mkdir(parents=True, exist_ok=True)
            product.write_bytes(order.source.read_bytes() + " ".join(order.masters.missing).encode())
        words = ("", "") if good else ("fwhm", "fwhm: 8.2 arcsec, above 6")
        alone = self.unplaced or self.astray or all(step.step != "align" for step in order.pipeline.steps)
        made = [("calibrated", order.calibrated), ("aligned", order.aligned)][: 1 if alone else 2] * good
        products = tuple(ProductFile(kind, path, sha256_of(path)) for kind, path in made)
        return LightResult(*words, Measures(fwhm_arcsec=2.5, stars=120), products, self.unplaced * good, self.astray)

    def build_master(self, order: MasterOrder) -> str:
        order.target.parent.mkdir(parents=True, exist_ok=True)
        order.target.write_bytes(b"".join(source.read_bytes() for source in order.sources))
        return sha256_of(order.target)

    def add_live(self, order: LiveOrder) -> None:
        self.lives.append(order.sha256)

    def combine_stack(self, order: StackOrder) -> str:
        self.stacked.append(order)
        order.target.parent.mkdir(parents=True, exist_ok=True)
        order.target.write_bytes(b"".join(path.read_bytes() for path in order.aligned))
        return sha256_of(order.target)


def sha256_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


class DeadWorkers(Executor):
    """A pool whose workers have died."""

    def submit(self, fn, /, *args, **kwargs):  # type: ignore[no-untyped-def]
        dead: Future[object] = Future()
        dead.set_exception(BrokenProcessPool("a process was terminated abruptly"))
        return dead


class HereAndNow(LimitedWorker):
    """Stands for the worker that checks foreign files: it does so at once, without a process or a limit."""

    def within(self, seconds, fn, /, *args, **kwargs):  # type: ignore[no-untyped-def]
        answer: Future[object] = Future()
        try:
            answer.set_result(fn(*args, **kwargs))
        except Exception as fault:
            answer.set_exception(fault)
        return answer


def credit(frame) -> Credit | None:
    return Credit(frame.object, f"{frame.filter}-180s", PIPELINE, None, None) if frame.object != "unknown" else None


@dataclass
class Bench:
    """A processing, its folders, and a camera that writes where you say."""

    root: Path
    store: Store
    hands: Hands
    crew: Crew
    processing: Processing
    events: list[Event]

    def shoot(self, number: int = 1, kind: str = "Light", **cards: object) -> Path:
        path = self.root / "incoming" / f"{kind}_{number:03d}.fits"
        path.parent.mkdir(exist_ok=True)
        random = np.random.default_rng(number + 1000 * len(kind))
        counts = (LEVELS[kind] + random.normal(0, 5, SHAPE)).astype(np.uint16)
        header = fits.Header(
            {
                "IMAGETYP": kind,
                "OBJECT": "m31",
                "FILTER": "L",
                "EXPTIME": 180.0,
                "GAIN": 100,
                "OFFSET": 10,
                "XBINNING": 1,
                "CCD-TEMP": -10.0,
                "INSTRUME": "cam",
                "AIRMASS": 1.1,
                "DATE-OBS": (START + timedelta(minutes=4 * number)).isoformat()[:19],
            }
            | cards
        )
        fits.PrimaryHDU(counts, header).writeto(path, overwrite=True)
        return path

    def take(self, *paths: Path) -> list[Outcome]:
        for path in paths:
            self.processing.found(path)
        return [self.processing.outcome(path).result(SOON_S) for path in paths]

    def master(self, kind: str, exposure_s: float, role: str | None = None) -> None:
        self.take(*(self.shoot(number, kind, EXPTIME=exposure_s, FILTER=role or "") for number in range(3)))
        self.processing.build(CalibrationSet("main", kind.lower(), exposure_s, role, 3), NIGHT).result(SOON_S)

    def heard(self, name: str) -> list[dict[str, object]]:
        return [event.facts() for event in self.events if event.name == name]


@cache
def _nothing_yet() -> bytes:
    with TemporaryDirectory() as folder:
        Store(path := Path(folder, "store.sqlite")).close()
        return path.read_bytes()


def store_in(root: Path, name: str = "store.sqlite") -> Store:
    """The store of a folder; one that is not there yet is copied, for to lay it out takes longer than most tests."""
    if not (path := root / name).exists():
        path.write_bytes(_nothing_yet())
    return Store(path)


@contextmanager
def rooms(root: Path, rules: ProcessingRules) -> Iterator[Callable[..., Bench]]:
    """The maker of benches in one place, all of which are closed in the end."""
    store = store_in(root)
    opened: list[Bench] = []

    def make(
        start: bool = True, executor: Executor | None = None, foreign: LimitedWorker | None = None, **changes: Any
    ) -> Bench:
        hands = Hands()
        events: list[Event] = []
        work = hands.reduce_light, hands.build_master, hands.add_live, hands.combine_stack
        workers = executor or ThreadPoolExecutor(2)
        crew = Crew(store, replace(rules, **changes), workers, events.append, *work, foreign or HereAndNow())
        bench = Bench(root, store, hands, crew, Processing(crew), events)
        opened.append(bench)
        if start:
            bench.processing.start()
        return bench

    yield make
    for bench in opened:
        bench.processing.close()
        bench.crew.executor.shutdown()
    store.close()
