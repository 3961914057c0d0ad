"""How a name of the sky is compared: one key for every usual spelling of it."""

import re

_GENITIVES = """
And Andromedae|Ant Antliae|Aps Apodis|Aqr Aquarii|Aql Aquilae|Ara Arae|Ari Arietis|Aur Aurigae|Boo Bootis|Cae Caeli
Cam Camelopardalis|Cnc Cancri|CVn Canum Venaticorum|CMa Canis Majoris|CMi Canis Minoris|Cap Capricorni|Car Carinae
Cas Cassiopeiae|Cen Centauri|Cep Cephei|Cet Ceti|Cha Chamaeleontis|Cir Circini|Col Columbae|Com Comae Berenices
CrA Coronae Australis|CrB Coronae Borealis|Crv Corvi|Crt Crateris|Cru Crucis|Cyg Cygni|Del Delphini|Dor Doradus
Dra Draconis|Equ Equulei|Eri Eridani|For Fornacis|Gem Geminorum|Gru Gruis|Her Herculis|Hor Horologii|Hya Hydrae
Hyi Hydri|Ind Indi|Lac Lacertae|Leo Leonis|LMi Leonis Minoris|Lep Leporis|Lib Librae|Lup Lupi|Lyn Lyncis|Lyr Lyrae
Men Mensae|Mic Microscopii|Mon Monocerotis|Mus Muscae|Nor Normae|Oct Octantis|Oph Ophiuchi|Ori Orionis|Pav Pavonis
Peg Pegasi|Per Persei|Phe Phoenicis|Pic Pictoris|Psc Piscium|PsA Piscis Austrini|Pup Puppis|Pyx Pyxidis|Ret Reticuli
Sge Sagittae|Sgr Sagittarii|Sco Scorpii|Scl Sculptoris|Sct Scuti|Ser Serpentis|Sex Sextantis|Tau Tauri|Tel Telescopii
Tri Trianguli|TrA Trianguli Australis|Tuc Tucanae|UMa Ursae Majoris|UMi Ursae Minoris|Vel Velorum|Vir Virginis
Vol Volantis|Vul Vulpeculae
"""
CONSTELLATIONS = {
    genitive.lower(): short.lower()
    for short, genitive in (each.split(" ", 1) for each in _GENITIVES.strip().replace("\n", "|").split("|"))
}
"""The three letters of a constellation by its genitive, all in small letters."""
_SHORT = frozenset(CONSTELLATIONS.values())
_GREEK = """
α alpha alf alp|β beta bet|γ gamma gam|δ delta del|ε epsilon eps|ζ zeta zet|η eta|θ theta tet the|ι iota iot
κ kappa kap|λ lambda lam|μ mu|ν nu|ξ xi ksi|ο omicron omi|π pi|ρ rho|σ sigma sig|τ tau|υ upsilon ups|φ phi
χ chi khi|ψ psi|ω omega ome
"""
GREEK = {word: words.split()[1] for words in _GREEK.strip().replace("\n", "|").split("|") for word in words.split()} | {
    "ϵ": "epsilon",
    "ϑ": "theta",
    "µ": "mu",
    "ϕ": "phi",
    "ς": "sigma",
}
"""A letter's whole name by each way to write it."""
_LETTERS = str.maketrans(
    {letter: f" {name} " for letter, name in GREEK.items() if not letter.isascii()}
    | dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789", strict=True))
)
_SILENT = str.maketrans("", "", " \t_.'’`-–−")
_PADDING = re.compile(r"(?<=[a-z])0+(?=\d)")
_STARRED = _SHORT | CONSTELLATIONS.keys()
_PREFIX = re.compile(r"^(\*\*?|v\*|name|the)\s+")
_SHARPLESS = re.compile(r"^sh(?:arpless)?[\s-]*(?:2[\s-]+|(?<=[a-z])[\s-]+|(?<=sharpless))(\d+)$")
_CATALOGUE = re.compile(
    r"^(messier|caldwell|barnard|collinder|col|melotte|trumpler|gliese|gl|hr|pn\s*a66|a66|abell\s*pn)[\s-]*(?=\d)"
)
_CATALOGUES = {
    "messier": "m", "caldwell": "c", "barnard": "b", "collinder": "cr", "col": "cr", "melotte": "mel",
    "trumpler": "tr", "gliese": "gj", "gl": "gj", "pna66": "abell", "a66": "abell", "abellpn": "abell",
}  # fmt: skip
_MINKOWSKI = re.compile(r"^m\s*\d+-\d+$")
_ABELL = re.compile(r"^abell[\s-]*(?:cluster\s*)?0*(\d+)$")
PLANETARIES = 86
"""Abell numbered as many planetary nebulae; what has a greater number is one of his clusters of galaxies."""
_LETTERED = re.compile(r"^([a-z]+?)\.?\s*(\d*)$")


def key(name: str) -> str:
    """Return a name as it is compared.

    Case, spaces, hyphens, apostrophes, leading zeros of a number and SIMBAD's prefixes do not matter; Greek letters,
    their short names, the genitives of constellations and the long names of catalogues become one.
    """
    text = " ".join(name.lower().translate(_LETTERS).split())
    if text.removeprefix("the ") not in _STARRED:  # there 'the' is a theta
        text = _PREFIX.sub("", text)
    if _MINKOWSKI.match(text):  # M 1-1 is a planetary nebula, M 11 a cluster
        return text.replace(" ", "")
    if found := _SHARPLESS.match(text):
        text = "sh2" + found[1]
    elif found := _CATALOGUE.match(text):
        said = found[1].replace(" ", "")
        text = _CATALOGUES.get(said, said) + text[found.end() :]
    elif (found := _ABELL.match(text)) and int(found[1]) > PLANETARIES:
        text = "aco" + found[1]
    elif " " in text:
        text = _star(text)
    return _PADDING.sub("", text.translate(_SILENT))


def fold(name: str) -> str:
    """Return the key of a name that is spelt as the tables spell it."""
    return name.lower().translate(_SILENT)


def _star(text: str) -> str:
    """Return a star's name with its letter written out and its constellation in three letters."""
    first, *rest = text.split(" ")
    for count in (2, 1):
        genitive = " ".join(rest[-count:])
        if len(rest) >= count and genitive in CONSTELLATIONS:
            rest = [*rest[:-count], CONSTELLATIONS[genitive]]
            break
    found = _LETTERED.match(first)
    if rest and rest[-1] in _SHORT and found and found[1] in GREEK:
        first = GREEK[found[1]] + found[2].lstrip("0")
    return " ".join([first, *rest])
