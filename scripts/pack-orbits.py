"""Write the orbits of asteroids and comets that obsy knows by name, carried to one epoch by the planets' pull.

    python scripts/pack-orbits.py SOURCES 2026-12-26 obsy/engine/declare/tables

SOURCES is a folder with these files:

asteroids.dat    Debian's kstars-data 3.6.2: JPL's Small-Body Database of 2022-08 (epoch 2022-08-09)
CometEls.txt     the Minor Planet Center's comets (epoch 2026-01-03), from GitHub's huakecailiao/uptonight-mobile
de421/           PyPI's de421 2008.1: JPL's planets; PyPI's jplephem 2.24 reads them

What is shipped are osculating elements, heliocentric, ecliptic and equinox J2000.
"""

import json
import math
import re
import sys
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
from scipy.integrate import solve_ivp

sys.path.insert(0, sys.argv[1])
import de421
from jplephem import Ephemeris

FAINTEST = 14.0
"""At its best opposition."""
ALWAYS = ("Pluto", "Eris", "Haumea", "Makemake", "Chiron", "Apophis", "Bennu", "Ryugu", "Itokawa", "Phaethon", "Eros")
AU_KM = 149597870.700
NEWER = (  # the Minor Planet Center's own lines of 2026-10-04, where observations have moved an orbit since
    "0010P         2026 08  2.1040  1.417739  0.537442  195.4604  117.7968   12.0271  20261003  13.1  4.0  10P/Tempel",
    "0161P         2026 11 27.1779  1.265114  0.836178   47.0647    1.4736   95.7918  20261003   8.5  6.0  161P/Hartley-IRAS",  # noqa: E501
)
MU = 0.01720209895**2
"""The Sun's pull, au**3 a day**2."""
MASSES = {  # the Sun's mass over each; DE421
    "mercury": 6023597.4, "venus": 408523.72, "earthmoon": 328900.56, "mars": 3098703.6, "jupiter": 1047.3486,
    "saturn": 3497.9018, "uranus": 22902.95, "neptune": 19412.24,
}  # fmt: skip
OBLIQUITY = math.radians(84381.448 / 3600)
TURN = np.array(
    [[1, 0, 0], [0, math.cos(OBLIQUITY), -math.sin(OBLIQUITY)], [0, math.sin(OBLIQUITY), math.cos(OBLIQUITY)]]
)
"""From the ecliptic to the equator of J2000."""
PLANETS = Ephemeris(de421)


def julian(day: date) -> float:
    """Return the Julian date of 0 h."""
    return day.toordinal() + 1721424.5


def state(q: float, e: float, angles: tuple[float, float, float], since: float) -> np.ndarray:
    """Return place and velocity, au and au a day, equatorial, so many days after the perihelion."""
    i, node, peri = map(math.radians, angles)
    x, y, vx, vy = in_plane(q, e, since)
    p = (math.cos(peri), math.sin(peri))
    first = np.array([p[0] * math.cos(node) - p[1] * math.sin(node) * math.cos(i),
                      p[0] * math.sin(node) + p[1] * math.cos(node) * math.cos(i), p[1] * math.sin(i)])  # fmt: skip
    second = np.array([-p[1] * math.cos(node) - p[0] * math.sin(node) * math.cos(i),
                       -p[1] * math.sin(node) + p[0] * math.cos(node) * math.cos(i), p[0] * math.sin(i)])  # fmt: skip
    return np.concatenate([TURN @ (x * first + y * second), TURN @ (vx * first + vy * second)])


def in_plane(q: float, e: float, since: float) -> tuple[float, float, float, float]:
    """Return place and velocity in the orbit's plane, by the true anomaly that bisection finds."""
    p = q * (1 + e)
    low, high = -math.pi + 1e-9, math.pi - 1e-9
    if e >= 1:
        limit = math.acos(-1 / e) - 1e-9
        low, high = -limit, limit
    else:
        period = 2 * math.pi * math.sqrt((q / (1 - e)) ** 3 / MU)
        since = (since + period / 2) % period - period / 2
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if flight(q, e, middle) < since else (low, middle)
    nu = (low + high) / 2
    r, speed = p / (1 + e * math.cos(nu)), math.sqrt(MU / p)
    return r * math.cos(nu), r * math.sin(nu), -speed * math.sin(nu), speed * (e + math.cos(nu))


def flight(q: float, e: float, nu: float) -> float:
    """Return the days from the perihelion to a true anomaly."""
    half = math.tan(nu / 2)
    if abs(e - 1) < 1e-7:
        return math.sqrt(2 * q**3 / MU) * (half + half**3 / 3)
    a = q / abs(1 - e)
    if e < 1:
        big = 2 * math.atan(math.sqrt((1 - e) / (1 + e)) * half)
        return math.sqrt(a**3 / MU) * (big - e * math.sin(big))
    big = 2 * math.atanh(math.sqrt((e - 1) / (e + 1)) * half)
    return math.sqrt(a**3 / MU) * (e * math.sinh(big) - big)


def carried(states: np.ndarray, begin: float, end: float) -> np.ndarray:
    """Return the states, (bodies, 6), at another Julian date."""

    def pull(t: float, flat: np.ndarray) -> np.ndarray:
        bodies = flat.reshape(-1, 6)
        place = bodies[:, :3]
        total = -MU * place / np.linalg.norm(place, axis=1)[:, None] ** 3
        sun = PLANETS.position("sun", t).ravel()
        for name, mass in MASSES.items():
            planet = (PLANETS.position(name, t).ravel() - sun) / AU_KM
            apart = planet - place
            total += (
                MU / mass * (apart / np.linalg.norm(apart, axis=1)[:, None] ** 3 - planet / np.linalg.norm(planet) ** 3)
            )
        return np.hstack([bodies[:, 3:], total]).ravel()

    found = solve_ivp(pull, (begin, end), states.ravel(), method="DOP853", rtol=1e-10, atol=1e-12)
    return found.y[:, -1].reshape(-1, 6)


def elements(body: np.ndarray) -> dict[str, float]:
    """Return a state's elements: q, e, inclination, node, argument (degrees), days since the perihelion."""
    place, speed = TURN.T @ body[:3], TURN.T @ body[3:]
    r, h = np.linalg.norm(place), np.cross(place, speed)
    ecc = np.cross(speed, h) / MU - place / r
    e, i = float(np.linalg.norm(ecc)), math.acos(h[2] / np.linalg.norm(h))
    node = math.atan2(h[0], -h[1])
    along = np.array([math.cos(node), math.sin(node), 0.0])
    peri = math.atan2(float(np.dot(np.cross(along, ecc), h / np.linalg.norm(h))), float(np.dot(along, ecc)))
    nu = math.atan2(float(np.dot(np.cross(ecc, place), h / np.linalg.norm(h))), float(np.dot(ecc, place)))
    q = float(np.dot(h, h)) / MU / (1 + e)
    angles = {"i": math.degrees(i), "node": math.degrees(node) % 360, "peri": math.degrees(peri) % 360}
    return {"q": q, "e": e, **angles, "since": flight(q, e, nu)}


def asteroids(source: Path, epoch: float) -> list[str]:
    """Return a line for each numbered asteroid that grows bright enough, or is always asked for."""
    read = json.loads(source.read_text())
    every = [dict(zip(read["fields"], row, strict=True)) for row in read["data"]]
    kept = [each for each in every if re.match(r"\s*\d+ [A-Z]", each["full_name"]) and wanted(each)]
    begins = {each["epoch_mjd"] for each in kept}
    found: dict[int, str] = {}
    for begin in begins:
        some = [each for each in kept if each["epoch_mjd"] == begin]
        jd = float(begin) + 2400000.5
        states = np.array([asteroid_state(each) for each in some])
        for facts, body in zip(some, carried(states, jd, epoch), strict=True):
            number, name = re.match(r"\s*(\d+) (.*?) \(|\s*(\d+) (.*)", facts["full_name"] + " (").groups()[:2]
            found[int(number)] = asteroid_line(int(number), name, facts["H"], elements(body))
    return [found[number] for number in sorted(found)]


def wanted(facts: dict[str, str]) -> bool:
    """Return whether an asteroid is worth its line."""
    q, h = float(facts["q"]), float(facts["H"] or 99)
    best = h + 5 * math.log10(max(q * (q - 1), 0.03)) if q > 1 else h - 4
    return best < FAINTEST or any(f" {name} " in facts["full_name"] for name in ALWAYS)


def asteroid_state(facts: dict[str, str]) -> np.ndarray:
    """Return an asteroid's state at the epoch of its elements."""
    a, e = float(facts["a"]), float(facts["e"])
    motion = math.degrees(math.sqrt(MU / a**3))
    angles = (float(facts["i"]), float(facts["om"]), float(facts["w"]))
    return state(a * (1 - e), e, angles, ((float(facts["ma"]) + 180) % 360 - 180) / motion)


def asteroid_line(number: int, name: str, h: str, at: dict[str, float]) -> str:
    """Return the line of an asteroid: number, name, H, a, e, i, node, argument, mean anomaly."""
    a = at["q"] / (1 - at["e"])
    anomaly = math.degrees(math.sqrt(MU / a**3)) * at["since"] % 360
    angles = ",".join(f"{each:.5f}" for each in (at["i"], at["node"], at["peri"], anomaly))
    return f"{number},{name},{float(h):.2f},{a:.7f},{at['e']:.7f},{angles}"


def comets(source: Path, epoch: float) -> list[str]:
    """Return a line for each comet: name, M1 and its slope, perihelion (TT), q, e, i, node, argument."""
    found = []
    newer = {line[:5]: line for line in NEWER}
    for line in (newer.get(each[:5], each) for each in source.read_text().splitlines()):
        begin = line[81:89]
        if not re.fullmatch(r"\d{8}", begin):
            continue
        passage = julian(date(int(line[14:18]), int(line[19:21]), 1)) - 1 + float(line[22:29])
        q, e, peri, node, i = (float(line[a:b]) for a, b in ((30, 39), (41, 49), (51, 59), (61, 69), (71, 79)))
        jd = julian(datetime.strptime(begin, "%Y%m%d").date())
        body = carried(state(q, e, (i, node, peri), jd - passage)[None, :], jd, epoch)[0]
        at = elements(body)
        day = date(2000, 1, 1) + timedelta(days=math.floor(epoch - at["since"] - julian(date(2000, 1, 1))))
        part = epoch - at["since"] - julian(day)
        angles = ",".join(f"{each:.5f}" for each in (at["i"], at["node"], at["peri"]))
        brightness = f"{line[91:95].strip()},{line[96:100].strip()}"
        name = line[102:158].strip()
        found.append(f"{name},{brightness},{day.isoformat()}{f'{part:.4f}'[1:]},{at['q']:.6f},{at['e']:.6f},{angles}")
    return found


def main() -> None:
    """Read the sources, carry them on, write the tables."""
    sources, day, out = Path(sys.argv[1]), date.fromisoformat(sys.argv[2]), Path(sys.argv[3])
    tables = {
        "asteroids": ("number,name,H,semi_major_axis_au,e,i_deg,node_deg,argument_deg,mean_anomaly_deg",
                      asteroids(sources / "asteroids.dat", julian(day))),
        "comets": ("name,M1,K1,perihelion_tt,q_au,e,i_deg,node_deg,argument_deg",
                   comets(sources / "CometEls.txt", julian(day))),
    }  # fmt: skip
    for name, (head, lines) in tables.items():
        note = f"# Osculating elements of {day} TT, heliocentric, ecliptic and equinox J2000; scripts/pack-orbits.py."
        (out / f"{name}.csv").write_text("\n".join([note, head, *lines]) + "\n", encoding="utf-8")
        print(f"{name}: {len(lines)}")


if __name__ == "__main__":
    main()
