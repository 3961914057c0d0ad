"""An observatory whose store has the star tables of a night in which a moving target was taken."""

import shutil
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import erfa
import numpy as np

from obsy.engine.reduce.star_table import Observation, StarTable
from obsy.engine.sky.body import coordinates
from obsy.engine.sky.catalogue import cone
from obsy.engine.sky.grid import Grid
from obsy.engine.store.record import Product, State, StoredFrame
from obsy.engine.store.store import Store
from obsy.schemas.site import Location
from tests.support.frames import A_LIGHT

ROOT = Path(__file__).parents[2]
NIGHT, BEGAN = date(2026, 12, 10), datetime(2026, 12, 10, 22, 0, tzinfo=UTC)
SITE = Location(38.16, -2.33, 1650.0)
PLAN = """kind: plan
name: one
target: Ceres
owner: ana
want: [{filter: V, exposure: 60 s, count: 3}]
pipeline: photometry
"""
ANA = "kind: person\nname: ana\ncalled: Ana Ruiz\n"
SCALE = 3.35


def moving_night(here: Path, body, frames: int = 6, off=(0.4, -0.3), plan: str = PLAN) -> Path:
    """Declare it in a folder and fill its store: the catalogue's stars, and a body so far (arcsec) from where it is."""
    for room in ("site", "library"):
        shutil.copytree(ROOT / room, here / room)
    (here / "plans").mkdir()
    (here / "plans" / "one.yaml").write_text(plan)
    (here / "library" / "ana.yaml").write_text(ANA)
    folder = here / "data" / "simulated"
    folder.mkdir(parents=True)
    rng = np.random.default_rng(1)
    with Store(folder / "store.sqlite") as store:
        for number in range(frames):
            when = BEGAN + timedelta(minutes=12 * number)
            table = _table(body, when, off, rng)
            name = folder / f"{number}_stars.ecsv"
            sha = table.observation.frame
            made = Product("stars", name, table.write(name), NIGHT, "nerpio", "newton", sha)
            said = {"sha256": sha, "path": folder / f"{number}.fits", "filter": "V"}
            frame = StoredFrame(
                **A_LIGHT | said | {"plan": "one", "goal": "V-60s", "train": "newton", "site": "nerpio"},
                source=f"{number}.fits", night=NIGHT, state=State.GRADED, pending=False, accepted=True, reason="",
            )  # fmt: skip
            store.put(frame, [made])
    return here


def _table(body, when, off, rng):
    (ra, dec), now = (
        [float(each[0]) for each in coordinates(body, Grid(moment, 1.0, 1), SITE)] for moment in (BEGAN, when)
    )
    stars = cone(ra, dec, 0.45)
    kept = slice(0, 40)
    towards = np.radians((ra, dec))
    east, north = np.degrees(erfa.tpxes(*np.radians((stars.ra_deg, stars.dec_deg)), *towards))[:, kept] * 3600
    moved = np.degrees(erfa.tpxes(*np.radians(now), *towards)) * 3600 + off
    east, north = np.r_[moved[0], east], np.r_[moved[1], north]
    light = np.r_[20_000.0, 60 * 10 ** (-0.4 * (stars.mag[kept] - 21))]
    x, y = (500 + way * each / SCALE + rng.normal(0, 0.02, len(east)) for way, each in ((-1, east), (1, north)))
    told_ra, told_dec = np.degrees(
        erfa.tpsts(*np.radians(((500 - x) * SCALE / 3600, (y - 500) * SCALE / 3600)), *towards)
    )
    error = np.sqrt(light + 5000.0)
    order = np.argsort(-light)
    jd = 2440587.5 + when.timestamp() / 86400
    about = Observation(
        frame=f"{int(when.timestamp()):064x}", exposure_s=60.0, aperture_px=4.0, annulus_px=(8.0, 15.0), gain=1.0,
        filter="V", train="newton", plan="one", jd_utc=jd, airmass=1.2, scintillation=0.0,
    )  # fmt: skip
    names = np.array([""] + ["TYC2 J"] * (len(x) - 1))
    columns = (
        x,
        y,
        told_ra,
        told_dec,
        light,
        error,
        np.full(len(x), 100.0),
        np.full(len(x), 2.5),
        np.zeros(len(x), int),
        names,
    )
    return StarTable(*(each[order] for each in columns), about)
