"""The forms in which societies take a night's magnitudes: what each is called, and what writes and judges it."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple

import obsy
from obsy.engine.science.aavso_extended import ReportAbout, aavso_extended
from obsy.engine.science.aavso_rules import ReportFault, faults
from obsy.engine.science.baa_report import BaaAbout, baa_report
from obsy.engine.science.baa_rules import baa_faults
from obsy.engine.science.night_magnitudes import FilterNight, NightMagnitudes
from obsy.engine.science.report_filter import catalogue_band
from obsy.errors import UserError


class ReportForm(NamedTuple):
    """One society's form."""

    society: str
    """As the codes of a person have it."""
    called: str
    suffix: str
    """Of the file, behind the filter's name."""
    signed: str
    """What precedes the observer's code, at the beginning of a line."""
    made_by: str
    """What precedes the program's name: two files that differ in it alone say the same."""
    text: Callable[[FilterNight, NightMagnitudes, str], str]
    """From a filter and a code; raises UserError where nothing may be reported."""
    wrong: Callable[[str, str], list[ReportFault]]
    """What the society would refuse of a text, by the file's name."""

    def write(self, one: FilterNight, night: NightMagnitudes, code: str, name: str) -> str:
        """Return a report. Raises UserError, with every reason, if nothing may be reported, or it would be refused."""
        text = self.text(one, night, code)
        if wrong := self.wrong(text, name):
            raise UserError(f"the {self.called} would refuse the report: " + "; ".join(map(str, wrong)))
        return text

    def signer(self, text: str) -> str:
        """Return the code by which a report is signed; '' of one that is not."""
        return next((line.removeprefix(self.signed) for line in text.splitlines() if line.startswith(self.signed)), "")

    def numbers(self, text: str) -> list[str]:
        """Return a report's lines without that which says by which program it was made."""
        return [line for line in text.splitlines() if not line.startswith(self.made_by)]


def _aavso(one: FilterNight, night: NightMagnitudes, code: str) -> str:
    about = ReportAbout(code, one.filter, catalogue_band(one.filter), f"obsy {obsy.__version__}", one.terms)
    return aavso_extended(one.found, night.comparison, about)


def _baa(one: FilterNight, night: NightMagnitudes, code: str) -> str:
    by = one.equipment
    if by is None:
        raise UserError(f"nothing is reported: the train '{one.train}' is not declared, and the BAA asks for its parts")
    software = f"obsy {obsy.__version__}"
    about = BaaAbout(code, one.filter, software, by.location, by.telescope, by.camera, one.terms)
    return baa_report(one.found, night.comparison, about)


FORMS: Mapping[str, ReportForm] = MappingProxyType(
    {
        "aavso": ReportForm("aavso", "AAVSO", "-aavso.txt", "#OBSCODE=", "#SOFTWARE=", _aavso, faults),
        "baa": ReportForm("baa", "BAA", "-baa.txt", "Observer code\t", "Photometry software\t", _baa, baa_faults),
    }
)
"""By the word of `--report`."""
