"""What the columns of tables of planets are called, and what a row says in them."""

from collections.abc import Mapping

from obsy.engine.importing.plain_text import number

Row = Mapping[str, str]
"""A row's cells by the heads of their columns, in small letters."""
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "name": ("pl_name", "name", "toi"),
    "disposition": ("tfopwg_disp", "tfopwg disposition"),
    "host": ("hostname", "pl_hostname", "star"),
    "ra": ("ra", "ra_j2000"),
    "dec": ("dec", "dec_j2000"),
    "epoch": ("pl_tranmid", "ephem_mid_time", "epoch (bjd)"),
    "epoch error": ("pl_tranmiderr1", "pl_tranmiderr2", "ephem_mid_time_e1", "ephem_mid_time_e2", "epoch (bjd) err"),
    "scale": ("pl_tranmid_systemref", "pl_tsystemref", "ephem_mid_time_format"),
    "period": ("pl_orbper", "ephem_period", "period (days)"),
    "period error": ("pl_orbpererr1", "pl_orbpererr2", "ephem_period_e1", "ephem_period_e2", "period (days) err"),
    "duration": ("pl_trandur", "pl_trandurh", "duration_hours", "duration (hours)"),
    "depth in ppm": ("depth (ppm)",),
    "depth in percent": ("pl_trandep",),
    "depth in mmag": ("depth_r_mmag",),
    "radius": ("pl_ratror", "rp_over_rs"),
    "magnitude": ("sy_vmag", "v_mag", "sy_gaiamag", "gaia_g_mag", "st_tmag", "tess mag"),
}
"""By what each is called in the tables that are known, in small letters; the first that says something counts.

NASA Exoplanet Archive (`ps`, `pscomppars`, `toi`), ExoClock's planets, ExoFOP's TOI table.
"""
CARRIED = (
    "name", "host", "ra", "dec", "epoch", "epoch error", "scale", "period", "period error", "duration", "disposition",
)  # fmt: skip
"""What a plan has of a row, or what tells whether it gets one."""
NEEDED = ("name", "ra", "dec", "epoch", "period", "duration")
KNOWN = "the NASA Exoplanet Archive (ps, pscomppars, toi), ExoClock's planets, or ExoFOP's TOI"
IN_DAYS = "pl_hostname"
"""The table that has it, the Archive's of planets until 2021, gives `pl_trandur` in days; the others in hours."""
IN_PPM = "pl_trandurh"
"""The table that has it, the Archive's of TESS, gives `pl_trandep` in millionths; the others in percent."""


class Lacking(ValueError):
    """What a row lacks to be a planet that can be planned for."""

    def __init__(self, why: str, mend: str = "") -> None:
        super().__init__(f"{why}: {mend}" if mend else why)
        self.why, self.mend = why, mend


def said_in(row: Row, what: str) -> str:
    """Return what a row says of something, '' if nothing."""
    return next((row[column].strip() for column in COLUMNS[what] if (row.get(column) or "").strip()), "")


def number_in(row: Row, what: str) -> float | None:
    """Return the number that a row says of something; None if none."""
    return next((value for column in COLUMNS[what] if (value := number(row.get(column))) is not None), None)


def largest_in(row: Row, what: str) -> float:
    """Return the larger of an error's two sides; 0 where nobody says. Raise Lacking if one is no finite number."""
    said = [row[column].strip() for column in COLUMNS[what] if (row.get(column) or "").strip()]
    sides = [(each, number(each)) for each in said]
    if wrong := next((each for each, value in sides if value is None), ""):
        raise Lacking(f"its {what} is '{wrong}', which is no finite number")
    return max((abs(value) for _, value in sides if value is not None), default=0.0)


def depth_in(row: Row) -> float | None:
    """Return the share of light that is hidden, from a depth if it has one, else from the planet's radius."""
    percent, millionths = number_in(row, "depth in percent"), number_in(row, "depth in ppm")
    if percent is not None and IN_PPM in row:
        percent, millionths = None, percent
    mmag, radius = number_in(row, "depth in mmag"), number_in(row, "radius")
    if percent is not None:
        share = percent / 100
    elif millionths is not None:
        share = millionths / 1e6
    elif mmag is not None:
        share = 1 - 10 ** (-0.4 * mmag / 1000)
    else:
        share = (radius or 0.0) ** 2
    return share if 0 < share < 1 else None
