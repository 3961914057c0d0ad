"""The tables of fixed targets that come with obsy, each sorted by key and searched without being read."""

from collections.abc import Iterator
from functools import cache
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import NamedTuple

from obsy.engine.declare.spelling import fold, key
from obsy.engine.declare.target import Motion

TABLES = Path(__file__).with_name("tables")
SOURCES = {
    "stars": "Hipparcos",
    "deep-sky": "OpenNGC",
    "nebulae": "VizieR's copies of Sharpless, Barnard and Abell, and the ICRF",
    "variables": "GCVS",
    "hosts": "planets.csv",
}
"""Where each table is from; of two that know a name the earlier has the better place."""
_LOWER = bytes.maketrans(bytes(range(65, 91)), bytes(range(97, 123)))
MOST_PROBED = 4096
"""So many lines that a search has looked at are kept: every search begins with the same ones."""
_SILENT = b" \t_.'`-"


class Variability(NamedTuple):
    """How a star varies, as the GCVS has it."""

    type: str
    brightest_mag: float | None
    faintest_mag: float | None
    epoch_jd: float | None
    """Of a maximum; of a minimum, where it is eclipsed (heliocentric, mostly)."""
    period_d: float | None


class CatalogueObject(NamedTuple):
    """A thing in the sky with a name: ICRS place at J2000.0 and, where they are known, its size and brightness."""

    name: str
    ra_deg: float
    dec_deg: float
    kind: str
    """galaxy, galaxy-cluster, quasar, nebula, dark-nebula, planetary, open-cluster, globular, remnant or star."""
    major_arcmin: float | None = None
    minor_arcmin: float | None = None
    position_angle_deg: float | None = None
    mag: float | None = None
    """V; where there is none, B of a galaxy, Hp of a star, VT of a planet's host; of a variable star its brightest."""
    source: str = ""
    """One of SOURCES."""
    motion_mas: Motion | None = None
    """Where the proper motion is more than 0.1 arcsec a year, or the parallax more than 0.05 arcsec."""
    varies: Variability | None = None


class Table:
    """One sorted file: a line for each object, and a line for each other name of one ('NGC 224=M 31')."""

    def __init__(self, path: Path) -> None:
        """Map the file; its first line is its heading."""
        with path.open("rb") as file:
            self._text = mmap(file.fileno(), 0, access=ACCESS_READ)
        self._first = self._text.find(b"\n") + 1
        self._probed: dict[int, tuple[int, int, bytes]] = {}

    def find(self, wanted: str) -> str | None:
        """Return the line whose name has that key; None if there is none."""
        sought, low, high = wanted.encode(), self._first, len(self._text)
        while low < high:
            begin, end, found = self._at((low + high) // 2)
            if found == sought:
                return self._text[begin:end].decode()
            low, high = (end + 1, high) if found < sought else (low, begin)
        return None

    def _at(self, place: int) -> tuple[int, int, bytes]:
        """Return where the line about a place begins and ends, and its key."""
        if (known := self._probed.get(place)) is not None:
            return known
        begin = self._text.rfind(b"\n", 0, place) + 1
        end = self._text.find(b"\n", place)
        found = begin, end, _name(self._text[begin:end]).translate(_LOWER, _SILENT)
        if len(self._probed) < MOST_PROBED:
            self._probed[place] = found
        return found

    def aliases(self, name: str) -> list[str]:
        """Return the other names of the object of that name."""
        found, mark, at = [], f"={name}\n".encode(), self._first
        while (at := self._text.find(mark, at)) >= 0:
            found.append(self._text[self._text.rfind(b"\n", 0, at) + 1 : at].decode())
            at += 1
        return found

    def lines(self) -> Iterator[str]:
        """Yield every line."""
        yield from self._text[self._first :].decode().splitlines()


@cache
def table(name: str) -> Table:
    """Return a table by its name."""
    return Table(TABLES / f"{name}.csv")


def hits(name: str) -> Iterator[CatalogueObject]:
    """Yield what the tables have by a name, the one that is meant first.

    Where two differ by nothing but capitals (T Tau, t Tau), it is the one that is written so; with SIMBAD's 'V*' before
    it, the variable star; else the one of the earlier table.
    """
    said, sought = " ".join(name.split()), key(name)
    variable = said.startswith(("V* ", "v* "))
    others: list[CatalogueObject] = []
    for source in SOURCES if sought else ():
        line = find(sought, source)
        if line is not None:
            spelt, _, master = line.partition("=") if "=" in line else (line.partition(",")[0], "", "")
            found = _object((find(fold(master), source) if master else line) or "", source)
            if said == spelt or (variable and source == "variables"):
                yield found
            else:
                others.append(found)
    yield from others


def find(wanted: str, source: str) -> str | None:
    """Return a table's line of a key; None if it has none."""
    return _hosts().get(wanted) if source == "hosts" else table(source).find(wanted)


def lines(source: str) -> Iterator[str]:
    """Yield every line of a table."""
    return iter(_hosts().values()) if source == "hosts" else table(source).lines()


def aliases(found: CatalogueObject) -> list[str]:
    """Return the other names of an object."""
    return table(found.source).aliases(found.name) if found.source != "hosts" else []


def rows(text: Path) -> list[list[str]]:
    """Return the rows of a small table, without its notes and its heading."""
    lines = text.read_text(encoding="utf-8").splitlines()
    return [line.split(",") for line in lines if not line.startswith("#")][1:]


def deep_sky() -> Iterator[CatalogueObject]:
    """Yield every object of OpenNGC."""
    return (_object(line, "deep-sky") for line in table("deep-sky").lines() if "=" not in line)


def _name(line: bytes) -> bytes:
    comma, equals = line.find(b","), line.find(b"=")
    return line[: comma if equals < 0 else equals]


def _object(line: str, source: str) -> CatalogueObject:
    name, ra, dec, *cells = line.split(",")
    place = name, float(ra), float(dec)
    if source == "variables":
        sort, *rest = [*cells, "", "", "", ""][:5]
        varies = Variability(sort, *map(_number, rest))
        return CatalogueObject(*place, "star", mag=varies.brightest_mag, source=source, varies=varies)
    if source in {"stars", "hosts"}:
        mag, *motion = cells
        moves = (float(motion[0]), float(motion[1]), float(motion[2])) if motion else None
        return CatalogueObject(*place, "star", mag=_number(mag), source=source, motion_mas=moves)
    kind, *sizes = [*cells, "", "", "", ""][:5]
    major, minor, angle, light = (_number(each) for each in sizes)
    return CatalogueObject(*place, kind, major, minor, angle, light, source)


def _number(cell: str) -> float | None:
    return float(cell) if cell else None


@cache
def _hosts() -> dict[str, str]:
    """The hosts of planets, by key, as lines like those of the stars."""
    return {key(host): f"{host},{ra},{dec},{vt}" for host, _, ra, dec, *_, vt, _ in rows(TABLES / "planets.csv")}
