"""A night's positions in the form that the Minor Planet Center takes: ADES 2022, as PSV and as XML."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import ceil, cos, floor, hypot, isfinite, log10, radians
from xml.etree import ElementTree

from obsy.engine.science.astrometry.catalogue_age import catalogue_error_arcsec
from obsy.engine.science.astrometry.designation import Designation
from obsy.engine.science.astrometry.position import SkyPosition

VERSION = "2022"
CATALOGUE = "Tyc2"
"""Tycho-2 in the MPC's list of catalogues, where it is deprecated since there is Gaia, and taken."""
BAND, BAND_ERROR_MAG = "Vj", 0.1
"""VT is fainter than Johnson's V by 0.09 (BT - VT): by 0.03 to 0.13 mag for stars of types F to K. Source: ESA 1997,
SP-1200, volume 1, section 1.3; asteroids shine by the Sun's light."""
V_FILTERS = frozenset({"V", "Vj", "Johnson V"})
"""Of which a magnitude against VT is one in V; of any other nobody can say so."""
ORDER = ("permID", "provID", "trkSub", "mode", "stn", "obsTime", "ra", "dec", "rmsRA", "rmsDec", "astCat", "mag",
         "rmsMag", "band", "photCat", "logSNR", "seeing", "exp", "rmsFit", "nStars", "notes", "remarks")  # fmt: skip
"""The columns in the order of submit.xsd."""
UNIX_JD, FAINT_SIGMA = 2440587.5, 1e-9


@dataclass(frozen=True, slots=True)
class AdesContext:
    """Who observed, with what and where."""

    station: str
    """The observatory's code."""
    site: str
    person: str
    """Who submits, observes and measures, as `designation.signed` has it."""
    design: str
    """Of the telescope."""
    aperture_m: float
    ratio: float
    sensor: str
    """CCD or CMO, as the MPC calls it."""
    scale_arcsec: float
    software: str
    is_rehearsal: bool = False


Record = dict[str, str]
Head = list[tuple[str, list[tuple[str, str]]]]


def records(
    positions: Sequence[SkyPosition],
    called: Designation,
    about: AdesContext,
    rate_arcsec_min: float,
    wider: float = 1.0,
) -> list[Record]:
    """Return a record for each position, by the columns of `ORDER` that it has.

    rate_arcsec_min: how fast it moves, by which times have their digits; wider: by what errors are to be enlarged.
    """
    return [_record(each, called, about, rate_arcsec_min, wider) for each in positions]


def psv(head: Head, rows: Sequence[Record]) -> str:
    """Return the file: its head, a line with the columns, and a line a record, padded so that people can read it."""
    lines = [f"# version={VERSION}"]
    for group, said in head:
        lines += [f"# {group}", *(f"! {key} {value}" for key, value in said)]
    columns = [each for each in ORDER if any(each in row for row in rows)]
    widths = [max(len(each), *(len(row.get(each, "")) for row in rows)) for each in columns]
    told = [dict(zip(columns, columns, strict=True)), *rows]
    lines += ["|".join(f"{row.get(k, ''):<{w}}" for k, w in zip(columns, widths, strict=True)).rstrip() for row in told]
    return "\n".join(lines) + "\n"


def xml(head: Head, rows: Sequence[Record]) -> str:
    """Return the same as XML."""
    root = ElementTree.Element("ades", version=VERSION)
    block = ElementTree.SubElement(root, "obsBlock")
    context = ElementTree.SubElement(block, "obsContext")
    for group, said in head:
        part = ElementTree.SubElement(context, group)
        for key, value in said:
            ElementTree.SubElement(part, key).text = value
    data = ElementTree.SubElement(block, "obsData")
    for row in rows:
        one = ElementTree.SubElement(data, "optical")
        for key in ORDER:
            if key in row:
                ElementTree.SubElement(one, key).text = row[key]
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def head(about: AdesContext, positions: Sequence[SkyPosition]) -> Head:
    """Return what stands above the records: groups with their keys and values."""
    common = catalogue_error_arcsec(positions[0].jd_utc)
    age = f"Tycho-2 places of J2000.0 without proper motions: may be off by {common:.2f} arcsec in common"
    comments = [("line", age)]
    if about.is_rehearsal:
        comments.append(("line", "REHEARSAL: of a simulated night, not to be submitted"))
    return [
        ("observatory", [("mpcCode", about.station), ("name", about.site)]),
        ("submitter", [("name", about.person)]),
        ("observers", [("name", about.person)]),
        ("measurers", [("name", about.person)]),
        (
            "telescope",
            [
                ("design", about.design),
                ("aperture", f"{about.aperture_m:.2f}"),
                ("detector", about.sensor),
                ("fRatio", f"{about.ratio:.1f}"),
                ("pixelScale", f"{about.scale_arcsec:.2f}"),
            ],
        ),
        ("software", [("astrometry", about.software), ("fitOrder", str(max(each.degree for each in positions)))]),
        ("comment", comments),
    ]


def _record(one: SkyPosition, called: Designation, about: AdesContext, rate_arcsec_min: float, wider: float) -> Record:
    error = one.error_arcsec * wider
    parallel = max(cos(radians(one.dec_deg)), 1e-3)
    seconds = error / rate_arcsec_min * 60 if rate_arcsec_min > 0 else 60.0
    told = {
        called.column: called.name,
        "mode": about.sensor,
        "stn": about.station,
        "obsTime": _time(one.jd_utc, min(3, max(1, digits(seconds)))),
        "ra": f"{one.ra_deg % 360:.{min(9, digits(error / 3600 / parallel))}f}",
        "dec": f"{one.dec_deg:+.{min(9, digits(error / 3600))}f}",
        "rmsRA": rounded(error),
        "rmsDec": rounded(error),
        "astCat": CATALOGUE,
        **dict(_photometry(one)),
        "logSNR": f"{log10(one.signal_to_noise):.2f}",
        "seeing": f"{one.seeing_arcsec:.1f}",
        "exp": f"{one.exposure_s:g}",
        "rmsFit": f"{max(one.rms_arcsec, 0.01):.2f}",
        "nStars": str(one.stars),
    }
    if told["ra"].startswith("360"):
        told["ra"] = "0." + "0" * len(told["ra"].partition(".")[2])
    return told


def _photometry(one: SkyPosition) -> Iterator[tuple[str, str]]:
    """Yield the magnitude where it is one of a band that the MPC knows: no V is claimed of what went through no V."""
    if one.filter not in V_FILTERS or not isfinite(one.vt_magnitude):
        return
    error = hypot(one.magnitude_error, BAND_ERROR_MAG)
    yield "mag", f"{one.vt_magnitude:.{digits(error)}f}"
    yield from (("rmsMag", rounded(error)), ("band", BAND), ("photCat", CATALOGUE))


def digits(sigma: float) -> int:
    """Return how many digits a value of that error has. Source: ADES, section 4.5: ceil(1 - log10 sigma)."""
    return max(0, ceil(1 - log10(max(sigma, FAINT_SIGMA))))


def rounded(sigma: float) -> str:
    """Return an error with two significant figures and without an exponent. Source: ADES, section 4.5."""
    if sigma <= 0:
        raise ValueError(f"an error is above 0, not {sigma:g}")
    places = max(0, 1 - floor(log10(float(f"{sigma:.1e}"))))
    return f"{sigma:.{min(places, 5)}f}"


def _time(jd_utc: float, places: int) -> str:
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(days=jd_utc - UNIX_JD)
    step = 10 ** (6 - places)
    microseconds = round(moment.microsecond / step) * step
    whole = moment.replace(microsecond=0) + timedelta(microseconds=microseconds)
    return f"{whole:%Y-%m-%dT%H:%M:%S}.{whole.microsecond:06d}"[: 20 + places] + "Z"
