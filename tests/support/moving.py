"""Targets drawn by lot: places, tiles turned by an angle, stars that move, planets, asteroids and comets."""

from datetime import date, timedelta
from random import Random
from typing import Any


def place(chance: Random) -> dict[str, Any]:
    """Draw a place among the stars."""
    return {"ra": f"{chance.uniform(0, 359.9):.4f} deg", "dec": f"{chance.uniform(-70, 70):.4f} deg"}


def target(chance: Random, day: date) -> dict[str, Any]:
    """Draw a target, most often a place."""
    dice = chance.random()
    if dice < 0.7:
        return place(chance)
    if dice < 0.75:
        return {"name": chance.choice(("Barnard's Star", "61 Cyg", "Proxima Cen", "M 42"))}
    if dice < 0.8:
        return {"of": chance.choice(("Vega", "M 31", "Sirius")), "east": f"{chance.uniform(-5, 5):.2f} deg"}
    if dice < 0.88:
        return {"body": chance.choice(("moon", "mercury", "venus", "mars", "jupiter", "saturn", "uranus", "neptune"))}
    angles = {key: f"{chance.uniform(0, 360):.3f} deg" for key in ("node", "argument")}
    angles["inclination"] = f"{chance.uniform(0, 40):.3f} deg"
    if dice < 0.94:
        epoch = day + timedelta(days=chance.randint(-5, 5))
        orbit = {"semi_major_axis": f"{chance.uniform(1.6, 3.5):.4f} au", "eccentricity": chance.uniform(0, 0.3)}
        return angles | orbit | {"epoch": f"{epoch} TT", "mean_anomaly": f"{chance.uniform(0, 360):.3f} deg"}
    passed = day + timedelta(days=chance.randint(-200, 200))
    orbit = {"distance": f"{chance.uniform(0.5, 3):.4f} au", "eccentricity": chance.choice((0.6, 0.97, 1.0, 1.05))}
    return angles | orbit | {"perihelion": f"{passed} TT"}
