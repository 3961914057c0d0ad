"""An observatory whose store has the star tables of one plan's nights, as processed nights leave them."""

import shutil
from datetime import date
from pathlib import Path

from obsy.engine.store.record import Product, State, StoredFrame
from obsy.engine.store.store import Store
from tests.support.frames import A_LIGHT
from tests.unit.engine.science.star_fields import StarField

ROOT = Path(__file__).parents[2]
NIGHT = date(2026, 11, 21)
PLAN = """kind: plan
name: v1
target: {ra: 325 deg, dec: 43 deg}
owner: ana
want: [{filter: V, exposure: 60 s, count: 3}]
pipeline: photometry
"""
ANA = "kind: person\nname: ana\ncalled: Ana Ruiz\ncodes: {aavso: rana}\n"


def measured_night(here: Path, field: StarField, person: str = ANA, rejected: int = 0) -> Path:
    """Declare it all in a folder and fill its store; rejected: how many of the frames were. Return the folder."""
    for room in ("site", "library"):
        shutil.copytree(ROOT / room, here / room)
    (here / "plans").mkdir()
    (here / "plans" / "v1.yaml").write_text(PLAN)
    (here / "library" / "ana.yaml").write_text(person or "kind: person\nname: ana\ncalled: Ana Ruiz\n")
    declared = field.declared()
    stars = "\n".join(
        f"  - {{name: {star.name!r}, ra: {star.ra!r} deg, dec: {star.dec!r} deg, "
        f"magnitudes: {{{', '.join(f'{band}: {v} +- {e} mag' for band, (v, e) in star.magnitudes.items())}}}}}"
        for star in declared.stars
    )
    head = f"kind: comparison\nname: v1-exa\nof: v1\nchart: X1ZZ\ncheck: {declared.check!r}\nstars:\n"
    (here / "library" / "comparison.yaml").write_text(head + stars + "\n")
    (here / "data" / "simulated").mkdir(parents=True)
    add_night(here, field, NIGHT, rejected)
    return here


def add_night(here: Path, field: StarField, night: date, rejected: int = 0) -> None:
    """Put the tables of a night into the store."""
    folder = here / "data" / "simulated"
    with Store(folder / "store.sqlite") as store:
        for number, table in enumerate(field.tables()):
            stem = "-".join(filter(None, (str(night), table.observation.train, str(number))))
            name = folder / f"{stem}_stars.ecsv"
            made = Product("stars", name, table.write(name), night, "nerpio", "newton", table.observation.frame)
            said = {"sha256": table.observation.frame, "path": folder / f"{stem}.fits"}
            said |= {"filter": table.observation.filter}
            is_good = number >= rejected
            frame = StoredFrame(
                **A_LIGHT | said | {"plan": "v1", "goal": "V-60s", "train": "newton", "site": "nerpio"},
                source=f"{number}.fits", night=night, state=State.GRADED, pending=False,
                accepted=is_good, reason="" if is_good else "clouds",
            )  # fmt: skip
            store.put(frame, [made])
