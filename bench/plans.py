"""How long 1,000 plan files take: checked cold, unchanged the second time, and by check-jsonschema with our schema."""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from random import Random

from bench._answer import Figures, answer
from obsy.engine.declare.catalogue import CatalogueObject, deep_sky

ROOT = Path(__file__).resolve().parents[1]
PLANS = 1000
TIMES = 5
CHECK = [sys.executable, "-m", "check_jsonschema", "--schemafile"]
SETTINGS = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}

COMET = """
  perihelion: 2026-{month:02}-{day:02}.{part} TT
  distance: {q:.6f} au
  eccentricity: 0.{part}
  inclination: {incl:.4f} deg
  node: {node:.4f} deg
  argument: {arg:.4f} deg"""
ASTEROID = """
  epoch: 2026-12-26 TT
  semi_major_axis: {axis:.6f} au
  eccentricity: 0.0{part}
  inclination: {incl:.5f} deg
  node: {node:.5f} deg
  argument: {arg:.5f} deg
  mean_anomaly: {anomaly:.5f} deg"""
HOST = """
  ra: {ra}
  dec: {dec}
  planets:
    b: {{epoch: 24{epoch:.4f} BJD_TDB, period: {period:.7f} d, duration: {lasts:.2f} h}}"""


def write(folder: Path, count: int = PLANS) -> None:
    """Write the example's observatory with so many plans: a third each of pictures, of photometry and of the rest."""
    dice = Random(count)
    for room in ("site", "library"):
        shutil.copytree(ROOT / room, folder / room)
    (folder / "plans").mkdir()
    up = [each for each in deep_sky() if each.dec_deg > 20.0 and each.mag is not None and each.mag < 14.0]  # noqa: PLR2004
    for number in range(count):
        kind = (_picture, _picture, _series, _series, _transit, _moving)[number % 6]
        text = f"# What was wanted, {number}: written by hand, and by nobody else.\nkind: plan\nname: plan-{number}\n"
        file = folder / "plans" / f"{'abcdefghij'[number % 10]}" / f"plan-{number}.yaml"
        file.parent.mkdir(exist_ok=True)
        file.write_text(text + kind(dice, dice.choice(up)), encoding="utf-8")


def _picture(dice: Random, found: CatalogueObject) -> str:
    """Colour or narrowband of a galaxy or a nebula, sometimes as a mosaic, alone or several in one file."""
    seconds, hours = dice.choice((120, 180, 240, 300)), dice.choice((1, 2, 3, 4, 6))
    said = [f"target: {found.name}", f"priority: {dice.randint(1, 10)}"]
    if dice.random() < 0.2:  # noqa: PLR2004
        said.append(f"mosaic: {{columns: 2, rows: {dice.randint(1, 3)}, overlap: {dice.randint(10, 20)} %}}")
    if dice.random() < 0.5:  # noqa: PLR2004
        want = [f"{{filter: L, exposure: {seconds} s, total: {hours} h}}"]
        want.append(f"{{filter: [R, G, B], exposure: {seconds} s, total: {hours} h}}")
    else:
        want = [
            f"{{filter: {each}, exposure: {seconds} s, total: {hours} h 30 min, when: {{moon: fainter than 80 %}}}}"
            for each in ("Ha", "OIII")
        ]
    when = [f"altitude: above {dice.randint(25, 35)} deg", f"moon: farther than {dice.randint(30, 70)} deg"]
    return _plan(said, want, when, "deep-sky")


def _series(dice: Random, found: CatalogueObject) -> str:
    """A star, a cluster or a quasar, measured again and again."""
    count, days = dice.randint(2, 6), dice.choice((1, 2, 3, 7))
    want = [f"{{filter: [B, V, R], exposure: {dice.choice((20, 30, 60))} s, count: {count}, every: {days} d}}"]
    place = f"{{ra: {_ra(found)}, dec: {_dec(found)}}}" if dice.random() < 0.5 else found.name  # noqa: PLR2004
    when = [f"airmass: below {dice.choice(('1.6', '1.8', '2.2'))}", "moon: farther than 20 deg and fainter than 95 %"]
    return _plan([f"target: {place}", f"priority: {dice.randint(1, 10)}"], want, when, "photometry")


def _transit(dice: Random, found: CatalogueObject) -> str:
    """A planet before its star, by an ephemeris of one's own."""
    numbers = {"epoch": dice.uniform(55000, 60000), "period": dice.uniform(1, 9), "lasts": dice.uniform(1.5, 4)}
    said = ["target:" + HOST.format(ra=_ra(found), dec=_dec(found), **numbers), f"priority: {dice.randint(5, 10)}"]
    cover = f"{{transit: b, baseline: {dice.choice((20, 30, 45))} min}}"
    want = [f"filter: {dice.choice('VR')}\n    exposure: {dice.randint(20, 120)} s\n    cover: {cover}"]
    return _plan(said, want, ["altitude: above 30 deg"], "exoplanet")


def _moving(dice: Random, found: CatalogueObject) -> str:
    """A comet or an asteroid by its elements."""
    angles = {key: dice.uniform(0, 30 if key == "incl" else 360) for key in ("incl", "node", "arg", "anomaly")}
    part, day = dice.randint(1000, 9000), {"month": dice.randint(1, 12), "day": dice.randint(1, 28)}
    elements = dice.choice((COMET, ASTEROID)).format(
        part=part, **angles, **day, q=dice.uniform(0.5, 3), axis=dice.uniform(1.5, 3.2)
    )
    want = [f"{{filter: R, exposure: {dice.choice((30, 60))} s, count: {dice.randint(4, 12)}, every: 1 d}}"]
    when = ["altitude: above 25 deg", "dates: after 2027-01-01 and before 2027-12-31"]
    return _plan([f"target:{elements}", "priority: 8"], want, when, "photometry")


def _plan(said: list[str], want: list[str], when: list[str], pipeline: str) -> str:
    wanted = "\n".join(f"  - {each}" for each in want)
    return "\n".join([*said, "want:", wanted, "when:", *(f"  {each}" for each in when), f"pipeline: {pipeline}\n"])


def _ra(found: CatalogueObject) -> str:
    minutes, seconds = divmod(round(found.ra_deg * 240), 60)
    return f"{minutes // 60:02}h{minutes % 60:02}m{seconds:02}s"


def _dec(found: CatalogueObject) -> str:
    minutes, seconds = divmod(round(found.dec_deg * 3600), 60)
    return f"+{minutes // 60:02}d{minutes % 60:02}m{seconds:02}s"


def figures() -> Figures:
    """Medians of processes started in turn, so that what else the machine does falls on all of them."""
    ours = [sys.executable, "-m", "obsy", "validate"]
    with tempfile.TemporaryDirectory() as home:
        folder, schema = Path(home, "observatory"), Path(home, "schema.json")
        write(folder)
        files = sorted(str(path) for path in (folder / "plans").rglob("*.yaml"))
        printed = subprocess.run([*ours[:-1], "schema"], cwd=ROOT, stdout=subprocess.PIPE, check=True, env=SETTINGS)
        schema.write_bytes(printed.stdout)
        commands = [*ours, "--no-cache"], ours, [*CHECK, str(schema), *files]
        rounds = [[_seconds(command, folder) for command in commands] for _ in range(TIMES + 1)][1:]
    cold, again, theirs = (statistics.median(column) for column in zip(*rounds, strict=True))
    return {
        "cold_s": cold,
        "cold_at_most_s": 0.8,
        "unchanged_s": again,
        "unchanged_at_most_s": 0.2,
        "check_jsonschema_s": theirs,
        "times_as_fast_cold": theirs / cold,
        "times_as_fast_unchanged": theirs / again,
    }


def _seconds(command: list[str], folder: Path) -> float:
    begin = time.monotonic()
    settings = SETTINGS | {"PYTHONPATH": str(ROOT)}
    quiet = subprocess.DEVNULL
    subprocess.run(command, cwd=folder, stdin=quiet, stdout=quiet, stderr=quiet, check=True, env=settings)
    return time.monotonic() - begin


if __name__ == "__main__":
    answer(
        f"{PLANS:,} plan files checked, beside check-jsonschema with the schema that `obsy schema` prints", figures()
    )
